"""Strangers that rise in the results of the listing's keywords."""

from collections.abc import Mapping

import pytest

from reports.flags import Flag, Kind, Rules, Sensitivity
from reports.flags.judge import NORMAL
from reports.flags.newcomer import flags
from tests.reports.database import Database
from tests.reports.nights import PAGE, brief, judged, listing, night
from tests.reports.results import compared, series

STRANGER = "B0STRANGE1"
Came = Mapping[int, int]
"""Night -> place."""

CAME: dict[str, tuple[list[Came], list[tuple[int, str, str]]]] = {
    "in the first half of a page": ([{20: 8, 21: 7}], [(21, "newcomer", "low")]),
    "among the first": ([{20: 9, 21: 4}], [(22, "newcomer", "medium")][:0]),
    "climbs into the first half": ([{20: 12, 21: 8, 22: 5}], [(22, "newcomer", "low")]),
    "at the end of one page": ([{20: 14, 21: 14, 22: 14}], []),
    "at the end of two pages": ([{20: 14, 21: 14}, {20: 13, 21: 12}], [(21, "newcomer", "low")]),
    "for one night": ([{20: 3, 22: 3, 24: 3}], []),
    "falls back": ([{20: 2, 21: 8, 22: 14}, {20: 5, 21: 9}], []),
    "told once": ([dict.fromkeys(range(20, 34), 3), dict.fromkeys(range(26, 34), 3)], [(21, "newcomer", "medium")]),
    "through a gap": ([{20: 3, 23: 3}], [(23, "newcomer", "medium")]),
}
UNREAD = {"through a gap": (21, 22)}


def told(came: list[Came], unread: tuple[int, ...] = (), rules: Rules = NORMAL) -> list[Flag]:
    keywords = [
        series(
            [None if n in unread else {} for n in range(36)],
            f"word {w}",
            strangers={n: [(STRANGER, place)] for n, place in places.items()},
        )
        for w, places in enumerate(came)
    ]
    return list(flags(compared(*keywords, series([{}] * 36, "another")), rules))


@pytest.mark.parametrize("name", CAME)
def test_newcomers(name: str) -> None:
    came, expected = CAME[name]
    assert brief(told(came, UNREAD.get(name, ()))) == expected


def test_what_is_said() -> None:
    (flag,) = told([{20: 6, 21: 5}, {19: 9, 20: 8, 21: 3}])
    assert (flag.asin, flag.own, flag.keyword, flag.severity.word) == (STRANGER, False, None, "medium")
    assert flag.sentence == (
        "B0STRANGE1, which you do not watch, came up on page one on Sat 21 Mar: now at organic place 3 for “word 1”; "
        "also for word 0 (place 5)"
    )


def test_the_knob() -> None:
    """The part of the page: a third of sixteen places, or with low sensitivity a quarter."""
    came: list[Came] = [{20: 6, 21: 6}]
    assert len(told(came)) == 1
    assert told(came, rules=Rules(thresholds={Kind.NEWCOMER: 0.33})) == []
    assert told(came, rules=Rules(sensitivity={Kind.NEWCOMER: Sensitivity.LOW})) == []


def test_from_pages_to_a_flag(database: Database) -> None:
    """Known after two weeks of reading; one that had been there all the time, and a rival, are none."""
    listing(database, keywords=["tea mug"])
    for n in range(20):
        page: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(PAGE)]
        if n >= 16:
            page[2] = (STRANGER, False)
        database.search(night(n), "com", "tea mug", [page, [("B0OTHER900", False)]])
    (flag,) = judged(database, kinds=[Kind.NEWCOMER])
    assert (flag.asin, flag.day, flag.severity.word) == (STRANGER, night(17).date(), "medium")
