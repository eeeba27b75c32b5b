"""Which pages are to go: a plan made of values, without touching a file."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

ORPHAN_STAYS = timedelta(days=7)
"""A page that no fetch names may be that of a crawl whose results are not in the database yet."""

UNSETTLED = timedelta(days=1)
"""A page put so recently stays in any case: the fetch that names it anew may not be in the database yet."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it lies in the archive."""

    size: int
    """Bytes of its file."""
    base: str | None
    """The page it was written against."""
    touched_ns: int
    """When it was last put or taken as a base, in nanoseconds since 1970."""

    @property
    def touched(self) -> datetime:
        return datetime.fromtimestamp(self.touched_ns / 1e9, UTC)


def orphans(pages: Mapping[str, Kept], named: Mapping[str, datetime], now: datetime) -> list[str]:
    """Pages that no fetch names, and that are old enough to be sure of it."""
    return [h for h, kept in pages.items() if h not in named and kept.touched < now - ORPHAN_STAYS]


def plan(
    pages: Mapping[str, Kept],
    named: Mapping[str, datetime],
    now: datetime,
    *,
    keep_days: int | None = None,
    keep_bytes: float | None = None,
) -> list[str]:
    """The pages that can go, in an order in which each goes after all that rest on it.

    Orphans go; so do pages older than ``keep_days``, and beyond ``keep_bytes`` the oldest. What a page that stays
    rests on stays too, until that goes.

    Args:
        pages: every page of the archive, by hash.
        named: when the newest fetch that names a page was made: its age. Of pages that are not there, too.
        keep_days: None keeps pages of any age.
        keep_bytes: how much the archive may hold; None for any amount.
    """
    removal = _Removal(pages)
    for page_hash in orphans(pages, named, now):
        removal.mark(page_hash)
    aged = sorted(
        (h for h, kept in pages.items() if h in named and kept.touched < now - UNSETTLED), key=lambda h: (named[h], h)
    )
    for page_hash in aged:
        too_old = keep_days is not None and named[page_hash] < now - timedelta(days=keep_days)
        too_much = keep_bytes is not None and removal.left > keep_bytes
        if too_old or too_much:
            removal.mark(page_hash)
    return removal.order


class _Removal:
    """Pages marked to go; each goes as soon as none that stays rests on it."""

    def __init__(self, pages: Mapping[str, Kept]) -> None:
        self.order: list[str] = []
        self.left = sum(kept.size for kept in pages.values())
        """Bytes of what does not go."""
        self._pages = pages
        self._marked: set[str] = set()
        self._resting = Counter(kept.base for kept in pages.values())

    def mark(self, page_hash: str) -> None:
        self._marked.add(page_hash)
        going: str | None = page_hash
        while going in self._marked and not self._resting[going]:
            self.order.append(going)
            self.left -= self._pages[going].size
            going = self._pages[going].base
            self._resting[going] -= 1
