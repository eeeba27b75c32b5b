"""Out of stock and back: facts, and nothing else."""

from typing import Any

import pytest

from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, Lacks, judged, listing, tell, told


def out(n: int) -> tuple[int, str, str]:
    return n, "out_of_stock", "high"


def back(n: int) -> tuple[int, str, str]:
    return n, "back_in_stock", "medium"


CASES: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "out": ([True, True, False], [out(2)]),
    "one night out and back": ([True, False, True], [out(1), back(2)]),
    "out from the first night on": ([False, False], []),
    "back, first seen out": ([False, True], [back(1)]),
    "not said is not out": ([True, ABSENT, Lacks("layout_unknown"), True], []),
    "not read is not out": ([True, BLOCKED, None, True], []),
    "through a gap": ([True, BLOCKED, None, False], [out(3)]),
    "out, not read, still out": ([True, False, BLOCKED, False], [out(1)]),
}


@pytest.mark.parametrize(("states", "expected"), CASES.values(), ids=CASES)
def test_stock(database: Database, states: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database)
    tell(database, in_stock=states)
    assert told(database) == expected


def test_a_missing_price_is_no_stock_out(database: Database) -> None:
    listing(database)
    tell(database, price=[20, ABSENT, 20], in_stock=[True, True, True])
    assert told(database) == []


def test_the_sentence_keeps_to_what_was_seen(database: Database) -> None:
    listing(database)
    tell(
        database,
        in_stock=[True, False, False, False, True],
        availability=["Only 2 left in stock.", "Currently unavailable.", "Currently unavailable.", None, "In stock"],
        stock_left=[2, None, None, None, None],
    )
    returned, gone = judged(database)
    assert "(“Currently unavailable.”); last seen in stock on Mon 2 Mar, with 2 left the last time" in gone.sentence
    assert "out for about 3 days" in returned.sentence
    assert (gone.before, gone.after) == ("Only 2 left in stock.", "Currently unavailable.")
    assert returned.before == "out of stock"


def test_how_long_it_was_out_is_a_bound_when_the_beginning_was_not_seen(database: Database) -> None:
    listing(database)
    tell(database, in_stock=[False, False, True])
    (returned,) = judged(database)
    assert "out for at least 2 days" in returned.sentence
