"""Reading results pages: small pages written here in the markup of each era, several languages, and the traps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from spiders.pages import search
from storage.marketplaces import MARKETPLACES
from storage.records import Badge, BadgeKind, Placement, Reason, SearchPage


def label(text: str, asin: str = "B000000001", popover: str = "") -> str:
    return (
        f'<span class="a-declarative" data-action="a-popover" data-a-popover="{popover or "sp-info-popover-" + asin}">'
        f'<a class="puis-label-popover puis-sponsored-label-text" href="javascript:void(0)">'
        f'<span class="puis-label-popover-default"><span class="a-color-secondary">{text}</span></span>'
        f'<span class="puis-label-popover-hover"><span class="a-color-base">{text}</span></span></a></span>'
    )


def price(text: str, strike: bool = False) -> str:
    extra = ' a-text-price" data-a-strike="true' if strike else ""
    return (
        f'<span class="a-price{extra}"><span class="a-offscreen">{text}</span><span aria-hidden="true">x</span></span>'
    )


def stars(words: str, count_label: str = "", shown: str = "") -> str:
    return (
        f'<div data-cy="reviews-block"><div class="a-row a-size-small"><a aria-label="{words}, rating details"'
        f' role="button" href="javascript:void(0)"><i class="a-icon a-icon-star-mini"><span class="a-icon-alt">{words}'
        f'</span></i></a> <a aria-label="{count_label}" class="s-underline-text" href="/x"><span aria-hidden="true">'
        f"{shown}</span></a></div></div>"
    )


def card(
    asin: str, *inside: str, ad: bool = False, title: str = "A product", brand: str = "", href: str | None = None
) -> str:
    href = href or (f"/sspa/click?url=%2Fdp%2F{asin}" if ad else f"/x/dp/{asin}")
    line = f'<div class="a-row"><h2 class="a-size-mini"><span>{brand}</span></h2></div>' if brand else ""
    return (
        f'<div role="listitem" data-asin="{asin}" data-component-type="s-search-result"'
        f' class="sg-col s-result-item s-asin {"AdHolder" if ad else ""}">'
        f'<a class="a-link-normal s-no-outline" href="{href}"><img></a><div data-cy="title-recipe">{line}'
        f'<a class="a-link-normal" href="{href}"><h2><span>{title}</span></h2></a></div>{"".join(inside)}</div>'
    )


def page(
    *cards: str, query: str = "mug", strip: str = "", count: str = '1-2 of 2 results for <span>"mug"</span>'
) -> str:
    return (
        f'<html><body><form><input id="twotabsearchtextbox" value="{query}"></form>'
        f'<span data-component-type="s-result-info-bar"><h1><span>{count}</span></h1></span>'
        f'<div class="s-main-slot s-result-list">{"".join(cards)}{strip}</div><div id="navFooter"></div></body></html>'
    )


def read(html: str, code: str = "com", url: str | None = None) -> SearchPage:
    return search.read_search(LexborHTMLParser(html), MARKETPLACES[code], url)


def only(html: str, code: str = "com") -> Placement:
    (placement,) = read(html, code).placements
    return placement


def reasons(record: Placement | SearchPage) -> dict[str, Reason]:
    return {entry.field: entry.reason for entry in record.missing}


def test_card_of_today_is_read_in_full() -> None:
    got = only(
        page(
            card(
                "B0ABCDEF12",
                stars("4.3 out of 5 stars", "1,523 ratings", "(1.5K)"),
                price("$19.99"),
                price("$24.99", strike=True),
                price("$3.33"),
                brand="Acme",
                title="Blue  mug,\n 12 oz",
            )
        )
    )
    assert got == Placement(
        position=1,
        asin="B0ABCDEF12",
        sponsored=False,
        organic_position=1,
        title="Blue mug, 12 oz",
        price=Decimal("19.99"),
        list_price=Decimal("24.99"),
        currency="USD",
        price_text="$19.99",
        rating=Decimal("4.3"),
        rating_text="4.3 out of 5 stars",
        review_count=1523,
        missing=got.missing,
    )
    assert reasons(got) == {
        "sponsored_position": Reason.NOT_APPLICABLE,
        "coupon": Reason.ABSENT_ON_PAGE,
        "bought_past_month_min": Reason.ABSENT_ON_PAGE,
    }


def test_positions_count_organic_and_sponsored_apart_and_the_same_product_twice() -> None:
    got = read(
        page(
            card("B000000001", label("Sponsored"), ad=True),
            card("B000000002"),
            card("B000000001"),
            card("B000000003", label("Featured from Amazon brands", popover="{inlineContent}"), ad=True),
            card("B000000004", label("Sponsored"), ad=True),
            card("B000000005"),
        )
    ).placements
    assert [p.position for p in got] == [1, 2, 3, 4, 5, 6]
    assert [p.sponsored for p in got] == [True, False, False, None, True, False]
    assert [p.organic_position for p in got] == [None, 1, 2, None, None, 3]
    assert [p.sponsored_position for p in got] == [1, None, None, None, 2, None]
    assert reasons(got[3])["sponsored"] is Reason.AMBIGUOUS
    assert reasons(got[3])["organic_position"] is Reason.AMBIGUOUS
    assert reasons(got[0])["organic_position"] is Reason.NOT_APPLICABLE


@pytest.mark.parametrize(
    "word",
    [
        "Gesponsert",
        "Sponsorisé",
        "Patrocinado",
        "Sponsorizzato",
        "Gesponsord",
        "Sponsrad",
        "Sponsorowane",
        "Sponsorlu",
        "スポンサー",
        "推广",
        "贊助",
        "ممول",
        "प्रायोजित",
    ],
)
def test_the_label_is_known_in_every_language(word: str) -> None:
    assert only(page(card("B000000001", label(word, popover="{}"), ad=True))).sponsored is True


def test_a_label_in_an_unknown_language_is_told_by_its_ad_information() -> None:
    assert only(page(card("B000000001", label("Iklan"), ad=True))).sponsored is True


def test_ad_markup_without_a_word_to_the_reader_is_a_contradiction() -> None:
    assert only(page(card("B000000001", ad=True))).sponsored is None
    assert only(page(card("B000000001", href="/sspa/click?ie=UTF8&url=%2Fdp%2FB000000001"))).sponsored is None
    assert only(page(card("B000000001", label("Sponsored")))).sponsored is None


def test_a_card_never_takes_what_a_carousel_inside_it_shows() -> None:
    other = f'<div class="a-carousel-container">{card("B000000009")}</div>'
    bare = f'<div data-component-type="s-search-result" data-asin="B000000001"><h2><a>Mug</a></h2>{other}</div>'
    (placement,) = read(page(bare)).placements
    assert (placement.asin, placement.title) == ("B000000001", "Mug")
    assert (placement.price, placement.rating, placement.review_count, placement.badges) == (None, None, None, ())


def test_widgets_carousels_and_empty_slots_are_no_placements() -> None:
    carousel = f'<div class="s-result-item"><ol class="a-carousel"><li>{card("B000000009")}</li></ol></div>'
    widget = '<div class="s-result-item s-widget AdHolder" data-asin=""><h2>Brands related to your search</h2></div>'
    got = read(page(widget, card("B000000001"), carousel, card("B000000002"), card("")))
    assert [p.asin for p in got.placements] == ["B000000001", "B000000002"]


def test_what_a_card_does_not_show_is_missing_with_its_reason() -> None:
    got = only(page(card("B000000001", '<span class="a-color-base">$74.96 (2 used offers)</span>')))
    assert (got.price, got.price_text, got.currency, got.rating, got.review_count) == (None, None, None, None, None)
    assert reasons(got) == {
        "sponsored_position": Reason.NOT_APPLICABLE,
        "price_text": Reason.ABSENT_ON_PAGE,
        "price": Reason.ABSENT_ON_PAGE,
        "list_price": Reason.ABSENT_ON_PAGE,
        "currency": Reason.NOT_APPLICABLE,
        "coupon": Reason.ABSENT_ON_PAGE,
        "bought_past_month_min": Reason.ABSENT_ON_PAGE,
        "rating_text": Reason.ABSENT_ON_PAGE,
        "rating": Reason.ABSENT_ON_PAGE,
        "review_count": Reason.ABSENT_ON_PAGE,
    }


def test_a_card_of_unknown_layout_does_not_claim_that_nothing_is_there() -> None:
    bare = '<div data-component-type="s-search-result" data-asin="B000000001"><p>$5.00</p></div>'
    assert reasons(only(page(bare)))["price"] is Reason.LAYOUT_UNKNOWN
    assert reasons(only(page(bare)))["title"] is Reason.LAYOUT_UNKNOWN


def test_a_rounded_count_is_never_taken_for_an_exact_one() -> None:
    got = only(page(card("B000000001", stars("4,8 de 5 estrelas", "", "(8,9 mil)"))), "com.br")
    assert got.review_count is None
    assert got.rating == Decimal("4.8")
    entry = next(entry for entry in got.missing if entry.field == "review_count")
    assert (entry.reason, entry.text) == (Reason.UNPARSEABLE, "(8,9 mil)")


def test_text_that_is_no_price_is_kept() -> None:
    got = only(page(card("B000000001", price("See options"))))
    assert (got.price, got.price_text) == (None, "See options")
    entry = next(entry for entry in got.missing if entry.field == "price")
    assert (entry.reason, entry.text) == (Reason.UNPARSEABLE, "See options")


@pytest.mark.parametrize(
    ("code", "text", "amount", "currency", "words", "rating", "count", "number"),
    [
        ("de", "1.013,76\xa0€", "1013.76", "EUR", "4,7 von 5 Sternen", "4.7", "2.125 Bewertungen", 2125),
        ("co.jp", "￥24,800", "24800", "JPY", "5つ星のうち4.4", "4.4", "1,183 レーティング", 1183),
        ("in", "₹1,54,900", "154900", "INR", "4.6 out of 5 stars", "4.6", "1,199 ratings", 1199),
        ("es", "17,04\xa0€", "17.04", "EUR", "3,6 de 5 estrellas", "3.6", "10\xa0calificaciones", 10),
        ("com", "US$549.99", "549.99", "USD", "3.9 顆星，最高 5 顆星", "3.9", "86", 86),
        ("com.br", "R$\xa03.982,89", "3982.89", "BRL", "4,8 de 5 estrelas", "4.8", "8.982 classificações", 8982),
    ],
)
def test_numbers_of_other_marketplaces(
    code: str, text: str, amount: str, currency: str, words: str, rating: str, count: str, number: int
) -> None:
    got = only(page(card("B000000001", stars(words, count, "(1)"), price(text))), code)
    assert (got.price, got.currency) == (Decimal(amount), currency)
    assert got.price_text == text.replace("\xa0", " ")
    assert (got.rating, got.rating_text, got.review_count) == (Decimal(rating), words, number)


def test_cards_of_2021() -> None:
    ad = (
        '<div data-asin="B084440001" data-component-type="s-search-result" class="s-result-item AdHolder sg-col">'
        '<div data-component-type="sp-sponsored-result"><a class="a-link-normal s-no-outline"'
        ' href="/gp/slredirect/picassoRedirect.html/ref=x?url=%2Fdp%2FB084440001"><img></a><div class="a-row">'
        '<a class="s-label-popover s-sponsored-label-text"><span class="s-label-popover-default"><span> Sponsored '
        '</span></span></a></div><h2><a class="a-link-normal" href="/x"><span>Phone</span></a></h2><div class="a-row">'
        '<span aria-label="3.1 out of 5 stars"><a><i class="a-icon a-icon-star-small"><span class="a-icon-alt">'
        '3.1 out of 5 stars</span></i></a></span> <span aria-label="63"> <a class="a-link-normal" href="/x">'
        '<span>63</span></a></span></div><span class="a-price"><span class="a-offscreen">₹11,490</span></span>'
        "</div></div>"
    )
    strip = (
        '<ul class="a-pagination"><li class="a-disabled">← Previous</li><li class="a-normal"><a>1</a></li>'
        '<li class="a-selected"><a>2</a></li><li class="a-disabled">...</li><li class="a-disabled">20</li>'
        '<li class="a-last"><a>Next →</a></li></ul>'
    )
    got = read(page(ad, strip=strip), "in")
    assert (got.page, got.last_page) == (2, 20)
    (placement,) = got.placements
    assert (placement.sponsored, placement.title, placement.price) == (True, "Phone", Decimal(11490))
    assert (placement.rating, placement.review_count) == (Decimal("3.1"), 63)


def test_cards_of_early_2019_without_a_component_type() -> None:
    html = (
        '<html><body><div class="s-result-list s-search-results sg-row">'
        '<div data-asin="B070000001" data-index="0" class="sg-col-20-of-24 s-result-item AdHolder sg-col"><div>'
        '<a class="a-link-normal" href="/gp/slredirect/picassoRedirect.html?url=x"><img></a><div class="a-row">'
        '<span class="a-size-base a-color-secondary" dir="auto">Sponsored</span></div>'
        '<h2><a class="a-link-normal" href="/x"><span>Lamp</span></a></h2></div></div>'
        '<div data-asin="" data-index="1" class="s-result-item">Editorial recommendations</div>'
        '<div data-asin="B070000002" data-index="2" class="s-result-item sg-col"><h2><a href="/x">Shade</a></h2></div>'
        "</div></body></html>"
    )
    got = read(html).placements
    assert [(p.asin, p.sponsored, p.title) for p in got] == [
        ("B070000001", True, "Lamp"),
        ("B070000002", False, "Shade"),
    ]


def test_cards_of_2018() -> None:
    html = (
        '<html><body><input id="twotabsearchtextbox" value="usb cable"><h2 id="s-result-count">17-32 of 900</h2>'
        '<div id="atfResults"><ul id="s-results-list-atf">'
        '<li id="result_0" data-asin="B010000001" class="s-result-item celwidget AdHolder"><div>'
        '<h5 class="s-sponsored-list-header">Sponsored <span class="s-sponsored-info-icon"></span></h5>'
        '<a class="a-link-normal s-access-detail-page" title="Cable A" href="/gp/slredirect/picassoRedirect.html?x">'
        '<h2 data-attribute="Cable A"><span class="a-offscreen">[Sponsored]</span>Cable A</h2></a>'
        '<a class="a-link-normal a-text-normal" href="/x"><span class="a-offscreen">$1,016.99</span>'
        '<span aria-hidden="true"><span class="sx-price sx-price-large"><sup class="sx-price-currency">$</sup>'
        '<span class="sx-price-whole">1,016</span><sup class="sx-price-fractional">99</sup></span></span></a></div>'
        "</li>"
        '<li id="result_1" data-asin="B010000002" class="s-result-item celwidget"><div>'
        '<a class="a-link-normal s-access-detail-page" title="Cable B" href="/dp/B010000002"><h2>Cable B</h2></a>'
        '<span class="sx-price"><sup class="sx-price-currency">$</sup><span class="sx-price-whole">8</span>'
        '<sup class="sx-price-fractional">49</sup></span><div class="a-row"><span name="B010000002"><span>'
        '<a class="a-popover-trigger"><i class="a-icon a-icon-star a-star-4-5"><span class="a-icon-alt">4.6 out of 5 '
        'stars</span></i></a></span></span> <a class="a-size-small a-link-normal" href="/x#customerReviews">12,345</a>'
        "</div></div></li></ul></div>"
        '<div id="pagn"><span class="pagnLink"><a>1</a></span><span class="pagnCur">2</span>'
        '<span class="pagnDisabled">20</span></div></body></html>'
    )
    got = read(html)
    assert (got.query, got.page, got.last_page) == ("usb cable", 2, 20)
    first, second = got.placements
    assert (first.sponsored, first.title, first.price) == (True, "Cable A", Decimal("1016.99"))
    assert (second.sponsored, second.title, second.price) == (False, "Cable B", Decimal("8.49"))
    assert (second.rating, second.review_count) == (Decimal("4.6"), 12345)


def test_cards_of_2015() -> None:
    html = (
        '<html><body><div id="atfResults"><ul id="s-results-list-atf"><li data-asin="B000000001" class="s-result-item">'
        '<a class="a-link-normal s-access-detail-page" title="Kaffee" href="/dp/B000000001"><h2>Kaffee</h2></a>'
        '<span class="a-size-base a-color-price s-price a-text-bold">EUR 7,99</span> '
        '<span class="a-text-strike">EUR 9,99</span></li></ul></div></body></html>'
    )
    got = only(html, "de")
    assert (got.price, got.currency, got.price_text) == (Decimal("7.99"), "EUR", "EUR 7,99")


def test_cards_of_2013() -> None:
    html = (
        '<html><body><div id="atfResults"><div id="result_0" class="fstRowGrid prod celwidget" name="B000000001">'
        '<h3 class="newaps"><a href="/dp/B000000001"><span class="lrg bold">Radio</span></a></h3><ul><li class="newp">'
        '<a href="/x"><del class="grey">$59.99</del> <span class="bld lrg red"> $39.99</span></a></li>'
        '<li class="rvw"><span class="asinReviewsSummary"><a alt="4.4 out of 5 stars" href="/x"></a></span>'
        '<span class="rvwCnt">(<a href="/x#customerReviews">1,234</a>)</span></li></ul></div></div></body></html>'
    )
    got = only(html)
    assert (got.title, got.price, got.sponsored) == ("Radio", Decimal("39.99"), False)
    assert (got.rating, got.review_count) == (Decimal("4.4"), 1234)


def test_pagination_of_today() -> None:
    strip = (
        '<span class="s-pagination-strip"><a class="s-pagination-item s-pagination-previous">Previous</a>'
        '<a class="s-pagination-item s-pagination-button">1</a><span class="s-pagination-item s-pagination-selected">3'
        '</span><span class="s-pagination-item s-pagination-ellipsis">...</span>'
        '<span class="s-pagination-item s-pagination-disabled">20</span>'
        '<a class="s-pagination-item s-pagination-next">Next</a></span>'
    )
    got = read(page(card("B000000001"), strip=strip), url="https://www.amazon.com/s?k=mug&page=9")
    assert (got.page, got.last_page) == (3, 20)


@pytest.mark.parametrize(
    ("count", "url", "expected"),
    [
        ("3 results for", None, 1),
        ("1-16 of 48 results for", None, 1),
        ("検索結果 6,000 以上 のうち 1-24件", None, 1),
        ("33-48 of 48 results for", None, None),
        ("33-48 of 48 results for", "https://www.amazon.com/s?k=mug&page=3", 3),
    ],
)
def test_page_number_without_a_pagination(count: str, url: str | None, expected: int | None) -> None:
    got = read(page(card("B000000001"), count=count), url=url)
    assert (got.page, got.last_page) == (expected, None)
    assert reasons(got)["last_page"] is Reason.ABSENT_ON_PAGE


def test_query_is_what_the_search_box_keeps_even_when_the_site_corrected_it() -> None:
    got = read(page(card("B000000001"), query="suns creame", count='1-48 of 900 results for <span>"sunscreen"</span>'))
    assert got.query == "suns creame"


def test_query_without_a_box_is_that_of_the_url() -> None:
    html = f"<html><body>{card('B000000001')}</body></html>"
    assert read(html, url="https://www.amazon.com/s/ref=nb_sb_noss?field-keywords=usb+cable").query == "usb cable"
    assert reasons(read(html))["query"] is Reason.LAYOUT_UNKNOWN


@pytest.mark.parametrize(
    "words",
    [
        "No results for asdkjhqwe.",
        "Keine Ergebnisse für asdkjhqwe.",
        "Aucun résultat pour asdkjhqwe.",
        "No hay resultados para asdkjhqwe.",
        "Nessun risultato per asdkjhqwe.",
        "Nenhum resultado para asdkjhqwe.",
        "Geen resultaten voor asdkjhqwe.",
        "asdkjhqwe の検索に一致する商品はありませんでした。",
        "没有找到与 asdkjhqwe 相关的结果。",
    ],
)
def test_a_search_that_found_nothing_says_so(words: str) -> None:
    html = f'<span cel_widget_id="MAIN-TOP_BANNER_MESSAGE-0"><div><span>{words}</span></div></span>'
    assert search.says_no_results(LexborHTMLParser(page(html)))
    assert not read(page(html)).placements


def test_an_empty_grid_that_says_nothing_is_not_a_search_without_results() -> None:
    assert not search.says_no_results(LexborHTMLParser(page()))


def test_a_struck_price_counts_only_beside_a_price_in_the_same_currency() -> None:
    struck = price("$24.99", strike=True)
    assert only(page(card("B000000001", price("$19.99"), struck))).list_price == Decimal("24.99")
    for others, reason in (
        (price("EUR 19.99") + struck, Reason.AMBIGUOUS),
        (struck, Reason.NOT_APPLICABLE),
        (price("$19.99") + price("see cart", strike=True), Reason.UNPARSEABLE),
        (price("$19.99"), Reason.ABSENT_ON_PAGE),
    ):
        got = only(page(card("B000000001", others)))
        assert (got.list_price, reasons(got)["list_price"]) == (None, reason)


def coupon(text: str) -> str:
    return (
        '<span data-component-type="s-coupon-component"><span class="s-coupon-clipped aok-hidden">applied</span>'
        f'<span class="s-coupon-unclipped"><span class="s-coupon-highlight-color">{text}</span></span></span>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "Save 5% with coupon",
        "Save 5% with voucher",
        "Spare 4,00 € mit Rabattgutschein",
        "Économisez 5 % avec coupon",
        "Ahorra 5% con cupón",
        "Risparmia il 5% con coupon",
        "Economize 5% com cupom",
        "5% OFF クーポンあり",
        "खरीदें 5% कूपन के साथ",
    ],
)
def test_a_coupon_keeps_its_words(text: str) -> None:
    assert only(page(card("B000000001", coupon(text)))).coupon == text


def test_what_a_subscription_takes_off_is_no_coupon() -> None:
    got = only(page(card("B000000001", coupon("Extra 15% off when you subscribe"))))
    assert (got.coupon, reasons(got)["coupon"]) == (None, Reason.ABSENT_ON_PAGE)


def below_the_stars(text: str) -> str:
    return f'<div class="a-row a-size-base"><span class="a-size-base a-color-secondary">{text}</span></div>'


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("com", "10K+ bought in past month", 10000),
        ("com", "過去一個月有1000個以上顧客購買", 1000),
        ("co.jp", "過去1か月で1万点以上購入されました", 10000),
        ("com.br", "Mais de 2 mil compras no mês passado", 2000),
        ("de", "1000+ Mal im letzten Monat gekauft", 1000),
        ("es", "50+ comprados el mes pasado", 50),
        ("fr", "200+ achetés au cours du mois dernier", 200),
        ("it", "100+ acquistati nel mese scorso", 100),
        ("nl", "50+ gekocht in afgelopen maand", 50),
        ("in", "पिछले महीने में 100+ बार खरीदा गया", 100),
    ],
)
def test_how_many_were_bought(code: str, text: str, number: int) -> None:
    assert only(page(card("B000000001", below_the_stars(text))), code).bought_past_month_min == number


@pytest.mark.parametrize("text", ["過去2ヵ月でAmazonで新しく追加された商品", "6 sizes", "Lowest price in 30 days"])
def test_another_line_with_a_number_says_nothing_of_what_was_bought(text: str) -> None:
    got = only(page(card("B000000001", below_the_stars(text))), "co.jp")
    assert (got.bought_past_month_min, reasons(got)["bought_past_month_min"]) == (None, Reason.ABSENT_ON_PAGE)


def badge(name: str, label: str, more: str = "") -> str:
    extra = f'<span class="a-badge-supplementary-text">{more}</span>' if more else ""
    return (
        f'<span id="{name}" class="a-badge"><span class="a-badge-label"><span class="a-badge-text">{label}</span></span>'
        f"{extra}</span>"
    )


def rio(name: str, label: str, more: str = "") -> str:
    return (
        f'<div id="{name}" class="rio-badge-component"><span class="rio-badge-label">{label}</span>'
        f'<span class="rio-badge-supplementary-text rio-hidden">{more}</span></div>'
    )


def pledge(text: str, link: str = "/b?node=1") -> str:
    return f'<a class="s-pc-badge" role="button"><span>{text}</span></a><div class="aok-hidden"><a href="{link}">x</a></div>'


@pytest.mark.parametrize(
    ("html", "kind", "text"),
    [
        (badge("B0DEAL0001-best-seller", "Best Seller", "in Lip Sunscreens"), BadgeKind.BEST_SELLER, "Lip Sunscreens"),
        (badge("BESTSELLER_B0DEAL0001", "Bestseller", "in Lampen"), BadgeKind.BEST_SELLER, "Lampen"),
        (rio("BEST_SELLER", "ベストセラー", "- カテゴリ 時計"), BadgeKind.BEST_SELLER, "時計"),
        (badge("B0DEAL0001-best-seller", "Best Seller"), BadgeKind.BEST_SELLER, None),
        (badge("B0DEAL0001-amazons-choice", "Amazon's Choice", 'for "mug"'), BadgeKind.AMAZONS_CHOICE, "mug"),
        (badge("B0DEAL0001-amazons-choice", "Amazon おすすめ", "時計用"), BadgeKind.AMAZONS_CHOICE, "時計"),
        (badge("B0DEAL0001-amazons-choice", "Overall Pick"), BadgeKind.AMAZONS_CHOICE, None),
        (badge("B0DEAL0001-new-release", "#1 New Release", "en Lámparas"), BadgeKind.NEW_RELEASE, "Lámparas"),
        (rio("NEW_ARRIVAL_T3", "Top-Neuheiten"), BadgeKind.NEW_RELEASE, None),
        (badge("DEAL_B0DEAL0001", "Limited time deal"), BadgeKind.DEAL, "Limited time deal"),
        (badge("BEST_DEAL_B0DEAL0001-deal", "Deal of the Day"), BadgeKind.DEAL, "Deal of the Day"),
        (badge("EVENT_1", "Befristetes Angebot"), BadgeKind.DEAL, "Befristetes Angebot"),
        (pledge("Climate Pledge Friendly"), BadgeKind.CLIMATE_PLEDGE, None),
        (pledge("1 sustainability feature", "/climatepledgefriendly"), BadgeKind.CLIMATE_PLEDGE, None),
        (pledge("Small Business"), BadgeKind.SMALL_BUSINESS, None),
        (pledge("Pequeños Negocios"), BadgeKind.SMALL_BUSINESS, None),
        (pledge("日本の中小企業"), BadgeKind.SMALL_BUSINESS, None),
    ],
)
def test_a_badge_is_known_by_its_id_and_says_what_it_is_for(html: str, kind: BadgeKind, text: str | None) -> None:
    assert only(page(card("B0DEAL0001", html, html))).badges == (Badge(kind=kind, text=text),)


def test_a_percentage_off_is_no_badge() -> None:
    got = only(page(card("B0DEAL0001", badge("DELIGHT_PRICING_B0DEAL0001", "Save 23%"), badge("B0X-eco", "Eco"))))
    assert got.badges == ()
    assert "badges" not in reasons(got)


@pytest.mark.parametrize(
    ("code", "text", "total"),
    [
        ("com", "1-16 of over 10,000 results for", 10000),
        ("com", "3 results for", 3),
        ("com", "1-24的194 個結果", 194),
        ("com", "1-48 条，共超过 10,000 条“", 10000),
        ("com", "1 - 16 of 18,153 Results", 18153),
        ("de", "1-16 von mehr als 1.000 Ergebnissen oder Vorschlägen für", 1000),
        ("de", "über 1.000 Ergebnisse oder Vorschläge für", 1000),
        ("fr", "1-48 sur plus de 50\xa0000 résultats pour", 50000),
        ("es", "1-48 de más de 1.000 resultados para", 1000),
        ("it", "1-48 dei più di 2.000 risultati in", 2000),
        ("nl", "1-48 van meer dan 10.000 resultaten voor", 10000),
        ("pl", "1-48 z ponad 10\xa0000 wyników dla", 10000),
        ("com.br", "1-48 de mais de 20.000 resultados para", 20000),
        ("com.tr", "1-48 / 10.000 üzeri sonuç:", 10000),
        ("co.jp", "検索結果 20,000 以上 のうち 1-48件", 20000),
        ("in", "33-48 of over 1,00,000 results for", 100000),
        ("ae", "1-48 من أكثر من 10,000 نتيجة لـ", 10000),
        ("ae", "١-٤٨ من أكثر من ١٠٬٠٠٠ نتيجة لـ", 10000),
    ],
)
def test_the_number_of_results_is_the_bound_stated(code: str, text: str, total: int) -> None:
    got = read(page(card("B000000001"), query="cable 5", count=f'{text} <span>"cable 5"</span>'), code)
    assert (got.results, got.results_text) == (total, " ".join(text.split()))


def test_a_page_that_counts_nothing_says_so() -> None:
    counted = read(page(card("B000000001"), count="Results"))
    assert (counted.results, reasons(counted)["results"]) == (None, Reason.ABSENT_ON_PAGE)
    odd = read(page(card("B000000001"), count="1-16 of 100 or 200 results"))
    assert (odd.results, reasons(odd)["results"], odd.results_text) == (
        None,
        Reason.UNPARSEABLE,
        "1-16 of 100 or 200 results",
    )
    bare = read(f"<html><body>{card('B000000001')}</body></html>")
    assert reasons(bare)["results"] is reasons(bare)["results_text"] is Reason.LAYOUT_UNKNOWN
    nothing = read('<html><body><div class="s-main-slot"></div></body></html>')
    assert reasons(nothing)["results"] is Reason.ABSENT_ON_PAGE


@pytest.mark.parametrize(
    ("grid", "layout"),
    [
        (f'<div class="s-main-slot">{card("B000000001")}</div>', "2019"),
        ('<div class="s-result-list"><div class="s-result-item" data-asin="B000000001"></div></div>', "2019"),
        ('<ul id="s-results-list-atf"><li class="s-result-item" data-asin="B000000001"></li></ul>', "2015"),
        ('<div id="atfResults"><div class="prod" name="B000000001"></div></div>', "2012"),
        ('<div class="s-main-slot"></div>', "2019"),
        ('<ul id="s-results-list-atf"></ul>', "2015"),
        ('<h1 id="noResultsTitle"></h1>', None),
    ],
)
def test_the_layout_is_named_by_its_year(grid: str, layout: str | None) -> None:
    got = read(f"<html><body>{grid}</body></html>")
    assert got.layout == layout
    assert ("layout" in reasons(got)) is (layout is None)


def test_extras_of_an_older_card() -> None:
    html = (
        '<html><body><div id="atfResults"><ul id="s-results-list-atf"><li data-asin="B010000001" class="s-result-item">'
        '<a class="a-link-normal s-access-detail-page" title="Cable" href="/dp/B010000001"><h2>Cable</h2></a>'
        f"{badge('BESTSELLER_B010000001', 'Best Seller', 'in Cables')}"
        '<span class="a-size-base a-color-price s-price">$7.99</span> <span class="a-text-strike">$9.99</span>'
        "</li></ul></div></body></html>"
    )
    got = only(html)
    assert (got.price, got.list_price) == (Decimal("7.99"), Decimal("9.99"))
    assert got.badges == (Badge(kind=BadgeKind.BEST_SELLER, text="Cables"),)


@given(st.text())
def test_no_text_on_a_card_breaks_the_reading(text: str) -> None:
    safe = text.replace("<", "").replace("\x00", "")
    inside = price(safe) + price(safe, strike=True) + coupon(safe) + below_the_stars(safe) + badge("x", safe, safe)
    got = only(page(card("B000000001", inside, pledge(safe)), count=safe))
    named = {entry.field for entry in got.missing}
    optional = {name for name in got.__struct_fields__ if getattr(got, name) is None}
    assert optional == named


@pytest.mark.parametrize(
    ("name", "heading", "offered"),
    [
        ("MAIN-TEXT_REFORMULATION-9", "Ähnliche Suchbegriffe", ("becher mit deckel", "tasse")),
        ("MAIN-VISUAL_NAVIGATION-9", "関連する検索", ("becher mit deckel", "tasse")),
        ("MAIN-VISUAL_NAVIGATION-9", "Shop by category", ()),
    ],
)
def test_related_searches_are_those_that_the_page_offers(name: str, heading: str, offered: tuple[str, ...]) -> None:
    links = "".join(f'<a href="/s?k={q}&ref=rsl_sug_0_1"><span>{q}</span></a>' for q in ("becher mit deckel", "tasse"))
    twice = f'{links}<a href="/s?k=tasse"><img alt="x"></a><a href="/b?node=1">Alle</a>'
    block = f'<div class="s-result-item"><div cel_widget_id="{name}"><h2>{heading}</h2>{twice}</div></div>'
    assert read(page(card("B000000001"), block), "de").related_searches == offered
    assert read(page(card("B000000001"))).related_searches == ()
    assert read(page(block, count="")).related_searches == offered
