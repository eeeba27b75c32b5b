"""Makes what is served: a page, a file or an index, from the database as it is at that moment."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from reports.forms import Form, Printer, made
from reports.nights import Night, Told
from reports.page.document import Frame, asset, document, fragment
from reports.page.render import OverviewItem, render, render_overview
from reports.period import ONE, Asked
from reports.sentences import Said, sentence
from reports.wording import Wording
from spiders.browser import launch_options
from storage.marketplaces import MARKETPLACES
from tracker.config import Config
from tracker.serve.address import Address
from tracker.serve.bar import Bar, bar, languages
from tracker.serve.found import LATELY, Database, Listed, MissingError

NO_FILE = "There is no file {name} in the folder of reports"


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
        """``wait``: seconds for which a database in use is waited for."""
        self._database = Database(config, wait)
        self._language = config.report.language.replace("-", "_")
        self._folder = config.report.folder
        self._templates = config.report.templates
        chromium = config.crawl.chromium
        self._printer = Printer(**launch_options(str(chromium) if chromium else None))

    @property
    def version(self) -> tuple[int, ...]:
        """Changes when the database does, or a template of the user's own."""
        own = sorted(self._templates.rglob("*")) if self._templates else []
        return (*self._database.version, *(path.stat().st_mtime_ns for path in own if path.exists()))

    def index(self, language: str | None) -> Page:
        """All listings with what their newest night brought, their nights of late, and the files of earlier reports.

        Raises:
            StoreError: there is no database, or it cannot be read.
        """
        words, listed = self._words(language), self._database.listed()
        entries = [_entry(each, Address(each.name, language=language), words) for each in listed]
        return _page(
            document(
                "served.html",
                words,
                scripts=(asset("page.js"),),
                frame=_frame(words, _home(words)),
                entries=sorted(entries, key=lambda entry: entry.gravity, reverse=True),
                files=self.files(),
                overview=Address(None, language=language).href,
                newest=max((each.newest for each in listed), default=None),
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
        words = self._words(address.language)
        if address.listing is None:
            return self._overview(address, words)
        found = self._database.report(address.listing, address.asked)
        report, language = found.report, str(words.locale)
        if address.form is not Form.HTML:
            body = made(report, address.form, language, printer=self._printer, templates=self._templates)
            return _file(body, f"{address.listing}-{report.period.days.last}.{address.form}")
        shown = bar(address, words, found.names, known=found.nights, period=report.period, warning=found.warning)
        return _page(render(report, language=language, frame=_frame(words, shown), templates=self._templates))

    def _overview(self, address: Address, words: Wording) -> Page:
        reports, crawls = self._database.overview(address.asked)
        period = next((report.period for report in reports.values()), None)
        return _page(
            render_overview(
                [OverviewItem(report, replace(address, listing=name).href) for name, report in reports.items()],
                language=str(words.locale),
                crawls=crawls,
                frame=_frame(words, bar(address, words, list(reports), period=period)),
                templates=self._templates,
            )
        )

    def close(self) -> None:
        """Let go what is held: the browser that prints."""
        self._database.close()
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
        inside = self._folder.resolve()
        found = [
            (path.relative_to(self._folder).as_posix(), datetime.fromtimestamp(path.stat().st_mtime, UTC))
            for path in self._folder.rglob("*")
            if path.suffix.removeprefix(".") in set(Form) and path.is_file() and path.resolve().is_relative_to(inside)
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

    def _words(self, language: str | None) -> Wording:
        """The language of a page: as asked for, else as configured."""
        return Wording(language or self._language, "USD", "UTC")


def _entry(listed: Listed, address: Address, words: Wording) -> Entry:
    era, last = listed.era, listed.nights[-1] if listed.nights else None
    by_day = {night.day: night for night in listed.nights}
    days = [last.day - n * ONE for n in reversed(range(LATELY))] if last else []
    return Entry(
        listed.name,
        address.href,
        host=MARKETPLACES[era.marketplace].host if era else "",
        asin=era.asin if era else "",
        night=last,
        told=[
            (each, sentence(each.says, each.facts, str(words.locale)))
            for each in listed.told
            if last and each.day == last.day
        ],
        nights=[(day, by_day.get(day), address.over(Asked(sort="day", last=day)).href) for day in days],
    )


def _frame(words: Wording, offered: Bar) -> Frame:
    return Frame(fragment("browse.html", words, offered=offered), asset("browse.css"))


def _home(words: Wording) -> Bar:
    return Bar(languages(words, lambda tag: f"/?lang={tag.replace('_', '-')}"))
