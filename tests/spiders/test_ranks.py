"""Best Sellers Rank lines in the layouts and languages of the site."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from spiders.pages import ranks
from spiders.pages.details import Details
from spiders.pages.reading import Elements, Lack
from storage.marketplaces import MARKETPLACES
from storage.records import BsrLine, Reason


def read(html: str, code: str = "com") -> tuple[BsrLine, ...] | Lack:
    elements = Elements(LexborHTMLParser(f"<html><body><div id=dp>{html}</div></body></html>"))
    return ranks.bsr(Details(elements), MARKETPLACES[code])


def lines(html: str, code: str = "com") -> list[tuple[int, str, str | None]]:
    got = read(html, code)
    assert not isinstance(got, Lack), got
    return [(line.rank, line.category, line.category_id) for line in got]


def table(heading: str, *spans: str) -> str:
    """The details table of 2015 to now."""
    inside = "<br>".join(f"<span>{span}</span>" for span in spans)
    return (
        '<table id="productDetails_detailBullets_sections1" class="prodDetTable"><tr><th>ASIN</th><td>B0ABCDEF12</td>'
        f"</tr><tr><th class='prodDetSectionEntry'>{heading}</th><td><span>{inside}</span></td></tr></table>"
    )


def bullets(heading: str, first: str, *others: str) -> str:
    """The bullet list of 2020 to now: the main line, then a nested list."""
    nested = "".join(f'<li><span class="a-list-item"> {other}</span></li>' for other in others)
    return (
        '<div id="detailBulletsWrapper_feature_div"><div id="detailBullets_feature_div"><ul><li><span>ASIN: x9</span>'
        f'</li></ul></div><ul class="detail-bullet-list"><li><span class="a-list-item"><span class="a-text-bold">'
        f'{heading}</span> {first} <ul class="zg_hrsr">{nested}</ul></span></li></ul></div>'
    )


def top(words: str, path: str = "kitchen") -> str:
    return f'(<a href="/gp/bestsellers/{path}/ref=pd_zg_ts_{path}">{words}</a>)'


def sub(name: str, node: str = "289940") -> str:
    return f'<a href="/gp/bestsellers/kitchen/{node}/ref=pd_zg_hrsr_kitchen">{name}</a>'


@pytest.mark.parametrize("layout", [table, bullets])
@pytest.mark.parametrize(
    ("code", "heading", "main", "other", "category"),
    [
        ("com", "Best Sellers Rank", "#1,370 in Kitchen &amp; Dining", "#2 in {}", "Kitchen & Dining"),
        ("co.uk", "Best Sellers Rank", "1,370 in Home &amp; Kitchen", "2 in {}", "Home & Kitchen"),
        ("de", "Amazon Bestseller-Rang", "Nr. 1.370 in Küche", "Nr. 2 in {}", "Küche"),
        ("de", "Amazon Bestseller-Rang", "Nr. 1,370 in Küche", "Nr. 2 in {}", "Küche"),
        (
            "fr",
            "Classement des meilleures ventes d'Amazon",
            "1\u202f370 en Cuisine et Maison",
            "2 en {}",
            "Cuisine et Maison",
        ),
        (
            "es",
            "Clasificación en los más vendidos de Amazon",
            "nº1.370 en Hogar y cocina",
            "nº2 en {}",
            "Hogar y cocina",
        ),
        (
            "it",
            "Posizione nella classifica Bestseller di Amazon",
            "n. 1.370 in Casa e cucina",
            "n. 2 in {}",
            "Casa e cucina",
        ),
        ("com.br", "Ranking dos mais vendidos", "Nº 1.370 em Cozinha", "Nº 2 em {}", "Cozinha"),
        ("nl", "Plaats in bestsellerlijst", "#1.370 in Wonen en keuken", "#2 in {}", "Wonen en keuken"),
        ("pl", "Ranking najlepiej sprzedających się produktów", "1 370 w kategorii Kuchnia", "2 w {}", "Kuchnia"),
        ("co.jp", "Amazon 売れ筋ランキング", "ホーム＆キッチン - 1,370位", "- 2位{}", "ホーム＆キッチン"),
        ("co.jp", "Amazon 売れ筋ランキング", "1,370位ホーム＆キッチン", "2位{}", "ホーム＆キッチン"),
        ("in", "Best Sellers Rank", "#1,370 in Home &amp; Kitchen", "#2 in {}", "Home & Kitchen"),
    ],
)
def test_lines_of_every_language(layout, code: str, heading: str, main: str, other: str, category: str) -> None:  # type: ignore[no-untyped-def]
    html = layout(heading, f"{main} {top('See Top 100 in ' + category)}", other.format(sub("Mugs")))
    assert lines(html, code) == [(1370, category, None), (2, "Mugs", "289940")]


def test_a_book_without_a_main_category() -> None:
    html = bullets(
        "Classement :", f"27 en {sub('Production de films', '14734541031')}", f"28 en {sub('Cinéma', '406802')}"
    )
    assert lines(html, "fr") == [(27, "Production de films", "14734541031"), (28, "Cinéma", "406802")]


def test_a_category_with_a_number_or_a_parenthesis_in_its_name() -> None:
    html = table(
        "Best Sellers Rank",
        f"#12 in Toys (Ages 3 to 5) {top('See Top 100 in Toys')}",
        f"#7 in {sub('4K TVs (55&quot; and up)')}",
    )
    assert lines(html) == [(12, "Toys (Ages 3 to 5)", None), (7, '4K TVs (55" and up)', "289940")]


def test_the_sales_rank_of_before_2018() -> None:
    html = (
        '<div id="detail-bullets"><ul><li>Pages: 12</li><li id="SalesRank"><b>Amazon Best Sellers Rank:</b> '
        '#1,370 in Books (<a href="/gp/bestsellers/books">See Top 100 in Books</a>)<style>.zg_hrsr { margin: 0 }</style>'
        '<ul class="zg_hrsr"><li class="zg_hrsr_item"><span class="zg_hrsr_rank">#5</span> <span class="zg_hrsr_ladder">'
        'in&nbsp;<a href="/gp/bestsellers/books/ref=1">Books</a> &gt; <a href="/gp/bestsellers/books/4/ref=2">Humor</a> '
        '&gt; <b><a href="/gp/bestsellers/books/4736/ref=3">Limericks</a></b></span></li></ul></li></ul></div>'
    )
    assert lines(html) == [(1370, "Books", None), (5, "Books > Humor > Limericks", "4736")]


def test_why_there_is_none() -> None:
    assert read(table("Weight", "12 pounds")) == Lack(Reason.ABSENT_ON_PAGE)
    assert read("<p>#1 in Kitchen</p>") == Lack(Reason.LAYOUT_UNKNOWN)
    assert read(table("Best Sellers Rank", "soon")) == Lack(Reason.UNPARSEABLE, "Best Sellers Rank soon")


def test_ranks_of_other_products_are_left_alone() -> None:
    badge = '<div id="zeitgeistBadge_feature_div"><a href="/gp/bestsellers/kitchen/1/ref=zg_b_bs_1">#1 Best Seller</a></div>'
    carousel = f'<ul class="a-carousel"><li>#3 in {sub("Bowls")}</li></ul>'
    assert read(badge + carousel + table("Weight", "12 pounds")) == Lack(Reason.ABSENT_ON_PAGE)


def test_the_department_is_the_one_of_the_link() -> None:
    html = table(
        "Best Sellers Rank",
        '#12 in Kitchen (<a href="/gp/bestsellers/kitchen/ref=pd_zg_ts_kitchen">See Top 100 in Kitchen</a>)',
        '#7 in <a href="/-/zh/gp/bestsellers/home-garden/289940/ref=pd_zg_hrsr_home-garden">Mugs</a>',
        '#8 in <a href="/gp/bestsellers/289940/ref=pd_zg_hrsr">Cups</a>',
    )
    got = read(html)
    assert not isinstance(got, Lack)
    assert [line.department for line in got] == ["kitchen", "home-garden", None]
