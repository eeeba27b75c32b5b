"""Writes the reports of a configuration: one page per listing and the overview that links them, and the flags they
raise into the database."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from reports.compare import compare
from reports.crawled import lately
from reports.flags import Flag, flags
from reports.render import OverviewItem, render, render_overview
from storage.aside import written_aside
from storage.model import RaisedFlag
from storage.spool import RunIsLiveError, SpoolWriter
from storage.store import SegmentError, Store, StoreBusyError, StoreError
from tracker.config import Config
from tracker.crawl import chosen


@dataclass(frozen=True)
class Written:
    """The files of one report: (listing, file, flags raised) for each listing, and the overview of all."""

    listings: list[tuple[str, Path, int]]
    overview: Path | None
    """None when only some listings were asked for: the overview keeps showing all."""
    flags: dict[str, list[Flag]]
    untold: list[str]
    """Why there is no report of a listing (it has not been crawled yet), one sentence each."""

    @property
    def first(self) -> Path:
        """What to open."""
        return self.overview or self.listings[0][1]


def write(config: Config, names: Iterable[str], days: int) -> Written:
    """Report on the named listings (all by default) over the last ``days`` days of their data.

    A file is replaced whole: who has it open never sees half of it.

    Raises:
        StoreError: there is no data yet, or the database is in use.
    """
    store = Store(config.storage.database)
    with suppress(StoreBusyError, SegmentError):  # what is merged already can be reported all the same
        store.merge()
    folder = config.report.folder
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(names)
    items: list[OverviewItem] = []
    listings: list[tuple[str, Path, int]] = []
    untold: list[str] = []
    news: list[RaisedFlag] = []
    with store.reading() as connection:
        for listing in chosen(config, names):
            try:
                comparison = compare(connection, listing.name, days=days)
            except LookupError as error:
                untold.append(str(error))
                continue
            raised = flags(comparison)
            news += _unkept(connection, listing.name, raised)
            path = folder / f"{listing.name}.html"
            _replace(path, render(comparison, raised, language=config.report.language))
            items.append(OverviewItem(comparison=comparison, flags=raised, href=path.name))
            listings.append((listing.name, path, len(raised)))
        crawls = lately(connection)
    with suppress(StoreBusyError, SegmentError, RunIsLiveError):  # they wait in the spool; or another report is at it
        _keep(store, news)
    if not items:
        raise StoreError("; ".join(untold))
    overview = None if names else folder / "index.html"
    if overview:
        _replace(overview, render_overview(items, language=config.report.language, crawls=crawls))
    raised_by_listing = {item.comparison.listing: list(item.flags) for item in items}
    return Written(listings=listings, overview=overview, flags=raised_by_listing, untold=untold)


def _unkept(connection: duckdb.DuckDBPyConnection, listing: str, raised: Iterable[Flag]) -> list[RaisedFlag]:
    """The flags that the database does not have yet."""
    kept = set(
        connection.execute(
            "SELECT marketplace, asin, kind, keyword, day, observed_at FROM flags WHERE listing = ?",
            [listing],
        ).fetchall()
    )
    now = datetime.now(UTC)
    return [
        RaisedFlag(
            listing=listing,
            marketplace=flag.marketplace,
            asin=flag.asin or "",
            own=flag.own,
            day=flag.day,
            kind=flag.kind.value,
            severity=flag.severity.word,
            keyword=flag.keyword,
            before_at=flag.before_at,
            observed_at=flag.observed_at,
            before=_text(flag.before),
            after=_text(flag.after),
            magnitude=flag.magnitude,
            sentence=flag.sentence,
            before_fetch=flag.evidence.before_fetch,
            after_fetch=flag.evidence.after_fetch,
            sql=flag.evidence.sql,
            raised_at=now,
        )
        for flag in raised
        if (flag.marketplace, flag.asin, flag.kind.value, flag.keyword, flag.day, flag.observed_at) not in kept
    ]


def _keep(store: Store, news: list[RaisedFlag]) -> None:
    """Bring flags into the database, the way a crawl's results go: through the spool, so that none is lost."""
    if not news:
        return
    with SpoolWriter(store.spool, "flags") as writer:
        for flag in news:
            writer.flag(flag)
    store.merge()


def _text(value: Decimal | int | str | None) -> str | None:
    return None if value is None else str(value)


def _replace(path: Path, text: str) -> None:
    with written_aside(path) as file:
        file.write(text.encode("utf-8"))
