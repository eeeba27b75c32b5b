"""What a crawl run did, in full: coverage, every gap's reason, pace, and which fields went missing or came back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reports.crawled import Crawled, crawled
from reports.sentences import ENGLISH
from reports.unread import shifted, unread_for
from storage.store import Store


def of_run(store: Store, run_id: str | None = None) -> Crawled | None:
    """Account for a run, the newest crawl when none is named; None when there is no such run.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    with store.reading() as connection:
        return crawled(connection, run_id)


def record(found: Crawled) -> dict[str, Any]:
    """The account as plain values, for JSON: instants in UTC, shares from 0 to 1."""
    values = msgspec.to_builtins(found)
    assert isinstance(values, dict)  # noqa: S101  of a struct
    return values | {"requests_per_minute": found.per_minute and round(found.per_minute, 2)}


def show(found: Crawled, out: Console, elsewhere: Sequence[str] = ()) -> None:
    """Print the account; with sentences of who knows more of the pages that came for another place."""
    took = timedelta(seconds=round(found.seconds))
    pace = f", {found.per_minute:.1f} requests a minute" if found.per_minute else ""
    out.print(
        f"run {found.run_id} ({escape(found.scope or found.trigger)}): read {found.read} of {found.planned} pages, "
        f"[bold]{found.coverage:.1%}[/bold] covered",
        soft_wrap=True,
    )
    out.print(f"{found.attempts} requests in {took}{pace}; {found.bytes / 1e6:.1f} MB of pages", soft_wrap=True)
    if found.state != "complete":
        out.print("[yellow]not finished: the next crawl of the same goes on with it while its time lasts[/yellow]")
    count = f"{found.elsewhere} pages came for another place or currency than asked for"
    for told in elsewhere or ([count] if found.elsewhere else []):
        out.print(f"[yellow]{escape(told)}[/yellow]", soft_wrap=True)
    if found.gaps:
        table = Table(
            "not read", "marketplace", "why", "for example", header_style="bold", box=None, padding=(0, 2, 0, 0)
        )
        for gap in found.gaps:
            table.add_row(str(gap.pages), gap.marketplace, escape(ENGLISH.say(unread_for(gap))), escape(gap.tasks[0]))
        out.print(table)
    for shift in found.shifts:
        out.print(f"[yellow]{escape(ENGLISH.say(shifted(shift)))}[/yellow]", soft_wrap=True)
