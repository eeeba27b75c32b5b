"""What the seller did to the own listing, and what came of it: values, in no language yet. JOURNAL.md says how.

An action is weighed once, when its window is over: who looks every night and stops when it looks well finds an effect
of anything sooner or later.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb

from reports.actions import EARLY, MOST_NIGHTS, PATIENCE, Action, What, actions, beside
from reports.effects import Effect, Verdict
from reports.effects.acted import Acted, OwnDay, acted
from reports.effects.effect import Metric
from reports.effects.nights import BEFORE, LEAST_BEFORE, Window
from reports.flags import Flag, Kind, Severity
from reports.gather import rows
from reports.labels import KINDS
from reports.moves.themes import CAUSES
from reports.period import ONE, Days
from reports.sections.own_page import SHOWN, PageChange, page_changes
from reports.sentences import Fact, Said
from reports.series import Comparison
from reports.watched import Era, midnight

SHORTLY = timedelta(days=3)
"""Before a window: what began then still counts among its causes, such as another seller on the offer since the day
before (judgement: as many nights as an action needs at least to show)."""
NAMED = 3
"""Rivals that are named as possible causes, those that did the most."""
ASKED = 5
"""Changes that the journal asks after at once, the newest."""

LABELS: Mapping[What, str] = {
    What.PRICE: "price",
    What.COUPON: "coupon",
    What.DEAL: "deal",
    What.TITLE: "title",
    What.BULLETS: "bullets",
    What.IMAGES: "images",
    What.A_PLUS: "A+ content",
    What.ADS: "ads",
    What.STOCK: "stock",
    What.OTHER: "other",
}
ITSELF: Mapping[What, frozenset[Kind]] = {
    What.PRICE: frozenset({Kind.PRICE_CUT, Kind.PRICE_RISE, Kind.LOWEST_IN_90_DAYS, Kind.LOWEST_EVER}),
    What.COUPON: frozenset({Kind.COUPON_STARTED, Kind.COUPON_CHANGED, Kind.COUPON_ENDED, Kind.PROMOTIONS_STACKED}),
    What.DEAL: frozenset({Kind.DEAL_STARTED, Kind.DEAL_ENDED, Kind.PROMOTIONS_STACKED, Kind.PRICE_CUT}),
    What.TITLE: frozenset({Kind.TITLE_CHANGED}),
    What.BULLETS: frozenset({Kind.BULLETS_CHANGED}),
    What.IMAGES: frozenset({Kind.IMAGE_CHANGED, Kind.VIDEO_CHANGED}),
    What.A_PLUS: frozenset({Kind.A_PLUS_CHANGED}),
    What.ADS: frozenset({Kind.SPONSORED_GAINED, Kind.SPONSORED_LOST}),
    What.STOCK: frozenset({Kind.RUNNING_LOW, Kind.OUT_OF_STOCK, Kind.BACK_IN_STOCK}),
}
"""What the flags call the action itself, on the first days that show it."""
OTHER_REVIEWS = frozenset({Kind.LOW_STAR_WAVE, Kind.RATING_FELL, Kind.REVIEWS_MERGED, Kind.REVIEWS_REMOVED})
MEASURES: Mapping[Metric, str] = {
    Metric.BSR: "BSR",
    Metric.PLACE: "“{keyword}”",
    Metric.REVIEWS: "new reviews",
    Metric.UNITS: "units",
    Metric.SESSIONS: "sessions",
    Metric.CONVERSION: "conversion",
}


SAME_DAY = "{entry:number} “{what}” (the same day)"
BEFORE_IT = "{entry:number} “{what}” ({days:count day|days} before)"
AFTER_IT = "{entry:number} “{what}” ({days:count day|days} after)"


@dataclass(frozen=True, slots=True)
class Logged:
    """An action, and what is known of it."""

    action: Action
    day: date
    """Local, on which it was done."""
    window: Window
    """From the first night that shows it, to the last that is waited for."""
    nights: int
    """Of the window that have gone by."""
    page: tuple[Said, ...]
    """Whether the own page shows it, and what ads cost meanwhile."""
    beside: tuple[Said, ...]
    """Other own actions from which it cannot be told apart."""
    effects: tuple[Effect, ...]
    """Empty while the window lasts."""
    rivals: tuple[str, ...] = ()
    """Watched products that did something in its window, those that did the most first."""
    own: tuple[str, ...] = ()
    """What else befell the own listing in it, as labels of flags."""
    market: bool = False

    @property
    def over(self) -> bool:
        return self.nights >= len(Days(self.window.first, self.window.last))

    @property
    def verdict(self) -> str:
        """waiting, better, worse, mixed, no effect seen, or too little to say."""
        found = {effect.verdict for effect in self.effects}
        if not self.over:
            return "waiting"
        if {Verdict.BETTER, Verdict.WORSE} <= found:
            return "mixed"
        order = (Verdict.BETTER, Verdict.WORSE, Verdict.NO_EFFECT)
        return next((each for each in order if each in found), Verdict.TOO_LITTLE).value

    @property
    def says(self) -> tuple[Said, ...]:
        """What came of it, in short."""
        if not self.over:
            facts: dict[str, Fact] = {
                "day": self.window.last,
                "nights": self.nights,
                "of": len(Days(self.window.first, self.window.last)),
            }
            return (Said("wait until {day:day} ({nights:number} of {of:count night|nights})", facts),)
        by: dict[Verdict, list[str | Said]] = defaultdict(list)
        for effect in self.effects:
            by[effect.verdict].append(Said(MEASURES[effect.metric], {"keyword": effect.keyword}))
        return tuple(Said(ANSWERS[verdict], {"of": by[verdict]}) for verdict in ANSWERS if by[verdict])

    @property
    def told(self) -> Said:
        """What was done, and what came of it."""
        facts: dict[str, Fact] = {"what": self.action.text, "says": self.says}
        return Said("{what}: {says:phrases}", facts)

    def notes(self, name: Callable[[str], str]) -> tuple[Said, ...]:
        """All that is to be said beside the effects. ``name``: what a product is called."""
        return (*self.page, *self.beside, *self.causes(name))

    def causes(self, name: Callable[[str], str]) -> tuple[Said, ...]:
        """What else may have moved it. ``name``: what a product is called."""
        others: list[str | Said] = [name(asin) for asin in self.rivals[:NAMED]]
        if more := len(self.rivals) - NAMED:
            others += [Said("{more:count other rival|other rivals}", {"more": more})] if more > 0 else []
        others += [Said(label) for label in self.own]
        others += [Said("the market")] if self.market else []
        return (Said("also in these nights, or shortly before: {others:list}", {"others": others}),) if others else ()


ANSWERS: Mapping[Verdict, str] = {
    Verdict.BETTER: "better: {of:list}",
    Verdict.WORSE: "worse: {of:list}",
    Verdict.NO_EFFECT: "no effect seen: {of:list}",
    Verdict.TOO_LITTLE: "too little to say: {of:list}",
}


@dataclass(frozen=True, slots=True)
class Journal:
    """Of a listing: what was done, the newest first, and own changes that pages show and nobody noted."""

    actions: tuple[Logged, ...] = ()
    unlogged: tuple[PageChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the database knows that the pages of a comparison do not."""

    actions: Sequence[Action] = ()
    """Those whose mark or window touches the days shown, and those within four weeks before."""
    own: Sequence[OwnDay] = ()

    def first(self, shown: Days) -> date:
        """The first local day of any window that touches the days shown, or sooner: flags of it may be causes."""
        firsts = [(a.at - EARLY).date() for a in self.actions if (a.at + a.nights * ONE + EARLY).date() >= shown.first]
        return min([shown.first, *firsts])

    def since(self, shown: Days) -> date:
        """The first that any action told of is weighed with."""
        return self.first(shown) - BEFORE * ONE if self.actions else shown.first


