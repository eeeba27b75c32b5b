"""Places, ads and share in the results of the keywords."""

import numpy as np

from reports.flags.kind import Kind
from tests.worlds.labels import SCALES, Size
from tests.worlds.plants import PLACES, Plant
from tests.worlds.truth import Product, Results, Truth

WITHIN = 10


def place(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """It climbs or falls on page one."""
    results, scale = _quiet(truth, product), SCALES["place"]
    factor = truth.drawn("place", size)
    page = int(results.page.min())
    behind = min(max(float(truth.chance.uniform(0.5, 0.85)) * page, 3.0), 24.0)
    before = min(behind / factor, behind - scale.floor(size))
    if before < 1:
        return False
    climbs = truth.chance.random() < 0.5
    _move(results, product, night, *((behind, before) if climbs else (before, behind)))
    kind = Kind.PLACE_CLIMBED if climbs else Kind.PLACE_FELL
    truth.label(kind, product.asin, night, WITHIN, size, keyword=results.keyword)
    _follows(truth, product, night, results.keyword)
    return True


def page_one(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """It moves over the edge of page one."""
    results = _quiet(truth, product)
    far, page = truth.drawn("page one", size), int(results.page[night])
    behind, before = (far + 0.15, 0.15) if size is Size.LARGE else (1 + far / 2, 1 - far / 2)
    enters = truth.chance.random() < 0.5
    ends = (behind * page, before * page) if enters else (before * page, behind * page)
    _move(results, product, night, *ends)
    kind = Kind.KEYWORD_GAINED if enters else Kind.KEYWORD_LOST
    truth.label(kind, product.asin, night, WITHIN, size, keyword=results.keyword)
    _follows(truth, product, night, results.keyword)
    return True


def passed(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A rival passes the own listing, which stands still."""
    results = _quiet(truth, product)
    own = results.place[truth.own.asin]
    if product.own or results.keyword in _moved(truth, truth.own.asin) or np.ptp(own) > 0.7:
        return False
    own[:] = np.log(8)
    _move(results, product, night, 13.0, 4.0)
    truth.label(Kind.PASSED_OWN, product.asin, night, WITHIN, keyword=results.keyword)
    _follows(truth, product, night, results.keyword)
    return True


def ads(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """Its ads begin or stop to show."""
    results = _quiet(truth, product)
    shown, share = results.ads[product.asin], truth.drawn("ads", size) / 100
    begins = truth.chance.random() < 0.5
    shown[:night], shown[night:] = (0, share) if begins else (share, 0)
    kind = Kind.SPONSORED_GAINED if begins else Kind.SPONSORED_LOST
    truth.label(kind, product.asin, night, 14, size, keyword=results.keyword)
    truth.echo({Kind.SHARE_GAINED, Kind.SHARE_LOST}, product.asin, night, 25)
    return True


def share(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """It moves between beyond page one and the top five, on many keywords at once."""
    if _moved(truth, product.asin):
        return False
    gains = truth.chance.random() < 0.5
    number = int(np.ceil(truth.drawn("share", size) / 100 * len(truth.results)))
    for results in truth.results[:number]:
        page = float(results.page.max())
        far, near = float(truth.chance.uniform(1.2, 1.7)) * page, float(truth.chance.uniform(1, 5))
        _move(results, product, night, *((far, near) if gains else (near, far)))
    truth.label(Kind.SHARE_GAINED if gains else Kind.SHARE_LOST, product.asin, night, 14, size)
    truth.echo(PLACES, product.asin, night, 30)
    if product.own:
        truth.echo({Kind.PASSED_OWN}, None, night, 30)
    return True


def newcomer(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A product that nobody watches comes up on page one of at least half of the keywords, and rises."""
    asin = f"B0NEW{night:03d}{truth.chance.integers(10, 99)}"
    number = max(1, len(truth.results) // 2 + int(size is Size.LARGE))
    for results in truth.results[:number]:
        truth.strangers.append((results.keyword, asin, night, int(truth.chance.integers(8, 15))))
    truth.label(Kind.NEWCOMER, asin, night, 20)
    return True


def _moved(truth: Truth, asin: str) -> set[str]:
    """Keywords on which something of it has been planted."""
    return {label.keyword for label in truth.labels if label.asin == asin and label.keyword} | {
        results.keyword
        for label in truth.labels
        for results in truth.results
        if label.asin == asin and label.kind in {Kind.SHARE_GAINED, Kind.SHARE_LOST}
    }


def _quiet(truth: Truth, product: Product) -> Results:
    """A keyword on which nothing of the product was planted, if there is one."""
    moved = _moved(truth, product.asin)
    quiet = [results for results in truth.results if results.keyword not in moved] or truth.results
    return quiet[int(truth.chance.integers(len(quiet)))]


def _move(results: Results, product: Product, night: int, before: float, after: float) -> None:
    level = results.place[product.asin]
    level[:night] = np.log(before)
    level[night:] = np.log(after)


def _follows(truth: Truth, product: Product, night: int, keyword: str) -> None:
    truth.echo(PLACES, product.asin, night, 20, keyword=keyword)
    truth.echo({Kind.SHARE_GAINED, Kind.SHARE_LOST}, product.asin, night, 20)
    if product.own:
        truth.echo({Kind.PASSED_OWN}, None, night, 25, keyword=keyword)


PLANTS: dict[str, Plant] = {f.__name__: f for f in (place, page_one, passed, ads, share, newcomer)}
