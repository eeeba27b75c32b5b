"""Search results pages: the elements of the main result grid, in page order, and what stands beside them.

Layouts read, newest first:

* 2019 to now: ``div.s-main-slot`` (at first only ``div.s-result-list``) holding cards marked
  ``data-component-type="s-search-result"``; prices in ``.a-price``;
* 2015 to 2018: ``li.s-result-item[data-asin]`` in ``#s-results-list-atf``; prices in ``.sx-price``, before it in
  ``.s-price``;
* 2012 to 2015: ``div.prod[name=ASIN]`` in ``#atfResults`` and ``#btfResults``.

Carousels, editorial picks, brand ads and other widgets between the cards are no placements; those that show products
are read by :mod:`spiders.pages.widgets`.
"""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import numbers, signs
from spiders.pages.cards import read_placement
from spiders.pages.faces import line, read_asin
from spiders.pages.reading import around, asked, attribute, text_of
from spiders.pages.widgets import read_widgets
from storage.marketplaces import Marketplace
from storage.records import Missing, Reason, SearchPage

_LAYOUTS = (
    ("2019", '[data-component-type="s-search-result"][data-asin]'),
    ("2019", "div.s-result-list div.s-result-item[data-asin]:not([data-asin=''])"),
    ("2015", ":is(#s-results-list-atf, #s-results-list-btf, #atfResults, #btfResults) li.s-result-item[data-asin]"),
    ("2012", ":is(#atfResults, #btfResults, #resultsCol) div.prod[name]"),
)
"""Selectors of a grid card, newest layout first; the first that finds any is the page's. Each is one selector, as a
list of them would find a card once per member."""
CARDS = tuple(selector for _, selector in _LAYOUTS)

_EMPTY_GRIDS = (("2019", ".s-main-slot, .s-result-list"), ("2015", "#s-results-list-atf"))
GRID = ".s-main-slot, .s-result-list, #s-results-list-atf, #atfResults, #resultsCol, #noResultsTitle"
"""What holds the cards; there even when there are none."""

_SEARCH_BOX = "#twotabsearchtextbox, #nav-search-keywords, #nav-bb-search"
_NO_RESULTS_AT = (
    '[cel_widget_id*="TOP_BANNER_MESSAGE"], [cel_widget_id*="MESSAGING"], .s-no-results-result, .s-main-slot, '
    "#noResultsTitle, #apsRedirectLink, #didYouMean, #centerMinus, #resultsCol"
)
_COUNT_BAR = '[data-component-type="s-result-info-bar"], #s-result-count, #resultCount'
_OTHER_QUERIES = '[cel_widget_id*="TEXT_REFORMULATION"], [cel_widget_id*="VISUAL_NAVIGATION"], #relatedSearches'
_SPAN = re.compile(r"(\d(?:[\d.,]*\d)?)\s*[-–—~〜～]\s*\d(?:[\d.,]*\d)?")
"""Which results a page shows: "1-48", "17 – 32"."""


class Count(NamedTuple):
    """What a page says of the number of its results."""

    text: str | None
    """The line that says so, without what was searched for."""
    total: int | None
    """How many there are at least."""
    first: int | None
    """Number of the first one shown; 1 where the line names no span."""


def read_search(tree: LexborHTMLParser, marketplace: Marketplace, url: str | None = None) -> SearchPage:
    """The record of a search page known to be whole (:mod:`spiders.pages.classify` judges that).

    ``url`` is only asked for what the page itself does not state. Never raises.
    """
    missing: list[Missing] = []

    def lacks(field: str, reason: Reason, text: str | None = None) -> None:
        missing.append(Missing(field=field, reason=reason, text=text))

    query = read_query(tree, url)
    if query is None:
        boxed = tree.css_first(_SEARCH_BOX) is not None
        lacks("query", Reason.ABSENT_ON_PAGE if boxed else Reason.LAYOUT_UNKNOWN)
    count = read_count(tree, marketplace)
    layout, grid = read_grid(tree)
    if layout is None:
        lacks("layout", Reason.LAYOUT_UNKNOWN)
    page, last_page = read_pages(tree, url, count, grid[-1][1] if grid else None)
    if page is None:
        lacks("page", Reason.LAYOUT_UNKNOWN)
    if last_page is None:
        lacks("last_page", Reason.ABSENT_ON_PAGE)
    if count is None or count.text is None:
        # A search that found nothing counts nothing.
        unsaid = Reason.ABSENT_ON_PAGE if count is not None or not grid else Reason.LAYOUT_UNKNOWN
        lacks("results", unsaid)
        lacks("results_text", unsaid)
    elif count.total is None:
        lacks("results", Reason.UNPARSEABLE, count.text)
    counts: dict[bool, int] = {}
    placements = tuple(
        read_placement(node, marketplace, layout or "2019", asin=asin, position=position, counts=counts)
        for position, (asin, node) in enumerate(grid, 1)
    )
    return SearchPage(
        marketplace=marketplace.code,
        query=query,
        page=page,
        last_page=last_page,
        layout=layout,
        results=count.total if count is not None else None,
        results_text=count.text if count is not None else None,
        placements=placements,
        widgets=read_widgets(tree, [node for _, node in grid], marketplace, GRID),
        related_searches=read_related_searches(tree, [node for _, node in grid] if layout == "2019" else []),
        missing=tuple(missing),
    )


