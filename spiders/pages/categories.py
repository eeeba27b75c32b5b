"""Where a product stands among the categories of its marketplace: the path of links above or beside its title.

The path begins with the department. A page that was reached from a search has a way back to the results in its place,
which is no category.
"""

import re
from functools import cached_property

from spiders.pages.reading import ABSENT, UNKNOWN, Elements, Lack, attribute, text_of, unparseable
from storage.records import Category

_PLACES = (
    "#wayfinding-breadcrumbs_feature_div, #wayfinding-breadcrumbs_container, #showing-breadcrumbs_div, "
    "#desktop-breadcrumbs_feature_div, #showing-breadcrumbs_feature_div"
)
_WAY_BACK = "breadcrumb-back-link"
_NODE = re.compile(r"[?&](?:node|bbn)=(\d+)|(?:n%3A|[=,]n:)(\d+)(?=&|$)", re.IGNORECASE)
"""In the address of a category's page, or of a search within it (the last of ``rh=n:1,n:2``)."""


class Categories:
    """The path of categories on a product page."""

    def __init__(self, elements: Elements) -> None:
        self._elements = elements

    @cached_property
    def _read(self) -> tuple[Category, ...] | Lack:
        unread: str | None = None
        for place in self._elements.own(_PLACES):
            links = [link for link in place.css("a[href]") if link.id != _WAY_BACK]
            if steps := tuple(step for link in links if (step := _step(attribute(link, "href"), text_of(link)))):
                return steps
            if place.css_first(f"#{_WAY_BACK}") is None:
                unread = unread or text_of(place)
        if unread:
            return unparseable(unread)
        return ABSENT if "#centerCol, #ppd, #dp" in self._elements else UNKNOWN

    def categories(self) -> tuple[Category, ...] | Lack:
        """The path, from the department to the last category."""
        return self._read

    def browse_node(self) -> str | Lack:
        """Browse node of the last category."""
        return self._read if isinstance(self._read, Lack) else self._read[-1].node or ABSENT


def _step(href: str, name: str | None) -> Category | None:
    found = _NODE.search(href)
    return Category(name=name, node=(found[1] or found[2]) if found else None) if name else None
