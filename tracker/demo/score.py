"""How much of what was planted was flagged, and how much was flagged that was not planted."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from reports.flags import Flag, Kind
from tracker.demo.events import Event
from tracker.demo.world import World

_NIGHTS = {
    Kind.BSR_JUMP: 2,
    Kind.BSR_SLUMP: 2,
    Kind.KEYWORD_GAINED: 2,
    Kind.KEYWORD_LOST: 2,
    Kind.SPONSORED_GAINED: 3,
    Kind.SPONSORED_LOST: 3,
}
"""Within how many nights a change must be flagged: one, but two or three where a single night proves nothing
(a rank jumps about, ads rotate)."""

_ECHO = 7
"""Nights for which a planted change may show in other numbers of the product: a stock-out ruins its rank."""


class Line(NamedTuple):
    """One row of the score."""

    kind: str
    planted: int
    found: int


class Unplanted(NamedTuple):
    """Flags that no event stands for: ``echoes`` of one on the same product, and the rest."""

    echoes: int
    others: int


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
    """Whether the event was flagged: the same change of the same product, in time."""
    return any(_means(world, flag, event) for flag in flags)


def unplanted(world: World, flags: Sequence[Flag]) -> Unplanted:
    """The flags that no event stands for."""
    rest = [flag for flag in flags if not any(_means(world, flag, event) for event in world.events)]
    echoes = sum(any(_echoes(world, flag, event) for event in world.events) for flag in rest)
    return Unplanted(echoes, len(rest) - echoes)


def _means(world: World, flag: Flag, event: Event) -> bool:
    late = flag.day - (world.start + timedelta(days=event.day))
    return (flag.marketplace, flag.asin, flag.kind, flag.keyword) == (
        event.marketplace,
        event.asin,
        event.kind,
        event.keyword,
    ) and timedelta(0) <= late <= timedelta(days=_NIGHTS.get(event.kind, 1))


def _echoes(world: World, flag: Flag, event: Event) -> bool:
    late = flag.day - (world.start + timedelta(days=event.day))
    same = (flag.marketplace, flag.asin) == (event.marketplace, event.asin)
    return same and timedelta(0) <= late <= timedelta(days=_ECHO)
