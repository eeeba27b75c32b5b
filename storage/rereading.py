"""Which stored pages are to be read again, and what new readings would change, exactly as the store would take them."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from storage.model import PARSER_VERSION, Fetch, Offset, Outcome, Result
from storage.schema import migrate, transaction
from storage.spool import SpoolWriter, sealed
from storage.store import Store, StoreError, take_in


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A fetch whose page was kept, and how it was read last."""

    fetch: Fetch
    fetch_id: int
    counted: Offset
    """Its placements as stored."""
    last_reader: int
    """Version of the page objects that read it last, whether that changed anything or not."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which pages are asked for; what is None limits nothing."""

    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    marketplaces: Sequence[str] | None = None
    asins: Sequence[str] | None = None
    subjects: Sequence[tuple[str, str]] | None = None
    """(marketplace, ASIN or keyword)."""
    every: bool = False
    """Those too that the present page objects have read already."""


class Tally(msgspec.Struct, kw_only=True):
    """How many values of one column new readings change."""

    changed: int = 0
    gained: int = 0
    lost: int = 0
    examples: list[tuple[str, date, str | None, str | None]] = []
    """Product or keyword, UTC day, before, after."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What new readings change."""

    fetches: frozenset[int]
    """Numbers of the fetches of which anything changes."""
    written: frozenset[int]
    """Those of them that change in a field asked for."""
    columns: dict[tuple[str, str], Tally]
    """By table and column, over what is written."""


_ROWS = {
    "page_fetch": (),
    "product_observation": ("asin",),
    "bsr_observation": ("asin", "line"),
    "search_page": (),
    "search_placement": ("position",),
    "search_widget": ("widget", "place"),
    "related_placement": ("row", "place"),
    "review_seen": ("review_id",),
    "list_placement": ("ranking", "rank"),
    "offer": ("position",),
    "missing_value": ("asin", "position", "field"),
}
"""Where a page's reading is to be seen, and what names a row among those of its fetch."""

_JUDGED = ("outcome", "detail")
"""What reading a page says of its fetch."""

_GIVEN = {"run_id", "fetch_id", "marketplace", "keyword", "observed_at", "day", "page"}
"""Columns that do not come from reading the page. The day follows from who watches it now: no matter of reading."""

EXAMPLES = 3


