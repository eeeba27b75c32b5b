"""The planted changes in the words of the flags, with what the pages said before and after.

An event says what a careful person would have noticed on the pages of two nights; it is read off the
simulated pages, not off the plan, so that rounding or a rival's noise cannot make it claim more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from reports.flags import Kind
from storage.records import BadgeKind, Product
from tracker.demo.ailments import Ailment
from tracker.demo.corner import Corner
from tracker.demo.history import TURN
from tracker.demo.shelf import ORGANIC
from tracker.demo.spells import BY_KEYWORD, Change, Spell

_BADGE, _RATING = 5, 3
"""Nights for which a badge, a rating must show to be more than a flicker."""
FEW = 6
"""So few left are few."""

Value = Decimal | int | str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One planted change that shows for the first time on night ``day`` (from 0)."""

    kind: Kind
    marketplace: str
    asin: str
    keyword: str | None
    day: int
    before: Value
    after: Value
    size: float
    """Price: relative change. Reviews: how many came or went. Rank: factor. Place: places moved. Rating: stars. Else
    0."""


Make = Callable[..., Event]
"""An event of a spell from kind, night, value before, value after, and size (0)."""


def events(corner: Corner, nights: int) -> Iterator[Event]:
    """What the spells of one niche show to who reads its pages on so many nights."""
    for spell in corner.spells:

        def event(
            kind: Kind, day: int, before: Value, after: Value, size: float = 0, *, spell: Spell = spell, asin: str = ""
        ) -> Event:
            keyword = spell.keyword if spell.change in {Change.PLACE, Change.ADS} else None
            return Event(kind, corner.niche.marketplace, asin or spell.asin, keyword, day, before, after, size)

        found = _in_search if spell.change in BY_KEYWORD else _on_page
        yield from (seen for seen in found(corner, spell, nights, event) if 1 <= seen.day < nights)
    for ailment in corner.ailments:
        if ailment.ailment is Ailment.STACKED and 1 <= ailment.start < nights:
            asin = corner.watched.asin
            was, now = (corner.page(asin, night) for night in (ailment.start - 1, ailment.start))
            for kind, show in ((Kind.DEAL_STARTED, attrgetter("deal")), (Kind.COUPON_STARTED, _coupon)):
                yield Event(kind, corner.niche.marketplace, asin, None, ailment.start, show(was), show(now), 0)


def _in_search(corner: Corner, spell: Spell, nights: int, event: Make) -> Iterator[Event]:
    keyword, day = spell.keyword or "", spell.start
    (was, ad_was), (now, ad) = corner.place(spell.asin, keyword, day - 1), corner.place(spell.asin, keyword, day)
    match spell.change:
        case Change.ADS:
            yield event(Kind.SPONSORED_GAINED if spell.size > 0 else Kind.SPONSORED_LOST, day, ad_was, ad)
        case Change.NEWCOMER:
            yield event(Kind.NEWCOMER, day, was, now, abs(spell.size))
        case Change.CHOICE:
            last, around = corner.choices(day - 1)[keyword], range(day - 1, min(day + _BADGE, nights))
            for asin, gained in ((spell.asin, True), (last, False)):
                worn = [_chosen(corner, asin, night) for night in around]
                # A page without an offer says nothing of this badge.
                known = all(corner.product(asin, n).in_stock and not corner.gone(asin, n) for n in around)
                if known and worn == [not gained] + [gained] * _BADGE:
                    yield event(Kind.BADGE_GAINED if gained else Kind.BADGE_LOST, day, None, keyword, asin=asin)
        case Change.PLACE:
            up, within = spell.size < 0, abs(spell.size) < ORGANIC - 1
            kinds = (Kind.PLACE_FELL, Kind.PLACE_CLIMBED) if within else (Kind.KEYWORD_LOST, Kind.KEYWORD_GAINED)
            yield event(kinds[up], day, was, now, abs(spell.size))


def _chosen(corner: Corner, asin: str, night: int) -> bool:
    return any(badge.kind is BadgeKind.AMAZONS_CHOICE for badge in corner.badges(asin, night))


def _on_page(corner: Corner, spell: Spell, nights: int, event: Make) -> Iterator[Event]:
    for day in (spell.start, spell.end):
        if day is None or not 1 <= day < nights:
            continue
        before, after = corner.page(spell.asin, day - 1), corner.page(spell.asin, day)
        yield from _priced(spell, day, before, after, event)
        for kind in _kinds(spell, day == spell.start, own=spell.asin == corner.watched.asin):
            was, now = _VALUES[spell.change](before), _VALUES[spell.change](after)
            size = _SIZES[spell.change](was, now) if spell.change in _SIZES else 0
            yield event(kind, day, was, now, size)
    match spell.change:
        case Change.STOCK:
            yield from _running_low(corner, spell, event)
        case Change.SEE_SAW:
            yield from _to_and_fro(corner, spell, nights, event)
        case Change.LOW_STARS:
            yield from _rating(corner, spell, nights, event)


