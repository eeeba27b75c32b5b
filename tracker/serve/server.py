"""The HTTP server of `tracker serve`: who may ask, which address leads where, and what every answer carries."""

import asyncio
import hmac
import logging
from base64 import b64decode
from binascii import Error as NoBase64
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from multidict import MultiMapping
from pydantic import SecretStr
from yarl import URL

from reports.forms import PrintError
from reports.page.sandbox import TemplatesError
from reports.sentences import Said
from storage.store import StoreBusyError, StoreError
from tracker.sections import is_loopback
from tracker.serve.address import AddressError, read
from tracker.serve.found import MissingError
from tracker.serve.pages import Page, Pages

KEPT = 32
"""Pages that stay made: a report has about a megabyte."""
WRONG_PAUSE = 0.5
"""Seconds before the answer to a wrong password; one such answer at a time."""
BUSY_PAUSE = 5
"""Seconds after which to ask again when the database is in use."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Server": "rival-tracker",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Kept by who asked only, and asked for again each time: a page changes with the database.
    "Cache-Control": "private, no-cache",
}

NOT_HERE = "There is nothing at {path}; all listings are at /"
NO_METHOD = "This is read-only: an address can be asked for, and nothing sent to it"
NO_PASSWORD = "A password is needed here; any user name will do"  # noqa: S105
OTHER_HOST = "Asked for as {host}, and only localhost and 127.0.0.1 are answered for; with a password, any name is"
OTHER_SITE = "Another site asked for this, and it is shown to nobody but you: open it by itself"
BUSY = "The database is in use just now; this page asks again by itself"
BROKEN = "Something went wrong here that should not; the terminal that tracker serve runs in shows what"
AS_IT_IS = "{why}"

log = logging.getLogger(__name__)


class Server:
    """Answers for one configuration. ``loopback``: whether it is bound to this machine only."""

    def __init__(self, pages: Pages, days: int, password: SecretStr | None, *, loopback: bool) -> None:
        self._pages = pages
        self._days = days
        self._password = password
        self._loopback = loopback
        self._kept: OrderedDict[tuple[Any, ...], asyncio.Future[Page]] = OrderedDict()
        self._makers = ThreadPoolExecutor(4, "maker")
        self._wrong = asyncio.Lock()

    def application(self) -> web.Application:
        """What answers: the routes, each for GET and HEAD."""
        application = web.Application(middlewares=[self._dressed, self._allowed])
        application.add_routes(
            [
                web.get("/", self._index),
                web.get("/go", self._go),
                web.get("/overview", self._report),
                web.get("/listing/{name}", self._report),
                web.get("/files/{name:.+}", self._file),
            ]
        )
        application.on_cleanup.append(self._stop)
        return application

    async def _stop(self, _: web.Application) -> None:
        self._makers.shutdown(wait=False, cancel_futures=True)
        self._pages.close()

    @web.middleware
    async def _dressed(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The answer with the headers of all; in place of one that fails, a page that says why."""
        try:
            answer = await handler(request)
        except web.HTTPNotFound:
            answer = await self._sorry(request, 404, Said(NOT_HERE, {"path": request.path}))
        except web.HTTPMethodNotAllowed as error:
            answer = await self._sorry(request, 405, Said(NO_METHOD), {"Allow": error.headers["Allow"]})
        except web.HTTPException as answer_of_aiohttp:
            answer_of_aiohttp.headers.update(HEADERS)
            raise
        except AddressError as error:
            answer = await self._sorry(request, 400, error.said)
        except MissingError as error:
            answer = await self._sorry(request, 404, error.said)
        except StoreBusyError:
            again = {"Retry-After": str(BUSY_PAUSE), "Refresh": str(BUSY_PAUSE)}
            answer = await self._sorry(request, 503, Said(BUSY), again)
        except StoreError as error:
            answer = await self._sorry(request, 503, Said(AS_IT_IS, {"why": str(error)}))
        except (TemplatesError, PrintError) as error:
            answer = await self._sorry(request, 500, Said(AS_IT_IS, {"why": str(error)}))
        except Exception:
            log.exception("%s", request.path_qs)
            answer = await self._sorry(request, 500, Said(BROKEN))
        answer.headers.update(HEADERS)
        return answer

    @web.middleware
    async def _allowed(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses who has not the password; and where none is needed, pages of other sites that have their own name
        lead to this machine (DNS rebinding), which would read what is served here in the user's browser. Links of
        theirs may lead here; what they ask for as a part of a page of theirs could only keep this server busy."""
        headers = request.headers
        if headers.get("Sec-Fetch-Site") == "cross-site" and headers.get("Sec-Fetch-Dest") != "document":
            return await self._sorry(request, 403, Said(OTHER_SITE))
        if self._password is None:
            host = _host(request)
            if self._loopback and not is_loopback(host):
                return await self._sorry(request, 403, Said(OTHER_HOST, {"host": host}))
        elif not _knows(request.headers.get(hdrs.AUTHORIZATION, ""), self._password):
            if hdrs.AUTHORIZATION in request.headers:
                async with self._wrong:
                    await asyncio.sleep(WRONG_PAUSE)
            asked = {"WWW-Authenticate": 'Basic realm="tracker", charset="UTF-8"'}
            return await self._sorry(request, 401, Said(NO_PASSWORD), asked)
        return await handler(request)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        language = read(None, {"lang": request.query.get("lang", "")}, self._days).language
        return _answer(request, await self._made(("/", language), lambda: self._pages.index(language)))

    async def _report(self, request: web.Request) -> web.StreamResponse:
        address = read(request.match_info.get("name"), _once(request.query), self._days)
        return _answer(request, await self._made((address,), lambda: self._pages.report(address)))

    async def _go(self, request: web.Request) -> web.StreamResponse:
        """Where a form leads: the address of what was chosen in it."""
        query = _once(request.query)
        ends = [query.pop(name, "").strip() for name in ("against_from", "against_to")]
        if any(ends):
            query["against"] = "..".join(ends)
        address = read(query.pop("listing", "") or None, query, self._days)
        raise web.HTTPFound(URL(address.href, encoded=True))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        path = await loop.run_in_executor(None, self._pages.file, request.match_info["name"])
        # A browser takes text that does not say what it is in for Latin letters.
        type_ = guess_type(path.name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if type_.startswith("text/") else ""
        return web.FileResponse(path, headers={hdrs.CONTENT_TYPE: type_ + charset})

    async def _made(self, key: tuple[Any, ...], make: Callable[[], Page]) -> Page:
        """A page that stands ready for this state of the database, or is made now: once, however many ask for it."""
        key = (self._pages.version, *key)
        if key not in self._kept:
            self._kept[key] = asyncio.get_running_loop().run_in_executor(self._makers, make)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        try:
            return await asyncio.shield(self._kept[key])
        except Exception:
            self._kept.pop(key, None)
            raise

    async def _sorry(
        self, request: web.Request, status: int, said: Said, headers: dict[str, str] | None = None
    ) -> web.Response:
        """A page that says what is wrong, in the language asked for where that is known."""
        try:
            language = read(None, {"lang": request.query.get("lang", "")}, self._days).language
        except AddressError:
            language = None
        text = self._pages.wrong(said, language)
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def _answer(request: web.Request, page: Page) -> web.Response:
    """The page, or that it is as who asks has it already."""
    tag = f'"{page.tag}"'
    known = request.headers.get(hdrs.IF_NONE_MATCH, "")
    if tag in (part.strip().removeprefix("W/") for part in known.split(",")):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers={hdrs.ETAG: tag})
    charset = "utf-8" if page.type.startswith("text/") else None
    answer = web.Response(body=page.body, content_type=page.type, charset=charset, headers={hdrs.ETAG: tag})
    if page.file:
        answer.headers[hdrs.CONTENT_DISPOSITION] = f"attachment; filename*=UTF-8''{quote(page.file, safe='')}"
    return answer


def _once(query: MultiMapping[str]) -> dict[str, str]:
    """The query with the last value of each name."""
    return dict(query.items())


def _host(request: web.Request) -> str:
    """The name that the server was asked for by, without its port."""
    try:
        return (URL(f"http://{request.headers.get(hdrs.HOST, '')}").host or "").lower()
    except ValueError:
        return ""


def _knows(authorization: str, password: SecretStr) -> bool:
    """Whether the header (RFC 7617) holds the password, with any user name."""
    scheme, _, coded = authorization.partition(" ")
    try:
        _, _, given = b64decode(coded.strip(), validate=True).partition(b":")
    except (NoBase64, ValueError):
        given = b""
    same = hmac.compare_digest(given, password.get_secret_value().encode("utf-8"))
    return same and scheme.lower() == "basic"
