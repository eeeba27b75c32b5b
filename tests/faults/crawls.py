"""`python -m tests.faults.crawls FOLDER`: all scenarios in one process, since a reactor starts once in each.

The site runs in a thread beside them. What they left is in FOLDER's database, what was noted of each in told.json.
"""

import asyncio
import shutil
import sys
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import msgspec

from storage.model import Result
from tests.faults.scenarios import SCENARIOS, WORLD, Scenario, configuration
from tracker import crawl as crawling
from tracker.config import load
from tracker.demo.site import Seen, Site, serve

HANGS = 120.0
"""Seconds after which a crawl is given up: it hangs."""


class Told(msgspec.Struct):
    """What was noted of a scenario, besides what is in the database."""

    run_id: str
    night: int
    planned: int
    outcomes: dict[str, int]
    complete: bool
    seen: list[Seen]
    """Requests that came to the site."""
    memory: int | None
    """Bytes by which the process grew at most; None where that cannot be told."""


def main(folder: Path) -> None:
    """See the module."""
    with serve(WORLD) as site:
        told = crawling.run_to_end(lambda: _all(folder, site))
    (folder / "told.json").write_bytes(msgspec.json.encode(told))


async def _all(folder: Path, site: Site) -> dict[str, Told]:
    told = {}
    for night, scenario in enumerate(SCENARIOS):
        told[scenario.name] = await asyncio.wait_for(_crawled(folder, site, night, scenario), HANGS)
    return told


async def _crawled(folder: Path, site: Site, night: int, scenario: Scenario) -> Told:
    shutil.rmtree(folder / "data" / "tracker.duckdb.pace", ignore_errors=True)  # what the last one met is past
    file = folder / f"{scenario.name}.toml"
    file.write_text(configuration(scenario, site.base_urls), encoding="utf-8")
    site.set_day(night)
    site.set_faults(None)
    for hit in scenario.hits:
        site.add_fault(**asdict(hit))
    began, before, results = monotonic(), len(site.seen), Counter[str]()

    def clock() -> datetime:
        jumped = sum(seconds for after, seconds in scenario.jumps if results.total() >= after)
        return WORLD.now(night) + timedelta(seconds=monotonic() - began + jumped)

    def on_result(result: Result) -> None:
        results[result.fetch.outcome] += 1

    at_rest = _peak(anew=True)
    summary = await crawling.run(load(file), trigger="manual", clock=clock, on_result=on_result)
    peak = _peak(anew=False)
    return Told(
        run_id=summary.run_id,
        night=night,
        planned=summary.planned,
        outcomes=dict(results),
        complete=summary.complete,
        seen=site.seen[before:],
        memory=peak - at_rest if peak is not None and at_rest is not None else None,
    )


def _peak(*, anew: bool) -> int | None:
    """The most memory that this process ever had, since it was last asked ``anew`` (Linux)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]  # as the command does, see tracker.__main__
    main(Path(sys.argv[1]))
