"""`tracker export`: data out to a file."""

from pathlib import Path
from typing import Annotated

import typer

from storage.answer import Form
from tracker.config import load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, fail, out, shown

app = typer.Typer()


@app.command("export")
def export_file(
    what: Annotated[str, typer.Argument(help="A table or view of storage/SQL.md, or SQL in DuckDB's dialect.")],
    file: Annotated[Path, typer.Argument(help="Where to: .parquet, .csv, .xlsx or .json.")],
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    form: Annotated[Form | None, typer.Option("--format", "-f", help="Its form, where its name does not say.")] = None,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="CSV for programs: no guard against formulas, no byte order mark."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a table, a view or the answer to a question into a file. Reads the database and nothing else."""
    from storage.answer import ExportError  # noqa: PLC0415
    from storage.export import export  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    try:
        with Store(config.storage.database).reading() as connection:
            rows = export(connection, what, file, form or Form.of(file), raw=raw, force=force)
    except ExportError as error:
        fail(str(error), 1)
    out.print(f"{rows:,} rows   [bold]{shown(file)}[/bold]", soft_wrap=True)
