"""The simulated site: a real HTTP server on this machine's loopback address, one port per marketplace.

It runs in a thread of its own, with its own event loop, beside whatever crawls it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from aiohttp import web

from tracker.demo import pages
from tracker.demo.chance import generator
from tracker.demo.faults import FAULTS, ROBOTS, Asked, html
from tracker.demo.world import World

_HOST = "127.0.0.1"
_START_SECONDS = 30
_ALLOWED = "User-agent: *\nDisallow: /gp/cart\nDisallow: /errors/\nAllow: /dp/\nAllow: /s\n"
_FORBIDDEN = "User-agent: *\nDisallow: /\n"


class Site:
    """The running site. Its methods may be called from any thread; they count from the next request on."""

    def __init__(self, world: World) -> None:
        self.base_urls: dict[str, str] = {}
        """Scheme, host and port of each marketplace."""
        self._world = world
        self._day = 0
        self._fault: tuple[str, float, float] | None = None
        self._chance = generator(world.seed, "faults")

    def set_day(self, day: int) -> None:
        """Show night ``day``."""
        self._day = day

    def set_faults(self, kind: str | None, *, rate: float = 1.0, seconds: float = 0.0) -> None:
        """Answer ``rate`` (0 to 1) of the requests for pages with this fault; with None, none.

        Args:
            kind: one of :data:`tracker.demo.faults.FAULTS`, or ``robots``.
            seconds: how long, for faults that take time.

        Raises:
            KeyError: there is no such fault.
        """
        if kind is not None and kind != ROBOTS and kind not in FAULTS:
            raise KeyError(f"{kind!r}: no such fault; there are {', '.join(FAULTS)} and {ROBOTS}")
        self._fault = (kind, rate, seconds) if kind else None

    def application(self, marketplace: str) -> web.Application:
        """The site of one marketplace."""

        async def robots(_: web.Request) -> web.Response:
            forbidden = self._fault is not None and self._fault[0] == ROBOTS
            return web.Response(text=_FORBIDDEN if forbidden else _ALLOWED)

        async def product(request: web.Request) -> web.StreamResponse:
            asin = request.match_info["asin"]
            try:
                page = pages.product(self._world, marketplace, asin, self._day)
            except KeyError:
                return await missing(request)
            return await self._answer(request, marketplace, asin, page)

        async def search(request: web.Request) -> web.StreamResponse:
            asked = request.query.get("page", "1")
            number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
            page = pages.search(self._world, marketplace, request.query.get("k", ""), number, self._day)
            return await self._answer(request, marketplace, None, page)

        async def missing(_: web.Request) -> web.Response:
            return html(pages.not_found(marketplace), status=404)

        application = web.Application()
        application.router.add_get("/robots.txt", robots)
        application.router.add_get("/dp/{asin}", product)
        application.router.add_get("/s", search)
        application.router.add_route("*", "/{rest:.*}", missing)
        return application

    async def _answer(self, request: web.Request, marketplace: str, asin: str | None, page: str) -> web.StreamResponse:
        """The page, or what a fault makes of it."""
        if self._fault is not None and self._fault[0] in FAULTS and self._chance.random() < self._fault[1]:
            kind, _, seconds = self._fault
            asked = Asked(self._world, marketplace, self._day, request.path_qs, asin, page, seconds)
            answer = await FAULTS[kind](asked)
            if answer is not None:
                return answer
        return html(page)


@contextmanager
def serve(world: World) -> Iterator[Site]:
    """Run the site of ``world`` until the block ends."""
    site = Site(world)
    loop = asyncio.new_event_loop()
    ready, stop = Event(), asyncio.Event()
    failed: list[BaseException] = []

    async def main() -> None:
        runners = []
        try:
            for marketplace in world.marketplaces:
                runner = web.AppRunner(
                    site.application(marketplace), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
                )
                await runner.setup()
                runners.append(runner)
                await web.TCPSite(runner, _HOST, 0).start()
                site.base_urls[marketplace] = f"http://{_HOST}:{runner.addresses[0][1]}"
            ready.set()
            await stop.wait()
        finally:
            for runner in runners:
                await runner.cleanup()

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
