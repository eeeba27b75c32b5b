"""When the next request to a host may go, told by what was asked before: by this process or another."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from scrapy.http import Request, Response

from spiders.pace import LONGEST_ASKED, LONGEST_PAUSE, BudgetError, Pace, WindowError, host_of, retry_after

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "www.amazon.de"


class Clock:
    """The time of day, as it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def pace(folder: Path, clock: Clock | None = None, delay: float = 100, budget: int = 1000, hours: float = 8) -> Pace:
    clock = clock or Clock()
    return Pace(folder, delay=delay, budget=budget, clock=clock, until=clock.now + timedelta(hours=hours))


def test_turns_come_a_delay_apart_whoever_takes_them(tmp_path: Path) -> None:
    one, other = pace(tmp_path), pace(tmp_path)
    waits = [each.turn(HOST) for each in (one, other, one, other)]
    assert waits[0] == 0
    gaps = [later - earlier for earlier, later in pairwise(waits)]
    assert all(49 < gap < 151 for gap in gaps), gaps
    assert len({round(gap) for gap in gaps}) > 1, "at random"
    assert one.turn("www.amazon.fr") == 0, "another host has a pace of its own"


def test_without_a_delay_there_is_no_wait(tmp_path: Path) -> None:
    quick = pace(tmp_path, delay=0)
    assert [quick.turn(HOST) for _ in range(3)] == [0, 0, 0]


def test_the_budget_is_of_a_day_on_the_clock_of_the_marketplace(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 3, 1, 22, 30, tzinfo=UTC))
    mine, other = (pace(tmp_path, clock, delay=0, budget=3) for _ in range(2))
    for each in (mine, other, mine):
        each.turn(HOST)
    with pytest.raises(BudgetError, match="the day's 3 requests"):
        other.turn(HOST)
    clock.now += timedelta(minutes=31)  # past midnight in Berlin
    assert mine.turn(HOST) == 0


def test_what_would_come_too_late_for_the_run_is_not_asked_for(tmp_path: Path) -> None:
    clock = Clock()
    late = pace(tmp_path, clock, hours=1)
    late.turn(HOST)
    clock.now += timedelta(minutes=59, seconds=40)
    with pytest.raises(WindowError):
        late.turn(HOST)
    pace(tmp_path, clock, delay=100).turn(HOST)  # another run has time; what was refused has cost no request
    assert _record(tmp_path)["requests"] == 2


def test_trouble_in_a_row_pauses_ever_longer_and_a_good_answer_ends_the_row(tmp_path: Path) -> None:
    waits = []
    for troubles in range(5):
        each = pace(tmp_path / str(troubles), hours=1000)
        for _ in range(troubles * 5):
            each.trouble(HOST)
        waits.append(each.turn(HOST))
    assert waits[0] == 0
    assert waits[1] == pytest.approx(LONGEST_PAUSE, rel=0.01)
    once, again = pace(tmp_path / "once"), pace(tmp_path / "again")
    once.trouble(HOST)
    assert once.turn(HOST) == pytest.approx(200, rel=0.01), "twice the delay"
    for _ in range(2):
        again.trouble(HOST)
        again.fine(HOST)
    assert _record(tmp_path / "again")["troubles"] == 0
    for _ in range(5):
        pace(tmp_path / "again").trouble(HOST)
    again = pace(tmp_path / "again")
    again.fine(HOST)
    assert _record(tmp_path / "again")["troubles"] == 0, "those of another process end, too"


def test_what_the_server_asks_for_is_kept_to_by_every_process(tmp_path: Path) -> None:
    pace(tmp_path, delay=0).trouble(HOST, 1234)
    assert pace(tmp_path, delay=0).turn(HOST) == pytest.approx(1234, rel=0.01)
    pace(tmp_path, delay=0).pause(HOST, 10)
    assert pace(tmp_path, delay=0).turn(HOST) == pytest.approx(1234, rel=0.01), "a shorter pause ends no longer one"
    pace(tmp_path / "slip", delay=0).trouble(HOST, 1e9)
    assert pace(tmp_path / "slip", delay=0).turn(HOST) == pytest.approx(LONGEST_ASKED, rel=0.01)


def test_neither_a_torn_file_nor_a_machine_started_anew_stops_a_crawl(tmp_path: Path) -> None:
    file = tmp_path / f"{HOST}.json"
    file.write_bytes(b'{"day":"2026-0')
    assert pace(tmp_path).turn(HOST) == 0
    before = _record(tmp_path)
    file.write_bytes(msgspec.json.encode(before | {"noted": before["noted"] + 1e6, "next": before["next"] + 1e6}))
    assert pace(tmp_path).turn(HOST) == 0
    assert _record(tmp_path)["requests"] == 2, "the requests of the day still count"


def _record(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = msgspec.json.decode((folder / f"{HOST}.json").read_bytes(), type=dict[str, Any])
    return record


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("0", 0), (None, None), ("soon", None), ("-5", None), ("1" * 30, None), ("Wed, 21 Oct 2015", None)],
)
def test_a_retry_after_is_a_number_of_seconds(said: str | None, seconds: float | None) -> None:
    headers = {"Retry-After": said} if said is not None else {}
    assert retry_after(Response("http://x", headers=headers)) == seconds


def test_a_retry_after_may_be_an_instant() -> None:
    at = datetime.now(UTC) + timedelta(minutes=5)
    response = Response("http://x", headers={"Retry-After": format_datetime(at, usegmt=True)})
    assert retry_after(response) == pytest.approx(300, abs=5)
    past = Response("http://x", headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert retry_after(past) == 0


def test_a_host_is_named_without_the_login_and_with_its_port() -> None:
    assert host_of(Request("http://me:secret@127.0.0.1:81/dp/x")) == "127.0.0.1:81"
    assert host_of(Request("https://www.amazon.de/dp/x")) == HOST
