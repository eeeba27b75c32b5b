"""The simulated world: it knows what every page says on every night, and what was planted to be found.

Everything follows from the seed alone, in every process: generators are seeded with text (which Python
hashes the same way everywhere), and nothing depends on the order in which pages are asked for.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from storage.records import Placement, Product
from tracker.demo.catalogue import NICHES, Niche, Sheet, sheets
from tracker.demo.chance import generator
from tracker.demo.events import PAGES, Event, events
from tracker.demo.history import Calendar, nights
from tracker.demo.planting import Spell, plant
from tracker.demo.shelf import Shelf, shelf

NIGHT = time(11, 30)
"""When a night is crawled, UTC: the same calendar day in every marketplace of the world."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An own listing with what is watched for it."""

    name: str
    marketplace: str
    asin: str
    rivals: tuple[str, ...]
    keywords: tuple[str, ...]


class World:
    """``days`` nights, counted from 0; the first is that of ``start``."""

    def __init__(self, *, seed: int, days: int, start: date) -> None:
        self.seed = seed
        self.day_count = days
        self.start = start
        self._niches = [_Corner(self, number, niche) for number, niche in enumerate(NICHES)]
        self._products = {(corner.niche.marketplace, asin): corner for corner in self._niches for asin in corner.sheets}
        self._shelves = {
            (corner.niche.marketplace, keyword.casefold()): (corner, found)
            for corner in self._niches
            for keyword, found in corner.shelves.items()
        }

    @property
    def listings(self) -> list[Watched]:
        return [corner.watched for corner in self._niches]

    @property
    def marketplaces(self) -> list[str]:
        return list(dict.fromkeys(corner.niche.marketplace for corner in self._niches))

    def now(self, day: int) -> datetime:
        """When night ``day`` is crawled."""
        return datetime.combine(self.start + timedelta(days=day), NIGHT, UTC)

    def product(self, marketplace: str, asin: str, day: int) -> Product:
        """What the product's page says on night ``day``. Raises KeyError when nobody sells it there."""
        return self._products[marketplace, asin].product(asin, day)

    def beside(self, marketplace: str, asin: str, day: int, count: int) -> list[Product]:
        """Other products of its niche, for the page to advertise."""
        corner = self._products[marketplace, asin]
        names = list(corner.sheets)
        first = names.index(asin) + 1
        return [corner.product(names[(first + n) % len(names)], day) for n in range(count)]

    def search(self, marketplace: str, keyword: str, page: int, day: int) -> tuple[Placement, ...]:
        """The result grid in page order; empty behind the last page, or for words nothing matches."""
        corner, found = self._shelves.get((marketplace, " ".join(keyword.casefold().split())), (None, None))
        if corner is None or found is None or not 1 <= page <= found.pages:
            return ()
        cards, counts = [], {True: 0, False: 0}
        for position, (asin, sponsored) in enumerate(found.night(day)[page - 1], 1):
            counts[sponsored] += 1
            product = corner.product(asin, day)
            cards.append(
                Placement(
                    position=position,
                    asin=asin,
                    sponsored=sponsored,
                    organic_position=None if sponsored else counts[False],
                    sponsored_position=counts[True] if sponsored else None,
                    title=product.title,
                    price=product.price,
                    currency=product.currency,
                    rating=product.rating,
                    review_count=product.review_count,
                )
            )
        return tuple(cards)

    def last_page(self, marketplace: str, keyword: str) -> int:
        """How many pages a search has; 0 for words nothing matches."""
        _, found = self._shelves.get((marketplace, " ".join(keyword.casefold().split())), (None, None))
        return found.pages if found else 0

    @cached_property
    def events(self) -> list[Event]:
        """Everything planted that shows on the pages, in order of nights."""
        found = [event for corner in self._niches for event in corner.events()]
        return sorted(found, key=lambda e: (e.day, e.marketplace, e.asin, e.kind, e.keyword or ""))


class _Corner:
    """One niche of a world, its products simulated when first asked for."""

    def __init__(self, world: World, number: int, niche: Niche) -> None:
        self.niche = niche
        self._world = world
        name = f"{world.seed}/{niche.marketplace}/{niche.name}"
        rng = generator(name, "season")
        season = tuple(rng.gauss(0, 0.05) for _ in range(world.day_count))
        self._calendar = Calendar(world.seed, world.start, season)
        self.sheets: dict[str, Sheet] = {sheet.asin: sheet for sheet in sheets(niche, world.seed)}
        asins = tuple(self.sheets)
        watched, fillers = asins[: 1 + niche.rivals], asins[1 + niche.rivals :]
        self.watched = Watched(niche.name, niche.marketplace, watched[0], watched[1:], niche.keywords)
        self.spells: list[Spell] = plant(number, watched, niche.keywords, world.day_count, generator(name, "planting"))
        self.shelves: dict[str, Shelf] = {
            keyword: shelf(name, keyword, watched, fillers, self.spells) for keyword in niche.keywords
        }
        self._nights: dict[str, tuple[Product, ...]] = {}

    def product(self, asin: str, day: int) -> Product:
        if asin not in self._nights:
            self._nights[asin] = nights(
                self.sheets[asin],
                [spell for spell in self.spells if spell.asin == asin and spell.keyword is None],
                self._calendar,
            )
        return self._nights[asin][day]

    def place(self, asin: str, keyword: str, day: int) -> tuple[int | None, int | None]:
        """Organic and sponsored place over the pages read, from 1; None where it does not stand."""
        cards = [card for page in self.shelves[keyword].night(day)[:PAGES] for card in page]
        organic = [found for found, sponsored in cards if not sponsored]
        ads = [found for found, sponsored in cards if sponsored]
        return (
            organic.index(asin) + 1 if asin in organic else None,
            ads.index(asin) + 1 if asin in ads else None,
        )

    def events(self) -> list[Event]:
        return list(events(self.niche.marketplace, self.spells, self._world.day_count, self.product, self.place))
