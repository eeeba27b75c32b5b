"""The words of ``signs.toml``: by what a page tells its reader what something is, in every language."""

import re
import tomllib
from importlib.resources import files

_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(files(__package__).joinpath("signs.toml").read_text("utf-8"))


def _raw(section: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for words in _WORDS[section].values() for word in words))


def _of(section: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain(word) for word in _raw(section)))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


_SPONSORED = _of("sponsored")
_NO_RESULTS = _of("no_results")
_NOT_FOUND = _of("not_found")
_SERVER_ERROR = _of("server_error")
_OUT_OF_STOCK = _of("out_of_stock")
_IN_STOCK = _of("in_stock")
_COUPON = _of("coupon")
_DEAL = _of("deal")
_SOLD_BY = _of("sold_by")
_BSR = _of("bsr")
_OR_MORE = _of("or_more")
_ONLY_LEFT = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(_of('only_left'), key=len, reverse=True)))})\s*:?\s*(\d{{1,4}})(?!\d)"
)
_BYLINES = [re.compile(re.escape(pattern).replace(r"\{\}", r"(.+?)")) for pattern in _raw("byline")]
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
    """Whether an availability line says that the product can be bought now; None when its words are not known."""
    if _holds(availability, _OUT_OF_STOCK):
        return False
    return True if _holds(availability, _IN_STOCK) else None


def only_left(availability: str) -> int | None:
    """N of "Only N left in stock"."""
    found = _ONLY_LEFT.search(_plain(availability))
    return int(found[1]) if found else None


def says_coupon(text: str) -> bool:
    """Whether a promotion is a coupon to clip."""
    return _holds(text, _COUPON)


def says_deal(label: str) -> bool:
    """Whether the label before a price makes it a deal's."""
    return _holds(label, _DEAL)


def says_sold_by(label: str) -> bool:
    """Whether a row of the Buy Box names the seller."""
    return _plain(label).rstrip(" :") in _SOLD_BY


def says_bsr(heading: str) -> bool:
    """Whether a heading is that of the Best Sellers Rank."""
    return _holds(heading, _BSR)


def multiplier(text: str) -> int:
    """What the word right behind a number multiplies it with: 1000 of "K+ bought"; 1 when it is no such word."""
    return _multiplied(text)[0]


def says_or_more(text: str) -> bool:
    """Whether what follows a number makes it a lower bound: "+", "K+ bought", "点以上"."""
    return _multiplied(text)[1].startswith(_OR_MORE)


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
