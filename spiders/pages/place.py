"""Whom a page was made for: where it would deliver to, in which language it is, in which currency it tells prices.

Prices, stock and offers hold for that place alone, so it is read from every kind of page. What the site was asked for
is another matter (see :mod:`spiders.place`): it may not have listened.
"""

import re
from collections import Counter
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser

from spiders.pages import phrases
from spiders.pages.reading import ABSENT, UNKNOWN, Lack, attribute, text_of, unparseable
from storage.records import Page, Shown

_LINES = ("#glow-ingress-line1", "#glow-ingress-line2")
_HEAD = "#nav-belt, #navbar, #nav-main"
_PREFERENCE = "#icp-touch-link-cop .icp-color-base, #icp-touch-link-cop"
"""The footer's link to the currency of choice ("USD - U.S. Dollar"); only sites with several have it."""
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?")


def delivery_location(first: str | None, second: str | None, *, head: bool) -> str | Lack:
    """The place in the two lines at the head of a page, which holds for all its prices.

    Args:
        head: whether the page has the head that these lines stand in.
    """
    if not first:
        return ABSENT if head else UNKNOWN
    lines = f"{first} / {second or ''}"
    place = phrases.place_delivered_to(first, second or "")
    if place:
        return place
    # "Hello" / "Select your address": no place has been chosen.
    return ABSENT if phrases.says_choose_place(lines) else unparseable(lines)


def read_shown(tree: LexborHTMLParser, page: Page) -> Shown:
    """Whom ``page``, read from ``tree``, was made for; what it does not say is None.

    The currency is that of the amounts on it, where most of several; of a page without any, the one that it names as
    the currency of choice.
    """
    first, second = (text_of(tree.css_first(line)) for line in _LINES)
    head = first is not None or tree.css_first(_HEAD) is not None
    place = delivery_location(first, second, head=head)
    currencies = Counter(currency for currency in _currencies(page) if currency)
    return Shown(
        delivery_location=None if isinstance(place, Lack) else place,
        has_head=head,
        language=_language(attribute(tree.css_first("html"), "lang")),
        currency=currencies.most_common(1)[0][0] if currencies else _preferred(tree),
    )


def _currencies(page: Page) -> Iterable[str | None]:
    if page.product:
        yield page.product.currency
    if page.search:
        yield from (each.currency for each in page.search.placements)
    yield from (each.currency for ranked in page.lists for each in ranked.places)
    if page.offers:
        yield from (each.currency for each in page.offers.offers)


def _preferred(tree: LexborHTMLParser) -> str | None:
    chosen = attribute(tree.css_first("#currencyOfPreference"), "value")
    named = [chosen, *(text_of(node) or "" for node in tree.css(_PREFERENCE))]
    return next((found[0] for text in named if (found := _CODE.search(text)) is not None), None)


def _language(tag: str) -> str | None:
    """A language tag as the standard writes it: "zh-TW" of "zh-tw"."""
    found = _LANGUAGE.fullmatch(tag)
    if found is None:
        return None
    language, script, region = found.groups()
    parts = (language.lower(), script.title() if script else None, region.upper() if region else None)
    return "-".join(part for part in parts if part)
