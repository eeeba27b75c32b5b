"""Who reads the same pages: this project, and what one would write with other libraries.

The others replay the selects that this project's record of that page makes: those of the whole page, as they are made
(``#id rest``). What it then looks up inside the elements found, and all reading of text and numbers, is not replayed,
which favours them; that they search the whole page for each does not, but it is how one writes it with them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from bs4 import BeautifulSoup
from parsel import Selector
from selectolax.lexbor import LexborHTMLParser, LexborNode
from zyte_parsers import (
    extract_brand_name,
    extract_breadcrumbs,
    extract_price,
    extract_rating,
    extract_review_count,
)

from spiders import pages
from spiders.pages.reading import Elements


class Saved(NamedTuple):
    """A page with what its record asks of it."""

    name: str
    html: str
    marketplace: str
    selectors: tuple[str, ...] = ()


def bare(page: Saved) -> object:
    return LexborHTMLParser(page.html)


def record(page: Saved) -> object:
    return pages.read(page.html, None, page.marketplace)


def bare_parsel(page: Saved) -> object:
    return Selector(text=page.html).root


def bare_beautifulsoup(page: Saved) -> object:
    return BeautifulSoup(page.html, "lxml")


def parsel(page: Saved) -> object:
    tree = Selector(text=page.html)
    return [tree.css(selector) for selector in page.selectors]


def beautifulsoup(page: Saved) -> object:
    tree = BeautifulSoup(page.html, "lxml")
    return [tree.select(selector) for selector in page.selectors]


def zyte_parsers(page: Saved) -> object:
    """Five fields of some forty: the parts this library reads, on the nodes that hold them."""
    tree = Selector(text=page.html)
    places: tuple[tuple[Callable[..., object], str], ...] = (
        (extract_price, "#corePriceDisplay_desktop_feature_div .a-price, #priceblock_ourprice"),
        (extract_rating, "#averageCustomerReviews .a-icon-alt"),
        (extract_review_count, "#acrCustomerReviewText"),
        (extract_brand_name, "#bylineInfo"),
        (partial(extract_breadcrumbs, base_url=None), "#wayfinding-breadcrumbs_feature_div"),
    )
    return [read(found[0]) for read, selector in places if (found := tree.css(selector))]


CONTENDERS: dict[str, Callable[[Saved], object]] = {
    "lexbor, bare parse": bare,
    "this project, whole record": record,
    "parsel, bare parse": bare_parsel,
    "parsel, same selects": parsel,
    "BeautifulSoup (lxml), bare parse": bare_beautifulsoup,
    "BeautifulSoup (lxml), same selects": beautifulsoup,
    "zyte-parsers on parsel, 5 fields": zyte_parsers,
}
SLOW = {"BeautifulSoup (lxml), bare parse", "BeautifulSoup (lxml), same selects"}


def with_selectors(page: Saved) -> Saved:
    """The page with the selects that its record makes, each once, as far as all contenders understand them."""
    with _recorded() as asked:
        record(page)
    return page._replace(selectors=tuple(selector for selector in dict.fromkeys(asked) if _is_known(selector)))


def _is_known(selector: str) -> bool:
    try:
        Selector(text="<p>").css(selector)
        BeautifulSoup("<p>", "lxml").select(selector)
    except Exception:  # each library has its own
        return False
    return True


@contextmanager
def _recorded() -> Iterator[list[str]]:
    """The selects made meanwhile over whole pages, in order."""
    asked: list[str] = []
    all_, starting, parser = Elements.all, Elements.starting, LexborHTMLParser

    class Recording(LexborHTMLParser):
        def css(self, query: str) -> list[LexborNode]:
            if query != "[id]":  # the walk that spares those below
                asked.append(query)
            return super().css(query)

        def css_first(self, query: str, default: Any = None, strict: bool = False) -> Any:
            asked.append(query)
            return super().css_first(query, default, strict)

    def recording_all(self: Elements, selector: str) -> list[LexborNode]:
        asked.append(selector)
        return all_(self, selector)

    def recording_starting(self: Elements, *prefixes: str) -> Iterator[LexborNode]:
        asked.append(", ".join(f'[id^="{prefix}"]' for prefix in prefixes))
        return starting(self, *prefixes)

    replaced = ((Elements, "all", recording_all), (Elements, "starting", recording_starting))
    for owner, name, new in (*replaced, (pages, "LexborHTMLParser", Recording)):
        setattr(owner, name, new)
    try:
        yield asked
    finally:
        for owner, name, old in (
            (Elements, "all", all_), (Elements, "starting", starting), (pages, "LexborHTMLParser", parser),
        ):  # fmt: skip
            setattr(owner, name, old)
