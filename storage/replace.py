"""Replaces a file whole: a copy is worked on beside it, then renamed over it."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class ReplaceError(Exception):
    """The file cannot be replaced; the message says why. It is as it was."""

    def __init__(self, message: str, *, busy: bool = False) -> None:
        super().__init__(message)
        self.busy = busy


@contextmanager
def copied(path: Path, of: Path | None = None) -> Iterator[Path]:
    """A copy of ``path`` (or a name for it, when there is none yet), or of another file that is to take its place,
    that only the caller knows of.

    It is removed at the end unless it was put in place; what a killed process left there is removed first.

    Raises:
        OSError: there is no room, or the folder cannot be written.
    """
    copy = path.with_name(path.name + ".next")
    _remove(copy)
    try:
        if of or path.exists():
            _copy(of or path, copy)
        yield copy
    finally:
        _remove(copy)


def put_in_place(copy: Path, path: Path) -> None:
    """Rename ``copy`` over ``path``, durably. Who has ``path`` open keeps the old file. The new one is write-protected:
    it is replaced, never written to, and a slip in a client must not harm it.

    Raises:
        ReplaceError: it is open elsewhere, on a system that does not allow this then.
    """
    if os.name != "nt":  # there, a write-protected file cannot be replaced
        copy.chmod(stat.S_IMODE(copy.stat().st_mode) & ~0o222)
    try:
        copy.replace(path)
    except PermissionError as error:
        raise ReplaceError(f"{path}: cannot be replaced while it is open elsewhere", busy=True) from error
    with suppress(OSError):  # not every system can sync a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def set_aside(path: Path, aside: Path) -> bool:
    """Give the file at ``path`` a second name, under which it stays when the first gets another file. False when there
    is none. A write-ahead log that a foreign client left beside it goes with it: it must not meet the next file.

    Raises:
        OSError: there is something at ``aside``, or no room.
    """
    if not path.exists():
        return False
    try:
        os.link(path, aside)
    except FileExistsError:
        raise
    except OSError:  # not every disk knows two names for a file
        shutil.copyfile(path, aside)
    with suppress(FileNotFoundError):
        path.with_name(path.name + ".wal").rename(aside.with_name(aside.name + ".wal"))
    return True


def _copy(path: Path, copy: Path) -> None:
    """As one more reference to the same blocks where the disk can do that (btrfs, XFS, APFS), else byte by byte."""
    if not hasattr(os, "copy_file_range"):
        shutil.copyfile(path, copy)
        return
    with path.open("rb") as source, copy.open("wb") as target:
        left = os.fstat(source.fileno()).st_size
        try:
            while left > 0 and (done := os.copy_file_range(source.fileno(), target.fileno(), left)):
                left -= done
        except OSError as error:
            if error.errno not in {errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM}:
                raise
        if left > 0:  # some file systems say that there is no more when there is
            source.seek(target.tell())
            shutil.copyfileobj(source, target)


def _remove(copy: Path) -> None:
    """Remove a copy and what DuckDB puts beside one."""
    for leftover in (copy, copy.with_name(copy.name + ".wal")):
        leftover.unlink(missing_ok=True)
    spilled = copy.with_name(copy.name + ".tmp")
    if spilled.exists():
        shutil.rmtree(spilled)
