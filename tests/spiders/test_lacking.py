"""When a page is asked for once more with a browser: field by field, and never where the page itself says why not."""

import gzip
from pathlib import Path

import pytest

from spiders import pages
from spiders.lacking import better, lacking
from storage.records import Page, PageKind
from tests.spiders.markup import a_price, center, page
from tests.spiders.test_variations import SCRIPT, row, twister

STARS = '<div id="averageCustomerReviews"><i><span class="a-icon-alt">4.6 out of 5 stars</span></i></div>'
COUNT = '<span id="acrCustomerReviewText">1,596 ratings</span>'
NO_STARS = '<div id="averageCustomerReviews"></div>'
PRICE = center(a_price("$12.50", classes="priceToPay"))
EMPTY_PRICE = center('<div class="a-spinner"></div>')
IN_STOCK = '<div id="availability">In Stock</div>'
EMPTY_BOX = '<div id="availability"></div>'
GONE = '<div id="availability">Currently unavailable.</div>'
RANK = '<div id="prodDetails"><table><tr><th>Best Sellers Rank</th><td>#7 in Mugs</td></tr></table></div>'
NO_RANK = '<div id="prodDetails"><table><tr><th>Weight</th><td>1 lb</td></tr></table></div>'
SHARES = (
    '<div id="reviewsMedley"><table id="histogramTable">'
    + "".join(
        f"<tr><td>{n} star</td><td>{percent}%</td></tr>" for n, percent in ((5, 80), (4, 10), (3, 4), (2, 3), (1, 3))
    )
    + "</table></div>"
)
USED = (
    '<div id="usedOnlyBuybox">Buy used <div id="usedPrice">$7.00</div></div>'
    '<div id="usedBuySection"><span id="usedPrice">$7.00</span></div>'
)
FAMILY = twister(row("color_name", "Color:", "Blue"), SCRIPT.replace("B0PARENT01", "B0ABCDEF12"))


def read(middle: str = STARS + COUNT + PRICE, right: str = IN_STOCK, below: str = RANK + SHARES) -> Page:
    got = pages.read(page(middle=middle, right=right, below=below))
    assert got.product is not None
    return got


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        ({}, ()),
        # The price: in stock without one, or nothing at all in the Buy Box.
        ({"middle": STARS + COUNT + EMPTY_PRICE}, ("price",)),
        ({"middle": STARS + COUNT + EMPTY_PRICE, "right": EMPTY_BOX}, ("price",)),
        ({"middle": STARS + COUNT + EMPTY_PRICE, "right": GONE}, ()),
        ({"middle": STARS + COUNT + EMPTY_PRICE, "right": USED}, ()),
        ({"middle": STARS + COUNT + center(a_price("$9.99 - $12.50", classes="priceToPay"))}, ()),
        # Stars and how many gave them: one without the other; a product that nobody has rated has neither.
        ({"middle": STARS + PRICE}, ("review_count",)),
        ({"middle": NO_STARS + COUNT + PRICE}, ("rating",)),
        ({"middle": NO_STARS + PRICE}, ("rating", "review_count")),  # … yet their shares by stars are there
        ({"middle": NO_STARS + PRICE, "below": RANK}, ()),
        # Their shares by stars, though they are counted.
        ({"below": RANK}, ("rating_percents",)),
        # The ranks: with the reviews the whole lower half is missing; a product may have no details, or no rank.
        ({"below": ""}, ("rating_percents", "bsr")),
        ({"middle": NO_STARS + PRICE, "below": ""}, ("bsr",)),
        ({"below": SHARES}, ()),
        ({"below": NO_RANK + SHARES}, ()),
        ({"middle": NO_STARS + PRICE, "below": NO_RANK}, ()),
    ],
)
def test_what_a_product_page_lacks(parts: dict[str, str], fields: tuple[str, ...]) -> None:
    assert lacking(read(**parts)) == fields


def test_a_family_of_which_no_size_is_chosen_has_no_price_and_lacks_none() -> None:
    got = pages.read(page(middle=STARS + COUNT + EMPTY_PRICE, right=EMPTY_BOX, below=FAMILY + RANK + SHARES))
    assert got.product is not None
    assert got.product.parent_asin == got.product.asin
    assert lacking(got) == ()


@pytest.mark.parametrize(
    ("html", "fields"),
    [
        (page(middle=STARS + COUNT + PRICE)[:-60], ("page",)),
        ("<html><body><script>build()</script></body></html>", ("page",)),
        ('<html><body><div class="s-main-slot s-result-list"></div></body></html>', ("page",)),
        ('<html><body><div class="s-main-slot"><span>No results for mug</span></div></body></html>', ()),
        ('<html><body><form action="/errors/validateCaptcha"><input id="captchacharacters"></form></body></html>', ()),
    ],
)
def test_what_another_page_lacks(html: str, fields: tuple[str, ...]) -> None:
    assert lacking(pages.read(html, marketplace="com")) == fields


def test_the_browsers_page_is_better_when_it_lacks_less_and_nothing_else() -> None:
    whole, no_price, no_count = read(), read(middle=STARS + COUNT + EMPTY_PRICE), read(middle=STARS + PRICE)
    assert better(whole, no_price)
    assert not better(no_price, no_price)
    assert not better(no_count, no_price)
    assert better(whole, Page(kind=PageKind.INCOMPLETE, detail="truncated"))
    assert not better(Page(kind=PageKind.CAPTCHA), Page(kind=PageKind.CAPTCHA))


def test_of_the_real_pages_only_the_one_saved_in_part_lacks_anything(shared_pages: Path) -> None:
    found = {}
    for path in sorted(shared_pages.glob("*.html.gz")):
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        if fields := lacking(pages.read(html, marketplace=path.name.split("-")[1])):
            found[path.name.rpartition("-")[0]] = fields
    assert found == {"product-com-B0823MDHDJ": ("rating_percents", "bsr")}
