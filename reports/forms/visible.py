"""Texts of others without what cannot be seen: controls of the direction of text, of a terminal or a printer."""

import re

from reports.page.document import BIDI

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
"""Control characters but tab and line feed, and code points that are no characters."""


def visible(text: str) -> str:
    """The text in several lines, if it has them; its letters keep their own direction."""
    return _UNSEEN.sub("", BIDI.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def line(text: str) -> str:
    """The text in one line."""
    return " ".join(visible(text).split())
