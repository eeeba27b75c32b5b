"""What a page is, whose it is and whether it is whole: small pages written here, broken ones made from them."""

from decimal import Decimal
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spiders.outcome import judge
from spiders.pages import asin_of_url, read
from spiders.tasks import Task
from storage.model import Outcome
from storage.records import Page, PageKind

COMMENT = "<!-- To discuss automated access to Amazon data please contact api-services-support@amazon.com. -->"
CHECK = (
    '<form method="get" action="/errors/validateCaptcha" name=""><input type=hidden name="amzn" value="x">{inside}'
    '<button type="submit">{button}</button></form>'
)
TYPE_OFF = '<img src="https://images.example/captcha/abc/Captcha_x.jpg"><input id="captchacharacters" type="text">'
FOOTER = (
    '<div id="navFooter">'
    + '<a href="https://www.amazon.de/">Deutschland</a><a href="https://www.amazon.co.jp/">日本</a>' * 9
    + "</div>"
)


def document(body: str, head: str = "", title: str = "Amazon.com") -> str:
    return f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


def product_page(price: str = "$19.99") -> str:
    return document(
        f"""<div id="nav-belt"><a href="https://www.amazon.com/gp/help">Help</a></div><div id="dp"><div id="ppd">
        <div id="centerCol"><span id="productTitle"> Blue mug </span><div id="averageCustomerReviews">
        <i class="a-icon a-icon-star"><span class="a-icon-alt">4.5 out of 5 stars</span></i>
        <span id="acrCustomerReviewText">1,234 ratings</span></div>
        <div id="corePriceDisplay_desktop_feature_div"><span class="a-price aok-align-center priceToPay">
        <span class="a-offscreen">{price}</span><span aria-hidden="true">{price}</span></span>
        </div></div><div id="rightCol"><div id="desktop_buybox"><div id="buybox"><form id="addToCart">
        <input type="hidden" id="ASIN" name="ASIN" value="B0ABCDEF12">
        <div id="corePrice_feature_div"><span class="a-price"><span class="a-offscreen">{price}</span></span></div>
        <div id="availability"><span>In Stock</span></div><input id="add-to-cart-button" type="submit"></form>
        </div></div></div></div><table id="productDetails_detailBullets_sections1"><tr><th>Best Sellers Rank</th>
        <td><span>#1,234 in Kitchen</span></td></tr></table></div>{FOOTER}""",
        head='<link rel="canonical" href="https://www.amazon.com/Blue-Mug/dp/B0ABCDEF12">',
    )


def search_page(*asins: str, banner: str = "") -> str:
    cards = "".join(
        f'<div data-asin="{asin}" data-component-type="s-search-result" class="s-result-item">'
        f'<a class="a-link-normal" href="/x/dp/{asin}"><h2><span>Mug {n}</span></h2></a>'
        f'<span class="a-price"><span class="a-offscreen">$1{n}.99</span></span></div>'
        for n, asin in enumerate(asins)
    )
    return document(
        f'<input id="twotabsearchtextbox" value="mug"><span cel_widget_id="MAIN-TOP_BANNER_MESSAGE-0">{banner}</span>'
        f'<div class="s-main-slot s-result-list">{cards}<span class="s-pagination-strip"><span '
        'class="s-pagination-item s-pagination-selected">1</span><a class="s-pagination-item">2</a>'
        f'<a class="s-pagination-item s-pagination-next">Next</a></span></div>{FOOTER}',
        head='<script>var ue_pty = "Search", ue_sn = "www.amazon.com";</script>',
    )


def verdict(html: str, **known: str) -> tuple[PageKind, str | None]:
    got = read(html, **known)
    assert got.product is None
    assert got.search is None
    return got.kind, got.detail


