"""The page archive: every raw page as it came, compressed, addressed by its content.

A page lives at ``<root>/<first two hex digits>/<sha256>.zst``. The same bytes are kept once. A file
appears under its name only when it is whole (written aside, then renamed), so a killed crawl never
leaves half a page behind a hash.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import zstandard

_LEVEL = 9
"""Keeps 12 to 17 % of a real product page; higher levels cost time for little (see DESIGN)."""


class ArchiveError(Exception):
    """A page that should be in the archive is not there, or is not what its hash says."""


class Archive:
    """Pages below ``root``, which is made when first needed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)

    def path(self, page_hash: str) -> Path:
        """Where the page with this SHA-256 (hex) lives."""
        return self.root / page_hash[:2] / f"{page_hash}.zst"

    def put(self, body: bytes) -> str:
        """Keep ``body`` and return its SHA-256 in hex. Keeping it again changes nothing."""
        page_hash = hashlib.sha256(body).hexdigest()
        path = self.path(page_hash)
        if path.exists():
            return page_hash
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(self._compressor.compress(body))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return page_hash

    def get(self, page_hash: str) -> bytes:
        """The page as it came.

        Raises:
            ArchiveError: there is no such page, or what is there is damaged.
        """
        try:
            body = zstandard.ZstdDecompressor().decompress(self.path(page_hash).read_bytes())
        except FileNotFoundError:
            raise ArchiveError(f"no page {page_hash} in {self.root}") from None
        except zstandard.ZstdError as error:
            raise ArchiveError(f"page {page_hash} in {self.root} is damaged: {error}") from error
        if hashlib.sha256(body).hexdigest() != page_hash:
            raise ArchiveError(f"page {page_hash} in {self.root} is damaged: its hash differs")
        return body
