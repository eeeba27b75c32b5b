"""The details of a product page: the table (2015 to now) or the list of bullets (2009 to now) below the description."""

from datetime import date
from functools import cached_property
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from spiders.pages import dates, signs
from spiders.pages.reading import ABSENT, UNKNOWN, Elements, Lack, around, text_of, unparseable

_PLACES = (
    "#prodDetails, #productDetails_feature_div, #detailBulletsWrapper_feature_div, #detailBullets_feature_div, "
    "#detail-bullets, #detail_bullets_id, #technicalSpecifications_feature_div, #productFactsDesktop_feature_div, "
    "#voyagerAccordian_feature_div, #SalesRank"
)
_HEADINGS = ":is(th, .a-text-bold, b, .prodDetSectionEntry, td.label)"


_MOST_HEADINGS = 500  # of a place; real ones have a hundred at most


class Heading(NamedTuple):
    """What a row or bullet of the details begins with, and in which of their places it stands."""

    text: str
    node: LexborNode
    place: LexborNode


class Details:
    """The details of a page, gone through once for all that is asked of them."""

    def __init__(self, elements: Elements) -> None:
        found = {node.mem_id: node for node in (*elements.all(_PLACES), *elements.starting("productDetails_"))}
        self.places = [
            node for node in found.values() if not any(above.mem_id in found for above in around(node.parent))
        ]
        """Where details stand; of places that lie inside one another the outermost."""

    @cached_property
    def headings(self) -> list[Heading]:
        return [
            Heading(text, node, place)
            for place in self.places
            for node in place.css(_HEADINGS)[:_MOST_HEADINGS]
            if (text := text_of(node)) is not None
        ]

    def first_available(self) -> date | Lack:
        """Since when the product is on the site."""
        for heading in self.headings:
            if signs.says_first_available(heading.text):
                text = text_of(heading.node.parent) or ""
                return dates.day(text) or unparseable(text)
        return ABSENT if self.places else UNKNOWN
