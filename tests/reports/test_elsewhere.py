"""Pages for another place than was asked for: their offers are missing with that reason, and compared with nothing."""

from decimal import Decimal
from typing import Any

import pytest

from reports.compare import compare
from reports.page.render import render
from reports.sentences import ENGLISH, voice
from reports.series import Comparison
from reports.unread import elsewhere
from tests.reports.database import Database
from tests.reports.nights import MONDAY, OWN, RIVAL, listing, night, reported, tell, told

THERE = "delivery to 'Canada', not 10001"


@pytest.fixture
def compared(database: Database) -> Comparison:
    """Three nights of a rival, the last of them told for Canada."""
    listing(database)
    tell(database, OWN, price=[20, 20, 20], in_stock=[True] * 3)
    here: dict[str, Any] = {"currency": "USD", "in_stock": True, "seller": "Mugs", "rating": 4.5, "review_count": 90}
    here["bsr"] = 400
    for n in range(2):
        database.product(night(n), "com", RIVAL, price=20, title="Mug", **here)
    there = here | {"in_stock": False, "seller": "Export", "review_count": 91}
    database.product(night(2), "com", RIVAL, price=31, coupon_amount=2, title="Mug", elsewhere=THERE, **there)
    return compare(database.con, "mug", days=3)


def test_it_is_a_gap_with_its_reason(compared: Comparison, database: Database) -> None:
    seen = compared.rivals[0].daily[compared.days[-1]]
    offer = (seen.price, seen.coupon_amount, seen.in_stock, seen.seller, seen.foreign_price)
    assert offer == (None, None, None, None, None)
    assert (seen.rating, seen.review_count, seen.bsr) == (Decimal("4.50"), 91, 400)
    gaps = {g.field: g.reason for g in compared.gaps if g.asin == RIVAL}
    assert gaps == dict.fromkeys(("price", "in_stock", "seller"), f"elsewhere: {THERE}")
    assert told(database) == []  # no rise, no stock-out, no other seller, no coupon


def test_it_does_not_hide_what_comes_after(compared: Comparison, database: Database) -> None:
    assert compared.rivals[0].daily[compared.days[-1]].elsewhere == THERE
    database.product(night(3), "com", RIVAL, price=16, currency="USD", in_stock=True)
    assert told(database) == [(3, "price_cut", "high")]


def test_the_report_says_so(compared: Comparison, database: Database) -> None:
    said = elsewhere(compared)
    assert said is not None
    assert ENGLISH.say(said) == (
        "Of another place, so not compared: offers of 1 of 2 products (delivery to “Canada”, not 10001)."
    )
    assert voice("zh_CN").say(said) == ("页面是其他地区的，不作比较：2 个商品中有 1 个（配送至“Canada”，而非 10001）。")
    page = render(reported(database, days=3))
    assert "read for another place: delivery to “Canada”, not 10001" in page
    assert "Of another place, so not compared: offers of 1 of 2 products" in page


ASKED = {"wanted_currency": "USD", "wanted_language": "en-US"}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("10001", "94103", "elsewhere: asked for 10001 then, not 94103"),
        (None, "94103", "elsewhere: asked for no postal code then, not 94103"),
        ("94103", None, "elsewhere: asked for 94103 then, not any"),
        ("94103", "94103", None),
    ],
)
def test_what_was_asked_for_another_postal_code_is_of_another_place(
    database: Database, before: str | None, after: str | None, reason: str | None
) -> None:
    listing(database)
    for n, code in enumerate((before, after)):
        asked = ASKED | ({"wanted_postal_code": code} if code else {})
        database.product(night(n), "com", RIVAL, price=20 + 5 * n, currency="USD", asked=asked)
    then, now = compare(database.con, "mug", days=2).rivals[0].observations
    assert (then.missing.get("price"), now.price) == (reason, Decimal(25))
    assert bool(told(database)) is (reason is None)


def test_what_is_not_known_to_be_from_elsewhere_is_compared(database: Database) -> None:
    listing(database)
    database.product(night(0), "com", RIVAL, price=20, currency="USD")  # before schema 5
    database.product(night(1), "com", RIVAL, price=25, currency="USD", asked=ASKED | {"wanted_postal_code": "94103"})
    assert told(database) == [(1, "price_rise", "medium")]


def test_prices_are_in_the_currency_asked_for(database: Database) -> None:
    listing(database)
    database.product(night(0), "com", RIVAL, price=20, currency="USD", asked=ASKED)
    database.product(night(1), "com", RIVAL, price=3000, currency="JPY", asked=ASKED | {"wanted_currency": "JPY"})
    compared = compare(database.con, "mug", days=2)
    assert compared.currency == "JPY"
    assert [o.price for o in compared.rivals[0].observations] == [None, 3000]
    assert compared.rivals[0].daily[MONDAY.date()].foreign_price == (Decimal(20), "USD")
    assert told(database) == []


def test_a_title_in_another_language_is_no_change(database: Database) -> None:
    listing(database)
    for n, (title, language) in enumerate([("Mug", "en-US"), ("Becher", "de-DE"), ("Tasse", "de-DE")]):
        database.product(night(n), "com", RIVAL, title=title, asked={"language": language})
    assert told(database) == [(2, "title_changed", "low")]
