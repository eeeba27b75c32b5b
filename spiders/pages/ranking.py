"""Which ranked list a list is: its ranking, its category with that one's node and ancestors, the number of its page.

The surest sign first: addresses, which are the same in every language; the tags of links; then the words of headings.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import phrases
from spiders.pages.reading import UNKNOWN, Lack, text_of, unparseable
from storage.records import ListPlace, Missing, RankedList, Ranking, Reason

_TREE = '[class*="zg-browse-root"], #zg_browseRoot'
_ABOVE = '[class*="zg-browse-up"] a, .zg_browseUp a'
_SELECTED = '[class*="zg-selected"], .zg_selected'
_PAGE = (
    ".a-pagination .a-selected, .zg_pagination .zg_selected, #zg_paginationWrapper .zg_selected, .zg_page.zg_selected"
)
_PAGES = ".a-pagination li, .zg_pagination li, #zg_paginationWrapper li, .zg_page"
_HEADINGS_OF_PAGE = "h1, #zg_listTitle, #zg_banner_text, title"
_HEADINGS = ".a-carousel-heading, h3, h2, h1, #zg_listTitle, #zg_banner_text"

_ADDRESS = re.compile(
    r"/(?P<list>bestsellers|zgbs|top-sellers|new-releases|movers-and-shakers|most-wished-for|most-gifted)(?![\w-])"
    r"(?:/(?P<department>(?!ref=|\d+(?:[/?#]|$))[^/?#]+)(?:/(?P<node>\d+)(?![^/?#]))?|/(?P<bare>\d{5,})(?![^/?#]))?"
)
_RANKING_OF_PATH = {
    "bestsellers": Ranking.BEST_SELLERS,
    "zgbs": Ranking.BEST_SELLERS,
    "top-sellers": Ranking.BEST_SELLERS,
    "new-releases": Ranking.NEW_RELEASES,
    "movers-and-shakers": Ranking.MOVERS_AND_SHAKERS,
    "most-wished-for": Ranking.MOST_WISHED_FOR,
    "most-gifted": Ranking.MOST_GIFTED,
}
_TAG = re.compile(r"\bzg_(bsnr|bsms|bs|mw|mg)(?![a-z])")
_RANKING_OF_TAG = {
    "bs": Ranking.BEST_SELLERS,
    "bsnr": Ranking.NEW_RELEASES,
    "bsms": Ranking.MOVERS_AND_SHAKERS,
    "mw": Ranking.MOST_WISHED_FOR,
    "mg": Ranking.MOST_GIFTED,
}
"""By the tag with which the site marks where a link stood ("ref=zg_bs_…")."""


class _Address(NamedTuple):
    """What the address of a list says of it."""

    ranking: Ranking
    department: str | None
    node: str | None


def own(
    tree: LexborHTMLParser, places: tuple[ListPlace, ...], cells: list[LexborNode], url: str | None
) -> RankedList | None:
    """The list that the page is about."""
    address = _page_address(tree, url)
    path = _path(tree)
    heading = _heading(tree)
    ranking = (address.ranking if address else None) or _tagged(cells) or (Ranking(heading[0]) if heading else None)
    if ranking is None:
        return None
    category = path[-1] if path else (heading[1] if heading else None)
    page, last = _page(tree, places, url), max(_pages(tree), default=None)
    return _list(ranking, category or UNKNOWN, address, places, path=path, page=page, last_page=last)


def small(tree: LexborHTMLParser, block: LexborNode, places: tuple[ListPlace, ...]) -> RankedList | None:
    """A list of a front page: its heading names the category, its "see more" link leads to the whole of it."""
    links = [link.attributes.get("href") or "" for link in block.css("a[href]")]
    address = next((found for link in links if (found := _address(link)) is not None), None)
    heading = next((text for node in block.css(_HEADINGS) if (text := text_of(node))), None)
    worded = phrases.ranking_of(heading) if heading else None
    ranking = (address.ranking if address else None) or _tagged([block]) or (Ranking(worded[0]) if worded else None)
    if ranking is None:
        return None
    category = worded[1] if worded else None
    if category is None and address is not None and address.department is not None:
        category = dict(_departments(tree)).get(address.department)
    if category is None and "zg_homeWidget" in (block.attributes.get("class") or ""):
        category = heading  # before 2018 the bare name
    unread = unparseable(heading) if heading else UNKNOWN
    return _list(ranking, category or unread, address, places, page=1 if places[0].rank == 1 else None)


def _list(
    ranking: Ranking,
    category: str | Lack,
    address: _Address | None,
    places: tuple[ListPlace, ...],
    *,
    path: tuple[str, ...] = (),
    page: int | None,
    last_page: int | None = None,
) -> RankedList:
    missing: list[Missing] = []
    if isinstance(category, Lack):
        missing.append(Missing(field="category", reason=category.reason, text=category.text))
    if address is None or address.node is None:
        # An address that names a department alone is that of a list without a node.
        missing.append(Missing(field="category_id", reason=Reason.NOT_APPLICABLE if address else Reason.ABSENT_ON_PAGE))
    if page is None:
        missing.append(Missing(field="page", reason=Reason.ABSENT_ON_PAGE))
    if last_page is None:
        missing.append(Missing(field="last_page", reason=Reason.ABSENT_ON_PAGE))
    return RankedList(
        ranking=ranking,
        category=None if isinstance(category, Lack) else category,
        category_id=address.node if address else None,
        path=path,
        page=page,
        last_page=last_page,
        places=places,
        missing=tuple(missing),
    )


def _address(url: str) -> _Address | None:
    found = _ADDRESS.search(url)
    if found is None:
        return None
    return _Address(_RANKING_OF_PATH[found["list"]], found["department"], found["node"] or found["bare"])


def _page_address(tree: LexborHTMLParser, url: str | None) -> _Address | None:
    """The page's own address: as it names itself, else as its pagination leads on, else as it was asked for."""
    named = [
        node.attributes.get("href") or node.attributes.get("content") or ""
        for selector in ('link[rel="canonical"]', 'meta[property="og:url"]', ".a-pagination a, #zg_paginationWrapper a")
        for node in tree.css(selector)
    ]
    found = [address for each in (*named, url or "") if (address := _address(each)) is not None]
    whole = (address for address in found if address.department is not None or address.node is not None)
    return next(whole, None) or next(iter(found), None)


