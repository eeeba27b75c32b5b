"""The nightly schedule: APScheduler starts each night's work in a process of its own.

The scheduler stays small and is never in the way of a crawl: a night is ``tracker nightly``, a
child process (a Twisted reactor starts once per process, and what a crawl leaks dies with it).
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from storage.store import Store, StoreError
from tracker.config import Config, ScheduleConfig


def trigger(schedule: ScheduleConfig) -> CronTrigger:
    """Every night at the configured time in its time zone, right across DST changes."""
    hour, minute = schedule.time.split(":")
    return CronTrigger(hour=int(hour), minute=int(minute), timezone=ZoneInfo(schedule.time_zone))


def last_due(schedule: ScheduleConfig, now: datetime) -> datetime:
    """The latest instant up to ``now`` at which a night was due (UTC)."""
    zone, (hour, minute) = ZoneInfo(schedule.time_zone), map(int, schedule.time.split(":"))
    today = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    due = today if today.astimezone(UTC) <= now else _day_before(today)
    return due.astimezone(UTC)


def _day_before(local: datetime) -> datetime:
    day = local.date().toordinal() - 1
    return datetime.combine(datetime.fromordinal(day).date(), local.time(), local.tzinfo)


def missed(config: Config, now: datetime) -> bool:
    """Whether the last night that was due has not been started, though an earlier one was.

    Any run counts that was started since, whatever its trigger: the data is there.
    """
    try:
        with Store(config.storage.database).reading() as db:
            row = db.execute("SELECT max(started_at) FROM crawl_run").fetchone()
    except StoreError:
        return False
    return bool(row and row[0] and row[0] < last_due(config.schedule, now))


class Nights:
    """Runs nights, one at a time, each as a child process that can be asked to stop."""

    def __init__(self, config_path: Path, say: Callable[[str], None]) -> None:
        self._command = [sys.executable, "-m", "tracker", "nightly", "--config", str(config_path)]
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopping = False

    def run(self) -> None:
        """One night, from start to end."""
        with self._lock:
            if self._stopping:
                return
            self._say("night begins")
            self._child = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603  our own program
        code = self._child.wait()
        self._child = None
        self._say("night is done" if code == 0 else f"night ended with exit code {code}; see above")

    def stop(self) -> None:
        """Ask the running night to stop where it is (what it has read is kept), and start no more."""
        with self._lock:
            self._stopping = True
            child = self._child
        if child:
            child.send_signal(signal.SIGINT)


def run_forever(config: Config, config_path: Path, say: Callable[[str], None]) -> None:
    """Crawl, flag and report every night until SIGTERM or SIGINT. A missed night is caught up once, now."""
    nights = Nights(config_path, say)
    scheduler = BackgroundScheduler(timezone=UTC)
    nightly = trigger(config.schedule)
    # A night that could not start in time (sleep, power cut) runs once when it can, however late.
    options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(nights.run, nightly, **options)
    if missed(config, datetime.now(UTC)):
        say("the last night was missed; catching up now")
        scheduler.add_job(nights.run, **options)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    following = nightly.get_next_fire_time(None, datetime.now(UTC))
    say(f"next night: {following:%Y-%m-%d %H:%M %Z}" if following else "no night is due")
    stop.wait()
    say("stopping")
    nights.stop()
    scheduler.shutdown(wait=True)
    say("stopped")
