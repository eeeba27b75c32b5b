"""What every page object needs: a page's elements by id, a field without a value, an element's text, whose it is."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from storage.records import Missing, Reason

_ANOTHER = re.compile(
    r"(?:apex_desktop_)?(?:used|renewed|certified-?[rR]efurb|sns|rent|trade-?[iI]n|business)|sims|sp_detail"
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NO_TEXT = "script, style, noscript"
_CODE = re.compile(r"[{(=\[]")
"""What no script or style does without, and few texts have."""
_MEMBER = re.compile(r"#([\w-]+)(\S*)(?:\s+(.+))?")
MOST = 200
"""Elements of one id, or found by one selector, that are looked at. A page has some fifty; one that nests ten thousand
in one another would be read for hours, as each is read with all inside it."""
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"
"""Marks that pages put around texts: no width, no meaning. Joiners do mean something, but not at the ends."""


class Lack(NamedTuple):
    """Why a field has no value; ``text`` is what stood there when it could not be read."""

    reason: Reason
    text: str | None = None


ABSENT = Lack(Reason.ABSENT_ON_PAGE)
UNKNOWN = Lack(Reason.LAYOUT_UNKNOWN)
NOT_APPLICABLE = Lack(Reason.NOT_APPLICABLE)


def unparseable(text: str) -> Lack:
    """The lack of a value whose ``text`` cannot be read; the text is kept, cut where it is long."""
    return Lack(Reason.UNPARSEABLE, text[:200])


def settled(read: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Missing, ...]]:
    """The fields that have a value, and why the others have none."""
    values = {name: value for name, value in read.items() if not isinstance(value, Lack)}
    lacks = ((name, lack) for name, lack in read.items() if isinstance(lack, Lack))
    return values, tuple(Missing(field=name, reason=lack.reason, text=lack.text) for name, lack in lacks)


def asked(url: str, *names: str) -> list[str]:
    """What an address asks for under the first of these names that it has; nothing for one that is malformed."""
    try:
        values = parse_qs(urlsplit(url).query)
    except ValueError:  # more separators than Python allows, or a malformed host
        return []
    return next((values[name] for name in names if name in values), [])


class Elements:
    """The elements of a page, or of a part of it, by id: one walk over the tree instead of one per selector.

    A select over a whole page takes as long as a tenth of its parsing, so a record of fifty fields cannot make one for
    each. What is asked for here begins with an id, and only the inside of that element is searched.
    """

    def __init__(self, root: LexborHTMLParser | LexborNode) -> None:
        self._by_id: dict[str, list[LexborNode]] = {}
        self._another: dict[int, bool] = {}
        for node in root.css("[id]"):
            self._by_id.setdefault(node.id or "", []).append(node)

    def __contains__(self, names: str) -> bool:
        """Whether the page has an element with any of these ids: ``"#ppd, #dp" in elements``."""
        return any(name in self._by_id for name, _, _ in _members(names))

    def all(self, selector: str) -> list[LexborNode]:
        """What a list of selectors finds, member by member; each begins with an id ("#price .a-offscreen, #cost")."""
        found: dict[int, LexborNode] = {}
        for name, own, inside in _members(selector):
            for node in self._by_id.get(name, ())[:MOST]:
                if own and not node.css_matches(own):
                    continue
                for each in node.css(inside) if inside else (node,):
                    found.setdefault(each.mem_id, each)
        return list(found.values())[:MOST]

    def own(self, selector: str) -> list[LexborNode]:
        """What :meth:`all` finds, without what belongs to another offer or product."""
        return [node for node in self.all(selector) if not self.is_of_another(node)]

    def first(self, selector: str) -> LexborNode | None:
        """The first of what :meth:`all` finds."""
        return next(iter(self.all(selector)), None)

    def source(self, selector: str) -> str:
        """The source of the scripts that a list of selectors finds, one after the other."""
        insides = (script.child for script in self.all(selector))
        return "\n".join(inside.text_content or "" for inside in insides if inside is not None)

    def is_of_another(self, node: LexborNode) -> bool:
        """As :func:`of_another`, which most elements of a part have in common."""
        path: list[int] = []
        at: LexborNode | None = node
        answer = False
        while at is not None and at.is_element_node:
            known = self._another.get(at.mem_id)
            path.append(at.mem_id)
            if known is not None or _is_another(at):
                answer = known is None or known
                break
            at = at.parent
        self._another.update(dict.fromkeys(path, answer))
        return answer

    def starting(self, *prefixes: str) -> Iterator[LexborNode]:
        """The elements whose id begins with one of ``prefixes``, in the order in which their ids first appear."""
        names: list[str] = []
        for prefix in prefixes:
            start = end = bisect_left(self._sorted, prefix)
            while end < len(self._sorted) and self._sorted[end].startswith(prefix):
                end += 1
            names += self._sorted[start:end]
        for name in sorted(names, key=self._order.__getitem__):
            yield from self._by_id[name][:MOST]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._by_id)

    @cached_property
    def _order(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._by_id)}

    def text(self, *selectors: str) -> str | None:
        """The text of the first element of this product that has any, in order of the selectors."""
        texts = (text_of(node) for selector in selectors for node in self.own(selector))
        return next(filter(None, texts), None)


@lru_cache(maxsize=512)
def _members(selector: str) -> tuple[tuple[str, str, str], ...]:
    """The members of a list of selectors, each as (id, what else that element must be, what to find in it)."""
    found = [_MEMBER.fullmatch(member.strip()) for member in re.split(r",\s*(?=#)", selector)]
    if None in found:
        raise ValueError(f"not a list of selectors that begin with an id: {selector}")
    return tuple((member[1], member[2], member[3] or "") for member in found if member is not None)


def text_of(node: LexborNode | None) -> str | None:
    """The text of an element on one line with plain spaces, or None when there is none.

    Scripts and styles inside are no text.
    """
    if node is None:
        return None
    text = node.text(separator=" ")
    if _CODE.search(text) and node.css_first(_NO_TEXT) is not None:
        copy = node.clone()  # the page stays whole: elements of it may be known by their ids
        copy.strip_tags(_NO_TEXT.split(", "))
        text = copy.text(separator=" ")
    if not text.isascii():
        for mark in _INVISIBLE:
            text = text.replace(mark, "")
    return " ".join(text.split()).strip("\u200c\u200d ") or None


def attribute(node: LexborNode | None, name: str) -> str:
    """An attribute's value without blanks around it; empty when there is none."""
    return ((node.attrs.get(name) if node is not None else None) or "").strip()


def first_text(scope: LexborNode | LexborHTMLParser, *selectors: str) -> str | None:
    """The text of the first element of this product that has any, in order of the selectors."""
    for selector in selectors:
        for node in scope.css(selector):
            if (text := text_of(node)) and not of_another(node):
                return text
    return None


def around(node: LexborNode | None) -> Iterator[LexborNode]:
    """An element and those that it stands in, the innermost first."""
    while node is not None and node.is_element_node:
        yield node
        node = node.parent


def of_another(node: LexborNode | None) -> bool:
    """Whether an element stands in the row of a used or subscribed offer, or in a carousel of other products."""
    return any(map(_is_another, around(node)))


def is_hidden(node: LexborNode | None) -> bool:
    """Whether an element, or one around it, is kept from the reader until a script shows it."""
    return any(
        "aok-hidden" in attribute(each, "class").split() or _NOT_SHOWN.search(attribute(each, "style"))
        for each in around(node)
    )


def _is_another(node: LexborNode) -> bool:
    return _ANOTHER.match(node.id or "") is not None or "carousel" in (node.attrs.get("class") or "")
