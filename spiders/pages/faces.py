"""One product as a page of search results shows it: on a card of the grid, or in a block beside it.

The elements that the fields are read from are found in one pass over the card (:func:`_parts`): a page has up to sixty
cards, and a pass per field would take longer than parsing the page.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from selectolax.lexbor import LexborNode

from spiders.pages import numbers, signs
from storage.marketplaces import Marketplace
from storage.records import Missing, Money, Reason

_ASIN = re.compile(r"[A-Z0-9]{10}")
_OLD_LABELS = (
    ".s-sponsored-list-header, .s-sponsored-header, .s-sponsored-label-text, h5, h2 > .a-offscreen, .a-color-secondary"
)
_OLD_STARS = ".asinReviewsSummary [alt], .rvw .stars [alt], .rvw [title]"
_AD_LINKS = ("/sspa/click", "/gp/slredirect/", "/gp/r.html", "sp_csd=")

_COMMON = (
    ("h2", "<h2 ", "title"),
    (".a-price", "a-price", "price"),
    ("i.a-icon", "a-icon-star", "star"),
    ("i.a-icon", "a-star-", "star"),
    ("span.a-badge", "a-badge", "badge"),
    (".a-carousel-container", "a-carousel-container", "carousel"),
)
_PARTS = {
    "row": _COMMON[:4],
    "2019": (
        *_COMMON,
        ('span[class*="label-popover-default"]', "label-popover-default", "label"),
        ("span.s-coupon-unclipped", "s-coupon-unclipped", "coupon"),
        ("div.rio-badge-component", "rio-badge-component", "badge"),
        ("a.s-pc-badge", "s-pc-badge", "pledge"),
        (".a-row.a-size-base > span.a-color-secondary", "a-color-secondary", "bought"),
    ),
    "2015": (
        ("a.s-access-detail-page[title]", "s-access-detail-page", "link"),
        *_COMMON,
        (".sx-price", "sx-price", "split"),
        (".a-text-strike", "a-text-strike", "struck"),
        (".s-price", "s-price", "written"),
        ('[class*="coupon"]', "coupon", "coupon"),
    ),
    "2012": (
        ("h3.newaps a", "<a ", "title"),
        ("h3 a .lrg", "lrg bold", "title"),
        *_COMMON,
        ("del", "<del ", "struck"),
        (".newp .bld.red", "red", "written"),
        (".price.bld", "price", "written"),
        (".newp .price", "price", "written"),
    ),
}
"""By layout, and for rows on product pages: selector of a part, what its tag and classes hold (the first that fits
tells which it is), its role. A tag in a selector spares most elements the look at their classes."""
_FIND = {layout: ", ".join(dict.fromkeys(part[0] for part in parts)) for layout, parts in _PARTS.items()}


class Face:
    """One product as shown. Every field is a method, which also notes in ``missing`` why there is none."""

    def __init__(self, node: LexborNode, marketplace: Marketplace, layout: str = "2019") -> None:
        self.node = node
        self.marketplace = marketplace
        self.layout = layout
        self.parts = _parts(node, layout)
        self.missing: list[Missing] = []
        self.name = self._name()
        # A card without a title is one we do not know: what is not found on it may well be there.
        self.absent = Reason.ABSENT_ON_PAGE if self.name is not None else Reason.LAYOUT_UNKNOWN

    def lacks(self, field: str, reason: Reason, text: str | None = None) -> None:
        """Note that ``field`` has no value."""
        self.missing.append(Missing(field=field, reason=reason, text=text))

    def title(self) -> str | None:
        """The product's title as shown; a brand line above it is not part of it."""
        if self.name is None:
            self.lacks("title", Reason.LAYOUT_UNKNOWN)
        return self.name

    def price_text(self) -> str | None:
        """The first price that is not struck through, as it stands on the page."""
        for price in self.parts.get("price", ()):
            if not _is_struck(price) and (text := _shown(price)):
                return text
        for split in self.parts.get("split", ()):
            return _split_price(split)
        for price in self.parts.get("written", ()):
            if "strike" not in (price.attrs.get("class") or "") and (text := line(price.text())):
                return text
        return None

    def price(self, text: str | None) -> Money | None:
        """What ``price_text`` says; None for a range or what is no money."""
        money = numbers.money(text, self.marketplace) if text is not None else None
        if text is None:
            self.lacks("price", self.absent)
        elif money is None:
            self.lacks("price", Reason.UNPARSEABLE, text)
        if money is None:
            self.lacks("currency", Reason.NOT_APPLICABLE)
        return money

    def list_price(self, price: Money | None) -> Decimal | None:
        """The struck-through price beside ``price``. One in another currency would be compared with it in error."""
        struck = [text for node in self.parts.get("price", ()) if _is_struck(node) and (text := _shown(node))]
        struck += [text for node in self.parts.get("struck", ()) if (text := line(node.text()))]
        if not struck:
            self.lacks("list_price", self.absent)
            return None
        money = numbers.money(struck[0], self.marketplace)
        if money is None:
            self.lacks("list_price", Reason.UNPARSEABLE, struck[0])
        elif price is None:
            self.lacks("list_price", Reason.NOT_APPLICABLE)
        elif price.currency != money.currency:
            self.lacks("list_price", Reason.AMBIGUOUS)
        else:
            return money.amount
        return None

    def rating_text(self) -> str | None:
        """The star rating as the page words it ("4.3 out of 5 stars")."""
        for star in self.parts.get("star", ()):
            node = star.css_first(".a-icon-alt")
            if node is not None and (text := line(node.text())):
                return text
            for number in beside(star, after=False):  # a brand's advertisement has bare stars behind the number
                return number
        spoken = self.node.css_first(_OLD_STARS) if self.layout == "2012" else None
        return line(spoken.attrs.get("alt") or spoken.attrs.get("title")) if spoken is not None else None

    def rating(self, text: str | None) -> Decimal | None:
        """The stars of ``rating_text``, 1 to 5."""
        stars = numbers.rating(text) if text is not None else None
        if text is None:
            self.lacks("rating", self.absent)
        elif stars is None:
            self.lacks("rating", Reason.UNPARSEABLE, text)
        return stars

    def review_count(self) -> int | None:
        """The exact number of ratings.

        What is shown may be rounded ("(1.5K)", "(8,9 mil)") beside an exact one in a label; only an exact one counts.
        """
        seen: str | None = None
        for text in self._counts():
            number = numbers.count(text.strip("()"), self.marketplace)
            if number is not None:
                return number
            seen = text
        self.lacks("review_count", Reason.UNPARSEABLE if seen is not None else self.absent, seen)
        return None

    def is_marked_ad(self) -> bool:
        """Whether the markup makes it an ad: class ``AdHolder``, or a link through the ad redirect."""
        if "AdHolder" in (self.node.attrs.get("class") or ""):
            return True
        link = self.node.css_first("a.a-link-normal")
        href = (link.attrs.get("href") or "") if link is not None else ""
        return any(path in href for path in _AD_LINKS)

    def is_labelled_ad(self, marked: bool) -> bool:
        """Whether its reader is told that it is an ad: by the label in the page's language, or (for a language not
        known here) by the ad information behind that label."""
        if any(signs.says_sponsored(node.text(strip=True)) for node in self.parts.get("label", ())):
            return True
        if marked and self.node.css_first('[data-a-popover*="sp-info-popover"], [id*="sp-info-popover"]') is not None:
            return True
        old = self.node.css(_OLD_LABELS) if marked or self.node.tag == "li" else ()
        return any(signs.says_sponsored(node.text(strip=True)) for node in old)

    def _name(self) -> str | None:
        for link in self.parts.get("link", ()):  # 2015 to 2018: the title lacks the "[Sponsored]" its text may have
            return line(link.attrs.get("title"))
        titles = self.parts.get("title", [])
        if len(titles) > 1:  # the brand's line has no link
            titles = [node for node in titles if _is_linked(node)] or titles
        return next((text for node in titles if (text := line(node.text()))), None)

    def _counts(self) -> Iterator[str]:
        """The texts that may hold the number of ratings: beside the stars, then in labels, then in links."""
        star = next(iter(self.parts.get("star", ())), None)
        if star is not None:
            yield from beside(star, after=True)
        row = star.parent if star is not None else self.node.css_first(".rvwCnt")
        while row is not None and "a-row" not in (row.attrs.get("class") or ""):
            if row.attrs.get("class") == "rvwCnt" or row.tag == "li":
                break
            # Nodes are compared by identity: == would compare their whole markup.
            row = row.parent if row.mem_id != self.node.mem_id else None
        inside = row.css("[aria-label], a, img") if row is not None else []
        if any(node.tag == "img" for node in inside):  # a row with a picture is the whole product's
            return
        # A button opens the explanation of the stars, and a label may speak of them.
        inside = [node for node in inside if node.attrs.get("role") != "button"]
        for node in inside:
            label = line(node.attrs.get("aria-label"))
            if label is not None and (node.tag == "a" or node.css_first(".a-icon-alt") is None):
                yield label
        for node in inside:
            if node.tag == "a" and node.css_first("i") is None and (shown := line(node.text())):
                yield shown


