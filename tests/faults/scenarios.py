"""Crawls with something wrong, one after the other: what goes wrong in each, and how it is crawled."""

from dataclasses import dataclass, field
from typing import Any

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
    hits: tuple[Hit, ...] = ()
    listings: tuple[tuple[str, int, int], ...] = (("steel-mug", 3, 1),)
    """Which are crawled: name, how many of its rivals, and how many of its keywords (two pages each)."""
    crawl: dict[str, Any] = field(default_factory=dict)
    """What differs in section ``[crawl]``."""
    base_urls: dict[str, str] = field(default_factory=dict)
    """Where marketplaces are, if not where the site is."""
    jumps: tuple[tuple[int, float], ...] = ()
    """After how many results the clock jumps, and by how many seconds."""


def products() -> list[tuple[str, str]]:
    """Marketplace and ASIN of the products that are crawled when all listings are, in the order of the plan."""
    return [(each.marketplace, asin) for each in (COM, MAT, DE) for asin in (each.asin, *each.rivals)]


def page(keyword: str, number: int = 1) -> str:
    """A pattern for the path of a results page."""
    words = "[+]".join(keyword.split())
    return rf"/s[?]k={words}" + (rf"&page={number}$" if number > 1 else "$")


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
    "gzip_none",
    "redirect_loop",
    "wrong_asin",
    "redirect_host",
    "redirect_page",
    "layout",
    "price_moved",
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

RETRIED = ("gzip_broken", "gzip_cut", "gzip_none", "reset_middle", "503")
"""Done once to each of the first pages."""

_SECONDS = {"drip": 0.02, "stall": 30.0, "stall_middle": 30.0}
_EACH = [
    Hit(kind, rf"/dp/{asin}$", marketplace=marketplace, seconds=_SECONDS.get(kind, 0))
    for kind, (marketplace, asin) in zip(EACH, products(), strict=False)
]
_FIRST = [*(rf"/dp/{asin}$" for _, asin in products()[:4]), page(COM.keywords[0])]
_RIVAL = rf"/dp/{COM.rivals[0]}$"

SCENARIOS = (
    Scenario(
        "each",
        (*_EACH, *SEARCHES.values()),
        listings=tuple((each.name, 20, 4) for each in (COM, MAT, DE)),
        crawl={"retries": 0, "timeout": 2, "concurrency": 8},
    ),
    Scenario("sound"),
    Scenario("layouts", (Hit("layout"),), listings=((COM.name, 12, 1),)),
    Scenario("checks", (Hit("captcha", rate=0.3),), listings=((COM.name, 12, 1),), crawl={"block_limit": 15}),
    Scenario("wall", (Hit("interstitial"),), listings=((COM.name, 12, 1), (DE.name, 1, 0))),
    Scenario("storm", (Hit("503_wait", seconds=1, times=1), Hit("429_wait", seconds=1, times=1))),
    Scenario("retried", tuple(Hit(kind, path, times=1) for kind, path in zip(RETRIED, _FIRST, strict=True))),
    Scenario("refused", (Hit("503"),), listings=((COM.name, 1, 0),), crawl={"delay": 0.01, "retries": 0}),
    Scenario(
        "down",
        (Hit("down", _RIVAL, seconds=0.5, times=1),),
        listings=((COM.name, 1, 1),),
        crawl={"retries": 0, "delay": 0.1},
    ),
    Scenario(
        "nobody",
        listings=((COM.name, 1, 1), (DE.name, 1, 0), (YEN.name, 1, 1)),
        base_urls={"com": "http://shop.invalid", "de": "http://127.0.0.1:1"},
        crawl={"retries": 0},
    ),
    Scenario("clock", jumps=((2, 3600), (4, -7200))),
    Scenario("no robots", (Hit("503", "/robots"),)),
    Scenario("bomb", (Hit("gzip_bomb", _RIVAL),)),
    Scenario("huge", (Hit("huge", _RIVAL),)),
)


def configuration(scenario: Scenario, base_urls: dict[str, str]) -> str:
    """The config.toml of a scenario; the database is that of all."""
    settings = {"pages": 2, "delay": 0, "concurrency": 1, "retries": 1, "timeout": 20, "block_pause": 0}
    text = ["[crawl]", *(f"{key} = {value}" for key, value in (settings | scenario.crawl).items())]
    for code, url in (base_urls | scenario.base_urls).items():
        text += [f'[marketplaces."{code}"]', f'base_url = "{url}"']
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
