"""The place a marketplace is visited from: what is sent for it, what pages say of it, and whether the two agree."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from spiders.pages import read
from spiders.place import Ask, Place, again, change, columns, cookies, dialogue, elsewhere, headers, place, refusal
from storage.model import Fetch, Outcome
from storage.records import Shown
from tests.spiders.markup import a_price, center
from tests.spiders.markup import page as product_page

ASKED = [
    ({"marketplace": "com"}, Place("com", "en_US", "USD")),
    ({"marketplace": "co.jp", "postal_code": "154-0011"}, Place("co.jp", "ja_JP", "JPY", "154-0011")),
    ({"marketplace": "de", "language": "en-GB", "currency": "PLN"}, Place("de", "en_GB", "PLN")),
    ({"marketplace": "de", "language": "en"}, Place("de", "en_GB", "EUR")),
    ({"marketplace": "com", "language": "es"}, Place("com", "es_US", "USD")),
    ({"marketplace": "com", "language": "ru"}, Place("com", "ru", "USD")),
    ({"marketplace": "nl", "language": "nl;q=1,en"}, Place("nl", "nl_NL", "EUR", None, "nl;q=1,en")),
]


@pytest.mark.parametrize(("configured", "expected"), ASKED)
def test_what_is_not_configured_is_the_marketplaces_own(configured: dict[str, Any], expected: Place) -> None:
    assert place(**configured) == expected


@pytest.mark.parametrize(
    ("wanted", "language", "sent"),
    [
        (place("com"), "en-US,en;q=0.9", {"lc-main": "en_US", "i18n-prefs": "USD"}),
        (place("de", language="en-GB"), "en-GB,en;q=0.9", {"lc-acbde": "en_GB", "i18n-prefs": "EUR"}),
        (place("co.uk"), "en-GB,en;q=0.9", {"lc-acbuk": "en_GB", "i18n-prefs": "GBP"}),
        (place("com.br"), "pt-BR,pt;q=0.9", {"lc-acbbr": "pt_BR", "i18n-prefs": "BRL"}),
        (place("nl", language="nl;q=1,en"), "nl;q=1,en", {"lc-acbnl": "nl_NL", "i18n-prefs": "EUR"}),
    ],
)
def test_every_request_carries_the_choices(wanted: Place, language: str, sent: dict[str, str]) -> None:
    assert (headers(wanted), cookies(wanted)) == ({"Accept-Language": language}, sent)


HERE = "https://www.amazon.com/"
TOKEN = "hEY+/=="


def front(modal: object) -> str:
    told = json.dumps(modal).replace('"', "&quot;")
    return f'<span id="nav-global-location-data-modal-action" data-a-modal="{told}"></span>'


def test_the_dialogue_is_asked_for_as_the_page_does() -> None:
    modal = {"url": "/portal-migration/hz/glow/x?a=1&b=2", "ajaxHeaders": {"anti-csrftoken-a2z": TOKEN}}
    asked = dialogue(front(modal), HERE)
    assert asked is not None
    assert asked[:2] == ("GET", "https://www.amazon.com/portal-migration/hz/glow/x?a=1&b=2")
    assert asked.headers == {"anti-csrftoken-a2z": TOKEN, "X-Requested-With": "XMLHttpRequest", "Referer": HERE}


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        front("text"),
        front({"url": "/x"}),
        front({"url": "/x", "ajaxHeaders": {"anti-csrftoken-a2z": 5}}),
        front({"url": "https://elsewhere.example/x", "ajaxHeaders": {"anti-csrftoken-a2z": TOKEN}}),
        '<span id="nav-global-location-data-modal-action" data-a-modal="{"></span>',
    ],
)
def test_a_page_without_a_dialogue_has_none(page: str) -> None:
    assert dialogue(page, HERE) is None


@pytest.mark.parametrize(
    ("shown", "token"),
    [
        ('<script>var config = { CSRF_TOKEN : "second" };</script>', "second"),
        ("{'CSRF_TOKEN':'second'}", "second"),
        ("<div></div>", "first"),
    ],
)
def test_the_change_carries_the_dialogues_token(shown: str, token: str) -> None:
    asked = Ask("GET", f"{HERE}dialogue", {"anti-csrftoken-a2z": "first", "Referer": HERE})
    sent = change(place("com", postal_code="94103"), shown, asked)
    assert sent[:2] == ("POST", "https://www.amazon.com/portal-migration/hz/glow/address-change?actionSource=glow")
    assert (sent.headers["anti-csrftoken-a2z"], sent.headers["Content-Type"]) == (token, "application/json")
    assert json.loads(sent.body)["zipCode"] == "94103"


@pytest.mark.parametrize(
    ("status", "text", "why"),
    [
        (200, '{"isValidAddress":1,"isAddressUpdated":1}', None),
        (200, '{"isValidAddress":0,"isAddressUpdated":0}', "the site does not know this postal code"),
        (200, '{"successful":1}', "the answer is not the one known"),
        (200, "[1]", "the answer is not the one known"),
        (200, "<html>", "the answer is not the one known"),
        (403, '{"isAddressUpdated":1}', "HTTP 403"),
    ],
)
def test_a_refusal_has_its_reason(status: int, text: str, why: str | None) -> None:
    assert refusal(status, text) == why


HEAD = '<div id="nav-belt"></div>'


def lines(first: str, second: str) -> str:
    return f'<span id="glow-ingress-line1">{first}</span><span id="glow-ingress-line2">{second}</span>'


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (
            f"<html lang=en-us>{lines('Deliver to', 'New York 10001&zwnj;')}",
            Shown(delivery_location="New York 10001", has_head=True, language="en-US"),
        ),
        (
            f"<html lang=zh-hant-tw>{lines('交貨到', '臺灣')}",
            Shown(delivery_location="臺灣", has_head=True, language="zh-Hant-TW"),
        ),
        (f"<html lang=en_IN>{lines('Hello', 'Select your address')}", Shown(has_head=True, language="en-IN")),
        (f"<html lang=de>{HEAD}", Shown(has_head=True, language="de")),
        ("<html lang='not a tag'><div id='aod-container'></div>", Shown()),
        (
            "<div id=icp-touch-link-cop><span class=icp-currency-symbol>$</span>"
            "<span class=icp-color-base>USD - U.S. Dollar</span></div>",
            Shown(currency="USD"),
        ),
        ("<input type=hidden id=currencyOfPreference value=INR>", Shown(currency="INR")),
    ],
)
def test_a_page_tells_whom_it_was_made_for(page: str, shown: Shown) -> None:
    assert read(page, None, "com").shown == shown


def test_the_currency_is_that_of_the_amounts() -> None:
    price = center(a_price("CNY 180.00", classes="priceToPay"))
    told = read(product_page(middle=price, below='<input id="currencyOfPreference" value="USD">'))
    assert told.product is not None
    assert (told.product.currency, told.shown.currency) == ("CNY", "CNY")


def at(location: str | None, currency: str | None = "USD", *, head: bool = True) -> Shown:
    return Shown(delivery_location=location, currency=currency, has_head=head)


@pytest.mark.parametrize(
    ("wanted", "shown", "difference"),
    [
        (place("com"), at("Netherlands"), None),
        (place("com"), at("Netherlands", "EUR"), "currency EUR, not USD"),
        (place("com", currency="EUR"), at("Netherlands", "EUR"), None),
        (place("com", postal_code="94103"), at("San Francisco 94103"), None),
        (place("com", postal_code="94103-1234"), at("San Francisco 94103"), None),
        (place("com", postal_code="94103"), at("San Francisco 94103", None), None),
        (place("com", postal_code="94103"), at("New York 10001"), "delivery to 'New York 10001', not 94103"),
        (place("com", postal_code="94103"), at("Lebanon 9410"), "delivery to 'Lebanon 9410', not 94103"),
        (place("com", postal_code="94103"), at("Netherlands"), "delivery to 'Netherlands', not 94103"),
        (
            place("co.jp", postal_code="154-0011"),
            at("New York 10001", "USD"),
            "currency USD, not JPY; delivery to 'New York 10001', not 154-0011",
        ),
        (place("co.jp", postal_code="1540011"), at("世田谷 154-0011", "JPY"), None),
        (place("com.br", postal_code="86050-000"), at("Londrina 86050000", "BRL"), None),
        (place("co.uk", postal_code="W12 7RJ"), at("Fulham W12", "GBP"), None),
        (place("co.uk", postal_code="w127rj"), at("Fulham W12 7RJ", "GBP"), None),
        (place("co.uk", postal_code="W12 7RJ"), at("Camden NW1", "GBP"), "delivery to 'Camden NW1', not W12 7RJ"),
        (place("nl", postal_code="1187 AB"), at("Amstelveen 1187", "EUR"), None),
        (place("ae", postal_code="Dubai"), at("Dubai Marina", "AED"), None),
        (place("com", postal_code="94103"), at(None), "no place of delivery named, not 94103"),
        (place("com", postal_code="94103"), at(None, head=False), None),
    ],
)
def test_what_is_from_elsewhere_is_told_in_words(wanted: Place, shown: Shown, difference: str | None) -> None:
    assert elsewhere(wanted, shown) == difference


def test_a_page_read_again_is_judged_by_what_was_asked_for_then() -> None:
    wanted = place("de", language="en", postal_code="20095")
    told: dict[str, Any] = columns(wanted, at("Schweiz", "EUR"))
    fetch = Fetch(
        run_id="r", task="product/de/B0OWN00001", kind="product", marketplace="de", asin="B0OWN00001", keyword=None,
        page=None, url="", observed_at=datetime(2026, 3, 1, tzinfo=UTC), outcome=Outcome.OK, detail=None, http_status=200,
        attempts=1, bytes=1, elapsed_ms=1, page_hash=None, **told,
    )  # fmt: skip
    assert (fetch.wanted_language, fetch.elsewhere) == ("en-GB", "delivery to 'Schweiz', not 20095")
    assert again(fetch, at("Hamburg 20095", "EUR"))["elsewhere"] is None
    assert again(fetch, at("Hamburg 20095", "CHF"))["elsewhere"] == "currency CHF, not EUR"
    older = Fetch(**{name: getattr(fetch, name) for name in fetch.__struct_fields__ if "wanted" not in name})
    assert again(older, at("Bern", "CHF")) == {}
