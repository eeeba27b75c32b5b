"""`tracker notify`: what matters is told once to each target, whatever becomes of it there, and no address is told."""

import json
import logging
import re
import shutil
import socket
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import reduce
from hmac import digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from apprise.conversion import convert_between
from apprise.plugins import NotifyBase
from apprise.plugins.telegram import NotifyTelegram
from markdown_it import MarkdownIt
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser

from reports.flags import Severity
from reports.news import Display, Item, Letter, Part, harmless
from reports.wording import Wording
from spiders.tasks import Job as Crawled
from storage.model import Outcome, Result
from storage.store import Store
from tests.reports.database import Database
from tests.reports.test_crawled import ASINS, _fetch, planned, read
from tests.storage.test_store import spooled
from tests.tracker.command import tracker
from tests.tracker.two_nights import ROOT
from tracker.config import Config, load
from tracker.crawl import Summary
from tracker.jobs import do
from tracker.journal import Entry, Found, Journal
from tracker.judging import renew
from tracker.notify import deliver
from tracker.notify.robots import DingTalkRobot, WeComRobot
from tracker.notify.targets import Memory, Target
from tracker.notify.tell import after, tell
from tracker.status import status
from tracker.timetable import timetable

FIRST = datetime(2026, 2, 9, 10, tzinfo=UTC)
NIGHTS = 14
NOW = FIRST + timedelta(days=NIGHTS - 1, hours=5)
"""07:00 in Los Angeles, in the morning after the last night."""
SECRET = "k3yThatNobodyMaySee"
HOSTILE = (
    'Mug @everyone @all <!channel> <at user_id="all">all</at> [gift](https://evil.example) ![x](https://evil.example/x)'
    " **bold** `code` \u202e<img src=x onerror=alert(1)>"
)
CUTTER, EMPTY = "B0RIVAL001", "B0RIVAL002"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks, judged; in the last night a rival cut its price deeply, and another one ran out of stock."""
    folder = tmp_path_factory.mktemp("night")
    (folder / "data").mkdir()
    database = Database(folder / "data" / "tracker.duckdb")
    rivals = [f"B0RIVAL{n:03d}" for n in range(1, 5)]
    database.listing("mug", "com", "B0OWN00001", rivals, [], time_zone="America/Los_Angeles", valid_from=FIRST)
    for day in range(NIGHTS):
        for n, asin in enumerate(["B0OWN00001", *rivals]):
            last = day == NIGHTS - 1
            gone = last and asin == EMPTY
            price = Decimal("19.99") if last and asin == CUTTER else Decimal("34.95") + n
            values: dict[str, Any] = {"price": price, "currency": "USD", "seller": f"Shop {n}", "seller_id": f"A{n}"}
            database.product(
                FIRST + timedelta(days=day, seconds=9 * n), "com", asin, in_stock=not gone, is_deal=False,
                title=HOSTILE if asin == CUTTER else f"Mug number {n}{' new' * last}",
                availability="-" if gone else "In Stock",
                missing=dict.fromkeys(values, "absent_on_page") if gone else None, **({} if gone else values),
            )  # fmt: skip
    database.publish()
    (folder / "config.toml").write_text(
        '[[listing]]\nname = "mug"\nmarketplace = "com"\nasin = "B0OWN00001"\n'
        f"rivals = {json.dumps(rivals)}\ntime_zone = 'America/Los_Angeles'\n",
        encoding="utf-8",
    )
    assert renew(load(folder / "config.toml")) == {}
    return folder


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(night, tmp_path / "night"))


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Without pauses between tries."""
    with patch.object(deliver, "WAIT", 0.0), patch.object(NotifyBase, "request_rate_per_sec", 0):
        yield


class Door:
    """An HTTP server that notes what comes, and answers as it is told to by path: status, body, seconds before."""

    def __init__(self) -> None:
        self.came: list[tuple[str, bytes]] = []
        self.answers: dict[str, tuple[int, bytes, float]] = {}
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                door.came.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
                code, body, delay = door.answers.get(urlsplit(self.path).path, (200, b"{}", 0.0))
                sleep(delay)
                self.send_response(code)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def at(self, path: str) -> list[dict[str, Any]]:
        """What came there, of JSON."""
        return [json.loads(body) for where, body in self.came if urlsplit(where).path == path]


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.server.shutdown()
    door.server.server_close()


