"""The words of ``signs.toml``: by what a page tells its reader what something is, in every language."""

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(files(__package__).joinpath("signs.toml").read_text("utf-8"))


def _raw(section: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in _WORDS[section].values() for word in words))


def _of(section: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain(word) for word in _raw(section)))


def _any_word(section: str, *, begins: bool = False) -> str:
    """A pattern of the words of a section, whole ones or only ``begins`` where words are told apart by blanks."""
    end = "" if begins else r"(?!\w)"
    return "|".join(
        rf"(?<!\w){re.escape(word.strip())}{end}" if word[-1] < "\u0600" else re.escape(word) for word in _of(section)
    )


def _plain(text: str) -> str:
    # The dot of a Turkish "İ" becomes a mark of its own.
    return " ".join(text.casefold().replace("’", "'").replace("i\u0307", "i").split())


_SPONSORED = _of("sponsored")
_NO_RESULTS = _of("no_results")
_NOT_FOUND = _of("not_found")
_SERVER_ERROR = _of("server_error")
_OUT_OF_STOCK = _of("out_of_stock")
_IN_STOCK = _of("in_stock")
_IN_STOCK_LATER = tuple(word.casefold() for word in _raw("in_stock_later"))
_COUPON = _of("coupon")
_DEAL = _of("deal")
_SOLD_BY = _of("sold_by")
_BSR = _of("bsr")
_SHIPS_FROM = _of("ships_from")
_SHIPPER_AND_SELLER = _of("shipper_and_seller")
_FIRST_AVAILABLE = _of("first_available")
_OR_MORE = _of("or_more")
_BOUGHT = _of("bought")
_CLIMATE_PLEDGE = _of("climate_pledge")
_SMALL_BUSINESS = _of("small_business")
_HIGHLY_RATED = _of("highly_rated")
_EDITORIAL = _of("editorial")
_BADGE_SUBJECT = [
    re.compile(re.escape(pattern).replace(r"\{\}", r"(.+)"), re.IGNORECASE)
    for pattern in sorted(_raw("badge_subject"), key=len, reverse=True)
]
_ONLY_LEFT = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(_of('only_left'), key=len, reverse=True)))})\s*:?\s*(\d{{1,4}})(?!\d)"
)
_DELIVERS_TO = [
    re.compile(
        re.escape(phrase.replace("{}", "").rstrip(" :")) + r"(?![^\W\d_])\s*[:：]?\s*(?P<place>.*)", re.IGNORECASE
    )
    for phrase in sorted(_raw("delivers_to"), key=len, reverse=True)
]
_REVIEWED = [  # each with what it begins with, which tells most of them apart
    (
        line.partition("{")[0],
        re.compile(re.escape(line).replace(r"\{country\}", "(?P<country>.+?)").replace(r"\{date\}", ".*")),
    )
    for line in _raw("reviewed")
]
_FLAG = re.compile(r"\s*[\U0001F1E6-\U0001F1FF]{2}")
"""The flag that some pages put behind a country."""
_CHANGE_PLACE = _of("change_place")
_CHOOSE = _of("choose")
_CHOOSE_PLACE = _of("choose_place")
_SOLD_BY_AMAZON = [
    re.compile(
        r"(?<!\w)" * (words[0] < "\u0900" and words[0] != "{")
        + re.escape(words).replace(r"\{\}", r"(?<!\w)(?P<name>Amazon(?![A-Za-z]).*)"),
        re.IGNORECASE,
    )
    for words in _raw("sold_by_amazon")
]
_SUBSCRIPTION = _of("subscription")
_UP_TO = re.compile(_any_word("up_to"))
_SAVING = re.compile(_any_word("saving", begins=True), re.IGNORECASE)
_PER = re.compile(
    rf"(?P<amount>.*\d.*?)\s*(?:/|／|(?<=\s)(?:{_any_word('per')})(?=\s))\s*(?P<unit>[^/]+)", re.IGNORECASE
)
_BYLINES = [re.compile(re.escape(pattern).replace(r"\{\}", r"(.+?)")) for pattern in _raw("byline")]
_RANKINGS = ("best_sellers", "new_releases", "movers_and_shakers", "most_wished_for", "most_gifted")
_CATEGORY_OF = [
    (ranking, re.compile(re.escape(words).replace(r"\{\}", r"(.+?)"), re.IGNORECASE))
    for ranking in _RANKINGS for words in _raw(ranking) if "{}" in words
]  # fmt: skip
_RANKING_WORDS = {ranking: tuple(word for word in _of(ranking) if "{}" not in word) for ranking in _RANKINGS}
_CONDITIONS = ("rental", "collectible", "renewed", "used", "new")
_CONDITION_WORDS = {
    name: re.compile("|".join(
        rf"(?<!\w){re.escape(word)}(?!\w)" if word[-1] < "\u0900" else re.escape(word)  # elsewhere words run together
        for word in _of(f"condition_{name}")
    ))
    for name in _CONDITIONS
}  # fmt: skip
_FREE = _of("free_delivery")
_MULTIPLIERS = sorted(
    ((word, factor) for section, factor in (
        ("million", 1_000_000), ("hundred_thousand", 100_000), ("ten_thousand", 10_000), ("thousand", 1_000),
    ) for word in _of(section)),
    key=lambda pair: -len(pair[0]),
)  # fmt: skip


