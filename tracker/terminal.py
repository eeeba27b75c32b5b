"""What all commands share at the terminal: where they print, how they fail, and the options they have in common."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from tracker.config import Config

out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)

DEFAULT_CONFIG = Path("config.toml")
ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="TRACKER_CONFIG", help="The configuration file.", show_default=True)
]

ListingsOption = Annotated[
    list[str] | None, typer.Option("--listing", "-l", help="Only this listing (may be repeated).")
]
ListingsArgument = Annotated[list[str] | None, typer.Argument(help="Only these listings.")]
OpenOption = Annotated[bool, typer.Option("--open", help="Open the report in the browser.")]
DAY = "%Y-%m-%d"


def fail(message: str, code: int) -> NoReturn:
    """End the command with a sentence: exit code 2 for the configuration or the command line, 1 for everything else."""
    err.print(f"[red]{escape(message)}[/red]", soft_wrap=True)
    sys.exit(code)


def shown(path: Path | None) -> str:
    """A path as it is to be printed."""
    return escape(str(path))


def chosen_names(config: "Config", listing: list[str] | None) -> list[str]:
    """The names of the listings asked for, none for all; one that there is not ends the command."""
    names = [each.name for each in config.listing]
    for name in listing or ():
        if name not in names:
            fail(f"--listing {name!r}: no such listing; there is {', '.join(names)}", 2)
    return listing or []


@contextmanager
def said_of(option: str, value: str | None = None) -> Iterator[None]:
    """A value that an option cannot have ends the command with a sentence on it."""
    try:
        yield
    except ValueError as error:
        fail(f"{option}{f' {value!r}' if value else ''}: {error}", 2)