def test_whole_pages_carry_their_record() -> None:
    got = read(product_page())
    assert (got.kind, got.marketplace, got.detail, got.search) == (PageKind.PRODUCT, "com", None, None)
    assert got.product is not None
    assert (got.product.asin, got.product.title, got.product.price) == ("B0ABCDEF12", "Blue mug", Decimal("19.99"))
    found = read(search_page("B000000001", "B000000002"))
    assert (found.kind, found.marketplace, found.detail, found.product) == (PageKind.SEARCH, "com", None, None)
    assert found.search is not None
    assert [p.asin for p in found.search.placements] == ["B000000001", "B000000002"]


@pytest.mark.parametrize(
    ("title", "words", "button"),
    [
        ("Robot Check", "Enter the characters you see below", "Continue shopping"),
        ("Bot Check", "Geben Sie die Zeichen unten ein", "Weiter shoppen"),
        ("Amazon.co.jp", "下に表示されている文字を入力してください", "ショッピングを続ける"),
        ("Amazon.fr", "Saisissez les caractères que vous voyez ci-dessous", "Continuer les achats"),
        ("Amazon.sa", "أدخل الأحرف التي تراها أدناه", "متابعة التسوق"),
    ],
)
def test_bot_checks_in_every_language(title: str, words: str, button: str) -> None:
    asks = document(COMMENT + f"<h4>{words}</h4>" + CHECK.format(inside=TYPE_OFF, button=button), title=title)
    assert verdict(asks) == (PageKind.CAPTCHA, "bot_check")
    presses = document(
        COMMENT + CHECK.format(inside='<input type="hidden" name="field-keywords" value="X">', button=button),
        title=title,
    )
    assert verdict(presses) == (PageKind.CAPTCHA, "continue_shopping")


SIGN_IN = "<form name='signIn' action='https://www.amazon.de/ap/signin'><input id='ap_email'></form>"
COOKIES = (
    "<div id='sp-cc'><form action='/privacyprefs?ref=x'><button id='sp-cc-accept'>Akzeptieren</button></form></div>"
)
ADULT = (
    "<div id='black-curtain-warning'>18+</div><a id='black-curtain-yes-button' href='/gp/x/black-curtain?ok'>はい</a>"
)


@pytest.mark.parametrize(
    ("body", "head", "kind", "detail"),
    [
        ("<div id='challenge-container'></div>", "<script>window.gokuProps = {};</script>", PageKind.CAPTCHA, "waf_challenge"),
        ("", "<script src='https://x.token.awswaf.com/challenge.js'></script>", PageKind.CAPTCHA, "waf_challenge"),
        ("<script>AwsWafIntegration.checkForceRefresh()</script>", "", PageKind.CAPTCHA, "waf_challenge"),
        (COMMENT + "<p>Sorry</p>", "", PageKind.CAPTCHA, "automated_access"),
        (SIGN_IN, "", PageKind.SIGN_IN, None),
        ("<form action='/ap/signin/1'><input id='ap_email_login'></form>", "", PageKind.SIGN_IN, None),
        ("<form method=post action='https://www.amazon.com/ax/claim?x=1'><input></form>", "", PageKind.SIGN_IN, None),
        (COOKIES, "", PageKind.CONSENT, "cookie_consent"),
        (ADULT, "", PageKind.CONSENT, "age_consent"),
        (COOKIES + "<div id='navbar'></div><h1>Hallo</h1>", "", PageKind.UNKNOWN, None),
    ],
)  # fmt: skip
def test_other_walls(body: str, head: str, kind: PageKind, detail: str | None) -> None:
    assert verdict(document(body, head=head, title="")) == (kind, detail)


def test_a_banner_on_a_page_is_no_wall() -> None:
    for html in (product_page(), search_page("B000000001")):
        for banner in (COOKIES, ADULT):
            got = read(html.replace("<body>", f"<body>{banner}"))
            assert (got.product or got.search) is not None
    broken = document(COOKIES).replace("</body></html>", "")
    assert verdict(broken)[0] is not PageKind.CONSENT


