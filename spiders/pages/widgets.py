"""What stands above, between and below the cards of the result grid and shows products too.

A block is the largest element beside the grid's cards that holds none of them: brand advertisements, sponsored videos,
editorial recommendations, carousels. What it is its markup says (the names of its components are the same in every
language), else its heading. A block whose products are loaded later shows none yet, and yields nothing.
"""

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import signs
from spiders.pages.blocks import Block, blocks_of
from storage.marketplaces import Marketplace
from storage.records import WidgetKind, WidgetPlacement

_NO_BLOCKS = frozenset({"script", "style", "link", "noscript", "template", "header", "input", "meta", "iframe"})
_NO_PRODUCTS_IN = re.compile(r"nav|s-refinements|refinements|leftNav|searchTemplate_sb", re.IGNORECASE)
"""Ids of menus and filters, whose links to products are no offers."""
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
        for block, products in blocks_of(element):
            widget += 1
            placements += _read_block(Block(block, products, marketplace), widget, after_position)
    return tuple(placements)


def _read_block(block: Block, widget: int, after_position: int) -> Iterator[WidgetPlacement]:
    marks = block.marks()
    heading = block.heading(headline=_KINDS[0][1].search(marks) is None)
    kind = _kind(marks, heading, len(block.faces))
    sponsored = True if kind in _ADS else _sponsored(block)
    for place, (asin, face) in enumerate(block.faces.items(), 1):
        told = block.told(face, heading, sponsored)
        yield WidgetPlacement(
            widget=widget,
            kind=kind,
            heading=heading,
            sponsored=sponsored,
            after_position=after_position,
            place=place,
            asin=asin,
            **told._asdict(),
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


def _kind(marks: str, heading: str | None, products: int) -> WidgetKind:
    kinds = [kind for kind, pattern in _KINDS if pattern.search(marks)]
    if kinds[:1] == [WidgetKind.VIDEO] and (products > 1 or heading is not None):
        return WidgetKind.SPONSORED_BRAND  # a brand's own block, with a film beside its products
    if kinds:
        return kinds[0]
    if heading is not None and signs.says_highly_rated(heading):
        return WidgetKind.HIGHLY_RATED
    return WidgetKind.EDITORIAL if heading is not None and signs.says_editorial(heading) else WidgetKind.CAROUSEL


def _sponsored(block: Block) -> bool | None:
    """Whether a block is an advertisement, by its markup and its label in agreement; None where they are not, or where
    some of its products are advertised and others not."""
    marked = block.is_marked_ad()
    return marked.pop() if len(marked) == 1 and marked == block.is_labelled_ad() else None
