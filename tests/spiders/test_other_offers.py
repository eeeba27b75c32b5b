"""Used, renewed and subscribed prices, the offers announced elsewhere; and what must not be taken for the price."""

from decimal import Decimal

import pytest

from spiders.pages.reading import Lack
from storage.records import Reason
from tests.spiders.markup import a_price, accordion, center, lack, product


def link(text: str) -> str:
    return (
        '<div id="olpLinkWidget_feature_div"><a class="a-touch-link olp-touch-link" href="/gp/offer-listing/B0ABCDEF12">'
        f'<div class="olp-text-box">{text}</div></a></div>'
    )


def old_link(text: str) -> str:
    return f'<div id="olp_feature_div"><div id="olp-upd-new-used"><span>{text}</span></div></div>'


def olp(text: str) -> str:
    return f'<a href="/gp/offer-listing/B0ABCDEF12?condition=new">{text}</a>'


@pytest.mark.parametrize(
    ("code", "markup", "count", "lowest"),
    [
        ("com", link(f"<span>New &amp; Used (5) from</span> {a_price('$3.00')}"), 5, "3.00"),
        ("com", link("New (1,203) from $8.00"), 1203, "8.00"),
        ("com", link("1 new from $8"), 1, "8.00"),
        ("com", link("New (2) from $8.00 &amp; FREE Shipping on orders over $35.00"), 2, "8.00"),
        ("com", link("from $8.00"), None, "8.00"),
        ("com", link("See All Buying Options"), None, None),
        ("com", old_link(olp("4 new from $8.00")), 4, "8.00"),
        ("com", old_link(f'{olp("4&nbsp;new")} from <span class="a-color-price">$8.00</span>'), 4, "8.00"),
        ("com", f'<div id="olpDiv"><span>{olp("25 new")} from <span class="price">$19.94</span></span></div>', 25, "19.94"),
        ("com", f'<div id="mbc"><div id="mbc-olp-link">{olp("5 new from $12.00")}</div></div>', 5, "12.00"),
        ("com", old_link(f"{olp('4 new from $8.00')}</span><span>{olp('12 used from $3.00')}"), None, None),
        ("co.jp", link("<span>新品 (5) 点: </span><span>￥1,200</span>"), 5, "1200"),
        ("co.jp", link("￥ 800より"), None, "800"),
        ("co.jp", old_link(olp("中古品の出品：12￥ 1,200より")), 12, "1200"),
        ("it", link("3 usati da 5,00 €"), 3, "5.00"),
        ("de", link("Neu &amp; gebraucht (14) ab 8,00&nbsp;€ + KOSTENLOSER Versand"), 14, "8.00"),
        ("de", old_link(olp("4 neu ab EUR 8,00")), 4, "8.00"),
        ("fr", link("Neufs &amp; occasions (11) à partir de 3,50 €"), 11, "3.50"),
        ("es", link("Nuevo: 3 ofertas desde 5,00 €"), 3, "5.00"),
        ("se", link("Nya (3) från 120,00 kr"), 3, "120.00"),
        ("pl", link("Nowe (3) od 120,00 zł"), 3, "120.00"),
        ("com.tr", link("3 yeni ürün 120,00 TL'den"), 3, "120.00"),
        ("ae", link("New (3) from AED 120.00"), 3, "120.00"),
    ],
)  # fmt: skip
def test_offers_announced(code: str, markup: str, count: int | None, lowest: str | None) -> None:
    got = product(code, right=markup)
    assert (got.offer_count, got.offer_from) == (count, Decimal(lowest) if lowest else None)


def test_the_rows_of_other_offers() -> None:
    got = product(
        **accordion(
            ("newAccordionRow_0", "$19.99"),
            ("usedAccordionRow", "$9.99"),
            ("renewedAccordionRow_0", "$12.99"),
            ("snsAccordionRow", "$17.99"),
        )
    )
    prices = (got.price, got.used_price, got.renewed_price, got.subscribe_price)
    assert list(map(str, prices)) == ["19.99", "9.99", "12.99", "17.99"]
    only = product(**accordion(("certifiedRefurbishedAccordionRow", "$12.99")))
    assert (only.price, only.renewed_price) == (None, Decimal("12.99"))


@pytest.mark.parametrize(
    ("texts", "percent", "reason"),
    [
        (("Save 5%",), "5", None),
        (("5%", "up to 15%"), None, Reason.AMBIGUOUS),
        (("Save 5% now / up to 15% on repeat deliveries",), None, Reason.AMBIGUOUS),
        (("Up to 15% off",), None, Reason.AMBIGUOUS),
        (("Bis zu 15 % sparen",), None, Reason.AMBIGUOUS),
    ],
)
def test_what_subscribing_saves(texts: tuple[str, ...], percent: str | None, reason: Reason | None) -> None:
    inside = "".join(f'<span class="discountText">{text}</span>' for text in texts)
    got = product(
        right=f'<div id="snsDetailPagePrice"><span id="sns-base-price">$18.99 ($0.40 / Fl Oz)</span>{inside}</div>'
    )
    assert (got.subscribe_price, got.subscribe_percent) == (Decimal("18.99"), Decimal(percent) if percent else None)
    if reason:
        assert lack(got, "subscribe_percent") == Lack(reason, texts[0])


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Prime members get this deal for $15.99", "15.99"),
        ("Prime member price $15.99 You save $4.00 (20%)", "15.99"),
        ("Save $4.00 with Prime", None),
        ("Exclusive Prime price", None),
    ],
)
def test_prices_for_prime_members(text: str, price: str | None) -> None:
    got = product(
        middle=center(a_price("$19.99", classes="priceToPay")), right=f'<div id="pep_feature_div">{text}</div>'
    )
    assert (got.price, got.prime_price) == (Decimal("19.99"), Decimal(price) if price else None)