@pytest.mark.parametrize(
    ("title", "body", "detail"),
    [
        (
            "Sorry! Something went wrong!",
            '<div id="g"><a href="/ref=cs_503_link"><img alt="x"></a></div>',
            "server_error",
        ),
        ("503 - Service Unavailable Error", "<h1>Oops!</h1>", "server_error"),
        ("", "http/1.1 Service Unavailable", "server_error"),
        ("Entschuldigung! Ein Fehler ist aufgetreten.", "<p>…</p>", "server_error"),
        ("Page Not Found", f'{COMMENT}<a href="/ref=cs_404_logo"><img id="b"></a><div id="g"></div>', "not_found"),
        (
            "Amazon",
            '<div id="g"><img src="https://i.example/images/G/15/error/en_CA/title._TTD_.png"></div>',
            "not_found",
        ),
        ("404 - Document Not Found", "<b class='h1'>Looking for something?</b>", "not_found"),
        ("404 (Seite wurde nicht gefunden)", "<b class='h1'>Suchen Sie etwas Bestimmtes?</b>", "not_found"),
        ("Page introuvable", "<b class='h1'>Vous recherchez une page ?</b>", "not_found"),
        ("Página no encontrada", "<b class='h1'>¿Buscas algo?</b>", "not_found"),
        ("Amazon.it", "<b class='h1'>Cerchi qualcosa in particolare?</b>", "not_found"),
        ("ページが見つかりません", "<h1>何かお探しですか？</h1>", "not_found"),
        ("找不到网页", "<h1>抱歉</h1>", "not_found"),
        ("Sayfa Bulunamadı", "<p></p>", "not_found"),
    ],
)
def test_error_pages(title: str, body: str, detail: str) -> None:
    assert verdict(document(body, title=title)) == (PageKind.ERROR, detail)


def test_lists_and_reviews_are_told_apart() -> None:
    no_entry = document('<div id="zg"><ol id="zg-ordered-list"><li>1</li></ol></div>', title="Amazon.com")
    assert verdict(no_entry) == (PageKind.INCOMPLETE, "main_part_missing")
    reviews = document('<div id="cm_cr-review_list"><div data-hook="review">Great</div></div>')
    assert read(reviews).kind is PageKind.REVIEWS


def test_what_stands_first_says_what_the_page_is() -> None:
    card = '<div data-component-type="s-search-result" data-asin="B000000001"></div>'
    assert read(product_page().replace('<div id="rightCol">', f'{card}<div id="rightCol">')).kind is PageKind.PRODUCT
    preview = '<div id="quick-view"><span id="productTitle">Another</span></div>'
    assert read(search_page("B000000001").replace('<div id="navFooter">', f'{preview}<div id="navFooter">')).search


@pytest.mark.parametrize("tail", ["", " \n", "<!-- MEOW -->", f"<!--{'x' * 9000}-->", "</HTML>"])
def test_the_end_of_a_document_is_found_behind_its_comments(tail: str) -> None:
    html = product_page().replace('id="navFooter"', 'id="x"')
    assert read(html + tail).product is not None
    assert verdict(html.replace("</body></html>", "") + tail.replace("</HTML>", "")) == (
        PageKind.INCOMPLETE,
        "truncated",
    )


@pytest.mark.parametrize(
    ("html", "detail"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("<html></html>", "empty"),
        ("\x00\x01\xff\ud800", "not_text"),
        ("\x1f\x8b\x08\x00garbage", "not_text"),
        ("<", None),
        ("{}", None),
    ],
)
def test_what_is_no_page_is_unknown(html: str, detail: str | None) -> None:
    assert verdict(html) == (PageKind.UNKNOWN, detail)


def test_a_page_that_broke_off_is_incomplete_wherever_it_broke() -> None:
    for html in (product_page(), search_page("B000000001", "B000000002")):
        until = html.index('<div id="navFooter">')
        if "s-pagination-next" in html:
            until = html.index('<a class="s-pagination-item s-pagination-next">')
        after = max(html.find('id="productTitle"'), html.find('data-asin="B000000002"')) + 60
        for cut in range(after, until, 7):
            assert verdict(html[:cut]) == (PageKind.INCOMPLETE, "truncated"), html[cut - 40 : cut]


