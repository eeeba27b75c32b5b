"""One crawl run, from plan to merged observations: new, or the one that was interrupted."""

import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import msgspec

from spiders.tasks import Task, plan
from storage.archive import Archive
from storage.marketplaces import MARKETPLACES
from storage.model import Fetch, Listing, Offset, Outcome, Result, Run
from storage.spool import RunIsLiveError, SpoolWriter
from storage.store import SegmentError, Store, StoreBusyError, StoreError
from tracker.config import Config

RESUME_WITHIN = timedelta(hours=12)
"""An interrupted run younger than this is continued; an older one stays as it is: its night is over."""

MERGE_EVERY = 60.0
"""Seconds between two merges of the spool during a crawl, at least, so that readers see it grow."""

MERGE_SHARE = 200
"""How many times as long as a merge took the next one waits: a merge copies the database, and a big one must not be
copied all night."""


@dataclass
class Summary:
    """What a run did, for the terminal."""

    run_id: str
    resumed: bool
    planned: int
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    unread: int = 0
    """Pages that are there, as far as is known, and were not read."""
    waiting: str | None = None
    """Why the results still wait in the spool, when they could not be merged."""

    @property
    def complete(self) -> bool:
        """Whether every page there is was read, and is in the database."""
        return not self.unread and not self.waiting

    def count(self, fetch: Fetch) -> None:
        """Note one outcome. Results that end before the last page wanted leave nothing unread."""
        self.outcomes[fetch.outcome] += 1
        ended = fetch.outcome is Outcome.NOT_FOUND and not fetch.attempts
        self.unread += fetch.outcome is not Outcome.OK and not ended


def now() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


def chosen(config: Config, names: Iterable[str]) -> tuple[Listing, ...]:
    """The listings of these names, or all when none is named.

    Raises:
        KeyError: there is no listing of that name.
    """
    listings = {listing.name: listing for listing in config.listings()}
    return tuple(listings[name] for name in names) or tuple(listings.values())


def scrapy_settings(config: Config) -> dict[str, Any]:
    """The configured manners in Scrapy's words."""
    crawl = config.crawl
    settings: dict[str, Any] = {
        "USER_AGENT": crawl.user_agent,
        "ROBOTSTXT_OBEY": crawl.robots,
        "ROBOTSTXT_USER_AGENT": crawl.user_agent,
        "DOWNLOAD_DELAY": crawl.delay,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.concurrency,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "RETRY_TIMES": crawl.retries,
    }
    if crawl.browser != "never":
        from spiders.browser import browser_settings  # noqa: PLC0415  heavy, and seldom needed

        settings |= browser_settings(str(crawl.chromium) if crawl.chromium else None, _proxy(config))
    return settings


