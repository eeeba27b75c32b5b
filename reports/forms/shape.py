"""The shape of the report's record, from which its JSON schema is made.

Keys and codes are English and stay; what is added later is no new version, what is changed or taken away is one.
Money is an object of amount (a string, so that it is exact) and currency; other figures are numbers, shares parts
of 1. Instants are UTC in ISO 8601, days local days of the listing. What is not known is null, with a reason.

``python -m reports.forms.shape`` writes the schema anew.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from reports.flags import Evidence
from reports.period import Days
from reports.sections.quality import Quality
from reports.series import Gap

VERSION: Literal[1] = 1
SCHEMA = Path(__file__).with_name("report.schema.json")


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the record."""


class Money(Struct, frozen=True):
    amount: Annotated[str, Meta(pattern=r"^-?\d+(\.\d+)?$")]
    currency: Annotated[str, Meta(description="ISO 4217")]


Figure = Money | int | float | None


class Head(Struct, frozen=True):
    """A column of the position table."""

    key: str
    label: str
    unit: Literal["money", "number", "share", "text"]
    better: Annotated[Literal[-1, 0, 1], Meta(description="1: more is better, -1: less is, 0: neither")]


class Changed(Struct, frozen=True):
    """A value against an earlier day."""

    span: Annotated[int, Meta(description="days that were to lie between")]
    since: Annotated[date, Meta(description="the day really compared with: that one, or one close before it")]
    before: Figure
    difference: Figure
    percent: float | None


class Measured(Struct, frozen=True):
    """One measure of a product at the end of the period."""

    value: Figure
    text: Annotated[str | None, Meta(description="what a measure without a number says")]
    reason: Annotated[str | None, Meta(description="why neither is known")]
    note: str | None
    changes: Annotated[list[Changed], Meta(description="against 1, 7 and 30 days before, as far as both are known")]
    place: Annotated[int | None, Meta(description="among the products compared, 1 first")]
    of: int


class Day(Struct, frozen=True):
    """What the product's last page of a local day said. All values are null where ``reason`` says why none was read,
    but ``page_one``, which result pages tell."""

    day: date
    observed_at: datetime | None
    reason: Annotated[str | None, Meta(description="code: why its page was not read")]
    missing: Annotated[dict[str, str], Meta(description="key -> code: why it is null though the page was read")]
    price: Money | None
    list_price: Money | None
    discount: Annotated[float | None, Meta(description="share of the list price")]
    coupon_percent: float | None
    coupon_amount: Money | None
    prime_price: Annotated[Money | None, Meta(description="for Prime members, where it differs")]
    to_pay: Annotated[Money | None, Meta(description="with coupon and Prime price")]
    is_deal: bool | None
    in_stock: bool | None
    stock_left: int | None
    seller: str | None
    offer_count: Annotated[int | None, Meta(description="other offers")]
    bsr: int | None
    bsr_category: str | None
    rating: float | None
    review_count: int | None
    bought_past_month_min: int | None
    per_day: Annotated[float | None, Meta(description="reviews gained a day over the week before")]
    page_one: Annotated[int | None, Meta(description="keywords on whose first page it stood")]


class Product(Struct, frozen=True):
    asin: str
    own: bool
    name: Annotated[str, Meta(description="how the report's pages call it: You, R3")]
    title: str | None
    brand: str | None
    url: str
    unread: Annotated[str | None, Meta(description="why its page was not read at the end of the period")]
    measures: Annotated[dict[str, Measured], Meta(description="by the keys of columns")]
    days: list[Day]


class Moved(Struct, frozen=True):
    """An organic place against an earlier reading; null is beyond the pages read."""

    span: int
    since: date
    before: int | None
    after: int | None


class Ranked(Struct, frozen=True):
    """Where a product stands for a keyword."""

    organic: int | None
    beyond: Annotated[int | None, Meta(description="it is not among the results of so many pages")]
    sponsored: int | None
    reason: Annotated[str | None, Meta(description="why the organic place is not known")]
    moved: list[Moved]
    days: Annotated[list[int | None], Meta(description="organic place by day, as the record's days: null where beyond")]


