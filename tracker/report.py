"""Writes the reports of a configuration: one page per listing and the overview that links them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reports.compare import compare
from reports.crawled import lately
from reports.flags import Flag
from reports.page.render import OverviewItem, render, render_overview
from reports.stored import moves_since, told
from storage.aside import written_aside
from storage.store import SegmentError, Store, StoreBusyError, StoreError
from tracker.config import Config
from tracker.crawl import chosen
from tracker.judging import renew


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
    unkept = renew(config)
    with store.reading() as connection:
        for listing in chosen(config, names):
            try:
                comparison = compare(connection, listing.name, days=days)
            except LookupError as error:
                untold.append(str(error))
                continue
            raised = told(connection, listing.name, comparison.days[0], comparison.days[-1], unkept.get(listing.name))
            path = folder / f"{listing.name}.html"
            moves = moves_since(connection, listing.name, comparison.days[0], comparison.days[-1])
            _replace(path, render(comparison, raised, moves=moves, language=config.report.language))
            items.append(OverviewItem(comparison=comparison, flags=raised, href=path.name))
            listings.append((listing.name, path, len(raised)))
        crawls = lately(connection)
    if not items:
        raise StoreError("; ".join(untold))
    overview = None if names else folder / "index.html"
    if overview:
        _replace(overview, render_overview(items, language=config.report.language, crawls=crawls))
    raised_by_listing = {item.comparison.listing: list(item.flags) for item in items}
    return Written(listings=listings, overview=overview, flags=raised_by_listing, untold=untold)


def _replace(path: Path, text: str) -> None:
    with written_aside(path) as file:
        file.write(text.encode("utf-8"))
