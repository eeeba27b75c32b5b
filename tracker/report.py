"""Writes the reports of a configuration: for each listing its forms, and the overview that links the pages."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as changed
from functools import partial
from pathlib import Path
from typing import TypeVar

from reports.crawled import Crawled, lately
from reports.forms import Form, Printer, made
from reports.gather import many_objects
from reports.page.checklist import render_checklist
from reports.page.render import OverviewItem, render_overview
from reports.page.sandbox import TemplatesError
from reports.period import Asked
from reports.report import Report, Reports
from storage.aside import written_aside
from storage.store import SegmentError, Store, StoreBusyError, StoreError
from tracker.checklist import NAME as CHECKLIST
from tracker.checklist import rounds, troubles
from tracker.config import Config
from tracker.crawl import chosen
from tracker.judging import renew

T = TypeVar("T", bytes, str)


@dataclass(frozen=True)
class Told:
    """One listing's report, and the files that tell it, one for each form asked for."""

    report: Report
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Written:
    """What was written: listing by listing, and the overview of all."""

    listings: list[Told]
    overview: Path | None
    """None when only some listings, or no pages, were asked for: the overview keeps showing all."""
    untold: list[str]
    """Why there is no report of a listing (it has not been crawled yet), or none in the user's own templates: one
    sentence each."""

    @property
    def first(self) -> Path:
        """What to open."""
        return self.overview or self.listings[0].files[0]

    @property
    def flags(self) -> int:
        """How many are told."""
        return sum(len(told.report.flags) for told in self.listings)


@many_objects()
def write(
    config: Config,
    names: Iterable[str],
    asked: Asked | None = None,
    forms: Sequence[Form] = (Form.HTML,),
    language: str | None = None,
) -> Written:
    """Report on the named listings (all by default), by default over the days and in the language configured.

    The newest days stand in files that every report replaces; those of a period asked for have its days in their name.
    A file is replaced whole: who has it open never sees half of it.

    Raises:
        StoreError: there is no data yet, or the database is in use.
        PrintError: there is no browser to print a PDF with.
    """
    folder, language = config.report.folder, language or config.report.language
    names, asked = tuple(names), asked or Asked(config.report.days)
    reports, untold, crawls = gathered(config, names, asked)
    listings = [Told(each, tuple(folder / f"{_name(asked, each)}.{form}" for form in forms)) for each in reports]
    overview = None
    if not names and Form.HTML in forms:
        overview = folder / f"index{suffix(asked, max(reports, key=lambda each: each.period.days.last))}.html"
    with printer_for(config, forms) as printer:
        # What a browser has to print comes last: where there is none, everything else is written all the same.
        for n, form in sorted(enumerate(forms), key=lambda numbered: numbered[1] is Form.PDF):
            for told in listings:
                make = partial(made, told.report, form, language, printer=printer)
                replace(told.files[n], own_or_built_in(make, config.report.templates, untold))
            if overview and form is Form.HTML:
                items = [OverviewItem(told.report, told.files[n].name) for told in listings]
                newest = not suffix(asked, reports[0])
                make_overview = partial(
                    render_overview, items, language=language, crawls=crawls, round_href=CHECKLIST if newest else ""
                )
                replace(overview, own_or_built_in(make_overview, config.report.templates, untold).encode())
                if newest:  # of the last night: it is what is to be done this morning
                    found, wrong = rounds(reports, language), troubles(config, crawls, language)
                    make_round = partial(render_checklist, found, wrong, language=language)
                    round_made = own_or_built_in(make_round, config.report.templates, untold)
                    replace(folder / CHECKLIST, round_made.encode())
    return Written(listings, overview, untold)


def gathered(config: Config, names: Sequence[str], asked: Asked) -> tuple[list[Report], list[str], Sequence[Crawled]]:
    """The reports of the named listings (all when none is named) on these days, why there is none of some, and what the
    last crawls read. What waits in the spool is merged, and what is not judged yet is judged, before.

    Raises:
        StoreError: there is no data of any of them yet, or the database is in use.
    """
    store = Store(config.storage.database)
    with suppress(StoreBusyError, SegmentError):  # what is merged already can be reported all the same
        store.merge()
    reports: list[Report] = []
    untold: list[str] = []
    unkept = renew(config)
    with store.reading() as connection:
        library = Reports(connection)
        for listing in chosen(config, names):
            try:
                found = library.of(listing.name, asked, unkept.get(listing.name))
                words = [each.keyword for each in listing.keywords]
                reports.append(changed(found, proposals=found.proposals.left(listing.rivals, words)))
            except LookupError as error:
                untold.append(str(error))
        crawls = [] if names else lately(connection)
    if not reports:
        raise StoreError("; ".join(untold))
    return reports, untold, crawls


def own_or_built_in(make: Callable[..., T], templates: Path | None, untold: list[str]) -> T:
    """What the user's own templates make. A mistake in one costs no report: it is told, and those built in are used."""
    try:
        return make(templates=templates)
    except TemplatesError as error:
        sentence = f"{error}. What it is for is written with the built-in templates"
        untold += [sentence] if sentence not in untold else []
        return make(templates=None)


def printer_for(config: Config, forms: Sequence[Form]) -> Printer:
    """What prints a PDF where one is among these forms."""
    if Form.PDF not in forms:
        return Printer()
    from spiders.browser import launch_options  # noqa: PLC0415  with it comes Scrapy

    return Printer(**launch_options(str(config.crawl.chromium) if config.crawl.chromium else None))


def _name(asked: Asked, report: Report) -> str:
    return report.comparison.listing + suffix(asked, report)


def suffix(asked: Asked, report: Report) -> str:
    """What a period that was asked for adds to the name of a file."""
    days = report.period.days
    if not (asked.sort or asked.first or asked.last):
        return ""
    return {
        "day": f"-{days.first}",
        "week": f"-{days.first:%G-W%V}",
        "month": f"-{days.first:%Y-%m}",
        None: f"-{days.first}_{days.last}",
    }[report.period.sort]


def replace(path: Path, content: bytes) -> None:
    """Write a file whole: who has it open never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(path) as file:
        file.write(content)
