"""A few kills of every kind of work; `python -m tests.crash --kills 200` goes on."""

import secrets
from pathlib import Path
from random import Random

import pytest

from tests.crash.kinds import KINDS

KILLS = {"spooling": 1, "abreast": 2, "correcting": 1, "migrating": 1, "crawling": 1}
CHANCE = secrets.randbelow(1 << 32)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_loses_nothing_and_doubles_nothing(tmp_path: Path, kind: str) -> None:
    seed = CHANCE if kind in {"abreast", "crawling"} else 1
    _, work = KINDS[kind]
    tally = work(tmp_path / kind, KILLS[kind], Random(seed))
    assert tally.kills >= KILLS[kind]
    assert tally.sound, f"seed {seed}: {tally}"
