"""What the tables say of each product: changes, ranks, and why a value is not there."""

from typing import Any

import pytest

from reports.compare import compare
from reports.page.cells import Cell
from reports.position import Position
from reports.wording import Wording
from tests.reports.database import Database
from tests.reports.nights import (
    ABSENT,
    BLOCKED,
    OWN,
    PAGE,
    RIVAL,
    Lacks,
    Lost,
    listing,
    night,
    rank,
    tell,
)


def position(database: Database, days: int = 30) -> Position:
    comparison = compare(database.con, "mug", days=days)
    return Position(comparison, Wording("en", comparison.currency, comparison.time_zone))


def row(database: Database, asin: str = RIVAL) -> dict[str, Cell]:
    made = position(database)
    (product,) = [p for p in made.comparison.products if p.asin == asin]
    return {cell.head: cell for cell in made.row(product)}


def deltas(cell: Cell) -> list[tuple[str, str]]:
    return [(delta.text, delta.sense) for delta in cell.deltas]


def test_changes_say_from_what_and_when(database: Database) -> None:
    listing(database)
    tell(
        database,
        price=[20, 20, 20, 20, 20, 20, 19, 18],
        bsr=[900, 900, 900, 900, 900, 900, 1300, 1200],
        rating=[4.4, 4.4, 4.4, 4.4, 4.4, 4.4, 4.5, 4.5],
        review_count=[100, 104, 104, 104, 104, 104, 120, 121],
    )
    cells = row(database)
    assert (cells["Price"].text, deltas(cells["Price"])) == (
        "$18.00",
        [("1 d −$1.00 (−5.3 %)", "flat"), ("7 d −$2.00 (−10.0 %)", "flat")],
    )
    assert [d.note for d in cells["Price"].deltas] == ["was $19.00 on Sun 8 Mar", "was $20.00 on Mon 2 Mar"]
    assert deltas(cells["BSR"]) == [("1 d ▲ 100", "good"), ("7 d ▼ 300", "bad")]
    assert deltas(cells["Rating"]) == [("1 d =", "flat"), ("7 d +0.1", "good")]
    assert deltas(cells["Reviews"]) == [("1 d +1", "flat"), ("7 d +21", "flat")]
    assert (cells["Per day"].text, cells["Per day"].note) == ("3.0", "21 in 7 days")


def test_no_change_is_made_up_where_there_is_nothing_to_compare_with(database: Database) -> None:
    listing(database)
    tell(database, price=[20, BLOCKED, 18], review_count=[100, BLOCKED, 130])
    cells = row(database)
    assert deltas(cells["Price"]) == [("1 d —", "flat"), ("7 d —", "flat")]
    assert (cells["Per day"].text, cells["Per day"].note) == ("—", "needs a count now and 7 days before")


REASONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "absent": ({"price": ABSENT}, "Price", "not shown on the page"),
    "unparseable": ({"price": Lacks("unparseable")}, "Price", "shown, but not readable"),
    "out of stock": ({"price": ABSENT, "in_stock": False}, "Price", "out of stock"),
    "foreign": ({"price": 20, "currency": "EUR"}, "Price", "shown as €20.00: not compared"),
    "no currency": ({"price": 20, "currency": ABSENT}, "Price", "shown as 20: not compared"),
    "rank": ({"bsr": Lacks("layout_unknown")}, "BSR", "page layout not known"),
    "stock": ({"in_stock": Lacks("ambiguous")}, "Stock", "the page contradicts itself"),
    "seller": ({"seller": ABSENT}, "Buy Box", "not shown on the page"),
    "no reason": ({"rating": None, "title": "Mug"}, "Rating", "no reason recorded"),
    "coupon": (
        {"coupon_percent": Lacks("unparseable"), "coupon_amount": ABSENT, "is_deal": False},
        "Coupon, deal",
        "coupon: shown, but not readable",
    ),
}


@pytest.mark.parametrize(("shown", "head", "note"), REASONS.values(), ids=REASONS)
def test_a_value_that_is_not_there_says_why(database: Database, shown: dict[str, Any], head: str, note: str) -> None:
    listing(database)
    one_night: dict[str, Any] = {name: [value] for name, value in shown.items()}
    tell(database, **one_night)
    cell = row(database)[head]
    assert (cell.text, cell.missing, cell.note) == ("—", True, note)


def test_yesterdays_value_never_stands_in(database: Database) -> None:
    listing(database)
    tell(database, price=[20, Lost("timeout")], bsr=[5, Lost("timeout")], seller=["A", Lost("timeout")])
    made = position(database)
    (product,) = made.comparison.rivals
    assert all(cell.missing and cell.text == "—" for cell in made.row(product))
    assert made.unread(product) == "timed out, last read Mon 2 Mar"


