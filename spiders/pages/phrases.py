"""Phrases that have a value in them, in every language: the brand in "Visit the … Store", the country of a review."""

import re

from spiders.pages import signs

_BADGE_SUBJECT = [
    re.compile(re.escape(pattern).replace(r"\{\}", r"(.+)"), re.IGNORECASE)
    for pattern in sorted(signs.raw("badge_subject"), key=len, reverse=True)
]
_DELIVERS_TO = [
    re.compile(
        re.escape(phrase.replace("{}", "").rstrip(" :")) + r"(?![^\W\d_])\s*[:：]?\s*(?P<place>.*)", re.IGNORECASE
    )
    for phrase in sorted(signs.raw("delivers_to"), key=len, reverse=True)
]
_REVIEWED = [  # each with what it begins with, which tells most of them apart
    (
        line.partition("{")[0],
        re.compile(re.escape(line).replace(r"\{country\}", "(?P<country>.+?)").replace(r"\{date\}", ".*")),
    )
    for line in signs.raw("reviewed")
]
_FLAG = re.compile(r"\s*[\U0001F1E6-\U0001F1FF]{2}")
"""The flag that some pages put behind a country."""
_CHANGE_PLACE = signs.words_of("change_place")
_CHOOSE_PLACE = signs.words_of("choose_place")
_SOLD_BY_AMAZON = [
    re.compile(
        r"(?<!\w)" * (words[0] < "\u0900" and words[0] != "{")
        + re.escape(words).replace(r"\{\}", r"(?<!\w)(?P<name>Amazon(?![A-Za-z]).*)"),
        re.IGNORECASE,
    )
    for words in signs.raw("sold_by_amazon")
]
_SAVING = re.compile(signs.any_word("saving", begins=True), re.IGNORECASE)
_PER = re.compile(
    rf"(?P<amount>.*\d.*?)\s*(?:/|／|(?<=\s)(?:{signs.any_word('per')})(?=\s))\s*(?P<unit>[^/]+)", re.IGNORECASE
)
_BYLINES = [re.compile(re.escape(pattern).replace(r"\{\}", r"(.+?)")) for pattern in signs.raw("byline")]
_RANKINGS = ("best_sellers", "new_releases", "movers_and_shakers", "most_wished_for", "most_gifted")
_CATEGORY_OF = [
    (ranking, re.compile(re.escape(words).replace(r"\{\}", r"(.+?)"), re.IGNORECASE))
    for ranking in _RANKINGS for words in signs.raw(ranking) if "{}" in words
]  # fmt: skip
_RANKING_WORDS = {ranking: tuple(word for word in signs.words_of(ranking) if "{}" not in word) for ranking in _RANKINGS}


def before_saving(text: str) -> str:
    """What stands in ``text`` before it begins to tell what is saved."""
    found = _SAVING.search(text)
    return text[: found.start()] if found else text


def split_unit(text: str) -> tuple[str, str] | None:
    """Amount and unit of "$0.40 / Fl Oz" or "£1.20 per 100 ml"."""
    found = _PER.fullmatch(text.strip())
    return (found["amount"], found["unit"]) if found else None


def sold_by_amazon(line: str) -> str | None:
    """What follows "sold by" in a line that names Amazon as the seller, its name first; None for another line."""
    return next((found["name"] for words in _SOLD_BY_AMAZON if (found := words.search(line)) is not None), None)


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
    if told and not numbered and not second_numbered and not signs.holds(second, _CHANGE_PLACE):
        return None  # a name and a country, or a place and words we do not know
    return None if not place or signs.holds(place, _CHOOSE_PLACE) or signs.holds(place, _CHANGE_PLACE) else place


def says_choose_place(lines: str) -> bool:
    """Whether the lines where the place stands ask for one instead."""
    return signs.holds(lines, _CHOOSE_PLACE)


def country_of_review(line: str) -> str | None:
    """The country in "Reviewed in the United States on March 22, 2026"; None for another line."""
    line = _FLAG.sub("", line.replace("’", "'"))
    found = next(
        (match for start, pattern in _REVIEWED if line.startswith(start) and (match := pattern.fullmatch(line))), None
    )
    return found["country"].strip() if found else None


def ranking_of(heading: str) -> tuple[str, str | None] | None:
    """Which ranked list a heading announces ("new_releases"), and of which category where it says so in known words."""
    line = " ".join(heading.split())
    for ranking, pattern in _CATEGORY_OF:
        if (found := pattern.fullmatch(line)) is not None:
            return ranking, found[1].strip()
    return next(((ranking, None) for ranking, words in _RANKING_WORDS.items() if signs.holds(line, words)), None)


def brand_of_byline(text: str) -> str | None:
    """The brand in "Visit the Instant Pot Store" or "Marke: Old Spice"; None for another line."""
    line = " ".join(text.split())
    return next((found[1].strip() for pattern in _BYLINES if (found := pattern.fullmatch(line))), None)


def subject_of_badge(text: str) -> str:
    """What a badge is given for: "Sunscreens" of "in Sunscreens", "mug" of 'for "mug"'; words not known stay."""
    plain = " ".join(text.split())
    found = next((match for pattern in _BADGE_SUBJECT if (match := pattern.fullmatch(plain))), None)
    return (found[1] if found else plain).strip("\"'“”„«»「」『』‘’ ") or plain
