"""What stands above, between and below the cards of the result grid and shows products too.

A block is the largest element beside the grid's cards that holds none of them: brand advertisements, sponsored videos,
editorial recommendations, carousels. What it is its markup says (the names of its components are the same in every
language), else its heading. A block whose products are loaded later shows none yet, and yields nothing.
"""

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import signs
from spiders.pages.faces import Face, line, read_asin
from storage.marketplaces import Marketplace
from storage.records import Reason, WidgetKind, WidgetPlacement

_NO_BLOCKS = frozenset({"script", "style", "link", "noscript", "template", "header", "input", "meta", "iframe"})
_NO_PRODUCTS_IN = re.compile(r"nav|s-refinements|refinements|leftNav|searchTemplate_sb", re.IGNORECASE)
"""Ids of menus and filters, whose links to products are no offers."""
_CAROUSELS = ".a-carousel-container"
_OWN_HEADING = ".a-carousel-heading, .a-carousel-header-row"
_FACES = "[data-asin], [data-csa-c-item-id], li.a-carousel-card, video"
_ASIN_IN = re.compile(r"(?:asin\.(?:\d+\.)?|/dp/|/gp/product/|%2Fdp%2F|%2Fgp%2Fproduct%2F)([A-Z0-9]{10})(?![A-Z0-9])")
_MARKS = "[cel_widget_id], [data-card-metrics-id], [data-component-type], .sbx-desktop, .sb-desktop, .sb-video-creative"
_NAMED_BY = ("cel_widget_id", "data-card-metrics-id", "data-component-type", "data-slot", "class")
_KINDS = (
    (WidgetKind.VIDEO, re.compile(r"sbv-video|video[-_]single|sb-video")),
    (
        WidgetKind.SPONSORED_BRAND,
        re.compile(r"\bsbx?-|-creative\b|\bhsa\b|-hsa-|sponsored[-_]brand|threepsl|brand[-_](?:ad|banner|footer)"),
    ),
    (WidgetKind.HIGHLY_RATED, re.compile(r"highly[-_]?rated")),
    (WidgetKind.EDITORIAL, re.compile(r"editorial|shopping[-_]advis[eo]r")),
)
_ADS = frozenset({WidgetKind.VIDEO, WidgetKind.SPONSORED_BRAND})
_HEADINGS = 'h1, h2, h3, [role="heading"], .a-carousel-heading, .a-size-medium-plus, [class*="headline"]'
_WHOLE = '.a-truncate-full, [class*="fullText"]'
"""The whole of a text that stands on the page a second time, cut."""
_TITLES = ('.a-truncate-full, [class*="fullText"]', '[class*="productTitle"]', "[class*='p13n-sc-truncate']")
_LABELS = (
    ".s-widget-sponsored-label-text, .puis-sponsored-label-text, .s-sponsored-label-text, "
    '[class*="ad-feedback-text"], .puis-label-popover-default, .s-label-popover-default, .s-sponsored-header'
)


def read_widgets(
    tree: LexborHTMLParser, grid: Sequence[LexborNode], marketplace: Marketplace, around: str
) -> tuple[WidgetPlacement, ...]:
    """The products of every block of a results page, block by block in page order.

    Args:
        tree: the page.
        grid: its cards, which make no blocks.
        marketplace: whose it is.
        around: selector of what would hold the cards of a page that has none.
    """
    placements: list[WidgetPlacement] = []
    widget = 0
    for element, after_position in _beside(tree, grid, around):
        for block, products in _blocks_of(element):
            widget += 1
            placements += _read_block(block, products, marketplace, widget, after_position)
    return tuple(placements)


def _read_block(
    block: LexborNode, products: dict[str, LexborNode], marketplace: Marketplace, widget: int, after_position: int
) -> Iterator[WidgetPlacement]:
    inside = (
        {node.mem_id for node in products.values()}
        if block.mem_id not in {n.mem_id for n in products.values()}
        else set()
    )
    faces = {asin: Face(node, marketplace) for asin, node in products.items()}
    marks = _marks(block)
    heading = _heading(block, inside, list(faces.values()), headline=_KINDS[0][1].search(marks) is None)
    kind = _kind(marks, heading, len(products))
    sponsored = True if kind in _ADS else _sponsored(block, list(faces.values()), inside)
    for place, (asin, face) in enumerate(faces.items(), 1):
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
        yield WidgetPlacement(
            widget=widget,
            kind=kind,
            heading=heading,
            sponsored=sponsored,
            after_position=after_position,
            place=place,
            asin=asin,
            title=title,
            price=price.amount if price is not None else None,
            currency=price.currency if price is not None else None,
            rating=face.rating(face.rating_text()),
            review_count=face.review_count(),
            missing=tuple(face.missing),
        )


def _beside(tree: LexborHTMLParser, grid: Sequence[LexborNode], around: str) -> Iterator[tuple[LexborNode, int]]:
    """Every element beside the cards in page order, with the position of the last card before it."""
    cards = {card.mem_id for card in grid}
    above: set[int] = set()  # what holds cards
    start = tree.css_first(around) if not grid else None
    for node in grid if start is None else (start,):
        holder = node.parent if start is None else start
        while holder is not None and holder.mem_id not in above:
            above.add(holder.mem_id)
            holder = holder.parent
    position = 0
    waiting = [tree.body] if tree.body is not None else []
    while waiting:
        node = waiting.pop()
        if node.mem_id in cards:
            position += 1
        elif node.mem_id in above or node.tag == "body":
            waiting += reversed([child for child in node.iter() if child.is_element_node])
        elif node.tag not in _NO_BLOCKS and _NO_PRODUCTS_IN.match(node.id or "") is None:
            yield node, position