def _kinds(spell: Spell, begins: bool, *, own: bool) -> tuple[Kind, ...]:
    if spell.change is Change.SALES and begins:
        return (Kind.BSR_JUMP if spell.size > 1 else Kind.BSR_SLUMP,)
    if spell.change is Change.OFFERS and own:  # beside a hijacker
        return ()
    return (_BEGIN if begins else _END).get(spell.change, ())


def _priced(spell: Spell, day: int, before: Product, after: Product, event: Make) -> Iterator[Event]:
    begun = spell.change is Change.SEE_SAW and day == spell.start
    if (begun or spell.change in {Change.PRICE, Change.DEAL}) and before.price and after.price:
        size = float(after.price / before.price - 1)
        if size:
            yield event(Kind.PRICE_CUT if size < 0 else Kind.PRICE_RISE, day, before.price, after.price, size)


def _running_low(corner: Corner, spell: Spell, event: Make) -> Iterator[Event]:
    """The first night on which few are left."""
    for day in range(max(1, spell.start - 3), spell.start):
        before, after = corner.page(spell.asin, day - 1), corner.page(spell.asin, day)
        if after.stock_left and after.stock_left <= FEW and not (before.stock_left and before.stock_left <= FEW):
            yield event(Kind.RUNNING_LOW, day, before.stock_left, after.stock_left)
            return


def _to_and_fro(corner: Corner, spell: Spell, nights: int, event: Make) -> Iterator[Event]:
    """Down, up, and down again: the first way back is a rise as any other, the second makes it a see-saw."""
    for day, kind in ((spell.start + TURN, Kind.PRICE_RISE), (spell.start + 2 * TURN, Kind.SEE_SAW)):
        if day < min(nights, spell.last):
            before, after = corner.page(spell.asin, day - 1).price, corner.page(spell.asin, day).price
            if before and after:
                yield event(kind, day, before, after, float(after / before - 1))


def _rating(corner: Corner, spell: Spell, nights: int, event: Make) -> Iterator[Event]:
    """The first night of a lower rating that stays."""
    before = corner.page(spell.asin, spell.start - 1).rating or Decimal(0)
    for day in range(spell.start, min(spell.last + 1, nights - _RATING + 1)):
        shown = [corner.page(spell.asin, night).rating or before for night in range(day, day + _RATING)]
        if max(shown) < before:
            yield event(Kind.RATING_FELL, day, before, shown[-1], float(shown[-1] - before))
            return


def _coupon(product: Product) -> Decimal | None:
    return product.coupon_percent or product.coupon_amount


_BEGIN: Mapping[Change, tuple[Kind, ...]] = {
    Change.DEAL: (Kind.DEAL_STARTED,),
    Change.COUPON: (Kind.COUPON_STARTED,),
    Change.STOCK: (Kind.OUT_OF_STOCK,),
    Change.REVIEWS: (Kind.REVIEW_BURST,),
    Change.REMOVED: (Kind.REVIEWS_REMOVED,),
    Change.MERGED: (Kind.REVIEWS_MERGED, Kind.VARIATIONS_CHANGED),
    Change.LOW_STARS: (Kind.LOW_STAR_WAVE,),
    Change.TITLE: (Kind.TITLE_CHANGED,),
    Change.BULLETS: (Kind.BULLETS_CHANGED,),
    Change.IMAGE: (Kind.IMAGE_CHANGED,),
    Change.A_PLUS: (Kind.A_PLUS_CHANGED,),
    Change.SELLER: (Kind.BUY_BOX_CHANGED,),
    Change.HIJACK: (Kind.BUY_BOX_LOST, Kind.HIJACKER),
    Change.OFFERS: (Kind.OFFERS_MULTIPLYING,),
    Change.GONE: (Kind.LISTING_GONE,),
}
_END: Mapping[Change, tuple[Kind, ...]] = {
    Change.DEAL: (Kind.DEAL_ENDED,),
    Change.COUPON: (Kind.COUPON_ENDED,),
    Change.STOCK: (Kind.BACK_IN_STOCK,),
    Change.GONE: (Kind.LISTING_BACK,),
}
_REVIEWS = (Change.REVIEWS, Change.REMOVED, Change.MERGED, Change.LOW_STARS)
_VALUES: Mapping[Change, Callable[[Product], Any]] = {
    **dict.fromkeys(_REVIEWS, lambda page: page.review_count),
    **dict.fromkeys((Change.SELLER, Change.HIJACK), lambda page: page.seller),
    Change.DEAL: lambda page: page.deal,
    Change.COUPON: _coupon,
    Change.STOCK: lambda page: page.availability,
    Change.SALES: lambda page: page.bsr[0].rank,
    Change.TITLE: lambda page: page.title,
    Change.BULLETS: lambda page: " ".join(page.bullets or ()),
    Change.IMAGE: lambda page: page.main_image,
    Change.A_PLUS: lambda page: page.has_a_plus,
    Change.OFFERS: lambda page: page.offer_count,
    Change.GONE: lambda page: page.title,
}
_SIZES: Mapping[Change, Callable[[Any, Any], float]] = {
    **dict.fromkeys(_REVIEWS, lambda was, now: now - was),
    Change.SALES: lambda was, now: now / was,
}
