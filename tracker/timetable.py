"""When which job is due: pure reckoning with cron expressions, clocks that change, and what has been done."""

import re
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from cronsim import CronSim

from reports.period import Sort
from spiders.tasks import Job as Crawled
from storage.model import Listing
from tracker.config import Config
from tracker.sections import NEVER

Kind = Literal[Crawled, "report", "weekly", "monthly", "notify", "backup", "cleanup"]
"""What is done by itself, as the keys of ``[schedule]`` call it."""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are done when several are due."""

REVIEWS: dict[Kind, Sort] = {"weekly": "week", "monthly": "month"}
"""What is looked back on, by job."""

CRAWLS: tuple[Crawled, ...] = get_args(Crawled)
"""Those that crawl. What of them is due together is one crawl."""

_ONCE = frozenset({"backup", "cleanup"})
"""Those that are no listing's: done once, whatever clocks the listings go by."""


class Job(NamedTuple):
    """One kind of work by one clock."""

    kind: Kind
    zone: str

    def __str__(self) -> str:
        return f"{self.kind} ({self.zone})"


def present() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


def timetable(config: Config) -> dict[Job, str]:
    """Every job that is scheduled and has something to do, with its cron expression."""
    clocks = zones(config)
    return {
        Job(kind, zone): when
        for kind in KINDS
        if (when := _when(config, kind)) != NEVER
        for zone in (clocks[:1] if kind in _ONCE else clocks)
        if _needed(config, kind, zone)
    }


def _when(config: Config, kind: Kind) -> str:
    """The cron expression of a job. Reports are told of when they are written, what quiet hours held back when those
    are over."""
    if kind != "notify":
        return str(getattr(config.schedule, kind))
    if not config.notify.urls or config.notify.when == "never" or not config.flags.quiet:
        return NEVER
    hour, minute = re.split(r"[-–:]", config.flags.quiet)[2:]
    return f"{int(minute)} {int(hour)} * * *"


def zones(config: Config) -> list[str]:
    """The clocks that the listings' jobs go by, that of the first listing first."""
    return list(dict.fromkeys(_zone(config, each) for each in config.listings()))


def listings(config: Config, zone: str) -> tuple[Listing, ...]:
    """The listings whose jobs go by this clock: that of ``[schedule]`` where it has one, else each one's own."""
    return tuple(each for each in config.listings() if _zone(config, each) == zone)


def _zone(config: Config, listing: Listing) -> str:
    return config.schedule.time_zone or listing.time_zone


def _needed(config: Config, kind: Kind, zone: str) -> bool:
    if kind == "keywords":
        return any(each.keywords for each in listings(config, zone))
    if kind == "lists":
        return any(each.lists != () for each in listings(config, zone))
    return kind != "cleanup" or config.storage.keep_days is not None or config.storage.keep_gb is not None


def following(when: str, zone: str, instant: datetime) -> datetime:
    """The first time after ``instant`` at which the cron expression ``when`` is due on the clock of ``zone`` (UTC).

    As Debian's cron has it: a time of day that the clock skips is due right after the gap, one that comes twice is due
    the first time. With a star for the minute or the hour every time counts as the clock shows it: none in a gap, both
    of an hour that is repeated.
    """
    for due in CronSim(when, instant.astimezone(ZoneInfo(zone))):
        # Asked in the second pass of a repeated hour, CronSim begins with the first.
        if (found := due.astimezone(UTC)) > instant:
            return found
    raise ValueError(f"{when!r} is never due")  # config.py has refused it
