"""Blocks beside the result grid: what kind, where, whose advertisement, and which products; in small pages."""

from decimal import Decimal

import pytest

from storage.records import Reason, WidgetKind, WidgetPlacement
from tests.spiders.test_search import card, label, page, price, read, stars


def item(asin: str, *inside: str, ad: bool = False) -> str:
    """A product of a carousel, in the markup of a card of the grid."""
    return f'<li class="a-carousel-card"><div class="s-result-item" data-asin="{asin}">{face(asin, *inside, ad=ad)}</div></li>'


def face(asin: str, *inside: str, ad: bool = False, title: str = "A product") -> str:
    href = f"/sspa/click?url=%2Fdp%2F{asin}" if ad else f"/x/dp/{asin}"
    return f'<a class="a-link-normal" href="{href}"><h2><span>{title} {asin}</span></h2></a>{"".join(inside)}'


def carousel(heading: str, *items: str, ad: bool = False, name: str = "MAIN-FEATURED_ASINS_LIST-8") -> str:
    told = '<a class="s-widget-sponsored-label-text" role="button">Sponsored</a>' if ad else ""
    return (
        f'<div class="s-result-item s-widget" data-asin=""><div class="s-widget-container" cel_widget_id="{name}">'
        f'<h2 class="a-size-medium-plus">{heading}</h2>{told}<ol class="a-carousel">{"".join(items)}</ol></div></div>'
    )


def brand(*items: str, name: str = "lifestyle-image-v4-creative-desktop_slot_1", head: str = "") -> str:
    head = head or (
        '<a class="a-link-normal" aria-label="Comfort"><span class="a-truncate"><span class="a-truncate-full">'
        'Comfort and style</span><span class="a-truncate-cut">Comfort an…</span></span></a>'
    )
    return (
        f'<div class="s-result-item s-widget AdHolder" data-asin=""><div class="celwidget" cel_widget_id="{name}">'
        f'<div class="sbx-desktop" data-card-metrics-id="{name}">{head}{"".join(items)}</div></div></div>'
    )


def advertised(asin: str, title: str, count: str = "42") -> str:
    return (
        f'<div class="_x_item" data-asin="{asin}"><a href="https://aax.example/x/c/abc"><img alt="{title}"></a>'
        f'<span class="a-truncate"><span class="a-truncate-full">{title}</span><span class="a-truncate-cut"></span></span>'
        f'<a aria-label="Rated 4.1 out of 5 stars by {count} reviews"><i class="a-icon a-icon-star-mini">'
        f'<span class="a-icon-alt">4.1 out of 5 stars.</span></i><span>{count}</span></a></div>'
    )


VIDEO = (
    '<div class="s-result-item s-widget" data-asin=""><div cel_widget_id="MAIN-VIDEO_SINGLE_PRODUCT-9">'
    '<span data-component-type="sbv-video-single-product"><video></video>'
    '<span data-csa-c-item-id="amzn1.asin.B000000007:amzn1.promotion.X"><span class="puis-sponsored-label-text">'
    f"Sponsored</span>{face('B000000007')}{price('$9.99')}</span></span></div></div>"
)


def widgets(*slot: str, code: str = "com") -> tuple[WidgetPlacement, ...]:
    return read(page(*slot), code).widgets


def reasons(record: WidgetPlacement) -> dict[str, Reason]:
    return {entry.field: entry.reason for entry in record.missing}


def test_a_carousel_is_read_like_the_cards() -> None:
    got = widgets(
        card("B000000001"),
        carousel(
            "Customers frequently viewed",
            item("B000000002", stars("4.3 out of 5 stars", "1,523 ratings", "(1.5K)"), price("$5.00"), ad=True),
            item("B000000003", price("$9.00", strike=True), ad=True),
            ad=True,
        ),
        card("B000000004"),
    )
    assert got == (
        WidgetPlacement(
            widget=1,
            kind=WidgetKind.CAROUSEL,
            heading="Customers frequently viewed",
            sponsored=True,
            after_position=1,
            place=1,
            asin="B000000002",
            title="A product B000000002",
            price=Decimal("5.00"),
            currency="USD",
            rating=Decimal("4.3"),
            review_count=1523,
        ),
        got[1],
    )
    assert (got[1].place, got[1].asin, got[1].price) == (2, "B000000003", None)
    assert reasons(got[1]) == {
        "price": Reason.ABSENT_ON_PAGE,
        "currency": Reason.NOT_APPLICABLE,
        "rating": Reason.ABSENT_ON_PAGE,
        "review_count": Reason.ABSENT_ON_PAGE,
    }


