"""Takes imported history into the store: all of a file or nothing, and every row once.

A row goes the way of a crawled page, through the spool, but the spool gets none before all of the file is written
beside it. A kill before that moment leaves nothing of the file; after it, the next import hands over what is left.
What is watched stays as it is, and so does every day of a product that was crawled: the page says more.
"""

import secrets
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from storage.history import TASK, History, Past, result, task
from storage.model import Run
from storage.spool import SpoolWriter
from storage.store import Store, StoreBusyError, StoreError

TRIGGER = "import"
"""Of an import's run: it is no night."""

SEGMENT = 5_000
"""Rows merged at a time, so that memory does not grow with the file."""

_WHOLE = "whole"
"""Stands beside segments that are all of a file."""


class Taken(NamedTuple):
    """What became of the rows of a file."""

    added: int
    known: int
    """Imported before, and left as they are."""
    crawled: int
    """Of days on which the product was crawled, and left out."""
    waiting: str | None
    """Why what was added still waits in the spool; None when it is in the database."""


def take(store: Store, history: History, file_name: str, now: datetime) -> Taken:
    """Import the rows of ``history``. ``file_name`` is the bare name of the file they come from.

    Raises:
        StoreError: the database cannot be used; nothing was imported.
    """
    with ExitStack() as stack:
        folder = store.spool / "import"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(folder / "import.lock", timeout=0))
        except Timeout:
            raise StoreBusyError(f"{store.path}: another import is under way; try again when it is done") from None
        except OSError as error:
            raise StoreError(f"{folder}: cannot make this folder: {error.strerror}") from error
        _finish(folder, store.spool)
        store.merge()  # an import before this one may still wait in the spool
        there = _There(store)
        new: list[Past] = []
        known = crawled = 0
        for past in history.rows:
            if there.has(task(history.source, past)):
                known += 1
            elif there.crawled(past):
                crawled += 1
            else:
                new.append(past)
        waiting = None
        if new:
            _write(folder, new, history.source, file_name, now)
            (folder / _WHOLE).touch()
            _finish(folder, store.spool)
            try:
                store.merge()
            except StoreError as error:
                waiting = str(error)
    return Taken(added=len(new), known=known, crawled=crawled, waiting=waiting)


def _write(folder: Path, rows: list[Past], source: str, file_name: str, now: datetime) -> None:
    """Write the sealed segments of a run that brings these rows."""
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    with SpoolWriter(folder, run_id) as writer:
        # No listings: what is watched is not an import's business.
        writer.start(Run(run_id=run_id, started_at=now, trigger=TRIGGER, planned=len(rows), listings=()))
        for number, past in enumerate(rows, start=1):
            writer.add(result(past, run_id=run_id, source=source, file_name=file_name))
            if number % SEGMENT == 0:
                writer.seal()
        writer.finish(now)


def _finish(folder: Path, spool: Path) -> None:
    """Hand over the segments of an import that was written whole; those of one that was killed before never counted."""
    whole = folder / _WHOLE
    for segment in sorted(folder.glob("*.jsonl")):
        if whole.exists():
            segment.replace(spool / segment.name)
        else:
            segment.unlink()
    for left in folder.glob("*.open"):
        left.unlink()
    whole.unlink(missing_ok=True)


_CRAWLED = """
WITH zone AS (
    SELECT marketplace, asin, time_zone FROM listing WHERE valid_to IS NULL
    UNION SELECT r.marketplace, r.asin, l.time_zone FROM rival r JOIN listing l USING (listing, marketplace)
          WHERE r.valid_to IS NULL AND l.valid_to IS NULL
),
crawled AS (
    SELECT o.marketplace, o.asin, o.observed_at
    FROM product_observation o JOIN page_fetch f USING (fetch_id) WHERE NOT starts_with(f.task, $task)
)
SELECT marketplace, asin, time_zone, CAST(timezone(time_zone, observed_at) AS DATE)
FROM crawled JOIN zone USING (marketplace, asin)
UNION
SELECT marketplace, asin, time_zone, CAST(timezone(time_zone, observed_at) AS DATE)
FROM crawled JOIN marketplace USING (marketplace)
"""


class _There:
    """What the database has already: the tasks of imports, and the days on which a product was crawled.

    A day is one in the time zone of the marketplace, or of a listing that watches the product.
    """

    def __init__(self, store: Store) -> None:
        self._tasks: set[str] = set()
        self._zones: dict[tuple[str, str], set[str]] = {}
        self._days: set[tuple[str, str, str, date]] = set()
        if not store.path.exists():
            return
        with store.reading() as db:
            self._tasks = {
                name
                for (name,) in db.execute("SELECT task FROM page_fetch WHERE starts_with(task, ?)", [TASK]).fetchall()
            }
            for marketplace, asin, zone, day in db.execute(_CRAWLED, {"task": TASK}).fetchall():
                self._zones.setdefault((marketplace, asin), set()).add(zone)
                self._days.add((marketplace, asin, zone, day))

    def has(self, name: str) -> bool:
        return name in self._tasks

    def crawled(self, past: Past) -> bool:
        """Whether the product was crawled on the day of this row."""
        where = (past.product.marketplace, past.product.asin)
        zones = self._zones.get(where, ())
        return any((*where, zone, past.observed_at.astimezone(ZoneInfo(zone)).date()) in self._days for zone in zones)
