"""How often an own action that did nothing is said to have done something, and how large one must be to be seen.

    python -m tests.benchmarks.actions [--seeds 300] [--laws "ar 0.6"]

The worlds are those of :mod:`tests.benchmarks.effects`, but it is the own listing that acts on the 45th night; with
``own`` its own numbers are there as well: sessions by the same law, every tenth of which buys.

Of an action that did nothing is told in which share of worlds any of its measures is called better or worse, and in
which share all its intervals have the truth in them. Of one that did something, in which share it is called so, and
in which the other way round. "After another": it did nothing, ten nights after one that doubled rank and places, and is
held against what was since then, or (in brackets) against all four weeks.
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import process_time

import numpy as np

from reports.effects import Effect, Metric, Verdict
from reports.effects.acted import Acted, OwnDay, acted
from reports.effects.effect import MORE_IS_BETTER
from reports.effects.nights import BEFORE, Window
from tests.benchmarks.effects import LAWS, MONDAY, NIGHTS, START, World

SOLD = 0.1
"""Of the sessions."""
LATER = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A world, and the action in it that is weighed."""

    world: World
    first: int = START
    """Night."""
    nights: int = 7
    before: int = BEFORE
    own: bool = False
    factor: float = 1.0
    """What the action truly did: that of its world, unless it is another's."""

    def effects(self) -> list[Effect]:
        first = MONDAY + timedelta(days=self.first)
        window = Window(first, first + timedelta(days=self.nights - 1), self.before)
        comparison, _ = self.world.made()
        own = list(self._own()) if self.own else ()
        return acted(comparison, [Acted("1", first - timedelta(days=1), window)], own)["1"]

    def _own(self) -> Iterator[OwnDay]:
        chance = np.random.default_rng([self.world.seed, 1])
        noise = self.world.noise(chance, NIGHTS)
        for n in range(NIGHTS):
            many = 60 * math.exp(-noise[n]) / (self.world.factor if n >= START else 1)
            sessions = int(chance.poisson(many))
            yield OwnDay(MONDAY + timedelta(days=n), int(chance.binomial(sessions, SOLD)), sessions)

    def true(self, metric: Metric) -> float:
        """The factor that a measure truly moved by."""
        if metric is Metric.CONVERSION:
            return 1.0
        return 1 / self.factor if metric in MORE_IS_BETTER else self.factor


def called(effects: Sequence[Effect], *verdicts: Verdict) -> bool:
    return any(effect.verdict in verdicts for effect in effects)


def held(case: Case, effects: Sequence[Effect]) -> bool:
    """Whether all intervals have the truth in them."""
    return all(e.low <= case.true(e.metric) <= e.high for e in effects if e.low is not None and e.high is not None)


def idle(law: str, seeds: int, **how: int | bool) -> tuple[float, float]:
    """Of actions that did nothing, the share that is called an effect, and the share whose intervals all hold."""
    cases = [replace(Case(World(seed, LAWS[law])), **how) for seed in range(seeds)]  # type: ignore[arg-type]
    found = [(case, case.effects()) for case in cases]
    wrong = sum(called(effects, Verdict.BETTER, Verdict.WORSE) for _, effects in found)
    return wrong / seeds, sum(held(case, effects) for case, effects in found) / seeds


def did(law: str, seeds: int, factor: float, **how: int | bool) -> tuple[float, float]:
    """Of actions that did harm by a factor, the share that is called so, and that is called the opposite."""
    cases = [
        replace(Case(World(seed, LAWS[law], factor), factor=factor), **how)  # type: ignore[arg-type]
        for seed in range(seeds)
    ]
    found = [case.effects() for case in cases]
    return tuple(sum(called(effects, v) for effects in found) / seeds for v in (Verdict.WORSE, Verdict.BETTER))  # type: ignore[return-value]


def after_another(law: str, seeds: int, before: int) -> float:
    """Of actions that did nothing, ten nights after one that doubled the rank, the share that is called an effect."""
    cases = [
        Case(World(seed, LAWS[law], 2.0, NIGHTS - START), first=START + LATER, nights=5, before=before)
        for seed in range(seeds)
    ]
    return sum(called(case.effects(), Verdict.BETTER, Verdict.WORSE) for case in cases) / seeds


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--laws", nargs="*", choices=LAWS, default=[*LAWS])
    options = parser.parse_args(arguments)
    seeds, began = options.seeds, process_time()
    print("It did nothing: called an effect, all intervals hold")
    print(
        f"{'noise':16}"
        + "".join(f"{f'{n} nights':>16}" for n in (3, 7, 14))
        + f"{'7, own numbers':>18}{'after another':>18}"
    )
    for law in options.laws:
        shares = [idle(law, seeds, nights=nights) for nights in (3, 7, 14)] + [idle(law, seeds, own=True)]
        after = f"{after_another(law, seeds, LATER):.1%} ({after_another(law, seeds, BEFORE):.1%})"
        print(f"{law:16}" + "".join(f"{wrong:>9.1%}{right:>7.1%}" for wrong, right in shares) + f"{after:>20}")
    print("\nIt did harm: called so, called the opposite")
    print(f"{'noise':16}{'factor':>8}" + "".join(f"{f'{n} nights':>16}" for n in (7, 14)) + f"{'7, own numbers':>18}")
    for law in [law for law in ("ar 0.6", "sales 0.8") if law in options.laws]:
        for factor in (1.25, 1.5, 2.0, 3.0):
            shares = [did(law, seeds, factor, nights=n) for n in (7, 14)] + [did(law, seeds, factor, own=True)]
            print(f"{law:16}{factor:>8}" + "".join(f"{right:>9.1%}{wrong:>7.1%}" for right, wrong in shares))
    print(f"\n{process_time() - began:.0f} s")


if __name__ == "__main__":
    main()
