"""What must hold in every database, and can be asked in SQL: each check finds the rows that break it."""

from typing import NamedTuple

import duckdb

from storage.model import PARSER_VERSION


class Check(NamedTuple):
    """One rule. ``sql`` yields a text about each row that breaks it."""

    name: str
    sentence: str
    """What is told, with the number of rows before it."""
    sql: str
    wrong: bool = True
    """Whether it is an error; else a note."""


class Broken(NamedTuple):
    """A check that found something."""

    check: Check
    rows: int
    example: str

    @property
    def sentence(self) -> str:
        return f"{self.rows:,} {self.check.sentence}; for example {self.example}"


_OF_A_FETCH = ("product", "results_page", "placement", "widget", "related", "review", "list_place", "offer")
_FACTS = (*(f"stored.{name}" for name in _OF_A_FETCH), "bsr_observation")

_RATED = ("stored.product", "stored.placement", "stored.widget", "stored.related", "stored.list_place")
_PRICES = {
    "stored.product": ("price", "list_price", "coupon_amount", "offer_from", "unit_price", "subscribe_price",
                       "used_price", "renewed_price", "prime_price"),
    "stored.placement": ("price", "list_price"),
    "stored.widget": ("price",),
    "stored.related": ("price",),
    "stored.list_place": ("price",),
    "stored.offer": ("price", "delivery"),
}  # fmt: skip
_PLACES = {
    "bsr_observation": ("line", "rank"),
    "stored.placement": ("page", "position", "overall_position", "organic_position", "sponsored_position"),
    "stored.widget": ("page", "widget", "place"),
    "stored.related": ('"row"', "place"),
    "stored.list_place": ("rank",),
    "stored.offer": ("position",),
}

_WITH_REASON = (
    "title", "brand", "price", "list_price", "currency", "coupon_percent", "coupon_amount", "deal", "is_deal",
    "availability", "in_stock", "stock_left", "seller", "seller_id", "rating", "review_count", "bought_past_month_min",
    "parent_asin", "variation", "variation_count", "unit_price", "unit", "subscribe_price", "subscribe_percent",
    "used_price", "renewed_price", "prime_price", "deal_ends", "ships_from", "offer_count", "offer_from",
    "rating_percents", "bought_past_month", "badges", "bullets", "image_count", "main_image", "has_a_plus", "has_video",
    "first_available", "delivery_location", "categories", "browse_node",
)  # fmt: skip
"""Columns of product_observation that a page may not show; where one is NULL, missing_value says why."""


def _lacking(condition: str) -> str:
    gaps = ", ".join(f"CASE WHEN {name} IS NULL THEN '{name}' END" for name in _WITH_REASON)
    return f"""
        SELECT f.task || ' of ' || f.observed_at || ': ' || gap
        FROM (SELECT fetch_id, unnest([{gaps}]) AS gap FROM product_observation) g
        JOIN page_fetch f USING (fetch_id)
        WHERE gap IS NOT NULL AND {condition}
          AND NOT EXISTS (FROM missing_value m WHERE m.fetch_id = g.fetch_id AND m.position IS NULL AND m.field = gap)
    """  # noqa: S608  our own words


def _without_fetch(table: str) -> str:
    return (
        f"SELECT '{table}, fetch ' || t.fetch_id FROM {table} t LEFT JOIN page_fetch f "  # noqa: S608
        "ON f.fetch_id = t.fetch_id AND f.run_id = t.run_id AND f.observed_at = t.observed_at "
        "WHERE f.outcome IS DISTINCT FROM 'ok'"
    )


def _outside(columns: dict[str, tuple[str, ...]], bounds: str) -> str:
    return " UNION ALL ".join(
        f"SELECT '{table}.{name} = ' || {name} || ', fetch ' || fetch_id FROM {table} WHERE NOT ({name} {bounds})"  # noqa: S608
        for table, names in columns.items()
        for name in names
    )


def _pointing(column: str, target: str) -> str:
    tables = {
        "content_id": ("product",),
        "title_id": ("placement", "widget", "related", "list_place"),
        "lack_id": _OF_A_FETCH,
    }[column]
    return " UNION ALL ".join(
        f"SELECT 'stored.{table}, fetch ' || fetch_id FROM stored.{table} t "  # noqa: S608
        f"WHERE {column} IS NOT NULL AND NOT EXISTS (FROM {target} x WHERE x.{column} = t.{column})"
        for table in tables
    )


