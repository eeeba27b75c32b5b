"""One real page made into many nights of the same page: SIMULATED, since nobody has saved one page night after night.

What stays is the real page. What changes from request to request is what is known to change: ids of session, request
and place, tokens against forgery, advertisement links, times. What changes from night to night: which products stand
in the carousels (half of them advertisements, drawn anew each night from a pool per place; the rest moves on slowly),
reviews that come in at the front, prices and counts. Real nights may change more (a trial of a new layout) or less.
"""

import random
import re
import string
from collections.abc import Iterator
from functools import partial

_EVERY_REQUEST = (
    rb"\b\d{3}-\d{7}-\d{7}\b",  # session
    rb"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{20}\b",  # request
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",  # place on the page
    rb"(?<=pf_rd_r=)[\w-]+|(?<=pd_rd_(?:r=|w=))[\w-]+|(?<=pd_rd_wg=)[\w-]+",
    rb"(?<=crid=)\w+|(?<=spc=)[\w%-]+|(?<=dib=)[\w.%-]+|(?<=impb\?b=)[\w%-]+|(?<=;bi=)[\w%-]+",
    rb"(?P<token>(?<=[Tt]oken)(?:-a2z)?(?:&quot;|[\"'\s])*(?:[:=]|content=|value=)(?:&quot;|[\"'\s])*[\w@%/+=.-]{24,})",
    rb"(?<=offerListingId\]\" value=\")[\w%/+=-]{40,}",
)
_TIMES = rb"\b1[4-9]\d{8}(?:\d{3})?\b"
_CHANGING = re.compile(b"|".join(b"(?:%b)" % pattern for pattern in _EVERY_REQUEST) + b"|(?P<time>" + _TIMES + b")")
_CARD = re.compile(rb'<li[^>]*class="[^"]*a-carousel-card.*?</li>', re.DOTALL)
_REVIEW = re.compile(rb'<(?:div|li)[^>]*data-hook="review"')
_OF_A_PRODUCT = re.compile(
    rb"\bB0[A-Z0-9]{8}\b|(?<=/images/I/)[\w+%-]{11,}|(?P<text>(?<=alt=\")[^\"<]{12,}|(?<=>)[^<>{}]{24,}(?=<))|(?P<money>\d+[.,]\d\d\b)"
)
_PRICE = re.compile(rb"(?<=a-offscreen\">)[^<]{2,16}(?=<)")
_LETTERS = {
    **dict.fromkeys(string.ascii_uppercase.encode(), string.ascii_uppercase.encode()),
    **dict.fromkeys(string.ascii_lowercase.encode(), string.ascii_lowercase.encode()),
    **dict.fromkeys(string.digits.encode(), string.digits.encode()),
}
_ADS_TO_CHOOSE_FROM = 40


def nights(page: bytes, count: int, seed: str) -> Iterator[bytes]:
    """``count`` nights of ``page``, the first as it is."""
    yield page
    words = re.findall(rb"[A-Za-z]{3,12}", b" ".join(re.findall(rb'alt="([^"]{12,})"', page))) or [b"steel", b"mug"]
    cards = len(_CARD.findall(page))
    shown = [0] * cards  # which product stands in a place that is no advertisement
    for night in range(1, count):
        chance = random.Random(f"{seed} {night}")
        for place in range(cards):
            if place % 2:
                shown[place] += chance.random() < 0.05
        numbers = iter(
            [shown[place] if place % 2 else chance.randrange(_ADS_TO_CHOOSE_FROM) + 1000 for place in range(cards)]
        )
        places = iter(range(cards))

        def another(card: re.Match[bytes], numbers: Iterator[int] = numbers, places: Iterator[int] = places) -> bytes:
            place, number = next(places), next(numbers)
            return _another_product(card[0], words, random.Random(f"{seed} {place} {number}")) if number else card[0]

        changed = _CARD.sub(another, page)
        changed = _with_new_reviews(changed, words, seed, night)
        moved = random.Random(f"{seed} price {night // 4}")
        changed = _PRICE.sub(partial(_another_price, moved), changed, count=2)
        yield _another_request(changed, chance, night)


def _another_request(page: bytes, chance: random.Random, night: int) -> bytes:
    seen: dict[bytes, bytes] = {}

    def changed(found: re.Match[bytes]) -> bytes:
        old = found[0]
        if old not in seen:
            if found["time"]:
                later = int(old[:10]) + 86400 * night + chance.randrange(3600)
                seen[old] = str(later).encode() + _like(old[10:], chance)
            elif found["token"]:
                seen[old] = re.sub(rb"[\w@%/+=.-]{24,}", lambda value: _like(value[0], chance), old)
            else:
                seen[old] = _like(old, chance, hexadecimal=re.fullmatch(rb"[0-9a-f-]{36}", old) is not None)
        return seen[old]

    return _CHANGING.sub(changed, page)


def _another_product(card: bytes, words: list[bytes], chance: random.Random) -> bytes:
    """The card of another product: other ASIN, images, texts and amounts in the same markup."""
    seen: dict[bytes, bytes] = {}

    def changed(found: re.Match[bytes]) -> bytes:
        old = found[0]
        if old not in seen:
            if found["text"]:
                seen[old] = b" ".join(chance.choices(words, k=max(2, len(old) // 7)))
            else:
                seen[old] = _like(old, chance, digits_only=found["money"] is not None)
        return seen[old]

    return _OF_A_PRODUCT.sub(changed, card)


def _with_new_reviews(page: bytes, words: list[bytes], seed: str, night: int) -> bytes:
    """One new review every third night, before the first of the page."""
    first = _REVIEW.search(page)
    if first is None:
        return page
    written = [random.Random(f"{seed} review {number}") for number in range(night // 3, 0, -1)][:10]
    new = b"".join(
        b'<div id="%b" data-hook="review"><span>%b</span></div>'
        % (_like(b"R1ABCDEFGHIJKL", chance), b" ".join(chance.choices(words, k=60)))
        for chance in written
    )
    return page[: first.start()] + new + page[first.start() :]


def _another_price(chance: random.Random, price: re.Match[bytes]) -> bytes:
    return _like(price[0], chance, digits_only=True)


def _like(old: bytes, chance: random.Random, *, digits_only: bool = False, hexadecimal: bool = False) -> bytes:
    """Random text of the same form: digits for digits, capitals for capitals."""
    if hexadecimal:
        return bytes(letter if letter == 45 else chance.choice(b"0123456789abcdef") for letter in old)
    kept = b"" if not digits_only else string.ascii_letters.encode()
    return bytes(
        letter if letter in kept or letter not in _LETTERS else chance.choice(_LETTERS[letter]) for letter in old
    )
