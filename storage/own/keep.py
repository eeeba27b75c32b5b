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
from storage.own.read import Export
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

_SAID = """
    SELECT {about} AS about, list(to_json(r)::VARCHAR ORDER BY to_json(r)::VARCHAR) AS said
    FROM (SELECT * EXCLUDE (import_id, line) FROM {rows}) r GROUP BY 1"""
_NEWEST = "(FROM {table} QUALIFY import_id = max(import_id) OVER (PARTITION BY {key}))"
_ADD = """
INSERT INTO {table}
WITH fresh AS ({fresh}), newest AS ({newest})
FROM incoming WHERE {about} NOT IN (SELECT about FROM fresh JOIN newest USING (about, said))
"""


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
    """Add the rows of ``exports``, in their order: all of them or, when it fails or is killed, none.

    Raises:
        StoreError: the database cannot be used; nothing was imported.
    """
    with store.writing() as connection:
        return [_keep(connection, each, now) for each in exports]


def _keep(connection: duckdb.DuckDBPyConnection, named: Named, now: datetime) -> Kept:
    export = named.export
    table, group = f"stored.own_{export.kind}", GROUPS[export.kind]
    number = _number(connection, "SELECT coalesce(max(import_id), 0) + 1 FROM stored.own_file")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS FROM {table} LIMIT 0")
    insert(connection, "main.incoming", [{**row, "import_id": number} for row in export.rows])
    about = f"to_json({{{', '.join(f'{name}: {name}' for name in group)}}})::VARCHAR"
    newest = _NEWEST.format(table=table, key=", ".join(group))
    fresh, before = (_SAID.format(about=about, rows=rows) for rows in ("incoming", newest))
    connection.execute(_ADD.format(table=table, fresh=fresh, newest=before, about=about))
    connection.execute("DROP TABLE incoming")
    added = _number(connection, f"SELECT count(*) FROM {table} WHERE import_id = {number}")  # noqa: S608
    if added:
        first, last = export.days
        file = {"import_id": number, "kind": export.kind, "file_name": named.file_name, "sha256": named.sha256}
        file |= {"imported_at": now, "language": export.language, "first_day": first, "last_day": last}
        file |= {"rows_read": len(export.rows), "rows_added": added, "rows_unread": len(export.unread)}
        insert(connection, "stored.own_file", [file])
    return Kept(added=added, known=len(export.rows) - added)


def _number(connection: duckdb.DuckDBPyConnection, question: str) -> int:
    (number,) = connection.execute(question).fetchone() or (0,)
    return int(number)
