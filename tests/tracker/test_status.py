"""What `tracker status` tells: what is next, what came of it last, and when it is to raise the alarm."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from storage.store import StoreError
from tracker import cli
from tracker.config import Config, load
from tracker.journal import STOPPED, WORK, Entry, Found, Journal
from tracker.status import Status, as_json, status
from tracker.timetable import Kind

ZONE = "America/New_York"
SEEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
NIGHT = datetime(2026, 6, 2, 7, 30, tzinfo=UTC)
"""Half past three in New York."""
MORNING = NIGHT + timedelta(hours=9)
HOUR = timedelta(hours=1)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(
        '[[listing]]\nname = "mug"\nmarketplace = "com"\nasin = "B0OWN00001"\nrivals = ["B0RIVAL001"]\n'
        f'time_zone = "{ZONE}"\n[schedule]\nlists = "never"\nweekly = "never"\nmonthly = "never"\n'
        'report = "0 7 * * *"\nbackup = "never"\njitter = 0\n'
    )
    config = load(path)
    Journal(config.storage.database).note(
        Entry(event="scheduled", at=SEEN, kinds=("products",), zone=ZONE, when="30 3 * * *"),
        Entry(event="scheduled", at=SEEN, kinds=("report",), zone=ZONE, when="0 7 * * *"),
    )
    return config


def done(config: Config, kind: Kind, code: int | None, found: Found | None = None, hours: float = 1) -> None:
    """Let there have been work on a job on its night; with None it never ended."""
    due = NIGHT if kind == "products" else NIGHT + 3.5 * HOUR
    began = Entry(event="began", at=due, kinds=(kind,), zone=ZONE, due=due)
    ended = Entry(event="ended", at=due + hours * HOUR, kinds=(kind,), zone=ZONE, code=code, found=found or Found())
    Journal(config.storage.database).note(began, *([] if code is None else [ended]))


def after(config: Config, code: int | None, found: Found | None = None, hours: float = 1) -> Status:
    """The status after a good report and a crawl that ended so."""
    done(config, "products", code, found, hours)
    done(config, "report", 0, Found(flags=4))
    return status(config, MORNING)


def test_all_is_well(config: Config) -> None:
    found = after(config, 0, Found(run_id="r1", planned=34, unread=0, outcomes={"ok": 34}))
    assert found.wrong == []
    products, report = found.jobs
    assert (products.kind, products.zone, products.next) == ("products", ZONE, NIGHT + 24 * HOUR)
    assert products.last
    assert (products.last.well, products.last.found.run_id) == (True, "r1")
    assert products.last.sentence == "done after 1:00:00; 34 of 34 pages: 34 ok"
    assert report.last
    assert report.last.sentence == "done after 1:00:00; 4 flags"
    plain = json.loads(as_json(found))
    assert (plain["well"], plain["jobs"][0]["next"]) == (True, "2026-06-03T07:30:00Z")


@pytest.mark.parametrize(
    ("code", "found", "says"),
    [
        (3, Found(planned=10, unread=3, outcomes={"ok": 7, "blocked": 3}), "7 ok, 3 blocked"),
        (1, Found(told="disk full"), "failed with exit code 1 after 1:00:00; disk full"),
        (2, Found(), "failed with exit code 2"),
    ],
)
def test_a_night_that_failed_raises_the_alarm(config: Config, code: int, found: Found, says: str) -> None:
    (sentence,) = after(config, code, found).wrong
    assert sentence.startswith("products (America/New_York), begun 2026-06-02 03:30 EDT: ")
    assert says in sentence


def test_a_page_or_two_that_did_not_come_raise_no_alarm(config: Config) -> None:
    assert after(config, 3, Found(planned=10, unread=2, outcomes={"ok": 8, "timeout": 2})).wrong == []


def test_work_that_goes_on_raises_no_alarm_but_work_that_does_not_does(config: Config) -> None:
    done(config, "report", 0)
    done(config, "products", STOPPED, hours=7.9)
    stopped = status(config, NIGHT + 8 * HOUR)
    assert (stopped.wrong, stopped.jobs[0].last and stopped.jobs[0].last.well) == ([], None)
    (sentence,) = status(config, NIGHT + 9 * HOUR).wrong
    assert "overdue" in sentence
    done(config, "products", STOPPED, hours=8.1)
    assert any("stopped" in sentence for sentence in status(config, NIGHT + 9 * HOUR).wrong)


def test_what_nobody_has_begun_is_overdue_after_an_hour(config: Config) -> None:
    done(config, "report", 0)
    assert status(config, NIGHT + HOUR).wrong == []
    late = NIGHT + HOUR + timedelta(minutes=1)
    (sentence,) = status(config, late).wrong
    assert (
        sentence == "products (America/New_York) is overdue since 2026-06-02 03:30 EDT: is `tracker schedule` running?"
    )
    with Journal(config.storage.database).lock(WORK):
        assert status(config, late).wrong == [], "something is at work, and the others wait for their turn"


def test_a_schedule_that_nobody_keeps_raises_the_alarm(config: Config, tmp_path: Path) -> None:
    other = tmp_path / "other" / "config.toml"
    other.parent.mkdir()
    other.write_text((tmp_path / "config.toml").read_text())
    result = CliRunner().invoke(cli.app, ["status", "--config", str(other)])
    assert result.exit_code == 1
    assert "No scheduler has run here yet" in result.output
    assert not (tmp_path / "other" / "data").exists(), "looking changes nothing"
    now = datetime.now(UTC)
    entries = (
        Entry(event="scheduled", at=now, kinds=(k,), zone=ZONE, when="0 0 1 1 *") for k in ("products", "report")
    )
    Journal(load(other).storage.database).note(*entries)
    result = CliRunner().invoke(cli.app, ["status", "--config", str(other)])
    assert (result.exit_code, "the scheduler is not running" in result.output) == (0, True)


def test_the_database_need_be_neither_free_nor_there(config: Config) -> None:
    assert after(config, 0).database is None, "none is there yet, so that no run is unfinished"
    hold = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(config.storage.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        found = status(config, MORNING)
        holder.communicate(b"\n", timeout=30)
    assert found.wrong == []
    assert "held for writing" in (found.database or "")


def test_the_requests_of_today_are_told(config: Config) -> None:
    folder = config.storage.database.with_name(config.storage.database.name + ".pace")
    folder.mkdir(parents=True)
    today = {"day": "2026-06-02", "requests": 41, "next": 1.5}
    (folder / "www.amazon.com.json").write_bytes(msgspec.json.encode(today))
    (folder / "www.amazon.de.json").write_bytes(msgspec.json.encode(today | {"day": "2026-06-01"}))
    (folder / "www.amazon.fr.json").write_bytes(b'{"day"')
    (told,) = after(config, 0).requests
    assert (told.host, told.requests, told.budget) == ("www.amazon.com", 41, 2000)


def test_a_job_done_by_hand_is_told_like_any_other(config: Config, tmp_path: Path) -> None:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(cli.app, ["job", *arguments, "--config", str(tmp_path / "config.toml")])

    assert call("reports").exit_code == call("report", "--zone", "Mars").exit_code == 2
    assert call("cleanup").exit_code == 0, "nothing is to be cleaned up"
    assert isinstance(call("report").exception, StoreError)
    (report,) = [job for job in status(config, datetime.now(UTC)).jobs if job.kind == "report"]
    assert report.last
    assert (report.last.well, report.last.code) == (False, 1)
    assert "no database here yet" in report.last.sentence
    with (tmp_path / "config.toml").open("a") as file:
        file.write('[[listing]]\nname = "tasse"\nmarketplace = "de"\nasin = "B0OWN00002"\nrivals = ["B0RIVAL001"]\n')
    assert call("cleanup").exit_code == 0, "it is no listing's"
    assert call("keywords", "report").exit_code == 2, "of which listings, a clock is to tell"
