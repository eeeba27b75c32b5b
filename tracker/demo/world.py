"""The simulated world: it knows what every page says on every night, and what was planted to be found.

Everything follows from the seed alone, in every process: generators are seeded with text (which Python
hashes the same way everywhere), and nothing depends on the order in which pages are asked for.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from msgspec.structs import replace

from storage.records import Placement, Product, Ranking, WidgetPlacement
from storage.values import title_query
from tracker.demo.ailments import Ailment
from tracker.demo.aisle import Row, related, related_searches, rows
from tracker.demo.catalogue import NICHES, Niche
from tracker.demo.chance import generator
from tracker.demo.corner import Corner, Watched
from tracker.demo.events import Event, events
from tracker.demo.rankings import Ranked, best_sellers, movers, new_releases
from tracker.demo.results import placements, widgets
from tracker.demo.shelf import ORGANIC, Shelf

Card = tuple[str, bool]
"""A product on a results page, and whether as an ad."""

NIGHT = time(11, 30)
"""When a night is crawled, UTC: the same calendar day in every marketplace of the world."""


class World:
    """``days`` nights, counted from 0; the first is that of ``start``."""

    def __init__(self, *, seed: int, days: int, start: date) -> None:
        self.seed = seed
        self.day_count = days
        self.start = start
        self._niches = [Corner(niche, number, seed=seed, days=days, start=start) for number, niche in enumerate(NICHES)]
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
        """What the product's page says on night ``day``, or would say where it is :meth:`gone`. Raises KeyError when
        nobody sells it there."""
        beside = tuple(related(self.rows(marketplace, asin, day)))
        return replace(self._products[marketplace, asin].page(asin, day), related=beside)

    def gone(self, marketplace: str, asin: str, day: int) -> bool:
        """Whether the product's page is not found on night ``day``."""
        return self._products[marketplace, asin].gone(asin, day)

    def corner(self, marketplace: str, asin: str) -> Corner:
        """The niche of a product. Raises KeyError when nobody sells it there."""
        return self._products[marketplace, asin]

    def beside(self, marketplace: str, asin: str, day: int, count: int) -> list[Product]:
        """Other products of its niche, for the page to advertise: what every page that shows them says."""
        corner = self._products[marketplace, asin]
        names = list(corner.sheets)
        first = names.index(asin) + 1
        return [corner.product(names[(first + n) % len(names)], day) for n in range(count)]

    def rows(self, marketplace: str, asin: str, day: int) -> tuple[Row, ...]:
        """The rows of other products on its page."""
        return rows(self._products[marketplace, asin], asin, day, self.beside(marketplace, asin, day, 6)[4:])

    def related_searches(self, marketplace: str, keyword: str) -> tuple[str, ...]:
        """The other queries that its results pages offer; none for words that are no niche's keyword."""
        corner, _ = self._shelf(marketplace, keyword)
        return related_searches(corner, keyword) if corner else ()

    def search(self, marketplace: str, keyword: str, page: int, day: int) -> tuple[Placement, ...]:
        """The result grid in page order; empty behind the last page, or for words nothing matches."""
        corner, found = self._shelf(marketplace, keyword)
        cards = found.night(day)[page - 1] if found and 1 <= page <= found.pages else []
        if found is None and page == 1:
            corner, cards = self._titled(marketplace, keyword, day)
        if corner is None:
            return ()
        return placements((corner.product(asin, day), sponsored, corner.badges(asin, day)) for asin, sponsored in cards)

    def widgets(self, marketplace: str, keyword: str, page: int, day: int) -> tuple[WidgetPlacement, ...]:
        """The blocks with products beside the cards of a results page."""
        cards = self.search(marketplace, keyword, page, day)
        if not cards:
            return ()
        corner = self._products[marketplace, cards[0].asin]
        advertiser = corner.sheets[cards[0].asin].brand
        brand = [asin for asin, sheet in corner.sheets.items() if sheet.brand == advertiser][:3]
        around = self.beside(marketplace, cards[-1].asin, day, 12)
        rated = sorted(around, key=lambda product: (-(product.rating or 0), product.asin))[:4]
        return widgets(marketplace, cards, [corner.product(asin, day) for asin in brand], rated)

    def ranked(
        self, marketplace: str, ranking: Ranking, department: str, node: str | None, day: int
    ) -> tuple[Niche, list[Ranked]]:
        """The entries of a ranked list, and the niche, or one of those, that its category is of. Raises KeyError when
        there is no such list: movers and shakers are of a department, the others of a subcategory."""
        place = marketplace, department
        corners = [c for c in self._niches if (c.niche.marketplace, c.niche.category_path) == place]
        if node is not None:
            corners = [corner for corner in corners if corner.niche.subcategory_id == node]
        if not corners or (node is None) is not (ranking is Ranking.MOVERS_AND_SHAKERS):
            raise KeyError(ranking)
        if node is None:
            return corners[0].niche, movers(corners, day)
        return corners[0].niche, (best_sellers if ranking is Ranking.BEST_SELLERS else new_releases)(corners[0], day)

    def results(self, marketplace: str, keyword: str, day: int) -> int:
        """How many results a search says there are; 0 for words nothing matches."""
        corner, _ = self._shelf(marketplace, keyword)
        if corner is None:
            return len(self._titled(marketplace, keyword, day)[1])
        usual = generator(self.seed, marketplace, keyword, "results").randint(300, 900)
        return usual + generator(self.seed, marketplace, keyword, "results", day).randint(-20, 20)

    def last_page(self, marketplace: str, keyword: str) -> int:
        """How many pages a search has; 0 for words nothing matches."""
        _, found = self._shelf(marketplace, keyword)
        return found.pages if found else int(bool(self._titled(marketplace, keyword, 0)[1]))

    def _titled(self, marketplace: str, words: str, day: int) -> tuple[Corner, list[Card]] | tuple[None, list[Card]]:
        """What is found by the whole title of a product: that one, and what usually stands first in its niche."""
        corner, asin = self._titles.get((marketplace, " ".join(words.casefold().split())), (None, ""))
        if corner is None:
            return None, []
        usual = [other for other in next(iter(corner.shelves.values())).usual(day) if other != asin]
        there = [asin, *usual[: ORGANIC - 1]]
        found = (each for each in there if not corner.gone(each, day))
        return corner, [(each, False) for each in found if Ailment.UNFOUND not in corner.ails(each, day)]

    @cached_property
    def _titles(self) -> dict[tuple[str, str], tuple[Corner, str]]:
        """Marketplace and title, as it is searched for, of every product, with its niche."""
        return {
            (corner.niche.marketplace, title_query(title).casefold()): (corner, asin)
            for corner in self._niches
            for asin, sheet in corner.sheets.items()
            for title in (sheet.title, sheet.other_title)
        }

    def _shelf(self, marketplace: str, keyword: str) -> tuple[Corner, Shelf] | tuple[None, None]:
        return self._shelves.get((marketplace, " ".join(keyword.casefold().split())), (None, None))

    @cached_property
    def events(self) -> list[Event]:
        """Everything planted that shows on the pages, in order of nights."""
        found = [event for corner in self._niches for event in events(corner, self.day_count)]
        return sorted(found, key=lambda e: (e.day, e.marketplace, e.asin, e.kind, e.keyword or ""))
