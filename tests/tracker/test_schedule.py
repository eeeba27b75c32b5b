"""The scheduler as a service is met with: real processes that are killed, stopped and started again, while a real
crawl of the demo marketplace is under way."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import apscheduler.schedulers.base
import pytest

from storage.store import Store
from tracker import journal, ping, schedule, status
from tracker.config import load
from tracker.demo.run import FIRST_DAY
from tracker.demo.site import Site, serve
from tracker.demo.world import World
from tracker.inforce import InForce
from tracker.journal import STOPPED, Entry, Journal
from tracker.timetable import Job, Kind
from tracker.worker import Worker

ZONE = "Europe/Berlin"
NEW_YEAR = "0 0 1 1 *"
"""Due once a year: what is due in a test is what the test says was missed."""

TRACKER = [sys.executable, "-m", "tracker"]
QUICK = [sys.executable, "-c", "from tracker import cli, schedule; schedule.LOOK_EVERY = 0.1; cli.main()"]
"""The same, but looking at config.toml more often."""


@dataclass
class Pings:
    """A server that keeps the paths and bodies it was called with; answers 500 as often as told."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    refuse: int = 0
    url: str = ""


@contextmanager
def pinged() -> Iterator[Pings]:
    pings = Pings()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            pings.calls.append((self.path, body))
            refused, pings.refuse = pings.refuse > 0, pings.refuse - 1
            self.send_response(500 if refused else 200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815  the standard library's name

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pings.url = f"http://127.0.0.1:{server.server_port}/secret-uuid"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield pings
    finally:
        server.shutdown()
        server.server_close()


class House:
    """A folder with a configuration, and the processes that work in it."""

    def __init__(self, folder: Path, world: World, site: Site, pings: Pings) -> None:
        self.folder, self.site, self.pings = folder, site, pings
        self.path = folder / "config.toml"
        listing = world.listings[0]
        self.configuration = (
            f'[crawl]\npages = 1\nblock_pause = 0\nretries = 0\n[marketplaces."{listing.marketplace}"]\n'
            f'base_url = "{site.base_urls[listing.marketplace]}"\n[[listing]]\nname = "{listing.name}"\n'
            f'marketplace = "{listing.marketplace}"\nasin = "{listing.asin}"\ntime_zone = "{ZONE}"\n'
            f"rivals = {json.dumps(list(listing.rivals[:6]))}\nkeywords = {json.dumps(list(listing.keywords[:1]))}\n"
            f'[schedule]\njitter = 0\nlists = "never"\nbackup = "never"\nproducts = "{NEW_YEAR}"\n'
            f'keywords = "{NEW_YEAR}"\nreport = "{NEW_YEAR}"\n'
        )
        self.path.write_text(self.configuration)
        self.config = load(self.path)
        self.journal = Journal(self.config.storage.database)
        self.store = Store(self.config.storage.database)

    def start(self, *arguments: str, delay: float = 0, command: Sequence[str] = TRACKER) -> subprocess.Popen[str]:
        environment = {"TRACKER_SCHEDULE__PING": self.pings.url, "TRACKER_CRAWL__DELAY": str(delay)}
        return subprocess.Popen(
            [*command, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | environment,
        )

    def call(self, *arguments: str) -> tuple[int, str]:
        """Exit code and all output."""
        with self.start(*arguments) as process:
            said, _ = process.communicate(timeout=120)
        assert "Traceback" not in said, said
        assert "secret-uuid" not in said, said
        return process.returncode, said

    def missed(self, *kinds: Kind) -> None:
        """Let these jobs have been in the schedule for two years, and never been begun."""
        ago = datetime.now(UTC) - timedelta(days=730)
        self.journal.note(Entry(event="scheduled", at=ago, kinds=kinds, zone=ZONE, when=NEW_YEAR))

    def codes(self, kind: Kind) -> list[int | None]:
        """How the work on a job ended, each time."""
        return [e.code for e in self.journal.entries() if kind in e.kinds and e.event == "ended"]

    def status(self) -> status.Status:
        """What `tracker status` finds."""
        return status.status(self.config, datetime.now(UTC))

    def rows(self, question: str) -> list[tuple[object, ...]]:
        self.store.merge()
        with self.store.reading() as db:
            return db.execute(question).fetchall()

    def read(self) -> int:
        """Pages of which the results are in the spool."""
        return sum(path.read_bytes().count(b'"fetched"') for path in self.store.spool.glob("*.open"))


def until(true: Callable[[], object]) -> None:
    """Wait until something has come true. Fails when it does not for long."""
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


@dataclass
class Listener:
    """What a process says, as it says it."""

    process: subprocess.Popen[str]
    said: str = ""

    def until(self, part: str) -> None:
        assert self.process.stdout
        while part not in self.said:
            line = self.process.stdout.readline()
            assert line, f"it ended without saying {part!r}: {self.said}"
            self.said += line


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    world = World(seed=3, days=3, start=FIRST_DAY)
    with serve(world) as site, pinged() as pings:
        yield House(tmp_path_factory.mktemp("house"), world, site, pings)


SLOWLY = 0.4
"""Seconds between two requests."""


def test_nights_that_are_cut_off_go_on_and_nothing_is_done_twice(house: House) -> None:
    """One scenario, told in order: what each step leaves is where the next one starts."""
    # Killed in the middle, the scheduler takes the crawl with it, which parks its page.
    house.missed("products", "keywords")
    killed = house.start("schedule", delay=SLOWLY)
    until(lambda: house.read() >= 1)
    killed.kill()
    killed.communicate()
    until(lambda: not house.journal.held(journal.WORK))
    assert house.codes("products") == house.codes("keywords") == [STOPPED]
    assert house.rows("SELECT state, planned FROM crawl_run") == [("running", 8)]
    assert house.codes("report") == [], "nothing is caught up of the time before a job was first seen"

    # The next scheduler has it go on. A second one on the same database does not start.
    with house.start("schedule", delay=SLOWLY, command=QUICK) as process:
        scheduler = Listener(process)
        scheduler.until("products, keywords (Europe/Berlin) begins")
        with pytest.raises(schedule.ScheduleError, match="another scheduler is at work"):
            schedule.run(house.path, print)
        # A mistake in config.toml is told once, and costs nothing; a change is in force at once.
        house.path.write_text("[[listing]]\n")
        scheduler.until("The configuration of before stays in force")
        assert f"{house.path}: listing.1.name: missing" in scheduler.said
        house.path.write_text(house.configuration.replace(f'report = "{NEW_YEAR}"', 'report = "5 4 1 1 *"'))
        scheduler.until("has changed, and is in force")
        until(lambda: house.journal.standings()[Job("report", ZONE)].when == "5 4 1 1 *")
        # Asked to stop, it parks the page at hand and ends well. It has stayed small all along.
        until(lambda: house.read() >= 1)
        assert resident(process.pid) < 80e6
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=120)
        assert (process.returncode, said.splitlines()[-1][-7:]) == (0, "stopped"), said
        assert (scheduler.said + said).count("listing.1.name") == 1
    assert house.codes("products") == house.codes("keywords") == [STOPPED, STOPPED]
    found = house.status()
    assert (found.scheduler, found.wrong, len(found.unfinished)) == (False, [], 1), "it goes on when one is started"
    (work,) = {job.last.well for job in found.jobs if job.last}
    assert work is None

    # Called by cron, it does what is left of that, and the report that was missed.
    house.path.write_text(house.configuration)
    house.missed("report")
    code, said = house.call("schedule", "--once")
    assert (code, house.codes("products"), house.codes("keywords")) == (0, [STOPPED, STOPPED, 0], [STOPPED, STOPPED, 0])
    assert house.codes("report") == [0], said
    assert house.rows("SELECT state, planned FROM crawl_run") == [("complete", 8)]
    assert house.rows("SELECT count(*), count(DISTINCT task) FROM page_fetch WHERE outcome = 'ok'") == [(8, 8)]
    found = house.status()
    assert {job.last.well for job in found.jobs if job.last} == {True}
    assert all(job.next and job.next > datetime.now(UTC) for job in found.jobs)

    # A second signal kills the crawl. As after any such end (no memory, say), it rests before it goes on.
    house.missed("products")
    with house.start("schedule", "--once", delay=SLOWLY) as process:
        until(lambda: house.journal.standings()[Job("products", ZONE)].under_way)
        tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
        (child,) = [int(number) for listed in tasks for number in listed.read_text().split()]
        os.kill(child, signal.SIGSTOP)  # else it may have stopped by itself before the second signal
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=120)
    assert (process.returncode, house.codes("products")[-1]) == (1, -signal.SIGKILL), said
    code, said = house.call("status", "--json")
    (products,) = [job for job in json.loads(said)["jobs"] if job["kind"] == "products"]
    assert datetime.fromisoformat(products["next"]) - datetime.fromisoformat(products["last"]["ended"]) == journal.REST

    # Whoever waits for the pings knows of every crawl.
    told = [path.removeprefix("/secret-uuid") for path, _ in house.pings.calls]
    assert told == ["/start", "/start", "/start", "", "/start", "/fail"]
    assert "killed by signal 9" in house.pings.calls[-1][1]


