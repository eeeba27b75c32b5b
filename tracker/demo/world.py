"""The simulated world: it knows what every page says on every night, and what was planted to be found.

Everything follows from the seed alone, in every process: generators are seeded with text (which Python
hashes the same way everywhere), and nothing depends on the order in which pages are asked for.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from msgspec.structs import replace

from storage.records import Badge, Placement, Product, WidgetPlacement
from tracker.demo.catalogue import NICHES, Niche, Sheet, sheets
from tracker.demo.chance import generator
from tracker.demo.events import PAGES, Event, events
from tracker.demo.history import Calendar, nights
from tracker.demo.layouts import READ_AS, layout
from tracker.demo.listing import Listing, badges, listing
from tracker.demo.offers import Ways, ways, with_offers
from tracker.demo.opinions import percents, reviews
from tracker.demo.planting import Spell, plant
from tracker.demo.results import placements, widgets
from tracker.demo.shelf import Shelf, shelf
from tracker.demo.words import WORDS

_CHOICE_LASTS = 9
"""Nights for which a product stays Amazon's Choice."""

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
        return self._products[marketplace, asin].page(asin, day)

    def beside(self, marketplace: str, asin: str, day: int, count: int) -> list[Product]:
        """Other products of its niche, for the page to advertise: what every page that shows them says."""
        corner = self._products[marketplace, asin]
        names = list(corner.sheets)
        first = names.index(asin) + 1
        return [corner.product(names[(first + n) % len(names)], day) for n in range(count)]

    def search(self, marketplace: str, keyword: str, page: int, day: int) -> tuple[Placement, ...]:
        """The result grid in page order; empty behind the last page, or for words nothing matches."""
        corner, found = self._shelf(marketplace, keyword)
        if corner is None or found is None or not 1 <= page <= found.pages:
            return ()
        return placements(
            (corner.product(asin, day), sponsored, corner.badges(asin, day))
            for asin, sponsored in found.night(day)[page - 1]
        )

    def widgets(self, marketplace: str, keyword: str, page: int, day: int) -> tuple[WidgetPlacement, ...]:
        """The blocks with products beside the cards of a results page."""
        cards = self.search(marketplace, keyword, page, day)
        corner, _ = self._shelf(marketplace, keyword)
        if corner is None or not cards:
            return ()
        advertiser = corner.sheets[cards[0].asin].brand
        brand = [asin for asin, sheet in corner.sheets.items() if sheet.brand == advertiser][:3]
        around = self.beside(marketplace, cards[-1].asin, day, 12)
        rated = sorted(around, key=lambda product: (-(product.rating or 0), product.asin))[:4]
        return widgets(marketplace, cards, [corner.product(asin, day) for asin in brand], rated)

    def results(self, marketplace: str, keyword: str, day: int) -> int:
        """How many results a search says there are; 0 for words nothing matches."""
        corner, _ = self._shelf(marketplace, keyword)
        if corner is None:
            return 0
        usual = generator(self.seed, marketplace, keyword, "results").randint(300, 900)
        return usual + generator(self.seed, marketplace, keyword, "results", day).randint(-20, 20)

    def last_page(self, marketplace: str, keyword: str) -> int:
        """How many pages a search has; 0 for words nothing matches."""
        _, found = self._shelf(marketplace, keyword)
        return found.pages if found else 0

    def _shelf(self, marketplace: str, keyword: str) -> "tuple[_Corner, Shelf] | tuple[None, None]":
        return self._shelves.get((marketplace, " ".join(keyword.casefold().split())), (None, None))

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
        self._listings: dict[str, Listing] = {}
        self._ways: dict[str, Ways] = {}
        self._chosen: dict[int, dict[str, str]] = {}

    def product(self, asin: str, day: int) -> Product:
        """What pages of others say of the product too: title, price, promotion, stock, rating, rank."""
        if asin not in self._nights:
            self._nights[asin] = nights(
                self.sheets[asin],
                self._spells_of(asin),
                self._calendar,
            )
        return self._nights[asin][day]

    def page(self, asin: str, day: int) -> Product:
        """Everything that the product's own page says."""
        sheet, shown, seed = self.sheets[asin], self._listing(asin), self._world.seed
        self.product(asin, day)
        counts = [night.review_count or 0 for night in self._nights[asin]]
        if asin not in self._ways:
            self._ways[asin] = ways(sheet, seed)
        facts = self._nights[asin][day]
        words = WORDS[sheet.niche.marketplace]
        bought = facts.bought_past_month_min
        return replace(
            with_offers(facts, sheet, self._ways[asin], self._spells_of(asin), day=day, seed=seed),
            parent_asin=shown.parent_asin,
            variation=shown.variation,
            variation_count=shown.variation_count,
            rating_percents=percents(facts.rating) if facts.rating else None,
            bought_past_month=" ".join(words.bought.format(words.number(bought)).split("|")) if bought else None,
            badges=self.badges(asin, day),
            bullets=shown.bullets,
            image_count=shown.image_count,
            main_image=shown.main_image,
            has_a_plus=shown.has_a_plus,
            has_video=shown.has_video,
            first_available=shown.first_available,
            delivery_location=words.deliver_to[1],
            layout=READ_AS[layout(asin, day)],
            reviews=reviews(sheet, shown, counts, day, seed=seed, start=self._world.start),
        )

    def badges(self, asin: str, day: int) -> tuple[Badge, ...]:
        """The badges of a product, on its page and on cards."""
        night = self._world.start + timedelta(days=day)
        return badges(self._listing(asin), self.product(asin, day), night, self._choices(day).get(asin))

    def _choices(self, day: int) -> dict[str, str]:
        """What is Amazon's Choice for which keyword; given anew every few nights."""
        round_ = day // _CHOICE_LASTS
        if round_ not in self._chosen:
            rng = generator(self._world.seed, self.niche.marketplace, self.niche.name, "choice", round_)
            asins = rng.sample([self.watched.asin, *self.watched.rivals], len(self.niche.keywords))
            self._chosen[round_] = dict(zip(asins, self.niche.keywords, strict=True))
        return self._chosen[round_]

    def _listing(self, asin: str) -> Listing:
        if asin not in self._listings:
            self._listings[asin] = listing(self.sheets[asin], self._world.seed, self._world.start)
        return self._listings[asin]

    def _spells_of(self, asin: str) -> list[Spell]:
        """The product's own spells, those in search results not among them."""
        return [spell for spell in self.spells if spell.asin == asin and spell.keyword is None]

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
