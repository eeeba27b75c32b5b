"""`tracker sql`: one read-only question to the database, answered as a table, CSV or JSON."""

import csv
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from storage.values import ENCODER, distinct, flat, plain


class Format(StrEnum):
    """Forms of an answer."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class QueryError(Exception):
    """The question cannot be answered; the message is DuckDB's."""


def ask(database: Path, question: str, form: Format) -> None:
    """Answer ``question`` on stdout. It can read this database and nothing else, and write nothing.

    Instants are shown in UTC. JSON keeps decimals as exact numbers; NULL is empty in CSV.

    Raises:
        QueryError: DuckDB does not accept the question.
        StoreError: there is no database, or it is in use.
    """
    import duckdb  # noqa: PLC0415  heavy, and the command line needs the forms only

    from storage.store import Store  # noqa: PLC0415

    with Store(database).reading() as connection:
        connection.execute("SET enable_external_access = false")
        try:
            answer = connection.execute(question)
            if answer is None:
                raise QueryError("There is no question in this. Try: FROM product_observation LIMIT 5")
            names = [column[0] for column in answer.description or ()]
            rows = answer.fetchall()  # some mistakes show only here, in a late row
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
    _WRITERS[form](names, rows)


def _as_table(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    table = Table(header_style="bold")
    for name in names:
        table.add_column(Text(name))
    for row in rows:
        table.add_row(*(Text("NULL", style="dim") if value is None else Text(str(flat(value))) for value in row))
    console = Console()
    # Piped output has no width to respect: cutting values off there would lose data.
    console.print(table, width=None if console.is_terminal else 10_000, crop=console.is_terminal)
    console.print(f"[dim]{len(rows)} rows[/dim]")


def _as_csv(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([flat(value) for value in row] for row in rows)


def _as_json(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    keys = distinct(names)
    records = [dict(zip(keys, map(plain, row), strict=True)) for row in rows]
    print(msgspec.json.format(ENCODER.encode(records), indent=2).decode())  # noqa: T201  the answer


_WRITERS: dict[Format, Callable[[list[str], list[tuple[Any, ...]]], None]] = {
    Format.TABLE: _as_table,
    Format.CSV: _as_csv,
    Format.JSON: _as_json,
}
