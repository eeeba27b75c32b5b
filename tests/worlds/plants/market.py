"""What most of the watched products do together: told once, not product by product."""

import numpy as np

from reports.flags.kind import Kind
from tests.worlds.labels import SCALES, Size
from tests.worlds.plants import PRICES, RANKS, Plant
from tests.worlds.truth import NIGHTS, Product, Truth


def market_rank(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """The whole niche sells better or worse, for two weeks or more. A rank of one product is no news then."""
    factor = truth.drawn("market rank", size) ** truth.theta
    end = min(NIGHTS, night + int(truth.chance.integers(14, 40)))
    truth.niche[night:end] *= factor if truth.chance.random() < 0.5 else 1 / factor
    truth.label(Kind.MARKET_BSR, None, night, 14, size)
    truth.echo({Kind.MARKET_BSR}, None, end, 15)
    truth.echo({Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT}, None, night, NIGHTS)
    if truth.law("reviews", "after sales"):
        truth.echo({Kind.MARKET_REVIEWS, Kind.REVIEW_BURST}, None, night, 40)
    return True


def market_price(truth: Truth, product: Product, night: int, size: Size) -> bool:
    for rival in truth.products:
        if truth.chance.random() < 0.8 and rival.habit != "followers":
            rival.price[night + int(truth.chance.integers(3)) :] *= 1 - truth.drawn("market price", size) / 100
    truth.label(Kind.MARKET_PRICE, None, night, 10, size)
    truth.echo(PRICES | RANKS | {Kind.PRICE_WAR, Kind.MARKET_BSR}, None, night, 35)
    return True


def price_war(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """Three to five rivals undercut each other within five nights, and again a few nights later."""
    calm = [rival for rival in truth.products[1:] if rival.habit in {"calm", "cents"}]
    if len(calm) < 3:
        return False
    for rival in truth.chance.permutation(np.array(calm, dtype=object))[: int(truth.chance.integers(3, 6))]:
        first = night + int(truth.chance.integers(5))
        for at in (first, first + 6):
            rival.price[at:] *= 1 - truth.drawn("war", size) / 100
    truth.label(Kind.PRICE_WAR, None, night, 15, size)
    truth.echo(PRICES | RANKS | {Kind.MARKET_PRICE}, None, night, 40)
    return True


def market_reviews(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """Everybody gets more reviews for six nights (the site releases held ones, say)."""
    factor, least = truth.drawn("market reviews", size), SCALES["market reviews"].floor(size)
    for rival in truth.products:
        rival.extra[night : night + 6] += truth.chance.poisson(max((factor - 1) * rival.pace, least / 6), 6)
    truth.label(Kind.MARKET_REVIEWS, None, night, 10, size)
    return True


def prime_day(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """Three days on which the niche sells two to five times as much, a third of the products with a deal."""
    truth.niche[night : night + 3] *= float(truth.chance.uniform(2, 5))
    for rival in truth.products[::3]:
        if not rival.deal.any():
            rival.deal[night : night + 3] = True
            rival.price[night : night + 3] *= 1 - float(truth.chance.uniform(0.15, 0.3))
            truth.label(Kind.DEAL_STARTED, rival.asin, night, 5, ends=night + 3)
            truth.label(Kind.DEAL_ENDED, rival.asin, night + 3, 5)
            truth.echo(PRICES | RANKS, rival.asin, night, 25)
    truth.echo({Kind.MARKET_BSR, Kind.MARKET_PRICE, Kind.PRICE_WAR}, None, night, 25)
    truth.echo({Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT}, None, night, 25)
    return True


PLANTS: dict[str, Plant] = {f.__name__: f for f in (market_rank, market_price, price_war, market_reviews)}
