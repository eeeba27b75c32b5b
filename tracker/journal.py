"""The schedule's memory: what was done when, and what came of it; from it follows what is due.

One JSON line per event in a small file beside the database, which neither has to be free nor to be there. A line is
on the disk when it is noted; one that a power cut tore is passed over.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from filelock import FileLock, Timeout

from storage.aside import written_aside
from tracker.timetable import CRAWLS, Job, Kind, following, present

KEPT = 1000
"""Entries that stay when the journal is trimmed, beside the last ones of every job."""

TRIES = 10
"""How often work that was cut off is taken up again, at most."""

REST = timedelta(minutes=1)
"""Time until work whose process was killed is taken up again, times the tries so far."""

INCOMPLETE = 3
"""Exit code of a crawl that ended, but did not read every page."""

ENOUGH = 0.8
"""Share of a crawl's pages from which on it went well, though not every page was read: some hardly ever come."""

_SKEW = timedelta(minutes=1)
"""By so much the clocks of an entry and of its reader may differ without one having been set."""

STOPPED = 130
"""Exit code of work that was asked to stop, and may go on."""


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of some work."""

    run_id: str | None = None
    planned: int | None = None
    """Pages the crawl was to read (of a run that went on: those that were left)."""
    unread: int | None = None
    """Of these, pages that were not read though they are there, as far as is known."""
    outcomes: dict[str, int] = {}
    flags: int | None = None
    told: str | None = None
    """A sentence, of what is no number."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: jobs came into the schedule (or went out of it), work on them began, or ended."""

    event: Literal["scheduled", "began", "ended"]
    at: datetime
    kinds: tuple[Kind, ...]
    zone: str
    when: str | None = None
    """With ``scheduled``: the cron expression, or None when the job is scheduled no more."""
    due: datetime | None = None
    """With ``began``: when the work was due."""
    code: int | None = None
    """With ``ended``: the exit code, negative when a signal ended the process, None when nobody saw it end."""
    found: Found = Found()


@dataclass(frozen=True)
class Work:
    """The latest work on a job. Instants in UTC."""

    due: datetime
    first: datetime
    """When it was begun for the first time, of work that was cut off and taken up again."""
    began: datetime
    tries: int = 1
    ended: datetime | None = None
    code: int | None = None
    found: Found = field(default_factory=Found)

    @property
    def well(self) -> bool:
        """Whether it was done, and of a crawl's pages :data:`ENOUGH` were read."""
        if self.code == INCOMPLETE and self.found.planned and self.found.unread is not None:
            return self.found.planned - self.found.unread >= ENOUGH * self.found.planned
        return self.code == 0

    def __str__(self) -> str:
        """What came of it, in a sentence."""
        parts = [self._end(), *self._counts()]
        return "; ".join(part for part in parts if part)

    def _end(self) -> str:
        if self.code is None:
            return "cut off"
        took = f" after {str(self.ended - self.began).partition('.')[0]}" if self.ended else ""
        if self.code in {0, INCOMPLETE, STOPPED}:
            return {0: "done", INCOMPLETE: "done in part", STOPPED: "stopped"}[self.code] + took
        return (f"killed by signal {-self.code}" if self.code < 0 else f"failed with exit code {self.code}") + took

    def _counts(self) -> Iterator[str]:
        found = self.found
        if found.planned is not None:
            outcomes = ", ".join(f"{number} {outcome}" for outcome, number in found.outcomes.items())
            yield f"{sum(found.outcomes.values())} of {found.planned} pages" + (f": {outcomes}" if outcomes else "")
        if found.flags is not None:
            yield f"{found.flags} flags"
        if found.told:
            yield found.told

    @property
    def cut_off(self) -> bool:
        """Whether it never came to its end: killed, stopped or without power. True also while it is being done."""
        return self.code is None or self.code < 0 or self.code == STOPPED


class Next(NamedTuple):
    """The next work on a job. Instants in UTC, past when it was missed."""

    at: datetime
    """When it is to begin."""
    due: datetime
    """When it is due, or was, of work that is taken up again."""


@dataclass(frozen=True)
class Standing:
    """What the journal knows of one job."""

    when: str | None = None
    """The cron expression it is due by; None when it is not scheduled."""
    since: datetime | None = None
    """From this instant on it is due again: since it was begun, or came into the schedule (UTC)."""
    work: Work | None = None

    @property
    def under_way(self) -> bool:
        """Whether its work has begun and not ended: while a process holds :data:`WORK`, it is being done."""
        return self.work is not None and self.work.ended is None

    def next(self, zone: str, window: timedelta) -> Next | None:
        """What is to be done next, or None when it is not scheduled.

        Work that was cut off is taken up again until ``window`` has passed since it was first begun. Not to be asked
        of work that is being done.
        """
        if self.when is None or self.since is None:
            return None
        due = following(self.when, zone, self.since)
        if (work := self.work) and work.cut_off and work.tries < TRIES:
            again = work.ended or work.began
            if work.code is not None and work.code < 0:
                again += REST * work.tries
            if again < min(work.first + window, due):
                return Next(again, work.due)
        return Next(due, due)


