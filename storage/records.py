"""The records that flow from page to store: frozen, typed, and honest about what is missing.

Every field of a record that has no value has an entry in the record's ``missing``: the field's
name, a :class:`Reason`, and (where text stood on the page but could not be read) that text.
Money is a :class:`~decimal.Decimal` in the currency's main unit, always beside its ISO 4217 code.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Reason(StrEnum):
    """Why a value is NULL. A closed vocabulary; ``missing_value.reason`` holds nothing else."""

    ABSENT_ON_PAGE = "absent_on_page"
    """The page was read in full and does not show this to this visitor."""
    UNPARSEABLE = "unparseable"
    """Text stands where the value should be, but it is not one we can read; the text is kept."""
    LAYOUT_UNKNOWN = "layout_unknown"
    """The part of the page that carries this field was not found at all: likely our defect."""
    NOT_APPLICABLE = "not_applicable"
    """The field has no meaning here (a currency without a price, an organic position of an ad)."""
    AMBIGUOUS = "ambiguous"
    """The page contradicts itself, and choosing would be guessing."""
    NOT_IN_SOURCE = "not_in_source"
    """Imported from a source that does not hold it."""


class PageKind(StrEnum):
    """What a page turned out to be, whatever was asked for."""

    PRODUCT = "product"
    SEARCH = "search"
    BESTSELLERS = "bestsellers"
    """A ranked list: best sellers, new releases, movers and shakers … (``ListPage.ranking`` says which)."""
    OFFERS = "offers"
    """All offers for one product: the "see all buying options" panel, or the older offer-listing page."""
    REVIEWS = "reviews"
    CAPTCHA = "captcha"
    """A bot check, or the "continue shopping" interstitial in front of a page."""
    ERROR = "error"
    """An error page of the site: server error, or "page not found" (``Page.detail`` says which)."""
    SIGN_IN = "signin"
    CONSENT = "consent"
    """A wall that asks for consent (cookies, age) and shows nothing behind it."""
    INCOMPLETE = "incomplete"
    """A product or search page whose end, or whose main part, is not there."""
    UNKNOWN = "unknown"


class Money(NamedTuple):
    """An exact amount in the main unit of ``currency`` (ISO 4217)."""

    amount: Decimal
    currency: str


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Why ``field`` has no value; ``text`` is what stood there when it was unparseable."""

    field: str
    reason: Reason
    text: str | None = None


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the path of categories above a product. ``node`` is the browse node of its link, when it has one."""

    name: str
    node: str | None = None


class BsrLine(msgspec.Struct, frozen=True, kw_only=True):
    """One Best Sellers Rank line. ``category_id`` is the browse node of its link, when it has one."""

    rank: int
    category: str
    category_id: str | None = None
    department: str | None = None
    """The department as its link has it ("kitchen"), of which the addresses of its ranked lists are made."""


class BadgeKind(StrEnum):
    """What a badge stands for, whatever its words."""

    BEST_SELLER = "best_seller"
    AMAZONS_CHOICE = "amazons_choice"
    NEW_RELEASE = "new_release"
    CLIMATE_PLEDGE = "climate_pledge"
    SMALL_BUSINESS = "small_business"
    DEAL = "deal"
    """A deal's badge on a card of search results; on a product page see ``Product.deal``."""


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """A badge that a page gives a product. ``text``: the category of a Best Seller or new release, the keyword or
    category of an Amazon's Choice, the words of a deal; None where it names none."""

    kind: BadgeKind
    text: str | None = None


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One customer review standing on a product page."""

    review_id: str
    stars: Decimal | None = None
    reviewed_on: date | None = None
    country: str | None = None
    """Where it was written, in the page's words; older pages do not say."""
    verified: bool = False
    """Whether it wears the "Verified Purchase" mark."""
    title: str | None = None
    body: str | None = None
    variant: str | None = None
    """Which variation was bought ("Color: Black")."""
    missing: tuple[Missing, ...] = ()


class RelatedKind(StrEnum):
    """Why a product page shows a row of other products."""

    ALSO_VIEWED = "also_viewed"
    ALSO_BOUGHT = "also_bought"
    BOUGHT_TOGETHER = "bought_together"
    COMPARED = "compared"
    """The table that sets similar products beside this one."""
    SIMILAR = "similar"
    TOP_RATED = "top_rated"
    """"4 stars and above"."""
    SAME_BRAND = "same_brand"
    SPONSORED = "sponsored"
    """Advertised, and for no other reason given."""
    OTHER = "other"
    """Any other row, as its heading says."""


class RelatedPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """One other product in a row that a product page shows. Numbers count from 1."""

    row: int
    """Number of the row on its page."""
    kind: RelatedKind
    heading: str | None
    sponsored: bool | None
    """Whether it is an advertisement; None when the page's own signs disagree."""
    place: int
    """Place in the row; the page's own product is none of them."""
    asin: str
    title: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    rating: Decimal | None = None
    review_count: int | None = None
    missing: tuple[Missing, ...] = ()


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """What one product page says. Prices are of one item, in ``currency``, and of the Buy Box where not said otherwise.

    A tuple that is empty says that the page shows none; one that could not be read is None, with its reason.
    """

    marketplace: str
    asin: str
    title: str | None = None
    brand: str | None = None
    parent_asin: str | None = None
    """The family's parent; not applicable to a product without variations."""
    variation: dict[str, str] | None = None
    """Which variation is shown: selected value by dimension, both as on the page."""
    variation_count: int | None = None
    """Number of child ASINs of the family, this one included."""
    price: Decimal | None = None
    """Buy Box price of the new item, as anyone pays it: no coupon, no subscription, no trade-in."""
    list_price: Decimal | None = None
    """The struck-through price beside it (list, typical or recommended price)."""
    currency: str | None = None
    """As shown on the page, which is not always the marketplace's own."""
    unit_price: Decimal | None = None
    unit: str | None = None
    """What ``unit_price`` is for ("Count", "100 ml"), as shown."""
    subscribe_price: Decimal | None = None
    """With Subscribe & Save, for the first delivery."""
    subscribe_percent: Decimal | None = None
    """What Subscribe & Save takes off, as stated."""
    used_price: Decimal | None = None
    renewed_price: Decimal | None = None
    prime_price: Decimal | None = None
    """For Prime members only, where it differs."""
    coupon_percent: Decimal | None = None
    coupon_amount: Decimal | None = None
    deal: str | None = None
    """Text of the deal badge ("Limited time deal")."""
    is_deal: bool | None = None
    deal_ends: str | None = None
    """When the deal ends, in the page's words ("Ends in 5h 12m")."""
    availability: str | None = None
    """Text of the availability line."""
    in_stock: bool | None = None
    """True when it can be bought now; None when the page does not say."""
    stock_left: int | None = None
    """N of "Only N left in stock"."""
    seller: str | None = None
    seller_id: str | None = None
    ships_from: str | None = None
    """Who ships it: Amazon for what Amazon fulfils, else the seller."""
    offer_count: int | None = None
    """Other offers the page announces ("New & Used (5) from …")."""
    offer_from: Decimal | None = None
    """The lowest of these, without delivery."""
    rating: Decimal | None = None
    review_count: int | None = None
    """Exact count of ratings; an abbreviated "1.5K" is never taken for it."""
    rating_percents: tuple[int, ...] | None = None
    """Percent of the ratings that gave 5, 4, 3, 2 and 1 stars."""
    bought_past_month: str | None = None
    """Text of the "bought in past month" bracket."""
    bought_past_month_min: int | None = None
    """Its lower bound."""
    badges: tuple[Badge, ...] | None = None
    bullets: tuple[str, ...] | None = None
    image_count: int | None = None
    """Images of the gallery, videos not counted."""
    main_image: str | None = None
    """Id of the main image: its file name up to the first dot."""
    has_a_plus: bool | None = None
    has_video: bool | None = None
    first_available: date | None = None
    delivery_location: str | None = None
    """Where the page says it delivers to; prices and stock are for there."""
    categories: tuple[Category, ...] | None = None
    """The path of categories above the product, from the department to the last; never empty."""
    browse_node: str | None = None
    """Browse node of the last of them."""
    layout: str | None = None
    """Which of the layouts of :mod:`spiders.pages.product` it was read in; the drift alarm counts by it."""
    bsr: tuple[BsrLine, ...] = ()
    reviews: tuple[Review, ...] | None = None
    related: tuple[RelatedPlacement, ...] | None = None
    """What the rows of other products on the page hold; of those that a script loads later it holds none."""
    missing: tuple[Missing, ...] = ()


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """One product at one place of the result grid of one search page. Positions count from 1."""

    position: int
    """Place in the grid of this page, ads included."""
    asin: str
    sponsored: bool | None
    """None when the page's own signs disagree."""
    organic_position: int | None = None
    """Place among the organic results of this page; None for an ad or when ``sponsored`` is None."""
    sponsored_position: int | None = None
    """Place among the sponsored results of this page."""
    title: str | None = None
    price: Decimal | None = None
    list_price: Decimal | None = None
    """The struck-through price beside it, when it is in the same currency."""
    currency: str | None = None
    price_text: str | None = None
    """The first price that is not struck through, as it stands on the page."""
    coupon: str | None = None
    """Text of the coupon ("Save 5% with coupon")."""
    rating: Decimal | None = None
    rating_text: str | None = None
    review_count: int | None = None
    bought_past_month_min: int | None = None
    badges: tuple[Badge, ...] = ()
    missing: tuple[Missing, ...] = ()


