"""The scheduler: APScheduler tells when a job is due, and one worker does what is due, one work after the other.

It stays small and is never in the way of a crawl: each work is ``tracker job``, a child process (a Twisted reactor
starts once per process, and what a crawl leaks dies with it). The child stops by itself when its standard input ends:
so it is asked to stop, and so it never outlives a scheduler that was killed.
"""

import os
import queue
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from filelock import Timeout

from tracker import ping
from tracker.config import ConfigError
from tracker.inforce import InForce
from tracker.journal import SCHEDULER, STOPPED, Found, Standing, Work, news
from tracker.timetable import CRAWLS, KINDS, Job, Kind, following, present, timetable

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


class Worker:
    """Does the jobs that are wanted, one work at a time, each as a child process."""

    def __init__(self, settings: InForce, say: Callable[[str], None], done: Callable[[frozenset[Job]], None]) -> None:
        self._settings = settings
        self._say = say
        self._done = done
        self._turn = threading.Condition()
        self._wanted: dict[Job, bool] = {}
        self._stop = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self.doing: frozenset[Job] = frozenset()
        """What is being done; the journal may not know yet that it was begun."""
        self.code = 0
        """The first exit code of some work that was not 0."""

    def want(self, job: Job, *, fresh: bool = True) -> None:
        """Have ``job`` done when its turn comes; once, however often it is wanted meanwhile.

        Args:
            fresh: it has just become due, so that its start is delayed at random.
        """
        with self._turn:
            self._wanted.setdefault(job, fresh)
            self._turn.notify_all()

    def stop(self) -> None:
        """Ask the work at hand to stop where it is (what it has read is kept), and begin no more."""
        with self._turn:
            self._stop.set()
            self._turn.notify_all()
            if self._child and self._child.stdin:
                self._child.stdin.close()

    def kill(self) -> None:
        """End the work at hand at once."""
        with self._turn:
            if self._child:
                self._child.kill()

    def run(self, *, until_idle: bool = False) -> None:
        """Work until stopped, or until nothing is wanted."""
        while jobs := self._next(until_idle=until_idle):
            self._do(jobs)

    def _next(self, *, until_idle: bool) -> frozenset[Job]:
        """The jobs of the next work: a crawl with all that is to be crawled by the same clock, or one other job."""
        with self._turn:
            self._turn.wait_for(lambda: self._wanted or self._stop.is_set() or until_idle)
            fresh = bool(self._wanted) and all(self._wanted.values())
        if fresh:
            # Not per job, or what is due together would be begun apart.
            self._stop.wait(random.uniform(0, self._settings.config.schedule.jitter))  # noqa: S311
        with self._turn:
            self.doing = frozenset()
            if self._stop.is_set() or not self._wanted:
                return self.doing
            first = min(self._wanted, key=lambda job: (job.kind not in CRAWLS, KINDS.index(job.kind)))
            jobs = {job for job in self._wanted if job.zone == first.zone and {job.kind, first.kind} <= {*CRAWLS}}
            self.doing = frozenset(jobs | {first})
            for job in self.doing:
                del self._wanted[job]
        return self.doing

    def _do(self, jobs: frozenset[Job]) -> None:
        kinds = tuple(kind for kind in KINDS if kind in {job.kind for job in jobs})
        (zone,) = {job.zone for job in jobs}
        what = f"{', '.join(kinds)} ({zone})"
        config = self._settings.config
        url = config.schedule.ping.get_secret_value() if config.schedule.ping and kinds[0] in CRAWLS else None
        self._say(f"{what} begins")
        ping.send(url, ping.START, self._say)
        try:
            before = self._settings.journal.standings()
            code = self._run(kinds, zone)
            work = self._settled(before, kinds, zone, code)
        except OSError as error:  # a full disk, no more processes: whatever is still due is tried again
            self._say(f"{what}: {error.filename or 'not begun'}: {error.strerror or error}")
            self.code = self.code or 1
        else:
            self._say(f"{what}: {work}")
            self.code = self.code or (code if code >= 0 else 1)
            if code != STOPPED:
                ping.send(url, ping.DONE if work.well else ping.FAIL, self._say, str(work))
        self._done(self.doing)

    def _settled(self, before: dict[Job, Standing], kinds: tuple[Kind, ...], zone: str, code: int) -> Work:
        """The work whose process has ended, as the journal has it. The process notes its beginning and its end itself,
        unless it was killed or not up to it."""
        journal, known = self._settings.journal, self._settings.journal.standings()
        for kind in kinds:
            work, earlier = (each.get(Job(kind, zone), Standing()).work for each in (known, before))
            if work == earlier:
                journal.begin((kind,), zone, timedelta(hours=self._settings.config.crawl.window))
            if work == earlier or (work and not work.ended):
                journal.end((kind,), zone, code, Found())
        found = journal.standings()[Job(kinds[0], zone)].work
        if found is None:
            raise OSError(None, "what was noted is not there", str(journal.folder))
        return found

    def _run(self, kinds: tuple[Kind, ...], zone: str) -> int:
        """Do one work in a child process, and return its exit code."""
        options = ["--zone", zone, "--config", str(self._settings.path), "--in-force", str(self._settings.copy)]
        with self._turn:
            if self._stop.is_set():
                return STOPPED
            self._child = child = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-m", "tracker", "job", *kinds, *options],
                stdin=subprocess.PIPE,
                # Ctrl+C at the terminal is for the scheduler, which asks the child in its own way.
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        try:
            return child.wait()
        finally:
            with self._turn:
                self._child = None
                if child.stdin:
                    child.stdin.close()


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
            self._behind = False
            wanted = timetable(self._settings.config)
            for job in self.clock.get_jobs():
                if job.name not in map(str, due):
                    job.remove()
            now = present()
            for job, at in due.items():
                when = max(at, now + _BRAKE) if job in done and at <= now else at
                if job in self.worker.doing - done:
                    when = following(wanted[job], job.zone, now)
                self.clock.add_job(
                    self._fired,
                    Times(wanted[job], job.zone),
                    args=[job, at],
                    id=str(job),
                    name=str(job),
                    next_run_time=when,
                    replace_existing=True,
                    # What could not be begun in time (sleep, power cut) is begun once when it can, however late.
                    coalesce=True,
                    misfire_grace_time=None,
                )

    def due(self) -> dict[Job, datetime]:
        """When each job of the schedule is next to be begun, as the journal has it after it was told of what is new.

        Raises:
            OSError: the journal cannot be read or written.
        """
        config, journal = self._settings.config, self._settings.journal
        wanted, window = timetable(config), timedelta(hours=config.crawl.window)
        if told := list(news(journal.standings(), wanted, window, present())):
            journal.note(*told)
        journal.trim()
        known = journal.standings()
        return {job: following.at for job in wanted if (following := known[job].next(job.zone, window))}

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
