"""`tracker checklist` and `tracker review`: what a seller reads every morning, and every week or month."""

import webbrowser
from datetime import datetime
from typing import Annotated, Literal

import typer
from rich.markup import escape
from rich.text import Text

from reports.form import Form
from reports.period import Asked
from tracker.config import load
from tracker.sections import known_language
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

app = typer.Typer()

STYLES = {None: ("bold", ""), "look": ("red", "● "), "unknown": ("dim", "? "), "done": ("green", "✓ ")}
"""Colour and sign of a line of the round, by its mark."""


@app.command()
def checklist(
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    listing: ListingsOption = None,
    language: Annotated[str | None, typer.Option(help="en, zh-Hans, …; by default as configured.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    open_it: OpenOption = False,
) -> None:
    """The morning round: what is in order, what to look at, and the command that settles it.

    `tracker report` writes it as a page, too. Exit code 1 when there is something to look at.
    """
    from tracker.checklist import lines, rounds, troubles  # noqa: PLC0415
    from tracker.report import gathered, write  # noqa: PLC0415

    config = load(config_path)
    with said_of("--language", language):
        spoken = (known_language(language) if language else config.report.language).replace("-", "_")
    names = chosen_names(config, listing)
    reports, untold, crawls = gathered(config, names, Asked(config.report.days))
    found, wrong = rounds(reports, spoken), troubles(config, crawls, spoken)
    if as_json:
        from reports.page.checklist import record  # noqa: PLC0415

        typer.echo(record(found, wrong).decode())
    else:
        for mark, text in lines(found, wrong):
            style, sign = STYLES[mark]
            out.print(Text(f"{sign}{text}", style=style), soft_wrap=True)
        for sentence in untold:
            err.print(f"[yellow]{escape(sentence)}[/yellow]", soft_wrap=True)
    if open_it:
        write(config, [])
        webbrowser.open((config.report.folder / "checklist.html").resolve().as_uri())
    if wrong or any(each.open for each in found):
        raise typer.Exit(1)


@app.command()
def review(
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    listing: ListingsOption = None,
    period: Annotated[
        Literal["week", "month"], typer.Option(help="The newest that is over, or that of --to.")
    ] = "week",
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[DAY], metavar="YYYY-MM-DD", help="A day of it.")
    ] = None,
    form: Annotated[list[Form] | None, typer.Option("--format", "-f", help="html, pdf or md; may be repeated.")] = None,
    language: Annotated[str | None, typer.Option(help="en, zh-Hans, …; by default as configured.")] = None,
    open_it: OpenOption = False,
) -> None:
    """Write the review of a week or a month: all listings in one document, to send to the team."""
    from tracker.review import FORMS, write_review  # noqa: PLC0415

    config = load(config_path)
    forms = form or [Form.HTML]
    if wrong := [each for each in forms if each not in FORMS]:
        fail(f"--format {wrong[0]}: a review comes as {', '.join(FORMS)}", 2)
    with said_of("--language", language):
        spoken = known_language(language) if language else None
    asked = Asked(sort=period, last=last.date() if last else None)
    files, untold = write_review(config, chosen_names(config, listing), asked, forms, spoken)
    for sentence in untold:
        err.print(f"[yellow]{escape(sentence)}[/yellow]", soft_wrap=True)
    for path in files:
        out.print(f"review   [bold]{shown(path)}[/bold]", soft_wrap=True)
    if open_it:
        webbrowser.open(files[0].resolve().as_uri())
