"""The `tracker` command in this process: as one of its own would run it, without the seconds that takes to start."""

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from tracker.cli import main

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}

APART = frozenset({"crawl", "demo", "job", "nightly", "schedule"})
"""Commands that need a process of their own: a reactor starts once per process, and signals are for all of it."""


def tracker(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in ``folder`` to its end; never with a traceback."""
    if APART & set(arguments[:1]):
        done = process(folder, *arguments, **environment)
        assert "Traceback" not in done.stderr, done.stderr
        return done
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    given = patch.object(sys, "argv", ["tracker", *arguments])
    with given, chdir(folder), patch.dict(os.environ, environment), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    said = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err)]
    return subprocess.CompletedProcess(arguments, code, *said)


def process(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=ENVIRONMENT | environment,
    )
