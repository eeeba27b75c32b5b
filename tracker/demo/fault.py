"""What a fault is: a function that answers a request for a page in place of the site.

It returns None where it has nothing to do (no wrong product on a results page), and the page is served as it should be.
The faults themselves stand in :mod:`tracker.demo.faults` (other pages than the one asked for) and
:mod:`tracker.demo.wire` (what becomes of the right one on its way). A new one is one function with the decorator below.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from tracker.demo.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page, and what the site would answer to it."""

    world: World
    marketplace: str
    day: int
    request: web.Request
    number: int
    """How many requests for the same path came before."""
    asin: str | None
    """None for a results page, and for robots.txt."""
    page: str
    """The right page."""
    seconds: float
    """How long, for faults that take time; what Retry-After says, for those that name one."""
    base_urls: Mapping[str, str]
    """Scheme, host and port of each marketplace."""
    shut: Callable[[float], None]
    """Takes the marketplace off the net for so many seconds."""

    @property
    def path(self) -> str:
        """Path and query."""
        return self.request.path_qs


Fault = Callable[[Asked], Awaitable[web.StreamResponse | None]]

FAULTS: dict[str, Fault] = {}
"""By name. ``robots`` is not among them: it changes robots.txt, and pages are served as ever."""

ROBOTS = "robots"

LOOP = "/loop"
"""Where each address leads to the next."""


def fault(name: str) -> Callable[[Fault], Fault]:
    """Name a fault, so that ``Site.set_faults`` knows it."""

    def register(function: Fault) -> Fault:
        FAULTS[name] = function
        return function

    return register


def html(text: str, status: int = 200, retry_after: float | None = None) -> web.Response:
    """A page as the site sends it; ``retry_after``: in how many seconds one may come again."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:.0f}"}
    return web.Response(text=text, status=status, headers=headers, content_type="text/html", charset="utf-8")
