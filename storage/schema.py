"""The schema of the database: numbered migrations, and what is derived from the facts by rules that may change.

Tables change by migrations only (``migrations/*.sql``, each whole or not at all). Views and the rule that tells
changes (``views/*.sql``, ``merge/5_changes.sql``) are not numbered: where their text differs from the one that the
database was last made by, they are made anew.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files

import duckdb

from storage.marketplaces import MARKETPLACES

_AT_ONCE = 200
"""Products whose changes are told anew in one go: bounds the memory of a rebuild over years of history."""

_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migration (
    version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE schema_migration IS 'Migrations that this database has been through';
COMMENT ON COLUMN schema_migration.version IS 'Number of the schema after it';
COMMENT ON COLUMN schema_migration.name IS 'File of the migration';
COMMENT ON COLUMN schema_migration.applied_at IS 'When it was applied (UTC)';
"""


class SchemaError(Exception):
    """The database is not one that this version can use; the message says why, without naming the file."""


@cache
def scripts(folder: str) -> tuple[tuple[str, str], ...]:
    """The SQL files of a folder of this package as (name, text), in order of their names."""
    place = files("storage").joinpath(folder)
    names = sorted(f.name for f in place.iterdir() if f.name.endswith(".sql"))
    return tuple((name, place.joinpath(name).read_text(encoding="utf-8")) for name in names)


def migrations() -> list[tuple[int, str, str]]:
    """Every migration as (version, name, SQL), in order."""
    return [(int(name.split("_")[0]), name, text) for name, text in scripts("migrations")]


def newest() -> int:
    """The schema version of this program."""
    return migrations()[-1][0]


def version(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema version of a database; 0 when it is empty.

    Raises:
        SchemaError: it is somebody else's, or a newer program's.
    """
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "schema_migration" not in tables:
        if tables:
            raise SchemaError("a DuckDB database, but not one of this tracker; name another file in config.toml")
        return 0
    row = connection.execute("SELECT max(version) FROM schema_migration").fetchone()
    found = int(row[0] or 0) if row else 0
    if found > newest():
        raise SchemaError(
            f"written by a newer tracker (schema {found}, this one knows {newest()}); update this one, "
            "or name another file in config.toml"
        )
    return found


def current(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there is nothing for :func:`migrate` to do.

    Raises:
        SchemaError: as for :func:`version`.
    """
    return version(connection) == newest() and _defined(connection) == _definitions()


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the schema, and what is derived, up to date.

    Raises:
        SchemaError: as for :func:`version`.
        duckdb.Error: a migration failed; the ones before it stay.
    """
    found = version(connection)
    for number, name, statements in migrations():
        if number > found:
            with transaction(connection):
                _apply(connection, number, name, statements)
    _derive(connection)


def _apply(connection: duckdb.DuckDBPyConnection, number: int, name: str, statements: str) -> None:
    connection.execute(_HISTORY)
    connection.execute(statements)
    connection.execute("INSERT INTO schema_migration VALUES (?, ?, now())", [number, name])
    if number == 1:
        connection.executemany(
            "INSERT INTO marketplace VALUES (?, ?, ?, ?)",
            [[m.code, m.host, m.currency, m.time_zone] for m in MARKETPLACES.values()],
        )


def _definitions() -> dict[str, str]:
    """Fingerprints of what is derived, by name."""
    texts = {
        "views": "".join(text for _, text in scripts("views")),
        "changes": dict(scripts("merge"))["5_changes.sql"],
    }
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


def _defined(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, fingerprint FROM stored.definition").fetchall())


def _derive(connection: duckdb.DuckDBPyConnection) -> None:
    wanted, found = _definitions(), _defined(connection)
    if found.get("views") != wanted["views"]:
        with transaction(connection):
            for _, text in scripts("views"):
                connection.execute(text)
            _note(connection, "views", wanted["views"])
    if found.get("changes") != wanted["changes"]:
        rebuild_changes(connection)
        _note(connection, "changes", wanted["changes"])


def _note(connection: duckdb.DuckDBPyConnection, name: str, fingerprint: str) -> None:
    connection.execute("DELETE FROM stored.definition WHERE name = ?", [name])
    connection.execute("INSERT INTO stored.definition VALUES (?, ?)", [name, fingerprint])


def rebuild_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Tell all changes anew from the observations: the same rows as the merges told, one by one."""
    rule = dict(scripts("merge"))["5_changes.sql"]
    row = connection.execute("SELECT count(*) FROM (SELECT DISTINCT marketplace, asin FROM stored.product)").fetchone()
    connection.execute("DELETE FROM stored.change")
    for start in range(0, int(row[0]) if row else 0, _AT_ONCE):
        with transaction(connection):
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE affected AS "
                "SELECT marketplace, asin, '-infinity'::TIMESTAMPTZ AS since FROM stored.product "
                "GROUP BY marketplace, asin ORDER BY marketplace, asin LIMIT ? OFFSET ?",
                [_AT_ONCE, start],
            )
            connection.execute(rule)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block, or nothing of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # what made us give up may have ended the transaction already
            connection.rollback()
        raise
    connection.commit()
