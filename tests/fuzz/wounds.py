"""What happens to a page: parts dropped, doubled, moved; text cut, overwritten, read in the wrong encoding.

A string of bytes says which page and which wounds, so that hypothesis and a fuzzer search the same space: one byte for
the page, one for the marketplace, five for each wound (what, where, whereto).
"""

from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.pages import read
from storage.marketplaces import MARKETPLACES
from tests.fuzz.pages import PAGES
from tests.fuzz.properties import check, check_cut, check_nothing_of_another

ENCODINGS = ("latin-1", "utf-16-le", "utf-16-be", "shift_jis", "cp1252", "big5", "utf-7")
SHRAPNEL = (
    "\x00", "\ud800", "\udfff\ud800", "\u202e", "\u200f", "\u2066", "👩\u200d👩\u200d👧", "\ufeff", "<", ">", "&", '"', "'",
    "</div>", "</span></span>", "<div>", "<table><tr>", "<script>", "</script>", "<!--", "-->", "<style>", "<noscript>",
    "<template>", "<svg><title>", "<select><option>", "<plaintext>", "<![CDATA[", "&#0;", "&#xD800;", "&nbsp;",
    "9" * 5000, "٣٤٥", "１２３", "1e999", "-1", "$", "€ ", "0", "," * 30, "{" * 3000, "[" * 3000, '{"a":' * 2000,
    "<span>" * 300, '<b id="availability">' * 50, '<script>alert("$777")</script>', "%", "\n", "</html>", "</body></html>",
)  # fmt: skip
_MARKETS = tuple(MARKETPLACES)
_MOST_WOUNDS = 12
_URL = "https://www.amazon.com/gp/product/ajax/aodAjaxMain/?asin=B0ABCDEF12"


class Wounded(NamedTuple):
    """A page after its wounds."""

    html: str
    fair: bool
    """Whether another product's carousel is still told apart by its own markup."""
    cut: bool
    """Whether nothing happened to it but that it broke off."""


def try_one(data: bytes) -> None:
    """Wound a page as ``data`` says, read it, and see that all properties hold."""
    name, market = list(PAGES)[data[0] % len(PAGES)] if data else "apex", "com"
    if len(data) > 1 and data[1] > 127:
        market = _MARKETS[data[1] % len(_MARKETS)]
    whole = PAGES[name]
    wounded = wound(whole, data[2:])
    got = read(wounded.html, _URL, market)
    check(got)
    if wounded.fair:
        check_nothing_of_another(got)
    if wounded.cut:
        check_cut(got, read(whole, _URL, market))


def wound(html: str, data: bytes) -> Wounded:
    """The page after the wounds that ``data`` names."""
    fair, cuts, others = True, 0, 0
    for at in range(0, min(len(data), 5 * _MOST_WOUNDS), 5):
        piece = data[at : at + 5].ljust(5, b"\0")
        what, where, whereto = piece[0] % 8, int.from_bytes(piece[1:3]), int.from_bytes(piece[3:5])
        place = where * 31 % (len(html) + 1)
        if what < 4:
            html, kept = _in_tree(html, what, where, whereto)
            fair, others = fair and kept, others + 1
        elif what == 4:
            html, cuts = html[:place], cuts + 1
        elif what == 5:
            html, fair = html[:place] + SHRAPNEL[whereto % len(SHRAPNEL)] + html[place:], False
        elif what == 6:
            html, fair = html[:place] + html[place + whereto % 40 :], False
        else:
            html, fair = garbled(html, ENCODINGS[whereto % len(ENCODINGS)]), False
    return Wounded(html, fair and not cuts, cuts > 0 and not others and fair)


def garbled(html: str, encoding: str) -> str:
    """The bytes of a page taken for text of another encoding."""
    return html.encode("utf-8", "surrogatepass").decode(encoding, "replace")


def _in_tree(html: str, what: int, where: int, whereto: int) -> tuple[str, bool]:
    """Drop, double or move one element with all inside it; and whether that leaves carousels what they are."""
    tree = LexborHTMLParser(html.encode("utf-8", "replace").decode())
    nodes = tree.css("body *")
    if not nodes or tree.html is None:
        return html, True
    node, target = nodes[where % len(nodes)], nodes[whereto % len(nodes)]
    above = [each.mem_id for each in _around(target)]
    fair = not any(_is_carousel(each) for each in _around(node)[1:])
    if what == 0:
        node.decompose()
    elif what == 1:
        node.insert_after(node.clone())
    elif node.mem_id not in above:
        if what == 2:
            target.insert_child(node.clone())
        else:
            target.insert_before(node.clone())
        node.decompose()
    # An element dropped from a carousel leaves one; one moved out of it is not known for another product's any more.
    return tree.html or "", fair or what < 2


def _around(node: LexborNode | None) -> list[LexborNode]:
    """An element and those around it."""
    found = []
    while node is not None and node.is_element_node:
        found.append(node)
        node = node.parent
    return found


def _is_carousel(node: LexborNode) -> bool:
    return (node.id or "").startswith("sims") or "carousel" in (node.attrs.get("class") or "")
