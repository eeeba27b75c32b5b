"""`tracker doctor`: looks at the database, its spool and its archive, and says in sentences what it found."""

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import duckdb
from filelock import FileLock, Timeout
from rich.filesize import decimal

from storage import inventory, spool
from storage.archive import Archive
from storage.checks import CHECKS, broken, unreadable
from storage.schema import SchemaError, current, migrate, newest, rebuild_changes, transaction, version
from storage.store import Store, StoreError, take_in
from tracker.config import Config

_LEFTOVER = timedelta(days=1)


class Kind(StrEnum):
    """How bad a finding is."""

    SOUND = "sound"
    NOTE = "note"
    WRONG = "wrong"


class Finding(NamedTuple):
    """One sentence."""

    kind: Kind
    sentence: str


def examine(config: Config, now: datetime, *, deep: bool = False, pages: bool = False) -> Iterator[Finding]:
    """Look at everything; changes nothing.

    Args:
        deep: tell all changes anew in a copy, and compare.
        pages: restore every archived page.
    """
    store = Store(config.storage.database)
    yield from _spool(store, now)
    if not store.path.exists():
        yield Finding(Kind.WRONG, f"{store.path}: there is no database here; `tracker crawl` makes one.")
        return
    yield from _room(store)
    try:
        with _opened(store.path) as connection:
            usable = yield from _whole(connection)
            if usable:
                yield from _rules(connection)
                yield from _pages(config, connection, now, verify=pages)
    except duckdb.Error as error:
        yield Finding(Kind.WRONG, f"{store.path} cannot be read: {_first_line(error)}")
        return
    if deep and usable:
        yield from _retold(store)


def repair(config: Config, now: datetime) -> Iterator[Finding]:
    """Do what is safe: merge the spool, renew views and changes, remove what killed processes left."""
    store = Store(config.storage.database)
    try:
        if merged := store.merge():
            yield Finding(Kind.SOUND, f"{merged} segments of the spool were merged.")
    except StoreError as error:
        yield Finding(Kind.WRONG, f"Not everything could be merged: {error}")
    try:
        if store.path.exists():
            with store.writing() as connection:  # removes what a killed writer has left
                connection.execute("DELETE FROM stored.definition")
                migrate(connection)  # nothing is known to be up to date now: all that is derived is made anew
            yield Finding(Kind.SOUND, "Views and changes were made anew.")
    except StoreError as error:
        yield Finding(Kind.WRONG, f"Views and changes could not be made anew: {error}")
    removed = [*spool.dead_locks(store.spool, now - _LEFTOVER), *_unfinished(config, now)]
    for path in removed:
        path.unlink(missing_ok=True)
    if removed:
        yield Finding(
            Kind.SOUND, f"{len(removed)} locks and unfinished files of processes that have ended were removed."
        )


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Read-only and as it is: nothing is brought up to date by looking at it."""
    with duckdb.connect(path, read_only=True, config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def _whole(connection: duckdb.DuckDBPyConnection) -> Generator[Finding, None, bool]:
    """Whether the database is one of this version, and every block readable. Returns whether it can be asked."""
    try:
        found, is_current = version(connection), False
        if found == newest():
            is_current = current(connection)
    except SchemaError as error:
        yield Finding(Kind.WRONG, f"The database is {error}.")
        return False
    rows, wrong = unreadable(connection)
    for each in wrong:
        yield Finding(Kind.WRONG, f"A table cannot be read whole: {each}")
    if not is_current:
        yield Finding(
            Kind.WRONG,
            f"The database is of an older version (schema {found}, this program's is {newest()}), or its views are; "
            "the next command that reads it brings it up to date, and so does --repair.",
        )
    lacking = _lacking(connection) if is_current else []
    if lacking:
        yield Finding(Kind.WRONG, f"Not there, or not as made by this program: {', '.join(lacking)}.")
    if not wrong:
        yield Finding(
            Kind.SOUND,
            f"The database opens (schema {found}), and all of its {sum(rows.values()):,} rows in {len(rows)} tables "
            "can be read.",
        )
    return is_current and not wrong and not lacking


_MADE = """
SELECT schema_name || '.' || table_name || '.' || column_name AS name, data_type AS text FROM duckdb_columns()
WHERE NOT internal AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables())
UNION ALL SELECT schema_name || '.' || view_name, sql FROM duckdb_views() WHERE NOT internal
UNION ALL SELECT schema_name || '.' || function_name, macro_definition FROM duckdb_functions()
          WHERE NOT internal AND function_type = 'table_macro'