async def run(
    config: Config,
    *,
    trigger: str,
    names: Sequence[str] = (),
    clock: Callable[[], datetime] = now,
    on_result: Callable[[Result], None] = lambda _: None,
    on_plan: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Crawl the named listings (all by default), or go on with the run that was interrupted.

    What is read is safe in the spool at once, and merged into the database now and then (see :data:`MERGE_EVERY`,
    :data:`MERGE_SHARE`) and at the end; a database in use elsewhere only delays that.

    Raises:
        KeyError: there is no listing of a name in ``names``.
        StoreError: the database cannot be used at all (in use elsewhere does not count).
        asyncio.CancelledError: stopped from outside; what was read is kept, the run can go on later.
    """
    from spiders.engine import crawl  # noqa: PLC0415

    listings = chosen(config, names)
    store = Store(config.storage.database)
    with ExitStack() as stack:
        planned = plan(listings)
        writer, tasks, summary = _open_run(store, stack, planned, clock, whole=not names)
        # Noted for a resumed run too: what is watched may have changed since it was interrupted.
        writer.start(
            Run(
                run_id=summary.run_id,
                started_at=clock(),
                trigger=trigger,
                planned=len(planned),
                listings=config.listings(),
            )
        )
        on_plan(summary)
        merge_at = monotonic() + MERGE_EVERY
        impatient = Store(store.path, wait=0)  # while a crawl waits for the database, its downloads run into timeouts

        def sink(result: Result) -> None:
            nonlocal merge_at
            writer.add(result)
            summary.count(result.fetch)
            on_result(result)
            if (began := monotonic()) > merge_at:
                writer.seal()
                _merge_if_free(impatient, summary)
                merge_at = monotonic() + max(MERGE_EVERY, MERGE_SHARE * (monotonic() - began))

        try:
            await crawl(
                scrapy_settings(config),
                run_id=summary.run_id,
                tasks=tasks,
                sink=sink,
                archive=Archive(config.storage.pages).put,
                clock=clock,
                base_urls={code: m.base_url for code, m in config.marketplaces.items() if m.base_url},
                languages=_languages(config, listings),
                concurrency=config.crawl.concurrency,
                block_limit=config.crawl.block_limit,
                proxy=_proxy(config),
                browser=config.crawl.browser,
            )
            writer.finish(clock())
        finally:
            writer.seal()
            _merge_if_free(store, summary)
    return summary


def _open_run(
    store: Store, stack: ExitStack, tasks: list[Task], clock: Callable[[], datetime], *, whole: bool
) -> tuple[SpoolWriter, list[Task], Summary]:
    """Take up the interrupted run, unless another process is at it or only some listings are wanted.

    A database in use elsewhere cannot tell, and must not keep the crawl from starting: a new run then. Nor must a
    segment that cannot be taken in: the end of the crawl tells of it.
    """
    try:
        with suppress(SegmentError):
            store.merge()
        unfinished = store.unfinished_run(since=clock() - RESUME_WITHIN) if whole else None
    except StoreBusyError:
        unfinished = None
    if unfinished:
        try:
            writer = stack.enter_context(SpoolWriter(store.spool, unfinished))
        except RunIsLiveError:
            pass
        else:
            done, offsets = store.progress(unfinished)
            left = remaining(tasks, done, offsets)
            return writer, left, Summary(run_id=unfinished, resumed=True, planned=len(left))
    run_id = f"{clock():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    writer = stack.enter_context(SpoolWriter(store.spool, run_id))
    return writer, tasks, Summary(run_id=run_id, resumed=False, planned=len(tasks))


def remaining(tasks: Iterable[Task], done: frozenset[str], offsets: dict[tuple[str, str, int], Offset]) -> list[Task]:
    """The tasks still to do. The first results page left of a keyword starts at the offset where the
    pages before it ended; when those were not all read, the keyword starts anew at page 1."""
    left = []
    for task in tasks:
        if task.key in done:
            continue
        before = offsets.get((task.marketplace, task.keyword or "", (task.page or 0) - 1))
        left.append(msgspec.structs.replace(task, offset=before) if before else task)
    return left


def _merge_if_free(store: Store, summary: Summary) -> None:
    """Merge what can be merged now. Whatever keeps the database from taking it does not stop a crawl under way."""
    try:
        store.merge()
        summary.waiting = None
    except StoreError as error:
        summary.waiting = str(error)


def _languages(config: Config, listings: Iterable[Listing]) -> dict[str, str]:
    """Accept-Language by marketplace: as configured, else the marketplace's own first language."""
    codes = {listing.marketplace for listing in listings}
    configured = {code: m.language for code, m in config.marketplaces.items() if m.language}
    return {code: configured.get(code) or MARKETPLACES[code].locales[0].replace("_", "-") for code in codes}


def _proxy(config: Config) -> str | None:
    return config.crawl.proxy.get_secret_value() if config.crawl.proxy else None


def run_to_end(main: Callable[[], Awaitable[Any]]) -> Any:
    """Run a coroutine that crawls, on the reactor. Works once per process."""
    from spiders.engine import in_reactor, quiet  # noqa: PLC0415

    quiet()
    return in_reactor(main)
