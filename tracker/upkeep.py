"""Upkeep of what is stored: `tracker reparse`, `doctor`, `backup` and `restore`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from storage.marketplaces import MARKETPLACES
from tracker.config import Config, load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, err, fail, out, shown
from tracker.timetable import present

if TYPE_CHECKING:
    from tracker.reparse import Reparsed

app = typer.Typer()

_DAY = ["%Y-%m-%d"]
_MOST_SHOWN = 20
_LONGEST = 60
"""Characters of a value in an example."""


@app.command("reparse")
def reparse_pages(
    *,
    since: Annotated[datetime | None, typer.Option(formats=_DAY, help="First day (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Last day (UTC).")] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            help="Correct only pages of which this column differs: price, bsr_observation.rank … (may be repeated). "
            "Their whole new record is stored, since one page is one reading; a page that differs elsewhere only is "
            "left as it is, and is found again by the next call.",
        ),
    ] = None,
    listing: Annotated[
        list[str] | None, typer.Option("--listing", "-l", help="Only products and keywords of this listing.")
    ] = None,
    asin: Annotated[list[str] | None, typer.Option(help="Only pages of this product (may be repeated).")] = None,
    marketplace: Annotated[list[str] | None, typer.Option(help="Only pages of this marketplace: com, de …")] = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="Those too that this version has read already; stopped, it begins anew."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Read the archived pages again with this version's page objects, and correct what they read better.

    What was stored before stays, in the schema "superseded". Stopped or killed, the next call goes on. Results pages
    of a keyword are read together with the others of their crawl: positions are counted over them.
    """
    from storage.rereading import Wanted  # noqa: PLC0415  with DuckDB, heavy
    from storage.store import Store  # noqa: PLC0415
    from tracker.reparse import reparse  # noqa: PLC0415

    for code in marketplace or ():
        if code not in MARKETPLACES:
            fail(f"--marketplace {code!r}: unknown; one of {', '.join(MARKETPLACES)}", 2)
    config = load(config_path)
    wanted = Wanted(
        since=since and since.replace(tzinfo=UTC),
        until=until and until.replace(tzinfo=UTC) + timedelta(days=1),
        marketplaces=marketplace or None,
        asins=asin or None,
        subjects=_subjects(config, listing) if listing else None,
        every=every,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task("reading", total=None)
        done = reparse(
            Store(config.storage.database),
            config.storage.pages,
            wanted,
            clock=present,
            fields=fields or (),
            dry_run=dry_run,
            on_plan=lambda total: progress.update(bar, total=total),
            on_pages=lambda count: progress.advance(bar, count),
        )
    _show(done, dry_run=dry_run)


@app.command("doctor")
def look_after(
    *,
    deep: Annotated[bool, typer.Option("--deep", help="Tell all changes anew in a copy, and compare.")] = False,
    pages: Annotated[bool, typer.Option("--pages", help="Restore every archived page.")] = False,
    mend: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Before that, do what is safe: merge the spool, make views and changes anew, remove what processes "
            "that have ended left behind. No fact is touched.",
        ),
    ] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Examine the database, its spool and the archive. Exit code 1 when something is wrong.

    Every row is read, so that every block is compared with its checksum. Nothing is changed without --repair.
    """
    from tracker.doctor import Kind, examine, repair  # noqa: PLC0415

    config = load(config_path)
    wrong = 0
    styles = {Kind.SOUND: "", Kind.NOTE: "yellow", Kind.WRONG: "red"}
    for finding in (*(repair(config, present()) if mend else ()), *examine(config, present(), deep=deep, pages=pages)):
        wrong += finding.kind is Kind.WRONG
        out.print(
            f"{finding.kind.value + ':':<6} {finding.sentence}",
            style=styles[finding.kind],
            markup=False,
            soft_wrap=True,
        )
    if wrong:
        fail(f"{wrong} things are wrong" if wrong > 1 else "1 thing is wrong", 1)


@app.command("backup")
def make_backup(
    *,
    target: Annotated[
        Path | None, typer.Argument(help="Folder of backups; by default [storage] backups of config.toml.")
    ] = None,
    pages: Annotated[
        bool, typer.Option("--pages", help="Archived pages too: those that the folder does not have yet.")
    ] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Then remove all but the newest so many backups; pages stay.")
    ] = None,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Back up the database, whole and checked, at any time: crawls and readers may go on.

    Each backup is a folder named by its instant (UTC), with the database, what waited in the spool, and a manifest.
    """
    back_up_to(load(config_path), target, pages=pages, keep=keep)


