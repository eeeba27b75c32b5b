"""The report as a PDF: the HTML page, printed by Chromium as its own print style says (A4, the charts drawn as SVG).

The page runs no script and reaches no network while it is printed: what is in it is all there is.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from html import escape
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from reports.forms.visible import line
from reports.report import Report
from reports.wording import Wording

if TYPE_CHECKING:
    from playwright.sync_api import Browser

UNFOLD = """for (const part of document.querySelectorAll('details'))
    if (part.matches('.evidence, .flag .quiet')) part.remove(); else part.open = true"""
"""What is folded could not be opened on paper. The evidence of a flag (SQL), and what a move did not do, stay away."""

PATIENCE = 120
"""Seconds that a page may take to be laid out, on a machine that has other things to do."""

_MARGIN = """<div style="font: 7.5pt system-ui, sans-serif; color: #555; width: 100%; margin: 0 12mm; display: flex;
justify-content: space-between; gap: 8mm"><span>{}</span><span style="white-space: nowrap">{}</span></div>"""
_PAGE = '<span class="pageNumber"></span> / <span class="totalPages"></span>'

_REMEDY = (
    "install one (`playwright install --with-deps chromium`, or your system's package chromium), or name one under "
    "crawl.chromium; the other forms need none"
)


class PrintError(Exception):
    """It could not be printed; the message says why, and what to do."""


class Printer:
    """A headless Chromium that prints, started when the first page is to be printed, and one for all.

    It lives in a thread of its own, so that it can be used from any, also from within an event loop. ``launch``: how
    Playwright is to start it (``executable_path``, ``args`` …); by default its own Chromium.
    """

    def __init__(self, **launch: Any) -> None:
        self._launch = launch
        self._thread = ThreadPoolExecutor(1, "printer")
        self._stack = ExitStack()
        self._browser: Browser | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.submit(self._stack.close).result()
        self._thread.shutdown()

    def pdf(self, html: str, header: tuple[str, str], footer: str) -> bytes:
        """A page as a PDF with its headings as bookmarks.

        Args:
            html: the whole document; of the scripts in it none runs.
            header: texts at both ends of each page's upper margin.
            footer: text in the lower margin, beside the number of the page.

        Raises:
            PrintError: Chromium does not start, or could not print.
        """
        return self._thread.submit(self._pdf, html, header, footer).result()

    def _pdf(self, html: str, header: tuple[str, str], footer: str) -> bytes:
        from playwright.sync_api import Error  # noqa: PLC0415  it takes a third of a second

        try:
            context = self._started().new_context(offline=True, java_script_enabled=False)
            try:
                context.route("**/*", lambda route: route.abort())
                context.set_default_timeout(PATIENCE * 1000)
                page = context.new_page()
                page.set_content(html)
                page.evaluate(UNFOLD)
                return page.pdf(
                    prefer_css_page_size=True,
                    print_background=True,
                    tagged=True,
                    outline=True,
                    display_header_footer=True,
                    header_template=_MARGIN.format(*(escape(line(text)) for text in header)),
                    footer_template=_MARGIN.format(escape(line(footer)), _PAGE),
                )
            finally:
                context.close()
        except Error as error:
            raise PrintError(f"the PDF could not be printed: {_first_line(error)}") from None

    def _started(self) -> "Browser":
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415

        if self._browser is not None and self._browser.is_connected():
            return self._browser
        self._stack.close()
        with ExitStack() as stack:
            playwright = stack.enter_context(sync_playwright())
            try:
                browser = self._browser = playwright.chromium.launch(**self._launch)
            except (Error, OSError) as error:
                why = _first_line(error)
                if path := self._launch.get("executable_path"):
                    why = f"{path} does not start ({why})"
                raise PrintError(f"no Chromium to print a PDF with: {why}; {_REMEDY}") from None
            stack.callback(browser.close)
            self._stack = stack.pop_all()
        return browser


def printed(report: Report, html: str, language: str, printer: Printer | None) -> bytes:
    """The PDF of a report's page. Raises PrintError."""
    words = Wording(language, report.comparison.currency, report.comparison.time_zone)
    days, until = report.period.days, words.moment(report.comparison.until)
    header = (report.comparison.listing, words.span(days.first, days.last))
    footer = words.say("Data up to {moment}.", moment=until)
    if printer is not None:
        return printer.pdf(html, header, footer)
    with Printer() as own:
        return own.pdf(html, header, footer)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
