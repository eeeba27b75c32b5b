"""Makes what is served: a page, a file or an index, from the database as it is at that moment."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from threading import Lock
from typing import Any

from reports.compare import newest
from reports.crawled import lately
from reports.forms import Form, Printer, made
from reports.judging import ALL, stale
from reports.nights import Night, Told, gravest, nights
from reports.page.document import Frame, asset, document, fragment
from reports.page.render import OverviewItem, render, render_overview
from reports.period import ONE, Asked
from reports.report import Report, Reports
from reports.sentences import Said, sentence
from reports.watched import Era
from reports.wording import Wording
from spiders.browser import launch_options
from storage.marketplaces import MARKETPLACES
from storage.store import Store
from tracker.config import Config
from tracker.judging import rules
from tracker.serve.address import Address
from tracker.serve.bar import Bar, bar, languages

LATELY = 14
"""Nights of each listing that the index shows."""
TOLD = 3
"""Flags of each listing's newest night that the index tells."""
UNJUDGED = "What changed from {day:day} on has not been judged yet; `tracker report` does it."
UNJUDGED_AT_ALL = "What changed has not been judged by the rules in force yet; `tracker report` does it."


class MissingError(Exception):
    """There is no such thing; ``said`` tells what there is."""

    def __init__(self, text: str, **facts: Any) -> None:
        super().__init__(text)
        self.said = Said(text, facts)


