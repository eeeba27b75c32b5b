"""`tracker status`: when each job is next and what came of it last, from the journal; the database need not be free.

For monitoring: what is wrong is told in sentences, and there are none when all is well.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from spiders.hosts import Host, day_of, folder_of
from tracker.config import Config
from tracker.journal import SCHEDULER, WORK, Found, Journal, Standing
from tracker.notify.targets import Deliveries, Memory, targets
from tracker.timetable import Job, timetable

_LATE = timedelta(hours=1)
"""So long after it is due, and the delay at random, a job that nobody has begun is overdue."""


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """The latest work on a job. Instants in UTC."""

    due: datetime
    began: datetime
    ended: datetime | None
    code: int | None
    well: bool | None
    """None while it is being done, or waits to be taken up again."""
    sentence: str
    found: Found


class JobStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One job of the schedule."""

    kind: str
    zone: str
    when: str | None
    """The cron expression it is due by; None when no scheduler has seen yet that it is scheduled again."""
    doing: bool
    next: datetime | None
    """When it is to begin next (UTC); past, when it was missed; None when no scheduler has seen it yet."""
    overdue: bool
    last: Last | None


class Requests(msgspec.Struct, frozen=True, kw_only=True):
    """What a host was asked on a day of its own clock."""

    host: str
    day: str
    requests: int
    budget: int


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the notifications for one target. Instants in UTC."""

    target: str
    """Its service and a few digits of the hash of its address, which is a secret."""
    taken: datetime | None
    """When it took a message last."""
    failed: datetime | None
    """When it did not, of the newest message."""
    reason: str | None
    waiting: int
    """Pieces of news that are offered again with the next job."""
    given_up: int
    """Pieces of news that were offered for a day in vain."""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of the schedule."""

    scheduler: bool
    """Whether one is alive."""
    jobs: list[JobStatus]
    requests: list[Requests]
    deliveries: list[Delivery]
    unfinished: list[str]
    """Crawls that never came to their end, under way or interrupted, newest first."""
    database: str | None
    """Why the database could not be asked for these; None when it could."""
    wrong: list[str]
    """What is wrong, a sentence each."""


def status(config: Config, now: datetime) -> Status:
    """What is known at ``now`` (UTC) of the schedule that is configured."""
    journal = Journal(config.storage.database)
    scheduler, at_work, known = journal.held(SCHEDULER), journal.held(WORK), journal.standings()
    jobs = [
        _job(config, job, known.get(job, Standing(when=when)), now, at_work=at_work)
        for job, when in timetable(config).items()
    ]
    unfinished, why_not = _unfinished(config)
    deliveries = list(_deliveries(config))
    return Status(
        scheduler=scheduler,
        jobs=jobs,
        requests=list(_requests(config, now)),
        deliveries=deliveries,
        unfinished=unfinished,
        database=why_not,
        wrong=[*_wrong(jobs, at_work=at_work), *filter(None, map(_undelivered, deliveries))],
    )


def _job(config: Config, job: Job, standing: Standing, now: datetime, *, at_work: bool) -> JobStatus:
    work = standing.work
    doing = at_work and standing.under_way
    following = None if doing else standing.next(job.zone, timedelta(hours=config.crawl.window))
    late = _LATE + timedelta(seconds=config.schedule.jitter)
    last = None
    if work:
        waits = following is not None and following.due == work.due
        last = Last(
            due=work.due,
            began=work.began,
            ended=work.ended,
            code=work.code,
            well=None if doing or waits else work.well,
            sentence="under way" if doing else str(work),
            found=work.found,
        )
    return JobStatus(
        kind=job.kind,
        zone=job.zone,
        when=standing.when,
        doing=doing,
        next=following.at if following else None,
        # While a job is at work, the others wait for their turn.
        overdue=following is not None and not at_work and following.at + late < now,
        last=last,
    )


def _wrong(jobs: list[JobStatus], *, at_work: bool) -> Iterator[str]:
    if jobs and not at_work and all(job.next is None for job in jobs):
        yield "No scheduler has run here yet: start `tracker schedule`, or have `tracker schedule --once` called."
    for job in jobs:
        name = f"{job.kind} ({job.zone})"
        if job.overdue and job.next:
            yield f"{name} is overdue since {_local(job.next, job.zone)}: is `tracker schedule` running?"
        if job.last and job.last.well is False:
            yield f"{name}, begun {_local(job.last.began, job.zone)}: {job.last.sentence}."


def _deliveries(config: Config) -> Iterator[Delivery]:
    known = Memory(config.storage.database).read()
    for target in targets(config):
        each = known.get(target.id, Deliveries(service=target.service))
        yield Delivery(
            target=str(target),
            taken=each.taken,
            failed=each.failed if each.failing else None,
            reason=each.reason if each.failing else None,
            waiting=len(each.waiting),
            given_up=each.given_up,
        )


def _undelivered(delivery: Delivery) -> str | None:
    if not delivery.failed:
        return None
    lost = f"; {delivery.given_up} pieces of news were given up" if delivery.given_up else ""
    when = f"{delivery.failed:%Y-%m-%d %H:%M} UTC"
    return f"{delivery.target} did not take the notification of {when}: {delivery.reason}{lost}."


def _unfinished(config: Config) -> tuple[list[str], str | None]:
    from storage.store import Store, StoreError  # noqa: PLC0415

    try:
        return [run.run_id for run in Store(config.storage.database, wait=0).unfinished()], None
    except StoreError as error:
        return [], str(error)


def _requests(config: Config, now: datetime) -> Iterator[Requests]:
    """The requests of today."""
    for path in sorted(folder_of(config.storage.database).glob("*.json")):
        with suppress(OSError, msgspec.DecodeError):
            host = msgspec.json.decode(path.read_bytes(), type=Host)
            if host.day == day_of(path.stem, now):
                yield Requests(host=path.stem, day=host.day, requests=host.requests, budget=config.crawl.budget)


def show(found: Status, path: Path, out: Console) -> None:
    """Print it for people."""
    out.print(f"{escape(str(path))}: the scheduler {'is running' if found.scheduler else 'is not running'}")
    table = Table("job", "clock", "next", "last", "what came of it", header_style="bold")
    for job in found.jobs:
        style = {None: "", True: "green", False: "red"}[job.last.well if job.last else None]
        table.add_row(
            job.kind,
            job.zone,
            "now" if job.doing else _local(job.next, job.zone) if job.next else "",
            _local(job.last.began, job.zone) if job.last else "",
            f"[{style}]{escape(job.last.sentence)}[/{style}]" if job.last and style else _said(job.last),
            style="bold" if job.overdue else "",
        )
    out.print(table)
    for host in found.requests:
        out.print(f"{host.host}: {host.requests} of {host.budget} requests today ({host.day})")
    for delivery in found.deliveries:
        taken = f"last taken {delivery.taken:%Y-%m-%d %H:%M} UTC" if delivery.taken else "nothing taken yet"
        out.print(f"notifications to {delivery.target}: {taken}", soft_wrap=True)
    for run in found.unfinished:
        out.print(f"unfinished run {run}")
    if found.database:
        out.print(f"[yellow]{escape(found.database)}[/yellow]", soft_wrap=True)
    for sentence in found.wrong:
        out.print(f"[red]{escape(sentence)}[/red]", soft_wrap=True)


def _said(last: Last | None) -> str:
    return escape(last.sentence) if last else ""


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def as_json(found: Status) -> str:
    """The same for programs: instants in UTC."""
    plain: Any = msgspec.to_builtins(found)
    plain["well"] = not found.wrong
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode()
