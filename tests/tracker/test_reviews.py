"""`tracker reviews`: what is listed, and own ones that are handled and opened again."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.reports.database import Database
from tests.reports.nights import MONDAY, OWN, RIVAL, tell
from tests.tracker.command import tracker

NIGHTS = 4
CONFIG = f"""
[[listing]]
name = "mug"
marketplace = "com"
asin = "{OWN}"
time_zone = "UTC"
rivals = ["{RIVAL}"]
keywords = ["steel mug"]
"""
MARK_UP = "[red]Leaks[/red] \u202e\x1b[31m"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reviews")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "data").mkdir()
    database = Database(folder / "data" / "tracker.duckdb")
    database.listing("mug", "com", OWN, [RIVAL], [])
    for asin in (OWN, RIVAL):
        tell(database, asin, title=["Mug"] * NIGHTS)
    for asin, n, name, stars, title in (
        (OWN, 0, "R0OLD", 2, "Dented"),
        (OWN, 1, "R1LEAKS", 1, MARK_UP),
        (OWN, 2, "R2SMELL", 3, "Smells"),
        (OWN, 0, "R3CHANGED", 5, "Great"),
        (OWN, 3, "R3CHANGED", 1, "Stopped working"),
        (RIVAL, 3, "R4RIVAL", 1, "Leaks"),
        (RIVAL, 3, "R5GOOD", 5, "Leaks never"),
    ):
        written = date(2025, 1, 1) if n == 0 else None
        database.review(0, MONDAY + timedelta(days=n), asin, name, stars, title=title, reviewed_on=written)
    database.publish()
    return folder


def told(folder: Path, *options: str) -> dict[str, dict[str, Any]]:
    """What is listed, by id."""
    done = tracker(folder, "reviews", "--json", *options)
    assert done.returncode == 0, done.stderr
    return {each["review_id"]: each for each in json.loads(done.stdout)}


def test_bad_reviews_are_listed_newest_first_and_can_be_narrowed_down(folder: Path) -> None:
    found = told(folder)
    assert list(found) == ["R3CHANGED", "R4RIVAL", "R2SMELL", "R1LEAKS"]
    changed = found["R3CHANGED"]
    assert (changed["came"], changed["stars_before"], changed["stars"]) == ("changed", 5, 1)
    assert changed["topics"] == {"quality": ["Stopped working"]}
    assert (changed["state"], found["R4RIVAL"]["state"]) == ("new", None)
    assert list(told(folder, "--topic", "leaks")) == ["R4RIVAL", "R1LEAKS"]
    assert list(told(folder, "--stars", "2-3", "--days", "2")) == ["R2SMELL"]
    assert list(told(folder, "--asin", RIVAL, "--stars", "1-5")) == ["R4RIVAL", "R5GOOD"]


def test_own_ones_are_handled_and_opened_again(folder: Path) -> None:
    assert tracker(folder, "reviews", "handle", "R1LEAKS", "R2SMELL", "--note", "sent a lid").stdout[:9] == "2 handled"
    assert list(told(folder, "--new")) == ["R3CHANGED", "R0OLD"], "whenever they came"
    shown = tracker(folder, "reviews").stdout
    assert "handled: sent a lid" in shown and "R4RIVAL" in shown
    assert "[red]Leaks[/red]" in shown and "\u202e" not in shown and "\x1b" not in shown
    assert tracker(folder, "reviews", "reopen", "R1LEAKS").stdout == "1 open again\n"
    assert list(told(folder, "--new")) == ["R3CHANGED", "R1LEAKS", "R0OLD"]


def test_what_there_is_not_is_told_and_nothing_is_kept(folder: Path) -> None:
    with Store(folder / "data" / "tracker.duckdb").reading() as db:
        before = db.execute("FROM stored.review_word").fetchall()
    for arguments, sentence in (
        (["handle", "R0OLD", "RNOSUCH"], "RNOSUCH: no such review; `tracker reviews` shows their ids"),
        (["handle", "R0OLD", "R4RIVAL"], "R4RIVAL: stands on the page of a rival"),
        (["--stars", "3-1"], "--stars '3-1': not a number of stars; write 1, or 1-3"),
        (["--topic", "leak"], "--topic 'leak': no such topic; there is quality, leaks, "),
        (["--asin", "B000000000"], "--asin 'B000000000': no listing watches it"),
    ):
        done = tracker(folder, "reviews", *arguments)
        assert done.returncode == 2
        assert sentence in done.stderr
    with Store(folder / "data" / "tracker.duckdb").reading() as db:
        assert db.execute("FROM stored.review_word").fetchall() == before
