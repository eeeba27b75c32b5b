"""Sales with their rank, reviews and ratings."""

import numpy as np

from reports.flags.kind import Kind
from tests.worlds.labels import SCALES, Size
from tests.worlds.plants import FACT_WITHIN, RANKS, RATINGS, Plant
from tests.worlds.truth import NIGHTS, Product, Truth

TOPS = (10, 100)
RANK_WITHIN = 14
"""Nights: a rank that remembers its sales for days takes as long to show that they changed."""


def rank(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """It sells better or worse: from one night to the next or within four, for good or for two to three weeks."""
    better = bool(truth.chance.random() < 0.5)
    factor = truth.drawn("rank", size)
    if not _sells(truth, product, night, factor if better else 1 / factor):
        return False
    kind = Kind.BSR_JUMP if better else Kind.BSR_SLUMP
    truth.label(kind, product.asin, night, RANK_WITHIN, size)
    return True


def top(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """The same, over the 10th or the 100th place of its narrower category."""
    better = bool(truth.chance.random() < 0.5)
    factor, limit = truth.drawn("top rank", size), int(truth.chance.choice(TOPS))
    middle = truth.rank(product) / (np.sqrt(factor) if better else 1 / np.sqrt(factor))
    if middle / limit < 2 or not _sells(truth, product, night, factor if better else 1 / factor):
        return False
    product.narrower = middle / limit
    truth.label(Kind.BSR_JUMP if better else Kind.BSR_SLUMP, product.asin, night, RANK_WITHIN, size)
    truth.label(Kind.TOP_RANK_ENTERED if better else Kind.TOP_RANK_LEFT, product.asin, night, RANK_WITHIN, size)
    return True


def _sells(truth: Truth, product: Product, night: int, factor: float) -> bool:
    usual = truth.rank(product)
    if min(usual, usual / factor) < 8 or max(usual, usual / factor) > 300_000:
        return False
    sales = factor**truth.theta
    ramp = 4 if truth.chance.random() < 0.3 else 0
    course = np.zeros(NIGHTS)
    course[night:] = 1.0
    if ramp:
        course[night : night + ramp] = np.linspace(1 / (ramp + 1), ramp / (ramp + 1), ramp)
    end = NIGHTS
    if truth.chance.random() < 0.5:
        end = night + int(truth.chance.integers(15, 22))
        fades = np.clip(1 - np.arange(NIGHTS - end) / 10, 0, 1)
        course[end:] = fades[: max(0, NIGHTS - end)]
    product.demand *= sales**course
    if truth.law("reviews", "after sales") and factor > 1:
        truth.echo({Kind.REVIEW_BURST}, product.asin, night, 40)
    truth.echo({Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT}, product.asin, night, 30)
    truth.echo(RANKS, product.asin, end, 45)
    return True


def burst(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """More reviews than usual for one to four nights."""
    more = max((truth.drawn("burst", size) - 1) * product.pace * 3, SCALES["burst"].floor(size))
    nights = int(truth.chance.integers(1, 5))
    product.extra[night : night + nights] += truth.chance.multinomial(round(more), np.full(nights, 1 / nights))
    truth.label(Kind.REVIEW_BURST, product.asin, night, 8, size)
    truth.echo({Kind.LOW_STAR_WAVE}, product.asin, night, 8)
    return True


def removed(truth: Truth, product: Product, night: int, size: Size) -> bool:
    number = max(truth.drawn("removed", size) / 100 * product.reviews, SCALES["removed"].floor(size))
    if number > 0.45 * product.reviews:
        return False
    product.removed[night] = round(number)
    truth.label(Kind.REVIEWS_REMOVED, product.asin, night, FACT_WITHIN, size)
    truth.echo(RATINGS, product.asin, night, 15)
    return True


def merged(truth: Truth, product: Product, night: int, size: Size) -> bool:
    more = max(truth.drawn("merged", size) / 100 * product.reviews, SCALES["merged"].floor(size))
    product.extra[night] += round(more)
    truth.label(Kind.REVIEWS_MERGED, product.asin, night, FACT_WITHIN, size)
    truth.echo(RATINGS | {Kind.LOW_STAR_WAVE}, product.asin, night, 15)
    return True


def rating(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """The site weighs the stars anew: the count cannot explain it."""
    mean = float(product.stars @ np.array([5, 4, 3, 2, 1])) + product.weighing
    stars = round(truth.drawn("rating", size), 1)
    rises = mean + stars < 4.9 and truth.chance.random() < 0.5
    product.shift[night:] += stars if rises else -stars
    truth.label(Kind.RATING_ROSE if rises else Kind.RATING_FELL, product.asin, night, 12, size)
    return True


def low_stars(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A wave of reviews of one to three stars."""
    points, usual = truth.drawn("low stars", size) / 100, float(product.stars[2:].sum())
    number = max(points * product.reviews / (1 - usual - points), SCALES["low stars"].floor(size))
    if number > 150:
        return False
    nights = int(truth.chance.integers(3, 7))
    share = truth.chance.multinomial(round(number), np.full(nights, 1 / nights))
    product.extra[night : night + nights] += share
    product.poor[night : night + nights] += share
    truth.label(Kind.LOW_STAR_WAVE, product.asin, night, 12, size)
    truth.echo(RATINGS | {Kind.REVIEW_BURST}, product.asin, night, 15)
    return True


PLANTS: dict[str, Plant] = {f.__name__: f for f in (rank, top, burst, removed, merged, rating, low_stars)}