def read_sponsored(face: Face) -> bool | None:
    """Whether a card is an ad, from what its markup does and what it tells the reader.

    Both make an ad and neither makes an organic result; one without the other (markup of an ad under the label
    "Featured from Amazon brands") is a contradiction and yields None.
    """
    marked = face.is_marked_ad()
    return marked if marked == face.is_labelled_ad(marked) else None


def read_asin(node: LexborNode) -> str | None:
    """The ASIN that an element says it shows."""
    attributes = node.attrs
    asin = attributes.get("data-asin") or attributes.get("name") or ""
    return asin if _ASIN.fullmatch(asin) else None


def line(raw: str | None) -> str | None:
    """Text on one line with plain spaces, or None when nothing is left."""
    return " ".join(raw.split()) or None if raw else None


def _parts(node: LexborNode, layout: str) -> dict[str, list[LexborNode]]:
    """The elements that tell a product's fields, by role, each role's in page order.

    What stands in a carousel inside the card is of other products.
    """
    found: dict[str, list[LexborNode]] = {}
    for part in node.css(_FIND[layout]):
        role = _role(layout, part.tag or "", part.attrs.get("class") or "")
        if role is not None:  # not an icon of another kind
            found.setdefault(role, []).append(part)
    others = {carousel.mem_id for carousel in found.pop("carousel", ())} - {node.mem_id}
    if not others:
        return found
    return {role: [part for part in parts if not _is_inside(part, others)] for role, parts in found.items()}


