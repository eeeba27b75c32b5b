"""What a point of health is: one thing about the own listing that is in order or not, day by day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from reports.actions import What
from reports.flags.kind import Severity
from reports.sections.reasons import because, why
from reports.sentences import Said
from reports.series import Observation
from storage.model import Expected


class State(StrEnum):
    OK = "ok"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """It could not be told: what was not read is not wrong."""


NAMES = {
    "live": "Page is there",
    "own_title": "Found by its own title",
    "keyword": "Found for “{keyword}”",
    "buy_box": "Buy Box is yours",
    "sellers": "No other sellers",
    "price": "Price as intended",
    "promotions": "Promotions do not stack",
    "category": "Category unchanged",
    "images": "Images",
    "main_image": "Main image unchanged",
    "title": "Title",
    "bullets": "Bullets",
    "a_plus": "A+ content",
    "rating": "Rating",
    "reviews": "No new bad reviews",
    "stock": "In stock",
    "delivery": "Shipped as before",
}
"""The points, in the order in which they are told, and what each is called."""
TROUBLES = {
    "live": "its page is not found",
    "own_title": "not found by its own title",
    "keyword": "not found for “{keyword}”",
    "buy_box": "the Buy Box is not yours",
    "sellers": "other sellers on it",
    "price": "the price is not as intended",
    "promotions": "promotions stack",
    "category": "another category",
    "images": "fewer images",
    "main_image": "another main image",
    "title": "another title",
    "bullets": "other bullets",
    "a_plus": "other A+ content",
    "rating": "its rating is too low",
    "reviews": "new bad reviews",
    "stock": "out of stock, or nearly",
    "delivery": "shipped by somebody else",
}
"""The same where it is wrong, in few words."""
HIGH = frozenset({"live", "own_title", "keyword", "buy_box", "sellers", "stock"})
"""Where sales end at once."""
LOW = frozenset({"a_plus", "delivery", "bullets"})


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a page offers with Subscribe & Save."""

    price: Decimal | None
    percent: Decimal | None

    def __bool__(self) -> bool:
        return self.price is not None or self.percent is not None


@dataclass(frozen=True, slots=True)
class Extra:
    """What the own page says beyond what is compared with rivals."""

    subscription: Subscription
    ships_from: str | None
    category_path: str | None
    browse_node: str | None


@dataclass(frozen=True, slots=True)
class TitleSearch:
    """Page one of the search for the own title."""

    fetch_id: int
    outcome: str
    results: int
    """Organic results on it."""
    organic: int | None
    """Place of the own product among them."""
    sponsored: bool
    """Whether it stands there as an ad."""


@dataclass(frozen=True, slots=True)
class BadReview:
    """A review of one to three stars that was not on the page before."""

    stars: int
    title: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """All that is known of the own listing on one local day."""

    day: date
    seen: Observation | None
    """Its last page; None where none was read."""
    unread: str
    """Why there is none: a reason, see :func:`reports.sections.reasons.because`."""
    expected: Expected
    extra: Extra | None = None
    search: TitleSearch | None = None
    reviews: tuple[BadReview, ...] = ()
    sellers: tuple[tuple[str, str | None], ...] = ()
    """Name and id of who offers it new, where the list of offers was read."""
    noted: frozenset[What] = frozenset()
    """What the journal says was changed by the seller about then."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one day says of a point."""

    state: State
    says: tuple[Said, ...] = ()
    before: str | None = None
    """What it was, or is to be, where it is not; as the database has it."""
    after: str | None = None
    last: date | None = None
    """The last day on which it was so."""


Rule = Callable[[Day], Verdict]
"""Asked of every day, in order; what it remembers of those before is its own."""


def ok(*says: Said) -> Verdict:
    return Verdict(State.OK, says)


def wrong(*says: Said, before: object = None, after: object = None, last: date | None = None) -> Verdict:
    was, now = (None if value is None else str(value) for value in (before, after))
    return Verdict(State.WRONG, says, was, now, last)


def unknown(*says: Said) -> Verdict:
    return Verdict(State.UNKNOWN, says)


def unsaid(seen: Observation, name: str) -> Verdict:
    """That the page does not say so much."""
    return unknown(*why(seen, name))


def on_page(rule: Callable[[Day, Observation], Verdict]) -> Rule:
    """A rule for days on which the page was read: of the others it is not known."""
    return lambda day: rule(day, day.seen) if day.seen else unknown(because(day.unread))


@dataclass(frozen=True, slots=True)
class Point:
    """One point at the end of the period."""

    key: str
    keyword: str | None
    """Of a point of one."""
    name: Said
    state: State
    says: tuple[Said, ...]
    """What is wrong, or why it is not known, or what there is."""
    since: date | None
    """The first day from which on every known day was like the last; of something unknown, None."""
    new: bool
    """Whether it is wrong for the first time on the last day, after a day on which it was not."""
    before: str | None
    after: str | None
    last: date | None
    """The last day on which it was in order as ``before`` says."""
    days: tuple[State | None, ...]
    """By day of the charts; None where it was not watched."""
    sql: str
    """Query that shows its rows."""

    @property
    def trouble(self) -> Said:
        """What is wrong, in few words."""
        return Said(TROUBLES[self.key], {"keyword": self.keyword} if self.keyword is not None else {})

    @property
    def severity(self) -> Severity:
        return Severity.HIGH if self.key in HIGH else Severity.LOW if self.key in LOW else Severity.MEDIUM


def since(days: Sequence[Day], verdicts: Sequence[Verdict]) -> tuple[date | None, date | None]:
    """From which day on the last state holds, days on which it is not known left out; and the last known day before
    that, on which it was another one."""
    state = verdicts[-1].state
    if state is State.UNKNOWN:
        return None, None
    first = days[-1].day
    for day, verdict in zip(reversed(days), reversed(verdicts), strict=True):
        if verdict.state is state:
            first = day.day
        elif verdict.state is not State.UNKNOWN:
            return first, day.day
    return first, None
