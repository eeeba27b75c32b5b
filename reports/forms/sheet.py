"""A workbook's sheets: cells with real types, a frozen heading with filters, widths, colours and a page that prints.

Text is written as text, never as a formula or a link. What is better or worse is told by an arrow and a sign, and by
blue and orange, which also those tell apart who do not see red and green.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from babel.numbers import get_currency_precision, get_currency_symbol
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reports.forms.visible import line, visible
from reports.wording import Wording
from storage.workbook import MOST_TEXT, units, unmarked

PROSE = 70
"""Width of a column of sentences, which are broken into lines."""
WIDEST = 40
NARROWEST = 5
WORD = 10
"""Of a heading, at which it is broken where it has no blanks."""
LINE = 15
"""Height of a line, in points."""
A4 = 9
OWN = "#FFF6DB"
HEAD = "#E6EAF0"
GOOD = {"font_color": "#0B4A8F", "bg_color": "#D6E8FA"}
BAD = {"font_color": "#9A3B00", "bg_color": "#FCE3CF"}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Cell(NamedTuple):
    value: Decimal | float | str | date | None
    form: str = "text"
    """One of those of :func:`_patterns`, ``text``, ``prose``, ``head``."""
    note: str = ""
    """Shown as a comment: why there is no value, or what belongs to it."""


class Head(NamedTuple):
    text: str
    prose: bool = False
    widest: int = WIDEST
    rule: str = ""
    """How cells are coloured: a formula of the first row, whose value is above 0 where it is better, below where worse;
    ``{cell}`` stands for the cell."""
    note: str = ""


class Line(NamedTuple):
    """A row of a sheet."""

    cells: Sequence[Cell]
    own: bool = False
    """Whether it is the own listing's, which is tinted."""


class Book:
    """A workbook in the making. ``about``: its document properties, see XlsxWriter's ``set_properties``."""

    def __init__(self, words: Wording, about: dict[str, Any], header: str, footer: str) -> None:
        self._file = BytesIO()
        self._book = Workbook(self._file, _OPTIONS)
        self._book.set_properties(about)
        self._patterns = _patterns(words)
        self._formats: dict[tuple[str, bool], Format] = {}
        self._good, self._bad = self._book.add_format(GOOD), self._book.add_format(BAD)
        self._margins = [f"&L{_margin(header)}", f"&L{_margin(footer)}&R&P / &N"]

    def sheet(self, name: str, heads: Sequence[Head], rows: Iterable[Line], *, unprinted: int = 0) -> None:
        """Add a sheet. Its first row and column stay in sight; its last ``unprinted`` columns are not printed."""
        sheet = self._book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", line(name))[:31])
        widths = [
            PROSE if h.prose else max(NARROWEST, *(min(_wide(word), WORD) for word in h.text.split()), 0) + 2
            for h in heads
        ]
        for column, head in enumerate(heads):
            self._write(sheet, 0, column, Cell(head.text, "head", head.note), own=False)
        count = 0
        for count, row in enumerate(rows, start=1):
            lines = 1
            for column, cell in enumerate(row.cells):
                self._write(sheet, count, column, cell, own=row.own)
                if heads[column].prose:
                    lines = max(lines, _lines(_shown(cell), PROSE))
                else:
                    widths[column] = max(widths[column], min(_wide(_shown(cell)) + 3, heads[column].widest))
            if lines > 1:
                sheet.set_row(count, LINE * lines)
        sheet.set_row(0, LINE * max(_lines(head.text, width - 2) for head, width in zip(heads, widths, strict=True)))
        for column, head in enumerate(heads):
            sheet.set_column(column, column, widths[column])
            if head.rule and count:
                first = f"{xl_col_to_name(column)}2"
                rule = head.rule.format(cell=first)
                for sign, look in (">", self._good), ("<", self._bad):
                    formula = f"=AND(ISNUMBER({first}),{rule}{sign}0)"
                    sheet.conditional_format(
                        1, column, count, column, {"type": "formula", "criteria": formula, "format": look}
                    )
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, count, len(heads) - 1)
        sheet.print_area(0, 0, count, len(heads) - 1 - unprinted)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(self._margins[0])
        sheet.set_footer(self._margins[1])

    def close(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._file.getvalue()

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell, *, own: bool) -> None:
        look, value = self._format(cell.form, own=own), cell.value
        if value is None:
            sheet.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, look)
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, float(value), look)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), look)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, look)
        else:
            sheet.write_string(row, column, _fitting(visible(value)), look)
        if cell.note:
            sheet.write_comment(row, column, _fitting(visible(cell.note)), {"x_scale": 1.6, "font_size": 9})

    def _format(self, form: str, *, own: bool) -> Format:
        if (form, own) not in self._formats:
            look: dict[str, Any] = {"valign": "top"}
            if pattern := self._patterns.get(form):
                look["num_format"] = pattern
            if form == "head":
                look |= {"bold": True, "text_wrap": True, "bg_color": HEAD, "bottom": 1}
            if form in {"text", "prose"}:
                look |= {"text_wrap": form == "prose", "align": "left", "indent": 1}
            if own:
                look["bg_color"] = OWN
            self._formats[form, own] = self._book.add_format(look)
        return self._formats[form, own]


def _patterns(words: Wording) -> dict[str, str]:
    """Excel's number formats, which it shows with the signs of the reader's own system. Of the changes, ``+`` says by
    how much, ``up`` that more is better, ``down`` that less is."""
    plain = {
        "money": _money(words),
        "number": "#,##0",
        "fixed": "#,##0.0",
        "share": "0.0%",
        "day": "yyyy-mm-dd",
        "moment": "yyyy-mm-dd hh:mm",
        "better": f'"{words.say("higher")}";"{words.say("lower")}";"–"',
    }
    changes: dict[str, str] = {}
    for form in ("money", "number", "fixed", "share"):
        pattern = plain[form]
        changes[f"{form}+"] = f'+{pattern};-{pattern};"="'
        changes[f"{form}up"] = f'"▲ "+{pattern};"▼ "-{pattern};"="'
        changes[f"{form}down"] = f'"▼ "+{pattern};"▲ "-{pattern};"="'
    return plain | changes


def _money(words: Wording) -> str:
    """How the language writes money, with the digits and the sign of the listing's currency."""
    digits = get_currency_precision(words.currency)
    figure = "#,##0" + ("." + "0" * digits if digits else "")
    pattern = visible(words.locale.currency_formats["standard"].pattern.partition(";")[0])
    sign = get_currency_symbol(words.currency, locale=words.locale)
    return re.sub(r"[#0,.]+", figure, pattern, count=1).replace("¤", f'"{sign}"')


def _fitting(text: str) -> str:
    """As much of a text as a cell holds."""
    if units(text) > MOST_TEXT:
        text = text.encode("utf-16-le")[: 2 * (MOST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
    return unmarked(text)


def _margin(text: str) -> str:
    """A text for the margin of a page, of which Excel takes 255 characters in all."""
    return line(text)[:90].replace("&", "&&")


def _shown(cell: Cell) -> str:
    """About what a cell shows, for the width of its column."""
    if cell.value is None or isinstance(cell.value, str):
        return visible(cell.value or "")
    return f"{cell.value:,.2f}" if isinstance(cell.value, Decimal) else str(cell.value)[:16]


def _wide(text: str) -> int:
    """Columns that a text takes, of which wide characters take two."""
    return sum(1 + (east_asian_width(char) in "WF") for char in text[:WIDEST])


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a cell, about."""
    return sum(1 + sum(1 + (east_asian_width(char) in "WF") for char in part) // width for part in text.split("\n"))
