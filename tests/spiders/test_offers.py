"""All offers for a product: the panel and the older page, on small pieces written here."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from spiders.pages import read
from spiders.pages.offers import read_offers
from spiders.pages.signs import condition_of
from storage.marketplaces import MARKETPLACES
from storage.records import Condition, OfferLine, OfferPage, PageKind, Reason

URL = "https://www.amazon.com/gp/product/ajax/aodAjaxMain/?asin=B0ABCDEF12&pc=dp"
FREE = '<span data-csa-c-delivery-price="FREE" data-csa-c-delivery-condition="">FREE delivery Friday</span>'
PRICE = '<span class="a-price"><span class="a-offscreen">{}</span><span aria-hidden="true">{}</span></span>'


def price(text: str) -> str:
    return PRICE.format(text, text)


def row(name: str, value: str) -> str:
    return (
        f'<div id="aod-offer-{name}"><div class="a-fixed-left-grid"><div class="a-col-left"><span>Label</span></div>'
        f'<div class="a-fixed-left-grid-col a-col-right">{value}</div></div></div>'
    )


def offer(
    condition: str = "New",
    cost: str = price("$19.99"),
    delivery: str = FREE,
    seller: str = '<a href="/gp/aag/main?seller=A1SELLER">Mug Shop</a><div id="aod-offer-seller-rating">98%</div>',
    box: str = "aod-offer",
) -> str:
    return (
        f'<div id="{box}"><div id="aod-offer-heading"><h5> {condition} </h5></div><div id="aod-offer-price">{cost}'
        f'<div id="mir-layout-DELIVERY_BLOCK">{delivery}</div></div>{row("shipsFrom", "<span>Amazon.com</span>")}'
        f"{row('soldBy', seller)}</div>"
    )


def panel(*offers: str, count: str = "3 other options") -> str:
    return (
        f'<div id="aod-container"><span id="aod-filter-offer-count-string">{count}</span>'
        f'{"".join(each for each in offers if "pinned" in each)}<div id="aod-offer-list">'
        f"{''.join(each for each in offers if 'pinned' not in each)}</div></div>"
    )


def page(html: str, url: str | None = URL, market: str = "com") -> OfferPage:
    got = read_offers(LexborHTMLParser(html), MARKETPLACES[market], url)
    assert got is not None
    return got


def reasons(line: OfferLine) -> dict[str, Reason]:
    return {lack.field: lack.reason for lack in line.missing}


def test_a_panel_with_the_pinned_offer_and_others() -> None:
    used = offer("Used - Like New", price("$1,250.00"), '<span data-csa-c-delivery-price="$5.99">$5.99 delivery</span>')
    got = page(panel(offer(box="aod-pinned-offer", seller="<span>Amazon.com</span>"), used))
    assert (got.marketplace, got.asin, got.offer_count, got.missing) == ("com", "B0ABCDEF12", 3, ())
    first, second = got.offers
    assert (first.position, first.pinned, first.condition, first.condition_text) == (1, True, Condition.NEW, "New")
    assert (first.price, first.currency, first.delivery) == (Decimal("19.99"), "USD", Decimal(0))
    assert (first.seller, first.seller_id, first.ships_from) == ("Amazon.com", None, "Amazon.com")
    assert reasons(first) == {"seller_id": Reason.ABSENT_ON_PAGE}
    assert (second.position, second.pinned, second.condition) == (2, False, Condition.USED)
    assert (second.price, second.delivery) == (Decimal("1250.00"), Decimal("5.99"))
    assert (second.seller, second.seller_id, second.missing) == ("Mug Shop", "A1SELLER", ())


@pytest.mark.parametrize(
    ("delivery", "amount", "reason"),
    [
        (FREE, Decimal(0), None),
        ('<span data-csa-c-delivery-price="$3.49">x</span>', Decimal("3.49"), None),
        ('<span data-csa-c-delivery-price="fastest">Or fastest delivery</span>', None, Reason.UNPARSEABLE),
        ('<span data-csa-c-delivery-price="FREE" data-csa-c-delivery-condition="on orders over $35">x</span>', None,
         Reason.AMBIGUOUS),
        ('<span class="aod-delivery-promise">+ $4.00 shipping</span>', Decimal("4.00"), None),
        ('<span data-csa-c-delivery-price="€4.00">x</span>', None, Reason.AMBIGUOUS),
    ],
)  # fmt: skip
def test_what_delivery_costs(delivery: str, amount: Decimal | None, reason: Reason | None) -> None:
    (line,) = page(panel(offer(delivery=delivery))).offers
    assert (line.delivery, reasons(line).get("delivery")) == (amount, reason)


@pytest.mark.parametrize(
    ("cost", "amount", "reason"),
    [
        (f'<span class="a-price a-text-price" data-a-strike="true"><span class="a-offscreen">$30.00</span></span>'
         f'{price("$20.00")}', Decimal("20.00"), None),
        (f'<span class="pricePerUnit">{price("$1.00")}</span>{price("$20.00")}', Decimal("20.00"), None),
        ('<span class="a-price"><span class="a-offscreen"> </span><span aria-hidden="true"><span class="a-price-symbol">$'
         '</span><span class="a-price-whole">20<span>.</span></span><span class="a-price-fraction">50</span></span></span>',
         Decimal("20.50"), None),
        ("See price in cart", None, Reason.ABSENT_ON_PAGE),
        (price("$5.00 - $9.00"), None, Reason.AMBIGUOUS),
        (price("20 points"), None, Reason.UNPARSEABLE),
    ],
)  # fmt: skip
def test_what_the_item_costs(cost: str, amount: Decimal | None, reason: Reason | None) -> None:
    (line,) = page(panel(offer(cost=cost))).offers
    assert (line.price, reasons(line).get("price")) == (amount, reason)


def olp(seller: str, shipping: str = '<span class="olpShippingPrice">EUR 3,00</span>', badge: str = "") -> str:
    return (
        '<div class="a-row a-spacing-mini olpOffer"><div class="olpPriceColumn"><span class="a-color-price olpOfferPrice">'
        f'  EUR 12,50 </span><p class="olpShippingInfo">+ {shipping} Versandkosten</p></div><div class="olpConditionColumn">'
        f'<span class="a-size-medium olpCondition">Gebraucht - Sehr gut</span></div><div class="olpDeliveryColumn">{badge}'
        f'</div><div class="olpSellerColumn"><h3 class="olpSellerName">{seller}</h3></div></div>'
    )


def test_the_page_of_before_2021() -> None:
    shop = '<span class="a-text-bold"><a href="/gp/aag/main/ref=olp?ie=UTF8&seller=A2SELLER">Tassenladen</a></span>'
    badge = '<a class="olpFbaPopoverTrigger">Versand durch Amazon</a>'
    html = (
        "<html><body><div id='olpOfferList'>"
        + olp(shop)
        + olp(shop, "<b>KOSTENFREIER</b> gratis", badge)
        + olp('<img alt="Amazon.de" src="x.gif">')
        + "</div></body></html>"
    )
    got = read(html, "https://www.amazon.de/gp/offer-listing/B0ABCDEF12/ref=olp")
    assert (got.kind, got.marketplace) == (PageKind.OFFERS, "de")
    assert got.offers is not None
    assert (got.offers.asin, got.offers.offer_count) == ("B0ABCDEF12", None)
    first, second, third = got.offers.offers
    assert (first.price, first.currency, first.delivery) == (Decimal("12.50"), "EUR", Decimal("3.00"))
    assert (first.condition, first.seller, first.seller_id) == (Condition.USED, "Tassenladen", "A2SELLER")
    assert (first.ships_from, second.ships_from, third.ships_from) == ("Tassenladen", "Amazon", "Amazon")
    assert (second.delivery, third.seller, third.seller_id) == (Decimal(0), "Amazon.de", None)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("New", "new"), ("Used - Like New", "used"), ("Used: Very Good", "used"), ("Renewed", "renewed"),
        ("Amazon Renewed", "renewed"), ("Refurbished - Excellent", "renewed"), ("Collectible - Good", "collectible"),
        ("Rent", "rental"), ("Neu", "new"), ("Gebraucht - Wie neu", "used"), ("Generalüberholt", "renewed"),
        ("Neuf", "new"), ("D’occasion - Comme neuf", "used"), ("Reconditionné", "renewed"), ("De 2ª mano - Bueno", "used"),
        ("Nuevo", "new"), ("Reacondicionado", "renewed"), ("Nuovo", "new"), ("Usato - Come nuovo", "used"),
        ("Ricondizionato", "renewed"), ("Novo", "new"), ("Recondicionado", "renewed"), ("Nieuw", "new"),
        ("Tweedehands - Als nieuw", "used"), ("Begagnad - Som ny", "used"), ("Nytt", "new"), ("Używany - jak nowy", "used"),
        ("Nowy", "new"), ("Yeni", "new"), ("İkinci El - Çok İyi", "used"), ("新品", "new"), ("中古品 - ほぼ新品", "used"),
        ("整備済み品", "renewed"), ("コレクター商品 - 良い", "collectible"), ("全新", "new"), ("二手 - 接近全新", "used"),
        ("جديد", "new"), ("مستعمل - جيد", "used"), ("Brand unknown", None), ("Newish", None), ("", None),
    ],
)  # fmt: skip
def test_conditions_in_every_language(text: str, condition: str | None) -> None:
    assert condition_of(text) == condition


def test_an_unknown_condition_is_kept_as_text() -> None:
    (line,) = page(panel(offer("Ganz toll"))).offers
    assert (line.condition, line.condition_text, reasons(line)["condition"]) == (
        None, "Ganz toll", Reason.UNPARSEABLE,
    )  # fmt: skip


def test_whose_offers_they_are() -> None:
    own = panel(offer()).replace("</h5>", '</h5><input name="items[0.base][asin]" value="B0OWNASIN1">')
    assert page(own).asin == "B0OWNASIN1"  # what the page says goes before what was asked for
    assert read_offers(LexborHTMLParser(panel(offer())), MARKETPLACES["com"], None) is None
    assert read_offers(LexborHTMLParser(panel()), MARKETPLACES["com"], URL) is None
    assert read_offers(LexborHTMLParser(panel(offer())), MARKETPLACES["com"], "http://[broken") is None


def test_a_panel_is_read_whole_or_not_at_all() -> None:
    html = panel(offer(), offer("Used - Good"))
    got = read(html, URL)
    assert (got.kind, got.offers is not None) == (PageKind.OFFERS, True)
    empty = read(panel(), URL)
    assert (empty.kind, empty.detail) == (PageKind.INCOMPLETE, "main_part_missing")
    for cut in range(html.index("aod-offer-list") + 20, len(html) - 12, 11):
        broken = read(html[:cut], URL)
        assert (broken.kind, broken.detail, broken.offers) == (PageKind.INCOMPLETE, "truncated", None), html[:cut][-40:]


@given(st.integers(0), st.integers(0, 60), st.text(max_size=12))
def test_a_mutilated_panel_never_raises(at: int, length: int, text: str) -> None:
    html = panel(offer(box="aod-pinned-offer"), offer("Used - Good"))
    start = at % len(html)
    read_offers(LexborHTMLParser(html[:start] + text + html[start + length :]), MARKETPLACES["com"], URL)
