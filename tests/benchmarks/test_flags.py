"""The benchmark of the flags judges as it says, on worlds that a database gives back as they are."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from reports.compare import compare
from reports.flags import Kind, flags
from reports.series import Comparison
from tests.reports.database import Database
from tests.worlds import observing, stored
from tests.worlds.labels import Echo, Label, Size
from tests.worlds.laws import LAWS
from tests.worlds.world import World, build

pytest.importorskip("ruptures")

from tests.benchmarks import flags as benchmark
from tests.benchmarks.flag_contenders import Told
from tests.benchmarks.flag_scores import Tally, judge

SMALL = 33
"""A seed whose world has few products and keywords."""
CUT = Label(Kind.PRICE_CUT, "B0RIVAL001", 60, 65, Size.LARGE)


@pytest.fixture(scope="module")
def world() -> World:
    return build(SMALL)


def day(night: int) -> date:
    return observing.FIRST.date() + timedelta(days=night)


def told(kind: Kind, night: int, asin: str = CUT.asin or "", keyword: str | None = None) -> Told:
    return Told(kind, asin, keyword, day(night))


def since(comparison: Comparison, first: date) -> Comparison:
    """The same, had it been crawled from that day on; the window is its last 25 days."""
    products = [
        replace(
            p,
            observations=tuple(o for o in p.observations if o.day >= first),
            failures=tuple(f for f in p.failures if f.day >= first),
            daily={day: o for day, o in p.daily.items() if day >= first},
        )
        for p in comparison.products
    ]
    keywords = [
        replace(
            k,
            reads=tuple(r for r in k.reads if r.day >= first),
            daily={day: r for day, r in k.daily.items() if day >= first},
        )
        for k in comparison.keywords
    ]
    return replace(comparison, days=comparison.days[-25:], products=tuple(products), keywords=tuple(keywords))


@pytest.mark.parametrize(
    ("flagged", "outcomes"),
    [
        ([], ["missed"]),
        ([told(Kind.PRICE_CUT, 62)], ["found"]),
        ([told(Kind.PRICE_CUT, 59)], ["false", "missed"]),
        ([told(Kind.PRICE_CUT, 62), told(Kind.PRICE_CUT, 64)], ["false", "found"]),
        ([told(Kind.PRICE_CUT, 62, "B0RIVAL002")], ["false", "missed"]),
        ([told(Kind.PRICE_CUT, 70)], ["missed"]),  # late: not found, and no lie
        ([told(Kind.BSR_JUMP, 61), told(Kind.BSR_JUMP, 62)], ["false", "missed"]),  # one of them follows from it
        ([told(Kind.PRICE_CUT, 20)], ["missed"]),  # before the window
    ],
)
def test_what_is_found_and_what_is_false(world: World, flagged: list[Told], outcomes: list[str]) -> None:
    echo = Echo({Kind.BSR_JUMP}, CUT.asin, 60, 80, times=1)
    verdicts = judge(replace(world, labels=(CUT,), echoes=(echo,)), flagged, frozenset(Kind))
    assert sorted(v.outcome for v in verdicts) == outcomes


def test_f1_joins_the_recall_of_a_size_and_the_precision_of_the_kind(world: World) -> None:
    labels = (CUT, replace(CUT, asin="B0RIVAL002"))
    flagged = [told(Kind.PRICE_CUT, 61), told(Kind.PRICE_CUT, 90), told(Kind.PRICE_CUT, 99)]
    tally = Tally()
    tally.take(judge(replace(world, labels=labels, echoes=()), flagged, frozenset(Kind)))
    assert (tally.recall([(Kind.PRICE_CUT, Size.LARGE)]), tally.precision([Kind.PRICE_CUT])) == (0.5, 1 / 3)
    assert tally.f1([Kind.PRICE_CUT], Size.LARGE) == pytest.approx(0.4)
    assert tally.false_a_week([Kind.PRICE_CUT]) == pytest.approx(2 / (100 / 7))


def test_worlds_differ_by_their_laws_and_held_out_ones_obey_others(world: World) -> None:
    worlds = [build(SMALL), build(SMALL, held_out=True)]
    assert worlds[0].comparison == world.comparison
    apart = {(group, law.name) for group, laws in LAWS.items() for law in laws if law.kept_apart}
    assert [len(apart & set(w.laws.items())) >= 3 for w in worlds] == [False, True]
    assert not apart & set(worlds[0].laws.items())


def test_a_world_in_a_database_raises_the_same_flags(world: World, tmp_path: Path) -> None:
    world = replace(world, comparison=since(world.comparison, day(95)))
    database = Database(tmp_path / "tracker.duckdb")
    stored.write(world, database)
    read = compare(database.con, world.comparison.listing, days=len(world.comparison.days))
    for simulated, gathered in zip(world.comparison.products, read.products, strict=True):
        for ours, theirs in zip(simulated.observations, gathered.observations, strict=True):
            names = [name for name in ours.__struct_fields__ if name != "fetch_id"]
            assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]
    for series, searched in zip(world.comparison.keywords, read.keywords, strict=True):
        assert [r.places for r in series.reads] == [r.places for r in searched.reads]
    expected, found = flags(world.comparison), flags(read)
    assert [(f.kind, f.asin, f.keyword, f.day, f.sentence) for f in found] == [
        (f.kind, f.asin, f.keyword, f.day, f.sentence) for f in expected
    ]
    assert found


def test_it_writes_one_table_with_all_contenders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "table.md"
    tallies = benchmark.main(
        ["--worlds=1", f"--seed={SMALL}", "--processes=1", "--set=development", f"--write={written}"]
    )
    text = written.read_text(encoding="utf-8")
    assert text.startswith(capsys.readouterr().out.split("\n", maxsplit=1)[0])
    for (held, name), tally in tallies.items():
        assert f"{name}, {benchmark.SETS[held]}" in text
        assert tally.worlds == 1
    false = {name: tally.false_a_week(frozenset(Kind)) for (_, name), tally in tallies.items()}
    assert false["these flags"] < false["fixed thresholds"]
