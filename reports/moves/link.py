"""Which flags belong to one move: a walk through the flags of each product, in the order they were seen.

Where a flag goes depends only on flags seen before it, so that what comes later moves none to another move; what a
move says, and whether it is open, is as known on the day asked for. The rules, first that fits:

1. What ends a state (a coupon, a price, a stock-out) belongs to the newest move in which that state began. A cut that
   goes deeper than the rise before it is more than its end, and goes on to rule 3.
2. A result joins the newest cause of the last :data:`~reports.moves.themes.FOLLOW` days that can have brought it (of a
   page that went or came back, of the last :data:`~reports.moves.themes.LINK`); many new reviews a wave of bad ones of
   the last LINK days. What the end of a push lost, or that of a retreat won back, is no part of it, but of a move that
   follows. If there is no cause, it joins the results of the same direction not older than LINK days.
3. A cause joins the newest move of its theme whose last cause is not older than LINK days, and that had not ended when
   the cause began; else the results that were seen since it began (it took several nights to be sure of it, or its page
   was read later the same night), which then are a move of its theme.
4. Any other begins a move.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from reports.flags.kind import Kind
from reports.moves.move import Theme, Told
from reports.moves.themes import CAUSES, COUNTERPARTS, FOLLOW, LINK, QUIET, RESULTS, Way

DEEPER = Decimal("0.95")
"""A cut below this share of the price before the rise is a move of its own: the step from which one is told."""

NEAR = Decimal("0.97")
"""A price is back when it comes as near as this share to the one before: repricers are a few per cent off."""
ABOUT = {
    **dict.fromkeys((Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT), ("category", "top")),
    **dict.fromkeys((Kind.BADGE_GAINED, Kind.BADGE_LOST), ("badge", "subject")),
}
"""Facts that tell apart what a product can have several of, beside keywords."""
WITHIN = {Theme.LIFECYCLE: LINK}
"""Days after a cause within which a result is put down to it, where that is not FOLLOW: what a page that was gone has
lost is back within days, and what comes later has other causes."""
OPPOSITE = {Theme.PUSH: Way.DOWN, Theme.RETREAT: Way.UP}
"""Results that are no part of a move."""
ORDER = {kind: n for n, kind in enumerate(Kind)}

Topic = tuple[Kind, str | None, bool]
"""The kind that ends a state and what it is about; or, with False, a kind that nothing ends."""


@dataclass(slots=True)
class Matter:
    """A state that began in a move, until its counterpart is seen or its days are over."""

    kind: Kind
    day: date
    former: Told
    """The flag it began with, which knows what was before."""
    cause: bool
    lasts: bool
    """Whether it goes on until something ends it, or it is the usual, rather than being told and done."""
    days: int | None
    closer: Told | None = None

    @property
    def end(self) -> date | None:
        """Its last day, as far as is known; None while only its counterpart can end it."""
        if self.closer is not None:
            return self.closer.day
        return None if self.days is None else self.day + timedelta(days=self.days)

    def holds_on(self, day: date) -> bool:
        return self.closer is None and (self.end is None or day <= self.end)


@dataclass(slots=True)
class Linked:
    """Flags of one move, in order."""

    theme: Theme
    way: Way
    flags: list[Told] = field(default_factory=list)
    matters: dict[Topic, Matter] = field(default_factory=dict)
    causes: list[tuple[date, Way]] = field(default_factory=list)
    last_opened: date = date.min
    after: bool = False
    """Whether it is what the end of a push lost, or that of a retreat won back."""

    @property
    def holding(self) -> list[Matter]:
        """The matters that keep it open: causes that last, else other causes, else results."""
        matters = list(self.matters.values())
        causes = [m for m in matters if m.cause]
        return [m for m in causes if m.lasts] or causes or matters

    def may_have_brought(self, flag: Told, cause: Way) -> bool:
        """Whether the result ``flag`` may come of such a cause in this move."""
        if flag.kind is Kind.REVIEW_BURST and self.theme in (Theme.LIFECYCLE, Theme.SUPPLY):
            return False
        return cause.may_bring(RESULTS[flag.kind][1])

    @property
    def end(self) -> date | None:
        ends = [m.end for m in self.holding]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None

    @property
    def closer(self) -> Told | None:
        """The flag with which it ended; None while it is open, and where it went quiet."""
        end = self.end
        return next((m.closer for m in self.holding if m.closer is not None and m.closer.day == end), None)


def linked(flags: Sequence[Told], zone: ZoneInfo) -> list[Linked]:
    """The flags of one product (or of the market) as moves, oldest first; ``flags`` in any order."""
    moves: list[Linked] = []
    recent: list[Linked] = []
    begun: dict[Topic, list[Linked]] = defaultdict(list)
    for flag in sorted(flags, key=_turn):
        recent = [m for m in recent if (flag.day - m.flags[-1].day).days <= FOLLOW]
        ended = _end(begun[flag.kind, subject(flag), True], flag)
        home, after = ended, False
        if home is None and flag.kind in RESULTS:
            home, after = _of_result(recent, flag)
        elif home is None:
            home = _of_cause(recent, flag, zone)
        if home is None:
            home = Linked(*(RESULTS.get(flag.kind) or CAUSES[flag.kind]), after=after)
            moves.append(home)
        if not any(m is home for m in recent):
            recent.append(home)
        topic = _add(home, flag, ends=ended is not None)
        if topic is not None and not any(m is home for m in begun[topic]):
            begun[topic].append(home)
    return moves


def _turn(flag: Told) -> tuple[datetime, int, int, str]:
    """By observation; on one page what begins, then what ends, then what comes of it."""
    ends = flag.kind in {Kind.COUPON_ENDED, Kind.DEAL_ENDED, Kind.BACK_IN_STOCK, Kind.LISTING_BACK}
    return flag.observed_at, 2 if flag.kind in RESULTS else int(ends), ORDER[flag.kind], subject(flag) or ""


def _end(begun: list[Linked], flag: Told) -> Linked | None:
    """End the matters that ``flag`` is the counterpart of; the newest move it belongs to with them."""
    topic = flag.kind, subject(flag), True
    begun[:] = [move for move in begun if move.matters[topic].holds_on(flag.day)]
    home = begun[-1] if begun else None
    for move in begun:
        matter = move.matters[topic]
        if _reaches(flag, matter.former):
            matter.closer = flag
    if home is not None and flag.kind is Kind.PRICE_CUT:
        after, former = ends(flag)[1], ends(home.matters[topic].former)[0]
        if after is not None and former is not None and after < former * DEEPER:
            return None
    return home


def _reaches(flag: Told, former: Told) -> bool:
    """Whether the way back arrives where it began: half a way back ends nothing."""
    if flag.kind is Kind.BUY_BOX_CHANGED:
        return flag.after == former.before
    after, before = ends(flag)[1], ends(former)[0]
    if flag.kind not in (Kind.PRICE_RISE, Kind.PRICE_CUT) or after is None or before is None:
        return True
    return after >= before * NEAR if flag.kind is Kind.PRICE_RISE else after * NEAR <= before


def _of_result(recent: list[Linked], flag: Told) -> tuple[Linked | None, bool]:
    """The move that a result joins, and where it joins none whether it comes of one that took itself back."""
    way = RESULTS[flag.kind][1]
    if flag.kind is Kind.REVIEW_BURST and (wave := _lately(recent, flag, Kind.LOW_STAR_WAVE)):
        return wave, False
    brought = [
        (day, n) for n, move in enumerate(recent) for day, cause in move.causes
        if move.may_have_brought(flag, cause) and (flag.day - day).days <= WITHIN.get(move.theme, FOLLOW)
    ]  # fmt: skip
    newest = recent[max(brought)[1]] if brought else None
    after = newest is not None and OPPOSITE.get(newest.theme) is way
    if newest is not None and not after:
        return newest, False
    alike = (m for m in reversed(recent) if not m.causes and m.way is way and (flag.day - m.flags[-1].day).days <= LINK)
    return next((move for move in alike if move.after or not after), None), after


def _lately(recent: list[Linked], flag: Told, kind: Kind) -> Linked | None:
    """The newest move with a flag of this kind within LINK days before."""
    return next(
        (m for m in reversed(recent) if any(f.kind is kind and (flag.day - f.day).days <= LINK for f in m.flags)), None
    )


def _of_cause(recent: list[Linked], flag: Told, zone: ZoneInfo) -> Linked | None:
    theme, way = CAUSES[flag.kind]
    began = local_day(flag, zone)
    if flag.kind is Kind.LOW_STAR_WAVE:
        burst = _lately(recent, flag, Kind.REVIEW_BURST)
        if burst is not None and burst.theme is theme and not burst.causes:
            return burst
    for move in reversed(recent):
        if move.causes:
            over = move.closer is not None and (move.end or began) < began
            if move.theme is theme and not over and (flag.day - move.last_opened).days <= LINK:
                return move
        elif way.may_bring(move.way) and began <= move.flags[0].day and (flag.day - move.flags[-1].day).days <= LINK:
            move.theme, move.after = theme, False
            return move
    return None


def _add(move: Linked, flag: Told, *, ends: bool) -> Topic | None:
    """Put ``flag`` into ``move``; the topic of the state that begins with it, unless it ends one."""
    move.flags.append(flag)
    cause = flag.kind in CAUSES
    if cause:
        move.causes.append((flag.day, CAUSES[flag.kind][1]))
    if ends:
        return None
    if cause:
        move.last_opened = flag.day
    pair = COUNTERPARTS.get(flag.kind)
    ended_by = pair.kind if pair else None
    topic = ended_by or flag.kind, subject(flag), ended_by is not None
    matter = move.matters.get(topic)
    if matter is not None:
        matter.day, matter.closer = flag.day, None
    else:
        days = pair.days if pair else QUIET
        move.matters[topic] = Matter(flag.kind, flag.day, flag, cause, pair is not None, days)
    return topic


def local_day(flag: Told, zone: ZoneInfo) -> date:
    """The day on which what ``flag`` tells began."""
    return flag.since.astimezone(zone).date()


def subject(flag: Told) -> str | None:
    """What a flag is about, where a product can have several of it."""
    about = [str(flag.facts[name]) for name in ABOUT.get(flag.kind, ()) if flag.facts.get(name) is not None]
    return flag.keyword or " ".join(about) or None


def ends(flag: Told) -> tuple[Decimal | None, Decimal | None]:
    """The values before and after as numbers, None where they are none; of a price those before any coupon, which is
    told apart."""
    shelf = number(flag.facts.get("shelf_before")), number(flag.facts.get("shelf_after"))
    if None not in shelf and shelf[0] != shelf[1]:
        return shelf
    return number(flag.before), number(flag.after)


def number(value: object) -> Decimal | None:
    """The value as a number, also where the database keeps it as text; None where it is none."""
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
