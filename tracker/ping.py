"""The dead man's switch: an address that is told of every crawl, and raises the alarm when it hears nothing.

As healthchecks.io and those after it have it: ``/start`` after the address when a crawl begins, the bare address when
it went well, ``/fail`` with a summary when it did not.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

START, DONE, FAIL = "/start", "", "/fail"
"""What follows the address."""

_TIMEOUT = 5.0
_TRIES = 3
_WAIT = 0.5
"""Seconds until the first further try."""


def send(url: str | None, what: str, say: Callable[[str], None], summary: str = "") -> None:
    """Call the address, where there is one. Whatever keeps it from being told is said, and stops nothing.

    The address is a secret: it is never said.
    """
    if not url:
        return
    import http.client  # noqa: PLC0415  with TLS they are heavy, and most schedulers never need them
    import urllib.request  # noqa: PLC0415

    parts = urlsplit(url)
    address = parts._replace(path=parts.path.rstrip("/") + what).geturl()
    request = urllib.request.Request(address, data=summary.encode() or None)  # noqa: S310  config.py has seen to it
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type((OSError, http.client.HTTPException)),
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(multiplier=_WAIT),
        ):
            with attempt, urllib.request.urlopen(request, timeout=_TIMEOUT):  # noqa: S310  as above
                pass
    except RetryError as error:
        reason = error.last_attempt.exception()
        status = getattr(reason, "code", None)
        why = f"HTTP status {status}" if status else type(getattr(reason, "reason", reason)).__name__
        say(f"the ping was not heard: {why}")
    except ValueError as error:
        say(f"the ping could not be made: {type(error).__name__}")