def _tagged(places: list[LexborNode]) -> Ranking | None:
    """The ranking by the tags of the links that lead to its products."""
    for node in places:
        for link in node.css("a[href]"):
            if (found := _TAG.search(link.attributes.get("href") or "")) is not None:
                return _RANKING_OF_TAG[found[1]]
    return None


def _heading(tree: LexborHTMLParser) -> tuple[str, str | None] | None:
    """What the headings say: the one that names a category, of several that name the ranking."""
    texts = (text_of(node) for node in tree.css(_HEADINGS_OF_PAGE)[:8])
    found = [said for text in texts if text and (said := phrases.ranking_of(text)) is not None]
    return next((said for said in found if said[1] is not None), None) or next(iter(found), None)


def _path(tree: LexborHTMLParser) -> tuple[str, ...]:
    """From the tree beside the list: what stands above the selected category, and that one itself."""
    root = tree.css_first(_TREE)
    selected = root.css_first(_SELECTED) if root is not None else None
    if root is None or selected is None:
        return ()
    above = root.css(_ABOVE)
    steps = [_name(link) for link in above if (at := _address(link.attributes.get("href") or "")) and at.department]
    # What has nothing above it is no category but the root of all ("Any Department"); so is a step without department.
    return tuple(filter(None, (*steps, _name(selected)))) if above else ()


def _name(node: LexborNode) -> str | None:
    """The name of a category in the tree, without the arrow before a step up."""
    return (text_of(node) or "").lstrip("‹<« \u00a0").rstrip() or None


def _departments(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Every department that the tree links, with its name."""
    for link in tree.css(", ".join(f"{root} a" for root in _TREE.split(", "))):
        at = _address(link.attributes.get("href") or "")
        name = _name(link)
        if at is not None and at.department is not None and at.node is None and name:
            yield at.department, name


def _page(tree: LexborHTMLParser, places: tuple[ListPlace, ...], url: str | None) -> int | None:
    """The number of this page: the pagination's, else the address's; without both the one that begins the list."""
    current = tree.css_first(_PAGE)
    if current is not None and (shown := re.search(r"\d{1,3}", current.text())) is not None:
        return int(shown[0])
    if (asked := re.search(r"[?&]pg=(\d{1,3})(?!\d)", url or "")) is not None:
        return int(asked[1])
    return 1 if places[0].rank == 1 else None


def _pages(tree: LexborHTMLParser) -> Iterator[int]:
    """The numbers of pages that the pagination names; a range of ranks ("21-40") is none."""
    for node in tree.css(_PAGES):
        if re.fullmatch(r"\d{1,3}", text := node.text().strip()):
            yield int(text)
