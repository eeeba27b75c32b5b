"""One crawl run, from plan to merged observations: new, or the one that was interrupted."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from spiders.hosts import folder_of
from spiders.tasks import Job, plan
from storage.archive import Archive
from storage.model import PLACE, Fetch, Listing, Outcome, Result, Run
from storage.store import Store, StoreError
from tracker.config import Config, ConfigError
from tracker.known import known, titles, with_lists
from tracker.resume import scope_of, taken_up
from tracker.sections import MarketplaceConfig
from tracker.timetable import present

if TYPE_CHECKING:
    from spiders.place import Place

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
    tasks: tuple[str, ...]
    """Keys of the pages that were still to be read when it began, or went on."""
    last: dict[str, Fetch] = field(default_factory=dict)
    """What came of each task in the end, by its key: one that failed may have been asked for again."""
    places: list[Fetch] = field(default_factory=list)
    """What came of asking marketplaces to deliver to the configured postal codes."""
    waiting: str | None = None
    """Why the results still wait in the spool, when they could not be merged."""
    browserless: str | None = None
    """Why the crawl goes without the browser that it was to ask where a page lacks something."""

    @property
    def elsewhere(self) -> list[str]:
        """One sentence per marketplace some of whose pages came for another place than was asked for."""
        there = Counter((f.marketplace, f.elsewhere) for f in self.last.values() if f.elsewhere)
        why = {f.marketplace: f" ({f.detail})" for f in self.places if f.outcome is not Outcome.OK}
        return [
            f"{number} pages of {marketplace} came for another place, and their offers are compared with no others: "
            f"{how}{why.get(marketplace, '')}"
            for (marketplace, how), number in there.most_common()
        ]

    @property
    def planned(self) -> int:
        """How many pages those are."""
        return len(self.tasks)

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many pages have which outcome."""
        return Counter(fetch.outcome for fetch in self.last.values())

    @property
    def pending(self) -> int:
        """Pages of which nothing has come: none, once a crawl has ended as it should."""
        return len(set(self.tasks) - self.last.keys())

    @property
    def unread(self) -> int:
        """Pages that are there, as far as is known, and were not read: results that end before the last page wanted
        leave nothing unread."""
        ended = sum(f.outcome is Outcome.NOT_FOUND and not f.attempts for f in self.last.values())
        return self.pending + len(self.last) - self.outcomes[Outcome.OK] - ended

    @property
    def complete(self) -> bool:
        """Whether every page there is was read, and is in the database."""
        return not self.unread and not self.waiting


def chosen(config: Config, names: Iterable[str]) -> tuple[Listing, ...]:
    """The listings of these names, or all when none is named.

    Raises:
        KeyError: there is no listing of that name.
    """
    listings = {listing.name: listing for listing in config.listings()}
    return tuple(listings[name] for name in names) or tuple(listings.values())


async def _browser(config: Config) -> tuple[str, str | None]:
    """How the browser is used, and why not as configured: a crawl that only asks it for help can go without.

    Raises:
        ConfigError: the crawl is to use nothing else, and it does not start.
    """
    crawl = config.crawl
    if crawl.browser == "never":
        return crawl.browser, None
    from spiders.browser import trouble  # noqa: PLC0415  heavy, and seldom needed

    why = await trouble(str(crawl.chromium) if crawl.chromium else None)
    if why and crawl.browser == "always":
        raise ConfigError(f'crawl.browser = "always": {why}')
    return ("never", why) if why else (crawl.browser, None)


def scrapy_settings(config: Config, browser: str) -> dict[str, Any]:
    """The configured manners in Scrapy's words."""
    crawl = config.crawl
    settings: dict[str, Any] = {
        "USER_AGENT": crawl.user_agent,
        "ROBOTSTXT_OBEY": crawl.robots,
        "ROBOTSTXT_USER_AGENT": crawl.user_agent,
        "AUTOTHROTTLE_ENABLED": crawl.delay > 0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(crawl.concurrency),
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.concurrency,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "RETRY_TIMES": crawl.retries,
    }
    if browser != "never":
        from spiders.browser import browser_settings  # noqa: PLC0415

        settings |= browser_settings(str(crawl.chromium) if crawl.chromium else None, _proxy(config))
    return settings


