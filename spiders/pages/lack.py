"""A field without a value, and the text helpers every page object shares a page's quirks with."""

from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from storage.model import Reason


class Lack(NamedTuple):
    """Why a field has no value; ``text`` is what stood there when it could not be read."""

    reason: Reason
    text: str | None = None


def text_of(node: LexborNode | LexborHTMLParser | None) -> str | None:
    """The text of an element on one line with plain spaces, or None when there is none."""
    if node is None:
        return None
    return " ".join(node.text(separator=" ").split()) or None


def first_text(scope: LexborNode | LexborHTMLParser, *selectors: str) -> str | None:
    """The text of the first element that has any, in order of the selectors."""
    for selector in selectors:
        for node in scope.css(selector):
            if text := text_of(node):
                return text
    return None
