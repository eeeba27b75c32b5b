"""The worker: does what is due, one work after the other, each as a process of its own.

A work is ``tracker job`` (a Twisted reactor starts once per process, and what a crawl leaks dies with it). It stops by
itself when its standard input ends: so it is asked to stop, and so it never outlives a scheduler that was killed.
"""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

from tracker import ping
from tracker.inforce import InForce
from tracker.journal import STOPPED, Found, Standing, Work
from tracker.timetable import CRAWLS, KINDS, Job, Kind

_TOGETHER = 0.5
"""Seconds within which everything is told that is due at the same time."""


class Worker:
    """Does the jobs that are wanted, one work at a time.

    Args:
        settings: the configuration that the work is given, and the journal that is to have its end.
        say: is told what happens, a sentence at a time.
        done: is told which jobs were done.
    """

    def __init__(self, settings: InForce, say: Callable[[str], None], done: Callable[[frozenset[Job]], None]) -> None:
        self._settings = settings
        self._say = say
        self._done = done
        self._turn = threading.Condition()
        self._wanted: dict[Job, bool] = {}
        self._stop = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self.doing: frozenset[Job] = frozenset()
        """What is being done, also when the journal does not know yet that it was begun."""
        self.code = 0
        """The first exit code of some work that was not 0."""

    def want(self, job: Job, *, fresh: bool = True) -> None:
        """Have ``job`` done when its turn comes; once, however often it is wanted meanwhile.

        Args:
            fresh: it has just become due, so that its start is delayed at random.
        """
        with self._turn:
            if job not in self.doing:  # or it would be done twice; what becomes due meanwhile, the journal has later
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
        if not until_idle:  # else all is wanted already
            # Not per job, or what is due together would be begun apart; so would it be, were the first one not to wait
            # for APScheduler to tell of the next.
            delay = random.uniform(0, self._settings.config.schedule.jitter) if fresh else 0  # noqa: S311
            self._stop.wait(_TOGETHER + delay)
        with self._turn:
            if self._stop.is_set() or not self._wanted:
                return frozenset()
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
                ping.send(url, ping.DONE if work.well else ping.FAIL, self._say, "" if work.well else str(work))
        with self._turn:
            self.doing = frozenset()
        self._done(jobs)

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
