"""`tracker read`: one saved page, its record as plain JSON types."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import msgspec
from w3lib.encoding import html_to_unicode

from spiders import pages
from storage.records import Missing, Page


class UnreadableError(Exception):
    """There is no page to read; the message says why."""


def read_file(path: Path, url: str | None, marketplace: str | None) -> dict[str, Any]:
    """The record of the saved page at ``path`` (HTML, gzip-compressed or not).

    Raises:
        UnreadableError: the file is missing or is not what its name says.
    """
    try:
        body = path.read_bytes()
        if body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"{path}: cannot be read: {error}") from None
    _, text = html_to_unicode(None, body, default_encoding="utf-8")
    return as_json(pages.read(text, url, marketplace))


def as_json(page: Page) -> dict[str, Any]:
    """``page`` in JSON types: ``kind`` first, then the record's fields, then what is missing and why.

    A page without a record says in ``detail`` what it is, where there is more to say than its kind.

    Money and ratings are decimal strings. ``missing`` maps a field without a value to its reason;
    ``unparsed`` holds the text found where the reason is ``unparseable``. A search page lists its
    placements under ``results`` and the products of the blocks beside them under ``widgets``, each
    with a ``missing`` of its own; how many results there are is ``results_total``. A page of ranked
    lists has these under ``lists``, each with its ``places``; one of all offers has them under ``offers``.
    """
    head: dict[str, Any] = {"kind": page.kind.value, "marketplace": page.marketplace}
    if page.detail:
        head["detail"] = page.detail
    if page.product:
        return head | _fields(page.product)
    if page.search:
        fields = _fields(page.search)
        fields["results_total"] = fields["results"]
        for reasons in (fields["missing"], fields.get("unparsed", {})):
            if "results" in reasons:
                reasons["results_total"] = reasons.pop("results")
        fields["results"] = fields.pop("placements")
        return head | fields
    if page.lists:
        return head | {"lists": [_fields(found) for found in page.lists]}
    if page.offers:
        return head | _fields(page.offers)
    return head


def _fields(record: msgspec.Struct) -> dict[str, Any]:
    """A record's fields in JSON types; a record inside it has its own ``missing`` too."""
    missing: tuple[Missing, ...] = getattr(record, "missing", ())
    fields = {name: _plain(getattr(record, name)) for name in record.__struct_fields__}
    fields["missing"] = {m.field: m.reason.value for m in missing}
    unparsed = {m.field: m.text for m in missing if m.text is not None}
    return fields | ({"unparsed": unparsed} if unparsed else {})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_fields(each) if hasattr(each, "missing") else msgspec.to_builtins(each) for each in value]
    return msgspec.to_builtins(value)
