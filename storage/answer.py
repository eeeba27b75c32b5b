"""An answer of the database that is to become a file."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

BATCH = 5_000
"""Rows held in memory at a time."""


class ExportError(Exception):
    """The file was not written; the message says why. What stood under its name before is untouched."""


class Form(StrEnum):
    """Forms of a file."""

    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"

    @classmethod
    def of(cls, path: Path) -> "Form":
        """The form that the suffix of ``path`` stands for.

        Raises:
            ExportError: it stands for none.
        """
        try:
            return cls(path.suffix.lower().removeprefix("."))
        except ValueError:
            raise ExportError(f"{path}: what is this to be? End its name in .{', .'.join(cls)}") from None


class Rows:
    """An answer, read batch by batch: names and DuckDB types of its columns, then its rows."""

    def __init__(self, answer: "duckdb.DuckDBPyConnection") -> None:
        self._answer = answer
        self.names = [str(column[0]) for column in answer.description or ()]
        self.types = [str(column[1]) for column in answer.description or ()]
        self.count = 0
        """Rows read so far."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while batch := self._answer.fetchmany(BATCH):
            self.count += len(batch)
            yield from batch
