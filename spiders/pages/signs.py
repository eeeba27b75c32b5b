"""The words of ``signs.toml``: by what a page tells its reader what something is, in every language."""

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(files(__package__).joinpath("signs.toml").read_text("utf-8"))


def raw(section: str) -> tuple[str, ...]:
    """The words of a section as written there, all languages together."""
    return tuple(dict.fromkeys(word for words in _WORDS[section].values() for word in words))


def words_of(section: str) -> tuple[str, ...]:
    """The words of a section as :func:`plain` makes them."""
    return tuple(dict.fromkeys(plain(word) for word in raw(section)))


def any_word(section: str, *, begins: bool = False) -> str:
    """A pattern of the words of a section, whole ones or only ``begins`` where words are told apart by blanks."""
    end = "" if begins else r"(?!\w)"
    return "|".join(
        rf"(?<!\w){re.escape(word.strip())}{end}" if word[-1] < "\u0600" else re.escape(word)
        for word in words_of(section)
    )


def plain(text: str) -> str:
    """``text`` without case, with plain apostrophes and single blanks."""
    # The dot of a Turkish "İ" becomes a mark of its own.
    return " ".join(text.casefold().replace("’", "'").replace("i\u0307", "i").split())


_SPONSORED = words_of("sponsored")
_NO_RESULTS = words_of("no_results")
_NOT_FOUND = words_of("not_found")
_SERVER_ERROR = words_of("server_error")
_OUT_OF_STOCK = words_of("out_of_stock")
_IN_STOCK = words_of("in_stock")
_IN_STOCK_LATER = tuple(word.casefold() for word in raw("in_stock_later"))
_COUPON = words_of("coupon")
_DEAL = words_of("deal")
_CHOOSE = words_of("choose")
_SOLD_BY = words_of("sold_by")
_BSR = words_of("bsr")
_SHIPS_FROM = words_of("ships_from")
_SHIPPER_AND_SELLER = words_of("shipper_and_seller")
_FIRST_AVAILABLE = words_of("first_available")
_OR_MORE = words_of("or_more")
_BOUGHT = words_of("bought")
_CLIMATE_PLEDGE = words_of("climate_pledge")
_SMALL_BUSINESS = words_of("small_business")
_HIGHLY_RATED = words_of("highly_rated")
_EDITORIAL = words_of("editorial")
_RELATED = {
    name: words_of(f"related_{name}")
    for name in ("bought_together", "compared", "top_rated", "also_bought", "also_viewed", "same_brand", "similar")
}
_RELATED_SEARCHES = words_of("related_searches")
_ONLY_LEFT = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(words_of('only_left'), key=len, reverse=True)))})\s*:?\s*(\d{{1,4}})(?!\d)"
)
_SUBSCRIPTION = words_of("subscription")
_UP_TO = re.compile(any_word("up_to"))
_CONDITIONS = ("rental", "collectible", "renewed", "used", "new")
_CONDITION_WORDS = {
    name: re.compile("|".join(
        rf"(?<!\w){re.escape(word)}(?!\w)" if word[-1] < "\u0900" else re.escape(word)  # elsewhere words run together
        for word in words_of(f"condition_{name}")
    ))
    for name in _CONDITIONS
}  # fmt: skip
_FREE = words_of("free_delivery")
_MULTIPLIERS = sorted(
    ((word, factor) for section, factor in (
        ("million", 1_000_000), ("hundred_thousand", 100_000), ("ten_thousand", 10_000), ("thousand", 1_000),
    ) for word in words_of(section)),
    key=lambda pair: -len(pair[0]),
)  # fmt: skip


def says_sponsored(label: str) -> bool:
    """Whether a short label on a card means "sponsored"."""
    return plain(label).lstrip("[( ").startswith(_SPONSORED)


def says_no_results(text: str) -> bool:
    """Whether a message says that a search found nothing."""
    return holds(text, _NO_RESULTS)


def says_not_found(text: str) -> bool:
    """Whether the words of a page say that there is no such page."""
    return holds(text, _NOT_FOUND)


def says_server_error(text: str) -> bool:
    """Whether the words of a page say that the server failed."""
    return holds(text, _SERVER_ERROR)


def says_in_stock(availability: str) -> bool | None:
    """Whether an availability line says that the product can be bought now; None when its words are not known.

    What it only announces (:func:`says_later`) is asked for first.
    """
    if holds(availability, _OUT_OF_STOCK):
        return False
    return True if holds(availability, _IN_STOCK) else None


