"""How much of what was planted was flagged, and how much was flagged that was not planted."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from reports.flags import Flag, Kind
from tracker.demo.events import Event
from tracker.demo.truth import shown
from tracker.demo.world import World

_NIGHTS = {
    Kind.BSR_JUMP: 2,
    Kind.BSR_SLUMP: 2,
    Kind.BADGE_GAINED: 4,
    Kind.BADGE_LOST: 4,
    Kind.KEYWORD_GAINED: 3,
    Kind.KEYWORD_LOST: 3,
    Kind.PLACE_CLIMBED: 3,
    Kind.PLACE_FELL: 3,
    Kind.NEWCOMER: 3,
    Kind.RATING_FELL: 5,
    Kind.LOW_STAR_WAVE: 5,
    Kind.SPONSORED_GAINED: 5,
    Kind.SPONSORED_LOST: 5,
}
"""Within how many nights a change must be flagged: one, but more where a single night proves nothing (a rank jumps
about, ads and badges rotate, bad reviews come day by day)."""

_CHEAPER = frozenset({Kind.PRICE_CUT, Kind.COUPON_STARTED, Kind.DEAL_STARTED})
_DEARER = frozenset({Kind.PRICE_RISE, Kind.COUPON_ENDED, Kind.DEAL_ENDED})
_WAKE_NIGHTS = 10
"""How long a planted change may show in other numbers of the product."""
_SELLS_BETTER = frozenset({Kind.BSR_JUMP, Kind.TOP_RANK_ENTERED, Kind.BADGE_GAINED})
_SELLS_WORSE = frozenset({Kind.BSR_SLUMP, Kind.TOP_RANK_LEFT, Kind.BADGE_LOST})
_NOT_FOUND = frozenset({Kind.KEYWORD_LOST, Kind.PLACE_FELL, Kind.SPONSORED_LOST, Kind.SHARE_LOST})
_FOUND = frozenset({Kind.KEYWORD_GAINED, Kind.PLACE_CLIMBED, Kind.SPONSORED_GAINED, Kind.SHARE_GAINED})
WAKE: Mapping[Kind, frozenset[Kind]] = {
    Kind.PRICE_CUT: _SELLS_BETTER,
    Kind.PRICE_RISE: _SELLS_WORSE,
    Kind.DEAL_STARTED: _SELLS_BETTER,
    Kind.DEAL_ENDED: _SELLS_WORSE,
    Kind.OUT_OF_STOCK: _SELLS_WORSE,
    Kind.BACK_IN_STOCK: _SELLS_WORSE | _SELLS_BETTER,
    Kind.BSR_JUMP: _SELLS_BETTER,
    Kind.BSR_SLUMP: _SELLS_WORSE,
    Kind.LISTING_GONE: _NOT_FOUND,
    Kind.LISTING_BACK: _FOUND,
    Kind.LOW_STAR_WAVE: frozenset({Kind.REVIEW_BURST, Kind.RATING_FELL}),
    Kind.REVIEW_BURST: frozenset({Kind.RATING_ROSE, Kind.RATING_FELL}),
    Kind.KEYWORD_GAINED: frozenset({Kind.SHARE_GAINED, Kind.PASSED_OWN}),
    Kind.KEYWORD_LOST: frozenset({Kind.SHARE_LOST}),
}
"""What a planted change may bring on the same product."""


class Line(NamedTuple):
    """One row of the score."""

    kind: str
    planted: int
    found: int


class Unplanted(NamedTuple):
    """The flags that no event stands for."""

    follow: list[Flag]
    """The world itself is as they say (see :mod:`tracker.demo.truth`)."""
    wake: list[Flag]
    """What a change of the same product may bring (see :data:`WAKE`): a stock-out ruins the rank."""
    chance: list[Flag]


def score(world: World, flags: Iterable[Flag], days: int) -> list[Line]:
    """For each kind, how many events of the last ``days`` nights were planted, and how many of them flagged."""
    raised, kinds = list(flags), dict.fromkeys(Kind, 0)
    missed = dict.fromkeys(Kind, 0)
    for event in planted(world, days):
        kinds[event.kind] += 1
        missed[event.kind] += not found(world, event, raised)
    return [Line(kind.value, count, count - missed[kind]) for kind, count in kinds.items() if count]


def planted(world: World, days: int) -> list[Event]:
    """The events that show for the first time on one of the last ``days`` nights, with a night before them."""
    return [event for event in world.events if event.day >= max(1, world.day_count - days)]


def found(world: World, event: Event, flags: Iterable[Flag]) -> bool:
    """Whether the event was flagged: the same change of the same product, in time; or as one of those of which the
    market's flag tells."""
    return any(_means(world, flag, event) or _told_as_the_markets(world, flag, event) for flag in flags)


def unplanted(world: World, flags: Iterable[Flag]) -> Unplanted:
    """The flags that no event stands for, by why they were raised."""
    rest = Unplanted([], [], [])
    for flag in flags:
        if not any(_means(world, flag, event) for event in world.events):
            if shown(world, flag):
                rest.follow.append(flag)
            elif any(_brought(world, flag, event) for event in world.events):
                rest.wake.append(flag)
            else:
                rest.chance.append(flag)
    return rest


def _means(world: World, flag: Flag, event: Event) -> bool:
    late = flag.day - (world.start + timedelta(days=event.day))
    return (flag.marketplace, flag.asin, flag.kind, flag.keyword) == (
        event.marketplace,
        event.asin,
        event.kind,
        event.keyword,
    ) and timedelta(0) <= late <= timedelta(days=_NIGHTS.get(event.kind, 1))


def _told_as_the_markets(world: World, flag: Flag, event: Event) -> bool:
    side = 1 if event.kind in _DEARER else -1
    priced = flag.kind is Kind.MARKET_PRICE and event.kind in _DEARER | _CHEAPER and (flag.magnitude or 0) * side > 0
    late = flag.day - (world.start + timedelta(days=event.day))
    return priced and event.asin in flag.evidence.sql and timedelta(0) <= late <= timedelta(days=1)


def _brought(world: World, flag: Flag, event: Event) -> bool:
    late = flag.day - (world.start + timedelta(days=event.day))
    same = (flag.marketplace, flag.asin) == (event.marketplace, event.asin)
    return same and flag.kind in WAKE.get(event.kind, ()) and timedelta(0) <= late <= timedelta(days=_WAKE_NIGHTS)
