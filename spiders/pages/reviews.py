"""What customers say on a product page: stars, how many gave them, and the reviews that stand there.

Reviews come in three shapes: elements ``data-hook="review"`` with title, body and date by ``data-hook`` (2016 to now),
those from other countries with their original text beside an empty translation, and the cards of 2025
(``reviewTitle``, ``reviewRichContentContainer``). One with pictures holds a second copy of itself for the picture
viewer, so every field is the first of its kind.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from selectolax.lexbor import LexborNode

from spiders.pages import dates, numbers, phrases
from spiders.pages.buybox import BuyBox
from spiders.pages.reading import ABSENT, MOST, UNKNOWN, Elements, Lack, attribute, text_of, unparseable
from storage.marketplaces import Marketplace
from storage.records import Missing, Reason, Review

_RATING = (
    "#averageCustomerReviews .a-icon-alt, #averageCustomerReviews_feature_div .a-icon-alt",
    "#cm_cr_dp_d_rating_histogram [data-hook=rating-out-of-text], #averageCustomerReviewRating, "
    "#reviewsMedley [data-hook=rating-out-of-text], #averageCustomerReviewsAnchor [data-hook=average-star-rating]",
    "#reviewStars .swSprite, #avgRating",
)
_OLD_RATING = ".crAvgStars .swSprite"
_COUNT = (
    ("#acrCustomerReviewText", None),
    ("#acrCustomerReviewText", "aria-label"),
    ("#reviewsMedley [data-hook=total-review-count], #acrCustomerReviewLink", None),
    ("#acrReviewsCount, #revF .a-link-emphasis", None),
)
_OLD_COUNT = ".crAvgStars > a, .crAvgStars a[href*='product-reviews']"
_KNOWN = "#averageCustomerReviews, #averageCustomerReviews_feature_div, #centerCol, #ppd"
_REVIEWS = "#reviewsMedley, #customerReviews, #customer-reviews_feature_div, #cm_cr_dp_d_review_list, #revMHRL"
_OLD_REVIEWS = ("rev-dpReviewsMostHelpful-", "rev-dpReviewsMostRecent-", "revData-dpReviewsMost")  # 2013 to 2016
_REVIEW_ID = re.compile(r"(?:customer_review(?:_foreign)?-)?(R[A-Z0-9]{9,20})")
_WORDS_OF_A_DATE = 5


class Reviews:
    """Ratings and reviews of a product page."""

    def __init__(self, box: BuyBox) -> None:
        self._box = box
        self._elements: Elements = box.elements
        self._marketplace: Marketplace = box.marketplace

    def rating(self) -> Decimal | Lack:
        """Average stars, 1 to 5."""
        texts = [attribute(node, "title") for node in self._elements.all("#acrPopover[title]")]
        found = next(filter(None, texts), None) or self._elements.text(*_RATING)
        found = found or next(filter(None, map(text_of, self._box.anywhere(_OLD_RATING))), None)
        if found is None:
            return self._no_reviews()
        value = numbers.rating(found)
        return value if value is not None else unparseable(found)

    def review_count(self) -> int | Lack:
        """Number of ratings, exact."""
        unread = None
        for text in self._counts():
            number = numbers.count(text.strip(" ()"), self._marketplace)
            if number is not None:
                return number
            unread = unread or text
        return unparseable(unread) if unread else self._no_reviews()

    def _counts(self) -> Iterator[str]:
        for selector, name in _COUNT:
            for node in self._elements.own(selector):
                if text := attribute(node, name) if name else text_of(node):
                    yield text
        yield from filter(None, map(text_of, self._box.anywhere(_OLD_COUNT)))

    def rating_percents(self) -> tuple[int, ...] | Lack:
        """Percent of the ratings that gave 5, 4, 3, 2 and 1 stars; rounded by the page, so not always 100 together."""
        tables = self._elements.all("#histogramTable")
        for table in tables:
            rows = table.css("tr") or table.css("li")
            percents = [percent for row in rows if (percent := _last_percent(row)) is not None]
            if len(percents) == 5 and 96 <= sum(percents) <= 104:
                return tuple(percents)
        text = next(filter(None, map(text_of, tables)), None)
        if text:
            return unparseable(text)
        return self._no_reviews()

    def _no_reviews(self) -> Lack:
        """A product that nobody has rated yet shows no stars; the rest of its title block is there."""
        return ABSENT if _KNOWN in self._elements else UNKNOWN

    def reviews(self) -> tuple[Review, ...] | Lack:
        """The reviews on the page in page order, local ones and those from other countries, each once."""
        found: dict[str, Review] = {}
        for node in self._elements.starting("customer_review-", "customer_review_foreign-", "R"):
            match = _REVIEW_ID.fullmatch(node.id or "")
            if len(found) == MOST:
                break
            if match is None or match[1] in found or self._elements.is_of_another(node):
                continue
            if node.css_first("[data-hook]") is not None:  # else something else with such an id
                found[match[1]] = read_review(match[1], node)
        if not found and next(self._elements.starting(*_OLD_REVIEWS), None) is not None:
            return UNKNOWN  # they stand there in a shape we do not read
        if not found and _REVIEWS not in self._elements and _KNOWN not in self._elements:
            return UNKNOWN
        return tuple(found.values())


def read_review(review_id: str, node: LexborNode) -> Review:
    """One review in its element."""
    parts: dict[str, LexborNode] = {}
    for part in node.css("[data-hook]"):
        parts.setdefault(part.attrs["data-hook"] or "", part)
    missing: list[Missing] = []

    def lacks(field: str, text: str | None) -> None:
        reason = Reason.ABSENT_ON_PAGE if text is None else Reason.UNPARSEABLE
        missing.append(Missing(field=field, reason=reason, text=text))

    stars = _text(parts, "review-star-rating", "cmps-review-star-rating")
    given = numbers.rating(stars) if stars else None
    if given is None:
        lacks("stars", stars)
    line = _text(parts, "review-date")
    reviewed_on = dates.day(line) if line else None
    if reviewed_on is None:
        lacks("reviewed_on", line)
    country = phrases.country_of_review(line) if line else None
    if country is None:  # before 2019 the line is the bare date
        lacks("country", line if line and len(line.split()) > _WORDS_OF_A_DATE else None)
    title = _title(parts)
    if title is None:
        lacks("title", None)
    body = _body(parts)
    if body is None:
        lacks("body", None)
    variant = _variant(parts)
    if variant is None:
        lacks("variant", None)
    return Review(
        review_id=review_id,
        stars=given,
        reviewed_on=reviewed_on,
        country=country,
        verified=any(hook in parts for hook in ("avp-badge", "avp-badge-linkless")),
        title=title,
        body=body,
        variant=variant,
        missing=tuple(missing),
    )


def _text(parts: dict[str, LexborNode], *hooks: str) -> str | None:
    return next((text for hook in hooks if (text := text_of(parts.get(hook)))), None)


def _title(parts: dict[str, LexborNode]) -> str | None:
    """The headline; its element may hold the stars too, and the original beside a translation."""
    node = parts.get("review-title") or parts.get("reviewTitle")
    if node is None:
        return None
    original = text_of(node.css_first(".cr-original-review-content"))
    if original:
        return original
    spans = (span for span in reversed(node.css("span")) if "a-icon-alt" not in attribute(span, "class"))
    return next(filter(None, map(text_of, spans)), None) or text_of(node)


def _body(parts: dict[str, LexborNode]) -> str | None:
    node = next(
        (
            parts[hook]
            for hook in ("reviewRichContentContainer", "review-collapsed", "reviewText", "review-body")
            if hook in parts
        ),
        None,
    )
    if node is None:
        return None
    original = node.css_first(".cr-original-review-content")
    return text_of(original if original is not None else node)


def _variant(parts: dict[str, LexborNode]) -> str | None:
    """The variation bought; its dimensions stand side by side with an icon or a bar between."""
    node = parts.get("format-strip") or parts.get("format-strip-linkless")
    if node is None:
        return None
    texts = [" ".join(piece.split()).strip(" |") for piece in node.text(separator="\n").split("\n")]
    return " | ".join(filter(None, texts)) or None


def _last_percent(row: LexborNode) -> int | None:
    """The percentage a row of the histogram ends with."""
    found = re.findall(r"(\d{1,3})\s?%|%\s?(\d{1,3})", numbers.plain(text_of(row) or ""))
    value = int(found[-1][0] or found[-1][1]) if found else None
    return value if value is not None and value <= 100 else None
