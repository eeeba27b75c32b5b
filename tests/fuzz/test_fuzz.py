"""The fuzzer itself, briefly; `python -m tests.fuzz --seconds 180` goes on."""

import re
import subprocess
import sys
from importlib.util import find_spec

import pytest


def fuzz(*options: str) -> str:
    """What a run says: in a process of its own, which a crash of the parser would end."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz", "--runs", "400", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def test_random_wounds_break_nothing() -> None:
    assert "400 runs" in fuzz("--plain", "--seed", "11")


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this system: wounds are random only")
def test_wounds_that_reach_new_code_break_nothing() -> None:
    done = re.search(r"Done (\d+) runs", fuzz("--seed", "5"))
    assert done and int(done[1]) >= 400, "what a slow machine reads again of its finds counts, too"
