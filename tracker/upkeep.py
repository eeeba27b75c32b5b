"""`tracker reparse`: upkeep of what is stored."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from storage.marketplaces import MARKETPLACES
from storage.store import Store
from tracker.config import Config, load
from tracker.crawl import now
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, err, fail, out

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
    from storage.rereading import Wanted  # noqa: PLC0415
    from tracker.reparse import reparse  # noqa: PLC0415

    for code in marketplace or ():
        if code not in MARKETPLACES:
            fail(f"--marketplace {code!r}: unknown; one of {', '.join(MARKETPLACES)}", 2)
    config = load(config_path)
    wanted = Wanted(
        since=since and since.replace(tzinfo=now().tzinfo),
        until=until and until.replace(tzinfo=now().tzinfo) + timedelta(days=1),
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
            clock=now,
            fields=fields or (),
            dry_run=dry_run,
            on_plan=lambda total: progress.update(bar, total=total),
            on_pages=lambda count: progress.advance(bar, count),
        )
    _show(done, dry_run=dry_run)


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
