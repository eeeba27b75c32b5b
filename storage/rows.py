"""Adds rows to a table, many at once."""

from collections.abc import Mapping, Sequence
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import msgspec


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[msgspec.Struct | Mapping[str, Any]]
) -> None:
    """Add rows to ``table`` (``schema.name``) by the names of their columns. JSON is a fast way in that keeps every
    type as it is."""
    if not rows:
        return
    schema, name = table.split(".")
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?", [schema, name]
    ).fetchall()
    shape = ", ".join(f"\"{column}\": '{kind}'" for column, kind in columns)
    with NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(msgspec.json.Encoder().encode_lines(rows))
        file.flush()
        connection.execute(
            f"INSERT INTO {table} BY NAME FROM read_json(?, format = 'newline_delimited', columns = {{{shape}}})",
            [file.name],
        )
