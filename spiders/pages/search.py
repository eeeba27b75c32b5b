"""Search results pages: the elements of the main result grid, in page order.

Layouts read, newest first:

* 2019 to now: ``div.s-main-slot`` (at first only ``div.s-result-list``) holding cards marked
  ``data-component-type="s-search-result"``; prices in ``.a-price``;
* 2015 to 2018: ``li.s-result-item[data-asin]`` in ``#s-results-list-atf``; prices in ``.sx-price``, before it in
  ``.s-price``;
* 2012 to 2015: ``div.prod[name=ASIN]`` in ``#atfResults`` and ``#btfResults``.

Carousels, editorial picks, brand ads and other widgets between the cards are no placements.
"""

import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import numbers, signs
from storage.marketplaces import Marketplace
from storage.records import Missing, Placement, Reason, SearchPage

CARDS = (
    '[data-component-type="s-search-result"][data-asin]',
    "div.s-result-list div.s-result-item[data-asin]:not([data-asin=''])",
    ":is(#s-results-list-atf, #s-results-list-btf, #atfResults, #btfResults) li.s-result-item[data-asin]",
    ":is(#atfResults, #btfResults, #resultsCol) div.prod[name]",
)
"""Selectors of a grid card, one per layout; the first that finds any is the page's layout. Each is one selector, as a
list of them would find a card once per member."""

GRID = ".s-main-slot, .s-result-list, #s-results-list-atf, #atfResults, #resultsCol, #noResultsTitle"
"""What holds the cards; there even when there are none."""

_SEARCH_BOX = "#twotabsearchtextbox, #nav-search-keywords, #nav-bb-search"
_ASIN = re.compile(r"[A-Z0-9]{10}")
_NO_RESULTS_AT = (
    '[cel_widget_id*="TOP_BANNER_MESSAGE"], [cel_widget_id*="MESSAGING"], .s-no-results-result, .s-main-slot, '
    "#noResultsTitle, #apsRedirectLink, #didYouMean, #centerMinus, #resultsCol"
)
_LABELS = ".puis-label-popover-default, .s-label-popover-default"  # 2019 to now
_OLD_LABELS = (
    ".s-sponsored-list-header, .s-sponsored-header, .s-sponsored-label-text, h5, h2 > .a-offscreen, .a-color-secondary"
)
_AD_LINKS = ("/sspa/click", "/gp/slredirect/", "/gp/r.html", "sp_csd=")


def read_search(tree: LexborHTMLParser, marketplace: Marketplace, url: str | None = None) -> SearchPage:
    """The record of a search page known to be whole (:mod:`spiders.pages.classify` judges that).

    ``url`` is only asked for what the page itself does not state. Never raises.
    """
    missing: list[Missing] = []
    query = read_query(tree, url)
    if query is None:
        boxed = tree.css_first(_SEARCH_BOX) is not None
        missing.append(Missing(field="query", reason=Reason.ABSENT_ON_PAGE if boxed else Reason.LAYOUT_UNKNOWN))
    page, last_page = read_pages(tree, url)
    if page is None:
        missing.append(Missing(field="page", reason=Reason.LAYOUT_UNKNOWN))
    if last_page is None:
        missing.append(Missing(field="last_page", reason=Reason.ABSENT_ON_PAGE))
    placements: list[Placement] = []
    organic = sponsored = 0
    for node in cards(tree):
        is_ad = read_sponsored(node)
        organic += is_ad is False
        sponsored += is_ad is True
        placements.append(
            _placement(
                node,
                marketplace,
                position=len(placements) + 1,
                is_ad=is_ad,
                organic=organic if is_ad is False else None,
                sponsored=sponsored if is_ad is True else None,
            )
        )
    return SearchPage(
        marketplace=marketplace.code,
        query=query,
        page=page,
        last_page=last_page,
        placements=tuple(placements),
        missing=tuple(missing),
    )


def cards(tree: LexborHTMLParser) -> list[LexborNode]:
    """The cards of the result grid in page order, whatever the layout; empty when there are none."""
    for selector in CARDS:
        beside: dict[int, bool] = {}  # by parent, which most cards share: whether it stands in a carousel
        found = []
        for node in tree.css(selector):
            parent = node.parent
            if parent is None or _asin(node) is None:
                continue
            if parent.mem_id not in beside:
                beside[parent.mem_id] = _in_carousel(parent)
            if not beside[parent.mem_id]:
                found.append(node)
        if found:
            return found
    return []


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
    if box is not None and (value := _text(box.attributes.get("value"))):
        return value
    if url is not None and (asked := _url_values(url, "k", "field-keywords", "keywords")):
        return _text(asked[0])
    return None


