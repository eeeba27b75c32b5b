"""What is not told, and when nothing is: mutes and quiet hours. Pure: the instant is always given."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.flags.kind import Kind
from reports.moves.move import Told


@dataclass(frozen=True, slots=True)
class Silence:
    """A mute: of a listing, a product or a kind of flag, or of what all of the given have in common.

    In force from ``since`` (UTC) to before ``until``; None: from ever, for good. Raises ValueError when it names
    nothing: silence over everything is asked for by quiet hours, or by not being told at all.
    """

    listing: str | None = None
    asin: str | None = None
    kind: Kind | None = None
    until: datetime | None = None
    since: datetime | None = None

    def __post_init__(self) -> None:
        if self.listing is self.asin is self.kind is None:
            raise ValueError("a mute names a listing, a product or a kind")

    def covers(self, listing: str, asin: str | None, kind: Kind, instant: datetime) -> bool:
        return (
            self.listing in (None, listing)
            and self.asin in (None, asin)
            and self.kind in (None, kind)
            and (self.since is None or self.since <= instant)
            and (self.until is None or instant < self.until)
        )


def muted(flag: Told, listing: str, silences: Iterable[Silence], instant: datetime) -> bool:
    """Whether a flag of ``listing`` is not to be told at ``instant``."""
    return any(s.covers(listing, flag.asin, flag.kind, instant) for s in silences)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the day, by the clock on the wall of ``zone``, in which nothing is told. They may go over midnight."""

    first: time
    last: time
    """The first minute in which something may be told again."""
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str, zone: str) -> "QuietHours":
        """From ``22:00-07:00``. Raises ValueError when it is no such span, or an empty one."""
        match = re.fullmatch(r"(\d\d?:\d\d)\s*[-–]\s*(\d\d?:\d\d)", text.strip())
        if match is None:
            raise ValueError(f"quiet hours are written like 22:00-07:00, not {text!r}")
        first, last = (time.fromisoformat(part.zfill(5)) for part in match.groups())
        if first == last:
            raise ValueError(f"quiet hours from {text!r} are none, or the whole day")
        return cls(first, last, ZoneInfo(zone))

    def quiet(self, instant: datetime) -> bool:
        now = instant.astimezone(self.zone).time()
        if self.first < self.last:
            return self.first <= now < self.last
        return now >= self.first or now < self.last

    def may_tell(self, instant: datetime) -> datetime:
        """The first instant (UTC) from ``instant`` on at which something may be told.

        Quiet hours that would end within the hour that the clocks skip end up to an hour late.
        """
        if not self.quiet(instant):
            return instant.astimezone(UTC)
        local = instant.astimezone(self.zone)
        day = local.date() + timedelta(days=local.time() >= self.last)
        ends = [datetime.combine(day, self.last.replace(fold=n), self.zone).astimezone(UTC) for n in (0, 1)]
        return next(end for end in ends if end >= instant and not self.quiet(end))