def back_up_to(config: Config, target: Path | None, *, pages: bool = False, keep: int | None = None) -> None:
    """Back up into ``target`` (by default as configured), and say what was done; arguments as for the command."""
    from storage.backup import PAGES, BackupError, back_up, copy_pages, thin_out  # noqa: PLC0415
    from storage.store import Store, StoreError  # noqa: PLC0415

    target = target or config.storage.backups or config.storage.database.parent / "backups"
    store = Store(config.storage.database)
    try:
        store.merge()
    except StoreError as error:
        err.print(f"[yellow]{escape(str(error))}\nWhat waits is copied along.[/yellow]", soft_wrap=True)
    try:
        folder, manifest = back_up(store, target, present())
    except BackupError as error:
        fail(str(error), 1)
    out.print(f"{sum(manifest.rows.values()):,} rows, {decimal(manifest.bytes)}   {shown(folder)}", soft_wrap=True)
    if pages:
        with Progress(console=err, transient=True) as progress:
            bar = progress.add_task("copying pages", total=None)
            count = copy_pages(config.storage.pages, target / PAGES, lambda: progress.advance(bar))
        out.print(f"{count} pages that were not there yet   {shown(target / PAGES)}", soft_wrap=True)
    if keep and (removed := thin_out(target, keep, present())):
        out.print(f"{len(removed)} older backups removed")


@app.command("restore")
def restore_backup(
    backup: Annotated[Path, typer.Argument(help="The folder of one backup.", show_default=False)],
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Put a backup in the place of the database. The present database is set aside, never removed.

    Refused while a crawl is under way, and when the backup is not what it was or is a newer version's. What still
    waits in the spool stays, and is merged into what was restored; pages that the backup has and the archive has not
    are put back.
    """
    from storage.backup import PAGES, BackupError, copy_pages, restore  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    store = Store(config.storage.database)
    try:
        aside = restore(store, backup, present())
    except BackupError as error:
        fail(str(error), 1)
    out.print(f"{shown(backup)} is now {shown(store.path)}", soft_wrap=True)
    if aside:
        out.print(
            f"The database of before is at {shown(aside)}; what it took in since the backup is there only",
            soft_wrap=True,
        )
    if count := copy_pages(backup.resolve().parent / PAGES, config.storage.pages):
        out.print(f"{count} pages put back into {shown(config.storage.pages)}", soft_wrap=True)
    if segments := store.merge():
        out.print(f"{segments} segments of the spool, written before or since, were merged into it")


def _subjects(config: Config, names: list[str]) -> list[tuple[str, str]]:
    listings = {each.name: each for each in config.listings()}
    for name in names:
        if name not in listings:
            fail(f"--listing {name!r}: no such listing; there is {', '.join(listings)}", 2)
    return [
        (listings[name].marketplace, subject)
        for name in names
        for subject in (
            listings[name].asin,
            *listings[name].rivals,
            *(each.keyword for each in listings[name].keywords),
        )
    ]


def _show(done: "Reparsed", *, dry_run: bool) -> None:
    if done.columns:
        table = Table("column", "changed", "gained", "lost", "for example", box=None)
        for (where, column), tally in sorted(done.columns.items()):
            examples = "\n".join(
                f"{of} {day}: {_short(before)} → {_short(after)}" for of, day, before, after in tally.examples
            )
            counts = (str(tally.changed), str(tally.gained), str(tally.lost))
            table.add_row(escape(f"{where}.{column}"), *counts, escape(examples))
        out.print(table)
    left = f", {done.other} differ elsewhere only and stay" if done.other else ""
    verb = "would be corrected" if dry_run else "corrected"
    out.print(
        f"{done.pages} pages read again: {done.written} {verb}, {done.same} say the same{left}, "
        f"{len(done.unread)} could not be read",
        soft_wrap=True,
    )
    for why in list(done.unread.values())[:_MOST_SHOWN]:
        err.print(f"[yellow]{escape(why)}[/yellow]", soft_wrap=True)
    if len(done.unread) > _MOST_SHOWN:
        err.print(f"… and {len(done.unread) - _MOST_SHOWN} more")
    if done.waiting:
        fail(f"{done.waiting}\nWhat was read is safe beside it; the next command merges it.", 3)


def _short(value: str | None) -> str:
    if value is None:
        return "none"
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
