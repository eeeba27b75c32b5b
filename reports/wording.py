"""Words and figures of the report: labels of kinds and reasons, numbers, money and dates by locale."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal

from reports.crawled import Gap, Shift
from reports.defect import ADS, PLACEMENTS, WHOLE_PAGE, Defect
from reports.flags import Kind
from reports.sentences import Fact, catalogue, voice
from reports.values import Said
from storage.marketplaces import MARKETPLACES

NOTHING = "—"

KINDS = {
    Kind.PRICE_CUT: "Price cut",
    Kind.PRICE_RISE: "Price rise",
    Kind.UNDERCUT: "Undercut",
    Kind.LOWEST_IN_90_DAYS: "Lowest in 90 days",
    Kind.LOWEST_EVER: "Lowest ever",
    Kind.PRICE_WAR: "Price war",
    Kind.SEE_SAW: "See-saw pricing",
    Kind.COUPON_STARTED: "Coupon started",
    Kind.COUPON_CHANGED: "Coupon changed",
    Kind.COUPON_ENDED: "Coupon ended",
    Kind.DEAL_STARTED: "Deal started",
    Kind.DEAL_ENDED: "Deal ended",
    Kind.PROMOTIONS_STACKED: "Promotions stacked",
    Kind.BSR_JUMP: "BSR jump",
    Kind.BSR_SLUMP: "BSR slump",
    Kind.TOP_RANK_ENTERED: "Entered the top",
    Kind.TOP_RANK_LEFT: "Left the top",
    Kind.BADGE_GAINED: "Badge gained",
    Kind.BADGE_LOST: "Badge lost",
    Kind.REVIEW_BURST: "Review burst",
    Kind.REVIEWS_REMOVED: "Reviews removed",
    Kind.REVIEWS_MERGED: "Reviews merged",
    Kind.RATING_ROSE: "Rating rose",
    Kind.RATING_FELL: "Rating fell",
    Kind.LOW_STAR_WAVE: "Wave of bad reviews",
    Kind.OUT_OF_STOCK: "Out of stock",
    Kind.BACK_IN_STOCK: "Back in stock",
    Kind.RUNNING_LOW: "Running low",
    Kind.BUY_BOX_CHANGED: "Buy Box changed",
    Kind.BUY_BOX_LOST: "Buy Box lost",
    Kind.OFFERS_MULTIPLYING: "Offers multiplying",
    Kind.HIJACKER: "Another seller on your listing",
    Kind.KEYWORD_GAINED: "Keyword gained",
    Kind.KEYWORD_LOST: "Keyword lost",
    Kind.PLACE_CLIMBED: "Place climbed",
    Kind.PLACE_FELL: "Place fell",
    Kind.PASSED_OWN: "Passed you",
    Kind.SPONSORED_GAINED: "Ads began",
    Kind.SPONSORED_LOST: "Ads stopped",
    Kind.SHARE_GAINED: "Share of search gained",
    Kind.SHARE_LOST: "Share of search lost",
    Kind.TITLE_CHANGED: "Title changed",
    Kind.BULLETS_CHANGED: "Bullets changed",
    Kind.IMAGE_CHANGED: "Main image changed",
    Kind.VARIATIONS_CHANGED: "Variations changed",
    Kind.A_PLUS_CHANGED: "A+ content changed",
    Kind.VIDEO_CHANGED: "Video changed",
    Kind.CATEGORY_CHANGED: "Category changed",
    Kind.LISTING_GONE: "Listing gone",
    Kind.LISTING_BACK: "Listing back",
    Kind.NEWCOMER: "Newcomer",
    Kind.NEWLY_WATCHED: "Newly watched",
    Kind.MARKET_BSR: "Market: ranks",
    Kind.MARKET_PRICE: "Market: prices",
    Kind.MARKET_REVIEWS: "Market: reviews",
}

REASONS = {
    "absent_on_page": "not shown on the page",
    "unparseable": "shown, but not readable",
    "layout_unknown": "page layout not known",
    "not_applicable": "does not apply",
    "ambiguous": "the page contradicts itself",
    "not_in_source": "not in the imported source",
    "other_currency": "shown in another currency, not compared",
    "currency_unknown": "currency not known, not compared",
    "elsewhere": "read for another place",
    "blocked": "blocked by a bot check",
    "not_found": "page not found",
    "error_page": "error page",
    "wrong_page": "another kind of page came",
    "wrong_product": "page of another product came",
    "incomplete": "page came incomplete",
    "http_error": "server error",
    "timeout": "timed out",
    "network": "network error",
    "redirected": "led on and on, to no page",
    "robots": "not allowed by robots.txt",
    "budget": "the day's requests were used up",
    "window": "the time of the run was up",
    "refused": "not accepted by the site",
    "skipped": "skipped",
    "pending": "not asked for yet",
    "not_crawled": "not crawled",
    "not_watched": "not watched yet",
    "no_reason_recorded": "no reason recorded",
    "layout_changed": "the page's layout has changed, not read",
    "main_part_missing": "its main part was not found",
    "unknown": "no kind of page we know",
}

FIELDS = {
    None: "whole page",
    "price": "price",
    "bsr": "BSR",
    "rating": "rating",
    "review_count": "reviews",
    "in_stock": "stock",
    "seller": "Buy Box seller",
    "main_image": "main image",
    "image_count": "number of images",
    "rating_percents": "shares of the ratings",
    "coupon_percent": "coupon",
    "coupon_amount": "coupon amount",
    "sponsored": "ad or not",
    WHOLE_PAGE: "whole page",
    PLACEMENTS: "every result",
    ADS: "every ad",
}


KINDS_OF_PAGE = {"bestsellers": "list"}
"""Where a kind of page is not called what it is stored as."""


class Wording:
    """Figures in one language. ``language`` is a locale Babel knows, such as ``en`` or ``zh_CN``."""

    def __init__(self, language: str, currency: str, time_zone: str) -> None:
        self.locale = Locale.parse(language.replace("-", "_"))
        self.voice = voice(str(self.locale))
        self.currency = currency
        self.zone = ZoneInfo(time_zone)

    @property
    def lang(self) -> str:
        """The language of the sentences (BCP 47): English where there is no file of the one asked for."""
        spoken = self.locale.language == "en" or catalogue(str(self.locale))
        return str(self.locale).replace("_", "-") if spoken else "en"

    def say(self, template: str, **facts: Fact) -> str:
        """An English template filled in and said in the language; see :class:`reports.sentences.Voice` for its facts.

        Amounts are in the currency of the listing unless a fact ``currency`` says otherwise.
        """
        return self.voice.says(template, {"currency": self.currency, **facts} if facts else {})

    def said(self, phrases: Iterable[Said]) -> str:
        """Phrases one after another."""
        return self.say("; ").join(self.say(phrase.text, **phrase.facts) for phrase in phrases)

    def money(self, value: Decimal, currency: str | None = None) -> str:
        return format_currency(value, currency or self.currency, locale=self.locale)

    def number(self, value: Decimal | int | float) -> str:
        return str(format_decimal(value, locale=self.locale))

    def fixed(self, value: Decimal | float, digits: int) -> str:
        return str(format_decimal(value, format="#,##0." + "0" * digits, locale=self.locale))

    def signed(self, value: Decimal | int, text: str) -> str:
        """``text`` (of the absolute value) with its sign: a true minus, a plus, or ± for none."""
        return ("+" if value > 0 else "−" if value < 0 else "±") + text

    def percent(self, value: Decimal | float) -> str:
        return f"{self.signed(Decimal(value), self.fixed(abs(Decimal(value)), 1))} %"

    def day(self, day: date) -> str:
        """``Tue 3 Nov``, in the order of the language."""
        if self.locale.language == "en":
            return format_date(day, "EEE d MMM", locale=self.locale)
        return format_skeleton("MMMEd", datetime(day.year, day.month, day.day, tzinfo=UTC), locale=self.locale)

    def day_long(self, day: date) -> str:
        return format_date(day, "full", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Local date and time of an instant."""
        local = at.astimezone(self.zone)
        return f"{format_date(local, 'medium', locale=self.locale)}, {local:%H:%M}"

    def span(self, first: date, last: date) -> str:
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"