CHECKS = (
    Check(
        "fetch_numbers",
        "fetch numbers are given to more than one fetch",
        "SELECT 'fetch ' || fetch_id FROM page_fetch GROUP BY fetch_id HAVING count(*) > 1",
    ),
    Check(
        "fetch_names",
        "fetches are there twice: same run, task and instant",
        "SELECT task || ' of run ' || run_id FROM page_fetch GROUP BY run_id, task, observed_at HAVING count(*) > 1",
    ),
    Check(
        "runs",
        "runs have fetches but are not on record, or are there twice",
        "SELECT DISTINCT run_id FROM page_fetch ANTI JOIN crawl_run USING (run_id) "
        "UNION ALL SELECT run_id FROM crawl_run GROUP BY run_id HAVING count(*) > 1",
    ),
    Check(
        "facts_have_fetches",
        "rows are of no fetch that was read",
        " UNION ALL ".join(_without_fetch(table) for table in _FACTS),
    ),
    Check(
        "one_observation",
        "tasks were observed more than once in their run",
        "SELECT f.task || ' of run ' || f.run_id FROM page_fetch f "
        "JOIN (SELECT fetch_id FROM stored.product UNION ALL SELECT fetch_id FROM stored.results_page) "
        "USING (fetch_id) "
        "GROUP BY f.run_id, f.task HAVING count(*) > 1",
    ),
    Check(
        "observed",
        "tasks were read and left no observation",
        "SELECT task || ' of run ' || run_id FROM page_fetch LEFT JOIN (SELECT fetch_id AS there FROM stored.product "
        "UNION ALL SELECT fetch_id FROM stored.results_page) ON there = fetch_id "
        "WHERE outcome = 'ok' AND kind IN ('product', 'search') GROUP BY run_id, task HAVING count(there) = 0",
    ),
    Check(
        "same_product",
        "observations are of another product than their fetch asked for",
        "SELECT 'fetch ' || fetch_id FROM stored.product p JOIN page_fetch f USING (fetch_id) "
        "WHERE (p.marketplace, p.asin) IS DISTINCT FROM (f.marketplace, f.asin)",
    ),
    Check(
        "parts_have_wholes",
        "ranks or placements stand without the page they were on",
        "SELECT 'rank, fetch ' || fetch_id FROM bsr_observation ANTI JOIN stored.product USING (fetch_id, asin) "
        "UNION ALL SELECT 'placement, fetch ' || fetch_id FROM stored.placement "
        "ANTI JOIN stored.results_page USING (fetch_id) "
        "UNION ALL SELECT 'related product, fetch ' || fetch_id FROM stored.related "
        "ANTI JOIN stored.product USING (fetch_id, asin)",
    ),
    Check(
        "pointers",
        "rows point to a content, title or set of reasons that is not there",
        " UNION ALL ".join(
            _pointing(column, target)
            for column, target in (
                ("content_id", "stored.content"),
                ("title_id", "stored.title"),
                ("lack_id", "stored.lack"),
            )
        ),
    ),
    Check("reasons", "missing values have no reason", _lacking("f.parser_version >= 3")),
    Check(
        "reasons_before",
        "missing values of rows that older versions wrote or imported have no reason (`tracker reparse` reads what was "
        "archived again)",
        _lacking("f.parser_version < 3"),
        wrong=False,
    ),
    Check("ratings", "ratings are not within 0 and 5", _outside(dict.fromkeys(_RATED, ("rating",)), "BETWEEN 0 AND 5")),
    Check("prices", "amounts are below 0", _outside(_PRICES, ">= 0")),
    Check("counts", "numbers of reviews are below 0", _outside(dict.fromkeys(_RATED, ("review_count",)), ">= 0")),
    Check("places", "ranks or positions are below 1", _outside(_PLACES, ">= 1")),
    Check(
        "changes_have_fetches",
        "changes rest on a fetch that is not there",
        "SELECT asin || ' ' || field || ', fetch ' || fetch_id FROM stored.change "
        "ANTI JOIN stored.product USING (fetch_id)",
    ),
    Check(
        "newer_parser",
        f"pages were read by a newer version of this program (this one reads as version {PARSER_VERSION})",
        f"SELECT 'fetch ' || fetch_id FROM page_fetch WHERE parser_version > {PARSER_VERSION}",  # noqa: S608
        wrong=False,
    ),
)


def broken(connection: duckdb.DuckDBPyConnection) -> list[Broken]:
    """The checks that a database of the newest schema does not pass."""
    found = []
    for check in CHECKS:
        row = connection.execute(f"SELECT count(*), min(what) FROM ({check.sql}) AS t(what)").fetchone()  # noqa: S608
        if row and row[0]:
            found.append(Broken(check, row[0], row[1]))
    return found


def unreadable(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], list[str]]:
    """Reads every value of every table, so that DuckDB compares each block with its checksum.

    Returns:
        The rows of each table, and what is wrong with the tables that cannot be read.
    """
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY ALL"
    ).fetchall()
    rows: dict[str, int] = {}
    wrong = []
    for schema, table in tables:
        try:
            row = connection.execute(
                f'SELECT count(*), bit_xor(hash(t)) FROM "{schema}"."{table}" AS t'  # noqa: S608
            ).fetchone()
            rows[f"{schema}.{table}"] = row[0] if row else 0
        except duckdb.Error as error:
            wrong.append(f"{schema}.{table}: {str(error).splitlines()[0]}")
    return rows, wrong
