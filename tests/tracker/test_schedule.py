"""When a night is due, whatever the clocks do, and that nights come one at a time."""

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage.history import History, Past, product
from storage.intake import take
from storage.store import Store
from tests.storage.test_store import NIGHT, product_result, run, spooled
from tracker.cli import starter
from tracker.config import ScheduleConfig, load
from tracker.schedule import Nightly, Nights, missed


def nightly(time: str, zone: str) -> Nightly:
    return Nightly(ScheduleConfig(time=time, time_zone=zone))


def test_a_night_is_due_at_its_local_time_on_both_sides_of_a_clock_change() -> None:
    berlin = nightly("03:30", "Europe/Berlin")
    noon = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert berlin.last(noon - timedelta(days=1)) == datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    assert berlin.last(noon) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert berlin.last(noon - timedelta(hours=11)) == datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    assert berlin.next(noon) == datetime(2026, 3, 30, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "zone"),
    [
        ("02:30", "Europe/Berlin"),  # skipped in March, twice in October
        ("01:30", "America/New_York"),
        ("00:30", "America/Havana"),  # midnight itself is skipped
        ("02:15", "Australia/Lord_Howe"),  # by half an hour
        ("23:59", "Asia/Shanghai"),
    ],
)
def test_every_day_of_a_year_has_one_night(time: str, zone: str) -> None:
    trigger, now = nightly(time, zone), datetime(2026, 1, 1, 12, tzinfo=UTC)
    fired: list[datetime] = []
    for _ in range(365):
        now = trigger.get_next_fire_time(fired[-1] if fired else None, now)
        assert trigger.last(now) == now
        fired.append(now)
    days = [each.astimezone(ZoneInfo(zone)).date() for each in fired]
    assert days == [days[0] + timedelta(days=number) for number in range(365)]


def test_an_import_is_no_night(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(starter().read_text(encoding="utf-8"), encoding="utf-8")
    config = load(path)
    store, now = Store(config.storage.database), NIGHT + timedelta(days=3)
    spooled(store, product_result(), start=run(), finish=True)
    store.merge()
    assert missed(config, now)
    past = Past(observed_at=NIGHT - timedelta(days=9), product=product("com", "B0OWN00001", {"review_count": 7}))
    assert take(store, History(source="csv", rows=(past,)), "notes.csv", now).added == 1
    assert missed(config, now), "the night has still not been crawled"
    assert not missed(config, NIGHT)


WORK = """
import os, sys, time
os.open(sys.argv[1], os.O_CREAT | os.O_EXCL)
time.sleep(0.3)
os.unlink(sys.argv[1])
"""


def test_a_night_that_is_due_while_another_is_at_work_comes_after_it(tmp_path: Path) -> None:
    said: list[str] = []
    nights = Nights(tmp_path / "config.toml", said.append)
    nights._command = [sys.executable, "-c", WORK, str(tmp_path / "at-work")]
    both = [threading.Thread(target=nights.run) for _ in range(2)]
    for night in both:
        night.start()
    for night in both:
        night.join()
    assert sorted(said) == ["night begins"] * 2 + ["night is done"] * 2


def test_no_night_begins_once_it_is_to_stop(tmp_path: Path) -> None:
    said: list[str] = []
    nights = Nights(tmp_path / "config.toml", said.append)
    nights.stop()
    nights.run()
    assert said == []
