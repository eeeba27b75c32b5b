"""Pages that broke on their way, or were made to break their reader: nothing raises, and no value is made up.

The small pages, what is done to them and what must hold stand in :mod:`tests.fuzz`, which searches on.
"""

import gzip
import sys
from itertools import pairwise
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.pages import read
from storage.marketplaces import MARKETPLACES
from storage.records import PageKind, Product
from tests.fuzz.pages import CAROUSEL, GALLERY, PAGES, RANKS
from tests.fuzz.properties import check, check_cut, check_nothing_of_another
from tests.fuzz.wounds import ENCODINGS, garbled, try_one, wound
from tests.spiders import test_lists, test_offers, test_search
from tests.spiders.markup import a_price, center, page

_URL = "https://www.amazon.com/dp/B0ABCDEF12"
DEEP = 100_000


@settings(max_examples=300)
@given(st.binary(max_size=62))
def test_a_wounded_page_is_read_without_a_value_of_its_own(data: bytes) -> None:
    try_one(data)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_cut_anywhere_shows_no_other_value(name: str) -> None:
    """At the end of each tag, where most states of a parser change, and in the middle of it."""
    html = PAGES[name]
    whole = read(html, _URL, "com")
    ends = [at for at, char in enumerate(html) if char == ">"]
    for at in [cut for end in ends[::2] for cut in (end + 1, end - 3)]:
        cut = read(html[:at], _URL, "com")
        check(cut)
        check_cut(cut, whole)


@pytest.mark.parametrize("name", PAGES)
def test_every_element_dropped_or_doubled_in_turn(name: str) -> None:
    for number in range(PAGES[name].count("<")):
        for what in (0, 1):
            got = read(wound(PAGES[name], bytes([what, *number.to_bytes(2), 0, 0])).html, _URL, "com")
            check(got)
            check_nothing_of_another(got)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_read_under_every_marketplace(name: str) -> None:
    for market in MARKETPLACES:
        got = read(PAGES[name], _URL, market)
        check(got)
        check_nothing_of_another(got)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_page_in_the_wrong_encoding(encoding: str) -> None:
    for html in PAGES.values():
        check(read(garbled(html, encoding), _URL, "com"))
        check(read(garbled(html.replace("Blue", "Kék 青い مج"), encoding), _URL))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("&lt;b&gt;Mug&lt;/b&gt;", "<b>Mug</b>"),
        ("Mug<script>document.title = '$777'</script>", "Mug"),
        ("\u202eMug\u202c", "\u202eMug\u202c"),
        ("\u200fقدح\u200f", "قدح"),
        ("👩\u200d👩\u200d👧 mug", "👩\u200d👩\u200d👧 mug"),
        ("Mug\x00", "Mug"),
        ("Mug\ud800", "Mug"),
        ("M" * 1_000_000, "M" * 1_000_000),
    ],
)
def test_hostile_titles(title: str, shown: str) -> None:
    got = read(page(title=title), _URL, "com")
    check(got)
    assert got.product is not None
    assert got.product.title is not None
    assert got.product.title.replace("\ufffd", "") == shown


SCRIPTS = {
    "nested": "[" * DEEP,
    "nested objects": '{"a":' * DEEP,
    "a huge number": f"[{'9' * 100_000}]",
    "cut off": '[{"hiRes":"https://m.example/images/I/61',
    "no objects": "[1, null, [], true]",
    "other types": '[{"hiRes": {"a": 1}, "large": 7, "thumb": null}]',
    "huge": f'[{{"hiRes":"https://m.example/images/I/61.jpg","x":"{"x" * 2_000_000}"}}]',
}


@pytest.mark.parametrize("data", SCRIPTS.values(), ids=SCRIPTS)
def test_scripts_that_hold_what_no_script_should(data: str) -> None:
    gallery = f"<div id=\"imageBlock_feature_div\"><script>x = {{'colorImages': {{'initial': {data}"
    twister = f'<div id="twister">Color<script>{{"dimensionToAsinMap": {data}, "num_total_variations": {data}'
    for html in (gallery, twister):
        check(read(page(below=f"{html}</script></div>"), _URL, "com"))
    listed = f"<div class=\"p13n-desktop-grid\" data-client-recs-list='{data}'>{test_lists.cell(1)}</div>"
    check(read(f"<html><body>{listed}</body></html>", test_lists.URL, "com"))


NESTED = {
    "title": '<span id="productTitle">',
    "price": '<div id="corePriceDisplay_desktop_feature_div">',
    "availability": '<div id="availability">',
    "ranks": '<table id="productDetails_x"><tr><th>Best Sellers Rank</th><td>#1 in Mugs',
    "bullets": '<div id="feature-bullets"><ul><li>',
    "gallery": '<div id="imageBlock_feature_div">',
    "twister": '<div id="twister">',
    "reviews": '<div id="customer_review-RABCDEFGHIJ1" data-hook="review"><div data-hook="review-body">',
}


