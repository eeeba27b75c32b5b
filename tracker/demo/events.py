"""The planted changes in the words of the flags, with what the pages said before and after.

An event says what a careful person would have noticed on the pages of two nights; it is read off the
simulated pages, not off the plan, so that rounding or a rival's noise cannot make it claim more.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from reports.flags import Kind
from storage.records import Product
from tracker.demo.planting import Change, Spell

PAGES = 2
"""Results pages that the demo reads of a keyword: the first page of results and the one behind it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One planted change that shows for the first time on night ``day`` (from 0)."""

    kind: Kind
    marketplace: str
    asin: str
    keyword: str | None
    day: int
    before: Decimal | int | str | None
    after: Decimal | int | str | None
    size: float
    """Price: relative change. Reviews: how many came. Rank: factor. Place: places moved. Else 0."""


Pages = Callable[[str, int], Product]
"""What the page of an ASIN says on a night."""
Places = Callable[[str, str, int], tuple[int | None, int | None]]
"""Organic and sponsored place of an ASIN for a keyword on a night, counted over the pages read."""


def events(marketplace: str, spells: Iterable[Spell], count: int, pages: Pages, places: Places) -> Iterator[Event]:
    """What the spells of one niche show to who reads its pages on ``count`` nights."""
    for spell in spells:
        for day in (spell.start, spell.end):
            if day is not None and 1 <= day < count:
                yield from _seen(marketplace, spell, day, pages, places)


def _seen(marketplace: str, spell: Spell, day: int, pages: Pages, places: Places) -> Iterator[Event]:
    def event(kind: Kind, values: tuple[Decimal | int | str | None, Decimal | int | str | None], size: float) -> Event:
        return Event(kind, marketplace, spell.asin, spell.keyword, day, *values, size)

    begins = day == spell.start
    if spell.keyword is not None:
        yield from _in_search(spell, spell.keyword, day, places, event)
        return
    before, after = pages(spell.asin, day - 1), pages(spell.asin, day)
    if spell.change in {Change.PRICE, Change.DEAL} and before.price and after.price and before.price != after.price:
        size = float(after.price / before.price - 1)
        yield event(Kind.PRICE_CUT if size < 0 else Kind.PRICE_RISE, (before.price, after.price), size)
    match spell.change:
        case Change.DEAL:
            yield event(Kind.DEAL_STARTED if begins else Kind.DEAL_ENDED, (before.deal, after.deal), 0)
        case Change.COUPON:
            values = (_coupon(before), _coupon(after))
            yield event(Kind.COUPON_STARTED if begins else Kind.COUPON_ENDED, values, 0)
        case Change.STOCK:
            kind = Kind.OUT_OF_STOCK if begins else Kind.BACK_IN_STOCK
            yield event(kind, (before.availability, after.availability), 0)
        case Change.REVIEWS if begins:
            counts = (before.review_count or 0, after.review_count or 0)
            yield event(Kind.REVIEW_BURST, counts, counts[1] - counts[0])
        case Change.SALES if begins:
            ranks = (before.bsr[0].rank, after.bsr[0].rank)
            yield event(Kind.BSR_JUMP if spell.size > 1 else Kind.BSR_SLUMP, ranks, ranks[1] / ranks[0])
        case Change.TITLE:
            yield event(Kind.TITLE_CHANGED, (before.title, after.title), 0)
        case Change.SELLER:
            yield event(Kind.BUY_BOX_CHANGED, (before.seller, after.seller), 0)


def _in_search(spell: Spell, keyword: str, day: int, places: Places, event: Callable[..., Event]) -> Iterator[Event]:
    organic = places(spell.asin, keyword, day - 1)[0], places(spell.asin, keyword, day)[0]
    ads = places(spell.asin, keyword, day - 1)[1], places(spell.asin, keyword, day)[1]
    if spell.change is Change.PLACE:
        yield event(Kind.KEYWORD_GAINED if spell.size < 0 else Kind.KEYWORD_LOST, organic, abs(spell.size))
    else:
        yield event(Kind.SPONSORED_GAINED if spell.size > 0 else Kind.SPONSORED_LOST, ads, 0)


def _coupon(product: Product) -> Decimal | None:
    return product.coupon_percent or product.coupon_amount
