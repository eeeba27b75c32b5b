"""One niche of the simulated world: what its products' pages and shelves say on every night."""

from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace

from storage.records import Badge, Product
from tracker.demo.catalogue import Niche, Sheet, sheets
from tracker.demo.chance import generator
from tracker.demo.events import PAGES, Event, events
from tracker.demo.history import Calendar, nights
from tracker.demo.layouts import READ_AS, layout
from tracker.demo.listing import Listing, badges, listing
from tracker.demo.offers import Ways, ways, with_offers
from tracker.demo.opinions import percents, reviews
from tracker.demo.planting import Spell, plant
from tracker.demo.shelf import Shelf, shelf
from tracker.demo.words import WORDS

_CHOICE_LASTS = 9
"""Nights for which a product stays Amazon's Choice."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An own listing with what is watched for it."""

    name: str
    marketplace: str
    asin: str
    rivals: tuple[str, ...]
    keywords: tuple[str, ...]
    list: str
    """Path of its category's best-seller list."""


class Corner:
    """One niche of a world of ``days`` nights, its products simulated when first asked for."""

    def __init__(self, niche: Niche, number: int, *, seed: int, days: int, start: date) -> None:
        self.niche = niche
        self._seed, self._start = seed, start
        self._days = days
        name = f"{seed}/{niche.marketplace}/{niche.name}"
        rng = generator(name, "season")
        season = tuple(rng.gauss(0, 0.05) for _ in range(days))
        self._calendar = Calendar(seed, start, season)
        self.sheets: dict[str, Sheet] = {sheet.asin: sheet for sheet in sheets(niche, seed)}
        asins = tuple(self.sheets)
        watched, fillers = asins[: 1 + niche.rivals], asins[1 + niche.rivals :]
        path = f"/gp/bestsellers/{niche.category_path}/{niche.subcategory_id}"
        self.watched = Watched(niche.name, niche.marketplace, watched[0], watched[1:], niche.keywords, path)
        self.spells: list[Spell] = plant(number, watched, niche.keywords, days, generator(name, "planting"))
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
            self._nights[asin] = nights(self.sheets[asin], self._spells_of(asin), self._calendar)
        return self._nights[asin][day]

    def page(self, asin: str, day: int) -> Product:
        """Everything that the product's own page says."""
        sheet, shown, facts = self.sheets[asin], self._listing(asin), self.product(asin, day)
        counts = [night.review_count or 0 for night in self._nights[asin]]
        if asin not in self._ways:
            self._ways[asin] = ways(sheet, self._seed)
        words = WORDS[sheet.niche.marketplace]
        bought = facts.bought_past_month_min
        return replace(
            with_offers(facts, sheet, self._ways[asin], self._spells_of(asin), day=day, seed=self._seed),
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
            reviews=reviews(sheet, shown, counts, day, seed=self._seed, start=self._start),
        )

    def badges(self, asin: str, day: int) -> tuple[Badge, ...]:
        """The badges of a product, on its page and on cards."""
        night = self._start + timedelta(days=day)
        return badges(self._listing(asin), self.product(asin, day), night, self._choices(day).get(asin))

    def _choices(self, day: int) -> dict[str, str]:
        """What is Amazon's Choice for which keyword; given anew every few nights."""
        round_ = day // _CHOICE_LASTS
        if round_ not in self._chosen:
            rng = generator(self._seed, self.niche.marketplace, self.niche.name, "choice", round_)
            asins = rng.sample([self.watched.asin, *self.watched.rivals], len(self.niche.keywords))
            self._chosen[round_] = dict(zip(asins, self.niche.keywords, strict=True))
        return self._chosen[round_]

    def _listing(self, asin: str) -> Listing:
        if asin not in self._listings:
            self._listings[asin] = listing(self.sheets[asin], self._seed, self._start)
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
        return list(events(self.niche.marketplace, self.spells, self._days, self.product, self.place))
