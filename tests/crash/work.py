"""What is killed: `python -m tests.crash.work KIND DATABASE NAME SEED`, a process that works until then.

It says on stdout what it has acknowledged, a JSON line each, and only after it has.
"""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from time import time_ns

import msgspec

from storage.model import Fetch, Keyword, Listing, Outcome, Result, Run
from storage.records import BsrLine, Missing, Placement, Product, Reason, SearchPage
from storage.spool import SpoolWriter
from storage.store import Store

PLACEMENTS = 3
"""On each results page."""

SHARED = "B0SHARED01"
"""A product that every process watches."""


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """One result that must never be missing from now on. Run, task and instant name its fetch."""

    run_id: str
    task: str
    observed_at: datetime
    kind: str
    price: Decimal | None
    read_at: datetime | None


def now() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


def keep(writer: SpoolWriter, result: Result) -> None:
    """Spool a result, then acknowledge it."""
    writer.add(result)
    fetch = result.fetch
    said = Acknowledged(
        run_id=fetch.run_id,
        task=fetch.task,
        observed_at=fetch.observed_at,
        kind=fetch.kind,
        price=result.product.price if result.product else None,
        read_at=fetch.read_at,
    )
    os.write(1, msgspec.json.encode(said) + b"\n")


def product(asin: str, rng: Random) -> Product:
    """What a product's page says: prices and titles come back, and now and then a price is not to be read."""
    price = rng.choice([Decimal("9.99"), Decimal("12.49"), Decimal("15.00"), Decimal("17.50"), None])
    return Product(
        marketplace="com",
        asin=asin,
        title=rng.choice(["A mug", "A better mug", "A mug — 杯"]),
        price=price,
        currency="USD" if price else None,
        in_stock=rng.random() < 0.8,
        bsr=(BsrLine(rank=rng.randint(1, 999), category=rng.choice(["Mugs", "Kitchen"])),),
        missing=() if price else (Missing(field="price", reason=rng.choice(list(Reason)), text=None),),
    )


def fetched(run_id: str, kind: str, subject: str) -> Fetch:
    """A page that came now; no task is ever asked twice."""
    return Fetch(
        run_id=run_id,
        task=f"{kind}/com/{subject}/{time_ns()}",
        kind=kind,
        marketplace="com",
        asin=subject if kind == "product" else None,
        keyword=subject if kind == "search" else None,
        page=1 if kind == "search" else None,
        url="https://www.amazon.com/",
        observed_at=now(),
        outcome=Outcome.OK,
        detail=None,
        http_status=200,
        attempts=1,
        bytes=1000,
        elapsed_ms=12,
        page_hash="ab" * 32,
    )


def results(run_id: str, rng: Random) -> Iterator[Result]:
    """Products and results pages without end."""
    while True:
        if rng.random() < 0.7:
            asin = rng.choice([SHARED, *(f"B0{run_id[:1].upper()}{n:07}" for n in range(6))])
            yield Result(fetch=fetched(run_id, "product", asin), product=product(asin, rng))
        else:
            placements = tuple(
                Placement(position=n, asin=f"B0PLACED{n:02}", sponsored=n == 1, organic_position=n - 1 or None)
                for n in range(1, PLACEMENTS + 1)
            )
            page = SearchPage(marketplace="com", page=1, placements=placements)
            yield Result(fetch=fetched(run_id, "search", "steel mug"), search=page)


def spooling(store: Store, name: str, rng: Random) -> None:
    """Run after run, as a crawl does it, but with a merge every few pages."""
    for number in count(1):
        run_id = f"{name}-{number:03}"
        listing = Listing(
            name=name[:1],
            marketplace="com",
            asin=SHARED,
            time_zone="America/Los_Angeles",
            rivals=(f"B0{run_id[:1].upper()}0000000",),
            keywords=(Keyword(keyword="steel mug", pages=1),),
        )
        pages = results(run_id, rng)
        with SpoolWriter(store.spool, run_id) as writer:
            writer.start(Run(run_id=run_id, started_at=now(), trigger="manual", planned=9, listings=(listing,)))
            for _ in range(rng.randint(2, 5)):
                for _ in range(rng.randint(1, 12)):
                    keep(writer, next(pages))
                writer.seal()
                if rng.random() < 0.7:
                    store.merge()
            writer.finish(now())
        store.merge()


def correcting(store: Store, name: str, rng: Random) -> None:
    """Pages read again by a better parser: each reading replaces the one before, which stays queryable."""
    with store.reading() as db:
        columns = "run_id, task, observed_at, asin"
        known = db.execute(f"SELECT {columns} FROM page_fetch WHERE kind = 'product' ORDER BY fetch_id").fetchall()
    for number in count(1):
        with SpoolWriter(store.spool, f"{name}-{number:03}") as writer:
            for run_id, task, observed_at, asin in rng.sample(known, min(len(known), rng.randint(1, 12))):
                fetch = msgspec.structs.replace(
                    fetched(run_id, "product", asin), task=task, observed_at=observed_at, read_at=now()
                )
                keep(writer, Result(fetch=fetch, product=product(asin, rng)))
        store.merge()


def migrating(store: Store, name: str, rng: Random) -> None:
    """A database of an older version is opened for the first time."""
    with store.reading() as db:
        db.execute("FROM product_observation").fetchall()


WORK: dict[str, Callable[[Store, str, Random], None]] = {
    "spooling": spooling,
    "correcting": correcting,
    "migrating": migrating,
}

if __name__ == "__main__":
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]  # as the command does, see tracker.__main__
    what, database, who, seed = sys.argv[1:]
    WORK[what](Store(Path(database), wait=120), who, Random(int(seed)))
