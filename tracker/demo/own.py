"""What the sellers of the simulated world know of their own listings, and no page tells.

Units are those that were really sold (see :class:`tracker.demo.history.Sold`), but for what others sold while they had
the Buy Box; sessions follow from the demand, ads from the sessions, stock from the units. All from generators of their
own: nothing else changes by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tracker.demo.catalogue import cents
from tracker.demo.chance import generator
from tracker.demo.corner import Corner, Watched
from tracker.demo.spells import Change
from tracker.demo.world import World

_LOST = Decimal("0.38")
"""The share of the Buy Box that is left to the own offer beside a hijacker."""
_COVER, _LEAST = 40, 9
"""Days of stock that come in, and at which they do."""
_OTHERS = ("{} for women", "{} gift", "best {}")
_RATES = {"USD": Decimal(1), "EUR": Decimal(1), "JPY": Decimal(150)}


@dataclass(frozen=True, slots=True)
class Ad:
    """What one campaign, or one search term of it, did in a night."""

    campaign: str
    term: str
    impressions: int
    clicks: int
    spend: Decimal
    orders: int
    sales: Decimal


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is true of an own listing on one night."""

    day: date
    sessions: int
    page_views: int
    buy_box: Decimal
    """Percent."""
    units: int
    orders: int
    sales: Decimal
    ads: tuple[Ad, ...]
    """By search term."""
    fulfillable: int
    inbound: int


def numbers(world: World, watched: Watched) -> tuple[Numbers, ...]:
    """The nights of an own listing."""
    corner, found = world.corner(watched.marketplace, watched.asin), []
    rng = generator(world.seed, watched.marketplace, watched.asin, "exports")
    converts, sold = rng.uniform(0.08, 0.16), corner.sold(watched.asin)
    kept, coming = round(_COVER * sold[0].demand), 0
    for night, of in enumerate(sold):
        changes = {spell.change for spell in corner.spells if spell.asin == watched.asin and spell.on(night)}
        share = _LOST if Change.HIJACK in changes else Decimal(rng.randint(970, 1000)) / 1000
        units = round(of.units * share) if Change.HIJACK in changes else of.units
        kept = 0 if Change.STOCK in changes else max(kept - units, 0)
        if coming and Change.STOCK not in changes:
            kept, coming = kept + coming, 0
        elif not coming and kept < _LEAST * of.demand:
            coming = round(_COVER * of.demand)
        sessions = max(units, round(of.demand / converts * rng.uniform(0.92, 1.08)))
        found.append(
            Numbers(
                day=world.start + timedelta(days=night),
                sessions=sessions,
                page_views=round(sessions * rng.uniform(1.2, 1.5)),
                buy_box=(share * 100).quantize(Decimal("0.01")),
                units=units,
                orders=units - min(units, rng.randint(0, 1 + units // 12)) if units else 0,
                sales=of.price * units,
                ads=() if Change.STOCK in changes else tuple(_ads(corner, sessions, units, of.price, rng)),
                fulfillable=kept,
                inbound=coming,
            )
        )
    return tuple(found)


def _ads(corner: Corner, sessions: int, units: int, price: Decimal, rng: Random) -> Iterator[Ad]:
    """A third of the sessions are clicks; the first keyword has most of them, and brings most."""
    niche = corner.niche
    terms = [*niche.keywords, *(text.format(niche.keywords[0]) for text in _OTHERS)]
    weights = [1 / (1 + n) for n in range(len(terms))]
    left = units // 3
    for term, weight in zip(terms, weights, strict=True):
        clicks = round(sessions / 3 * weight / sum(weights))
        if not clicks:
            continue
        orders = min(left, round(clicks * rng.uniform(0.0, 0.16)))
        left -= orders
        cost = Decimal(rng.randint(45, 110)) / 100 * _RATES[niche.currency]
        yield Ad(
            campaign=f"SP {niche.name} {'exact' if term in niche.keywords else 'auto'}",
            term=term,
            impressions=clicks * rng.randint(120, 260),
            clicks=clicks,
            spend=cents(clicks * cost, niche.currency),
            orders=orders,
            sales=price * orders,
        )
