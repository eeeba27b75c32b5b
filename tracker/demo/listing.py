"""What a product's listing shows, before and after its maker changed it: its family, bullets, pictures, and the badges
it may wear.

All of it is drawn from a generator of its own, so that it moves nothing of what the nights change.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from storage.records import Badge, BadgeKind, Product
from tracker.demo.catalogue import Sheet
from tracker.demo.chance import generator
from tracker.demo.spells import Change
from tracker.demo.words import WORDS

NEW_DAYS = 90
"""Days for which a product counts as a new release."""

_ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZ"
_FILE_NAME = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page shows, whatever the price and the sales: fields named as in :class:`storage.records.Product`."""

    parent_asin: str | None
    variation: dict[str, str] | None
    variation_count: int | None
    bullets: tuple[str, ...]
    image_count: int
    main_image: str
    has_a_plus: bool
    has_video: bool
    first_available: date
    pledge: bool
    """Whether it wears the badge of the Climate Pledge."""
    small_business: bool
    other_bullets: tuple[str, ...]
    """What the bullets become when they are changed."""
    other_image: str
    other_family: tuple[str, dict[str, str], int]
    """Parent, variation and number of variations once its reviews were merged with those of that family."""

    def after(self, changes: Collection[Change]) -> "Listing":
        """The listing once these changes were made to it."""
        shown = self
        if Change.BULLETS in changes:
            shown = replace(shown, bullets=self.other_bullets)
        if Change.IMAGE in changes:
            shown = replace(shown, main_image=self.other_image)
        if Change.A_PLUS in changes:
            shown = replace(shown, has_a_plus=not self.has_a_plus)
        if Change.MERGED in changes:
            parent, variation, count = self.other_family
            shown = replace(shown, parent_asin=parent, variation=variation, variation_count=count)
        return shown


def listing(sheet: Sheet, seed: int, start: date) -> Listing:
    """The listing of a product in the world of ``seed`` that begins on ``start``, before any change."""
    niche, words = sheet.niche, WORDS[sheet.niche.marketplace]
    rng = generator(seed, niche.marketplace, sheet.asin, "listing")
    parent = "B0" + "".join(rng.choices(_ALPHABET, k=8))
    children = rng.randint(2, 24) if rng.random() < 0.6 else None
    sentences = rng.sample(words.bullets, rng.randint(3, len(words.bullets)))
    headed = [
        f"{feature[:1].upper()}{feature[1:]}: {text}" for feature, text in zip(sheet.features, sentences, strict=False)
    ]
    age = timedelta(days=rng.randint(62, 80) if sheet.fresh else rng.randint(150, 1900))
    bullets = (*headed, *sentences[len(headed) :])
    variation = dict(zip(words.dimensions, size_and_colour(sheet.variant), strict=True))
    changed = generator(seed, niche.marketplace, sheet.asin, "listing, changed")
    said_instead = changed.choice([text for text in words.bullets if text != sentences[0]])
    return Listing(
        parent_asin=parent if children else None,
        variation=variation if children else None,
        variation_count=children,
        bullets=bullets,
        image_count=rng.randint(4, 9),
        main_image=_image(rng),
        has_a_plus=rng.random() < 0.7,
        has_video=rng.random() < 0.4,
        first_available=start - age,
        pledge=rng.random() < 0.25,
        small_business=sheet.seller_id is not None and rng.random() < 0.25,
        other_bullets=(headed[0].replace(sentences[0], said_instead), *bullets[1:]),
        other_image=_image(changed),
        other_family=(
            "B0" + "".join(changed.choices(_ALPHABET, k=8)),
            variation,
            (children or 1) + changed.randint(2, 9),
        ),
    )


def _image(rng: Random) -> str:
    """The name of an image's file."""
    return f"{rng.choice((61, 71, 81))}" + "".join(rng.choices(_FILE_NAME, k=8)) + "L"


def size_and_colour(variant: str) -> tuple[str, str]:
    """The two parts of a variant ("12 oz, Black", "500ml ブラック")."""
    size, _, colour = variant.rpartition(", " if ", " in variant else " ")
    return size, colour


def badges(shown: Listing, facts: Product, night: date, keyword: str | None) -> tuple[Badge, ...]:
    """The badges of one night, in page order. ``keyword`` is what the product is Amazon's Choice for, if anything."""
    subcategory = facts.bsr[1]
    worn = []
    if subcategory.rank == 1:
        worn.append(Badge(kind=BadgeKind.BEST_SELLER, text=subcategory.category))
    elif night - shown.first_available < timedelta(days=NEW_DAYS):
        worn.append(Badge(kind=BadgeKind.NEW_RELEASE, text=subcategory.category))
    elif keyword and facts.in_stock:
        worn.append(Badge(kind=BadgeKind.AMAZONS_CHOICE, text=keyword))
    if shown.pledge:
        worn.append(Badge(kind=BadgeKind.CLIMATE_PLEDGE))
    if shown.small_business:
        worn.append(Badge(kind=BadgeKind.SMALL_BUSINESS))
    return tuple(worn)