def test_blocks_are_numbered_in_page_order_with_the_card_before_them() -> None:
    slot = (
        brand(advertised("B000000011", "Shoes")),
        card("B000000001"),
        card("B000000002"),
        carousel("More results", item("B000000012")),
        VIDEO,
        card("B000000003"),
        carousel("Top rated from our brands", item("B000000001")),
    )
    got = read(page(*slot))
    assert [(w.widget, w.after_position, w.asin) for w in got.widgets] == [
        (1, 0, "B000000011"),
        (2, 2, "B000000012"),
        (3, 2, "B000000007"),
        (4, 3, "B000000001"),
    ]
    assert [p.asin for p in got.placements] == ["B000000001", "B000000002", "B000000003"]


def test_a_brand_shows_its_headline_and_its_products() -> None:
    (got,) = widgets(brand(advertised("B000000011", "Hoops 4.0 Shoes")))
    assert (got.kind, got.heading, got.sponsored) == (WidgetKind.SPONSORED_BRAND, "Comfort and style", True)
    assert (got.title, got.rating, got.review_count) == ("Hoops 4.0 Shoes", Decimal("4.1"), 42)
    assert reasons(got) == {"price": Reason.ABSENT_ON_PAGE, "currency": Reason.NOT_APPLICABLE}


def test_bare_stars_between_rating_and_count_beside_a_title_with_a_number() -> None:
    product = (
        '<div data-asin="B000000011"><div class="a-row"><a><img alt="x"></a><div><a class="_p_productTitle_1">'
        'Stand 62-inch</a><a class="_reviewStars" aria-label="Rated 4.4 out of 5 stars from 307 reviews"><span>4.4</span>'
        '<span class="a-letter-space"></span><i class="a-icon a-icon-star-mini"></i><span>307</span></a></div></div></div>'
    )
    (got,) = widgets(brand(product, name="sb-video-product-collection-desktop_slot"))
    assert (got.title, got.rating, got.review_count) == ("Stand 62-inch", Decimal("4.4"), 307)
    (rounded,) = widgets(brand(product.replace("307", "1.5K")))
    assert rounded.review_count is None
    assert reasons(rounded)["review_count"] is Reason.UNPARSEABLE


def test_a_headline_without_its_button() -> None:
    head = '<div id="headlineContainer" class="x_headlineCTA"><a><span class="x_headlineText_1">Best sticks</span></a> Shop</div>'
    (got,) = widgets(brand(advertised("B000000011", "Stick"), head=head))
    assert got.heading == "Best sticks"


def test_a_video_of_one_product_has_no_heading() -> None:
    (got,) = widgets(VIDEO)
    assert (got.kind, got.heading, got.sponsored) == (WidgetKind.VIDEO, None, True)
    assert (got.title, got.price) == ("A product B000000007", Decimal("9.99"))
    assert reasons(got)["heading"] is Reason.ABSENT_ON_PAGE


def test_an_older_video_names_its_product_in_the_link_only() -> None:
    html = (
        '<div class="s-result-item s-widget" data-asin=""><span data-component-type="sbv-video-single-product"><video>'
        '</video><a class="a-link-normal" href="/gp/slredirect/x?url=%2FLamp%2Fdp%2FB000000008%2Fref"><h2>Lamp</h2></a>'
        "</span></div>"
    )
    (got,) = widgets(html)
    assert (got.kind, got.asin, got.title) == (WidgetKind.VIDEO, "B000000008", "Lamp")


def test_a_brand_with_a_film_beside_several_products() -> None:
    items = (advertised("B000000011", "One"), advertised("B000000012", "Two"))
    got = widgets(brand("<video></video>", *items, name="sb-video-product-collection-desktop_slot_3"))
    assert [w.kind for w in got] == [WidgetKind.SPONSORED_BRAND] * 2


@pytest.mark.parametrize(
    ("heading", "name", "kind"),
    [
        ("Hoch bewertet", "MAIN-FEATURED_ASINS_LIST-6", WidgetKind.HIGHLY_RATED),
        ("高評価", "MAIN-FEATURED_ASINS_LIST-6", WidgetKind.HIGHLY_RATED),
        ("Wysoko oceniane", "MAIN-FEATURED_ASINS_LIST-6", WidgetKind.HIGHLY_RATED),
        ("Stars!", "loom-desktop-inline-slot_sptw-highly-rated-x", WidgetKind.HIGHLY_RATED),
        ("Editorial recommendations", "MAIN-X-1", WidgetKind.EDITORIAL),
        ("Redaktionelle Empfehlungen", "MAIN-X-1", WidgetKind.EDITORIAL),
        ("Picks", "MAIN-SHOPPING_ADVISER-1", WidgetKind.EDITORIAL),
        ("Brands related to your search", "MAIN-X-1", WidgetKind.CAROUSEL),
        ("Trending now", "MAIN-FEATURED_ASINS_LIST-8", WidgetKind.CAROUSEL),
    ],
)
def test_the_kind_is_told_by_the_markup_or_the_heading(heading: str, name: str, kind: WidgetKind) -> None:
    (got,) = widgets(carousel(heading, item("B000000002"), name=name))
    assert (got.kind, got.heading, got.sponsored) == (kind, heading, False)


