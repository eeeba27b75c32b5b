"""The answer to a question as a file: Parquet, CSV, XLSX or JSON, by the suffix of its name.

Parquet keeps every type as it is in the database. A spreadsheet takes text for a formula when it begins with ``=``,
``+``, ``-`` or ``@``, and what others wrote (titles, sellers, reviews) must not run on somebody's desk: in CSV such
text gets an apostrophe before it (https://owasp.org/www-community/attacks/CSV_Injection), in XLSX text is stored as
text. Numbers stay numbers. The file appears under its name only when it is whole.
"""

import csv
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from storage.answer import ExportError, Form, Rows
from storage.values import ENCODER, distinct, flat, plain

_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[\s\u200b\ufeff]*[=+\-@＝＋－＠])|^(?=[\t\r\n])")
"""Where a formula could begin: at the start of a cell, also behind blanks and in full-width signs; and inside it behind
a semicolon, tab or line break, which begin a new cell where a spreadsheet does not split at commas."""


def export(
    connection: duckdb.DuckDBPyConnection, what: str, path: Path, form: Form, *, raw: bool = False, force: bool = False
) -> int:
    """Write what a table, view or question says to ``path``, and return the number of rows.

    ``connection`` is a reading one (see :meth:`storage.store.Store.reading`) and is closed to everything outside the
    database by this. ``raw``: CSV for programs, text as it is and no byte order mark. ``force``: replace a file.

    Raises:
        ExportError: the question is not one DuckDB answers, its answer does not fit into the form, or ``path`` is
            taken or cannot be written.
    """
    if path.exists() and not force:
        raise ExportError(f"{path}: exists already, and is left as it is; --force replaces it")
    with _aside(path) as part:
        # DuckDB may write aside itself, under a name of its own.
        paths = [str(path).replace("'", "''") for path in (part, part.with_name(f"tmp_{part.name}"))]
        try:
            connection.execute(f"SET allowed_paths = ['{paths[0]}', '{paths[1]}']")
            connection.execute("SET enable_external_access = false")
            question = _question(connection, what)
            if form is Form.PARQUET:
                return _parquet(connection, question, part)
            answer = connection.execute(question)
            if answer is None or not answer.description:
                raise ExportError("There is no question in this. Try: FROM product_observation")
            rows = Rows(answer)
            if form is Form.CSV:
                _csv(rows, part, raw=raw)
            elif form is Form.JSON:
                _json(rows, part)
            else:
                from storage.workbook import write  # noqa: PLC0415  XlsxWriter is needed here only

                write(rows, part, title=what if what.isidentifier() else "answer")
        except duckdb.Error as error:
            raise ExportError(str(error)) from None
    return rows.count


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A file beside ``path`` that takes its name when the block ends well, and goes when it does not."""
    part = path.resolve().with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def _question(connection: duckdb.DuckDBPyConnection, what: str) -> str:
    """The SQL that ``what`` stands for: a table or view by its name, or a question itself."""
    name = what.strip()
    if not re.fullmatch(r"\w+", name):
        return what
    known = [
        row[0]
        for row in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' UNION ALL "
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND schema_name = 'main' ORDER BY 1"
        ).fetchall()
    ]
    if name not in known:
        raise ExportError(f"{name}: no such table or view; there is {', '.join(known)}")
    return f'FROM "{name}"'


def _parquet(connection: duckdb.DuckDBPyConnection, question: str, part: Path) -> int:
    answer = connection.sql(question)
    if answer is None:
        raise ExportError("There is no question in this. Try: FROM product_observation")
    answer.write_parquet(str(part), compression="zstd")
    row = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(part)]).fetchone()
    return int(row[0]) if row else 0


def neutral(value: Any) -> Any:
    """``value`` as a cell of a CSV file: a number as it is, anything else as text that no spreadsheet runs."""
    if value is None or isinstance(value, int | float | Decimal):
        return value
    return _FORMULA.sub(r"\1'", str(flat(value)))


def _csv(rows: Rows, part: Path, *, raw: bool) -> None:
    cell = flat if raw else neutral
    with part.open("w", encoding="utf-8" if raw else "utf-8-sig", newline="") as file:
        writer = csv.writer(file)  # ends lines as RFC 4180 says, so that a lone \r in a text is quoted too
        writer.writerow([cell(name) for name in rows.names])
        writer.writerows([cell(value) for value in row] for row in rows)


def _json(rows: Rows, part: Path) -> None:
    keys = distinct(rows.names)
    with part.open("wb") as file:
        before = b"[\n"
        for row in rows:
            file.write(before + ENCODER.encode(dict(zip(keys, map(plain, row), strict=True))))
            before = b",\n"
        file.write(b"\n]\n" if rows.count else b"[]\n")