class WidgetKind(StrEnum):
    """What a block of products beside the result grid is."""

    SPONSORED_BRAND = "sponsored_brand"
    VIDEO = "video"
    """A sponsored video."""
    EDITORIAL = "editorial"
    HIGHLY_RATED = "highly_rated"
    CAROUSEL = "carousel"
    """Any other row of products, as its heading says."""


class WidgetPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """One product in a block above, between or below the cards of the result grid. Numbers count from 1."""

    widget: int
    """Number of the block on its page."""
    kind: WidgetKind
    heading: str | None
    sponsored: bool | None
    """Whether the block is an advertisement; None when the page's own signs disagree."""
    after_position: int
    """Position of the last card of the grid before it; 0 above the first."""
    place: int
    """Place in the block."""
    asin: str
    title: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    rating: Decimal | None = None
    review_count: int | None = None
    missing: tuple[Missing, ...] = ()


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """What one page of search results says."""

    marketplace: str
    query: str | None = None
    """The query whose results are shown, as the page states it."""
    page: int | None = None
    """Number of this results page, from 1."""
    last_page: int | None = None
    """Highest page number the pagination offers; None where it offers none."""
    layout: str | None = None
    """Which of the layouts of :mod:`spiders.pages.search` it was read in; the drift alarm counts by it."""
    results: int | None = None
    """How many results the page says there are; the lower bound of "over 10,000"."""
    results_text: str | None = None
    """The line that says so, in the page's words."""
    placements: tuple[Placement, ...] = ()
    widgets: tuple[WidgetPlacement, ...] = ()
    related_searches: tuple[str, ...] | None = None
    """Other queries that the page offers, in page order; empty where it offers none."""
    missing: tuple[Missing, ...] = ()


class Ranking(StrEnum):
    """Which of the site's ranked lists."""

    BEST_SELLERS = "best_sellers"
    NEW_RELEASES = "new_releases"
    MOVERS_AND_SHAKERS = "movers_and_shakers"
    MOST_WISHED_FOR = "most_wished_for"
    MOST_GIFTED = "most_gifted"


class ListPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One product of a ranked list."""

    rank: int
    asin: str
    title: str | None = None
    price: Decimal | None = None
    """None for a range, which is ambiguous."""
    currency: str | None = None
    rating: Decimal | None = None
    review_count: int | None = None
    missing: tuple[Missing, ...] = ()


class RankedList(msgspec.Struct, frozen=True, kw_only=True):
    """A ranked list of one category, or the part of it that a page shows. A front page shows several."""

    ranking: Ranking
    category: str | None = None
    category_id: str | None = None
    """Browse node; a whole department has none."""
    path: tuple[str, ...] = ()
    """The category's ancestors as the page lists them, itself last; empty where the page shows none."""
    page: int | None = None
    """Number of this page of the list, from 1."""
    last_page: int | None = None
    """The highest number of a page that this one leads to, its own included; None where it names none."""
    places: tuple[ListPlace, ...] = ()
    missing: tuple[Missing, ...] = ()


class Condition(StrEnum):
    """The state an offer is in."""

    NEW = "new"
    USED = "used"
    RENEWED = "renewed"
    COLLECTIBLE = "collectible"
    RENTAL = "rental"


class OfferLine(msgspec.Struct, frozen=True, kw_only=True):
    """One offer for a product, of the panel that lists them all."""

    position: int
    pinned: bool
    """Whether it is the Buy Box's offer, shown above the others."""
    condition: Condition | None = None
    condition_text: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    delivery: Decimal | None = None
    """Price of the delivery; 0 where the page says that it is free."""
    seller: str | None = None
    seller_id: str | None = None
    ships_from: str | None = None
    missing: tuple[Missing, ...] = ()


class OfferPage(msgspec.Struct, frozen=True, kw_only=True):
    """All offers for a product, or the part of them that a page shows."""

    marketplace: str
    asin: str
    offer_count: int | None = None
    """How many offers the page says there are."""
    offers: tuple[OfferLine, ...] = ()
    missing: tuple[Missing, ...] = ()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a page was made for, as the page itself says; None where it does not."""

    delivery_location: str | None = None
    """Where it would deliver to, in its own words ("New York 10001", "Philippines")."""
    has_head: bool = False
    """Whether it has the head in which a place is named; a panel that is loaded into a page has none."""
    language: str | None = None
    """Of its texts, as a language tag ("en-US")."""
    currency: str | None = None
    """Of its amounts, ISO 4217."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page after reading: its kind, and the record when it is a page that has one.

    A page that could not be read in full never carries a record.
    """

    kind: PageKind
    marketplace: str | None = None
    detail: str | None = None
    """What made it a non-page, in a word or two ("continue_shopping", "not_found", "truncated")."""
    product: Product | None = None
    search: SearchPage | None = None
    lists: tuple[RankedList, ...] = ()
    offers: OfferPage | None = None
    shown: Shown = Shown()
