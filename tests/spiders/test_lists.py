"""Ranked lists: every layout, ranking, head and gap, on small pages written here."""

import json
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from spiders.pages import read
from spiders.pages.lists import read_lists
from storage.marketplaces import MARKETPLACES
from storage.records import ListPlace, PageKind, RankedList, Ranking, Reason

US, DE = MARKETPLACES["com"], MARKETPLACES["de"]
URL = "https://www.amazon.com/Best-Sellers-Mugs/zgbs/kitchen/123456/ref=zg_bs_pg_2?_encoding=UTF8&pg=2"


def asin(n: int) -> str:
    return f"B0{n:08d}"


def lists(html: str, url: str | None = URL, market: str = "com") -> tuple[RankedList, ...]:
    return read_lists(LexborHTMLParser(html), MARKETPLACES[market], url)


def reasons(place: ListPlace) -> dict[str, Reason]:
    return {lack.field: lack.reason for lack in place.missing}


def priced(text: str) -> str:
    return f'<span class="a-size-base a-color-price"><span class="_x_p13n-sc-price_3">{text}</span></span>'


def cell(n: int, price: str = priced("$9.99"), tag: str = "zg_bs_g") -> str:
    link = f"/Mug-{n}/dp/{asin(n)}/ref={tag}_{n}"
    return (
        f'<div id="gridItemRoot"><div class="zg-grid-general-faceout"><div><div class="zg-bdg-ctr"><span '
        f'class="zg-bdg-text">#{n}</span></div><div id="{asin(n)}" class="p13n-sc-uncoverable-faceout">'
        f'<a class="a-link-normal" href="{link}"><img alt="Mug {n}"></a><a href="{link}"><span><div>Mug {n}</div></span>'
        '</a><div class="a-icon-row"><a title="4.5 out of 5 stars" href="/product-reviews/x">'
        '<i class="a-icon a-icon-star-small a-star-small-4-5"><span class="a-icon-alt">4.5 out of 5 stars</span></i>'
        f'<span class="a-size-small">1,{n:03d}</span></a></div><a href="{link}">{price}</a></div></div></div></div>'
    )


def grid(cells: str, recs: list[tuple[int, str]] | None = None, key: str = "render.zg.rank") -> str:
    told = [{"id": name, "metadataMap": {key: str(rank)}} for rank, name in recs or []]
    return (
        '<div role="tree" class="_x_zg-browse-root__1"><div class="_x_zg-browse-up__2"><a href="/gp/bestsellers">‹\xa0Any '
        'Department</a></div><div class="_x_zg-browse-up__2"><a href="/gp/bestsellers/kitchen">‹\xa0Kitchen</a></div>'
        '<div role="treeitem"><span class="_x_zg-selected__3">Mugs</span></div></div>'
        f'<div class="p13n-desktop-grid" data-client-recs-list="{escape(json.dumps(told))}">{cells}</div>'
        '<ul class="a-pagination"><li class="a-selected"><a href="?pg=2">2</a></li></ul>'
    )


def test_a_grid_with_the_rest_in_its_data() -> None:
    recs = [(n, asin(n)) for n in range(51, 56)]
    (found,) = lists(grid(cell(51) + cell(52), recs))
    assert (found.ranking, found.category, found.category_id) == (Ranking.BEST_SELLERS, "Mugs", "123456")
    assert (found.path, found.page, found.missing) == (("Kitchen", "Mugs"), 2, ())
    assert [(place.rank, place.asin) for place in found.places] == recs
    first, last = found.places[0], found.places[-1]
    assert (first.title, first.price, first.currency) == ("Mug 51", Decimal("9.99"), "USD")
    assert (first.rating, first.review_count, first.missing) == (Decimal("4.5"), 1051, ())
    assert (last.title, last.price, last.rating, last.review_count) == (None, None, None, None)
    absent = dict.fromkeys(("title", "price", "rating", "review_count"), Reason.ABSENT_ON_PAGE)
    assert reasons(last) == absent | {"currency": Reason.NOT_APPLICABLE}


def test_data_without_ranks_or_against_what_is_shown_adds_nothing() -> None:
    (found,) = lists(grid(cell(1), [(2, asin(2))], key="render.other"))
    assert [place.rank for place in found.places] == [1]
    (found,) = lists(grid(cell(1), [(1, asin(9)), (7, asin(1))]))
    assert [(place.rank, place.asin) for place in found.places] == [(1, asin(1))]


