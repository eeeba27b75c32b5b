"""The own numbers of the sample listing (see sample_exports.py), and how long stock lasts."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page

from reports.exported import Day, Exported
from reports.period import Asked, Days
from reports.report import Report, report
from reports.sections.own import _cover
from tests.reports.sample import FIRST, KEYWORDS, LISTING, NIGHTS
from tests.reports.sample_exports import LACKING, units

SOLD = [units(night) for night in range(NIGHTS) if night not in LACKING]


@pytest.fixture(scope="module")
def made(spoken: Path) -> tuple[Report, Report]:
    """Of all days, and of the newest week."""
    with duckdb.connect(str(spoken / "sample.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return report(con, LISTING, Asked(count=NIGHTS)), report(con, LISTING, Asked(count=7))


def test_totals_say_of_how_many_days_and_ratios_are_those_of_the_totals(made: tuple[Report, Report]) -> None:
    lines = {line.measure.key: line.now for line in made[0].own.lines}
    sold = sum(SOLD)
    assert {key: (line.value, line.of) for key, line in lines.items()} == {
        key: (value, NIGHTS - len(LACKING))
        for key, value in {
            "sessions": 10 * sold, "units": sold, "conversion": Decimal("0.1"), "sales": 35 * sold,
            "buy_box": Decimal("0.975"), "ad_spend": 7 * sold, "ad_sales": Decimal("17.5") * sold,
            "acos": Decimal("0.4"), "tacos": Decimal("0.2"),
        }.items()
    }  # fmt: skip


def test_periods_are_compared_by_what_came_on_a_day(made: tuple[Report, Report]) -> None:
    own = made[1].own
    line = next(line for line in own.lines if line.measure.key == "units")
    now, before = ([units(n) for n in nights if n not in LACKING] for nights in (range(28, 35), range(21, 28)))
    assert (line.now.value, line.now.of, line.before.value, line.before.of) == (sum(now), 6, sum(before), 7)
    assert line.change == Decimal(sum(now)) / 6 / (Decimal(sum(before)) / 7) - 1
    assert [value for value in line.days if value is None] == [None] * 2
    assert len(own.beside) == 7 and own.beside[0].own["units"] == units(34)


def test_a_report_of_a_month_is_told_and_not_counted(made: tuple[Report, Report]) -> None:
    (longer,) = made[0].own.longer
    first = FIRST.date()
    assert (longer.days, longer.units) == (Days(first, first + timedelta(days=27)), 640)


def test_search_terms_stand_beside_the_organic_place_of_the_keyword(made: tuple[Report, Report]) -> None:
    own = made[0].own
    assert own.terms_of == made[0].period.days
    places = {column.series.keyword: column.places[made[0].comparison.own.asin] for column in made[0].keywords}
    found = [(term.searched.term, term.searched.spend, term.place) for term in own.terms]
    assert found[:3] == [
        (keyword, Decimal(f"{20 - 4 * n}.5") * len(SOLD), places[keyword]) for n, keyword in enumerate(KEYWORDS)
    ]
    assert [(term, place) for term, _, place in found[3:]] == [("b0other017", None), ("mug gift for dad", None)]
    assert own.terms[0].acos == Decimal("20.5") / 60 and own.terms[3].acos is None


def test_weeks_stand_beside_prices_and_ranks(made: tuple[Report, Report]) -> None:
    week = made[0].own.beside[0]
    assert week.days == Days(date(2026, 3, 9), date(2026, 3, 15))
    assert week.own["units"] == sum(units(n) for n in range(28, 35) if n not in LACKING)
    assert week.price == made[0].comparison.own.daily[date(2026, 3, 12)].to_pay
    assert week.cheapest is not None and week.bsr is not None


@pytest.mark.parametrize(
    ("sold", "counted", "days", "why"),
    [
        ([4] * 20, 19, Decimal(15), None),
        ([8] * 10 + [4] * 30, 39, Decimal(15), None),
        ([4] * 13, 12, None, "units of {days:count day|days} only; it takes {least:number} to tell a pace"),
        ([0] * 20, 19, None, "nothing was sold in {days:count day|days}"),
        ([4] * 40, 20, None, "no count of the stock in the last {days:number} days"),
    ],
)
def test_how_long_stock_lasts(sold: list[int], counted: int, days: Decimal | None, why: str | None) -> None:
    """60 pieces, counted on a day."""
    start = date(2026, 3, 1)
    found = {
        day: Day(day, units=number, fulfillable=60 if n == counted else None)
        for n, number in enumerate(sold)
        for day in [start + timedelta(days=n)]
    }
    cover = _cover(max(found), Exported(days=found, any=True))
    assert (cover.days, [said.text for said in cover.why]) == (days, [why] if why else [])


def test_the_page_shows_them(desk: Page, phone: Page) -> None:
    for page in (desk, phone):
        assert page.locator("#numbers tbody tr").count() == 9
        assert page.locator("#numbers tbody tr").nth(1).inner_text().split()[:2] == ["Units", f"{sum(SOLD)}"]
        assert page.locator("#terms tbody tr").count() == 5
        assert "483 units on" in page.locator("#own").inner_text()
