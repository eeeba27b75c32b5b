"""Page one gained and lost, and ads that begin or stop: through jitter, unread nights and broken-off readings."""

from collections.abc import Sequence
from typing import Any

import pytest

from reports.flags import Kind
from tests.reports.database import Database
from tests.reports.nights import OWN, PAGE, RIVAL, Lost, judged, listing, night, rank, told

GAINED, LOST = "keyword_gained", "keyword_lost"
BLOCKED = Lost("blocked")
AWAY = 0

ORGANIC: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "stays": ([3, 4, 3, 5, 3, 4], []),
    "falls off at once": ([3, 3, 4, 3, 3, AWAY], [(5, LOST, "low")]),
    "rises from nowhere": ([AWAY] * 5 + [4], [(5, GAINED, "medium")]),
    "rises from page two": ([25, 26, 25, 24, 25, 6], [(5, GAINED, "medium")]),
    "a small step over the edge needs three nights": ([15, 15, 16, 15, 17, 18, 17], [(6, LOST, "low")]),
    "a small step for two nights": ([15, 15, 16, 15, 17, 18, 15], []),
    "a small step that grows wide on the third night": ([15, 15, 16, 15, 18, 19, 31], [(6, LOST, "low")]),
    "jitter at the edge": ([15, 17, 16, 17, 15, 18, 16, 17, 15, 17, 16, 18], []),
    "a keyword not read is no loss": ([3, 3, 4, 3, BLOCKED, BLOCKED, None, None, 3], []),
    "the night after a gap": ([3, 3, 4, 3, BLOCKED, None, AWAY], [(6, LOST, "low")]),
    "the first four nights say nothing": ([3, AWAY, 3, 3], []),
    "a fifth does": ([3, 4, 3, 3, AWAY], [(4, LOST, "low")]),
    "moves within page one": ([2, 2, 3, 2, 14, 14, 14], []),
    "lost and regained": (
        [3, 3, 4, 3, 3] + [AWAY] * 9 + [3],
        [(5, LOST, "low"), (14, GAINED, "medium")],
    ),
    "a night away is told both ways, then it hovers": (
        [3, 3, 4, 3, 3, AWAY, 3, AWAY, 3],
        [(5, LOST, "low")],
    ),
}


@pytest.mark.parametrize(("places", "expected"), ORGANIC.values(), ids=ORGANIC)
def test_organic(database: Database, places: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", places)
    assert told(database, kinds=[Kind.KEYWORD_GAINED, Kind.KEYWORD_LOST]) == expected


def test_the_own_loss_is_severe(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [3, 3, 4, 3, 3, AWAY], asin=OWN)
    (flag,) = judged(database)
    assert (flag.kind, flag.severity.word, flag.own) == (Kind.KEYWORD_LOST, "high", True)
    assert flag.sentence.endswith("organic place 3 → beyond page 2")
    assert (flag.before, flag.after) == (3, None)


def test_a_page_two_that_was_not_read_does_not_move_a_product_off_page_one(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [3, 3, 4, 3, 3])
    grid: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]
    grid[2] = (RIVAL, False)
    database.search(night(5), "com", "tea mug", [grid, "blocked"])
    assert told(database) == []


def test_a_page_one_that_was_not_read_says_nothing(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [3, 3, 4, 3, 3])
    database.search(night(5), "com", "tea mug", ["blocked", [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]])
    assert told(database) == []


def test_a_card_whose_signs_disagree_says_nothing(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [3, 3, 4, 3, 3])
    for n in range(5, 9):
        grid: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]
        grid[2] = (RIVAL, None)
        database.search(night(n), "com", "tea mug", [grid, grid[3:]])
    assert told(database) == []


def test_the_place_before_is_one_on_the_page_it_left(database: Database) -> None:
    """The fourth of the first readings is off page one already: the evidence must not begin there."""
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [3, 3, 3, AWAY, AWAY])
    (flag,) = judged(database)
    assert "organic place 3 → beyond page 2" in flag.sentence


AD = True
ADS: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "begin": ([0] * 5 + [AD] * 3, [(7, "sponsored_gained", "low")]),
    "stop": ([AD] * 5 + [0] * 3, [(7, "sponsored_lost", "low")]),
    "two nights are rotation": ([0] * 5 + [AD] * 2 + [0] * 3, []),
    "rotate": ([0, AD] * 8, []),
    "nights not read between": ([0] * 5 + [AD, BLOCKED, AD, None, AD], [(9, "sponsored_gained", "low")]),
    "not read is not stopped": ([AD] * 5 + [BLOCKED] * 5, []),
    "broken off before the page of the ad is not stopped": ([AD] * 5 + ["broken"] * 4, []),
    "too few readings": ([AD] * 3, []),
}


def advertise(database: Database, shown: Sequence[Any]) -> None:
    """An ad of the rival on the second results page; "broken": that page was not read."""
    organic: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]
    for n, ad in enumerate(shown):
        if ad is None:
            continue
        second: list[tuple[str, bool | None]] | str = [(RIVAL, True), *organic] if ad is AD else organic
        if ad == "broken":
            second = "timeout"
        both: list[list[tuple[str, bool | None]] | str]
        both = ["blocked", "blocked"] if isinstance(ad, Lost) else [organic, second]
        database.search(night(n), "com", "tea mug", both)


@pytest.mark.parametrize(("shown", "expected"), ADS.values(), ids=ADS)
def test_ads(database: Database, shown: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database, keywords=["tea mug"])
    advertise(database, shown)
    assert told(database) == expected


def test_ads_are_dated_by_the_first_night_that_showed_them(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    advertise(database, ADS["begin"][0])
    (flag,) = judged(database)
    assert "on Sat 7 Mar: now at sponsored place 1, seen 3 crawled days in a row" in flag.sentence


def test_each_keyword_is_judged_by_itself(database: Database) -> None:
    listing(database, keywords=["tea mug", 'mug\'s "best"'])
    rank(database, "tea mug", [3, 3, 4, 3, 3, 3])
    rank(database, 'mug\'s "best"', [3, 3, 4, 3, 3, AWAY])
    assert [f.keyword for f in judged(database)] == ['mug\'s "best"']