@pytest.mark.parametrize(
    ("price", "amount", "reason"),
    [
        (priced("$1,299.00"), Decimal("1299.00"), None),
        ('<span class="a-price"><span class="a-offscreen">$5.00</span><span aria-hidden="true">$5</span></span>',
         Decimal("5.00"), None),
        (f'{priced("$5.00")} - {priced("$9.00")}', None, Reason.AMBIGUOUS),
        ('<span><span class="p13n-sc-price">$5.00</span> - <span class="p13n-sc-price">$9.00</span></span>', None,
         Reason.AMBIGUOUS),
        ('<span class="a-color-price">$5.00 - $9.00</span>', None, Reason.AMBIGUOUS),
        ('<span class="a-color-secondary">6 offers from <span class="p13n-sc-price">$5.00</span></span>', None,
         Reason.ABSENT_ON_PAGE),
        ('<span class="a-price" data-a-strike="true"><span class="a-offscreen">$8.00</span></span>', None,
         Reason.ABSENT_ON_PAGE),
        ("", None, Reason.ABSENT_ON_PAGE),
        (priced("5 points"), None, Reason.UNPARSEABLE),
    ],
)  # fmt: skip
def test_prices(price: str, amount: Decimal | None, reason: Reason | None) -> None:
    ((place,),) = (found.places for found in lists(grid(cell(1, price))))
    assert (place.price, reasons(place).get("price")) == (amount, reason)
    assert place.currency == ("USD" if amount else None)


def test_a_title_cut_short_is_read_as_the_whole_that_stands_beside_it() -> None:
    cut = cell(1).replace("<div>Mug 1</div>", '<div title="Mug 1, blue, with a lid">Mug 1, blue…</div>')
    ((place,),) = (found.places for found in lists(grid(cut)))
    assert place.title == "Mug 1, blue, with a lid"


def test_an_abbreviated_count_of_ratings_is_no_exact_one() -> None:
    short = grid(cell(1).replace("1,001", "(1.5K)"))
    ((place,),) = (found.places for found in lists(short))
    assert (place.review_count, reasons(place)["review_count"]) == (None, Reason.UNPARSEABLE)
    labelled = short.replace('title="4.5 out of', 'aria-label="4.5 out of 5 stars, 1,512 ratings" title="4.5 out of')
    ((place,),) = (found.places for found in lists(labelled))
    assert place.review_count == 1512


OLD = {
    "2019": '<ol id="zg-ordered-list"><li class="zg-item-immersion"><span><div><span class="zg-badge-text">#{n}</span></div>'
    '<span class="zg-item"><a class="a-link-normal" href="/Tasse/dp/{asin}?x=1"><img alt="Tasse"><div>Tasse</div></a><div '
    'class="a-icon-row"><a title="4,4 von 5 Sternen" href="/product-reviews/{asin}"><i class="a-icon a-icon-star a-star-4-5">'
    '<span class="a-icon-alt">4,4 von 5 Sternen</span></i></a><a class="a-size-small" href="/product-reviews/{asin}">1.234'
    '</a></div><span class="a-color-price"><span class="p13n-sc-price">12,99 €</span></span></span></span></li></ol>',
    "2016": '<div id="zg_centerListWrapper"><div class="zg_itemImmersion"><div class="zg_rankDiv"><span class="zg_rankNumber">'
    '{n}.</span></div><div class="zg_itemWrapper"><div class="p13n-asin" data-p13n-asin-metadata=\'{{"asin":"{asin}"}}\'><a '
    'class="a-link-normal" href="/Tasse/dp/{asin}/ref=zg_bs_x"><img><div class="p13n-sc-truncate">Tasse</div></a><div '
    'class="a-icon-row"><a href="/product-reviews/{asin}"><i class="a-icon a-icon-star"><span class="a-icon-alt">4,4 von 5 '
    'Sternen</span></i></a> <a class="a-size-small" href="/product-reviews/{asin}">1.234</a></div><span class="a-color-price">'
    '<span class="p13n-sc-price">EUR 12,99</span></span></div></div></div></div>',
    "2013": '<div class="zg_itemRow"><div class="zg_rankLine"><span class="zg_rankNumber">{n}.</span></div><div '
    'class="zg_title"><a href="http://www.amazon.de/Tasse/dp/{asin}/ref=zg_bs_1">Tasse</a></div><span class="crAvgStars"><span '
    'class="swSprite" title="4,4 von 5 Sternen"></span><a href="/product-reviews/{asin}">1.234</a></span><span '
    'class="listprice">EUR 15,00</span><b class="price">EUR 12,99</b></div>',
}  # fmt: skip


