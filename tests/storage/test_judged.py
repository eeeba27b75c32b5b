"""Flags, moves and effects replace those that they are told anew instead of, and nothing else."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from msgspec.structs import replace

from reports.stored import moves_since
from storage.judged import FlagRow, Judgement, MoveRow, keep
from storage.store import Store
from tests.storage.world import EFFECT, FLAG, JUDGED, MOVE

LATER = FLAG.day + timedelta(days=1)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has nothing in it: made once, since making it is most of the work."""
    path = tmp_path_factory.mktemp("empty") / "tracker.duckdb"
    with Store(path).writing():
        pass
    return path


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(shutil.copyfile(empty, tmp_path / "tracker.duckdb")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def kept(store: duckdb.DuckDBPyConnection, *judgements: Judgement) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """What is there after these judgements, each stored on its own: flags, moves, effects, how far judged."""
    for judgement in judgements:
        keep(store, [judgement])
    return (
        store.execute("SELECT listing, day, keyword FROM flags ORDER BY ALL").fetchall(),
        store.execute("SELECT listing, move_id, state FROM moves ORDER BY ALL").fetchall(),
        store.execute("SELECT move_id, metric FROM effects ORDER BY ALL").fetchall(),
        store.execute("SELECT listing, last_day, rules FROM stored.judged ORDER BY ALL").fetchall(),
    )


def judged(since: date, flags: tuple[FlagRow, ...] = (), moves: tuple[MoveRow, ...] = ()) -> Judgement:
    return replace(JUDGED, since=since, flags=flags, moves=moves, effects=(), weighed=())


def test_a_judgement_stored_again_changes_nothing(store: duckdb.DuckDBPyConnection) -> None:
    once = kept(store, JUDGED)
    assert once == ([("mug", FLAG.day, None)], [("mug", MOVE.move_id, "open")], [(MOVE.move_id, "bsr")], [
        ("mug", JUDGED.reach.last_day, "2")
    ])  # fmt: skip
    assert kept(store, JUDGED) == once


def test_only_flags_of_the_days_judged_again_are_replaced(store: duckdb.DuckDBPyConnection) -> None:
    later = replace(FLAG, day=LATER, keyword="cup")
    flags, *_ = kept(store, replace(JUDGED, flags=(FLAG, later)), judged(LATER, (replace(later, keyword="mug"),)))
    assert flags == [("mug", FLAG.day, None), ("mug", LATER, "mug")]


def test_an_open_move_that_is_told_no_more_goes_with_its_effects(store: duckdb.DuckDBPyConnection) -> None:
    assert kept(store, JUDGED, judged(LATER))[1] == [("mug", MOVE.move_id, "open")], "its flag stands"
    assert kept(store, judged(FLAG.day))[1:3] == ([], [])


def test_a_move_that_lasts_keeps_effects_that_were_not_weighed_again(store: duckdb.DuckDBPyConnection) -> None:
    ended = replace(MOVE, state="ended", ended=LATER)
    _, moves, effects, _ = kept(store, JUDGED, judged(LATER, moves=(ended,)))
    assert (moves, effects) == ([("mug", MOVE.move_id, "ended")], [(MOVE.move_id, "bsr")])


def test_what_is_told_anew_from_the_beginning_leaves_no_effect_behind(store: duckdb.DuckDBPyConnection) -> None:
    assert kept(store, JUDGED, judged(date.min, moves=(MOVE,)))[1:3] == ([("mug", MOVE.move_id, "open")], [])


def test_a_move_over_before_the_days_judged_again_stays(store: duckdb.DuckDBPyConnection) -> None:
    over = replace(JUDGED, moves=(replace(MOVE, state="ended", ended=FLAG.day),))
    assert kept(store, over, judged(LATER + timedelta(days=1)))[1] == [("mug", MOVE.move_id, "ended")]


def test_another_listing_is_left_alone(store: duckdb.DuckDBPyConnection) -> None:
    other = replace(
        JUDGED,
        reach=replace(JUDGED.reach, listing="cup"),
        flags=(replace(FLAG, listing="cup"),),
        moves=(replace(MOVE, listing="cup"),),
        effects=(replace(EFFECT, listing="cup"),),
    )
    flags, moves, effects, _ = kept(store, JUDGED, other, judged(date(2026, 1, 1)))
    assert flags == [("cup", FLAG.day, None)]
    assert moves == [("cup", MOVE.move_id, "open")]
    assert effects == [(MOVE.move_id, "bsr")]


def test_what_is_read_back_is_what_was_stored(store: duckdb.DuckDBPyConnection) -> None:
    kept(store, JUDGED)
    columns = ", ".join(FlagRow.__struct_fields__)
    (row,) = store.execute(f"SELECT {columns} FROM stored.flag").fetchall()
    assert FlagRow(**dict(zip(FlagRow.__struct_fields__, row, strict=True)) | {"says": tuple(row[17])}) == FLAG


@pytest.mark.parametrize(
    ("said", "silent"),
    [
        ({}, False),
        ({"kind": "price_cut"}, True),
        ({"kind": "price_rise"}, False),
        ({"asin": FLAG.asin, "listing": "mug"}, True),
        ({"asin": FLAG.asin, "listing": "cup"}, False),
        ({"move_id": MOVE.move_id, "listing": "mug"}, True),
    ],
)
def test_what_the_user_does_not_want_to_be_told_is_silent(
    store: duckdb.DuckDBPyConnection, said: dict[str, str], silent: bool
) -> None:
    kept(store, JUDGED)
    if said:
        store.execute(
            f"INSERT INTO stored.silence (silence_id, said_at, {', '.join(said)}) "
            f"VALUES ('1', now(), {', '.join('?' for _ in said)})",
            list(said.values()),
        )
    assert store.execute("SELECT silent FROM moves").fetchall() == [(silent,)]


def test_what_lasts_on_the_own_listing_is_listed_first(store: duckdb.DuckDBPyConnection) -> None:
    later = FLAG.day + timedelta(days=2)
    newer = replace(MOVE, move_id="2", events=(replace(MOVE.events[0], day=later),), started=later, last_day=later)
    own = replace(MOVE, move_id="3", own=True)
    over = replace(own, move_id="4", state="ended", ended=FLAG.day)
    kept(store, judged(date(2026, 3, 1), moves=(MOVE, newer, own, over)))
    listed = moves_since(store, "mug", date(2026, 3, 1), later)
    assert [move.move_id for move in listed] == ["3", "2", "4", MOVE.move_id]
    assert [move.move_id for move in moves_since(store, "mug", later, later)] == ["3", "2", MOVE.move_id], "over before"
