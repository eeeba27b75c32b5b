"""What the store takes in: a crawl's run, each page asked for with what came of it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from storage.records import OfferPage, Placement, Product, RankedList, SearchPage

PARSER_VERSION = 3
"""Raised whenever a page object reads a page differently, so that a stored value names its reader."""


PLACE = "place"
"""Kind of the fetch that has a marketplace deliver to the configured postal code: it asks for no page of the plan."""


class Outcome(StrEnum):
    """What came of asking for one page. Only ``ok`` yields observations."""

    OK = "ok"
    BLOCKED = "blocked"
    """A bot check stood in the way."""
    NOT_FOUND = "not_found"
    ERROR_PAGE = "error_page"
    WRONG_PAGE = "wrong_page"
    """Another kind of page, another marketplace, or another results page than asked for."""
    WRONG_PRODUCT = "wrong_product"
    INCOMPLETE = "incomplete"
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    NETWORK = "network"
    REDIRECTED = "redirected"
    """Led on and on, without a page at the end."""
    ROBOTS = "robots"
    """robots.txt forbids it."""
    BUDGET = "budget"
    """Not asked for: the day's requests to the marketplace were used up."""
    WINDOW = "window"
    """Not asked for: the time of the run was up."""
    REFUSED = "refused"
    """The site did not take the place of delivery asked for."""
    SKIPPED = "skipped"
    """Not asked for, because something before it failed (``detail`` says what)."""

    @property
    def final(self) -> bool:
        """Whether asking again in the same run would be pointless."""
        return self in _FINAL

    @property
    def unasked(self) -> bool:
        """Whether no request was made."""
        return self in _UNASKED


_FINAL = frozenset({Outcome.OK, Outcome.NOT_FOUND, Outcome.WRONG_PRODUCT, Outcome.ROBOTS})
_UNASKED = frozenset({Outcome.ROBOTS, Outcome.BUDGET, Outcome.WINDOW, Outcome.SKIPPED})


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """One page asked for, and what came of it. Columns as in table ``page_fetch``, which gives it a number.

    Run, task and instant name it: taken in again, it is the same fetch.
    """

    run_id: str
    task: str
    kind: str
    marketplace: str
    asin: str | None
    keyword: str | None
    page: int | None
    url: str
    observed_at: datetime
    outcome: Outcome
    detail: str | None
    http_status: int | None
    attempts: int
    bytes: int | None
    elapsed_ms: int | None
    page_hash: str | None
    parser_version: int = PARSER_VERSION
    read_at: datetime | None = None
    """When its page was read again (UTC): such a reading replaces an older one. None as it came."""
    wanted_postal_code: str | None = None
    """Where the session asked to be delivered to then, in which language and currency; None: not known, or not said."""
    wanted_language: str | None = None
    wanted_currency: str | None = None
    delivery_location: str | None = None
    """What the page says of it."""
    language: str | None = None
    currency: str | None = None
    elsewhere: str | None = None
    """How the page is from another place or in another currency than asked for; None: not, as far as is known."""
    via: str | None = None
    """How the page that is kept was fetched: ``plain`` or ``browser``. None: there is none, or it is not known."""


class Offset(msgspec.Struct, frozen=True, kw_only=True):
    """How many placements of one keyword stood on the results pages before this one."""

    overall: int = 0
    organic: int = 0
    sponsored: int = 0

    def after(self, placements: tuple[Placement, ...]) -> "Offset":
        """The offset of the page that follows one with these placements."""
        return Offset(
            overall=self.overall + len(placements),
            organic=self.organic + sum(p.sponsored is False for p in placements),
            sponsored=self.sponsored + sum(p.sponsored is True for p in placements),
        )


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A fetch with what was read from its page (nothing unless the outcome is ``ok``)."""

    fetch: Fetch
    product: Product | None = None
    search: SearchPage | None = None
    offset: Offset = Offset()
    lists: tuple[RankedList, ...] = ()
    offers: OfferPage | None = None


class Reread(msgspec.Struct, frozen=True, kw_only=True):
    """A page read again that says the same as before. Run, task and instant name its fetch."""

    run_id: str
    task: str
    observed_at: datetime
    parser_version: int
    reread_at: datetime


class Keyword(msgspec.Struct, frozen=True, kw_only=True):
    """A watched query and how many of its results pages are read."""

    keyword: str
    pages: int


VENDOR = "amazon"
"""In place of a seller id: Amazon itself is who is to sell it."""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a listing is to be like. None: nothing in particular."""

    seller_ids: tuple[str, ...] = ()
    """Whose the Buy Box may be; empty: that is not known."""
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    """The lowest and the highest price that are right, in the currency asked for."""
    images: int | None = None
    """At least."""
    bullets: int | None = None
    """At least."""
    a_plus: bool | None = None
    rating: Decimal | None = None
    """At least."""
    title: str | None = None
    other_offers: int | None = None
    """At most."""
    browse_node: str | None = None


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One of the seller's own products, with what is watched for it."""

    name: str
    marketplace: str
    asin: str
    time_zone: str
    rivals: tuple[str, ...]
    keywords: tuple[Keyword, ...]
    lists: tuple[str, ...] | None = ()
    """Paths of ranked lists on the marketplace. None: those of its own categories, which are not known yet."""
    expected: Expected | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One crawl run, the pages it is to read, and the listings of the configuration."""

    run_id: str
    started_at: datetime
    trigger: str
    planned: int
    listings: tuple[Listing, ...]
    scope: str | None = None
    """What it covers, in words: an interrupted run is gone on with by one of the same scope."""
    until: datetime | None = None
    """When its time is up (UTC)."""
    tasks: tuple[str, ...] = ()
    """Keys of the pages to read."""
