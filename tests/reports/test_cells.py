"""How the tables say their values: changes, places, and why a value is not there."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reports.page.cells import Cell, Cells
from reports.page.view import View
from reports.period import Asked
from reports.report import report
from reports.sections.table import PER_DAY, PRICE
from reports.series import Change
from reports.wording import Wording
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, RIVAL, listing, night, rank, tell


def view(database: Database, language: str = "en", days: int = 30) -> View:
    made = report(database.con, "mug", Asked(count=days))
    return View(made, Wording(language, made.comparison.currency, made.comparison.time_zone), made.comparison.until)


def cells(database: Database, asin: str = RIVAL, language: str = "en") -> dict[str, Cell]:
    made = view(database, language)
    (row,) = [row for row in made.rows if row.label.asin == asin]
    return {column.key: cell for column, cell in zip(made.report.columns, row.cells, strict=True)}


def deltas(cell: Cell) -> list[tuple[str, str, str]]:
    return [(delta.text, delta.sense, delta.note) for delta in cell.deltas]


def changing(database: Database) -> None:
    listing(database)
    tell(
        database,
        price=[20, 20, 20, 20, 20, 20, 19, 18],
        bsr=[900, 900, 900, 900, 900, 900, 1300, 1200],
        rating=[4.4, 4.4, 4.4, 4.4, 4.4, 4.4, 4.5, 4.5],
        review_count=[100, 104, 104, 104, 104, 104, 120, 121],
    )


def test_changes_say_from_what_and_when(database: Database) -> None:
    changing(database)
    found, never = cells(database), ("30 d —", "flat", "nothing to compare with 30 days before")
    assert (found["price"].text, deltas(found["price"])) == (
        "$18.00",
        [("1 d −5.3 %", "flat", "$19.00 on Sun 8 Mar"), ("7 d −10.0 %", "flat", "$20.00 on Mon 2 Mar"), never],
    )
    assert [text for text, *_ in deltas(found["bsr"])] == ["1 d ▲ 100", "7 d ▼ 300", "30 d —"]
    assert [sense for _, sense, _ in deltas(found["bsr"])] == ["good", "bad", "flat"]
    assert [text for text, *_ in deltas(found["rating"])] == ["1 d =", "7 d +0.1", "30 d —"]
    assert [text for text, *_ in deltas(found["review_count"])] == ["1 d +1", "7 d +21", "30 d —"]
    assert (found["per_day"].text, found["price"].order, found["bsr"].order) == ("3.0", "18.00", "1200")


def test_changes_that_are_the_same_stand_together(database: Database) -> None:
    listing(database)
    tell(database, price=[20] * 31 + [15])
    was = "$20.00 on Wed 1 Apr; $20.00 on Thu 26 Mar; $20.00 on Tue 3 Mar"
    assert deltas(cells(database)["price"]) == [("1/7/30 d −25.0 %", "flat", was)]


def test_a_change_that_rounds_to_nothing_is_none() -> None:
    made, day = Cells(Wording("en", "USD", "UTC")), date(2026, 3, 2)
    changes = [Change(day, Decimal("1.14"), Decimal(after)) for after in ("1.10", "1.25", "1.14")]
    assert [made.change(PER_DAY, change) for change in changes] == ["=", "+0.1", "="]
    assert made.change(PRICE, Change(day, Decimal("20.00"), Decimal("20.01"))) == "+0.0 %"


def test_a_cell_is_said_in_the_language_of_the_reader(database: Database) -> None:
    changing(database)
    found = cells(database, language="zh_CN")
    assert found["price"].text == "US$18.00"
    assert found["price"].deltas[0].text != cells(database)["price"].deltas[0].text


def test_a_value_that_is_not_there_says_why_and_yesterdays_never_stands_in(database: Database) -> None:
    listing(database)
    tell(database, OWN, price=[20, ABSENT])
    tell(database, price=[20, BLOCKED])
    made = view(database)
    price = cells(database, OWN)["price"]
    assert (price.text, price.look, price.order, price.note) == ("—", "missing", "", "not shown on the page")
    assert made.rows[1].unread == "blocked by a bot check; last read Mon 2 Mar"
    assert {cell.text for cell in made.rows[1].cells} == {"—"}
    assert (made.tiles[0].text, made.tiles[0].place) == ("—", "not shown on the page")


def test_tiles_rank_the_own_listing_among_what_is_known_now(database: Database) -> None:
    rivals = [RIVAL, "B0RIVAL002", "B0RIVAL003"]
    listing(database, rivals=rivals)
    tell(database, OWN, price=[20], bsr=[300], rating=[4.2], review_count=[50])
    tell(database, rivals[0], price=[18], bsr=[200], rating=[4.2], review_count=[60])
    tell(database, rivals[1], price=[25], bsr=[400], rating=[4.0], review_count=[40])
    tell(database, rivals[2], price=[BLOCKED])
    assert [(tile.name, tile.text, tile.place) for tile in view(database).tiles] == [
        ("Price", "$20.00", "No. 2 of 3, the cheapest first"),
        ("BSR", "300", "No. 2 of 3, the best first; Kitchen"),
        ("Rating", "4.2", "No. 1 of 3, the highest first"),
        ("Reviews", "50", "No. 2 of 3, the most first"),
    ]


PLACES: dict[str, tuple[list[Any], str, str, list[tuple[str, str]]]] = {
    "steady": ([3] * 8, "3", "first", [("1/7 d =", "flat")]),
    "up and down": ([9, 9, 9, 9, 9, 9, 2, 4], "4", "first", [("1 d ▼ 2", "bad"), ("7 d ▲ 5", "good")]),
    "new": ([0] * 7 + [25], "25", "", [("1/7 d new", "good")]),
    "gone": ([5] * 7 + [0], "> page 2", "beyond", [("1/7 d from 5", "bad")]),
    "never there": ([0] * 8, "> page 2", "beyond", []),
    "not read before": ([None, *[BLOCKED] * 6, 5], "5", "first", []),
}


@pytest.mark.parametrize(("places", "text", "look", "changes"), PLACES.values(), ids=PLACES)
def test_places(database: Database, places: list[Any], text: str, look: str, changes: list[tuple[str, str]]) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", places)
    _, (_, (cell,)) = view(database).keyword_rows
    assert (cell.text, cell.look, [each[:2] for each in deltas(cell)]) == (text, look, changes)


def test_a_keyword_not_read_says_why_once(database: Database) -> None:
    listing(database, keywords=["tea mug", "tea cup"])
    rank(database, "tea mug", [3, 3], asin=OWN)
    rank(database, "tea cup", [3, BLOCKED], asin=OWN)
    made = view(database)
    assert [(head.text, head.why) for head in made.keywords] == [("tea cup", "blocked by a bot check"), ("tea mug", "")]
    cup, mug = made.keyword_rows[0][1]
    assert (cup.text, cup.look, cup.note) == ("—", "missing", "")
    assert (mug.text, mug.look) == ("3", "first")
    database.search(night(2), "com", "tea mug", [[("B0OTHER001", True), (OWN, True)], []])
    (_, mug) = view(database).keyword_rows[0][1]
    assert (mug.text, mug.note) == ("> page 2", "Ad 2")
