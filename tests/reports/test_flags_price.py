"""Price cuts and rises: steps, slides and see-saws, through gaps and on the first nights."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from reports.flags import Flag
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, RIVAL, Lacks, brief, each, judged, listing, night, tell, told

CUT, RISE, SAW = "price_cut", "price_rise", "see_saw"


def dear(*amounts: Any) -> list[Any]:
    return [Decimal(str(a)) if isinstance(a, int | float) else a for a in amounts]


CASES: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "a cut of a fifth": (dear(20, 20, 20, 16), [(3, CUT, "high")]),
    "a cut of exactly 15 %": (dear(20, 20, 17), [(2, CUT, "high")]),
    "a cut of 12 %": (dear(25, 25, 22), [(2, CUT, "medium")]),
    "a cut of exactly 5 %": (dear(20, 20, 19), [(2, CUT, "low")]),
    "a cut of 4.9 % is everyday repricing": (dear(20, 20, 19.02), []),
    "a rise of 20 %": (dear(20, 20, 24), [(2, RISE, "medium")]),
    "a rise of 8 %": (dear(25, 25, 27), [(2, RISE, "low")]),
    "the first night has nothing before it": (dear(20), []),
    "the second night does": (dear(20, 15), [(1, CUT, "high")]),
    "a missing price is no change": (dear(20, 20, ABSENT, ABSENT, 20), []),
    "a night not read is no change": (dear(20, 20, BLOCKED, None, 20), []),
    "after a gap the last known price counts": (dear(20, 20, ABSENT, BLOCKED, None, 15), [(5, CUT, "high")]),
    "an unparseable price is no change": (dear(20, 20, Lacks("unparseable"), 20), []),
    "cut and back": (dear(20, 20, 16, 20), [(2, CUT, "high"), (3, RISE, "medium")]),
    "a see-saw is told once, from its second return on": (
        dear(20, 18.5, 20, 18.5, 20, 18.5, 20, 18.5),
        [(1, CUT, "low"), (2, RISE, "low"), (3, SAW, "low")],
    ),
    "so is a wide one: nobody wants a fifth off told every other night": (
        dear(20, 16, 20, 16, 20),
        [(1, CUT, "high"), (2, RISE, "medium"), (3, SAW, "low")],
    ),
    "a larger step amid a see-saw is told": (
        dear(20, 18.5, 20, 18.5, 20, 15),
        [(1, CUT, "low"), (2, RISE, "low"), (3, SAW, "low"), (5, CUT, "high")],
    ),
    "a see-saw with nights lost, cents off its levels": (
        dear(20, 18.5, BLOCKED, 20.05, ABSENT, 18.55, 19.95, 18.45),
        [(1, CUT, "low"), (3, RISE, "low"), (5, SAW, "low")],
    ),
    "a see-saw that lasts is told once": (
        dear(*[20, 20, 18.5, 18.5] * 15),
        [(2, CUT, "low"), (4, RISE, "low"), (6, SAW, "low")],
    ),
    "after four weeks of rest it is news again": (
        dear(20, 18.5, 20, 18.5, *[20] * 40, 18.5, 20, 18.5),
        [(1, CUT, "low"), (2, RISE, "low"), (3, SAW, "low"), (44, CUT, "low"), (45, RISE, "low"), (46, SAW, "low")],
    ),
    "two promotions a fortnight apart are one from the end of the second": (
        dear(*[20] * 3, 16, 16, *[20] * 12, 16, 16, *[20] * 12, 16, 16, 20),
        [(3, CUT, "high"), (5, RISE, "medium"), (17, CUT, "high"), (19, SAW, "low")],
    ),
    "two promotions three weeks apart are none": (
        dear(*[20] * 3, 16, 16, *[20] * 20, 16, 16, 20),
        [(3, CUT, "high"), (5, RISE, "medium"), (25, CUT, "high"), (27, RISE, "medium")],
    ),
    "every weekend": (
        dear(*[20, 20, 20, 20, 17, 17, 17] * 6),
        [(4, CUT, "high"), (7, RISE, "medium"), (11, SAW, "low")],
    ),
    "down by cents and up at once": (
        dear(*[20, 19.7, 19.4, 19.1, 18.8, 18.5, 18.2] * 8),
        [(7, RISE, "low"), (14, RISE, "low"), (21, SAW, "low")],
    ),
    "the like of more than a tenth slides once": (
        dear(*[20, *[20] * 6], *[20, 19.5, 19, 18.5, 18, 17.6, 17.2] * 8),
        [(11, CUT, "medium"), (14, RISE, "medium"), (21, RISE, "medium"), (28, SAW, "low")],
    ),
    "small steps that add up": (dear(*[20] * 10, 19.2, 18.5, 17.9), [(12, CUT, "medium")]),
    "small steps up": (dear(*[20] * 10, 20.9, 21.8, 22.7), [(12, RISE, "low")]),
    "small steps that do not add up": (dear(*[20] * 10, 19.2, 18.6, 18.6), []),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Flag]]:
    shown = {
        case: {"price": prices, "in_stock": [p if p is None or p is BLOCKED else True for p in prices]}
        for case, (prices, _) in CASES.items()
    }
    return each(tmp_path_factory.mktemp("prices"), shown)


@pytest.mark.parametrize("case", CASES)
def test_prices(found: dict[str, list[Flag]], case: str) -> None:
    assert brief(found[case]) == CASES[case][1]


def test_another_currency_is_no_price_change(database: Database) -> None:
    listing(database)
    tell(database, price=dear(20, 20, 18, 20), currency=["USD", "USD", "EUR", "USD"])
    assert told(database) == []


def test_an_unnamed_currency_is_no_price_change(database: Database) -> None:
    listing(database)
    tell(database, price=dear(20, 20, 2, 20), currency=["USD", "USD", Lacks("layout_unknown"), "USD"])
    assert told(database) == []


def test_the_sentence_says_how_long_it_stood_and_names_gaps(database: Database) -> None:
    listing(database)
    tell(database, price=dear(25, 20, 20, 20, 16, None, None, None, 12))
    newest, cut, first = judged(database)
    assert "Price cut 20.00 → 16.00 USD (−20.0 %)" in cut.sentence
    assert "had stood at 20.00 for 3 days" in cut.sentence
    assert "no price was read for 3 nights before, the last was 16.00" in newest.sentence
    assert (str(newest.before), str(newest.after), newest.magnitude) == ("16.00", "12.00", -0.25)
    assert first.sentence.endswith("25.00 for at least 1 day")


def test_a_slide_begins_on_the_last_night_of_the_old_price(database: Database) -> None:
    listing(database)
    tell(database, price=dear(*[20] * 10, 19.2, 18.5, 17.9))
    (slide,) = judged(database)
    assert "step by step from Wed 11 Mar to Sat 14 Mar" in slide.sentence
    assert slide.magnitude == pytest.approx(-0.105)


def test_a_price_that_stood_all_month_is_not_dated_by_the_window(database: Database) -> None:
    listing(database)
    tell(database, price=dear(*[20] * 40, 15))
    (cut,) = judged(database, days=2)
    assert "four weeks or longer" in cut.sentence


def test_two_changes_in_one_day_are_both_told(database: Database) -> None:
    listing(database)
    tell(database, price=dear(20, 20))
    for hours, price in ((8, 15), (16, 20)):
        database.product(night(1) + timedelta(hours=hours), "com", RIVAL, price=price, currency="USD")
    assert told(database) == [(1, CUT, "high"), (1, RISE, "medium")]
