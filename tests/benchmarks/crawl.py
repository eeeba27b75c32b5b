"""`python -m tests.benchmarks.crawl`: how many pages a second a crawl takes in, beside bare Scrapy and a bare client.

All three fetch the same pages at unlimited pace from one server process, each in a process of its own, in turn and
several times over: a night each, so that the archive sees what it sees in use, a first night and later ones.
With --memory 10000 a single crawl of so many pages tells its memory every 1,000.
"""

import argparse
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import msgspec

from tests.benchmarks.crawl_contenders import CONTENDERS, Asked, Took
from tests.conftest import SHARED_PAGES


@contextmanager
def server(folder: Path, cached: int) -> Iterator[str]:
    """A server process; gives its address."""
    command = [sys.executable, "-m", "tests.benchmarks.page_server", str(folder), str(cached)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def measure(name: str, asked: Asked) -> Took:
    """What one contender takes, in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.crawl_contenders", name]
    done = subprocess.run(command, input=msgspec.json.encode(asked), stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Took)


def get(url: str) -> None:
    with urllib.request.urlopen(url) as answer:
        answer.read()


def rounds(pages: int, concurrency: int, count: int, folder: Path) -> dict[str, list[Took]]:
    """Every contender ``count`` times, in turn; the first night first."""
    took: dict[str, list[Took]] = {name: [] for name in CONTENDERS}
    with server(folder, pages) as url, TemporaryDirectory() as kept:
        asked = Asked(url, asins(pages), concurrency, kept)
        for night in range(count):
            get(f"{url}/night/{night}")
            for asin in asked.asins:  # so that all are ready
                get(f"{url}/dp/{asin}")
            for name in CONTENDERS:
                took[name].append(measure(name, asked))
    return took


def asins(count: int) -> list[str]:
    return [f"B0{number:08d}" for number in range(count)]


def table(took: dict[str, list[Took]], pages: int) -> None:
    print(f"{'pages a second':16}" + "".join(f"{f'night {n}':>10}" for n in range(1, len(took["ours"]) + 1)), end="")
    print(f"{'median':>10}{'of Scrapy':>11}{'CPU ms':>9}{'main':>7}{'peak MB':>9}")
    scrapy = took["bare Scrapy"]
    for name, runs in took.items():
        rates = [pages / run.seconds for run in runs]
        ratio = median(bare.seconds / run.seconds for run, bare in zip(runs, scrapy, strict=True))
        peak = max(run.peak for run in runs) / 1e6
        print(f"{name:16}" + "".join(f"{rate:10.1f}" for rate in rates), end="")
        cpu, main = (median(getattr(run, name) for run in runs) / pages * 1000 for name in ("cpu", "main"))
        print(f"{median(rates):10.1f}{ratio:10.0%} {cpu:9.1f}{main:7.1f}{peak:9.0f}")
    merging = median(run.seconds - run.fetching for run in took["ours"])
    print(f"ours, the merge into the database at its end included: {merging:.2f} s")


def memory(asked: Asked) -> None:
    """One crawl of many pages."""
    took = measure("ours", asked)
    print(f"{len(asked.asins)} pages in {took.seconds:.0f} s\n{'pages':>8}{'MB':>8}")
    for number, size in enumerate(took.memory, 1):
        print(f"{number * asked.every:8}{size / 1e6:8.0f}")
    half = len(took.memory) // 2
    print(f"second half to first: {sum(took.memory[-half:]) / sum(took.memory[:half]):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.crawl", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED_PAGES, help="of product-com-*.html.gz")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--memory", type=int, metavar="PAGES", help="one crawl of so many pages instead")
    told = parser.parse_args()
    if told.memory:
        with server(told.folder, 0) as url, TemporaryDirectory() as kept:
            memory(Asked(url, asins(told.memory), told.concurrency, kept))
    else:
        table(rounds(told.pages, told.concurrency, told.rounds, told.folder), told.pages)


if __name__ == "__main__":
    main()
