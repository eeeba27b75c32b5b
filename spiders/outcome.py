"""Judges an answer: is this the page that was asked for, and may its record be kept?"""

from urllib.parse import urlsplit

from spiders.tasks import Task
from storage.model import Outcome
from storage.records import Page, PageKind


def judge(task: Task, page: Page, status: int, led_to: str | None = None) -> tuple[Outcome, str | None]:
    """The outcome of a task whose answer is ``page`` with HTTP ``status``, and what exactly was wrong.

    What the page is goes before what the status claims: Amazon serves bot checks with 200 and with
    503. Only a page of the asked kind, marketplace, product and results page, with a status below
    400, is ``ok``.

    Args:
        led_to: where the site led away to (see :func:`led_away`). What is not there, or is another page, says nothing
            of the page that was asked for; nor does anything on another host.
    """
    outcome, detail = _judged(task, page, status)
    elsewhere = led_to is not None and not led_to.startswith("/")
    if led_to and (outcome in _OF_PATH or (elsewhere and outcome in _OF_HOST)):
        return Outcome.REDIRECTED, f"to {led_to}"
    return outcome, detail


_OF_PATH = frozenset({Outcome.NOT_FOUND, Outcome.WRONG_PAGE})
_OF_HOST = frozenset({Outcome.OK, Outcome.WRONG_PRODUCT})
"""Outcomes that say something of a path, and those that say something only on its host."""


def led_away(task: Task, asked: str, answered: str) -> str | None:
    """Where the site led to, when the address that ``answered`` is of something else than the one that was ``asked``:
    host and path of another host, or a path without the product. None when it is the same thing, perhaps by a longer
    name."""
    at, to = urlsplit(asked), urlsplit(answered)
    if at.netloc == to.netloc and (to.path == at.path or (task.asin and task.asin in to.path)):
        return None
    return to.path if at.netloc == to.netloc else to.netloc + to.path


def _judged(task: Task, page: Page, status: int) -> tuple[Outcome, str | None]:
    if page.kind in _NON_PAGES:
        found = page.kind is PageKind.ERROR and page.detail == "not_found"
        return (Outcome.NOT_FOUND if found else _NON_PAGES[page.kind]), page.detail
    if status >= 400:
        return (Outcome.NOT_FOUND if status in {404, 410} else Outcome.HTTP_ERROR), f"HTTP {status}"
    if page.kind is PageKind.UNKNOWN and page.detail:  # empty, or no text
        return Outcome.INCOMPLETE, page.detail
    if page.product and page.product.asin != task.asin and task.asin:
        return Outcome.WRONG_PRODUCT, page.product.asin
    wrong = _difference(task, page)
    return (Outcome.WRONG_PAGE, wrong) if wrong else (Outcome.OK, None)


_NON_PAGES = {
    PageKind.CAPTCHA: Outcome.BLOCKED,
    # No sign that the site takes the reader for a robot, so no block: that would slow the whole crawl down.
    PageKind.CONSENT: Outcome.WRONG_PAGE,
    PageKind.ERROR: Outcome.ERROR_PAGE,
    PageKind.INCOMPLETE: Outcome.INCOMPLETE,
}


def _difference(task: Task, page: Page) -> str | None:
    """What makes ``page`` another page than ``task`` asked for, or None."""
    if page.kind != task.kind:
        return page.kind.value
    if page.marketplace not in {task.marketplace, None}:
        return f"marketplace {page.marketplace}"
    if page.search and page.search.page not in {task.page, None}:
        return f"results page {page.search.page}"
    if page.lists and page.lists[0].page not in {task.page, None}:
        return f"page {page.lists[0].page} of the list"
    return None
