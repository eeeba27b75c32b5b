"""What was told, ready to print: flags, moves, and defects of our own reading, each with whose it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from reports.defect import Defect
from reports.flags import Flag
from reports.labels import KINDS
from reports.sentences import Facts, sentence
from reports.series import Comparison, ProductSeries
from reports.stored import StoredMove
from reports.unread import misread, open_defects
from reports.wording import NOTHING, Wording, short

WEIGHT = frozenset({"better", "worse"})
"""Verdicts on an effect that make a move worth a line of its own, were it of one flag."""


@dataclass(frozen=True, slots=True)
class Label:
    """How a product is called on the page."""

    asin: str
    own: bool
    chip: str
    """``You``, or ``R3``: the place in the configuration."""
    name: str
    title: str
    url: str
    colour: int


@dataclass(frozen=True, slots=True)
class FlagView:
    flag: Flag
    label: Label
    kind: str
    sentence: str
    before_at: str
    observed_at: str


@dataclass(frozen=True, slots=True)
class MoveView:
    """Flags that belong together, and what came of them."""

    move: StoredMove
    label: Label
    sentence: str
    effects: tuple[tuple[str, str], ...]
    """Verdict and sentence of each."""

    @property
    def quiet(self) -> list[str]:
        """Of those, the measurements that show none."""
        return [text for verdict, text in self.effects if verdict not in WEIGHT]


@dataclass(frozen=True, slots=True)
class DayFlags:
    day: date
    name: str
    flags: tuple[FlagView, ...]


@dataclass(frozen=True, slots=True)
class DefectView:
    """Something our reading lost, from its first run to its last, which is the one it speaks of."""

    defect: Defect
    sentence: str
    ended: str
    """The last day that showed it; empty while it lasts."""
    observed_at: str


class Telling:
    """Puts what was told of one listing into words."""

    def __init__(self, comparison: Comparison, words: Wording) -> None:
        self.words = words
        self.language = str(words.locale)
        self.host = comparison.host
        self.labels: Mapping[str, Label] = {p.asin: self._label(n, p) for n, p in enumerate(comparison.products)}

    def flag(self, flag: Flag) -> FlagView:
        before = self.words.moment(flag.before_at) if flag.before_at else NOTHING
        kind, said = self.words.say(KINDS[flag.kind]), flag.said(self.language)
        return FlagView(flag, self.whose(flag.asin), kind, said, before, self.words.moment(flag.observed_at))

    def by_day(self, flags: Iterable[Flag]) -> list[DayFlags]:
        """``flags`` have those of a day together."""
        grouped = groupby(flags, key=lambda flag: flag.day)
        return [DayFlags(day, self.words.day_long(day), tuple(map(self.flag, group))) for day, group in grouped]

    def moves(self, moves: Iterable[StoredMove]) -> list[MoveView]:
        """Those that are more than one flag, or did something to the own listing."""
        told = [move for move in moves if move.flags > 1 or any(verdict in WEIGHT for verdict, *_ in move.effects)]
        return [self._move(move) for move in told]

    def _move(self, move: StoredMove) -> MoveView:
        effects = tuple(
            (verdict, sentence(says, self._known(facts), self.language)) for verdict, says, facts in move.effects
        )
        return MoveView(move, self.whose(move.asin), move.said(self.language), effects)

    def _known(self, facts: Facts) -> Facts:
        """Facts of an effect, with the other products that it names as the report calls them."""
        others = facts.get("others")
        if not isinstance(others, list):
            return facts
        return {**facts, "others": [self.labels[a].chip if a in self.labels else a for a in map(str, others)]}

    def defects(self, comparison: Comparison) -> list[DefectView]:
        """Those of the period, the ones that last first, then the newest."""
        lasting = open_defects(comparison)
        episodes = {(d.kind, d.field, d.since): d for d in comparison.defects}
        views = []
        for found in sorted(episodes.values(), key=lambda d: (d not in lasting, -d.observed_at.timestamp(), d.field)):
            last = self.words.day(found.observed_at.astimezone(self.words.zone).date())
            said = self.words.said(misread(found, self.words.zone))
            views.append(
                DefectView(found, said, "" if found in lasting else last, self.words.moment(found.observed_at))
            )
        return views

    def whose(self, asin: str | None) -> Label:
        """The product of a flag: one that is watched, a stranger, or the market."""
        if asin is None:
            return Label("", own=False, chip=self.words.say("Market"), name="", title="", url="", colour=0)
        return self.labels.get(asin) or self.stranger(asin, None)

    def stranger(self, asin: str, title: str | None) -> Label:
        """A product among the search results that is not watched."""
        chip, name = self.words.say("New"), short(title) if title else asin
        return Label(asin, own=False, chip=chip, name=name, title=title or "", url=self._url(asin), colour=0)

    def _label(self, n: int, product: ProductSeries) -> Label:
        title = product.title or product.asin
        chip = self.words.say("You") if product.own else f"R{n}"
        return Label(product.asin, product.own, chip, short(title), title, self._url(product.asin), n)

    def _url(self, asin: str) -> str:
        return f"https://{self.host}/dp/{asin}"