def test_a_missing_end_tag_alone_is_no_defect() -> None:
    html = product_page().replace("</body></html>", "")
    assert read(html).product is not None
    assert read(product_page() + "\n<!-- MEOW --><!-- cut off here").product is not None


def test_an_end_tag_inside_a_script_is_not_the_end() -> None:
    html = product_page()
    early = html.replace('<div id="rightCol">', '<script>var frame = "<html></html>";</script><div id="rightCol">')
    assert verdict(early[: early.index('id="desktop_buybox"')]) == (PageKind.INCOMPLETE, "truncated")


def test_a_page_without_its_main_part_is_incomplete() -> None:
    no_title = product_page().replace("productTitle", "x")
    assert verdict(no_title) == (PageKind.INCOMPLETE, "main_part_missing")
    assert verdict(search_page()) == (PageKind.INCOMPLETE, "main_part_missing")
    only_head = document("", head='<script>ue_pty = "Detail"</script>')
    assert verdict(only_head) == (PageKind.INCOMPLETE, "main_part_missing")
    assert verdict(only_head[: only_head.index("</head>")]) == (PageKind.INCOMPLETE, "truncated")


def test_a_search_that_found_nothing_is_a_search_page_without_placements() -> None:
    got = read(search_page(banner="<span>No results for </span><span>mug</span>"))
    assert got.kind is PageKind.SEARCH
    assert got.search is not None
    assert got.search.placements == ()


def linked(*hosts: str) -> str:
    return "".join(f'<a href="https://{host}/gp/help">x</a>' for host in hosts)


@pytest.mark.parametrize(
    ("html", "code"),
    [
        (document("", head='<script>ue_sn = "www.amazon.co.uk"</script>', title=""), "co.uk"),
        (document("", head='<script>ue_sn="opfcaptcha.amazon.in"</script>'), "in"),
        (document("", head='<link rel="canonical" href="https://www.amazon.com.mx/dp/B0ABCDEF12">'), "com.mx"),
        (document("", head='<meta property="og:url" content="https://www.amazon.fr/dp/B0ABCDEF12">'), "fr"),
        (document(linked("www.amazon.se", "www.amazon.se", "www.amazon.com") + FOOTER, title=""), "se"),
        (document('<form action="https://www.amazon.com.au/s"></form>' + FOOTER, title=""), "com.au"),
        (document('<img id="b" alt="Amazon.com.br">', title=""), "com.br"),
        (document("", title="Amazon.co.jp : ポケモン"), "co.jp"),
        (document(FOOTER, title="Untitled"), None),
        ("", None),
    ],
)
def test_the_marketplace_is_found_on_the_page(html: str, code: str | None) -> None:
    assert read(html).marketplace == code


def test_what_is_known_of_the_marketplace_goes_before_what_the_page_says() -> None:
    html = search_page("B000000001")
    assert read(html, url="https://www.amazon.ca/s?k=mug").marketplace == "ca"
    assert read(html, url="https://www.amazon.ca/s?k=mug", marketplace="co.uk").marketplace == "co.uk"
    assert read(html, url="http://127.0.0.1:8000/s?k=mug", marketplace="nowhere").marketplace == "com"
    assert read(html, url="http://[broken").marketplace == "com"


def test_a_page_of_no_known_marketplace_has_no_record() -> None:
    html = search_page("B000000001").replace("amazon.", "bookshop.").replace("Amazon.", "Bookshop.")
    assert verdict(html) == (PageKind.SEARCH, "marketplace_unknown")