def groups(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> list[list[Known]]:
    """The pages asked for, those together whose readings depend on each other: of one product, or of one keyword, in
    one run, by page and instant. Where one page of a keyword is asked for, all of them in that run are."""
    conditions: dict[str, Any] = {
        "observed_at >= ?": wanted.since,
        "observed_at < ?": wanted.until,
        "marketplace IN (SELECT unnest(?))": wanted.marketplaces,
        "asin IN (SELECT unnest(?))": wanted.asins,
        "marketplace || '/' || subject IN (SELECT unnest(?))": wanted.subjects
        and ["/".join(s) for s in wanted.subjects],
        "last_reader < ?": None if wanted.every else PARSER_VERSION,
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    answer = connection.execute(
        f"""
        WITH counted AS (
            SELECT fetch_id, count(*) AS overall, count(*) FILTER (sponsored = false) AS organic,
                   count(*) FILTER (sponsored) AS sponsored
            FROM stored.placement GROUP BY fetch_id
        ),
        known AS (
            SELECT f.*, coalesce(f.asin, f.keyword, f.task) AS subject, c.overall, c.organic, c.sponsored,
                   greatest(f.parser_version, r.parser_version) AS last_reader
            FROM page_fetch f
            LEFT JOIN counted c USING (fetch_id)
            LEFT JOIN (SELECT fetch_id, max(parser_version) AS parser_version FROM stored.reread GROUP BY fetch_id) r
                 USING (fetch_id)
            WHERE f.page_hash IS NOT NULL AND f.kind IN ('product', 'search', 'bestsellers')
        ),
        wanted AS (SELECT DISTINCT run_id, marketplace, kind, subject FROM known WHERE {" AND ".join(given) or "true"})
        SELECT known.* FROM known SEMI JOIN wanted USING (run_id, marketplace, kind, subject)
        ORDER BY kind, marketplace, subject, min(observed_at) OVER (PARTITION BY run_id), run_id, page, observed_at
        """,  # noqa: S608  our own words
        list(given.values()),
    )
    names = [column[0] for column in answer.description or ()]
    found = (_known(dict(zip(names, row, strict=True))) for row in answer.fetchall())
    return [
        list(group) for _, group in groupby(found, lambda k: (k.fetch.run_id, k.fetch.marketplace, subject(k.fetch)))
    ]


def subject(fetch: Fetch) -> str:
    """What a page is of: a product, a keyword, or a list."""
    return fetch.asin or fetch.keyword or fetch.task


def _known(row: dict[str, Any]) -> Known:
    stored = {name: row[name] for name in Fetch.__struct_fields__}
    return Known(
        fetch=Fetch(**(stored | {"outcome": Outcome(row["outcome"])})),
        fetch_id=row["fetch_id"],
        counted=Offset(**{name: row[name] or 0 for name in Offset.__struct_fields__}),
        last_reader=row["last_reader"],
    )


def difference(store: Store, anew: dict[int, Result], fields: Iterable[str] = ()) -> Difference:
    """What the new readings of fetches, by number, would change in the database.

    They are merged, by the store's own rules, into an empty database that holds of the real one only what the merge
    looks at, and the rows compared: so what is told here is what a merge will do.

    Args:
        fields: names of columns; only fetches that differ in one of these are to be written. All when empty.

    Raises:
        StoreError: the database cannot be read.
    """
    with _beside(store) as connection:
        connection.execute("CREATE TABLE again AS SELECT unnest(?::BIGINT[]) AS fetch_id", [list(anew)])
        _bring(connection)
        with tempfile.TemporaryDirectory() as folder:
            with SpoolWriter(Path(folder), "anew") as writer:
                for result in anew.values():
                    writer.add(result)
            for segment in sealed(Path(folder)):
                with transaction(connection):
                    take_in(connection, segment)
        connection.execute(
            'CREATE TABLE difference (fetch_id BIGINT, "table" VARCHAR, "column" VARCHAR, before VARCHAR, '
            '"after" VARCHAR)'
        )
        for table, names in _ROWS.items():
            _compare(connection, table, names)
        return _told(connection, list(fields))


@contextmanager
def _beside(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory, with the real one attached as ``kept`` (read-only)."""
    with store.reading():  # which brings it up to date
        pass
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        migrate(connection)
        try:
            connection.execute("ATTACH '{}' AS kept (READ_ONLY)".format(str(store.path).replace("'", "''")))
        except duckdb.Error as error:
            raise StoreError(f"{store.path}: cannot be opened as a database: {str(error).splitlines()[0]}") from error
        yield connection


def _bring(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy what a merge of these fetches looks at: who is watched, the fetches of the same tasks, earlier reviews."""
    for table in ("crawl_run", "listing", "rival", "keyword", "marketplace"):
        connection.execute(f"DELETE FROM {table}; INSERT INTO {table} BY NAME FROM kept.{table}")  # noqa: S608
    connection.execute(
        """
        CREATE TABLE asked AS
        SELECT DISTINCT run_id, task, marketplace, asin FROM kept.page_fetch SEMI JOIN again USING (fetch_id);
        INSERT INTO page_fetch BY NAME
        SELECT f.* FROM kept.page_fetch f SEMI JOIN asked USING (run_id, task);
        INSERT INTO stored.review BY NAME
        SELECT r.* FROM kept.stored.review r SEMI JOIN asked USING (marketplace, asin);
        """
    )


def _compare(connection: duckdb.DuckDBPyConnection, table: str, names: tuple[str, ...]) -> None:
    """Note where the rows of ``table`` differ, value by value."""
    columns = [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall()]
    if table == "page_fetch":
        columns = [*_JUDGED]
    values = [
        f"{{'column': '{c}', 'before': o.{c}::VARCHAR, 'after': n.{c}::VARCHAR}}" for c in columns if c not in _GIVEN
    ]
    if table == "missing_value":
        said = "{0}.reason || coalesce(': ' || {0}.text, '')"
        before, after = said.format("o"), said.format("n")
        values = [f"{{'column': coalesce(o.field, n.field), 'before': {before}, 'after': {after}}}"]
    # The number among equals: nothing says that a page cannot show the same product twice in one block.
    nth = f"row_number() OVER (PARTITION BY {', '.join(('fetch_id', *names))} ORDER BY t::VARCHAR) AS nth"
    same = "".join(f" AND o.{name} IS NOT DISTINCT FROM n.{name}" for name in names)
    connection.execute(
        f"""
        INSERT INTO difference
        SELECT fetch_id, '{table}', d.column, d.before, d.after
        FROM (
            SELECT coalesce(o.fetch_id, n.fetch_id) AS fetch_id, unnest([{", ".join(values)}]) AS d
            FROM (SELECT *, {nth} FROM kept.{table} t SEMI JOIN again USING (fetch_id)) o
            FULL JOIN (SELECT *, {nth} FROM {table} t SEMI JOIN again USING (fetch_id)) n
                 ON o.fetch_id = n.fetch_id AND o.nth = n.nth{same}
        )
        WHERE d.before IS DISTINCT FROM d.after
        """  # noqa: S608  our own words
    )


def _told(connection: duckdb.DuckDBPyConnection, fields: list[str]) -> Difference:
    fetches = connection.execute("SELECT DISTINCT fetch_id FROM difference").fetchall()
    connection.execute(
        """
        CREATE TABLE written AS SELECT DISTINCT fetch_id FROM difference
        WHERE len($fields) = 0 OR list_contains($fields, "column") OR list_contains($fields, "table" || '.' || "column")
        """,
        {"fields": fields},
    )
    tallies = connection.execute(
        """
        SELECT "table", "column", count(*) FILTER (before IS NOT NULL AND "after" IS NOT NULL),
               count(*) FILTER (before IS NULL), count(*) FILTER ("after" IS NULL),
               list({'of': coalesce(f.asin, f.keyword, f.task), 'day': timezone('UTC', f.observed_at)::DATE,
                     'before': before, 'after': "after"} ORDER BY f.observed_at, d.fetch_id)[1:?]
        FROM difference d SEMI JOIN written USING (fetch_id) JOIN page_fetch f USING (fetch_id)
        GROUP BY ALL
        """,
        [EXAMPLES],
    ).fetchall()
    written = connection.execute("SELECT fetch_id FROM written").fetchall()
    return Difference(
        fetches=frozenset(number for (number,) in fetches),
        written=frozenset(number for (number,) in written),
        columns={
            (table, column): Tally(
                changed=changed, gained=gained, lost=lost, examples=[tuple(each.values()) for each in examples]
            )
            for table, column, changed, gained, lost, examples in tallies
        },
    )
