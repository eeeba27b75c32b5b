"""What is told of a crawl under way: on a terminal, line by line, and as JSON."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from spiders.tasks import plan
from storage.model import Outcome, Result
from tests.storage.test_store import fetch
from tracker import progress
from tracker.config import Config, load
from tracker.crawl import Summary
from tracker.progress import Board, Form, Manner, Watch, telling

CONFIG = """
[crawl]
delay = 10
pages = 2
[[listing]]
name = "mug"
marketplace = "com"
asin = "B0OWN00001"
rivals = ["B0RIVAL001", "B0RIVAL002"]
keywords = ["steel mug"]
lists = ["/gp/bestsellers/kitchen/1"]
[[listing]]
name = "becher"
marketplace = "de"
asin = "B0OWN00002"
rivals = ["B0RIVAL001"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return load(tmp_path / "config.toml")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    monkeypatch.setattr(progress, "err", console)
    yield console


def summary(config: Config, *, resumed: bool = False) -> Summary:
    return Summary("r1", resumed, tuple(task.key for task in plan(config.listings())))


def result(task: str, outcome: Outcome = Outcome.OK, **changes: object) -> Result:
    kind, marketplace, rest = task.split("/", 2)
    named: dict[str, object] = {"asin": rest} if kind == "product" else {"asin": None, "keyword": rest[2:], "page": 1}
    return Result(fetch=fetch("x", "r1", outcome, **{"task": task, "marketplace": marketplace} | named | changes))


def told(config: Config, manner: Manner, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with telling(manner), Watch(config, manner) as watch:
        watch.planned(summary(config, resumed=True))
        watch.done(result("product/com/B0OWN00001"))
        watch.done(result("search/com/1/steel mug", Outcome.BLOCKED, detail="bot_check", attempts=2))
        watch.waits("www.amazon.com", 9)
        watch.waits("www.amazon.com", 1800)
        logging.getLogger("tracker.crawl").warning("something is wrong")
    return capsys.readouterr().err.splitlines()


def test_where_there_is_no_terminal_every_page_is_a_line(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(config, Manner(), capsys) == [
        "going on with run r1: 7 pages left",
        "1/7 com B0OWN00001: ok",
        "2/7 com 'steel mug' page 1: blocked (bot_check)",
        "www.amazon.com is left alone for 0:30:00",
        "something is wrong",
    ]
    assert told(config, Manner(loudness=-1), capsys) == ["something is wrong"]


def test_json_is_one_object_a_line_with_the_figures_by_name(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    events = [json.loads(line) for line in told(config, Manner(Form.JSON), capsys)]
    assert [event["message"] for event in events] == [
        "going on with run r1: 7 pages left",
        "1/7 com B0OWN00001: ok",
        "2/7 com 'steel mug' page 1: blocked (bot_check)",
        "www.amazon.com is left alone for 0:30:00",
        "something is wrong",
    ]
    assert (events[0]["run"], events[0]["resumed"], events[0]["planned"]) == ("r1", True, 7)
    assert (events[2]["task"], events[2]["outcome"], events[2]["attempts"]) == ("search/com/1/steel mug", "blocked", 2)
    assert events[3]["seconds"] == 1800
    assert [event["levelname"] for event in events] == ["INFO", "PAGE", "INFO", "INFO", "WARNING"]
    assert all(event["timestamp"].endswith("+00:00") for event in events)


def test_on_a_terminal_a_page_that_was_read_moves_the_board_only(
    config: Config, terminal: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    told(config, Manner(), capsys)
    shown = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert "going on with run r1" in shown
    assert "blocked (bot_check)" in shown
    assert "B0OWN00001: ok" not in shown
    told(config, Manner(loudness=1), capsys)
    assert "B0OWN00001: ok" in terminal.file.getvalue()  # type: ignore[attr-defined]


def test_the_board_counts_by_listing_and_tells_what_is_left_at_the_configured_pace(config: Config) -> None:
    board = Board(config)
    board.begin(summary(config).tasks)
    assert board.remaining() == timedelta(seconds=50), "five pages of amazon.com, ten seconds apart; amazon.de beside"
    board.note(result("product/com/B0RIVAL001", Outcome.TIMEOUT).fetch)
    board.note(result("search/com/1/steel mug").fetch)
    board.wait("www.amazon.com", 90)
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(board)
    text = console.export_text()
    assert "2/7" in text
    assert "1/3 products" in text
    assert "1/2 results pages" in text
    assert "1 not read" in text
    assert "0/2 products" in text
    assert "www.amazon.com is asked again in 0:01:" in text
    assert "list pages" not in text, "not in this run"
    board.note(result("product/com/B0RIVAL001").fetch)
    console.print(board)
    assert "not read" not in console.export_text(), "it was read the second time"
    assert board.done == 2
