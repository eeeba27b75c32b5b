"""`tracker review`: what a seller reads on Monday, and on the first of the month."""

import webbrowser
from datetime import datetime
from typing import Annotated, Literal

import typer
from rich.markup import escape

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
