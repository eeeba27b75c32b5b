"""What the page shows, ready to print: the comparison put into words and cells, with nothing to compute left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from markupsafe import Markup

from reports.defect import Defect
from reports.flags import Flag
from reports.headline import defect, elsewhere, headline, of_last_night, open_defects, unread
from reports.page.cells import Cell
from reports.page.sparkline import strip
from reports.position import Position
from reports.sentences import sentence
from reports.series import Comparison, ProductSeries
from reports.stored import StoredMove
from reports.wording import FIELDS, KINDS, NOTHING, Wording, misread_long, reason, short

WEIGHT = frozenset({"better", "worse"})
"""Verdicts on an effect that make a move worth a line of its own, were it of one flag."""

OPEN_DAYS = 7
"""Days of flags shown open; older ones are folded."""


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
class Row:
    label: Label
    cells: tuple[Cell, ...]
    unread: str
    """Why its page was not read last night; empty when it was."""


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


class View:
    """The context of the listing template."""

    def __init__(
        self,
        comparison: Comparison,
        flags: Sequence[Flag],
        wording: Wording,
        generated_at: datetime,
        moves: Sequence[StoredMove] = (),
    ) -> None:
        self.comparison = comparison
        self.words = wording
        self.until = wording.moment(comparison.until)
        self.generated_at = wording.moment(generated_at)
        self.headline = headline(comparison, flags)
        self.unread = unread(comparison)
        self.elsewhere = elsewhere(comparison)
        self.defect = defect(comparison)
        self.defects = self._defects(comparison)
        self.night = wording.day_long(comparison.days[-1])
        self.period = wording.span(comparison.days[0], comparison.days[-1])
        self.labels = {p.asin: _label(n, p, comparison.host) for n, p in enumerate(comparison.products)}
        self.own = self.labels[comparison.own.asin]
        self.last_night = len(of_last_night(comparison, flags))
        grouped = groupby(flags, key=lambda f: f.day)
        days = [DayFlags(d, wording.day_long(d), tuple(self._flag(f) for f in group)) for d, group in grouped]
        recent = set(comparison.days[-OPEN_DAYS:])
        self.recent_flags = [d for d in days if d.day in recent]
        self.older_flags = [d for d in days if d.day not in recent]
        self.flag_count = len(flags)
        told = [move for move in moves if move.flags > 1 or any(verdict in WEIGHT for verdict, *_ in move.effects)]
        self.moves = [self._move(move) for move in told]
        position = Position(comparison, wording)
        places = position.places
        self.rows = [Row(self.labels[p.asin], position.row(p), position.unread(p)) for p in comparison.products]
        self.tiles = position.tiles()
        self.keyword_heads = [(k.keyword, places.unread(k)) for k in comparison.keywords]
        self.keyword_rows = [
            (self.labels[p.asin], [places.place(k, p.asin) for k in comparison.keywords]) for p in comparison.products
        ]
        self.strips = [(self.labels[p.asin], self._strip(p), self._coverage(p)) for p in comparison.products]
        self.gaps = [
            (
                self.labels[g.asin].chip if g.asin else f"“{g.keyword}”",
                self.labels[g.asin].name if g.asin else "keyword",
                FIELDS.get(g.field, g.field) if g.asin else "result pages",
                wording.span(g.first, g.last),
                g.days,
                reason(g.reason),
            )
            for g in comparison.gaps
        ]

    def _flag(self, flag: Flag) -> FlagView:
        before = self.words.moment(flag.before_at) if flag.before_at else NOTHING
        said = flag.said(str(self.words.locale))
        return FlagView(flag, self._whose(flag), KINDS[flag.kind], said, before, self.words.moment(flag.observed_at))

    def _move(self, move: StoredMove) -> MoveView:
        language = str(self.words.locale)
        effects = tuple((verdict, sentence(says, facts, language)) for verdict, says, facts in move.effects)
        return MoveView(move, self._whose(move), move.said(language), effects)

    def _whose(self, told: Flag | StoredMove) -> Label:
        """The product of a flag: one that is watched, a stranger, or the market."""
        if told.asin is None:
            return Label("", own=False, chip="Market", name="", title="", url="", colour=0)
        return self.labels.get(told.asin) or Label(
            told.asin,
            own=False,
            chip="New",
            name="",
            title="",
            url=f"https://{self.comparison.host}/dp/{told.asin}",
            colour=0,
        )

    def _defects(self, comparison: Comparison) -> list[DefectView]:
        """Those of the window, the ones that last first, then the newest."""
        lasting = open_defects(comparison)
        episodes = {(d.kind, d.field, d.since): d for d in comparison.defects}
        views = []
        for found in sorted(episodes.values(), key=lambda d: (d not in lasting, -d.observed_at.timestamp(), d.field)):
            day, last = (
                self.words.day(at.astimezone(self.words.zone).date()) for at in (found.since, found.observed_at)
            )
            sentence = misread_long(found, day)
            views.append(
                DefectView(found, sentence, "" if found in lasting else last, self.words.moment(found.observed_at))
            )
        return views

    def _strip(self, product: ProductSeries) -> Markup:
        states = []
        for day in self.comparison.days:
            seen, name = product.daily.get(day), self.words.day(day)
            if seen is None:
                failure = product.failure_on(day)
                unwatched = failure is None and day < product.watched_from.astimezone(self.words.zone).date()
                code = failure.outcome if failure else "not_watched" if unwatched else "not_crawled"
                states.append(("unwatched" if unwatched else "unread", f"{name}: {reason(code)}"))
            elif seen.in_stock is None:
                states.append(("unsaid", f"{name}: stock {reason(seen.missing.get('in_stock', 'no_reason_recorded'))}"))
            else:
                states.append(("in", f"{name}: in stock") if seen.in_stock else ("out", f"{name}: out of stock"))
        return strip(states, label=f"{self.labels[product.asin].chip}: stock and coverage day by day")

    def _coverage(self, product: ProductSeries) -> str:
        read = sum(day in product.daily for day in self.comparison.days)
        return f"{read} of {len(self.comparison.days)} days"


def _label(n: int, product: ProductSeries, host: str) -> Label:
    title = product.title or product.asin
    chip = "You" if product.own else f"R{n}"
    return Label(product.asin, product.own, chip, short(title), title, f"https://{host}/dp/{product.asin}", n)
