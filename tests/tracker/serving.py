"""`tracker serve` for tests: a real server on this machine, over a real database of two listings."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from aiohttp import web

from storage.judged import keep
from storage.schema import transaction
from storage.store import Store
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, OWN, RIVAL, night, rank, tell
from tracker.config import Config, load
from tracker.judging import judged_of, rules
from tracker.serve.pages import Pages
from tracker.serve.server import Server

LISTING, OTHER = "mug", "kaya-mugs"
NIGHTS = 16
FIRST, LAST, LOST = (night(n).date() for n in (0, NIGHTS - 1, 5))
"""The first night, the newest, and one on which every page was blocked."""


def watched(folder: Path) -> Config:
    """A database of two listings that are each other's rivals, nothing of it judged yet."""
    database = Database(folder / "tracker.duckdb")
    for name, own, rival in ((LISTING, OWN, RIVAL), (OTHER, RIVAL, OWN)):
        database.listing(name, "com", own, [rival], ["mug"])
    for product, price in ((OWN, "20"), (RIVAL, "21")):
        prices: list[Any] = [price] * NIGHTS
        prices[5], prices[-1] = BLOCKED, "20" if product == OWN else "12"
        tell(database, product, title=[f"{product} & <b>mug</b>"] * NIGHTS, price=prices)
    rank(database, "mug", [3] * NIGHTS)
    database.publish()
    (folder / "config.toml").write_text(
        '[storage]\ndatabase = "tracker.duckdb"\n[report]\nfolder = "reports"\n'
        + "".join(
            f'[[listing]]\nname = "{name}"\nmarketplace = "com"\nasin = "{own}"\nrivals = ["{rival}"]\n'
            for name, own, rival in ((LISTING, OWN, RIVAL), (OTHER, RIVAL, OWN))
        )
    )
    return load(folder / "config.toml")


def judge(config: Config) -> None:
    with Store(config.storage.database).writing() as db, transaction(db):
        keep(db, judged_of(config.storage.database, rules(config), dict.fromkeys((LISTING, OTHER), FIRST)))


class Running:
    """A server in a thread of its own."""

    def __init__(self, config: Config, **how: Any) -> None:
        how = {"password": None, "loopback": True} | how
        self._server = Server(Pages(config, wait=0.2), 30, **how)
        self._loop = asyncio.new_event_loop()
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self._thread.start()
        assert self._ready.wait(20)

    async def _run(self) -> None:
        runner = web.AppRunner(self._server.application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        return answer, text


@contextmanager
def running(config: Config, **how: Any) -> Iterator[Running]:
    server = Running(config, **how)
    yield server
    server.close()


def headline(text: str) -> str:
    """What a page says first."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""
