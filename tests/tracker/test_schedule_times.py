"""When jobs are due, whatever the clocks do, and what the journal says of it."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tracker.config import load
from tracker.journal import REST, STOPPED, TRIES, Entry, Found, Journal, Next, Standing, news, standings
from tracker.timetable import Job, following, listings, timetable

WINDOW = timedelta(hours=8)
BERLIN = "Europe/Berlin"
PRODUCTS = Job("products", BERLIN)
NIGHT = datetime(2026, 6, 3, 1, 30, tzinfo=UTC)
"""Half past three in Berlin."""


def dues(when: str, zone: str, start: datetime, count: int) -> list[datetime]:
    """The times at which ``when`` is due after ``start``, each asked for from the one before."""
    found = [start]
    while len(found) <= count:
        found.append(following(when, zone, found[-1]))
    return found[1:]


@pytest.mark.parametrize(
    ("when", "zone"),
    [
        ("30 2 * * *", BERLIN),  # skipped in March, twice in October
        ("30 1 * * *", "America/New_York"),
        ("30 0 * * *", "America/Havana"),  # midnight itself is skipped
        ("15 2 * * *", "Australia/Lord_Howe"),  # by half an hour
        ("59 23 * * *", "Asia/Shanghai"),
    ],
)
def test_every_day_of_a_year_has_one_night(when: str, zone: str) -> None:
    nights = dues(when, zone, datetime(2026, 1, 1, 12, tzinfo=UTC), 365)
    days = [each.astimezone(ZoneInfo(zone)).date() for each in nights]
    assert days == [days[0] + timedelta(days=number) for number in range(365)]
    # Asked at any other moment, in the gap, the repeated hour and around it too, the answer is one of these.
    for change in (date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25)):
        for minutes in range(-180, 36 * 60, 7):
            asked = datetime(change.year, change.month, change.day, tzinfo=UTC) + timedelta(minutes=minutes, seconds=1)
            assert following(when, zone, asked) == next(each for each in nights if each > asked)


@pytest.mark.parametrize(
    ("when", "zone", "day", "expected"),
    [
        # The clock goes from 2 to 3 at 01:00 UTC: due right after the gap; from 3 to 2: due the first time.
        ("30 2 * * *", BERLIN, "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"]),
        ("30 2 * * *", BERLIN, "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]),
        ("30 3 * * *", BERLIN, "2026-03-28T12:00Z", ["2026-03-29T01:30Z", "2026-03-30T01:30Z"]),
        # Twice a day stays twice a day, and a weekly job is due on its own clock's Sunday.
        ("30 3,15 * * *", BERLIN, "2026-10-24T14:00Z", ["2026-10-25T02:30Z", "2026-10-25T14:30Z", "2026-10-26T02:30Z"]),
        ("30 3 * * sun", "Asia/Tokyo", "2026-10-24T12:00Z", ["2026-10-24T18:30Z", "2026-10-31T18:30Z"]),
        # Every hour is every hour that the clock shows, a repeated one twice and a skipped one not at all.
        ("0 * * * *", BERLIN, "2026-10-24T23:30Z", ["2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z"]),
        ("0 2-3 * * *", BERLIN, "2026-03-28T23:30Z", ["2026-03-29T01:00Z", "2026-03-30T00:00Z"]),
    ],
)
def test_clocks_that_change(when: str, zone: str, day: str, expected: list[str]) -> None:
    found = dues(when, zone, datetime.fromisoformat(day), len(expected))
    assert found == [datetime.fromisoformat(each) for each in expected]


CONFIG = """
[[listing]]
name = "mug"
marketplace = "com"
asin = "B0OWN00001"
rivals = ["B0RIVAL001"]
keywords = ["mug"]
[[listing]]
name = "becher"
marketplace = "de"
asin = "B0OWN00002"
rivals = ["B0RIVAL001"]
[schedule]
lists = "never"
weekly = "never"
monthly = "never"
"""


def test_each_job_goes_by_the_clocks_of_the_listings_that_need_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    config = load(path)
    pacific, berlin = (each.time_zone for each in config.listings())
    assert timetable(config) == {
        Job("products", pacific): "30 3 * * *",
        Job("products", berlin): "30 3 * * *",
        Job("keywords", pacific): "30 3,15 * * *",  # the other listing has none
        Job("report", pacific): "0 7 * * *",
        Job("report", berlin): "0 7 * * *",
        Job("backup", pacific): "30 7 * * sun",  # one database, one backup; and nothing to clean up
    }
    assert [each.name for each in listings(config, berlin)] == ["becher"]
    path.write_text(f'{CONFIG}time_zone = "Asia/Shanghai"\n[storage]\nkeep_days = 9\n')
    config = load(path)
    assert {job.zone for job in timetable(config)} == {"Asia/Shanghai"}
    assert Job("cleanup", "Asia/Shanghai") in timetable(config)
    assert len(listings(config, "Asia/Shanghai")) == 2


def scheduled(at: datetime, when: str | None = "30 3 * * *") -> Entry:
    return Entry(event="scheduled", at=at, kinds=("products",), zone=BERLIN, when=when)


def began(at: datetime, due: datetime | None = None) -> Entry:
    return Entry(event="began", at=at, kinds=("products",), zone=BERLIN, due=due or at)


def ended(at: datetime, code: int | None = 0) -> Entry:
    return Entry(event="ended", at=at, kinds=("products",), zone=BERLIN, code=code, found=Found(planned=7))


def standing(*entries: Entry) -> Standing:
    return standings(entries)[PRODUCTS]


def at(*entries: Entry) -> Next | None:
    return standing(*entries).next(BERLIN, WINDOW)


def just(due: datetime) -> Next:
    """Begun when it is due."""
    return Next(due, due)


DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SEEN = scheduled(NIGHT - HOUR)


def test_a_job_counts_from_when_it_was_first_seen_and_is_due_until_it_is_begun() -> None:
    assert at(SEEN) == just(NIGHT)
    assert at(SEEN, began(NIGHT + MINUTE), ended(NIGHT + HOUR)) == just(NIGHT + DAY)
    # However long the machine slept, it is caught up once.
    assert at(SEEN, began(NIGHT + 9 * DAY + HOUR), ended(NIGHT + 9 * DAY + 2 * HOUR)) == just(NIGHT + 10 * DAY)
    assert at(SEEN, ended(NIGHT)) == just(NIGHT), "the end of work that was never begun tells nothing"


@pytest.mark.parametrize("code", [1, 2, 3])
def test_work_that_came_to_its_end_is_not_done_again_before_it_is_due(code: int) -> None:
    assert at(SEEN, began(NIGHT), ended(NIGHT + HOUR, code)) == just(NIGHT + DAY)


def test_work_that_was_cut_off_goes_on_within_its_window() -> None:
    first = began(NIGHT + MINUTE, NIGHT)
    assert at(SEEN, first) == Next(NIGHT + MINUTE, NIGHT), "no power: at once"
    assert at(SEEN, first, ended(NIGHT + HOUR, STOPPED)) == Next(NIGHT + HOUR, NIGHT), "asked to stop: at once"
    assert at(SEEN, first, ended(NIGHT + HOUR, -9)) == Next(NIGHT + HOUR + REST, NIGHT), "killed: after a rest"
    late = ended(NIGHT + MINUTE + WINDOW, STOPPED)
    assert at(SEEN, first, late) == just(NIGHT + DAY), "the window counts from the first beginning"
    again = began(NIGHT + 2 * HOUR, NIGHT)
    assert standing(SEEN, first, ended(NIGHT + HOUR, -9), again, late).next(BERLIN, WINDOW) == just(NIGHT + DAY)
    tries = [each for number in range(TRIES) for each in (began(NIGHT, NIGHT), ended(NIGHT + number * MINUTE, -9))]
    assert at(SEEN, *tries) == just(NIGHT + DAY), "it kills whoever does it"
    assert at(SEEN, *tries[:-2]) == Next(NIGHT + (TRIES - 2) * MINUTE + (TRIES - 1) * REST, NIGHT)


def noted(known: dict[Job, Standing], when: str | None, now: datetime) -> list[Entry]:
    return list(news(known, {PRODUCTS: when} if when else {}, WINDOW, now))


def test_a_new_schedule_counts_from_now_but_what_was_due_comes_first() -> None:
    known = standings([SEEN])
    assert noted({}, "30 3 * * *", NIGHT) == [scheduled(NIGHT)]
    assert noted(known, "30 3 * * *", NIGHT + HOUR) == [], "nothing new"
    assert noted(known, "0 9 * * *", NIGHT - MINUTE) == [scheduled(NIGHT - MINUTE, "0 9 * * *")]
    assert noted(known, "0 9 * * *", NIGHT) == [], "first what is due by the old times"
    assert noted(standings([SEEN, began(NIGHT), ended(NIGHT)]), "0 9 * * *", NIGHT) == [scheduled(NIGHT, "0 9 * * *")]
    assert noted(known, None, NIGHT + HOUR) == [scheduled(NIGHT + HOUR, None)]
    gone = standings([SEEN, scheduled(NIGHT, None)])
    assert gone[PRODUCTS].next(BERLIN, WINDOW) is None
    assert noted(gone, "30 3 * * *", NIGHT + 9 * DAY) == [scheduled(NIGHT + 9 * DAY)]


def test_a_clock_that_is_set_back_does_not_hold_up_the_schedule() -> None:
    known = standings([SEEN, began(NIGHT + 400 * DAY), ended(NIGHT + 400 * DAY, STOPPED)])
    (entry,) = noted(known, "30 3 * * *", NIGHT)
    assert entry == scheduled(NIGHT)
    assert at(SEEN, began(NIGHT + 400 * DAY), ended(NIGHT + 400 * DAY, STOPPED), entry) == just(NIGHT + DAY)


def test_the_journal_survives_a_torn_line_and_is_trimmed_without_forgetting_a_job(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "tracker.duckdb")
    assert journal.entries() == []
    weekly = Entry(event="scheduled", at=NIGHT, kinds=("lists",), zone=BERLIN, when="30 3 * * sun")
    journal.note(SEEN, weekly)
    (path,) = journal.folder.glob("*.jsonl")
    with path.open("ab") as file:
        file.write(msgspec.json.encode(began(NIGHT))[:40] + b"\xff")
    journal.note(began(NIGHT))
    assert journal.entries() == [SEEN, weekly, began(NIGHT)]
    later = [each for day in range(30) for each in (began(NIGHT + day * DAY), ended(NIGHT + day * DAY + HOUR))]
    journal.note(*later)
    before = journal.standings()
    journal.trim(kept=40)
    assert len(journal.entries()) == 63, "not yet twice as many"
    journal.trim(kept=10)
    assert journal.entries() == [SEEN, weekly, *later[-10:]]
    assert journal.standings() == before


def test_a_lock_tells_whether_somebody_holds_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "tracker.duckdb")
    assert not journal.held("work")
    with journal.lock("work"):
        assert journal.held("work")
    assert not journal.held("work")
    assert list(islice(journal.folder.iterdir(), 9)), "beside the database, which is not there yet"