def read_pages(tree: LexborHTMLParser, url: str | None) -> tuple[int | None, int | None]:
    """Number of this page and the highest one the pagination offers, both from 1.

    Without a pagination the page is the one its URL names, or the first when its result count
    ("1-16 of 48 results", "3 results") does not start further on.
    """
    for strip_at, current, others in (
        (".s-pagination-strip", ".s-pagination-selected", ".s-pagination-item"),
        ("ul.a-pagination", "li.a-selected", "li"),
        ("#pagn", ".pagnCur", ".pagnLink, .pagnCur, .pagnDisabled"),
    ):
        strip = tree.css_first(strip_at)
        selected = strip.css_first(current) if strip is not None else None
        if strip is not None and selected is not None:
            offered = [n for node in strip.css(others) if (n := _page_number(node.text())) is not None]
            return _page_number(selected.text()), max(offered, default=None)
    if url is not None and (asked := _url_values(url, "page")):
        return _page_number(asked[0]), None
    count = tree.css_first('[data-component-type="s-result-info-bar"] span, #s-result-count, #resultCount')
    if count is None:
        return None, None
    span = re.search(r"([\d.,\s]*\d)\s*[-–—]\s*\d", count.text())
    return (1 if span is None or span[1].strip() == "1" else None), None


def read_sponsored(card: LexborNode) -> bool | None:
    """Whether a card is an ad, from what its markup does and what it tells the reader.

    Markup: class ``AdHolder``, or a link through the ad redirect. Reader: the label
    "Sponsored" in the page's language, or (for a language not known here) the label's own ad information popover.
    Both make an ad and neither makes an organic result; one without the other (markup of an ad under the label
    "Featured from Amazon brands") is a contradiction and yields None.
    """
    marked = "AdHolder" in (card.attributes.get("class") or "") or _links_through_ad(card)
    told = _has_label(card, _LABELS)
    if marked and not told:
        told = card.css_first('[data-a-popover*="sp-info-popover"], [id*="sp-info-popover"]') is not None
    if not told and (marked or card.tag == "li"):
        told = _has_label(card, _OLD_LABELS)
    return marked if marked == told else None


def read_title(card: LexborNode) -> str | None:
    """The product's title as shown; a brand line above it is not part of it."""
    if card.tag == "li":  # 2015 to 2018: the link's title lacks the "[Sponsored]" its text may begin with
        link = card.css_first("a.s-access-detail-page[title]")
        if link is not None:
            return _text(link.attributes.get("title"))
    for selector in ("a h2, h2 a", "h2", "h3.newaps a, h3 a .lrg"):
        node = card.css_first(selector)
        if node is not None and (title := _text(node.text())):
            return title
    return None


def read_price_text(card: LexborNode) -> str | None:
    """The first price that is not struck through, as it stands on the page."""
    for price in card.css(".a-price"):
        if price.attributes.get("data-a-strike") == "true":
            continue
        for part in (".a-offscreen", '[aria-hidden="true"]'):
            node = price.css_first(part)
            if node is not None and (text := _text(node.text())):
                return text
    split = card.css_first(".sx-price")
    if split is not None:
        return _split_price(split)
    for node in card.css(".s-price, .newp .bld.red, .price.bld, .newp .price"):
        if "strike" not in (node.attributes.get("class") or "") and (text := _text(node.text())):
            return text
    return None


def read_rating_text(card: LexborNode) -> str | None:
    """The star rating as the page words it ("4.3 out of 5 stars")."""
    node = card.css_first('i[class*="a-icon-star"] .a-icon-alt, i[class*="a-star-"] .a-icon-alt')
    if node is not None:
        return _text(node.text())
    node = card.css_first(".asinReviewsSummary [alt], .rvw .stars [alt], .rvw [title]")
    return _text(node.attributes.get("alt") or node.attributes.get("title")) if node is not None else None


def read_review_count(card: LexborNode, marketplace: Marketplace) -> tuple[int | None, str | None]:
    """The exact number of ratings and, where none is exact, the text that stood in its place.

    The number shown may be rounded ("(1.5K)", "(8,9 mil)") beside an exact one in a label; only an exact one counts.
    """
    star = card.css_first('i[class*="a-icon-star"], i[class*="a-star-"]')
    row = star.parent if star is not None else card.css_first(".rvwCnt")
    # Nodes are compared by identity: == would compare their whole markup.
    while row is not None and row.mem_id != card.mem_id and "a-row" not in (row.attributes.get("class") or ""):
        if row.attributes.get("class") == "rvwCnt" or row.tag == "li":
            break
        row = row.parent
    if row is None:
        return None, None
    seen: str | None = None
    for node in row.css("[aria-label]"):
        label = _text(node.attributes.get("aria-label"))
        if label is None or node.css_first(".a-icon-alt") is not None:
            continue
        number = numbers.count(label, marketplace)
        if number is not None:
            return number, None
        seen = seen or label
    for node in row.css('a:not([role="button"])'):
        shown = _text(node.text())
        if shown is None or node.css_first("i") is not None:
            continue
        number = numbers.count(shown.strip("()"), marketplace)
        if number is not None:
            return number, None
        seen = shown
    return None, seen


