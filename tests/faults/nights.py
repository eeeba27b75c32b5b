"""What goes wrong in a night of the soak, and how many of its pages that allows to be lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qsl, urlsplit

from spiders.tasks import of_key
from tracker.demo.fault import ROBOTS
from tracker.demo.site import Site
from tracker.demo.words import WORDS
from tracker.demo.world import World

WATCHED = {"steel-mug": (4, 2), "wasserkocher": (3, 1), "suito": (3, 1)}
"""How many rivals and keywords of each listing are crawled; two results pages of each keyword."""

HARMLESS = ("layout", "price_moved", "other_place", "other_currency", "other_language")
GOOD = frozenset({None, *HARMLESS})
"""What may be made of an answer that is the page asked for all the same."""

PASSING = (
    *("503", "429", "503_wait", "429_wait", "stall", "stall_middle", "drip", "reset", "reset_middle", "cut"),
    *("captcha", "interstitial", "truncated", "empty", "gzip_twice", "gzip_cut", "gzip_broken", "gzip_none"),
    *("gzip_wrong", "gzip_bomb", "huge", "redirect_loop", "redirect_host"),
)
"""Faults after which a page is asked for once more."""

FINAL = ("404", "wrong_asin", "redirect_page")
"""Faults that are believed: what was asked for is not there."""

KINDS = ("mixed", "full", "checks", "no name", "refusals", "down", "sound", "robots")
"""What is special about a night; most things go wrong in all but the sound ones. Each has its turn, and then …"""

MORE = ("mixed", "mixed", "mixed", "full", "checks", "refusals", "down")
"""… come these by chance."""

_SECONDS = {"drip": 0.05, "stall": 60.0, "stall_middle": 60.0, "503_wait": 1.0, "429_wait": 1.0}
_HIGHEST = 0.5
"""Of the requests for pages in a night, how many may be hit."""


@dataclass
class Night:
    """One night, while it lasts."""

    day: int
    kind: str
    first: int
    """How many requests the site had seen before."""
    passing: float = 0.0
    """Of the requests for pages, how many are hit by a fault that passes."""
    final: float = 0.0
    """… by one that is believed."""
    kills: list[float] = field(default_factory=list)
    """When its crawls were killed, on the machine's monotonic clock, …"""
    stored: list[set[str]] = field(default_factory=list)
    """… and keys of the pages that were stored by then."""

    def allowed(self, tasks: Iterable[str]) -> tuple[float, float]:
        """How many of these pages chance lets through at least: mean and variance.

        A page is lost at most when a fault that is believed hits one of its requests, or others hit twice, since what
        failed is asked for again when all else is done: q = f/(1-p) + p². Of a keyword's results, page k is read with
        chance (1-q)^k. On a marketplace that checks for robots, cannot be found or forbids robots, all may be lost.
        """
        q = min(1.0, self.final / (1 - self.passing) + self.passing**2)
        chances = []
        for task in map(of_key, tasks):
            lost = {"checks": task.marketplace == "com", "no name": task.marketplace == "de", "robots": True}
            chances.append(0.0 if lost.get(self.kind) else (1 - q) ** (task.page or 1))
        special = 2 if self.kind in {"refusals", "down"} else 0
        return sum(chances) - special, sum(chance * (1 - chance) for chance in chances)


def prepared(site: Site, day: int, rng: Random) -> Night:
    """Set what is to go wrong in a night."""
    kind = KINDS[day] if day < len(KINDS) else rng.choice(MORE)
    night = Night(day, kind, first=len(site.seen))
    site.set_day(day)
    site.set_faults(None)
    if kind == "sound":
        return night
    if kind == "robots":
        site.add_fault(ROBOTS)
    elif kind == "checks":
        site.add_fault("captcha", rate=0.6, marketplace="com")
    elif kind == "refusals":
        site.add_fault(rng.choice(("503_wait", "429_wait")), seconds=1, times=2, marketplace="de")
    elif kind == "down":
        site.add_fault("down", seconds=0.5, rate=0.3, times=1)
    kinds = [*rng.sample(PASSING, 12), rng.choice(FINAL), *rng.sample(HARMLESS, 2)]
    rate = rng.uniform(0.1, _HIGHEST) / len(kinds)
    for each in rng.sample(kinds, len(kinds)):
        site.add_fault(each, rate=rate, seconds=_SECONDS.get(each, 0))
        night.passing += rate * (each in PASSING)
        night.final += rate * (each in FINAL)
    return night


def configuration(world: World, base_urls: dict[str, str], night: Night) -> str:
    """The config.toml of a night."""
    text = [
        "[crawl]",
        "pages = 2\ndelay = 0\nconcurrency = 2\nretries = 1\ntimeout = 3\nblock_pause = 0",
    ]
    for code, url in base_urls.items():
        nobody = night.kind == "no name" and code == "de"
        text += [f'[marketplaces."{code}"]', f'base_url = "{"http://shop.invalid" if nobody else url}"']
        text += [f'postal_code = "{WORDS[code].deliver_to[1].split()[-1]}"']  # where the world's people live
    for each in world.listings:
        if each.name in WATCHED:
            rivals, keywords = WATCHED[each.name]
            text += [
                "[[listing]]",
                f'name = "{each.name}"\nmarketplace = "{each.marketplace}"\nasin = "{each.asin}"',
                f"rivals = {list(each.rivals[:rivals])}\nkeywords = {list(each.keywords[:keywords])}",
            ]
    return "\n".join(text)


def address(path: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """A path with its query, however it is written."""
    parts = urlsplit(path)
    return parts.path, frozenset(parse_qsl(parts.query))


def address_of(task: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """Of the page with this key."""
    return address(of_key(task).url("http://any").removeprefix("http://any"))
