"""One niche of the simulated world: what its products' pages and shelves say on every night."""

from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date, timedelta

from msgspec.structs import replace

from storage.records import Badge, Category, Product
from tracker.demo.ailments import Ailment, afflicted, ailments
from tracker.demo.catalogue import Niche, Sheet, sheets
from tracker.demo.chance import generator
from tracker.demo.grievances import complaints, grievances
from tracker.demo.history import Calendar, Sold, nights, sold
from tracker.demo.layouts import READ_AS, layout
from tracker.demo.listing import Listing, badges, listing
from tracker.demo.offers import Ways, ways, with_offers
from tracker.demo.opinions import reviews
from tracker.demo.planting import plant
from tracker.demo.shelf import PAGES, Shelf, shelf
from tracker.demo.spells import Change, Spell
from tracker.demo.swings import NEW, swings
from tracker.demo.words import WORDS


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
        counts = {asin: self.sheets[asin].reviews for asin in watched}
        self.spells: list[Spell] = plant(
            number, counts, fillers, niche.keywords, nights=days, rng=generator(name, "planting")
        )
        self.shelves: dict[str, Shelf] = {
            keyword: shelf(name, keyword, watched, fillers, self.spells) for keyword in niche.keywords
        }
        self.swings = swings(self.shelves, fillers, self.spells, days, generator(name, "swings"))
        gone = {spell.asin for spell in self.spells if spell.change is Change.GONE}
        there = [asin for asin in watched[1:] if asin not in gone]
        self.grievances = grievances(
            niche.name, niche.marketplace, watched[0], there, seed=seed, nights=days, start=start
        )
        self.ailments = ailments(number, days)
        self._nights: dict[str, tuple[Product, ...]] = {}
        self._listings: dict[str, Listing] = {}
        self._ways: dict[str, Ways] = {}
        worthy = [asin for asin in watched if not (self.sheets[asin].leads or self.sheets[asin].fresh)]
        chosen = generator(name, "choice").sample(worthy, len(niche.keywords))
        self._chosen: dict[str, str] = dict(zip(niche.keywords, chosen, strict=True))
        """Keyword -> what is Amazon's Choice for it on the first night."""

    def product(self, asin: str, day: int) -> Product:
        """What pages of others say of the product too: title, price, promotion, stock, rating, rank."""
        if asin not in self._nights:
            found = nights(self.sheets[asin], self._spells_of(asin), self._calendar)
            self._nights[asin] = self.swings[asin].swung(found) if asin in self.swings else found
        return afflicted(self._nights[asin][day], self.ails(asin, day))

    def ails(self, asin: str, day: int) -> set[Ailment]:
        """What ails the product, which is the own one or nothing."""
        return {spell.ailment for spell in self.ailments if asin == self.watched.asin and spell.on(day)}

    def page(self, asin: str, day: int) -> Product:
        """Everything that the product's own page says."""
        sheet, first, facts = self.sheets[asin], self._listing(asin), self.product(asin, day)
        shown = first.after({spell.change for spell in self._spells_of(asin) if spell.on(day)})
        counts = [night.review_count or 0 for night in self._nights[asin]]
        if asin not in self._ways:
            self._ways[asin] = ways(sheet, self._seed)
        wave = next((spell for spell in self._spells_of(asin) if spell.change is Change.LOW_STARS), None)
        words = WORDS[sheet.niche.marketplace]
        bought = facts.bought_past_month_min
        made = replace(
            with_offers(facts, sheet, self._ways[asin], self._spells_of(asin), day=day, seed=self._seed),
            parent_asin=shown.parent_asin,
            variation=shown.variation,
            variation_count=shown.variation_count,
            bought_past_month=" ".join(words.bought.format(words.number(bought)).split("|")) if bought else None,
            badges=self.badges(asin, day),
            bullets=shown.bullets,
            image_count=shown.image_count,
            main_image=shown.main_image,
            has_a_plus=shown.has_a_plus,
            has_video=shown.has_video,
            first_available=shown.first_available,
            categories=(
                Category(name=sheet.niche.category, node=sheet.niche.category_id),
                Category(name=sheet.niche.subcategory, node=sheet.niche.subcategory_id),
            ),
            browse_node=sheet.niche.subcategory_id,
            delivery_location=words.deliver_to[1],
            layout=READ_AS[layout(asin, day)],
            reviews=(
                *complaints(self.grievances, asin, day),
                *reviews(sheet, first, counts, day, seed=self._seed, start=self._start, wave=wave),
            ),
        )
        return afflicted(made, self.ails(asin, day))

    def sold(self, asin: str) -> tuple[Sold, ...]:
        """What was really sold of the product, night by night."""
        return sold(self.sheets[asin], self._spells_of(asin), self._calendar)

    def badges(self, asin: str, day: int) -> tuple[Badge, ...]:
        """The badges of a product, on its page and on cards."""
        night = self._start + timedelta(days=day)
        return badges(self._listing(asin), self.product(asin, day), night, self._choice(asin, day))

    def choices(self, day: int) -> dict[str, str]:
        """Keyword -> what is Amazon's Choice for it, where its page has room for that badge."""
        return self._chosen | {s.keyword or "": s.asin for s in self.spells if s.change is Change.CHOICE and s.on(day)}

    def _choice(self, asin: str, day: int) -> str | None:
        """The keyword that a product is Amazon's Choice for."""
        return next((keyword for keyword, chosen in self.choices(day).items() if chosen == asin), None)

    def _listing(self, asin: str) -> Listing:
        """As its maker first made it."""
        if asin not in self._listings:
            first, swing = listing(self.sheets[asin], self._seed, self._start), self.swings.get(asin)
            if swing is not None and swing.enters:
                first = changed(first, first_available=self._start + timedelta(days=swing.night) - NEW)
            self._listings[asin] = first
        return self._listings[asin]

    def age(self, asin: str, day: int) -> timedelta:
        """How long the product has been on the site."""
        return self._start + timedelta(days=day) - self._listing(asin).first_available

    def gone(self, asin: str, day: int) -> bool:
        """Whether there is no page of the product on night ``day``."""
        return any(spell.change is Change.GONE and spell.on(day) for spell in self._spells_of(asin))

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
