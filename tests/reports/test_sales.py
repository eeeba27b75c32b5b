"""Sales are told as intervals that hold as often as they say, and not at all where there is nothing to go by."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from reports.effects.intervals import Floats
from reports.period import Days
from reports.report import Report
from reports.sales import Sightings, Worlds, evidence, fit
from reports.sales.brackets import upper
from reports.sales.estimated import Range, spread
from reports.sales.rows import estimates
from reports.wording import Wording
from storage.estimated import EstimateRow
from tests.benchmarks.sales import LAST
from tests.benchmarks.sales_worlds import LAWS, world
from tests.reports.database import Database
from tests.reports.nights import ABSENT, OWN, RIVAL, listing, night, reported, tell

FIRST = date(2026, 1, 1)
WORDS = Wording("en", "USD", "UTC")


@pytest.mark.parametrize(
    ("low", "high"), [(50, 100), (100, 200), (900, 1000), (1000, 2000), (9000, 10_000), (100_000, np.inf), (150, 300)]
)
def test_a_bracket_ends_where_the_next_begins(low: float, high: float) -> None:
    assert upper(np.array([low, 20.0])).tolist()[0] == high


def test_above_the_highest_of_big_brackets_there_may_be_no_other() -> None:
    assert upper(np.array([5000.0, 10_000.0])).tolist() == [6000, np.inf]


def months(law: str, brackets: int, own: bool, seed: int) -> tuple[Floats, Floats]:
    """The quantiles of each product's month, and the truth; those without a bracket last."""
    found = world(next(each for each in LAWS if each.name == law), brackets, own, seed)
    known = evidence(found.seen, LAST)
    drawn = Worlds(fit(known.sums), known, found.seen, seed).month(LAST)
    return np.quantile(drawn, (0.1, 0.5, 0.9), axis=1), found.month()


@pytest.mark.parametrize("law", ["demo", "flat", "reticent"])
def test_intervals_hold_as_often_as_they_say(law: str) -> None:
    """Of 80 products without a bracket, 64 in the mean; 55 or fewer in one of 100 (they share a curve, and so are
    worth fewer). Where the rank says more than is supposed, more."""
    right = total = 0
    for seed in (1, 2):
        (low, _, high), truth = months(law, 20, own=False, seed=seed)
        right += int(((low <= truth) & (truth <= high))[21:].sum())
        total += len(truth) - 21
    assert right / total >= 0.66
    assert law == "demo" or right / total <= 0.93


def test_what_is_known_of_a_product_itself_makes_it_narrower() -> None:
    (low, mid, high), truth = months("flat", 20, own=True, seed=3)
    width = high / np.maximum(low, 1)
    assert np.median(width[1:21]) < 0.9 * np.median(width[21:])
    assert width[0] < np.quantile(width[1:], 0.1)
    assert abs(np.log(mid[0] / truth[0])) < 0.15


def test_fewer_brackets_make_wider_intervals() -> None:
    seen = straight(products=12)
    few = straight(products=12)
    few.brackets[5:] = np.nan
    widths = []
    for each in (few, seen):
        low, high = np.quantile(worlds(each).levels[4], (0.1, 0.9))
        widths.append(high - low)
    assert widths[0] > 1.1 * widths[1]


