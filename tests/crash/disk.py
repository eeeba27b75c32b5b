"""A disk that can be full."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.crash.checks import ROOT


@dataclass
class Disk:
    """A place that can be full."""

    folder: Path
    mounted: bool

    def run(self, *arguments: object, room: int | None = None) -> subprocess.CompletedProcess[str]:
        """`python -m …` there, with that many bytes of room: on the disk where it is one of its own, else in a file."""
        ballast = self.folder / "ballast"
        if room is not None and self.mounted:
            status = os.statvfs(self.folder)
            ballast.write_bytes(bytes(max(0, status.f_bavail * status.f_frsize - room)))

        def limit() -> None:
            if room is not None and not self.mounted:
                import resource  # noqa: PLC0415  limits of a process are a thing of POSIX

                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        try:
            return subprocess.run(
                [sys.executable, "-m", *map(str, arguments)],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                preexec_fn=limit,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            ballast.unlink(missing_ok=True)


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[Disk | None]:
    """A small disk of its own at ``folder``; None where we may not mount one."""
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield Disk(folder, mounted=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
