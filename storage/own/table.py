"""The rows of an export, whether it is a workbook or text of any encoding and separator."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from storage.delimited import ENCODINGS, TabularError, decoded, records
from storage.own.cells import Cell

Line = tuple[int, list[Cell]]
"""A row with the number of the line, or of the sheet's row, that it stands in."""

_KANA = re.compile("[\u3041-\u30ff]")


class Table(NamedTuple):
    """A heading and the rows below it. ``encoding`` is None of a workbook."""

    headings: list[str]
    rows: Iterator[Line]
    encoding: str | None


def is_workbook(data: bytes) -> bool:
    """Whether these are the bytes of an .xlsx file."""
    return data.startswith(b"PK\x03\x04")


def table(data: bytes, encoding: str | None, known: Callable[[list[str]], object]) -> Table:
    """The table that a file holds. Of text that is not UTF-8 and says nothing of its encoding, that one is taken in
    which the headings are ``known``; where they are in every one, it is what the bytes of the rest are like.

    Raises:
        TabularError: it holds none, or is not in the ``encoding`` given.
    """
    if is_workbook(data):
        return _of_workbook(data)
    text, found = _text(data, encoding, known)
    rows: Iterator[Line] = ((number, [*cells]) for number, cells in records(text))
    return _headed(rows, found)


def _headed(rows: Iterator[Line], encoding: str | None) -> Table:
    for _, cells in rows:
        if headings := _headings(cells):
            return Table(headings, rows, encoding)
    raise TabularError("the file is empty")


def _headings(cells: list[Cell]) -> list[str]:
    """The cells as headings; none where all are empty. Columns behind the last heading hold nothing."""
    headings = [str(cell).strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _text(data: bytes, given: str | None, known: Callable[[list[str]], object]) -> tuple[str, str]:
    try:
        text, encoding = decoded(data, given, ())
        if given or encoding != "gb18030" or known(_first(text)):
            return text, encoding
    except TabularError:
        if given:
            raise
    readings = []
    for encoding in ENCODINGS:
        try:
            readings.append((data.decode(encoding), encoding))
        except UnicodeDecodeError:
            continue
    fitting = [(text, encoding) for text, encoding in readings if known(_first(text))]
    if not fitting:
        raise TabularError("it is not UTF-8; say with --encoding what it is: gb18030, cp932, windows-1252 …")
    if _first(fitting[0][0]) == _first(fitting[-1][0]):  # headings in ASCII: Japan's reports hold kana, others Latin
        japanese = [text for text, encoding in fitting if encoding == "cp932" and _KANA.search(text)]
        by_name = {encoding: text for text, encoding in fitting}
        encoding = "cp932" if japanese else "cp1252" if "cp1252" in by_name else fitting[0][1]
        return by_name[encoding], encoding
    return fitting[0]


def _first(text: str) -> list[str]:
    try:
        return next((cells for _, cells in records(text)), [])
    except TabularError:
        return []


def _of_workbook(data: bytes) -> Table:
    from openpyxl import load_workbook  # noqa: PLC0415  it takes its time to load
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    def rows() -> Iterator[Line]:
        try:
            sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
            sheet.reset_dimensions()  # reports state their extent wrongly
            for number, row in enumerate(sheet.iter_rows(), 1):
                yield number, [_cell(cell) for cell in row]
        except (InvalidFileException, BadZipFile, ParseError, KeyError, ValueError, OSError, IndexError) as error:
            raise TabularError(f"not a workbook that can be read: {error}") from None

    return _headed(rows(), None)


def _cell(cell: Any) -> Cell:
    """The value of openpyxl's cell; a share that the sheet shows as a percentage is one."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        shared = "%" in (cell.number_format or "")
        return Decimal(str(value)) * (100 if shared else 1)
    return str(value)
