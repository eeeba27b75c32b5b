"""When what is planted: moves of one product lie at least three weeks apart, and each is of another sort."""

from typing import NamedTuple

from reports.flags.kind import Kind
from tests.worlds.labels import SIZED, Echo
from tests.worlds.plants import Plant, demand, market, offer, page, results
from tests.worlds.truth import HISTORY, NIGHTS, Product, Truth

DENSITY = {"quiet": 0.15, "usual": 0.4, "busy": 0.75}
APART = (22, 32)
LAST = NIGHTS - 14
"""The last night on which something is planted, so that there is time to find it."""
OF_THE_OWN = {1, 3}
"""Sorts with moves of the own listing alone: promotions that stack, a hijacker."""


class Sort(NamedTuple):
    """Plants of which one product gets one at most: two would blur each other's labels."""

    plants: tuple[Plant, ...]
    weight: float


def _sorts() -> tuple[Sort, ...]:
    o, d, r, p = offer.PLANTS, demand.PLANTS, results.PLANTS, page.PLANTS
    return (
        Sort((o["price"], o["price"], o["see_saw"]), 3),
        Sort((o["coupon"], o["deal"], o["stacked"]), 2),
        Sort((o["stock_out"], o["running_low"]), 2),
        Sort((o["seller"], o["hijacker"], o["offers"]), 2),
        Sort((d["rank"], d["rank"], d["top"]), 4),
        Sort((d["burst"], d["burst"], d["removed"], d["merged"]), 4),
        Sort((d["rating"], d["low_stars"]), 2),
        Sort((r["place"], r["page_one"], r["page_one"], r["passed"], r["share"]), 4),
        Sort((r["ads"],), 2),
        Sort((r["newcomer"],), 0.4),
        Sort((p["title"], p["bullets"], p["image"], p["variations"], p["extras"], p["category"]), 2),
        Sort((p["badge"],), 1),
    )


def plant(truth: Truth) -> None:
    chance = truth.chance
    common = _common(truth)
    for product in truth.products:
        used: set[int] = set()
        night = HISTORY + int(chance.integers(4, 24)) + product.watched_from
        density = max(DENSITY[truth.laws["density"]], 0.6 * product.own)
        while night <= LAST:
            near = any(first - 20 <= night <= first + 24 for first in common)
            if not near and not product.own and night > LAST - 35 and chance.random() < 0.05:
                page.gone(truth, product, night, SIZED[0])
                break
            if not near and chance.random() < density:
                _one(truth, product, night, used)
            night += int(chance.integers(*APART))


def _common(truth: Truth) -> list[int]:
    """Plant what moves the whole market, before all else; gives its nights."""
    chance = truth.chance
    nights = []
    if truth.law("season", "prime day"):
        nights.append(int(chance.integers(HISTORY + 25, LAST - 20)))
        market.prime_day(truth, truth.own, nights[0], SIZED[0])
    elif chance.random() < 0.6:
        move = list(market.PLANTS.values())[int(chance.integers(len(market.PLANTS)))]
        night = int(chance.integers(HISTORY + 10, LAST - 5))
        if move(truth, truth.own, night, SIZED[int(chance.integers(3))]):
            nights.append(night)
    return nights


def _one(truth: Truth, product: Product, night: int, used: set[int]) -> None:
    """Plant one move of a sort that the product has not had; nothing, when none of five tries suits it."""
    chance, sorts = truth.chance, _sorts()
    for _ in range(5):
        open_ = [n for n in range(len(sorts)) if n not in used]
        # There is one own listing only, and some kinds are of it alone.
        weights = [sorts[n].weight * (4 if product.own and n in OF_THE_OWN else 1) for n in open_]
        sort = int(chance.choice(open_, p=[w / sum(weights) for w in weights]))
        moves = sorts[sort].plants
        if moves[int(chance.integers(len(moves)))](truth, product, night, SIZED[int(chance.integers(3))]):
            used.add(sort)
            return


def watch_late(truth: Truth) -> None:
    """In every other world one rival is added while the others are watched already."""
    if truth.chance.random() < 0.5:
        late = truth.products[-1]
        late.watched_from = int(truth.chance.integers(HISTORY + 3, NIGHTS - 40))
        truth.label(Kind.NEWLY_WATCHED, late.asin, late.watched_from, 9)
        truth.echoes.append(Echo({Kind.NEWLY_WATCHED}, late.asin, 0, NIGHTS, times=1))
