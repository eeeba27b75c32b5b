"""The price to pay: what moved it, told once by its cause; never a number that was not read."""

from decimal import Decimal
from typing import Any

import pytest

from reports.flags import Flag
from tests.reports.database import Database
from tests.reports.nights import ABSENT, OWN, Lacks, brief, each, judged, listing, tell, told

UNREAD = Lacks("unparseable")
CUT, RISE, STARTED, ENDED, CHANGED = "price_cut", "price_rise", "coupon_started", "coupon_ended", "coupon_changed"
SOLD: dict[str, Any] = {"in_stock": True, "is_deal": False, "deal": ABSENT}

Shown = dict[str, Any]
COUPON: Shown = {"price": 25, "coupon_percent": 10}
CASES: dict[str, tuple[list[Shown], list[tuple[int, str, str]], str]] = {
    "a coupon starts": (
        [{"price": 25}, {"price": 25, "coupon_percent": 10}],
        [(1, STARTED, "medium")],
        "Coupon of 10 % started on Tue 3 Mar; price to pay 25.00 → 22.50 USD (−10.0 %)",
    ),
    "a rise taken back by a coupon": (
        [{"price": 20}, {"price": 25, "coupon_percent": 20}],
        [(1, STARTED, "medium")],
        "Coupon of 20 % started on Tue 3 Mar; price to pay 20.00 USD as before, while the price before it went "
        "20.00 → 25.00",
    ),
    "a rise taken back in part": (
        [{"price": 20}, {"price": 25, "coupon_percent": 10}],
        [(1, STARTED, "medium"), (1, RISE, "low")],
        "Price to pay raised 20.00 → 22.50 USD (+12.5 %) on Tue 3 Mar, before coupon and Prime price 20.00 → 25.00; it "
        "had stood at 20.00 for at least 1 day",
    ),
    "a coupon that became the price": (
        [{"price": 25, "coupon_percent": 20}, {"price": 20}],
        [(1, ENDED, "low")],
        "Coupon of 20 % ended on Tue 3 Mar; price to pay 20.00 USD as before, while the price before it went "
        "25.00 → 20.00",
    ),
    "a cut under a coupon that stays": (
        [{"price": 25, "coupon_percent": 10}, {"price": 20, "coupon_percent": 10}],
        [(1, CUT, "high")],
        "Price to pay cut 22.50 → 18.00 USD (−20.0 %) on Tue 3 Mar, before coupon and Prime price 25.00 → 20.00; it "
        "had stood at 22.50 for at least 1 day",
    ),
    "a Prime price alone": (
        [{"price": 25}, {"price": 25, "prime_price": 20}],
        [(1, CUT, "high")],
        "Price to pay cut 25.00 → 20.00 USD (−20.0 %) on Tue 3 Mar, before coupon and Prime price 25.00 as it was; it "
        "had stood at 25.00 for at least 1 day",
    ),
    "a Prime price with a deal": (
        [{"price": 25}, {"price": 25, "prime_price": 20, "is_deal": True, "deal": "Prime Day"}],
        [(1, "deal_started", "medium")],
        "Deal started on Tue 3 Mar (“Prime Day”); price to pay 25.00 → 20.00 USD (−20.0 %)",
    ),
    "a deal with a cut: both": (
        [{"price": 25}, {"price": 20, "is_deal": True, "deal": "Prime Day"}],
        [(1, "deal_started", "medium"), (1, CUT, "high")],
        "Price cut 25.00 → 20.00 USD (−20.0 %) on Tue 3 Mar; it had stood at 25.00 for at least 1 day",
    ),
    "a coupon not read": (
        [COUPON, COUPON | {"coupon_percent": UNREAD}, COUPON],
        [],
        "",
    ),
    "a cut while the coupon is not read is one of the price before it": (
        [COUPON, {"price": 20, "coupon_percent": UNREAD}, COUPON | {"price": 20}],
        [(1, CUT, "high")],
        "Price cut 25.00 → 20.00 USD (−20.0 %) on Tue 3 Mar, before any coupon or Prime price (not read); it had stood "
        "at 25.00 for at least 1 day",
    ),
    "a Prime price that moved while the coupon was not read": (
        [{"price": 25, "prime_price": 25}, {"price": 25, "coupon_percent": UNREAD}, {"price": 25, "prime_price": 20}],
        [(2, CUT, "high")],
        "Price to pay cut 25.00 → 20.00 USD (−20.0 %) on Wed 4 Mar, before coupon and Prime price 25.00 as it was; no "
        "price was read for 1 night before, the last was 25.00",
    ),
    "out of stock the page shows no coupon": (
        [{"price": 25, "coupon_percent": 10}, {"price": 25, "in_stock": False}, {"price": 25, "coupon_percent": 10}],
        [(1, "out_of_stock", "high"), (2, "back_in_stock", "medium")],
        "",
    ),
    "a slide goes by one coupon": (
        [*[{"price": 20}] * 9, *[{"price": p, "coupon_percent": 8} for p in (20, 19.4, 18.9)]],
        [(9, STARTED, "medium")],
        "Coupon of 8 % started on Wed 11 Mar; price to pay 20.00 → 18.40 USD (−8.0 %)",
    ),
}  # fmt: skip


def columns(pages: list[Shown]) -> dict[str, list[Any]]:
    """Pages night by night as columns; what a page does not name it does not show."""
    names = ("price", "coupon_percent", "coupon_amount", "prime_price", *SOLD)
    return {name: [_money(page.get(name, SOLD.get(name, ABSENT))) for page in pages] for name in names}


def _money(value: Any) -> Any:
    return value if isinstance(value, bool | tuple | str) else Decimal(str(value))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Flag]]:
    return each(tmp_path_factory.mktemp("paid"), {case: columns(pages) for case, (pages, *_) in CASES.items()})


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_told_once_by_its_cause(found: dict[str, list[Flag]], case: str) -> None:
    _, flags, sentence = CASES[case]
    assert brief(found[case]) == flags
    assert not sentence or sentence in [flag.sentence for flag in found[case]]


def test_the_own_listing_takes_deal_and_coupon_off_at_once(database: Database) -> None:
    listing(database)
    deal: Shown = {"price": 20, "is_deal": True, "deal": "Limited time deal"}
    pages: list[Shown] = [{"price": 25}, deal, deal | {"coupon_percent": 10}, deal | {"coupon_percent": 15}, deal]
    tell(database, OWN, **dict[str, Any](columns(pages)))
    stacked = [flag for flag in judged(database) if flag.kind == "promotions_stacked"]
    assert [flag.sentence for flag in stacked] == [
        "Deal and coupon are taken off at once since Wed 4 Mar: 10 % off 20.00 USD leaves 18.00 to pay"
    ]
    assert stacked[0].severity.word == "high"


def test_what_a_rival_stacks_is_its_own_affair(database: Database) -> None:
    listing(database)
    pages = columns([{"price": 25}, COUPON | {"is_deal": True, "deal": "D"}])
    tell(database, **dict[str, Any](pages))
    assert told(database) == [(1, STARTED, "medium"), (1, "deal_started", "medium")]
