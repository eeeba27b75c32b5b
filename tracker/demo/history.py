"""The nights of one product: from its sheet and its spells to what its page says every night.

Noise as on the real site: a repricer's cents, sales with weekends and lognormal scatter, the rank
that follows from sales, reviews that arrive in clusters (negative binomial) and are now and then
removed. The rating and the shares of its stars are those of the reviews. Everything is drawn from a
generator named after seed and product, so a product's nights do not depend on what else is asked for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from msgspec.structs import replace

from storage.records import BsrLine, Product
from tracker.demo.catalogue import Sheet, cents, natural
from tracker.demo.chance import generator, poisson
from tracker.demo.spells import Change, Spell
from tracker.demo.stars import stars
from tracker.demo.words import WORDS

ELASTICITY = 0.8
"""By so many per cent fewer units are sold when the price is one per cent higher."""
TURN = 2
"""Nights for which a see-saw stays where it went."""
_PRICED = frozenset({Change.PRICE, Change.DEAL, Change.SEE_SAW})
_COUNTED = 3
"""Nights before a stock-out on which the page counts what is left: about ten, six, two."""
_BRACKETS = (50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000)
"""Lower bounds of "bought in past month", as the site groups them."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The nights of a world."""

    seed: int
    start: date
    season: tuple[float, ...]
    """For each night, the logarithm of what the whole category sells against a usual one."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What the seller of a product alone knows of a night."""

    demand: float
    """Units that the rank follows from."""
    units: int
    """Really sold, by whoever had the Buy Box."""
    price: Decimal
    """The seller's own."""


def sold(sheet: Sheet, spells: Sequence[Spell], calendar: Calendar) -> tuple[Sold, ...]:
    """What was sold on each night, which its page does not tell: the same prices and sales as :func:`nights` has."""
    rng = generator(calendar.seed, sheet.niche.marketplace, sheet.asin, "nights")
    prices = _prices(sheet, spells, len(calendar.season), rng)
    draws = generator(calendar.seed, sheet.niche.marketplace, sheet.asin, "units")
    return tuple(
        Sold(demand, poisson(demand, draws) if _on(spells, Change.STOCK, night) is None else 0, prices[night])
        for night, demand in enumerate(_sales(sheet, spells, prices, calendar, rng))
    )


def nights(sheet: Sheet, spells: Sequence[Spell], calendar: Calendar) -> tuple[Product, ...]:
    """What the product's page says on each night. ``spells`` are those of the product."""
    rng = generator(calendar.seed, sheet.niche.marketplace, sheet.asin, "nights")
    words = WORDS[sheet.niche.marketplace]
    count = len(calendar.season)
    prices = _prices(sheet, spells, count, rng)
    sales = _sales(sheet, spells, prices, calendar, rng)
    reviews = stars(sheet, spells, count, rng)
    low = rng.random() < 0.15
    subcategory = rng.uniform(40, 70)
    if sheet.leads:  # its usual rank is first of the subcategory, and now and then second
        subcategory = _rank(sheet.sales) / 1.2
    told = []
    for night in range(count):
        left = _left(spells, night, low, rng)
        rank = max(1, round(_rank(sales[night])))
        month = sales[max(0, night - 29) : night + 1]
        facts = Product(
            marketplace=sheet.niche.marketplace,
            asin=sheet.asin,
            title=sheet.other_title if _on(spells, Change.TITLE, night) else sheet.title,
            brand=sheet.brand,
            rating=reviews[night].rating,
            rating_percents=reviews[night].percents,
            review_count=reviews[night].total,
            bought_past_month_min=max((b for b in _BRACKETS if b <= sum(month) / len(month) * 30), default=None),
            bsr=(
                BsrLine(rank=rank, category=sheet.niche.category, department=sheet.niche.category_path),
                BsrLine(
                    rank=max(1, round(rank / subcategory * math.exp(rng.gauss(0, 0.05)))),
                    category=sheet.niche.subcategory,
                    category_id=sheet.niche.subcategory_id,
                    department=sheet.niche.category_path,
                ),
            ),
            is_deal=False,
            in_stock=False,
            availability=f"{words.unavailable} {words.unavailable_more}",
        )
        if _on(spells, Change.STOCK, night) is None:
            facts = _offer(facts, sheet, spells, night, prices)
            facts = replace(facts, availability=words.left(left) if left else words.in_stock, stock_left=left)
        told.append(facts)
    return tuple(told)


def _rank(sales: float) -> float:
    """The rank in the main category that follows from the units sold on a day."""
    return 150_000 / sales


