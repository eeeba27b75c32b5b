"""The title: a fact, without the tests that everybody sees."""

import pytest

from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, listing, tell, told

TITLES = {
    "changes": (["Mug red", "Mug red", "Mug blue"], [2]),
    "white space is no change": (["Mug  red", "Mug red", " Mug red "], []),
    "a test of titles: the way back is known": (["Mug red", "Mug blue", "Mug red", "Mug blue"], [1]),
    "not read": (["Mug red", ABSENT, BLOCKED, None, "Mug red"], []),
    "unchanged over a long gap": (["Mug red", *[None] * 20, "Mug red"], []),
    "back after more than four weeks is news": (["Mug red", *["Mug blue"] * 30, "Mug red"], [1, 31]),
}


@pytest.mark.parametrize(("titles", "expected"), TITLES.values(), ids=TITLES)
def test_titles(database: Database, titles: list[object], expected: list[int]) -> None:
    listing(database)
    tell(database, title=titles)
    assert told(database) == [(n, "title_changed", "low") for n in expected]


def test_the_own_title_matters_more(database: Database) -> None:
    listing(database)
    tell(database, OWN, title=["Mug red", "Mug blue"])
    assert told(database) == [(1, "title_changed", "medium")]
