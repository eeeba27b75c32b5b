"""`python -m tests.benchmarks.browser`: the memory of a crawl that fetches every page with the browser.

One crawl of many pages of the demo, padded to real size; every 50 pages the memory of the crawl, of Chromium with all
its processes and of the driver between them is added up, what they share counted once.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.crawl import asins, memory, server
from tests.benchmarks.crawl_contenders import Asked


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.browser", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=2)
    told = parser.parse_args()
    # Only pages of our own: what real ones load would leave this machine.
    with TemporaryDirectory() as kept, server(Path(kept), 0) as url:
        memory(Asked(url, asins(told.pages), told.concurrency, kept, every=50, browser="always"))


if __name__ == "__main__":
    main()
