"""Coupons and deals: a badge that was read or certainly absent, never one that was not read."""

from typing import Any

import pytest

from reports.flags import Flag
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, Lacks, brief, each, judged, listing, tell, told

STARTED, CHANGED, ENDED = "coupon_started", "coupon_changed", "coupon_ended"

COUPONS: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "starts": ([ABSENT, ABSENT, 10], [(2, STARTED, "medium")]),
    "ends": ([10, ABSENT], [(1, ENDED, "low")]),
    "changes": ([10, 15], [(1, CHANGED, "low")]),
    "stays": ([10, 10, 10], []),
    "not read is not ended": ([10, Lacks("unparseable"), Lacks("layout_unknown"), Lacks("ambiguous"), 10], []),
    "not read, then another": ([10, Lacks("unparseable"), 15], [(2, CHANGED, "low")]),
    "page lost": ([10, BLOCKED, None, 10], []),
    "without a reason nothing is said": ([10, Lacks("no_such_reason"), 10], []),
    "first night": ([10], []),
}


DEALS: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "deal starts": ([False, True], [(1, "deal_started", "medium")]),
    "deal ends": ([True, False], [(1, "deal_ended", "low")]),
    "deal not read": ([True, Lacks("layout_unknown"), BLOCKED, True], []),
    "deal stays": ([True, True], []),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Flag]]:
    shown: dict[str, dict[str, list[Any]]] = {}
    for case, (percents, _) in COUPONS.items():
        lost = [p if p is None or p is BLOCKED else ABSENT for p in percents]
        shown[case] = {"coupon_percent": percents, "coupon_amount": lost}
    for case, (states, _) in DEALS.items():
        badges = ["Limited time deal" if s is True else s and ABSENT for s in states]
        shown[case] = {"is_deal": states, "deal": badges}
    return each(tmp_path_factory.mktemp("promotions"), shown)


@pytest.mark.parametrize("case", [*COUPONS, *DEALS])
def test_coupons_and_deals(found: dict[str, list[Flag]], case: str) -> None:
    assert brief(found[case]) == (COUPONS | DEALS)[case][1]


def test_a_null_without_any_reason_is_not_the_absence_of_a_coupon(database: Database) -> None:
    listing(database)
    tell(database, title=["A", "A", "A"], coupon_percent=[10, None, 10], coupon_amount=[ABSENT] * 3)
    assert told(database) == []


def test_a_product_out_of_stock_shows_no_coupon_and_ends_none(database: Database) -> None:
    listing(database)
    tell(
        database, coupon_percent=[10, ABSENT, 10], coupon_amount=[ABSENT] * 3, in_stock=[True, False, True],
    )  # fmt: skip
    assert {kind for _, kind, _ in told(database)} == {"out_of_stock", "back_in_stock"}


def test_a_coupon_in_another_currency_is_not_compared(database: Database) -> None:
    listing(database)
    tell(
        database,
        coupon_amount=[3, 3, 3],
        coupon_percent=[ABSENT] * 3,
        currency=["USD", "EUR", "USD"],
        price=[20, 20, 20],
    )
    assert told(database) == []


def test_what_a_coupon_is_worth_reads_plainly(database: Database) -> None:
    listing(database)
    tell(database, coupon_percent=[10, ABSENT], coupon_amount=[ABSENT, 5], price=[30, 30])
    (changed,) = judged(database)
    assert changed.sentence == (
        "Coupon changed from 10 % to 5.00 USD on Tue 3 Mar; price to pay 27.00 → 25.00 USD (−7.4 %)"
    )
    assert (changed.before, changed.after) == ("10 %", "5.00 USD")


def test_a_deal_is_told_with_its_badge(database: Database) -> None:
    listing(database)
    tell(database, is_deal=[False, True, False], deal=[ABSENT, "Limited time deal", ABSENT])
    ended, started = judged(database)
    assert started.sentence.endswith("(“Limited time deal”)")
    assert ended.sentence.endswith("(“Limited time deal”)")
