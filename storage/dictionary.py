"""Writes the data dictionary in SQL.md from the comments in the database itself.

`python -m storage.dictionary` renews the part of SQL.md below its "Tables" heading.
"""

import tempfile
from pathlib import Path

import duckdb

from storage.store import Store

DOCUMENT = Path(__file__).with_name("SQL.md")
_HEADING = "## Tables\n"


def render(connection: duckdb.DuckDBPyConnection) -> str:
    """Every table of the schema with its columns, types and comments, as Markdown."""
    parts = []
    tables = connection.execute(
        "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal AND comment IS NOT NULL ORDER BY table_oid"
    ).fetchall()
    for table, comment in tables:
        columns = connection.execute(
            "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE table_name = ? "
            "ORDER BY column_index",
            [table],
        ).fetchall()
        rows = [
            f"| `{name}` | {_kind(kind)}{'' if nullable else ', never NULL'} | {text} |"
            for name, kind, nullable, text in columns
        ]
        parts.append(
            "\n".join([f"### {table}", "", f"{comment}.", "", "| column | type | meaning |", "|---|---|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"


def _kind(data_type: str) -> str:
    return data_type.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def renewed(document: str) -> str:
    """``document`` with the part below its "Tables" heading made anew from a fresh database."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "fresh.duckdb").writing() as connection:
        return document.partition(_HEADING)[0] + _HEADING + "\n" + render(connection)


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
