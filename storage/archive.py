"""The page archive: every raw page as it came, so small that keeping them all is the default.

A page is addressed by its content: it lives at ``<root>/<first two hex digits>/<sha256>.zst``, and the same bytes are
kept once. A page of a subject seen before (the same product, the same results page) is written against an earlier page
of it, which leaves little but what is new: 1 to 3 % of a page on nights of the demo and on simulated nights of real
pages, where a page alone takes 12 to 17 % (``python -m tests.benchmarks.archive`` measures both). Every 60 pages of a
subject comes a keyframe, kept alone.

Which base? The page before, if that leaves little; else whichever of the two pages before and the keyframe leaves
least: a site takes turns between layouts, and what changes for good makes deltas against a keyframe grow. A base may
itself have a base, at most :data:`MAX_DEPTH` steps down to one kept alone, so that reading a page restores at most one
more than these. A lost page takes those that rest on it with it, none beyond the next keyframe; ``tracker pages
verify`` says which.

Safe at any moment: a file appears under its name only when it is whole, and no page is written against a base that
could not be read in that moment. Several processes may put, read and prune at the same time: a page that is put, again
or for the first time, or serves as a base is *touched* (its modification time), and whoever removes pages looks at
that under the same lock.

Files: :mod:`storage.frames`. What is remembered of a subject: :mod:`storage.bases`. Removal: :mod:`storage.retention`.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from storage import frames
from storage.aside import written_aside
from storage.bases import INTERVAL, Bases, Memory
from storage.frames import Base

MAX_DEPTH = 5
"""Steps from a page down to one kept alone, at most."""

_NEAR = 10
"""A delta of no more than a keyframe's size divided by this is small enough: no further base is tried."""

_LITTLE = 20
"""A delta of no more than the page's size divided by this is kept without asking what the page would take alone."""

_UNLIKE = 2
"""A delta of more than what the page takes alone divided by this is not worth the bond."""


class ArchiveError(Exception):
    """A page that should be in the archive is not there, or is not what its hash says."""


class PageGoneError(ArchiveError):
    """The page itself is not in the archive: removed, or never there."""


class Archive:
    """Pages below ``root``, which is made when first needed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.memory = Memory(root / "bases")

    def path(self, page_hash: str) -> Path:
        """Where the page with this SHA-256 (hex) lives."""
        return self.root / page_hash[:2] / f"{page_hash}.zst"

    def put(self, body: bytes, subject: str | None = None) -> str:
        """Keep ``body`` and return its SHA-256 in hex. Keeping it again changes nothing.

        Args:
            subject: names what the page shows, the same on every night: ``product/com/B0…``.
        """
        page_hash = hashlib.sha256(body).hexdigest()
        if self._touch(page_hash):
            return page_hash
        known = self.memory.recall(subject) if subject else None
        delta = self._delta(body, known) if known and known.since < INTERVAL else None
        if known and delta and self._keep_delta(page_hash, delta, body):
            following = known.after(page_hash)
        else:
            stored = frames.alone(body)
            self._keep(page_hash, stored)
            if known is None or delta is None:
                following = Bases(keyframe=page_hash, cost=len(stored))
            elif len(stored) * _UNLIKE < known.cost:  # a bot check, say: no measure for the pages of this subject
                following = known.after(page_hash)
            else:
                following = known.renewed(page_hash, len(stored))
        if subject:
            self.memory.note(subject, following)
        return page_hash

    def get(self, page_hash: str) -> bytes:
        """The page as it came.

        Raises:
            PageGoneError: there is no such page.
            ArchiveError: it is damaged, or a page it was written against is damaged or gone.
        """
        try:
            return self._restore(page_hash, {}, throughout=False).body
        except ArchiveError:
            return self._restore(page_hash, {}).body  # says which of the pages it rests on is at fault

    @contextmanager
    def settled(self) -> Iterator[None]:
        """While the block lasts, no page is added or touched by anybody. Keep it short: crawls wait."""
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / ".lock"):
            yield

    def _delta(self, body: bytes, known: Bases) -> bytes | None:
        """``body`` against the known page that it differs least from; None when none of them can serve."""
        restored: dict[str, Base] = {}
        best: bytes | None = None
        for page_hash in known.pages():
            try:
                base = self._restore(page_hash, restored)
            except ArchiveError:
                continue
            if base.depth < MAX_DEPTH and frames.comparable(body, base):
                delta = frames.against(body, base)
                best = delta if best is None or len(delta) < len(best) else best
                if len(best) * _NEAR <= known.cost:
                    break
        return best

    def _restore(self, page_hash: str, restored: dict[str, Base], *, throughout: bool = True) -> Base:
        """The page with its depth, and with it in ``restored`` all it rests on.

        Args:
            throughout: check the hash of every page it rests on too, not of this one only.
        """
        chain: list[tuple[str, bytes]] = []
        needed: str | None = page_hash
        while needed and needed not in restored:
            chain.append((needed, self._stored(needed, page_hash)))
            needed = frames.base_of(chain[-1][1])
            if any(needed == link for link, _ in chain):
                raise ArchiveError(f"page {page_hash} in {self.root} is damaged: it rests on itself")
        below = restored[needed] if needed else None
        for link, stored in reversed(chain):
            try:
                body = frames.restore(stored, below.body if below else None)
            except ValueError as error:
                raise ArchiveError(self._damaged(page_hash, link, str(error))) from error
            if (throughout or link == page_hash) and hashlib.sha256(body).hexdigest() != link:
                raise ArchiveError(self._damaged(page_hash, link, "its hash differs"))
            below = restored[link] = Base(link, body, below.depth + 1 if below else 0)
        return restored[page_hash]

    def _stored(self, page_hash: str, asked: str) -> bytes:
        try:
            return self.path(page_hash).read_bytes()
        except FileNotFoundError:
            if page_hash == asked:
                raise PageGoneError(f"no page {page_hash} in {self.root}") from None
            raise ArchiveError(
                f"page {asked} in {self.root} cannot be restored: page {page_hash}, which it rests on, is gone"
            ) from None

    def _damaged(self, asked: str, link: str, why: str) -> str:
        through = "" if asked == link else f" (page {asked} rests on it)"
        return f"page {link} in {self.root} is damaged{through}: {why}"

    def _touch(self, page_hash: str) -> bool:
        """Whether the page is there; it is in use from now on."""
        if not self.path(page_hash).exists():
            return False
        with self.settled():
            return _touched(self.path(page_hash))

    def _keep_delta(self, page_hash: str, delta: bytes, body: bytes) -> bool:
        """Keep the page as ``delta``, unless that saves too little, or its base has been removed by now."""
        if len(delta) * _LITTLE > len(body) and len(delta) * _UNLIKE > len(frames.alone(body)):
            return False
        try:
            self._keep(page_hash, delta)
        except FileNotFoundError:
            return False
        return True

    def _keep(self, page_hash: str, stored: bytes) -> None:
        """Write a page's file and touch its base, in one moment.

        A page that somebody else has put meanwhile is left as it is: our base may rest on it by now.

        Raises:
            FileNotFoundError: the base has been removed. Nothing is written.
        """
        path, base = self.path(page_hash), frames.base_of(stored)
        with self.settled():
            if _touched(path):
                return
            if base:
                os.utime(self.path(base))
            with written_aside(path) as part:
                part.write(stored)


def _touched(path: Path) -> bool:
    """Whether there is a page's file, now dated to this moment. One without content is what a power cut leaves."""
    try:
        os.utime(path)
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