def says_sponsored(label: str) -> bool:
    """Whether a short label on a card means "sponsored"."""
    return _plain(label).lstrip("[( ").startswith(_SPONSORED)


def says_no_results(text: str) -> bool:
    """Whether a message says that a search found nothing."""
    return _holds(text, _NO_RESULTS)


def says_not_found(text: str) -> bool:
    """Whether the words of a page say that there is no such page."""
    return _holds(text, _NOT_FOUND)


def says_server_error(text: str) -> bool:
    """Whether the words of a page say that the server failed."""
    return _holds(text, _SERVER_ERROR)


def says_in_stock(availability: str) -> bool | None:
    """Whether an availability line says that the product can be bought now; None when its words are not known.

    What it only announces (:func:`says_later`) is asked for first.
    """
    if _holds(availability, _OUT_OF_STOCK):
        return False
    return True if _holds(availability, _IN_STOCK) else None


def says_later(availability: str) -> bool:
    """Whether an availability line announces what is not there yet ("In stock on December 12", "Pre-order")."""
    return _holds(f"{availability} ", _IN_STOCK_LATER)


def only_left(availability: str) -> int | None:
    """N of "Only N left in stock"."""
    found = _ONLY_LEFT.search(_plain(availability))
    return int(found[1]) if found else None


def says_coupon(text: str) -> bool:
    """Whether a promotion is a coupon to clip."""
    return _holds(text, _COUPON)


def says_subscription(promotion: str) -> bool:
    """Whether a promotion is for subscribers only."""
    return _holds(promotion, _SUBSCRIPTION)


def says_up_to(text: str) -> bool:
    """Whether what is promised is a bound ("up to 15%")."""
    return _UP_TO.search(_plain(text)) is not None


def before_saving(text: str) -> str:
    """What stands in ``text`` before it begins to tell what is saved."""
    found = _SAVING.search(text)
    return text[: found.start()] if found else text


def split_unit(text: str) -> tuple[str, str] | None:
    """Amount and unit of "$0.40 / Fl Oz" or "£1.20 per 100 ml"."""
    found = _PER.fullmatch(text.strip())
    return (found["amount"], found["unit"]) if found else None


def says_choose(value: str) -> bool:
    """Whether what stands where a value of a variation does asks to choose one."""
    return _plain(value).strip(".… ") in _CHOOSE


def says_deal(label: str) -> bool:
    """Whether the label before a price makes it a deal's."""
    return _holds(label, _DEAL)


def sold_by_amazon(line: str) -> str | None:
    """What follows "sold by" in a line that names Amazon as the seller, its name first; None for another line."""
    return next((found["name"] for words in _SOLD_BY_AMAZON if (found := words.search(line)) is not None), None)


def says_sold_by(label: str) -> bool:
    """Whether a row of the Buy Box names the seller."""
    return _plain(label).rstrip(" :") in _SOLD_BY


Says = Callable[[str], bool]
"""Whether a label says something certain."""


def says_ships_from(label: str) -> bool:
    """Whether a row of the Buy Box names who ships."""
    return _plain(label).rstrip(" :") in _SHIPS_FROM or says_shipper_and_seller(label)


def says_shipper_and_seller(label: str) -> bool:
    """Whether a row of the Buy Box names shipper and seller, who are one."""
    return _plain(label).rstrip(" :") in _SHIPPER_AND_SELLER


def says_first_available(label: str) -> bool:
    """Whether a row of the details tells since when the product is on the site."""
    return _holds(label, _FIRST_AVAILABLE)


