"""Top ranks and badges: a turn that lasts is told, hovering at the edge and flicker are not."""

from datetime import timedelta
from typing import Any

import pytest

from reports.flags import Kind
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, MONDAY, OWN, Lacks, judged, listing, tell, told

TOPS = (Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT)
BADGES = (Kind.BADGE_GAINED, Kind.BADGE_LOST)
IN, OUT = "top_rank_entered", "top_rank_left"

BEFORE = 40
RANKS: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "enters the top 100": ([150] * BEFORE + [70] * 5, [(42, IN, "low")]),
    "enters the top 10, past the top 100": ([150] * BEFORE + [8] * 5, [(42, IN, "medium")]),
    "leaves both": ([8] * BEFORE + [150] * 5, [(42, OUT, "low")]),
    "two nights are none": ([150] * BEFORE + [70, 70, 150, 150, 150], []),
    "hovers at the edge": ([98, 103, 110, 95, 118, 99, 105] * 8, []),
    "wanders across the edge": ([150, 130, 105, 90, 75, 70, 80, 100, 125, 150, 170, 180, 175] * 6, []),
    "in and out, each told once": ([150] * BEFORE + [60] * 9 + [150] * 6, [(42, IN, "low"), (53, OUT, "low")]),
    "as it was from the first": ([8] * 60, []),
    "too young to say": ([150] * 20 + [60] * 8, []),
    "nights lost between": ([150] * BEFORE + [60, BLOCKED, None, 61, 62], [(44, IN, "low")]),
    "no rank is not out": ([8] * BEFORE + [Lacks("absent_on_page")] * 6 + [8] * 3, []),
    "a slow way in, when it has lasted": ([140 - n // 2 for n in range(110)], [(95, IN, "low")]),
}


@pytest.mark.parametrize(("ranks", "expected"), RANKS.values(), ids=RANKS)
def test_top_ranks(database: Database, ranks: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database)
    tell(database, bsr=ranks)
    assert told(database, kinds=TOPS, days=120) == expected


def test_every_category_of_a_page_counts_and_the_sentence_names_it(database: Database) -> None:
    """In the wider category nothing happens; the page's second line is what moves."""
    listing(database)
    for n in range(BEFORE + 4):
        at = MONDAY + timedelta(days=n)
        fetch = database.product(at, "com", OWN)
        about = {"run_id": "r", "fetch_id": fetch, "marketplace": "com", "asin": OWN, "observed_at": at}
        database.insert("bsr_observation", **about, line=1, rank=2000, category="Kitchen", category_id="1")
        database.insert(
            "bsr_observation", **about, line=2, rank=18 if n < BEFORE else 7, category="Tea Mugs", category_id="2"
        )
    (flag,) = judged(database, kinds=TOPS)
    assert flag.sentence == (
        "Entered the top 10 of Tea Mugs on Mon 13 Apr: rank 18 → 7, the median of 5 crawled nights; "
        "before that it had stood outside for at least 38 days"
    )
    assert (flag.before, flag.after, flag.severity.word) == ("18", "7", "medium")
    assert flag.since == MONDAY + timedelta(days=BEFORE)


BEST, CHOICE = ("best_seller", "Mugs"), ("amazons_choice", "tea mug")
ABSENT: list[Any] = []


def badges(*shown: tuple[str, str | None]) -> list[dict[str, str | None]]:
    return [{"kind": kind, "text": text} for kind, text in shown]


WORN: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "gained": ([badges()] * 20 + [badges(BEST)] * 4, [(22, "badge_gained", "medium")]),
    "lost": ([badges(BEST)] * 20 + [badges()] * 4, [(22, "badge_lost", "low")]),
    "one night": ([badges()] * 20 + [badges(BEST)] + [badges()] * 4, []),
    "the choice of another keyword is still one": (
        [badges(CHOICE)] * 20 + [badges(("amazons_choice", "mug"))] * 6,
        [],
    ),
    "the choice takes five nights": ([badges()] * 20 + [badges(CHOICE)] * 6, [(24, "badge_gained", "medium")]),
    "flicker of the choice": ([badges(CHOICE), badges()] * 20, []),
    "not understood is not gone": ([badges(BEST)] * 20 + [Lacks("unparseable")] * 6, []),
    "a badge of no rank": ([badges()] * 20 + [badges(("climate_pledge", None))] * 6, []),
}


@pytest.mark.parametrize(("shown", "expected"), WORN.values(), ids=WORN)
def test_badges(database: Database, shown: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database)
    tell(database, badges=shown)
    assert told(database, kinds=BADGES) == expected


def test_an_empty_shelf_shows_no_badge_and_loses_none(database: Database) -> None:
    listing(database)
    tell(database, badges=[badges(BEST)] * 20 + [badges()] * 5, in_stock=[True] * 20 + [False] * 5)
    assert told(database, kinds=BADGES) == []


def test_the_sentence_says_of_what(database: Database) -> None:
    listing(database)
    tell(database, OWN, badges=[badges(CHOICE)] * 20 + [badges()] * 5)
    (flag,) = judged(database, kinds=BADGES)
    assert flag.sentence == (
        "Badge “Amazon’s Choice” for “tea mug” lost on Thu 26 Mar, so since Sun 22 Mar (5 crawled nights in a row); "
        "it had had it for at least 20 days"
    )
    assert flag.severity.word == "high"