def test_what_is_due_together_is_one_crawl_and_nothing_is_wanted_twice(house: House) -> None:
    worker = Worker(InForce(house.path), print, lambda _: None)
    new_york = "America/New_York"
    for _ in range(2):
        for kind in ("backup", "report", "keywords", "products"):
            worker.want(Job(kind, ZONE))
        worker.want(Job("keywords", new_york))
    works = []
    while jobs := worker._next(until_idle=True):
        for job in jobs:
            worker.want(job)  # due again while it is being done: that the journal has later
        works.append({(job.kind, job.zone) for job in jobs})
    assert works[:2] == [{("products", ZONE), ("keywords", ZONE)}, {("keywords", new_york)}]
    assert works[2:] == [{("report", ZONE)}, {("backup", ZONE)}]
    both = {Job("keywords", ZONE), Job("products", ZONE)}
    telling = [threading.Timer(0.05 * number, worker.want, [job], {"fresh": False}) for number, job in enumerate(both)]
    worker.doing = frozenset()
    for each in telling:
        each.start()
    assert worker._next(until_idle=False) == both, "APScheduler tells one after the other"


def test_work_that_does_not_even_begin_is_noted_and_waits_for_its_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[listing]]\nname = "mug"\nmarketplace = "de"\nasin = "B0OWN00001"\nrivals = ["B0RIVAL001"]\n')
    settings, said = InForce(path), list[str]()
    job = Job("products", ZONE)
    due = schedule.Scheduler(settings, said.append).due()[job]
    for program, what in (("/bin/false", "failed with exit code 1"), ("/nowhere", "/nowhere: No such file")):
        monkeypatch.setattr(sys, "executable", program)
        worker = Worker(settings, said.append, lambda _: None)
        worker.want(job, fresh=False)
        worker.run(until_idle=True)
        assert what in said[-1]
        assert worker.code == 1
    (began,) = [entry for entry in settings.journal.entries() if entry.event == "began"]
    assert settings.journal.standings()[job].next(ZONE, timedelta(hours=8)) == (due, due)
    assert began.at < due


