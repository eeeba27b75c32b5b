"""Words worth watching: what rivals' titles and bullets say, what ranks first, and what the site itself offers besides.

A phrase is scored as a rival is (see reports/RIVALS.md): parts from 0 to 1 with weights, of which those that are not
known are left out. Left out are brands, and what is watched already in whatever order of words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.keywords.tokens import Phrase, joined, phrases, stop_words, within, words
from reports.sentences import Said

WEIGHTS = {"rivals": 0.35, "offered": 0.35, "top": 0.2, "bullets": 0.1}
"""Judgement: what the site offers is searched for, and what rivals' titles share is what they want to be found by."""
LEAST = 2
"""Titles that share a phrase, at least, where the site does not offer it."""
LIKE = 0.8
"""A phrase is left out for a longer one that stands in so many of its titles."""
NAMED = 3


@dataclass(frozen=True, slots=True)
class Texts:
    """What there is to find words in."""

    language: str
    own_title: str | None
    rivals: Sequence[str]
    """Titles."""
    bullets: Sequence[str]
    """Of each rival, all of them."""
    top: Sequence[str]
    """Titles of what stands first for the keywords that are watched."""
    offered: Mapping[str, frozenset[str]] | None
    """Query -> the watched keywords beside whose results the site offers it; None where no such page was read."""
    watched: Sequence[str]
    brands: Iterable[str]


@dataclass(frozen=True, slots=True)
class Idea:
    """Words that could be watched."""

    keyword: str
    score: float
    """From 0 to 1."""
    says: tuple[Said, ...]
    """Why."""
    lacking: tuple[str, ...]
    """Those of its words that the own title has not; empty where that is not known, too."""


def ideas(texts: Texts) -> list[Idea]:
    """The best first."""
    cut = {text: phrases(text, texts.language) for text in {*texts.rivals, *texts.top, *texts.bullets}}
    titles, of_rivals, of_top, of_bullets = (
        Counter(phrase for text in group for phrase in cut[text])
        for group in ({*texts.rivals, *texts.top}, texts.rivals, texts.top, texts.bullets)
    )
    queries = {words(query): keywords for query, keywords in (texts.offered or {}).items()}
    shared = {phrase for phrase, count in titles.items() if count >= LEAST}
    brands = _brands(texts)
    watched = {frozenset(words(keyword)) for keyword in texts.watched}
    said = frozenset().union(*watched)
    found: dict[frozenset[str], Idea] = {}
    for phrase in sorted(shared | queries.keys()):
        letters = frozenset(phrase)
        if not phrase or letters in watched or brands & letters or (len(phrase) == 1 and phrase[0] in said):
            continue
        if phrase in queries:
            counts = tuple(sum(within(phrase, t) for t in group) for group in (texts.rivals, texts.top, texts.bullets))
        elif _part_of_a_longer(phrase, shared, titles):
            continue
        else:
            counts = of_rivals[phrase], of_top[phrase], of_bullets[phrase]
        idea = _idea(texts, phrase, counts, queries.get(phrase, frozenset()))
        if letters not in found or idea.score > found[letters].score:
            found[letters] = idea
    return sorted(found.values(), key=lambda idea: (-idea.score, idea.keyword))


def _idea(texts: Texts, phrase: Phrase, counts: tuple[int, ...], offered: frozenset[str]) -> Idea:
    rivals, top, bullets = counts
    values = {
        "rivals": rivals / len(texts.rivals) if texts.rivals else None,
        "offered": None if texts.offered is None else len(offered) / (len(offered) + 1),
        "top": top / len(texts.top) if texts.top else None,
        "bullets": bullets / len(texts.bullets) if texts.bullets else None,
    }
    known = {key: value for key, value in values.items() if value is not None}
    score = sum(WEIGHTS[key] * value for key, value in known.items()) / sum(map(WEIGHTS.__getitem__, known))
    says = []
    if offered:
        named = [f"“{keyword}”" for keyword in sorted(offered)[:NAMED]]
        says.append(Said("the site offers it to who searches {keywords:list}", {"keywords": named}))
    if rivals:
        facts = {"titles": rivals, "of": len(texts.rivals)}
        says.append(Said("in the titles of {titles:number} of {of:count rival|rivals}", facts))
    if top:
        facts = {"titles": top, "of": len(texts.top)}
        says.append(Said("in {titles:number} of the {of:count title|titles} that rank first on your keywords", facts))
    if bullets:
        says.append(Said("in the bullets of {rivals:count rival|rivals}", {"rivals": bullets}))
    own = texts.own_title
    stop = stop_words(texts.language)
    lacking = tuple(word for word in phrase if own and word not in stop and not within((word,), own))
    if lacking:
        says.append(Said("your title lacks {words:list}", {"words": [f"“{word}”" for word in lacking]}))
    return Idea(joined(phrase).strip(), score, tuple(says), lacking)


def _part_of_a_longer(phrase: Phrase, shared: Iterable[Phrase], counts: Mapping[Phrase, int]) -> bool:
    """Whether nearly all titles with a phrase have it as part of one and the same longer one."""
    inner, least = joined(phrase), LIKE * counts[phrase]
    return any(counts[other] >= least and other != phrase and inner in joined(other) for other in shared)


def _brands(texts: Texts) -> frozenset[str]:
    """First words of brands: those that are known, and what only ever begins titles, and more than one of them."""
    known = {words(brand)[0] for brand in texts.brands if words(brand)}
    titles = [words(title) for title in {*texts.rivals, *texts.top}]
    first = Counter(title[0] for title in titles if title)
    inside = {word for title in titles for word in title[1:]}
    return frozenset(known | {word for word in first if word not in inside})
