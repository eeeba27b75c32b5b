"""`python -m tests.faults`: a soak of many nights in which everything goes wrong at random; prints its figures.

It ends with 1 when a wrong value was stored, a page is without an outcome, or anything else is not as it must be.
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table

from tests.crash.disk import Disk, mounted
from tests.faults.soak import Figures, soak

MEGABYTES = 512
"""Of the disk that is full now and then, where one can be mounted."""


def show(figures: Figures, seconds: float, console: Console) -> None:
    """The table, and below it every sentence about what must not be."""
    table = Table("figure", "value", title="the soak")
    hit = figures.faults.total()
    rows = {
        "nights": figures.nights,
        "pages planned": figures.planned,
        "… by outcome": ", ".join(f"{number} {outcome}" for outcome, number in figures.outcomes.most_common()),
        "requests for pages": figures.requests,
        "… hit by a fault": f"{hit} ({hit / max(1, figures.requests):.1%}), of {len(figures.faults)} kinds",
        "coverage": f"{figures.coverage:.1%}",
        "… the faults' rate allows": f"at least {figures.least:.1%}",
        "crawls killed": figures.kills,
        "… on a full disk": figures.full_disks,
        "nights with a reader": figures.readers,
        "wrong values": len(figures.wrong),
        "gaps without a reason": len(figures.gaps),
        "given, but not stored": len(figures.lost),
        "stored, but asked again": len(figures.again),
        "crashes": len(figures.crashes),
        "hangs": len(figures.hangs),
        "minutes": f"{seconds / 60:.1f}",
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    console.print(table)
    for name in ("wrong", "gaps", "lost", "again", "crashes", "hangs"):
        for sentence in getattr(figures, name):
            console.print(f"{name}: {sentence}", markup=False)


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = monotonic()

    def tell(figures: Figures) -> None:
        print(f"{figures.nights} nights, {figures.read} of {figures.planned} pages", file=sys.stderr)

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        disk = stack.enter_context(mounted(folder, MEGABYTES)) or Disk(folder, mounted=False)
        figures = soak(disk, given.nights, given.seed, tell)
    show(figures, monotonic() - began, Console(width=110))
    return 0 if figures.sound else 1


if __name__ == "__main__":
    sys.exit(main())