def told_of(con: duckdb.DuckDBPyConnection, listing: str, era: Era, shown: Days) -> Told:
    """All that :func:`journal` needs for the days shown: one query, and one more where something was noted."""
    days = Days(shown.first - 2 * MOST_NIGHTS * ONE, shown.last)
    since, until = (midnight(day, era.time_zone) for day in (days.first, days.last + ONE))
    found = actions(con, listing, since, until)
    return Told(found, own_days(con, era.marketplace, era.asin, days) if found else ())


OWN_DAYS = """
SELECT day, units, sessions, ad_spend FROM own_daily
WHERE marketplace = $marketplace AND asin = $asin AND day BETWEEN $first AND $last ORDER BY day
"""


def own_days(con: duckdb.DuckDBPyConnection, marketplace: str, asin: str, days: Days) -> list[OwnDay]:
    """The seller's own numbers of these local days, where they were imported."""
    about = {"marketplace": marketplace, "asin": asin, "first": days.first, "last": days.last}
    return [OwnDay(*row) for row in rows(con, OWN_DAYS, about)]


def journal(comparison: Comparison, told: Told, flags: Sequence[Flag], shown: Days) -> Journal:
    """``flags``: those of all days of the windows. ``shown``: the days whose actions are told of."""
    zone, asin = ZoneInfo(comparison.time_zone), comparison.own.asin
    known = sorted((a for a in told.actions if a.asin == asin), key=lambda a: (a.at, a.entry))
    changes = page_changes(comparison.own.observations)
    seen = {a.entry: _seen(a, changes) for a in known}
    firsts = {a.entry: _first(a, seen[a.entry], comparison, zone) for a in known}
    windows = {a.entry: _window(a, firsts, known) for a in known}
    mine = [a for a in known if a.day(zone) <= shown.last and windows[a.entry].last >= shown.first]
    over = [a for a in mine if windows[a.entry].last <= comparison.night]
    bad = [flag.day for flag in flags if flag.own and flag.kind in OTHER_REVIEWS]
    weighed = acted(
        comparison, [Acted(str(a.entry), a.day(zone), windows[a.entry]) for a in over], told.own, other_reviews=bad
    )
    found = []
    for action in reversed(mine):
        window = windows[action.entry]
        near = beside(action, known)
        logged = Logged(
            action,
            action.day(zone),
            window,
            max(0, (min(window.last, comparison.night) - window.first).days + 1),
            (
                *_page(action, seen[action.entry], comparison, zone),
                *(_spent(window, told.own) if action in over else ()),
            ),
            _apart(action, near, zone),
            tuple(weighed.get(str(action.entry), ())),
            *_others(window, [(a.what, firsts[a.entry]) for a in (action, *near)], comparison, flags),
        )
        found.append(logged)
    return Journal(tuple(found), _unlogged(changes, known, shown, zone))


