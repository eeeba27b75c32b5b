"""The Best Sellers Rank lines among the details of a product page.

The row that holds them is found by its links (``…/bestsellers/…``, which every language has) or by its heading. Places:
the details table (2015 to now), the bullet list (2009 to now) and ``#SalesRank`` (to 2017). A line is "#370 in Kitchen
(See Top 100 …)", "Nr. 1.234 in Küche", "27 en Films", "本 - 1,234位" or "1,234位マグカップ": a number, a category, and
words between that differ by language; so the category is the text of the line's link where that is no "see top 100",
else what is left of the line without number and words.
"""

import re
from collections.abc import Iterator
from itertools import chain

from selectolax.lexbor import LexborNode

from spiders.pages import numbers, signs
from spiders.pages.details import Details
from spiders.pages.reading import ABSENT, UNKNOWN, Lack, attribute, text_of, unparseable
from storage.marketplaces import Marketplace
from storage.records import BsrLine

_RANK_LINK = 'a[href*="/bestsellers/"], a[href*="/zgbs/"], a[href*="pd_zg_"], a[href*="/gp/new-releases/"]'
_TOP_LINK = re.compile(r"pd_zg_ts|/ref=zg_.*_ts")
_PARENTHESIS = re.compile(r"[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*[)）]\s*$")
_NODE = re.compile(r"/(?:bestsellers|zgbs)/[^/?]+/(\d+)")
_DEPARTMENT = re.compile(r"/(?:bestsellers|zgbs|new-releases)/(?!\d+(?:[/?]|$))([\w-]+)(?=[/?]|$)")
_RANK = re.compile(
    r"(?P<mark>#|№|nº|n\.º|n°|n\.|nr\.?|no\.?|nro\.?|第)?\s*(?P<rank>\d[\d.,]*\d|\d)\s*"
    r"(?P<after>位|名|\.\s*sırada|\.\s*sıra)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"^(?:in|en|dans|em|i|w kategorii|w|v kategorii|v|في|में|के लिए|之|在|-|–|:|>)\s+|^[-–:>]\s*|"
    r"\s*(?:kategorisinde|में|[-–:])$",
    re.IGNORECASE,
)


def bsr(details: Details, marketplace: Marketplace) -> tuple[BsrLine, ...] | Lack:
    """Every line in page order, the main category first; the reason when there is none."""
    unread: str | None = None
    for row in _rows(details):
        lines = [line for part in _parts(row) if (line := _line(part, marketplace)) is not None]
        if lines:
            return tuple(lines)
        unread = unread or text_of(row)
    if unread:
        return unparseable(unread)
    return ABSENT if details.places else UNKNOWN


def _rows(details: Details) -> Iterator[LexborNode]:
    """The rows or bullets that hold ranks, outermost first: those with a link to a list, then those so headed."""
    seen: set[int] = set()
    for place in details.places:
        if place.id == "SalesRank":
            yield place
            continue
        links = place.css(_RANK_LINK)
        named = (each.node for each in details.headings if each.place is place and signs.says_bsr(each.text))
        for sign in chain(links, named):
            row = _outer_row(sign, place)
            if row is not None and row.mem_id not in seen:
                seen.add(row.mem_id)
                yield row


def _outer_row(node: LexborNode, place: LexborNode) -> LexborNode | None:
    """The outermost ``tr`` or ``li`` around ``node`` inside ``place``: a list of ranks nests in a row."""
    row, at = None, node.parent
    while at is not None and at.mem_id != place.mem_id:
        if at.tag == "tr" or (at.tag == "li" and (row is None or row.tag == "li")):
            row = at
        if at.tag == "tr":
            break
        at = at.parent
    return row


class _Part:
    """One line's text with its first link."""

    def __init__(self) -> None:
        self.text = ""
        self.links: list[LexborNode] = []


def _parts(row: LexborNode) -> list[_Part]:
    """The lines of a row: list items, spans broken by ``<br>``, or the text before a nested list."""
    parts = [_Part()]

    # By hand and not by recursion, which a page of a thousand nested elements would end.
    waiting: list[tuple[LexborNode | None, bool]] = [(row.child, False)]  # where to go on; whether a line ends there
    while waiting:
        child, ends_line = waiting.pop()
        if ends_line:
            parts.append(_Part())
        if child is None:
            continue
        tag = child.tag
        starts_line = tag in {"br", "li", "ul", "ol", "tr", "td", "div"}
        waiting.append((child.next, starts_line))
        if starts_line:
            parts.append(_Part())
            waiting.append((child.child, False))
        elif tag == "-text":
            parts[-1].text += child.text_content or ""
        elif tag == "a":
            parts[-1].text += child.text()
            parts[-1].links.append(child)
        elif tag in {"th", "style", "script"} or (_is_bold(child) and signs.says_bsr(text_of(child) or "")):
            pass  # the heading
        else:
            waiting.append((child.child, False))
    return [part for part in parts if any(char.isdigit() for char in part.text)]


def _is_bold(node: LexborNode) -> bool:
    return node.tag == "b" or "a-text-bold" in (node.attributes.get("class") or "")


def _line(part: _Part, marketplace: Marketplace) -> BsrLine | None:
    text = numbers.plain(" ".join(part.text.split()))
    see_top = next((link for link in part.links if _is_see_top(link, text)), None)
    own = [link for link in part.links if link is not see_top]
    if see_top is not None:
        text = _PARENTHESIS.sub("", text).strip()
    found = _best(text)
    rank = numbers.whole(found["rank"], marketplace) if found else None
    if found is None or not rank:
        return None
    # Before 2018 a line named the whole path: "in Books > Children's Books > Humor", each step a link.
    path = " > ".join(step for link in own if (step := text_of(link)))
    category = path or _without(text, found)
    if not category:
        return None
    led = [attribute(link, "href") for link in own[-1:] or part.links]
    return BsrLine(
        rank=rank,
        category=category,
        category_id=next((node[1] for href in led if (node := _NODE.search(href))), None),
        department=next((slug[1] for href in led if (slug := _DEPARTMENT.search(href))), None),
    )


def _is_see_top(link: LexborNode, text: str) -> bool:
    """Whether a link is the "(See Top 100 in …)" behind a main category: it stands in the closing parenthesis."""
    closing = _PARENTHESIS.search(text)
    words = numbers.plain(text_of(link) or "")
    in_closing = closing is not None and bool(words) and words in closing[0]
    return in_closing or _TOP_LINK.search(link.attributes.get("href") or "") is not None


def _best(text: str) -> re.Match[str] | None:
    """The number that is the rank: one with a mark of a rank, else the first."""
    found = list(_RANK.finditer(text))
    marked = [match for match in found if match["mark"] or match["after"]]
    return next(iter(marked or found), None)


def _without(text: str, rank: re.Match[str]) -> str | None:
    """The category in a line without a link of its own: what stands beside the rank."""
    rest = f"{text[: rank.start()].strip()} {text[rank.end() :].strip()}".strip()
    while (shorter := _BETWEEN.sub("", rest).strip()) != rest:
        rest = shorter
    return rest or None
