"""The scheduler: the journal says when each job is next, APScheduler when that has come, and a worker does it.

It stays small: nothing that a crawl or a report needs is loaded here.
"""

import queue
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from filelock import Timeout

from tracker.config import ConfigError
from tracker.inforce import InForce
from tracker.journal import SCHEDULER, WORK, news
from tracker.timetable import Job, following, present, timetable
from tracker.worker import Worker

LOOK_EVERY = 15.0
"""Seconds between two looks at config.toml and at the clock."""

_BRAKE = timedelta(minutes=1)
"""Until work that is still due right after it was done (the journal could not be written) is begun again, at least."""

_FRESH = timedelta(minutes=1)
"""What has been due for longer is begun without further delay."""


class ScheduleError(Exception):
    """The scheduler cannot run here; the message says why."""


class Times(BaseTrigger):  # type: ignore[misc]
    """APScheduler's question when a job is due next. However many times were slept through, the next is in time to
    come."""

    def __init__(self, when: str, zone: str) -> None:
        self._when = when
        self._zone = zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The first time after ``now`` (UTC)."""
        return following(self._when, self._zone, max(previous_fire_time or now, now))


class Scheduler:
    """Keeps APScheduler to what the journal says is due, and to the configuration as it changes.

    Args:
        say: is told what happens, a sentence at a time.
        settings: the configuration, and the journal that goes with it.
    """

    def __init__(self, settings: InForce, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._lock = threading.Lock()
        self._behind = False
        self.worker = Worker(settings, say, self._done)
        # One thread: its jobs only tell the worker.
        self.clock = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})

    def look(self) -> None:
        """Take up a change of config.toml, and let APScheduler look at the clock: it waits for so many seconds, of
        which a machine that sleeps counts none."""
        try:
            changed = self._settings.renew()
        except ConfigError as error:
            self._say(f"{error}\nThe configuration of before stays in force.")
        else:
            if changed:
                self._say(f"{self._settings.path} has changed, and is in force")
            if changed or self._behind:
                self.keep()
        self.clock.wakeup()

    def keep(self, done: frozenset[Job] = frozenset()) -> None:
        """Note what is new in the schedule, and have APScheduler know when each job is next.

        Args:
            done: what was done just now, and is not to be begun again at once in any case.
        """
        with self._lock:
            try:
                due = self.due()
            except OSError as error:  # what APScheduler knows already goes on; the next look tries again
                if not self._behind:
                    self._say(f"{error.filename or self._settings.journal.folder}: {error.strerror or error}")
                self._behind = True
                return
            wanted = timetable(self._settings.config)
            for job in self.clock.get_jobs():
                if job.name not in map(str, due):
                    job.remove()
            now = present()
            for job, at in due.items():
                self.clock.add_job(
                    self._fired,
                    Times(wanted[job], job.zone),
                    args=[job, at],
                    id=str(job),
                    name=str(job),
                    next_run_time=max(at, now + _BRAKE) if job in done and at <= now else at,
                    replace_existing=True,
                    # What could not be begun in time (sleep, power cut) is begun once when it can, however late.
                    coalesce=True,
                    misfire_grace_time=None,
                )

    def due(self) -> dict[Job, datetime]:
        """When each job of the schedule is next to be begun, as the journal has it after it was told of what is new;
        without what is being done.

        Raises:
            OSError: the journal cannot be read or written.
        """
        config, journal = self._settings.config, self._settings.journal
        wanted, window = timetable(config), timedelta(hours=config.crawl.window)
        if told := list(news(journal.standings(), wanted, window, present())):
            journal.note(*told)
        journal.trim()
        known, at_work, doing = journal.standings(), journal.held(WORK), self.worker.doing
        # Begun by somebody else (`tracker job`, or the child of a scheduler that was killed) and not cut off: to be
        # looked at again.
        others = {job for job in wanted if at_work and known[job].under_way} - doing
        self._behind = bool(others)
        left = [job for job in wanted if job not in others | doing]
        return {job: following.at for job in left if (following := known[job].next(job.zone, window))}

    def _fired(self, job: Job, at: datetime) -> None:
        self.worker.want(job, fresh=present() - at < _FRESH)

    def _done(self, jobs: frozenset[Job]) -> None:
        if self.clock.running:
            self.keep(jobs)
            self.tell_next()

    def tell_next(self) -> None:
        """Say what is next."""
        jobs = sorted(self.clock.get_jobs(), key=lambda job: job.next_run_time)
        if jobs:
            local = jobs[0].next_run_time.astimezone(ZoneInfo(jobs[0].args[0].zone))
            self._say(f"next: {jobs[0].name} at {local:%Y-%m-%d %H:%M %Z}")
        else:
            self._say('nothing is scheduled: everything is "never" in [schedule]')


def run(path: Path, say: Callable[[str], None], *, once: bool = False) -> int:
    """Do every job when it is due, until SIGTERM or SIGINT; or, ``once``, only what is due now. The first signal asks
    the work at hand to stop where it is, a second one ends it.

    Returns:
        The exit code: with ``once`` the first one of some work that was not 0; otherwise 0.

    Raises:
        ConfigError: the configuration is not in order.
        ScheduleError: another scheduler is at work on the same database, or nothing can be noted beside it.
    """
    settings = InForce(path)
    try:
        with settings.journal.lock(SCHEDULER, wait=1):
            settings.take()
            return _run(settings, say, once=once)
    except Timeout:
        raise ScheduleError(f"{settings.config.storage.database}: another scheduler is at work on it already") from None


def _run(settings: InForce, say: Callable[[str], None], *, once: bool) -> int:
    scheduler = Scheduler(settings, say)
    worker = scheduler.worker
    events: queue.SimpleQueue[BaseException | int | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            worker.run(until_idle=once)
        except BaseException as error:
            events.put(error)
        else:
            events.put(None)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: events.put(number))
    if once:
        now = present()
        for job, at in scheduler.due().items():
            if at <= now:
                worker.want(job, fresh=False)
    else:
        scheduler.keep()
        scheduler.clock.start()
        scheduler.tell_next()
    threading.Thread(target=work, name="worker", daemon=True).start()
    stopping = False
    while True:
        try:
            event = events.get(timeout=LOOK_EVERY)
        except queue.Empty:
            if not once:
                scheduler.look()
            continue
        if isinstance(event, BaseException):
            raise event
        if event is None:
            break
        say("ending the work at hand" if stopping else "stopping")
        (worker.kill if stopping else worker.stop)()
        stopping = True
    if scheduler.clock.running:
        scheduler.clock.shutdown(wait=False)
    say("nothing more is due" if once and not stopping else "stopped")
    return worker.code if once else 0