class Keyword(Struct, frozen=True):
    keyword: str
    reason: Annotated[str | None, Meta(description="why it was not read at the end of the period")]
    places: Annotated[dict[str, Ranked], Meta(description="by ASIN")]


class Told(Struct, frozen=True):
    """A sentence in the language of the report, and what it was made of."""

    sentence: str
    says: Annotated[list[str], Meta(description="English templates")]
    facts: Annotated[dict[str, Any], Meta(description="by name; a phrase is [template, facts]")]


class Flagged(Told, frozen=True):
    """A judged change."""

    day: date
    kind: str
    severity: Literal["low", "medium", "high"]
    asin: Annotated[str | None, Meta(description="null: of the market, or of several products")]
    own: bool
    keyword: str | None
    before_at: datetime | None
    since: datetime
    observed_at: datetime
    before: Annotated[str | None, Meta(description="as the database has it")]
    after: str | None
    magnitude: float | None
    chance: Annotated[float | None, Meta(description="how probable by chance; null of a fact that was read")]
    evidence: Evidence


class Effect(Told, frozen=True):
    """What a move did to the own listing."""

    verdict: str


class Move(Told, frozen=True):
    """Flags that belong together."""

    id: str
    theme: str
    asin: str | None
    own: bool
    severity: Literal["low", "medium", "high"]
    started: date
    state: str
    ended: date | None
    days: Annotated[int, Meta(description="from its start to its end, or to the end of the period")]
    flags: int
    news: Annotated[date, Meta(description="the newest day with something new of it")]
    effects: list[Effect]


class Summed(Struct, frozen=True):
    """A measure of a product over one period."""

    value: Figure
    of: Annotated[int, Meta(description="days, or readings, that it rests on")]
    reason: Annotated[str | None, Meta(description="why there is no value")]


class Versus(Struct, frozen=True):
    """A measure of a product in the period and in the earlier one."""

    now: Summed
    before: Summed
    difference: Figure


class Holding(Struct, frozen=True):
    """What a product holds of the places on first pages: shares, parts of 1."""

    share: float | None
    before: float | None
    change: float | None
    days: Annotated[list[float | None], Meta(description="as the record's days")]


class Holder(Struct, frozen=True):
    asin: str
    own: bool
    watched: bool
    title: str | None
    results: Holding
    ads: Holding
    keywords: Annotated[list[tuple[Holding, Holding]], Meta(description="results and ads, as the record's keywords")]


class Promotion(Struct, frozen=True):
    """A promotion on the same terms throughout."""

    asin: str
    own: bool
    sort: Literal["coupon", "deal", "prime", "struck"]
    percent: float | None
    amount: Money | None
    badge: str | None
    first: Annotated[date, Meta(description="the first day that shows it")]
    last: Annotated[date, Meta(description="the last day that shows it, in the period")]
    after: Annotated[date | None, Meta(description="the last day known without it before; null where none is known")]
    before: Annotated[date | None, Meta(description="the first day known without it after; null while it is open")]
    nights: Annotated[int, Meta(description="days of the period that show it")]
    unknown: Annotated[int, Meta(description="days between first and last on which it is not known")]
    depth: Annotated[float | None, Meta(description="the most it takes off, as a part of the price")]


class Content(Struct, frozen=True):
    """A change of what a product page shows."""

    asin: str
    own: bool
    part: str
    before: Annotated[Any, Meta(description="as shown: a text, bullets, a number, whether there is one")]
    after: Any
    last: Annotated[date, Meta(description="the last day that showed it as before")]
    first: Annotated[date, Meta(description="the first day that shows it as it is")]
    times: Annotated[int, Meta(description="how often both took turns in the period; 1 of a change that stayed")]
    before_page: Annotated[str | None, Meta(description="SHA-256 of the archived page before")]
    after_page: str | None


HealthState = Literal["ok", "wrong", "unknown"]


