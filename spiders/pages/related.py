"""Other products on a product page: also viewed, bought together, compared, advertised …, row by row.

The places of such rows are known by their ids. Inside a place a row is the largest element that holds the products of
one carousel, card or table, and of no other. What it is its components' names say, or the way its links are named
(``ref=pd_sbs_…``), which are the same in every language; else its heading. A row that a script loads later is not there
yet, and yields nothing. Of one that shows the first of its products, the others are known by their ASINs alone.
"""

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import numbers, signs
from spiders.pages.blocks import CAROUSELS, Block, asin_in, is_within, products_of
from spiders.pages.faces import Face, beside, line, read_asin
from spiders.pages.reading import Elements, around, attribute, text_of
from storage.marketplaces import Marketplace
from storage.records import Missing, Reason, RelatedKind, RelatedPlacement

_PLACES = (
    "sims-",
    "similarities_feature_div",
    "sponsoredProducts",
    "sp_detail",
    "discovery-and-inspiration",
    "amazon-device-desktop-dp",
    "desktop-dp-lpo",
    "HLCXComparison",
    "comparison",
    "compare",
    "valuePick_feature_div",
    "newerVersion_feature_div",
    # To 2020:
    "session-sims",
    "fallbacksession-sims",
    "purchase-sims",
    "purchase-similarities",
    "purchaseShvl",
    "day0-sims",
)
"""What the ids of the places begin with."""
_UNITS = f"{CAROUSELS}, [data-card-metrics-id], table"
_LISTED = re.compile(r'"([A-Z0-9]{10})(?=\\?[":])')
"""The products that a carousel will show, in its options: ``\\"B0…\\"``, before 2021 ``"B0…:"`` or ``"B0…"``."""
_MOST = 100
"""Products of a row that are taken, links and lines that are looked at."""
_HOLDERS = frozenset({"div", "li", "td", "th", "section", "article"})
_TELLS = re.compile(r"<a |price|a-icon-star|a-star-")
"""What a cell of a table has that tells something of its product."""
_CERTAIN = (
    (RelatedKind.BOUGHT_TOGETHER, re.compile(r"-fbt\b|\bfbt_|pd_bxgy")),
    (RelatedKind.COMPARED, re.compile(r"comparison|\bcompare\b|hlcx")),
    (RelatedKind.SPONSORED, re.compile(r"\bsbx?[-_]|-creative\b|multi-brand")),
)
"""The names of components that are one thing, whatever they are headed."""
_LIKELY = (
    (RelatedKind.SPONSORED, re.compile(r"\bsp_detail|sponsoredproducts")),
    (RelatedKind.BOUGHT_TOGETHER, re.compile(r"thematic-bundle")),
    (RelatedKind.ALSO_BOUGHT, re.compile(r"purchase-?(?:sim|shvl)|\bpd_sim_")),
    (RelatedKind.ALSO_VIEWED, re.compile(r"\b(?:fallback)?session-sims|\bpd_sbs_|\bpd_cp_")),
    (RelatedKind.SIMILAR, re.compile(r"value-?pick|\bsims_dp_")),
)
"""The names of components that may be more than one thing: their heading is asked first."""
_ADS = re.compile(r"\bsp_detail|sponsoredproducts|\bsbx?[-_]|-creative\b|multi-brand")
_REF = re.compile(r"ref[=_]+([a-z]{2,4}_[a-z0-9]+_)", re.IGNORECASE)
_HEADINGS = 'h1, h2, h3, h4, [role="heading"], .a-carousel-heading'
_LABELS = '[class*="ad-feedback-text"], [class*="sponsored_label"], [class*="sponsored-label"]'
_PRICES = ".p13n-sc-price, span.a-color-price, [id*=price-view], [class*=__price] > span"
"""Prices that are not in ``.a-price``."""
_REVIEWS = 'a[href*="/product-reviews/"]'
_LATER = (
    *(Missing(field=name, reason=Reason.ABSENT_ON_PAGE) for name in ("title", "price", "rating", "review_count")),
    Missing(field="currency", reason=Reason.NOT_APPLICABLE),
)
"""What is not known of a product that the page does not show yet."""
_UNHEADED = Missing(field="heading", reason=Reason.ABSENT_ON_PAGE)
_UNSURE = Missing(field="sponsored", reason=Reason.AMBIGUOUS)


