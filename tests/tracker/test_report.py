"""What a report raises is kept in the database, once."""

from datetime import date
from pathlib import Path

from tests.tracker.recorded import recorded
from tracker.config import load
from tracker.demo.run import configuration
from tracker.demo.world import World
from tracker.report import write

NIGHTS = 14


def test_the_flags_of_a_report_are_rows_each_once(tmp_path: Path) -> None:
    world = World(seed=5, days=NIGHTS, start=date(2026, 1, 5))
    (tmp_path / "config.toml").write_text(configuration(world, {}), encoding="utf-8")
    config = load(tmp_path / "config.toml")
    config.storage.database.parent.mkdir(parents=True)
    store = recorded(world, config.storage.database.parent)

    def kept() -> list[tuple[object, ...]]:
        with store.reading() as db:
            return db.execute(
                "SELECT listing, asin, kind, severity, keyword, day, observed_at, sentence FROM flags ORDER BY ALL"
            ).fetchall()

    name = world.listings[0].name
    written = write(config, [name], days=5)
    few = kept()
    assert len(few) == len(written.flags[name]) > 0
    written = write(config, [], days=NIGHTS)
    whole = kept()
    assert set(few) <= set(whole), "a longer report tells of the same nights what a shorter one told"
    raised = [
        (listing, f.asin, f.kind.value, f.severity.word, f.keyword, f.day, f.observed_at, f.sentence)
        for listing, found in written.flags.items()
        for f in found
    ]
    assert sorted(whole, key=repr) == sorted(raised, key=repr)
    before = store.path.stat().st_ino
    write(config, [], days=NIGHTS)
    assert kept() == whole
    assert store.path.stat().st_ino == before, "nothing new, so nothing is written"
    with store.reading() as db:  # a flag leads to its pages
        assert db.execute(
            "SELECT count(*) FROM flags f LEFT JOIN page_fetch p ON p.fetch_id = f.after_fetch "
            "WHERE f.before_fetch IS NULL OR p.page_hash IS NULL OR p.observed_at > f.observed_at"
        ).fetchone() == (0,)
