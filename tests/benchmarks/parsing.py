"""`python -m tests.benchmarks.parsing [FOLDER]`: how long reading a page takes, beside other ways to do it.

Reads the real saved pages in FOLDER (../shared/pages unless told otherwise), or with --demo pages of the demo
marketplace, in turn with each contender, several times over, and takes each page's best time. Memory is that of a fresh
process for each contender, as the system (Linux) counts it. It needs the packages of the group "benchmark":
`uv sync --group benchmark`.
"""

import argparse
import ctypes
import gc
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from storage.marketplaces import MARKETPLACES
from tests.conftest import SHARED_PAGES
from tracker.demo import pages as demo_pages
from tracker.demo.run import FIRST_DAY
from tracker.demo.world import World

try:
    from tests.benchmarks.contenders import CONTENDERS, SLOW, Saved, bare, record, with_selectors
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: uv sync --group benchmark")


def saved(folder: Path, kind: str) -> Iterator[Saved]:
    for path in sorted(folder.glob(f"{kind}-*.html.gz")):
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        # By its name, not by reading it: a process whose memory is measured has read no page before.
        named = path.name.split("-")[1]
        yield Saved(path.name.removesuffix(".html.gz"), html, named if named in MARKETPLACES else "com")


def demo(kind: str) -> Iterator[Saved]:
    world = World(seed=1, days=1, start=FIRST_DAY)
    for listing in world.listings:
        if kind == "product":
            for asin in (listing.asin, *listing.rivals):
                html = demo_pages.product(world, listing.marketplace, asin, 0)
                yield Saved(asin, html, listing.marketplace)
        else:
            for keyword in listing.keywords:
                html = demo_pages.search(world, listing.marketplace, keyword, 1, 0)
                yield Saved(keyword, html, listing.marketplace)


def times(pages: list[Saved], names: list[str], repetitions: int) -> dict[str, list[float]]:
    """Each contender's best time for each page in ms. All take turns, so that a busy moment is nobody's own."""
    best = {name: [float("inf")] * len(pages) for name in names}
    for turn in range(repetitions):
        for number, page in enumerate(pages):
            for name in names:
                if name in SLOW and turn > 0:
                    continue
                start = time.perf_counter()
                CONTENDERS[name](page)
                best[name][number] = min(best[name][number], (time.perf_counter() - start) * 1000)
    return best


def resident() -> float:
    """Memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _give_back() -> None:
    """Return what is free to the system: a page read into it would not show."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def memory(name: str, pages: list[Saved], rounds: int) -> dict[str, float]:
    """Memory while one contender reads the pages one after the other, ``rounds`` times, in MB."""
    _give_back()
    start = resident()
    CONTENDERS[name](pages[0])  # loads what is loaded once: tables, locales, translated selectors
    _give_back()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before, after = resident(), []
    for _ in range(rounds):
        for page in pages:
            CONTENDERS[name](page)
        after.append(resident())
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    grown = (after[-1] - after[0]) / max(1, len(pages) * (rounds - 1))
    return {
        "once": before - start,
        "peak": peak - before,
        "first": after[0] - before,
        "last": after[-1] - before,
        "grown": grown,
    }


def table(best: dict[str, list[float]]) -> None:
    base = best["lexbor, bare parse"]
    print(f"{'':37}{'median ms':>10}{'total ms':>10}{'median ratio':>14}{'total ratio':>13}")
    for name, found in best.items():
        ratios = [mine / bare for mine, bare in zip(found, base, strict=True)]
        total = sum(found) / sum(base)
        print(f"{name:37}{median(found):10.2f}{sum(found):10.1f}{median(ratios):13.2f}x{total:12.2f}x")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.parsing", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED_PAGES, help="of product-MARKETPLACE-*.html.gz")
    parser.add_argument("--demo", action="store_true", help="pages of the demo marketplace instead")
    parser.add_argument("--repetitions", type=int, default=15)
    parser.add_argument("--most", type=int, default=12, help="pages at most")
    parser.add_argument("--memory-of", choices=CONTENDERS, help=argparse.SUPPRESS)
    told = parser.parse_args()
    found = list(islice(demo("product") if told.demo else saved(told.folder, "product"), told.most))
    if not found:
        sys.exit(f"No product-*.html.gz in {told.folder}; with --demo it reads pages of the demo marketplace.")
    if told.memory_of:  # the selects come from the process that asks, so that this one has read no page yet
        asked_for = [tuple(selectors) for selectors in json.load(sys.stdin)]
        pages = [page._replace(selectors=known) for page, known in zip(found, asked_for, strict=True)]
        rounds = 1 if told.memory_of in SLOW else 5
        print(json.dumps(memory(told.memory_of, pages, rounds)))
        return
    pages = [with_selectors(page) for page in found]
    size = sum(len(page.html) for page in pages) / len(pages) / 1e6
    asked = sum(len(page.selectors) for page in pages) / len(pages)
    print(f"{len(pages)} product pages of {size:.2f} million characters, {asked:.0f} selects each; best of "
          f"{told.repetitions} (BeautifulSoup: 1)\n")  # fmt: skip
    table(times(pages, list(CONTENDERS), told.repetitions))
    searches = list(demo("search") if told.demo else saved(told.folder, "search"))[: told.most]
    if searches:
        print(f"\n{len(searches)} search pages")
        table(
            times(
                searches, [name for name, read_it in CONTENDERS.items() if read_it in (bare, record)], told.repetitions
            )
        )
    print(f"\n{'memory in MB':37}{'once':>8}{'peak':>10}{'1st round':>10}{'last':>10}{'growth/page':>13}")
    for name in CONTENDERS:
        again = [sys.executable, "-m", "tests.benchmarks.parsing", str(told.folder), "--memory-of", name]
        done = subprocess.run(
            [*again, "--most", str(told.most), *(["--demo"] if told.demo else [])],
            stdout=subprocess.PIPE,
            input=json.dumps([page.selectors for page in pages]).encode(),
            check=True,
        )
        got = json.loads(done.stdout)
        print(
            f"{name:37}{got['once']:8.1f}{got['peak']:10.1f}{got['first']:10.1f}{got['last']:10.1f}{got['grown']:13.3f}"
        )


if __name__ == "__main__":
    main()
