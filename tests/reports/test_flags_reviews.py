"""Review bursts: more than the product's own pace lets expect, over as many nights as really passed."""

import math
import random
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.flags.reviews import tail
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, judged, listing, tell, told

BURST = "review_burst"


def counts(*news: int, start: int = 500) -> list[Any]:
    """The counts that these numbers of new reviews a night make, the first being ``start``."""
    return list(accumulate(news, initial=start))


def lose(series: list[Any], *nights: int) -> list[Any]:
    return [BLOCKED if n in nights else value for n, value in enumerate(series)]


STEADY = [2, 3, 2, 4, 3, 2, 3] * 3

CASES: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "a steady pace": (counts(*STEADY), []),
    "a burst of forty": (counts(*STEADY, 40), [(22, BURST, "high")]),
    "a busy night is none": (counts(*STEADY, 8), []),
    "spread over three nights": (counts(*STEADY, 7, 8, 9), [(24, BURST, "medium")]),
    "told once": (counts(*STEADY, 40, 35, 30, 3, 2), [(22, BURST, "high")]),
    "two bursts": (counts(*STEADY, 40, *STEADY, 60), [(22, BURST, "high"), (44, BURST, "high")]),
    "a gap is a longer exposure": (lose(counts(*STEADY, *[3] * 10), *range(20, 31)), []),
    "a burst within a gap": (lose(counts(*STEADY, 3, 80, 3), 22, 23), [(24, BURST, "high")]),
    "a count not shown is not a fall to none": ([*counts(*STEADY), ABSENT, ABSENT, 560], []),
    "less than a week of history": (counts(2, 3, 2, 2, 200), []),
    "the first night": ([500], []),
    "a count that falls": ([*counts(*STEADY), 300, 303, 306], []),
    "and comes back": ([*counts(*STEADY), 300, 560, 562], []),
    "hardly any reviews, then five": ([*[40] * 20, 45], [(20, BURST, "medium")]),
    "hardly any reviews, then two": ([*[40] * 20, 42], []),
    "a fast seller's fluctuation": (counts(*[80, 120, 95, 140, 70, 100, 90] * 3, 170), []),
}


@pytest.mark.parametrize(("series", "expected"), CASES.values(), ids=CASES)
def test_reviews(database: Database, series: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database)
    tell(database, review_count=series)
    assert told(database) == expected


def test_the_sentence_counts_what_was_counted(database: Database) -> None:
    listing(database)
    tell(database, review_count=counts(*STEADY, 40))
    (burst,) = judged(database)
    assert burst.sentence.startswith("40 new reviews in 1 day up to Tue 24 Mar (557 → 597); usually 3 a day. ")
    assert (burst.before, burst.after) == (557, 597)
    assert len(database.con.execute(burst.evidence.sql).fetchall()) == 23


def test_no_pace_is_invented_where_no_review_came(database: Database) -> None:
    listing(database)
    tell(database, review_count=[*[40] * 20, 46])
    (burst,) = judged(database)
    assert "usually none, as in the 19 days before" in burst.sentence


def test_a_slow_pace_is_said_as_counted(database: Database) -> None:
    listing(database)
    tell(database, review_count=counts(*[0, 0, 1, 0, 0, 0, 0] * 3, 12))
    (burst,) = judged(database)
    assert "usually 3 in 21 days" in burst.sentence


@pytest.mark.parametrize("seed", range(7))
def test_three_months_of_ordinary_nights_stay_quiet(database: Database, seed: int) -> None:
    """False alarms: overdispersed nights (gamma-Poisson), one in twenty lost."""
    chance = random.Random(seed)
    news = [_poisson(chance, chance.gammavariate(2, 2)) for _ in range(90)]
    listing(database)
    tell(database, review_count=lose(counts(*news), *(n for n in range(91) if chance.random() < 0.05)))
    assert len(told(database, days=91)) <= 1


def _poisson(chance: random.Random, mean: float) -> int:
    count, product = 0, chance.random()
    while product > math.exp(-mean):
        count, product = count + 1, product * chance.random()
    return count


@given(st.floats(0.01, 500), st.floats(1.01, 20), st.integers(0, 1500))
def test_the_tail_is_a_probability_that_falls_with_the_count(mean: float, ratio: float, count: int) -> None:
    here, further = tail(count, mean, mean * ratio), tail(count + 1, mean, mean * ratio)
    assert 0.0 <= further <= here <= 1.0


def test_the_tail_is_that_of_the_distribution() -> None:
    """Against the terms summed one by one from zero."""
    mean, variance, count = 6.0, 15.0, 14
    size, odds = mean**2 / (variance - mean), mean / variance
    below = sum(
        math.exp(math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)) * odds**size * (1 - odds) ** k
        for k in range(count)
    )
    assert tail(count, mean, variance) == pytest.approx(1 - below)
