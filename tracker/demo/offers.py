"""The other ways to buy a product of the simulated world: used, renewed, by subscription, from someone else.

They follow the price of the night, and add nothing to what is planted.
"""

from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from storage.records import Product
from tracker.demo.catalogue import Sheet, cents
from tracker.demo.chance import generator
from tracker.demo.spells import Change, Spell
from tracker.demo.words import WORDS

AMAZON = "Amazon"
"""Who ships what Amazon fulfils."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How a product can be bought. Shares are of the price of the night."""

    used: Decimal | None
    renewed: Decimal | None
    prime: Decimal | None
    subscribe: int | None
    """Percent off."""
    others: int
    """Other offers on a usual night."""
    per_unit: bool
    fulfilled: bool
    """Whether Amazon ships for the seller."""
    fulfilled_for_reseller: bool
    counts_down: bool
    """Whether its deals tell when they end."""


def ways(sheet: Sheet, seed: int) -> Ways:
    """How the product can be bought in the world of ``seed``."""
    rng = generator(seed, sheet.niche.marketplace, sheet.asin, "ways")

    def share(often: float, least: int, most: int) -> Decimal | None:
        drawn, percent = rng.random(), rng.randint(least, most)
        return Decimal(percent) / 100 if drawn < often else None

    return Ways(
        used=share(0.35, 70, 88),
        renewed=share(0.35 if sheet.niche.renewed else 0.0, 72, 85),
        prime=share(0.1, 88, 95),
        subscribe=rng.choice((5, 10)) if rng.random() < 0.15 else None,
        others=rng.randint(2, 9) if rng.random() < 0.55 else 0,
        per_unit=rng.random() < 0.5,
        fulfilled=rng.random() < 0.75,
        fulfilled_for_reseller=rng.random() < 0.5,
        counts_down=rng.random() < 0.6,
    )


def with_offers(facts: Product, sheet: Sheet, how: Ways, spells: list[Spell], *, day: int, seed: int) -> Product:
    """What the page of night ``day`` says of other offers; ``facts`` as they are, where nothing can be bought."""
    price, currency = facts.price, sheet.niche.currency
    if price is None:
        return facts
    rng = generator(seed, facts.marketplace, facts.asin, "offers", day)
    used = cents(price * (how.used + Decimal(rng.randint(-2, 2)) / 100), currency) if how.used else None
    lowest = used or cents(price * Decimal(rng.randint(94, 99)) / 100, currency)
    more = next((round(spell.size) for spell in spells if spell.change is Change.OFFERS and spell.on(day)), 0)
    count = max(1, how.others + rng.randint(-1, 1)) + more if how.others or more else None
    return replace(
        facts,
        unit_price=cents(price / sheet.amount, currency) if how.per_unit else None,
        unit=sheet.niche.unit if how.per_unit else None,
        used_price=used,
        renewed_price=cents(price * how.renewed, currency) if how.renewed else None,
        prime_price=cents(price * how.prime, currency) if how.prime else None,
        subscribe_price=cents(price * (100 - how.subscribe) / 100, currency) if how.subscribe else None,
        subscribe_percent=Decimal(how.subscribe) if how.subscribe else None,
        offer_count=count,
        offer_from=lowest if count else None,
        ships_from=_ships_from(facts, sheet, how),
        deal_ends=_deal_ends(facts, spells, day, seed) if how.counts_down else None,
    )


def _ships_from(facts: Product, sheet: Sheet, how: Ways) -> str | None:
    if facts.seller_id is None:
        return facts.seller  # the marketplace itself
    own = facts.seller_id == sheet.seller_id
    return AMAZON if (how.fulfilled if own else how.fulfilled_for_reseller) else facts.seller


def _deal_ends(facts: Product, spells: list[Spell], day: int, seed: int) -> str | None:
    deal = next((spell for spell in spells if spell.change is Change.DEAL and spell.on(day)), None)
    if deal is None or deal.end is None:
        return None
    early = generator(seed, facts.marketplace, facts.asin, "deal ends", deal.start).randint(30, 600)  # minutes
    hours, minutes = divmod((deal.end - day) * 24 * 60 - early, 60)
    return WORDS[facts.marketplace].deal_ends.format(hours, minutes)
