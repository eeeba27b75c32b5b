"""Who competes with whom in a niche: planted truth for what buyers also look at.

The own product, its rivals and a few products that nobody watches are one circle: buyers who look at one of them look
at the others. Those few are what a seller should find: of all that is not watched, what stands nearest to the own
product in search results and in price. Everything follows from what the niche is, and draws nothing that others draw.
"""

from functools import lru_cache
from math import log

from tracker.demo.chance import generator
from tracker.demo.corner import Corner

CLOSE = 3
"""Products that nobody watches and that compete with the own one."""
_INSIDE = 0.8
"""How probable it is that a place shows one of the circle, on a page of the circle."""
_OUTSIDE = 0.15
"""The same on pages of all others."""


@lru_cache(maxsize=64)
def close(corner: Corner) -> tuple[str, ...]:
    """The unwatched competitors of the own product, the nearest first."""
    own = corner.watched.asin
    strangers = [asin for asin in corner.sheets if asin != own and asin not in corner.watched.rivals]
    shelves = corner.shelves.values()

    def far(asin: str) -> float:
        places = sum(abs(shelf.slots[asin] - shelf.slots[own]) for shelf in shelves) / len(shelves)
        return places / 10 + 3 * abs(log(corner.sheets[asin].price / corner.sheets[own].price))

    return tuple(sorted(strangers, key=lambda asin: (far(asin), asin))[:CLOSE])


def circle(corner: Corner) -> frozenset[str]:
    """All that compete with each other: the own product, its rivals, and who is close."""
    return frozenset((corner.watched.asin, *corner.watched.rivals, *close(corner)))


def also_viewed(corner: Corner, asin: str, night: int, count: int) -> list[str]:
    """What the page of a product says that its visitors also looked at, in the order of the page."""
    inner = circle(corner)
    there = [other for other in corner.sheets if other != asin and not corner.gone(other, night)]
    rng = generator(corner.niche.marketplace, corner.niche.name, asin, "also viewed", night)
    rng.shuffle(there)
    near, far = [o for o in there if o in inner], [o for o in there if o not in inner]
    often = _INSIDE if asin in inner else _OUTSIDE
    shown: list[str] = []
    while len(shown) < count and (near or far):
        pool = near if (rng.random() < often and near) or not far else far
        shown.append(pool.pop())
    return shown
