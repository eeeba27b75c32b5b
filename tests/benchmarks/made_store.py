"""A store as years of crawls leave it, made up: its laws are in made_laws.sql, what each crawl sees in made_crawls.sql.

Prices stand for weeks, coupons and deals come and go, ranks are noisy in logarithms, reviews add up, contents change a
few times a year; page hashes are real hashes. Rows go straight into the tables, in order of time, as merges leave them;
the last crawl comes as the real one does: through the spool, by a merge (see :func:`last_night`).
Left out: widgets, reviews, ranked lists and offers of other sellers; results pages after the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from storage.model import Fetch, Outcome, Result, Run
from storage.records import Badge, BsrLine, Missing, Placement, Product, Reason, SearchPage
from storage.schema import rebuild_changes
from storage.spool import SpoolWriter
from storage.store import Store

START = datetime(2016, 11, 1, 3, tzinfo=UTC)
AT_ONCE = 30
"""Days made in one go."""

OF_PRODUCT = [
    "price",
    "list_price",
    "currency",
    "coupon_percent",
    "coupon_amount",
    "deal",
    "deal_ends",
    "stock_left",
    "seller",
    "seller_id",
    "ships_from",
    "offer_count",
    "offer_from",
    "rating",
    "bought_past_month",
    "bought_past_month_min",
    "unit_price",
    "unit",
    "subscribe_price",
    "subscribe_percent",
    "used_price",
    "renewed_price",
    "prime_price",
]
OF_CONTENT = ["parent_asin", "variation", "variation_count"]
OF_CARD = ["list_price", "coupon", "bought_past_month_min", "organic_position", "sponsored_position"]
NOT_APPLICABLE = {"currency", *OF_CONTENT, "organic_position", "sponsored_position"}


@dataclass(frozen=True)
class Size:
    """How big a store: ``days`` of ``crawls`` a day, results pages only of the last ``keyword_days``."""

    days: int
    asins: int
    crawls: int
    keywords: int
    keyword_days: int

    @property
    def last(self) -> int:
        """Number of the last crawl."""
        return self.days * self.crawls - 1


def _reason(field: str) -> Reason:
    if field == "rating":
        return Reason.UNPARSEABLE
    return Reason.NOT_APPLICABLE if field in NOT_APPLICABLE else Reason.ABSENT_ON_PAGE


def _mask(fields: list[str]) -> str:
    """SQL for a number that tells which of the fields are NULL."""
    columns = ["parent_asin" if field == "variation" else field for field in fields]
    return " + ".join(f"({column} IS NULL)::BIGINT * {1 << n}" for n, column in enumerate(columns))


def _lacks(connection: duckdb.DuckDBPyConnection, table: str, fields: list[str]) -> None:
    """Add the sets of missing fields that ``table`` has and the store has not; "known_lack" numbers them by mask."""
    connection.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS known_lack_{table} AS SELECT 0::BIGINT AS mask, 0 AS lack_id LIMIT 0"
    )
    connection.execute(
        f"INSERT INTO known_lack_{table} "
        "SELECT mask, (SELECT count(*) FROM stored.lack) + row_number() OVER (ORDER BY mask) "
        f"FROM (SELECT DISTINCT {_mask(fields)} AS mask FROM {table}) WHERE mask <> 0 "
        f"AND mask NOT IN (SELECT mask FROM known_lack_{table})"
    )
    told = ", ".join(
        f"{{'field': '{field}', 'reason': '{_reason(field)}', 'text': {_text(field)!r}}}".replace("None", "NULL")
        for field in fields
    )
    connection.execute(
        f"INSERT INTO stored.lack SELECT lack_id, md5(to_json(lacks)::VARCHAR), lacks, "
        "[l.field FOR l IN lacks IF l.reason NOT IN ('absent_on_page', 'not_applicable')] "
        "FROM (SELECT lack_id, list_sort([l FOR l, n IN told IF mask >> (n - 1)::INTEGER & 1 = 1]) AS lacks "
        f'FROM known_lack_{table}, (SELECT [{told}]::STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[] AS told) '
        "WHERE lack_id NOT IN (SELECT lack_id FROM stored.lack)) ORDER BY lack_id"
    )


def _text(field: str) -> str | None:
    return "4,x out of 5" if field == "rating" else None


def _laws(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    settings = {
        "asins": size.asins,
        "crawls": size.crawls,
        "keywords": size.keywords,
        "days": size.days,
        "listings": -(-size.asins // 21),
        "keywords_from": (size.days - size.keyword_days) * size.crawls,
    }
    for name, value in settings.items():
        connection.execute(f"SET VARIABLE {name} = {value}")
    connection.execute(f"SET VARIABLE start = '{START.isoformat()}'")
    _script(connection, "made_laws.sql", {})


def _script(connection: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, int]) -> None:
    for statement in duckdb.extract_statements(Path(__file__).with_name(name).read_text(encoding="utf-8")):
        connection.execute(statement, {k: v for k, v in parameters.items() if k in statement.named_parameters})


def build(store: Store, size: Size) -> Iterator[tuple[str, int]]:
    """Make all crawls but the last. Yields what was done, with its number of rows, for the clock."""
    with store.writing() as connection:
        connection.execute("SET enable_progress_bar = false")
        _laws(connection, size)
        connection.execute(
            "INSERT INTO crawl_run (run_id, started_at, finished_at, state, trigger, planned) "
            "SELECT run_id, began, began + INTERVAL 3 HOUR, 'complete', 'schedule', "
            "getvariable('asins') + getvariable('keywords') FROM crawl WHERE n < ? ORDER BY n",
            [size.last],
        )
        step = AT_ONCE * size.crawls
        for first in range(0, size.last, step):
            _script(connection, "made_crawls.sql", {"first": first, "last": min(first + step, size.last) - 1})
            _lacks(connection, "made_product", OF_PRODUCT + OF_CONTENT)
            _lacks(connection, "made_card", OF_CARD)
            yield "made", 0
            yield "rows", _insert(connection)
        rebuild_changes(connection)
        yield "changes", 0
    yield "written", 0


def _insert(connection: duckdb.DuckDBPyConnection) -> int:
    """Take what was made into the tables; returns the number of rows."""
    columns = connection.execute(
        "SELECT string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns() "
        "WHERE schema_name = 'stored' AND table_name = 'product' "
        "AND column_name IN (SELECT column_name FROM duckdb_columns() WHERE table_name = 'made_product')"
    ).fetchone()
    assert columns
    rows = 0
    for statement in (
        "INSERT INTO page_fetch BY NAME FROM made_fetch ORDER BY fetch_id",
        f"INSERT INTO stored.product BY NAME SELECT {columns[0]}, lack_id FROM made_product "
        f"LEFT JOIN known_lack_made_product ON mask = {_mask(OF_PRODUCT + OF_CONTENT)} ORDER BY fetch_id",
        "INSERT INTO bsr_observation BY NAME SELECT run_id, fetch_id, marketplace, asin, observed_at, line, "
        "CASE line WHEN 1 THEN rank_1 ELSE rank_2 END AS rank, "
        "'Category ' || CASE line WHEN 1 THEN '' ELSE 'of ' END || category AS category, "
        "(1000000 + category * 7919 + line)::VARCHAR AS category_id "
        "FROM made_product, (VALUES (1), (2)) l(line) ORDER BY fetch_id, line",
        "INSERT INTO stored.results_page BY NAME SELECT run_id, fetch_id, marketplace, keyword, observed_at, "
        "timezone('UTC', observed_at)::DATE AS day, page, 20 AS last_page, (1000 + k * 17)::INTEGER AS results, "
        "'1-48 of over ' || (1000 + k * 17) || ' results' AS results_text, 'grid_2023' AS layout "
        "FROM fetched WHERE kind = 'search' AND outcome = 'ok' ORDER BY fetch_id",
        f"INSERT INTO stored.placement BY NAME SELECT * EXCLUDE (mask) FROM made_card "
        f"LEFT JOIN known_lack_made_card ON mask = {_mask(OF_CARD)} ORDER BY fetch_id, position",
    ):
        done = connection.execute(statement).fetchone()
        rows += int(done[0]) if done else 0
    return rows


def last_night(store: Store, size: Size) -> int:
    """Put the last crawl into the spool, as a crawl does; returns its number of pages. Merge it then."""
    with duckdb.connect() as connection, store.reading() as there:
        connection.execute("SET enable_progress_bar = false")
        # The laws want tables to write contents and titles to: they stand in the store already.
        connection.execute("CREATE SCHEMA stored")
        for (table,) in there.execute(
            "SELECT sql FROM duckdb_tables() WHERE table_name IN ('content', 'title', 'listing', 'rival', 'keyword')"
        ).fetchall():
            connection.execute(table)
        connection.execute("SET TimeZone = 'UTC'")
        _laws(connection, size)
        _script(connection, "made_crawls.sql", {"first": size.last, "last": size.last})
        fetches = _dicts(connection, "FROM made_fetch ORDER BY fetch_id")
        products = {
            row["fetch_id"]: row
            for row in _dicts(
                connection, "SELECT p.*, c.content FROM made_product p JOIN content_law c USING (content_id)"
            )
        }
        cards: dict[int, list[dict[str, Any]]] = {}
        for row in _dicts(
            connection,
            "SELECT c.*, t.title FROM made_card c JOIN stored.title t USING (title_id) ORDER BY fetch_id, position",
        ):
            cards.setdefault(row["fetch_id"], []).append(row)
        run_id, began = connection.execute("SELECT run_id, began FROM crawl WHERE n = ?", [size.last]).fetchall()[0]
    with SpoolWriter(store.spool, run_id) as spool:
        spool.start(Run(run_id=run_id, started_at=began, trigger="schedule", planned=len(fetches), listings=()))
        for fetch in fetches:
            number = fetch.pop("fetch_id")
            asked = Fetch(**fetch | {"outcome": Outcome(fetch["outcome"]), "read_at": None})
            product = _product(products[number]) if number in products else None
            search = _search(cards[number]) if number in cards else None
            spool.add(Result(fetch=asked, product=product, search=search))
        spool.finish(max(fetch["observed_at"] for fetch in fetches))
    return len(fetches)


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = connection.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _missing(row: dict[str, Any], fields: list[str]) -> tuple[Missing, ...]:
    return tuple(
        Missing(field=field, reason=_reason(field), text=_text(field)) for field in fields if row[field] is None
    )


def _product(row: dict[str, Any]) -> Product:
    content = row["content"]
    values = row | content
    values["badges"] = tuple(Badge(kind=b["kind"], text=b["text"]) for b in content["badges"])
    values["bullets"] = tuple(content["bullets"])
    names = {field.name for field in msgspec.structs.fields(Product)}
    lines = tuple(
        BsrLine(
            rank=row[f"rank_{line}"],
            category=f"Category {'' if line == 1 else 'of '}{row['category']}",
            category_id=str(1000000 + row["category"] * 7919 + line),
        )
        for line in (1, 2)
    )
    told = {name: value for name, value in values.items() if name in names}
    return Product(**told, bsr=lines, reviews=(), missing=_missing(values, OF_PRODUCT + OF_CONTENT))


def _search(rows: list[dict[str, Any]]) -> SearchPage:
    names = {field.name for field in msgspec.structs.fields(Placement)}
    cards = tuple(
        Placement(
            **{name: row[name] for name in names & row.keys() if name != "badges"}, missing=_missing(row, OF_CARD)
        )
        for row in rows
    )
    return SearchPage(
        marketplace="com",
        page=1,
        last_page=20,
        layout="grid_2023",
        results=1000,
        results_text="1-48 of over 1000 results",
        placements=cards,
    )
