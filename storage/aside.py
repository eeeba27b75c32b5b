"""A file that appears under its name only when it is whole."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PART = ".part"
"""How the name of a file ends that is not whole yet. One that a killed process left is of no use to anybody."""


@contextmanager
def written_aside(path: Path) -> Iterator[BinaryIO]:
    """Write what becomes ``path`` when the block ends well; otherwise whatever was there stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{PART}")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
