"""Page objects: pure functions of a page's HTML, one module per kind of page.

:func:`read` is the way in: it says what a page is, and reads the record of one that has one.
"""

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from spiders.pages import search
from spiders.pages.classify import classify, marketplace_of
from spiders.pages.lists import read_lists
from spiders.pages.offers import read_offers
from spiders.pages.place import read_shown
from spiders.pages.product import ProductPage, asin_of_url
from storage.marketplaces import MARKETPLACES, Marketplace, by_host
from storage.records import Page, PageKind

__all__ = ["asin_of_url", "read"]

_WITH_RECORD = {PageKind.PRODUCT, PageKind.SEARCH, PageKind.BESTSELLERS, PageKind.OFFERS}


def read(html: str, url: str | None = None, marketplace: str | None = None) -> Page:
    """Read a page: its kind first, then its record when it is whole and of a kind that has one.

    Args:
        html: the page as text.
        url: its address, asked for what the page itself does not tell.
        marketplace: the code of its marketplace ("com", "de"), when known; else found from ``url``, else on the page.

    Never raises: a page that cannot be understood is a :class:`Page` that says so, without a record.
    """
    try:
        tree = LexborHTMLParser(html)
    except UnicodeEncodeError:  # lone surrogates, which no page has for a reason
        html = html.encode("utf-8", "replace").decode("utf-8")
        tree = LexborHTMLParser(html)
    page = _read(tree, html, url, marketplace)
    return replace(page, shown=read_shown(tree, page))


def _read(tree: LexborHTMLParser, html: str, url: str | None, marketplace: str | None) -> Page:
    kind, detail = classify(tree, html)
    market = MARKETPLACES.get(marketplace or "") or _of_url(url) or marketplace_of(tree, html)
    page = Page(kind=kind, marketplace=market.code if market else None, detail=detail)
    if kind not in _WITH_RECORD:
        return page
    if market is None:
        return Page(kind=kind, detail="marketplace_unknown")
    if kind is PageKind.SEARCH:
        found = search.read_search(tree, market, url)
        if found.placements or search.says_no_results(tree):
            return Page(kind=kind, marketplace=market.code, search=found)
    elif kind is PageKind.BESTSELLERS or kind is PageKind.OFFERS:
        lists = read_lists(tree, market, url) if kind is PageKind.BESTSELLERS else ()
        offers = read_offers(tree, market, url) if kind is PageKind.OFFERS else None
        if lists or offers is not None:
            return Page(kind=kind, marketplace=market.code, lists=lists, offers=offers)
    else:
        product = ProductPage(tree, html, market, url).record()
        if product is not None:
            return Page(kind=kind, marketplace=market.code, product=product)
    return Page(kind=PageKind.INCOMPLETE, marketplace=market.code, detail="main_part_missing")


def _of_url(url: str | None) -> Marketplace | None:
    try:
        return by_host(url) if url else None
    except ValueError:  # a malformed address
        return None
