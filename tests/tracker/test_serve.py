"""`tracker serve`: a real server on this machine, over a real database that is written to meanwhile."""

import asyncio
import base64
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pydantic import SecretStr

from reports.period import Asked, Days, Period
from storage.judged import keep
from storage.schema import transaction
from storage.store import Store
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, OWN, RIVAL, night, rank, tell
from tests.tracker.command import ENVIRONMENT, tracker
from tracker.config import Config, load
from tracker.judging import judged_of, rules
from tracker.report import write
from tracker.serve.address import Address, AddressError, beside, read
from tracker.serve.pages import Pages
from tracker.serve.server import Server

LISTING, OTHER = "mug", "kaya-mugs"
NIGHTS = 16
FIRST, LAST, LOST = (night(n).date() for n in (0, NIGHTS - 1, 5))
"""The first night, the newest, and one on which every page was blocked."""
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A database of two listings that are each other's rivals, nothing of it judged yet."""
    folder = tmp_path_factory.mktemp("served")
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


@pytest.fixture(scope="module")
def server(config: Config) -> Iterator[Running]:
    with running(config) as server:
        yield server


def judge(config: Config) -> None:
    with Store(config.storage.database).writing() as db, transaction(db):
        keep(db, judged_of(config.storage.database, rules(config), dict.fromkeys((LISTING, OTHER), FIRST)))