def test_a_block_is_an_advertisement_by_markup_and_label_together() -> None:
    ad, plain = item("B000000002", ad=True), item("B000000003")
    labelled = item("B000000002", label("Gesponsert"), ad=True)
    for html, sponsored in (
        (carousel("A", ad, ad=True), True),
        (carousel("A", labelled), True),
        (carousel("A", plain), False),
        (carousel("A", ad), None),
        (carousel("A", plain, ad=True), None),
        (carousel("A", ad, plain, ad=True), None),
    ):
        got = widgets(html)
        assert {w.sponsored for w in got} == {sponsored}
        assert ("sponsored" in reasons(got[0])) is (sponsored is None)


def test_a_product_counts_once_in_its_block_and_so_does_what_stands_inside_it() -> None:
    cart = '<div class="atc" data-asin="B000000009"></div>'
    got = widgets(carousel("A", item("B000000002", cart), item("B000000003"), item("B000000002")))
    assert [(w.place, w.asin) for w in got] == [(1, "B000000002"), (2, "B000000003")]


def test_what_shows_no_products_yields_nothing() -> None:
    lazy = carousel("Related to items you've viewed", '<li class="a-carousel-card a-carousel-card-empty"></li>')
    menu = '<div id="s-refinements"><span data-asin="B000000009"></span></div>'
    pills = carousel("Related searches", '<li class="a-carousel-card"><a href="/s?k=red+mug">red mug</a></li>')
    assert widgets(lazy, menu, pills, card("B000000001")) == ()


def test_carousels_below_the_results_are_blocks_of_their_own() -> None:
    def row(heading: str, asin: str) -> str:
        return (
            f'<div class="a-carousel-container"><div class="a-carousel-header-row"><h2 class="a-carousel-heading">{heading}'
            f'</h2></div><ol><li class="a-carousel-card"><a href="/Lamp/dp/{asin}/ref=x"><img alt="Lamp {asin}"></a></li>'
            "</ol></div>"
        )

    below = f'<div id="rhf"><div>{row("Related to items", "B000000002")}{row("Your history", "B000000003")}</div></div>'
    html = page(card("B000000001")).replace('<div id="navFooter">', below + '<div id="navFooter">')
    got = read(html).widgets
    assert [(w.widget, w.heading, w.asin, w.title, w.after_position) for w in got] == [
        (1, "Related to items", "B000000002", "Lamp B000000002", 1),
        (2, "Your history", "B000000003", "Lamp B000000003", 1),
    ]


def test_two_rows_inside_one_block_of_the_slot_are_one_block() -> None:
    rows = "".join(
        f'<div class="a-carousel-container"><ol>{item(asin)}</ol></div>' for asin in ("B000000002", "B000000003")
    )
    html = f'<div class="s-result-item s-widget"><span class="a-size-medium-plus">Customers ask</span>{rows}</div>'
    assert [(w.widget, w.place, w.heading) for w in widgets(html)] == [(1, 1, "Customers ask"), (1, 2, "Customers ask")]


def test_blocks_of_a_page_without_results() -> None:
    got = read(page(carousel("Customers also bought", item("B000000002"))))
    assert got.placements == ()
    assert [(w.asin, w.after_position) for w in got.widgets] == [("B000000002", 0)]


def test_blocks_between_the_cards_of_2016() -> None:
    html = (
        '<html><body><div id="atfResults"><ul id="s-results-list-atf"><li data-asin="B010000001" class="s-result-item">'
        '<h2>Cable</h2></li></ul></div><div id="centerBelow"><h3>Customers also viewed</h3><ul><li class="a-carousel-card">'
        '<a href="/gp/product/B010000002"><img alt="Plug"></a></li></ul></div></body></html>'
    )
    got = read(html)
    assert got.layout == "2015"
    (found,) = got.widgets
    assert (found.heading, found.asin, found.title, found.after_position) == (
        "Customers also viewed",
        "B010000002",
        "Plug",
        1,
    )


def test_no_card_of_the_grid_is_a_block() -> None:
    html = page(*(card(f"B00000000{n}") for n in range(1, 9)))
    assert read(html).widgets == ()