"""
"""Every column, view and macro."""


def _lacking(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What a new database has and this one has not, or has otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        with duckdb.connect(new := Path(folder) / "new.duckdb") as connected:
            migrate(connected)
        with _opened(new) as reopened:  # views are put otherwise in memory than when read from a file
            wanted = set(reopened.execute(_MADE).fetchall())
    return sorted(name for name, _ in wanted - set(connection.execute(_MADE).fetchall()))


def _rules(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    found = broken(connection)
    for each in found:
        yield Finding(Kind.WRONG if each.check.wrong else Kind.NOTE, f"{each.sentence}.")
    yield Finding(Kind.SOUND, f"{len(CHECKS) - len(found)} of {len(CHECKS)} rules hold.")


def _retold(store: Store) -> Iterator[Finding]:
    """Whether the stored changes are those that the observations tell."""
    with tempfile.TemporaryDirectory(dir=store.path.parent, prefix="doctor-") as folder:
        copy = Path(folder) / store.path.name
        shutil.copyfile(store.path, copy)
        with duckdb.connect(copy) as connection:
            connection.execute("CREATE TEMP TABLE before AS FROM stored.change")
            rebuild_changes(connection)
            row = connection.execute(
                "SELECT (SELECT count(*) FROM (FROM before EXCEPT ALL FROM stored.change)), "
                "(SELECT count(*) FROM (FROM stored.change EXCEPT ALL FROM before))"
            ).fetchone()
    false, untold = row or (0, 0)
    if false or untold:
        yield Finding(
            Kind.WRONG,
            f"The changes are not those that the observations tell: {false} are false and {untold} are untold; "
            "--repair tells them anew.",
        )
    else:
        yield Finding(Kind.SOUND, "The changes are those that the observations tell.")


def _spool(store: Store, now: datetime) -> Iterator[Finding]:
    """What waits beside the database, and what processes that have ended have left."""
    running = spool.live(store.spool)
    if running:
        yield Finding(Kind.NOTE, f"Under way: {', '.join(running)}.")
    segments = sorted(store.spool.glob("*.jsonl"))
    segments += [p for p in sorted(store.spool.glob("*.open")) if p.name.split(".")[0] not in running]
    if segments:
        yield Finding(Kind.NOTE, f"{len(segments)} segments of the spool wait to be merged; the next command does so.")
    for segment in segments:
        if why := _refusal(segment):
            yield Finding(Kind.WRONG, f"{segment} cannot be taken in: {why}")
    dead = spool.dead_locks(store.spool, now - _LEFTOVER)
    if dead:
        yield Finding(
            Kind.NOTE, f"{len(dead)} locks of runs that have ended lie in {store.spool}; --repair removes them."
        )
    next_one = store.path.with_name(store.path.name + ".next")
    if next_one.exists() and not _busy(store):
        yield Finding(Kind.NOTE, f"{next_one} was left by a writer that was killed; --repair removes it.")


def _refusal(segment: Path) -> str | None:
    """Why a segment cannot be merged into an empty database; None when it can."""
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
        migrate(connection)
        copy = Path(folder) / "segment.jsonl"
        content = segment.read_bytes()
        copy.write_bytes(content[: content.rfind(b"\n") + 1])  # the last line of one left open may be half
        try:
            with transaction(connection):
                take_in(connection, copy)
        except duckdb.Error as error:
            return _first_line(error).replace(str(copy), segment.name)
    return None


def _pages(config: Config, connection: duckdb.DuckDBPyConnection, now: datetime, *, verify: bool) -> Iterator[Finding]:
    """Whether the pages that fetches name are in the archive, and with ``verify`` whether each is sound."""
    archive = Archive(config.storage.pages)
    kept = inventory.scan(archive.root)
    named = {
        page_hash
        for (page_hash,) in connection.execute(
            "SELECT DISTINCT page_hash FROM page_fetch WHERE page_hash IS NOT NULL"
        ).fetchall()
    }
    pruned = config.storage.keep_days is not None or config.storage.keep_gb is not None
    gone = sorted(named - kept.keys())
    if gone:
        why = (
            "as may be: config.toml limits what is kept" if pruned else "and nothing in config.toml says to remove any"
        )
        yield Finding(
            Kind.NOTE if pruned else Kind.WRONG,
            f"{len(gone):,} pages that fetches name are not in {archive.root}, {why}; for example {gone[0]}.",
        )
    else:
        yield Finding(Kind.SOUND, f"All {len(named):,} pages that fetches name are in the archive.")
    left = _unfinished(config, now)
    if left:
        yield Finding(Kind.NOTE, f"{len(left)} unfinished files lie in {archive.root}; --repair removes them.")
    if verify:
        wrong = inventory.verify(archive, kept)
        for page_hash, why in sorted(wrong.items()):
            yield Finding(Kind.WRONG, f"Page {page_hash} cannot be restored: {why}")
        if not wrong:
            yield Finding(Kind.SOUND, f"All {len(kept):,} pages in the archive can be restored.")


def _unfinished(config: Config, now: datetime) -> list[Path]:
    return inventory.leftovers(config.storage.pages, now - _LEFTOVER)


def _room(store: Store) -> Iterator[Finding]:
    """Whether there is room for a merge, which makes a second copy of the database."""
    free, size = shutil.disk_usage(store.path.parent).free, store.path.stat().st_size
    if free < 2 * size:
        yield Finding(
            Kind.WRONG,
            f"Only {decimal(free)} are free at {store.path.parent}; a merge needs the {decimal(size)} of the database "
            "once more.",
        )
    else:
        yield Finding(Kind.SOUND, f"{decimal(free)} are free; the database has {decimal(size)}.")


def _busy(store: Store) -> bool:
    """Whether somebody is writing at this moment."""
    try:
        with FileLock(store.path.with_name(store.path.name + ".lock"), timeout=0):
            return False
    except Timeout:
        return True


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