def read_related(elements: Elements, marketplace: Marketplace, own: str) -> tuple[RelatedPlacement, ...]:
    """Every product of every row, row by row in page order, but the page's ``own``."""
    rows = ((place, *row) for place in _places(elements) for row in _rows(place, own))
    return tuple(
        placement
        for number, (place, row, unit, products) in enumerate(rows, 1)
        for placement in _read_row(place, Block(row, products, marketplace, _Face), unit, number, own)
    )


def _places(elements: Elements) -> Iterator[LexborNode]:
    """The places of rows in page order, the outermost of those that stand in one another."""
    found = {node.mem_id: node for node in elements.starting(*_PLACES)}
    for node in found.values():
        if not any(above.mem_id in found for above in around(node.parent)):
            yield node


def _rows(place: LexborNode, own: str) -> list[tuple[LexborNode, LexborNode, dict[str, LexborNode]]]:
    """The rows of a place, each with the carousel, card or table that holds its products, and with these."""
    units: list[tuple[LexborNode, dict[str, LexborNode]]] = []
    holds: Counter[int] = Counter()  # how many of them an element holds
    # Backwards, so that what stands in another is met before it.
    for unit in reversed(list({node.mem_id: node for node in (place, *place.css(_UNITS))}.values())):
        if not holds[unit.mem_id] and (products := _products(unit, own)):
            units.append((unit, products))
            holds.update(holder.mem_id for holder in around(unit))
    rows = []
    for unit, products in reversed(units):
        row = unit
        while row.mem_id != place.mem_id and row.parent is not None and holds[row.parent.mem_id] == 1:
            row = row.parent
        rows.append((row, unit, products))
    return rows


def _products(unit: LexborNode, own: str) -> dict[str, LexborNode]:
    """What shows each product of a carousel, card or table, by ASIN."""
    if unit.tag == "table":
        return dict(_columns(unit, own))
    found = _named(unit) or products_of(unit)
    return {asin: node for asin, node in found.items() if asin != own} or ({} if found else _linked(unit, own))


def _named(unit: LexborNode) -> dict[str, LexborNode]:
    """Products that elements name: most rows have such, and need no look into each card."""
    found: dict[str, LexborNode] = {}
    taken: set[int] = set()
    for node in unit.css("[data-asin], [data-csa-c-item-id]"):
        asin = read_asin(node) or asin_in(attribute(node, "data-csa-c-item-id"))
        if asin is not None and asin not in found and not is_within(node, unit, taken):
            found[asin] = node
            taken.add(node.mem_id)
    return found


def _linked(unit: LexborNode, own: str) -> dict[str, LexborNode]:
    """Products that only their links tell: for each the smallest element that holds all its links."""
    links: dict[str, list[LexborNode]] = {}
    for link in unit.css("a[href]")[:_MOST]:
        if (asin := asin_in(attribute(link, "href"))) is not None and asin != own:
            links.setdefault(asin, []).append(link)
    found = {}
    for asin, (first, *others) in links.items():
        paths = [{each.mem_id for each in around(link)} for link in others]
        holders = [each for each in around(first) if all(each.mem_id in path for path in paths)]
        found[asin] = next((each for each in holders if each.tag in _HOLDERS), holders[0])
    return found


def _columns(table: LexborNode, own: str) -> Iterator[tuple[str, LexborNode]]:
    """The columns of a table, each as if its cells were a card."""
    columns: dict[int, list[LexborNode]] = {}
    for line_ in table.css("tr")[:_MOST]:
        number = 0
        for cell in line_.iter():
            columns.setdefault(number, []).append(cell)
            number += int(span) if (span := attribute(cell, "colspan")).isdecimal() and len(span) < 3 else 1
    seen = {own}
    for cells in columns.values():
        asin = next((asin for cell in cells[:3] if (asin := _asin_of_cell(cell))), None)
        if asin is None or asin in seen:
            continue
        seen.add(asin)
        told = [html for cell in cells if (html := cell.html or "") and _TELLS.search(html)]
        card = LexborHTMLParser(f"<div>{''.join(told)}</div>").css_first("body > div")
        if card is not None:
            yield asin, card


def _asin_of_cell(cell: LexborNode) -> str | None:
    linked = (asin_in(attribute(link, "href")) for link in cell.css("a[href]"))
    return read_asin(cell) or next(filter(None, linked), None)


