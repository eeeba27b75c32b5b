"""`python -m tests.benchmarks.archive [FOLDER]`: what the page archive keeps of a page, and how long it takes.

Three kinds of pages, each kind said with its figures:
 - demo: pages of the demo marketplace over consecutive nights, as it serves them (its layouts take turns);
 - real: the saved pages in FOLDER (../shared/pages unless told otherwise), each for itself: no two are of one product,
   so this shows what a page alone takes, and nothing of deltas;
 - simulated: these real pages made into consecutive nights (tests/benchmarks/simulated_nights.py says how).
The archive is the real one, in a temporary folder, its keyframes included. Every page is read back and compared.
"""

import argparse
import gzip
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

import zstandard

from storage.archive import Archive
from tests.benchmarks.simulated_nights import nights
from tests.conftest import SHARED_PAGES
from tracker.demo import pages as demo_pages
from tracker.demo.run import FIRST_DAY
from tracker.demo.world import World

_T = TypeVar("_T")

Series = list[list[bytes]]
"""The nights of one page, for several pages."""


class Figures:
    """Sizes and times of one way to keep pages."""

    def __init__(self) -> None:
        self.raw = self.stored = self.raw_later = self.later = 0
        self.puts: list[float] = []
        self.gets: list[float] = []

    def line(self, name: str) -> str:
        share = f"{self.stored / self.raw:8.2%}"
        later = f"{self.later / self.raw_later:8.2%}" if self.raw_later else f"{'':8}"
        put = f"{median(self.puts):9.1f}{max(self.puts):9.1f}"
        return f"  {name:32}{share}{later}{put}{median(self.gets):9.1f}{max(self.gets):9.1f}"

    def add(self, body: bytes, stored: int, put: float, get: float, *, first: bool) -> None:
        self.raw, self.stored = self.raw + len(body), self.stored + stored
        if not first:
            self.raw_later, self.later = self.raw_later + len(body), self.later + stored
        self.puts.append(put)
        self.gets.append(get)


def timed(work: Callable[[], _T]) -> tuple[_T, float]:
    start = time.perf_counter()
    done = work()
    return done, (time.perf_counter() - start) * 1000


def by_itself(series: Series, pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]) -> Figures:
    """Each page without the others."""
    figures = Figures()
    for bodies in series:
        for number, body in enumerate(bodies):
            packed, put = timed(partial(pack, body))
            unpacked, get = timed(partial(unpack, packed))
            assert unpacked == body
            figures.add(body, len(packed), put, get, first=number == 0)
    return figures


def in_archive(series: Series) -> Figures:
    """As built: the pages of a night after those of the night before."""
    figures = Figures()
    with TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        put: list[tuple[bytes, str, float, bool]] = []
        for night in range(max(map(len, series))):
            for number, bodies in enumerate(series):
                page_hash, took = timed(partial(archive.put, bodies[night], str(number)))
                put.append((bodies[night], page_hash, took, night == 0))
        for body, page_hash, took, first in put:
            read, get = timed(partial(archive.get, page_hash))
            assert read == body
            figures.add(body, archive.path(page_hash).stat().st_size, took, get, first=first)
    return figures


def compare(title: str, series: Series) -> None:
    bodies = [body for each in series for body in each]
    size = sum(map(len, bodies)) / len(bodies) / 1e6
    print(f"\n{title}: {len(series)} pages, {len(series[0])} nights, {size:.2f} MB each")
    print(f"  {'':32}{'kept':>8}{'later':>8}{'put ms':>9}{'most':>9}{'get ms':>9}{'most':>9}")
    print(by_itself([each[:2] for each in series], gzip.compress, gzip.decompress).line("gzip 9, alone"))
    unpack = zstandard.ZstdDecompressor().decompress
    for level in (3, 9, 19):
        some = [each[:1] if level == 19 else each[:2] for each in series]  # level 19 takes its time
        print(by_itself(some, zstandard.ZstdCompressor(level=level).compress, unpack).line(f"zstd {level}, alone"))
    samples: list[bytes | bytearray | memoryview[int]] = [
        each[0][at : at + 65536] for each in series for at in range(0, len(each[0]), 65536)
    ]
    trained = zstandard.train_dictionary(262_144, samples)
    pack = zstandard.ZstdCompressor(level=9, dict_data=trained).compress
    with_it = zstandard.ZstdDecompressor(dict_data=trained).decompress
    print(by_itself([each[1:3] or each for each in series], pack, with_it).line("zstd 9, trained on the first night"))
    if len(series[0]) > 1:
        print(in_archive(series).line("the archive as built"))


def demo(count: int) -> Iterator[tuple[str, Series]]:
    world = World(seed=7, days=count, start=FIRST_DAY)
    own = [(each.marketplace, asin) for each in world.listings for asin in (each.asin, *each.rivals[:3])]
    yield "product", [[demo_pages.product(world, *of, day).encode() for day in range(count)] for of in own]
    asked = [(each.marketplace, keyword, 1) for each in world.listings for keyword in each.keywords[:2]]
    yield "search", [[demo_pages.search(world, *of, day).encode() for day in range(count)] for of in asked]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.archive", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED_PAGES, help="of KIND-….html.gz")
    parser.add_argument("--nights", type=int, default=30, help="of the demo")
    parser.add_argument("--simulated", type=int, default=10, help="nights made of each real page")
    parser.add_argument("--most", type=int, default=12, help="real pages of a kind at most")
    told = parser.parse_args()
    print("kept: bytes in the archive per raw byte, all nights; later: without the first night. Times per page.")
    for kind, series in demo(told.nights):
        compare(f"DEMO {kind} pages", series)
    for kind in ("product", "search"):
        found = [gzip.decompress(path.read_bytes()) for path in sorted(told.folder.glob(f"{kind}-*.gz"))[: told.most]]
        if not found:
            print(f"\nNo {kind}-*.gz in {told.folder}: nothing real to measure.")
            continue
        compare(f"REAL {kind} pages, as saved", [[body] for body in found])
        made = [list(nights(body, told.simulated, f"{kind} {number}")) for number, body in enumerate(found)]
        compare(f"SIMULATED nights of these real {kind} pages", made)


if __name__ == "__main__":
    main()
