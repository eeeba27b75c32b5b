"""Pages of the report in a real browser, as files: they complain of any error, message or request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

Open = Callable[..., Page]


@contextmanager
def watched(browser: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """A page that shows ``file``, and complains of any error, message or request when it is closed."""
    troubles: list[str] = []
    context = browser.new_context(**options)
    page = context.new_page()
    page.on("console", lambda message: troubles.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("request", lambda asked: troubles.append(asked.url) if asked.url.split("#")[0] != file.as_uri() else None)
    page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert not troubles
