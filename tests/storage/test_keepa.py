"""Keepa's histories: a worked example computed by hand, and everything that is not quite as Keepa says it is."""

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from storage.history import Past
from storage.keepa import DOMAINS, KeepaError, parse
from storage.marketplaces import MARKETPLACES
from storage.records import BsrLine, Product

NOW = datetime(2026, 3, 1, tzinfo=UTC)
START = 7_000_000
"""Minutes since 2011: 2024-04-23 02:40 UTC."""


def product(series: dict[int, list[int]], **more: Any) -> dict[str, Any]:
    csv = [series.get(index) for index in range(34)]
    return {"asin": "B0CVCV33BG", "domainId": 3, "csv": csv, **more}


def rows(*products: dict[str, Any]) -> tuple[Past, ...]:
    history = parse(json.dumps({"products": products}).encode(), NOW)
    assert not history.unread
    return history.rows


def reasons(record: Product) -> dict[str, str]:
    return {lack.field: lack.reason.value for lack in record.missing}


def test_the_worked_example() -> None:
    told = product(
        {
            18: [START, 1999, 0, START + 30, -1, -1, START + 60, 1799, 499],
            4: [START + 10, 2499],
            16: [START + 10, 45, START + 60, 0],
            17: [START + 10, 1204],
            3: [START, 120, START + 60, 80],
        },
        salesRankReference=3167641,
        categoryTree=[{"catId": 3167641, "name": "Küche & Haushalt"}, {"catId": 3312, "name": "Becher"}],
        salesRanks={"3167641": [START, 120], "3312": [START + 30, 7], "99": [START + 60, -1]},
        buyBoxSellerIdHistory=[str(START), "A1B2C3", str(START + 30), "-1", str(START + 60), "-2"],
        monthlySoldHistory=[START + 10, 500],
        title="The title of today",
    )
    got = [
        (
            f"{row.observed_at:%Y-%m-%d %H:%M}",
            *(getattr(row.product, name) for name in ("price", "list_price", "rating", "review_count", "seller_id")),
            row.product.bought_past_month_min,
            [(line.rank, line.category, line.category_id) for line in row.product.bsr],
        )
        for row in rows(told)
    ]
    kitchen, mugs = ("Küche & Haushalt", "3167641"), (7, "Becher", "3312")
    full, listed = Decimal("24.99"), Decimal("4.5")
    assert got == [
        ("2024-04-23 02:40", Decimal("19.99"), None, None, None, "A1B2C3", None, [(120, *kitchen)]),
        ("2024-04-23 02:50", Decimal("19.99"), full, listed, 1204, "A1B2C3", 500, [(120, *kitchen)]),
        ("2024-04-23 03:10", None, full, listed, 1204, None, 500, [(120, *kitchen), mugs]),
        ("2024-04-23 03:40", Decimal("17.99"), full, None, 1204, None, 500, [(80, *kitchen), mugs]),
    ]
    first, _, third, last = (reasons(row.product) for row in rows(told))
    assert first["rating"] == "not_in_source", "the series has not begun"
    assert third["price"] == third["seller_id"] == "absent_on_page", "Keepa says that there was none"
    assert last["rating"] == "absent_on_page"
    assert last["seller_id"] == "not_in_source", "there was one, and Keepa did not know who"
    assert {first[name] for name in ("title", "in_stock", "offer_count", "brand")} == {"not_in_source"}
    assert {row.product.currency for row in rows(told)} == {"EUR"}


def test_the_instant_of_keepas_own_example() -> None:
    """From the comment on ``csv`` in Product.java: 411180 is 1318510800000 ms, and 4900 are $ 49.00 or ¥ 4900."""
    (row,) = rows(product({18: [411180, 4900, 0]}, domainId=1))
    assert row.observed_at == datetime.fromtimestamp(1318510800, UTC)
    assert (row.product.marketplace, row.product.price, row.product.currency) == ("com", Decimal("49.00"), "USD")
    (row,) = rows(product({18: [411180, 4900, 0]}, domainId=5))
    assert (row.product.marketplace, row.product.price, row.product.currency) == ("co.jp", Decimal(4900), "JPY")


