"""A world written into a real DuckDB file, page by page as crawls would leave it."""

from collections.abc import Iterator
from typing import Any

from reports.series import KeywordRead, Observation
from tests.reports.database import Database
from tests.worlds.observing import FIRST
from tests.worlds.positions import ADS_ON_A_PAGE, PAGES
from tests.worlds.world import World

PAGE_FIELDS = (
    "title", "brand", "price", "list_price", "coupon_percent", "coupon_amount", "deal", "is_deal", "availability",
    "in_stock", "stock_left", "seller", "seller_id", "rating", "review_count", "rating_percents", "prime_price",
    "variation_count", "parent_asin", "offer_count", "offer_from", "bullets", "image_count", "main_image",
    "has_a_plus", "has_video",
)  # fmt: skip


def write(world: World, database: Database) -> None:
    """Everything the crawls of the world read, and that they did not."""
    comparison = world.comparison
    own, *rivals = comparison.products
    keywords = [series.keyword for series in comparison.keywords]
    early = [rival.asin for rival in rivals if rival.watched_from == FIRST]
    common: dict[str, Any] = {"listing": comparison.listing, "marketplace": comparison.marketplace}
    database.listing(
        comparison.listing, comparison.marketplace, own.asin, early, keywords, pages=PAGES, valid_from=FIRST
    )
    for rival in rivals:
        if rival.asin not in early:
            database.insert("rival", asin=rival.asin, valid_from=rival.watched_from, **common)
    for product in comparison.products:
        for seen in product.observations:
            _product(database, comparison.marketplace, product.asin, seen)
        for failure in product.failures:
            database.fetch(
                failure.observed_at, "product", comparison.marketplace, asin=product.asin, outcome=failure.outcome
            )
    for series in comparison.keywords:
        for read in series.reads:
            database.search(read.began_at.replace(second=0), comparison.marketplace, series.keyword, list(_grid(read)))


def _product(database: Database, marketplace: str, asin: str, seen: Observation) -> None:
    shown = {name: value for name in PAGE_FIELDS if (value := getattr(seen, name)) is not None}
    badges = [{"kind": kind, "text": text} for kind, text in seen.badges or ()]
    number = database.product(
        seen.observed_at, marketplace, asin, currency="USD", badges=badges, missing=dict(seen.missing), **shown
    )
    for line, rank in enumerate(seen.ranks, start=1):
        database.insert(
            "bsr_observation",
            run_id=f"{seen.observed_at:%Y%m%dT%H}-run",
            fetch_id=number,
            marketplace=marketplace,
            asin=asin,
            observed_at=seen.observed_at,
            line=line,
            rank=rank.rank,
            category=rank.category,
        )


def _grid(read: KeywordRead) -> Iterator[list[tuple[str, bool | None]] | str]:
    """The results pages: watched products and newcomers at their places, and strangers that were always there."""
    at = {place.organic: asin for asin, place in read.places.items() if place.organic}
    at |= {place: asin for asin, place in read.strangers}
    ads = {place.sponsored: asin for asin, place in read.places.items() if place.sponsored}
    length, filler = read.first_page_results, 0
    for page in range(PAGES):
        if page >= read.pages_read:
            yield read.reason or "blocked"
            continue
        slots = range(page * ADS_ON_A_PAGE + 1, (page + 1) * ADS_ON_A_PAGE + 1)
        shown: list[tuple[str, bool | None]] = [(ads.get(slot, f"B0AD{slot:06d}"), True) for slot in slots]
        for place in range(page * length + 1, (page + 1) * length + 1):
            filler += place not in at
            shown.append((at.get(place, f"B0FILL{filler:04d}"), False))
        yield shown