class Health(Struct, frozen=True):
    """One thing about the own listing that is in order or not at the end of the period; see reports/HEALTH.md."""

    key: str
    keyword: str | None
    name: str
    state: HealthState
    severity: Annotated[Literal["low", "medium", "high"], Meta(description="how grave it is when it is wrong")]
    sentence: Annotated[str | None, Meta(description="what is wrong, why it is not known, or what there is")]
    since: Annotated[date | None, Meta(description="since when it is so, as far as is known; null of unknown")]
    new: Annotated[bool, Meta(description="whether it is wrong since the last day only")]
    before: Annotated[str | None, Meta(description="of what is wrong, what it was or is to be, as the database has it")]
    after: str | None
    last: Annotated[date | None, Meta(description="the last day on which it was as before")]
    days: Annotated[list[HealthState | None], Meta(description="as the record's days; null where not watched")]
    sql: str


class Proposal(Struct, frozen=True):
    """A product or a keyword to watch, or a rival to watch no longer."""

    sort: Literal["add", "replace", "drop", "keyword"]
    asin: Annotated[str | None, Meta(description="null: of a keyword")]
    name: Annotated[str | None, Meta(description="title of the product, or the keyword")]
    why: Annotated[str | None, Meta(description="code: why a rival is to be watched no longer")]
    by: Annotated[str | None, Meta(description="ASIN of who would take its place")]
    score: Annotated[float, Meta(description="from 0 to 1, see reports/RIVALS.md")]
    parts: Annotated[dict[str, float | None], Meta(description="of the score of a product; null: not known")]
    reasons: list[str]
    command: Annotated[str, Meta(description="what does it")]


class ReviewTopic(Struct, frozen=True):
    topic: str
    words: Annotated[list[str], Meta(description="in the review, that say so")]


class ReviewSeen(Struct, frozen=True):
    """A review of 1 to 3 stars of the period, or one whose customer changed such stars; in its own words."""

    review_id: str
    asin: str
    own: bool
    asins: Annotated[list[str], Meta(description="on whose pages it was seen: variations share reviews")]
    came: Annotated[
        Literal["new", "changed", "surfaced"], Meta(description="surfaced: written long before it came up; not counted")
    ]
    day: Annotated[date, Meta(description="on which it did")]
    stars: int | None
    stars_before: Annotated[int | None, Meta(description="before the customer changed them")]
    reviewed_on: date | None
    first_seen: datetime
    country: str | None
    verified: bool
    variant: str | None
    title: str | None
    body: str | None
    language: Annotated[str | None, Meta(description="that it was read in; null: its script has no word list")]
    topics: Annotated[list[ReviewTopic] | None, Meta(description="null: no word list for its language")]
    state: Annotated[Literal["new", "handled"] | None, Meta(description="null: of a rival")]
    note: str | None
    said_at: datetime | None


class TopicCounted(Struct, frozen=True):
    """How many bad reviews of the period complain of something. Shares are of those whose language has a list."""

    topic: Annotated[str, Meta(description="other: of nothing the lists have")]
    label: str
    own: int
    own_share: float | None
    rivals: int
    rivals_share: float | None
    products: Annotated[dict[str, int], Meta(description="by ASIN")]
    words: list[str]


class Reviews(Struct, frozen=True):
    """Bad reviews that stand on product pages."""

    seen: list[ReviewSeen]
    topics: list[TopicCounted]
    unlisted: Annotated[int, Meta(description="bad reviews in a language without a list")]
    open: Annotated[int, Meta(description="own bad reviews, of whatever time, that are not handled")]
    unknown: Annotated[list[str], Meta(description="ASINs, of which no page told its reviews in the period")]
    summary: str | None


class Weighed(Told, frozen=True):
    """What one measure of the own listing did after an own action."""

    metric: str
    keyword: str | None
    before: float | None
    after: float | None
    effect: Annotated[float | None, Meta(description="factor against what was to be expected; 1 is nothing")]
    low: Annotated[float | None, Meta(description="of the interval; those of an action hold together with 95 %")]
    high: float | None
    nights_before: int
    nights_after: int
    verdict: str


class Action(Struct, frozen=True):
    """Something that was done to the own listing."""

    entry: Annotated[int, Meta(description="its number in the journal")]
    kind: str
    text: Annotated[str, Meta(description="in the words of who did it")]
    acted_at: datetime
    day: date
    first: Annotated[date, Meta(description="the first day whose pages show it")]
    last: Annotated[date, Meta(description="the last that is waited for")]
    nights: Annotated[int, Meta(description="of these that have gone by")]
    verdict: Annotated[str, Meta(description="waiting, better, worse, mixed, no effect seen, too little to say")]
    sentence: str
    notes: Annotated[list[str], Meta(description="what pages show of it, and what else may have been the cause")]
    effects: list[Weighed]


