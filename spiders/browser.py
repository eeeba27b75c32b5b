"""Pages fetched with a headless Chromium, through scrapy-playwright.

One browser serves a crawl, started when the first page is to be fetched with it. Each site has a session of its own (a
browser context), with the user agent, the language and the cookies of the plain requests to it; after
:data:`PAGES_PER_SESSION` pages a new one takes over and the old one is closed, so that what scripts leave behind does
not add up. Images, fonts, media and beacons are not loaded: nothing we read is in them.

A page counts as there when it has loaded and has been quiet for a moment. What its scripts made of it is what the
spider gets; unless the source itself broke off, which a browser mends without a word: then the spider gets the source,
to say so.

Robots.txt, pace, budget and retries are those of every request: only the download itself is done here. What a page's
own scripts load is up to them.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.async_api import Error, Page, Response, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy import exceptions
from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.http import Response as ScrapyResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod
from selectolax.lexbor import LexborHTMLParser

from spiders.pages.classify import classify

PAGES_PER_SESSION = 50
"""Pages after which a site's session is replaced by a new one."""

PAGES_AT_ONCE = 2
"""Pages open at the same time, whatever the crawl's concurrency: each takes a renderer of its own."""

QUIET_WITHIN = 5.0
"""Seconds that a loaded page's scripts have to come to rest; a page that never does is taken as it is then."""

_UNNEEDED = {"image", "font", "media", "texttrack", "manifest", "ping", "eventsource", "websocket"}

_ERRORS: Mapping[str, type[Exception]] = {
    "net::ERR_NAME_NOT_RESOLVED": exceptions.CannotResolveHostError,
    "net::ERR_CONNECTION_REFUSED": exceptions.DownloadConnectionRefusedError,
    "net::ERR_TIMED_OUT": exceptions.DownloadTimeoutError,
    "net::ERR_CONNECTION_TIMED_OUT": exceptions.DownloadTimeoutError,
    "net::ERR_CONTENT_LENGTH_MISMATCH": exceptions.ResponseDataLossError,
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING": exceptions.ResponseDataLossError,
    "net::ERR_CONTENT_DECODING_FAILED": exceptions.ResponseDataLossError,
    "net::": exceptions.DownloadFailedError,
}
"""What Chromium's errors are called among downloads, so that they are tried again and told like any other's."""


def browser_settings(executable: str | None, proxy: str | None) -> dict[str, Any]:
    """Scrapy settings for pages that may be fetched with a headless Chromium.

    Args:
        executable: path of the Chromium to start; None takes Playwright's own where it is installed, else the system's.
        proxy: address of an HTTP proxy, with its credentials where it needs any.
    """
    return {
        "DOWNLOAD_HANDLERS": {"http": BrowserHandler, "https": BrowserHandler},
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(executable)
        | ({"proxy": _playwright_proxy(proxy)} if proxy else {}),
        "PLAYWRIGHT_ABORT_REQUEST": _unneeded,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
    }


async def trouble(executable: str | None) -> str | None:
    """Why no Chromium can be started, in one sentence that says what to do; None when it can: it is tried."""
    options = launch_options(executable)
    path = options.get("executable_path")
    if path and shutil.which(path) is None:
        return f"no Chromium: there is no program {path}; {_REMEDY}"
    try:
        async with async_playwright() as playwright:
            await (await playwright.chromium.launch(**options)).close()
    except (Error, OSError) as error:
        if path:
            return f"no Chromium: {path} does not start ({_first_line(error)}); {_REMEDY}"
        absent = "Executable doesn't exist" in str(error)
        return f"no Chromium: {'none is installed' if absent else _first_line(error)}; {_REMEDY}"
    return None


_REMEDY = (
    "install one (`playwright install --with-deps chromium`, or your system's package chromium), or name one under "
    "crawl.chromium"
)


def launch_options(executable: str | None = None) -> dict[str, Any]:
    """How Playwright is to start Chromium. Root cannot use Chromium's sandbox, so there it goes without.

    A signal is for the crawl to handle, which closes the browser when its pages are done with.
    """
    path = executable or os.environ.get("TRACKER_CHROMIUM") or _system_chromium()
    return {
        "headless": True,
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        **({"executable_path": path} if path else {}),
        "args": [
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        ],
    }


class _Session:
    """A site's context in the browser: its name there, pages begun in it, and pages under way."""

    def __init__(self, site: str, number: int) -> None:
        self.name = f"{site} {number}"
        self.number = number
        self.begun = 0
        self.under_way = 0

    @property
    def used_up(self) -> bool:
        return self.begun >= PAGES_PER_SESSION


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # it has no types
    """Downloads requests marked ``playwright`` with the browser, all others as Scrapy does."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._sessions: dict[str, _Session] = {}
        self._free = asyncio.Semaphore(PAGES_AT_ONCE)
        self._timeout: float = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._most: int = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> ScrapyResponse:
        if not request.meta.get("playwright"):
            plain: ScrapyResponse = await super().download_request(request)
            return plain
        async with self._free, self._session(request) as session:
            await self._maybe_launch_browser()  # before the time runs: it starts but once
            visit = _Visit(request, session.name)
            try:
                async with asyncio.timeout(request.meta.get("download_timeout") or self._timeout):
                    response = await super().download_request(visit.request)
            except TimeoutError as error:
                raise exceptions.DownloadTimeoutError(f"{request.url} took longer") from error
            except Error as error:
                raise _translated(error) from error
            finally:
                await visit.end()
        if self._most and len(response.body) > self._most:
            raise exceptions.DownloadCancelledError(f"{request.url} is larger than allowed")
        return visit.judged(response)

    @asynccontextmanager
    async def _session(self, request: Request) -> AsyncIterator[_Session]:
        """The session of the request's site. One that is used up is closed when its last page is done."""
        site = f"{urlsplit(request.url).netloc} {_header(request, 'Accept-Language')}"
        session = self._sessions.get(site)
        if session is None or session.used_up:
            session = self._sessions[site] = _Session(site, session.number + 1 if session else 1)
        session.begun += 1
        session.under_way += 1
        try:
            yield session
        finally:
            session.under_way -= 1
            known = self.context_wrappers.get(session.name)
            if session.used_up and not session.under_way and known is not None:
                with suppress(Error):  # a browser that has crashed has closed it
                    await known.context.close()


