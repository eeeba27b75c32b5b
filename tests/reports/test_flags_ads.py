"""Ads that begin or stop, though they rotate with every request."""

import random
from collections.abc import Sequence

import pytest

from reports.flags import Flag, Kind, Rules
from reports.flags.ads import flags
from reports.series import Place
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, MONDAY, OWN, PAGE, RIVAL, Lost, brief, judged, listing, night
from tests.reports.results import compared, organic, series

BEGAN, STOPPED = "sponsored_gained", "sponsored_lost"
BROKEN = "broken"
"""The page of the ad was not read."""


def rotating(share: float, nights: int, seed: int = 1) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() < share for _ in range(nights)]


ADS: dict[str, tuple[Sequence[bool | str | None], list[tuple[int, str, str]]]] = {
    "begin": ([False] * 28 + [True] * 6, [(30, BEGAN, "low")]),
    "stop": ([True] * 28 + [False] * 6, [(30, STOPPED, "low")]),
    "two nights are rotation": ([False] * 28 + [True] * 2 + [False] * 5, []),
    "begin, and rotate": ([False] * 28 + [True, True, False, True, True, False, True, True], [(34, BEGAN, "low")]),
    "shown in two of five readings": (rotating(0.4, 60), []),
    "shown in four of five": (rotating(0.8, 60), []),
    "shown in two of five, then never": ([*rotating(0.4, 28, 3), *[False] * 28], [(51, STOPPED, "low")]),
    "shown in nine of ten, then never": ([*rotating(0.9, 28), *[False] * 10], [(32, STOPPED, "low")]),
    "nights not read between": ([False] * 28 + [True, None, None, True, True, None, True], [(32, BEGAN, "low")]),
    "broken off before the page of the ad": ([True] * 28 + [BROKEN] * 6, []),
    "for ten days": ([False] * 28 + [True] * 10 + [False] * 10, [(30, BEGAN, "low"), (40, STOPPED, "low")]),
    "away for a while": ([True] * 17 + [False] * 5 + [True] * 13, [(20, STOPPED, "low"), (24, BEGAN, "low")]),
    "few readings ask for more": ([False] * 5 + [True] * 8, [(12, BEGAN, "low")]),
    "too few readings": ([True] * 3 + [False] * 8, []),
}


def shown(ads: Sequence[bool | str | None], asin: str = RIVAL) -> list[Flag]:
    broken = {n: 1 for n, ad in enumerate(ads) if ad == BROKEN}
    places = [None if ad is None else {asin: Place(None, None, 2, 1)} if ad is True else {} for ad in ads]
    comparison = compared(series(places, pages=broken))
    return sorted((f for f in flags(comparison, Rules()) if f.day in comparison.days), key=lambda f: f.observed_at)


@pytest.mark.parametrize(("ads", "expected"), ADS.values(), ids=ADS)
def test_ads(ads: Sequence[bool | str | None], expected: list[tuple[int, str, str]]) -> None:
    assert brief(shown(ads)) == expected


def test_that_our_own_ads_stopped_asks_for_a_look() -> None:
    assert [flag.severity.word for flag in shown(ADS["stop"][0], OWN)] == ["medium"]


def test_rotation_is_no_news_in_two_years_of_twenty_products() -> None:
    told = [flag for seed in range(20) for flag in shown(rotating(0.15 + seed * 0.03, 60, seed))]
    assert len(told) <= 1


def test_a_card_whose_signs_disagree_says_nothing() -> None:
    places = [{RIVAL: Place(None, None, 2, 1)}] * 28 + [{RIVAL: Place(ambiguous=True)}] * 6
    assert not list(flags(compared(series(places)), Rules()))


def test_a_place_among_the_results_is_no_ad() -> None:
    assert not list(flags(compared(series([{RIVAL: organic(3 + n % 9)} for n in range(40)])), Rules()))


def test_the_evidence(database: Database) -> None:
    """Dated by the first night that showed it: from pages to stored flags, an ad on the second page of results."""
    listing(database, keywords=["tea mug"])
    for n, ad in enumerate([False] * 20 + [BLOCKED] + [True] * 6):
        page: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]
        both: list[list[tuple[str, bool | None]] | str] = [page, [(RIVAL, True), *page] if ad else page]
        database.search(night(n), "com", "tea mug", ["blocked", "blocked"] if isinstance(ad, Lost) else both)
    (flag,) = judged(database, kinds=[Kind.SPONSORED_GAINED])
    assert flag.since.date() == night(21).date() and (flag.observed_at - MONDAY).days > 21
    assert "on Mon 23 Mar: now at sponsored place 1, seen on" in flag.sentence
    assert flag.sentence.endswith("readings, before on 0 of 20")