class Unlogged(Struct, frozen=True):
    """A change of the own page that the journal has no entry for."""

    kind: str
    seen_at: datetime
    before: Annotated[str | None, Meta(description="as the database has it")]
    after: str | None


class Done(Struct, frozen=True):
    """The journal of own actions, of the days of all series."""

    actions: Annotated[list[Action], Meta(description="the newest first")]
    unlogged: list[Unlogged]


class OwnDay(Struct, frozen=True):
    """A day of the own product as an export of that day has it; null: none says it."""

    day: date
    sessions: int | None
    page_views: int | None
    units: int | None
    orders: int | None
    sales: Money | None
    buy_box_percent: float | None
    ad_clicks: int | None
    ad_spend: Money | None
    ad_sales: Money | None
    ad_orders: int | None
    fulfillable: Annotated[int | None, Meta(description="FBA units that can be sold")]
    inbound: int | None


class OwnMeasure(Struct, frozen=True):
    """One of the own numbers, in total or as a ratio."""

    key: str
    label: str
    unit: Literal["money", "number", "share", "text"]
    value: Figure
    of: Annotated[int, Meta(description="days that it rests on")]
    reason: str | None
    before: Annotated[Figure, Meta(description="the same of the period before")]
    before_of: int
    change: Annotated[
        float | None,
        Meta(description="of a total: of what came on a day, as a share of a day before; of a share: the difference"),
    ]


class OwnStock(Struct, frozen=True):
    """How long the stock lasts."""

    days: float | None
    reason: str | None
    counted: Annotated[date | None, Meta(description="when it was counted")]
    fulfillable: int | None
    inbound: int | None
    pace: Annotated[float | None, Meta(description="units a day, in the mean of so many days")]
    of: int


class OwnTerm(Struct, frozen=True):
    """A search term that ads were paid for."""

    term: str
    clicks: int | None
    spend: Money | None
    sales: Money | None
    orders: int | None
    acos: Annotated[float | None, Meta(description="share of the sales; null without any")]
    watched: Annotated[bool, Meta(description="whether it is a keyword of the listing")]
    organic: Annotated[int | None, Meta(description="its organic place, where that is known")]


class OwnSpan(Struct, frozen=True):
    """What an export says of several days at once: no total counts it."""

    first: date
    last: date
    units: int | None
    sessions: int | None
    sales: Money | None
    ad_spend: Money | None


class OwnNumbers(Struct, frozen=True):
    """The seller's own numbers, from imported exports of Seller Central."""

    imported: Annotated[bool, Meta(description="whether there was ever an export of this product")]
    sentence: str | None
    measures: list[OwnMeasure]
    stock: OwnStock
    days: Annotated[list[OwnDay], Meta(description="those of the record's days that an export tells of")]
    terms: list[OwnTerm]
    terms_of: Annotated[Days | None, Meta(description="the days that the search terms are of")]
    longer: list[OwnSpan]


class OnList(Struct, frozen=True):
    """A product of a ranked list, or one that left it."""

    asin: str
    own: bool
    watched: bool
    title: str | None
    rank: Annotated[int | None, Meta(description="null: it is no longer there")]
    before: Annotated[int | None, Meta(description="in the reading it is set against; null: it was not there")]
    last: Annotated[date | None, Meta(description="the last day before the newest reading that showed it")]


RankingName = Literal["best_sellers", "new_releases", "movers_and_shakers", "most_wished_for", "most_gifted"]


class RankedList(Struct, frozen=True):
    """A ranked list, by its newest reading."""

    ranking: RankingName
    category: str | None
    category_id: str | None
    path: Annotated[str, Meta(description="its address on the marketplace")]
    day: date
    reach: Annotated[int, Meta(description="the last rank that was read")]
    ended: Annotated[bool, Meta(description="whether the list ends there")]
    before: Annotated[date | None, Meta(description="the reading before, that came and went are set against")]
    week: Annotated[date | None, Meta(description="that of a week before, that climbed and fell are set against")]
    standing: Annotated[dict[str, int | None], Meta(description="ranks of the watched products by ASIN")]
    came: Annotated[list[OnList] | None, Meta(description="null: not known, for the reason given")]
    went: Annotated[list[OnList] | None, Meta(description="null: not known, or nothing that is told of this ranking")]
    climbed: list[OnList]
    fell: list[OnList]
    reason: str | None


