"""`tracker pages`: the archive of raw pages: show one, verify all, remove what is not to be kept, export."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from storage import inventory
from storage.archive import Archive, ArchiveError, PageGoneError
from storage.aside import written_aside
from storage.marketplaces import MARKETPLACES
from tracker.config import Config, load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, err, fail, out, shown
from tracker.timetable import present

app = typer.Typer(no_args_is_help=True, help="The archive of raw pages: show, verify, prune, export.")

_DAY = ["%Y-%m-%d"]


@app.command()
def get(
    page_hash: Annotated[
        str, typer.Argument(metavar="HASH", help="The page's SHA-256, as in page_fetch.page_hash.", show_default=False)
    ],
    file: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it here instead of to the terminal.")
    ] = None,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write one page as it came, byte for byte."""
    archive = Archive(load(config_path).storage.pages)
    digits = page_hash.strip().lower()
    if len(digits) != 64 or not set(digits) <= set("0123456789abcdef"):
        fail(f"{page_hash!r}: not the hash of a page, which is 64 hexadecimal digits; see page_fetch.page_hash", 2)
    try:
        body = archive.get(digits)
    except ArchiveError as error:
        fail(str(error), 1)
    if file is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    with written_aside(file) as part:
        part.write(body)


@app.command()
def verify(config_path: ConfigOption = DEFAULT_CONFIG) -> None:
    """Restore every page and compare it with its hash. Exit code 1 when one is damaged."""
    from tracker.prune import named  # noqa: PLC0415  with DuckDB, heavy

    config = load(config_path)
    archive = Archive(config.storage.pages)
    pages = inventory.scan(archive.root)
    with _progress("verifying", len(pages)) as advance:
        wrong = inventory.verify(archive, pages, advance)
    for page_hash, why in sorted(wrong.items()):
        err.print(f"[red]{page_hash}: {escape(why)}[/red]", soft_wrap=True)
    if config.storage.database.exists():
        gone = named(config).keys() - pages.keys()
        if gone:
            err.print(f"{len(gone)} pages that fetches name are not in the archive: pruned, or lost.", soft_wrap=True)
    if wrong:
        fail(f"{len(wrong)} of {len(pages)} pages in {archive.root} cannot be restored", 1)
    size = sum(kept.size for kept in pages.values())
    deltas = sum(kept.base is not None for kept in pages.values())
    out.print(
        f"{len(pages)} pages are sound ({deltas} of them deltas), {decimal(size)}   {shown(archive.root)}",
        soft_wrap=True,
    )


@app.command()
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    unnamed: Annotated[
        bool, typer.Option("--unnamed", help="Go on even when the database names less than half of the pages.")
    ] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Remove pages that no fetch names, and those beyond keep_days and keep_gb of config.toml.

    Without these two keys every page that a fetch names is kept for good. What a page that stays was written against
    stays with it.
    """
    from tracker.prune import PruneError  # noqa: PLC0415
    from tracker.prune import prune as prune_archive  # noqa: PLC0415

    config = load(config_path)
    try:
        pruned = prune_archive(config, present(), dry_run=dry_run, unnamed=unnamed)
    except PruneError as error:
        fail(str(error), 1)
    done = "would be removed" if dry_run else "removed"
    out.print(
        f"{pruned.pages} pages ({decimal(pruned.size)}) and {pruned.leftovers} unfinished files {done}; "
        f"{pruned.kept} pages stay   {shown(config.storage.pages)}",
        soft_wrap=True,
    )


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The WARC file to write: pages.warc.gz.", show_default=False)],
    *,
    since: Annotated[datetime | None, typer.Option(formats=_DAY, help="First day (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Last day (UTC).")] = None,
    asin: Annotated[list[str] | None, typer.Option(help="Only pages of this product (may be repeated).")] = None,
    marketplace: Annotated[
        list[str] | None, typer.Option(help="Only pages of this marketplace: com, de … (may be repeated).")
    ] = None,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write pages as a standard web archive (WARC 1.1): a record per fetch that has a page."""
    from storage import warc  # noqa: PLC0415

    for code in marketplace or ():
        if code not in MARKETPLACES:
            fail(f"--marketplace {code!r}: unknown; one of {', '.join(MARKETPLACES)}", 2)
    config = load(config_path)
    fetches = _fetches(config, since, until, asin, marketplace)
    left_out: dict[str, ArchiveError] = {}
    with _progress("exporting", len(fetches)) as advance:

        def captured() -> Iterator[warc.Captured]:
            archive = Archive(config.storage.pages)
            for page_hash, url, observed_at in fetches:
                advance()
                try:
                    yield warc.Captured(url, observed_at, archive.get(page_hash))
                except ArchiveError as error:
                    left_out[page_hash] = error

        count = warc.write(
            file,
            captured(),
            software=f"rival-tracker/{version('rival-tracker')}",
            description="Raw pages as their server sent them, after decoding; HTTP headers were not kept",
        )
    out.print(f"{count} pages   {shown(file)}", soft_wrap=True)
    damaged = [error for error in left_out.values() if not isinstance(error, PageGoneError)]
    if len(left_out) > len(damaged):
        err.print(f"{len(left_out) - len(damaged)} pages are no longer in the archive and were left out.")
    if damaged:
        fail("\n".join(f"left out: {error}" for error in damaged), 1)


def _fetches(
    config: Config,
    since: datetime | None,
    until: datetime | None,
    asins: Sequence[str] | None,
    marketplaces: Sequence[str] | None,
) -> list[tuple[str, str, datetime]]:
    """Page, address and time of every fetch that is wanted and has a page, in order of time."""
    from storage.store import Store  # noqa: PLC0415

    wanted: dict[str, Any] = {
        "observed_at >= ?": since and _utc(since),
        "observed_at < ?": until and _utc(until) + timedelta(days=1),
        "asin IN (SELECT unnest(?))": asins,
        "marketplace IN (SELECT unnest(?))": marketplaces,
    }
    given = {condition: value for condition, value in wanted.items() if value}
    where = " AND ".join(["page_hash IS NOT NULL", *given])
    with Store(config.storage.database).reading() as connection:
        return connection.execute(
            f"SELECT page_hash, url, observed_at FROM page_fetch WHERE {where} ORDER BY observed_at, fetch_id",  # noqa: S608  our own words
            list(given.values()),
        ).fetchall()


def _utc(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)


@contextmanager
def _progress(what: str, total: int) -> Iterator[Any]:
    """A progress bar at the terminal; called, it advances by one."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task(what, total=total)
        yield lambda: progress.advance(bar)
