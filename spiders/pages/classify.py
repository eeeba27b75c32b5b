"""What a page is and whose it is, whatever was asked for; and whether all of it is there.

When is a page whole?
    A download that broke off must not read like a page that shows less: a rank that would have come after the break is
    not "absent on page". So a product or search page is read only when something that stands *after* everything its
    record needs is there too:

    * the end of the document (``</html>`` or ``</body>`` with nothing but comments behind it), or
    * the footer of the site (``#navFooter``), or
    * for a product page anything behind the customer reviews, for search results and ranked lists the end of the
      pagination.

    A missing ``</html>`` alone is therefore no defect (pages saved by a browser or cut out by a tool often lack it),
    and anything less is ``INCOMPLETE`` with detail ``truncated`` (so is a page of the site that broke off before it
    shows what it is). A page whose end is there but whose main part is not (no title or ASIN; no result grid and no
    word of "no results"; a ranked list or offers without an entry) is ``INCOMPLETE``, detail ``main_part_missing``.

    The panel of all offers is no document but a piece of one, without any of these ends: it is whole when every block
    that it opens is closed.

How is it asked?
    A page has megabytes, and most are what was asked for. So what they are is asked for first, in one walk that stops
    at the first sign (these stand near the top), and how they end is looked for at the end.
"""

import re
from collections import Counter
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from spiders.pages import search, signs
from storage.marketplaces import Marketplace, by_host
from storage.records import PageKind

_RESULT = search.CARDS[0]
_PRODUCT = "#productTitle, #dp, #dp-container, #ppd, #title_feature_div, #ebooksProductTitle, #btAsinTitle, #handleBuy"
_REVIEWS = "#cm_cr-review_list, #cm_cr-product_info, #cm_cr-buy_box, #productReviews"
_BESTSELLERS = (
    "#zg, #zg-ordered-list, .zg-grid-general-faceout, .zg-carousel-general-faceout, .p13n-desktop-grid, "
    "#zg_left_colmask, #zg_centerListWrapper, .zg-item-immersion, .zg_itemImmersion, .zg_itemRow, .zg_itemWrapper, "
    ".zg_homeWidget"
)
_OFFERS = "#aod-container, #aod-offer-list, #aod-pinned-offer, #aod-offer, #olpOfferList, #olpProduct, .olpOffer"
_PANEL = "#aod-container, #aod-offer-list, #aod-pinned-offer, #aod-offer"
_SIGN_IN = (
    '#authportal-main-section, form[name="signIn"], #ap_signin_form, #ap_email, #ap_email_login, #ap_password, '
    'form[action*="/ap/signin"], form[action*="/ax/claim"]'
)
_CAPTCHA = 'form[action*="validateCaptcha"], #captchacharacters'
_FIREWALL = ("gokuProps", "AwsWafCaptcha", "AwsWafIntegration", "awsWafCookieDomainList", "token.awswaf.com")
_CONSENT = {
    "cookie_consent": '#sp-cc, #sp-cc-accept, form[action*="privacyprefs"], form[action*="cookieprefs"]',
    "age_consent": '[id^="black-curtain"], form[action*="black-curtain"], a[href*="black-curtain"]',
}
_BEHIND = "#navFooter, #nav-main, #nav-belt, #navbar, #nav-search-bar-form, #twotabsearchtextbox, #pageContent"
"""Any of these shows that a page goes on behind its banner."""
_CUSTOMER_REVIEWS = ":is(#reviewsMedley, #customerReviews, #cr-medley-top-reviews-wrapper)"
_AFTER = {
    PageKind.PRODUCT: f"#navFooter, {_CUSTOMER_REVIEWS} ~ *, :has({_CUSTOMER_REVIEWS}) ~ *",
    PageKind.SEARCH: "#navFooter, .s-pagination-next, #pagnNextLink, #pagnNextString",
    PageKind.BESTSELLERS: "#navFooter, .a-pagination .a-last, #zg_paginationWrapper",
    PageKind.OFFERS: "#navFooter, .a-pagination .a-last",
}

