"""The reactor's life within a process, in one of its own: it starts once per process."""

import subprocess
import sys

PROGRAM = """
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


def test_what_comes_after_a_crawl_can_be_stopped() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["crawled", "stopped True"], done.stderr
