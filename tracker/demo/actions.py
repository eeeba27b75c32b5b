"""What the sellers of the simulated world did, as they would note it, and what it truly did.

Of their own changes those are noted that a seller makes on purpose; a few are forgotten, as they are in life (A+
content, the end of a coupon). What makes own sales or places jump in this world has a cause that no page shows: here it
is told. A price moves sales as :mod:`tracker.demo.history` has it, and a new title does nothing. Each seller does
something on top that does nothing at all, two of them twice within three nights.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reports.actions import LEAST_NIGHTS, NIGHTS, What
from storage.store import Store
from tracker.config import Config
from tracker.demo.corner import Corner
from tracker.demo.history import ELASTICITY
from tracker.demo.spells import Change, Spell
from tracker.demo.world import World
from tracker.log import keep

EARLIER = timedelta(hours=20)
"""Before the crawl that shows it: the afternoon of the day before."""
FIRST = 9
"""Nights before an action that does nothing, without which nobody could tell."""
KINDS = {
    Change.PRICE: What.PRICE,
    Change.COUPON: What.COUPON,
    Change.DEAL: What.DEAL,
    Change.TITLE: What.TITLE,
    Change.BULLETS: What.BULLETS,
    Change.IMAGE: What.IMAGES,
    Change.ADS: What.ADS,
    Change.SALES: What.ADS,
    Change.PLACE: What.OTHER,
}


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a seller did."""

    listing: str
    asin: str
    night: int
    """The first that shows it, if any does."""
    at: datetime
    what: What
    text: str
    factor: float = 1.0
    """What it truly makes of the number of the rank: below one it sells better; 1 is nothing."""
    keyword: str | None = None
    """For which it truly moves the organic place,"""
    up: bool = False
    """to the better."""
    nights: int = NIGHTS
    """To wait: fewer where the world ends before."""


def actions(world: World) -> list[Done]:
    """All that was noted, the oldest first."""
    found = [done for n, watched in enumerate(world.listings) for done in _of(world, n, watched.asin)]
    return sorted((done for done in found if 1 <= done.night < world.day_count), key=lambda d: (d.at, d.listing))


def note(world: World, config: Config) -> None:
    """Put it into the journal."""
    listings = {each.name: each for each in config.listings()}
    with Store(config.storage.database).writing() as connection:
        for done in actions(world):
            keep(connection, listings[done.listing], done.at, done.what, done.text, nights=done.nights)


def _of(world: World, number: int, asin: str) -> Iterator[Done]:
    watched = world.listings[number]
    corner = world.corner(watched.marketplace, asin)

    def done(night: int, what: What, text: str, **truth: Any) -> Done:
        nights = max(LEAST_NIGHTS, min(NIGHTS, world.day_count - night))
        return Done(watched.name, asin, night, world.now(night) - EARLIER, what, text, nights=nights, **truth)

    for spell in corner.spells:
        if spell.asin != asin or spell.change not in KINDS or not 1 <= spell.start < world.day_count:
            continue
        truth = {"keyword": spell.keyword, "up": spell.size < 0} if spell.change is Change.PLACE else {}
        what, factor = KINDS[spell.change], _factor(corner, spell, spell.start)
        yield done(spell.start, what, _text(corner, spell, spell.start), factor=factor, **truth)
        if spell.change is Change.PRICE and spell.end and spell.end < world.day_count:
            factor = _factor(corner, spell, spell.end)
            yield done(spell.end, what, _text(corner, spell, spell.end), factor=factor)
    idle = max(FIRST, world.day_count // 3)
    yield done(idle, What.OTHER, "backend search terms tidied up")
    if number % 2:
        yield done(idle + 2, What.OTHER, "answered all questions of buyers")


def _factor(corner: Corner, spell: Spell, night: int) -> float:
    if spell.change is Change.SALES:
        return 1 / spell.size
    before, after = corner.page(spell.asin, night - 1).price, corner.page(spell.asin, night).price
    priced = spell.change in {Change.PRICE, Change.DEAL}
    return float(after / before) ** ELASTICITY if priced and before and after else 1.0


def _text(corner: Corner, spell: Spell, night: int) -> str:
    page, begins = corner.page(spell.asin, night), spell.size > 0
    match spell.change:
        case Change.PRICE | Change.DEAL:
            text = f"{'deal at' if spell.change is Change.DEAL else 'price to'} {page.price}"
        case Change.COUPON:
            text = f"coupon of {page.coupon_percent} %" if page.coupon_percent else f"coupon of {page.coupon_amount}"
        case Change.ADS:
            text = f"ads on {spell.keyword} {'began' if begins else 'stopped'}"
        case Change.SALES:
            text = "ads beside a video that many see" if spell.size > 1 else "all campaigns paused"
        case Change.PLACE:
            text = f"{spell.keyword} {'out of' if begins else 'into'} the search terms"
        case _:
            text = f"new {'main image' if spell.change is Change.IMAGE else spell.change.value}"
    return text
