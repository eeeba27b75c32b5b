"""`tracker sql`: one read-only question to the database, answered as a table, CSV or JSON."""

import csv
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
import msgspec
from rich.console import Console
from rich.table import Table

from storage.store import Store


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
    with Store(database).reading() as connection:
        connection.execute("SET enable_external_access = false")
        try:
            answer = connection.execute(question)
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
        names = [column[0] for column in answer.description or ()]
        _WRITERS[form](names, answer.fetchall())


def _plain(value: Any) -> Any:
    """Instants as ISO 8601 in UTC; everything else as it is."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def _as_table(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    table = Table(*names, header_style="bold")
    for row in rows:
        table.add_row(*("[dim]NULL[/dim]" if value is None else _literal(value) for value in row))
    console = Console()
    # Piped output has no width to respect: cutting values off there would lose data.
    console.print(table, width=None if console.is_terminal else 10_000, crop=console.is_terminal)
    console.print(f"[dim]{len(rows)} rows[/dim]")


def _literal(value: Any) -> str:
    return str(_plain(value)).replace("[", "\\[")


def _as_csv(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_plain(value) for value in row] for row in rows)


def _as_json(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    encoder = msgspec.json.Encoder(decimal_format="number")
    records = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    print(msgspec.json.format(encoder.encode(records), indent=2).decode())  # noqa: T201  the answer


_WRITERS: dict[Format, Callable[[list[str], list[tuple[Any, ...]]], None]] = {
    Format.TABLE: _as_table,
    Format.CSV: _as_csv,
    Format.JSON: _as_json,
}
