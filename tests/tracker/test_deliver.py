"""What becomes of a message at each kind of service, and of texts that would like to be more than that."""

import json
import re
from base64 import b64encode
from functools import reduce
from hmac import digest
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from apprise.conversion import convert_between
from markdown_it import MarkdownIt
from pydantic import SecretStr
from selectolax.lexbor import LexborHTMLParser

from reports.flags import Severity
from reports.news import Display, Item, Letter, Part, harmless
from reports.wording import Wording
from tests.tracker.command import tracker
from tests.tracker.telling import HOSTILE, SECRET, Door, free_port, told_to
from tests.tracker.two_nights import ROOT
from tracker.notify import deliver
from tracker.notify.robots import DingTalkRobot, WeComRobot
from tracker.notify.targets import Target

pytestmark = pytest.mark.usefixtures("at_once")


def offered(url: str) -> str | None:
    """Why a letter was not taken there; None when it was."""
    return deliver.send(Target(1, SecretStr(url)), letter())


def letter(items: int = 3, text: str = HOSTILE, language: str = "en") -> Letter:
    shown = [Item(Severity.HIGH, f"R{n} {text}", text, [text]) for n in range(items)]
    part = Part("mug", text, shown, [text], "https://host/listing/mug")
    return Letter(Wording(language, "USD", "UTC"), [part], [text])


@pytest.mark.parametrize(
    ("answer", "query", "reason"),
    [
        ((404, b"", 0.0), "", "HTTP status 404"),
        ((302, b"", 0.0), "", "HTTP status 302"),
        ((200, b"", 0.5), "?rto=0.1", "no answer in time"),
    ],
)
def test_why_it_was_not_taken(door: Door, answer: tuple[int, bytes, float], query: str, reason: str) -> None:
    door.answers["/a"] = answer
    assert offered(f"json://{door.address}/a{query}") == reason
    assert len(door.came) == deliver.TRIES


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1:{}/a",
        "mailto://127.0.0.1:{}?from=a@example.com&to=b@example.com&mode=insecure&smtp=127.0.0.1",
    ],
)
def test_where_nobody_listens(url: str) -> None:
    assert offered(url.format(free_port())) == "no connection"


@pytest.mark.parametrize("form", ["json", "xml", "form"])
def test_every_webhook_gets_it(door: Door, form: str) -> None:
    assert offered(f"{form}://{door.address}/a") is None
    ((_, body),) = door.came
    assert b"news of 1 listing" in body or b"news+of+1+listing" in body


def test_every_file_goes_as_far_as_they_are_light(door: Door, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.html" for name in ("mug", "cup", "huge")]
    for path, size in zip(paths, (10, 20, deliver.LARGEST), strict=True):
        path.write_bytes(b"x" * size)
    assert deliver.send(Target(1, SecretStr(f"json://{door.address}/a")), letter(), lambda: paths) is None
    assert [each["filename"] for each in door.at("/a")[0]["attachments"]] == ["mug.html", "cup.html"]


@pytest.mark.parametrize(("code", "taken"), [(0, True), (93000, False)])
def test_the_answer_of_a_wecom_robot_is_read(door: Door, code: int, taken: bool) -> None:
    door.answers["/send"] = (200, json.dumps({"errcode": code, "errmsg": SECRET}).encode(), 0)
    with patch.object(WeComRobot, "notify_url", f"http://{door.address}/send?key={{key}}"):
        assert offered(f"wecombot://{SECRET}") == (None if taken else "not accepted, code 93000")
    sent = door.at("/send")[0]
    assert sent["msgtype"] == "text" and "【mug】" in sent["text"]["content"]
    assert len(sent["text"]["content"].encode()) <= WeComRobot.most_bytes


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_dingtalk_robot_gets_a_signature_that_it_knows(door: Door, form: str) -> None:
    door.answers["/robot"] = (200, b'{"errcode":0,"errmsg":"ok"}', 0)
    with patch.object(DingTalkRobot, "notify_url", f"http://{door.address}/robot?access_token={{token}}"):
        assert offered(f"dingtalk://SEC1@{SECRET}?format={form}") is None
    ((path, _),) = door.came
    query = parse_qs(urlsplit(path).query)
    (moment,), (sign,), (token,) = query["timestamp"], query["sign"], query["access_token"]
    assert (token, sign) == (SECRET, b64encode(digest(b"SEC1", f"{moment}\nSEC1".encode(), "sha256")).decode())
    (sent,) = door.at("/robot")
    assert sent["msgtype"] == form and not sent["at"]["isAtAll"]
    assert "news of 1 listing" in str(sent[form])


def test_hostile_titles_stay_text() -> None:
    told = letter()
    _, plain = told.within(Display.TEXT, 100_000)
    _, html = told.within(Display.HTML, 100_000)
    marked = MarkdownIt().render(convert_between("html", "markdown", html))
    for text in (plain, html, marked):
        assert "@" not in text and "\u202e" not in text and "](http" not in plain
    for page in map(LexborHTMLParser, (html, marked)):
        assert {a.attributes["href"] for a in page.css("a")} == {"https://host/listing/mug"}
        assert not page.css("img, script, at, code")
    assert page.css("strong, b") and all(node.text() == "mug" for node in page.css("strong, b"))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("a\nb\r\nc\x00", "a b c"),
        ("@everyone <@U1> <!here>", "＠everyone ‹＠U1› ‹!here›"),
        ("[x](http://e)", "[x] (http://e)"),
        ("マグカップ 400ml كوب", "マグカップ 400ml كوب"),
    ],
)
def test_harmless(text: str, stays: str) -> None:
    assert harmless(text) == stays


