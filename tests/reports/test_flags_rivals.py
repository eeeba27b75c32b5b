"""What several prices say together: a rival below the own listing, and a price war."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from reports.flags import Flag, Kind
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, RIVAL, Lacks, judged, listing, night, tell


def told(database: Database, kind: Kind) -> list[tuple[int, str]]:
    return [((f.observed_at - night(0)).days, f.severity.word) for f in reversed(judged(database, kinds=[kind]))]


def dear(amounts: Sequence[Any]) -> list[Any]:
    return [Decimal(str(a)) if isinstance(a, int | float) else a for a in amounts]


UNDERCUTS: dict[str, tuple[list[Any], list[Any], list[tuple[int, str]]]] = {
    "falls below": ([20] * 4, [22, 22, 22, 19], [(3, "medium")]),
    "far below": ([20] * 4, [22, 22, 22, 17], [(3, "high")]),
    "by a few cents": ([20] * 4, [22, 22, 22, 19.8], []),
    "always cheaper": ([20] * 4, [18, 18, 18, 17], []),
    "the own price rose": ([18, 18, 18, 22], [20] * 4, []),
    "comes and goes": ([20] * 12, [22, 19, 22, 19, 22, 19, 22, 22, 22, 22, 22, 19], [(1, "medium")]),
    "back after two weeks": ([20] * 18, [22, 19, *[22] * 15, 19], [(1, "medium"), (17, "medium")]),
    "one of both not read": ([20, 20, BLOCKED, 20], [22, 22, 19, Lacks("unparseable")], []),
    "after nights not read": ([20, BLOCKED, None, 20], [22, 22, 22, 19], [(3, "medium")]),
}


@pytest.mark.parametrize(("own", "rival", "expected"), UNDERCUTS.values(), ids=UNDERCUTS)
def test_undercut(database: Database, own: list[Any], rival: list[Any], expected: list[tuple[int, str]]) -> None:
    listing(database)
    tell(database, OWN, price=dear(own))
    tell(database, RIVAL, price=dear(rival))
    assert told(database, Kind.UNDERCUT) == expected


def test_a_coupon_undercuts_and_the_rows_show_both(database: Database) -> None:
    listing(database)
    tell(database, OWN, price=[20] * 4)
    tell(database, RIVAL, price=[21] * 4, coupon_percent=[ABSENT] * 3 + [10])
    (flag,) = judged(database, kinds=[Kind.UNDERCUT])
    assert flag.sentence == (
        "Now costs less than yours: 18.90 USD to pay against 20.00 (−5.5 %) on Thu 5 Mar; it was 21.00 against 20.00 "
        "on Wed 4 Mar"
    )
    rows = database.con.execute(flag.evidence.sql).fetchall()
    assert {row[1] for row in rows} == {OWN, RIVAL} and len(rows) == 4


def war(database: Database, cuts: dict[int, float], *, rivals: int = 5, nights: int = 24) -> list[Flag]:
    """The price wars, where that rival cuts on that night by that share."""
    asins = [f"B0RIVAL{n:03d}" for n in range(rivals)]
    listing(database, rivals=asins)
    tell(database, OWN, price=[Decimal(20)] * nights)
    for n, asin in enumerate(asins):
        first, share = n + 12, cuts.get(n, 0)
        prices = [Decimal(25) + n if night < first else round((Decimal(25) + n) * Decimal(str(1 - share)), 2)
                  for night in range(nights)]  # fmt: skip
        tell(database, asin, price=prices, brand=[f"Brand{n}"] * nights)
    return judged(database, kinds=[Kind.PRICE_WAR])


def test_three_rivals_within_days_are_a_war_told_once_on_its_third_cut(database: Database) -> None:
    (flag,) = war(database, {0: 0.1, 1: 0.08, 2: 0.3, 4: 0.1})
    assert flag.sentence == (
        "Price war: 3 of 5 rivals cost 5.0 % or more below their lowest of the three weeks before, all within 7 days "
        "up to Mon 16 Mar: Brand0 B0RIVAL000, Brand1 B0RIVAL001, and Brand2 B0RIVAL002; the deepest cut is −30.0 %; 1 "
        "of them is cheaper than yours"
    )
    assert (flag.asin, flag.severity.word, str(flag.before), str(flag.after)) == (None, "high", "2", "3")
    assert flag.since == night(12)


@pytest.mark.parametrize(
    ("cuts", "rivals"),
    [
        ({0: 0.1, 1: 0.1}, 5),
        ({0: 0.1, 1: 0.1, 2: 0.03}, 5),
        ({0: 0.1, 7: 0.1, 8: 0.1}, 9),
        ({0: 0.1, 1: 0.1, 2: 0.1}, 13),
    ],
    ids=["two", "one too small", "a week apart", "too few of many"],
)
def test_no_war(database: Database, cuts: dict[int, float], rivals: int) -> None:
    assert war(database, cuts, rivals=rivals) == []


def test_to_and_fro_of_three_is_no_war(database: Database) -> None:
    asins = [f"B0RIVAL{n:03d}" for n in range(3)]
    listing(database, rivals=asins)
    for n, asin in enumerate(asins):
        tell(database, asin, price=[Decimal(20 if (night + n) % 5 else 16) for night in range(40)])
    assert judged(database, kinds=[Kind.PRICE_WAR], days=12) == []
