"""The `tracker` command: thin; every command composes what the other modules do."""

import asyncio
import json
import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from reports.form import Form as ReportForm
from reports.period import Asked, Days, Sort
from spiders.tasks import Job
from tracker import (
    flags,
    health,
    imports,
    keywords,
    listing,
    log,
    morning,
    pages,
    reviews,
    rivals,
    sales,
    transfer,
    unattended,
    upkeep,
)
from tracker.config import ConfigError, load
from tracker.panels import Panels
from tracker.progress import Form, FormOption, LoudOption, QuietOption, manner
from tracker.sections import known_language
from tracker.serve import command as serve
from tracker.sql import Format
from tracker.terminal import (
    DAY,
    DEFAULT_CONFIG,
    ConfigOption,
    ListingsOption,
    OpenOption,
    chosen_names,
    err,
    fail,
    out,
    said_of,
    shown,
)
from tracker.timetable import present

# What is heavy (DuckDB, Scrapy, pandas) is imported where it is needed: a scheduler, which runs for years, never does.

app = typer.Typer(
    cls=Panels,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Watch your rivals on Amazon: nightly crawl into DuckDB, comparison reports, flags with evidence.",
)

app.add_typer(transfer.app)
app.add_typer(imports.app)
app.add_typer(upkeep.app)
app.add_typer(unattended.app)
app.add_typer(serve.app)
app.add_typer(health.app)
app.add_typer(morning.app)
app.add_typer(sales.app)
app.add_typer(pages.app, name="pages")
app.add_typer(flags.app, name="flags")
app.add_typer(log.app, name="log")
app.add_typer(listing.app, name="listing")
app.add_typer(rivals.app, name="rivals")
app.add_typer(reviews.app, name="reviews")
app.add_typer(keywords.app, name="keywords")


