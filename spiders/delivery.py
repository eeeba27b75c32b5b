"""Has a marketplace deliver to the configured postal code, as its own pages do it: once, before the first page.

Three requests, each as paced, counted and subject to robots.txt as any: the front page, the dialogue it offers for
choosing an address, and the choice. Nothing depends on the answer: pages say where they deliver to.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from scrapy.http import Response
from w3lib.encoding import html_to_unicode

from spiders import pages
from spiders.failures import outcome_of
from spiders.place import Ask, Place, change, dialogue, refusal
from storage.model import Outcome
from storage.records import PageKind


class Settled(NamedTuple):
    """What came of it, as it is stored with the fetches."""

    outcome: Outcome
    detail: str
    attempts: int
    """Requests, further tries included."""
    bytes: int


class _RefusedError(Exception):
    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


async def deliver_to(wanted: Place, front_page: str, ask: Callable[[Ask], Awaitable[Response]]) -> Settled:
    """Ask for the postal code of ``wanted``. Never raises: what goes wrong on the way is told in the result.

    Args:
        front_page: address of the marketplace's front page.
        ask: sends a request of the marketplace's session.
    """
    attempts = size = 0

    async def answer(request: Ask) -> tuple[int, str]:
        nonlocal attempts, size
        response = await ask(request)
        attempts += response.meta.get("retry_times", 0) + 1
        size += len(response.body)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return response.status, html_to_unicode(content_type, response.body, default_encoding="utf-8")[1]

    outcome, detail = Outcome.OK, f"asked for {wanted.postal_code}"
    try:
        status, text = await answer(Ask("GET", front_page, {}))
        request = dialogue(text, front_page)
        if request is None:
            raise _without_dialogue(status, text)
        status, text = await answer(request)
        if status >= 400:
            raise _RefusedError(Outcome.HTTP_ERROR, f"the dialogue for addresses: HTTP {status}")
        why = refusal(*await answer(change(wanted, text, request)))
        if why:
            raise _RefusedError(Outcome.REFUSED, why)
    except _RefusedError as error:
        outcome, detail = error.outcome, f"{wanted.postal_code} not set: {error}"
    except Exception as error:  # whatever the network, robots.txt or the pace raises
        outcome, why = outcome_of(error)
        detail = f"{wanted.postal_code} not set: {why}"
    return Settled(outcome, detail, attempts, size)


def _without_dialogue(status: int, text: str) -> _RefusedError:
    page = pages.read(text)
    if page.kind is PageKind.CAPTCHA:
        return _RefusedError(Outcome.BLOCKED, f"the front page: {page.detail}")
    if status >= 400:
        return _RefusedError(Outcome.HTTP_ERROR, f"the front page: HTTP {status}")
    return _RefusedError(Outcome.INCOMPLETE, "the front page offers no choice of an address")
