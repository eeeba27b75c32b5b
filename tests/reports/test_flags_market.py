"""What most rivals did at once is told once, as the market's; what moved farther than the others is still told."""

from decimal import Decimal
from typing import Any

import pytest

from reports.compare import compare
from reports.flags import Kind, Rules, Sensitivity, flags
from tests.reports.database import Database
from tests.reports.nights import judged, listing, tell, told

RIVALS = [f"B0RIVAL{n:03d}" for n in range(1, 8)]
PRICES = (
    Kind.MARKET_PRICE,
    Kind.PRICE_CUT,
    Kind.PRICE_RISE,
    Kind.DEAL_STARTED,
    Kind.DEAL_ENDED,
    Kind.LOWEST_IN_90_DAYS,
)
REVIEWS = (Kind.MARKET_REVIEWS, Kind.REVIEW_BURST, Kind.REVIEWS_REMOVED, Kind.REVIEWS_MERGED)
BEFORE = 20


def market(database: Database, name: str, series: dict[str, list[Any]]) -> None:
    listing(database, rivals=list(series))
    for asin, values in series.items():
        shown: dict[str, Any] = {name: values, "bsr": [1000] * len(values)}
        tell(database, asin, **shown)


def price(*parts: tuple[str, int]) -> list[Any]:
    return [Decimal(amount) for amount, count in parts for _ in range(count)]


def sale(asins: list[str], cut: str = "16.00", *, nights: int = 4) -> dict[str, list[Any]]:
    return {asin: price(("20.00", BEFORE), (cut, nights), ("20.00", 4)) for asin in asins}


def test_a_sale_of_most_is_the_markets_and_so_is_its_end(database: Database) -> None:
    market(database, "price", sale(RIVALS[:5]) | {asin: price(("20.00", BEFORE + 8)) for asin in RIVALS[5:]})
    assert [(n, kind) for n, kind, _ in told(database, kinds=PRICES)] == [
        (BEFORE, "market_price"),
        (BEFORE + 4, "market_price"),
    ]


def test_it_is_said_of_how_many_of_how_many(database: Database) -> None:
    market(database, "price", sale(RIVALS[:5]) | {asin: price(("20.00", BEFORE + 8)) for asin in RIVALS[5:]})
    first = judged(database, kinds=[Kind.MARKET_PRICE])[-1]
    assert first.sentence == (
        "5 of 7 watched products became cheaper in Kitchen up to Sun 22 Mar: −20.0 % in the median; "
        "it is the market's, and not told of each that followed"
    )
    assert first.asin is None and not first.own and first.magnitude == pytest.approx(-0.2)
    assert len(database.con.execute(first.evidence.sql).fetchall()) == 5 * 4


def test_a_product_that_moved_far_beyond_the_others_is_told(database: Database) -> None:
    market(database, "price", sale(RIVALS[:6]) | sale(RIVALS[6:], "8.00"))
    found = [(f.asin, f.kind) for f in judged(database, kinds=PRICES) if f.day.day == 2 + BEFORE]
    assert (None, Kind.MARKET_PRICE) in found
    assert {asin for asin, _ in found} == {None, RIVALS[6]}


def test_four_rivals_are_no_market_nor_are_fewer_than_half(database: Database) -> None:
    market(database, "price", sale(RIVALS[:4]))
    assert Kind.MARKET_PRICE not in {f.kind for f in judged(database)}
    assert len(judged(database, kinds=[Kind.PRICE_CUT])) == 4


def test_a_minority_is_no_market(database: Database) -> None:
    more = [f"B0OTHER{n:03d}" for n in range(6)]
    market(database, "price", sale(RIVALS[:5]) | {asin: price(("20.00", BEFORE + 8)) for asin in more})
    assert Kind.MARKET_PRICE not in {f.kind for f in judged(database)}


def test_those_who_begin_within_the_same_nights_belong_to_it(database: Database) -> None:
    """Five on Sunday, two on Monday: the market is told on Sunday, the two are not told at all."""
    late = {asin: price(("20.00", BEFORE + 1), ("16.00", 7)) for asin in RIVALS[5:]}
    market(database, "price", {asin: price(("20.00", BEFORE), ("16.00", 8)) for asin in RIVALS[:5]} | late)
    assert told(database, kinds=PRICES) == [(BEFORE, "market_price", "medium")]


def test_a_night_that_was_not_crawled_does_not_hide_it(database: Database) -> None:
    series = {asin: [*price(("20.00", BEFORE)), None, None, *price(("16.00", 4))] for asin in RIVALS}
    market(database, "price", series)
    assert told(database, kinds=PRICES) == [(BEFORE + 2, "market_price", "medium")]


def counts(start: int, pace: int, *, jump: int = 0, nights: int = BEFORE) -> list[Any]:
    return [start + pace * n + (jump if n >= nights else 0) for n in range(nights + 6)]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_recount_of_all_is_the_markets(database: Database, sign: int) -> None:
    series = {asin: counts(500 * (n + 1), 1, jump=sign * 50 * (n + 1)) for n, asin in enumerate(RIVALS)}
    market(database, "review_count", series)
    assert told(database, kinds=REVIEWS) == [(BEFORE, "market_reviews", "medium")]
    (flag,) = judged(database, kinds=[Kind.MARKET_REVIEWS])
    assert flag.chance is not None and flag.chance < 1e-6


def test_a_burst_of_one_rival_is_its_own(database: Database) -> None:
    series = {asin: counts(500, 1) for asin in RIVALS[1:]} | {RIVALS[0]: counts(500, 1, jump=60)}
    market(database, "review_count", series)
    assert [f.asin for f in judged(database, kinds=REVIEWS)] == [RIVALS[0]]


def test_what_is_off_withholds_nothing(database: Database) -> None:
    market(database, "price", sale(RIVALS))
    found = flags(compare(database.con, "mug", days=60), Rules(sensitivity={Kind.MARKET_PRICE: Sensitivity.OFF}))
    assert len([f for f in found if f.kind is Kind.PRICE_CUT]) == len(RIVALS)
