"""`tracker read`: every record inside a page's record comes with a reason for each gap of its own."""

import json

import pytest

from spiders.pages import read
from tests.spiders.markup import page as product_page
from tests.spiders.test_lists import URL as LIST_URL
from tests.spiders.test_lists import cell, grid
from tests.spiders.test_offers import URL as OFFERS_URL
from tests.spiders.test_offers import offer, panel
from tests.spiders.test_search import card, page, price
from tests.spiders.test_widgets import carousel, item
from tracker.read import as_json

URL = "https://www.amazon.com/s?k=mug"


def test_a_search_page_lists_cards_and_blocks_each_with_its_own_gaps() -> None:
    row = carousel("Trending now", item("B000000002", price("see cart"), ad=True))
    html = page(card("B000000001"), row, count="1-16 of over 10,000 results for")
    told = json.loads(json.dumps(as_json(read(html, URL))))
    assert (told["layout"], told["results_total"], told["results_text"]) == (
        "2019",
        10000,
        "1-16 of over 10,000 results for",
    )
    (result,) = told["results"]
    assert (result["asin"], result["badges"], result["missing"]["coupon"]) == ("B000000001", [], "absent_on_page")
    (widget,) = told["widgets"]
    assert (widget["widget"], widget["kind"], widget["heading"], widget["after_position"], widget["asin"]) == (
        1,
        "carousel",
        "Trending now",
        1,
        "B000000002",
    )
    assert (widget["sponsored"], widget["missing"]["sponsored"]) == (None, "ambiguous")
    assert (widget["missing"]["price"], widget["unparsed"]["price"]) == ("unparseable", "see cart")


@pytest.mark.parametrize("count", ["Results", "1-16 of 100 or 200 results"])
def test_every_empty_field_of_a_search_page_has_its_reason_under_its_own_name(count: str) -> None:
    told = as_json(read(page(card("B000000001"), count=count), URL))
    assert {name for name, value in told.items() if value is None} == set(told["missing"])
    assert told["widgets"] == []


def test_reviews_lists_and_offers_have_their_own_gaps() -> None:
    review = (
        '<div id="customer_review-R1ABCDEFGHI"><span data-hook="review-date">Reviewed in Japan on 2 May</span></div>'
    )
    told = as_json(read(product_page(below=f'<div id="customerReviews">{review}</div>')))
    assert told["reviews"][0]["review_id"] == "R1ABCDEFGHI"
    assert told["reviews"][0]["missing"]["stars"] == "absent_on_page"
    assert told["reviews"][0]["unparsed"] == {"reviewed_on": "Reviewed in Japan on 2 May"}

    told = as_json(read(f"<html><body>{grid(cell(1, price=''))}</body></html>", LIST_URL))
    (ranked,) = told["lists"]
    assert (ranked["ranking"], ranked["places"][0]["rank"]) == ("best_sellers", 1)
    assert ranked["places"][0]["missing"]["price"] == "absent_on_page"

    told = as_json(read(panel(offer(seller="")), OFFERS_URL))
    assert told["offers"][0]["price"] == "19.99"
    assert told["offers"][0]["missing"]["seller"] == "layout_unknown"
