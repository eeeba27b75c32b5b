"""The reactor's life within a process, in one of its own: it starts once per process."""

import subprocess
import sys

AFTER = """
import asyncio, os, signal
from spiders.engine import in_reactor

async def main():
    await asyncio.sleep(0)
    return "crawled"

print(in_reactor(main))
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("stopped", signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)
"""

BEFORE = """
import asyncio, os, signal
from spiders.engine import crawl, in_reactor
from spiders.place import place
from spiders.tasks import Task

async def main():
    os.kill(os.getpid(), signal.SIGINT)
    await crawl(
        {"ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 30},
        run_id="r1", tasks=[Task(marketplace="com", asin=f"B0OWN0000{n}") for n in range(9)], sink=print,
        archive=lambda _, subject: subject, clock=None, base_urls={"com": "http://127.0.0.1:9"},
        places={"com": place("com")}, concurrency=1, block_limit=3, proxy=None, browser="never",
    )

try:
    in_reactor(main)
except asyncio.CancelledError:
    print("stopped")
"""


def test_a_crawl_that_is_asked_to_stop_while_it_begins_stops() -> None:
    done = subprocess.run([sys.executable, "-c", BEFORE], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1:] == ["stopped"], done.stderr


def test_what_comes_after_a_crawl_can_be_stopped() -> None:
    done = subprocess.run([sys.executable, "-c", AFTER], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["crawled", "stopped True"], done.stderr