def place_delivered_to(first: str, second: str) -> str | None:
    """The place in the two lines "Deliver to" / "New York 10001" or "Delivering to Boston 02101" / "Update location".

    None where the words are not known, or where no place has been chosen ("Hello" / "Select your address").
    """
    found = next((match for pattern in _DELIVERS_TO if (match := pattern.fullmatch(first))), None)
    if found is None:
        return None
    # Somebody signed in is greeted on the first line ("Deliver to Zaid"), with the place on the second.
    told = found["place"].strip()
    numbered, second_numbered = (any(map(str.isdecimal, text)) for text in (told, second))
    place = second if not told or (second_numbered and not numbered) else told
    if told and not numbered and not second_numbered and not _holds(second, _CHANGE_PLACE):
        return None  # a name and a country, or a place and words we do not know
    return None if not place or _holds(place, _CHOOSE_PLACE) or _holds(place, _CHANGE_PLACE) else place


def says_choose_place(lines: str) -> bool:
    """Whether the lines where the place stands ask for one instead."""
    return _holds(lines, _CHOOSE_PLACE)


def country_of_review(line: str) -> str | None:
    """The country in "Reviewed in the United States on March 22, 2026"; None for another line."""
    line = _FLAG.sub("", line.replace("’", "'"))
    found = next(
        (match for start, pattern in _REVIEWED if line.startswith(start) and (match := pattern.fullmatch(line))), None
    )
    return found["country"].strip() if found else None


def says_bsr(heading: str) -> bool:
    """Whether a heading is that of the Best Sellers Rank."""
    return _holds(heading, _BSR)


def ranking_of(heading: str) -> tuple[str, str | None] | None:
    """Which ranked list a heading announces ("new_releases"), and of which category where it says so in known words."""
    line = " ".join(heading.split())
    for ranking, pattern in _CATEGORY_OF:
        if (found := pattern.fullmatch(line)) is not None:
            return ranking, found[1].strip()
    return next(((ranking, None) for ranking, words in _RANKING_WORDS.items() if _holds(line, words)), None)


def condition_of(text: str) -> str | None:
    """The condition an offer is in ("used" of "Used - Like New"), by the words before its grade; None when unknown."""
    state = re.split(r"\s[-–—|]\s|[:：;(（]", _plain(text), maxsplit=1)[0]
    return next((name for name in _CONDITIONS if _CONDITION_WORDS[name].search(state)), None)


def says_free(delivery: str) -> bool:
    """Whether the price of a delivery is said in words: that it is free."""
    return _holds(delivery, _FREE)


def multiplier(text: str) -> int:
    """What the word right behind a number multiplies it with: 1000 of "K+ bought"; 1 when it is no such word."""
    return _multiplied(text)[0]


def says_or_more(text: str) -> bool:
    """Whether what follows a number makes it a lower bound: "+", "K+ bought", "点以上"."""
    return _multiplied(text)[1].startswith(_OR_MORE)


@lru_cache(maxsize=4096)
def _multiplied(text: str) -> tuple[int, str]:
    """The factor that ``text`` begins with, and what follows it."""
    rest = _plain(text)
    for word, factor in _MULTIPLIERS:
        if rest.startswith(word) and not (word[-1].isascii() and rest[len(word) : len(word) + 1].isalpha()):
            return factor, rest[len(word) :].lstrip()
    return 1, rest


def brand_of_byline(text: str) -> str | None:
    """The brand in "Visit the Instant Pot Store" or "Marke: Old Spice"; None for another line."""
    line = " ".join(text.split())
    return next((found[1].strip() for pattern in _BYLINES if (found := pattern.fullmatch(line))), None)


def _holds(text: str, words: tuple[str, ...]) -> bool:
    plain = _plain(text)
    return any(word in plain for word in words)


def says_bought(text: str) -> bool:
    """Whether a line with a number on a card tells how many were bought lately."""
    return _holds(text, _BOUGHT)


def says_climate_pledge(badge: str) -> bool:
    """Whether a badge is that of the Climate Pledge."""
    return _holds(badge, _CLIMATE_PLEDGE)


def says_small_business(badge: str) -> bool:
    """Whether a badge says that a small business makes the product."""
    return _holds(badge, _SMALL_BUSINESS)


def says_highly_rated(heading: str) -> bool:
    """Whether a block of products is headed "Highly rated"."""
    return _holds(heading, _HIGHLY_RATED)


def says_editorial(heading: str) -> bool:
    """Whether a block of products is headed "Editorial recommendations"."""
    return _holds(heading, _EDITORIAL)


def subject_of_badge(text: str) -> str:
    """What a badge is given for: "Sunscreens" of "in Sunscreens", "mug" of 'for "mug"'; words not known stay."""
    plain = " ".join(text.split())
    found = next((match for pattern in _BADGE_SUBJECT if (match := pattern.fullmatch(plain))), None)
    return (found[1] if found else plain).strip("\"'“”„«»「」『』‘’ ") or plain
