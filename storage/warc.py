"""Archived pages as a WARC 1.1 file (ISO 28500), which web archives and their tools read.

The archive keeps what a server sent, not how: there are no HTTP headers. So a page is a ``resource`` record, which the
standard has for content without them; a ``response`` would need headers that nobody has seen.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from warcio.warcwriter import WARCWriter

from storage.aside import written_aside


class Captured(NamedTuple):
    """One page with where and when it was fetched."""

    url: str
    observed_at: datetime
    body: bytes


def write(path: Path, pages: Iterable[Captured], *, software: str, description: str) -> int:
    """Write ``pages`` and what made them into ``path``, one compressed record each, and return how many there are.

    The file appears under its name when it is whole; one that was there before stays until then.
    """
    count = 0
    with written_aside(path) as part:
        writer = WARCWriter(part, gzip=True, warc_version="1.1")
        about = {"software": software, "format": "WARC File Format 1.1", "description": description}
        writer.write_record(writer.create_warcinfo_record(path.name, about))
        for page in pages:
            record = writer.create_warc_record(
                page.url,
                "resource",
                payload=BytesIO(page.body),
                length=len(page.body),
                warc_content_type="text/html",
                warc_headers_dict={"WARC-Date": f"{page.observed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"},
            )
            writer.write_record(record)
            count += 1
    return count
