"""A simulated world in a database without a crawl: its truth, recorded as if every page had been read faultlessly.

Fast, and tells apart who is to blame: what is missed here no better crawl would find.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from reports.flags import Flag, Rules
from reports.judging import judge
from reports.stored import told
from spiders.tasks import Task, plan, unasked
from storage.model import Keyword, Listing, Offset, Outcome, Result, Run
from storage.records import Missing, Product, Reason, SearchPage
from storage.spool import SpoolWriter
from storage.store import Store
from tracker.demo.shelf import PAGES
from tracker.demo.world import World


def recorded(world: World, folder: Path) -> Store:
    """The store of a world that was read on every one of its nights."""
    store = Store(folder / "tracker.duckdb")
    listings = tuple(
        Listing(
            name=each.name,
            marketplace=each.marketplace,
            asin=each.asin,
            time_zone="UTC",
            rivals=each.rivals,
            keywords=tuple(Keyword(keyword=keyword, pages=PAGES) for keyword in each.keywords),
        )
        for each in world.listings
    )
    tasks = plan(listings)
    for day in range(world.day_count):
        at = world.now(day)
        run_id = f"{at:%Y%m%dT%H%M%SZ}-{day:06x}"
        with SpoolWriter(store.spool, run_id) as writer:
            writer.start(Run(run_id=run_id, started_at=at, trigger="demo", planned=len(tasks), listings=listings))
            for result in _results(world, tasks, day, run_id, at):
                writer.add(result)
            writer.finish(at)
    store.merge()
    return store


def raised(world: World, store: Store, days: int) -> list[Flag]:
    """The flags of every listing over the last ``days`` days."""
    last = world.now(world.day_count - 1).date()
    first = last - timedelta(days=days - 1)
    with store.reading() as db:
        judged = judge(db, Rules(), {each.name: first for each in world.listings})
        return [flag for one in judged for flag in told(db, one.reach.listing, first, last, one)]


def _with_reasons(product: Product) -> Product:
    """The product with a reason for every gap, as a page that was read in full gives it."""
    lacking = [field for field in product.__struct_fields__ if getattr(product, field) is None]
    return replace(product, missing=tuple(Missing(field=field, reason=Reason.ABSENT_ON_PAGE) for field in lacking))


def _results(world: World, tasks: list[Task], day: int, run_id: str, at: datetime) -> Iterator[Result]:
    offset = Offset()
    for number, task in enumerate(tasks):
        if task.asin and world.gone(task.marketplace, task.asin, day):
            missing = unasked(run_id, task, Outcome.NOT_FOUND, "not_found", at)
            yield Result(fetch=replace(missing, http_status=404, attempts=1))
            continue
        fetch = replace(
            unasked(run_id, task, Outcome.OK, None, at),
            http_status=200,
            attempts=1,
            bytes=1,
            elapsed_ms=1,
            page_hash=f"{day:032x}{number:032x}",
        )
        if task.asin:
            yield Result(fetch=fetch, product=_with_reasons(world.product(task.marketplace, task.asin, day)))
            continue
        placements = world.search(task.marketplace, task.keyword or "", task.page or 1, day)
        offset = offset if (task.page or 1) > 1 else Offset()
        yield Result(
            fetch=fetch,
            search=SearchPage(
                marketplace=task.marketplace,
                query=task.keyword,
                page=task.page,
                last_page=3,
                placements=placements,
                related_searches=world.related_searches(task.marketplace, task.keyword or ""),
            ),
            offset=offset,
        )
        offset = offset.after(placements)
