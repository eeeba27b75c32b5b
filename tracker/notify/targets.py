"""Who is told, and what each target of ``[notify]`` has been told or would not take: a small file beside the journal.

The address of a target is a secret: it is named by its service and a few digits of the hash of its address.

Noted after a message was taken: killed between the two, the next call sends it again. A piece of news that comes twice
is a nuisance, one that never comes may cost money. What a target does not take is offered again with every job for a
day, and then given up; the others are not told again meanwhile.
"""

import os
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
from pydantic import SecretStr

from storage.aside import written_aside
from tracker.config import Config
from tracker.journal import Journal

GIVE_UP = timedelta(days=1)
"""So long a piece of news is offered to a target that does not take it."""

KEPT = timedelta(days=90)
"""So long it is remembered that something was told; news is offered for two days."""


@dataclass(frozen=True)
class Target:
    """One of the configured addresses."""

    position: int
    """Counted from 1."""
    url: SecretStr

    @property
    def service(self) -> str:
        """What stands before ``://``."""
        return self.url.get_secret_value().partition("://")[0].lower()

    @property
    def id(self) -> str:
        """Names it as long as its address stays the same."""
        return sha256(self.url.get_secret_value().encode()).hexdigest()[:8]

    def __str__(self) -> str:
        return f"{self.service} #{self.id}"


def targets(config: Config) -> list[Target]:
    """Every configured address, each once."""
    found = [Target(n, url) for n, url in enumerate(config.notify.urls, 1)]
    return list({target.id: target for target in reversed(found)}.values())[::-1]


class Deliveries(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What is known of one target. Instants in UTC."""

    service: str
    told: dict[str, datetime] = {}
    """News by its key, and when it was taken, or given up."""
    waiting: dict[str, datetime] = {}
    """News that was not taken, and when it was offered first."""
    taken: datetime | None = None
    """When a message was taken last."""
    failed: datetime | None = None
    """When one was not."""
    reason: str | None = None
    """Why not."""
    given_up: int = 0
    """Pieces of news that were given up since a message was taken."""

    @property
    def failing(self) -> bool:
        """Whether the newest message was not taken."""
        return self.failed is not None and (self.taken is None or self.failed > self.taken)

    def forget(self, keys: Container[str], now: datetime) -> None:
        """Wait no more for news that is not among these any more: it was muted, or is past."""
        self.waiting = {key: at for key, at in self.waiting.items() if key in keys or now - at < GIVE_UP}

    def note_taken(self, keys: Iterable[str], now: datetime) -> None:
        """These were taken."""
        for key in keys:
            self.told[key] = now
            self.waiting.pop(key, None)
        self.taken, self.reason, self.given_up = now, None, 0

    def note_failed(self, keys: Iterable[str], now: datetime, reason: str) -> None:
        """These were not; what has waited for too long is given up."""
        for key in keys:
            if now - self.waiting.setdefault(key, now) >= GIVE_UP:
                del self.waiting[key]
                self.told[key] = now
                self.given_up += 1
        self.failed, self.reason = now, reason


class Memory:
    """The deliveries from the database at ``database``, by the id of their target."""

    def __init__(self, database: Path) -> None:
        self._journal = Journal(database)
        self._path = self._journal.folder / "delivered.json"

    def read(self) -> dict[str, Deliveries]:
        """Everything that is known; nothing of a file that is not what it should be."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Deliveries])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}

    def write(self, known: dict[str, Deliveries], now: datetime) -> None:
        """Replace it, on the disk when this returns.

        Raises:
            OSError: it cannot be written.
        """
        for each in known.values():
            each.told = {key: at for key, at in each.told.items() if now - at < KEPT}
        with written_aside(self._path) as file:
            file.write(msgspec.json.encode(known))
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until nobody else delivers from this database."""
        with self._journal.lock("notify", wait=-1):
            yield
