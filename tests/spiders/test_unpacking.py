"""Unpacking: whole and right, or not at all."""

import gzip
import zlib

import pytest
from scrapy.exceptions import DownloadCancelledError

from spiders.unpacking import unpacked

PAGE = b"<html>" + bytes(range(256)) * 1000 + b"$24.99</html>"
PACKED = gzip.compress(PAGE)


@pytest.mark.parametrize("level", [0, 1, 9])
def test_what_is_whole_is_unpacked(level: int) -> None:
    assert unpacked(gzip.compress(PAGE, level), 1 << 20) == PAGE
    assert unpacked(gzip.compress(PAGE, level) + gzip.compress(b"more"), 1 << 20) == PAGE + b"more"
    assert unpacked(gzip.compress(PAGE, level) + b"\0 something", 1 << 20) == PAGE
    assert unpacked(gzip.compress(b""), 1) == b""


@pytest.mark.parametrize("cut", [0, 1, 9, 10, 11, len(PACKED) // 2, len(PACKED) - 9, len(PACKED) - 8, len(PACKED) - 1])
def test_what_breaks_off_is_nothing(cut: int) -> None:
    with pytest.raises(zlib.error):
        unpacked(PACKED[:cut], 1 << 20)


def test_a_wrong_digit_is_found_out() -> None:
    stored = gzip.compress(PAGE, 0)
    assert unpacked(stored, 1 << 20) == PAGE
    with pytest.raises(zlib.error):
        unpacked(stored.replace(b"$24.99", b"$94.99"), 1 << 20)


def test_what_is_no_gzip_or_too_much_is_refused() -> None:
    with pytest.raises(zlib.error):
        unpacked(PAGE, 1 << 20)
    assert unpacked(PACKED, len(PAGE)) == PAGE
    with pytest.raises(DownloadCancelledError):
        unpacked(PACKED, len(PAGE) - 1)
