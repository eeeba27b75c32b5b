"""Which earlier pages the next page of a subject is compared with: remembered on disk, and never relied on.

A subject is what a page shows: a product on a marketplace, a results page of a keyword. Each has a small file here.
Lost, damaged or out of date, it only makes the next page of its subject a keyframe, one kept alone.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from storage.aside import written_aside

INTERVAL = 60
"""Pages after which a keyframe is due: what hangs together, for damage and for retention, stays bounded by it."""

_RECENT = 2
"""Pages before the next one it is compared with, beside the keyframe. With two, a site that takes turns between
layouts finds its own again: 2.0 % of the demo's product pages for 2.6 % with one; a third brings nothing more."""


class Bases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pages the next one of a subject may be written against."""

    keyframe: str
    cost: int
    """Bytes that the keyframe takes in the archive."""
    recent: tuple[str, ...] = ()
    """The pages before, newest first."""
    since: int = 0
    """Pages kept since the keyframe."""

    def pages(self) -> Iterator[str]:
        """Each of them once, newest first."""
        yield from dict.fromkeys((*self.recent, self.keyframe))

    def after(self, page_hash: str) -> "Bases":
        """What stands after another page was kept."""
        return msgspec.structs.replace(self, recent=(page_hash, *self.recent)[:_RECENT], since=self.since + 1)

    def renewed(self, page_hash: str, cost: int) -> "Bases":
        """What stands after a page unlike the others became the keyframe: their kind may come again."""
        return Bases(keyframe=page_hash, cost=cost, recent=(*self.recent, self.keyframe)[:_RECENT])


class Memory:
    """The files of all subjects, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def recall(self, subject: str) -> Bases | None:
        """What is remembered of ``subject``; None when that is nothing, or is of no use."""
        try:
            return msgspec.json.decode(self._path(subject).read_bytes(), type=Bases)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def note(self, subject: str, bases: Bases) -> None:
        """Remember ``bases`` for the next page of ``subject``."""
        with written_aside(self._path(subject)) as part:
            part.write(msgspec.json.encode(bases))

    def _path(self, subject: str) -> Path:
        return self.folder / f"{hashlib.sha256(subject.encode()).hexdigest()}.json"
