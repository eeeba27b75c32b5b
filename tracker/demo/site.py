"""The simulated site: a real HTTP server on this machine's loopback address, one port per marketplace.

It runs in a thread of its own, with its own event loop, beside whatever crawls it.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

from aiohttp import web
from aiohttp.typedefs import Handler

from tracker.demo import faults, pages, wire  # noqa: F401  whoever imports them knows their faults
from tracker.demo.chance import generator
from tracker.demo.fault import FAULTS, LOOP, ROBOTS, Asked, html
from tracker.demo.visitors import SESSION, Visitors
from tracker.demo.world import World

PAGES = r"/dp/|/s\b"
"""Paths of product and results pages, as a pattern."""

_HOST = "127.0.0.1"
_START_SECONDS = 30
_ALLOWED = "User-agent: *\nDisallow: /gp/cart\nDisallow: /errors/\nAllow: /dp/\nAllow: /s\n"
_FORBIDDEN = "User-agent: *\nDisallow: /\n"


@dataclass(slots=True)
class Seen:
    """One request that came."""

    at: float
    """When, as ``time.monotonic`` counts seconds."""
    marketplace: str
    path: str
    """With its query."""
    fault: str | None = None
    """What was made of the answer; None when it was the right one."""


@dataclass(slots=True)
class _Rule:
    kind: str
    rate: float
    seconds: float
    path: re.Pattern[str]
    marketplace: str | None
    times: int | None
    hits: int = 0


_SEEN = web.RequestKey("seen", Seen)


class Site:
    """The running site. Its methods may be called from any thread; they count from the next request on."""

    def __init__(self, world: World) -> None:
        self.base_urls: dict[str, str] = {}
        """Scheme, host and port of each marketplace."""
        self.seen: list[Seen] = []
        """Every request that came, robots.txt included, in order."""
        self._world = world
        self._day = 0
        self._visitors = {code: Visitors(code) for code in world.marketplaces}
        self._rules: list[_Rule] = []
        self._asked: Counter[tuple[str, str]] = Counter()
        self._doors: dict[str, _Door] = {}
        self._down: set[asyncio.Task[None]] = set()

    def set_day(self, day: int) -> None:
        """Show night ``day``."""
        self._day = day

    def set_origin(self, marketplace: str, country: str | None, currency: str = "") -> None:
        """Where the marketplace's visitors come from who have chosen no postal code, and the currency of that country.
        With None, they live where its own people do."""
        self._visitors[marketplace].origin = (country, currency) if country else None

    def set_faults(
        self,
        kind: str | None,
        *,
        rate: float = 1.0,
        seconds: float = 0.0,
        path: str = PAGES,
        marketplace: str | None = None,
        times: int | None = None,
    ) -> None:
        """Answer ``rate`` (0 to 1) of the requests for pages with this fault, and with no other; with None, none.

        Whether a request is hit follows from the world's seed, its path, and how often that path was asked for: not
        from the order in which requests come.

        Args:
            kind: one of :data:`tracker.demo.fault.FAULTS`, or ``robots``.
            seconds: how long, for faults that take time; what Retry-After says, for those that name one.
            path: pattern that the beginning of a path (with its query) must match.
            marketplace: the one where that is; None for all.
            times: how many requests are hit at most.

        Raises:
            KeyError: there is no such fault.
        """
        self._rules = []
        if kind is not None:
            self.add_fault(kind, rate=rate, seconds=seconds, path=path, marketplace=marketplace, times=times)

    def add_fault(
        self,
        kind: str,
        *,
        rate: float = 1.0,
        seconds: float = 0.0,
        path: str = PAGES,
        marketplace: str | None = None,
        times: int | None = None,
    ) -> None:
        """One more fault, for the requests that those before it leave alone. As :meth:`set_faults`."""
        if kind != ROBOTS and kind not in FAULTS:
            raise KeyError(f"{kind!r}: no such fault; there are {', '.join(FAULTS)} and {ROBOTS}")
        self._rules = [*self._rules, _Rule(kind, rate, seconds, re.compile(path), marketplace, times)]

    def application(self, marketplace: str) -> web.Application:
        """The site of one marketplace."""

        visitors = self._visitors[marketplace]

        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            request[_SEEN] = Seen(monotonic(), marketplace, request.path_qs)
            self.seen.append(request[_SEEN])
            return await handler(request)

        async def robots(request: web.Request) -> web.StreamResponse:
            forbidden = any(rule.kind == ROBOTS and rule.marketplace in {None, marketplace} for rule in self._rules)
            text = _FORBIDDEN if forbidden else _ALLOWED
            return await self._faulty(request, marketplace, None, text) or web.Response(text=text)

        async def product(request: web.Request) -> web.StreamResponse:
            asin = request.match_info["asin"]
            try:
                page = pages.product(
                    self._world, marketplace, asin, self._day, visitor=visitors.visitor(request.cookies)
                )
            except KeyError:
                return await missing(request)
            return await self._faulty(request, marketplace, asin, page) or html(page)

        async def search(request: web.Request) -> web.StreamResponse:
            asked = request.query.get("page", "1")
            number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
            visitor = visitors.visitor(request.cookies)
            page = pages.search(
                self._world, marketplace, request.query.get("k", ""), number, self._day, visitor=visitor
            )
            return await self._faulty(request, marketplace, None, page) or html(page)

        async def ranked_list(request: web.Request) -> web.StreamResponse:
            number, visitor = 2 if request.query.get("pg") == "2" else 1, visitors.visitor(request.cookies)
            try:
                page = pages.ranked_list(self._world, marketplace, request.path, number, self._day, visitor=visitor)
            except KeyError:
                return await missing(request)
            return await self._faulty(request, marketplace, None, page) or html(page)

        async def front(request: web.Request) -> web.StreamResponse:
            session = visitors.session(request.cookies)
            page = pages.front(marketplace, visitors.visitor(request.cookies), visitors.token(session, "dialogue"))
            answer = await self._faulty(request, marketplace, None, page) or html(page)
            answer.set_cookie(SESSION, session)
            return answer

        async def dialogue(request: web.Request) -> web.StreamResponse:
            session = request.cookies.get(SESSION, "")
            if request.headers.get("anti-csrftoken-a2z") != visitors.token(session, "dialogue"):
                return html(pages.not_found(marketplace), status=403)
            page = pages.dialogue(visitors.token(session, "change"))
            return await self._faulty(request, marketplace, None, page) or html(page)

        async def change(request: web.Request) -> web.StreamResponse:
            session = request.cookies.get(SESSION, "")
            if request.headers.get("anti-csrftoken-a2z") != visitors.token(session, "change"):
                return html(pages.not_found(marketplace), status=403)
            fault = await self._faulty(request, marketplace, None, "")
            if fault is not None:
                return fault
            moved = visitors.move(session, str((await request.json()).get("zipCode")))
            return web.json_response({"isValidAddress": int(moved), "isAddressUpdated": int(moved)})

        async def loop(request: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": f"{LOOP}/{int(request.match_info['number']) + 1}"})

        async def missing(_: web.Request) -> web.Response:
            return html(pages.not_found(marketplace), status=404)

        application = web.Application(middlewares=[note])
        application.add_routes(
            [
                web.get("/robots.txt", robots),
                web.get("/", front),
                web.get(pages.DIALOGUE, dialogue),
                web.post(pages.CHANGE, change),
                web.get("/dp/{asin}", product),
                web.get("/s", search),
                *(
                    web.get(f"/gp/{name}/{{category:{category}}}", ranked_list)
                    for name in pages.RANKED_LISTS
                    for category in ("[^/]+", "[^/]+/[^/]+")
                ),
                web.get(LOOP + r"/{number:\d{1,9}}", loop),
                web.route("*", "/{rest:.*}", missing),
            ]
        )
        return application

    async def _faulty(
        self, request: web.Request, marketplace: str, asin: str | None, page: str
    ) -> web.StreamResponse | None:
        """What a fault makes of the page; None where none does."""
        number = self._asked[marketplace, request.path_qs]
        self._asked[marketplace, request.path_qs] += 1
        rule = next((rule for rule in self._rules if self._hits(rule, marketplace, request.path_qs, number)), None)
        if rule is None:
            return None
        seen = request[_SEEN]
        seen.fault = rule.kind
        rule.hits += 1
        answer = await FAULTS[rule.kind](
            Asked(
                world=self._world,
                marketplace=marketplace,
                day=self._day,
                request=request,
                number=number,
                asin=asin,
                page=page,
                seconds=rule.seconds,
                base_urls=self.base_urls,
                shut=lambda seconds: self._shut(marketplace, seconds),
            )
        )
        if answer is None:  # nothing to do for a page of this kind
            seen.fault = None
            rule.hits -= 1
        return answer

    def _hits(self, rule: _Rule, marketplace: str, path: str, number: int) -> bool:
        if rule.kind == ROBOTS or rule.marketplace not in {None, marketplace} or not rule.path.match(path):
            return False
        if rule.times is not None and rule.hits >= rule.times:
            return False
        name = (self._world.seed, "faults", rule.kind, rule.path.pattern, marketplace, path, number)
        return generator(*name).random() < rule.rate

    def _shut(self, marketplace: str, seconds: float) -> None:
        """Refuse all connections to the marketplace for a while. From the site's own loop."""

        async def shut() -> None:
            await self._doors[marketplace].close()
            await asyncio.sleep(seconds)
            await self._doors[marketplace].open()

        task = asyncio.create_task(shut())
        self._down.add(task)
        task.add_done_callback(self._down.discard)

    async def start(self) -> None:
        """Serve every marketplace of the world."""
        for marketplace in self._world.marketplaces:
            door = self._doors[marketplace] = _Door(self.application(marketplace))
            await door.open()
            self.base_urls[marketplace] = f"http://{_HOST}:{door.port}"

    async def stop(self) -> None:
        """Serve no longer."""
        for task in self._down:
            task.cancel()
        for door in self._doors.values():
            await door.runner.cleanup()


