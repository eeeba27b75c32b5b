"""Two versions of a text, told as what was kept, removed and added.

The longest runs of words in common are kept (difflib's way, after Ratcliff and Obershelp 1988), where Chinese and
Japanese are taken sign by sign. Lines are matched first: the same ones, then those most alike.
"""

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

ALIKE = 0.4
"""Two texts of which less is in common are told as another one, not as one rewritten (judgement)."""
ISLAND = 3
"""So few signs in common between two changes are told as changed with them: else a reader sees confetti (judgement)."""


class Piece(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


Pieces = tuple[tuple[Piece, str], ...]
"""Runs of a text, in order."""


@dataclass(frozen=True, slots=True)
class Line:
    """One bullet, before and after."""

    was: int | None
    """Its number before, from 1; None of a new one."""
    now: int | None
    """Its number now; None of one that is gone."""
    pieces: Pieces

    @property
    def changed(self) -> bool:
        return any(piece is not Piece.KEPT for piece, _ in self.pieces)


KEPT, REMOVED, ADDED = Piece
_SIGN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_POINT = (
    re.escape(string.punctuation) + "\u2010-\u2027\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_TOKEN = re.compile(rf"(?:\d+(?:[.,]\d+)+|[{_SIGN}]|[^\s{_SIGN}{_POINT}]+|\S)\s*")
"""A number, a sign of Chinese or Japanese, a word, or a point, each with the space after it."""


def rewritten(before: str | Sequence[str], after: str | Sequence[str]) -> tuple[Line, ...]:
    """Two versions of a text (which is one line), or of several lines."""
    if isinstance(before, str) and isinstance(after, str):
        return (Line(1, 1, words(before, after)),)
    pairs = dict(_pairs(before, after))
    lines = [
        Line(pairs[n] + 1, n + 1, words(before[pairs[n]], text)) if n in pairs else Line(None, n + 1, ((ADDED, text),))
        for n, text in enumerate(after)
    ]
    for n, text in enumerate(before):
        if n not in pairs.values():
            at = next((place for place, line in enumerate(lines, 1) if line.was == n), 0)
            lines.insert(at, Line(n + 1, None, ((REMOVED, text),)))
    return tuple(lines)


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which line came of which, as (now, before): the same first, then those most alike."""
    left = dict(enumerate(before))
    rest = []
    for n, text in enumerate(after):
        same = next((m for m, other in left.items() if other == text), None)
        if same is None:
            rest.append(n)
        else:
            del left[same]
            yield n, same
    alike = sorted(
        ((_alike(_keys(left[m]), _keys(after[n])), -abs(n - m), n, m) for n in rest for m in left), reverse=True
    )
    for share, _, n, m in alike:
        if share >= ALIKE and n in rest and m in left:
            rest.remove(n)
            del left[m]
            yield n, m


def words(before: str, after: str) -> Pieces:
    """What was kept, removed and added from one text to the other."""
    if before == after:
        return ((KEPT, after),)
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[tuple[Piece, str]] = []
    removed = added = ""

    def told() -> None:
        found.extend((piece, text) for piece, text in ((REMOVED, removed), (ADDED, added)) if text)

    kept = 0
    blocks = _matcher(_keys(before), _keys(after)).get_opcodes()
    for place, (how, a, b, c, d) in enumerate(blocks):
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        island = 0 < place < len(blocks) - 1 and len(come.strip()) < ISLAND
        if how != "equal" or island:
            removed, added = removed + gone, added + come
            continue
        told()
        removed = added = ""
        found.append((KEPT, come))
        kept += len(come)
    told()
    if 2 * kept < ALIKE * (len(before) + len(after)):
        return tuple((piece, text) for piece, text in ((REMOVED, before), (ADDED, after)) if text)
    return tuple(found)


def _matcher(old: Sequence[str], new: Sequence[str]) -> "SequenceMatcher[str]":
    return SequenceMatcher(None, old, new, autojunk=False)


def _alike(old: Sequence[str], new: Sequence[str]) -> float:
    """How much two texts have in common, from 0 to 1; 0 where it is clearly little."""
    matcher = _matcher(old, new)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


@lru_cache(maxsize=512)
def _keys(text: str) -> list[str]:
    """The words of a text, without the space after them, and its punctuation."""
    return [token.strip() for token in _TOKEN.findall(text)]