def main() -> None:
    """Run the command. A user's mistake ends with a sentence, never a traceback: exit code 2 for the
    configuration or the command line, 1 for everything else, 130 when interrupted."""
    with _explained():
        app()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        fail(str(error), 2)
    except SystemExit:
        raise
    except (KeyboardInterrupt, asyncio.CancelledError):
        fail("stopped; what was read is kept, and the next crawl goes on from there", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full or read-only disk, a file that may not be touched
        place = f"{error.filename}: " if error.filename else ""
        fail(f"{place}{error.strerror or error}; what was read before is kept", 1)
    except _told() as error:
        fail(str(error), 1)


def _told() -> tuple[type[Exception], ...]:
    """Errors whose message is all there is to say; asked for only when something was raised."""
    from reports.forms import PrintError  # noqa: PLC0415
    from reports.page.sandbox import TemplatesError  # noqa: PLC0415
    from storage.store import StoreError  # noqa: PLC0415
    from tracker.resume import UnderWayError  # noqa: PLC0415
    from tracker.sql import QueryError  # noqa: PLC0415

    return StoreError, QueryError, UnderWayError, PrintError, TemplatesError


def starter() -> Path:
    """The commented starter configuration: in a wheel beside this module, in a checkout at its top."""
    here = Path(__file__).parent
    return next(path for path in (here / "config.toml", here.parent / "config.toml") if path.exists())


@app.command()
def init(path: Annotated[Path, typer.Argument(help="Where to write it.")] = DEFAULT_CONFIG) -> None:
    """Write a commented starter configuration. Never overwrites a file."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(starter().read_text(encoding="utf-8"))
    except FileExistsError:
        fail(f"{path}: exists already, and is left as it is", 2)
    except OSError as error:
        fail(f"{path}: cannot be written: {error.strerror}", 2)
    out.print(
        f"{shown(path)} written. Put your listings in ([bold]tracker listing add --help[/bold]), then see what a crawl "
        "would do: [bold]tracker check[/bold]",
        soft_wrap=True,
    )


@app.command()
def check(config_path: ConfigOption = DEFAULT_CONFIG) -> None:
    """Validate the configuration and show what a crawl would do: pages, requests, duration."""
    from tracker.check import show  # noqa: PLC0415

    config = load(config_path)
    if config.notify.urls:
        from tracker.notify.deliver import check as understood  # noqa: PLC0415

        understood(config, config_path)
    show(config, config_path, out)


@app.command()
def crawl(
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    listing: ListingsOption = None,
    lists: Annotated[bool, typer.Option("--lists", help="The ranked lists, too.")] = False,
    form: FormOption = Form.TEXT,
    verbose: LoudOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Crawl now: every listing, or the named ones. Goes on with a run of the same that was interrupted.

    Exit code 3 when a page could not be read; `tracker summary` tells which, and why.
    """
    from tracker.told import crawl_told  # noqa: PLC0415

    config = load(config_path)
    jobs: tuple[Job, ...] = ("products", "keywords", "lists") if lists else ("products", "keywords")
    summary = crawl_told(config, "manual", chosen_names(config, listing), manner(form, verbose, quiet=quiet), jobs)
    if not summary.complete:
        sys.exit(3)


@app.command("summary")
def show_summary(
    *,
    run_id: Annotated[str | None, typer.Argument(help="A crawl run; the newest when not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Account for a crawl run: coverage, every gap's reason, pace, and fields that went missing."""
    from storage.store import Store  # noqa: PLC0415
    from tracker.summary import of_run, record, show  # noqa: PLC0415

    found = of_run(Store(load(config_path).storage.database), run_id)
    if found is None:
        fail(f"{run_id}: no such run" if run_id else "nothing has been crawled yet; `tracker crawl` does it", 1)
    if as_json:
        typer.echo(json.dumps(record(found), ensure_ascii=False, indent=2))
    else:
        show(found, out)


@app.command()
def report(
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    listing: ListingsOption = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=3660, help="The newest so many days; by default as configured.")
    ] = None,
    period: Annotated[
        Sort | None, typer.Option(help="The newest calendar day, week or month that is over, or that of --to.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=[DAY], metavar="YYYY-MM-DD", help="The first day.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[DAY], metavar="YYYY-MM-DD", help="The last day.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="FROM..TO", help="Days to compare with; by default as many right before."),
    ] = None,
    form: Annotated[list[ReportForm] | None, typer.Option("--format", "-f", help="May be repeated.")] = None,
    language: Annotated[str | None, typer.Option(help="en, zh-Hans, …; by default as configured.")] = None,
    open_it: OpenOption = False,
) -> None:
    """Write the comparison report of every listing, or of the named ones, over any days and in any form."""
    from tracker.check import untranslated  # noqa: PLC0415
    from tracker.report import write  # noqa: PLC0415

    config = load(config_path)
    names = chosen_names(config, listing)
    begin, end = (moment and moment.date() for moment in (first, last))
    with said_of("--against", against):
        compared = Days.read(against) if against else None
    with said_of("--language", language):
        spoken = known_language(language) if language else None
    with said_of("--from and --to"):
        asked = Asked(days or config.report.days, period, begin, end, compared)
    written = write(config, names, asked, form or [ReportForm.HTML], spoken)
    for told in written.listings:
        files = "  ".join(f"[bold]{shown(path)}[/bold]" for path in told.files)
        out.print(f"{told.report.comparison.listing}: {len(told.report.flags)} flags   {files}", soft_wrap=True)
    for sentence in (*written.untold, *untranslated(spoken or config.report.language)):
        err.print(f"[yellow]{escape(sentence)}[/yellow]", soft_wrap=True)
    if written.overview:
        out.print(f"overview   [bold]{shown(written.overview)}[/bold]", soft_wrap=True)
    if open_it:
        webbrowser.open(written.first.resolve().as_uri())


@app.command()
def nightly(
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    form: FormOption = Form.TEXT,
    verbose: LoudOption = 0,
    quiet: QuietOption = False,
) -> None:
    """One night: crawl products and keywords, write the reports, tell of it, clean up. For schedules of your own."""
    from tracker.prune import as_configured  # noqa: PLC0415
    from tracker.report import write  # noqa: PLC0415
    from tracker.told import crawl_told  # noqa: PLC0415

    config = load(config_path)
    summary = crawl_told(config, "schedule", [], manner(form, verbose, quiet=quiet))
    written = write(config, [])
    out.print(f"{written.flags} flags   {shown(written.overview)}", soft_wrap=True)
    if config.notify.urls:
        from tracker.notify.tell import after  # noqa: PLC0415

        after(config, ("report",), lambda sentence: err.print(escape(sentence), soft_wrap=True))
    as_configured(config, present(), lambda sentence: err.print(f"[yellow]{escape(sentence)}[/yellow]"))
    if not summary.complete:
        sys.exit(3)


@app.command()
def demo(
    days: Annotated[int, typer.Option(min=2, max=120, help="Simulated nights.")] = 35,
    seed: Annotated[int, typer.Option(help="Which simulated world.")] = 7,
    folder: Annotated[
        Path, typer.Option(help="Where its data and reports go; an earlier demo there is replaced.")
    ] = Path("demo"),
    open_it: OpenOption = False,
) -> None:
    """See it work: simulate a marketplace, crawl it night by night, and report. No account, no config."""
    from tracker.demo.run import DemoError, run  # noqa: PLC0415

    try:
        overview = run(folder, days, seed, out)
    except DemoError as error:
        fail(str(error), 1)
    if open_it or (sys.stdin.isatty() and sys.stdout.isatty() and typer.confirm("Open the report?", default=True)):
        webbrowser.open(overview.resolve().as_uri())


@app.command()
def sql(
    question: Annotated[str, typer.Argument(help="SQL, in DuckDB's dialect; see storage/SQL.md for the tables.")],
    config_path: ConfigOption = DEFAULT_CONFIG,
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the answer.")] = Format.TABLE,
) -> None:
    """Ask the database (read-only)."""
    from tracker.sql import ask  # noqa: PLC0415

    ask(load(config_path).storage.database, question, form)


@app.command()
def read(
    page: Annotated[Path, typer.Argument(help="A saved page: .html or .html.gz.")],
    url: Annotated[str | None, typer.Option(help="Its address, when the page does not tell.")] = None,
    marketplace: Annotated[
        str | None, typer.Option(help="Its marketplace, when the page does not tell: com, de …")
    ] = None,
) -> None:
    """Read one saved page and print its record as JSON."""
    from storage.marketplaces import MARKETPLACES  # noqa: PLC0415
    from tracker.read import UnreadableError, read_file  # noqa: PLC0415

    code = marketplace.lower().removeprefix("www.").removeprefix("amazon.") if marketplace else None
    if code and code not in MARKETPLACES:
        fail(f"--marketplace {marketplace!r}: unknown; one of {', '.join(MARKETPLACES)}", 2)
    try:
        record = read_file(page, url, code)
    except UnreadableError as error:
        fail(str(error), 1)
    typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
