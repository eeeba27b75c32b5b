"""Those who fetch the same pages in `python -m tests.benchmarks.crawl`, each in a process of its own:
`python -m tests.benchmarks.crawl_contenders NAME`, told by JSON on standard input what to fetch, tells what it took.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Request, Response
from scrapy.settings import Settings

from spiders.engine import in_reactor, quiet
from storage.model import Outcome, Result
from tracker import crawl as crawling
from tracker.config import load


class Asked(msgspec.Struct):
    """What a contender is to do."""

    url: str
    """The server's."""
    asins: list[str]
    concurrency: int
    folder: str
    """Where a crawl may keep things; the same for all nights."""
    every: int = 1000
    """Pages from one sample of a crawl's memory to the next."""
    browser: str = "never"


class Took(msgspec.Struct):
    """What it took."""

    seconds: float
    """From the first request to the last page, and to all that is done with it."""
    fetching: float
    """Of these, until the last page was read."""
    cpu: float
    """Processor time in the meantime, of all threads …"""
    main: float
    """… and of the main one, which the others must wait for."""
    peak: int
    """Most memory, in bytes, as the system counts it."""
    memory: list[int]
    """Memory after every so many pages, that of the processes it has started included."""


class Watch:
    """Takes the time of what is done between two looks, on the clock and on the processor."""

    def __init__(self) -> None:
        self._start = self._now()

    def took(self, fetching: float | None = None, memory: list[int] | None = None) -> Took:
        """What has been used since the start.

        Args:
            fetching: when the last page was read, as ``time.monotonic`` tells; now, by default.
        """
        seconds, cpu, main = (now - then for now, then in zip(self._now(), self._start, strict=True))
        until = seconds if fetching is None else fetching - self._start[0]
        return Took(seconds, until, cpu, main, _peak(), memory or [])

    @staticmethod
    def _now() -> tuple[float, float, float]:
        return time.monotonic(), time.process_time(), time.thread_time()


def _peak() -> int:
    """The most memory that this process has had, in bytes, as Linux counts it."""
    return _figure(Path("/proc/self/status"), "VmHWM")


def memory_of(pid: int) -> int:
    """The memory of a process and of those it has started, in bytes; what several share counts once."""
    process = Path(f"/proc/{pid}")
    try:
        started = " ".join(path.read_text() for path in process.glob("task/*/children")).split()
        return _figure(process / "smaps_rollup", "Pss") + sum(memory_of(int(child)) for child in started)
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return 0


def _figure(path: Path, name: str) -> int:
    return int(path.read_text().split(f"\n{name}:")[1].split()[0]) * 1024


def ours(asked: Asked) -> Took:
    """`tracker crawl`: fetch, read, archive, store."""
    first, *others = asked.asins
    path = Path(asked.folder) / "config.toml"
    path.write_text(
        f"[crawl]\ndelay = 0\nconcurrency = {asked.concurrency}\nbudget = 1_000_000_000\n"
        f'window = 24\nbrowser = "{asked.browser}"\n'
        f'[marketplaces."com"]\nbase_url = "{asked.url}"\n'
        f'[[listing]]\nname = "all"\nmarketplace = "com"\nasin = "{first}"\nrivals = {json.dumps(others)}\n'
    )
    config = load(path)
    memory: list[int] = []
    count, last = 0, 0.0

    def note(result: Result) -> None:
        nonlocal count, last
        assert result.fetch.outcome is Outcome.OK, result.fetch
        count, last = count + 1, time.monotonic()
        if count % asked.every == 0:
            memory.append(memory_of(os.getpid()))

    async def run() -> Took:
        watch = Watch()
        summary = await crawling.run(config, trigger="benchmark", on_result=note)
        assert summary.complete, summary
        return watch.took(last, memory)

    took: Took = crawling.run_to_end(run)
    assert count == len(asked.asins)
    return took


class Bare(scrapy.Spider):
    """Does nothing with what comes."""

    name = "bare"

    def __init__(self, urls: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._urls = urls
        self.count = 0

    async def start(self) -> AsyncIterator[Request]:
        for url in self._urls:
            yield Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        assert response.status == 200
        self.count += 1


def bare_scrapy(asked: Asked) -> Took:
    """A spider that does nothing, with the same settings."""
    settings = {
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": asked.concurrency,
        "DOWNLOAD_DELAY": 0,
    }

    async def run() -> Took:
        runner = AsyncCrawlerRunner(Settings(settings))
        crawler = runner.create_crawler(Bare)
        watch = Watch()
        await runner.crawl(crawler, urls=[f"{asked.url}/dp/{asin}" for asin in asked.asins])
        assert isinstance(crawler.spider, Bare)
        assert crawler.spider.count == len(asked.asins)
        return watch.took()

    quiet()
    return in_reactor(run)


def bare_client(asked: Asked) -> Took:
    """aiohttp's client, which reads each body and forgets it."""

    async def run() -> Took:
        free = asyncio.Semaphore(asked.concurrency)

        async def fetch(session: aiohttp.ClientSession, asin: str) -> None:
            async with free, session.get(f"/dp/{asin}") as response:
                assert len(await response.read()) > 1_000_000

        async with aiohttp.ClientSession(asked.url) as session:
            watch = Watch()
            await asyncio.gather(*(fetch(session, asin) for asin in asked.asins))
            return watch.took()

    return asyncio.run(run())


CONTENDERS: dict[str, Callable[[Asked], Took]] = {"ours": ours, "bare Scrapy": bare_scrapy, "bare aiohttp": bare_client}


if __name__ == "__main__":
    sys.stdout.buffer.write(
        msgspec.json.encode(CONTENDERS[sys.argv[1]](msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)))
    )
