"""Other products on a product page, in small pages: which rows there are, why, and what they say of each product."""

from decimal import Decimal

import pytest

from storage.records import Category, Reason, RelatedKind, RelatedPlacement
from tests.spiders.markup import lack, product


def card(asin: str, *, title: str = "Jug, 20 oz", price: str = "$9.99", stars: str = "4.5 out of 5 stars") -> str:
    """A card of 2021 to now."""
    return (
        f'<li class="a-carousel-card"><span data-csa-c-item-id="amzn1.asin.{asin}"><a href="/x/dp/{asin}/ref=pd_sbs_d_1">'
        f'<img alt="{title}"></a><div class="a-icon-row"><a aria-label="{stars}, 1,234 ratings" '
        f'href="/product-reviews/{asin}"><i class="a-icon a-icon-star-small"><span class="a-icon-alt">{stars}</span></i>'
        f'<span class="a-size-small">1,234</span></a></div><span class="a-price"><span class="a-offscreen">{price}</span>'
        "</span></span></li>"
    )


def row(heading: str, *cards: str, options: str = "{}", name: str = "p13n-desktop-carousel_DetailPage_0") -> str:
    return (
        f'<div data-card-metrics-id="{name}"><div class="a-carousel-container" data-a-carousel-options=\'{options}\'>'
        f'<h2 class="a-carousel-heading">{heading}</h2><ol>{"".join(cards)}</ol></div></div>'
    )


def advertised(asin: str) -> str:
    return (
        f'<li class="a-carousel-card"><div data-asin="{asin}"><a class="a-link-normal" title="Cup" href="/sspa/click?x">'
        '<img alt="Cup"></a><a class="a-link-normal" aria-label="4.7 out of 5 stars 37 ratings" href="/sspa/click?x">'
        '<i class="a-icon a-icon-star"></i><span>37</span></a></div></li>'
    )


def ads(heading: str, *cards: str, label: str = "Sponsored") -> str:
    return (
        '<div id="sp_detail2" class="a-carousel-container"><div class="a-carousel-header-row"><h2>'
        f'{heading}</h2><span class="sp_detail2_sponsored_label">{label}</span></div><ol>{"".join(cards)}</ol></div>'
    )


def related(*places: str, code: str = "com") -> tuple[RelatedPlacement, ...]:
    below = "".join(f'<div id="sims-simsContainer_feature_div_{n}">{place}</div>' for n, place in enumerate(places))
    found = product(code, below=below).related
    assert found is not None
    return tuple(each for each in found if each.asin != "B0OTHER001")  # of the row that every page here begins with


def test_a_row_tells_each_of_its_products() -> None:
    (one,) = related(row("Customers who viewed this item also viewed", card("B0RIVAL001")))
    assert (one.kind, one.heading, one.sponsored) == (
        RelatedKind.ALSO_VIEWED, "Customers who viewed this item also viewed", False,
    )  # fmt: skip
    assert (one.asin, one.place, one.title, one.price, one.currency) == (
        "B0RIVAL001", 1, "Jug, 20 oz", Decimal("9.99"), "USD",
    )  # fmt: skip
    assert (one.rating, one.review_count, one.missing) == (Decimal("4.5"), 1234, ())


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Kunden, die diesen Artikel angesehen haben, haben auch angesehen", RelatedKind.ALSO_VIEWED),
        ("Les clients ayant consulté cet article ont également regardé", RelatedKind.ALSO_VIEWED),
        ("この商品をチェックした人はこんな商品もチェックしています", RelatedKind.ALSO_VIEWED),
        ("Clientes também compraram esses produtos", RelatedKind.ALSO_BOUGHT),
        ("Wird oft zusammen gekauft", RelatedKind.BOUGHT_TOGETHER),
        ("4 stars and above", RelatedKind.TOP_RATED),
        ("Productos similares", RelatedKind.SIMILAR),
        ("More from Clay & Co", RelatedKind.SAME_BRAND),
        ("Hier ist noch mehr", RelatedKind.ALSO_VIEWED),  # the links say so: ref=pd_sbs_…
    ],
)
def test_why_a_row_is_shown_its_heading_says_in_any_language_else_its_links(heading: str, kind: RelatedKind) -> None:
    assert {each.kind for each in related(row(heading, card("B0RIVAL001")))} == {kind}


