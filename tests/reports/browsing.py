"""Pages of the report in a real browser, as files: they complain of any error, message or request."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shifts += e.value; }))
  .observe({ type: 'layout-shift', buffered: true });
"""
"""Sums up from the first moment on how far what is shown has moved."""

THIN = """() => {
  document.querySelectorAll('details').forEach((d) => { d.open = true; });
  const known = new Set();
  for (const each of document.querySelectorAll('tbody tr, .flag, .card, li, .static *')) {
    const kinds = [each, ...each.querySelectorAll('*')].map((e) => [each.closest('section')?.id, e.tagName,
      e.getAttribute('class'), e.getAttribute('style')?.replace(/[0-9.]+/g, '')].join(' '));
    if (kinds.every((kind) => known.has(kind))) each.remove(); else kinds.forEach((kind) => known.add(kind));
  }
}"""
"""Unfolds a page, and leaves of its rows, flags and marks those with something in them of a kind that stands nowhere
above in the same section: axe-core looks at each, and finds in the hundredth what it found in the first."""


@contextmanager
def watched(browser: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """A page that shows ``file``, and complains of any error, message or request when it is closed."""
    troubles: list[str] = []
    context = browser.new_context(**options)
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.on("console", lambda message: troubles.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("request", lambda asked: troubles.append(asked.url) if asked.url.split("#")[0] != file.as_uri() else None)
    page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert not troubles
