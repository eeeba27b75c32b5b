"""The ranked lists of the simulated site: who stands where on a night among the best sellers and the new releases of a
subcategory, and among the movers and shakers of a department.

The products of the niche stand where their own pages rank them. Between them stand outsiders, which are on no other
page: they fill the hundred, and neighbours among them swap from night to night.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from storage.records import Product
from tracker.demo.catalogue import Niche, natural
from tracker.demo.chance import generator
from tracker.demo.corner import Corner
from tracker.demo.listing import NEW_DAYS

Ranked = tuple[int, Product]
"""A rank with the product that has it."""
LENGTH, PAGE = 100, 50
"""Entries of a list, and of a page of it."""
MOVERS = 20
_OUTSIDERS = 104
_NEW = 5
"""Every so manieth outsider is a new release."""
_ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZ"


def best_sellers(corner: Corner, day: int) -> list[Ranked]:
    """The first hundred of the subcategory."""
    taken: dict[int, Product] = {}
    for rank, asin in sorted((corner.product(asin, day).bsr[1].rank, asin) for asin in corner.sheets):
        place = rank
        while place in taken:
            place += 1
        if place <= LENGTH and not corner.gone(asin, day):
            taken[place] = corner.product(asin, day)
    others = iter(_order(corner.niche, day))
    return [(rank, taken.get(rank) or next(others)) for rank in range(1, LENGTH + 1)]


def new_releases(corner: Corner, day: int) -> list[Ranked]:
    """Those of the best sellers, and of the niche, that came to the site not long ago."""
    young = [
        (corner.product(asin, day).bsr[1].rank, asin, corner.product(asin, day))
        for asin in corner.sheets
        if corner.age(asin, day) < timedelta(days=NEW_DAYS) and not corner.gone(asin, day)
    ]
    fresh = {product.asin for product in _outsiders(corner.niche)[::_NEW]}
    young += [(rank, p.asin, p) for rank, p in enumerate(_order(corner.niche, day), 1) if p.asin in fresh]
    return list(enumerate((product for _, _, product in sorted(young, key=lambda each: each[:2])), 1))


def movers(corners: Iterable[Corner], day: int) -> list[Ranked]:
    """Of a department, whose rank has gained most since the night before, in percent."""
    moved: list[tuple[float, str, Product]] = []
    for corner in corners:
        for asin in corner.sheets:
            now, before = corner.product(asin, day), corner.product(asin, max(day - 1, 0))
            if not corner.gone(asin, day):
                moved.append((now.bsr[0].rank / before.bsr[0].rank, asin, now))
    return list(enumerate((product for _, _, product in sorted(moved, key=lambda each: each[:2])[:MOVERS]), 1))


@lru_cache(maxsize=16)
def _outsiders(niche: Niche) -> tuple[Product, ...]:
    rng = generator(niche.marketplace, niche.name, "outsiders")
    made = []
    for _ in range(_OUTSIDERS):
        title = f"{rng.choice(niche.brands[1:])} {rng.choice(niche.nouns)}{niche.joint}{rng.choice(niche.features)}"
        made.append(
            Product(
                marketplace=niche.marketplace,
                asin="B1" + "".join(rng.choices(_ALPHABET, k=8)),
                title=title,
                price=natural(rng.uniform(niche.cheapest, niche.dearest), niche.currency),
                currency=niche.currency,
                rating=Decimal(rng.randint(36, 48)) / 10,
                review_count=round(rng.lognormvariate(5.5, 1.0)) + 1,
            )
        )
    return tuple(made)


def _order(niche: Niche, day: int) -> list[Product]:
    """The outsiders of a night, the best first."""
    rng = generator(niche.marketplace, niche.name, "outsiders", day)
    return [found for _, found in sorted(
        ((place + rng.gauss(0, 0.5), found) for place, found in enumerate(_outsiders(niche))), key=lambda each: each[0]
    )]  # fmt: skip
