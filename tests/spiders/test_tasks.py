"""What a crawl asks for, and how an answer is judged."""

import pytest
from msgspec.structs import replace
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, ResponseDataLossError

from spiders.failures import outcome_of
from spiders.outcome import judge, led_away
from spiders.robots import ForbiddenError, RobotsUnreadError
from spiders.tasks import Task, of_key, of_keys, plan
from storage.model import Keyword, Listing, Offset, Outcome
from storage.records import Page, PageKind, Product, RankedList, Ranking, SearchPage
from storage.values import title_query


def listing(name: str, asin: str, rivals: tuple[str, ...], *keywords: tuple[str, int]) -> Listing:
    return Listing(
        name=name,
        marketplace="de",
        asin=asin,
        time_zone="Europe/Berlin",
        rivals=rivals,
        keywords=tuple(Keyword(keyword=k, pages=n) for k, n in keywords),
    )


def test_a_page_that_several_listings_need_is_planned_once_and_to_the_greatest_depth() -> None:
    tasks = plan(
        [
            listing("a", "B000000001", ("B000000003", "B000000002"), ("becher", 1)),
            listing("b", "B000000002", ("B000000001",), ("becher", 2), ("tasse", 1)),
        ]
    )
    assert of_keys([task.key for task in tasks]) == tasks
    assert [t.key for t in tasks] == [
        "product/de/B000000001",
        "product/de/B000000003",
        "product/de/B000000002",
        "search/de/1/becher",
        "search/de/2/becher",
        "search/de/1/tasse",
    ]


def test_urls_are_those_of_the_site_or_of_the_base_url() -> None:
    product = Task(marketplace="co.uk", asin="B000000001")
    search = Task(marketplace="co.jp", keyword="水筒 & 直飲み", page=2, last_page=3)
    assert product.url() == "https://www.amazon.co.uk/dp/B000000001"
    assert product.url("http://127.0.0.1:80") == "http://127.0.0.1:80/dp/B000000001"
    assert search.url() == ("https://www.amazon.co.jp/s?k=%E6%B0%B4%E7%AD%92+%26+%E7%9B%B4%E9%A3%B2%E3%81%BF&page=2")
    following = search.next_page(Offset(overall=60))
    assert following
    assert (following.page, following.offset.overall) == (3, 60)
    assert following.next_page(Offset()) is None
    assert product.next_page(Offset()) is None


PRODUCT = Task(marketplace="de", asin="B000000001")
SEARCH = Task(marketplace="de", keyword="becher", page=2, last_page=2)


def product_page(asin: str, marketplace: str = "de") -> Page:
    return Page(kind=PageKind.PRODUCT, marketplace=marketplace, product=Product(marketplace=marketplace, asin=asin))


def search_page(page: int | None) -> Page:
    return Page(kind=PageKind.SEARCH, marketplace="de", search=SearchPage(marketplace="de", page=page))


LIST = Task(marketplace="de", path="/gp/bestsellers/kitchen/11", page=2)


def list_page(page: int | None) -> Page:
    places = RankedList(ranking=Ranking.BEST_SELLERS, page=page)
    return Page(kind=PageKind.BESTSELLERS, marketplace="de", lists=(places,))


GONE = Page(kind=PageKind.ERROR, detail="not_found")


