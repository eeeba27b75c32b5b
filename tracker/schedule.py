"""The nightly schedule: APScheduler starts each night's work in a process of its own.

The scheduler stays small and is never in the way of a crawl: a night is ``tracker nightly``, a
child process (a Twisted reactor starts once per process, and what a crawl leaks dies with it).
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from storage.store import Store, StoreError
from tracker.config import Config, ScheduleConfig


class Nightly(BaseTrigger):  # type: ignore[misc]
    """Once every night at the configured time in its time zone.

    Not a cron trigger: that fires twice where the clock goes back over the time, and leaves a night out where it skips
    midnight.
    """

    def __init__(self, schedule: ScheduleConfig) -> None:
        self._zone = ZoneInfo(schedule.time_zone)
        self._time = time.fromisoformat(schedule.time)

    def due(self, day: date) -> datetime:
        """When the night of ``day`` is due (UTC): the first time its clock shows the hour, or would have."""
        return datetime.combine(day, self._time, self._zone).astimezone(UTC)

    def last(self, now: datetime) -> datetime:
        """The latest instant up to ``now`` at which a night was due (UTC)."""
        return max(due for due in self._around(now) if due <= now)

    def next(self, now: datetime) -> datetime:
        """The first instant after ``now`` at which a night is due, in its time zone."""
        return min(due for due in self._around(now) if due > now).astimezone(self._zone)

    def _around(self, now: datetime) -> list[datetime]:
        today = now.astimezone(self._zone).date()
        return [self.due(today + timedelta(days=days)) for days in (-2, -1, 0, 1, 2)]

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """For APScheduler: the night after the one before, late as it may be; without one, the next."""
        return self.next(previous_fire_time or now).astimezone(UTC)


def missed(config: Config, now: datetime) -> bool:
    """Whether the last night that was due has not been started, though an earlier one was.

    Any crawl counts that was started since, whatever its trigger: the data is there. An import is none.
    """
    try:
        with Store(config.storage.database).reading() as db:
            row = db.execute("SELECT max(started_at) FROM crawl_run WHERE trigger <> 'import'").fetchone()
    except StoreError:
        return False
    return bool(row and row[0] and row[0] < Nightly(config.schedule).last(now))


class Nights:
    """Runs nights, one at a time, each as a child process that can be asked to stop."""

    def __init__(self, config_path: Path, say: Callable[[str], None]) -> None:
        self._command = [sys.executable, "-m", "tracker", "nightly", "--config", str(config_path)]
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._stopping = False

    def run(self) -> None:
        """One night, from start to end; when another is still at work, after it: two would ask twice as fast."""
        with self._turn:
            with self._lock:
                if self._stopping:
                    return
                self._say("night begins")
                self._child = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603  our own program
            code = self._child.wait()
            with self._lock:
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
    nightly = Nightly(config.schedule)
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
    say(f"next night: {nightly.next(datetime.now(UTC)):%Y-%m-%d %H:%M %Z}")
    stop.wait()
    say("stopping")
    nights.stop()
    scheduler.shutdown(wait=True)
    say("stopped")
