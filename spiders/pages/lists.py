"""Ranked lists: best sellers, new releases, movers and shakers, most wished for, most gifted.

What stands at a rank is found from the rank itself, which every layout marks, newest first:

* 2021 to now: ``.zg-bdg-text`` in the cells of a grid (``#gridItemRoot``) or in the cards of a front page's carousels;
* 2018 to 2021: ``.zg-badge-text`` in ``li.zg-item-immersion``;
* before: ``.zg_rankNumber`` in ``.zg_itemImmersion`` or ``.zg_itemRow``, ``.zg_rank`` in the ``.zg_homeWidget`` of a
  front page.

Which list it is says :mod:`spiders.pages.ranking`. Real pages were at hand for the carousels of 2024 and 2025 only; the
other layouts are read as public code that reads them describes their markup.

A list of 50 is sent with the cells of the first 30 only, the rest are fetched as one scrolls; a carousel of 20 with
the first 6. The ids of all of them, with their ranks, stand in the data of the list (``data-client-recs-list``,
``data-a-carousel-options``). An entry known from there alone has its rank and ASIN, which are as good as those of the
others; the page does not show more of it, so all else is ``absent_on_page``. Data without ranks is of another list.

A page of many small lists (a front page) gives each of them; lists side by side (paid and free) are told apart by
their ranks, which begin anew.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import ranking
from spiders.pages.listed import asin_in, data_in, place, unseen
from spiders.pages.numbers import count
from spiders.pages.reading import around, text_of
from storage.marketplaces import Marketplace
from storage.records import ListPlace, RankedList

_MARKS = ".zg-bdg-text, .zg-badge-text, .zg_rankNumber, .zg_rank"
_CELL = re.compile(
    r"(?:^|\s)(?:a-carousel-card|zg-item-immersion|zg_itemImmersion|zg_itemRow|zg_itemWrapper|zg_homeWidgetItem)(?:\s|$)"
)
_BLOCKS = ".a-carousel-container, .zg_homeWidget, [data-client-recs-list]"
"""What holds the entries of one list."""
_CELL_DEPTH = 10  # elements between a rank and the cell that it stands in, at most
_RANK_KEY = "render.zg.rank"


class _Entry(NamedTuple):
    """A cell of a list: the rank it is marked with, the product it shows."""

    rank: int
    asin: str
    cell: LexborNode


def read_lists(tree: LexborHTMLParser, marketplace: Marketplace, url: str | None = None) -> tuple[RankedList, ...]:
    """Every ranked list of a page known to be whole, in page order; empty when none has an entry.

    ``url`` is asked for what the page itself does not state. Never raises.
    """
    blocks: dict[int | None, tuple[LexborNode | None, list[_Entry]]] = {
        node.mem_id: (node, []) for node in tree.css(_BLOCKS)
    }
    marks = _marks(tree)
    inside = Counter(above.mem_id for mark in marks for above in islice(around(mark.parent), _CELL_DEPTH))
    for mark in marks:
        rank = count(text_of(mark) or "", marketplace)
        cell = _cell(mark, inside)
        asin = asin_in(cell) if cell is not None else None
        if rank and cell is not None and asin:
            block = _block(mark)
            key = block.mem_id if block is not None else None
            blocks.setdefault(key, (block, []))[1].append(_Entry(rank, asin, cell))
    found: list[RankedList] = []
    for block, entries in blocks.values():
        for places in _places(block, entries, marketplace):
            if block is None or "data-client-recs-list" in block.attributes:
                read = ranking.own(tree, places, [entry.cell for entry in entries[:3]], url)
            else:
                read = ranking.small(tree, block, places)
            if read is not None:
                found.append(read)
    return tuple(found)


def _cell(mark: LexborNode, inside: Counter[int]) -> LexborNode | None:
    """The cell that a rank stands in: the outermost known one around it, else the first element with a product.

    ``inside`` counts the ranks in each element, which tells a cell from the list.
    """
    known: LexborNode | None = None
    first: LexborNode | None = None
    for node in islice(around(mark.parent), _CELL_DEPTH):
        if inside[node.mem_id] > 1:
            break
        if node.attributes.get("id") == "gridItemRoot" or _CELL.search(node.attributes.get("class") or ""):
            known = node
        elif first is None and asin_in(node):
            first = node
    return known if known is not None else first


def _marks(scope: LexborHTMLParser | LexborNode) -> list[LexborNode]:
    """The ranks marked in ``scope``; of a mark within a mark the inner one."""
    return [mark for mark in scope.css(_MARKS) if len(mark.css(_MARKS)) == 1]


def _block(mark: LexborNode) -> LexborNode | None:
    for node in around(mark.parent):
        classes = (node.attributes.get("class") or "").split()
        if (
            "a-carousel-container" in classes
            or "zg_homeWidget" in classes
            or "data-client-recs-list" in node.attributes
        ):
            return node
    return None


def _places(
    block: LexborNode | None, entries: list[_Entry], marketplace: Marketplace
) -> Iterator[tuple[ListPlace, ...]]:
    """The entries of a block by rank, those known from its data alone included; one tuple for each list in it."""
    lists: list[dict[int, ListPlace]] = []
    for rank, asin, cell in entries:
        for known in lists:
            if rank not in known:
                known[rank] = place(cell, rank, asin, marketplace)
                break
            if known[rank].asin == asin:  # the same mark a second time
                break
        else:
            lists.append({rank: place(cell, rank, asin, marketplace)})
    told = dict(_told(block)) if block is not None else {}
    if told and len(lists) <= 1:
        shown = lists[0] if lists else {}
        asins = {entry.asin for entry in shown.values()}
        shown |= {rank: unseen(rank, asin) for rank, asin in told.items() if rank not in shown and asin not in asins}
        lists = [shown]
    for places in lists:
        yield tuple(places[rank] for rank in sorted(places))


def _told(block: LexborNode) -> Iterator[tuple[int, str]]:
    """Rank and ASIN of every entry that the data of a list names."""
    told = data_in(block.attributes.get("data-client-recs-list"))
    if told is None:
        options = data_in(block.attributes.get("data-a-carousel-options"))
        ajax = options.get("ajax") if isinstance(options, dict) else None
        told = ajax.get("id_list") if isinstance(ajax, dict) else None
    for each in told if isinstance(told, list) else ():
        entry = data_in(each) if isinstance(each, str) else each
        about = entry.get("metadataMap") if isinstance(entry, dict) else None
        rank = str(about.get(_RANK_KEY) or "") if isinstance(about, dict) else ""
        asin = str(entry.get("id") or "") if isinstance(entry, dict) else ""
        if re.fullmatch(r"[1-9]\d{0,5}", rank) and re.fullmatch(r"[A-Z0-9]{10}", asin):
            yield int(rank), asin
