"""A real DuckDB file with the product's own schema, filled row by row by a test."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

SCHEMA = Path(__file__).parents[2] / "storage" / "migrations"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def _empty() -> bytes:
    """An empty database file, migrated once for all tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        with duckdb.connect(str(path)) as con:
            for migration in sorted(SCHEMA.glob("*.sql")):
                con.execute(migration.read_text())
        return path.read_bytes()


class Database:
    """Writes rows as a crawl would leave them. Instants are UTC."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(_empty())
        self._con = duckdb.connect(str(path))
        # One transaction: this connection sees its rows, and nothing waits for the disk after each.
        self._con.begin()
        self._fetches = 0
        self._rows: dict[tuple[str, tuple[str, ...]], list[Any]] = {}

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection, which sees every row told so far (written in bulk: a statement each is slow)."""
        for (table, names), values in self._rows.items():
            width = len(names) * 250
            for part in (values[start : start + width] for start in range(0, len(values), width)):
                marks = ", ".join([f"({', '.join('?' * len(names))})"] * (len(part) // len(names)))
                self._con.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES {marks}", part)
        self._rows = {}
        return self._con

    def publish(self) -> None:
        """Write everything into the file, for others to read."""
        self.con.commit()
        self.con.close()

    def insert(self, table: str, **values: Any) -> None:
        self._rows.setdefault((table, tuple(values)), []).extend(values.values())

    def listing(
        self,
        name: str,
        marketplace: str,
        asin: str,
        rivals: list[str],
        keywords: list[str],
        *,
        time_zone: str = "UTC",
        pages: int = 2,
        valid_from: datetime = LONG_AGO,
    ) -> None:
        common = {"listing": name, "marketplace": marketplace, "valid_from": valid_from}
        self.insert("listing", asin=asin, time_zone=time_zone, **common)
        for rival in rivals:
            self.insert("rival", asin=rival, **common)
        for keyword in keywords:
            self.insert("keyword", keyword=keyword, pages=pages, **common)

    def fetch(self, at: datetime, kind: str, marketplace: str, *, outcome: str = "ok", **about: Any) -> str:
        self._fetches += 1
        name = f"f{self._fetches:06d}"
        self.insert(
            "page_fetch",
            fetch_id=name,
            run_id=f"{at:%Y%m%dT%H}-run",
            task=f"{kind}/{marketplace}/{about.get('asin') or about.get('keyword')}",
            kind=kind,
            marketplace=marketplace,
            url=f"https://www.amazon.{marketplace}/",
            observed_at=at,
            outcome=outcome,
            attempts=1,
            page_hash=f"{self._fetches:064x}" if outcome == "ok" else None,
            parser_version=1,
            **about,
        )
        return name

    def product(
        self,
        at: datetime,
        marketplace: str,
        asin: str,
        *,
        bsr: int | None = None,
        category: str = "Kitchen",
        missing: dict[str, str] | None = None,
        **values: Any,
    ) -> str:
        """One product page that was read. ``missing`` maps a field without value to its reason."""
        name = self.fetch(at, "product", marketplace, asin=asin)
        about = {
            "run_id": f"{at:%Y%m%dT%H}-run",
            "fetch_id": name,
            "marketplace": marketplace,
            "asin": asin,
            "observed_at": at,
        }
        self.insert("product_observation", **about, **values)
        if bsr is not None:
            self.insert("bsr_observation", **about, line=1, rank=bsr, category=category)
            self.insert("bsr_observation", **about, line=2, rank=1, category="A narrower one")
        for field, reason in (missing or {}).items():
            self.insert("missing_value", **about, field=field, reason=reason)
        return name

    def search(
        self, at: datetime, marketplace: str, keyword: str, pages: list[list[tuple[str, bool | None]] | str]
    ) -> list[str]:
        """One reading of a keyword: per page its (asin, sponsored) in order, or the outcome of a failed page."""
        names, overall, organic, ads = [], 0, 0, 0
        for number, page in enumerate(pages, start=1):
            moment = at + timedelta(seconds=number)
            about: dict[str, Any] = {"keyword": keyword, "page": number}
            if isinstance(page, str):
                names.append(self.fetch(moment, "search", marketplace, outcome=page, **about))
                continue
            name = self.fetch(moment, "search", marketplace, **about)
            names.append(name)
            for position, (asin, sponsored) in enumerate(page, start=1):
                overall += 1
                organic += sponsored is False
                ads += sponsored is True
                self.insert(
                    "search_placement",
                    run_id=f"{at:%Y%m%dT%H}-run",
                    fetch_id=name,
                    marketplace=marketplace,
                    observed_at=moment,
                    position=position,
                    asin=asin,
                    sponsored=sponsored,
                    overall_position=overall,
                    organic_position=organic if sponsored is False else None,
                    sponsored_position=ads if sponsored is True else None,
                    **about,
                )
        return names