def told_to(folder: Path, *urls: str, more: str = "", flags: str = "") -> Config:
    """The configuration with these targets."""
    path = folder / "config.toml"
    text = path.read_text(encoding="utf-8").partition("[notify]")[0]
    path.write_text(f"{text}[notify]\nurls = {json.dumps(urls)}\n{more}\n{flags}", encoding="utf-8")
    return load(path)


def failed(config: Config, what: str = "disk full") -> None:
    """Let a crawl have failed in that night, before it came to any page."""
    job: Any = {"kinds": ("products",), "zone": "America/Los_Angeles"}
    Journal(config.storage.database).note(
        Entry(event="began", at=NOW - timedelta(hours=4), **job),
        Entry(event="ended", at=NOW - timedelta(hours=3), code=1, found=Found(told=what), **job),
    )


def no_crawl(jobs: tuple[Crawled, ...], names: list[str]) -> Summary:
    raise AssertionError("nothing is to be crawled")


def test_what_matters_is_told_once_to_each_target(folder: Path, door: Door) -> None:
    told_to(folder, f"json://{door.address}/a", f"json://{door.address}/b")
    first = tracker(folder, "notify")
    assert (first.returncode, first.stdout.count(": taken, ")) == (0, 2), first.stderr
    (one,), (other,) = door.at("/a"), door.at("/b")
    assert one == other
    assert one["title"] == "Rival tracker: news of 1 listing"
    assert one["message"].startswith("【mug】\n")
    assert "[High] R1 Mug" in one["message"] and "34.95" not in one["message"] and "35.95 → 19.99" in one["message"]
    again = tracker(folder, "notify")
    assert (again.returncode, again.stdout.count("nothing new"), len(door.came)) == (0, 2, 2)
    third = told_to(folder, f"json://{door.address}/a", f"json://{door.address}/c")
    tell(third, print)
    assert (len(door.at("/a")), door.at("/c")) == (1, [one]), "one who is new is told, the others are not told again"


def test_shown_is_what_would_be_sent(folder: Path, door: Door) -> None:
    told_to(folder, f"json://{door.address}/a", f"json://{door.address}/b")
    shown = tracker(folder, "notify", "--dry-run")
    assert (shown.returncode, door.came) == (0, [])
    tracker(folder, "notify")
    assert " ".join(door.at("/a")[0]["message"].split()) in " ".join(shown.stdout.split())


