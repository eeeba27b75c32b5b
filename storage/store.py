"""The store: one class that owns the DuckDB file. It opens it, migrates it, and merges the spool.

While one process holds a DuckDB file for writing, no other can open it; while one holds it for
reading, none can write. So the store never keeps it open: writing is one short transaction per
merge, reading as long as the reader likes. Whoever comes second waits, then is told who is in the way.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import duckdb
from tenacity import RetryError, Retrying, retry_if_exception, stop_after_delay, wait_random

from storage import spool
from storage.marketplaces import MARKETPLACES
from storage.model import Offset, Outcome


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do. Nothing was harmed."""


class StoreBusyError(StoreError):
    """Another process holds the database, and did so for as long as we waited."""


class Store:
    """The database at ``path`` and its spool beside it. ``wait`` is in seconds."""

    def __init__(self, path: Path, wait: float = 30.0) -> None:
        self.path = path
        self.spool = path.with_name(path.name + ".spool")
        self._wait = wait

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection for as long as the block lasts. Instants are shown in UTC.

        Raises:
            StoreError: there is no database yet, or it is not one we can read.
            StoreBusyError: a writer held it all the time.
        """
        if not self.path.exists():
            raise StoreError(f"{self.path}: no database here yet; `tracker crawl` makes one")
        with self._connect(read_only=True) as connection:
            _check_version(connection, self.path)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for writing, migrated to the newest schema. Keep the block short.

        Raises:
            StoreError: the file or its folder cannot be written, or is not ours.
            StoreBusyError: somebody else held it all the time.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.path.parent}: cannot make this folder: {error.strerror}") from error
        with self._connect(read_only=False) as connection:
            try:
                _migrate(connection, self.path)
            except duckdb.Error as error:
                raise StoreError(f"{self.path}: cannot be set up: {_first_line(error)}") from error
            yield connection

    def merge(self) -> int:
        """Merge every sealed segment of the spool, oldest first, and return how many there were.

        Raises:
            StoreError, StoreBusyError: as for writing; the spool keeps what was not merged.
        """
        if not self.spool.is_dir() or not spool.sealed(self.spool):
            return 0
        statements = files("storage").joinpath("merge.sql").read_text(encoding="utf-8")
        with self.writing() as connection:
            # Asked for again now that the database is ours: another process may have merged them while we waited.
            segments = spool.sealed(self.spool)
            for segment in segments:
                try:
                    with _transaction(connection):
                        for statement in duckdb.extract_statements(statements):
                            named = {"segment": str(segment)} if "segment" in statement.named_parameters else None
                            connection.execute(statement, named)
                except duckdb.Error as error:
                    raise StoreError(
                        f"{self.path}: cannot take in {segment}: {_first_line(error)}; it stays there for the next try"
                    ) from error
                segment.unlink()
        return len(segments)

    def unfinished_run(self, since: datetime) -> str | None:
        """The newest run that was started after ``since`` and never finished, if it is the newest of all."""
        with self.writing() as connection:
            row = connection.execute(
                "SELECT run_id FROM crawl_run QUALIFY row_number() OVER (ORDER BY started_at DESC) = 1 "
                "AND state = 'running' AND started_at >= ?",
                [since],
            ).fetchone()
        return str(row[0]) if row else None

    def progress(self, run_id: str) -> tuple[frozenset[str], dict[tuple[str, str, int], Offset]]:
        """What a run has done: tasks not to be asked again, and the offset after each results page read.

        The offsets are keyed by (marketplace, keyword, page).
        """
        final = [o.value for o in Outcome if o.final]
        with self.reading() as connection:
            tasks = connection.execute(
                "SELECT DISTINCT task FROM page_fetch WHERE run_id = ? AND outcome IN (SELECT unnest(?))",
                [run_id, final],
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
            frozenset(task for (task,) in tasks),
            {
                (marketplace, keyword, page): Offset(overall=overall, organic=organic, sponsored=sponsored)
                for marketplace, keyword, page, overall, organic, sponsored in offsets
            },
        )

    @contextmanager
    def _connect(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            for attempt in Retrying(
                retry=retry_if_exception(_is_locked),
                stop=stop_after_delay(self._wait),
                wait=wait_random(0.05, 0.25),
            ):
                with attempt:
                    connection = duckdb.connect(
                        self.path,
                        read_only=read_only,
                        config={"autoinstall_known_extensions": False},
                    )
        except RetryError as error:
            raise StoreBusyError(
                f"{self.path}: still in use by another program after {self._wait:g} s "
                f"({_holder(str(error.last_attempt.exception()))}); close it there and try again"
            ) from error
        except duckdb.Error as error:
            raise StoreError(f"{self.path}: cannot be opened as a database: {_first_line(error)}") from error
        with connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, duckdb.IOException) and "could not set lock" in str(error).lower()


def _holder(message: str) -> str:
    """The part of DuckDB's message that names who holds the lock."""
    found = re.search(r"held in (.+?\(PID \d+\))", message)
    return found[1] if found else "holder unknown"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # what made us give up may have ended the transaction already
            connection.rollback()
        raise
    connection.commit()


def _migrations() -> list[tuple[int, str, str]]:
    """Every migration as (version, name, SQL), in order."""
    folder = files("storage").joinpath("migrations")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(n.split("_")[0]), n, folder.joinpath(n).read_text(encoding="utf-8")) for n in names]


def _version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The schema version, 0 for an empty database, None for one that is not ours."""
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "schema_migration" not in tables:
        return None if tables else 0
    row = connection.execute("SELECT max(version) FROM schema_migration").fetchone()
    return int(row[0] or 0) if row else 0


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    version, newest = _version(connection), _migrations()[-1][0]
    if version is None:
        raise StoreError(f"{path}: a DuckDB database, but not one of this tracker; name another file in config.toml")
    if version > newest:
        raise StoreError(
            f"{path}: written by a newer tracker (schema {version}, this one knows {newest}); update this one"
        )
    return version


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the schema up to date, each migration whole or not at all."""
    version = _check_version(connection, path)
    for number, name, statements in _migrations():
        if number <= version:
            continue
        with _transaction(connection):
            connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_migration "
                "(version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"
            )
            connection.execute(statements)
            connection.execute("INSERT INTO schema_migration VALUES (?, ?, now())", [number, name])
            if number == 1:
                connection.executemany(
                    "INSERT INTO marketplace VALUES (?, ?, ?, ?)",
                    [[m.code, m.host, m.currency, m.time_zone] for m in MARKETPLACES.values()],
                )