async def run(
    config: Config,
    *,
    trigger: str,
    jobs: Collection[Job] = ("products", "keywords"),
    names: Sequence[str] = (),
    clock: Callable[[], datetime] = present,
    on_result: Callable[[Result], None] = lambda _: None,
    on_plan: Callable[[Summary], None] = lambda _: None,
    on_wait: Callable[[str, float], None] = lambda *_: None,
) -> Summary:
    """Crawl what ``jobs`` need for the named listings (all by default), or go on with the run of the same that was
    interrupted.

    What is read is safe in the spool at once, and merged into the database now and then (see :data:`MERGE_EVERY`,
    :data:`MERGE_SHARE`) and at the end; a database in use elsewhere only delays that.

    Raises:
        KeyError: there is no listing of a name in ``names``.
        ConfigError: it is to use a browser for all, and there is none.
        UnderWayError: another process is at the same crawl.
        StoreError: the database cannot be used at all (in use elsewhere does not count).
        asyncio.CancelledError: stopped from outside; what was read is kept, the run can go on later.
    """
    from spiders.engine import crawl  # noqa: PLC0415
    from spiders.pace import Pace  # noqa: PLC0415

    listings = chosen(config, names)
    browser, browserless = await _browser(config)
    store = Store(config.storage.database)
    with ExitStack() as stack:
        knowledge = known(store.path)
        tasks = plan([with_lists(each, knowledge) for each in listings], jobs, titles(knowledge))
        scope = scope_of(config, jobs, listings)
        work = taken_up(store, stack, tasks, scope, window=config.crawl.window, clock=clock)
        writer = work.writer
        summary = Summary(work.run_id, work.resumed, tuple(task.key for task in work.tasks))
        summary.browserless = browserless
        # Noted for a resumed run too: what is watched may have changed since it was interrupted.
        writer.start(
            Run(
                run_id=work.run_id,
                started_at=clock(),
                trigger=trigger,
                planned=len(work.plan),
                listings=tuple(with_lists(each, knowledge) for each in config.listings()),
                scope=work.scope,
                until=work.until,
                tasks=work.plan,
            )
        )
        on_plan(summary)
        merge_at = monotonic() + MERGE_EVERY
        impatient = Store(store.path, wait=0)  # while a crawl waits for the database, its downloads run into timeouts

        def sink(result: Result) -> None:
            nonlocal merge_at
            writer.add(result)
            if result.fetch.kind == PLACE:
                summary.places.append(result.fetch)
            else:
                summary.last[result.fetch.task] = result.fetch
                on_result(result)
            if (began := monotonic()) > merge_at:
                writer.seal()
                _merge_if_free(impatient, summary)
                merge_at = monotonic() + max(MERGE_EVERY, MERGE_SHARE * (monotonic() - began))

        try:
            await crawl(
                scrapy_settings(config, browser),
                run_id=work.run_id,
                tasks=work.tasks,
                sink=sink,
                archive=Archive(config.storage.pages).put,
                clock=clock,
                pace=Pace(
                    folder_of(store.path),
                    delay=config.crawl.delay,
                    budget=config.crawl.budget,
                    clock=clock,
                    until=work.until,
                ),
                base_urls={code: m.base_url for code, m in config.marketplaces.items() if m.base_url},
                places=_places(config, listings),
                concurrency=config.crawl.concurrency,
                block_limit=config.crawl.block_limit,
                block_pause=config.crawl.block_pause,
                proxy=_proxy(config),
                browser=browser,
                on_wait=on_wait,
            )
            if not summary.pending:  # else a defect of ours has cost pages their answer: the next crawl goes on
                writer.finish(clock())
        finally:
            writer.seal()
            _merge_if_free(store, summary)
    return summary


def _merge_if_free(store: Store, summary: Summary) -> None:
    """Merge what can be merged now. Whatever keeps the database from taking it does not stop a crawl under way."""
    try:
        store.merge()
        summary.waiting = None
    except StoreError as error:
        summary.waiting = str(error)


def _places(config: Config, listings: Iterable[Listing]) -> dict[str, "Place"]:
    """What each marketplace is asked for, as configured."""
    from spiders.place import place  # noqa: PLC0415

    asked = {
        code: config.marketplaces.get(code) or MarketplaceConfig() for code in {each.marketplace for each in listings}
    }
    return {
        code: place(code, language=m.language, currency=m.currency, postal_code=m.postal_code)
        for code, m in asked.items()
    }


def _proxy(config: Config) -> str | None:
    return config.crawl.proxy.get_secret_value() if config.crawl.proxy else None


def run_to_end(main: Callable[[], Awaitable[Any]], level: int = logging.ERROR) -> Any:
    """Run a coroutine that crawls, on the reactor; Scrapy and the like speak up from ``level``. Works once per
    process."""
    from spiders.engine import in_reactor, quiet  # noqa: PLC0415

    quiet(level)
    return in_reactor(main)
