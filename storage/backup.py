"""Backups: a folder each, named by its instant, that appears only when it is whole and has been opened and read.

A backup holds the database file, what waited in the spool, and a manifest with the file's hash and rows. Pages are
kept once beside the backups, each under its hash: only those that are not there yet are copied.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path

import duckdb
import msgspec

from storage.aside import PART, written_aside
from storage.checks import unreadable
from storage.schema import SchemaError, version
from storage.spool import live
from storage.store import Store, StoreError

DATABASE, MANIFEST, SPOOL, PAGES = "tracker.duckdb", "manifest.json", "spool", "pages"

_INSTANT = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z")
_LEFTOVER = timedelta(days=1)


class BackupError(Exception):
    """The backup was not made, or cannot be used; the message says why. Nothing was changed."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    made_at: datetime
    schema: int
    bytes: int
    sha256: str
    """Of the database file."""
    rows: dict[str, int]
    """By table."""
    waiting: tuple[str, ...]
    """Segments of the spool that were not in the database, or not known to be: merged twice is merged once."""


def back_up(store: Store, target: Path, now: datetime) -> tuple[Path, Manifest]:
    """Make a backup of the database and its spool below ``target``; returns its folder. Safe at any time.

    Raises:
        BackupError: the database cannot be read whole, or the copy not be written.
        StoreError: there is no database, or it cannot be used.
    """
    if store.path.with_name(store.path.name + ".wal").exists():  # a foreign client's changes: they belong in the file
        with store.writing():
            pass
    folder = target / now.astimezone(UTC).strftime(_INSTANT)
    part = folder.with_name(folder.name + PART)
    if folder.exists() or part.exists():
        raise BackupError(f"{folder}: there is a backup of this second already; try again")
    try:
        (part / SPOOL).mkdir(parents=True)
        # The spool first: what is merged meanwhile is then in both, and not in neither.
        for segment in _segments(store.spool):
            with suppress(FileNotFoundError):
                shutil.copyfile(segment, part / SPOOL / segment.name)
        copy = part / DATABASE
        try:
            digest = _copied(store.path, copy)
        except FileNotFoundError:
            raise StoreError(f"{store.path}: no database here yet; `tracker crawl` makes one") from None
        if _digest(copy) != digest:
            raise BackupError(f"{copy}: what was written is not what is read back; is the disk sound?")
        schema, rows = _opened(copy)
        waiting = tuple(sorted(path.name for path in (part / SPOOL).iterdir()))
        manifest = Manifest(
            made_at=now, schema=schema, bytes=copy.stat().st_size, sha256=digest, rows=rows, waiting=waiting
        )
        (part / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        _sync(part)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder, manifest


def checked(backup: Path) -> Manifest:
    """The manifest of a backup whose file is what it was when it was made, and can be opened by this version.

    Raises:
        BackupError: it is not.
    """
    try:
        manifest = msgspec.json.decode((backup / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        newest = max(backups(backup), default=None)
        hint = f"; did you mean {newest}?" if newest else ""
        raise BackupError(f"{backup}: no backup here (no {MANIFEST}){hint}") from None
    except msgspec.MsgspecError as error:
        raise BackupError(f"{backup / MANIFEST}: cannot be read: {error}") from None
    copy = backup / DATABASE
    try:
        if _digest(copy) != manifest.sha256:
            raise BackupError(f"{copy}: not what it was when the backup was made (its SHA-256 differs); not used")
    except FileNotFoundError:
        raise BackupError(f"{copy}: is gone") from None
    _opened(copy)
    return manifest


def restore(store: Store, backup: Path, now: datetime) -> Path | None:
    """Put a checked backup in the place of the database, and its segments into the spool, from where they are merged
    again. Returns where the database of before is now; None when there was none.

    Raises:
        BackupError: the backup cannot be used, or a crawl is under way.
        StoreError: the database cannot be replaced.
    """
    manifest = checked(backup)
    if running := live(store.spool):
        raise BackupError(f"run {', '.join(running)} is under way; wait until it has ended, or stop it")
    stamp = now.astimezone(UTC).strftime(_INSTANT)
    aside = store.path.with_name(f"{store.path.stem}.before-{stamp}{store.path.suffix}")
    had = store.put_back(backup / DATABASE, aside)
    store.spool.mkdir(parents=True, exist_ok=True)
    # A segment of that name that is still there goes on where the backup's ends.
    there = {path.stem for path in _segments(store.spool)}
    for name in manifest.waiting:
        if Path(name).stem not in there:
            with written_aside(store.spool / name) as file:
                file.write((backup / SPOOL / name).read_bytes())
    return aside if had else None


def backups(target: Path) -> list[Path]:
    """The backups below ``target``, oldest first."""
    if not target.is_dir():
        return []
    return sorted(path for path in target.iterdir() if _NAME.fullmatch(path.name) and (path / MANIFEST).exists())


def thin_out(target: Path, keep: int, now: datetime) -> list[Path]:
    """Remove all but the newest ``keep`` backups, and what killed ones have left; returns the backups removed."""
    doomed = backups(target)[:-keep]
    for path in doomed:
        gone = path.with_name(path.name + PART)
        path.rename(gone)  # so that no half of a backup is ever taken for one
        shutil.rmtree(gone)
    for path in target.glob(f"*{PART}"):
        if path.is_dir() and path.stat().st_mtime < (now - _LEFTOVER).timestamp():
            shutil.rmtree(path)
    return doomed


def copy_pages(source: Path, target: Path, on_page: Callable[[], None] = lambda: None) -> int:
    """Copy the pages of an archive that ``target`` does not have yet, and return how many there were.

    A page is told by its name, the hash of its content; what it was written against is copied like every other.
    """
    copied = 0
    for path in source.glob("??/*.zst"):
        on_page()
        to = target / path.parent.name / path.name
        with suppress(FileNotFoundError):  # pruned meanwhile
            if path.stat().st_size and not (to.exists() and to.stat().st_size):
                with path.open("rb") as page, written_aside(to) as part:
                    shutil.copyfileobj(page, part)
                copied += 1
    return copied


def _segments(spool: Path) -> Iterator[Path]:
    yield from (path for path in spool.glob("*") if path.suffix in {".jsonl", ".open"})


def _copied(source: Path, target: Path) -> str:
    """Copy a file whole and return the hash of what was read. A file that is replaced meanwhile stays the one that was
    opened."""
    with source.open("rb") as old, target.open("xb") as new:
        digest = file_digest(old, "sha256").hexdigest()
        old.seek(0)
        shutil.copyfileobj(old, new, 1 << 20)
    return digest


def _sync(folder: Path) -> None:
    """Have all files below ``folder`` on the disk: an older backup may be removed because this one is there."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _opened(copy: Path) -> tuple[int, dict[str, int]]:
    """Schema and rows of a database file, every block of which has been read.

    Raises:
        BackupError: it cannot be opened or read, or is a newer program's.
    """
    try:
        with closing(duckdb.connect(copy, read_only=True)) as connection:
            schema = version(connection)
            rows, wrong = unreadable(connection)
    except SchemaError as error:
        raise BackupError(f"{copy}: {error}") from None
    except duckdb.Error as error:
        raise BackupError(f"{copy}: cannot be opened as a database: {str(error).splitlines()[0]}") from None
    if wrong:
        raise BackupError(f"{copy}: {'; '.join(wrong)}")
    return schema, rows
