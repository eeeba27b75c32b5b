"""Out of stock and back: facts, and nothing else."""

from typing import Any

import pytest

from reports.compare import compare
from reports.flags import Flag, Kind, Rules, Sensitivity, flags
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, Lacks, brief, each, judged, listing, tell, told


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


def test_the_own_listing_is_named(database: Database) -> None:
    listing(database)
    tell(database, OWN, in_stock=[True, True, False])
    (gone,) = judged(database)
    assert gone.sentence.startswith("Your listing is out of stock on Wed 4 Mar") and gone.severity.word == "high"


def test_nights_not_read_are_named(database: Database) -> None:
    listing(database)
    tell(database, in_stock=[True, BLOCKED, None, False, True])
    returned, gone = judged(database)
    assert gone.sentence.endswith("last seen in stock on Mon 2 Mar; 2 nights not read in between")
    assert "not read" not in returned.sentence


LEFT: dict[str, tuple[list[Any], list[int]]] = {
    "none counted, then five": ([ABSENT] * 6 + [5], [6]),
    "down to a few": ([18, 15, 12, 10, 9, 8, 7, 6, 5, 4], [7]),
    "once until it is back up": ([*[ABSENT] * 6, 5, 4, 4, 3, 2, 1, 1], [6]),
    "hovering is one story": ([*[ABSENT] * 9, 5, 8, 5, 9, 4, ABSENT, 3], [9]),
    "a page that always says so": ([3] * 12 + [2, 1], []),
    "a page that often says so": ([*[ABSENT, 4, 4] * 6, *[ABSENT] * 8, 3], []),
    "restocked, and low again weeks later": ([*[ABSENT] * 12, 4, *[ABSENT] * 14, 4], [12, 27]),
    "not read is not up": ([*[ABSENT] * 8, 5, Lacks("layout_unknown"), BLOCKED, 5], [8]),
    "nothing to judge by": ([ABSENT, ABSENT, 2], []),
    "seven is not a few": ([ABSENT] * 6 + [7], []),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Flag]]:
    shown = {case: {"in_stock": states} for case, (states, _) in CASES.items()}
    for case, (left, _) in LEFT.items():
        shown[case] = {"stock_left": left, "in_stock": [v if v is BLOCKED else True for v in left]}
    return each(tmp_path_factory.mktemp("stock"), shown)


@pytest.mark.parametrize("case", CASES)
def test_stock(found: dict[str, list[Flag]], case: str) -> None:
    assert brief(found[case]) == CASES[case][1]


@pytest.mark.parametrize("case", LEFT)
def test_running_low(found: dict[str, list[Flag]], case: str) -> None:
    assert brief(found[case]) == [(n, "running_low", "medium") for n in LEFT[case][1]]


def test_running_low_is_told_by_the_expert_s_number(database: Database) -> None:
    listing(database)
    tell(database, OWN, stock_left=[ABSENT] * 6 + [7], in_stock=[True] * 7)
    rules = Rules({Kind.RUNNING_LOW: Sensitivity.HIGH})
    (low,) = [f for f in flags(compare(database.con, "mug", days=1), rules) if f.kind is Kind.RUNNING_LOW]
    assert low.sentence == "Your listing is running low: 7 left on Sun 8 Mar; the page counted none on Sat 7 Mar"
    assert low.severity.word == "high"
    assert flags(compare(database.con, "mug", days=1), Rules(thresholds={Kind.RUNNING_LOW: 6})) == []
