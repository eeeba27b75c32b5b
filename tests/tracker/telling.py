"""Who is told in tests: a server on this machine that notes what comes, and a configuration that names it."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from tracker.config import Config, load

SECRET = "k3yThatNobodyMaySee"
RIVALS = [f"B0RIVAL{n:03d}" for n in range(1, 5)]
LISTING = f"""
[[listing]]
name = "mug"
marketplace = "com"
asin = "B0OWN00001"
rivals = {json.dumps(RIVALS)}
time_zone = "America/Los_Angeles"
"""
HOSTILE = (
    'Mug @everyone @all <!channel> <at user_id="all">all</at> [gift](https://evil.example) ![x](https://evil.example/x)'
    " **bold** `code` \u202e<img src=x onerror=alert(1)>"
)


class Door:
    """An HTTP server that notes what comes, and answers as it is told to by path: status, body, seconds before."""

    def __init__(self) -> None:
        self.came: list[tuple[str, bytes]] = []
        self.answers: dict[str, tuple[int, bytes, float]] = {}
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                door.came.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
                code, body, delay = door.answers.get(urlsplit(self.path).path, (200, b"{}", 0.0))
                sleep(delay)
                self.send_response(code)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def at(self, path: str) -> list[dict[str, Any]]:
        """What came there, of JSON."""
        return [json.loads(body) for where, body in self.came if urlsplit(where).path == path]


def told_to(folder: Path, *urls: str, more: str = "", flags: str = "") -> Config:
    """The configuration in ``folder``, by default of one listing, with these targets."""
    path = folder / "config.toml"
    if not path.exists():
        path.write_text(LISTING, encoding="utf-8")
    text = path.read_text(encoding="utf-8").partition("[notify]")[0]
    path.write_text(f"{text}[notify]\nurls = {json.dumps(urls)}\n{more}\n{flags}", encoding="utf-8")
    return load(path)


def free_port() -> int:
    """One at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
