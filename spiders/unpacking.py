"""Unpacks gzip as strictly as it is made: a page with a broken checksum, or without its end, is no page.

Scrapy's own middleware takes what it can get. One wrong byte in a price would pass for the price then.
"""

import zlib
from typing import cast

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Request, Response

_GZIP = frozenset({b"gzip", b"x-gzip"})
_PIECE = 1 << 16


class UnpackingMiddleware:
    """Stands nearer to the downloader than HttpCompressionMiddleware, to which it leaves all other encodings."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UnpackingMiddleware":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response unpacked; the request once more, as often as may be, when that cannot be.

        Raises:
            zlib.error: it is broken every time.
            DownloadCancelledError: it unpacks to more than DOWNLOAD_MAXSIZE.
        """
        values = response.headers.getlist("Content-Encoding")
        encodings = [part.strip().lower() for value in values for part in value.split(b",")]
        if not encodings or encodings[-1] not in _GZIP or not response.body:
            return response
        body = response.body
        try:
            while encodings and encodings[-1] in _GZIP:
                body = unpacked(body, self._most)
                encodings.pop()
        except zlib.error as error:
            spider = cast(Spider, self._crawler.spider)  # it is there as long as requests are made
            if again := get_retry_request(request, spider=spider, reason="broken gzip"):
                return again
            raise error
        headers = response.headers.copy()
        headers.pop("Content-Encoding")
        if encodings:
            headers["Content-Encoding"] = b", ".join(encodings)
        return response.replace(body=body, headers=headers)


def unpacked(packed: bytes, most: int) -> bytes:
    """What ``packed`` holds; what follows a whole gzip file and is none is left out, as browsers do.

    Raises:
        zlib.error: it is no gzip, breaks off, or does not fit its checksum.
        DownloadCancelledError: it holds more than ``most`` bytes.
    """
    pieces, size, begun = [], 0, False
    while not begun or packed[:2] == b"\x1f\x8b":
        begun, stream = True, zlib.decompressobj(wbits=31)
        while not stream.eof:
            piece = stream.decompress(packed, _PIECE)
            packed = stream.unused_data if stream.eof else stream.unconsumed_tail
            size += len(piece)
            if size > most:
                raise DownloadCancelledError(f"more than {most} bytes unpacked")
            if not piece and not packed and not stream.eof:
                raise zlib.error("breaks off")
            pieces.append(piece)
    return b"".join(pieces)
