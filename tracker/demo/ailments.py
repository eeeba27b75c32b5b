"""What ails the own listings on the last nights, for the report on their health to find: beside what is planted of
prices, sellers and pages, and without changing anything of it.

One listing has nothing of it; the others have each something else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from msgspec.structs import replace

from storage.records import Category, Product
from tracker.demo.words import WORDS

COUPON = Decimal(10)
"""Percent."""
MISPLACED = "9999999011"
"""A browse node that its product does not belong to."""


class Ailment(StrEnum):
    UNFOUND = "own_title"
    """The search for its own title does not find it."""
    STACKED = "promotions"
    """A coupon beside a deal."""
    MOVED = "category"
    """Its last category is another one."""
    FEWER_IMAGES = "images"
    """One image is gone."""


@dataclass(frozen=True, slots=True)
class Spell:
    """An ailment from a night on."""

    ailment: Ailment
    start: int

    def on(self, night: int) -> bool:
        return self.start <= night


_LAST = ((), ((Ailment.UNFOUND, 3),), ((Ailment.STACKED, 2), (Ailment.FEWER_IMAGES, 4)), ((Ailment.MOVED, 3),))
"""By niche in turn: how many of the last nights."""
_LEAST = 8
"""Nights of a world that is long enough for it."""


def ailments(number: int, nights: int) -> tuple[Spell, ...]:
    """Those of the own listing of niche ``number``."""
    planted = _LAST[number % len(_LAST)] if nights >= _LEAST else ()
    return tuple(Spell(ailment, nights - last) for ailment, last in planted)


def afflicted(product: Product, on: Collection[Ailment]) -> Product:
    """What a page says of the product while these last."""
    if Ailment.STACKED in on and product.price is not None:
        deal = WORDS[product.marketplace].deal
        product = replace(product, coupon_percent=COUPON, coupon_amount=None, deal=deal, is_deal=True)
    if Ailment.FEWER_IMAGES in on and product.image_count is not None:
        product = replace(product, image_count=product.image_count - 1)
    if Ailment.MOVED in on and product.categories:
        *path, last = product.categories
        moved = (*path, Category(name=f"{last.name} B", node=MISPLACED))
        product = replace(product, categories=moved, browse_node=MISPLACED)
    return product
