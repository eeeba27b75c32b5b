"""What is found in the database for a page: a report, all of them, or what the index tells of each listing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from reports.compare import newest
from reports.crawled import Crawled, lately
from reports.judging import ALL, stale
from reports.nights import Night, Told, gravest, nights
from reports.period import Asked
from reports.report import Report, Reports
from reports.sentences import Said
from reports.watched import Era
from storage.store import Store
from tracker.config import Config
from tracker.judging import rules

LATELY = 14
"""Nights of each listing that the index shows."""
TOLD = 3
"""Flags of each listing's newest night that the index tells."""
PART = 6
"""Listings of the overview that are read in one go; then it is others' turn."""
EVER = datetime.min.replace(tzinfo=UTC)

NO_LISTING = "No listing is called {name}; there is {known:list}"
NO_NIGHT = "Nothing was crawled for {name} then; its first day is {first}, the newest {last}"
NO_NIGHTS = "Nothing was crawled then"
NOTHING_AT_ALL = "Nothing has been crawled yet; `tracker crawl` does it"
NOTHING = "Nothing has been crawled for {name} yet; `tracker crawl` does it"
UNJUDGED = "What changed from {day:day} on has not been judged yet; `tracker report` does it."
UNJUDGED_AT_ALL = "What changed has not been judged by the rules in force yet; `tracker report` does it."

T = TypeVar("T")


class MissingError(Exception):
    """There is no such thing; ``said`` tells what there is."""

    def __init__(self, text: str, **facts: Any) -> None:
        super().__init__(text)
        self.said = Said(text, facts)


@dataclass(frozen=True, slots=True)
class Found:
    """A listing's report, and what stands around it."""

    report: Report
    names: list[str]
    """Every listing with data."""
    nights: list[Night]
    """Those of this one, the oldest first."""
    unjudged: date | None
    """The first day that has not been judged; None when all are."""

    @property
    def warning(self) -> Said | None:
        """What is to be said when days of the report have not been judged."""
        if self.unjudged is None or self.unjudged > self.report.period.days.last:
            return None
        return Said(UNJUDGED_AT_ALL) if self.unjudged == ALL else Said(UNJUDGED, {"day": self.unjudged})


@dataclass(frozen=True, slots=True)
class Listed:
    """What the index tells of one listing."""

    name: str
    newest: datetime
    """When the newest page was asked for on its behalf (UTC)."""
    era: Era | None
    """What it was then."""
    nights: list[Night]
    """Those of late, the oldest first."""
    told: list[Told]
    """The gravest flags of the newest day that brought any."""


class Database:
    """Reads the database of a configuration. Its methods may be called from several threads, and raise StoreError when
    there is none, or it cannot be read.

    One reader at a time, in the order in which they come: DuckDB shares what a process has open by its path, so that a
    second one would see the database that the first has open, and not the one that took its place meanwhile.
    """

    def __init__(self, config: Config, wait: float) -> None:
        self._store = Store(config.storage.database, wait)
        self._rules = rules(config)
        self._reader = ThreadPoolExecutor(1, "reader")

    @property
    def version(self) -> tuple[int, ...]:
        """Changes when the database does, which is replaced and never written to; empty while there is none."""
        try:
            found = self._store.path.stat()
        except FileNotFoundError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def close(self) -> None:
        """Read nothing more."""
        self._reader.shutdown(wait=False, cancel_futures=True)

    def listed(self) -> list[Listed]:
        """Every listing with data."""

        def read(reports: Reports) -> list[Listed]:
            known = newest(reports.con)
            since = min(known.values(), default=EVER + timedelta(days=LATELY + 2)) - timedelta(days=LATELY + 2)
            seen, grave = nights(reports.con, since), gravest(reports.con, TOLD)
            return [
                Listed(name, at, reports.lists.at(name, at), seen.get(name, []), grave.get(name, []))
                for name, at in sorted(known.items())
            ]

        return self._read(read)

    def report(self, name: str, asked: Asked) -> Found:
        """The report of a listing. Raises MissingError when there is none, or nothing had been crawled for it then."""

        def read(reports: Reports) -> Found:
            names = sorted(newest(reports.con))
            if name not in reports.lists.names:
                raise MissingError(NO_LISTING, name=name, known=names) if names else MissingError(NOTHING_AT_ALL)
            seen = nights(reports.con, EVER, name).get(name, [])
            try:
                report = reports.of(name, asked)
            except LookupError:
                if seen:
                    raise MissingError(NO_NIGHT, name=name, first=str(seen[0].day), last=str(seen[-1].day)) from None
                raise MissingError(NOTHING, name=name) from None
            return Found(report, names, seen, stale(reports.con, self._rules, reports.lists).get(name))

        return self._read(read)

    def overview(self, asked: Asked) -> tuple[dict[str, Report], tuple[Crawled, ...]]:
        """The report of every listing that was watched then, and the last crawls. Raises MissingError when there is
        none."""
        names, crawls = self._read(lambda reports: (sorted(newest(reports.con)), lately(reports.con)))

        def read(part: list[str], reports: Reports) -> dict[str, Report]:
            found = {}
            for name in part:
                with suppress(LookupError):
                    found[name] = reports.of(name, asked)
            return found

        every: dict[str, Report] = {}
        for start in range(0, len(names), PART):
            every |= self._read(partial(read, names[start : start + PART]))
        if not every:
            raise MissingError(NO_NIGHTS if names else NOTHING_AT_ALL)
        return every, crawls

    def _read(self, what: Callable[[Reports], T]) -> T:
        def read() -> T:
            with self._store.reading() as connection:
                return what(Reports(connection))

        return self._reader.submit(read).result()
