"""The report as a PDF: the HTML page, printed by Chromium as its own print style says."""

from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from reports.report import Report


class PrintError(Exception):
    """It could not be printed; the message says why, and what to do."""


class Printer:
    """A headless Chromium that prints reports, started when the first is to be printed."""

    def __init__(self, **launch: Any) -> None:
        self._launch = launch
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def printed(report: Report, language: str, generated_at: datetime, printer: Printer | None = None) -> bytes:
    raise PrintError("not yet")