def test_the_lowest_new_offer_is_not_the_buy_box() -> None:
    (row,) = rows(product({0: [START, 100], 1: [START, 90], 11: [START, 5], 17: [START, 3]}))
    assert row.product.price is None
    assert reasons(row.product)["price"] == "not_in_source"
    assert reasons(row.product)["currency"] == "not_applicable"


def test_the_category_of_the_main_rank() -> None:
    def lines(**more: Any) -> list[tuple[BsrLine, ...]]:
        return [row.product.bsr for row in rows(product({3: [START, 5]}, **more))]

    assert lines(rootCategory=7) == [(BsrLine(rank=5, category="7", category_id="7"),)]
    assert lines(rootCategory=7, salesRankReference=8) == [(BsrLine(rank=5, category="8", category_id="8"),)]
    assert lines(rootCategory=0, salesRankReference=-1) == [()], "a rank in an unknown category compares with nothing"
    moved = lines(salesRankReference=9, salesRankReferenceHistory=[START - 10, 8, START + 5, 9])
    assert [[line.category_id for line in each] for each in moved] == [[], ["8"], ["9"]]


def test_a_rank_that_ended_and_a_subcategory_without_a_main_one() -> None:
    first, last = rows(product({3: [START, 5, START + 1, -1]}, rootCategory=7, salesRanks={"70": [START, 1]}))
    assert [line.category_id for line in first.product.bsr] == ["7", "70"]
    assert last.product.bsr == (), "line 1 would say that it is the main category"
    assert reasons(last.product)["bsr"] == "absent_on_page"


def test_every_form_of_the_answer() -> None:
    one = product({17: [START, 3]})
    plain = json.dumps({"products": [one], "tokensLeft": 1}).encode()
    forms = (plain, gzip.compress(plain), json.dumps([one]).encode(), json.dumps(one).encode())
    assert len({parse(form, NOW).rows for form in forms}) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (product({18: [START, 1999]}), "no whole changes of 3"),
        (product({17: [START, 3, START - 1, 4]}), "not in order"),
        (product({17: [-5, 3]}), "not in order"),
        (product({16: [START, 51]}), "a rating of 5.1"),
        (product({17: [START, 2**31]}), "above"),
        (product({18: [START, 10**12, 0]}), "above"),
        (product({17: [9_000_000, 3]}), "in the future"),
        (product({17: [10**15, 3]}), "in the future"),
        (product({17: [START, 3]}, domainId=7), "domainId 7"),
        (product({17: [START, 3]}, asin="../etc"), "not an ASIN"),
        (product({}), "no history"),
        (product({0: [START, 3]}), "no history of a kind that we take"),
        (product({}, buyBoxSellerIdHistory=["x", "A"]), "no number"),
        (product({}, buyBoxSellerIdHistory=[str(START)]), "no whole changes of 2"),
        ({"asin": "B0CVCV33BG"}, "domainId"),
        (product({}) | {"csv": [["x"]]}, "Expected `int`"),
    ],
)
def test_a_product_that_is_wrong_is_told_and_the_others_are_read(wrong: dict[str, Any], said: str) -> None:
    history = parse(json.dumps({"products": [product({17: [START, 3]}), wrong]}).encode(), NOW)
    assert len(history.rows) == 1
    (unread,) = history.unread
    assert said in unread.why
    assert unread.where.startswith("product 2")


@pytest.mark.parametrize("data", [b"", b"{", b"[1", b"\x1f\x8bxx", b'{"products": 5}', b'"x"', b"\xff"])
def test_what_is_no_answer_of_keepas(data: bytes) -> None:
    with pytest.raises(KeepaError, match="Keepa"):
        parse(data, NOW)


def test_every_domain_is_a_marketplace() -> None:
    assert set(DOMAINS.values()) <= set(MARKETPLACES)