def _read_row(place: LexborNode, block: Block, unit: LexborNode, number: int, own: str) -> Iterator[RelatedPlacement]:
    names = _names(place, unit, next(iter(block.faces.values())).node)
    heading = _heading(block)
    sponsored = _sponsored(block, names)
    kind = _kind(names, heading, sponsored=sponsored)
    for place_, (asin, face) in enumerate(block.faces.items(), 1):
        told = block.told(face, heading, sponsored)
        yield RelatedPlacement(
            row=number, kind=kind, heading=heading, sponsored=sponsored, place=place_, asin=asin, **told._asdict()
        )
    _, _, listed = attribute(unit, "data-a-carousel-options").partition('"id_list"')
    later = [asin for asin in dict.fromkeys(_LISTED.findall(listed)) if asin != own and asin not in block.faces]
    missing = (*_LATER, *([_UNHEADED] if heading is None else []), *([_UNSURE] if sponsored is None else []))
    for place_, asin in enumerate(later[: _MOST - len(block.faces)], len(block.faces) + 1):
        yield RelatedPlacement(
            row=number, kind=kind, heading=heading, sponsored=sponsored, place=place_, asin=asin, missing=missing
        )


def _names(place: LexborNode, unit: LexborNode, product: LexborNode) -> str:
    """The names of what holds the products of a row, up to its place, and of the way their links go; in lower case."""
    names = []
    for node in around(unit):
        attributes = node.attrs
        names += [node.id, attributes.get("cel_widget_id"), attributes.get("data-card-metrics-id")]
        if node.mem_id == place.mem_id:
            break
    link = product.css_first('a[href*="ref"]')
    names += _REF.findall(attribute(link, "href"))
    return " ".join(filter(None, names)).lower()


def _heading(block: Block) -> str | None:
    """The heading of a row, without the label of an advertisement inside it; or the headline of a brand's."""
    heading = block.node.css_first(_HEADINGS)
    own = line(heading.text(deep=False)) if heading is not None else None
    return own or (text_of(heading) if heading is not None else block.heading(headline=True))


def _kind(names: str, heading: str | None, *, sponsored: bool | None) -> RelatedKind:
    told = signs.related_kind(heading) if heading is not None else None
    for kind, pattern in _CERTAIN:
        if pattern.search(names):
            return kind
    if told is not None:
        return RelatedKind(told)
    likely = (kind for kind, pattern in _LIKELY if pattern.search(names))
    return next(likely, RelatedKind.SPONSORED if sponsored else RelatedKind.OTHER)


def _sponsored(block: Block, names: str) -> bool | None:
    """Whether a row is an advertisement, by its markup and its label in agreement; None where they are not."""
    marked = {True} if _ADS.search(names) else block.is_marked_ad()
    return marked.pop() if len(marked) == 1 and marked == block.is_labelled_ad(_LABELS) else None


class _Face(Face):
    """A product in a row, which may be written in other ways than on a card of search results."""

    def __init__(self, node: LexborNode, marketplace: Marketplace) -> None:
        super().__init__(node, marketplace, "row")

    def _name(self) -> str | None:
        """As its picture is described, which is in full what may stand cut below it; else as its link says."""
        if (pictured := line(attribute(self.node.css_first("a img"), "alt"))) is not None:
            return pictured
        linked = (line(link.text()) for link in self.node.css("a[href]"))
        return super()._name() or next(filter(None, linked), None)

    def price_text(self) -> str | None:
        if (text := super().price_text()) is not None:
            return text
        for node in self.node.css(_PRICES):
            text = line(node.text())
            before = line(node.parent.text(deep=False)) if node.parent is not None else None
            if text is not None and any(map(str.isdigit, text)):
                return f"{before} {text}" if before and any(map(str.isalpha, before)) else text  # "From: $19"
        return None

    def rating_text(self) -> str | None:
        if (text := super().rating_text()) is not None:
            return text
        for star in self.parts.get("star", ()):
            link = star.parent
            spoken = line(attribute(link, "aria-label") or attribute(link, "title"))
            shown = line(link.text()) if link is not None else None
            if spoken is not None and shown is not None:  # with the number of ratings, which is shown too
                spoken = "".join(spoken.rsplit(shown.strip("()"), 1))
            if spoken is not None and numbers.rating(spoken) is not None:
                return spoken
        return None

    def _counts(self) -> Iterator[str]:
        """Beside the stars, then in what links to the reviews; last in any link, where a number may be a title's."""
        for star in self.parts.get("star", ())[:1]:
            yield from beside(star, after=True)
        for link in self.node.css(_REVIEWS):
            for text in (line(attribute(link, "aria-label")), line(link.text())):
                if text is not None and numbers.count(text.strip("()"), self.marketplace) is not None:
                    yield text
        yield from super()._counts()