def test_a_row_that_nothing_explains_is_another_one() -> None:
    (one,) = related(row("Tiens", card("B0RIVAL001").replace("pd_sbs_d_1", "bmx_dp_1")))
    assert one.kind is RelatedKind.OTHER


def test_an_advertisement_is_one_by_markup_and_label_together() -> None:
    told = related(ads("Products related to this item", advertised("B0RIVAL001"), advertised("B0RIVAL002")))
    assert [(each.kind, each.sponsored, each.place, each.title) for each in told] == [
        (RelatedKind.SPONSORED, True, 1, "Cup"), (RelatedKind.SPONSORED, True, 2, "Cup"),
    ]  # fmt: skip
    assert [(each.rating, each.review_count) for each in told] == [(Decimal("4.7"), 37)] * 2
    (unsure,) = related(ads("Products related to this item", advertised("B0RIVAL001"), label="Featured"))
    assert unsure.sponsored is None
    assert ("sponsored", Reason.AMBIGUOUS) in {(each.field, each.reason) for each in unsure.missing}
    (viewed,) = related(ads("Customers frequently viewed", advertised("B0RIVAL001")))
    assert (viewed.kind, viewed.sponsored) == (RelatedKind.ALSO_VIEWED, True)


def test_rows_of_one_place_are_told_apart_and_empty_ones_are_none() -> None:
    found = related(
        row("Customers also viewed", card("B0RIVAL001")) + row("Similar items", card("B0RIVAL002")),
        '<div data-card-metrics-id="p13n-desktop-carousel"></div>',
        row("Frequently bought together", card("B0ABCDEF12")),  # the page's own product
    )
    assert [(each.heading, each.asin) for each in found] == [
        ("Customers also viewed", "B0RIVAL001"), ("Similar items", "B0RIVAL002"),
    ]  # fmt: skip
    assert [each.row for each in found] == [3, 4], "two stand above, on every page here"


@pytest.mark.parametrize(
    "options",
    [
        r'{"ajax":{"id_list":["{\"id\":\"B0RIVAL001\",\"p\":1}","{\"id\":\"B0RIVAL002\"}","{\"id\":\"B0ABCDEF12\"}"]}}',
        '{"ajax":{"id_list":["B0RIVAL001:","B0RIVAL002:"]}}',
        '{"ajax":{"id_list":["B0RIVAL001","B0RIVAL002"]}}',
    ],
)
def test_what_a_row_shows_later_is_known_by_its_asin(options: str) -> None:
    first, later = related(row("Customers also viewed", card("B0RIVAL001"), options=options))
    assert (first.asin, later.asin, later.place, later.title, later.price) == (
        "B0RIVAL001",
        "B0RIVAL002",
        2,
        None,
        None,
    )
    assert {each.field for each in later.missing} == {"title", "price", "currency", "rating", "review_count"}


def test_products_bought_together_are_told_by_their_links_and_take_no_price_of_the_own() -> None:
    box = (
        '<div class="box"><div><a href="/dp/{0}/ref=pd_bxgy_1"><img alt="{1}"></a></div><div><a href="/dp/{0}">{1}</a>'
        '</div><span class="a-price"><span class="a-offscreen">{2}</span></span></div>'
    )
    own = (
        '<div class="box"><b>This item:</b><span class="a-price"><span class="a-offscreen">$109.99</span></span></div>'
    )
    boxes = own + box.format("B0RIVAL001", "Lid", "$8.99")
    (lid,) = related(f'<div data-card-metrics-id="p13n-desktop-sims-fbt_0"><h2>Zusammen</h2>{boxes}</div>')
    assert (lid.kind, lid.title, lid.price) == (RelatedKind.BOUGHT_TOGETHER, "Lid", Decimal("8.99"))


