"""`tracker flags`: what moved is shown, told once, acknowledged and muted."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from reports.flags import Rules
from storage.store import Store
from tests.small import Small
from tests.tracker.command import tracker
from tests.tracker.recorded import recorded
from tracker.demo.run import configuration
from tracker.judging import judged_of

NIGHTS = 16


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of the simulated marketplace, judged."""
    folder = tmp_path_factory.mktemp("flags")
    world = Small(seed=5, days=NIGHTS, start=date(2026, 1, 5))
    (folder / "config.toml").write_text(configuration(world, {}), encoding="utf-8")
    (folder / "data").mkdir()
    recorded(world, folder / "data")
    assert tracker(folder, "flags").returncode == 0
    return folder


def moves(folder: Path, *options: str) -> list[dict[str, Any]]:
    done = tracker(folder, "flags", "--json", *options)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def rows(folder: Path, table: str) -> list[tuple[Any, ...]]:
    with Store(folder / "data" / "tracker.duckdb").reading() as connection:
        return connection.execute(f"FROM stored.{table} ORDER BY ALL").fetchall()


def test_moves_are_shown_by_listing_with_their_ids(folder: Path) -> None:
    shown = tracker(folder, "flags", "--days", "30").stdout
    found = moves(folder, "--days", "30")
    assert len(found) > 20
    for move in found:
        assert move["move_id"] in shown and " ".join(move["sentence"].split()) in " ".join(shown.split())
    one = found[0]["listing"]
    assert {move["listing"] for move in moves(folder, "--listing", one)} == {one}
    assert len(moves(folder, "--days", "1")) < len(found)


def test_a_rebuild_leaves_every_row_as_it_was(folder: Path) -> None:
    before = {table: rows(folder, table) for table in ("flag", "move", "effect", "judged")}
    assert tracker(folder, "flags", "--rebuild").returncode == 0
    assert {table: rows(folder, table) for table in before} == before


def test_what_is_muted_is_shown_no_more_until_it_is_told_again(folder: Path) -> None:
    move = next(m for m in moves(folder, "--days", "30") if m["asin"] and not m["own"])
    done = tracker(folder, "flags", "mute", "--asin", move["asin"], "--days", "3")
    assert done.returncode == 0
    assert move["asin"] not in {m["asin"] for m in moves(folder, "--days", "30")}
    assert move["asin"] in {m["asin"] for m in moves(folder, "--days", "30", "--all")}
    listed = tracker(folder, "flags", "unmute").stdout
    assert move["asin"] in listed
    number = listed.split()[0]
    assert tracker(folder, "flags", "unmute", number).returncode == 0
    assert move["move_id"] in {m["move_id"] for m in moves(folder, "--days", "30")}
    assert "nothing is muted" in tracker(folder, "flags", "unmute").stdout


def test_an_acknowledged_move_is_shown_no_more(folder: Path) -> None:
    move = moves(folder)[-1]["move_id"]
    assert tracker(folder, "flags", "ack", move).returncode == 0
    assert move not in {m["move_id"] for m in moves(folder)}
    assert next(m["silent"] for m in moves(folder, "--all") if m["move_id"] == move)


def test_news_is_told_once_and_not_in_quiet_hours(folder: Path) -> None:
    config = folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    now = datetime.now(UTC)
    try:
        # Every clock of the listings is in it, whatever the hour.
        config.write_text(f'{text}\n[flags]\nquiet = "{_around(now)}"\n', encoding="utf-8")
        quiet = moves(folder, "--new")
        assert not [m for m in quiet if m["listing"] == "steel-mug"]
    finally:
        config.write_text(text, encoding="utf-8")
    told = moves(folder, "--new")
    assert any(m["listing"] == "steel-mug" for m in told)
    assert moves(folder, "--new") == []
    assert "Nothing new." in tracker(folder, "flags", "--new").stdout


def _around(now: datetime) -> str:
    """Hours around now by the clock of the listing steel-mug."""
    local = now.astimezone(ZoneInfo("America/Los_Angeles"))
    return f"{local - timedelta(hours=2):%H:00}-{local + timedelta(hours=3):%H:00}"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("flags", "mute"), "what to mute?"),
        (("flags", "mute", "--kind", "price_cutt"), "no such kind of flag"),
        (("flags", "--listing", "nothing"), "no such listing"),
        (("flags", "ack", "abc"), "abc: no such move"),
        (("flags", "unmute", "99"), "99: no such mute"),
    ],
)
def test_a_mistake_is_explained(folder: Path, arguments: tuple[str, ...], told: str) -> None:
    done = tracker(folder, *arguments)
    assert done.returncode == 2
    assert told in done.stderr


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ('[flags.sensitivity]\nprice_cutt = "low"', "price_cutt: no such kind of flag; price_cut?"),
        ('[flags.sensitivity]\nprice_cut = "loud"', "off"),
        ("[flags.threshold]\nprice_cut = -1", "greater than 0"),
        ('[flags]\nquiet = "at night"', "22:00-07:00"),
    ],
)
def test_a_wrong_setting_is_explained(folder: Path, tmp_path: Path, section: str, told: str) -> None:
    text = (folder / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(f"{text}\n{section}\n", encoding="utf-8")
    done = tracker(tmp_path, "flags")
    assert done.returncode == 2
    assert told in done.stderr and "flags" in done.stderr


def test_two_processes_tell_what_one_does(folder: Path) -> None:
    database = folder / "data" / "tracker.duckdb"
    with Store(database).reading() as connection:
        names = [name for (name,) in connection.execute("SELECT DISTINCT listing FROM listing").fetchall()]
    since = dict.fromkeys(names, date(2026, 1, 19))
    one = judged_of(database, Rules(), since)
    with patch("tracker.judging.MANY", 2):
        two = judged_of(database, Rules(), since)
    assert len(one) == len(names) and any(judgement.flags for judgement in one)
    assert sorted(one, key=lambda j: j.reach.listing) == sorted(two, key=lambda j: j.reach.listing)
