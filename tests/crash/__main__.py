"""`python -m tests.crash`: kill processes at random moments, check everything after every kill, and print the outcome.

It ends with 1 when anything was lost, or there twice, or otherwise not as it must be.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from tests.crash.checks import Tally
from tests.crash.kinds import KINDS

AT_ONCE = 10
"""Kills of one kind before the next kind has its turn."""


def shares(kills: int) -> dict[str, int]:
    """How many of all kills each kind of work gets; at least one."""
    whole, left = sum(share for share, _ in KINDS.values()), kills
    found = {}
    for kind, (share, _) in KINDS.items():
        found[kind] = min(left, max(1, round(kills * share / whole)))
        left -= found[kind]
    found[next(iter(KINDS))] += left
    return found


def tallies(folder: Path, kills: int, seconds: float, seed: int) -> Iterator[Tally]:
    """Kill, and say after every few kills of a kind what came of them."""
    ends, left, number = time.monotonic() + seconds, shares(kills), 0
    while any(left.values()):
        for kind, (_, work) in KINDS.items():
            if not left[kind] or (seconds and time.monotonic() > ends):
                left[kind] = 0
                continue
            done = work(folder / f"{number:03}-{kind}", min(left[kind], AT_ONCE), Random(f"{seed} {number}"))
            left[kind] = max(0, left[kind] - done.kills) if done.sound else 0
            number += 1
            yield done


def summed(done: list[Tally]) -> list[Tally]:
    """One tally per kind."""
    found: dict[str, Tally] = {}
    for each in done:
        total = found.setdefault(each.kind, Tally(each.kind))
        total.kills += each.kills
        total.moments += each.moments
        total.acknowledged += each.acknowledged
        total.lost += each.lost
        total.doubled += each.doubled
        total.defects += each.defects
    return list(found.values())


def show(done: list[Tally], console: Console) -> None:
    """The table, and every defect below it."""
    table = Table("work", "kills", "killed while", "acknowledged", "lost", "doubled", "other defects")
    for each in done:
        moments = "\n".join(f"{number} {moment}" for moment, number in each.moments.most_common())
        figures = (each.acknowledged, each.lost, each.doubled, len(each.defects))
        table.add_row(each.kind, str(each.kills), moments, *map(str, figures), end_section=True)
    console.print(table)
    for each in done:
        for defect in each.defects:
            console.print(f"{each.kind}: {defect}", markup=False)


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many in all (default 200)")
    parser.add_argument("--seconds", type=float, default=0, help="begin nothing new after so long; 0: no limit")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    done: list[Tally] = []
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        for tally in tallies(Path(folder), given.kills, given.seconds, given.seed):
            done.append(tally)
            print(f"{sum(each.kills for each in done)} kills", file=sys.stderr)
    total = summed(done)
    show(total, Console(width=110))
    return 0 if all(each.sound for each in total) else 1


if __name__ == "__main__":
    sys.exit(main())
