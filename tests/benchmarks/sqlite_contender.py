"""The same facts in SQLite: the same tables, indexed for these questions, loaded and asked as well as one can.

Money is kept in whole hundredths, instants in microseconds, days in days since 1970: exact, and the smallest that
SQLite has. ``product`` and ``page_fetch`` are found by fetch, ``placement`` is kept in the order of its pages.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.benchmarks.questions import Asked

FACTS = ("stored.product", "bsr_observation", "page_fetch", "stored.results_page", "stored.placement")
AROUND = ("stored.content", "stored.lack", "stored.title", "listing", "rival", "keyword")
BATCH = 100_000

_KEYS = {
    "product": "PRIMARY KEY (fetch_id)",
    "page_fetch": "PRIMARY KEY (fetch_id)",
    "results_page": "PRIMARY KEY (fetch_id)",
    "content": "PRIMARY KEY (content_id)",
    "lack": "PRIMARY KEY (lack_id)",
    "title": "PRIMARY KEY (title_id)",
    "placement": "PRIMARY KEY (fetch_id, position)",
}
_INDEXES = (
    "product (marketplace, asin, observed_at)",
    "product (observed_at)",
    "bsr_observation (marketplace, asin, observed_at)",
    "page_fetch (marketplace, asin, observed_at) WHERE asin IS NOT NULL",
    "page_fetch (marketplace, keyword, observed_at) WHERE keyword IS NOT NULL",
    "results_page (marketplace, keyword, observed_at)",
    "results_page (observed_at)",
)


def plain(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table, each with the SQL that makes a plain number or text of it."""
    made = {}
    for name, kind in [row[:2] for row in connection.execute(f"DESCRIBE {table}").fetchall()]:
        if kind.startswith("DECIMAL"):
            made[name] = f'("{name}" * 100)::BIGINT'
        elif kind.startswith("TIMESTAMP"):
            made[name] = f'epoch_us("{name}")'
        elif kind == "DATE":
            made[name] = f"(\"{name}\" - DATE '1970-01-01')::INTEGER"
        elif kind == "BOOLEAN":
            made[name] = f'"{name}"::INTEGER'
        elif kind.endswith("[]") or kind.startswith(("MAP", "STRUCT")):
            made[name] = f'to_json("{name}")::VARCHAR'
        else:
            made[name] = f'"{name}"'
    return made


def rows(
    connection: duckdb.DuckDBPyConnection, table: str, since: datetime, before: datetime | None = None
) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
    """Names and rows (in batches) of a table, plain; of a table of facts those from ``since`` to ``before``."""
    columns = plain(connection, table)
    bound = "WHERE observed_at >= $since AND observed_at < $before ORDER BY fetch_id" if table in FACTS else ""
    span = {"since": since, "before": before or datetime(2100, 1, 1)} if bound else {}  # noqa: DTZ001
    found = connection.cursor().execute(f"SELECT {', '.join(columns.values())} FROM {table} {bound}", span)
    return list(columns), iter(lambda: found.fetchmany(BATCH), [])