def test_the_columns_of_a_table_are_its_products() -> None:
    names = ("B0ABCDEF12", "This"), ("B0RIVAL001", "Jug"), ("B0RIVAL002", "Cup")
    head = "".join(f'<th data-asin="{asin}"><a href="/dp/{asin}"><img alt="{name}"></a></th>' for asin, name in names)
    prices = ('<span class="a-price"><span class="a-offscreen">$5.00</span></span>', "", "From: <span "
              'class="a-color-price">$7.00</span>')  # fmt: skip
    cells = "".join(f"<td>{price}</td>" for price in prices)
    star = '<i class="a-icon a-icon-star"><span class="a-icon-alt">4.{} out of 5 stars</span></i><a>({})</a>'
    stars = "".join(f"<td>{star.format(n, n)}</td>" for n in (1, 2, 3))
    table = f"<table><tr><td></td>{head}</tr><tr><th>Price</th>{cells}</tr><tr><th>Stars</th>{stars}</tr></table>"
    jug, cup = (
        each
        for each in product(
            below=f'<div id="HLCXComparisonWidget_feature_div"><h2>Mit anderen</h2>{table}</div>'
        ).related
        or ()
        if each.asin != "B0OTHER001"
    )
    assert {jug.kind, cup.kind} == {RelatedKind.COMPARED}
    assert [(each.asin, each.place, each.title, each.rating) for each in (jug, cup)] == [
        ("B0RIVAL001", 1, "Jug", Decimal("4.2")), ("B0RIVAL002", 2, "Cup", Decimal("4.3")),
    ]  # fmt: skip
    assert [(each.price, each.missing[0].reason, each.missing[0].text) for each in (jug, cup)] == [
        (None, Reason.ABSENT_ON_PAGE, None), (None, Reason.UNPARSEABLE, "From: $7.00"),
    ]  # fmt: skip


def test_the_rows_of_2016_are_read_too() -> None:
    asin = "B0RIVAL001"
    old = (
        '<div id="purchase-sims-feature"><div class="a-carousel-container"><h2>Die Leute mochten</h2><ol>'
        f'<li class="a-carousel-card"><div data-p13n-asin-metadata=\'{{"asin":"{asin}"}}\'><a href="/dp/{asin}/ref=pd_sim_1">'
        '<img alt="Jug, 20 oz"></a><div class="a-icon-row"><a href="/product-reviews/B0RIVAL001" title="4.5 out of 5 stars">'
        '<i class="a-icon a-icon-star"><span class="a-icon-alt">4.5 out of 5 stars</span></i></a>'
        '<a href="/product-reviews/B0RIVAL001">1,234</a></div><span class="a-color-price"><span class="p13n-sc-price">'
        "$9.99</span></span></div></li></ol></div></div>"
    )
    (one,) = (each for each in product(below=old).related or () if each.asin != "B0OTHER001")
    assert (one.kind, one.title, one.price) == (RelatedKind.ALSO_BOUGHT, "Jug, 20 oz", Decimal("9.99"))
    assert (one.rating, one.review_count) == (Decimal("4.5"), 1234)


def path(*steps: str) -> str:
    inside = "".join(
        f"<li><a href='{href}'> {name} </a></li><li>›</li>" for href, name in (s.split("|") for s in steps)
    )
    return f'<div id="wayfinding-breadcrumbs_feature_div"><ul>{inside}</ul></div>'


def test_the_path_of_categories_has_a_browse_node_for_each_step() -> None:
    found = product(
        middle=path("/b/ref=dp_bc_1?ie=UTF8&node=284507|Küche", "/s?rh=n%3A284507%2Cn%3A77|Tassen", "/mugs|Becher")
    )
    assert found.categories == (
        Category(name="Küche", node="284507"), Category(name="Tassen", node="77"), Category(name="Becher"),
    )  # fmt: skip
    assert lack(found, "browse_node") == (Reason.ABSENT_ON_PAGE, None)
    assert product(middle=path("/b?node=1|A", "/b?node=2|B")).browse_node == "2"


def test_a_way_back_to_the_results_is_no_category() -> None:
    back = '<div id="wayfinding-breadcrumbs_feature_div"><a id="breadcrumb-back-link" href="/s?k=mug">Back to results</a></div>'
    assert lack(product(middle=back), "categories") == (Reason.ABSENT_ON_PAGE, None)
    assert lack(product(), "categories") == (Reason.ABSENT_ON_PAGE, None)
    told = '<div id="wayfinding-breadcrumbs_feature_div">Home, somehow</div>'
    assert lack(product(middle=told), "categories") == (Reason.UNPARSEABLE, "Home, somehow")
