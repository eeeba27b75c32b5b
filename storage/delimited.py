"""The text and the records of a CSV file, whatever its encoding and separator."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator

_DELIMITERS = ",;\t|"
ENCODINGS = ("gb18030", "cp932", "big5hkscs", "cp1252")
"""What Excel writes where it does not write UTF-8: Chinese, Japanese, traditional Chinese, Western."""


class TabularError(Exception):
    """The file, or the mapping, cannot be used; the message says why."""


def decoded(data: bytes, given: str | None, headings: Iterable[str]) -> tuple[str, str]:
    """The text and its encoding: what its byte order mark says, else the one ``given``, else UTF-8.

    Of a file that is none of these, the encoding in which all ``headings`` are found, or that of Chinese where all of
    it is common Chinese (Excel writes it so).

    Raises:
        TabularError: it is none of these.
    """
    marks = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
    for mark, encoding in marks:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding), encoding
    if given:
        return _decode(data, given), given
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        telling = [heading for heading in headings if not heading.isascii()]
        for encoding in ENCODINGS if telling else ():
            text = data.decode(encoding, errors="replace")
            if "\ufffd" not in text and all(heading in text.partition("\n")[0] for heading in telling):
                return text, encoding
    try:
        data.decode("gb2312")
        return data.decode("gb18030"), "gb18030"
    except UnicodeDecodeError:
        raise TabularError("it is not UTF-8; say with --encoding what it is: gb18030, windows-1252 …") from None


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise TabularError(f"{encoding!r} is no encoding; gb18030, windows-1252 … are") from None
    except UnicodeDecodeError as error:
        raise TabularError(f"it is not {encoding}: byte {error.start} is none of it") from None


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with the number of the line it begins in. Its separator is the one that splits the first line most.

    Raises:
        TabularError: a quote is left open, or stands where none may.
    """
    start = 0
    delimiter = None
    if found := re.match(r"sep=(.)\r?\n", text):  # Excel's own word for it
        text, start, delimiter = text[found.end() :], 1, found[1]
    first = next(iter(text.splitlines()), "")
    delimiter = delimiter or max(_DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        begins = 1
        for cells in reader:
            yield start + begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TabularError(f"line {start + reader.line_num}: {error}") from None
