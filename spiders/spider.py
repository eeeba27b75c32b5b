"""The spider: asks for every task's page, has it read and judged, and hands on one result per task.

One spider serves product and search pages, because pace, blocks and retries belong to a host, not
to a kind of page. What differs between the kinds stands in :mod:`spiders.tasks` (what to ask for)
and :mod:`spiders.pages` (how to read it).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from spiders import pages
from spiders.failures import outcome_of
from spiders.lacking import better, lacking
from spiders.outcome import judge, led_away
from spiders.pace import BUSY, Pace, StoppedError, host_of
from spiders.place import Place, columns, read_back
from spiders.robots import RobotsUnreadError
from spiders.session import Session, text_of
from spiders.tasks import Task, first_of_each, unasked
from spiders.work import Work
from storage.marketplaces import MARKETPLACES, by_host
from storage.model import PLACE, Fetch, Offset, Outcome, Result
from storage.records import Page


class Answer(NamedTuple):
    """A page that came, as it was read and judged."""

    response: Response
    page: Page
    outcome: Outcome
    detail: str | None
    attempts: int
    """Requests that it took."""


class ListingSpider(scrapy.Spider):
    """Yields nothing to Scrapy's pipelines: every result goes to ``sink`` as soon as it is known.

    Each marketplace has its own :class:`~spiders.work.Work`, and no more of its requests are given to Scrapy than may
    be under way at once: what waits here can still be called off when the marketplace answers with bot checks.

    Args:
        run_id: the crawl run the results belong to.
        tasks: pages to ask for. Results pages of a keyword, and those of a list, are asked for one after the other.
        sink: takes each :class:`Result`; when it returns, the result is safe.
        archive: keeps a page's raw bytes and returns their hash; is told the task's key, which names what the page
            shows, so that pages of the same are kept side by side.
        clock: the present instant, in UTC.
        base_urls: scheme and host to use instead of Amazon's own, by marketplace.
        places: what each marketplace is asked for: language, currency, place of delivery.
        pace: when the next request to a host may go.
        concurrency: requests under way at once to one marketplace.
        block_limit: bot checks in a row after which a marketplace is left alone …
        block_pause: … for so many seconds, and then tried once more.
        proxy: address of an HTTP proxy, with its credentials where it needs any.
        browser: ``never``, ``fallback`` (ask once more with a browser for what a page lacks, see
            :mod:`spiders.lacking`) or ``always``.
        on_wait: is told of a host that is asked only after so many seconds.
    """

    name = "listing"

    def __init__(
        self,
        *,
        run_id: str,
        tasks: Iterable[Task],
        sink: Callable[[Result], None],
        archive: Callable[[bytes, str], str],
        clock: Callable[[], datetime],
        pace: Pace,
        base_urls: dict[str, str],
        places: dict[str, Place],
        concurrency: int,
        block_limit: int,
        block_pause: float,
        proxy: str | None,
        browser: str,
        on_wait: Callable[[str, float], None] = lambda *_: None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._run_id = run_id
        self._work: dict[str, Work] = {}
        for task in first_of_each(tasks):
            self._work.setdefault(task.marketplace, Work(block_limit)).add(task)
        self._sink = sink
        self._archive = archive
        self._clock = clock
        self._base_urls = base_urls
        self._sessions = {
            code: Session(wanted, base_url=base_urls.get(code), proxy=proxy) for code, wanted in places.items()
        }
        self._concurrency = concurrency
        self._block_pause = block_pause
        self._browser = browser
        self.pace = pace
        self.on_wait = on_wait
        self.stopping = asyncio.Event()
        """Set, no request is made any more; what was not asked for stays without an outcome."""
        self.defect: Exception | None = None
        """What kept a result from being stored; the crawl ends then, and must not count as complete."""

    async def start(self) -> AsyncIterator[Any]:
        for settled in asyncio.as_completed([self._settle(marketplace) for marketplace in self._work]):
            for request in self._go_on(await settled):
                yield request

    async def _settle(self, marketplace: str) -> str:
        """Have the marketplace deliver to the configured postal code, and note what came of it; returns the
        marketplace. The crawl goes on in any case: pages from elsewhere are marked as such."""
        session = self._sessions[marketplace]
        if session.wanted.postal_code is None or self.crawler.engine is None:
            return marketplace
        task = Task(marketplace=marketplace, path="/", page=1)
        with suppress(StoppedError), self._storing():
            came = await session.settle(self.crawler.engine.download_async)
            if came.outcome is Outcome.BLOCKED:
                self.pace.trouble(host_of(session.request(session.front_page)))
            fetch = self._fetch(task, came.outcome, came.detail, attempts=came.attempts, bytes=came.bytes)
            named = msgspec.structs.replace(fetch, task=f"{PLACE}/{marketplace}", kind=PLACE, page=None)
            self._sink(Result(fetch=named))
        return marketplace

    def _go_on(self, marketplace: str) -> Iterator[Request]:
        """Requests until as many are under way as may be; when the work is over, notes of what is left of it."""
        work = self._work[marketplace]
        if work.over:
            for left, asked in work.left():
                self._give_up(left.next_page(Offset()) if asked else left, *work.over)
        while task := work.take(self._concurrency):
            yield self._request(task, browser=self._browser == "always")

    def _request(self, task: Task, *, browser: bool, plain: Answer | None = None) -> Request:
        return self._sessions[task.marketplace].request(
            task.url(self._base_urls.get(task.marketplace)),
            callback=self.answered,
            errback=self.failed,
            cb_kwargs={"task": task, "plain": plain},
            meta={"playwright": True} if browser else {},
        )

    async def answered(self, response: Response, task: Task, plain: Answer | None) -> AsyncIterator[Request]:
        """Read and judge the page of ``task``; keep page and result; go on with the marketplace.

        Args:
            plain: what came without a browser, where this came with one because that lacked something. One of the two
                is kept, whole: this one only if it is better.
        """
        answer = self._read(response, task)
        with self._storing():  # the pace is noted on the same disk
            self._note_block(response, task, answer.outcome)
        if plain is None and self._browser == "fallback" and answer.outcome in _LACKING and lacking(answer.page):
            yield self._request(task, browser=True, plain=answer)
            return
        if plain is not None:
            attempts = plain.attempts + answer.attempts
            improved = answer.outcome is Outcome.OK and better(answer.page, plain.page)
            answer = (answer if improved else plain)._replace(attempts=attempts)
        with self._storing():
            await self._keep(answer, task)
            for request in self._done(task, answer.page, answer.outcome):
                yield request

    def _read(self, response: Response, task: Task) -> Answer:
        answering = by_host(response.url) or MARKETPLACES[task.marketplace]
        # By the address that answered: a page that the site led to and that does not name itself is not the asked one.
        page = pages.read(text_of(response), response.url, answering.code)
        away = led_away(task, task.url(self._base_urls.get(task.marketplace)), response.url)
        outcome, detail = judge(task, page, response.status, away)
        return Answer(response, page, outcome, detail, response.meta.get("retry_times", 0) + 1)

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Keep the outcome of a task that got no page at all; go on with the marketplace."""
        request: Request = failure.request  # type: ignore[attr-defined]
        task: Task = request.cb_kwargs["task"]
        plain: Answer | None = request.cb_kwargs["plain"]
        stopped = isinstance(failure.value, StoppedError)
        if stopped and plain is None:
            return
        work = self._work[task.marketplace]
        outcome, detail = outcome_of(failure.value)
        if outcome in {Outcome.BUDGET, Outcome.WINDOW}:
            work.over = (outcome, detail)
        made = not (outcome.unasked or stopped or isinstance(failure.value, RobotsUnreadError))
        attempts = request.meta.get("retry_times", 0) + made
        with self._storing():
            if plain is not None:  # the browser brought nothing
                outcome = plain.outcome
                await self._keep(plain._replace(attempts=plain.attempts + attempts), task)
            elif not (outcome.unasked and work.asked_again(task)):
                self._sink(Result(fetch=self._fetch(task, outcome, detail, attempts=attempts)))
            for following in self._done(task, plain.page if plain else None, outcome):
                yield following

    def _done(self, task: Task, page: Page | None, outcome: Outcome) -> Iterator[Request]:
        """Go on with the marketplace after a task that has an outcome."""
        if self._work[task.marketplace].done(task, outcome):
            self._follow(task, page, outcome)
        yield from self._go_on(task.marketplace)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """End the crawl when a result cannot be stored (a full disk): going on would lose the next ones too."""
        try:
            yield
        except Exception as error:
            self.defect = error
            raise CloseSpider("cannot store results") from error

    async def _keep(self, answer: Answer, task: Task) -> None:
        response, page = answer.response, answer.page
        ok = answer.outcome is Outcome.OK
        latency = response.meta.get("download_latency")
        # In a thread: what packs the page lets others work meanwhile.
        page_hash = await asyncio.to_thread(self._archive, response.body, task.key)
        fetch = self._fetch(
            task,
            answer.outcome,
            answer.detail,
            attempts=answer.attempts,
            http_status=response.status,
            bytes=len(response.body),
            elapsed_ms=None if latency is None else round(latency * 1000),
            page_hash=page_hash,
            via="browser" if response.meta.get("playwright") else "plain",
            **read_back(self._sessions[task.marketplace].wanted, page.shown if ok else None),
        )
        self._sink(
            Result(
                fetch=fetch,
                product=page.product if ok else None,
                search=page.search if ok else None,
                offset=task.offset,
                lists=page.lists if ok else (),
                offers=page.offers if ok else None,
            )
        )

    def _follow(self, task: Task, page: Page | None, outcome: Outcome) -> None:
        """Queue the next page of a keyword's results, or of a list, or note why those that remain are not asked for."""
        read = page if outcome is Outcome.OK else None
        search = read.search if read else None
        following = task.next_page(task.offset.after(search.placements) if search else Offset())
        if following is None:
            return
        if task.path:  # ranks stand on the page itself: the next one is worth asking for whatever came of this
            last_page = read.lists[0].last_page if read and read.lists else None
            if last_page and last_page < (following.page or 0):
                self._give_up(following, Outcome.NOT_FOUND, f"the list ends on page {task.page}")
            else:
                self._work[task.marketplace].add_next(following)
        elif search is None:
            over = self._work[task.marketplace].over
            self._give_up(following, *(over or (Outcome.SKIPPED, f"page {task.page}: {outcome.value}")))
        elif search.last_page and search.last_page < (following.page or 0):
            self._give_up(following, Outcome.NOT_FOUND, f"results end on page {task.page}")
        else:
            self._work[task.marketplace].add_next(following)

    def _give_up(self, task: Task | None, outcome: Outcome, detail: str) -> None:
        """Note why ``task``, and the pages after it, are not asked for."""
        while task:
            self._sink(Result(fetch=self._fetch(task, outcome, detail)))
            task = task.next_page(Offset())

    def _note_block(self, response: Response, task: Task, outcome: Outcome) -> None:
        """Slow down for every bot check, and leave the marketplace alone for a while after too many in a row."""
        work = self._work[task.marketplace]
        if outcome is not Outcome.BLOCKED:
            work.answered()
            if response.status not in BUSY:
                self.pace.fine(host_of(response))
        elif work.blocked():
            self.pace.pause(host_of(response), self._block_pause)
        else:
            self.pace.trouble(host_of(response))

    def _fetch(self, task: Task, outcome: Outcome, detail: str | None, **values: Any) -> Fetch:
        base_url = self._base_urls.get(task.marketplace)
        bare = unasked(self._run_id, task, outcome, detail, self._clock(), base_url=base_url)
        return msgspec.structs.replace(bare, **columns(self._sessions[task.marketplace].wanted, None) | values)


_LACKING = frozenset({Outcome.OK, Outcome.INCOMPLETE, Outcome.WRONG_PAGE})
"""Outcomes of pages that a browser may do better with; a bot check, a refusal or an error is an answer."""
