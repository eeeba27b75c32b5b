"""Flags that belong together, told as one move: pure functions over flags. MOVES.md says what holds.

Reproducible from the flags alone, and causal: what is said of a day follows from the flags up to that day.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from reports.flags.kind import Kind, Severity
from reports.moves.link import Linked, linked, local_day
from reports.moves.move import Event, Key, Move, News, State, Theme, Told, key, name
from reports.moves.tell import told
from reports.moves.themes import RESULTS, Way

__all__ = ["Event", "Key", "Move", "News", "State", "Theme", "Told", "key", "moves"]

MEANS = (
    {Kind.PRICE_CUT, Kind.UNDERCUT, Kind.LOWEST_IN_90_DAYS, Kind.LOWEST_EVER, Kind.SEE_SAW},
    {Kind.COUPON_STARTED, Kind.COUPON_CHANGED},
    {Kind.DEAL_STARTED},
    {Kind.SPONSORED_GAINED},
)
"""Each is one thing a seller can do to sell more; the kinds of one say the same in several ways."""


def moves(flags: Iterable[Told], today: date, *, listing: str, time_zone: str, currency: str) -> list[Move]:
    """The moves of one listing as known at the end of its local day ``today``: newest first, then gravest, own first.

    ``flags`` in any order, later ones left out; give all that there are, for a move lasts until its end was seen.
    """
    zone = ZoneInfo(time_zone)
    apart: dict[str | None, list[Told]] = defaultdict(list)
    for flag in flags:
        if flag.day <= today:
            apart[flag.asin].append(flag)
    made = [_move(one, today, listing, currency, zone) for of in apart.values() for one in linked(of, zone)]
    return sorted(made, key=lambda m: (-m.started.toordinal(), -m.severity, not m.own, m.asin or "", m.id))


def _move(linked: Linked, today: date, listing: str, currency: str, zone: ZoneInfo) -> Move:
    first, last = linked.flags[0], linked.flags[-1]
    begun = min(linked.flags, key=lambda flag: flag.since)
    started = local_day(begun, zone)
    end, closer = linked.end, linked.closer
    state = State.ENDED if closer else State.OPEN if end is None or end > today else State.QUIET
    ended = None if state is State.OPEN else end
    duration = ((ended or today) - started).days
    grave = _gravity(linked)
    risen = [n for n in range(1, len(grave)) if grave[n] > grave[n - 1]]
    events = [Event(News.BEGAN, first.day, first.observed_at, grave[0])]
    events += [Event(News.GRAVER, linked.flags[n].day, linked.flags[n].observed_at, grave[n]) for n in risen]
    if closer:
        then = max(grave[n] for n, flag in enumerate(linked.flags) if flag.observed_at <= closer.observed_at)
        events.append(Event(News.ENDED, closer.day, closer.observed_at, then))
    says, facts = told(linked, state, started, duration, currency)
    return Move(
        id=name(listing, first),
        listing=listing,
        theme=linked.theme,
        asin=first.asin,
        own=first.own,
        severity=grave[-1],
        started=started,
        started_at=begun.since,
        state=state,
        ended=ended,
        duration=duration,
        last_day=last.day,
        keys=tuple(key(flag) for flag in linked.flags),
        events=tuple(events),
        says=says,
        facts=facts,
    )


def _gravity(linked: Linked) -> list[Severity]:
    """The severity with each flag: a rival's push with two means and a gain, or with three, is a step graver than its
    gravest flag (judgement: one means is tried, several are a plan)."""
    grave, highest, gained = [], Severity.LOW, False
    used: set[int] = set()
    for flag in linked.flags:
        highest = max(highest, flag.severity)
        used |= {n for n, kinds in enumerate(MEANS) if flag.kind in kinds}
        gained = gained or (flag.kind in RESULTS and RESULTS[flag.kind][1] is Way.UP)
        planned = not flag.own and len(used) + gained >= 3
        grave.append(Severity(min(highest + planned, Severity.HIGH)))
    return grave