def _offer(facts: Product, sheet: Sheet, spells: Sequence[Spell], night: int, prices: Sequence[Decimal]) -> Product:
    """The product as it can be bought: price, promotion, seller."""
    price, currency = prices[night], sheet.niche.currency
    deal, coupon = _on(spells, Change.DEAL, night), _on(spells, Change.COUPON, night)
    listed = sheet.list_price
    if deal and (listed is None or listed <= price):
        listed = prices[deal.start - 1]
    percent = coupon is not None and coupon.size >= 1
    seller, seller_id = sheet.reseller if _on(spells, Change.SELLER, night) else (sheet.seller, sheet.seller_id)
    if hijack := _on(spells, Change.HIJACK, night):
        (seller, seller_id), price = sheet.hijacker, cents(price * Decimal(str(1 + hijack.size)), currency)
    return replace(
        facts,
        price=price,
        list_price=listed if listed is not None and listed > price else None,
        currency=currency,
        coupon_percent=Decimal(round(coupon.size)) if coupon and percent else None,
        coupon_amount=_sum_off(sheet.price * Decimal(str(coupon.size)), currency) if coupon and not percent else None,
        deal=WORDS[facts.marketplace].deal if deal else None,
        is_deal=deal is not None,
        in_stock=True,
        seller=seller,
        seller_id=seller_id,
    )


def _prices(sheet: Sheet, spells: Sequence[Spell], count: int, rng: Random) -> list[Decimal]:
    """The seller's price of each night: a step now and then, and the cents of a repricer between them."""
    currency, current, base = sheet.niche.currency, sheet.price, sheet.price
    steps = [spell for spell in spells if spell.change in {Change.PRICE, Change.DEAL}]
    busy = {night + near for s in spells for night in (s.start, s.end) if night is not None for near in (-1, 0, 1)}
    busy |= {night for s in spells if s.change is Change.HIJACK for night in range(s.start, s.last)}
    prices = []
    for night in range(count):
        drift = Decimal(str(rng.uniform(-0.02, 0.02))) if rng.random() < 0.3 else None
        if begun := next((s for s in steps if s.start == night), None):
            current = natural(float(current) * (1 + begun.size), currency, up=begun.size > 0)
            base = base if _passing(begun, night) else current
        elif any(s.end == night for s in spells if s.change in _PRICED):
            current = base
        elif see_saw := _on(spells, Change.SEE_SAW, night):
            down = natural(float(base) * (1 + see_saw.size), currency)
            current = base if (night - see_saw.start) // TURN % 2 else down
        elif sheet.reprices and drift is not None and night not in busy and not any(_passing(s, night) for s in steps):
            current = cents(base * (1 + drift), currency)
        prices.append(current)
    return prices


def _passing(spell: Spell, night: int) -> bool:
    """Whether the price of the night is one that will end again."""
    return spell.on(night) and (spell.end is not None or spell.change is Change.DEAL)


def _sum_off(amount: Decimal, currency: str) -> Decimal:
    """A round sum for a coupon: whole units, or tens of yen."""
    if currency == "JPY":
        return max(Decimal(50), (amount / 10).quantize(Decimal(1), ROUND_HALF_UP) * 10)
    return max(Decimal(1), amount.quantize(Decimal(1), ROUND_HALF_UP)).quantize(Decimal("0.01"))


def _sales(
    sheet: Sheet, spells: Sequence[Spell], prices: Sequence[Decimal], calendar: Calendar, rng: Random
) -> list[float]:
    """Units of each night that the rank follows from. Off the shelf they fade, since a rank forgets slowly."""
    weekend, spread = rng.uniform(0.9, 1.3), rng.uniform(0.07, 0.14)
    sales, shelf = [], 1.0
    for night, season in enumerate(calendar.season):
        shelf = shelf * 0.72 if _on(spells, Change.STOCK, night) else min(1.0, shelf * 1.8)
        units = sheet.sales * math.exp(season + rng.gauss(0, spread)) * shelf
        if (calendar.start.toordinal() + night - 1) % 7 >= 5:
            units *= weekend
        units *= float(prices[night] / sheet.price) ** -ELASTICITY
        if spell := _on(spells, Change.SALES, night):
            units *= spell.size
        sales.append(units)
    return sales


def _left(spells: Sequence[Spell], night: int, low: bool, rng: Random) -> int | None:
    """N of "only N left": fewer and fewer before a stock-out, and some now and then of who keeps little stock."""
    scarce = rng.random() < 0.25
    number = rng.randint(1, 3)
    ahead = next((s.start - night for s in spells if s.change is Change.STOCK and s.start > night), _COUNTED + 1)
    if ahead <= _COUNTED:
        return number + 4 * (ahead - 1)
    return number + 8 if low and scarce else None


def _on(spells: Sequence[Spell], change: Change, night: int) -> Spell | None:
    return next((spell for spell in spells if spell.change is change and spell.on(night)), None)