@pytest.mark.parametrize("year", OLD)
def test_layouts_before(year: str) -> None:
    page = (
        '<ul id="zg_browseRoot"><li class="zg_browseUp"><a href="/gp/bestsellers/">Alle</a></li><ul><li class="zg_browseUp">'
        '<a href="/gp/bestsellers/kitchen/ref=x">‹ Küche</a></li><ul><li><span class="zg_selected"> Tassen</span></li></ul>'
        f"</ul></ul>{OLD[year].format(n=1, asin=asin(1))}{OLD[year].format(n=2, asin=asin(2))}"
    )
    (found,) = lists(page, "https://www.amazon.de/gp/bestsellers/kitchen/42", "de")
    assert (found.category, found.category_id, found.path, found.page) == ("Tassen", "42", ("Küche", "Tassen"), 1)
    assert [(place.rank, place.asin) for place in found.places] == [(1, asin(1)), (2, asin(2))]
    for place in found.places:
        assert (place.title, place.price, place.currency) == ("Tasse", Decimal("12.99"), "EUR")
        assert (place.rating, place.review_count, place.missing) == (Decimal("4.4"), 1234, ())


def carousel(heading: str, link: str, ranks: range, told: range = range(0)) -> str:
    ids = [json.dumps({"id": asin(n), "metadataMap": {"render.zg.rank": str(n)}}) for n in told]
    cards = "".join(f'<li class="a-carousel-card">{cell(n)}</li>' for n in ranks).replace('id="gridItemRoot"', "")
    return (
        f'<div class="a-carousel-container" data-a-carousel-options="{escape(json.dumps({"ajax": {"id_list": ids}}))}">'
        f'<h2 class="a-carousel-heading">{heading}</h2><a href="{link}">See more</a><ol>{cards}</ol></div>'
    )


def test_a_front_page_shows_several_lists() -> None:
    page = (
        '<div class="x_zg-browse-root_1"><div><span class="zg-selected">Any Department</span></div>'
        '<a href="/gp/new-releases/toys">Jouets</a></div>'
        + carousel("Best Sellers in Toys &amp; Games", "/gp/bestsellers/toys/ref=zg_x", range(1, 3), range(1, 6))
        + carousel("Tout nouveau, tout beau", "/gp/new-releases/toys/ref=zg_x", range(1, 2))
        + carousel("???", "/gp/most-gifted/beauty/77/ref=zg_x", range(4, 5))
        + '<div class="a-carousel-container"><h2>Recently viewed</h2></div>'
    )
    first, second, third = lists(page, None)
    assert (first.ranking, first.category, first.category_id) == (Ranking.BEST_SELLERS, "Toys & Games", None)
    assert (first.path, first.page, [place.rank for place in first.places]) == ((), 1, [1, 2, 3, 4, 5])
    assert {lack.field: lack.reason for lack in first.missing} == {
        "category_id": Reason.NOT_APPLICABLE, "last_page": Reason.ABSENT_ON_PAGE,
    }  # fmt: skip
    assert (second.ranking, second.category) == (Ranking.NEW_RELEASES, "Jouets")  # by the tree: the words are unknown
    assert (third.ranking, third.category, third.category_id, third.page) == (Ranking.MOST_GIFTED, None, "77", None)
    assert [(lack.field, lack.reason, lack.text) for lack in third.missing] == [
        ("category", Reason.UNPARSEABLE, "???"),
        ("page", Reason.ABSENT_ON_PAGE, None),
        ("last_page", Reason.ABSENT_ON_PAGE, None),
    ]


def test_lists_side_by_side_are_told_apart_by_their_ranks() -> None:
    free = cell(1).replace(asin(1), asin(91)) + cell(2).replace(asin(2), asin(92))
    found = lists(f"<div>{cell(1)}{cell(2)}{free}</div>")
    assert [[place.asin for place in each.places] for each in found] == [[asin(1), asin(2)], [asin(91), asin(92)]]