@pytest.mark.parametrize(
    ("page", "answered_by", "outcome", "detail"),
    [
        ("own", "https://www.amazon.com/dp/B0ABCDEF12", Outcome.OK, None),
        ("own", "https://www.amazon.com/dp/B0ABCDEF12?th=1&psc=1", Outcome.OK, None),
        ("other", "https://www.amazon.com/dp/B0ABCDEF12", Outcome.WRONG_PRODUCT, "B0OTHER001"),
        ("other", "https://www.amazon.com/dp/B0OTHER001", Outcome.WRONG_PRODUCT, "B0OTHER001"),
        ("nameless", "https://www.amazon.com/dp/B0OTHER001", Outcome.WRONG_PRODUCT, "B0OTHER001"),
        ("own", "https://www.amazon.co.uk/dp/B0ABCDEF12", Outcome.WRONG_PAGE, "marketplace co.uk"),
    ],
)
def test_a_page_that_the_site_led_to_is_never_taken_for_the_asked_one(
    page: str, answered_by: str, outcome: Outcome, detail: str | None
) -> None:
    html = product_page()
    if page != "own":
        html = html.replace("B0ABCDEF12", "B0OTHER001" if page == "other" else "")
    assert judge(Task(marketplace="com", asin="B0ABCDEF12"), read(html, answered_by), 200) == (outcome, detail)


@pytest.mark.parametrize(
    ("url", "asin"),
    [
        ("https://www.amazon.com/dp/B0ABCDEF12", "B0ABCDEF12"),
        ("https://www.amazon.de/Ein-Buch/dp/000004458X/ref=sr_1_1?th=1", "000004458X"),
        ("https://www.amazon.com/gp/product/B0ABCDEF12?psc=1", "B0ABCDEF12"),
        ("https://www.amazon.com/gp/aw/d/B0ABCDEF12/", "B0ABCDEF12"),
        ("http://www.amazon.com/exec/obidos/ASIN/0241401127", "0241401127"),
        ("https://www.amazon.com/product-reviews/B0ABCDEF12/", "B0ABCDEF12"),
        ("/sspa/click?ie=UTF8&url=%2FA-Thing%2Fdp%2FB0ABCDEF12%2Fref%3Dsr_1_1_sspa", "B0ABCDEF12"),
        ("http://127.0.0.1:8000/dp/B0ABCDEF12", "B0ABCDEF12"),
        ("https://www.amazon.com/dp/B0ABCDEF123", None),
        ("https://www.amazon.com/s?k=B0ABCDEF12", None),
        ("http://[broken/dp/B0ABCDEF12", None),
        ("", None),
    ],
)
def test_asin_of_url(url: str, asin: str | None) -> None:
    assert asin_of_url(url) == asin


@cache
def good() -> dict[str, Page]:
    pages = (product_page(), search_page("B000000001", "B000000002", "B000000003"))
    return {html: read(html) for html in pages}


@given(st.sampled_from(range(2)), st.integers(min_value=0))
def test_a_cut_page_never_yields_another_value(which: int, at: int) -> None:
    html, whole = list(good().items())[which]
    cut = read(html[: at % len(html)], marketplace="com")
    if cut.product is not None or cut.search is not None:
        assert (cut.product, cut.search) == (whole.product, whole.search)
    else:
        assert cut.kind in (PageKind.INCOMPLETE, PageKind.UNKNOWN)


@given(
    st.sampled_from(range(2)),
    st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 40), st.text(max_size=12)), max_size=8),
)
def test_a_mutilated_page_never_raises(which: int, wounds: list[tuple[int, int, str]]) -> None:
    html = list(good())[which]
    for at, length, text in wounds:
        start = at % (len(html) + 1)
        html = html[:start] + text + html[start + length :]
    got = read(html)
    assert (got.product is not None) <= (got.kind is PageKind.PRODUCT)
    assert (got.search is not None) <= (got.kind is PageKind.SEARCH)


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("utf-8", "replace"))))
@example("\ud800")
@example("<div>" * 3000)
@example("<!--" + "x" * 5000)
def test_anything_at_all_is_answered(text: str) -> None:
    assert verdict(text, url="https://www.amazon.com/dp/B0ABCDEF12")[0] in PageKind
