"""Review bursts: more than the product's own pace lets expect, over as many nights as really passed."""

import math
import random
from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.flags import Kind, Severity, rules
from reports.flags.pace import tail
from reports.flags.reviews import flags
from reports.series import Comparison, Observation, ProductSeries
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, RIVAL, brief, each, judged, listing, tell

BURST, REMOVED, MERGED = "review_burst", "reviews_removed", "reviews_merged"


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
    "a count that falls": ([*counts(*STEADY), 300, 303, 306], [(22, REMOVED, "medium")]),
    "and comes back: no burst, and no removal again": (
        [*counts(*STEADY), 300, 560, 562, 564, 300, 560],
        [(22, REMOVED, "medium")],
    ),
    "a correction": ([*counts(*STEADY), 555, 558, 557], []),
    "a removal that goes on over nights": ([*counts(*STEADY), 520, 480, 430, 432], [(22, REMOVED, "medium")]),
    "a product that is often corrected": (counts(*[3, 2, -12, 4, 3, 2, 3] * 4, -14), []),
    "a removal within a gap": (lose([*counts(*STEADY, 3), 470, 472], 22), [(23, REMOVED, "medium")]),
    "no removal is told in the first week": ([500, 502, 504, 400], []),
    "new reviews after a removal are counted from its week's end": (
        [*counts(*STEADY), *counts(*[3] * 12, 40, start=300)],
        [(22, REMOVED, "medium"), (35, BURST, "high")],
    ),
    "another listing's reviews": (counts(*STEADY, 400, 4, 5, 4), [(22, MERGED, "high")]),
    "many for the pace, few for the count": (counts(*STEADY, 400, start=50_000), [(22, BURST, "high")]),
    "a merged family has another pace": (counts(*STEADY, 400, *[9] * 20), [(22, MERGED, "high")]),
    "a merge in the middle of a burst": (counts(*STEADY, 40, 400, 4), [(22, BURST, "high"), (23, MERGED, "high")]),
    "a pace that doubles over a month": (counts(*[round(4 * 2 ** (n / 30)) for n in range(60)]), []),
    "weekends twice as busy": (counts(*[6, 5, 6, 7, 6, 12, 13] * 6), []),
    "hardly any reviews, then five": ([*[40] * 20, 45], [(20, BURST, "medium")]),
    "hardly any reviews, then two": ([*[40] * 20, 42], []),
    "a fast seller's fluctuation": (counts(*[80, 120, 95, 140, 70, 100, 90] * 3, 170), []),
}


def test_reviews(tmp_path: Path) -> None:
    found = each(tmp_path, {case: {"review_count": series} for case, (series, _) in CASES.items()})
    assert {case: brief(flags) for case, flags in found.items()} == {case: told for case, (_, told) in CASES.items()}


def test_the_sentence_counts_what_was_counted(database: Database) -> None:
    listing(database)
    tell(database, review_count=counts(*STEADY, 40))
    (burst,) = judged(database)
    assert burst.sentence.startswith("40 new reviews in 1 day up to Tue 24 Mar (557 → 597); usually 3 a day. ")
    assert (burst.before, burst.after) == ("557", "597")
    assert len(database.con.execute(burst.evidence.sql).fetchall()) == 23


def test_no_pace_is_invented_where_no_review_came(database: Database) -> None:
    listing(database)
    tell(database, review_count=[*[40] * 20, 46])
    (burst,) = judged(database)
    assert "usually none, as in the 17 days before" in burst.sentence


def test_a_slow_pace_is_said_as_counted(database: Database) -> None:
    listing(database)
    tell(database, review_count=counts(*[0, 0, 1, 0, 0, 0, 0] * 3, 12))
    (burst,) = judged(database)
    assert "usually 3 in 19 days" in burst.sentence


def test_a_fall_of_a_family_that_changed_says_so(database: Database) -> None:
    listing(database)
    tell(
        database,
        OWN,
        review_count=[*counts(*STEADY), 300],
        parent_asin=["B0PARENT01"] * 23,
        variation_count=[*[6] * 22, 2],
    )
    (removed,) = judged(database, kinds=[Kind.REVIEWS_REMOVED])
    assert removed.sentence == (
        "257 reviews gone on Tue 24 Mar (557 → 300, 46.1 % of them); usually none go; its variations changed too"
    )
    assert removed.severity is Severity.HIGH


def test_a_merge_needs_fewer_reviews_where_the_family_changed(database: Database) -> None:
    listing(database)
    series, parents = counts(*STEADY, 120), ["B0PARENT01"] * 22
    tell(database, review_count=series, parent_asin=[*parents, "B0PARENT02"], variation_count=[6] * 23)
    tell(database, OWN, review_count=series, parent_asin=[*parents, "B0PARENT01"], variation_count=[6] * 23)
    kinds = [Kind.REVIEWS_MERGED, Kind.REVIEW_BURST]
    assert [(f.own, f.kind) for f in judged(database, kinds=kinds)] == [(True, kinds[1]), (False, kinds[0])]


def test_variations_of_one_count_are_told_once(database: Database) -> None:
    other, apart = "B0RIVAL002", "B0RIVAL003"
    listing(database, rivals=[RIVAL, other, apart])
    for asin, parent in ((RIVAL, "B0PARENT01"), (other, "B0PARENT01"), (apart, "B0PARENT02")):
        tell(database, asin, review_count=counts(*STEADY, 40), parent_asin=[parent] * 23)
    assert [flag.asin for flag in judged(database)] == [RIVAL, apart]


NIGHTS = 120
LAWS: dict[str, Callable[[random.Random, float, int], float]] = {
    "bursty nights": lambda chance, pace, night: chance.gammavariate(pace, 1),
    "a weekly season": lambda chance, pace, night: pace * (1.8 if night % 7 in {5, 6} else 0.7),
    "growth": lambda chance, pace, night: pace * 2 ** (night / 30 - 2),
    "a launch that fades": lambda chance, pace, night: pace * 2 ** (1 - night / 30),
}


@pytest.mark.parametrize("law", LAWS)
def test_chance_raises_no_more_than_it_may(law: str) -> None:
    """False alarms of 60 products over four months of ordinary nights, one in twenty lost and one in twenty corrected,
    against the number that the rules allow."""
    chance = random.Random(law)
    products = []
    for n in range(60):
        count, seen = 500, []
        for night in range(NIGHTS):
            count += poisson(chance, LAWS[law](chance, (0.2, 1.0, 4.0)[n % 3], night))
            count -= chance.randint(1, 3) if chance.random() < 0.05 else 0
            if chance.random() > 0.05:
                at = MONDAY + timedelta(days=night, minutes=chance.uniform(-90, 90))
                seen.append(Observation(at, at.date(), True, night, review_count=count))
        products.append(ProductSeries(str(n), False, MONDAY, tuple(seen), daily={o.day: o for o in seen}))
    few = [one_listing(products[n : n + 3]) for n in range(0, 60, 3)]
    allowed = sum(rules.Rules().limit(Kind.REVIEW_BURST, c.tests(c.days[0])) * NIGHTS * 3 for c in few)
    assert allowed > 12, "enough nights to tell"
    assert sum(len(list(flags(c, rules.Rules()))) for c in few) <= allowed


def one_listing(products: list[ProductSeries]) -> Comparison:
    days = (MONDAY.date(),)
    return Comparison("mug", "com", "www.amazon.com", "USD", "UTC", days, MONDAY, tuple(products), (), ())


def poisson(chance: random.Random, mean: float) -> int:
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
