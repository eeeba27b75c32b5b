"""One card of the result grid: the placement it makes, with the coupon and the badges it wears."""

import re

from selectolax.lexbor import LexborNode

from spiders.pages import numbers, phrases, signs
from spiders.pages.faces import Face, line, read_sponsored
from storage.marketplaces import Marketplace
from storage.records import Badge, BadgeKind, Placement, Reason

_BADGES = (
    (BadgeKind.BEST_SELLER, re.compile(r"best[-_ ]?seller", re.IGNORECASE)),
    (BadgeKind.AMAZONS_CHOICE, re.compile(r"amazons?[-_ ]?choice|overall[-_ ]?pick", re.IGNORECASE)),
    (BadgeKind.NEW_RELEASE, re.compile(r"new[-_ ]?(?:release|arrival)", re.IGNORECASE)),
    (BadgeKind.DEAL, re.compile(r"deal", re.IGNORECASE)),
)
"""What the id of a badge says that it is; the words of the badge are asked only where the id says nothing."""
_DISCOUNT = "DELIGHT_PRICING"
"""Id of a badge that only says how much the price is below the list price."""
_PLEDGE = 'a[href*="climatepledgefriendly"]'


def read_placement(
    node: LexborNode, marketplace: Marketplace, layout: str, *, asin: str, position: int, counts: dict[bool, int]
) -> Placement:
    """The placement of a card; ``counts`` holds how many ads (True) and organic results came before, and is kept."""
    face = Face(node, marketplace, layout)
    is_ad = read_sponsored(face)
    if is_ad is None:
        face.lacks("sponsored", Reason.AMBIGUOUS)
    else:
        counts[is_ad] = counts.get(is_ad, 0) + 1
    unplaced = Reason.AMBIGUOUS if is_ad is None else Reason.NOT_APPLICABLE
    if is_ad is not False:
        face.lacks("organic_position", unplaced)
    if is_ad is not True:
        face.lacks("sponsored_position", unplaced)
    title = face.title()
    price_text = face.price_text()
    if price_text is None:
        face.lacks("price_text", face.absent)
    price = face.price(price_text)
    rating_text = face.rating_text()
    if rating_text is None:
        face.lacks("rating_text", face.absent)
    return Placement(
        position=position,
        asin=asin,
        sponsored=is_ad,
        organic_position=counts[False] if is_ad is False else None,
        sponsored_position=counts[True] if is_ad is True else None,
        title=title,
        price=price.amount if price is not None else None,
        list_price=face.list_price(price),
        currency=price.currency if price is not None else None,
        price_text=price_text,
        coupon=read_coupon(face),
        rating=face.rating(rating_text),
        rating_text=rating_text,
        review_count=face.review_count(),
        bought_past_month_min=read_bought(face),
        badges=read_badges(face, asin),
        missing=tuple(face.missing),
    )


def read_coupon(face: Face) -> str | None:
    """The coupon's text; what is taken off for subscribing stands in the same place and is none."""
    for node in face.parts.get("coupon", ()):
        if (text := line(node.text(separator=" "))) and signs.says_coupon(text):
            return text
    face.lacks("coupon", face.absent)
    return None


def read_bought(face: Face) -> int | None:
    """The lower bound of "200+ bought in past month"; a line with a number may say something else in its place."""
    for node in face.parts.get("bought", ()):
        text = line(node.text())
        if text is None or not any(map(str.isdigit, text)) or not signs.says_bought(text):
            continue
        bound = numbers.at_least(text, face.marketplace)
        if bound is None:
            face.lacks("bought_past_month_min", Reason.UNPARSEABLE, text)
        return bound
    face.lacks("bought_past_month_min", face.absent)
    return None


def read_badges(face: Face, asin: str) -> tuple[Badge, ...]:
    """The badges of a card in page order, each once. A percentage off is none: the list price says it."""
    found = [_badge(node, asin) for node in face.parts.get("badge", ())]
    found += [_pledge(node, face) for node in face.parts.get("pledge", ())]
    return tuple(dict.fromkeys(badge for badge in found if badge is not None))


def _badge(node: LexborNode, asin: str) -> Badge | None:
    name = (node.id or "").replace(asin, "")
    if name.startswith(_DISCOUNT):
        return None
    kind = next((kind for kind, pattern in _BADGES if pattern.search(name)), None)
    label = _inner(node, ".a-badge-label, .rio-badge-label")
    if kind is None and label is not None and signs.says_deal(label):
        kind = BadgeKind.DEAL
    if kind is None:
        return None
    if kind is BadgeKind.DEAL:
        return Badge(kind=kind, text=label)
    more = _inner(node, ".a-badge-supplementary-text, .rio-badge-supplementary-text")
    return Badge(kind=kind, text=phrases.subject_of_badge(more) if more is not None else None)


def _pledge(node: LexborNode, face: Face) -> Badge | None:
    """A mark on the product's maker or making. Its words vary ("1 sustainability feature"), not its link."""
    text = line(node.text(separator=" "))
    if text is None:
        return None
    if signs.says_small_business(text):
        return Badge(kind=BadgeKind.SMALL_BUSINESS)
    if signs.says_climate_pledge(text) or face.node.css_first(_PLEDGE) is not None:
        return Badge(kind=BadgeKind.CLIMATE_PLEDGE)
    return None


def _inner(node: LexborNode, selector: str) -> str | None:
    found = node.css_first(selector)
    return line(found.text(separator=" ")) if found is not None else None
