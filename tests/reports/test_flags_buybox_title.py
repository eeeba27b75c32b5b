"""The Buy Box seller and the title: facts, without the turns and tests that everybody sees."""

import pytest

from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, RIVAL, Lacks, judged, listing, tell, told

SELLERS = {
    "a new seller": (["A", "A", "B"], [(2, "low")], [(2, "high")]),
    "sharing the box: the turn back is known": (
        ["A", "B", "A", "B"],
        [(1, "low")],
        [(1, "high"), (2, "medium"), (3, "medium")],
    ),
    "the same name in other letters": (["Acme Home", "ACME HOME ", "acme home"], [], []),
    "no box is no other seller": (["A", ABSENT, Lacks("layout_unknown"), "A"], [], []),
    "a night not read": (["A", BLOCKED, None, "A"], [], []),
    "through a gap": (["A", BLOCKED, ABSENT, "B"], [(3, "low")], [(3, "high")]),
    "first night": (["A"], [], []),
    "back after more than a week is news": (
        ["A", *["B"] * 9, "A"],
        [(1, "low"), (10, "low")],
        [(1, "high"), (10, "high")],
    ),
}


@pytest.mark.parametrize(("sellers", "rival", "own"), SELLERS.values(), ids=SELLERS)
def test_buy_box(
    database: Database, sellers: list[object], rival: list[tuple[int, str]], own: list[tuple[int, str]]
) -> None:
    listing(database)
    for asin in (RIVAL, OWN):
        tell(database, asin, seller=sellers)
    found = judged(database)
    for asin, expected in ((RIVAL, rival), (OWN, own)):
        seen = [((f.day - MONDAY.date()).days, f.severity.word) for f in reversed(found) if f.asin == asin]
        assert seen == expected


def test_the_seller_id_decides_where_both_pages_show_one(database: Database) -> None:
    listing(database)
    tell(database, seller=["Acme", "Acme Ltd", "Acme Ltd"], seller_id=["A1", "A1", "A2"])
    assert told(database) == [(2, "buy_box_changed", "low")]


TITLES = {
    "changes": (["Mug red", "Mug red", "Mug blue"], [2]),
    "white space is no change": (["Mug  red", "Mug red", " Mug red "], []),
    "a test of titles: the way back is known": (["Mug red", "Mug blue", "Mug red", "Mug blue"], [1]),
    "not read": (["Mug red", ABSENT, BLOCKED, None, "Mug red"], []),
    "unchanged over a long gap": (["Mug red", *[None] * 20, "Mug red"], []),
    "back after more than two weeks is news": (["Mug red", *["Mug blue"] * 16, "Mug red"], [1, 17]),
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


def test_evidence_holds_for_quotes_in_names(database: Database) -> None:
    listing(database)
    tell(database, seller=["A", "O'Neil's \"Best\" '; DROP TABLE listing; --"])
    (flag,) = judged(database)
    assert flag.after == "O'Neil's \"Best\" '; DROP TABLE listing; --"
