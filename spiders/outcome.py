"""Judges an answer: is this the page that was asked for, and may its record be kept?"""

from spiders.tasks import Task
from storage.model import Outcome
from storage.records import Page, PageKind


def judge(task: Task, page: Page, status: int) -> tuple[Outcome, str | None]:
    """The outcome of a task whose answer is ``page`` with HTTP ``status``, and what exactly was wrong.

    What the page is goes before what the status claims: Amazon serves bot checks with 200 and with
    503. Only a page of the asked kind, marketplace, product and results page, with a status below
    400, is ``ok``.
    """
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
    return None
