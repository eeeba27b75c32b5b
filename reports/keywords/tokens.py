"""The words of a title in any language, without a model: parted by spaces, or where one script gives way to another.

A text is cut into stretches at punctuation, and these into words at spaces. What is written without spaces (Chinese,
Japanese) is a word as it stands between two spaces when it is short; a longer one is cut where the script changes
(真空断熱|ボトル), and what is still longer into all its pieces of two to four characters, of which those count that
come again elsewhere. Case, width and accents of compatibility are levelled (NFKC, casefold).
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from unicodedata import normalize

from storage.marketplaces import MARKETPLACES

_STRETCH = re.compile(r"[,;:|()\[\]{}/•·・、，。！？!?\"“”„«»【】「」『』（）：；…–—＋+&]|\s[-~]\s")
_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SCRIPTS = re.compile(r"[\u30a0-\u30ff]+|[\u3400-\u9fff]+|[\u3040-\u309f]+|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_KANA = re.compile(r"[\u3040-\u309f]+")
SHORT = 8
"""Characters of what is written without spaces that are a word as they stand."""
PIECES = range(2, 5)
SPACED, UNSPACED = range(2, 6), range(1, 3)
"""Words of a phrase: one alone is too wide to be searched for by who means to buy, but where it is written as one."""
COMPOUND = frozenset({"de", "nl", "sv"})
"""Languages that write several words as one: there a long one is a phrase."""
LONG = 8

Phrase = tuple[str, ...]


def language(marketplace: str) -> str:
    """The language that titles of a marketplace are in."""
    return MARKETPLACES[marketplace].locales[0].partition("_")[0]


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words that no phrase begins or ends with; none in a language that has no list."""
    lists = tomllib.loads(files("reports.keywords").joinpath("stopwords.toml").read_text(encoding="utf-8"))
    return frozenset(lists.get(language, "").split())


def levelled(text: str) -> str:
    """A text as it is compared with others."""
    return normalize("NFKC", text).casefold()


def words(text: str) -> Phrase:
    """The words of a query or a title, as they stand between spaces."""
    return tuple(_WORD.findall(levelled(text)))


@lru_cache(maxsize=1 << 13)  # titles hardly change from one night to the next, and stand around several listings
def phrases(text: str, language: str) -> frozenset[Phrase]:
    """What somebody could search for, of what stands in a text."""
    stop, found = stop_words(language), set[Phrase]()
    for stretch in _STRETCH.split(levelled(text)):
        chunks = _WORD.findall(stretch)
        unspaced = any(map(_UNSPACED.search, chunks))
        if language in COMPOUND:
            found.update((chunk,) for chunk in chunks if len(chunk) >= LONG and chunk.isalpha() and chunk not in stop)
        for length in UNSPACED if unspaced else SPACED:
            for start in range(len(chunks) - length + 1):
                phrase = tuple(chunks[start : start + length])
                if phrase[0] not in stop and phrase[-1] not in stop and _named(phrase):
                    found.add(phrase)
        found.update((piece,) for chunk in chunks for piece in _pieces(chunk) if piece not in stop)
    return frozenset(found)


def _named(phrase: Phrase) -> bool:
    """Whether a phrase is more than a measure: it begins with no number, and its unspaced words are short."""
    return not phrase[0][0].isdigit() and all(
        not word.isdigit() and (len(word) <= SHORT or not _UNSPACED.search(word)) for word in phrase
    )


def _pieces(chunk: str) -> Iterator[str]:
    """The parts of a word without spaces, by script."""
    if not _UNSPACED.search(chunk) or (len(chunk) <= SHORT and (_KANA.search(chunk) or _SCRIPTS.fullmatch(chunk))):
        return
    for part in _SCRIPTS.findall(chunk):
        if len(part) < PIECES[0] or _KANA.fullmatch(part) or not _UNSPACED.search(part):
            continue
        if len(part) < PIECES[-1] + 1 or "\u30a0" <= part[0] <= "\u30ff":
            yield part
        else:
            for length in PIECES:
                yield from (part[n : n + length] for n in range(len(part) - length + 1))


def joined(phrase: Phrase) -> str:
    """A phrase as text that is in another one only as whole words: between spaces, where it is written with any."""
    text = " ".join(phrase)
    return text if _UNSPACED.search(text) else f" {text} "


@lru_cache(maxsize=1 << 13)
def _laid_out(text: str) -> tuple[str, frozenset[str]]:
    """A text as it is compared, and its words."""
    plain = levelled(text)
    return plain, frozenset(_WORD.findall(plain))


def within(phrase: Phrase, text: str) -> bool:
    """Whether all words of a phrase stand in a text, in whatever order."""
    plain, there = _laid_out(text)
    return all(word in plain if _UNSPACED.search(word) else word in there for word in phrase)
