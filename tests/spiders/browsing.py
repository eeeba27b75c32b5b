"""`python -m tests.spiders.browsing`: a crawl with the browser, for the tests: reads what to ask for, tells what came.

A process of its own, as a reactor starts once in a process; and one that can be killed.
"""

import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Request, Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from spiders import browser
from spiders.engine import in_reactor, quiet
from spiders.failures import outcome_of


class Visitor(scrapy.Spider):
    """Asks for each address in turn, and tells in a line what came."""

    name = "visitor"

    def __init__(self, asked: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._asked = asked

    async def start(self) -> AsyncIterator[Request]:
        for each in self._asked:
            yield Request(
                each["url"],
                self.came,
                errback=self.failed,
                headers={"Accept-Language": "de-DE,de;q=0.8"},
                cookies=each.get("cookies"),
                meta={"playwright": each.get("browser", True), "download_timeout": each["timeout"]},
                dont_filter=True,
            )

    def came(self, response: Response) -> None:
        tell({"url": response.url, "status": response.status, "body": response.body.decode()[:2000]})

    def failed(self, failure: Failure) -> None:
        outcome, detail = outcome_of(failure.value)
        tell({"url": failure.request.url, "outcome": outcome, "detail": detail})  # type: ignore[attr-defined]


def tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    told = json.load(sys.stdin)
    browser.PAGES_PER_SESSION = told.get("pages_per_session", browser.PAGES_PER_SESSION)
    settings = (
        {"HTTPERROR_ALLOW_ALL": True, "TELNETCONSOLE_ENABLED": False}
        | browser.browser_settings(None, None)
        | told["settings"]
    )
    counts: dict[str, Any] = {}

    async def visit() -> None:
        runner = AsyncCrawlerRunner(Settings(settings))
        crawler = runner.create_crawler(Visitor)
        await runner.crawl(crawler, asked=told["asked"])
        assert crawler.stats
        counts.update({k: v for k, v in crawler.stats.get_stats().items() if k.startswith("playwright/")})

    quiet()
    in_reactor(visit)
    tell({"counts": counts})


if __name__ == "__main__":
    main()
