"""The page archive on a real folder."""

from pathlib import Path

import pytest

from storage.archive import Archive, ArchiveError


def test_a_page_comes_back_byte_for_byte_and_is_kept_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "pages")
    body = "<html>杯 €</html>".encode() * 500
    page_hash = archive.put(body)
    assert archive.put(body) == page_hash
    assert archive.get(page_hash) == body
    files = [p for p in (tmp_path / "pages").rglob("*") if p.is_file()]
    assert files == [archive.path(page_hash)]
    assert files[0].stat().st_size < len(body) / 10


def test_a_missing_or_damaged_page_is_an_error_not_a_page(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with pytest.raises(ArchiveError, match="no page"):
        archive.get("00" * 32)
    one, two = archive.put(b"one" * 50), archive.put(b"two" * 50)
    archive.path(one).write_bytes(archive.path(two).read_bytes())
    with pytest.raises(ArchiveError, match="hash differs"):
        archive.get(one)
    archive.path(two).write_bytes(b"\x28\xb5\x2f\xfd broken")
    with pytest.raises(ArchiveError, match="damaged"):
        archive.get(two)
