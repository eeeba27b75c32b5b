"""What every page object needs: a field without a value, an element's text, and whose element it is."""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from storage.records import Reason

_ANOTHER = re.compile(r"(?:apex_desktop_)?(?:used|renewed|sns|rent|tradein)|sims|sp_detail")


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
    """The text of the first element of this product that has any, in order of the selectors."""
    for selector in selectors:
        for node in scope.css(selector):
            if (text := text_of(node)) and not of_another(node):
                return text
    return None


def of_another(node: LexborNode | None) -> bool:
    """Whether an element stands in the row of a used or subscribed offer, or in a carousel of other products."""
    while node is not None:
        if _ANOTHER.match(node.attributes.get("id") or "") or "carousel" in (node.attributes.get("class") or ""):
            return True
        node = node.parent
    return False
