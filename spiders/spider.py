"""The spider: asks for every task's page, has it read and judged, and hands on one result per task.

One spider serves product and search pages, because pace, blocks and retries belong to a host, not
to a kind of page. What differs between the kinds stands in :mod:`spiders.tasks` (what to ask for)
and :mod:`spiders.pages` (how to read it).
"""

from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from twisted.python.failure import Failure
from w3lib.encoding import html_to_unicode

from spiders import pages
from spiders.failures import outcome_of
from spiders.outcome import judge
from spiders.tasks import Task, first_of_each_keyword
from storage.marketplaces import MARKETPLACES, by_host
from storage.model import Fetch, Offset, Outcome, Result
from storage.records import Page


class ListingSpider(scrapy.Spider):
    """Yields nothing to Scrapy's pipelines: every result goes to ``sink`` as soon as it is known.

    Each marketplace has a queue of its own, and no more of its requests are given to Scrapy than may be under way at
    once: what waits here can still be called off when the marketplace answers with bot checks.

    Args:
        run_id: the crawl run the results belong to.
        tasks: pages to ask for. Results pages of a keyword are asked for one after the other, since
            positions are counted across them.
        sink: takes each :class:`Result`; when it returns, the result is safe.
        archive: keeps a page's raw bytes and returns their hash; is told the task's key, which names what the page
            shows, so that pages of the same are kept side by side.
        clock: the present instant, in UTC.
        base_urls: scheme and host to use instead of Amazon's own, by marketplace.
        languages: the Accept-Language of each marketplace.
        concurrency: requests under way at once to one marketplace.
        block_limit: bot checks in a row after which a marketplace is left alone for this run.
        proxy: address of an HTTP proxy, with its credentials where it needs any.
        browser: ``never``, ``fallback`` (ask once more with a browser when a page came incomplete)
            or ``always``.
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
        base_urls: dict[str, str],
        languages: dict[str, str],
        concurrency: int,
        block_limit: int,
        proxy: str | None,
        browser: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._run_id = run_id
        self._queues: dict[str, deque[Task]] = defaultdict(deque)
        for task in first_of_each_keyword(tasks):
            self._queues[task.marketplace].append(task)
        self._sink = sink
        self._archive = archive
        self._clock = clock
        self._base_urls = base_urls
        self._languages = languages
        self._concurrency = concurrency
        self._block_limit = block_limit
        self._proxy = proxy
        self._browser = browser
        self._blocks: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()
        self.defect: Exception | None = None
        """What kept a result from being stored; the crawl ends then, and must not count as complete."""

    async def start(self) -> AsyncIterator[Any]:
        # One request alone goes first: it brings robots.txt, and Scrapy 2.19 lets others that wait for the same
        # robots.txt pass as if there were none (a Deferred hands its result to the first who awaits it).
        for marketplace in list(self._queues):
            for request in self._go_on(marketplace, at_once=1):
                yield request

    def _go_on(self, marketplace: str, at_once: int) -> Iterator[Request]:
        """Requests until ``at_once`` are under way; none any more after too many bot checks in a row."""
        queue = self._queues[marketplace]
        while queue and self._blocks[marketplace] >= self._block_limit:
            self._give_up(queue.popleft(), Outcome.SKIPPED, f"{self._block_limit} bot checks in a row")
        while queue and self._under_way[marketplace] < at_once:
            self._under_way[marketplace] += 1
            yield self._request(queue.popleft(), browser=self._browser == "always")

    def _done(self, task: Task) -> Iterator[Request]:
        self._under_way[task.marketplace] -= 1
        yield from self._go_on(task.marketplace, at_once=self._concurrency)

    def _request(self, task: Task, *, browser: bool) -> Request:
        return Request(
            task.url(self._base_urls.get(task.marketplace)),
            callback=self.answered,
            errback=self.failed,
            cb_kwargs={"task": task},
            headers={"Accept-Language": self._languages[task.marketplace]},
            meta=({"playwright": True} if browser else {}) | ({"proxy": self._proxy} if self._proxy else {}),
            dont_filter=True,
        )

    def answered(self, response: Response, task: Task) -> Iterator[Request]:
        """Read and judge the page of ``task``; keep page and result; go on with the marketplace."""
        _, text = html_to_unicode(_content_type(response), response.body, default_encoding="utf-8")
        answering = by_host(response.url) or MARKETPLACES[task.marketplace]
        # By the address that answered: a page that the site led to and that does not name itself is not the asked one.
        page = pages.read(text, response.url, answering.code)
        outcome, detail = judge(task, page, response.status)
        with_browser = bool(response.meta.get("playwright"))
        if outcome is Outcome.INCOMPLETE and self._browser == "fallback" and not with_browser:
            yield self._request(task, browser=True)
            return
        self._note_block(response, task, outcome)
        with self._storing():
            self._keep(response, task, page, outcome, detail)
            self._follow(task, page, outcome, detail)
        yield from self._done(task)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Keep the outcome of a task that got no page at all; go on with the marketplace."""
        request: Request = failure.request  # type: ignore[attr-defined]
        task: Task = request.cb_kwargs["task"]
        outcome, detail = outcome_of(failure.value)
        attempts = 0 if outcome is Outcome.ROBOTS else request.meta.get("retry_times", 0) + 1
        with self._storing():
            self._sink(Result(fetch=self._fetch(task, outcome, detail, attempts=attempts)))
            self._follow(task, None, outcome, detail)
        yield from self._done(task)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """End the crawl when a result cannot be stored (a full disk): going on would lose the next ones too."""
        try:
            yield
        except Exception as error:
            self.defect = error
            raise CloseSpider("cannot store results") from error

    def _keep(self, response: Response, task: Task, page: Page, outcome: Outcome, detail: str | None) -> None:
        latency = response.meta.get("download_latency")
        fetch = self._fetch(
            task,
            outcome,
            detail,
            attempts=response.meta.get("retry_times", 0) + 1,
            http_status=response.status,
            size=len(response.body),
            elapsed_ms=None if latency is None else round(latency * 1000),
            page_hash=self._archive(response.body, task.key),
        )
        ok = outcome is Outcome.OK
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

    def _follow(self, task: Task, page: Page | None, outcome: Outcome, detail: str | None) -> None:
        """Queue the next results page of a keyword, or note why its remaining pages are not asked for."""
        search = page.search if page and outcome is Outcome.OK else None
        following = task.next_page(task.offset.after(search.placements) if search else Offset())
        if following is None:
            return
        if search is None:
            self._give_up(following, Outcome.SKIPPED, f"page {task.page}: {outcome.value}")
        elif search.last_page and search.last_page < (following.page or 0):
            self._give_up(following, Outcome.NOT_FOUND, f"results end on page {task.page}")
        else:
            self._queues[task.marketplace].appendleft(following)

    def _give_up(self, task: Task, outcome: Outcome, detail: str) -> None:
        """Note why ``task``, and for a keyword the results pages after it, is not asked for."""
        left: Task | None = task
        while left:
            self._sink(Result(fetch=self._fetch(left, outcome, detail, attempts=0)))
            left = left.next_page(Offset())

    def _note_block(self, response: Response, task: Task, outcome: Outcome) -> None:
        """Count bot checks in a row and slow down for every one: twice the delay from now on."""
        if outcome is not Outcome.BLOCKED:
            self._blocks[task.marketplace] = 0
            return
        self._blocks[task.marketplace] += 1
        engine = self.crawler.engine
        slot = engine.downloader.slots.get(response.meta.get("download_slot", "")) if engine else None
        if slot:
            slot.delay *= 2

    def _fetch(
        self,
        task: Task,
        outcome: Outcome,
        detail: str | None,
        *,
        attempts: int,
        http_status: int | None = None,
        size: int | None = None,
        elapsed_ms: int | None = None,
        page_hash: str | None = None,
    ) -> Fetch:
        return Fetch(
            run_id=self._run_id,
            task=task.key,
            kind=task.kind,
            marketplace=task.marketplace,
            asin=task.asin,
            keyword=task.keyword,
            page=task.page,
            url=task.url(self._base_urls.get(task.marketplace)),
            observed_at=self._clock(),
            outcome=outcome,
            detail=detail,
            http_status=http_status,
            attempts=attempts,
            bytes=size,
            elapsed_ms=elapsed_ms,
            page_hash=page_hash,
        )


def _content_type(response: Response) -> str | None:
    header = response.headers.get("Content-Type")
    return header.decode("latin-1") if header else None
