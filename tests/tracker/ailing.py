"""What ails the own listings of a simulated world, night by night, read off its own pages and plans."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from reports.actions import What
from storage.records import Product
from tracker.demo.actions import KINDS, actions
from tracker.demo.ailments import Ailment
from tracker.demo.corner import Corner, Watched
from tracker.demo.events import FEW
from tracker.demo.run import meant
from tracker.demo.spells import Change
from tracker.demo.world import World

Ill = tuple[str, str | None, date]
"""Key of a point, its keyword, and the day on which it is wrong."""
CHANGED = {
    Change.TITLE: "title", Change.BULLETS: "bullets", Change.IMAGE: "main_image", Change.A_PLUS: "a_plus",
}  # fmt: skip
ACCEPTED = 7
"""Nights after which another state is the one to compare with."""


def ills(world: World, listing: Watched) -> set[Ill]:
    """All of them."""
    corner = world.corner(listing.marketplace, listing.asin)
    pages = [world.product(listing.marketplace, listing.asin, night) for night in range(world.day_count)]
    noted = {(done.what, done.night) for done in actions(world) if done.listing == listing.name}
    found = [*_of_pages(world, listing, pages), *_of_plans(corner, pages, noted), *_of_places(corner, len(pages))]
    return {(key, keyword, world.start + timedelta(days=night)) for key, keyword, night in found}


def _of_pages(world: World, listing: Watched, pages: list[Product]) -> Iterator[tuple[str, None, int]]:
    own = world.corner(listing.marketplace, listing.asin).sheets[listing.asin].seller_id
    low, high = meant(world, listing)
    read: set[str] = set()
    for night, page in enumerate(pages):
        if page.price is not None:
            if page.seller_id != own:
                yield from (("buy_box", None, night), ("sellers", None, night))
            if not low <= page.price <= high:
                yield "price", None, night
            if (page.coupon_percent or page.coupon_amount) and (
                page.is_deal or page.prime_price or page.subscribe_price
            ):
                yield "promotions", None, night
        if not page.in_stock or (page.stock_left or FEW + 1) <= FEW:
            yield "stock", None, night
        for back, fall in ((7, Decimal("0.1")), (30, Decimal("0.2"))):
            if night >= back and (pages[night - back].rating or 0) - (page.rating or 0) >= fall:
                yield "rating", None, night
        new = [review for review in page.reviews or () if review.review_id not in read]
        read |= {review.review_id for review in new}
        since = world.start + timedelta(days=night - 30)
        if night and any((r.stars or 5) <= 3 and (r.reviewed_on is None or r.reviewed_on >= since) for r in new):
            yield "reviews", None, night


def _of_plans(corner: Corner, pages: list[Product], noted: set[tuple[What, int]]) -> Iterator[tuple[str, None, int]]:
    """Without the changes that the seller has ``noted``, by kind and first night: they are none."""
    own = corner.watched.asin
    for spell in corner.spells:
        if spell.asin == own and spell.change in CHANGED and (KINDS.get(spell.change), spell.start) not in noted:
            for night in range(max(1, spell.start), min(spell.start + ACCEPTED, len(pages))):
                yield CHANGED[spell.change], None, night
    for ailment in corner.ailments:
        if ailment.ailment is not Ailment.STACKED:  # which its pages show
            for night in range(ailment.start, len(pages)):
                yield ailment.ailment.value, None, night


def _of_places(corner: Corner, nights: int) -> Iterator[tuple[str, str, int]]:
    for keyword in corner.niche.keywords:
        lost = [corner.place(corner.watched.asin, keyword, night)[0] is None for night in range(nights)]
        yield from (("keyword", keyword, night) for night in range(1, nights) if lost[night] and lost[night - 1])
