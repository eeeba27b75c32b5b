"""Pages fetched with a real Chromium from a real server: what comes of each, and what the server is told."""

import asyncio
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any

import pytest
from aiohttp import web

from spiders.browser import trouble

HEAD = '<html><head><title>Mug</title></head><body><div id="productTitle">Mug</div>'
END = "</body></html>"
PAGES = {
    "whole": f"{HEAD}as sent{END}",
    "script": f"""{HEAD}<p id="p"></p><img src="/picture"><script>
        fetch("/data").then(r => r.text()).then(t => {{ document.getElementById("p").textContent = t }});
        navigator.sendBeacon("/beacon", "x")</script>{END}""",
    "cut": f"{HEAD}half",
    "hang": f"{HEAD}<script>while (true) {{}}</script>{END}",
    "large": f"{HEAD}{'x' * 300_000}{END}",
    "data": "put in by a script",
}


class Site:
    """A server on this machine's loopback address that notes what it is asked."""

    def __init__(self) -> None:
        self.seen: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.seen[name].append(dict(request.headers))
        if name == "loop":
            raise web.HTTPFound("/loop")
        if name == "broken" and request.transport is not None:
            request.transport.close()
        response = web.Response(text=PAGES.get(name, f"{HEAD}{END}"), content_type="text/html", status=200)
        if name == "session":
            response.set_cookie("session", "s1")
            response.set_cookie("other", "o1")
        if name == "busy":
            response.set_status(503)
        return response


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    running, loop = Site(), asyncio.new_event_loop()
    application = web.Application()
    application.router.add_route("*", "/{name}", running.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        running.url = f"http://127.0.0.1:{runner.addresses[0][1]}"

    thread = Thread(target=loop.run_forever, daemon=True)  # in this one the browser of other tests may have its loop
    thread.start()
    asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    yield running
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)


@pytest.fixture(scope="module")
def came(site: Site) -> dict[str, list[dict[str, Any]]]:
    """What came of each page, all asked for in one crawl; under ``counts`` what Playwright counted."""
    asked = ["session", "session", "whole", "script", "cut", "large", "busy", "loop", "broken", "hang", "session"]
    told = {
        "asked": [
            *(
                {"url": f"{site.url}/{name}", "cookies": {"place": "10001"}, "timeout": 2 if name == "hang" else 60}
                for name in asked
            ),
            {"url": f"{site.url}/session", "browser": False, "timeout": 60},
        ],
        "pages_per_session": 4,
        "settings": {
            "CONCURRENT_REQUESTS": 1,
            "DOWNLOAD_MAXSIZE": 200_000,
            "RETRY_TIMES": 0,
            "USER_AGENT": "rival-tracker",
        },
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.spiders.browsing"],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = defaultdict(list)
    for line in map(json.loads, done.stdout.splitlines()):
        found[line["url"].rpartition("/")[2] if "url" in line else "counts"].append(line.get("counts", line))
    return found


def test_a_page_is_what_its_scripts_make_of_it(came: dict[str, list[dict[str, Any]]], site: Site) -> None:
    assert "as sent" in came["whole"][0]["body"]
    assert '<p id="p">put in by a script</p>' in came["script"][0]["body"]
    # Pictures and beacons are not even asked for.
    assert not site.seen["picture"]
    assert not site.seen["beacon"]


def test_a_source_that_broke_off_is_handed_on_as_it_is(came: dict[str, list[dict[str, Any]]]) -> None:
    assert came["cut"][0]["body"] == PAGES["cut"]


def test_what_goes_wrong_is_told_as_of_any_download(came: dict[str, list[dict[str, Any]]]) -> None:
    told = {name: came[name][0].get("outcome") for name in ("hang", "large", "loop", "broken")}
    assert told == {"hang": "timeout", "large": "network", "loop": "redirected", "broken": "network"}
    assert came["busy"][0]["status"] == 503


def test_plain_and_browser_requests_are_of_one_session(came: dict[str, list[dict[str, Any]]], site: Site) -> None:
    assert len(came["session"]) == 4
    cookies = [set(each.get("Cookie", "").split("; ")) for each in site.seen["session"]]
    assert cookies[0] == {"place=10001"}
    # The third is the first page of a session of its own; the last is plain.
    assert all(each == {"place=10001", "session=s1", "other=o1"} for each in cookies[1:])
    for headers in (site.seen["session"][0], site.seen["session"][-1]):
        assert headers["User-Agent"] == "rival-tracker"
        assert headers["Accept-Language"] == "de-DE,de;q=0.8"


def test_sessions_take_turns_and_no_page_stays_open(came: dict[str, list[dict[str, Any]]]) -> None:
    (counts,) = came["counts"]
    assert counts["playwright/browser_count"] == 1
    assert counts["playwright/page_count"] == 11
    assert counts["playwright/context_count"] == 3
    assert counts["playwright/context_count/max_concurrent"] == 1
    assert counts["playwright/page_count/max_concurrent"] == 1


def apart(asked: Coroutine[Any, Any, str | None]) -> str | None:
    """Run this in a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


@pytest.mark.parametrize(
    ("name", "told"), [("none", "there is no program"), ("file", "there is no program"), ("script", "does not start")]
)
def test_no_chromium_is_told_in_a_sentence(name: str, told: str, tmp_path: Any) -> None:
    path = tmp_path / name
    if name != "none":
        path.write_text("#!/bin/sh\nexit 1\n")
    if name == "script":
        path.chmod(0o755)
    why = apart(trouble(str(path)))
    assert why is not None
    assert told in why
    assert str(path) in why
    assert "crawl.chromium" in why
    assert "\n" not in why


def test_the_chromium_here_starts() -> None:
    assert apart(trouble(None)) is None
