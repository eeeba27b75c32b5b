"""What the simulated world says of a listing beside what is planted: every field has content, and plausible one."""

from decimal import Decimal
from itertools import pairwise

import pytest

from storage.records import Badge, BadgeKind, Product
from tracker.demo.opinions import percents
from tracker.demo.run import FIRST_DAY
from tracker.demo.world import World

NIGHTS = 35


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, days=NIGHTS, start=FIRST_DAY)


@pytest.fixture(scope="module")
def planted(world: World) -> set[str]:
    """Ids of planted reviews, which come on top, and stay."""
    corners = (world.corner(each.marketplace, each.asin) for each in world.listings)
    return {each.review.review_id for corner in corners for each in corner.grievances}


@pytest.fixture(scope="module")
def histories(world: World) -> list[list[Product]]:
    """The nights of every watched product."""
    watched = [(each.marketplace, asin) for each in world.listings for asin in (each.asin, *each.rivals)]
    return [[world.product(*product, day) for day in range(NIGHTS)] for product in watched]


def kinds(product: Product) -> set[BadgeKind]:
    return {badge.kind for badge in product.badges or ()}


def test_every_field_has_content_in_every_marketplace(histories: list[list[Product]]) -> None:
    pages = [page for history in histories for page in history]
    for marketplace in {page.marketplace for page in pages}:
        here = [page for page in pages if page.marketplace == marketplace]
        lacking = {field for field in Product.__struct_fields__ if not any(getattr(page, field) for page in here)} - {
            "missing"
        }
        assert lacking <= {"renewed_price", "prime_price", "deal_ends", "coupon_amount"}, marketplace
    assert all(any(getattr(page, field) for page in pages) for field in ("renewed_price", "prime_price", "deal_ends"))
    assert {kind for page in pages for kind in kinds(page)} == set(BadgeKind) - {BadgeKind.DEAL}


@pytest.mark.parametrize("tenths", range(33, 50))
def test_stars_are_spread_as_the_rating_says(tenths: int) -> None:
    spread = percents(Decimal(tenths) / 10)
    assert len(spread) == 5
    assert sum(spread) == 100
    assert sum(n * stars for n, stars in zip(spread, (5, 4, 3, 2, 1), strict=True)) == pytest.approx(tenths * 10, abs=5)


def test_a_best_seller_is_first_of_its_subcategory(histories: list[list[Product]]) -> None:
    for history in histories:
        for page in history:
            best = Badge(kind=BadgeKind.BEST_SELLER, text=page.bsr[1].category)
            assert (best in (page.badges or ())) == (page.bsr[1].rank == 1)
    for day in range(NIGHTS):
        first = [page.bsr[1].category for page in (history[day] for history in histories) if page.bsr[1].rank == 1]
        assert len(set(first)) == len(first)
    assert any(len({page.badges for page in history}) > 1 for history in histories)


def test_other_offers_fit_the_price_of_the_night(histories: list[list[Product]]) -> None:
    for page in (page for history in histories for page in history):
        others = (page.used_price, page.renewed_price, page.prime_price, page.subscribe_price, page.offer_from)
        assert page.price or not any((*others, page.unit_price, page.ships_from, page.offer_count))
        assert all(page.price / 2 < other < page.price for other in others if page.price and other)
        assert (page.deal_ends is None) or page.deal


def test_a_review_is_the_same_on_every_night_and_the_newest_give_way(
    histories: list[list[Product]], planted: set[str]
) -> None:
    for history in histories:
        nights = [[r for r in page.reviews or () if r.review_id not in planted] for page in history]
        seen = {review.review_id: review for reviews in nights for review in reviews}
        for day, (page, reviews) in enumerate(zip(history, nights, strict=True)):
            assert 4 <= len(reviews) <= 7
            for review in reviews:
                assert review == seen[review.review_id]
                assert review.reviewed_on is not None
                assert page.first_available is not None
                assert page.first_available <= review.reviewed_on
                assert (review.reviewed_on - FIRST_DAY).days <= day
        assert len(seen) > len(nights[0])
        for before, after in pairwise(nights):
            assert {r.review_id for r in before} & {r.review_id for r in after}, history[0].asin
