"""Which kinds belong together: what a seller does (causes), what comes of it (results), and what ends what.

All spans are judgement, for sellers who plan by the week; the reasons stand in MOVES.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from reports.flags.kind import Kind
from reports.moves.move import Theme

LINK = 7
"""Days within which one cause follows another in one move."""
FOLLOW = 14
"""Days after a cause within which a result is put down to it."""
QUIET = 7
"""Days after which a kind that has no counterpart is over, and a move of such kinds with it."""
SETTLED = 28
"""Days after which what has stood is the usual: the memory of the flags' baselines."""
OWNED = 90
"""Days after which who has the Buy Box is its usual seller, as in :mod:`reports.flags.buybox`."""


class Way(Enum):
    """Which results may come of a cause."""

    UP = 1
    DOWN = -1
    EITHER = 0
    NONE = None

    def may_bring(self, result: "Way") -> bool:
        return self in (result, Way.EITHER)


CAUSES: Mapping[Kind, tuple[Theme, Way]] = {
    **dict.fromkeys(
        (
            Kind.PRICE_CUT, Kind.UNDERCUT, Kind.LOWEST_IN_90_DAYS, Kind.LOWEST_EVER, Kind.SEE_SAW,
            Kind.COUPON_STARTED, Kind.COUPON_CHANGED, Kind.DEAL_STARTED, Kind.PROMOTIONS_STACKED,
            Kind.SPONSORED_GAINED,
        ),
        (Theme.PUSH, Way.UP),
    ),
    **dict.fromkeys(
        (Kind.PRICE_RISE, Kind.COUPON_ENDED, Kind.DEAL_ENDED, Kind.SPONSORED_LOST), (Theme.RETREAT, Way.DOWN)
    ),
    Kind.RUNNING_LOW: (Theme.SUPPLY, Way.NONE),
    Kind.OUT_OF_STOCK: (Theme.SUPPLY, Way.DOWN),
    Kind.BACK_IN_STOCK: (Theme.SUPPLY, Way.UP),
    Kind.REVIEWS_REMOVED: (Theme.REVIEWS, Way.DOWN),
    Kind.REVIEWS_MERGED: (Theme.REVIEWS, Way.UP),
    Kind.RATING_ROSE: (Theme.REVIEWS, Way.NONE),
    Kind.RATING_FELL: (Theme.REVIEWS, Way.NONE),
    Kind.LOW_STAR_WAVE: (Theme.REVIEWS, Way.DOWN),
    **dict.fromkeys(
        (
            Kind.TITLE_CHANGED, Kind.BULLETS_CHANGED, Kind.IMAGE_CHANGED, Kind.VARIATIONS_CHANGED,
            Kind.A_PLUS_CHANGED, Kind.VIDEO_CHANGED, Kind.CATEGORY_CHANGED,
        ),
        (Theme.CONTENT, Way.EITHER),
    ),
    Kind.BUY_BOX_CHANGED: (Theme.BUY_BOX, Way.EITHER),
    Kind.BUY_BOX_LOST: (Theme.BUY_BOX, Way.DOWN),
    Kind.OFFERS_MULTIPLYING: (Theme.BUY_BOX, Way.DOWN),
    Kind.HIJACKER: (Theme.BUY_BOX, Way.DOWN),
    Kind.LISTING_GONE: (Theme.LIFECYCLE, Way.DOWN),
    Kind.LISTING_BACK: (Theme.LIFECYCLE, Way.UP),
    Kind.NEWCOMER: (Theme.LIFECYCLE, Way.NONE),
    Kind.NEWLY_WATCHED: (Theme.LIFECYCLE, Way.NONE),
    **dict.fromkeys(
        (Kind.PRICE_WAR, Kind.MARKET_BSR, Kind.MARKET_PRICE, Kind.MARKET_REVIEWS), (Theme.MARKET, Way.NONE)
    ),
}  # fmt: skip

RESULTS: Mapping[Kind, tuple[Theme, Way]] = {
    **dict.fromkeys(
        (
            Kind.BSR_JUMP, Kind.TOP_RANK_ENTERED, Kind.BADGE_GAINED, Kind.KEYWORD_GAINED, Kind.PLACE_CLIMBED,
            Kind.PASSED_OWN, Kind.SHARE_GAINED,
        ),
        (Theme.PUSH, Way.UP),
    ),
    **dict.fromkeys(
        (
            Kind.BSR_SLUMP, Kind.TOP_RANK_LEFT, Kind.BADGE_LOST, Kind.KEYWORD_LOST, Kind.PLACE_FELL,
            Kind.SHARE_LOST,
        ),
        (Theme.RETREAT, Way.DOWN),
    ),
    Kind.REVIEW_BURST: (Theme.REVIEWS, Way.UP),
}  # fmt: skip
"""Each with the theme of a move that has no cause."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What ends a state, and after how many days without it the state is the usual; None: nothing does, it never is."""

    kind: Kind | None
    days: int | None = None


def _both(one: Kind, other: Kind, days: int) -> dict[Kind, Counterpart]:
    return {one: Counterpart(other, days), other: Counterpart(one, days)}


COUNTERPARTS: Mapping[Kind, Counterpart] = {
    Kind.COUPON_STARTED: Counterpart(Kind.COUPON_ENDED),
    Kind.COUPON_CHANGED: Counterpart(Kind.COUPON_ENDED),
    Kind.DEAL_STARTED: Counterpart(Kind.DEAL_ENDED),
    Kind.OUT_OF_STOCK: Counterpart(Kind.BACK_IN_STOCK),
    Kind.LISTING_GONE: Counterpart(Kind.LISTING_BACK),
    Kind.BUY_BOX_LOST: Counterpart(Kind.BUY_BOX_CHANGED, OWNED),
    Kind.SEE_SAW: Counterpart(None, SETTLED),
    **_both(Kind.PRICE_CUT, Kind.PRICE_RISE, SETTLED),
    **_both(Kind.SPONSORED_GAINED, Kind.SPONSORED_LOST, SETTLED),
    **_both(Kind.KEYWORD_GAINED, Kind.KEYWORD_LOST, SETTLED),
    **_both(Kind.PLACE_CLIMBED, Kind.PLACE_FELL, SETTLED),
    **_both(Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT, SETTLED),
    **_both(Kind.BADGE_GAINED, Kind.BADGE_LOST, SETTLED),
    **_both(Kind.SHARE_GAINED, Kind.SHARE_LOST, SETTLED),
    **_both(Kind.RATING_ROSE, Kind.RATING_FELL, SETTLED),
    **_both(Kind.BSR_JUMP, Kind.BSR_SLUMP, FOLLOW),
}
