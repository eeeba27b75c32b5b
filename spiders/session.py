"""A marketplace's session: every request to it asks for the same place, and shares no cookie with another's.

Where a postal code is configured, the site is asked to deliver to it before the first page, as its own pages do it, in
three requests: the front page, the dialogue it offers for choosing an address, and the choice. They are paced, counted
and subject to robots.txt as any. Nothing depends on the answer: each page says where it would deliver to.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from scrapy.http import Request, Response
from w3lib.encoding import html_to_unicode

from spiders import pages
from spiders.failures import outcome_of
from spiders.pace import StoppedError
from spiders.place import Ask, Place, change, cookies, dialogue, headers, refusal
from storage.marketplaces import MARKETPLACES
from storage.model import Outcome
from storage.records import PageKind

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Settled(NamedTuple):
    """What came of asking for the postal code, as it is stored with the fetches."""

    outcome: Outcome
    detail: str
    attempts: int
    """Requests, further tries included."""
    bytes: int


class _RefusedError(Exception):
    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


class Session:
    """The session of one marketplace.

    Args:
        wanted: what the marketplace is asked for.
        base_url: scheme and host instead of Amazon's own.
        proxy: address of an HTTP proxy, with its credentials where it needs any.
    """

    def __init__(self, wanted: Place, *, base_url: str | None, proxy: str | None) -> None:
        self.wanted = wanted
        self.front_page = f"{base_url or f'https://{MARKETPLACES[wanted.marketplace].host}'}/"
        self._proxy = proxy

    def request(
        self, url: str, more: Mapping[str, str] = _NOTHING, meta: Mapping[str, Any] = _NOTHING, **values: Any
    ) -> Request:
        """A request of this session, with ``more`` headers."""
        own: dict[str, Any] = {"cookiejar": self.wanted.marketplace} | ({"proxy": self._proxy} if self._proxy else {})
        return Request(
            url,
            headers={**headers(self.wanted), **more},
            cookies=[{"name": name, "value": value} for name, value in cookies(self.wanted).items()],
            meta={**meta, **own},
            dont_filter=True,
            **values,
        )

    async def settle(self, download: Callable[[Request], Awaitable[Response]]) -> Settled:
        """Ask for the postal code. What goes wrong on the way is told in the result.

        Raises:
            StoppedError: the crawl is to stop.
        """
        attempts = size = 0

        async def answer(ask: Ask) -> tuple[int, str]:
            nonlocal attempts, size
            response = await download(self.request(ask.url, ask.headers, method=ask.method, body=ask.body))
            attempts += response.meta.get("retry_times", 0) + 1
            size += len(response.body)
            return response.status, text_of(response)

        outcome, detail = Outcome.OK, f"asked for {self.wanted.postal_code}"
        try:
            status, text = await answer(Ask("GET", self.front_page, {}))
            asked = dialogue(text, self.front_page)
            if asked is None:
                raise _without_dialogue(status, text)
            status, text = await answer(asked)
            if status >= 400:
                raise _RefusedError(Outcome.HTTP_ERROR, f"the dialogue for addresses: HTTP {status}")
            why = refusal(*await answer(change(self.wanted, text, asked)))
            if why:
                raise _RefusedError(Outcome.REFUSED, why)
        except StoppedError:
            raise
        except _RefusedError as error:
            outcome, detail = error.outcome, f"{self.wanted.postal_code} not set: {error}"
        except Exception as error:  # whatever the network, robots.txt or the pace raises
            outcome, why = outcome_of(error)
            detail = f"{self.wanted.postal_code} not set: {why}"
            attempts += not outcome.unasked
        return Settled(outcome, detail, attempts, size)


def text_of(response: Response) -> str:
    """What came, as text: in the encoding that the answer names, else the page; UTF-8 where neither does."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return html_to_unicode(content_type, response.body, default_encoding="utf-8")[1]


def _without_dialogue(status: int, text: str) -> _RefusedError:
    page = pages.read(text)
    if page.kind is PageKind.CAPTCHA:
        return _RefusedError(Outcome.BLOCKED, f"the front page: {page.detail}")
    if status >= 400:
        return _RefusedError(Outcome.HTTP_ERROR, f"the front page: HTTP {status}")
    return _RefusedError(Outcome.INCOMPLETE, "the front page offers no choice of an address")
