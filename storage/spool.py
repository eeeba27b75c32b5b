"""The spool: what a crawl has acknowledged, on disk beside the database until it is merged.

A crawl never waits for the database. It appends one JSON line per page to a segment of its own; a
sealed segment is merged into DuckDB in one short transaction and then removed. So a reader may hold
the database for hours and a crawl may be killed at any moment: every line written whole is kept,
and merging a segment twice changes nothing (the merge skips fetches it already has).

Names: ``<run>.<n>.open`` is being written, ``<run>.<n>.jsonl`` is sealed, ``<run>.lock`` is held by
the run's process for as long as it lives (an OS lock, so that it ends with the process).
"""

import os
from datetime import datetime
from io import FileIO
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from storage.model import Fetch, Offset, Reread, Result, Run
from storage.records import OfferPage, Product, RankedList, SearchPage


class Finish(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a run: every task of it has an outcome."""

    run_id: str
    finished_at: datetime


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a segment: the start of a run, one fetch with its record, the end of a run …"""

    run: Run | None = None
    finish: Finish | None = None
    fetched: Fetch | None = None
    product: Product | None = None
    search: SearchPage | None = None
    offset: Offset | None = None
    lists: tuple[RankedList, ...] = ()
    offers: OfferPage | None = None
    reread: Reread | None = None


class RunIsLiveError(Exception):
    """Another process is working on this run."""


class SpoolWriter:
    """Appends the lines of one run. Use as a context manager: it holds the run's lock.

    Raises:
        RunIsLiveError: on entering, when another process holds the run.
    """

    def __init__(self, folder: Path, run_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._run_id = run_id
        self._lock = _lock(folder, run_id)
        self._file: FileIO | None = None
        self._number = 0
        self._encoder = msgspec.json.Encoder(decimal_format="string")

    def __enter__(self) -> "SpoolWriter":
        try:
            self._lock.acquire()
        except Timeout:
            raise RunIsLiveError(self._run_id) from None
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.seal()
        finally:
            self._lock.release()

    def start(self, run: Run) -> None:
        """Note that the run has begun."""
        self._append(Line(run=run))

    def add(self, result: Result) -> None:
        """Keep one result. When this returns, a SIGKILL cannot lose it.

        Raises:
            OSError: the disk is full, or the like. Nothing of it is kept, and what was kept before is unharmed.
        """
        self._append(
            Line(
                fetched=result.fetch,
                product=result.product,
                search=result.search,
                offset=result.offset if result.search else None,
                lists=result.lists,
                offers=result.offers,
            )
        )

    def same(self, reread: Reread) -> None:
        """Note that a page read again says what it said before."""
        self._append(Line(reread=reread))

    def finish(self, finished_at: datetime) -> None:
        """Note that every task of the run has an outcome."""
        self._append(Line(finish=Finish(run_id=self._run_id, finished_at=finished_at)))

    def seal(self) -> None:
        """Close the current segment, so that it can be merged. The next line opens a new one."""
        if self._file is None:
            return
        file, self._file = self._file, None  # should this fail, then who merges next seals it
        with file:
            os.fsync(file.fileno())
        _seal(Path(file.name))

    def _append(self, line: Line) -> None:
        if self._file is None:
            taken = [*self._folder.glob(f"{self._run_id}.*.open"), *self._folder.glob(f"{self._run_id}.*.jsonl")]
            self._number = max([self._number, *(int(p.name.split(".")[-2]) for p in taken)]) + 1
            self._file = (self._folder / f"{self._run_id}.{self._number:06d}.open").open("ab", buffering=0)
        before = os.fstat(self._file.fileno()).st_size
        left = memoryview(self._encoder.encode(line) + b"\n")
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            self._file.truncate(before)  # half a line would spoil the next one
            error.filename = error.filename or self._file.name
            raise


def sealed(folder: Path) -> list[Path]:
    """Segments ready to be merged, oldest first; those that dead processes left open are sealed first."""
    for path in folder.glob("*.open"):
        lock = _lock(folder, path.name.split(".")[0])
        try:
            with lock:
                if path.exists():
                    _seal(path)
        except Timeout:
            continue
    return sorted(folder.glob("*.jsonl"))


def live(folder: Path) -> list[str]:
    """The runs that a process is working on."""
    return sorted(path.stem for path in folder.glob("*.lock") if _held(FileLock(path, timeout=0)))


def dead_locks(folder: Path, before: datetime) -> list[Path]:
    """Lock files last used ``before`` whose run has no process and no segment: nobody will ask for them again."""
    locks = [path for path in folder.glob("*.lock") if path.stat().st_mtime < before.timestamp()]
    return sorted(p for p in locks if not any(folder.glob(f"{p.stem}.*.*")) and not _held(FileLock(p, timeout=0)))


def _held(lock: FileLock) -> bool:
    try:
        with lock:
            return False
    except Timeout:
        return True


def _seal(path: Path) -> None:
    """Cut off a last line that was not written whole, and give the segment its final name."""
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(path, whole)
    if whole:
        path.replace(path.with_suffix(".jsonl"))
    else:
        path.unlink()


def _lock(folder: Path, run_id: str) -> FileLock:
    return FileLock(folder / f"{run_id}.lock", timeout=0)