@pytest.mark.parametrize(
    ("url", "ranking", "category_id"),
    [
        ("https://www.amazon.de/gp/bestsellers/kitchen/3169211/ref=zg_bs_nav", Ranking.BEST_SELLERS, "3169211"),
        ("https://www.amazon.com/Best-Sellers-Books/zgbs/books/17?pg=1", Ranking.BEST_SELLERS, "17"),
        ("https://www.amazon.com/Best-Sellers/zgbs/", Ranking.BEST_SELLERS, None),
        ("https://www.amazon.fr/gp/new-releases/toys", Ranking.NEW_RELEASES, None),
        ("https://www.amazon.in/gp/movers-and-shakers/books/1318073031", Ranking.MOVERS_AND_SHAKERS, "1318073031"),
        ("https://www.amazon.co.jp/gp/most-wished-for/dvd/ref=x", Ranking.MOST_WISHED_FOR, None),
        ("https://www.amazon.it/gp/most-gifted/beauty/99", Ranking.MOST_GIFTED, "99"),
    ],
)
def test_what_an_address_says(url: str, ranking: Ranking, category_id: str | None) -> None:
    (found,) = lists(cell(1), url)
    assert (found.ranking, found.category_id) == (ranking, category_id)
    (own,) = lists(f'<link rel="canonical" href="{url}">{cell(1)}', "http://127.0.0.1/page.html")
    assert (own.ranking, own.category_id) == (ranking, category_id)


@pytest.mark.parametrize(
    ("heading", "ranking", "category"),
    [
        ("Best Sellers in Mugs", Ranking.BEST_SELLERS, "Mugs"),
        ("Hot New Releases in Mugs", Ranking.NEW_RELEASES, "Mugs"),
        ("Neuerscheinungen in Tassen", Ranking.NEW_RELEASES, "Tassen"),
        ("Más vendidos en Tazas", Ranking.BEST_SELLERS, "Tazas"),
        ("マグカップ の ほしいものランキング", Ranking.MOST_WISHED_FOR, "マグカップ"),
        ("Amazon Movers & Shakers", Ranking.MOVERS_AND_SHAKERS, None),
    ],
)
def test_what_a_heading_says(heading: str, ranking: Ranking, category: str | None) -> None:
    (found,) = lists(f"<h1>Amazon</h1><h1>{escape(heading)}</h1>{cell(1, tag='x')}", None)
    assert (found.ranking, found.category) == (ranking, category)


def test_of_several_headings_the_one_with_the_category_counts() -> None:
    (found,) = lists(f"<h1>Amazon Best Sellers</h1><h1>Best Sellers in Mugs</h1>{cell(1)}", None)
    assert (found.ranking, found.category) == (Ranking.BEST_SELLERS, "Mugs")


def test_a_list_of_which_the_page_shows_only_the_data() -> None:
    (found,) = lists(grid("", [(2, asin(2)), (1, asin(1))]))
    assert [(place.rank, place.asin, place.title) for place in found.places] == [(1, asin(1), None), (2, asin(2), None)]


@pytest.mark.parametrize(
    ("tag", "ranking"),
    [("zg_bs_g", Ranking.BEST_SELLERS), ("zg_bsnr_g", Ranking.NEW_RELEASES), ("zg_bsms_x", Ranking.MOVERS_AND_SHAKERS),
     ("zg_mw_g", Ranking.MOST_WISHED_FOR), ("zg_mg_g", Ranking.MOST_GIFTED)],
)  # fmt: skip
def test_what_the_links_say(tag: str, ranking: Ranking) -> None:
    (found,) = lists(cell(1, tag=tag), None)
    assert found.ranking is ranking


def test_a_list_of_no_known_ranking_or_without_entries_is_none() -> None:
    assert lists(cell(1, tag="x"), None) == ()
    assert lists(grid("")) == ()
    assert lists('<div class="a-carousel-container"><span class="zg-bdg-text">#1</span></div>') == ()


def test_a_whole_page_carries_its_lists_and_one_without_entries_is_incomplete() -> None:
    html = f"<html><head></head><body>{grid(cell(1))}</body></html>"
    got = read(html, URL)
    assert (got.kind, got.marketplace, len(got.lists)) == (PageKind.BESTSELLERS, "com", 1)
    empty = read(html.replace("zg-bdg-text", "x"), URL)
    assert (empty.kind, empty.detail, empty.lists) == (PageKind.INCOMPLETE, "main_part_missing", ())
    cut = read(html[: html.index("a-pagination") - 20], URL)
    assert (cut.kind, cut.detail, cut.lists) == (PageKind.INCOMPLETE, "truncated", ())


@given(st.integers(0), st.integers(0, 60), st.text(max_size=12))
def test_a_mutilated_list_never_raises(at: int, length: int, text: str) -> None:
    html = grid(cell(1) + cell(2), [(3, asin(3))]) + carousel("Best Sellers in X", "/gp/bestsellers/x", range(1, 3))
    start = at % len(html)
    for found in lists(html[:start] + text + html[start + length :]):
        assert found.places
        assert [place.rank for place in found.places] == sorted({place.rank for place in found.places})
