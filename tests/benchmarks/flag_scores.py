"""What a contender found of what was planted, what it told in vain, and how late it was."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from reports.flags.kind import Kind
from tests.benchmarks.flag_contenders import Told
from tests.worlds.labels import Echo, Label, Size
from tests.worlds.truth import HISTORY, NIGHTS
from tests.worlds.world import World

WEEKS = (NIGHTS - HISTORY) / 7
LATE = 10
"""Nights after its time in which a move not found before is late: still not found, but not told in vain."""


class Verdict(NamedTuple):
    """One label or flag judged: ``found`` and ``missed`` have a label, ``false`` a flag."""

    kind: Kind
    size: Size | None
    outcome: str
    delay: int
    seed: int
    about: str


@dataclass
class Tally:
    """Of one contender on one set of worlds."""

    worlds: int = 0
    found: dict[tuple[Kind, Size], list[int]] = field(default_factory=lambda: defaultdict(list))
    """Kind and size -> delays in nights."""
    planted: dict[tuple[Kind, Size], int] = field(default_factory=lambda: defaultdict(int))
    false: dict[Kind, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, verdicts: Iterable[Verdict]) -> None:
        self.worlds += 1
        for verdict in verdicts:
            if verdict.outcome == "false" or verdict.size is None:
                self.false[verdict.kind] += 1
                continue
            self.planted[verdict.kind, verdict.size] += 1
            if verdict.outcome == "found":
                self.found[verdict.kind, verdict.size].append(verdict.delay)

    def recall(self, cells: Iterable[tuple[Kind, Size]]) -> float | None:
        cells = list(cells)
        planted = sum(self.planted[cell] for cell in cells)
        return sum(len(self.found[cell]) for cell in cells) / planted if planted else None

    def precision(self, kinds: Iterable[Kind]) -> float | None:
        """Of the flags that are found or false; what follows from a plant is neither."""
        kinds = set(kinds)
        right = sum(len(delays) for (kind, _), delays in self.found.items() if kind in kinds)
        wrong = sum(self.false[kind] for kind in kinds)
        return right / (right + wrong) if right + wrong else None

    def f1(self, kinds: Iterable[Kind], size: Size) -> float | None:
        """Harmonic mean of the size's recall and the kinds' precision: a false flag has no size."""
        kinds = set(kinds)
        recall = self.recall((kind, size) for kind in kinds)
        if recall is None:
            return None
        precision = self.precision(kinds) or 0.0
        return 2 * recall * precision / (recall + precision) if recall + precision else 0.0

    def false_a_week(self, kinds: Iterable[Kind]) -> float:
        return sum(self.false[kind] for kind in kinds) / (self.worlds * WEEKS)


def judge(world: World, told: Iterable[Told], tells: frozenset[Kind]) -> list[Verdict]:
    labels = [label for label in world.labels if label.kind in tells or set(label.alike) & tells]
    found: dict[int, int] = {}
    borne: dict[tuple[int, Kind], int] = defaultdict(int)
    verdicts = []
    for flag in sorted(set(told), key=lambda f: (f.day, f.kind, f.asin or "", f.keyword or "")):
        night = world.night(flag.day)
        if night < HISTORY or flag.kind not in tells:
            continue
        about = [n for n, label in enumerate(labels) if _is_of(flag, label)]
        new = [n for n in about if n not in found and labels[n].first <= night <= labels[n].last]
        if new:
            found[min(new, key=lambda n: labels[n].first)] = night
            continue
        late = any(n not in found and labels[n].last < night <= labels[n].last + LATE for n in about)
        again = any(flag.kind != labels[n].kind and found.get(n) == night for n in about)
        if not late and not again and not _borne(flag, night, world.echoes, borne):
            verdicts.append(
                Verdict(flag.kind, None, "false", 0, world.seed, f"{flag.asin} {flag.keyword} {night} {flag.sentence}")
            )
    for n, label in enumerate(labels):
        outcome, delay = ("found", found[n] - label.first) if n in found else ("missed", 0)
        about_label = f"{label.asin} {label.keyword} {label.first}"
        verdicts.append(Verdict(label.kind, label.size, outcome, delay, world.seed, about_label))
    return verdicts


def _is_of(flag: Told, label: Label) -> bool:
    return (
        (flag.kind == label.kind or flag.kind in label.alike)
        and (label.asin is None or flag.asin == label.asin)
        and (label.keyword is None or flag.keyword == label.keyword)
    )


def _borne(flag: Told, night: int, echoes: tuple[Echo, ...], borne: dict[tuple[int, Kind], int]) -> bool:
    """Whether the flag follows from something; an echo that is borne so many times only is used up by it."""
    for n, echo in enumerate(echoes):
        if (
            flag.kind in echo.kinds
            and echo.first <= night <= echo.last
            and (echo.asin is None or echo.asin == flag.asin)
            and (echo.keyword is None or echo.keyword == flag.keyword)
            and (echo.times is None or borne[n, flag.kind] < echo.times)
        ):
            borne[n, flag.kind] += 1
            return True
    return False
