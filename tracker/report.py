"""Writes the reports of a configuration: one page per listing and the overview that links them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.compare import compare
from reports.flags import Flag, flags
from reports.render import OverviewItem, render, render_overview
from storage.store import Store
from tracker.config import Config
from tracker.crawl import chosen


@dataclass(frozen=True)
class Written:
    """The files of one report: (listing, file, flags raised) for each listing, and the overview."""

    listings: list[tuple[str, Path, int]]
    overview: Path
    flags: dict[str, list[Flag]]


def write(config: Config, names: Iterable[str], days: int) -> Written:
    """Report on the named listings (all by default) over the last ``days`` days of their data.

    A file is replaced whole: who has it open never sees half of it.

    Raises:
        StoreError: there is no data yet, or the database is in use.
    """
    store = Store(config.storage.database)
    store.merge()
    folder = config.report.folder
    folder.mkdir(parents=True, exist_ok=True)
    items, found, listings = [], {}, []
    with store.reading() as connection:
        for listing in chosen(config, names):
            comparison = compare(connection, listing.name, days=days)
            raised = flags(comparison)
            path = folder / f"{listing.name}.html"
            _replace(path, render(comparison, raised, language=config.report.language))
            items.append(OverviewItem(comparison=comparison, flags=raised, href=path.name))
            found[listing.name] = raised
            listings.append((listing.name, path, len(raised)))
    overview = folder / "index.html"
    _replace(overview, render_overview(items, language=config.report.language))
    return Written(listings=listings, overview=overview, flags=found)


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
