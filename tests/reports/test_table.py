"""The rows of the position table: values, changes, places among the products, and why a value is not there."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reports.flags import Severity
from reports.headline import headline
from reports.page.chart import charts
from reports.page.told import Telling
from reports.period import Asked, Days
from reports.report import Report, report
from reports.sections.table import Row
from reports.sections.values import Value, in_units
from reports.sentences import Said
from reports.stored import StoredMove
from reports.wording import Wording
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, RIVAL, Lacks, Lost, listing, night, rank, tell

RIVALS = [RIVAL, "B0RIVAL002", "B0RIVAL003", "B0RIVAL004"]
NO_PROMOTION: dict[str, Any] = {"coupon_percent": ABSENT, "coupon_amount": ABSENT}


def rows(database: Database) -> dict[str, Row]:
    return {row.product.asin: row for row in report(database.con, "mug").rows}


def values(database: Database, asin: str = RIVAL) -> dict[str, Value]:
    return dict(rows(database)[asin].values)


def said(value: Value) -> tuple[str, str, str]:
    """What a value of words, why there is none, and what stands beside it, in English."""
    words = Wording("en", "USD", "America/Los_Angeles")
    return words.said(value.said), words.said(value.why), words.said(value.note)


def differences(value: Value) -> list[Decimal | None]:
    return [None if change is None else change.difference for change in value.changes]


def test_changes_are_against_one_seven_and_thirty_days_before(database: Database) -> None:
    listing(database)
    tell(
        database,
        price=[25, *[20] * 29, 19, 18],
        bsr=[500, *[900] * 29, 1300, 1200],
        rating=[4.1, *[4.4] * 29, 4.5, 4.5],
        review_count=[70, 80, *[100] * 24, 104, 104, 104, 104, 120, 121],
    )
    found = values(database)
    assert found["price"].value == 18
    assert differences(found["price"]) == [Decimal(-1), Decimal(-2), Decimal(-2)]
    assert differences(found["bsr"]) == [-100, 300, 300]
    assert differences(found["rating"]) == [0, Decimal("0.1"), Decimal("0.1")]
    assert differences(found["review_count"]) == [1, 21, 41]
    assert [change.before_day.day for change in found["price"].changes if change] == [1, 26, 3]
    assert (found["per_day"].value, said(found["per_day"])[2]) == (3, "21 in 7 days")
    assert found["price"].days[-3:] == (20, 19, 18)


def test_no_change_is_made_up_where_there_is_nothing_to_compare_with(database: Database) -> None:
    listing(database)
    tell(database, price=[20, BLOCKED, 18], review_count=[100, BLOCKED, 130])
    found = values(database)
    assert differences(found["price"]) == [None, None, None]
    assert found["price"].days[-3:] == (20, None, 18)
    assert (found["per_day"].value, said(found["per_day"])[1]) == (None, "needs a count now and 7 days before")


def test_a_rank_of_another_category_is_no_change_of_rank(database: Database) -> None:
    listing(database)
    tell(database, bsr=[900, 40], category=["Kitchen", "Travel Mugs"])
    found = values(database)["bsr"]
    assert (found.value, differences(found), found.days[-2:]) == (40, [None, None, None], (None, 40))


def test_what_is_to_pay_needs_every_part_of_it(database: Database) -> None:
    listing(database)
    tell(database, price=[20], list_price=[25], coupon_percent=[10], is_deal=[False])
    found = values(database)
    assert (found["to_pay"].value, found["discount"].value) == (18, Decimal("0.2"))
    tell(database, first=1, price=[20], coupon_percent=[Lacks("unparseable")], list_price=[Lacks("layout_unknown")])
    found = values(database)
    assert (found["price"].value, found["to_pay"].value) == (20, None)
    assert said(found["to_pay"])[1] == "coupon: shown, but not readable"
    assert said(found["discount"])[1] == "list price: page layout not known"


def test_no_list_price_is_no_discount(database: Database) -> None:
    listing(database)
    tell(database, price=[20], list_price=[ABSENT])
    assert values(database)["discount"].value == 0


REASONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "absent": ({"price": ABSENT}, "price", "not shown on the page"),
    "unparseable": ({"price": Lacks("unparseable")}, "price", "shown, but not readable"),
    "out of stock": ({"price": ABSENT, "in_stock": False}, "price", "out of stock"),
    "nothing to pay": ({"price": ABSENT, "in_stock": False}, "to_pay", "out of stock"),
    "foreign": ({"price": 20, "currency": "EUR"}, "price", "shown as €20.00: not compared"),
    "no currency": ({"price": 20, "currency": ABSENT}, "price", "shown as 20: not compared"),
    "rank": ({"bsr": Lacks("layout_unknown")}, "bsr", "page layout not known"),
    "stock": ({"in_stock": Lacks("ambiguous")}, "stock", "the page contradicts itself"),
    "seller": ({"seller": ABSENT}, "buy_box", "not shown on the page"),
    "no reason": ({"rating": None, "title": "Mug"}, "rating", "no reason recorded"),
    "coupon": (
        {"coupon_percent": Lacks("unparseable"), "coupon_amount": ABSENT, "is_deal": False},
        "promotion",
        "coupon: shown, but not readable",
    ),
    "badges": ({"badges": Lacks("layout_unknown")}, "badges", "page layout not known"),
}


@pytest.mark.parametrize(("shown", "key", "why"), REASONS.values(), ids=REASONS)
def test_a_value_that_is_not_there_says_why(database: Database, shown: dict[str, Any], key: str, why: str) -> None:
    listing(database)
    tell(database, **{name: [value] for name, value in shown.items()})  # type: ignore[arg-type]
    value = values(database)[key]
    assert (value.missing, said(value)[1]) == (True, why)


def test_yesterdays_value_never_stands_in(database: Database) -> None:
    listing(database)
    tell(database, price=[20, Lost("timeout")], bsr=[5, Lost("timeout")], seller=["A", Lost("timeout")])
    row = rows(database)[RIVAL]
    assert row.now is None
    assert all(value.missing for value in row.values.values())
    assert {said(value)[1] for value in row.values.values()} == {"timed out; last read Mon 2 Mar"}
    assert row.values["price"].days[-2:] == (20, None), "the line has it all the same"


@pytest.mark.parametrize(
    ("shown", "text", "why", "note"),
    [
        ({"coupon_percent": 10, "is_deal": False}, "Coupon 10 %", "", ""),
        ({"coupon_amount": 3, "price": 20, "is_deal": True, "deal": "Deal"}, "Coupon $3.00; Deal", "", ""),
        ({"price": 20, "prime_price": 18, "is_deal": False}, "Prime price $18.00", "", ""),
        (NO_PROMOTION | {"is_deal": False}, "none", "", ""),
        (NO_PROMOTION | {"is_deal": Lacks("layout_unknown")}, "", "deal: page layout not known", ""),
        ({"coupon_percent": 10, "is_deal": Lacks("layout_unknown")}, "Coupon 10 %", "", "deal: page layout not known"),
        (NO_PROMOTION | {"is_deal": False, "in_stock": False}, "", "out of stock", ""),
    ],
)
def test_promotions(database: Database, shown: dict[str, Any], text: str, why: str, note: str) -> None:
    listing(database)
    tell(database, **{name: [value] for name, value in shown.items()})  # type: ignore[arg-type]
    assert said(values(database)["promotion"]) == (text, why, note)


def test_stock_seller_and_badges(database: Database) -> None:
    listing(database)
    badge = [{"kind": "best_seller", "text": "Travel Mugs"}, {"kind": "amazons_choice", "text": None}]
    tell(database, OWN, in_stock=[True], stock_left=[3], seller=["Hearth"], badges=[badge])
    tell(database, in_stock=[False], availability=["Currently unavailable."], badges=[[]])
    own, rival = values(database, OWN), values(database)
    assert said(own["stock"])[0] == "3 left"
    assert said(own["buy_box"])[0] == "Hearth"
    assert said(own["badges"])[0] == "Best Seller: Travel Mugs; Amazon’s Choice"
    assert said(rival["stock"]) == ("Out of stock", "", "Currently unavailable.")
    assert said(rival["badges"])[0] == "none"


def test_places_are_among_what_is_known_now(database: Database) -> None:
    listing(database, rivals=RIVALS)
    tell(database, OWN, price=[20], bsr=[300], rating=[4.2], review_count=[50])
    tell(database, RIVALS[0], price=[18], bsr=[200], rating=[4.2], review_count=[60])
    tell(database, RIVALS[1], price=[25], bsr=[400], rating=[4.0], review_count=[40])
    tell(database, RIVALS[2], price=[ABSENT], bsr=[100], category=["Garden"], rating=[4.9], review_count=[10])
    tell(database, RIVALS[3], price=[BLOCKED])
    found = rows(database)
    own = found[OWN].values
    assert {key: (own[key].place, own[key].of) for key in ("price", "bsr", "rating", "review_count")} == {
        "price": (2, 3),
        "bsr": (2, 3),
        "rating": (2, 4),
        "review_count": (2, 4),
    }
    garden = found[RIVALS[2]].values["bsr"]
    assert (garden.value, garden.place, said(garden)[2]) == (100, None, "Garden")
    assert found[RIVALS[3]].values["price"].place is None


def test_ranks_of_another_category_are_in_no_line(database: Database) -> None:
    """Also where none is shown, or nothing was read, on the last night."""
    listing(database, rivals=RIVALS[:2])
    tell(database, OWN, price=[20] * 4)
    for asin in RIVALS[:2]:
        tell(database, asin, bsr=[7, 900, 910], category=["Mugs", "Kitchen", "Kitchen"])
    tell(database, RIVALS[0], first=3, price=[BLOCKED])
    tell(database, RIVALS[1], first=3, price=[20], bsr=[ABSENT])
    told = report(database.con, "mug")
    assert [row.values["bsr"].days[-4:] for row in told.rows[1:]] == [(None, 900, 910, None)] * 2
    (chart,) = (chart for chart in charts(told) if chart.key == "bsr")
    assert [line[-4:] for line in chart.lines[1:]] == [(None, 900, 910, None)] * 2


def test_keywords_not_read_do_not_count(database: Database) -> None:
    listing(database, keywords=["tea mug", "tea cup"])
    rank(database, "tea mug", [3, 3, 20], asin=OWN)
    rank(database, "tea cup", [3, 3, BLOCKED], asin=OWN)
    found = values(database, OWN)["page_one"]
    assert (found.value, said(found)[2]) == (0, "of 1 keyword; best: 20")
    assert differences(found) == [-1, None, None], "compared is only the keyword known now"
    assert found.days[-3:] == (2, 2, None), "of one keyword, it would be another count"


def test_a_table_without_keywords_has_no_column_of_them(database: Database) -> None:
    listing(database)
    tell(database, price=[20])
    told: Report = report(database.con, "mug")
    assert "page_one" not in {column.key for column in told.columns}
    assert told.keywords == ()


def test_a_report_of_the_past_is_as_it_was_then(database: Database) -> None:
    listing(database)
    tell(database, price=[20, 19, 18, 17])
    told = report(database.con, "mug", Asked(last=date(2026, 3, 3), count=2))
    assert (told.period.days, told.comparison.until) == (Days(date(2026, 3, 2), date(2026, 3, 3)), night(1))
    assert told.rows[1].values["price"].value == 19


def test_what_was_not_crawled_by_then_is_no_report(database: Database) -> None:
    listing(database)
    tell(database, price=[20])
    with pytest.raises(LookupError, match="nothing has been crawled for listing 'mug' before 2026-02-01"):
        report(database.con, "mug", Asked(last=date(2026, 1, 31)))
    with pytest.raises(LookupError, match="listing 'jug' yet; listings in the database: mug"):
        report(database.con, "jug")


def test_days_on_which_nothing_was_asked_for_show_no_values_of_before(database: Database) -> None:
    listing(database)
    for product in (OWN, RIVAL):
        tell(database, product, price=["20"] * 3 + [None] * 5 + ["20"])
    between = report(database.con, "mug", Asked(first=night(4).date(), last=night(6).date()))
    assert [row.values["price"].value for row in between.rows] == [None, None]
    assert headline(between.comparison, between.flags, between.period.told) == Said("Nothing is known of these days.")
    with pytest.raises(LookupError, match="nothing has been crawled for listing 'mug' since 2026-03-10"):
        report(database.con, "mug", Asked(sort="day", last=night(9).date()))


def test_other_causes_of_an_effect_are_called_as_in_the_report(database: Database) -> None:
    listing(database)
    tell(database, price=[20])
    told = report(database.con, "mug")
    facts = {"others": [RIVAL, "B0OTHER001"]}
    effects = (("worse", ("other causes: {others:list}",), facts),)
    move = StoredMove(
        "1", RIVAL, False, "push", Severity.LOW, MONDAY.date(), "open", None, 1, 1, MONDAY.date(), (), {}, effects
    )  # fmt: skip
    (view,) = Telling(told.comparison, Wording("en", "USD", "UTC")).moves([move])
    assert view.effects == (("worse", "other causes: R1 and B0OTHER001"),)


def test_money_has_the_digits_of_its_currency() -> None:
    found = [str(in_units(Decimal("2277.155"), currency)) for currency in ("JPY", "USD", "KWD")]
    assert found == ["2277", "2277.16", "2277.155"]