def unit(text: str) -> str:
    return center(a_price("9", classes="priceToPay"), f'<span class="a-size-mini pricePerUnit">{text}</span>')


def old_unit(text: str) -> str:
    return (
        '<table><tr id="priceblock_ourprice_row"><td><span id="priceblock_ourprice">$12.00</span> '
        f'<span class="a-size-small">{text}</span></td></tr></table>'
    )


@pytest.mark.parametrize(
    ("code", "markup", "amount", "of"),
    [
        ("com", unit(f"({a_price('$0.40')} / Fl Oz)"), "0.40", "Fl Oz"),
        ("com", unit("($0.40 / Fl Oz)"), "0.40", "Fl Oz"),
        ("com", unit(f"({a_price('$1,200.00')} / lb)"), "1200.00", "lb"),
        ("com", old_unit("($0.40 / Fl Oz)"), "0.40", "Fl Oz"),
        ("com", old_unit("$5.00 / month for 5 months"), None, None),
        ("co.uk", unit("(£1.20 per 100 ml)"), "1.20", "100 ml"),
        ("co.uk", unit(f"({a_price('£1.20')} per 100 ml)"), "1.20", "100 ml"),
        ("de", unit("(5,33 €/100 ml)"), "5.33", "100 ml"),
        ("co.jp", unit("(￥12 / 個)"), "12", "個"),
        ("com.tr", unit("(1.234,50 TL / kg)"), "1234.50", "kg"),
        ("pl", unit("(12,50 zł / szt.)"), "12.50", "szt."),
    ],
)
def test_prices_per_unit(code: str, markup: str, amount: str | None, of: str | None) -> None:
    got = product(code, middle=markup)
    assert (got.unit_price, got.unit) == (Decimal(amount) if amount else None, of)


@pytest.mark.parametrize(
    "text",
    [
        "Extra 15% off when you subscribe.",
        "Apply 5% coupon on first Subscribe &amp; Save order. Terms",
        "5 % Rabatt auf das erste Spar-Abo mit Coupon",
        "Économisez 5% sur votre première commande Prévoyez et Économisez avec le coupon",
        "初回の定期おトク便で10%OFFクーポン",
        "Save 10% when you buy 2. Shop items",
    ],
)
def test_what_is_no_coupon_for_one_purchase(text: str) -> None:
    got = product(middle=f'<div id="promoPriceBlockMessage_feature_div"><span>{text}</span></div>')
    assert lack(got, "coupon_percent") == Lack(Reason.ABSENT_ON_PAGE)


def test_a_coupon_of_up_to_is_no_amount() -> None:
    got = product(middle='<div id="promoPriceBlockMessage_feature_div">Save up to 15% with coupon</div>')
    assert lack(got, "coupon_percent") == Lack(Reason.AMBIGUOUS, "Save up to 15% with coupon")
    badge = '<div id="couponBadgeRegularVpc">Coupon</div><div id="couponTextpctch1">Apply 20% coupon</div>'
    assert product(middle=badge).coupon_percent == 20


def test_prices_that_are_not_the_one_to_pay() -> None:
    saved = (
        f'<div id="corePrice_desktop"><table><tr><td>You Save:</td><td>{a_price("$5.01")} (20%)</td></tr></table></div>'
    )
    assert product(middle=saved).price is None
    for_members = f'<div id="apex_desktop"><div id="pep">{a_price("$9.99")} with Prime</div></div>'
    assert product(middle=for_members).price is None
    hidden = f'<div id="corePriceDisplay_desktop_feature_div" class="aok-hidden">{a_price("$0.00", classes="priceToPay")}</div>'
    assert product(middle=hidden + '<span id="priceblock_ourprice">$19.99</span>').price == Decimal("19.99")
    rent = '<div id="rentBuySection"><span class="offer-price">$5.00</span></div>'
    assert product(right=f'{rent}<div id="buyNewSection"><span class="offer-price">$15.00</span></div>').price == 15


def test_a_lowest_price_of_thirty_days_is_no_list_price() -> None:
    lowest = f'<span class="basisPrice">Prix le plus bas : {a_price("18,00€", classes="a-text-price")}</span>'
    got = product("fr", middle=center(a_price("19,99€", classes="priceToPay"), lowest))
    assert lack(got, "list_price") == Lack(Reason.AMBIGUOUS, "18.00 EUR")


def test_deals_and_when_they_end() -> None:
    badge = '<span id="dealBadgeSupportingText">Limited time deal</span>'
    timer = '<span id="deal_expiry_timer_x">Ends in 05:12:33</span>'
    got = product(middle=f'<div id="dealBadge_feature_div">{badge}{timer}</div>')
    assert (got.deal, got.is_deal, got.deal_ends) == ("Limited time deal", True, "Ends in 05:12:33")
    hidden = product(middle=f'<div id="dealBadge_feature_div"><div class="aok-hidden">{badge}</div></div>')
    assert (hidden.deal, hidden.is_deal) == (None, False)
    lightning = product(right=f'<div id="LDBuybox"><h5>Lightning Deal</h5>{timer}<div>45% Claimed</div></div>')
    assert (lightning.deal, lightning.deal_ends) == ("Lightning Deal", "Ends in 05:12:33")


def test_a_kindle_price_beside_the_one_in_print() -> None:
    got = product(right='<span id="kindle-price">$9.99</span><span id="digital-list-price">$12.00</span>')
    assert got.price == Decimal("9.99")
