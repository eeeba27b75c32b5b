"""What products do all the time: prices, stock, sellers, offers and pages by the laws of their world.

A habit is no move: what is told of it again and again is false. What an attentive seller may be told once is written
down as an echo.
"""

import numpy as np

from reports.flags.kind import Kind
from tests.worlds.labels import Echo
from tests.worlds.truth import HISTORY, NIGHTS, Product, Truth

PRICES = {Kind.PRICE_CUT, Kind.PRICE_RISE}
HABITS = {"cents": 0.5, "see-saws": 0.25, "followers": 0.25, "weekenders": 0.25, "random walk": 0.5}


def assign(truth: Truth) -> None:
    """Give each product its habits, before anything is planted."""
    chance, law = truth.chance, truth.laws["prices"]
    for product in truth.products:
        if chance.random() < HABITS.get(law, 0) and not (product.own and law != "cents"):
            product.habit = law
            product.price *= _wave(truth, product)
        if truth.law("offers", "wobbling"):
            moved = (chance.random(NIGHTS) < 0.3) * chance.integers(-2, 3, NIGHTS)
            product.offers[:] = np.maximum(product.offers + moved, 0) if not product.own else product.offers
    rivals = truth.products[1:]
    if truth.law("sellers", "rotating"):
        for product in rivals[::3]:
            share = chance.dirichlet([3, 2, 1])
            product.seller[:] = chance.choice(3, NIGHTS, p=share)
    if truth.law("stock", "always few"):
        for product in rivals[1:3]:
            product.left[:] = chance.integers(2, 10, NIGHTS)
            truth.echoes.append(Echo({Kind.RUNNING_LOW}, product.asin, HISTORY, NIGHTS, times=2))
    if truth.law("content", "tests"):
        rivals[0].title[:] = np.where(chance.random(NIGHTS) < 0.5, 50, 0)
        rivals[-1].image[:] = np.where(chance.random(NIGHTS) < 0.5, 50, 0)
        rivals[-1].choice[:] = chance.random(NIGHTS) < 0.6


def settle(truth: Truth) -> None:
    """What follows from prices once all is planted: followers follow, and what is to be paid is known."""
    for product in truth.products:
        price = product.cents * product.price * np.where(product.deal, 1.0, 1.0)
        product.paid[:] = np.rint(price * (1 - product.coupon / 100))
    for product in truth.products:
        if product.habit == "followers":
            lowest = np.min([p.paid for p in truth.products if p.habit != "followers"], axis=0)
            product.price *= np.clip(lowest / (product.cents * product.price), 0.88, 1.0)
            product.paid[:] = np.rint(product.cents * product.price * (1 - product.coupon / 100))
            for night in _steps(product):
                truth.echoes.append(Echo(PRICES, product.asin, night, night + 6))


def _steps(product: Product) -> list[int]:
    """Nights of the window on which what is to be paid moved by 4 % or more."""
    paid = product.paid.astype(float)
    return [n for n in range(HISTORY, NIGHTS) if abs(paid[n] / paid[n - 1] - 1) >= 0.04]


def _wave(truth: Truth, product: Product) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    chance, nights = truth.chance, np.arange(NIGHTS)
    borne = {Kind.SEE_SAW: 2, Kind.PRICE_CUT: 2, Kind.PRICE_RISE: 2}
    if product.habit == "cents":
        return 1 - np.repeat(chance.uniform(0, 0.015, NIGHTS), chance.integers(2, 6, NIGHTS))[:NIGHTS]
    if product.habit == "random walk":
        walk, at = np.empty(NIGHTS), 0.0
        for night in nights:
            at = float(np.clip(at + chance.normal(0, 0.01), -0.08, 0.08))
            walk[night] = at
        truth.echoes += [Echo({kind}, product.asin, HISTORY, NIGHTS, times=3) for kind in PRICES]
        return np.exp(walk)
    truth.echoes += [Echo({kind}, product.asin, HISTORY, NIGHTS, times=times) for kind, times in borne.items()]
    if product.habit == "see-saws":
        saw, at, depth = np.empty(NIGHTS), 1.0, float(chance.uniform(0.07, 0.12))
        for night in nights:
            saw[night] = at
            at = 1.0 if at <= 1 - depth else at * (1 - float(chance.uniform(0.01, 0.02)))
        return saw
    if product.habit == "weekenders":
        cheaper = nights % 7 >= 4
        if chance.random() < 0.5:
            product.deal |= cheaper
            truth.echoes.append(Echo({Kind.DEAL_STARTED, Kind.DEAL_ENDED}, product.asin, HISTORY, NIGHTS))
        return np.where(cheaper, 1 - float(chance.uniform(0.10, 0.15)), 1.0)
    return np.ones(NIGHTS)
