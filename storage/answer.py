"""An answer of the database that is to become a file."""

from collections.abc import Iterator
from typing import Any

import duckdb

BATCH = 5_000
"""Rows held in memory at a time."""


class ExportError(Exception):
    """The file was not written; the message says why. What stood under its name before is untouched."""


class Rows:
    """An answer, read batch by batch: names and DuckDB types of its columns, then its rows."""

    def __init__(self, answer: duckdb.DuckDBPyConnection) -> None:
        self._answer = answer
        self.names = [str(column[0]) for column in answer.description or ()]
        self.types = [str(column[1]) for column in answer.description or ()]
        self.count = 0
        """Rows read so far."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while batch := self._answer.fetchmany(BATCH):
            self.count += len(batch)
            yield from batch
