"""Writes an answer as an Excel workbook, with real types: numbers, dates and text, never a formula or a link.

Excel has no time zones, so an instant stands as date and time in UTC and its column says so. Excel keeps 15 digits
of a number: a longer one stands as text. Memory does not grow with the rows.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from storage.answer import ExportError, Rows
from storage.values import flat

MOST_ROWS = 1_048_576
"""Of a sheet, its heading included."""
MOST_TEXT = 32_767
"""UTF-16 units in a cell."""
MOST_COLUMNS = 16_384
DIGITS = 15
"""Of a number, that Excel keeps."""
_SAMPLE = 200
"""Rows that the column widths are made from."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}


def write(rows: Rows, part: Path, *, title: str) -> None:
    """Write ``rows`` to ``part`` as one sheet: heading bold and frozen, with filters, columns as wide as needed.

    Raises:
        ExportError: they do not fit into a sheet.
    """
    if len(rows.names) > MOST_COLUMNS:
        raise ExportError(f"{len(rows.names):,} columns do not fit into a sheet; use Parquet or CSV")
    with TemporaryDirectory() as folder:
        book = Workbook(str(part), _OPTIONS | {"tmpdir": folder})
        sheet = book.add_worksheet(title[:31])
        cells = _Cells(book, sheet, rows.types)
        source = iter(rows)
        sample = list(islice(source, _SAMPLE))
        bold = book.add_format({"bold": True})
        for column, (name, kind) in enumerate(zip(rows.names, rows.types, strict=True)):
            head = f"{name} (UTC)" if kind == "TIMESTAMP WITH TIME ZONE" else name
            sheet.set_column(column, column, _width([head, *(_shown(row[column]) for row in sample)]))
            sheet.write_string(0, column, head, bold)
        number = 0
        for number, row in enumerate(chain(sample, source), start=1):
            if number >= MOST_ROWS:
                raise ExportError(f"more than {MOST_ROWS - 1:,} rows do not fit into a sheet; use Parquet or CSV")
            for column, value in enumerate(row):
                if not cells.write(number, column, value):
                    raise ExportError(
                        f"{rows.names[column]} of row {number:,} is longer than the {MOST_TEXT:,} characters that "
                        "a cell of a sheet can hold; use Parquet or CSV"
                    )
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, number, len(rows.names) - 1)
        try:
            book.close()
        except FileCreateError as error:
            raise ExportError(f"the workbook cannot be written: {error}") from None


class _Cells:
    """Writes values as cells of a sheet. ``types``: the DuckDB type of each column."""

    def __init__(self, book: Workbook, sheet: Worksheet, types: list[str]) -> None:
        self._sheet = sheet
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._numbers = [
            book.add_format({"num_format": "#,##0." + "0" * scale}) if (scale := _scale(kind)) else None
            for kind in types
        ]

    def write(self, row: int, column: int, value: Any) -> bool:
        """Write one cell; False when its text is too long."""
        if value is None:
            return True
        if isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float | Decimal) and _fits(value):
            number = float(value) if isinstance(value, Decimal) else value
            self._sheet.write_number(row, column, number, self._numbers[column])
        elif isinstance(value, datetime) and value.year > 1900:
            # One without a zone is left as it is: astimezone would take it for this machine's time.
            at = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            self._sheet.write_datetime(row, column, at, self._instant)
        elif isinstance(value, date) and value.year > 1900:
            self._sheet.write_datetime(row, column, value, self._day)
        else:
            text = _shown(value)
            if units(text) > MOST_TEXT:
                return False
            self._sheet.write_string(row, column, unmarked(text))
        return True


def units(text: str) -> int:
    """UTF-16 units of a text, by which Excel counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unmarked(text: str) -> str:
    """A text that XlsxWriter writes as it is: one between these tags it takes for its own markup, unescaped."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _fits(value: int | float | Decimal) -> bool:
    """Whether Excel keeps every digit of the number."""
    if isinstance(value, int):
        return len(str(abs(value))) <= DIGITS
    if isinstance(value, float):
        return isfinite(value)
    return bool(value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS)


def _scale(kind: str) -> int:
    """Digits behind the point of a DECIMAL type; 0 of any other."""
    return int(kind.rpartition(",")[2].rstrip(")")) if kind.startswith("DECIMAL(") and kind.endswith(")") else 0


def _shown(value: Any) -> str:
    return "" if value is None else str(flat(value))


def _width(texts: list[str]) -> int:
    """The width of a column that shows these texts; wide characters take two."""
    return min(60, 3 + max(8, *(sum(1 + (east_asian_width(c) in "WF") for c in text[:60]) for text in texts)))
