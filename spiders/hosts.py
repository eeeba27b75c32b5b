"""What is known of each host that is crawled: one small file per host, which processes share."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from filelock import FileLock

from storage.aside import written_aside
from storage.marketplaces import by_host


def folder_of(database: Path) -> Path:
    """Where the files are that go with a database."""
    return database.with_name(f"{database.name}.pace")


def day_of(host: str, at: datetime) -> str:
    """The day of an instant on the clock of the host's marketplace; on UTC's for another host."""
    market = by_host(host)
    return at.astimezone(ZoneInfo(market.time_zone) if market else UTC).date().isoformat()


class Host(msgspec.Struct):
    """What is known of a host. Instants are of the machine's monotonic clock, in seconds: setting the time of day does
    not move them, and processes share them."""

    day: str = ""
    """The day, on the marketplace's own clock, on which ``requests`` were made."""
    requests: int = 0
    noted: float = 0.0
    """When this was written; lies ahead only when the machine has been started anew since."""
    next: float = 0.0
    """Before this, no request may go."""
    troubles: int = 0
    """Refusals and lost connections in a row."""


class Record:
    """The file of a host, for as long as the block lasts: nobody else reads or writes it. A block that fails leaves
    it as it was."""

    def __init__(self, folder: Path, host: str) -> None:
        self._file = folder / f"{host.replace(':', '_')}.json"
        self._lock = FileLock(self._file.with_suffix(".lock"))

    def __enter__(self) -> tuple[Host, float]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        now = time.monotonic()
        self._known = Host()
        with suppress(FileNotFoundError, msgspec.DecodeError):  # none yet, or torn by a power cut
            self._known = msgspec.json.decode(self._file.read_bytes(), type=Host)
        if self._known.noted > now:
            self._known.next = 0.0
        self._known.noted = now
        return self._known, now

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                with written_aside(self._file) as file:
                    file.write(msgspec.json.encode(self._known))
        finally:
            self._lock.release()
