"""What all commands share at the terminal: where they print, how they fail, and the options they have in common."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)

DEFAULT_CONFIG = Path("config.toml")
ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="TRACKER_CONFIG", help="The configuration file.", show_default=True)
]


def fail(message: str, code: int) -> NoReturn:
    """End the command with a sentence: exit code 2 for the configuration or the command line, 1 for everything else."""
    err.print(f"[red]{escape(message)}[/red]", soft_wrap=True)
    sys.exit(code)


def shown(path: Path | None) -> str:
    """A path as it is to be printed."""
    return escape(str(path))
