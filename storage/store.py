"""The store: one class that owns the DuckDB file, reads it, and merges the spool into it.

While one process holds a DuckDB file for writing, no other can open it; while one holds it for reading, none can
write. So the file that people open is never written to: it is *replaced*. A merge copies it, merges into the copy,
and renames the copy over it. Who has the file open keeps what they opened, whole, for as long as they like; who opens
it next finds the new one. A kill, a full disk or a failing migration at any moment leaves the file as it was.
Writers take turns by a lock file. (Windows cannot replace a file that is open: there, a reader delays the merge.)
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
from filelock import FileLock, Timeout
from tenacity import RetryError, Retrying, retry_if_exception, stop_after_delay, wait_random

from storage import spool
from storage.model import Offset, Outcome
from storage.replace import ReplaceError, copied, put_in_place, set_aside
from storage.schema import SchemaError, current, migrate, scripts, transaction


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do. Nothing was harmed."""


class StoreBusyError(StoreError):
    """Another process holds the database, and did so for as long as we waited."""


class SegmentError(StoreError):
    """A segment of the spool cannot be taken in, and stays there. Everything else was."""


_TROUBLE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.OutOfMemoryException,
    duckdb.SerializationException,
)
"""What DuckDB raises when the file, the disk or the machine is at fault, and not what it was asked."""

_SMALL = 256 * 1024 * 1024
"""Bytes of a database into which one thread merges as fast as all, and with half the work."""


class Unfinished(NamedTuple):
    """A crawl that has not come to its end: under way, or interrupted."""

    run_id: str
    scope: str
    deadline: datetime
    """When its time is up (UTC)."""
    tasks: tuple[str, ...]
    """Keys of all pages that it is to read, in order."""