def _blocks_of(node: LexborNode) -> Iterator[tuple[LexborNode, dict[str, LexborNode]]]:
    """The blocks that an element is, with the products of each: none where it shows no products, more than one where
    it holds carousels, each under a heading of its own."""
    products = _products(node)
    if not products:
        return
    headed = []
    if "s-result-item" not in (node.attrs.get("class") or ""):
        headed = [carousel for carousel in node.css(_CAROUSELS) if carousel.css_first(_OWN_HEADING) is not None]
    if len(headed) < 2:
        yield node, products
        return
    for carousel in headed:
        if products := _products(carousel):
            yield carousel, products


def _products(block: LexborNode) -> dict[str, LexborNode]:
    """The element of each product by ASIN, in page order; what stands inside such an element belongs to it."""
    found: dict[str, LexborNode] = {}
    taken: set[int] = set()
    film = False
    for node in block.css(_FACES):
        film = film or node.tag == "video"
        asin = _asin_of(node)
        if asin is None or asin in found or _is_within(node, block, taken):
            continue
        found[asin] = node
        taken.add(node.mem_id)
    if film and not found:
        linked = (asin for link in block.css("a[href]") if (asin := _asin_in(link.attrs.get("href"))))
        found = dict.fromkeys(list(linked)[:1], block)
    return found


def _asin_of(node: LexborNode) -> str | None:
    attributes = node.attrs
    asin = read_asin(node) or _asin_in(attributes.get("data-csa-c-item-id"))
    if asin is not None or node.tag != "li":
        return asin
    inner = (read_asin(part) or _asin_in(part.attrs.get("data-csa-c-item-id")) for part in node.css(_FACES))
    linked = (_asin_in(link.attrs.get("href")) for link in node.css("a[href]"))
    return next((asin for source in (inner, linked) for asin in source if asin is not None), None)


def _asin_in(text: str | None) -> str | None:
    found = _ASIN_IN.search(text) if text else None
    return found[1] if found else None


def _is_within(node: LexborNode, block: LexborNode, taken: set[int]) -> bool:
    """Whether an element stands inside one of those ``taken``."""
    holder = node.parent
    while taken and holder is not None and holder.mem_id != block.mem_id:
        if holder.mem_id in taken:
            return True
        holder = holder.parent
    return False


def _marks(block: LexborNode) -> str:
    """The names that the block's components go by, in lower case."""
    marked = (block, *block.css(_MARKS))
    return " ".join(node.attrs.get(name) or "" for node in marked for name in _NAMED_BY).lower()


def _kind(marks: str, heading: str | None, products: int) -> WidgetKind:
    kinds = [kind for kind, pattern in _KINDS if pattern.search(marks)]
    if kinds[:1] == [WidgetKind.VIDEO] and (products > 1 or heading is not None):
        return WidgetKind.SPONSORED_BRAND  # a brand's own block, with a film beside its products
    if kinds:
        return kinds[0]
    if heading is not None and signs.says_highly_rated(heading):
        return WidgetKind.HIGHLY_RATED
    return WidgetKind.EDITORIAL if heading is not None and signs.says_editorial(heading) else WidgetKind.CAROUSEL


def _heading(block: LexborNode, inside: set[int], faces: list[Face], *, headline: bool) -> str | None:
    """The block's heading or (where it may have a ``headline``) a brand's; a title of one of its products is none."""
    titles = {face.name for face in faces}
    for node in block.css(_HEADINGS):
        if node.mem_id in inside or _is_within(node, block, inside):
            continue
        # A headline stands beside the button "Shop now", and maybe twice: whole, and cut to its place.
        part = node.css_first(_WHOLE) or node.css_first('[class*="headlineText"]') or node
        text = line(part.text(separator=" ")) or line(node.attrs.get("aria-label"))
        if text is not None and text not in titles:
            return text
    lines = (node for node in (block.css(_WHOLE) if headline else ()) if not _is_within(node, block, inside))
    return next((text for node in lines if (text := line(node.text())) and text not in titles), None)


def _sponsored(block: LexborNode, faces: list[Face], inside: set[int]) -> bool | None:
    """Whether a block is an advertisement, by its markup and its label in agreement; None where they are not, or where
    some of its products are advertised and others not."""
    marked = {face.is_marked_ad() or "AdHolder" in (block.attrs.get("class") or "") for face in faces}
    labels = [node for node in block.css(_LABELS) if signs.says_sponsored(node.text(strip=True))]
    told = {True} if any(not _is_within(node, block, inside) for node in labels) else set()
    told = told or {any(signs.says_sponsored(n.text(strip=True)) for n in face.node.css(_LABELS)) for face in faces}
    return marked.pop() if len(marked) == 1 and marked == told else None


def _title(face: LexborNode) -> str | None:
    """The title of a product in a brand's advertisement, whose class names change from day to day."""
    for selector in _TITLES:
        node = face.css_first(selector)
        if node is not None and (text := line(node.text())):
            return text
    image = face.css_first("img[alt]")
    return line(image.attrs.get("alt")) if image is not None else None