def read_grid(tree: LexborHTMLParser) -> tuple[str | None, list[tuple[str, LexborNode]]]:
    """The page's layout and the cards of its result grid in page order, each with its ASIN; empty when there are none.

    The layout is the year its markup came up in, None when an empty grid does not tell.
    """
    for layout, selector in _LAYOUTS:
        beside: dict[int, bool] = {}  # by parent, which most cards share: whether it stands in a carousel
        found = []
        for node in tree.css(selector):
            parent = node.parent
            asin = read_asin(node)
            if parent is None or asin is None:
                continue
            if parent.mem_id not in beside:
                beside[parent.mem_id] = _in_carousel(parent)
            if not beside[parent.mem_id]:
                found.append((asin, node))
        if found:
            return layout, found
    return next((layout for layout, selector in _EMPTY_GRIDS if tree.css_first(selector) is not None), None), []


def says_no_results(tree: LexborHTMLParser) -> bool:
    """Whether the page tells its reader that the query found nothing."""
    if tree.css_first("#noResultsTitle") is not None:
        return True
    return any(signs.says_no_results(node.text(separator=" ")) for node in tree.css(_NO_RESULTS_AT))


def read_query(tree: LexborHTMLParser, url: str | None) -> str | None:
    """What was searched for, as the page's own search box states it.

    Where the site searched for a corrected spelling the box keeps what was typed, and so does this.
    """
    box = tree.css_first(_SEARCH_BOX)
    if box is not None and (value := line(box.attrs.get("value"))):
        return value
    if url is not None and (query := asked(url, "k", "field-keywords", "keywords")):
        return line(query[0])
    return None


def read_related_searches(tree: LexborHTMLParser, grid: list[LexborNode]) -> tuple[str, ...]:
    """The other queries that the page offers ("Related searches"), in page order, each once.

    Where there are cards of a ``grid`` they stand between or below these, which spares the look through all the page.
    """
    queries: dict[str, None] = {}
    cards, slot = {card.mem_id for card in grid}, grid[-1].parent if grid else None
    beside = [tree] if slot is None else [node for node in slot.iter() if node.mem_id not in cards]
    blocks = {block.mem_id: block for scope in beside for block in scope.css(_OTHER_QUERIES)}
    for block in blocks.values():
        heading = block.css_first("h2, h3, h4, h5, .a-carousel-heading")
        # The block with pictures may as well offer categories.
        if "VISUAL" in attribute(block, "cel_widget_id") and not signs.says_related_searches(text_of(heading) or ""):
            continue
        for link in block.css("a[href]"):
            if asked(attribute(link, "href"), "k", "field-keywords", "keywords") and (query := text_of(link)):
                queries.setdefault(query)
    return tuple(queries)


def read_count(tree: LexborHTMLParser, marketplace: Marketplace) -> Count | None:
    """What the page says of the number of its results; None where the line that would say so is not there.

    "1-48 of over 10,000 results for" and "検索結果 6,000 以上 のうち 1-24件" say it in either order: the total is the
    number outside the span.
    """
    bar = tree.css_first(_COUNT_BAR)
    if bar is None:
        return None
    for node in (bar, *bar.css("h1, h2, span, div")):
        text = line(node.text(deep=False))
        if text is None or not any(map(str.isdigit, text)):
            continue
        clean = numbers.plain(text)
        span = _SPAN.search(clean)
        total = numbers.at_least(_SPAN.sub(" ", clean, count=1), marketplace)
        return Count(text, total, numbers.whole(span[1], marketplace) if span is not None else 1)
    return Count(None, None, 1)


def read_pages(
    tree: LexborHTMLParser, url: str | None, count: Count | None, last: LexborNode | None
) -> tuple[int | None, int | None]:
    """Number of this page and the highest one the pagination offers, both from 1.

    Without a pagination the page is the one its URL names, or the first when its result count
    ("1-16 of 48 results", "3 results") does not start further on. ``last`` is the last card of the grid.
    """
    for strip_at, current, others in (
        (".s-pagination-strip", ".s-pagination-selected", ".s-pagination-item"),
        ("ul.a-pagination", "li.a-selected", "li"),
        ("#pagn", ".pagnCur", ".pagnLink, .pagnCur, .pagnDisabled"),
    ):
        strip = _after(last, strip_at) or tree.css_first(strip_at)
        selected = strip.css_first(current) if strip is not None else None
        if strip is not None and selected is not None:
            offered = [n for node in strip.css(others) if (n := _page_number(node.text())) is not None]
            return _page_number(selected.text()), max(offered, default=None)
    if url is not None and (number := asked(url, "page")):
        return _page_number(number[0]), None
    return (1 if count is not None and count.first == 1 else None), None


def _after(card: LexborNode | None, selector: str) -> LexborNode | None:
    """What ``selector`` finds in the next few elements behind a card: sooner than from the top of the page."""
    node = card.next if card is not None else None
    for _ in range(60):  # blanks and scripts count too
        if node is None:
            break
        if node.is_element_node and (found := node.css_first(selector)) is not None:
            return found
        node = node.next
    return None


def _in_carousel(node: LexborNode | None) -> bool:
    return any("carousel" in (each.attrs.get("class") or "") for each in around(node))


def _page_number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 6 else None