def straight(*, days: int = 60, products: int = 8) -> Sightings:
    """Each product at one rank for ever: 100, 200, 300 …, its units 30,000 over that, seen as brackets."""
    ranks = np.log(100.0 * np.arange(1, products + 1))[:, None] + np.zeros(days)
    sold = np.exp(np.log(30_000 * 30) - ranks)
    brackets = np.where(sold < 9000, sold // 1000 * 1000, sold // 10_000 * 10_000)
    asins = tuple(f"B{n:09d}" for n in range(products))
    return Sightings(asins, FIRST, ranks, np.maximum(brackets, 500), np.full_like(ranks, np.nan))


def worlds(seen: Sightings) -> Worlds:
    known = evidence(seen, FIRST + timedelta(days=seen.ranks.shape[1] - 1))
    return Worlds(fit(known.sums), known, seen, 0)


def test_beyond_the_ranks_it_was_calibrated_on_it_is_wider() -> None:
    seen = straight()
    seen.brackets[5:] = np.nan
    seen.ranks[6:] += np.array([[2.0], [4.0]])
    low, high = np.quantile(worlds(seen).month(LAST - timedelta(days=30)), (0.1, 0.9), axis=1)
    width = np.log(high / np.maximum(low, 1))
    assert width[5] < width[6] < width[7]


def test_the_same_is_told_whatever_is_asked_before() -> None:
    last = FIRST + timedelta(days=59)
    one, other = worlds(straight()), worlds(straight())
    one.day(last)
    one.rate(Days(FIRST, last))
    assert np.array_equal(one.month(last), other.month(last))


def test_who_cannot_be_bought_sells_nothing() -> None:
    seen, last = straight(), FIRST + timedelta(days=59)
    seen.ranks[3, 45:] = np.inf
    found = worlds(seen)
    assert spread(found.day(last)[3]) is None
    off, on = (found.rate(days)[3].mean() for days in (Days(date(2026, 2, 1), last), Days(FIRST, date(2026, 1, 31))))
    assert off / on == pytest.approx(14 / 29, rel=0.25)


def test_an_interval_is_widened_to_figures_that_mean_something() -> None:
    assert spread(np.linspace(1230, 5670, 101)) == Range(1600, 3400, 5300)
    assert spread(np.full(10, 7.0)) == Range(7, 7, 7)
    assert spread(np.zeros(10)) == Range(0, 0, 0)


RIVALS = [RIVAL, *(f"B0RIVAL{n:03d}" for n in range(2, 8))]
LONELY = RIVALS[-1]
NIGHTS = 32


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Report, list[EstimateRow]]]:
    """Six products of one category with brackets, and a seventh without; one of another category."""
    database = Database(tmp_path_factory.mktemp("sold") / "tracker.duckdb")
    listing(database, rivals=RIVALS)
    for n, asin in enumerate((OWN, *RIVALS[:-1])):
        rank, bracket = 500 * 2**n, 2000 // 2**n // 100 * 100 or 50
        tell(
            database,
            asin,
            price=[str(20 + n)] * NIGHTS,
            bsr=[rank] * (NIGHTS - 1) + [ABSENT if n == 1 else rank],
            bought_past_month_min=[ABSENT if n == 3 else bracket] * NIGHTS,
            in_stock=[True] * (NIGHTS - 1) + [n != 2],
        )
    tell(database, LONELY, price=["9"] * NIGHTS, bsr=[70] * NIGHTS, category=["Books"] * NIGHTS)
    yield reported(database, days=10), list(estimates(database.con))
    database.con.close()


def test_every_product_has_an_interval_or_a_reason(sold: tuple[Report, list[EstimateRow]]) -> None:
    products = {each.asin: each for each in sold[0].sales.products}
    own = products[OWN]
    assert own.own and own.day and own.month and own.revenue and own.share and own.change
    assert own.month.low <= 2400 and own.month.high >= 2000
    assert own.month.low < own.month.mid < own.month.high
    assert own.revenue.price == Decimal("20.00")
    assert own.revenue.low == own.month.low * 20
    assert own.change.low < 1 < own.change.high < 1.5
    assert WORDS.said(own.basis).endswith("brackets of 6 products")
    assert (products[RIVALS[0]].day, WORDS.said(products[RIVALS[0]].why_day)) == (None, "no BSR on Thu 2 Apr")
    assert (products[RIVALS[1]].day, WORDS.said(products[RIVALS[1]].why_day)) == (None, "cannot be bought")
    without = products[RIVALS[2]]
    assert without.month and without.bracket is None
    assert without.month.high / without.month.low > own.month.high / own.month.low


def test_no_calibration_is_no_estimate(sold: tuple[Report, list[EstimateRow]]) -> None:
    lonely = sold[0].sales.products[-1]
    assert (lonely.asin, lonely.day, lonely.month, lonely.share) == (LONELY, None, None, None)
    assert WORDS.said(lonely.why_month) == "too few brackets in Books: of 0 of at least 5 products"


def test_shares_are_of_all_that_have_an_estimate(sold: tuple[Report, list[EstimateRow]]) -> None:
    shares = [each.share for each in sold[0].sales.products if each.share]
    assert len(shares) == sold[0].sales.shared == 7
    assert sum(share.mid for share in shares) == pytest.approx(1, abs=0.1)
    assert all(share.low < share.mid < share.high for share in shares)


def test_rows_say_the_same_as_the_report(sold: tuple[Report, list[EstimateRow]]) -> None:
    report, rows = sold
    stored = {row.asin: row for row in rows}
    assert stored.keys() == {each.asin for each in report.sales.products}
    for each in report.sales.products:
        row = stored[each.asin]
        ends = (row.month_low, row.month_mid, row.month_high)
        assert ends == ((each.month.low, each.month.mid, each.month.high) if each.month else (None,) * 3)
        assert row.day == night(NIGHTS - 1).date() == report.sales.last
        assert (row.reason is None) == bool(each.day and each.month)
