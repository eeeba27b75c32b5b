"""Ratings that move for good, what can explain them, and bad reviews in numbers that the rounding cannot hide."""

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.flags import Kind
from reports.flags.low_stars import bad_chance
from reports.flags.ratings import explained
from reports.series import Observation
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, brief, each, judged, listing, night, tell

ROSE, FELL, WAVE = "rating_rose", "rating_fell", "low_star_wave"


def stars(*shown: float | Any) -> list[Any]:
    return [Decimal(str(value)) if isinstance(value, float) else value for value in shown]


CASES: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "one step, once it has stood five nights": (stars(4.5, 4.5, *[4.4] * 7), [(6, FELL, "medium")]),
    "a flicker at the edge of rounding": (stars(*[4.5, 4.4] * 10), []),
    "a flicker that settles": (stars(4.5, 4.4, 4.5, *[4.4] * 13), []),
    "a flicker that has settled for two weeks": (stars(4.5, 4.4, 4.5, *[4.4] * 16), [(16, FELL, "medium")]),
    "and goes back within four weeks": (stars(4.5, *[4.4] * 9, *[4.5] * 9, *[4.4] * 9), [(5, FELL, "medium")]),
    "and goes back after that": (stars(4.5, *[4.4] * 40, *[4.5] * 5), [(5, FELL, "medium"), (45, ROSE, "medium")]),
    "two steps at once": (stars(4.5, 4.5, 4.3), [(2, FELL, "medium")]),
    "step by step": (stars(4.5, *[4.4] * 6, *[4.3] * 6), [(5, FELL, "medium"), (11, FELL, "medium")]),
    "down, and up on the next night": (stars(4.5, 4.4, *[4.6] * 5), [(6, ROSE, "medium")]),
    "not read in between": (stars(4.5, 4.4, BLOCKED, 4.4, ABSENT, 4.4, 4.4, 4.4), [(7, FELL, "medium")]),
    "first night": (stars(4.5), []),
}


def test_ratings(tmp_path: Path) -> None:
    shown = {case: {"rating": ratings, "review_count": [1000] * len(ratings)} for case, (ratings, _) in CASES.items()}
    found = each(tmp_path, shown)
    assert {case: brief(flags) for case, flags in found.items()} == {case: told for case, (_, told) in CASES.items()}


REASONS = {
    "new reviews": (4.5, 100, 4.3, 120, "; the 20 new reviews explain it with 2.7 to 3.9 stars on average"),
    "very many": (4.5, 5000, 4.3, 5200, "; the 200 new reviews explain it with 1.0 to 1.9 stars on average"),
    "hardly": (4.5, 40, 4.3, 42, "; the 2 new reviews explain it with 1.0 to 2.4 stars on average"),
    "too few": (
        4.5, 5000, 4.3, 5010,
        "; the 10 new reviews cannot explain it, whatever their stars (simple mean): "
        "others were removed, merged in or weighted anew",
    ),
    "none": (4.5, 5000, 4.3, 5000, "; no review came or went (simple mean): some were exchanged or weighted anew"),
    "removed": (4.5, 100, 4.3, 80, "; the 20 reviews that went can explain it"),
    "too few removed": (
        4.5, 1000, 4.3, 999,
        "; the 1 review that went cannot explain it, whatever their stars (simple mean): "
        "others were merged in or weighted anew",
    ),
    "not counted": (4.5, ABSENT, 4.3, 80, ""),
}  # fmt: skip


def test_what_can_explain_it(tmp_path: Path) -> None:
    cases = {
        case: {"rating": stars(was, now), "review_count": [had, has]}
        for case, (was, had, now, has, _) in REASONS.items()
    }
    for case, flags in each(tmp_path, cases, own=True).items():
        (flag,) = (flag for flag in flags if flag.kind is Kind.RATING_FELL)
        assert flag.sentence == f"Rating fell 4.5 → 4.3 on Tue 3 Mar{REASONS[case][-1]}"
        assert flag.severity.word == "high"


def page(n: int, rating: str, count: int) -> Observation:
    return Observation(night(n), night(n).date(), True, n, rating=Decimal(rating), review_count=count)


def test_stars_are_not_said_where_any_would_do() -> None:
    why = explained(page(0, "4.5", 40), page(1, "4.4", 41))
    assert why.possible is True
    assert why.says == ("; the {more:count new review|new reviews} can explain it",)


def test_a_small_step_of_a_rival_is_told_where_the_reviews_between_cannot_explain_it(tmp_path: Path) -> None:
    counts = {"one more": 1001, "some more": 1080, "some less": 990, "as many": 1000, "not counted": ABSENT}
    cases = {
        case: {"rating": stars(4.5, *[4.4] * 5), "review_count": [1000, *[count] * 5]} for case, count in counts.items()
    }
    found = {
        case: brief([f for f in told if f.kind is Kind.RATING_FELL]) for case, told in each(tmp_path, cases).items()
    }
    assert {case: told for case, told in found.items() if told} == {"as many": [(5, FELL, "medium")]}


