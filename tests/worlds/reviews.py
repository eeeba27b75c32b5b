"""How reviews come in, and are taken away again, and the rating that follows from them."""

import numpy as np

from tests.worlds.truth import NIGHTS, Counts, Numbers, Product, Truth


def arrivals(truth: Truth, product: Product, sales: Numbers) -> Counts:
    """New reviews on each night by the world's law, without what was planted at once (``product.extra``)."""
    chance, law = truth.chance, truth.laws["reviews"]
    pace = product.pace * product.rush
    if law == "after sales":
        weights = np.exp(-np.arange(40) / 14)
        lately = np.convolve(sales, weights)[:NIGHTS] / np.cumsum(weights)[np.minimum(np.arange(NIGHTS), 39)]
        return np.asarray(chance.poisson(pace * lately / product.sales))
    if law == "negative binomial":
        return chance.poisson(pace * chance.gamma(2, 0.5, NIGHTS))
    if law == "clustered":
        came = chance.poisson(pace * 0.6)
        for night in range(NIGHTS):
            for _ in range(chance.poisson(0.4 * came[night])):
                later = night + int(chance.integers(0, 4))
                if later < NIGHTS:
                    came[later] += later > night or chance.random() < 0.5
        return came
    came = chance.poisson(pace)
    if law == "trickle":
        came += (chance.random(NIGHTS) < 1 / 30) * chance.integers(2, 5, NIGHTS)
    if law == "batches":
        released, held = np.zeros_like(came), 0
        due = 0
        for night in range(NIGHTS):
            held += came[night]
            if night >= due:
                released[night], held = held, 0
                due = night + int(chance.integers(2, 5))
        return released
    return came


def histograms(truth: Truth, product: Product, came: Counts) -> Counts:
    """Reviews of 5, 4, 3, 2 and 1 stars at the end of each night, night by night."""
    chance = truth.chance
    stars = np.rint(product.reviews * product.stars).astype(np.int64)
    told = np.empty((NIGHTS, 5), dtype=np.int64)
    returning: dict[int, Counts] = {}
    poor = np.array([0, 0, 0.2, 0.25, 0.55])
    for night in range(NIGHTS):
        stars = stars + chance.multinomial(int(came[night] + product.extra[night] - product.poor[night]), product.stars)
        stars = stars + chance.multinomial(int(product.poor[night]), poor)
        gone = int(product.removed[night])
        if not truth.law("corrections", "none") and chance.random() < 0.04:
            small = truth.law("corrections", "small")
            lost = int(chance.integers(1, 4)) if small else max(1, int(stars.sum() * chance.uniform(0, 0.005)))
            taken = chance.multivariate_hypergeometric(stars, min(lost, int(stars.sum())))
            stars = stars - taken
            if not small and chance.random() < 0.5:
                returning[night + int(chance.integers(1, 4))] = taken
        if gone:
            stars = stars - chance.multivariate_hypergeometric(stars, min(gone, int(stars.sum())))
        stars = stars + returning.pop(night, 0)
        told[night] = stars
    return told


def rating(stars: Counts, added: float) -> float | None:
    """The rating as the page shows it, to 0.1."""
    if stars.sum() == 0:
        return None
    mean = float(stars @ np.array([5, 4, 3, 2, 1]) / stars.sum())
    return min(5.0, max(1.0, round(mean + added, 1)))
