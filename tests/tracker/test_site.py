"""The simulated site: that it serves the world over HTTP, and fails as told."""

import http.client
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress

import pytest

from spiders.pages import read
from storage.records import PageKind
from storage.values import title_query
from tracker.demo import pages
from tracker.demo.rankings import PAGE
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
    "503_wait": (503, PageKind.ERROR, "server_error"),
    "404": (404, PageKind.ERROR, "not_found"),
    "empty": (200, PageKind.UNKNOWN, "empty"),
    "redirect_page": (200, PageKind.PRODUCT, None),
    "redirect_host": (404, PageKind.ERROR, "not_found"),
    "layout": (200, PageKind.PRODUCT, None),
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
        for kind, expected in EXPECTED.items():
            site.set_faults(kind, rate=1.0, times=1)
            status, text = fetched(f"{base}/dp/{each.asin}")
            page = read(text, f"{base}/dp/{each.asin}", each.marketplace)
            assert (status, page.kind, page.detail) == expected, kind
            if kind in {"wrong_asin", "redirect_page"}:
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


def test_ranked_lists_are_read_as_the_world_ranks_them(world: World) -> None:
    with serve(world) as site:
        site.set_day(1)
        for each in world.listings:
            market, (department, node) = each.marketplace, each.list.split("/")[-2:]
            for path, numbers in (
                (f"bestsellers/{department}/{node}", (1, 2)),
                (f"new-releases/{department}/{node}", (1,)),
                (f"movers-and-shakers/{department}", (1,)),
            ):
                ranking, below = pages.RANKED_LISTS[path.split("/")[0]][0], node if node in path else None
                _, entries = world.ranked(market, ranking, department, below, 1)
                for number in numbers:
                    address = f"{site.base_urls[market]}/gp/{path}?pg={number}"
                    page = read(fetched(address)[1], address, market)
                    (found,) = page.lists
                    assert (page.kind, found.ranking, found.category_id) == (PageKind.BESTSELLERS, ranking, below)
                    assert (found.page, found.last_page) == (number, len(numbers))
                    told = entries[(number - 1) * PAGE : number * PAGE]
                    assert [(p.rank, p.asin) for p in found.places] == [(rank, p.asin) for rank, p in told]
                    shown = [(p.price, p.rating, p.review_count, p.title) for p in found.places[: pages.SHOWN]]
                    assert shown == [(p.price, p.rating, p.review_count, p.title) for _, p in told[: pages.SHOWN]]
                    assert len(told) > 15
        for path in ("bestsellers/kitchen/1", "bestsellers/kitchen", "movers-and-shakers/kitchen/9302388011"):
            assert fetched(f"{site.base_urls['com']}/gp/{path}")[0] == 404


def test_a_product_is_found_by_its_own_title(world: World) -> None:
    for each in world.listings:
        title = world.product(each.marketplace, each.asin, 2).title or ""
        first, *others = world.search(each.marketplace, title_query(title), 1, 2)
        assert (first.asin, first.organic_position, len(others)) == (each.asin, 1, 15)


def test_a_fault_hits_as_many_requests_as_told(world: World) -> None:
    each = world.listings[0]
    with serve(world) as site:
        site.set_faults("captcha", rate=0.5)
        kinds = Counter(read(fetched(f"{site.base_urls['com']}/dp/{each.asin}")[1]).kind for _ in range(40))
    assert set(kinds) == {PageKind.CAPTCHA, PageKind.PRODUCT}
    assert kinds[PageKind.CAPTCHA] > 5


def test_which_requests_are_hit_follows_from_the_seed_and_every_request_is_noted(world: World) -> None:
    own, rival = (f"/dp/{asin}" for asin in (world.listings[0].asin, world.listings[0].rivals[0]))

    def asked(paths: list[str]) -> list[tuple[str, str | None]]:
        with serve(world) as site:
            site.set_faults("429", rate=0.4)
            site.add_fault("404", rate=0.5, path=own)
            for path in paths:
                fetched(site.base_urls["com"] + path)
            assert [seen.at for seen in site.seen] == sorted(seen.at for seen in site.seen)
            return [(seen.path, seen.fault) for seen in site.seen]

    here, there = asked([own, rival] * 10 + ["/robots.txt"]), asked([own] * 10 + [rival] * 10)
    assert [path for path, _ in here] == [own, rival] * 10 + ["/robots.txt"]
    assert sorted(map(str, here[:-1])) == sorted(map(str, there))
    assert {fault for path, fault in here if path == own} == {None, "429", "404"}
    assert {fault for path, fault in here if path == rival} == {None, "429"}
    assert here[-1] == ("/robots.txt", None)


def test_a_server_that_went_down_refuses_connections_until_it_is_back(world: World) -> None:
    own = f"/dp/{world.listings[0].asin}"
    with serve(world) as site:
        site.set_faults("down", seconds=0.8, times=1)
        with pytest.raises((urllib.error.URLError, ConnectionError, http.client.HTTPException)):
            fetched(site.base_urls["com"] + own)
        with pytest.raises(urllib.error.URLError, match="refused"):
            fetched(site.base_urls["com"] + own)
        while True:
            with suppress(urllib.error.URLError):
                assert fetched(site.base_urls["com"] + own)[0] == 200
                break
            time.sleep(0.05)