def test_two_small_steps_are_one_large_one(database: Database) -> None:
    listing(database)
    tell(database, rating=stars(4.5, *[4.4] * 9, 4.3), review_count=[1000 + 20 * n for n in range(11)])
    (fell,) = judged(database, kinds=[Kind.RATING_FELL])
    assert fell.sentence == (
        "Rating fell 4.5 → 4.3 on Thu 12 Mar; the 200 new reviews explain it with 2.7 to 3.9 stars on average"
    )


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60), st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_what_real_reviews_did_is_never_called_inexplicable(before: list[int], new: list[int]) -> None:
    def mean(given: list[int]) -> str:
        return str((Decimal(sum(given)) / len(given)).quantize(Decimal("0.1"), "ROUND_HALF_UP"))

    first, second = page(0, mean(before), len(before)), page(1, mean(before + new), len(before + new))
    if first.rating != second.rating:
        assert explained(first, second).possible
        assert explained(second, first).possible


def waves(*nights: tuple[int, int], good: int = 350, bad: int = 50) -> dict[str, list[Any]]:
    """The pages that so many new good (5 stars) and bad (1 star) reviews a night make."""
    count, percents, rating = [], [], []
    for more_good, more_bad in ((0, 0), *nights):
        good, bad = good + more_good, bad + more_bad
        share = round(100 * bad / (good + bad))
        count.append(good + bad)
        percents.append([100 - share, 0, 0, 0, share])
        rating.append((Decimal(5 * good + bad) / (good + bad)).quantize(Decimal("0.1")))
    return {"review_count": count, "rating_percents": percents, "rating": rating}


QUIET = [(3, 0), (2, 1), (4, 0), (3, 1), (2, 0), (3, 0), (3, 1)]
WAVES: dict[str, tuple[dict[str, list[Any]], list[tuple[int, str, str]]]] = {
    "the usual share": (waves(*QUIET * 4), []),
    "a wave": (waves(*QUIET, (2, 12), (1, 14), (2, 3)), [(8, WAVE, "medium")]),
    "told once, though it goes on": (waves(*QUIET, *[(2, 12)] * 10), [(8, WAVE, "medium")]),
    "its rest is not another": (waves(*QUIET, *[(2, 12)] * 5, *QUIET * 3), [(8, WAVE, "medium")]),
    "another one": (
        waves(*QUIET, *[(2, 12)] * 3, *QUIET * 2, (2, 12), (1, 14), (1, 14), (1, 9)),
        [(8, WAVE, "medium"), (27, WAVE, "medium")],
    ),
    "many new reviews of the usual share": (waves(*QUIET, (35, 5), (70, 10)), []),
    "what the rounding can hide": (waves(*QUIET, (1, 4), (1, 3)), []),
    "many reviews hide more": (waves(*QUIET, (2, 12), (1, 14), good=3500, bad=500), []),
    "a merge is no wave": (waves(*QUIET, (300, 100)), []),
}


def test_waves_of_bad_reviews(tmp_path: Path) -> None:
    found = each(tmp_path, {case: shown for case, (shown, _) in WAVES.items()})
    told = {case: brief([f for f in flags if f.kind is Kind.LOW_STAR_WAVE]) for case, flags in found.items()}
    assert told == {case: expected for case, (_, expected) in WAVES.items()}


def test_a_wave_is_said_with_what_is_certain(database: Database) -> None:
    listing(database)
    shown: dict[str, Any] = waves(*QUIET, (2, 12), (1, 14))
    tell(database, OWN, **shown)
    (wave,) = judged(database, kinds=[Kind.LOW_STAR_WAVE])
    assert wave.sentence.startswith("At least 12 of 21 new reviews in 3 days up to Tue 10 Mar gave 1 to 3 stars; ")
    assert wave.sentence.endswith(
        "; of all before 12 % did. At that share it would come by chance about once in 2 years"
    )
    assert wave.severity.word == "high"


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.005, 1), st.floats(0.5, 30))
def test_the_chance_of_a_wave_is_that_of_the_distribution(bad: int, more: int, share: float, weight: float) -> None:
    """Against all terms, one by one."""
    new, a, b = bad + more, share * weight, (1 - share) * weight
    if bad <= new * share or not b:
        assert bad_chance(bad, new, share, weight) == 1
        return
    norm = math.lgamma(a) + math.lgamma(b) - math.lgamma(weight)
    terms = (
        math.comb(new, k) * math.exp(math.lgamma(k + a) + math.lgamma(new - k + b) - math.lgamma(new + weight) - norm)
        for k in range(bad, new + 1)
    )
    assert bad_chance(bad, new, share, weight) == pytest.approx(math.fsum(terms), rel=1e-6)
