"""The cells of the keyword matrix."""

from typing import Any

import pytest

from reports.report import report
from reports.sections.matrix import Column, Place
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, OWN, PAGE, RIVAL, listing, night, rank


def place(database: Database) -> Place:
    (column,) = report(database.con, "mug").keywords
    return column.places[RIVAL]


PLACES: dict[str, tuple[list[Any], int | None, list[tuple[int | None, int | None, int] | None]]] = {
    "steady": ([3] * 8, 3, [(3, 3, 0), (3, 3, 0), None]),
    "up and down": ([9, 9, 9, 9, 9, 9, 2, 4], 4, [(2, 4, -1), (9, 4, 1), None]),
    "new": ([0] * 7 + [5], 5, [(None, 5, 1), (None, 5, 1), None]),
    "gone": ([5] * 7 + [0], None, [(5, None, -1), (5, None, -1), None]),
    "never there": ([0] * 8, None, [None, None, None]),
    "not read before": ([None, *[BLOCKED] * 6, 5], 5, [None, None, None]),
    "a month": ([7, *[None] * 29, 5], 5, [None, None, (7, 5, 1)]),
}


@pytest.mark.parametrize(("told", "now", "moves"), PLACES.values(), ids=PLACES)
def test_places(
    database: Database, told: list[Any], now: int | None, moves: list[tuple[int | None, int | None, int] | None]
) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", told)
    found = place(database)
    assert (found.organic, [m and (m.before, m.after, m.better) for m in found.moved]) == (now, moves)
    assert found.beyond == (None if now else 2)


def first_page_only(database: Database, n: int) -> None:
    grid: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]
    database.search(night(n), "com", "tea mug", [grid, "blocked"])


def test_a_place_on_a_page_that_was_not_read_then_is_not_new(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    first_page_only(database, 0)
    rank(database, "tea mug", [None, 25])
    assert place(database).moved[0] is None


def test_a_place_on_a_page_that_was_not_read_now_is_not_lost(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [25])
    first_page_only(database, 1)
    found = place(database)
    assert (found.organic, found.beyond, found.moved[0]) == (None, 1, None)


def test_a_keyword_not_read_says_why(database: Database) -> None:
    listing(database, keywords=["tea mug", "tea cup"])
    rank(database, "tea mug", [3, 3], asin=OWN)
    rank(database, "tea cup", [3, BLOCKED], asin=OWN)
    columns: dict[str, Column] = {c.series.keyword: c for c in report(database.con, "mug").keywords}
    cup, mug = columns["tea cup"], columns["tea mug"]
    assert [said.text for said in cup.why] == ["blocked by a bot check"]
    assert (cup.places[OWN].organic, cup.places[OWN].why, cup.places[OWN].days[-2:]) == (None, cup.why, (3, None))
    assert (mug.places[OWN].organic, mug.why) == (3, ())


def test_an_ad_stands_beside_the_organic_place(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    grid: list[tuple[str, bool | None]] = [(RIVAL, True), (OWN, False), (RIVAL, False)]
    database.search(night(0), "com", "tea mug", [grid])
    found = place(database)
    assert (found.organic, found.sponsored) == (2, 1)
