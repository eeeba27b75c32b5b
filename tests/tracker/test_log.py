"""`tracker log`: what the seller did is kept, with a kind that is said; what cannot be told apart is pointed out."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from storage.store import Store
from tests.tracker.telling import LISTING
from tracker.cli import app as whole
from tracker.config import load
from tracker.log import app

TWO = LISTING + LISTING.replace('"mug"', '"cup"').replace("B0OWN00001", "B0OWN00002").replace(
    "America/Los_Angeles", "Asia/Tokyo"
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without a row."""
    path = tmp_path_factory.mktemp("empty") / "tracker.duckdb"
    with Store(path).writing():
        return path


@pytest.fixture
def folder(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.toml").write_text(LISTING, encoding="utf-8")
    (tmp_path / "data").mkdir()
    shutil.copy(empty, tmp_path / "data")
    monkeypatch.setenv("TRACKER_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path


def log(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, " ".join(done.output.split())


def kept(folder: Path) -> list[tuple[object, ...]]:
    with Store(load(folder / "config.toml").storage.database).reading() as db:
        return db.execute(
            "SELECT entry, what, kind, guessed, day::VARCHAR, nights FROM journal ORDER BY entry"
        ).fetchall()


def test_an_action_is_kept_listed_and_taken_back(folder: Path) -> None:
    code, told = log("raised price  to 24.99", "--at", "2026-03-04 14:00", "--window", "5")
    assert code == 0 and "taken as: price; --kind says otherwise" in told and "`tracker log undo 1`" in told
    code, told = log("--listing", "mug", "换了主图", "--at", "2026-03-04T23:30-05:00", "--kind", "images")
    assert code == 0 and "taken as" not in told and "hours after entry 1 ('raised price to 24.99')" in told
    assert kept(folder) == [
        (1, "raised price to 24.99", "price", True, "2026-03-04", 5),
        (2, "换了主图", "images", False, "2026-03-04", 7),
    ]
    shown = json.loads(log("show", "--json")[1])
    assert [(each["entry"], each["acted_at"], each["beside"]) for each in shown] == [
        (2, "2026-03-05T04:30:00Z", [1]),
        (1, "2026-03-04T22:00:00Z", [2]),
    ]
    assert log("undo", "1") == (0, "1 taken back: raised price to 24.99")
    assert [row[0] for row in kept(folder)] == [2]
    assert log("undo", "1")[0] == 2
    with Store(load(folder / "config.toml").storage.database).reading() as db:
        assert db.execute("SELECT count(*) FROM stored.journal").fetchone() == (2,), "nothing is deleted"
    assert "2 mug, 2026-03-04 20:30 (America/Los_Angeles), images" in log()[1]
    assert "no such listing" in log("--list", "--listing", "jug")[1]


def test_days_are_those_of_the_listing_and_a_day_is_its_noon(folder: Path) -> None:
    (folder / "config.toml").write_text(TWO, encoding="utf-8")
    assert log("x", "--at", "2026-03-08", "--listing", "mug")[0] == 0, "the day on which clocks change"
    assert log("x", "--at", "2026-03-08 00:10", "--listing", "cup")[0] == 0
    shown = {each["listing"]: each["acted_at"] for each in json.loads(log("show", "--json")[1])}
    assert shown == {"mug": "2026-03-08T19:00:00Z", "cup": "2026-03-07T15:10:00Z"}
    assert {row[4] for row in kept(folder)} == {"2026-03-08"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["x", "--at", "2999-01-01"], "has not come yet"),
        (["x", "--at", "soon"], "no time; write"),
        (["x", "--at", "2026-02-30"], "no time; write"),
        (["x", "--listing", "jug"], "no such listing; there is mug"),
        (["x", "--window", "2"], "3 to 28 nights"),
        (["x", "--window", "29"], "3 to 28 nights"),
        (["x", "--kind", "prize"], "no such kind; one of price, coupon"),
        (["x", "--at", "0001-01-01"], "nothing was sold then"),
        (["  "], "what did you change?"),
        (["x" * 501], "501 characters are too many"),
        (["undo", "7"], "no such entry"),
    ],
)
def test_what_cannot_be_noted_is_told_and_not_kept(folder: Path, arguments: list[str], told: str) -> None:
    code, said = log(*arguments)
    assert code == 2 and told in said
    assert kept(folder) == []


def test_of_two_listings_one_has_to_be_named(folder: Path) -> None:
    (folder / "config.toml").write_text(TWO, encoding="utf-8")
    code, said = log("x")
    assert code == 2 and "of which listing? Name it with --listing; there is mug, cup" in said


def test_it_is_a_command_of_the_tracker(folder: Path) -> None:
    done = CliRunner().invoke(whole, ["log", "new title", "--at", "yesterday"])
    assert done.exit_code == 0 and "taken as: title" in done.output
    assert [row[1] for row in kept(folder)] == ["new title"]
