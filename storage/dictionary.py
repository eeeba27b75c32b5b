"""Writes the data dictionary in SQL.md from the comments in the database itself.

`python -m storage.dictionary` renews the part of SQL.md below its "Data dictionary" heading: first the views made for
questions, then the records, then what is no part of the contract.
"""

import tempfile
from pathlib import Path

import duckdb

from storage.store import Store

DOCUMENT = Path(__file__).with_name("SQL.md")
_HEADING = "## Data dictionary\n"


def render(connection: duckdb.DuckDBPyConnection) -> str:
    """Every view, macro and table of the schema with its columns, types and comments, as Markdown."""
    tables = _named(connection, "SELECT table_name, comment FROM duckdb_tables() WHERE {} ORDER BY table_oid", "main")
    views = _named(connection, "SELECT view_name, comment FROM duckdb_views() WHERE {} ORDER BY view_oid", "main")
    # What a better reading can replace is a record; the other views are made from records.
    replaced = _named(
        connection, "SELECT table_name, comment FROM duckdb_tables() WHERE {} ORDER BY table_oid", "superseded"
    )
    stored = _named(connection, "SELECT table_name, comment FROM duckdb_tables() WHERE {} ORDER BY table_oid", "stored")
    parts = [
        "### Views made for questions",
        *(_table(connection, name, text) for name, text in views.items() if name not in replaced),
        *_macros(connection),
        "### Records",
        *(_table(connection, name, text) for name, text in (tables | views).items() if name in tables | replaced),
        "### Replaced readings: schema `superseded`",
        "What a record said before its page was read again by a better parser. Each table has the columns of the "
        "record of its name, and:",
        "\n".join(f"- `superseded.{name}`: {_added(connection, name)}" for name in replaced),
        "### Storage: schema `stored`",
        "Where the rows lie. No part of the contract: a later version may store them otherwise. Ask the views.",
        "\n".join(f"- `stored.{name}`: {text}" for name, text in stored.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _named(connection: duckdb.DuckDBPyConnection, query: str, schema: str) -> dict[str, str]:
    return dict(connection.execute(query.format("NOT internal AND schema_name = ?"), [schema]).fetchall())


def _table(connection: duckdb.DuckDBPyConnection, table: str, comment: str) -> str:
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()
    rows = [
        f"| `{name}` | {_kind(kind)}{'' if nullable else ', never NULL'} | {text} |"
        for name, kind, nullable, text in columns
    ]
    return "\n".join([f"#### {table}", "", f"{comment}.", "", "| column | type | meaning |", "|---|---|---|", *rows])


def _macros(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What is asked like a table, with parameters."""
    found = connection.execute(
        "SELECT function_name, parameters, comment FROM duckdb_functions() "
        "WHERE NOT internal AND schema_name = 'main' AND function_type = 'table_macro' ORDER BY function_name"
    ).fetchall()
    return [f"#### {name}({', '.join(parameters)})\n\n{comment}." for name, parameters, comment in found]


def _added(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """The columns that a table of replaced readings has beside those of its record."""
    rows = connection.execute(
        "SELECT column_name, comment FROM duckdb_columns() c WHERE schema_name = 'superseded' AND table_name = $name "
        "AND column_name NOT IN (SELECT column_name FROM duckdb_columns() "
        "                        WHERE schema_name = 'main' AND table_name = $name) ORDER BY column_index",
        {"name": name},
    ).fetchall()
    return "; ".join(f"`{column}` ({comment})" for column, comment in rows)


def _kind(data_type: str) -> str:
    return data_type.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def renewed(document: str) -> str:
    """``document`` with the part below its "Data dictionary" heading made anew from a fresh database."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "fresh.duckdb").writing() as connection:
        return document.partition(_HEADING)[0] + _HEADING + "\n" + render(connection)


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