class Store:
    """The database at ``path`` and its spool beside it. ``wait`` is in seconds."""

    def __init__(self, path: Path, wait: float = 30.0) -> None:
        self.path = path
        self.spool = path.with_name(path.name + ".spool")
        self._wait = wait

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection to the database as it is now, for as long as the block lasts; it keeps no writer
        waiting. Instants are shown in UTC. A database of an older version is brought up to date first.

        Raises:
            StoreError: there is no database yet, or it is not one we can read, or proves damaged while it is read.
            StoreBusyError: a foreign program holds it for writing.
        """
        if not self.path.exists():
            raise StoreError(f"{self.path}: no database here yet; `tracker crawl` makes one")
        with ExitStack() as stack:
            connection = stack.enter_context(self._opened(self.path, read_only=True))
            if not self._is_current(connection):
                stack.close()
                with self.writing():
                    pass
                connection = stack.enter_context(self._opened(self.path, read_only=True))
            try:
                yield connection
            except _TROUBLE as error:
                raise StoreError(f"{self.path}: cannot be read: {_first_line(error)}") from error

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to a copy of the database, migrated to the newest schema. When the block ends the copy takes
        the database's place; when it fails, nothing has happened. Keep it short: other writers wait.

        Raises:
            StoreError: the file or its folder cannot be written, or is not ours.
            StoreBusyError: somebody else was writing all the time.
        """
        with self._turn(), self._replaced() as connection:
            yield connection

    def merge(self) -> int:
        """Merge every sealed segment of the spool, oldest first, and return how many there were.

        A segment that the database cannot take does not hold up the others.

        Raises:
            SegmentError: a segment cannot be taken in; all others were.
            StoreError, StoreBusyError: as for writing. The spool keeps what was not merged.
        """
        with self._explained():
            if not self.spool.is_dir() or not spool.sealed(self.spool):
                return 0
        refused: list[str] = []
        with self._turn():
            # Asked for again now that it is our turn: another process may have merged them while we waited.
            merged = self._merged(spool.sealed(self.spool), refused)
            # Only now, or a kill would leave neither the segment nor its rows; and while it is our turn, or another
            # process could be at the same segment, and remove a newer one that has got its name since.
            for segment in merged:
                segment.unlink(missing_ok=True)
        if refused:
            raise SegmentError(f"{self.path}: {'; '.join(refused)}")
        return len(merged)

    def put_back(self, file: Path, aside: Path) -> bool:
        """Put a copy of ``file`` in the database's place, and the database at ``aside``. Says whether there was one.

        Raises:
            StoreError, StoreBusyError: as for writing.
        """
        with self._turn(), copied(self.path, of=file) as copy:
            had = set_aside(self.path, aside)
            put_in_place(copy, self.path)
        return had

    def _merged(self, segments: list[Path], refused: list[str]) -> list[Path]:
        """Merge ``segments`` and return those that are in the database now; say in ``refused`` why others are not."""
        if not segments:
            return []
        merged: list[Path] = []
        with self._replaced() as connection:
            if not self.path.exists() or self.path.stat().st_size < _SMALL:
                connection.execute("SET threads = 1")
            for segment in segments:
                try:
                    with transaction(connection):
                        take_in(connection, segment)
                except duckdb.Error as error:
                    if isinstance(error, _TROUBLE) and str(segment) not in str(error):
                        raise  # the next one would fare no better
                    refused.append(f"cannot take in {segment}: {_first_line(error)}; it stays there for the next try")
                else:
                    merged.append(segment)
        return merged

    def unfinished(self) -> list[Unfinished]:
        """The crawls that never came to their end, newest first; without those of a tracker that stored no plan."""
        if not self.path.exists():
            return []
        with self.reading() as connection:
            rows = connection.execute(
                """
                SELECT run_id, scope, deadline,
                       (SELECT list(task ORDER BY place) FROM stored.planned p WHERE p.run_id = r.run_id)
                FROM crawl_run r WHERE state = 'running' AND scope IS NOT NULL AND deadline IS NOT NULL
                ORDER BY started_at DESC, run_id DESC
                """
            ).fetchall()
        return [Unfinished(run_id, scope, deadline, tuple(tasks or ())) for run_id, scope, deadline, tasks in rows]

    def progress(self, run_id: str) -> tuple[dict[str, Outcome], dict[tuple[str, str, int], Offset]]:
        """What a run has done: the outcome of each task that has one, and the offset after each results page read.

        The offsets are keyed by (marketplace, keyword, page).
        """
        with self.reading() as connection:
            tasks = connection.execute(
                "SELECT task, outcome FROM crawl_item WHERE run_id = ? AND outcome <> 'pending'", [run_id]
            ).fetchall()
            offsets = connection.execute(
                """
                SELECT f.marketplace, f.keyword, f.page,
                       (count(p.asin) OVER before)::INTEGER,
                       (count(*) FILTER (p.sponsored = false) OVER before)::INTEGER,
                       (count(*) FILTER (p.sponsored) OVER before)::INTEGER
                FROM page_fetch f LEFT JOIN search_placement p USING (fetch_id)
                WHERE f.run_id = ? AND f.kind = 'search' AND f.outcome = 'ok'
                WINDOW before AS (PARTITION BY f.marketplace, f.keyword ORDER BY f.page)
                """,
                [run_id],
            ).fetchall()
        return (
            {task: Outcome(outcome) for task, outcome in tasks},
            {
                (marketplace, keyword, page): Offset(overall=overall, organic=organic, sponsored=sponsored)
                for marketplace, keyword, page, overall, organic, sponsored in offsets
            },
        )

    def _is_current(self, connection: duckdb.DuckDBPyConnection) -> bool:
        try:
            return current(connection)
        except SchemaError as error:
            raise StoreError(f"{self.path}: {error}") from error
        except duckdb.Error as error:
            raise StoreError(f"{self.path}: cannot be read: {_first_line(error)}") from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Our turn to write, for as long as the block lasts."""
        with self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(self.path.name + ".lock"), timeout=self._wait):
                yield

    @contextmanager
    def _replaced(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A migrated copy to write to, that takes the database's place when the block ends. For whose turn it is."""
        self._settle()
        with copied(self.path) as copy:
            with self._opened(copy, read_only=False) as connection:
                self._migrate(connection)
                yield connection
                connection.execute("CHECKPOINT")
            put_in_place(copy, self.path)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except Timeout as error:
            raise StoreBusyError(f"{self.path}: another tracker has been writing to it for {self._wait:g} s") from error
        except ReplaceError as error:
            raise (StoreBusyError if error.busy else StoreError)(str(error)) from error
        except OSError as error:
            raise StoreError(f"{error.filename or self.path}: {error.strerror or error}") from error
        except _TROUBLE as error:
            raise StoreError(f"{self.path}: cannot be written: {_first_line(error)}; it is as it was") from error

    def _migrate(self, connection: duckdb.DuckDBPyConnection) -> None:
        try:
            migrate(connection)
        except SchemaError as error:
            raise StoreError(f"{self.path}: {error}") from error
        except duckdb.Error as error:
            raise StoreError(f"{self.path}: cannot be brought up to date: {_first_line(error)}") from error

    def _settle(self) -> None:
        """Make sure that the file is whole before it is copied: a foreign program may hold it for writing, or may
        have left changes of its own in a write-ahead log beside it."""
        if not self.path.exists():
            return
        left = self.path.with_name(self.path.name + ".wal").exists()
        with self._opened(self.path, read_only=not left) as connection:
            if left:
                connection.execute("CHECKPOINT")

    @contextmanager
    def _opened(self, path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            for attempt in Retrying(
                retry=retry_if_exception(_is_locked),
                stop=stop_after_delay(self._wait),
                wait=wait_random(0.05, 0.25),
            ):
                with attempt:
                    connection = duckdb.connect(
                        path, read_only=read_only, config={"autoinstall_known_extensions": False}
                    )
        except RetryError as error:
            raise StoreBusyError(
                f"{self.path}: still held for writing by another program after {self._wait:g} s "
                f"({_holder(str(error.last_attempt.exception()))}); close it there, or open it read-only, and try again"
            ) from error
        except duckdb.Error as error:
            if path.is_file() and not _is_duckdb(path):
                why = "not a DuckDB database; it is left as it is: name another file in config.toml"
            else:
                why = f"cannot be opened as a database: {_first_line(error)}"
            raise StoreError(f"{self.path}: {why}") from error
        with connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection


def take_in(connection: duckdb.DuckDBPyConnection, segment: Path) -> None:
    """Merge one segment, inside the caller's transaction.

    Raises:
        duckdb.Error: it is not a segment, or says what the tables cannot take.
    """
    for name, text in scripts("merge"):
        if name.startswith("3_"):
            row = connection.execute("SELECT count(*) FROM fresh WHERE again IS NOT NULL").fetchone()
            if not row or not row[0]:
                continue
        for statement in duckdb.extract_statements(text):
            named = {"segment": str(segment)} if "segment" in statement.named_parameters else None
            connection.execute(statement, named)


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, duckdb.IOException) and "could not set lock" in str(error).lower()


def _holder(message: str) -> str:
    """The part of DuckDB's message that names who holds the lock."""
    found = re.search(r"held in (.+?\(PID \d+\))", message)
    return found[1] if found else "holder unknown"


def _is_duckdb(path: Path) -> bool:
    """Whether a file begins as DuckDB's do."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _first_line(error: Exception) -> str:
    """What DuckDB says, and what to do about a damaged file, which it does not say."""
    said = str(error).splitlines()[0]
    damaged = "Corrupt database file" in said or "Could not read enough bytes" in said
    return f"{said}; the file is damaged: put a backup in its place" if damaged else said