class Journal:
    """The journal of the database at ``database``, and the locks that go with it, in a folder beside it."""

    def __init__(self, database: Path) -> None:
        self.folder = database.with_name(database.name + ".schedule")
        self._path = self.folder / "journal.jsonl"

    def entries(self) -> list[Entry]:
        """Every entry, oldest first; lines that are none are passed over."""
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return list(_read(lines))

    def standings(self) -> dict[Job, Standing]:
        """What is known of every job that ever was in it."""
        return standings(self.entries())

    def failed(self, since: datetime) -> Iterator[tuple[Job, Work]]:
        """Jobs whose last work has ended ``since`` an instant (UTC) and did not go well, with that work. What a crawl
        left unread, its run tells, and it is not among them."""
        for job, standing in self.standings().items():
            work = standing.work
            if not work or not work.ended or work.well or work.cut_off or work.ended < since:
                continue
            if not (job.kind in CRAWLS and work.code == INCOMPLETE):
                yield job, work

    def note(self, *entries: Entry) -> None:
        """Add entries, all or none of which are there after a kill; they are on the disk when this returns.

        Raises:
            OSError: they cannot be written.
        """
        text = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
        with self._turn(), self._path.open("ab+") as file:
            if end := file.seek(0, os.SEEK_END):
                file.seek(end - 1)
                text = text if file.read(1) == b"\n" else b"\n" + text  # after a torn line
            try:
                file.write(text)
                file.flush()
            except OSError:
                file.truncate(end)
                raise
            os.fsync(file.fileno())

    def begin(self, kinds: Sequence[Kind], zone: str, window: timedelta) -> None:
        """Note that work on these jobs begins now, and what it was due for (a job that is not due: for now).

        Raises:
            OSError: it cannot be noted.
        """
        known, now = self.standings(), present()
        entries = []
        for kind in kinds:
            following = known.get(Job(kind, zone), Standing()).next(zone, window)
            due = following.due if following and following.at <= now else now
            entries.append(Entry(event="began", at=now, kinds=(kind,), zone=zone, due=due))
        self.note(*entries)

    def end(self, kinds: Sequence[Kind], zone: str, code: int, found: Found) -> None:
        """Note that it ended, and what came of it.

        Raises:
            OSError: it cannot be noted.
        """
        self.note(Entry(event="ended", at=present(), kinds=tuple(kinds), zone=zone, code=code, found=found))

    def trim(self, kept: int = KEPT) -> None:
        """Leave the newest ``kept`` entries and the last ones of every job, once there are twice as many."""
        with self._turn():
            entries = self.entries()
            if len(entries) <= 2 * kept:
                return
            newest = {(e.event, kind, e.zone): number for number, e in enumerate(entries) for kind in e.kinds}
            stay = sorted({*newest.values(), *range(len(entries) - kept, len(entries))})
            with written_aside(self._path) as file:
                file.write(b"".join(msgspec.json.encode(entries[number]) + b"\n" for number in stay))
                file.flush()
                os.fsync(file.fileno())

    def lock(self, name: str, wait: float = 0) -> FileLock:
        """A lock beside the journal, which ends with the process that holds it. ``wait``: seconds; -1: for ever."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / f"{name}.lock", timeout=wait)

    def held(self, name: str) -> bool:
        """Whether a process holds this lock."""
        if not (self.folder / f"{name}.lock").exists():
            return False
        try:
            with self.lock(name):
                return False
        except Timeout:
            return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self.lock("journal", wait=-1):
            yield


SCHEDULER = "scheduler"
"""Name of the lock that a scheduler holds for as long as it lives."""

WORK = "work"
"""Name of the lock that a process holds while it does a job."""


def standings(entries: Iterable[Entry]) -> dict[Job, Standing]:
    """What these entries, oldest first, say of each job."""
    known: dict[Job, Standing] = {}
    for entry in entries:
        for kind in entry.kinds:
            job = Job(kind, entry.zone)
            known[job] = _after(known.get(job, Standing()), entry)
    return known


def _after(known: Standing, entry: Entry) -> Standing:
    if entry.event == "scheduled":
        return replace(known, when=entry.when, since=entry.at)
    work = known.work
    if entry.event == "began":
        due = entry.due or entry.at
        again = work if work and work.cut_off and work.due == due else None
        first, tries = (again.first, again.tries + 1) if again else (entry.at, 1)
        return replace(known, since=entry.at, work=Work(due=due, first=first, began=entry.at, tries=tries))
    if not work:
        return known
    return replace(known, work=replace(work, ended=entry.at, code=entry.code, found=entry.found))


def news(known: Mapping[Job, Standing], wanted: Mapping[Job, str], window: timedelta, now: datetime) -> Iterator[Entry]:
    """What is to be noted so that the journal knows the schedule that is ``wanted``.

    A job counts from when it is first seen: nothing is caught up of the time before. So does one whose times have
    changed, but not before a run that was due by the old ones has been begun. And so does one that is said to have
    begun in time to come: the clock has been set back.
    """
    for job in (*wanted, *(job for job in known if job not in wanted)):
        standing, when = known.get(job, Standing()), wanted.get(job)
        following_work = standing.next(job.zone, window) if when else None
        owed = following_work is not None and following_work.at <= now
        ahead = standing.since is not None and standing.since > now + _SKEW
        if (standing.when != when and not owed) or (ahead and when):
            yield Entry(event="scheduled", at=now, kinds=(job.kind,), zone=job.zone, when=when)


def _read(lines: Sequence[bytes]) -> Iterator[Entry]:
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