def headline(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""


def test_what_is_not_judged_yet_is_said_and_a_new_database_is_another_page(server: Running, config: Config) -> None:
    path = f"/listing/{LISTING}?period=day"
    answer, text = server.ask(path)
    assert answer.status == 200 and "has not been judged by the rules in force yet" in text
    tag = answer.headers["ETag"]
    again, nothing = server.ask(path, If_None_Match=tag)
    assert (again.status, nothing, again.headers["ETag"]) == (304, "", tag)
    judge(config)
    answer, text = server.ask(path, If_None_Match=tag)
    assert (answer.status, "not been judged" in text) == (200, False)


def test_the_index_shows_every_listing_with_its_nights(server: Running, config: Config) -> None:
    judge(config)
    _, text = server.ask("/")
    assert headline(text) == "2 listings"
    with Store(config.storage.database).reading() as db:
        high = dict(
            db.execute(
                "SELECT listing, count(*) FROM flags WHERE day = ? AND severity = 'high' GROUP BY ALL", [LAST]
            ).fetchall()
        )
    assert f"{high[LISTING]} serious" in text
    assert [text.count(f'href="/listing/{name}"') for name in (LISTING, OTHER)] == [1, 1]
    assert f'href="/listing/{LISTING}?period=day&amp;on={LAST}"' in text
    assert f"on={LOST}" not in server.ask(f"/listing/{LISTING}")[1], "a night on which nothing was read has no report"


def test_pages_carry_what_protects_them(server: Running) -> None:
    for path in ("/", "/nowhere", f"/listing/{LISTING}?period=day"):
        answer, text = server.ask(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "default-src &#39;none&#39;; script-src" in text and "form-action &#39;self&#39;" in text
    answer, text = server.ask("/", "HEAD")
    assert (answer.status, text) == (200, "")
    answer, text = server.ask("/", "POST")
    assert (answer.status, headline(text)[:17]) == (405, "This is read-only")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/listing/nope", 404, f"No listing is called nope; there is {OTHER} and {LISTING}"),
        ("/listing/..%2f..%2fetc%2fpasswd", 404, "No listing is called ../../etc/passwd; there is"),
        ("/files/..%2fconfig.toml", 404, "There is no file ../config.toml in the folder of reports"),
        ("/files/%2e%2e/config.toml", 404, "There is no"),
        ("/wp-login.php", 404, "There is nothing at /wp-login.php; all listings are at /"),
        (f"/listing/{LISTING}?days=1", 400, "days = 1: not a number of days from 2 to 3,660"),
        (f"/listing/{LISTING}?days=९९", 400, "days = ९९: not a number"),
        (f"/listing/{LISTING}?from=2026-02-30", 400, "from = 2026-02-30: not a day; write it as 2026-03-31"),
        (f"/listing/{LISTING}?from=0001-01-01", 400, "from = 0001-01-01: not a day"),
        (f"/listing/{LISTING}?from=1990-01-01", 400, "A report has at most 3,660 days"),
        (f"/listing/{LISTING}?against=1990-01-01..2020-01-01", 400, "A report has at most 3,660 days"),
        (f"/listing/{LISTING}?from=2026-03-02&to=2026-03-01", 400, "The days end before they begin"),
        (f"/listing/{LISTING}?period=week&to=2026-03-01", 400, "Either a day, a week or a month"),
        (f"/listing/{LISTING}?period=year", 400, "period = year: unknown; one of day, week, and month"),
        (f"/listing/{LISTING}?against=2026-03-01", 400, "against = 2026-03-01: not two days"),
        (f"/listing/{LISTING}?lang=xx", 400, "lang = xx: not the code of a language"),
        (f"/listing/{LISTING}?since=2026", 400, "since: unknown; an address of a report knows days, period"),
        (f"/listing/{LISTING}?to=2020-03-01", 404, f"Nothing was crawled for {LISTING} then; its first day"),
        ("/overview?lang=%3Cscript%3E", 400, "lang = &lt;script&gt;: not the code of a language"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(server: Running, path: str, status: int, said: str) -> None:
    answer, text = server.ask(quote(path, safe="/?=&%."))
    assert answer.status == status
    assert headline(text).startswith(said)


def test_mistakes_are_explained_in_chinese_too(server: Running) -> None:
    assert re.search("[一-鿿]", headline(server.ask("/listing/nope?lang=zh-Hans")[1]))


def test_only_who_asks_this_machine_by_its_own_name_is_answered(server: Running) -> None:
    for host, status in (
        ("localhost:1", 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
    ):
        answer, text = server.ask("/", Host=host)
        assert answer.status == status
    assert "only localhost and 127.0.0.1 are answered for" in headline(text)


def test_where_there_is_a_password_nothing_is_shown_without(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.serve.server.WRONG_PAUSE", 0.01)

    def basic(user: str, password: str) -> str:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    with running(config, password=SecretStr(PASSWORD), loopback=False) as server:
        answer, text = server.ask(f"/listing/{LISTING}")
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert OWN not in text and LISTING not in text
        for wrong in (basic("me", "wrong"), basic("me", PASSWORD + "x"), "Basic ???", f"Bearer {PASSWORD}", "Basic"):
            assert server.ask("/", Authorization=wrong)[0].status == 401
        assert server.ask("/", Authorization=basic("anybody", PASSWORD), Host="tracker.lan")[0].status == 200


def test_forms_lead_to_the_address_of_what_they_ask_for(server: Running) -> None:
    answer, _ = server.ask(
        f"/go?listing={LISTING}&from=2026-03-01&to=2026-03-10&against_from=2026-02-10&against_to=2026-02-19&lang=zh-Hans"
    )
    assert answer.status == 302
    assert answer.headers["Location"] == (
        f"/listing/{LISTING}?from=2026-03-01&to=2026-03-10&against=2026-02-10..2026-02-19&lang=zh-Hans"
    )
    assert server.ask("/go?listing=&from=&to=")[0].headers["Location"] == "/overview"
    assert server.ask("/go?listing=a&against_from=2026-02-10&against_to=")[0].status == 400


def test_a_database_in_use_or_away_is_said_and_asked_again(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "tracker.duckdb"
    path.write_bytes(config.storage.database.read_bytes())
    elsewhere = config.model_copy(update={"storage": config.storage.model_copy(update={"database": path})})
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()",
            path,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert held.stdout and held.stdout.readline()
    with running(elsewhere) as server:
        answer, text = server.ask("/")
        assert (answer.status, answer.headers["Retry-After"], answer.headers["Refresh"]) == (503, "5", "5")
        assert headline(text).startswith("The database is in use just now")
        held.communicate(b"\n")
        assert server.ask("/")[0].status == 200
        path.unlink()
        answer, text = server.ask("/")
        assert (answer.status, "no database here yet" in text) == (503, True)


def test_no_request_fails_while_the_database_is_replaced(server: Running, config: Config) -> None:
    store, done = Store(config.storage.database), threading.Event()
    seen: list[tuple[int, str]] = []

    def look(path: str) -> None:
        while not done.is_set():
            answer, _ = server.ask(path)
            seen.append((answer.status, answer.headers["ETag"]))

    readers = [threading.Thread(target=look, args=(path,)) for path in ("/", f"/listing/{OTHER}?period=day")]
    for reader in readers:
        reader.start()
    inodes = set()
    for n in range(6):
        with store.writing() as db:
            db.execute("UPDATE stored.flag SET magnitude = ? WHERE listing = ?", [n, LISTING])
        inodes.add(store.path.stat().st_mtime_ns)
    done.set()
    for reader in readers:
        reader.join()
    assert len(inodes) == 6
    assert seen and {status for status, _ in seen} == {200}


def test_files_of_earlier_reports_are_listed_and_shown(server: Running, config: Config, tmp_path: Path) -> None:
    folder = config.report.folder
    (folder / "2026").mkdir(parents=True, exist_ok=True)
    (folder / "2026" / "mugs & more.html").write_text("<p>was")
    (folder / "secret.txt").write_text("no report")
    (tmp_path / "elsewhere.html").touch()
    (folder / "link.html").symlink_to(tmp_path / "elsewhere.html")
    with Store(config.storage.database).writing():  # a page is kept for as long as the database is the same
        pass
    _, text = server.ask("/")
    assert re.findall(r'href="(/files/[^"]*)"', text) == ["/files/2026/mugs%20%26%20more.html"]
    answer, text = server.ask("/files/2026/mugs%20%26%20more.html")
    assert (answer.status, text, answer.headers["X-Frame-Options"]) == (200, "<p>was", "DENY")
    assert {server.ask(f"/files/{name}")[0].status for name in ("secret.txt", "link.html", "2026")} == {404}


def test_a_report_comes_as_a_file_of_any_form(server: Running) -> None:
    answer, text = server.ask(f"/listing/{OTHER}?period=day&format=json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{OTHER}-{LAST}.json"
    assert json.loads(text)["listing"] == OTHER
    assert server.ask(f"/listing/{OTHER}?format=docx")[0].status == 400
    assert server.ask("/overview?format=pdf")[0].status == 400
    assert f'href="/listing/{OTHER}?period=day&amp;format=pdf"' in server.ask(f"/listing/{OTHER}?period=day")[1]


def test_a_mistake_in_a_template_is_shown_until_it_is_mended_and_costs_no_report(
    config: Config, tmp_path: Path
) -> None:
    own = config.model_copy(
        update={"report": config.report.model_copy(update={"templates": tmp_path, "folder": tmp_path / "reports"})}
    )
    template = tmp_path / "listing.html"
    template.write_text('{% extends "builtin/listing.html" %}{% block look %}{{ nothing }}{% endblock %}')
    with running(own) as server:
        answer, text = server.ask(f"/listing/{OTHER}?period=day")
        assert (answer.status, headline(text)[: len(str(template)) + 8]) == (500, f"{template}, line 1")
        judge(config)
        written = write(own, [OTHER])
        assert [path.name for told in written.listings for path in told.files] == [f"{OTHER}.html"]
        assert [sentence.startswith(f"{template}, line 1: 'nothing' is undefined") for sentence in written.untold] == [
            True
        ]
        template.write_text(template.read_text().replace("nothing", "view.headline"))
        assert server.ask(f"/listing/{OTHER}?period=day")[0].status == 200


def test_a_user_picks_a_listing_a_period_and_a_language(server: Running, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda asked: troubles.append(asked.url) if f":{server.port}/" not in asked.url else None)
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.get_by_role("link", name=LISTING, exact=True).click()
    assert page.url.endswith(f"/listing/{LISTING}")
    page.get_by_label("Listing", exact=True).select_option(OTHER)
    page.get_by_role("button", name="Open").click()
    assert page.url.endswith(f"/listing/{OTHER}")
    page.get_by_role("link", name="One day", exact=True).click()
    page.get_by_role("link", name="Earlier").click()
    assert page.url.endswith("?period=day&on=2026-03-16")
    page.get_by_text("Other days").click()
    days = page.get_by_role("group", name="Days", exact=True)
    days.get_by_label("from").fill("2026-03-02")
    days.get_by_label("to").fill("2026-03-08")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("?from=2026-03-02&to=2026-03-08")
    page.get_by_role("link", name="简体中文").click()
    assert page.url.endswith("?from=2026-03-02&to=2026-03-08&lang=zh-Hans")
    assert page.locator("html").get_attribute("lang") in {"zh-Hans", "zh-Hans-CN", "zh-CN"}
    assert re.search("[一-鿿]", page.locator(".served").inner_text().replace("简体中文", ""))
    page.locator(".served-calendar summary").click()
    page.locator(f'.night[href*="on={LAST}"]').click()
    assert page.url.endswith(f"?period=day&on={LAST}&lang=zh-Hans")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
    assert not troubles


def test_what_stands_around_a_report_is_for_everybody(server: Running, chromium: Browser) -> None:
    """No serious finding of axe-core on the bar with all its parts open, the index, and a page that says sorry."""
    parts = ((f"/listing/{LISTING}?period=day", ".served"), ("/", None), ("/nowhere", None))
    for dark, looked in ((False, parts), (True, parts[:2])):
        page = chromium.new_page(color_scheme="dark" if dark else "light")
        for path, part in looked:
            page.goto(f"http://127.0.0.1:{server.port}{path}")
            page.evaluate("for (const each of document.querySelectorAll('.served details')) each.open = true")
            found = Axe().run(page, context=part).response["violations"]
            grave = [each for each in found if each["impact"] in ("serious", "critical")]
            assert [(each["id"], node["html"]) for each in grave for node in each["nodes"]] == []
        page.close()


def test_the_command_serves_until_it_is_stopped(config: Config) -> None:
    folder = config.storage.database.parent
    served = subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve", "--port", "0"],
        cwd=folder,
        env=ENVIRONMENT | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert served.stdout
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", served.stdout.readline())
    assert found
    connection = HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    with ThreadPoolExecutor(1) as apart:  # as Playwright's loop runs in this thread
        taken = apart.submit(tracker, folder, "serve", "--port", found[1]).result()
    assert (taken.returncode, "taken by another program" in taken.stderr) == (1, True)
    served.send_signal(signal.SIGTERM)
    _, said = served.communicate(timeout=30)
    assert (served.returncode, said) == (0, "")


def test_others_are_let_in_only_with_a_password(config: Config, tmp_path: Path) -> None:
    folder = config.storage.database.parent
    refused = tracker(folder, "serve", "--host", "0.0.0.0")
    assert (refused.returncode, "a password is needed: set TRACKER_SERVE__PASSWORD" in refused.stderr) == (2, True)
    short = tracker(folder, "serve", TRACKER_SERVE__PASSWORD="s3cret")
    assert (short.returncode, "s3cret" in short.stderr + short.stdout) == (2, False)
    written = tmp_path / "config.toml"
    written.write_text((folder / "config.toml").read_text() + '[serve]\npassword = "correct horse"\n')
    told = tracker(tmp_path, "serve")
    assert (told.returncode, PASSWORD in told.stderr) == (2, False)
    assert "serve.password: this file is no place for secrets" in told.stderr


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"days": "90"},
        {"period": "week"},
        {"period": "day", "on": "2026-03-14"},
        {"from": "2026-03-01", "to": "2026-03-10", "against": "2026-02-10..2026-02-19", "lang": "zh-Hans"},
        {"to": "2026-03-10", "days": "7"},
        {"from": "2026-03-01"},
    ],
)
def test_an_address_leads_to_itself(query: dict[str, str]) -> None:
    address = read("a b/ü", query, 30)
    assert address.href.startswith("/listing/a%20b%2F%C3%BC")
    asked = dict(part.split("=") for part in address.href.partition("?")[2].split("&") if part)
    assert read("a b/ü", asked, 30) == address
    assert asked == query


def test_beside_a_period_lie_the_ones_before_and_after() -> None:
    oldest, newest = date(2026, 1, 5), date(2026, 3, 15)
    week = Period(Days(date(2026, 3, 2), date(2026, 3, 8)), Days(date(2026, 2, 23), date(2026, 3, 1)), "week")
    address = Address("mug", Asked(sort="week", last=date(2026, 3, 4)))
    before, after = beside(address, week, oldest, newest)
    assert before and before.asked == Asked(sort="week", last=date(2026, 3, 1))
    assert after and after.asked == Asked(sort="week", last=date(2026, 3, 9))
    ten = Period(Days(date(2026, 3, 6), newest), Days(date(2026, 2, 24), date(2026, 3, 5)))
    before, after = beside(Address("mug", Asked(10)), ten, oldest, newest)
    assert before and before.href == "/listing/mug?from=2026-02-24&to=2026-03-05"
    assert after is None
    first = Period(Days(oldest, date(2026, 1, 6)), Days(date(2026, 1, 3), date(2026, 1, 4)))
    assert beside(Address("mug"), first, oldest, newest)[0] is None


@pytest.mark.parametrize("query", [{"on": "20260314x"}, {"against": "a..b"}, {"against": "2026-03-02..2026-03-01"}])
def test_no_day_is_no_address(query: dict[str, str]) -> None:
    with pytest.raises(AddressError):
        read("mug", query, 30)
