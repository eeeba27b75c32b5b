"""What a product page of the simulated site shows beside its product, and a results page beside its cards.

Who buyers also look at is planted (:mod:`tracker.demo.akin`); what a product is compared with stays the same from night
to night: those of its own circle, and for others those of its niche, whose price is nearest.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from storage.records import Product, RelatedKind, RelatedPlacement
from tracker.demo.akin import also_viewed, circle
from tracker.demo.chance import generator
from tracker.demo.corner import Corner
from tracker.demo.words import WORDS

_VIEWED, _COMPARED, _LONGER = 6, 3, 4


class Row(NamedTuple):
    """One row of other products."""

    kind: RelatedKind
    heading: str
    products: Sequence[Product]


def rows(corner: Corner, asin: str, night: int, together: Sequence[Product]) -> tuple[Row, Row, Row]:
    """The rows of a product's page from top to bottom: bought ``together``, also viewed, compared."""
    words = WORDS[corner.niche.marketplace]
    viewed, compared = also_viewed(corner, asin, night, _VIEWED), _compared(corner, asin, night)
    return (
        Row(RelatedKind.BOUGHT_TOGETHER, words.together, together),
        Row(RelatedKind.ALSO_VIEWED, words.viewed, [corner.product(other, night) for other in viewed]),
        Row(RelatedKind.COMPARED, words.compare, [corner.product(other, night) for other in compared]),
    )


def related(shown: Sequence[Row]) -> Iterator[RelatedPlacement]:
    """What is to be read of these rows."""
    for number, row in enumerate(shown, 1):
        for place, product in enumerate(row.products, 1):
            yield RelatedPlacement(
                row=number,
                kind=row.kind,
                heading=row.heading,
                sponsored=False,
                place=place,
                asin=product.asin,
                title=product.title,
                price=product.price,
                currency=product.currency if product.price is not None else None,
                rating=product.rating,
                review_count=product.review_count,
            )


def related_searches(corner: Corner, keyword: str) -> tuple[str, ...]:
    """Other queries: longer ones that begin with ``keyword``, then what else buyers of the niche search for."""
    niche = corner.niche
    rng = generator(niche.marketplace, niche.name, keyword, "related searches")
    longer = [f"{keyword} {feature.lower()}" for feature in rng.sample(niche.features, _LONGER)]
    return (*longer, *(other for other in niche.keywords if other != keyword))


def _compared(corner: Corner, asin: str, night: int) -> list[str]:
    inner = circle(corner)
    others = inner if asin in inner else corner.sheets
    there = [other for other in others if other != asin and not corner.gone(other, night)]
    price = corner.sheets[asin].price
    return sorted(there, key=lambda other: (abs(corner.sheets[other].price - price), other))[:_COMPARED]
