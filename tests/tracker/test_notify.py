"""`tracker notify`: what matters is told once to each target, whatever becomes of it there, and no address is told."""

import json
import logging
import shutil
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller
from apprise.plugins.telegram import NotifyTelegram
from msgspec.structs import asdict
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from reports.actions import What
from spiders.tasks import Job as Crawled
from storage.model import Expected, Outcome, Result
from storage.store import Store
from tests.reports.database import Database
from tests.reports.test_crawled import ASINS, _fetch, planned, read
from tests.storage.test_store import spooled
from tests.tracker.command import tracker
from tests.tracker.telling import HOSTILE, LISTING, RIVALS, SECRET, Door, free_port, told_to
from tracker.cli import app
from tracker.config import Config, load
from tracker.crawl import Summary
from tracker.jobs import do
from tracker.journal import Entry, Found, Journal
from tracker.judging import renew
from tracker.log import keep
from tracker.notify import deliver
from tracker.notify.robots import DingTalkRobot
from tracker.notify.targets import Memory
from tracker.notify.tell import after, tell
from tracker.status import status
from tracker.timetable import timetable

pytestmark = pytest.mark.usefixtures("at_once")

FIRST = datetime(2026, 2, 9, 10, tzinfo=UTC)
NIGHTS = 14
NOW = FIRST + timedelta(days=NIGHTS - 1, hours=5)
"""07:00 in Los Angeles, in the morning after the last night."""
CUTTER, EMPTY = RIVALS[:2]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks, judged; in the last night a rival cut its price deeply, and another one ran out of stock."""
    folder = tmp_path_factory.mktemp("night")
    (folder / "data").mkdir()
    database = Database(folder / "data" / "tracker.duckdb")
    database.listing("mug", "com", "B0OWN00001", RIVALS, [], time_zone="America/Los_Angeles", valid_from=FIRST)
    for day in range(NIGHTS):
        for n, asin in enumerate(["B0OWN00001", *RIVALS]):
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
    (folder / "config.toml").write_text(LISTING, encoding="utf-8")
    assert renew(load(folder / "config.toml")) == {}
    return folder


@pytest.fixture
def folder(night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(night, tmp_path / "night"))


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


def test_what_is_newly_wrong_with_the_own_listing_is_told_once(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a")
    with Store(config.storage.database).writing() as db:
        since = FIRST + timedelta(days=NIGHTS - 1)
        mine = Expected(seller_ids=("A7MINE000",))
        said = {name: list(value) if name == "seller_ids" else value for name, value in asdict(mine).items()}
        db.execute("INSERT INTO expectation VALUES ('mug', 'com', ?, ?, NULL)", [said, since])
    tell(config, print, NOW)
    (told,) = door.at("/a")
    assert "[High] You Mug number 0 new: the Buy Box is not yours; “Shop 0” has it, at $34.95" in told["message"]
    assert "[Medium]" not in told["message"], "high is what matters"
    tell(config, print, NOW)
    assert len(door.at("/a")) == 1
    shown = CliRunner().invoke(app, ["health", "mug", "--json", "--config", str(folder / "config.toml")])
    ((listing, *_), code) = json.loads(shown.stdout), shown.exit_code
    wrong = {point["key"]: point["new"] for point in listing["points"] if point["state"] == "wrong"}
    # Whose it was before is not known without the ids.
    assert (code, wrong) == (1, {"buy_box": False, "sellers": False, "title": True})


def test_what_came_of_an_own_action_is_told_once_when_its_nights_are_over(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a")
    with Store(config.storage.database).writing() as connection:
        (of,) = config.listings()
        for night, text in ((NIGHTS - 7, "new @everyone bullets"), (NIGHTS - 6, "still waited for")):
            keep(connection, of, FIRST + timedelta(days=night, hours=-9), What.BULLETS, text, nights=7)
    assert tell(config, print, NOW)
    (message,) = [each["message"] for each in door.at("/a")]
    assert "bullets: too little to say: BSR" in message and "still waited for" not in message
    assert "@everyone" not in message
    assert tell(config, print, NOW) and len(door.at("/a")) == 1


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
    assert tracker(folder, "flags", "mute", "--asin", CUTTER).returncode == 0
    tell(config, print, NOW)
    (letter,) = door.at("/a")
    assert "R1" not in letter["message"] and "R2" in letter["message"]


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
    tracker(folder, "flags", "mute", "--listing", "mug")
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
    assert not tell(config, print, NOW)
    assert status(config, NOW).deliveries[0].waiting > 0
    assert not tell(config, print, NOW + timedelta(hours=25))
    door.answers.clear()
    assert tell(config, print, NOW + timedelta(hours=26))
    assert len(door.came) == 2 * deliver.TRIES
    (delivery,) = status(config, NOW).deliveries
    assert delivery.given_up > 0 and delivery.waiting == 0
    assert any("pieces of news were given up" in sentence for sentence in status(config, NOW).wrong)


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
    after(never, ("report",), said.append)
    assert door.at("/c") == []
    assert do(config, ["notify"], "America/Los_Angeles", crawl=no_crawl, say=said.append) == 1


def test_the_weekly_job_writes_the_review_and_sends_it_to_the_team_once(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", more='attach = "md"\nseverity = "high"')
    said: list[str] = []
    assert do(config, ["weekly"], "America/Los_Angeles", crawl=no_crawl, say=said.append) == 0
    assert (folder / "data" / "reports" / "review-2026-W08.html").exists()
    told = next(each for each in door.at("/a") if "mug, Mon 16 Feb" in each["message"])
    assert "▼ another title; changed" in told["message"] and "rival R1 cut its price" in told["message"]
    files = {each["filename"]: b64decode(each["base64"]).decode() for each in told["attachments"]}
    assert "▼ another title; changed" in files["review-2026-W08.md"]
    came = len(door.came)
    after(config, ("weekly",), said.append)
    assert len(door.came) == came, "it is told once"


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
    config = told_to(folder, where, more='attach = "csv"\nlink = "https://host/listing/{listing}"')
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert tell(config, print, NOW)
    finally:
        controller.stop()
    (mail,) = mailbox.came
    assert (mail["Subject"], mail["To"]) == ("Rival tracker: news of 1 listing", "seller@example.com")
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("mug.csv", "text/csv")
    assert attached.get_payload(decode=True) == (config.report.folder / "mug.csv").read_bytes()
    body = mail.get_body(("html",))
    assert body
    page = LexborHTMLParser(body.get_content())
    assert [a.attributes["href"] for a in page.css("a")] == ["https://host/listing/mug"]
    assert not page.css("img, script, at") and "35.95 → 19.99" in page.text()


def test_files_go_only_where_they_are_taken(folder: Path, door: Door) -> None:
    config = told_to(folder, f"json://{door.address}/a", f"gotify://{door.address}/{SECRET}", more='attach = "md"')
    assert tell(config, print, NOW)
    (letter,) = door.at("/a")
    (attached,) = letter["attachments"]
    assert attached["filename"] == "mug.md"
    assert b64decode(attached["base64"]) == (config.report.folder / "mug.md").read_bytes()
    (bare,) = door.at("/message")
    assert "35.95 → 19.99" in bare["message"]


def test_who_only_waits_does_not_load_what_sends(folder: Path) -> None:
    told_to(folder, "json://127.0.0.1/a")
    see = (
        "import sys; from pathlib import Path; from tracker import schedule, status; from tracker.config import load;"
        "from tracker.timetable import present; status.status(load(Path('config.toml')), present());"
        "sys.exit('apprise' in sys.modules or 'requests' in sys.modules or 'babel.messages' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", see], cwd=folder, check=False).returncode == 0
