"""Commands run as a user whom file permissions hold: root goes past them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


def prefix() -> list[str]:
    """What to put before a command; the test is skipped where that cannot be."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("runs as root, and there is no setpriv to be somebody else with")
    asked = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
    if subprocess.run([*asked, sys.executable, "-c", "import duckdb"], capture_output=True, check=False).returncode:
        pytest.skip("runs as root, and nobody else can run this Python")
    return asked


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that the plain user owns and reaches."""
    with tempfile.TemporaryDirectory(prefix="plain-") as name:
        path = Path(name)
        path.chmod(0o755)
        if not os.geteuid():
            os.chown(path, NOBODY, NOBODY)
        yield path