def reason(code: str) -> str:
    """A reason in words; one that has something to add names it after a colon."""
    head, colon, more = code.partition(": ")
    return REASONS.get(head, head.replace("_", " ")) + colon + more


def field_name(name: str) -> str:
    return FIELDS.get(name, name.replace("_", " "))


def misread(defect: Defect) -> str:
    """``price unread on 7 of 20 product pages``."""
    pages = "product pages" if defect.kind == "product" else "pages of search results"
    return f"{field_name(defect.field)} unread on {defect.missing} of {defect.of} {pages}"


def misread_long(defect: Defect, day: str) -> str:
    """The whole sentence on a defect that began on ``day``: how many pages, since when, how it was before, and why."""
    usual = ""
    if defect.usual is not None:
        usual = f", before that on {defect.usual:.0%} of them" if round(defect.usual, 2) else ", before that on none"
    layout = f"; layout “{defect.layout}”{', seen for the first time' if defect.new_layout else ''}"
    text = misread(defect)
    return (
        f"{text[0].upper()}{text[1:]} since {day}{usual} ({', '.join(reason(r) for r in defect.reasons)}"
        f"{layout if defect.layout else ''})"
    )


def shifted(shift: Shift) -> str:
    """A field that went missing between two crawls, or came back."""
    return (
        f"{MARKETPLACES[shift.marketplace].host}: {field_name(shift.field)} missing on {shift.now:.0%} of the "
        f"{KINDS_OF_PAGE.get(shift.kind, shift.kind)} pages, before that on {shift.before:.0%}"
    )


def unread_for(gap: Gap) -> str:
    """Why pages were not read."""
    words, detail = reason(gap.outcome), (gap.detail or "").replace("_", " ")
    return words if detail in words else f"{words} ({detail})"


def ordinal(n: int) -> str:
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix}"


def short(title: str, width: int = 30) -> str:
    """The start of a title in at most ``width`` columns (wide characters take two), cut at a word."""
    used, end = 0, 0
    for end, char in enumerate(title):  # noqa: B007 - the place of the cut is wanted after the loop
        used += 2 if east_asian_width(char) in "WF" else 1
        if used > width:
            break
    else:
        return title
    cut = title[:end]
    space = cut.rfind(" ")
    return (cut[:space] if space > len(cut) // 2 else cut).rstrip(" ,;-–|(") + "…"
