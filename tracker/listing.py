"""`tracker listing`: from an empty configuration to the first listing, without an editor."""

from typing import Annotated

import typer
from rich.markup import escape

from tracker.config import ConfigError
from tracker.edit import asin_of, edited, new_listing
from tracker.sections import marketplace_code
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, fail, out

app = typer.Typer(no_args_is_help=True, help="Add listings to the configuration.")


@app.command()
def add(
    *,
    name: Annotated[str, typer.Argument(help="What to call it in reports and commands: my-mug.", show_default=False)],
    marketplace: Annotated[str, typer.Argument(help="com, de, co.jp …", show_default=False)],
    asin: Annotated[str, typer.Argument(help="Your product: its ASIN or address.", show_default=False)],
    keyword: Annotated[
        list[str] | None, typer.Option("--keyword", "-k", help="What buyers type to find it; may be repeated.")
    ] = None,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Watch a further product of yours. In the starter file it takes the place of the example."""
    try:
        code = marketplace_code(marketplace)
    except ValueError as error:
        fail(f"{marketplace}: {error}", 2)
    try:
        edited(config_path, new_listing(name, code, asin_of(asin, code), keyword or ()))
    except ConfigError as error:
        fail(str(error), 2)
    shown = escape(name)
    out.print(f"{shown} is in {escape(str(config_path))}. Next: [bold]tracker crawl --listing {shown}[/bold]")
    if not keyword:
        out.print(f'Rivals are found by keywords: [bold]tracker keywords add {shown} "what buyers type"[/bold]')
