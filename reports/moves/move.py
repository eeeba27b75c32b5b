"""What a move is: flags of one product that belong together, from its beginning to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from reports.flags.kind import Kind, Severity
from reports.sentences import Fact, sentence

Key = tuple[Kind, str | None, str | None, datetime]
"""What names a flag within its listing: kind, ASIN, keyword, and the observation that shows it."""


class Told(Protocol):
    """A flag, as judged or as read back from the database: then numbers in ``before``, ``after`` may be text."""

    @property
    def kind(self) -> Kind: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def asin(self) -> str | None: ...
    @property
    def own(self) -> bool: ...
    @property
    def keyword(self) -> str | None: ...
    @property
    def day(self) -> date: ...
    @property
    def since(self) -> datetime: ...
    @property
    def observed_at(self) -> datetime: ...
    @property
    def before(self) -> Decimal | int | str | None: ...
    @property
    def after(self) -> Decimal | int | str | None: ...
    @property
    def says(self) -> tuple[str, ...]: ...
    @property
    def facts(self) -> Mapping[str, Fact]: ...


def key(flag: Told) -> Key:
    return flag.kind, flag.asin, flag.keyword, flag.observed_at


class Theme(StrEnum):
    """What a move is about."""

    PUSH = "push"
    """Selling harder: cuts, coupons, deals, ads, and what is gained by them."""
    RETREAT = "retreat"
    """The opposite, and ground that is lost."""
    SUPPLY = "supply"
    REVIEWS = "reviews"
    CONTENT = "content"
    BUY_BOX = "buy_box"
    LIFECYCLE = "lifecycle"
    MARKET = "market"
    """Of most of the watched products, or of several rivals together."""


class State(StrEnum):
    OPEN = "open"
    ENDED = "ended"
    """Its counterparts were seen: the coupon ended, the price came back."""
    QUIET = "quiet"
    """It ended because nothing more was heard of it in its time."""


class News(StrEnum):
    """What of a move is worth telling on the night it happens. Going quiet is not."""

    BEGAN = "began"
    GRAVER = "graver"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Event:
    news: News
    day: date
    observed_at: datetime
    """Of the flag that brought it."""
    severity: Severity
    """Of the move from then on."""


@dataclass(frozen=True, slots=True)
class Move:
    id: str
    """Twelve hexadecimal digits, the same for as long as the move's first flag is."""
    listing: str
    theme: Theme
    asin: str | None
    own: bool
    severity: Severity
    """That of its gravest flag; a step more where several means are used at once (see MOVES.md)."""
    started: date
    """Local day of the first change: a flag that took several nights to be sure tells of an earlier one."""
    started_at: datetime
    state: State
    ended: date | None
    """Local day; None while it is open."""
    duration: int
    """Days from its start to its end, or to the day it is told of."""
    last_day: date
    """Of its newest flag."""
    keys: tuple[Key, ...]
    """Its flags, in the order in which they came."""
    events: tuple[Event, ...]
    says: tuple[str, ...]
    facts: Mapping[str, Fact]

    @property
    def sentence(self) -> str:
        """In English."""
        return self.said("en")

    def said(self, language: str) -> str:
        return sentence(self.says, self.facts, language)

    def severity_on(self, night: date) -> Severity:
        """As known at the end of this local day; low before it was told."""
        return max((event.severity for event in self.events if event.day <= night), default=Severity.LOW)


def name(listing: str, first: Told) -> str:
    """The id of the move that begins with this flag."""
    parts = listing, first.asin or "", first.kind, first.keyword or "", str(round(first.observed_at.timestamp() * 1e6))
    return sha256("\0".join(parts).encode()).hexdigest()[:12]