def _seen(action: Action, changes: Sequence[PageChange]) -> PageChange | None:
    """The change of the page that shows the action: the first after it, else the last before."""
    those = [c for c in changes if c.what is action.what and -EARLY <= c.at - action.at <= PATIENCE]
    after = [c for c in those if c.at >= action.at]
    return next(iter(after or those[::-1]), None)


def _first(action: Action, seen: PageChange | None, comparison: Comparison, zone: ZoneInfo) -> date:
    """The first local day whose pages show it, by the page itself, or else by when it was done and they were read."""
    if seen:
        return seen.at.astimezone(zone).date()
    day = action.day(zone)
    read = [p.daily[day].observed_at for p in comparison.products if day in p.daily]
    read += [k.daily[day].observed_at for k in comparison.keywords if day in k.daily]
    return day if read and min(read) >= action.at else day + ONE


def _window(action: Action, firsts: Mapping[int, date], known: Sequence[Action]) -> Window:
    """What was before it begins with the own action before it, so that it is not measured against what that had
    changed; unless that was too short a time ago for anything to be compared with."""
    first = firsts[action.entry]
    gaps = [(first - firsts[a.entry]).days for a in known if a.entry != action.entry]
    before = min((gap for gap in gaps if gap >= LEAST_BEFORE), default=BEFORE)
    return Window(first, first + (action.nights - 1) * ONE, min(before, BEFORE))


