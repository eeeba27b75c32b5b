"""What a review complains about, by word lists that can be read and corrected: a file a language beside this one.

An entry is a word or words in a row, where ``*`` stands for the rest of a word; case, accents and the shape of
apostrophes make no difference. Japanese and Chinese write no gaps between words: there an entry stands anywhere. What
is denied does not count ("no leaks"): a word of ``not`` among the few before an entry in the same part of the sentence,
or one of ``after`` right behind it. An entry that is a denial itself ("does not fit") is taken as it stands.

Which language a review is in is not said on the page. Asked are those of its country, then those of the marketplace,
and of these the one whose commonest words (``common``) the text has most of, the first of equals; kana and Chinese
characters tell by themselves. README.md says how often all of this is right.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
from babel import Locale
from babel.languages import get_official_languages

from storage.marketplaces import MARKETPLACES

TOPICS = {
    "quality": "Broken, poor quality",
    "leaks": "Leaks",
    "size": "Size, fit",
    "smell": "Smell, taste",
    "missing": "Parts missing",
    "damaged": "Damaged, packaging",
    "delivery": "Delivery",
    "described": "Not as described",
    "battery": "Battery, charging",
    "noise": "Noise",
    "safety": "Safety",
    "instructions": "Instructions, assembly",
    "value": "Value for money",
    "service": "Customer service",
    "used": "Used, counterfeit",
}
"""What each is called, in the order in which they are shown. A review of none of them is about something else."""

UNSPACED = frozenset({"ja", "zh"})
_CLAUSE = re.compile(r"[.!?;:,()\n…。！？；：，、（）]")
_WORD = re.compile(r"\w+(?:'\w+)*")
_KANA, _HAN, _LATIN = re.compile("[぀-ヿ]"), re.compile("[㐀-鿿]"), re.compile("[A-Za-zÀ-ɏ]")


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file."""

    common: tuple[str, ...] = ()
    """Words that nearly every text of the language has, and few of another."""
    no: tuple[str, ...] = msgspec.field(name="not", default=())
    """What denies the words after it, up to ``reach`` of them further on."""
    after: tuple[str, ...] = ()
    """What denies the word before it."""
    reach: int = 3
    """In words; in characters where no gaps are written."""
    topics: dict[str, tuple[str, ...]]


class Topic(NamedTuple):
    """A topic of a text, with the words that say so, as they stand there."""

    key: str
    """One of TOPICS."""
    words: tuple[str, ...]


def topics(text: str, language: str) -> tuple[Topic, ...]:
    """What a text in this language (one of :func:`languages`) is about, in the order of TOPICS; empty for none of it.

    Raises KeyError for a language without a list.
    """
    speaker = _Speaker.of(language)
    shown, plain = unicodedata.normalize("NFC", text), _plain(text, language)
    found = []
    for key, pattern in speaker.patterns:
        words: dict[str, str] = {}
        for match in pattern.finditer(plain):
            if not speaker.denied(plain, match):
                word = shown[match.start() : match.end()]
                words.setdefault(word.casefold(), word)
        if words:
            found.append(Topic(key, tuple(words.values())))
    return tuple(found)


def language_of(text: str, country: str | None, marketplace: str) -> str | None:
    """The language that a review of a country (as the page words it) is read in; None where its script is that of no
    list."""
    spoken = [language for language in _spoken(country, marketplace) if language in languages()]
    if _KANA.search(text):
        return "ja"
    if len(_HAN.findall(text)) > len(_LATIN.findall(text)):
        return "ja" if "ja" in spoken and "zh" not in spoken[: spoken.index("ja")] else "zh"
    if any(map(str.isalpha, text)) and 2 * len(_LATIN.findall(text)) < sum(map(str.isalpha, text)):
        return None
    latin = [language for language in spoken if language not in UNSPACED] or ["en"]
    words = _WORD.findall(_plain(text, latin[0]))
    return max(latin, key=lambda language: sum(word in _Speaker.of(language).common for word in words))


