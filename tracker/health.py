"""`tracker health`: whether the own listings are in order, in the terminal."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from tracker.config import load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, ListingsArgument, chosen_names, err, out

if TYPE_CHECKING:
    from reports.report import Report

app = typer.Typer()

MARKS = {"ok": "  [green]ok[/green]", "wrong": "  [red]wrong[/red]", "unknown": "  [dim]unknown[/dim]"}


@app.command()
def health(
    *,
    listing: ListingsArgument = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show whether your own listings are in order: live, found, Buy Box, price, content, rating, stock …

    Exit code 1 when something is wrong. What was not read is unknown, which is not wrong.
    """
    from reports.period import Asked  # noqa: PLC0415
    from tracker.report import gathered  # noqa: PLC0415

    config = load(config_path)
    found, untold, _ = gathered(config, chosen_names(config, listing), Asked(count=1))
    if as_json:
        typer.echo(_json(found))
    else:
        for report in found:
            _show(report)
    for sentence in untold:
        err.print(f"[yellow]{escape(sentence)}[/yellow]", soft_wrap=True)
    if any(point.state == "wrong" for report in found for point in report.health):
        sys.exit(1)


def _show(report: "Report") -> None:
    """What is wrong first, the gravest of it first; then what is in order, and what is not known."""
    from reports.health import State, ill  # noqa: PLC0415
    from reports.wording import Wording  # noqa: PLC0415

    shown, points = report.comparison, report.health
    words = Wording("en", shown.currency, shown.time_zone)
    well = [point for point in points if point.state is State.OK]
    wrong = ill(points)
    rest = [point for point in points if point.state is State.UNKNOWN]
    known = len(well) + len(wrong)
    out.print(f"[bold]{escape(shown.listing)}[/bold]  {shown.night}  {len(well)} of {known} points in order")
    table = Table.grid(padding=(0, 2))
    for point in (*wrong, *well, *rest):
        name = words.said(point.trouble if point.state is State.WRONG else point.name)
        since = f" (since {point.since})" if point.state is State.WRONG and point.since else ""
        about = escape(words.said(point.says)) + since
        table.add_row(MARKS[point.state], escape(name[:1].upper() + name[1:]), about)
    out.print(table)
    out.print()


def _json(found: list["Report"]) -> str:
    import msgspec  # noqa: PLC0415

    from reports.forms.record import health_of  # noqa: PLC0415
    from reports.wording import Wording  # noqa: PLC0415

    told = []
    for report in found:
        shown = report.comparison
        words = Wording("en", shown.currency, shown.time_zone)
        points = [health_of(point, words) for point in report.health]
        told.append({"listing": shown.listing, "night": shown.night, "days": list(report.shown), "points": points})
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()
