"""robots.txt, read once per host and run before anything else is asked for there (RFC 9309).

In place of Scrapy's own middleware, which takes a robots.txt that cannot be had for one that allows everything, and in
2.19 lets requests that wait for the same robots.txt pass as if there were none.
"""

import asyncio
from collections import defaultdict

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from spiders.pace import BUSY, host_of

_OWN = "robots.txt"
"""Marks the request for robots.txt itself."""


class ForbiddenError(IgnoreRequest):
    """robots.txt forbids it."""


class RobotsUnreadError(IgnoreRequest):
    """The host's robots.txt could not be had, so that nothing may be asked for there yet. Its cause tells why, if
    it was no answer of the server; its text does otherwise."""


class RobotsMiddleware:
    """Lets pass what robots.txt allows. One that could not be had is asked for again with the next request."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._name = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        self._rules: dict[str, RobotParser] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let ``request`` pass, or not.

        Raises:
            ForbiddenError, RobotsUnreadError: it may not be made.
        """
        if _OWN in request.meta:
            return
        host = host_of(request)
        async with self._turns[host]:
            if host not in self._rules:
                self._rules[host] = await self._read(request)
        if not self._rules[host].allowed(request.url, self._name):
            raise ForbiddenError("forbidden by robots.txt")

    async def _read(self, request: Request) -> RobotParser:
        """The rules of the host of ``request``, asked for the way that one goes."""
        assert self._crawler.engine  # noqa: S101  nothing is requested before it is there
        scheme = request.url.partition("://")[0]
        asked = Request(
            f"{scheme}://{host_of(request)}/robots.txt",
            meta={_OWN: True} | {key: request.meta[key] for key in ("proxy",) if key in request.meta},
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        try:
            answer = await self._crawler.engine.download_async(asked)
        except IgnoreRequest as error:
            if type(error) is not IgnoreRequest:  # of the pace: it holds for the request itself
                raise
            raise RobotsUnreadError from error
        except Exception as error:
            raise RobotsUnreadError from error
        if answer.status >= 500 or answer.status in BUSY:
            raise RobotsUnreadError(f"HTTP {answer.status}")
        # What is not there (4xx) forbids nothing: RFC 9309, 2.3.1.3.
        return ProtegoRobotParser(answer.body if answer.status < 400 else b"", self._crawler.spider)