class Sqlite:
    """The contender; ``seconds`` and ``count`` say how long its loading took and how many rows it was."""

    name = "SQLite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds: dict[str, float] = {}
        self.count: dict[str, int] = {}
        text = Path(__file__).with_name("questions_sqlite.sql").read_text(encoding="utf-8")
        parts = [part.split("\n", 1) for part in text.split("-- name: ")[1:]]
        self.questions = {name.strip(): sql for name, sql in parts}
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA cache_size = -2000000")  # 2 GB
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.execute("PRAGMA mmap_size = 30000000000")

    def is_loaded(self) -> bool:
        return bool(self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    def load(self, store: duckdb.DuckDBPyConnection, since: datetime, last_run: datetime) -> None:
        """Everything before ``last_run`` in one transaction, indexes afterwards. Only SQLite's own work is timed."""
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("BEGIN")
        for table in (*AROUND, *FACTS):
            names, batches = rows(store, table, since, last_run)
            name = table.split(".")[-1]
            keys = f", {_KEYS[name]}" if name in _KEYS else ""
            integer = [f"{n} INTEGER" if f"PRIMARY KEY ({n})" in keys else n for n in names]
            without = " WITHOUT ROWID" if name == "placement" else ""
            self._connection.execute(f"CREATE TABLE {name} ({', '.join(integer)}{keys}){without}")
            self._insert(name, len(names), batches)
        self._timed("commit", lambda: self._connection.execute("COMMIT"))
        for number, index in enumerate(_INDEXES):
            self._timed("indexes", lambda n=number, i=index: self._connection.execute(f"CREATE INDEX i{n} ON {i}"))
        self._timed("analyze", lambda: self._connection.execute("ANALYZE"))

    def night(self, store: duckdb.DuckDBPyConnection, last_run: datetime) -> float:
        """Add the last crawl's facts, durably; returns seconds."""
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        news = [(table.split(".")[-1], rows(store, table, last_run)) for table in FACTS]
        ready = [(name, len(names), list(batches)) for name, (names, batches) in news]
        start = time.perf_counter()
        self._connection.execute("BEGIN")
        for name, width, batches in ready:
            self._insert(name, width, iter(batches))
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return time.perf_counter() - start

    def ask(self, question: str, about: Asked) -> list[tuple[Any, ...]]:
        return self._connection.execute(self.questions[question], _parameters(about)).fetchall()

    def size(self) -> int:
        return self.path.stat().st_size

    def close(self) -> None:
        self._connection.close()

    def _insert(self, name: str, width: int, batches: Iterator[list[tuple[Any, ...]]]) -> None:
        sql = f"INSERT INTO {name} VALUES ({', '.join('?' * width)})"
        for batch in batches:
            self._timed(name, lambda b=batch: self._connection.executemany(sql, b))
            self.count[name] = self.count.get(name, 0) + len(batch)

    def _timed(self, what: str, work: Any) -> None:
        start = time.perf_counter()
        work()
        self.seconds[what] = self.seconds.get(what, 0.0) + time.perf_counter() - start


def _parameters(about: Asked) -> dict[str, Any]:
    return {
        "listing": about.listing,
        "asins": json.dumps(about.asins),
        "keywords": json.dumps(about.keywords),
        "today": int(about.until.timestamp() // 86400),
        "before_7": _us(about.before(7)),
        "before_9": _us(about.before(9)),
        "before_90": _us(about.before(90)),
        "since": _us(about.since),
    }


def _us(instant: datetime) -> int:
    return int(instant.timestamp()) * 1_000_000 + instant.microsecond


def wide(store: duckdb.DuckDBPyConnection, path: Path, since: datetime) -> tuple[int, int, float]:
    """One wide row per observation, as one writes it by hand: texts in every row, instants as text, prices as REAL.

    Returns rows, bytes and seconds.
    """
    found = store.execute(
        "SELECT p.asin, p.marketplace, p.observed_at::VARCHAR, f.url, title, brand, price::DOUBLE, list_price::DOUBLE, "
        "p.currency, coupon_percent::DOUBLE, coupon_amount::DOUBLE, deal, availability, in_stock::INTEGER, stock_left, "
        "seller, seller_id, ships_from, rating::DOUBLE, review_count, b.rank, b.category, bought_past_month, "
        "to_json(badges)::VARCHAR, image_count, main_image, array_to_string(bullets, chr(10)), f.page_hash "
        "FROM product_observation p JOIN page_fetch f ON f.fetch_id = p.fetch_id AND f.observed_at >= $since "
        "LEFT JOIN bsr_observation b ON b.fetch_id = p.fetch_id AND b.line = 1 AND b.observed_at >= $since "
        "WHERE p.observed_at >= $since",
        {"since": since},
    )
    width, count, seconds = len(found.description), 0, 0.0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"CREATE TABLE observation ({', '.join(f'c{n}' for n in range(width))})")
        connection.execute("BEGIN")
        while batch := found.fetchmany(BATCH):
            start = time.perf_counter()
            connection.executemany(f"INSERT INTO observation VALUES ({', '.join('?' * width)})", batch)
            seconds, count = seconds + time.perf_counter() - start, count + len(batch)
        start = time.perf_counter()
        connection.execute("COMMIT")
        connection.execute("CREATE INDEX i ON observation (c1, c0, c2)")
        seconds += time.perf_counter() - start
    return count, path.stat().st_size, seconds
