"""Where the offer of a product page stands: the Buy Box of the new item, and how its prices are written.

A page may show several offers at once (new, used, by subscription, as rows of an accordion) and the prices of many
other products. So nothing is looked for on the whole page: every field has the few places where the site puts it for
the new item, newest layout first.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import takewhile

from babel.numbers import get_decimal_symbol
from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import numbers
from spiders.pages.reading import ABSENT, UNKNOWN, Elements, Lack, around, attribute, of_another, text_of
from storage.marketplaces import Marketplace
from storage.records import Money, Reason

_PLACES = (
    "#desktop_buybox, #buybox, #buyBoxInner, #handleBuy, #addToCart, #outOfStock, #buyNewSection, #unqualifiedBuyBox, "
    "#rightCol, #centerCol"
)
_MODERN = "#ppd, #dp, #dp-container, #centerCol, #rightCol"
_ACCORDION = "#buyBoxAccordion, #accordionRows, #desktop_accordion"
_NEW_ROWS = ("apex_desktop_newAccordionRow", "newAccordionRow", "dealsAccordionRow")


class BuyBox:
    """The Buy Box of a product page."""

    def __init__(self, tree: LexborHTMLParser, elements: Elements, marketplace: Marketplace) -> None:
        self.elements = elements
        self.marketplace = marketplace
        self._tree = tree

    @cached_property
    def _scopes(self) -> tuple[Elements, ...]:
        """Where the new item's fields stand: its rows of the accordion, or the page where there is no accordion."""
        if _ACCORDION not in self.elements:
            return (self.elements,)
        rows = [
            row
            for prefix in _NEW_ROWS
            if (row := next(self.elements.starting(prefix), None)) is not None  # the first of each kind
        ]
        return tuple(Elements(row) for row in rows) or (self.elements,)

    @cached_property
    def nothing(self) -> Lack:
        """The reason of a field that is not found: the Buy Box does not show it, or is not where we know it."""
        return ABSENT if _PLACES in self.elements else UNKNOWN

    def all(self, selector: str) -> list[LexborNode]:
        """Elements of the new item's offer, without those of a used or subscribed one's, or of another product."""
        return [node for scope in self._scopes for node in scope.own(selector)]

    def starting(self, *prefixes: str) -> list[LexborNode]:
        """Elements of the new item's offer whose id begins with one of ``prefixes``."""
        return [node for scope in self._scopes for node in scope.starting(*prefixes) if not scope.is_of_another(node)]

    def text(self, *selectors: str) -> str | None:
        """The text of the first of the offer's elements that has any, in order of the selectors."""
        texts = (text_of(node) for selector in selectors for node in self.all(selector))
        return next(filter(None, texts), None)

    def anywhere(self, selector: str) -> list[LexborNode]:
        """What a selector finds on a page of before 2013, whose elements have few ids; nothing on a newer one."""
        if _MODERN in self.elements:
            return []
        return [node for node in self._tree.css(selector) if not of_another(node)]

    def money(self, texts: Iterable[str | None]) -> Money | Lack | None:
        """The first of these texts as money; why not, when it cannot be read; None when there is none."""
        text = next(filter(None, texts), None)
        return money_in(text, self.marketplace) if text is not None else None


def money_in(text: str, marketplace: Marketplace) -> Money | Lack:
    """The one amount in a text; a range is ambiguous, as it wants a size or colour first."""
    if (found := numbers.money(text, marketplace)) is not None:
        return found
    several = len(set(numbers.moneys(text, marketplace))) > 1
    return Lack(Reason.AMBIGUOUS if several else Reason.UNPARSEABLE, text[:200])


def is_beside(node: LexborNode, whole: LexborNode, classes: re.Pattern[str]) -> bool:
    """Whether a price in ``whole`` is none to pay: it, or something around it, is struck through or of ``classes``."""
    return any(
        classes.search(each.attrs.get("class") or "") or each.attrs.get("data-a-strike") == "true"
        for each in takewhile(lambda each: each.mem_id != whole.mem_id, around(node))
    )


def price_text(price: LexborNode, marketplace: Marketplace) -> str | None:
    """The text of a ``.a-price``: as spoken by screen readers, else put together from its parts.

    None for one that holds further prices: markup so broken that the next product's price has slid into it.
    """
    if any(inner.mem_id != price.mem_id for inner in price.css(".a-price")):
        return None
    spoken = text_of(price.css_first(".a-offscreen"))
    if spoken and any(char.isdigit() for char in spoken):
        return spoken
    whole = text_of(price.css_first(".a-price-whole"))
    if whole is None:
        text = text_of(price)
        return text if text and any(char.isdigit() for char in text) else None
    symbol = text_of(price.css_first(".a-price-symbol")) or ""
    fraction = text_of(price.css_first(".a-price-fraction"))
    point = text_of(price.css_first(".a-price-decimal")) or get_decimal_symbol(marketplace.locales[0])
    units = re.sub(r"\s", "", whole).removesuffix(point)
    return f"{symbol}{units}{point}{fraction}" if fraction else f"{symbol}{units}"


def per_unit(node: LexborNode) -> bool:
    """Whether a price is one per unit ("$0.40 / Fl Oz")."""
    classes = f"{attribute(node, 'class')} {attribute(node.parent, 'class')}"
    return "pricePerUnit" in classes or "price-per-unit" in classes
