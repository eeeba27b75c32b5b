"""Flags as lines of text, for what is made of flags: ``Tue 3 Mar: price_cut 24.99 → 19.99``.

The day, the kind, “the keyword”, both values (``–`` where there was none), and what differs from a rival's flag of
medium severity that was sure at once: ``own``, ``high``, ``low``, ``since Sun 1 Mar``.
"""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from reports.flags import Evidence, Flag, Kind, Severity
from reports.moves import Move, moves
from tests.reports.nights import OWN, RIVAL

ZONE = "America/Los_Angeles"
LINE = re.compile(
    r"(?P<day>\w{3} \d+ \w{3}): (?P<kind>\w+)(?: “(?P<keyword>.+?)”)?"
    r"(?: (?P<before>\S+(?: %)?) → (?P<after>\S+(?: %)?))?"
    r"(?P<own> own)?(?: (?P<severity>high|low))?(?: since (?P<since>\w{3} \d+ \w{3}))?"
)


def day(text: str) -> date:
    """``Tue 3 Mar`` of 2026."""
    return datetime.strptime(f"{text} 2026", "%a %d %b %Y").replace(tzinfo=UTC).date()


def instant(on: date, minutes: int = 0) -> datetime:
    """A moment of the crawl of that night, which is three in the morning there."""
    return datetime(on.year, on.month, on.day, 11, tzinfo=UTC) + timedelta(minutes=minutes)


def flag(line: str, *, asin: str | None = RIVAL, minutes: int = 0) -> Flag:
    """The flag of a line; ``minutes`` into the night's crawl."""
    match = LINE.fullmatch(line)
    assert match is not None, line
    on, kind = day(match["day"]), Kind(match["kind"])
    seen = instant(on, minutes)
    since = instant(day(match["since"])) if match["since"] else seen
    market = kind.value.startswith("market_") or kind is Kind.PRICE_WAR
    return Flag(
        kind=kind,
        severity=Severity[match["severity"].upper()] if match["severity"] else Severity.MEDIUM,
        marketplace="com",
        asin=None if market else OWN if match["own"] else asin,
        own=bool(match["own"]),
        keyword=match["keyword"],
        day=on,
        before_at=since - timedelta(days=1),
        since=since,
        observed_at=seen,
        before=value(match["before"]),
        after=value(match["after"]),
        magnitude=None,
        chance=None,
        says=("{kind} on {day:day}",),
        facts={"kind": kind.value, "day": on, "currency": "USD"},
        evidence=Evidence(None, None, ""),
    )


def value(text: str | None) -> Decimal | int | str | None:
    if text in (None, "–"):
        return None
    if re.fullmatch(r"\d+", str(text)):
        return int(str(text))
    return Decimal(str(text)) if re.fullmatch(r"\d+\.\d+", str(text)) else text


def flags(lines: str) -> list[Flag]:
    """The flags of a block of lines; those of one day come a minute apart."""
    return [flag(line.strip(), minutes=n) for n, line in enumerate(lines.strip().splitlines())]


def linked(lines: str, today: str) -> list[Move]:
    """The moves that these flags make, as known on ``today``, oldest first."""
    return moves(flags(lines), day(today), listing="mug", time_zone=ZONE, currency="USD")[::-1]