def _placement(
    node: LexborNode,
    marketplace: Marketplace,
    *,
    position: int,
    is_ad: bool | None,
    organic: int | None,
    sponsored: int | None,
) -> Placement:
    title = read_title(node)
    # A card without a title is one we do not know: what is not found on it may well be there.
    absent = Reason.ABSENT_ON_PAGE if title is not None else Reason.LAYOUT_UNKNOWN
    missing: list[Missing] = []

    def lacks(field: str, reason: Reason, text: str | None = None) -> None:
        missing.append(Missing(field=field, reason=reason, text=text))

    if is_ad is None:
        lacks("sponsored", Reason.AMBIGUOUS)
    unplaced = Reason.AMBIGUOUS if is_ad is None else Reason.NOT_APPLICABLE
    if organic is None:
        lacks("organic_position", unplaced)
    if sponsored is None:
        lacks("sponsored_position", unplaced)
    if title is None:
        lacks("title", Reason.LAYOUT_UNKNOWN)

    price_text = read_price_text(node)
    money = numbers.money(price_text, marketplace) if price_text is not None else None
    if price_text is None:
        lacks("price_text", absent)
        lacks("price", absent)
    elif money is None:
        lacks("price", Reason.UNPARSEABLE, price_text)
    if money is None:
        lacks("currency", Reason.NOT_APPLICABLE)

    rating_text = read_rating_text(node)
    rating: Decimal | None = numbers.rating(rating_text) if rating_text is not None else None
    if rating_text is None:
        lacks("rating_text", absent)
        lacks("rating", absent)
    elif rating is None:
        lacks("rating", Reason.UNPARSEABLE, rating_text)

    review_count, seen = read_review_count(node, marketplace)
    if review_count is None:
        lacks("review_count", Reason.UNPARSEABLE if seen is not None else absent, seen)
    return Placement(
        position=position,
        asin=_asin(node) or "",
        sponsored=is_ad,
        organic_position=organic,
        sponsored_position=sponsored,
        title=title,
        price=money.amount if money is not None else None,
        currency=money.currency if money is not None else None,
        price_text=price_text,
        rating=rating,
        rating_text=rating_text,
        review_count=review_count,
        missing=tuple(missing),
    )


def _split_price(price: LexborNode) -> str | None:
    """The price of a 2017 or 2018 card: symbol, units and cents are elements of their own, the whole is for readers
    of screens. Only marketplaces that write a decimal point had it."""
    link = price.parent
    while link is not None and link.tag != "a":
        link = link.parent
    spoken = link.css_first(".a-offscreen") if link is not None else None
    if spoken is not None and any(char.isdigit() for char in spoken.text()):
        return _text(spoken.text())
    symbol, whole, cents = (
        node.text(strip=True) if (node := price.css_first(part)) is not None else ""
        for part in (".sx-price-currency", ".sx-price-whole", ".sx-price-fractional")
    )
    return _text(f"{symbol}{whole}.{cents}" if cents else f"{symbol}{whole}")


def _asin(card: LexborNode) -> str | None:
    asin = card.attributes.get("data-asin") or card.attributes.get("name") or ""
    return asin if _ASIN.fullmatch(asin) else None


def _in_carousel(node: LexborNode | None) -> bool:
    while node is not None:
        if "carousel" in (node.attributes.get("class") or ""):
            return True
        node = node.parent
    return False


def _links_through_ad(card: LexborNode) -> bool:
    link = card.css_first("a.a-link-normal")
    href = (link.attributes.get("href") or "") if link is not None else ""
    return any(path in href for path in _AD_LINKS)


def _has_label(card: LexborNode, selector: str) -> bool:
    return any(signs.says_sponsored(node.text(strip=True)) for node in card.css(selector))


def _page_number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _url_values(url: str, *names: str) -> list[str]:
    try:
        values = parse_qs(urlsplit(url).query)
    except ValueError:  # more separators than Python allows, or a malformed host
        return []
    return next((values[name] for name in names if name in values), [])


def _text(raw: str | None) -> str | None:
    """Text on one line with plain spaces, or None when nothing is left."""
    return " ".join(raw.split()) or None if raw else None
