"""What a report raises is kept in the database, once."""

from datetime import date
from pathlib import Path

from reports.period import Asked
from tests.small import Small
from tests.tracker.recorded import recorded
from tracker.config import load
from tracker.demo.run import configuration
from tracker.report import Written, write

NIGHTS = 14
LAST_DAYS = [date(2026, 1, day) for day in range(14, 19)]


def test_the_flags_of_a_report_are_rows_each_once(tmp_path: Path) -> None:
    world = Small(seed=5, days=NIGHTS, start=date(2026, 1, 5))
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
    written = write(config, [name], Asked(5))
    whole = kept()
    assert {listing for listing, *_ in whole} == {each.name for each in world.listings}, "all are judged at once"
    assert _rows(written) == [row for row in whole if row[0] == name and row[5] in LAST_DAYS] != []
    written = write(config, [], Asked(NIGHTS))
    assert _rows(written) == whole == kept(), "a longer report tells of the same nights what a shorter one told"
    before = store.path.stat().st_ino
    write(config, [], Asked(NIGHTS))
    assert kept() == whole
    assert store.path.stat().st_ino == before, "nothing new, so nothing is written"
    with store.reading() as db:  # a flag leads to its pages
        assert db.execute(
            "SELECT count(*) FROM flags f LEFT JOIN page_fetch p ON p.fetch_id = f.after_fetch "
            "WHERE (f.before_fetch IS NULL AND f.kind <> 'newly_watched') "
            "OR p.page_hash IS NULL OR p.observed_at > f.observed_at"
        ).fetchone() == (0,)


def _rows(written: Written) -> list[tuple[object, ...]]:
    """The flags of a report, as rows."""
    found = [
        (listing, f.asin, f.kind.value, f.severity.word, f.keyword, f.day, f.observed_at, f.sentence)
        for listing, raised in ((told.report.comparison.listing, told.report.flags) for told in written.listings)
        for f in raised
    ]
    return sorted(found, key=lambda row: tuple((value is None, value) for value in row))