def says_later(availability: str) -> bool:
    """Whether an availability line announces what is not there yet ("In stock on December 12", "Pre-order")."""
    return holds(f"{availability} ", _IN_STOCK_LATER)


def only_left(availability: str) -> int | None:
    """N of "Only N left in stock"."""
    found = _ONLY_LEFT.search(plain(availability))
    return int(found[1]) if found else None


def says_coupon(text: str) -> bool:
    """Whether a promotion is a coupon to clip."""
    return holds(text, _COUPON)


def says_subscription(promotion: str) -> bool:
    """Whether a promotion is for subscribers only."""
    return holds(promotion, _SUBSCRIPTION)


def says_up_to(text: str) -> bool:
    """Whether what is promised is a bound ("up to 15%")."""
    return _UP_TO.search(plain(text)) is not None


def says_choose(value: str) -> bool:
    """Whether what stands where a value of a variation does asks to choose one."""
    return plain(value).strip(".… ") in _CHOOSE


def says_deal(label: str) -> bool:
    """Whether the label before a price makes it a deal's."""
    return holds(label, _DEAL)


def says_sold_by(label: str) -> bool:
    """Whether a row of the Buy Box names the seller."""
    return plain(label).rstrip(" :") in _SOLD_BY


Says = Callable[[str], bool]
"""Whether a label says something certain."""


def says_ships_from(label: str) -> bool:
    """Whether a row of the Buy Box names who ships."""
    return plain(label).rstrip(" :") in _SHIPS_FROM or says_shipper_and_seller(label)


def says_shipper_and_seller(label: str) -> bool:
    """Whether a row of the Buy Box names shipper and seller, who are one."""
    return plain(label).rstrip(" :") in _SHIPPER_AND_SELLER


def says_first_available(label: str) -> bool:
    """Whether a row of the details tells since when the product is on the site."""
    return holds(label, _FIRST_AVAILABLE)


def says_bsr(heading: str) -> bool:
    """Whether a heading is that of the Best Sellers Rank."""
    return holds(heading, _BSR)


def condition_of(text: str) -> str | None:
    """The condition an offer is in ("used" of "Used - Like New"), by the words before its grade; None when unknown."""
    state = re.split(r"\s[-–—|]\s|[:：;(（]", plain(text), maxsplit=1)[0]
    return next((name for name in _CONDITIONS if _CONDITION_WORDS[name].search(state)), None)


def says_free(delivery: str) -> bool:
    """Whether the price of a delivery is said in words: that it is free."""
    return holds(delivery, _FREE)


def multiplier(text: str) -> int:
    """What the word right behind a number multiplies it with: 1000 of "K+ bought"; 1 when it is no such word."""
    return _multiplied(text)[0]


def says_or_more(text: str) -> bool:
    """Whether what follows a number makes it a lower bound: "+", "K+ bought", "点以上"."""
    return _multiplied(text)[1].startswith(_OR_MORE)


@lru_cache(maxsize=4096)
def _multiplied(text: str) -> tuple[int, str]:
    """The factor that ``text`` begins with, and what follows it."""
    rest = plain(text)
    for word, factor in _MULTIPLIERS:
        if rest.startswith(word) and not (word[-1].isascii() and rest[len(word) : len(word) + 1].isalpha()):
            return factor, rest[len(word) :].lstrip()
    return 1, rest


def holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether ``text`` has one of these words (as :func:`words_of` gives them) in it."""
    told = plain(text)
    return any(word in told for word in words)


def says_bought(text: str) -> bool:
    """Whether a line with a number on a card tells how many were bought lately."""
    return holds(text, _BOUGHT)


def says_climate_pledge(badge: str) -> bool:
    """Whether a badge is that of the Climate Pledge."""
    return holds(badge, _CLIMATE_PLEDGE)


def says_small_business(badge: str) -> bool:
    """Whether a badge says that a small business makes the product."""
    return holds(badge, _SMALL_BUSINESS)


def says_highly_rated(heading: str) -> bool:
    """Whether a block of products is headed "Highly rated"."""
    return holds(heading, _HIGHLY_RATED)


def says_editorial(heading: str) -> bool:
    """Whether a block of products is headed "Editorial recommendations"."""
    return holds(heading, _EDITORIAL)


def related_kind(heading: str) -> str | None:
    """Why a product page shows a row of others, by the row's heading; None when it does not say."""
    return next((name for name, words in _RELATED.items() if holds(heading, words)), None)


def says_related_searches(heading: str) -> bool:
    """Whether what is so headed is other queries that a results page offers."""
    return holds(heading, _RELATED_SEARCHES)