def test_only_from_the_severity_on_that_matters(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", more='severity = "low"')
    tell(config, print, NOW)
    low = door.at("/a")[0]["message"]
    tell(told_to(folder, f"json://{door.address}/b"), print, NOW)
    high = door.at("/b")[0]["message"]
    assert {line[2:8] for line in high.splitlines() if line.startswith("• ")} == {"[High]"}
    assert low.count("•") > high.count("•")


def test_a_muted_move_is_not_told(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a")
    for asin in (CUTTER, EMPTY):
        assert tracker(folder, "flags", "mute", "--asin", asin).returncode == 0
    tell(config, print, NOW)
    assert door.came == []


def test_chinese(folder: Path, door: Door) -> None:
    text = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(f'{text}[report]\nlanguage = "zh_CN"\n', encoding="utf-8")
    config = told_to(folder, f"json://{door.address}/a")
    failed(config)
    tell(config, print, NOW)
    (letter,) = door.at("/a")
    assert letter["title"] == "竞品监控：1 个产品有新动态"
    assert "降价" in letter["message"] and "任务 products (America/Los_Angeles) 未能正常完成" in letter["message"]


def test_on_a_quiet_night_nothing_is_told_unless_always(folder: Path, door: Door) -> None:
    for asin in (CUTTER, EMPTY):
        tracker(folder, "flags", "mute", "--asin", asin)
    config = told_to(folder, f"json://{door.address}/a", more='when = "always"')
    assert tell(config, print, NOW) and tell(config, print, NOW)
    (letter,) = door.at("/a")
    assert letter["title"] == "Rival tracker: a quiet night, 1 listing"


def test_what_went_wrong_is_told_also_without_a_database(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a")
    shutil.rmtree(config.storage.database.parent)
    failed(config)
    assert tell(config, print, NOW) and tell(config, print, NOW)
    (letter,) = door.at("/a")
    assert letter["title"] == "Rival tracker: something went wrong"
    assert "The job products (America/Los_Angeles) did not go well: failed with exit code 1" in letter["message"]
    assert "disk full" in letter["message"]


def test_a_crawl_that_read_little_is_told(tmp_path: Path, door: Door) -> None:
    (tmp_path / "config.toml").write_text(
        '[[listing]]\nname = "mug"\nmarketplace = "com"\nasin = "B0OWN00001"\nrivals = ["B0RIVAL001"]\n'
    )
    config = told_to(tmp_path, f"json://{door.address}/a")
    store = Store(config.storage.database)
    blocked = [Result(fetch=_fetch("r1", asin, NOW, Outcome.BLOCKED, detail="bot_check")) for asin in ASINS[1:]]
    spooled(store, read("r1", ASINS[0], NOW), *blocked, start=planned("r1", NOW), finish=True)
    store.merge()
    tell(config, print, NOW)
    (letter,) = door.at("/a")
    assert letter["message"] == "Of a crawl only 1 of 10 pages could be read: 9 blocked by a bot check."


def test_one_that_does_not_take_it_is_asked_again_and_the_others_are_not(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", f"json://{door.address}/b")
    door.answers["/b"] = (500, b"", 0)
    done = tracker(folder, "notify")
    assert (done.returncode, len(door.at("/a")), len(door.at("/b"))) == (1, 1, deliver.TRIES)
    assert "not taken: HTTP status 500" in done.stdout
    found = json.loads(tracker(folder, "status", "--json").stdout)
    good, bad = found["deliveries"]
    assert (good["failed"], bad["reason"], bad["taken"]) == (None, "HTTP status 500", None)
    assert bad["waiting"] > 0 and not found["well"]
    assert [sentence for sentence in found["wrong"] if "did not take" in sentence and "HTTP status 500" in sentence]
    door.answers.clear()
    after(config, ("cleanup",), print)
    assert (len(door.at("/a")), len(door.at("/b"))) == (1, deliver.TRIES + 1), "the next job brings it"
    after(config, ("cleanup",), print)
    assert len(door.came) == deliver.TRIES + 2
    assert not any("notification" in sentence for sentence in status(config, NOW).wrong)


def test_after_a_day_it_is_given_up(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a")
    door.answers["/a"] = (503, b"", 0)
    for hours in (0, 12, 25):
        assert not tell(config, print, NOW + timedelta(hours=hours))
    door.answers.clear()
    assert tell(config, print, NOW + timedelta(hours=26))
    assert len(door.came) == 3 * deliver.TRIES
    (delivery,) = status(config, NOW).deliveries
    assert delivery.given_up > 0 and delivery.waiting == 0
    assert any("pieces of news were given up" in sentence for sentence in status(config, NOW).wrong)


@pytest.mark.parametrize(
    ("answer", "query", "reason"),
    [
        ((404, b"", 0.0), "", "HTTP status 404"),
        ((302, b"", 0.0), "", "HTTP status 302"),
        ((200, b"", 0.5), "?rto=0.1", "no answer in time"),
    ],
)
def test_why_it_was_not_taken(
    folder: Path, door: Door, answer: tuple[int, bytes, float], query: str, reason: str
) -> None:
    config = told_to(folder, f"json://{door.address}/{SECRET}{query}")
    door.answers[f"/{SECRET}"] = answer
    said: list[str] = []
    assert not tell(config, said.append, NOW)
    assert said[-1].endswith(f"not taken: {reason}")


def test_where_nobody_listens(folder: Path) -> None:
    said: list[str] = []
    assert not tell(told_to(folder, f"json://127.0.0.1:{free_port()}/a"), said.append, NOW)
    assert said[-1].endswith("not taken: no connection")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_killed_before_it_was_noted_it_is_sent_again(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", f"json://{door.address}/b")
    with patch.object(Memory, "write", side_effect=SystemExit(137)), pytest.raises(SystemExit):
        tell(config, print, NOW)
    assert (len(door.at("/a")), len(door.at("/b"))) == (1, 0)
    tell(config, print, NOW)
    assert (len(door.at("/a")), len(door.at("/b"))) == (2, 1), "rather twice than never"


def test_quiet_hours_hold_it_back_and_a_job_tells_it_after_them(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", flags='[flags]\nquiet = "22:00-07:30"\n')
    said: list[str] = []
    assert tell(config, said.append, NOW)
    assert door.came == []
    assert "mug: quiet hours; told after 2026-02-22 15:30 UTC" in said
    assert {job.kind: when for job, when in timetable(config).items()}["notify"] == "30 7 * * *"
    assert tell(config, said.append, NOW + timedelta(minutes=31))
    assert len(door.came) == 1
    assert "notify" not in {job.kind for job in timetable(told_to(folder, "json://127.0.0.1/a"))}


def test_the_report_job_tells_and_fails_with_no_target(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", f"json://{door.address}/b")
    door.answers["/b"] = (500, b"", 0)
    said: list[str] = []
    assert do(config, ["report"], "America/Los_Angeles", crawl=no_crawl, say=said.append) == 0
    assert (len(door.at("/a")), len(door.at("/b"))) == (1, deliver.TRIES)
    assert any(sentence.endswith("not taken: HTTP status 500") for sentence in said)
    never = told_to(folder, f"json://{door.address}/c", more='when = "never"')
    assert do(never, ["report"], "America/Los_Angeles", crawl=no_crawl, say=said.append) == 0
    assert door.at("/c") == []
    assert do(config, ["notify"], "America/Los_Angeles", crawl=no_crawl, say=said.append) == 1


def test_a_test_message_goes_to_each_target(folder: Path, door: Door) -> None:
    told_to(folder, f"json://{door.address}/a", f"json://{door.address}/b")
    door.answers["/b"] = (401, b"", 0)
    done = tracker(folder, "notify", "--test")
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first.endswith(": taken") and second.endswith(": not taken: HTTP status 401")
    assert door.at("/a")[0]["title"] == "Rival tracker: test message"
    tracker(folder, "notify")
    assert "mug" in door.at("/a")[1]["message"], "the test has used up nothing"


def test_no_address_is_ever_told(folder: Path, door: Door, caplog: pytest.LogCaptureFixture) -> None:
    urls = (
        f"json://user:{SECRET}@{door.address}/{SECRET}?+X-Key={SECRET}",
        f"dingtalk://{SECRET}@{SECRET}",
        f"tgram://123456789:{SECRET}aaaaaaaaaaaaaaaaaaa/12345678/",
    )
    config = told_to(folder, *urls)
    door.answers[f"/{SECRET}"] = (500, SECRET.encode(), 0)
    nowhere = f"http://127.0.0.1:{free_port()}"
    caplog.set_level(logging.DEBUG)
    with (
        patch.object(DingTalkRobot, "notify_url", f"{nowhere}/{{token}}"),
        patch.object(NotifyTelegram, "notify_url", f"{nowhere}/bot"),
    ):
        runs = [tracker(folder, *arguments.split()) for arguments in ("notify --test", "notify", "status", "check")]
    said: list[str] = []
    with patch("apprise.Apprise.notify", side_effect=RuntimeError(f"boom {urls[0]}")):
        after(config, ("report",), said.append)
        runs.append(tracker(folder, "notify"))
    assert any("failed with RuntimeError" in sentence for sentence in said)
    assert [run.returncode for run in runs[:3]] == [1, 1, 1]
    assert "no connection" in runs[0].stdout
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"]
    kept = [path.read_bytes().decode(errors="replace") for path in files]
    shown = [text for run in runs for text in (run.stdout, run.stderr)]
    for text in (*shown, *said, *kept, caplog.text, repr(config), str(config)):
        assert SECRET not in text


@pytest.mark.parametrize(
    ("url", "right"),
    [
        (f"nosuch://{SECRET}", "urls.2 (nosuch://…): Apprise does not understand it; a service that Apprise knows"),
        (f"https://oapi.dingtalk.com/robot/send?access_token={SECRET}", "dingtalk://ACCESS_TOKEN"),
        (SECRET, "the 2. is no address of a service"),
    ],
)
def test_an_address_that_is_not_understood_is_a_mistake(folder: Path, url: str, right: str) -> None:
    told_to(folder, "json://127.0.0.1/a")
    path = folder / "config.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('a"]', f'a", "{url}"]'), encoding="utf-8")
    for command in ("check", "notify"):
        done = tracker(folder, command)
        assert done.returncode == 2
        assert "config.toml: notify.urls" in done.stderr and right in done.stderr
        assert SECRET not in done.stdout + done.stderr


def test_the_addresses_of_the_readme_are_understood(folder: Path, tmp_path: Path) -> None:
    table = re.findall(r"^\| .*://.*\|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    urls = [url for row in table for url in re.findall(r"`(\w+://[^`]+)`", row.split("|")[2])]
    meant = {
        "T…/B…/…": "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "BOT_TOKEN/CHAT_ID": f"123456789:{'a' * 35}/1234",
        "ACCESS_TOKEN": "0a1",
        "SEC…": "SEC1",
    }
    made = [reduce(lambda text, name: text.replace(name, meant[name]), meant, url) for url in urls]
    assert len(made) >= 12
    deliver.check(told_to(folder, *made), folder)


def test_addresses_come_from_the_environment(folder: Path, door: Door, tmp_path: Path) -> None:
    told_to(folder)
    assert "nobody is to be told" in tracker(folder, "notify").stderr
    urls = f"json://{door.address}/a json://{door.address}/b"
    assert tracker(folder, "notify", "--test", TRACKER_NOTIFY__URLS=urls).returncode == 0
    (tmp_path / "secrets").write_text(f"TRACKER_NOTIFY__URLS=json://{door.address}/c\n")
    assert tracker(folder, "notify", "--test", TRACKER_SECRETS=str(tmp_path / "secrets")).returncode == 0
    assert [len(door.at(path)) for path in ("/a", "/b", "/c")] == [1, 1, 1]
    wrong = tracker(folder, "check", TRACKER_NOTIFY__URLS=f"json://{door.address}/a nosuch://{SECRET}")
    assert wrong.returncode == 2
    assert "environment TRACKER_NOTIFY__URLS: notify.urls.2 (nosuch://…)" in wrong.stderr and SECRET not in wrong.stderr


@pytest.mark.parametrize("link", ["https://host/", "https://host/{listing}/{0}", "ftp://host/{listing}"])
def test_a_link_that_leads_nowhere_is_a_mistake(folder: Path, link: str) -> None:
    with pytest.raises(Exception, match=r"notify\.link.*listing/\{listing\}"):
        told_to(folder, "json://127.0.0.1/a", more=f'link = "{link}"')


class Mailbox:
    """Takes mail over SMTP."""

    def __init__(self) -> None:
        self.came: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.came.append(message)
        return "250 OK"


def test_mail_has_the_report_with_it(folder: Path) -> None:
    mailbox, port = Mailbox(), free_port()
    where = f"mailto://127.0.0.1:{port}?from=tracker@example.com&to=seller@example.com&mode=insecure&smtp=127.0.0.1"
    config = told_to(folder, where, more='attach = "html"\nlink = "https://host/listing/{listing}"')
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert tell(config, print, NOW)
    finally:
        controller.stop()
    (mail,) = mailbox.came
    assert (mail["Subject"], mail["To"]) == ("Rival tracker: news of 1 listing", "seller@example.com")
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("mug.html", "text/html")
    assert attached.get_payload(decode=True) == (config.report.folder / "mug.html").read_bytes()
    body = mail.get_body(("html",))
    assert body
    page = LexborHTMLParser(body.get_content())
    assert [a.attributes["href"] for a in page.css("a")] == ["https://host/listing/mug"]
    assert not page.css("img, script, at") and "35.95 → 19.99" in page.text()
    said: list[str] = []
    assert not tell(told_to(folder, where.replace("seller", "boss")), said.append, NOW)
    assert said[-1].endswith("no connection")


@pytest.mark.parametrize("form", ["json", "xml", "form"])
def test_every_webhook_gets_it(folder: Path, door: Door, form: str) -> None:
    tell(told_to(folder, f"{form}://{door.address}/a"), print, NOW)
    ((_, body),) = door.came
    assert b"news of 1 listing" in body or b"news+of+1+listing" in body


def test_files_go_only_where_they_are_taken(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", f"gotify://{door.address}/{SECRET}", more='attach = "xlsx"')
    assert tell(config, print, NOW)
    (letter,) = door.at("/a")
    (attached,) = letter["attachments"]
    assert attached["filename"] == "mug.xlsx"
    assert b64decode(attached["base64"]) == (config.report.folder / "mug.xlsx").read_bytes()
    (bare,) = door.at("/message")
    assert "35.95 → 19.99" in bare["message"]


def letter(items: int = 3, text: str = HOSTILE, language: str = "en") -> Letter:
    shown = [Item(Severity.HIGH, f"R{n} {text}", text, [text]) for n in range(items)]
    part = Part("mug", text, shown, [text], "https://host/listing/mug")
    return Letter(Wording(language, "USD", "UTC"), [part], [text])


def test_every_file_goes_as_far_as_they_are_light(door: Door, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.html" for name in ("mug", "cup", "huge")]
    for path, size in zip(paths, (10, 20, deliver.LARGEST), strict=True):
        path.write_bytes(b"x" * size)
    target = Target(1, SecretStr(f"json://{door.address}/a"))
    assert deliver.send(target, letter(), lambda: paths) is None
    assert [each["filename"] for each in door.at("/a")[0]["attachments"]] == ["mug.html", "cup.html"]


def test_hostile_titles_stay_text(folder: Path) -> None:
    told = letter()
    _, plain = told.within(Display.TEXT, 100_000)
    _, html = told.within(Display.HTML, 100_000)
    marked = MarkdownIt().render(convert_between("html", "markdown", html))
    for text in (plain, html, marked):
        assert "@" not in text and "\u202e" not in text and "](http" not in plain
    for page in map(LexborHTMLParser, (html, marked)):
        assert {a.attributes["href"] for a in page.css("a")} == {"https://host/listing/mug"}
        assert not page.css("img, script, at, code")
    assert page.css("strong, b") and all(node.text() == "mug" for node in page.css("strong, b"))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("a\nb\r\nc\x00", "a b c"),
        ("@everyone <@U1> <!here>", "＠everyone ‹＠U1› ‹!here›"),
        ("[x](http://e)", "[x] (http://e)"),
        ("マグカップ 400ml كوب", "マグカップ 400ml كوب"),
    ],
)
def test_harmless(text: str, stays: str) -> None:
    assert harmless(text) == stays


@pytest.mark.parametrize("room", [60, 200, 682, 2048, 4096])
def test_a_message_is_as_long_as_the_service_takes(room: int) -> None:
    told = letter(9, "竞品降价，到手价低于您 " * 3, "zh_CN")
    for in_bytes in (False, True):
        title, body = told.within(Display.TEXT, room, in_bytes=in_bytes)
        whole = f"{title}\r\n{body}"
        assert len(whole.encode() if in_bytes else whole) <= room
        assert "mug" in body
    assert "另有" in told.plain() and "条动态" in told.plain(0)


@pytest.mark.parametrize(("code", "taken"), [(0, True), (93000, False)])
def test_the_answer_of_a_wecom_robot_is_read(folder: Path, door: Door, code: int, taken: bool) -> None:
    config = told_to(folder, f"wecombot://{SECRET}")
    door.answers["/send"] = (200, json.dumps({"errcode": code, "errmsg": SECRET}).encode(), 0)
    said: list[str] = []
    with patch.object(WeComRobot, "notify_url", f"http://{door.address}/send?key={{key}}"):
        assert tell(config, said.append, NOW) is taken
    assert said[-1].endswith("pieces of news" if taken else "not taken: not accepted, code 93000")
    sent = door.at("/send")[0]
    assert sent["msgtype"] == "text" and "35.95 → 19.99" in sent["text"]["content"]
    assert len(sent["text"]["content"].encode()) <= WeComRobot.most_bytes


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_dingtalk_robot_gets_a_signature_that_it_knows(folder: Path, door: Door, form: str) -> None:
    config = told_to(folder, f"dingtalk://SEC1@{SECRET}?format={form}")
    door.answers["/robot"] = (200, b'{"errcode":0,"errmsg":"ok"}', 0)
    with patch.object(DingTalkRobot, "notify_url", f"http://{door.address}/robot?access_token={{token}}"):
        assert tell(config, print, NOW)
    ((path, _),) = door.came
    query = parse_qs(urlsplit(path).query)
    (moment,), (sign,), (token,) = query["timestamp"], query["sign"], query["access_token"]
    assert (token, sign) == (SECRET, b64encode(digest(b"SEC1", f"{moment}\nSEC1".encode(), "sha256")).decode())
    (sent,) = door.at("/robot")
    assert sent["msgtype"] == form and not sent["at"]["isAtAll"]
    assert "news of 1 listing" in str(sent[form])


def test_who_only_waits_does_not_load_what_sends(folder: Path) -> None:
    told_to(folder, "json://127.0.0.1/a")
    see = (
        "import sys; from pathlib import Path; from tracker import schedule, status; from tracker.config import load;"
        "from tracker.timetable import present; status.status(load(Path('config.toml')), present());"
        "sys.exit('apprise' in sys.modules or 'requests' in sys.modules or 'babel.messages' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", see], cwd=folder, check=False).returncode == 0
