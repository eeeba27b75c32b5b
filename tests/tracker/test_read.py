"""`tracker read` of a search page: the cards, the blocks beside them, and a reason for every gap of each."""

import json

import pytest

from spiders.pages import read
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
