"""Takes up a crawl run: a new one, or the one of the same that was interrupted, where it stood."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from filelock import FileLock, Timeout

from spiders.tasks import Job, Task, of_keys, unasked
from storage.model import Listing, Offset, Outcome, Result
from storage.spool import RunIsLiveError, SpoolWriter
from storage.store import SegmentError, Store, StoreBusyError, Unfinished
from tracker.config import Config


class UnderWayError(Exception):
    """Another process is at the same crawl; the message says which."""


def scope_of(config: Config, jobs: Collection[Job], listings: Collection[Listing]) -> str:
    """What a run covers, in words: the same for the same, whatever the order."""
    which = "" if len(listings) == len(config.listing) else f" of {', '.join(sorted(each.name for each in listings))}"
    return ", ".join(sorted(jobs)) + which


class Taken(NamedTuple):
    """A run as it is taken up: new, or where it was interrupted."""

    run_id: str
    scope: str
    until: datetime
    plan: tuple[str, ...]
    """Keys of all its tasks."""
    tasks: list[Task]
    """What is left of them."""
    writer: SpoolWriter
    resumed: bool = False


def taken_up(
    store: Store,
    stack: ExitStack,
    tasks: list[Task],
    scope: str,
    *,
    window: float,
    clock: Callable[[], datetime],
) -> Taken:
    """Take up the interrupted run of this scope, or begin one. What others of old left undone gets its outcome.

    A database in use elsewhere cannot tell, and must not keep the crawl from starting: a new run then. Nor must a
    segment that cannot be taken in: the end of the crawl tells of it.

    Raises:
        UnderWayError: another process is at the same crawl.
    """
    stack.enter_context(_alone(store, scope))
    began = clock()
    unfinished: list[Unfinished] = []
    with suppress(StoreBusyError):
        with suppress(SegmentError):
            store.merge()
        unfinished = store.unfinished()
    for found in unfinished:
        mine, over = found.scope == scope, began >= found.deadline
        if not (mine or over):
            continue
        try:
            if over:
                with SpoolWriter(store.spool, found.run_id) as writer:
                    _close(found, store.progress(found.run_id)[0], writer, began)
                continue
            writer = stack.enter_context(SpoolWriter(store.spool, found.run_id))
        except RunIsLiveError:
            if mine:
                raise UnderWayError(f"a crawl of the same ({scope}) is under way: run {found.run_id}") from None
            continue
        left = remaining(of_keys(found.tasks), *store.progress(found.run_id))
        return Taken(found.run_id, scope, found.deadline, found.tasks, left, writer, resumed=True)
    run_id = f"{began:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    writer = stack.enter_context(SpoolWriter(store.spool, run_id))
    keys = tuple(task.key for task in tasks)
    return Taken(run_id, scope, began + timedelta(hours=window), keys, tasks, writer)


def _alone(store: Store, scope: str) -> AbstractContextManager[object]:
    """Lets nobody else crawl the same, for as long as the block lasts: a run just begun is not in the database yet, and
    with that in use elsewhere not all night.

    Raises:
        UnderWayError: somebody does already.
    """
    store.spool.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(scope.encode()).hexdigest()[:16]
    try:
        return FileLock(store.spool / f"{name}.scope").acquire(timeout=0)
    except Timeout:
        raise UnderWayError(f"a crawl of the same ({scope}) is under way") from None


def _close(run: Unfinished, done: Collection[str], writer: SpoolWriter, at: datetime) -> None:
    """Give every task of an interrupted run, whose time is up, its outcome."""
    for task in of_keys(run.tasks):
        if task.key not in done:
            detail = "the run was interrupted, and its time was up before it could go on"
            writer.add(Result(fetch=unasked(run.run_id, task, Outcome.WINDOW, detail, at)))
    writer.finish(at)


def remaining(
    tasks: Sequence[Task], done: Mapping[str, Outcome], offsets: Mapping[tuple[str, str, int], Offset]
) -> list[Task]:
    """The tasks still to do: those without an outcome, or with one that asking again may better.

    Positions are counted across the results pages of a keyword. So, where any of them is still to do, all are from the
    first that was not read, be it that the site had none there; it starts where the page before it ended.
    """
    again = {task.key for task in tasks if not (task.key in done and done[task.key].final)}
    keywords = {(task.marketplace, task.keyword) for task in tasks if task.keyword and task.key in again}
    left = []
    for task in tasks:
        unread = done.get(task.key) is not Outcome.OK
        if task.key in again or (unread and (task.marketplace, task.keyword) in keywords):
            before = offsets.get((task.marketplace, task.keyword or "", (task.page or 0) - 1))
            left.append(msgspec.structs.replace(task, offset=before) if before else task)
    return left
