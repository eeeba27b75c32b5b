"""`tracker serve`: who is answered, with what, and how it is said that there is nothing; while the database is written
to."""

import base64
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from storage.store import Store
from tests.reports.nights import OWN
from tests.tracker.command import ENVIRONMENT, tracker
from tests.tracker.serving import LISTING, OTHER, Running, headline, judge, running, watched
from tracker.config import Config

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Two listings, nothing of them judged yet."""
    return watched(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def server(config: Config) -> Iterator[Running]:
    with running(config) as server:
        yield server


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
        (f"/listing/{LISTING}?from=2027-03-01", 404, f"Nothing was crawled for {LISTING} then; its first day is"),
        ("/overview?from=2027-03-01", 404, "Nothing was crawled then"),
        ("/overview?lang=%3Cscript%3E", 400, "lang = &lt;script&gt;: not the code of a language"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(server: Running, path: str, status: int, said: str) -> None:
    answer, text = server.ask(quote(path, safe="/?=&%."))
    assert answer.status == status
    assert headline(text).startswith(said)


def test_only_who_asks_this_machine_by_its_own_name_is_answered(server: Running) -> None:
    for host, status in (
        ("localhost:1", 200),
        ("[::1]:80", 200),
        ("127.0.0.2", 200),
        ("", 403),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
    ):
        answer, text = server.ask("/", Host=host)
        assert answer.status == status
    assert "only localhost and 127.0.0.1 are answered for" in headline(text)


@pytest.mark.parametrize(
    ("site", "dest", "status"),
    [("cross-site", "image", 403), ("cross-site", "document", 200), ("none", "document", 200)],
)
def test_no_other_site_keeps_it_busy(server: Running, site: str, dest: str, status: int) -> None:
    assert server.ask("/", Sec_Fetch_Site=site, Sec_Fetch_Dest=dest)[0].status == status


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
    for n in range(4):
        with store.writing() as db:
            db.execute("UPDATE stored.flag SET magnitude = ? WHERE listing = ?", [n, LISTING])
        inodes.add(store.path.stat().st_mtime_ns)
    done.set()
    for reader in readers:
        reader.join()
    assert len(inodes) == 4
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
    (folder / "mug.md").write_text("# 杯")
    answer, text = server.ask("/files/mug.md")
    assert (answer.headers["Content-Type"], text) == ("text/markdown; charset=utf-8", "# 杯")
    answer, text = server.ask("/files/2026/mugs%20%26%20more.html")
    assert (answer.status, text, answer.headers["X-Frame-Options"]) == (200, "<p>was", "DENY")
    assert {server.ask(f"/files/{name}")[0].status for name in ("secret.txt", "link.html", "2026")} == {404}


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
    assert "environment TRACKER_SERVE__PASSWORD: serve.password: shorter than 8 characters" in short.stderr
    written = tmp_path / "config.toml"
    written.write_text((folder / "config.toml").read_text() + '[serve]\npassword = "correct horse"\n')
    told = tracker(tmp_path, "serve")
    assert (told.returncode, PASSWORD in told.stderr) == (2, False)
    assert "serve.password: this file is no place for secrets" in told.stderr