@pytest.mark.parametrize("room", [60, 200, 682, 2048, 4096])
def test_a_message_is_as_long_as_the_service_takes(room: int) -> None:
    told = letter(9, "竞品降价，到手价低于您 " * 3, "zh_CN")
    for in_bytes in (False, True):
        title, body = told.within(Display.TEXT, room, in_bytes=in_bytes)
        whole = f"{title}\r\n{body}"
        assert len(whole.encode() if in_bytes else whole) <= room
        assert "mug" in body
    assert "另有" in told.plain() and "条动态" in told.plain(0)


@pytest.mark.parametrize(
    ("url", "right"),
    [
        (f"nosuch://{SECRET}", "urls.2 (nosuch://…): Apprise does not understand it; a service that Apprise knows"),
        (f"https://oapi.dingtalk.com/robot/send?access_token={SECRET}", "dingtalk://ACCESS_TOKEN"),
        (SECRET, "the 2. is no address of a service"),
    ],
)
def test_an_address_that_is_not_understood_is_a_mistake(tmp_path: Path, url: str, right: str) -> None:
    told_to(tmp_path, "json://127.0.0.1/a")
    path = tmp_path / "config.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('a"]', f'a", "{url}"]'), encoding="utf-8")
    for command in ("check", "notify"):
        done = tracker(tmp_path, command)
        assert done.returncode == 2
        assert "config.toml: notify.urls" in done.stderr and right in done.stderr
        assert SECRET not in done.stdout + done.stderr


def test_the_addresses_of_the_readme_are_understood(tmp_path: Path) -> None:
    table = re.findall(r"^\| .*://.*\|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    urls = [url for row in table for url in re.findall(r"`(\w+://[^`]+)`", row.split("|")[2])]
    meant = {
        "T…/B…/…": "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "BOT_TOKEN/CHAT_ID": f"123456789:{'a' * 35}/1234",
        "ACCESS_TOKEN": "0a1",
        "SEC…": "SEC1",
    }
    made = [reduce(lambda text, name: text.replace(name, meant[name]), meant, url) for url in urls]
    assert len(made) >= 12
    deliver.check(told_to(tmp_path, *made), tmp_path)


def test_addresses_come_from_the_environment(tmp_path: Path, door: Door) -> None:
    told_to(tmp_path)
    assert "nobody is to be told" in tracker(tmp_path, "notify").stderr
    urls = f"json://{door.address}/a json://{door.address}/b"
    assert tracker(tmp_path, "notify", "--test", TRACKER_NOTIFY__URLS=urls).returncode == 0
    (tmp_path / "secrets").write_text(f"TRACKER_NOTIFY__URLS=json://{door.address}/c\n")
    assert tracker(tmp_path, "notify", "--test", TRACKER_SECRETS=str(tmp_path / "secrets")).returncode == 0
    assert [len(door.at(path)) for path in ("/a", "/b", "/c")] == [1, 1, 1]
    wrong = tracker(tmp_path, "check", TRACKER_NOTIFY__URLS=f"json://{door.address}/a nosuch://{SECRET}")
    assert wrong.returncode == 2
    assert "environment TRACKER_NOTIFY__URLS: notify.urls.2 (nosuch://…)" in wrong.stderr and SECRET not in wrong.stderr


@pytest.mark.parametrize("link", ["https://host/", "https://host/{listing}/{0}", "ftp://host/{listing}"])
def test_a_link_that_leads_nowhere_is_a_mistake(tmp_path: Path, link: str) -> None:
    with pytest.raises(Exception, match=r"notify\.link.*listing/\{listing\}"):
        told_to(tmp_path, "json://127.0.0.1/a", more=f'link = "{link}"')
