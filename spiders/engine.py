"""Runs the spider: Scrapy on Twisted's asyncio reactor, as often as wanted in one process."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor

from spiders.spider import ListingSpider

_T = TypeVar("_T")

_STOP = (signal.SIGINT, signal.SIGTERM)

SETTINGS: dict[str, Any] = {
    "BOT_NAME": "rival-tracker",
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": True,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
    "LOGSTATS_INTERVAL": 0,
    # Every status comes to the spider: what the page is decides, not what the status claims.
    "HTTPERROR_ALLOW_ALL": True,
    # Real pages have up to 3 MB, unpacked.
    "DOWNLOAD_MAXSIZE": 16 * 1024 * 1024,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
    "REDIRECT_MAX_TIMES": 5,
    # Nearest to the downloader: what robots.txt, retries and redirects ask for waits its turn there, too.
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "spiders.robots.RobotsMiddleware": 100,
        "spiders.unpacking.UnpackingMiddleware": 900,
        "spiders.pace.PaceMiddleware": 950,
    },
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_START_DELAY": 0,
    "AUTOTHROTTLE_MAX_DELAY": 120,
}
"""What every crawl runs with; the configuration adds timeouts, proxy and browser. The pace is the spider's."""


def in_reactor(main: Callable[[], Awaitable[_T]]) -> _T:
    """Run ``main`` to its end on a fresh reactor and return what it returns.

    A Twisted reactor starts once per process, so this works once per process. SIGINT and SIGTERM
    cancel ``main``, which may still tidy up.
    """
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor as installed  # noqa: PLC0415  importing it earlier would install another

    reactor: Any = installed
    loop = asyncio.get_event_loop()
    outcome: list[asyncio.Task[_T]] = []
    before: dict[int, Any] = {}

    async def whole() -> _T:
        return await main()

    def start() -> None:
        task = loop.create_task(whole())
        outcome.append(task)
        task.add_done_callback(end)
        for number in _STOP:  # not the loop's own way, which Windows does not have
            before[number] = signal.signal(number, lambda *_: loop.call_soon_threadsafe(task.cancel))

    def end(_: asyncio.Task[_T]) -> None:
        for number, handler in before.items():  # what comes after the crawl can be stopped as anything else
            signal.signal(number, handler)
        reactor.stop()

    reactor.callWhenRunning(start)
    reactor.run(installSignalHandlers=False)
    return outcome[0].result()


async def crawl(settings: dict[str, Any], **spider_arguments: Any) -> None:
    """One crawl: ends when every task has an outcome. Cancelled, it stops asking and ends early.

    Args:
        settings: Scrapy settings on top of :data:`SETTINGS`.
        spider_arguments: those of :class:`~spiders.spider.ListingSpider`.

    Raises:
        Exception: whatever kept a result from being stored; the crawl ended there.
    """
    runner = AsyncCrawlerRunner(Settings(SETTINGS | settings))
    crawler = runner.create_crawler(ListingSpider)
    crawling = runner.crawl(crawler, **spider_arguments)
    try:
        await asyncio.shield(crawling)
    except asyncio.CancelledError:
        await _stop(crawler, crawling)
        raise
    spider = crawler.spider
    if isinstance(spider, ListingSpider) and spider.defect is not None:
        raise spider.defect


async def _stop(crawler: Crawler, crawling: asyncio.Future[None]) -> None:
    """Stop a crawl, once it has begun: Scrapy forgets that it is to stop when told so before, and never ends then."""
    while not crawling.done() and not (crawler.engine and crawler.engine.running):
        await asyncio.sleep(0.01)
    if isinstance(crawler.spider, ListingSpider):
        crawler.spider.stopping.set()
    await crawler.stop_async()
    await asyncio.wait([crawling])


def quiet(level: int = logging.ERROR) -> None:
    """Let Scrapy, Twisted and Playwright speak up only from ``level``."""
    for name in ("scrapy", "twisted", "asyncio", "filelock", "scrapy-playwright", "listing", "py.warnings"):
        logging.getLogger(name).setLevel(level)
