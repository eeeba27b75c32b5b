"""How good a period's data is: sums over planted nights, the same from SQL, and what is no failure of reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.compare import compare
from reports.sections.quality import Coverage, Quality, gaps, quality
from tests.reports.database import Database
from tests.reports.nights import OWN, RIVAL, night

FULL = {
    "price": 10, "currency": "USD", "coupon_percent": 10, "is_deal": False, "bsr": 9, "rating": 4.5, "review_count": 7,
    "in_stock": True, "seller": "A",
}  # fmt: skip
PAGE: list[tuple[str, bool | None]] = [(OWN, False)]


def page(database: Database, asin: str, n: int, **missing: str) -> None:
    """A page with all values but those that are missing, with their reasons."""
    known = {name: value for name, value in FULL.items() if name not in missing}
    database.product(night(n), "com", asin, missing=missing, **known)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Six nights of the own product, one blocked and one without a price; four of a rival, of which the last was not
    asked for and one was read for elsewhere; three of a keyword, one of them half."""
    made = Database(Path(tmp_path_factory.mktemp("quality")) / "tracker.duckdb")
    made.listing("mug", "com", OWN, [], ["tea mug"], pages=2)
    made.insert("rival", listing="mug", marketplace="com", asin=RIVAL, valid_from=night(2))
    for n in (0, 1, 3, 5):
        page(made, OWN, n)
    made.fetch(night(2), "product", "com", asin=OWN, outcome="blocked")
    page(made, OWN, 4, price="unparseable", coupon_percent="absent_on_page")
    page(made, RIVAL, 2, bsr="layout_unknown", rating="layout_unknown")
    made.fetch(night(3), "product", "com", asin=RIVAL, outcome="timeout")
    made.product(night(4), "com", RIVAL, elsewhere="delivers to Germany", **FULL)  # type: ignore[arg-type]
    made.search(night(0), "com", "tea mug", [PAGE, PAGE])
    made.search(night(1), "com", "tea mug", [PAGE, "blocked"])
    made.search(night(2), "com", "tea mug", [PAGE, PAGE])
    yield made
    made.con.close()


@pytest.fixture(scope="module")
def found(database: Database) -> Quality:
    return quality(compare(database.con, "mug", days=6))


def test_nights_read_of_those_asked_for(found: Quality) -> None:
    assert found.products == (
        Coverage(OWN, own=True, read=5, partly=0, asked=6, idle=0, reasons={"blocked": 1}),
        Coverage(RIVAL, own=False, read=2, partly=0, asked=3, idle=1, reasons={"timeout": 1}),
    )
    assert found.keywords == (
        Coverage("tea mug", own=False, read=2, partly=1, asked=3, idle=3, reasons={"blocked": 1}),
    )
    assert (found.pages, found.idle) == ((9, 12), 4)


def test_each_missing_value_is_counted_under_its_reason(found: Quality) -> None:
    fields = {field.field: field for field in found.fields}
    lost = {"blocked": 1, "timeout": 1}
    there = {"elsewhere: delivers to Germany": 1}
    assert fields["price"].reasons == {"unparseable": 1} | there | lost
    assert fields["bsr"].reasons == {"layout_unknown": 1} | lost
    assert fields["review_count"].reasons == lost
    assert fields["coupon_percent"].reasons == there | lost, "that a page shows no coupon is an answer"
    assert {field.asked for field in found.fields} == {9}
    assert found.fields[0].read == min(field.read for field in found.fields) == 5, "the least read stands first"


def test_the_sum_is_that_of_the_database(database: Database, found: Quality) -> None:
    """Of every product page asked for, each of the fields that has a value or that the page says it has not."""
    (sums,) = database.con.execute(
        """
        WITH page AS (
            SELECT d.*, [split_part(x.field, '_percent', 1) FOR x IN l.lacks IF x.reason = 'absent_on_page'] AS none
            FROM page_fetch f LEFT JOIN daily d USING (fetch_id)
            LEFT JOIN stored.product p USING (fetch_id) LEFT JOIN stored.lack l ON l.lack_id = p.lack_id
            WHERE f.kind = 'product'
        ),
        value AS (
            SELECT elsewhere, none, unnest([
                {'field': 'price', 'shown': price::VARCHAR}, {'field': 'coupon', 'shown': coupon_percent::VARCHAR},
                {'field': 'is_deal', 'shown': is_deal::VARCHAR}, {'field': 'bsr', 'shown': bsr::VARCHAR},
                {'field': 'rating', 'shown': rating::VARCHAR}, {'field': 'reviews', 'shown': review_count::VARCHAR},
                {'field': 'in_stock', 'shown': in_stock::VARCHAR}, {'field': 'seller', 'shown': seller}]) AS f
            FROM page
        )
        SELECT count(*) FILTER (
                   (f.shown IS NOT NULL OR list_contains(none, f.field))
                   AND (elsewhere IS NULL OR f.field IN ('bsr', 'rating', 'reviews'))), count(*)
        FROM value
        """
    ).fetchall()
    assert found.values == sums == (48, 72)


def test_pages_from_elsewhere_are_named(found: Quality) -> None:
    (apart,) = found.apart
    assert (apart.asin, apart.reason, apart.pages) == (RIVAL, "elsewhere: delivers to Germany", 1)
    assert apart.first == apart.last == night(4).date()


def test_gaps_are_those_of_the_comparison(database: Database) -> None:
    """Runs of nights with one reason, the nights before the rival was watched among them."""
    comparison = compare(database.con, "mug", days=6)
    told = [(g.asin or g.keyword, g.field, g.days, g.reason) for g in gaps(comparison)]
    assert (RIVAL, None, 2, "not_watched") in told and (OWN, None, 1, "blocked") in told
    assert (RIVAL, "bsr", 1, "layout_unknown") in told and ("tea mug", None, 3, "not_crawled") in told
    assert gaps(comparison) == comparison.gaps


def test_out_of_stock_is_why_there_is_no_price(database: Database) -> None:
    late = night(40)
    none = {"price": "absent_on_page", "seller": "absent_on_page", "rating": "unparseable"}
    database.product(late, "com", OWN, in_stock=False, missing=none)
    found = {g.field: g.reason for g in compare(database.con, "mug", days=1, until=late).gaps if g.asin == OWN}
    assert found["price"] == found["seller"] == "out_of_stock" and found["rating"] == "unparseable"


def test_nothing_read_is_no_share(database: Database) -> None:
    """Of a period in which nothing was asked for there is nothing to count."""
    later = quality(compare(database.con, "mug", days=1, until=night(50)))
    assert (later.values, later.pages, later.idle) == ((0, 0), (0, 0), 3)
