"""The lowest price to pay of 90 days, and ever: facts that are news, with enough past behind them."""

from decimal import Decimal
from typing import Any

import pytest

from reports.flags import Flag, Kind
from reports.flags.lows import flags
from reports.flags.rules import Rules
from reports.series import Comparison, Observation, ProductSeries
from tests.reports.nights import BLOCKED, OWN, RIVAL, brief, each, night

EVER, QUARTER = "lowest_ever", "lowest_in_90_days"


def dear(*amounts: Any) -> list[Any]:
    return [Decimal(str(a)) if isinstance(a, int | float) else a for a in amounts]


CASES: dict[str, tuple[list[Any], list[tuple[int, str]]]] = {
    "a fifth below": (dear(*[20] * 95, 16), [(95, EVER)]),
    "under 90 days of history": (dear(*[20] * 88, 16), []),
    "hardly below": (dear(*[20] * 95, 19.7), []),
    "as low as once before": (dear(*[20] * 40, *[16] * 3, *[20] * 60, 16, 15.9), []),
    "lower than that": (dear(*[20] * 40, *[16] * 3, *[20] * 60, 15), [(103, EVER)]),
    "a slide by cents is told once": (dear(*[20] * 92, *[20 - n / 20 for n in range(1, 14)]), [(99, EVER)]),
    "and again where it falls further": (
        dear(*[20] * 92, *[20 - n / 5 for n in range(1, 10)]),
        [(93, EVER), (98, EVER)],
    ),
    "up and down again to the same": (dear(*[20] * 92, 16, 16, 20, 20, 16, 15.8), [(92, EVER)]),
    "hardly ever read": (dear(*[20] * 10, *[BLOCKED] * 82, 20, 16), []),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Flag]]:
    shown = {case: {"price": prices} for case, (prices, _) in CASES.items()}
    return each(tmp_path_factory.mktemp("lows"), shown)


@pytest.mark.parametrize("case", CASES)
def test_lows(found: dict[str, list[Flag]], case: str) -> None:
    lows = [flag for flag in found[case] if flag.kind in {EVER, QUARTER}]
    assert [(n, kind) for n, kind, _ in brief(lows)] == CASES[case][1]


def comparison(prices: list[Any], lowest: tuple[Decimal, Any] | None) -> Comparison:
    none = dict.fromkeys(("coupon_percent", "coupon_amount", "prime_price"), "absent_on_page")
    seen = tuple(
        Observation(night(n), night(n).date(), True, n, price=price, missing=none) for n, price in enumerate(prices)
    )
    last, own = night(len(prices) - 1), ProductSeries(OWN, True, night(0), ())
    rival = ProductSeries(RIVAL, False, night(0), seen, lowest=lowest)
    return Comparison("mug", "com", "www.amazon.com", "USD", "UTC", (last.date(),), last, (own, rival), (), gaps=())


@pytest.mark.parametrize(
    ("older", "expected"),
    [(25, [Kind.LOWEST_EVER]), (16.1, [Kind.LOWEST_IN_90_DAYS]), (12, [Kind.LOWEST_IN_90_DAYS])],
)
def test_what_was_lower_before_the_series_counts(older: float, expected: list[Kind]) -> None:
    then = (Decimal(str(older)), night(-200).date())
    (low,) = flags(comparison(dear(*[20] * 97, 16), then), Rules())
    assert [low.kind] == expected
    assert low.sentence.endswith("; before this fall the lowest was 20.00 on Sat 6 Jun")