NO_LISTING = "No listing is called {name}; there is {known:list}"
NO_NIGHT = "Nothing had been crawled for {name} by then; its first day is {first:day}"
NO_FILE = "There is no file {name} in the folder of reports"
NOTHING = "Nothing has been crawled for {name} yet; `tracker crawl` does it"


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, whole."""

    body: bytes
    tag: str
    """Changes with the body."""
    type: str = "text/html"
    file: str | None = None
    """What to call it when it is to be saved, and not shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One listing on the index."""

    name: str
    href: str
    host: str
    asin: str
    night: Night | None
    """Its newest; None where no page of late was read."""
    told: list[tuple[Told, str]]
    """The gravest flags of that night, each with its sentence."""
    nights: list[tuple[date, Night | None, str]]
    """The days up to it, each with the address of its report."""

    @property
    def gravity(self) -> tuple[int, ...]:
        return (self.night.high, self.night.medium, self.night.low) if self.night else (0, 0, 0)


def _page(text: str) -> Page:
    """An HTML page."""
    body = text.encode("utf-8")
    return Page(body, sha256(body).hexdigest()[:32])


def _file(body: bytes, name: str) -> Page:
    return Page(body, sha256(body).hexdigest()[:32], guess_type(name)[0] or "application/octet-stream", name)


class Pages:
    """Makes pages from the database of a configuration. Its methods may be called from several threads."""

    def __init__(self, config: Config, wait: float = 5.0) -> None:
        self._config = config
        self._store = Store(config.storage.database, wait)
        self._folder = config.report.folder
        self._templates = config.report.templates
        self._turn = Lock()
        chromium = config.crawl.chromium
        self._printer = Printer(**launch_options(str(chromium) if chromium else None))

    @property
    def version(self) -> tuple[int, ...]:
        """Changes when the database does, which is replaced and never written to, or a template of the user's."""
        files = [self._store.path, *(sorted(self._templates.rglob("*")) if self._templates else ())]
        stats = [path.stat() for path in files if path.exists()]
        return tuple(number for each in stats for number in (each.st_ino, each.st_mtime_ns, each.st_size))

    def language(self, asked: str | None) -> str:
        """The language of a page: as asked for, else as configured."""
        return asked or self._config.report.language.replace("-", "_")

    def index(self, language: str | None) -> Page:
        """All listings with what their newest night brought, their nights of late, and the files of earlier reports.

        Raises:
            StoreError: there is no database, or it cannot be read.
        """
        words = self._words(language)
        with self._reading() as reports:
            known = newest(reports.con)
            since = min(known.values(), default=datetime.now(UTC)) - timedelta(days=LATELY + 2)
            seen = nights(reports.con, since)
            grave = gravest(reports.con, TOLD)
            lists = reports.lists
        entries = [
            _entry(Address(name, language=language), lists.at(name, at), seen.get(name, []), grave.get(name, []), words)
            for name, at in sorted(known.items())
        ]
        entries.sort(key=lambda entry: tuple(-n for n in entry.gravity))
        return _page(
            document(
                "served.html",
                words,
                scripts=(asset("page.js"),),
                frame=_frame(words, _home(words)),
                entries=entries,
                files=self.files(),
                overview=Address(None, language=language).href,
                newest=max(known.values(), default=None),
            )
        )

    def report(self, address: Address) -> Page:
        """The report of a listing, or the overview of all, as the address asks for it.

        Raises:
            MissingError: there is no such listing, or nothing had been crawled for it then.
            StoreError: there is no database, or it cannot be read.
            TemplatesError: a template of the user's own cannot be used.
            PrintError: there is no browser that could print a PDF.
        """
        if address.listing is None:
            return self._overview(address)
        with self._reading() as reports:
            found = self._of(reports, address.listing, address.asked)
            known = nights(reports.con, datetime.min.replace(tzinfo=UTC), address.listing)[address.listing]
            first = stale(reports.con, rules(self._config), reports.lists).get(address.listing)
            names = sorted(newest(reports.con))
        language = self.language(address.language)
        if address.form is not Form.HTML:
            body = made(found, address.form, language, printer=self._printer, templates=self._templates)
            return _file(body, f"{address.listing}-{found.period.days.last}.{address.form}")
        words = self._words(address.language)
        shown = bar(address, words, names, known=known, period=found.period, warning=_unjudged(found, first))
        return _page(render(found, language=language, frame=_frame(words, shown), templates=self._templates))

    def _overview(self, address: Address) -> Page:
        items, period = [], None
        with self._reading() as reports:
            names = sorted(newest(reports.con))
            for name in names:
                with suppress(LookupError):  # it was not watched then
                    found = reports.of(name, address.asked)
                    items.append(OverviewItem(found, replace(address, listing=name).href))
                    period = found.period
            crawls = lately(reports.con)
        words = self._words(address.language)
        return _page(
            render_overview(
                items,
                language=self.language(address.language),
                crawls=crawls,
                frame=_frame(words, bar(address, words, names, period=period)),
                templates=self._templates,
            )
        )

    def close(self) -> None:
        """Let the browser that prints go."""
        self._printer.__exit__(None, None, None)

    def wrong(self, said: Said, language: str | None, home: str = "/") -> str:
        """A page that says why there is none."""
        words = self._words(language)
        return document(
            "sentence.html",
            words,
            scripts=(asset("page.js"),),
            frame=_frame(words, _home(words)),
            sentence=said,
            home=home,
        )

    def files(self) -> list[tuple[str, datetime]]:
        """The reports that lie in the folder of reports, each with when it was written (UTC), the newest first."""
        if not self._folder.is_dir():
            return []
        found = [
            (path.relative_to(self._folder).as_posix(), datetime.fromtimestamp(path.stat().st_mtime, UTC))
            for path in self._folder.rglob("*")
            if path.suffix.removeprefix(".") in set(Form) and path.is_file() and not path.is_symlink()
        ]
        return sorted(found, key=lambda file: (-file[1].timestamp(), file[0]))

    def file(self, name: str) -> Path:
        """One of them.

        Raises:
            MissingError: there is no such file.
        """
        if name not in {known for known, _ in self.files()}:
            raise MissingError(NO_FILE, name=name)
        return self._folder / name

    def _of(self, reports: Reports, name: str, asked: Asked) -> Report:
        names = sorted(newest(reports.con))
        if name not in reports.lists.names:
            raise MissingError(NO_LISTING, name=name, known=names)
        if name not in names:
            raise MissingError(NOTHING, name=name)
        try:
            return reports.of(name, asked)
        except LookupError:
            first = nights(reports.con, datetime.min.replace(tzinfo=UTC), name).get(name)
            if not first:
                raise MissingError(NOTHING, name=name) from None
            raise MissingError(NO_NIGHT, name=name, first=first[0].day) from None

    @contextmanager
    def _reading(self) -> Iterator[Reports]:
        """The reports of the database as it is now. One reader at a time: DuckDB shares what a process has open by its
        path, so that a second one would see the database that the first has open, and not the one in its place."""
        with self._turn, self._store.reading() as connection:
            yield Reports(connection)

    def _words(self, language: str | None) -> Wording:
        return Wording(self.language(language), "USD", "UTC")


def _entry(address: Address, era: Era | None, seen: list[Night], grave: list[Told], words: Wording) -> Entry:
    last = seen[-1] if seen else None
    by_day = {night.day: night for night in seen}
    days = [last.day - n * ONE for n in reversed(range(LATELY))] if last else []
    return Entry(
        address.listing or "",
        address.href,
        host=MARKETPLACES[era.marketplace].host if era else "",
        asin=era.asin if era else "",
        night=last,
        told=[
            (each, sentence(each.says, each.facts, str(words.locale)))
            for each in grave
            if last and each.day == last.day
        ],
        nights=[(day, by_day.get(day), address.over(Asked(sort="day", last=day)).href) for day in days],
    )


def _frame(words: Wording, offered: Bar) -> Frame:
    return Frame(fragment("browse.html", words, offered=offered), asset("browse.css"))


def _home(words: Wording) -> Bar:
    return Bar(languages(words, lambda tag: f"/?lang={tag.replace('_', '-')}"))


def _unjudged(found: Report, first: date | None) -> Said | None:
    """What is to be said when days of the report have not been judged, from ``first`` on."""
    if first is None or first > found.period.days.last:
        return None
    return Said(UNJUDGED_AT_ALL) if first == ALL else Said(UNJUDGED, {"day": first})
