"""What people may rely on: the names and types of the columns of every view, record and macro, kept in contract.json.

`python -m tests.storage.contract` adds what is new to the file. It refuses to take anything out: a column that was once
there is never renamed, retyped or removed.
"""

import json
import sys
import tempfile
from pathlib import Path

import duckdb

from storage.store import Store

FILE = Path(__file__).with_name("contract.json")

Contract = dict[str, dict[str, str]]
"""Type of each column, by table, view, or macro with its parameters."""

_MACROS = {"as_of": "as_of(now())", "reviews_at": "reviews_at(now())", "trend": "trend('B0OWN00001', 90)"}


def found(connection: duckdb.DuckDBPyConnection) -> Contract:
    """What a database offers."""
    contract: Contract = {}
    for table, column, kind in connection.execute(
        "SELECT CASE schema_name WHEN 'main' THEN table_name ELSE schema_name || '.' || table_name END, column_name,"
        " data_type FROM duckdb_columns() WHERE NOT internal AND schema_name IN ('main', 'superseded')"
        " ORDER BY schema_name, table_name, column_index"
    ).fetchall():
        contract.setdefault(table, {})[column] = kind
    for name, parameters in connection.execute(
        "SELECT function_name, parameters FROM duckdb_functions()"
        " WHERE NOT internal AND schema_name = 'main' AND function_type = 'table_macro' ORDER BY function_name"
    ).fetchall():
        columns = connection.execute(f"DESCRIBE FROM {_MACROS[name]}").fetchall()
        contract[f"{name}({', '.join(parameters)})"] = {column: kind for column, kind, *_ in columns}
    return contract


def broken(promised: Contract, offered: Contract) -> list[str]:
    """What was promised and is no longer so."""
    return [
        f"{table}.{column}: {kind} became {offered.get(table, {}).get(column, 'nothing')}"
        for table, columns in promised.items()
        for column, kind in columns.items()
        if offered.get(table, {}).get(column) != kind
    ]


def promised() -> Contract:
    """What the file says."""
    contract: Contract = json.loads(FILE.read_text("utf-8"))
    return contract


def _renew() -> None:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "fresh.duckdb").writing() as connection:
        offered = found(connection)
    if FILE.exists() and (lost := broken(promised(), offered)):
        sys.exit("not renewed, for this breaks what people rely on:\n" + "\n".join(lost))
    FILE.write_text(json.dumps(offered, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    _renew()
