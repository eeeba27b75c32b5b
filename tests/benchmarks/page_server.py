"""The server that crawls are measured against: a process of its own, with product pages as large as real ones.

`python -m tests.benchmarks.page_server FOLDER CACHED` serves, on a free port of the loopback address that it prints,
a page for every ASIN: one of the real pages in FOLDER (of amazon.com), else of the demo padded to their size, with the
ASIN put in, gzipped as the real site sends them. What changes from night to night changes with GET /night/N. The last
CACHED pages are kept ready, so that the time it takes to make one is not the crawl's; 0 makes each anew.
"""

import asyncio
import gzip
import random
import sys
from functools import lru_cache
from itertools import islice
from pathlib import Path

from aiohttp import web

from tests.benchmarks.simulated_nights import nights
from tracker.demo import pages as demo_pages
from tracker.demo.run import FIRST_DAY
from tracker.demo.world import World

NIGHTS = 4
"""Different nights there are; after the last comes the first again."""

_REAL_SIZE = 1_770_000


def real(folder: Path) -> list[tuple[bytes, bytes]]:
    """Product pages of amazon.com, each with its ASIN."""
    found = sorted(folder.glob("product-com-*.html.gz"))
    return [(path.name.split("-")[2].encode(), gzip.decompress(path.read_bytes())) for path in found]


def padded() -> list[tuple[bytes, bytes]]:
    """Pages of the demo, as large as real ones."""
    world = World(seed=1, days=1, start=FIRST_DAY)
    listing = next(each for each in world.listings if each.marketplace == "com")
    chance = random.Random(1)
    words = [f"{chance.randrange(10**9):x}" for _ in range(4000)]
    made = []
    for asin in (listing.asin, *listing.rivals[:5]):
        page = demo_pages.product(world, "com", asin, 0)
        filling = " ".join(chance.choices(words, k=(_REAL_SIZE - len(page)) // 9))
        made.append((asin.encode(), page.replace("</body>", f"<script>/* {filling} */</script></body>").encode()))
    return made


def application(folder: Path, cached: int) -> web.Application:
    series = [(asin, list(islice(nights(page, NIGHTS, str(asin)), NIGHTS))) for asin, page in real(folder) or padded()]
    night = 0

    @lru_cache(maxsize=cached)
    def packed(asin: str, night: int) -> bytes:
        own, page = series[sum(asin.encode()) % len(series)]
        return gzip.compress(page[night % NIGHTS].replace(own, asin.encode()), compresslevel=1)

    async def product(request: web.Request) -> web.Response:
        body = packed(request.match_info["asin"], night)
        return web.Response(body=body, headers={"Content-Encoding": "gzip"}, content_type="text/html", charset="utf-8")

    async def go_to(request: web.Request) -> web.Response:
        nonlocal night
        night = int(request.match_info["night"])
        return web.Response(text="")

    async def robots(_: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nAllow: /")

    made = web.Application()
    made.router.add_get("/dp/{asin}", product)
    made.router.add_get("/night/{night}", go_to)
    made.router.add_get("/robots.txt", robots)
    return made


async def main() -> None:
    runner = web.AppRunner(application(Path(sys.argv[1]), int(sys.argv[2])), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
