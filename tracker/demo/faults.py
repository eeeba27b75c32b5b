"""Faults that answer with another page than the one asked for: bot checks, refusals, redirects, wrong products."""

import re
from dataclasses import replace
from decimal import Decimal

from aiohttp import web

from tracker.demo import pages
from tracker.demo.fault import LOOP, Asked, fault, html
from tracker.demo.layouts import layout
from tracker.demo.visitors import WORTH, Visitor, usual
from tracker.demo.words import WORDS


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
    return html(pages.server_error(asked.marketplace), 503)


@fault("503_wait")
async def unavailable_for(asked: Asked) -> web.Response:
    """The page with the dogs, and when to come again."""
    return html(pages.server_error(asked.marketplace), 503, asked.seconds)


@fault("429")
async def too_many(_: Asked) -> web.Response:
    """A bare refusal."""
    return html(_TOO_MANY, 429)


_TOO_MANY = "<html><body>Too Many Requests</body></html>"


@fault("429_wait")
async def too_many_for(asked: Asked) -> web.Response:
    """A bare refusal, and when to come again."""
    return html(_TOO_MANY, 429, asked.seconds)


@fault("404")
async def gone(asked: Asked) -> web.Response:
    """The page is not there."""
    return html(pages.not_found(asked.marketplace), 404)


@fault("redirect_loop")
async def redirect_loop(_: Asked) -> web.Response:
    """From one address to the next without end."""
    return web.Response(status=302, headers={"Location": f"{LOOP}/1"})


@fault("redirect_page")
async def redirect_page(asked: Asked) -> web.Response | None:
    """On to another product's page."""
    listing = next(each for each in asked.world.listings if each.marketplace == asked.marketplace)
    (other,) = asked.world.beside(asked.marketplace, asked.asin or listing.asin, asked.day, 1)
    return web.Response(status=302, headers={"Location": f"/dp/{other.asin}?th=1"})


@fault("redirect_host")
async def redirect_host(asked: Asked) -> web.Response | None:
    """On to the same path of another marketplace."""
    other = next((url for code, url in asked.base_urls.items() if code != asked.marketplace), None)
    return web.Response(status=301, headers={"Location": other + asked.path}) if other else None


@fault("wrong_asin")
async def wrong_asin(asked: Asked) -> web.Response | None:
    """Another product's page under the address of the one asked for."""
    if asked.asin is None:
        return None
    (other,) = asked.world.beside(asked.marketplace, asked.asin, asked.day, 1)
    return html(pages.product(asked.world, asked.marketplace, other.asin, asked.day))


@fault("layout")
async def next_layout(asked: Asked) -> web.Response | None:
    """A product page in the layout of another night, and of the next one with every request."""
    if asked.asin is None:
        return None
    shown = layout(asked.asin, asked.day + 1 + asked.number)
    return html(pages.product(asked.world, asked.marketplace, asked.asin, asked.day, shown))


@fault("other_place")
async def other_place(asked: Asked) -> web.Response | None:
    """A product page for somebody who lives elsewhere, and pays more."""
    shown = usual(asked.marketplace)
    return _for(asked, replace(shown, deliver_to=(shown.deliver_to[0], ELSEWHERE), rate=Decimal("1.12")))


ELSEWHERE = "Honolulu 96801"


@fault("other_currency")
async def other_currency(asked: Asked) -> web.Response | None:
    """A product page in another currency than the marketplace's."""
    shown = usual(asked.marketplace)
    other = "EUR" if shown.currency == "USD" else "USD"
    return _for(asked, replace(shown, currency=other, rate=WORTH[other] / WORTH[shown.currency]))


@fault("other_language")
async def other_language(asked: Asked) -> web.Response | None:
    """A product page in English."""
    return _for(asked, replace(usual(asked.marketplace), words=WORDS["com"], language="en-gb"))


def _for(asked: Asked, visitor: Visitor) -> web.Response | None:
    if asked.asin is None:
        return None
    return html(pages.product(asked.world, asked.marketplace, asked.asin, asked.day, visitor=visitor))


@fault("price_moved")
async def price_moved(asked: Asked) -> web.Response | None:
    """A product page of the next layout: the price and what stands with it have other names, all else is as it was."""
    if asked.asin is None:
        return None
    return html(PRICE_PLACES.sub(r"next_\1", asked.page))


PRICE_PLACES = re.compile(
    r"(corePriceDisplay_desktop_feature_div|corePrice_feature_div|apex_desktop|priceblock_\w+|price_inside_buybox"
    r"|priceToPay|promoPriceBlockMessage_feature_div|vpcButton|couponBadgeRegularVpc|couponLabelText"
    r"|dealBadge_feature_div|dealBadgeSupportingText)\b"
)
"""What a page says of its price, by the names of its elements."""


@fault("price_by_script")
async def price_by_script(asked: Asked) -> web.Response | None:
    """The same, but a script puts the names right when the page has loaded: only a browser finds the price."""
    if asked.asin is None:
        return None
    return html(PRICE_PLACES.sub(r"next_\1", asked.page).replace("</body>", f"{_PUT_RIGHT}</body>"))


_PUT_RIGHT = """<script>addEventListener("load", () => setTimeout(() => {
    for (const each of document.querySelectorAll("[id*=next_], [class*=next_]")) {
        each.id = each.id.replaceAll("next_", "");
        each.className = each.className.replaceAll("next_", "");
    }
}, 50));</script>"""