@pytest.mark.parametrize(
    ("shown", "text", "missing"),
    [
        ({"coupon_percent": 10, "is_deal": False}, "Coupon 10 %", False),
        ({"coupon_amount": 3, "price": 20, "is_deal": True, "deal": "Deal"}, "Coupon $3.00 · Deal", False),
        ({"coupon_percent": ABSENT, "coupon_amount": ABSENT, "is_deal": False}, "none", False),
        ({"coupon_percent": ABSENT, "coupon_amount": ABSENT, "is_deal": Lacks("layout_unknown")}, "—", True),
        ({"coupon_percent": 10, "is_deal": Lacks("layout_unknown")}, "Coupon 10 %", False),
    ],
)
def test_promotions(database: Database, shown: dict[str, Any], text: str, missing: bool) -> None:
    listing(database)
    one_night: dict[str, Any] = {name: [value] for name, value in shown.items()}
    tell(database, **one_night)
    cell = row(database)["Coupon, deal"]
    assert (cell.text, cell.missing) == (text, missing)


def test_stock(database: Database) -> None:
    listing(database)
    tell(database, OWN, in_stock=[True], stock_left=[3])
    tell(database, in_stock=[False], availability=["Currently unavailable."])
    assert row(database, OWN)["Stock"].text == "3 left"
    assert (row(database)["Stock"].text, row(database)["Stock"].note) == ("Out", "Currently unavailable.")


def test_tiles_rank_the_own_listing_among_what_is_known_now(database: Database) -> None:
    rivals = [RIVAL, "B0RIVAL002", "B0RIVAL003", "B0RIVAL004"]
    listing(database, rivals=rivals)
    tell(database, OWN, price=[20], bsr=[300], rating=[4.2], review_count=[50])
    tell(database, rivals[0], price=[18], bsr=[200], rating=[4.2], review_count=[60])
    tell(database, rivals[1], price=[25], bsr=[400], rating=[4.0], review_count=[40])
    tell(database, rivals[2], price=[ABSENT], bsr=[100], category=["Garden"], rating=[4.9], review_count=[10])
    tell(database, rivals[3], price=[BLOCKED])
    tiles = {tile.name: tile for tile in position(database).tiles()}
    assert {name: (tile.text, tile.place) for name, tile in tiles.items()} == {
        "Price": ("$20.00", "2nd lowest of 3"),
        "BSR": ("300", "2nd best of 3 in Kitchen"),
        "Rating": ("4.2", "2nd highest of 4"),
        "Reviews": ("50", "2nd most of 4"),
    }
    assert row(database, rivals[2])["BSR"].note == "Garden"
    assert row(database, rivals[0])["BSR"].note == ""


def test_a_tile_without_a_value_says_why(database: Database) -> None:
    listing(database)
    tell(database, OWN, price=[20, BLOCKED])
    (price, *_) = position(database).tiles()
    assert (price.text, price.place) == ("—", "blocked by a bot check, last read Mon 2 Mar")


PLACES: dict[str, tuple[list[Any], str, list[tuple[str, str]]]] = {
    "steady": ([3] * 8, "3", [("1 d =", "flat"), ("7 d =", "flat")]),
    "up and down": ([9, 9, 9, 9, 9, 9, 2, 4], "4", [("1 d ▼ 2", "bad"), ("7 d ▲ 5", "good")]),
    "new": ([0] * 7 + [5], "5", [("1 d new", "good"), ("7 d new", "good")]),
    "gone": ([5] * 7 + [0], "> page 2", [("1 d from 5", "bad"), ("7 d from 5", "bad")]),
    "never there": ([0] * 8, "> page 2", []),
    "not read before": ([None, *[BLOCKED] * 6, 5], "5", []),
}


@pytest.mark.parametrize(("places", "text", "changes"), PLACES.values(), ids=PLACES)
def test_places(database: Database, places: list[Any], text: str, changes: list[tuple[str, str]]) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", places)
    made = position(database)
    cell = made.places.place(made.comparison.keywords[0], RIVAL)
    assert (cell.text, deltas(cell)) == (text, changes)


def first_page_only(database: Database, n: int) -> None:
    grid: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]
    database.search(night(n), "com", "tea mug", [grid, "blocked"])


def test_a_place_on_a_page_that_was_not_read_then_is_not_new(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    first_page_only(database, 0)
    rank(database, "tea mug", [None, 25])
    made = position(database)
    assert deltas(made.places.place(made.comparison.keywords[0], RIVAL)) == []


def test_a_place_on_a_page_that_was_not_read_now_is_not_lost(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [25])
    first_page_only(database, 1)
    made = position(database)
    cell = made.places.place(made.comparison.keywords[0], RIVAL)
    assert (cell.text, deltas(cell)) == ("> page 1", [])


def test_a_keyword_not_read_says_why_and_counts_nowhere(database: Database) -> None:
    listing(database, keywords=["tea mug", "tea cup"])
    rank(database, "tea mug", [3, 3], asin=OWN)
    rank(database, "tea cup", [3, BLOCKED], asin=OWN)
    made = position(database)
    cup = made.comparison.keywords[0]
    cell = made.places.place(cup, OWN)
    assert (cup.keyword, cell.text, cell.missing, cell.note) == ("tea cup", "—", True, "blocked by a bot check")
    tile = made.tiles()[-1]
    assert (tile.name, tile.text, tile.place) == ("On page one", "1", "of 1 keyword, 1 not known")
    assert row(database, OWN)["Page one"].text == "1 of 1"
