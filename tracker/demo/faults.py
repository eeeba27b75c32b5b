"""What can go wrong between a crawler and the site. A new fault is one function with the decorator below.

A fault answers a request for a page in place of the site, or returns None where it has nothing to do
(no wrong product on a results page), and the page is served as it should be.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tracker.demo import pages
from tracker.demo.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page, and what the site would answer to it."""

    world: World
    marketplace: str
    day: int
    path: str
    asin: str | None
    """None for a results page."""
    page: str
    """The right page."""
    seconds: float
    """How long, for faults that take time."""


Fault = Callable[[Asked], Awaitable[web.StreamResponse | None]]

FAULTS: dict[str, Fault] = {}
"""By name. ``robots`` is not among them: it changes robots.txt, and pages are served as ever."""

ROBOTS = "robots"


def fault(name: str) -> Callable[[Fault], Fault]:
    """Name a fault, so that ``Site.set_faults`` knows it."""

    def register(function: Fault) -> Fault:
        FAULTS[name] = function
        return function

    return register


def html(text: str, status: int = 200) -> web.Response:
    """A page as the site sends it."""
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


@fault("captcha")
async def captcha(asked: Asked) -> web.Response:
    """Characters to type off a picture."""
    return html(pages.bot_check(asked.marketplace, asked.path, button=False))


@fault("interstitial")
async def interstitial(asked: Asked) -> web.Response:
    """The page with the one button "Continue shopping"."""
    return html(pages.bot_check(asked.marketplace, asked.path, button=True))


@fault("503")
async def unavailable(asked: Asked) -> web.Response:
    """The page with the dogs."""
    return html(pages.server_error(asked.marketplace), status=503)


@fault("wrong_asin")
async def wrong_asin(asked: Asked) -> web.Response | None:
    """Another product's page under the address of the one asked for."""
    if asked.asin is None:
        return None
    (other,) = asked.world.beside(asked.marketplace, asked.asin, asked.day, 1)
    return html(pages.product(asked.world, asked.marketplace, other.asin, asked.day))


@fault("truncated")
async def truncated(asked: Asked) -> web.Response:
    """A page that breaks off in its middle, while HTTP says that all of it came."""
    return html(asked.page[: len(asked.page) // 2])


@fault("stall")
async def stall(asked: Asked) -> web.Response:
    """The right page, too late."""
    await asyncio.sleep(asked.seconds)
    return html(asked.page)


@fault("price_moved")
async def price_moved(asked: Asked) -> web.Response | None:
    """A product page of the next layout: the price and what stands with it have other names, all else is as it was."""
    if asked.asin is None:
        return None
    return html(_PRICE_PLACES.sub(r"next_\1", asked.page))


_PRICE_PLACES = re.compile(
    r"(corePriceDisplay_desktop_feature_div|corePrice_feature_div|apex_desktop|priceblock_\w+|price_inside_buybox"
    r"|priceToPay|promoPriceBlockMessage_feature_div|vpcButton|couponBadgeRegularVpc|couponLabelText"
    r"|dealBadge_feature_div|dealBadgeSupportingText)\b"
)
