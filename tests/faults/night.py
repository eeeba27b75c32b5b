"""`python -m tests.faults.night FOLDER NOW SEED`: one crawl of the configuration in FOLDER, as it would be at NOW.

The clock begins at NOW, and jumps an hour back or forth now and then. Killed, it is begun again with a later NOW.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic

from storage.model import Result
from storage.store import StoreError
from tracker import crawl as crawling
from tracker.config import load

JUMPS = 0.02
"""Of all results, after how many the clock jumps."""


def main(folder: Path, now: datetime, seed: str) -> int:
    """See the module. Returns 1, with a sentence, when results could not be stored."""
    rng, began, jumped = Random(seed), monotonic(), timedelta()

    def clock() -> datetime:
        return now + timedelta(seconds=monotonic() - began) + jumped

    def on_result(_: Result) -> None:
        nonlocal jumped
        if rng.random() < JUMPS:
            jumped += timedelta(hours=rng.choice((-1, 1)))

    config = load(folder / "config.toml")
    try:
        crawling.run_to_end(lambda: crawling.run(config, trigger="demo", clock=clock, on_result=on_result))
    except (StoreError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]  # as the command does, see tracker.__main__
    sys.exit(main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3]))
