"""Crawls with something wrong, one after the other: what goes wrong in each, and how it is crawled."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from tracker.demo.run import FIRST_DAY
from tracker.demo.site import PAGES
from tracker.demo.world import World

WORLD = World(seed=3, days=40, start=FIRST_DAY)
COM, MAT, DE, YEN = WORLD.listings
"""The listings that are crawled: two on one marketplace, the others on others."""


@dataclass(frozen=True)
class Hit:
    """A fault, as :meth:`tracker.demo.site.Site.add_fault` takes it."""

    kind: str
    path: str = PAGES
    rate: float = 1.0
    seconds: float = 0.0
    times: int | None = None
    marketplace: str | None = None


@dataclass(frozen=True)
class Scenario:
    """One crawl. Its night is its place among the scenarios."""

    name: str
    hits: tuple[Hit, ...]
    listings: tuple[tuple[str, int, int], ...]
    """Which are crawled: name, how many of its rivals, and how many of its keywords (two pages each)."""
    crawl: dict[str, Any] = field(default_factory=dict)
    """What differs in section ``[crawl]``."""
    base_urls: dict[str, str] = field(default_factory=dict)
    """Where marketplaces are, if not where the site is."""
    postal_codes: dict[str, str] = field(default_factory=dict)
    """Where things are to be delivered to."""
    jumps: tuple[tuple[int, float], ...] = ()
    """After how many results the clock jumps, and by how many seconds."""


def products() -> list[tuple[str, str]]:
    """Marketplace and ASIN of the products that are crawled when all listings are, in the order of the plan."""
    return [(each.marketplace, asin) for each in (COM, MAT, DE) for asin in (each.asin, *each.rivals)]


def page(keyword: str, number: int = 1) -> str:
    """A pattern for the path of a results page."""
    words = re.escape(quote_plus(keyword))
    return rf"/s\?k={words}" + (rf"&page={number}$" if number > 1 else "$")


EACH = (
    "captcha",
    "404",
    "503",
    "interstitial",
    "429",
    "stall",
    "stall_middle",
    "drip",
    "reset",
    "reset_middle",
    "cut",
    "truncated",
    "empty",
    "gzip_twice",
    "gzip_cut",
    "gzip_broken",
    "gzip_wrong",
    "gzip_none",
    "redirect_loop",
    "wrong_asin",
    "redirect_host",
    "redirect_page",
    "price_moved",
    "other_place",
    "other_currency",
    "layout",
    "other_language",
)
"""Faults that stay with their page: each is done to a product of its own, in this order, while all else is well."""

SEARCHES = {
    COM.keywords[1]: Hit("empty", page(COM.keywords[1])),
    COM.keywords[2]: Hit("truncated", page(COM.keywords[2], 2)),
    COM.keywords[3]: Hit("reset", page(COM.keywords[3])),
    MAT.keywords[0]: Hit("404", page(MAT.keywords[0], 2)),
    MAT.keywords[1]: Hit("redirect_page", page(MAT.keywords[1])),
    MAT.keywords[2]: Hit("redirect_host", page(MAT.keywords[2]), marketplace="com"),
}
"""What is done to the results of keywords, to the first or the second page of each."""

RETRIED = ("gzip_wrong", "gzip_cut", "gzip_none", "reset_middle", "503")
"""Done once each, to a page of its own of one listing."""

_SECONDS = {"drip": 0.02, "stall": 30.0, "stall_middle": 30.0}
_EACH = [
    Hit(kind, rf"/dp/{asin}$", marketplace=marketplace, seconds=_SECONDS.get(kind, 0))
    for kind, (marketplace, asin) in zip(EACH, products(), strict=False)
]
_ONCE = [
    Hit(kind, path, times=1)
    for kind, path in zip(
        RETRIED, [*(rf"/dp/{asin}$" for asin in (YEN.asin, *YEN.rivals[:3])), page(YEN.keywords[0])], strict=True
    )
]

SCENARIOS = (
    Scenario(
        "each",
        (*_EACH, *SEARCHES.values()),
        listings=tuple((each.name, 20, 4) for each in (COM, MAT, DE)),
        crawl={"retries": 0, "timeout": 2, "concurrency": 8},
        postal_codes={"com": "43004"},
    ),
    # Each marketplace has its own trouble from here on: they have nothing to do with each other.
    Scenario(
        "now and then",
        (Hit("captcha", rate=0.3, marketplace="com"), Hit("layout", marketplace="de"), *_ONCE),
        listings=((COM.name, 12, 1), (DE.name, 7, 1), (YEN.name, 3, 1)),
        crawl={"block_limit": 15},
    ),
    Scenario(
        "left alone",
        (
            Hit("interstitial", marketplace="com"),
            Hit("503_wait", marketplace="de", seconds=1, times=1),
            Hit("429_wait", marketplace="de", seconds=1, times=1),
        ),
        listings=((COM.name, 12, 1), (DE.name, 1, 0), (YEN.name, 3, 1)),
        jumps=((2, 3600), (4, -7200)),
    ),
    Scenario(
        "refused",
        (Hit("503", marketplace="com"), Hit("down", rf"/dp/{DE.rivals[0]}$", seconds=0.4, times=1)),
        listings=((COM.name, 1, 0), (DE.name, 1, 1)),
        crawl={"retries": 0, "delay": 0.05},
    ),
    Scenario(
        "nobody",
        (Hit("503", "/robots", times=1),),
        listings=((COM.name, 1, 1), (DE.name, 1, 0), (YEN.name, 1, 1)),
        base_urls={"com": "http://shop.invalid", "de": "http://127.0.0.1:1"},
        crawl={"retries": 0},
    ),
    Scenario(
        "large",
        (Hit("gzip_bomb", rf"/dp/{COM.rivals[0]}$"), Hit("huge", rf"/dp/{DE.rivals[0]}$")),
        listings=((COM.name, 2, 1), (DE.name, 2, 1)),
    ),
)


def configuration(scenario: Scenario, base_urls: dict[str, str]) -> str:
    """The config.toml of a scenario; the database is that of all."""
    settings = {"pages": 2, "delay": 0, "concurrency": 1, "retries": 1, "timeout": 20, "block_pause": 0}
    text = ["[crawl]", *(f"{key} = {value}" for key, value in (settings | scenario.crawl).items())]
    for code, url in (base_urls | scenario.base_urls).items():
        text += [f'[marketplaces."{code}"]', f'base_url = "{url}"']
        text += [f'postal_code = "{scenario.postal_codes[code]}"'] if code in scenario.postal_codes else []
    known = {each.name: each for each in WORLD.listings}
    for name, rivals, keywords in scenario.listings:
        each = known[name]
        text += [
            "[[listing]]",
            f'name = "{name}"',
            f'marketplace = "{each.marketplace}"',
            f'asin = "{each.asin}"',
            f"rivals = {list(each.rivals[:rivals])}",
            f"keywords = {list(each.keywords[:keywords])}",
        ]
    return "\n".join(text)
