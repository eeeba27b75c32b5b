"""The details of a product page: the table (2015 to now) or the list of bullets (2009 to now) below the description."""

from datetime import date

from selectolax.lexbor import LexborNode

from spiders.pages import dates, signs
from spiders.pages.reading import ABSENT, UNKNOWN, Elements, Lack, text_of, unparseable

_PLACES = (
    "#prodDetails, #productDetails_feature_div, #detailBulletsWrapper_feature_div, #detailBullets_feature_div, "
    "#detail-bullets, #detail_bullets_id, #technicalSpecifications_feature_div, #productFactsDesktop_feature_div, "
    "#voyagerAccordian_feature_div, #SalesRank"
)
_LONGEST_LABEL = 90


def places(elements: Elements) -> list[LexborNode]:
    """Where details stand, outermost first; some lie inside others."""
    return [*elements.all(_PLACES), *elements.starting("productDetails_")]


def first_available(elements: Elements) -> date | Lack:
    """Since when the product is on the site."""
    found = places(elements)
    for place in found:
        for row in place.css("tr, li"):
            text = text_of(row) or ""
            if signs.says_first_available(text[:_LONGEST_LABEL]):
                return dates.day(text) or unparseable(text)
    return ABSENT if found else UNKNOWN
