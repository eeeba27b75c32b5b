"""The report in other forms: one that prints, a workbook, records for programs, days for a table, a digest for a chat.

All are made of one :class:`reports.report.Report`, and say what it says. Texts of others (titles, sellers, keywords)
stay text in each.
"""

from datetime import UTC, datetime
from pathlib import Path

from reports.form import Form
from reports.forms.printed import Printer, PrintError, printed
from reports.report import Report

__all__ = ["Form", "PrintError", "Printer", "made"]


def made(
    report: Report,
    form: Form,
    language: str = "en",
    *,
    generated_at: datetime | None = None,
    printer: Printer | None = None,
    templates: Path | None = None,
) -> bytes:
    """The file that a report is in a form.

    Args:
        language: of its sentences and figures, a locale that Babel knows; a CSV file has none, and JSON has it in its
            sentences only.
        generated_at: when it is made (UTC), by default now.
        templates: a folder of the user's own, of which the page and what is printed of it are made.
        printer: the browser that prints a PDF, so that several reports share one; by default one is started for it.

    Raises:
        PrintError: no browser could be started, or it could not print; the message says what to do.
        TemplatesError: a template of that folder cannot be used.
        babel.UnknownLocaleError: there is no such language.
    """
    # Each is imported with what it takes where it is wanted: a night that writes HTML needs no workbook.
    at = generated_at or datetime.now(UTC)
    match form:
        case Form.HTML | Form.PDF:
            from reports.page.render import render  # noqa: PLC0415

            page = render(report, language=language, generated_at=at, templates=templates)
            return page.encode() if form is Form.HTML else printed(report, page, language, printer)
        case Form.XLSX:
            from reports.forms.workbook import workbook  # noqa: PLC0415

            return workbook(report, language, at)
        case Form.CSV:
            from reports.forms.delimited import delimited  # noqa: PLC0415

            return delimited(report)
        case Form.JSON:
            from reports.forms.record import record  # noqa: PLC0415

            return record(report, language, at)
        case Form.MD:
            from reports.forms.digest import digest  # noqa: PLC0415

            return digest(report, language)
