"""Faults on the way to the crawler: connections that are slow or break, bodies that are not what they seem."""

import asyncio
import gzip
import re
import socket
import struct
from functools import cache

from aiohttp import web

from tracker.demo.fault import Asked, fault, html

_HTML = "text/html; charset=utf-8"
_BOMB_PART = 16 << 20
_BOMB_PARTS = 256
_HUGE = 60_000_000
_PAUSE = 0.05
"""Seconds until what was written is with the client, when the connection is to break after it."""


@fault("stall")
async def stall(asked: Asked) -> web.Response:
    """The right page, too late."""
    await asyncio.sleep(asked.seconds)
    return html(asked.page)


@fault("stall_middle")
async def stall_middle(asked: Asked) -> web.StreamResponse:
    """The right page, its second half too late."""
    answer, body = await _begun(asked)
    await answer.write(body[: len(body) // 2])
    await asyncio.sleep(asked.seconds)
    await answer.write(body[len(body) // 2 :])
    return answer


@fault("drip")
async def drip(asked: Asked) -> web.StreamResponse:
    """The right page byte by byte, ``seconds`` between two."""
    answer, body = await _begun(asked)
    for at in range(len(body)):
        await answer.write(body[at : at + 1])
        await asyncio.sleep(asked.seconds)
    return answer


@fault("reset")
async def reset(asked: Asked) -> web.Response:
    """The connection is reset before anything came."""
    _break(asked.request)
    return web.Response()


@fault("reset_middle")
async def reset_middle(asked: Asked) -> web.StreamResponse:
    """The connection is reset in the middle of the page."""
    answer, body = await _begun(asked)
    await answer.write(body[: len(body) // 2])
    await asyncio.sleep(_PAUSE)
    _break(asked.request)
    return answer


@fault("cut")
async def cut(asked: Asked) -> web.StreamResponse:
    """The connection is closed before all the bytes came that were announced."""
    answer, body = await _begun(asked)
    await answer.write(body[: len(body) // 2])
    if asked.request.transport:
        asked.request.transport.close()
    return answer


@fault("down")
async def down(asked: Asked) -> web.Response:
    """The server goes down at this request, and comes back after ``seconds``."""
    asked.shut(asked.seconds)
    await asyncio.sleep(asked.seconds)
    return web.Response()


async def _begun(asked: Asked) -> tuple[web.StreamResponse, bytes]:
    """An answer whose headers are sent, and the body that they announce."""
    body = asked.page.encode()
    answer = web.StreamResponse(headers={"Content-Type": _HTML, "Content-Length": str(len(body))})
    await answer.prepare(asked.request)
    return answer, body


def _break(request: web.Request) -> None:
    if request.transport is None:
        return
    # Without time to linger, closing a socket sends no FIN but a RST.
    connection = request.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


@fault("truncated")
async def truncated(asked: Asked) -> web.Response:
    """A page that breaks off in its middle, while HTTP says that all of it came."""
    return html(asked.page[: len(asked.page) // 2])


@fault("empty")
async def empty(_: Asked) -> web.Response:
    """Nothing at all, with status 200."""
    return html("")


@fault("gzip_twice")
async def gzip_twice(asked: Asked) -> web.Response:
    """Compressed twice, by the site and by something on the way, and told once."""
    return _packed(gzip.compress(gzip.compress(asked.page.encode())))


@fault("gzip_cut")
async def gzip_cut(asked: Asked) -> web.Response:
    """A compressed page that breaks off in its middle, while HTTP says that all of it came."""
    packed = gzip.compress(asked.page.encode())
    return _packed(packed[: len(packed) // 2])


@fault("gzip_broken")
async def gzip_broken(asked: Asked) -> web.Response:
    """A compressed page with a run of wrong bytes in its middle."""
    packed = bytearray(gzip.compress(asked.page.encode()))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = b"\xff" * 64
    return _packed(bytes(packed))


@fault("gzip_wrong")
async def gzip_wrong(asked: Asked) -> web.Response:
    """A compressed page in which nothing but a few digits came over wrong: only its checksum tells."""
    packed = bytearray(gzip.compress(asked.page.encode(), compresslevel=0))  # which leaves the page as it is
    for digits in re.finditer(rb"\d+[.,]\d+", packed):
        packed[digits.start()] ^= 1
    return _packed(bytes(packed))


@fault("gzip_none")
async def gzip_none(asked: Asked) -> web.Response:
    """Said to be compressed, and is not."""
    return _packed(asked.page.encode())


@fault("gzip_bomb")
async def gzip_bomb(_: Asked) -> web.Response:
    """4 MB that unpack to 4 GiB."""
    return _packed(await asyncio.to_thread(_bomb))


@fault("huge")
async def huge(asked: Asked) -> web.StreamResponse:
    """The right page, with 60 MB of comment before its end."""
    head, end, tail = asked.page.rpartition("</body>")
    answer = web.StreamResponse(headers={"Content-Type": _HTML})
    await answer.prepare(asked.request)
    await answer.write(head.encode())
    for _ in range(_HUGE // 1_000_000):
        await answer.write(b"<!--" + b" " * 999_992 + b"-->\n")
    await answer.write((end + tail).encode())
    return answer


def _packed(body: bytes) -> web.Response:
    return web.Response(body=body, headers={"Content-Type": _HTML, "Content-Encoding": "gzip"})


@cache
def _bomb() -> bytes:
    # Members of a gzip file may follow each other, so one is packed and repeated.
    return gzip.compress(b" " * _BOMB_PART) * _BOMB_PARTS
