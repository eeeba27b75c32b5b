"""Moves that can be planted: each changes the truth, labels what it did and notes what follows from it.

A plant returns False, having changed nothing, when it does not suit the product.
"""

from collections.abc import Callable
from typing import TypeAlias

from reports.flags.kind import Kind
from tests.worlds.labels import Size
from tests.worlds.truth import Product, Truth

Plant: TypeAlias = Callable[[Truth, Product, int, Size], bool]

RANKS = frozenset({Kind.BSR_JUMP, Kind.BSR_SLUMP, Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT})
PRICES = frozenset({Kind.PRICE_CUT, Kind.PRICE_RISE, Kind.UNDERCUT, Kind.LOWEST_IN_90_DAYS, Kind.LOWEST_EVER})
SHARES = frozenset({Kind.SHARE_GAINED, Kind.SHARE_LOST})
PLACES = SHARES | {Kind.KEYWORD_GAINED, Kind.KEYWORD_LOST, Kind.PLACE_CLIMBED, Kind.PLACE_FELL, Kind.PASSED_OWN}
ADS = frozenset({Kind.SPONSORED_GAINED, Kind.SPONSORED_LOST})
RATINGS = frozenset({Kind.RATING_ROSE, Kind.RATING_FELL})

FACT_WITHIN = 5
"""Nights within which a fact must be told once a page has shown it."""