def _page(action: Action, seen: PageChange | None, comparison: Comparison, zone: ZoneInfo) -> tuple[Said, ...]:
    if action.what not in SHOWN:
        return ()
    if seen:
        facts: dict[str, Fact] = {"day": seen.at.astimezone(zone).date(), "before": seen.before, "after": seen.after}
        if seen.amounts and seen.before and seen.after:
            return (Said("the page shows it: {before:amount} → {after:amount}, since {day:day}", facts),)
        return (Said("the page shows it since {day:day}", facts),)
    read = [o.observed_at for o in comparison.own.observations if action.at < o.observed_at <= action.at + PATIENCE]
    if comparison.until < action.at + PATIENCE:
        return (Said("not seen on the page yet"),)
    if not read:
        return (Said("your page was not read in the two days after it"),)
    return (Said("not seen on the page within two days"),)


def _spent(window: Window, own: Sequence[OwnDay]) -> tuple[Said, ...]:
    """What ads cost before and after: told and not judged, since it is a means and nothing that comes of an action."""
    known = [day for day in own if day.ad_spend is not None and window.start <= day.day <= window.last]
    before, after = (
        [d.ad_spend or Decimal(0) for d in known if (d.day >= window.first) is late] for late in (False, True)
    )
    if not before or not after:
        return ()
    facts: dict[str, Fact] = {"before": sum(before) / len(before), "after": sum(after) / len(after)}
    return (Said("your ads cost {before:amount} → {after:amount} a day", facts),)


def _apart(action: Action, near: Sequence[Action], zone: ZoneInfo) -> tuple[Said, ...]:
    others: list[str | Said] = []
    for other in near:
        days = (other.day(zone) - action.day(zone)).days
        facts: dict[str, Fact] = {"days": abs(days), "what": other.text, "entry": other.entry}
        if days:
            others.append(Said(BEFORE_IT if days < 0 else AFTER_IT, facts))
        else:
            others.append(Said(SAME_DAY, facts))
    return (Said("cannot be told apart from {others:clauses}", {"others": others}),) if others else ()


def _others(
    window: Window, acts: Sequence[tuple[What, date]], comparison: Comparison, flags: Sequence[Flag]
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Rivals, own flags and whether the market did something in the window or shortly before it. ``acts``: own
    actions that are named already, with the first day that shows each."""
    zone, watched = ZoneInfo(comparison.time_zone), {product.asin for product in comparison.rivals}
    named = {(kind, first + n * ONE) for what, first in acts for kind in ITSELF.get(what, ()) for n in (0, 1)}
    times: Counter[str] = Counter()
    own: dict[str, None] = {}
    market = False
    for flag in flags:
        day = flag.since.astimezone(zone).date()
        if not window.first - SHORTLY <= day <= window.last or flag.kind not in CAUSES or flag.severity is Severity.LOW:
            continue
        if flag.asin is None:
            market = True
        elif flag.own and (flag.kind, day) not in named:
            own[KINDS[flag.kind]] = None
        elif flag.asin in watched:
            times[flag.asin] += 1
    return tuple(sorted(times, key=lambda asin: (-times[asin], asin))), tuple(own), market


def _unlogged(
    changes: Sequence[PageChange], known: Sequence[Action], shown: Days, zone: ZoneInfo
) -> tuple[PageChange, ...]:
    """What pages show that no entry of its kind stands for, the newest first."""

    def noted(change: PageChange) -> bool:
        return any(a.what is change.what and -EARLY <= change.at - a.at <= PATIENCE for a in known)

    found = [c for c in changes if c.at.astimezone(zone).date() in shown and not noted(c)]
    return tuple(found[::-1][:ASKED])