class _Visit:
    """One page in the browser, from opening to closing."""

    def __init__(self, request: Request, session: str) -> None:
        self._page: Page | None = None
        self._answer: Response | None = None
        self._broken_off: bytes | None = None
        self.request = request
        request.meta.update(
            playwright_context=session,
            playwright_context_kwargs=_manner(_header(request, "User-Agent"), _header(request, "Accept-Language")),
            playwright_page_init_callback=self._begin,
            playwright_page_methods=[PageMethod(self._settle)],
        )

    async def _begin(self, page: Page, request: Request) -> None:
        self._page = page
        page.on("response", self._note)
        # The session that the plain requests have; what the browser's own already knows, it may know better.
        known = {cookie.get("name") for cookie in await page.context.cookies(request.url)}
        pairs = (pair.strip().partition("=") for pair in _header(request, "Cookie").split(";"))
        host = urlsplit(request.url).hostname or ""
        # Of the whole site, as the site sets them: else one that it sets again would stand beside ours.
        place = {"domain": host[3:], "path": "/"} if host.startswith("www.") else {"url": request.url}
        cookies = [{"name": name, "value": value} | place for name, _, value in pairs if name and name not in known]
        await page.context.add_cookies(cookies)  # type: ignore[arg-type]

    def _note(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.frame.parent_frame is None:
            self._answer = answer

    async def _settle(self, page: Page) -> None:
        """Wait until the page's scripts have come to rest; see whether its source is whole."""
        with suppress(PlaywrightTimeoutError):
            await page.wait_for_load_state("networkidle", timeout=QUIET_WITHIN * 1000)
        if self._answer is not None:
            with suppress(Error):  # the browser has let go of it
                source = await self._answer.body()
                text = source.decode("utf-8", "replace")
                if classify(LexborHTMLParser(text), text).detail == "truncated":
                    self._broken_off = source

    def judged(self, response: ScrapyResponse) -> ScrapyResponse:
        """The browser's page, or the source that it was made of where that broke off."""
        cookies = response.headers.get("Set-Cookie")
        if cookies is not None:  # the browser tells them in one, line by line
            response.headers.setlist("Set-Cookie", cookies.split(b"\n"))
        return response if self._broken_off is None else response.replace(body=self._broken_off)

    async def end(self) -> None:
        """Close the page, whatever became of it, and leave nothing of it on the request."""
        for key in ("playwright_page_init_callback", "playwright_page_methods"):
            self.request.meta.pop(key, None)
        if self._page is not None and not self._page.is_closed():
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(QUIET_WITHIN):  # one that hangs ends with its session
                    await self._page.close()


def _manner(agent: str, language: str) -> dict[str, Any]:
    """How a session presents itself: as the plain requests do. What a service worker fetches would go past us."""
    manner: dict[str, Any] = {"accept_downloads": False, "service_workers": "block"}
    if agent:
        manner["user_agent"] = agent
    if language:
        manner["extra_http_headers"] = {"Accept-Language": language}
    return manner


def _translated(error: Error) -> Exception:
    """An error of the browser as Scrapy knows it; one that is none of a download's stays as it is."""
    if isinstance(error, PlaywrightTimeoutError):
        return exceptions.DownloadTimeoutError(_first_line(error))
    if "net::ERR_TOO_MANY_REDIRECTS" in error.message:
        return exceptions.IgnoreRequest("max redirections reached")  # as Scrapy's own middleware says it
    kind = next((kind for sign, kind in _ERRORS.items() if sign in error.message), None)
    return kind(_first_line(error)) if kind else error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _header(request: Request, name: str) -> str:
    value = request.headers.get(name)
    return value.decode("latin-1") if value else ""


def _playwright_proxy(proxy: str) -> dict[str, str]:
    """A proxy address in the parts Playwright wants."""
    parts = urlsplit(proxy)
    server = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    login = {"username": unquote(parts.username), "password": unquote(parts.password or "")} if parts.username else {}
    return {"server": server} | login


def _system_chromium() -> str | None:
    """The system's Chromium, unless Playwright has one of its own."""
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    if any(home.glob("chromium*")):
        return None
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def _unneeded(request: Any) -> bool:
    """Whether the browser may leave this out: nothing we read is in images, fonts or media, nor in beacons."""
    return request.resource_type in _UNNEEDED
