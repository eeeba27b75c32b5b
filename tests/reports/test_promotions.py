"""Promotions of a period: spells with ends that are known or not, unknown nights, depths, and what SQL counts."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.compare import compare
from reports.period import Days
from reports.sections.promotions import Promoted, Sort, Spell, promotions
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, Lacks, tell

NIGHTS = 14
UNREAD = Lacks("unparseable")
R = [f"B0RIVAL{n:03d}" for n in range(6)]


def day(n: int) -> date:
    return (MONDAY + timedelta(days=n)).date()


DAYS = Days(day(4), day(NIGHTS - 1))
"""The ten days of the period; four nights stand before it."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(Path(tmp_path_factory.mktemp("promotions")) / "tracker.duckdb")
    made.listing("mug", "com", OWN, R, [])
    plain: dict[str, Any] = {
        "price": [20] * NIGHTS, "list_price": [ABSENT] * NIGHTS, "coupon_percent": [ABSENT] * NIGHTS,
        "coupon_amount": [ABSENT] * NIGHTS, "prime_price": [ABSENT] * NIGHTS, "is_deal": [False] * NIGHTS,
        "deal": [ABSENT] * NIGHTS, "in_stock": [True] * NIGHTS,
    }  # fmt: skip

    def with_(**changes: dict[int, Any]) -> dict[str, Any]:
        told = {name: list(values) for name, values in plain.items()}
        for name, values in changes.items():
            for n, value in values.items():
                told[name][n] = value
        return told

    tell(made, OWN, **plain)
    ten = dict.fromkeys((6, 7, 9), 10) | {8: UNREAD}
    tell(made, R[0], **with_(coupon_percent=ten | {10: 20, 11: 20}))
    tell(made, R[1], **with_(coupon_amount=dict.fromkeys(range(8), 5)))
    on = range(11, 14)
    deal = with_(price=dict.fromkeys(on, 15), is_deal=dict.fromkeys(on, True), deal=dict.fromkeys(on, "25% off Deal"))
    deal["price"][10] = BLOCKED
    tell(made, R[2], **deal)
    out = dict.fromkeys((6, 7), False)
    tell(made, R[3], **with_(prime_price={5: 18, 8: 16, 9: 17}, in_stock=out))
    tell(made, R[4], **with_(list_price=dict.fromkeys(range(14), 25)))
    tell(made, R[5], **with_(prime_price={3: 15, 4: UNREAD}))
    yield made
    made.con.close()


@pytest.fixture(scope="module")
def found(database: Database) -> dict[str, Promoted]:
    return {p.asin: p for p in promotions(compare(database.con, "mug", days=len(DAYS)), DAYS)}


def test_a_coupon_runs_over_a_night_that_was_not_read_and_ends_where_its_worth_changes(
    found: dict[str, Promoted],
) -> None:
    twenty, ten = found[R[0]].spells
    common: dict[str, Any] = {"amount": None, "badge": None}
    assert ten == Spell(
        Sort.COUPON, percent=Decimal(10), first=day(6), last=day(9), after=day(5), before=day(10), nights=3, unknown=1,
        depth=Decimal("0.1"), **common,
    )  # fmt: skip
    assert (ten.begun, ten.open) == (True, False)
    assert (twenty.percent, twenty.first, twenty.last, twenty.before) == (Decimal(20), day(10), day(11), day(12))
    assert (found[R[0]].nights, found[R[0]].known, found[R[0]].days) == (5, 9, 10)
    assert found[R[0]].lowest == (Decimal(16), day(10))


def test_what_stood_before_anything_was_read_began_no_one_knows_when(found: dict[str, Promoted]) -> None:
    (spell,) = found[R[1]].spells
    assert (spell.first, spell.last, spell.after, spell.begun) == (day(0), day(7), None, False)
    assert (spell.nights, spell.amount, spell.depth) == (4, Decimal(5), Decimal("0.25")), "nights of the period only"


def test_a_deal_is_measured_by_the_price_before_it_and_is_open_at_the_end(found: dict[str, Promoted]) -> None:
    (spell,) = found[R[2]].spells
    assert (spell.sort, spell.badge, spell.depth) == (Sort.DEAL, "25% off Deal", Decimal("0.25"))
    assert (spell.after, spell.first, spell.begun) == (day(9), day(11), False), "the night between was not read"
    assert (spell.last, spell.before, spell.open) == (day(13), None, True)
    assert found[R[2]].known == 9


def test_nights_out_of_stock_say_nothing(found: dict[str, Promoted]) -> None:
    """A page of what cannot be bought shows no Prime price: the spell may have gone on."""
    (spell,) = found[R[3]].spells
    assert (spell.first, spell.last, spell.unknown, spell.nights) == (day(5), day(9), 2, 3)
    assert spell.depth == Decimal("0.2"), "the most it took off"
    assert (found[R[3]].known, found[R[3]].lowest) == (8, (Decimal(16), day(8)))


def test_a_struck_through_price_is_told_and_no_day_on_promotion(found: dict[str, Promoted]) -> None:
    (spell,) = found[R[4]].spells
    assert (spell.sort, spell.depth, spell.nights) == (Sort.STRUCK, Decimal("0.2"), 10)
    assert (found[R[4]].nights, found[R[4]].known) == (0, 10)


def test_what_was_last_seen_before_the_period_is_no_part_of_it(found: dict[str, Promoted]) -> None:
    assert (found[R[5]].spells, found[R[5]].nights, found[R[5]].known) == ((), 0, 9)


def test_the_own_product_stands_first_then_who_did_most(found: dict[str, Promoted]) -> None:
    assert list(found) == [OWN, R[0], R[1], R[2], R[3], R[4], R[5]]
    assert found[OWN].spells == () and found[OWN].lowest == (Decimal(20), day(4))


def test_nights_on_promotion_are_those_of_the_database(database: Database, found: dict[str, Promoted]) -> None:
    rows = database.con.execute(
        """
        SELECT asin, count(*) FILTER (coupon_percent > 0 OR coupon_amount > 0 OR is_deal OR prime_price IS NOT NULL),
               min(least(price, coalesce(prime_price, price)) * (1 - coalesce(coupon_percent, 0) / 100)
                   - coalesce(coupon_amount, 0)) FILTER (in_stock AND NOT list_has_any(coalesce(unknown, []),
                   ['coupon_percent', 'coupon_amount', 'prime_price']))
        FROM stored.product LEFT JOIN stored.lack USING (lack_id) WHERE day BETWEEN ? AND ? GROUP BY asin
        """,
        [DAYS.first, DAYS.last],
    ).fetchall()
    lowest = {asin: (p.nights, p.lowest and p.lowest[0]) for asin, p in found.items()}
    assert {asin: (nights, price) for asin, nights, price in rows} == lowest
