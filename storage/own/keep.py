"""Keeps what was read of exports: rows that say something new get the number of their import, the others are there.

What is compared is a group: the rows of one file that say together what a product, an ad, a search term or a SKU did
in certain days. A group that says what the newest import of it said is not added again; one that says something else
is added whole, and the views show it instead of the older one, which stays in its table.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from storage.own.headings import Kind
from storage.own.read import Export, Row
from storage.rows import insert
from storage.store import Store

GROUPS = {
    Kind.SALES: ("marketplace", "asin", "first_day", "last_day"),
    Kind.ADS: ("marketplace", "campaign", "ad_group", "sku", "asin", "first_day", "last_day"),
    Kind.SEARCH_TERM: (
        *("marketplace", "campaign", "ad_group", "targeting", "match_type", "search_term"),
        *("first_day", "last_day"),
    ),
    Kind.STOCK: ("marketplace", "sku", "day"),
}
"""What names a group: the same as in the views."""

_ROWS = """
    SELECT import_id, {about} AS about, to_json(struct_pack(*COLUMNS(* EXCLUDE (import_id, line))))::VARCHAR AS said
    FROM {rows}"""
_NEWEST = "(FROM {table} QUALIFY import_id = max(import_id) OVER (PARTITION BY {key}))"
_ADD = """
INSERT INTO {table}
WITH told AS (
    SELECT about, import_id, list(said ORDER BY said) AS said FROM ({fresh} UNION ALL {newest}) GROUP BY ALL
),
news AS (FROM told QUALIFY said IS DISTINCT FROM lag(said) OVER (PARTITION BY about ORDER BY import_id))
SELECT i.* FROM incoming i JOIN news n ON n.import_id = i.import_id AND n.about = {about}
"""
"""A group is news where it is not what the import before it said of the same."""


class Named(NamedTuple):
    """An export with the file it came in: its bare name and the SHA-256 of it."""

    export: Export
    file_name: str
    sha256: str


class Kept(NamedTuple):
    """What became of the rows of a file."""

    added: int
    known: int
    """Said by an earlier import, and left as they are."""


def keep(store: Store, exports: Sequence[Named], now: datetime) -> list[Kept]:
    """Add the rows of ``exports``, the later ones as the newer: all of them or, when it fails or is killed, none.

    Raises:
        StoreError: the database cannot be used; nothing was imported.
    """
    with store.writing() as connection:
        return add(connection, exports, now)


def add(connection: duckdb.DuckDBPyConnection, exports: Sequence[Named], now: datetime) -> list[Kept]:
    """The same inside the caller's transaction."""
    (before,) = connection.execute("SELECT coalesce(max(import_id), 0) FROM stored.own_file").fetchone() or (0,)
    numbered = list(enumerate(exports, before + 1))
    added: dict[int, int] = {}
    for kind in Kind:
        of_kind = [(number, each.export) for number, each in numbered if each.export.kind is kind]
        rows = [{**row, "import_id": number} for number, export in of_kind for row in export.rows]
        added |= _add(connection, kind, rows, before) if rows else {}
    files = [_file(number, each, added[number], now) for number, each in numbered if number in added]
    insert(connection, "stored.own_file", files)
    return [Kept(count := added.get(number, 0), len(each.export.rows) - count) for number, each in numbered]


def _add(connection: duckdb.DuckDBPyConnection, kind: Kind, rows: Sequence[Row], before: int) -> dict[int, int]:
    """Add those rows that are news; returns how many of each import later than ``before`` there are."""
    table, group = f"stored.own_{kind}", GROUPS[kind]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS FROM {table} LIMIT 0")
    insert(connection, "main.incoming", rows)
    about = f"to_json({{{', '.join(f'{name}: {name}' for name in group)}}})::VARCHAR"
    newest = _NEWEST.format(table=table, key=", ".join(group))
    fresh, known = (_ROWS.format(about=about, rows=rows) for rows in ("incoming", newest))
    there = about.replace(": ", ": i.")
    connection.execute(_ADD.format(table=table, fresh=fresh, newest=known, about=there))
    connection.execute("DROP TABLE incoming")
    counted = connection.execute(
        f"SELECT import_id, count(*) FROM {table} WHERE import_id > ? GROUP BY ALL",  # noqa: S608
        [before],
    )
    return dict(counted.fetchall())


def _file(number: int, named: Named, added: int, now: datetime) -> Row:
    export = named.export
    first, last = export.days
    return {
        "import_id": number,
        "kind": export.kind,
        "file_name": named.file_name,
        "sha256": named.sha256,
        "imported_at": now,
        "language": export.language,
        "first_day": first,
        "last_day": last,
        "rows_read": len(export.rows),
        "rows_added": added,
        "rows_unread": len(export.unread),
    }