@pytest.mark.parametrize("place", NESTED)
def test_elements_nested_100_000_deep(place: str) -> None:
    """Spans: of blocks the parser itself looks through all that are open, for each that it opens."""
    got = read(page(middle=NESTED[place] + "<span>x" * DEEP), _URL, "com")
    check(got)
    assert got.kind is PageKind.PRODUCT


@pytest.mark.parametrize("name", ["search", "list", "offers"])
def test_cards_with_elements_nested_100_000_deep(name: str) -> None:
    html = PAGES[name]
    at = html.index("</a>") if name != "offers" else html.index("<h5>")
    check(read(html[:at] + "<span>" * DEEP + html[at:], _URL, "com"))


def test_fifty_megabytes() -> None:
    for filling in ("<!--" + "x" * 50_000_000 + "-->", "x " * 25_000_000):
        got = read(page(below=f"{filling}{RANKS}"), _URL, "com")
        assert got.product is not None
        assert len(got.product.bsr) == 2


def test_thousands_of_the_same_id() -> None:
    for one in (
        '<div id="availability">',
        '<div id="corePrice_desktop"><span class="a-price">',
        '<p id="productTitle">',
    ):
        check(read(page(middle=one * 800), _URL, "com"))
        check(read(page(middle=f"{one}$1</div>" * 3000, below=CAROUSEL), _URL, "com"))


# ---- how the work grows ----------------------------------------------------------------------------------------------


def work(html: str) -> int:
    """How many functions, of Python's and of the parser's, a reading calls."""
    calls = 0

    def count(frame: FrameType, event: str, called: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read(html, test_offers.URL, "com")
    finally:
        sys.setprofile(None)
    return calls


def _asins(n: int) -> list[str]:
    return [f"B{number:09d}" for number in range(n)]


GROWING = {
    "cards": lambda n: test_search.page(*[test_search.card(a, test_search.price("$9.99")) for a in _asins(n)]),
    "widgets": lambda n: test_search.page(
        test_search.card("B0ABCDEF12"),
        *[f'<div class="s-widget"><h2>More</h2><div data-asin="{a}"><a href="/dp/{a}"><h2>x</h2></a></div></div>' for a in _asins(n)],
    ),
    "offers": lambda n: test_offers.panel(*[test_offers.offer()] * n),
    "list": lambda n: f"<html><body>{test_lists.grid(''.join(map(test_lists.cell, range(1, n))))}</body></html>",
    "carousels": lambda n: page(below=CAROUSEL * n),
    "prices": lambda n: page(middle=center(a_price("$19.99") * n)),
    "ranks": lambda n: page(below=RANKS * n),
    "galleries": lambda n: page(below=GALLERY * n),
    "nested": lambda n: page(middle='<div id="availability"><span>' * n),
    "reviews": lambda n: page(below="".join(f'<div id="customer_review-R{k:010d}" data-hook="review">x</div>' for k in range(n))),
}  # fmt: skip


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_no_faster_than_the_page(name: str) -> None:
    sizes = [GROWING[name](n) for n in (100, 200, 400)]
    for html in sizes:
        read(html, test_offers.URL, "com")  # so that what is kept for good is not counted
    for less, more in pairwise(map(work, sizes)):
        assert more <= 2.3 * less


# ---- real pages ------------------------------------------------------------------------------------------------------


def test_real_pages_wounded(shared_pages: Path) -> None:
    """A sample that is the same each time: each page cut once and wounded once, under another marketplace as well."""
    rng = Random(7)
    for path in sorted(shared_pages.glob("*.gz")):
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        whole = read(html)
        cut = read(html[: rng.randrange(len(html))], None, whole.marketplace)
        check(cut)
        check_cut(cut, whole)
        check(read(wound(html, rng.randbytes(10)).html, None, rng.choice(list(MARKETPLACES))))


def test_real_product_pages_without_their_parts(shared_pages: Path) -> None:
    """Dropping the Buy Box and the middle of a page leaves nothing but other products' prices on it."""
    for path in sorted(shared_pages.glob("product-*.gz"))[:6]:
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        for name in ("desktop_buybox", "apex_desktop", "corePriceDisplay_desktop_feature_div", "acrPopover"):
            html = html.replace(f'id="{name}"', "")
        got = read(html)
        whole: Product | None = read(gzip.decompress(path.read_bytes()).decode("utf-8", "replace")).product
        check(got)
        assert got.product is None or whole is None or got.product.price in (None, whole.price)