class _Door:
    """The port of one marketplace: open, or connections are refused."""

    def __init__(self, application: web.Application) -> None:
        self.runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        self.port = 0
        """0 before it was opened first."""
        self._site: web.TCPSite | None = None

    async def open(self) -> None:
        if self.runner.server is None:
            await self.runner.setup()
        if self._site is None:
            self._site = web.TCPSite(self.runner, _HOST, self.port, reuse_address=True)
            await self._site.start()
            self.port = self._site.port

    async def close(self) -> None:
        """Accept nothing more, and break what is open."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        for connection in self.runner.server.connections if self.runner.server else ():
            connection.force_close()


@contextmanager
def serve(world: World) -> Iterator[Site]:
    """Run the site of ``world`` until the block ends."""
    site = Site(world)
    loop = asyncio.new_event_loop()
    ready, stop = Event(), asyncio.Event()
    failed: list[BaseException] = []

    async def main() -> None:
        try:
            await site.start()
            ready.set()
            await stop.wait()
        finally:
            await site.stop()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(main())
        except BaseException as error:
            failed.append(error)
            ready.set()

    thread = Thread(target=run, name="demo site", daemon=True)
    thread.start()
    if not ready.wait(_START_SECONDS) or failed:
        raise RuntimeError("the simulated site did not start") from (failed[0] if failed else None)
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(_START_SECONDS)
