"""Runs the spider: Scrapy on Twisted's asyncio reactor, as often as wanted in one process."""

import asyncio
import logging
import os
import shutil
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

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
    "DOWNLOAD_MAXSIZE": 64 * 1024 * 1024,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
    "REDIRECT_MAX_TIMES": 5,
}
"""What every crawl runs with; the configuration adds pace, proxy and browser."""


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

    async def whole() -> _T:
        return await main()

    def start() -> None:
        task = loop.create_task(whole())
        outcome.append(task)
        task.add_done_callback(end)
        for number in _STOP:
            loop.add_signal_handler(number, task.cancel)

    def end(_: asyncio.Task[_T]) -> None:
        for number in _STOP:  # what comes after the crawl can be stopped as anything else
            loop.remove_signal_handler(number)
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
    await crawler.stop_async()
    await asyncio.wait([crawling])


def quiet(level: int = logging.ERROR) -> None:
    """Let Scrapy, Twisted and Playwright speak up only from ``level``."""
    for name in ("scrapy", "twisted", "asyncio", "filelock", "scrapy-playwright", "listing", "py.warnings"):
        logging.getLogger(name).setLevel(level)


def browser_settings(executable: str | None, proxy: str | None) -> dict[str, Any]:
    """Scrapy settings for pages fetched with a headless Chromium through scrapy-playwright.

    Args:
        executable: path of the Chromium to start; None takes Playwright's own where it is
            installed, else the system's.
        proxy: address of an HTTP proxy, with its credentials where it needs any.
    """
    handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(executable)
        | ({"proxy": _playwright_proxy(proxy)} if proxy else {}),
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
        "PLAYWRIGHT_ABORT_REQUEST": _unneeded,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
    }


def _playwright_proxy(proxy: str) -> dict[str, str]:
    """A proxy address in the parts Playwright wants."""
    parts = urlsplit(proxy)
    server = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    login = {"username": unquote(parts.username), "password": unquote(parts.password or "")} if parts.username else {}
    return {"server": server} | login


def launch_options(executable: str | None = None) -> dict[str, Any]:
    """How Playwright is to start Chromium. Root cannot use Chromium's sandbox, so there it goes without."""
    path = executable or os.environ.get("TRACKER_CHROMIUM") or _system_chromium()
    return {
        "headless": True,
        **({"executable_path": path} if path else {}),
        "args": [
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        ],
    }


def _system_chromium() -> str | None:
    """The system's Chromium, unless Playwright has one of its own."""
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    if any(home.glob("chromium*")):
        return None
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def _unneeded(request: Any) -> bool:
    """Whether the browser may leave this out: nothing we read is in images, fonts or media."""
    return request.resource_type in {"image", "font", "media"}
