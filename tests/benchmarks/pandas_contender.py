"""The same facts in Parquet files, one a month and table, read by pandas with only the columns and months it needs."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tests.benchmarks.questions import FIELDS, Asked
from tests.benchmarks.sqlite_contender import AROUND, FACTS, plain

DAY = 86_400_000_000


class Pandas:
    """The contender; ``seconds`` and ``count`` say how long its writing took and how many rows it was."""

    name = "pandas on Parquet"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}
        self.count: dict[str, int] = {}

    def load(self, store: duckdb.DuckDBPyConnection, since: datetime) -> None:
        """Only the writing by pandas is timed."""
        for table in AROUND:
            self._write(store, table, self.folder / table.split(".")[-1], "", {})
        for table in FACTS:
            name = table.split(".")[-1]
            months = store.execute(
                f"SELECT DISTINCT date_trunc('month', observed_at)::DATE FROM {table} "
                "WHERE observed_at >= ? ORDER BY 1",
                [since],
            ).fetchall()
            for (month,) in months:
                bound = (
                    "WHERE observed_at >= greatest($since, $month) AND observed_at < $month + INTERVAL 1 MONTH "
                    "ORDER BY fetch_id"
                )
                span = {"since": since, "month": datetime(month.year, month.month, 1)}  # noqa: DTZ001
                self._write(store, table, self.folder / name / f"month={month:%Y-%m}", bound, span)

    def _write(
        self, store: duckdb.DuckDBPyConnection, table: str, folder: Path, bound: str, span: dict[str, datetime]
    ) -> None:
        columns = ", ".join(f"{sql} AS {column}" for column, sql in plain(store, table).items())
        frame = store.execute(f"SELECT {columns} FROM {table} {bound}", span).df()
        # A month without any text in a column would get no type that the other months' could be read with.
        frame = frame.astype({name: "string" for name in frame.columns if frame[name].dtype == object})
        folder.mkdir(parents=True)
        start = time.perf_counter()
        frame.to_parquet(folder / "part.parquet", index=False, compression="zstd")
        name = table.rsplit(".", maxsplit=1)[-1]
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
        self.count[name] = self.count.get(name, 0) + len(frame)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*.parquet"))

    def close(self) -> None:
        pass

    def ask(self, question: str, about: Asked) -> list[tuple[Any, ...]]:
        return _ANSWERS[question](self, about)

    def read(
        self, name: str, columns: list[str], since: int | None = None, *, asins: Any = None, keywords: Any = None
    ) -> pd.DataFrame:
        """Rows of a table of facts since an instant, in microseconds."""
        filters: list[tuple[str, str, Any]] = []
        if since is not None:
            filters = [("month", ">=", f"{pd.Timestamp(since, unit='us'):%Y-%m}"), ("observed_at", ">=", since)]
        if asins is not None:
            filters.append(("asin", "in", list(asins)))
        if keywords is not None:
            filters.append(("keyword", "in", list(keywords)))
        return pd.read_parquet(self.folder / name, columns=columns, filters=filters or None)

    def around(self, name: str, columns: list[str]) -> pd.DataFrame:
        return pd.read_parquet(self.folder / name, columns=columns)


def _rows(frame: pd.DataFrame, columns: str) -> list[tuple[Any, ...]]:
    """As plain rows: whole numbers, None for what is missing."""
    told = frame[columns.split()].astype(object)
    return [
        tuple(None if pd.isna(v) else int(v) if isinstance(v, float) else v for v in row)
        for row in told.itertuples(index=False, name=None)
    ]


SHOWN = "asin observed_at price rank in_stock review_count"


def _us(instant: datetime) -> int:
    return pd.Timestamp(instant).value // 1000


def _midnight(about: Asked, days: int) -> int:
    """The beginning of the day ``days`` before that of the newest page."""
    return (_us(about.until) // DAY - days) * DAY


def _ranked(files: Pandas, seen: pd.DataFrame, asins: Any = None) -> pd.DataFrame:
    ranks = files.read("bsr_observation", ["fetch_id", "line", "rank"], int(seen.observed_at.min()), asins=asins)
    return seen.merge(ranks[ranks.line == 1].drop(columns="line"), on="fetch_id", how="left")


def _latest(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    columns = ["asin", "observed_at", "fetch_id", "price", "in_stock", "review_count", "content_id"]
    seen = files.read("product", columns)
    newest = _ranked(files, seen.loc[seen.groupby("asin").observed_at.idxmax()])
    return _rows(newest.merge(files.around("content", ["content_id", "title"]), on="content_id"), SHOWN + " title")


def _seen(files: Pandas, about: Asked, since: int, *more: str) -> pd.DataFrame:
    columns = ["asin", "observed_at", "day", "fetch_id", "price", "in_stock", "review_count", *more]
    return files.read("product", columns, since, asins=about.asins)


def _daily(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    seen = _seen(files, about, _midnight(about, 89))
    last = seen.loc[seen.groupby(["asin", "day"]).observed_at.idxmax()]
    return _rows(_ranked(files, last, about.asins), SHOWN)


def _observations(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    return _rows(_ranked(files, _seen(files, about, _us(about.before(90))), about.asins), SHOWN)


def _changes(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    columns = ["asin", "observed_at", "content_id", *(f for f in FIELDS if f != "title")]
    seen = files.read("product", columns, _us(about.before(9)))
    seen = seen.merge(files.around("content", ["content_id", "title"]), on="content_id").sort_values(
        ["asin", "observed_at"]
    )
    before = seen.groupby("asin").shift()
    known = before.observed_at.notna() & (seen.observed_at >= _us(about.before(7)))
    found: list[tuple[Any, ...]] = []
    for field in FIELDS:
        now, then = seen[field], before[field]
        same = (now == then).fillna(False).astype(bool) | (now.isna() & then.isna())
        turned = seen[known & ~same]
        found += [(asin, field, at) for asin, at in zip(turned.asin, turned.observed_at, strict=True)]
    return found


def _quality(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    lack = files.around("lack", ["lack_id", "lacks"])
    lack = lack.assign(lacks=lack.lacks.map(json.loads)).explode("lacks")
    lack = pd.DataFrame(
        {
            "lack_id": lack.lack_id,
            "field": [x["field"] for x in lack.lacks],
            "reason": [x["reason"] for x in lack.lacks],
        }
    )
    parts = [
        files.read(name, ["day", "lack_id", "observed_at"], _midnight(about, 6)).assign(kind=name)
        for name in ("product", "placement")
    ]
    counts = pd.concat([p.groupby(["day", "kind", "lack_id"]).size().reset_index(name="pages") for p in parts])
    told = counts.merge(lack, on="lack_id").groupby(["day", "kind", "field", "reason"]).pages.sum().reset_index()
    told["day"] = pd.to_datetime(told.day, unit="D").dt.strftime("%Y-%m-%d")
    return _rows(told, "day kind field reason pages")


def _ranks(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    since = _midnight(about, 29)
    pages = files.read(
        "results_page", ["keyword", "day", "run_id", "observed_at", "page"], since, keywords=about.keywords
    )
    runs = (
        pages.groupby(["keyword", "day", "run_id"])
        .agg(at=("observed_at", "max"), pages=("page", "nunique"))
        .reset_index()
    )
    runs = runs.loc[runs.groupby(["keyword", "day"])["at"].idxmax()]
    columns = ["keyword", "day", "run_id", "asin", "organic_position", "sponsored_position"]
    cards = files.read("placement", columns, since, keywords=about.keywords).merge(
        runs, on=["keyword", "day", "run_id"]
    )
    depth = cards.groupby(["keyword", "day"]).organic_position.max().rename("depth").reset_index()
    best = cards.groupby(["keyword", "day", "asin"])[["organic_position", "sponsored_position"]].min().reset_index()
    every = runs.merge(pd.DataFrame({"asin": about.asins}), how="cross").merge(depth, on=["keyword", "day"], how="left")
    every = every.merge(best, on=["keyword", "day", "asin"], how="left")
    every["day"] = pd.to_datetime(every.day, unit="D").dt.strftime("%Y-%m-%d")
    return _rows(every, "keyword day asin organic_position sponsored_position pages depth")


def _share(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    since, before = _midnight(about, 1), _midnight(about, 0)
    pages = files.read("results_page", ["keyword", "fetch_id", "observed_at", "page"], since)
    pages = pages[(pages.observed_at < before) & (pages.page == 1)]
    newest = pages.loc[pages.groupby("keyword").observed_at.idxmax(), ["fetch_id"]]
    cards = files.read("placement", ["keyword", "fetch_id", "asin", "sponsored", "observed_at"], since).merge(
        newest, on="fetch_id"
    )
    cards = cards.assign(organic=cards.sponsored == 0, ads=cards.sponsored == 1)
    told = cards.groupby(["keyword", "asin"]).agg(n=("asin", "size"), organic=("organic", "sum"), ads=("ads", "sum"))
    return _rows(told.reset_index(), "keyword asin n organic ads")


def _products(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    more = [
        "content_id",
        "list_price",
        "currency",
        "coupon_percent",
        "coupon_amount",
        "deal",
        "is_deal",
        "availability",
        "stock_left",
        "seller",
        "seller_id",
        "rating",
    ]
    seen = _ranked(files, _seen(files, about, _us(about.since), *more), about.asins)
    hashes = files.read("page_fetch", ["fetch_id", "page_hash"], _us(about.since), asins=about.asins)
    seen = seen.merge(hashes, on="fetch_id").merge(
        files.around("content", ["content_id", "title", "brand"]), on="content_id"
    )
    return _rows(seen, "asin observed_at price")


def _failures(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    found = files.read("page_fetch", ["asin", "observed_at", "outcome", "kind"], _us(about.since), asins=about.asins)
    return _rows(found[(found.outcome != "ok") & (found.kind == "product")], "asin observed_at outcome")


def _cards(files: Pandas, about: Asked) -> pd.DataFrame:
    columns = ["keyword", "run_id", "fetch_id", "asin", "organic_position", "sponsored_position"]
    return files.read("placement", columns, _us(about.since), keywords=about.keywords)


def _places(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    cards = _cards(files, about)
    best = cards[cards.asin.isin(about.asins)].groupby(["keyword", "run_id", "asin"])
    told = best.agg({"fetch_id": "max", "organic_position": "min", "sponsored_position": "min"}).reset_index()
    return _rows(told, "fetch_id asin organic_position sponsored_position")


def _reads(files: Pandas, about: Asked) -> list[tuple[Any, ...]]:
    pages = files.read(
        "page_fetch", ["keyword", "run_id", "page", "outcome"], _us(about.since), keywords=about.keywords
    )
    counted = (
        pages.assign(ok=pages.outcome == "ok").groupby(["keyword", "run_id"]).ok.sum().rename("pages").reset_index()
    )
    depth = _cards(files, about).groupby(["keyword", "run_id"]).organic_position.max().rename("depth").reset_index()
    told = counted.merge(depth, on=["keyword", "run_id"], how="left").fillna({"depth": 0})
    return _rows(told, "keyword run_id pages depth")


_ANSWERS = {
    "latest of all": _latest,
    "trend, 21 ASINs, 90 days: a row a day": _daily,
    "trend, 21 ASINs, 90 days: every observation": _observations,
    "changes of the last 7 days, all products": _changes,
    "data quality of the last 7 days": _quality,
    "keyword ranks of a listing, 30 days": _ranks,
    "share of search of a day, all keywords": _share,
    "report: products": _products,
    "report: failures": _failures,
    "report: places": _places,
    "report: reads": _reads,
}
