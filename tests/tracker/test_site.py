"""The simulated site: that it serves the world over HTTP, and fails as told."""

import urllib.error
import urllib.request
from collections import Counter

import pytest

from spiders.pages import read
from storage.records import PageKind
from tracker.demo import pages
from tracker.demo.faults import FAULTS
from tracker.demo.run import FIRST_DAY
from tracker.demo.site import serve
from tracker.demo.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, days=5, start=FIRST_DAY)


def fetched(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


EXPECTED = {
    "captcha": (200, PageKind.CAPTCHA, "bot_check"),
    "interstitial": (200, PageKind.CAPTCHA, "continue_shopping"),
    "503": (503, PageKind.ERROR, "server_error"),
    "truncated": (200, PageKind.INCOMPLETE, "truncated"),
    "wrong_asin": (200, PageKind.PRODUCT, None),
    "stall": (200, PageKind.PRODUCT, None),
    "price_moved": (200, PageKind.PRODUCT, None),
}


def test_the_site_answers_and_fails_as_told(world: World) -> None:
    each = world.listings[0]
    with serve(world) as site:
        base = site.base_urls[each.marketplace]
        assert set(site.base_urls) == set(world.marketplaces)
        site.set_day(3)
        status, text = fetched(f"{base}/dp/{each.asin}")
        assert (status, text) == (200, pages.product(world, each.marketplace, each.asin, 3))
        for path in ("/dp/B000000000", "/gp/anything"):
            status, text = fetched(base + path)
            assert (status, read(text).kind, read(text).detail) == (404, PageKind.ERROR, "not_found")
        nothing = read(fetched(f"{base}/s?k=nobody+sells+this")[1], None, each.marketplace)
        assert nothing.search is not None
        assert nothing.search.placements == ()
        for kind in FAULTS:
            site.set_faults(kind, rate=1.0)
            status, text = fetched(f"{base}/dp/{each.asin}")
            page = read(text, f"{base}/dp/{each.asin}", each.marketplace)
            assert (status, page.kind, page.detail) == EXPECTED[kind], kind
            if kind == "wrong_asin":
                assert page.product is not None
                assert page.product.asin != each.asin
            if kind == "price_moved":
                assert page.product is not None
                assert (page.product.asin, page.product.price) == (each.asin, None)
        site.set_faults("truncated", rate=1.0)
        for path in (f"/s?k={each.keywords[0].replace(' ', '+')}", f"/dp/{each.rivals[0]}"):
            assert read(fetched(base + path)[1]).kind is PageKind.INCOMPLETE
        site.set_faults("robots")
        assert fetched(f"{base}/robots.txt")[1].endswith("Disallow: /\n")
        assert read(fetched(f"{base}/dp/{each.asin}")[1]).kind is PageKind.PRODUCT
        site.set_faults(None)
        assert "Allow: /dp/" in fetched(f"{base}/robots.txt")[1]
        with pytest.raises(KeyError, match="no such fault"):
            site.set_faults("flood")


def test_a_fault_hits_as_many_requests_as_told(world: World) -> None:
    each = world.listings[0]
    with serve(world) as site:
        site.set_faults("captcha", rate=0.5)
        kinds = Counter(read(fetched(f"{site.base_urls['com']}/dp/{each.asin}")[1]).kind for _ in range(40))
    assert set(kinds) == {PageKind.CAPTCHA, PageKind.PRODUCT}
    assert kinds[PageKind.CAPTCHA] > 5
