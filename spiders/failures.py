"""What an exception of the downloader means for the task: its outcome, in our words."""

import zlib

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from spiders.pace import BudgetError, WindowError
from spiders.robots import ForbiddenError, RobotsUnreadError
from storage.model import Outcome

_OUTCOMES: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (BudgetError, Outcome.BUDGET, "the day's requests were used up"),
    (WindowError, Outcome.WINDOW, "the time of the run was up"),
    (ForbiddenError, Outcome.ROBOTS, "forbidden by robots.txt"),
    (DownloadTimeoutError, Outcome.TIMEOUT, "no answer in time"),
    (TimeoutError, Outcome.TIMEOUT, "no answer in time"),
    (ResponseDataLossError, Outcome.INCOMPLETE, "the connection closed before the page was whole"),
    (DownloadCancelledError, Outcome.NETWORK, "the page is larger than allowed"),
    (DownloadConnectionRefusedError, Outcome.NETWORK, "connection refused"),
    (CannotResolveHostError, Outcome.NETWORK, "host name not found"),
    (DownloadFailedError, Outcome.NETWORK, "the connection broke"),
    (zlib.error, Outcome.INCOMPLETE, "what came compressed is broken"),
)

_IGNORED = {"max redirections": Outcome.REDIRECTED}
"""By the words of Scrapy's middlewares; what is left is a body that unpacks to more than is allowed, not as gzip."""


def outcome_of(error: BaseException | None) -> tuple[Outcome, str]:
    """The outcome and its detail. An unknown error is named by its class only: its text could hold
    the address of a proxy with its password, and the detail is stored."""
    if isinstance(error, RobotsUnreadError):
        outcome, why = outcome_of(error.__cause__) if error.__cause__ else (Outcome.HTTP_ERROR, str(error))
        return outcome, f"robots.txt could not be read: {why}"
    for kind, outcome, detail in _OUTCOMES:
        if isinstance(error, kind):
            return outcome, detail
    if isinstance(error, IgnoreRequest):
        found = next((outcome for sign, outcome in _IGNORED.items() if sign in str(error)), Outcome.NETWORK)
        return found, str(error)
    kind_name = type(error).__name__
    return (Outcome.TIMEOUT if "Timeout" in kind_name else Outcome.NETWORK), kind_name
