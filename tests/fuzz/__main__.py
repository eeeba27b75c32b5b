"""`python -m tests.fuzz`: wound small pages without end, guided by what that reaches in `spiders.pages`.

With atheris, where it is installed, the wounds that reach new code are kept and varied (libFuzzer); without it, or with
--plain, they are drawn at random. Either ends with the first page that breaks a property, and prints it.
"""

import argparse
import random
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

SEEDS = [bytes([page, 0]) + bytes([what, 7, page * 40 % 256, 1, 9]) for page in range(7) for what in range(8)]


def plainly(runs: int, seconds: float, seed: int) -> None:
    """Random wounds, without atheris."""
    from tests.fuzz.wounds import try_one  # noqa: PLC0415 - not instrumented here

    rng, start, done = random.Random(seed), time.monotonic(), 0
    while (not runs or done < runs) and (not seconds or time.monotonic() - start < seconds):
        data = rng.randbytes(rng.choice((2, 7, 12, 32)))
        try:
            try_one(data)
        except BaseException:
            print(f"broken by {data!r}", file=sys.stderr)
            raise
        done += 1
    print(f"Done {done} runs, {done / (time.monotonic() - start):.0f} a second, nothing broken.")


def guided(runs: int, seconds: float, seed: int) -> None:
    """Wounds that reach new code are kept and varied. libFuzzer ends the process."""
    import atheris  # noqa: PLC0415 - not everywhere installed

    with atheris.instrument_imports(include=["spiders.pages"]):
        from tests.fuzz.wounds import try_one  # noqa: PLC0415 - and with it what it reads pages with

    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(SEEDS):
            (Path(folder) / f"{number:03}").write_bytes(data)
        limits = [f"-runs={runs or -1}", f"-max_total_time={int(seconds)}", f"-seed={seed or 1}", "-max_len=62"]
        quiet = ["-print_final_stats=1", "-close_fd_mask=0", "-timeout=60", "-rss_limit_mb=2000"]
        atheris.Setup([sys.argv[0], *limits, *quiet, f"-artifact_prefix={tempfile.gettempdir()}/", folder], try_one)
        atheris.Fuzz()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=0, help="how long; 0: no limit")
    parser.add_argument("--runs", type=int, default=0, help="how many; 0: no limit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="draw at random, without atheris")
    given = parser.parse_args()
    fuzz = plainly if given.plain or find_spec("atheris") is None else guided
    fuzz(given.runs, given.seconds or (0 if given.runs else 60), given.seed)
