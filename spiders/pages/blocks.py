"""A block of products beside the main part of a page: which products it shows, its heading, and whether it is an ad.

What a results page shows beside its grid (:mod:`spiders.pages.widgets`) and what a product page shows below the
product (:mod:`spiders.pages.related`) is made of the same components.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from spiders.pages import signs
from spiders.pages.faces import Face, line, read_asin
from storage.marketplaces import Marketplace
from storage.records import Missing, Reason

CAROUSELS = ".a-carousel-container"
_OWN_HEADING = ".a-carousel-heading, .a-carousel-header-row"
_FACES = "[data-asin], [data-csa-c-item-id], li.a-carousel-card, video"
_ASIN_IN = re.compile(r"(?:asin\.(?:\d+\.)?|/dp/|/gp/product/|%2Fdp%2F|%2Fgp%2Fproduct%2F)([A-Z0-9]{10})(?![A-Z0-9])")
_MARKS = "[cel_widget_id], [data-card-metrics-id], [data-component-type], .sbx-desktop, .sb-desktop, .sb-video-creative"
_NAMED_BY = ("cel_widget_id", "data-card-metrics-id", "data-component-type", "data-slot", "class")
_HEADINGS = 'h1, h2, h3, [role="heading"], .a-carousel-heading, .a-size-medium-plus, [class*="headline"]'
_WHOLE = '.a-truncate-full, [class*="fullText"]'
"""The whole of a text that stands on the page a second time, cut."""
_TITLES = ('.a-truncate-full, [class*="fullText"]', '[class*="productTitle"]', "[class*='p13n-sc-truncate']")
_LABELS = (
    ".s-widget-sponsored-label-text, .puis-sponsored-label-text, .s-sponsored-label-text, "
    '[class*="ad-feedback-text"], .puis-label-popover-default, .s-label-popover-default, .s-sponsored-header'
)


class Told(NamedTuple):
    """What a block says of one of its products."""

    title: str | None
    price: Decimal | None
    currency: str | None
    rating: Decimal | None
    review_count: int | None
    missing: tuple[Missing, ...]


class Block:
    """A block with its products: the element of each by ASIN, in page order."""

    def __init__(
        self,
        node: LexborNode,
        products: Mapping[str, LexborNode],
        marketplace: Marketplace,
        face: Callable[[LexborNode, Marketplace], Face] = Face,
    ) -> None:
        self.node = node
        self.faces = {asin: face(each, marketplace) for asin, each in products.items()}
        inside = {each.mem_id for each in products.values()}
        self._inside = inside if node.mem_id not in inside else set()

    def marks(self) -> str:
        """The names that its components go by, in lower case."""
        marked = (self.node, *self.node.css(_MARKS))
        return " ".join(node.attrs.get(name) or "" for node in marked for name in _NAMED_BY).lower()

    def heading(self, *, headline: bool) -> str | None:
        """Its heading or (where it may have a ``headline``) a brand's; a title of one of its products is none."""
        titles = {face.name for face in self.faces.values()}
        for node in self.node.css(_HEADINGS):
            if node.mem_id in self._inside or self._is_within(node):
                continue
            # A headline stands beside the button "Shop now", and maybe twice: whole, and cut to its place.
            part = node.css_first(_WHOLE) or node.css_first('[class*="headlineText"]') or node
            text = line(part.text(separator=" ")) or line(node.attrs.get("aria-label"))
            if text is not None and text not in titles:
                return text
        lines = (node for node in (self.node.css(_WHOLE) if headline else ()) if not self._is_within(node))
        return next((text for node in lines if (text := line(node.text())) and text not in titles), None)

    def is_marked_ad(self) -> set[bool]:
        """Whether the markup of its products makes them ads: both where it does for some only."""
        whole = "AdHolder" in (self.node.attrs.get("class") or "")
        return {whole or face.is_marked_ad() for face in self.faces.values()}

    def is_labelled_ad(self, labels: str = _LABELS) -> set[bool]:
        """Whether its reader is told that it is an ad, or that its products are."""
        said = [node for node in self.node.css(labels) if signs.says_sponsored(node.text(strip=True))]
        if any(not self._is_within(node) for node in said):
            return {True}
        if not said:
            return {False}
        faces = self.faces.values()
        return {any(signs.says_sponsored(n.text(strip=True)) for n in face.node.css(labels)) for face in faces}

    def told(self, face: Face, heading: str | None, sponsored: bool | None) -> Told:
        """What it says of a product, with the reason of each thing that it does not."""
        if heading is None:
            face.lacks("heading", Reason.ABSENT_ON_PAGE)
        if sponsored is None:
            face.lacks("sponsored", Reason.AMBIGUOUS)
        title = face.name or _title(face.node)
        if title is None:
            face.lacks("title", Reason.LAYOUT_UNKNOWN)
        else:
            face.absent = Reason.ABSENT_ON_PAGE
        price = face.price(face.price_text())
        amount, currency = (price.amount, price.currency) if price is not None else (None, None)
        rating, count = face.rating(face.rating_text()), face.review_count()
        return Told(title, amount, currency, rating, count, tuple(face.missing))

    def _is_within(self, node: LexborNode) -> bool:
        return is_within(node, self.node, self._inside)