@pytest.mark.parametrize(
    ("task", "page", "status", "outcome", "detail"),
    [
        (PRODUCT, product_page("B000000001"), 200, Outcome.OK, None),
        (PRODUCT, product_page("B000000009"), 200, Outcome.WRONG_PRODUCT, "B000000009"),
        (PRODUCT, product_page("B000000001", "com"), 200, Outcome.WRONG_PAGE, "marketplace com"),
        (PRODUCT, product_page("B000000001"), 500, Outcome.HTTP_ERROR, "HTTP 500"),
        (PRODUCT, search_page(1), 200, Outcome.WRONG_PAGE, "search"),
        (PRODUCT, Page(kind=PageKind.CAPTCHA, detail="bot_check"), 200, Outcome.BLOCKED, "bot_check"),
        (PRODUCT, Page(kind=PageKind.CAPTCHA), 503, Outcome.BLOCKED, None),
        (PRODUCT, Page(kind=PageKind.ERROR, detail="not_found"), 404, Outcome.NOT_FOUND, "not_found"),
        (PRODUCT, Page(kind=PageKind.ERROR, detail="server_error"), 503, Outcome.ERROR_PAGE, "server_error"),
        (PRODUCT, Page(kind=PageKind.UNKNOWN), 404, Outcome.NOT_FOUND, "HTTP 404"),
        (PRODUCT, Page(kind=PageKind.UNKNOWN), 200, Outcome.WRONG_PAGE, "unknown"),
        (PRODUCT, Page(kind=PageKind.UNKNOWN, detail="empty"), 200, Outcome.INCOMPLETE, "empty"),
        (PRODUCT, Page(kind=PageKind.SIGN_IN), 200, Outcome.WRONG_PAGE, "signin"),
        (PRODUCT, Page(kind=PageKind.CONSENT, detail="age_consent"), 200, Outcome.WRONG_PAGE, "age_consent"),
        (PRODUCT, Page(kind=PageKind.OFFERS), 200, Outcome.WRONG_PAGE, "offers"),
        (PRODUCT, Page(kind=PageKind.BESTSELLERS), 200, Outcome.WRONG_PAGE, "bestsellers"),
        (PRODUCT, Page(kind=PageKind.INCOMPLETE, detail="truncated"), 200, Outcome.INCOMPLETE, "truncated"),
        (SEARCH, search_page(2), 200, Outcome.OK, None),
        (SEARCH, search_page(None), 200, Outcome.OK, None),
        (SEARCH, search_page(1), 200, Outcome.WRONG_PAGE, "results page 1"),
        (SEARCH, product_page("B000000001"), 200, Outcome.WRONG_PAGE, "product"),
        (LIST, list_page(2), 200, Outcome.OK, None),
        (LIST, list_page(None), 200, Outcome.OK, None),
        (LIST, list_page(1), 200, Outcome.WRONG_PAGE, "page 1 of the list"),
        (LIST, search_page(2), 200, Outcome.WRONG_PAGE, "search"),
    ],
)
def test_only_the_page_that_was_asked_for_is_ok(
    task: Task, page: Page, status: int, outcome: Outcome, detail: str | None
) -> None:
    assert judge(task, page, status) == (outcome, detail)


