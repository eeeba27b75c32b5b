"""What the results pages of a keyword show at each reading."""

import numpy as np

from tests.worlds.truth import NIGHTS, Counts, Numbers, Results, Truth

PAGES = 2
ADS_ON_A_PAGE = 4


def lay_out(truth: Truth, keyword: str) -> Results:
    """The keyword before anything is planted."""
    chance = truth.chance
    length = int(chance.choice([16, 22, 48]))
    page = np.full(NIGHTS, length)
    if truth.law("results", "page length"):
        page[:] = 16
        page[int(chance.integers(60, 130)) :] = 22
    place, ads = {}, {}
    for number, product in enumerate(truth.products):
        start = float(np.exp(chance.uniform(0, np.log(2.6 * page[0]))))
        if truth.law("results", "edge") and number % 3 == 0:
            start = float(page[0] * chance.uniform(0.9, 1.1))
        share = 0.0
        if truth.law("ads", "rotating") and chance.random() < 0.33:
            share = float(chance.uniform(0.15, 0.6))
        elif truth.law("ads", "steady") and chance.random() < 0.25:
            share = 0.9
        place[product.asin] = np.full(NIGHTS, np.log(start))
        ads[product.asin] = np.full(NIGHTS, share)
    return Results(keyword, page, place, ads)


def organic(truth: Truth, results: Results, nights: Counts) -> dict[str, Counts]:
    """Organic place of each product at each reading (of the night given); 0 is not among the results."""
    asins = [p.asin for p in truth.products]
    # Where a product stands, with the noise of the world's law; out of stock for three days, it sinks.
    log = np.array([results.place[a] + _noise(truth) for a in asins])
    log += np.log(3) * np.array([np.convolve(p.out, np.ones(3))[:NIGHTS] >= 3 for p in truth.products])
    seen = log[:, nights]
    if truth.law("results", "personalised"):
        seen = seen + truth.chance.normal(0, 0.08, seen.shape)
    wanted = np.maximum(np.rint(np.exp(seen)), 1).astype(np.int64)
    if truth.law("results", "blocks"):
        turn = truth.chance.integers(0, 4, (NIGHTS, 64))[nights].T
        block = np.minimum((wanted - 1) // 4, 63)
        wanted = block * 4 + (wanted - 1 + np.take_along_axis(turn, block, axis=0)) % 4 + 1
    hidden = np.array([p.gone for p in truth.products])[:, nights]
    found = np.zeros_like(wanted)
    for n, night in enumerate(nights):
        last = 0
        for row in np.lexsort((seen[:, n], wanted[:, n])):
            if hidden[row, n]:
                continue
            last = max(last + 1, int(wanted[row, n]))
            found[row, n] = last if last <= PAGES * results.page[night] else 0
    return dict(zip(asins, found, strict=True))


def sponsored(truth: Truth, results: Results, nights: Counts) -> dict[str, Counts]:
    """Place among the ads of all pages read; 0 is no ad. Two ads never share a place."""
    chance, slots = truth.chance, PAGES * ADS_ON_A_PAGE
    shows = {
        p.asin: chance.random(len(nights)) < (results.ads[p.asin] * ~p.gone * ~p.out)[nights] for p in truth.products
    }
    told = {asin: np.zeros(len(nights), dtype=np.int64) for asin in shows}
    for n in range(len(nights)):
        there = [asin for asin in shows if shows[asin][n]][:slots]
        for asin, slot in zip(there, chance.permutation(slots)[: len(there)] + 1, strict=True):
            told[asin][n] = slot
    return told


def _noise(truth: Truth) -> Numbers:
    """AR(1) around the product's own level, night by night."""
    chance = truth.chance
    back, spread = (0.85, 0.15) if truth.law("results", "noisy") else (0.6, 0.04)
    steps = chance.normal(0, spread, NIGHTS)
    noise, at = np.empty(NIGHTS), 0.0
    for night in range(NIGHTS):
        at = back * at + float(steps[night])
        noise[night] = at
    return noise