@cache
def languages() -> frozenset[str]:
    """Those that have a list, by their codes (ISO 639-1)."""
    return frozenset(f.name.removesuffix(".toml") for f in files(__package__).iterdir() if f.name.endswith(".toml"))


@lru_cache(maxsize=1000)
def _spoken(country: str | None, marketplace: str) -> tuple[str, ...]:
    """The languages of a country, then those of the marketplace on whose page it is named."""
    own = MARKETPLACES[marketplace].locales
    territory = _territories(own).get(country.casefold()) if country else None
    there = next((m.locales for m in MARKETPLACES.values() if m.locales[0].endswith(f"_{territory}")), None)
    officially = get_official_languages(territory) if territory and not there else ()
    return tuple(dict.fromkeys(each.partition("_")[0] for each in (*(there or officially), *own)))


@cache
def _territories(locales: Sequence[str]) -> Mapping[str, str]:
    """Name of a country in any of these languages -> its code."""
    names = [Locale.parse(each).territories.items() for each in reversed(locales)]
    return {name.casefold(): code for known in names for code, name in known if len(code) == 2}


class _Speaker:
    """The words of one language, made ready to look for."""

    def __init__(self, language: str, words: Words) -> None:
        self.unspaced = language in UNSPACED
        self.reach = words.reach
        self.common = frozenset(_plain(word, language) for word in words.common)
        self._before, self._after = (tuple(_plain(w, language) for w in each) for each in (words.no, words.after))
        self._denials = self._pattern((*self._before, *self._after)) if self._before or self._after else None
        unknown = words.topics.keys() - TOPICS.keys()
        if unknown:
            raise ValueError(f"reports/topics/{language}.toml: no such topic: {', '.join(sorted(unknown))}")
        entries = {key: [_plain(entry, language) for entry in words.topics[key]] for key in words.topics}
        self.patterns = [(key, self._pattern(entries[key])) for key in TOPICS if entries.get(key)]

    @classmethod
    @cache
    def of(cls, language: str) -> "_Speaker":
        if language not in languages():
            raise KeyError(language)
        text = files(__package__).joinpath(f"{language}.toml").read_bytes()
        return cls(language, msgspec.convert(tomllib.loads(text.decode()), Words))

    def _pattern(self, entries: Iterable[str]) -> re.Pattern[str]:
        """The longest entry that stands at a place is the one that is found there."""
        ordered = sorted(entries, key=len, reverse=True)
        if self.unspaced:
            return re.compile("|".join(map(re.escape, ordered)))
        made = [re.escape(entry).replace(r"\ ", r"[\s-]+").replace(r"\*", r"\w*") for entry in ordered]
        return re.compile(rf"(?<!\w)(?:{'|'.join(made)})(?!\w)")

    def denied(self, text: str, match: re.Match[str]) -> bool:
        """Whether what was found is said not to be so."""
        if self._denials is None or self._denials.search(match[0]):
            return False
        before = _CLAUSE.split(text[: match.start()])[-1]
        if self.unspaced:
            near = before[-self.reach :]
            return any(word in near for word in self._before) or text.startswith(self._after, match.end())
        following = _WORD.match(text, match.end() + 1)
        near_words, next_words = _WORD.findall(before)[-self.reach :], [following[0]] if following else []
        return _any(self._before, near_words) or _any(self._after, next_words)


def _any(entries: Sequence[str], words: Sequence[str]) -> bool:
    return any(w.startswith(e[:-1]) if e.endswith("*") else w == e for e in entries for w in words)


def _plain(text: str, language: str) -> str:
    """The text as it is compared: in lower case, without accents where they tell no words apart. Every character keeps
    its place."""
    shown = unicodedata.normalize("NFC", text).replace("’", "'").replace("`", "'")
    bare = shown if language in UNSPACED else "".join(unicodedata.normalize("NFD", char)[0] for char in shown)
    return "".join(low if len(low := char.lower()) == 1 else char for char in bare)