def _is_inside(node: LexborNode, elements: set[int]) -> bool:
    holder = node.parent
    while holder is not None and holder.mem_id not in elements:
        holder = holder.parent
    return holder is not None


@lru_cache(maxsize=1024)
def _role(layout: str, tag: str, classes: str) -> str | None:
    sign = f"<{tag} {classes}"
    return next((role for _, words, role in _PARTS[layout] if words in sign), None)


def _is_linked(title: LexborNode) -> bool:
    return (title.parent is not None and title.parent.tag == "a") or title.css_first("a") is not None


def _is_struck(price: LexborNode) -> bool:
    return price.attrs.get("data-a-strike") == "true"


def _shown(price: LexborNode) -> str | None:
    """The text of an ``.a-price``: the whole one for readers of screens, else what is seen."""
    for part in (".a-offscreen", '[aria-hidden="true"]'):
        node = price.css_first(part)
        if node is not None and (text := line(node.text())):
            return text
    return None


def beside(star: LexborNode, *, after: bool) -> list[str]:
    """The texts that stand beside the stars, in the same element: the rating before them, the count after them."""
    texts = []
    node = star.next if after else star.prev
    while node is not None:
        if node.tag == "span" and (text := line(node.text())) and any(char.isdigit() for char in text):
            texts.append(text)
        node = node.next if after else node.prev
    return texts


def _split_price(price: LexborNode) -> str | None:
    """The price of a 2017 or 2018 card: symbol, units and cents are elements of their own, the whole is for readers
    of screens. Only marketplaces that write a decimal point had it."""
    link = price.parent
    while link is not None and link.tag != "a":
        link = link.parent
    spoken = link.css_first(".a-offscreen") if link is not None else None
    if spoken is not None and any(char.isdigit() for char in spoken.text()):
        return line(spoken.text())
    symbol, whole, cents = (
        node.text(strip=True) if (node := price.css_first(part)) is not None else ""
        for part in (".sx-price-currency", ".sx-price-whole", ".sx-price-fractional")
    )
    return line(f"{symbol}{whole}.{cents}" if cents else f"{symbol}{whole}")
