"""The pace: when the next request to a host may go. All requests pass here, those for robots.txt, further tries,
redirects and a browser's pages included.

What a host was asked, and how long it is to be left alone, stands in one small file per host (:mod:`spiders.hosts`), so
that crawls side by side share one pace, and one that was interrupted keeps it. Scrapy's AutoThrottle slows a crawl down
further where a host is slow to answer.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Request, Response

from spiders.hosts import Record, day_of

BUSY = frozenset({429, 503})
"""Statuses by which a server says that it is asked too much."""

LONGEST_PAUSE = 600.0
"""Seconds of a pause after trouble, at most, where the server names none itself."""

LONGEST_ASKED = 6 * 3600.0
"""Seconds of a pause that a server names, at most: a slip of its must not silence the nights to come."""


class BudgetError(IgnoreRequest):
    """The day's requests to the host are used up."""


class WindowError(IgnoreRequest):
    """The request could not go before the time of the run is up."""


class StoppedError(IgnoreRequest):
    """The crawl is to stop; the request was never made."""


class Pace:
    """The pace of every host.

    Args:
        folder: where the files of the hosts are.
        delay: seconds from one request to the next, ± half of it at random.
        budget: requests a day to one host.
        clock: the present instant, UTC; tells the day.
        until: when the run must have asked for its last page, UTC.
    """

    def __init__(
        self, folder: Path, *, delay: float, budget: int, clock: Callable[[], datetime], until: datetime
    ) -> None:
        self._folder = folder
        self._delay = delay
        self._budget = budget
        self._clock = clock
        self._until = until
        self._known_fine: set[str] = set()
        """Hosts whose troubles this process knows to be over: they need not be written down again."""

    def turn(self, host: str) -> float:
        """Take the next turn to ask ``host``; returns the seconds until it comes.

        Raises:
            BudgetError: the day's requests are used up.
            WindowError: it would come too late for the run.
        """
        with Record(self._folder, host) as (known, now):
            today = day_of(host, self._clock())
            if known.day != today:
                known.day, known.requests = today, 0
            if known.requests >= self._budget:
                raise BudgetError(f"the day's {self._budget} requests are used up")
            at = max(now, known.next)
            if at - now > (self._until - self._clock()).total_seconds():
                raise WindowError("the time of the run was up")
            known.requests += 1
            known.next = at + self._delay * random.uniform(0.5, 1.5)  # noqa: S311  no secret hangs on it
        return at - now

    def pause(self, host: str, seconds: float) -> None:
        """Leave ``host`` alone for so long at least."""
        with Record(self._folder, host) as (known, now):
            known.next = max(known.next, now + seconds)

    def trouble(self, host: str, seconds: float | None = None) -> None:
        """Note a refusal or a lost connection: a pause of so many seconds as the server named, else of twice the delay,
        doubled with each in a row."""
        self._known_fine.discard(host)
        with Record(self._folder, host) as (known, now):
            known.troubles += 1
            doubled = min(self._delay * 2 ** min(known.troubles, 20), LONGEST_PAUSE)
            known.next = max(known.next, now + (doubled if seconds is None else min(seconds, LONGEST_ASKED)))

    def fine(self, host: str) -> None:
        """Note that ``host`` answers as it should, whatever trouble it made before, to this process or another."""
        if host in self._known_fine:
            return
        with Record(self._folder, host) as (known, _):
            known.troubles = 0
        self._known_fine.add(host)


class PaceMiddleware:
    """Holds every request back until its turn has come, and notes how the host bears it.

    Nearest to the downloader of all middlewares: what another one sends again or elsewhere passes it, too.
    """

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider  # brings all of it; see :mod:`spiders.spider`
        self._spider = spider
        self._pace: Pace = spider.pace
        self._on_wait: Callable[[str, float], None] = spider.on_wait
        self._stopping: asyncio.Event = spider.stopping

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PaceMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the turn of ``request``.

        Raises:
            BudgetError, WindowError, StoppedError: it may not be made.
        """
        host = host_of(request)
        if self._stopping.is_set():
            raise StoppedError("the crawl was stopped")
        with self._noting():
            seconds = self._pace.turn(host)
        if seconds <= 0:
            return
        self._on_wait(host, seconds)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
            raise StoppedError("the crawl was stopped")

    def process_response(self, request: Request, response: Response) -> Response:
        """Note a refusal. Whether another answer is a good one, whoever reads the page knows."""
        if response.status in BUSY:
            with self._noting():
                self._pace.trouble(host_of(request), retry_after(response))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note a lost connection; an answer that cannot be used is none."""
        if isinstance(exception, _LOST):
            with self._noting():
                self._pace.trouble(host_of(request))

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Stop the crawl when the pace cannot be noted (a full disk): it is no failure of the network, and without its
        pace no host may be asked for more."""
        try:
            yield
        except OSError as error:
            self._spider.defect = error
            self._stopping.set()
            raise StoppedError("the pace cannot be noted") from error


_LOST = (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    CannotResolveHostError,
    TimeoutError,
    OSError,
)


def host_of(request: Request | Response) -> str:
    """The host that is asked, with its port where it is not the usual one."""
    return urlsplit(request.url).netloc.rpartition("@")[2]


def retry_after(response: Response) -> float | None:
    """The seconds for which the server wants to be left alone (RFC 9110, 10.2.3), or None when it names none."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isdecimal() and len(said) < 10:
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # no date, or one without a zone
        return None
