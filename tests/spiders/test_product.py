"""Reading product pages: small pages written here in the markup of each era, several languages, and the traps."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.pages import read
from storage.records import Product, Reason
from tests.spiders.markup import a_price, accordion, center, in_parts, lack, page, product

SHOWS_NONE = {"badges", "bullets", "related", "reviews"}
"""Fields that say "the page shows none" by being empty; what could not be read is None there as well."""


def valueless(record: Product) -> set[str]:
    """Names of the fields that have no value and so owe a reason."""
    return {
        name
        for name in record.__struct_fields__
        if (value := getattr(record, name)) is None or (value == () and name not in {*SHOWS_NONE, "missing"})
    }


def test_every_field_without_a_value_has_its_reason_and_no_other() -> None:
    for record in (product(), product(middle=center(a_price("$19.99", classes="priceToPay")))):
        assert {m.field for m in record.missing} == valueless(record)
        assert len(record.missing) == len(valueless(record))


# ---- price -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "middle", "price", "list_price", "currency"),
    [
        ("com", center(a_price("$19.99", classes="priceToPay")), "19.99", None, "USD"),
        ("com", center(in_parts("$", "1,019", ".", "99")), "1019.99", None, "USD"),
        ("de", center(in_parts("€", "1.019", ",", "99")), "1019.99", None, "EUR"),
        ("co.jp", center(a_price("￥2,480", classes="priceToPay")), "2480", None, "JPY"),
        (
            "co.uk",
            center(
                a_price("£19.99", classes="priceToPay"),
                f'<span class="basisPrice">RRP: {a_price("£25.00", classes="a-text-price", strike=True)}</span>',
            ),
            "19.99",
            "25.00",
            "GBP",
        ),
        (  # the struck-through price before the price to pay
            "in",
            center(
                f'<span class="basisPrice">M.R.P.: {a_price("₹1,899", classes="a-text-price", strike=True)}</span>',
                a_price("₹1,239", classes="priceToPay"),
            ),
            "1239.00",
            "1899.00",
            "INR",
        ),
        (  # 2021: a table
            "com",
            '<div id="corePrice_desktop"><table><tr><td>Was:</td><td>'
            + a_price("$25.00", classes="a-text-price", strike=True)
            + "</td></tr><tr><td>Price:</td><td>"
            + a_price("$19.99", classes="a-text-price apexPriceToPay")
            + "</td></tr></table></div>",
            "19.99",
            "25.00",
            "USD",
        ),
        (  # 2016 to 2021
            "com",
            '<div id="price"><span class="priceBlockStrikePriceString a-text-strike">$25.00</span>'
            '<span id="priceblock_ourprice" class="a-size-medium a-color-price">$19.99</span></div>',
            "19.99",
            "25.00",
            "USD",
        ),
        (  # 2016: units and cents apart
            "com",
            '<span id="priceblock_ourprice"><span class="price-info-superscript">$</span><span class="price-large">19'
            '</span><span class="price-info-superscript">99</span></span>',
            "19.99",
            None,
            "USD",
        ),
        ("fr", '<span id="priceblock_ourprice">1\u202f019,99\u00a0€</span>', "1019.99", None, "EUR"),
        ("com", '<div id="buyNewSection"><span class="offer-price">$9.99</span></div>', "9.99", None, "USD"),
        ("com", '<span id="actualPriceValue"><b class="priceLarge">$9.99</b></span>', "9.99", None, "USD"),
    ],
)
def test_prices_of_every_era(code: str, middle: str, price: str, list_price: str | None, currency: str) -> None:
    got = product(code, middle=middle)
    assert (str(got.price), got.currency) == (price, currency)
    assert (str(got.list_price) if got.list_price is not None else None) == list_price


def test_the_new_item_among_several_offers() -> None:
    got = product(
        **accordion(("usedAccordionRow", "$9.99"), ("newAccordionRow_0", "$19.99"), ("snsAccordionRow", "$17.99"))
    )
    assert got.price == Decimal("19.99")
    assert got.seller_id == "ID-newAccordionRow_0"
    assert got.availability == "newAccordionRow_0 in stock"


def test_a_used_item_is_not_the_price_of_a_new_one() -> None:
    only_used = product(**accordion(("usedAccordionRow", "$9.99")))
    assert only_used.price is None
    assert lack(only_used, "price") == (Reason.ABSENT_ON_PAGE, None)
    older = product(right=f'<div id="usedOnlyBuybox"><div id="corePrice_feature_div">{a_price("$9.99")}</div></div>')
    assert older.price is None


def test_a_range_of_prices_is_no_price() -> None:
    spread = f'<span class="a-price-range">{a_price("$16.99")} - {a_price("$19.99")}</span>'
    got = product(middle=f'<div id="corePrice_desktop">{spread}</div>')
    assert got.price is None
    assert lack(got, "price") == (Reason.AMBIGUOUS, "$16.99 – $19.99")
    older = product(middle='<span id="priceblock_ourprice">$16.99 - $19.99</span>')
    assert lack(older, "price") == (Reason.AMBIGUOUS, "$16.99 - $19.99")


def test_the_price_of_a_unit_is_not_the_price() -> None:
    unit = f'<span class="pricePerUnit">({a_price("57,14€", classes="a-text-price")} / kg)</span>'
    got = product("de", right=f'<div id="corePrice_feature_div">{unit}{a_price("8,00€")}{unit}</div>')
    assert (str(got.price), got.list_price) == ("8.00", None)


def test_the_price_only_the_form_knows() -> None:
    form = (
        '<form id="addToCart"><input name="items[0.base][customerVisiblePrice][amount]" value="159.0">'
        '<input name="items[0.base][customerVisiblePrice][currencyCode]" value="USD"></form>'
    )
    got = product(right=form)
    assert (str(got.price), got.currency) == ("159.00", "USD")
    metrics = '<div id="cerberus-data-metrics" data-asin-price="12.5" data-asin-currency-code="EUR"></div>'
    assert product(right=metrics).price == Decimal("12.50")
    assert product(right=metrics.replace("12.5", "0.0")).price is None


def test_a_price_that_cannot_be_read_says_so() -> None:
    got = product(middle=center(a_price("see price in cart 24", classes="priceToPay")))
    assert got.price is None
    assert lack(got, "price") == (Reason.UNPARSEABLE, "see price in cart 24")


def test_prices_of_other_products_are_never_taken() -> None:
    got = product(right='<div id="outOfStock"><span class="a-color-price">Currently unavailable.</span></div>')
    assert (got.price, got.list_price, got.currency, got.in_stock) == (None, None, None, False)
    assert lack(got, "price") == (Reason.ABSENT_ON_PAGE, None)
    assert lack(got, "currency") == (Reason.NOT_APPLICABLE, None)
    assert (got.rating, got.review_count) == (None, None)


# ---- coupon and deal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "percent", "amount"),
    [
        ("com", "Apply 10% coupon Shop items &gt; | Terms", "10", None),
        ("com", "Coupon: Save an extra 5% when you apply this coupon.", "5", None),
        ("com", "Apply $5.00 coupon", None, "5.00"),
        ("de", "10 % Rabattgutschein aktivieren", "10", None),
        ("de", "Spare 5,00 € mit Coupon", None, "5.00"),
        ("co.jp", "クーポン: 10%OFFクーポンの適用", "10", None),
        ("com.tr", "%10 kupon uygula", "10", None),
        ("com", "90 days of music free", None, None),
    ],
)
def test_coupons(code: str, text: str, percent: str | None, amount: str | None) -> None:
    got = product(code, middle=f'<div id="promoPriceBlockMessage_feature_div"><span>{text}</span></div>')
    assert (got.coupon_percent, got.coupon_amount) == (
        Decimal(percent) if percent else None,
        Decimal(amount) if amount else None,
    )
    for field, value in (("coupon_percent", percent), ("coupon_amount", amount)):
        if not value:
            assert lack(got, field)[0] is (Reason.NOT_APPLICABLE if percent or amount else Reason.ABSENT_ON_PAGE)


def test_a_coupon_whose_worth_cannot_be_read_keeps_its_text() -> None:
    got = product(middle='<div id="promoPriceBlockMessage_feature_div">A coupon is waiting</div>')
    assert lack(got, "coupon_percent") == (Reason.UNPARSEABLE, "A coupon is waiting")


def test_deals() -> None:
    badge = (
        '<div id="dealBadge_feature_div"><span class="dealBadge"><span class="aok-hidden">Limited time deal NO_OF_HOURS '
        'hours</span><span id="dealBadgeSupportingText"><span> Limited time deal </span></span></span></div>'
    )
    got = product(middle=badge + center(a_price("$19.99", classes="priceToPay")))
    assert (got.deal, got.is_deal) == ("Limited time deal", True)
    table = '<table><tr><td>Deal of the Day:</td><td><span id="priceblock_dealprice">$19.99</span></td></tr></table>'
    older = product(middle=table)
    assert (older.deal, older.is_deal, older.price) == ("Deal of the Day", True, Decimal("19.99"))
    none = product(middle='<div id="dealBadge_feature_div"></div>' + center(a_price("$19.99", classes="priceToPay")))
    assert (none.deal, none.is_deal) == (None, False)


# ---- stock and seller ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "in_stock", "left"),
    [
        ("In Stock", True, None),
        ("Only 3 left in stock - order soon.", True, 3),
        ("Currently unavailable. We don't know when or if this item will be back in stock.", False, None),
        ("Temporarily out of stock.", False, None),
        ("Auf Lager", True, None),
        ("Nur noch 12 auf Lager", True, 12),
        ("Derzeit nicht verfügbar. Ob und wann dieser Artikel wieder vorrätig sein wird, ist unbekannt.", False, None),
        ("Gewöhnlich versandfertig in 2 bis 3 Tagen.", True, None),
        ("En stock", True, None),
        ("Il ne reste plus que 2 exemplaire(s) en stock.", True, 2),
        ("Actuellement indisponible.", False, None),
        ("No disponible por el momento.", False, None),
        ("Disponible", True, None),
        ("Solo queda(n) 4 en stock.", True, 4),
        ("Disponibilità: solo 1", True, 1),
        ("Attualmente non disponibile.", False, None),
        ("Em estoque", True, None),
        ("在庫あり。", True, None),
        ("残り7点 ご注文はお早めに", True, 7),
        ("現在在庫切れです。", False, None),
        ("現在在庫あり", True, None),
        ("Stokta sadece 3 adet kaldı.", True, 3),
        ("غير متوفر حالياً", False, None),
        ("متوفر", True, None),
    ],
)
def test_availability(text: str, in_stock: bool, left: int | None) -> None:
    got = product(right=f'<div id="availability"><span> {text} </span><script>var x = "out of stock";</script></div>')
    assert (got.availability, got.in_stock, got.stock_left) == (" ".join(text.split()), in_stock, left)


def test_unknown_words_about_stock_are_decided_by_the_button() -> None:
    words = '<div id="availability">Zkuste to později</div>'
    assert product(right=words + '<input id="add-to-cart-button" type="submit">').in_stock is True
    got = product(right=words)
    assert got.in_stock is None
    assert lack(got, "in_stock") == (Reason.UNPARSEABLE, "Zkuste to později")
    assert product(right='<input id="add-to-cart-button">').in_stock is None


@pytest.mark.parametrize(
    ("right", "seller", "seller_id"),
    [
        (
            '<div class="offer-display-feature-text" offer-display-feature-name="desktop-fulfiller-info"><span '
            'class="offer-display-feature-text-message">Amazon</span></div><div class="offer-display-feature-text" '
            'offer-display-feature-name="desktop-merchant-info"><span class="offer-display-feature-text-message">'
            '<a id="sellerProfileTriggerId" href="/gp/help/seller/at-a-glance.html?seller=A2SELLER&amp;asin=B0">Mug &amp; Co'
            "</a></span></div>",
            "Mug & Co",
            "A2SELLER",
        ),
        (
            '<div id="tabular-buybox"><div class="tabular-buybox-label"><span>Versand</span></div><div '
            'class="tabular-buybox-text"><span>Amazon</span></div><div class="tabular-buybox-label"><span>Verkäufer</span>'
            '</div><div class="tabular-buybox-text"><span>Becher GmbH</span></div></div>',
            "Becher GmbH",
            None,
        ),
        (
            '<div id="merchant-info">Verkauf durch <a id="sellerProfileTriggerId" href="/sp?seller=A9">Becher</a> und '
            '<a href="/help">Versand durch Amazon</a>.</div><input id="merchantID" value="OTHER">',
            "Becher",
            "A9",
        ),
        ('<div id="merchant-info">Ships from and sold by Amazon.com.</div>', "Amazon.com", None),
        ('<div id="merchant-info">Dispatched from and sold by Amazon.</div>', "Amazon", None),
        ('<div id="merchant-info">この商品は、Amazon.co.jpが販売、発送します。</div>', "Amazon.co.jp", None),
        ('<input type="hidden" id="merchantID" value="A7">', None, "A7"),
    ],
)
def test_sellers(right: str, seller: str | None, seller_id: str | None) -> None:
    got = product(right=right)
    assert (got.seller, got.seller_id) == (seller, seller_id)


# ---- title, brand, reviews -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "brand"),
    [
        ('<a id="bylineInfo" href="/stores/X/page/1">Visit the Instant Pot Store</a>', "Instant Pot"),
        ('<a id="bylineInfo" href="/s?field-brand=x">Brand: Data Designs</a>', "Data Designs"),
        ('<a id="bylineInfo" href="/stores/X">Besuche den Old Spice-Store</a>', "Old Spice"),
        ('<a id="bylineInfo" href="/stores/X">Visita la tienda de Cat Footwear</a>', "Cat Footwear"),
        ('<a id="bylineInfo" href="/stores/X">スタンレーのストアを表示</a>', "スタンレー"),
        ('<a id="bylineInfo" href="/stores/X">ブランド: スタンレー(STANLEY)</a>', "スタンレー(STANLEY)"),
        ('<a id="brand" href="/s?brand=x">Hydro Flask</a>', "Hydro Flask"),
        (
            '<div id="productOverview_feature_div"><table><tr class="po-brand"><td>Brand</td><td><span>Samsung</span></td>'
            "</tr></table></div>",
            "Samsung",
        ),
    ],
)
def test_brands(byline: str, brand: str) -> None:
    assert product(middle=byline).brand == brand


def test_what_is_no_brand() -> None:
    book = '<div id="bylineInfo">by <span class="author"><a>Tara Bennett</a></span></div>'
    assert lack(product(middle=book), "brand") == (Reason.NOT_APPLICABLE, None)
    phrase = '<a id="bylineInfo" href="/stores/X">Kaupasta löydät Fiskars</a>'
    assert lack(product(middle=phrase), "brand") == (Reason.UNPARSEABLE, "Kaupasta löydät Fiskars")
    assert lack(product(), "brand") == (Reason.ABSENT_ON_PAGE, None)


def reviews(stars: str, count: str) -> str:
    return (
        f'<div id="averageCustomerReviews"><span id="acrPopover" title="{stars}"></span>'
        f'<span id="acrCustomerReviewText" aria-label="">{count}</span></div>'
    )


@pytest.mark.parametrize(
    ("code", "stars", "count", "rating", "number"),
    [
        ("com", "4.7 out of 5 stars", "(106,192)", "4.7", 106192),
        ("com", "4.7 out of 5 stars", "690 ratings", "4.7", 690),
        ("de", "4,3 von 5 Sternen", "1.430 Sternebewertungen", "4.3", 1430),
        ("co.jp", "5つ星のうち4.3", "2,345個の評価", "4.3", 2345),
    ],
)
def test_reviews(code: str, stars: str, count: str, rating: str, number: int) -> None:
    got = product(code, middle=reviews(stars, count))
    assert (str(got.rating), got.review_count) == (rating, number)


def test_an_abbreviated_count_is_not_a_count() -> None:
    got = product(middle=reviews("4.7 out of 5 stars", "(1.5K)"))
    assert lack(got, "review_count") == (Reason.UNPARSEABLE, "(1.5K)")
    exact = reviews("4.7 out of 5 stars", "(1.5K)").replace('aria-label=""', 'aria-label="1,523 ratings"')
    assert product(middle=exact).review_count == 1523


def test_bought_in_past_month() -> None:
    bought = (
        '<span id="social-proofing-faceout-title-tk_bought"><span>6K+ bought</span><span> in past month</span></span>'
    )
    assert product(middle=bought).bought_past_month_min == 6000
    assert lack(product(), "bought_past_month_min") == (Reason.ABSENT_ON_PAGE, None)


def test_hostile_titles_stay_text() -> None:
    got = product(title="&lt;script&gt;alert(1)&lt;/script&gt; =cmd() \u202e mug")
    assert got.title == "<script>alert(1)</script> =cmd() \u202e mug"


WHOLE = page(
    middle=reviews("4.7 out of 5 stars", "(1,234)") + center(a_price("$19.99", classes="priceToPay")),
    right='<div id="availability">In Stock</div><div id="merchant-info">Ships from and sold by Amazon.com.</div>',
    below='<table class="prodDetTable"><tr><th>Best Sellers Rank</th><td><span>#12 in Kitchen</span></td></tr></table>',
)
TAGS = [i for i, char in enumerate(WHOLE) if char == "<"]


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from(TAGS), st.integers(1, 120), st.sampled_from(["", "<div>", "</span>", "9"])),
        max_size=2,
    )
)
def test_a_damaged_page_never_yields_the_price_of_another_product(wounds: list[tuple[int, int, str]]) -> None:
    html = WHOLE
    for at, length, text in wounds:
        html = html[:at] + text + html[at + length :]
    got: Any = read(html, marketplace="com").product
    if got is not None:
        assert got.price != Decimal("777.77")
        assert got.rating != Decimal("1.1")
        assert {m.field for m in got.missing} == valueless(got)
