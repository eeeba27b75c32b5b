"""Reading archived pages again with today's page objects: on all cores, in parts, and so that it can be stopped.

A part is read, compared with what is stored, spooled and merged before the next one begins. What a kill leaves is a
spool that the next command merges, and pages that still count as read by an older version: the next call takes those.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from spiders.rereading import Again, anew
from storage.archive import Archive, ArchiveError
from storage.model import PARSER_VERSION, Reread, Result
from storage.rereading import EXAMPLES, Difference, Known, Tally, Wanted, difference, groups, subject
from storage.spool import RunIsLiveError, SpoolWriter
from storage.store import Store, StoreBusyError, StoreError

PART = 2_000
"""Pages read before they are compared and merged: bounds memory, and what a kill costs."""

ALONE = 40
"""Pages that this process has read before others have begun: up to so many it reads by itself."""

WRITER = "reparse"
"""Names the segments in the spool, and the lock that keeps two from reading again at once."""

Read = tuple[list[Result | None], dict[str, str]]
"""New results for a group of pages, and which of its pages cannot be had and why."""


@dataclass
class Reparsed:
    """What reading again found."""

    pages: int = 0
    same: int = 0
    """Say what they said before."""
    other: int = 0
    """Differ, but not in a field asked for; left as they are."""
    written: int = 0
    """Replaced what was read before (or would)."""
    unread: dict[str, str] = field(default_factory=dict)
    """Pages that are gone or damaged, by hash, and why."""
    columns: dict[tuple[str, str], Tally] = field(default_factory=dict)
    waiting: str | None = None
    """Why corrections still wait in the spool; None when they are in the database."""

    def count(self, found: Difference) -> None:
        for name, tally in found.columns.items():
            total = self.columns.setdefault(name, Tally())
            total.changed += tally.changed
            total.gained += tally.gained
            total.lost += tally.lost
            total.examples = [*total.examples, *tally.examples][:EXAMPLES]


def reparse(
    store: Store,
    archive: Path,
    wanted: Wanted,
    *,
    clock: Callable[[], datetime],
    fields: Sequence[str] = (),
    dry_run: bool = False,
    on_plan: Callable[[int], None] = lambda _: None,
    on_pages: Callable[[int], None] = lambda _: None,
    part: int = PART,
    alone: int = ALONE,
) -> Reparsed:
    """Read the wanted pages below ``archive`` again, and unless it is a ``dry_run`` let the store replace what differs.

    Args:
        fields: names of columns; pages that do not differ in one of these are left as they are.
        on_plan: told how many pages there are to read.
        on_pages: told how many were read since.

    Raises:
        StoreError: the database cannot be read, or another process is reading again.
    """
    done = Reparsed()
    done.waiting = _merge(store)  # what an earlier call, or a crawl, has left
    with store.reading() as connection:
        wanted_groups = groups(connection, wanted)
    pages = sum(map(len, wanted_groups))
    on_plan(pages)
    if not pages:
        return done
    with _reading(partial(_read, archive, clock()), by_others=pages > alone) as read:
        for each in _parts(wanted_groups, part):
            results: dict[int, Result] = {}
            for group, (found, unread) in zip(each, read(each), strict=True):
                results |= {known.fetch_id: new for known, new in zip(group, found, strict=True) if new}
                done.unread |= unread
                on_pages(len(group))
            done.pages += sum(map(len, each))
            told = difference(store, results, fields)
            done.count(told)
            done.written += len(told.written)
            done.other += len(told.fetches - told.written)
            done.same += len(results.keys() - told.fetches)
            if not dry_run:
                _write(store, [known for group in each for known in group], results, told, clock())
                done.waiting = _merge(store)
    return done


@contextmanager
def _reading(
    read: Callable[[list[Known]], Read], *, by_others: bool
) -> Iterator[Callable[[Iterable[list[Known]]], Iterator[Read]]]:
    """Reads many groups, one after the other or in processes on all cores."""
    if not by_others:
        yield partial(map, read)
        return
    # Spawned, not forked: a fork would take over the locks of DuckDB's threads.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _begin) as processes, _called_off(processes):
        yield partial(processes.map, read, chunksize=4)


def _begin() -> None:
    """End with the process that reads again, however that ends; until then it says when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def watch() -> None:
        if parent:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


@contextmanager
def _called_off(processes: Executor) -> Iterator[None]:
    """When the block fails or is interrupted, what waits to be read is not read any more."""
    try:
        yield
    except BrokenProcessPool as error:
        raise StoreError(
            "a process that was reading pages was ended from outside (out of memory?); what was read before is kept, "
            "and the same command goes on from there"
        ) from error
    except BaseException:
        processes.shutdown(cancel_futures=True)
        raise


def _read(archive: Path, read_at: datetime, group: Sequence[Known]) -> Read:
    """New results for a group, and which of its pages cannot be had."""
    pages, unread = Archive(archive), {}
    again = []
    for known in group:
        body, page_hash = None, known.fetch.page_hash or ""
        try:
            body = pages.get(page_hash)
        except (ArchiveError, OSError) as error:
            unread[page_hash] = str(error)
        again.append(Again(fetch=known.fetch, counted=known.counted, body=body))
    return anew(again, read_at), unread


def _write(store: Store, part: list[Known], results: dict[int, Result], told: Difference, now: datetime) -> None:
    try:
        with SpoolWriter(store.spool, WRITER) as writer:
            for known in part:
                result = results.get(known.fetch_id)
                if known.fetch_id in told.written and result:
                    writer.add(result)
                elif result and known.fetch_id not in told.fetches and known.last_reader < PARSER_VERSION:
                    writer.same(
                        Reread(
                            run_id=known.fetch.run_id,
                            task=known.fetch.task,
                            observed_at=known.fetch.observed_at,
                            parser_version=PARSER_VERSION,
                            reread_at=now,
                        )
                    )
    except RunIsLiveError:
        raise StoreBusyError(f"{store.path}: its pages are being read again by another process already") from None


def _merge(store: Store) -> str | None:
    """Merge what waits; why it still does, when it cannot be merged now."""
    try:
        store.merge()
    except StoreError as error:
        return str(error)
    return None


def _parts(wanted: list[list[Known]], size: int) -> Iterator[list[list[Known]]]:
    """Groups, so many at a time that they have about ``size`` pages. Those of one product stay together:
    of a review, only what differs from the page before is stored."""
    part: list[list[Known]] = []
    for group in wanted:
        full = sum(map(len, part)) >= size
        if full and subject(group[0].fetch) != subject(part[-1][0].fetch):
            yield part
            part = []
        part.append(group)
    yield part