_CLOSED = re.compile(r"</(?:html|body)\s*>(?:\s|</html\s*>|<!--.*?(?:-->|$))*$", re.IGNORECASE | re.DOTALL)
_ANNOUNCED = re.compile(r"""\bue_pty\s*=\s*['"](Detail|Search)['"]""")
_SITE_HEAD = re.compile(r"<html.*?(?:amazon\.|ssl-images-amazon|\bue_)", re.IGNORECASE | re.DOTALL)
_SERVER_NAME = re.compile(r"""\bue_sn\s*=\s*['"]([\w.-]+)['"]""")
_SITE_NAME = re.compile(r"\bAmazon\.((?:com?\.)?[a-z]{2,3})\b", re.IGNORECASE)
_HEAD = 200_000  # characters: where a page's own settings stand
_TAIL = 4_000  # characters: where a whole document has its end, the comments behind it included


class Verdict(NamedTuple):
    """The kind of a page and, for one without a record, what it is in a word or two."""

    kind: PageKind
    detail: str | None = None


def classify(tree: LexborHTMLParser, html: str) -> Verdict:
    """Say what the page is. ``tree`` is the parsed ``html``. Never raises.

    Whether a product or search page has its main part shows when it is read (:func:`spiders.pages.read`).
    """
    first = tree.css_first(f"{_RESULT}, {_PRODUCT}")
    if first is not None:
        is_result = first.attributes.get("data-component-type") == "s-search-result"
        return _whole_or_incomplete(PageKind.SEARCH if is_result else PageKind.PRODUCT, tree, html)
    if tree.css_first(_REVIEWS) is not None:
        return Verdict(PageKind.REVIEWS)
    for kind, sign in (
        (PageKind.BESTSELLERS, _BESTSELLERS),
        (PageKind.OFFERS, _OFFERS),
        (PageKind.SEARCH, search.GRID),
    ):
        if tree.css_first(sign) is not None:
            return _whole_or_incomplete(kind, tree, html)
    return _non_page(tree, html)


def marketplace_of(tree: LexborHTMLParser, html: str) -> Marketplace | None:
    """The marketplace a page belongs to, by its own word, surest sign first.

    The server's name in its scripts; the canonical address; where most links outside the footer lead (the footer lists
    all countries); the site's name in title, logo or legal line. None when it says nothing.
    """
    named = _SERVER_NAME.search(html, 0, _HEAD)
    if named is not None and (market := by_host(named[1])) is not None:
        return market
    for selector, attribute in (
        ('link[rel="canonical"]', "href"),
        ('meta[property="og:url"]', "content"),
        ('link[rel="alternate"][hreflang="x-default"]', "href"),
    ):
        node = tree.css_first(selector)
        if node is not None and (market := _of_url(node.attributes.get(attribute))) is not None:
            return market
    return _most_linked(tree) or _named(tree)


def _whole_or_incomplete(kind: PageKind, tree: LexborHTMLParser, html: str) -> Verdict:
    # The end is looked at first, and the whole page only where that does not tell.
    closed = _closed_at(html[-_TAIL:])
    if closed or tree.css_first(_AFTER[kind]) is not None or (closed is None and _is_closed(html)):
        return Verdict(kind)
    if kind is PageKind.OFFERS and tree.css_first(_PANEL) is not None and _is_balanced(html):
        return Verdict(kind)
    return Verdict(PageKind.INCOMPLETE, "truncated")


def _non_page(tree: LexborHTMLParser, html: str) -> Verdict:
    if (captcha := _captcha(tree, html)) is not None:
        return Verdict(PageKind.CAPTCHA, captcha)
    if (error := _error(tree)) is not None:
        return Verdict(PageKind.ERROR, error)
    if (wall := _wall(tree, html)) is not None:
        return wall
    # The same comment stands on error pages too, so it is asked for after them.
    if "api-services-support@amazon.com" in html or "opfcaptcha" in html:
        return Verdict(PageKind.CAPTCHA, "automated_access")
    if (lack := _lack(html)) is not None:
        return Verdict(PageKind.INCOMPLETE, lack)
    has_text = tree.body is not None and tree.body.text(strip=True)
    # A zero: perhaps compressed once more than was said.
    return Verdict(PageKind.UNKNOWN, "not_text" if "\0" in html else None if has_text else "empty")


def _captcha(tree: LexborHTMLParser, html: str) -> str | None:
    """Which bot check a page without a main part is: the picture to type off, the button to press, the firewall's."""
    if tree.css_first(_CAPTCHA) is not None:
        asks = tree.css_first('#captchacharacters, form[action*="validateCaptcha"] input[type="text"]')
        return "bot_check" if asks is not None else "continue_shopping"
    return "waf_challenge" if any(sign in html for sign in _FIREWALL) else None