class ListPlace(Struct, frozen=True):
    ranking: RankingName
    category: str | None
    rank: int
    first: Annotated[date, Meta(description="the first day it was seen there")]


class NewOnList(Struct, frozen=True):
    """A product new on a list that stands among the results of a keyword and is not watched."""

    asin: str
    title: str | None
    places: list[ListPlace]
    keywords: Annotated[
        list[tuple[str, int | None, int | None]], Meta(description="keyword, organic and sponsored place")
    ]
    reasons: list[str]


class RankedLists(Struct, frozen=True):
    """What the ranked lists of the listing's categories say."""

    lists: list[RankedList]
    unread: Annotated[dict[str, str], Meta(description="lists not read in the period, by address, and why")]
    newcomers: list[NewOnList]


class Interval(Struct, frozen=True):
    """It holds the true figure four times in five."""

    low: float
    mid: Annotated[float, Meta(description="as likely too high as too low, and no better than the interval")]
    high: float


class SoldProduct(Struct, frozen=True):
    """What a product is estimated to sell: see reports/SALES.md."""

    asin: str
    own: bool
    last: Annotated[date, Meta(description="the day, and the last of the 30")]
    category: Annotated[str | None, Meta(description="main category that it was last seen in")]
    day: Annotated[Interval | None, Meta(description="units of the day")]
    month: Annotated[Interval | None, Meta(description="units of the 30 days")]
    revenue_low: Annotated[Money | None, Meta(description="of the 30 days: units times price")]
    revenue_high: Money | None
    price: Annotated[Money | None, Meta(description="median price to pay of these days")]
    share: Annotated[Interval | None, Meta(description="of the units of all products with an estimate, a part of 1")]
    change: Annotated[Interval | None, Meta(description="units a day in the period over those before, a factor")]
    known: Annotated[int | None, Meta(description="own units of the 30 days, where all were imported")]
    bracket: Annotated[int | None, Meta(description="the newest “bought in past month”, a lower bound")]
    basis: Annotated[str | None, Meta(description="what the category's estimates rest on")]
    day_reason: str | None
    month_reason: str | None
    change_reason: str | None


class Record(Struct, frozen=True):
    """The report of one listing."""

    schema: Literal[1]
    generated_at: datetime
    language: str
    listing: str
    marketplace: str
    currency: str
    time_zone: str
    until: Annotated[datetime, Meta(description="the newest page")]
    period: Days
    sort: Literal["day", "week", "month"] | None
    against: Annotated[Days, Meta(description="the earlier days that the period is compared with")]
    headline: str
    columns: list[Head]
    days: Annotated[list[date], Meta(description="those of all series")]
    products: Annotated[list[Product], Meta(description="the own one first")]
    keywords: list[Keyword]
    flags: Annotated[list[Flagged], Meta(description="of the period, the newest day first")]
    moves: list[Move]
    period_columns: Annotated[list[Head], Meta(description="of periods")]
    periods: Annotated[dict[str, dict[str, Versus]], Meta(description="by ASIN and key of period_columns")]
    share: Annotated[list[Holder], Meta(description="the products, then the biggest of those not watched")]
    ranked_lists: RankedLists
    promotions: list[Promotion]
    contents: list[Content]
    reviews: Reviews
    sales: Annotated[list[SoldProduct], Meta(description="estimates, the own product first")]
    gaps: list[Gap]
    quality: Quality
    proposals: list[Proposal]
    health: Annotated[list[Health], Meta(description="of the own listing")]
    journal: Done
    own: OwnNumbers


def schema() -> bytes:
    """The JSON schema (2020-12) of the record."""
    made = msgspec.json.schema(Record)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Report of a listing"}
    return msgspec.json.format(msgspec.json.encode(head | made), indent=2) + b"\n"


if __name__ == "__main__":
    SCHEMA.write_bytes(schema())
