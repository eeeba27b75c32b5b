"""`tracker demo`: a simulated marketplace, crawled night by night by the real crawler, and reported on."""

import json
import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import get_args

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from reports.flags import Flag
from reports.period import Asked
from spiders.tasks import Job
from storage.model import VENDOR
from tracker import crawl as crawling
from tracker.checklist import NAME as CHECKLIST
from tracker.config import Config, load
from tracker.demo.actions import note
from tracker.demo.catalogue import cents
from tracker.demo.corner import Watched
from tracker.demo.exports import bring_in
from tracker.demo.score import score, unplanted
from tracker.demo.site import Site, serve
from tracker.demo.world import World
from tracker.report import write
from tracker.review import write_review

FIRST_DAY = date(2026, 1, 5)
"""A fixed start, so that a seed names one world for everyone and every day."""

_MARKER = ".tracker-demo"


class DemoError(Exception):
    """The demo cannot run here; the message says why."""


def run(folder: Path, days: int, seed: int, out: Console) -> Path:
    """Simulate ``days`` nights, crawl each, report on the last 30, and print what was found.

    Returns:
        The overview page.

    Raises:
        DemoError: ``folder`` holds something that is not an earlier demo.
    """
    _clear(folder)
    world = World(seed=seed, days=days, start=FIRST_DAY)
    began = monotonic()
    with serve(world) as site:
        config_path = folder / "config.toml"
        config_path.write_text(configuration(world, site.base_urls), encoding="utf-8")
        config = load(config_path)
        pages = crawling.run_to_end(lambda: _nights(world, site, config, out))
    crawled = monotonic() - began
    note(world, config)
    exports = bring_in(world, config, folder / "exports")
    written = write(config, [])
    reviews, _ = write_review(config, [], Asked(sort="week"))
    out.print(f"{days} nights, {pages} pages in {crawled:.0f} s; reports after {monotonic() - began:.0f} s.\n")
    flags = {told.report.comparison.listing: list(told.report.flags) for told in written.listings}
    _show(world, flags, config.report.days, out)
    out.print(f"\nReport    [bold]{escape(str(written.first))}[/bold]", soft_wrap=True)
    out.print(f"          {escape(str(config.report.folder / CHECKLIST))}   the morning round", soft_wrap=True)
    out.print(f"          {escape(str(reviews[0]))}   the last week", soft_wrap=True)
    for told in written.listings:
        about = f"{told.report.comparison.listing}: {len(told.report.flags)} flags"
        out.print(f"          {escape(str(told.files[0]))}   {about}", soft_wrap=True)
    out.print(f"Exports   {escape(str(folder / 'exports'))}   {exports} of Seller Central, imported", soft_wrap=True)
    out.print(
        f'Database  tracker sql --config {escape(str(config_path))} "FROM product_observation LIMIT 5"', soft_wrap=True
    )
    return written.first


def _clear(folder: Path) -> None:
    """Make room for a demo, removing an earlier one but never anything else."""
    if folder.exists() and not folder.is_dir():
        raise DemoError(f"{folder}: a file, not a folder; name another with --folder")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / _MARKER).exists():
            raise DemoError(f"{folder}: holds something that is not a demo; name another folder with --folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARKER).touch()


def configuration(world: World, base_urls: dict[str, str]) -> str:
    """config.toml for a world served at these addresses: no delay, since the server is our own."""
    text = [
        "# Written by `tracker demo`: the simulated marketplace is gone, its data and reports stay.",
        "[crawl]\npages = 2\ndelay = 0\nconcurrency = 8\nblock_pause = 0\n",
    ]
    for code, url in base_urls.items():
        sellers = [
            world.corner(code, each.asin).sheets[each.asin] for each in world.listings if each.marketplace == code
        ]
        ids = json.dumps([sheet.seller_id or VENDOR for sheet in sellers])
        text.append(f'[marketplaces."{code}"]\nbase_url = "{url}"\nseller_ids = {ids}\n')
    text += [
        f'[[listing]]\nname = "{each.name}"\nmarketplace = "{each.marketplace}"\nasin = "{each.asin}"\n'
        f"rivals = {json.dumps(list(each.rivals))}\n"
        f"keywords = {json.dumps(list(each.keywords), ensure_ascii=False)}\n"
        f"[listing.expect]\nprice = [{', '.join(map(str, meant(world, each)))}]\n"
        for each in world.listings
    ]
    return "\n".join(text)


def meant(world: World, listing: Watched) -> tuple[Decimal, Decimal]:
    """Between what its price is to be: of a listing that nothing ails, whatever its seller asks for it; of any other,
    what it asked on the first night, or a little less or more."""
    corner = world.corner(listing.marketplace, listing.asin)
    nights = range(1 if corner.ailments else world.day_count)
    pages = [world.product(listing.marketplace, listing.asin, night) for night in nights]
    own = corner.sheets[listing.asin].seller_id
    prices = [page.price for page in pages if page.price is not None and page.seller_id == own]
    slack = Decimal("0.05") if corner.ailments else Decimal(0)
    return cents(min(prices) * (1 - slack), corner.niche.currency), cents(
        max(prices) * (1 + slack), corner.niche.currency
    )


async def _nights(world: World, site: Site, config: Config, out: Console) -> int:
    """Crawl every night of the world; returns the number of pages read."""
    pages = 0
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("night {task.completed} of {task.total}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task("crawling", total=world.day_count)
        for day in range(world.day_count):
            site.set_day(day)
            began, night = monotonic(), world.now(day)

            def clock(began: float = began, night: datetime = night) -> datetime:
                return night + timedelta(seconds=monotonic() - began)

            summary = await crawling.run(config, trigger="demo", jobs=get_args(Job), clock=clock)
            pages += sum(fetch.attempts > 0 for fetch in summary.last.values())
            progress.update(bar, advance=1)
    return pages


def _show(world: World, flags: dict[str, list[Flag]], days: int, out: Console) -> None:
    """What was planted, and how much of it was found."""
    raised = [flag for found in flags.values() for flag in found]
    table = Table("planted", "events", "flagged", header_style="bold", title=f"the last {days} days")
    for line in score(world, raised, days):
        table.add_row(line.kind, str(line.planted), str(line.found))
    out.print(table)
    rest = unplanted(world, raised)
    out.print(
        f"{sum(map(len, rest))} further flags: {len(rest.follow)} follow from what the pages show (who is cheaper than "
        f"you, tops, badges), {len(rest.wake)} come in the wake of what was planted (a stock-out ruins the rank), "
        f"{len(rest.chance)} by chance.",
        soft_wrap=True,
    )
