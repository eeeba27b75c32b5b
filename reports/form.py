"""The forms that a report comes in. Apart from what makes them, which is heavy."""

from enum import StrEnum


class Form(StrEnum):
    """The value is the suffix of its file."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    MD = "md"
