"""What the seller did to an own listing, as the journal keeps it (``tracker log``)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import duckdb

from reports.gather import EPOCH, instant

LEAST_NIGHTS, NIGHTS, MOST_NIGHTS = 3, 7, 28
"""To wait before an action is judged: at least, usually, at most. Fewer than three nights tell nothing; four weeks are
the memory of all baselines."""
PATIENCE = timedelta(days=2)
"""After an action its page is to show it."""
EARLY = timedelta(days=1)
"""So much sooner than it was said a page may have shown it: who notes it afterwards does not know the hour."""


class What(StrEnum):
    """What of the listing was changed."""

    PRICE = "price"
    COUPON = "coupon"
    DEAL = "deal"
    TITLE = "title"
    BULLETS = "bullets"
    IMAGES = "images"
    A_PLUS = "a_plus"
    ADS = "ads"
    STOCK = "stock"
    OTHER = "other"


WORDS: dict[What, tuple[str, ...]] = {
    What.A_PLUS: ("a+", "a plus", "brand story", "品牌故事"),
    What.ADS: ("ads", "ad ", "advert", "sponsored", "campaign", "bid", "ppc", "acos", "广告", "竞价", "投放"),
    What.COUPON: ("coupon", "voucher", "优惠券"),
    What.DEAL: ("deal", "lightning", "promotion", "秒杀", "促销", "限时"),
    What.TITLE: ("title", "标题"),
    What.BULLETS: ("bullet", "description", "五点", "卖点", "描述"),
    What.IMAGES: ("image", "picture", "photo", "video", "图", "视频"),
    What.STOCK: ("stock", "inventory", "shipment", "restock", "fba", "库存", "补货", "入仓", "发货"),
    What.PRICE: ("price", "pricing", "repric", "降价", "涨价", "提价", "调价", "价格", "售价", "原价"),
}
"""Words by which the kind of an action is guessed from its text: the first kind with a word in it, so that "ads at a
lower price" are ads. The command says what it took it for."""


def guessed(text: str) -> What:
    """What an action was, by the words of its text; OTHER when none is known."""
    plain = f"{text.casefold()} "

    def has(word: str) -> bool:
        """A word of English letters begins one of the text; Chinese has no spaces between words."""
        return bool(re.search(rf"\b{re.escape(word)}" if word.isascii() else re.escape(word), plain))

    return next((what for what, words in WORDS.items() if any(map(has, words))), What.OTHER)


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of the journal."""

    entry: int
    """Its number, by which the command, the list and the charts name it."""
    listing: str
    asin: str
    at: datetime
    """UTC."""
    what: What
    text: str
    """In the words of who did it."""
    nights: int = NIGHTS
    """To wait before it is judged."""

    def day(self, zone: ZoneInfo) -> date:
        return self.at.astimezone(zone).date()


JOURNAL = """
SELECT entry, listing, asin, epoch_us(acted_at), kind, what, nights FROM journal
WHERE ($listing IS NULL OR listing = $listing) AND acted_at >= $since AND acted_at < $until ORDER BY acted_at, entry
"""
EVER = datetime(9999, 1, 1, tzinfo=UTC)


def actions(
    con: duckdb.DuckDBPyConnection, listing: str | None = None, since: datetime = EPOCH, until: datetime = EVER
) -> list[Action]:
    """What was done to a listing (None: to any) between two instants (UTC), the oldest first."""
    found = con.execute(JOURNAL, {"listing": listing, "since": since, "until": until}).fetchall()
    return [
        Action(entry, of, asin, instant(at), What(kind), text, nights)
        for entry, of, asin, at, kind, text, nights in found
    ]


def beside(action: Action, others: Sequence[Action]) -> list[Action]:
    """Those of the same product that were done before it and were still being waited for, or after it while it is: what
    each did cannot be told apart. The nearest first."""

    def near(other: Action) -> bool:
        first, second = sorted((action, other), key=lambda each: each.at)
        return second.at - first.at < timedelta(days=first.nights)

    found = [each for each in others if each.entry != action.entry and each.asin == action.asin and near(each)]
    return sorted(found, key=lambda each: (abs(each.at - action.at), each.entry))
