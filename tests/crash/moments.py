"""When a process is killed, and what it was doing then, from what lies on disk."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

PATIENCE = 60.0
"""Seconds to wait for something that is to be watched for; then the kill comes anyway."""


def beside(database: Path, suffix: str) -> Path:
    """What belongs to the database: its spool, its next version …"""
    return database.with_name(database.name + suffix)


def which(path: Path) -> tuple[int, int]:
    """Which file this is: another one after every write (a number alone is soon given to a new file)."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_ino, status.st_mtime_ns


def _protected(path: Path) -> bool:
    try:
        return not path.stat().st_mode & 0o222
    except FileNotFoundError:
        return False


def _signs(database: Path) -> dict[str, Callable[[], object]]:
    """What can be watched for on disk, by name."""
    spool, copy, first = beside(database, ".spool"), beside(database, ".next"), which(database)
    return {
        "segment open": lambda: next(spool.glob("*.open"), None),
        "segment sealed": lambda: next(spool.glob("*.jsonl"), None),
        "copy there": copy.exists,
        "copy written to": beside(database, ".next.wal").exists,
        "copy write-protected": lambda: _protected(copy) or which(database) != first,
        "replaced": lambda: which(database) != first,
    }


def wait(process: subprocess.Popen[bytes], database: Path, rng: Random, longest: float) -> None:
    """Let the process work up to a moment: a random one (at most ``longest`` seconds), or at a sign on disk, or shortly
    after it."""
    sign = rng.choice([None, None, *_signs(database)])
    if sign is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0, longest))
        return
    shown, deadline = _signs(database)[sign], time.monotonic() + PATIENCE
    while not shown() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0002)  # some of these last for no longer
    if rng.random() < 0.7 and sign != "copy write-protected":
        time.sleep(rng.choice([0.002, 0.02, 0.2]) * rng.random())


def wait_for_rows(process: subprocess.Popen[bytes], database: Path) -> None:
    """Let the process work until it has merged something a few times."""
    deadline, seen = time.monotonic() + PATIENCE, {which(database)}
    while len(seen) < 4 and process.poll() is None and time.monotonic() < deadline:
        seen.add(which(database))
        time.sleep(0.001)


def wait_for_replacement(database: Path) -> None:
    """Wait until the file has been replaced once more.

    Raises:
        TimeoutError: nobody did.
    """
    first, deadline = which(database), time.monotonic() + PATIENCE
    while which(database) == first:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{database} has not been replaced")
        time.sleep(0.005)


def wait_for_copy(process: subprocess.Popen[bytes], database: Path, rng: Random) -> None:
    """Let the process work until it writes to a copy, and a random while from then on."""
    shown = _signs(database)[rng.choice(["copy there", "copy there", "copy written to", "copy write-protected"])]
    deadline = time.monotonic() + PATIENCE
    while not shown() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0002)
    time.sleep(rng.choice([0, 0.002, 0.05, 0.5]) * rng.random())


def kill(process: subprocess.Popen[bytes]) -> bool:
    """SIGKILL. Whether it was still at work; what it said before stays to be read."""
    alive = process.poll() is None
    if alive:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return alive


def doing(database: Path, merged: Callable[[Path], bool]) -> str:
    """What a process killed just now was doing.

    Args:
        merged: whether the rows of a sealed segment are in the database already.
    """
    copy, spool = beside(database, ".next"), beside(database, ".spool")
    if copy.exists():
        if _protected(copy):
            return "renaming"
        if copy.stat().st_size < (database.stat().st_size if database.exists() else 0):
            return "copying"
        return "writing to the copy"
    sealed = [*spool.glob("*.jsonl")]
    if any(map(merged, sealed)):
        return "removing segments"
    if any(not path.read_bytes().endswith(b"\n") for path in spool.glob("*.open") if path.stat().st_size):
        return "in the middle of a line"
    if any(spool.glob("*.open")):
        return "spooling"
    return "sealed, not begun to merge" if sealed else "between two writes"
