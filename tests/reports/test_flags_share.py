"""Share of search: what a product holds of the first pages of all keywords, against what it usually holds."""

import random
from collections.abc import Callable

import pytest

from reports.flags import Flag, Kind, Rules
from reports.flags.share import flags
from reports.series import Place
from tests.reports.database import Database
from tests.reports.nights import OWN, RIVAL, brief, judged, listing, rank
from tests.reports.results import Shown, compared, organic, series

WORDS = [f"word {n}" for n in range(10)]
Held = Callable[[int, int], int]
"""The organic place of a product on a night, for one of the words."""


def told(
    held: Held, nights: int = 40, *, asin: str = RIVAL, unread: Callable[[int, int], bool] | None = None
) -> list[Flag]:
    keywords = []
    for w, word in enumerate(WORDS):
        shown: list[Shown] = [None if unread and unread(n, w) else {asin: organic(held(n, w))} for n in range(nights)]
        keywords.append(series(shown, word))
    comparison = compared(*keywords)
    return [flag for flag in flags(comparison, Rules()) if flag.day in comparison.days]


SHARES: dict[str, tuple[Held, list[tuple[int, str, str]]]] = {
    "stands still": (lambda n, w: 4 if w < 4 else 0, []),
    "gains on four": (lambda n, w: 4 if w < 2 or (n >= 30 and w < 6) else 0, [(31, "share_gained", "medium")]),
    "loses four": (lambda n, w: 4 if w < 2 or (n < 30 and w < 6) else 0, [(31, "share_lost", "low")]),
    "for one night": (lambda n, w: 4 if w < 2 or (n == 30 and w < 6) else 0, []),
    "gains one, loses one": (lambda n, w: 4 if w == (n >= 30) else 0, []),
    "within the pages": (lambda n, w: 4 if n < 30 else 12, []),
    "a week's history": (lambda n, w: 4 if w < 2 or (n >= 7 and w < 8) else 0, []),
}


@pytest.mark.parametrize(("held", "expected"), SHARES.values(), ids=SHARES)
def test_shares(held: Held, expected: list[tuple[int, str, str]]) -> None:
    assert brief(told(held)) == expected


def test_our_own_loss_of_half_of_it_is_grave() -> None:
    assert [flag.severity.word for flag in told(SHARES["loses four"][0], asin=OWN)] == ["high"]


def test_keywords_that_were_not_read_are_left_out() -> None:
    """The six on which it stands are not read any more: that is no loss."""
    assert told(lambda n, w: 4 if w < 6 else 0, unread=lambda n, w: n >= 30 and w < 6) == []


def test_places_that_come_and_go_are_no_gain() -> None:
    chance = random.Random(5)
    assert told(lambda n, w: chance.choice([14, 15, 19, 20]), nights=90) == []


def test_rotating_ads_are_no_gain() -> None:
    chance = random.Random(5)

    def shown() -> Place:
        return Place(4, 1, *((1, 1) if chance.random() < 0.4 else (None, None)))

    comparison = compared(*[series([{RIVAL: shown()} for _ in range(90)], word) for word in WORDS])
    assert not list(flags(comparison, Rules()))


def test_what_is_said_of_it_and_its_evidence(database: Database) -> None:
    words = [f"word {n}" for n in range(5)]
    listing(database, keywords=words)
    for n, word in enumerate(words):
        rank(database, word, [4 if n == 0 else 0] * 28 + [4] * 3)
    (flag,) = judged(database, kinds=[Kind.SHARE_GAINED])
    assert (flag.asin, flag.keyword, flag.own) == (RIVAL, None, False)
    assert flag.sentence == (
        "On page one for 5 of 5 keywords since Mon 30 Mar, usually for 1; gained: word 1, word 2, word 3, and word 4"
    )
    assert flag.magnitude == pytest.approx(0.8) and flag.since < flag.observed_at


def test_ads_are_counted_apart() -> None:
    """On five more keywords, while the places among the results stay as they are."""

    def shown(n: int, w: int) -> Place:
        return Place(4, 1, *((1, 1) if w < 2 or (n >= 30 and w < 7) else (None, None)))

    keywords = [series([{RIVAL: shown(n, w)} for n in range(40)], word) for w, word in enumerate(WORDS)]
    (flag,) = flags(compared(*keywords), Rules())
    assert flag.sentence.startswith("With ads on page one for 7 of 10 keywords since")
