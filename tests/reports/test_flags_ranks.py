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

RANKS: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "enters the top 100": ([150] * 10 + [90] * 5, [(11, IN, "low")]),
    "enters the top 10, past the top 100": ([150] * 10 + [8] * 5, [(11, IN, "medium")]),
    "leaves both": ([8] * 10 + [150] * 5, [(11, OUT, "low")]),
    "one night is none": ([150] * 10 + [90, 150, 90, 150, 150], []),
    "hovers at the edge": ([98, 103, 110, 95, 118, 99, 105] * 4, []),
    "beyond the edge for two nights": ([95] * 10 + [110, 125, 130, 130], [(12, OUT, "low")]),
    "in and out, each told once": ([150] * 10 + [90] * 4 + [150] * 4, [(11, IN, "low"), (15, OUT, "low")]),
    "to and fro is not told on and on": (
        [150] * 10 + ([90] * 3 + [150] * 3) * 4,
        [(11, IN, "low"), (14, OUT, "low")],
    ),
    "as it was from the first": ([8] * 20, []),
    "too young to say": ([150] * 5 + [90] * 4, []),
    "nights lost between": ([150] * 10 + [90, BLOCKED, None, 91, 92], [(13, IN, "low")]),
    "no rank is not out": ([8] * 10 + [Lacks("absent_on_page")] * 6 + [8] * 3, []),
}


@pytest.mark.parametrize(("ranks", "expected"), RANKS.values(), ids=RANKS)
def test_top_ranks(database: Database, ranks: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database)
    tell(database, bsr=ranks)
    assert told(database, kinds=TOPS) == expected


def test_every_category_of_a_page_counts_and_the_sentence_names_it(database: Database) -> None:
    """In the wider category nothing happens; the page's second line is what moves."""
    listing(database)
    for n in range(14):
        at = MONDAY + timedelta(days=n)
        fetch = database.product(at, "com", OWN)
        about = {"run_id": "r", "fetch_id": fetch, "marketplace": "com", "asin": OWN, "observed_at": at}
        database.insert("bsr_observation", **about, line=1, rank=2000, category="Kitchen", category_id="1")
        database.insert(
            "bsr_observation", **about, line=2, rank=14 if n < 10 else 7, category="Tea Mugs", category_id="2"
        )
    (flag,) = judged(database, kinds=TOPS)
    assert flag.sentence == (
        "Entered the top 10 of Tea Mugs on Fri 13 Mar: rank 14 → 7, so since Thu 12 Mar (2 crawled nights in a row); "
        "before that it had stood outside for at least 10 days"
    )
    assert (flag.before, flag.after, flag.severity.word) == ("14", "7", "medium")
    assert flag.since == MONDAY + timedelta(days=10)


BEST, CHOICE = ("best_seller", "Mugs"), ("amazons_choice", "tea mug")
ABSENT: list[Any] = []


def badges(*shown: tuple[str, str | None]) -> list[dict[str, str | None]]:
    return [{"kind": kind, "text": text} for kind, text in shown]


WORN: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "gained": ([badges()] * 10 + [badges(BEST)] * 3, [(11, "badge_gained", "medium")]),
    "lost": ([badges(BEST)] * 10 + [badges()] * 3, [(11, "badge_lost", "low")]),
    "one night": ([badges()] * 10 + [badges(BEST)] + [badges()] * 4, []),
    "the choice of another keyword is still one": (
        [badges(CHOICE)] * 10 + [badges(("amazons_choice", "mug"))] * 5,
        [],
    ),
    "the choice takes three nights": ([badges()] * 10 + [badges(CHOICE)] * 4, [(12, "badge_gained", "medium")]),
    "flicker of the choice": ([badges(CHOICE), badges()] * 10, []),
    "not understood is not gone": ([badges(BEST)] * 10 + [Lacks("unparseable")] * 4, []),
    "a badge of no rank": ([badges()] * 10 + [badges(("climate_pledge", None))] * 4, []),
}


@pytest.mark.parametrize(("shown", "expected"), WORN.values(), ids=WORN)
def test_badges(database: Database, shown: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database)
    tell(database, badges=shown)
    assert told(database, kinds=BADGES) == expected


def test_an_empty_shelf_shows_no_badge_and_loses_none(database: Database) -> None:
    listing(database)
    tell(database, badges=[badges(BEST)] * 10 + [badges()] * 5, in_stock=[True] * 10 + [False] * 5)
    assert told(database, kinds=BADGES) == []


def test_the_sentence_says_of_what(database: Database) -> None:
    listing(database)
    tell(database, OWN, badges=[badges(CHOICE)] * 10 + [badges()] * 3)
    (flag,) = judged(database, kinds=BADGES)
    assert flag.sentence == (
        "Badge “Amazon’s Choice” for “tea mug” lost on Sat 14 Mar, so since Thu 12 Mar (3 crawled nights in a row); "
        "it had had it for at least 10 days"
    )
    assert flag.severity.word == "high"