def blocks_of(node: LexborNode) -> list[tuple[LexborNode, dict[str, LexborNode]]]:
    """The blocks that an element is, with the products of each: none where it shows no products, more than one where
    it holds carousels, each under a heading of its own."""
    products = products_of(node)
    if not products:
        return []
    headed = []
    if "s-result-item" not in (node.attrs.get("class") or ""):
        headed = [carousel for carousel in node.css(CAROUSELS) if carousel.css_first(_OWN_HEADING) is not None]
    if len(headed) < 2:
        return [(node, products)]
    return [(carousel, products) for carousel in headed if (products := products_of(carousel))]


def products_of(block: LexborNode) -> dict[str, LexborNode]:
    """The element of each product by ASIN, in page order; what stands inside such an element belongs to it."""
    found: dict[str, LexborNode] = {}
    taken: set[int] = set()
    film = False
    for node in block.css(_FACES):
        film = film or node.tag == "video"
        asin = _asin_of(node)
        if asin is None or asin in found or is_within(node, block, taken):
            continue
        found[asin] = node
        taken.add(node.mem_id)
    if film and not found:
        linked = (asin for link in block.css("a[href]") if (asin := asin_in(link.attrs.get("href"))))
        found = dict.fromkeys(list(linked)[:1], block)
    return found


def _asin_of(node: LexborNode) -> str | None:
    attributes = node.attrs
    asin = read_asin(node) or asin_in(attributes.get("data-csa-c-item-id"))
    if asin is not None or node.tag != "li":
        return asin
    inner = (read_asin(part) or asin_in(part.attrs.get("data-csa-c-item-id")) for part in node.css(_FACES))
    linked = (asin_in(link.attrs.get("href")) for link in node.css("a[href]"))
    return next((asin for source in (inner, linked) for asin in source if asin is not None), None)


def asin_in(text: str | None) -> str | None:
    """The ASIN that an address or the name of an item holds."""
    found = _ASIN_IN.search(text) if text else None
    return found[1] if found else None


def is_within(node: LexborNode, block: LexborNode, taken: set[int]) -> bool:
    """Whether an element of ``block`` stands inside one of those ``taken``."""
    holder = node.parent
    while taken and holder is not None and holder.mem_id != block.mem_id:
        if holder.mem_id in taken:
            return True
        holder = holder.parent
    return False


def _title(face: LexborNode) -> str | None:
    """The title of a product in a brand's advertisement, whose class names change from day to day."""
    for selector in _TITLES:
        node = face.css_first(selector)
        if node is not None and (text := line(node.text())):
            return text
    image = face.css_first("img[alt]")
    return line(image.attrs.get("alt")) if image is not None else None