@pytest.mark.parametrize(
    ("task", "page", "status", "answered", "outcome", "detail"),
    [
        (PRODUCT, GONE, 404, "https://www.amazon.de/dp/B000000001", Outcome.NOT_FOUND, "not_found"),
        (PRODUCT, GONE, 404, "https://www.amazon.de/Ein-Becher/dp/B000000001?th=1", Outcome.NOT_FOUND, "not_found"),
        (PRODUCT, GONE, 404, "https://www.amazon.com/dp/B000000001", Outcome.REDIRECTED, "to www.amazon.com/dp/B000000001"),
        (PRODUCT, product_page("B000000001"), 200, "https://shop.com/dp/B000000001", Outcome.REDIRECTED, "to shop.com/dp/B000000001"),
        (SEARCH, search_page(2), 200, "https://shop.com/s?k=mug&page=2", Outcome.REDIRECTED, "to shop.com/s"),
        (PRODUCT, GONE, 404, "https://www.amazon.de/gp/browse", Outcome.REDIRECTED, "to /gp/browse"),
        (PRODUCT, product_page("B000000009"), 200, "https://www.amazon.de/dp/B000000009", Outcome.WRONG_PRODUCT, "B000000009"),
        (PRODUCT, product_page("B000000001"), 200, "https://www.amazon.de/gp/x", Outcome.OK, None),
        (PRODUCT, Page(kind=PageKind.UNKNOWN), 200, "https://www.amazon.de/", Outcome.REDIRECTED, "to /"),
        (PRODUCT, Page(kind=PageKind.CAPTCHA, detail="bot_check"), 200, "https://www.amazon.de/errors/x", Outcome.BLOCKED, "bot_check"),
        (SEARCH, product_page("B000000001"), 200, "https://www.amazon.de/dp/B000000001", Outcome.REDIRECTED, "to /dp/B000000001"),
        (SEARCH, search_page(1), 200, "https://www.amazon.de/s?k=mug", Outcome.WRONG_PAGE, "results page 1"),
    ],
)  # fmt: skip
def test_what_is_not_there_where_the_site_led_to_says_nothing_of_what_was_asked_for(
    task: Task, page: Page, status: int, answered: str, outcome: Outcome, detail: str | None
) -> None:
    assert judge(task, page, status, led_away(task, task.url(), answered)) == (outcome, detail)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DownloadTimeoutError(), Outcome.TIMEOUT),
        (ResponseDataLossError(), Outcome.INCOMPLETE),
        (ForbiddenError("forbidden by robots.txt"), Outcome.ROBOTS),
        (RobotsUnreadError("HTTP 503"), Outcome.HTTP_ERROR),
        (IgnoreRequest("max redirections reached"), Outcome.REDIRECTED),
        (IgnoreRequest("Decompressed body exceeds the maximum"), Outcome.NETWORK),
        (RuntimeError("http://me:hunter2@proxy"), Outcome.NETWORK),
    ],
)
def test_a_failed_download_has_an_outcome_and_no_secret(error: Exception, outcome: Outcome) -> None:
    found, detail = outcome_of(error)
    assert found is outcome
    assert "hunter2" not in detail


def test_each_job_plans_its_own_pages_and_a_key_tells_all_of_a_page() -> None:
    watched = replace(listing("a", "B000000001", ("B000000002",), ("a/b c", 1)), lists=("/gp/bestsellers/kitchen/11",))
    assert [t.key for t in plan([watched], ["products"])] == ["product/de/B000000001", "product/de/B000000002"]
    assert [t.key for t in plan([watched], ["keywords"])] == ["search/de/1/a/b c"]
    lists = plan([watched, watched], ["lists"])
    assert [t.url() for t in lists] == [
        "https://www.amazon.de/gp/bestsellers/kitchen/11",
        "https://www.amazon.de/gp/bestsellers/kitchen/11?pg=2",
    ]
    assert of_keys([t.key for t in lists]) == lists
    assert of_key("search/de/1/a/b c").keyword == "a/b c"


def test_an_own_title_is_searched_for_to_its_first_page() -> None:
    own, other = listing("a", "B000000001", ("B000000002",), ("becher", 2)), listing("b", "B000000003", ())
    titles = {
        ("de", "B000000001"): "Becher /  1\n",
        ("de", "B000000002"): "A rival",
        ("com", "B000000003"): "Elsewhere",
    }
    assert [t.key for t in plan([own, other], ["keywords"], titles)] == [
        "search/de/1/becher",
        "search/de/2/becher",
        "search/de/1/Becher / 1",
    ]
    assert plan([own], ["products"], titles) == plan([own], ["products"])
    # A title that is watched as a keyword is read as deep as that.
    assert plan([own], ["keywords"], {("de", "B000000001"): "becher"}) == plan([own], ["keywords"])
    keys = [t.key for t in plan([own], ["keywords"], titles)]
    assert [t.last_page for t in of_keys(keys)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("  Steel\tMug,\u00a016 oz ", "Steel Mug, 16 oz"),
        ("a" * 199 + " b", "a" * 199),
        ("Mug " * 60, ("Mug " * 50).strip()),
        ("杯" * 201, "杯" * 200),
        ("Mug\x00\ud800 & lid", "Mug & lid"),
        ("\n", ""),
    ],
)
def test_a_title_becomes_what_one_would_search_for(title: str, query: str) -> None:
    assert title_query(title) == query
    assert title_query(query) == query
