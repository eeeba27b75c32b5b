"""A real DuckDB file with the product's own schema, filled row by row by a test."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import msgspec

from storage.model import Expected
from storage.store import Store

CONTENT = {"title", "brand", "parent_asin", "variation", "variation_count", "badges", "bullets", "image_count"} | {
    "main_image", "has_a_plus", "has_video", "first_available"
}  # fmt: skip
"""Columns of a product observation that are kept once for all observations that share them."""
LONG_AGO = datetime(2025, 12, 1, tzinfo=UTC)
"""Before the first night of any test, and not by much: what is watched is judged from then on."""


@cache
def _empty() -> bytes:
    """An empty database file, migrated once for all tests."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "empty.duckdb")
        with store.writing():
            pass
        return store.path.read_bytes()


class Database:
    """Writes rows as a crawl would leave them. Instants are UTC."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(_empty())
        self._con = duckdb.connect(str(path))
        # One transaction: this connection sees its rows, and nothing waits for the disk after each.
        self._con.begin()
        self._fetches = 0
        self._numbers: dict[str, dict[str, int]] = {"content": {}, "lack": {}}
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

    def expect(self, name: str, marketplace: str, *, valid_from: datetime = LONG_AGO, **expected: Any) -> None:
        """What a listing is to be like: fields of :class:`storage.model.Expected`."""
        said = msgspec.structs.asdict(Expected(**expected))
        said["seller_ids"] = list(said["seller_ids"])
        self.insert("expectation", listing=name, marketplace=marketplace, expected=said, valid_from=valid_from)

    def fetch(
        self,
        at: datetime,
        kind: str,
        marketplace: str,
        *,
        outcome: str = "ok",
        attempts: int = 1,
        path: str = "",
        **about: Any,
    ) -> int:
        self._fetches += 1
        self.insert(
            "page_fetch",
            fetch_id=self._fetches,
            run_id=f"{at:%Y%m%dT%H}-run",
            task=f"{kind}/{marketplace}/{path or about.get('asin') or about.get('keyword')}",
            kind=kind,
            marketplace=marketplace,
            url=f"https://www.amazon.{marketplace}/",
            observed_at=at,
            read_at=at,
            outcome=outcome,
            attempts=attempts,
            page_hash=f"{self._fetches:064x}" if outcome == "ok" else None,
            parser_version=1,
            **about,
        )
        return self._fetches

    def _number(self, kind: str, key: str, **values: Any) -> int:
        """The number of a content or a set of missing fields, which is added when it is new."""
        numbers = self._numbers[kind]
        if key not in numbers:
            numbers[key] = len(numbers) + 1
            self.insert(f"stored.{kind}", **{f"{kind}_id": numbers[key], f"{kind}_key": key}, **values)
        return numbers[key]

    def _lack(self, missing: dict[str, str] | None) -> int | None:
        if not missing:
            return None
        lacks = [{"field": field, "reason": reason, "text": None} for field, reason in sorted(missing.items())]
        unknown = [field for field, reason in missing.items() if reason not in {"absent_on_page", "not_applicable"}]
        return self._number("lack", repr(lacks), lacks=lacks, unknown=unknown)

    def product(
        self,
        at: datetime,
        marketplace: str,
        asin: str,
        *,
        bsr: int | None = None,
        category: str = "Kitchen",
        missing: dict[str, str] | None = None,
        asked: dict[str, Any] | None = None,
        **values: Any,
    ) -> int:
        """One product page that was read. ``missing`` maps a field without value to its reason; ``asked`` holds more
        columns of its fetch."""
        name = self.fetch(at, "product", marketplace, asin=asin, **(asked or {}))
        about = {
            "run_id": f"{at:%Y%m%dT%H}-run",
            "fetch_id": name,
            "marketplace": marketplace,
            "asin": asin,
            "observed_at": at,
        }
        content = {column: value for column, value in values.items() if column in CONTENT}
        self.insert(
            "stored.product",
            **about,
            day=at.date(),
            content_id=self._number("content", repr(sorted(content.items())), **content),
            lack_id=self._lack(missing),
            **{column: value for column, value in values.items() if column not in CONTENT},
        )
        if bsr is not None:
            self.insert("bsr_observation", **about, line=1, rank=bsr, category=category)
            self.insert("bsr_observation", **about, line=2, rank=1, category="A narrower one")
        return name

    def search(
        self, at: datetime, marketplace: str, keyword: str, pages: list[list[tuple[str, bool | None]] | str]
    ) -> list[int]:
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
            where = {
                "run_id": f"{at:%Y%m%dT%H}-run",
                "fetch_id": name,
                "marketplace": marketplace,
                "observed_at": moment,
                "day": moment.date(),
            }
            self.insert("stored.results_page", **where, **about)
            for position, (asin, sponsored) in enumerate(page, start=1):
                overall += 1
                organic += sponsored is False
                ads += sponsored is True
                self.insert(
                    "stored.placement",
                    **where,
                    position=position,
                    asin=asin,
                    sponsored=sponsored,
                    overall_position=overall,
                    organic_position=organic if sponsored is False else None,
                    sponsored_position=ads if sponsored is True else None,
                    **about,
                )
        return names

    def ranked(
        self, at: datetime, marketplace: str, path: str, list_of: tuple[str, str | None, str | None], pages: list[Any]
    ) -> None:
        """One reading of a ranked list (its ranking, category and node): per page its ASINs by rank, or the outcome of
        a failed page; None is one that was not asked for, because the list ends before it."""
        ranking, category, node = list_of
        for number, page in enumerate(pages, start=1):
            moment = at + timedelta(seconds=number)
            outcome = "ok" if isinstance(page, dict) else page or "not_found"
            fetch = self.fetch(
                moment, "bestsellers", marketplace, outcome=outcome, attempts=int(page is not None),
                path=f"{number}{path}", page=number,
            )  # fmt: skip
            for rank, asin in page.items() if isinstance(page, dict) else ():
                self.insert(
                    "stored.list_place",
                    run_id=f"{at:%Y%m%dT%H}-run",
                    fetch_id=fetch,
                    marketplace=marketplace,
                    observed_at=moment,
                    ranking=ranking,
                    category=category,
                    category_id=node,
                    page=number,
                    rank=rank,
                    asin=asin,
                )

    def review(self, fetch_id: int, at: datetime, asin: str, review_id: str, stars: int, **about: Any) -> None:
        """A review as a page showed it first, or changed."""
        run = f"{at:%Y%m%dT%H}-run"
        where = {"run_id": run, "fetch_id": fetch_id, "marketplace": about.pop("marketplace", "com"), "asin": asin}
        usual = {"reviewed_on": at.date() - timedelta(days=2), "country": "United States", "verified": True}
        self.insert("stored.review", **where, observed_at=at, review_id=review_id, stars=stars, **(usual | about))
