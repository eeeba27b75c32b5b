"""What is muted, or falls into quiet hours."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.flags import Kind
from reports.silence import QuietHours, Silence, muted
from tests.reports.nights import RIVAL
from tests.reports.told import flag

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
JUMP = flag("Mon 2 Mar: bsr_jump 800 → 200")
MATCHES: dict[str, tuple[Silence, bool]] = {
    "its listing": (Silence(listing="mug"), True),
    "another listing": (Silence(listing="cup"), False),
    "its product": (Silence(asin=RIVAL), True),
    "another product": (Silence(asin="B0OTHER001"), False),
    "its kind": (Silence(kind=Kind.BSR_JUMP), True),
    "another kind": (Silence(kind=Kind.BSR_SLUMP), False),
    "all three": (Silence("mug", RIVAL, Kind.BSR_JUMP), True),
    "all but one": (Silence("cup", RIVAL, Kind.BSR_JUMP), False),
    "until later": (Silence(asin=RIVAL, until=NOON + timedelta(seconds=1)), True),
    "until now": (Silence(asin=RIVAL, until=NOON), False),
    "since now": (Silence(asin=RIVAL, since=NOON), True),
    "since later": (Silence(asin=RIVAL, since=NOON + timedelta(seconds=1)), False),
}


@pytest.mark.parametrize(("silence", "expected"), MATCHES.values(), ids=MATCHES)
def test_what_a_mute_covers(silence: Silence, expected: bool) -> None:
    assert muted(JUMP, "mug", [silence], NOON) is expected


def test_the_market_is_no_product() -> None:
    war = flag("Mon 2 Mar: price_war")
    assert not muted(war, "mug", [Silence(asin=RIVAL)], NOON)
    assert muted(war, "mug", [Silence(kind=Kind.PRICE_WAR)], NOON)


def test_a_mute_names_something() -> None:
    with pytest.raises(ValueError, match="names a listing"):
        Silence(until=NOON)


def local(zone: str, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=QuietHours.parse("1:00-2:00", zone).zone, fold=fold)


BERLIN, ANGELES = "Europe/Berlin", "America/Los_Angeles"
TOLD: dict[str, tuple[str, str, str, str]] = {
    "by day": ("22:00-07:00", BERLIN, "2026-03-10 12:00", "2026-03-10 12:00"),
    "in the evening": ("22:00-07:00", BERLIN, "2026-03-10 22:00", "2026-03-11 07:00"),
    "at night": ("22:00-07:00", BERLIN, "2026-03-11 03:30", "2026-03-11 07:00"),
    "when they end": ("22:00-07:00", BERLIN, "2026-03-11 07:00", "2026-03-11 07:00"),
    "not over midnight": ("12:00-14:00", BERLIN, "2026-03-10 13:00", "2026-03-10 14:00"),
    "before them": ("12:00-14:00", BERLIN, "2026-03-10 11:59", "2026-03-10 11:59"),
    "the short night": ("22:00-07:00", BERLIN, "2026-03-28 23:00", "2026-03-29 07:00"),
    "the long night": ("22:00-07:00", BERLIN, "2026-10-24 23:00", "2026-10-25 07:00"),
    "elsewhere": ("22:00-07:00", ANGELES, "2026-03-08 00:30", "2026-03-08 07:00"),
    "an end in the hour that is skipped": ("22:00-02:30", BERLIN, "2026-03-29 01:00", "2026-03-29 03:30"),
    "an end in the hour that comes twice": ("22:00-02:30", BERLIN, "2026-10-25 01:00", "2026-10-25 02:30"),
}


@pytest.mark.parametrize(("hours", "zone", "instant_", "expected"), TOLD.values(), ids=TOLD)
def test_when_something_may_be_told(hours: str, zone: str, instant_: str, expected: str) -> None:
    quiet = QuietHours.parse(hours, zone)
    told = quiet.may_tell(local(zone, instant_).astimezone(UTC))
    assert (told, told.tzinfo) == (local(zone, expected).astimezone(UTC), UTC)


@pytest.mark.parametrize("hours", ["22:00-07:00", "02:30-02:45", "01:00-02:30", "12:00-11:59"])
@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_it_is_never_quiet_then_and_never_before(hours: str, change: str) -> None:
    quiet = QuietHours.parse(hours, BERLIN)
    begin = local(BERLIN, f"{change} 00:00").astimezone(UTC) - timedelta(hours=12)
    for minutes in range(0, 36 * 60, 5):
        now = begin + timedelta(minutes=minutes)
        told = quiet.may_tell(now)
        assert told >= now and not quiet.quiet(told)
        assert (told == now) is not quiet.quiet(now)


@pytest.mark.parametrize("text", ["", "22-7", "22:00", "25:00-07:00", "22:00-07:60", "07:00-07:00"])
def test_what_are_no_quiet_hours(text: str) -> None:
    with pytest.raises(ValueError):
        QuietHours.parse(text, BERLIN)
