"""What stands on the product page, badges, and whether there is a page at all."""

from reports.flags.kind import Kind
from tests.worlds.labels import Size
from tests.worlds.plants import ADS, FACT_WITHIN, PLACES, PRICES, RANKS, Plant
from tests.worlds.truth import NIGHTS, Product, Truth

WORDS = {Size.SMALL: 1, Size.MEDIUM: 2, Size.LARGE: 3}
"""Versions of a title: how far it is from the first (``observing`` writes them)."""


def title(truth: Truth, product: Product, night: int, size: Size) -> bool:
    if product.title.any():
        return False
    product.title[night:] = WORDS[size]
    truth.label(Kind.TITLE_CHANGED, product.asin, night, FACT_WITHIN, size)
    return True


def bullets(truth: Truth, product: Product, night: int, size: Size) -> bool:
    product.bullets[night:] += WORDS[size]
    truth.label(Kind.BULLETS_CHANGED, product.asin, night, FACT_WITHIN)
    return True


def image(truth: Truth, product: Product, night: int, size: Size) -> bool:
    if product.image.any():
        return False
    product.image[night:] += 1
    truth.label(Kind.IMAGE_CHANGED, product.asin, night, FACT_WITHIN)
    return True


def variations(truth: Truth, product: Product, night: int, size: Size) -> bool:
    product.variations[night:] += int(truth.chance.choice([-2, 2, 4, 6]))
    truth.label(Kind.VARIATIONS_CHANGED, product.asin, night, FACT_WITHIN)
    return True


def extras(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A+ content or a video comes, or goes."""
    shown, kind = (product.a_plus, Kind.A_PLUS_CHANGED) if size is Size.SMALL else (product.video, Kind.VIDEO_CHANGED)
    shown[night:] ^= True
    truth.label(kind, product.asin, night, 7)
    return True


def category(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """Another main category, in which its rank is another."""
    product.category[night:] = 2 if product.category[0] != 2 else 0
    truth.label(Kind.CATEGORY_CHANGED, product.asin, night, 7)
    truth.echo(RANKS | {Kind.BADGE_LOST}, product.asin, night, 40)
    return True


def badge(truth: Truth, product: Product, night: int, size: Size) -> bool:
    shown = product.best_seller if size is Size.SMALL else product.choice
    if shown.any():
        return False
    shown[night:] = True
    if truth.chance.random() < 0.5:
        shown[:] = ~shown
    kind = Kind.BADGE_GAINED if shown[night] else Kind.BADGE_LOST
    truth.label(kind, product.asin, night, 7)
    return True


def gone(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """The page is not found for at least six nights."""
    end = min(NIGHTS, night + int(truth.chance.integers(6, 22)))
    product.gone[night:end] = True
    truth.label(Kind.LISTING_GONE, product.asin, night, 7, ends=end)
    if end < NIGHTS:
        truth.label(Kind.LISTING_BACK, product.asin, end, 7)
    stock = {Kind.OUT_OF_STOCK, Kind.BACK_IN_STOCK, Kind.BUY_BOX_CHANGED, Kind.BUY_BOX_LOST}
    truth.echo(RANKS | PLACES | ADS | PRICES | stock, product.asin, night, NIGHTS)
    return True


PLANTS: dict[str, Plant] = {f.__name__: f for f in (title, bullets, image, variations, extras, category, badge, gone)}