def resident(pid: int) -> int:
    """Memory of a process, bytes."""
    told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(told["VmRSS"].split()[0]) * 1024


def test_a_ping_is_tried_again_and_never_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ping, "_WAIT", 0)
    said: list[str] = []
    before = len(house.pings.calls)
    house.pings.refuse = 2
    ping.send(house.pings.url + "/?rid=7", ping.FAIL, said.append, "no page was read")
    assert house.pings.calls[before:] == [("/secret-uuid/fail?rid=7", "no page was read")] * 3
    assert said == []
    house.pings.refuse = 3
    ping.send(house.pings.url, ping.DONE, said.append)
    ping.send("http://127.0.0.1:9/secret-uuid", ping.DONE, said.append)
    assert said == ["the ping was not heard: HTTP status 500", "the ping was not heard: ConnectionRefusedError"]


class Clock:
    """The time of day, as somebody sets it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def test_a_machine_that_sleeps_catches_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(datetime(2026, 3, 28, 12, tzinfo=UTC))

    class Moved(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return clock.now

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Moved)
    monkeypatch.setattr(schedule, "present", clock)
    monkeypatch.setattr(journal, "present", clock)
    path = tmp_path / "config.toml"
    path.write_text(
        '[[listing]]\nname = "mug"\nmarketplace = "de"\nasin = "B0OWN00001"\nrivals = ["B0RIVAL001"]\n'
        'keywords = ["mug"]\n[schedule]\nproducts = "30 2 * * *"\nkeywords = "*/20 * * * *"\nreport = "never"\n'
        'backup = "never"\nlists = "never"\n'
    )
    settings = InForce(path)
    said: list[str] = []
    scheduler = schedule.Scheduler(settings, said.append)
    fired: list[tuple[str, bool]] = []
    monkeypatch.setattr(scheduler.worker, "want", lambda job, fresh: fired.append((job.kind, fresh)))
    scheduler.keep()
    scheduler.clock.start()
    try:
        # Twenty minutes on: one job is due.
        clock.now += timedelta(minutes=20)
        scheduler.look()
        until(lambda: fired == [("keywords", True)])
        # It slept for fourteen hours, over a change of the clock: each of what it missed is due once, and late.
        clock.now += timedelta(hours=14)
        scheduler.look()
        until(lambda: len(fired) == 3)
        scheduler.look()
        assert sorted(fired[1:]) == [("keywords", False), ("products", False)]
        # The clock is set back by a day: what is due then comes once more, in March right after the gap.
        clock.now -= timedelta(days=1)
        settings.journal.begin(("products",), ZONE, timedelta(hours=8))
        settings.journal.end(("products",), ZONE, 0, journal.Found())
        scheduler.keep(frozenset({Job("products", ZONE)}))
        (products,) = [job for job in scheduler.clock.get_jobs() if job.name.startswith("products")]
        assert products.next_run_time == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    finally:
        scheduler.clock.shutdown()
    assert said == []
