"""Products that nobody watches and whose rank changes for good on one night: who enters the list of best sellers, and
who leaves it.

A product that comes up for a keyword from nowhere (Change.NEWCOMER) enters with it. On the last nights two more enter
that have stood among the results of a keyword all along, and one leaves. Who enters is new to the site.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from statistics import median

from msgspec.structs import replace

from storage.records import Product
from tracker.demo.shelf import Shelf
from tracker.demo.spells import Change, Spell

FEWEST = 5
"""Nights of a world below which nobody enters or leaves but with a keyword: there would be no before."""
NEW = timedelta(days=25)
"""For so long has who enters been on the site then."""
_BEYOND = 400
"""Usual rank in the subcategory of who is not on its list, which ends with the hundredth."""
_PLACES = (8, 40)
"""The same of who is."""
_READ = range(3, 22)
"""Slots of a keyword's results that are surely on the pages that are read."""


@dataclass(frozen=True, slots=True)
class Swing:
    """One product's change of rank."""

    asin: str
    night: int
    """The first that shows it."""
    enters: bool
    """Else it leaves."""
    place: int
    """Its usual rank in the subcategory while it is on the list."""

    def on(self, night: int) -> bool:
        """Whether it is on the list on this night."""
        return (night >= self.night) is self.enters

    def swung(self, nights: Sequence[Product]) -> tuple[Product, ...]:
        """The nights of the product with the ranks that follow: the noise of its own stays."""
        usual = median(night.bsr[1].rank for night in nights)
        return tuple(
            replace(told, bsr=tuple(replace(line, rank=max(2, round(line.rank * factor))) for line in told.bsr))
            for night, told in enumerate(nights)
            for factor in ((self.place if self.on(night) else _BEYOND) / usual,)
        )


def swings(
    shelves: Mapping[str, Shelf], fillers: Sequence[str], spells: Iterable[Spell], nights: int, rng: Random
) -> dict[str, Swing]:
    """The swings of a niche by ASIN."""
    newcomers = {spell.asin: spell.start for spell in spells if spell.change is Change.NEWCOMER}
    return {swing.asin: swing for swing in _swings(shelves, fillers, newcomers, nights, rng)}


def _swings(
    shelves: Mapping[str, Shelf], fillers: Sequence[str], newcomers: Mapping[str, int], nights: int, rng: Random
) -> Iterator[Swing]:
    for asin, start in newcomers.items():
        yield Swing(asin, start, enters=True, place=rng.randint(*_PLACES))
    if nights < FEWEST:
        return
    free = [asin for asin in fillers if asin not in newcomers]
    found = [asin for asin in free if any(shelf.slots[asin] in _READ for shelf in shelves.values())]
    entrants = rng.sample(found, 2)
    for asin, night in zip(entrants, (nights - 1, nights - 3), strict=True):
        yield Swing(asin, night, enters=True, place=rng.randint(*_PLACES))
    leaver = rng.choice([asin for asin in free if asin not in entrants])
    yield Swing(leaver, nights - 1, enters=False, place=rng.randint(*_PLACES))