def _wall(tree: LexborHTMLParser, html: str) -> Verdict | None:
    """A page that wants a visitor to sign in, or to agree to something, before it shows anything."""
    if tree.css_first(_SIGN_IN) is not None:
        return Verdict(PageKind.SIGN_IN)
    if not _is_closed(html) or tree.css_first(_BEHIND) is not None:
        return None  # a page with a banner
    asked = next((what for what, sign in _CONSENT.items() if tree.css_first(sign) is not None), None)
    return Verdict(PageKind.CONSENT, asked) if asked else None


def _lack(html: str) -> str | None:
    """What a page of the site lacks that shows no main part but should: its end, or that part itself."""
    if not _is_closed(html) and _SITE_HEAD.search(html, 0, _HEAD) is not None:
        return "truncated"
    return "main_part_missing" if _ANNOUNCED.search(html, 0, _HEAD) is not None else None


def _error(tree: LexborHTMLParser) -> str | None:
    """``not_found`` or ``server_error`` for an error page of the site (the ones with the dogs, and older ones)."""
    if tree.css_first('a[href*="cs_404"], input[value*="cs_404"]') is not None:
        return "not_found"
    if tree.css_first('a[href*="cs_503"], a[href*="cs_500"], img[src*="/error/500_503"]') is not None:
        return "server_error"
    heading = tree.css_first('img[src*="/error/"][src*="/title."]')
    if heading is not None:  # the heading of the newer "not found" page is a picture
        return "not_found"
    words = " ".join(node.text() for node in tree.css("title, h1, h2, h3, .h1, #g b, #g p")[:12])
    words += " ".join(node.attributes.get("alt") or "" for node in tree.css("#g img, img#d")[:6])
    if len(words) < 40 and tree.body is not None:  # a bare server message has no headings
        words += tree.body.text(separator=" ")[:400]
    if signs.says_not_found(words):
        return "not_found"
    if signs.says_server_error(words) or tree.css_first('a[href*="/dogsofamazon"]') is not None:
        return "server_error"
    return None


def _is_closed(html: str) -> bool:
    """Whether the document ends: nothing but comments stands behind its last closing tag."""
    closed = _closed_at(html[-_TAIL:])
    return _closed_at(html) is True if closed is None else closed


def _closed_at(end: str) -> bool | None:
    """Whether the last closing tag in ``end`` ends the document; None when there is none."""
    # Only the last one can: an earlier one may be a script's string.
    last = max(
        (at for tag in ("</html", "</body", "</HTML", "</BODY") if (at := end.rfind(tag)) >= 0),
        default=None,
    )
    if last is None:
        return None
    # A download may break off behind the "</html>" in a string of a script, or in a comment.
    inside = end.rfind("<script", 0, last) > end.rfind("</script") or end.rfind("<!--", 0, last) > end.rfind("-->")
    return not inside and _CLOSED.match(end, last) is not None


def _is_balanced(fragment: str) -> bool:
    """Whether a piece of a page closes every block that it opens: one that broke off does not."""
    return fragment.count("<div") <= fragment.count("</div") and fragment.rstrip().endswith(">")


def _of_url(url: str | None) -> Marketplace | None:
    if not url:
        return None
    try:
        return by_host(url)
    except ValueError:  # not a URL at all
        return None


def _most_linked(tree: LexborHTMLParser) -> Marketplace | None:
    in_footer = {node.mem_id for node in tree.css("#navFooter a, .nav-footer-line a, #icp-touch-link-country a")}
    votes = Counter(
        market
        for node in tree.css('a[href*="://www.amazon."], form[action*="://www.amazon."]')
        if node.mem_id not in in_footer
        and (market := _of_url(node.attributes.get("href") or node.attributes.get("action"))) is not None
    )
    return votes.most_common(1)[0][0] if votes else None


def _named(tree: LexborHTMLParser) -> Marketplace | None:
    for node in tree.css('title, img[alt*="mazon."], a[aria-label*="mazon."], .a-size-mini'):
        text = node.attributes.get("alt") or node.attributes.get("aria-label") or node.text()
        for name in _SITE_NAME.finditer(text):
            if (market := by_host(f"www.amazon.{name[1].lower()}")) is not None:
                return market
    return None
