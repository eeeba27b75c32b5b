"""What is said of an effect: a move, a measure of the own listing, and what of its change is not chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.sentences import Fact, sentence

BSR = "Your BSR"
PLACE = "Your organic place for “{keyword}”"
REVIEWS = "Your new reviews"
UNITS, SESSIONS, CONVERSION = "Your units sold", "Your sessions", "Your conversion"
RANKED = " {before:number} → {after:number}"
PACE = " {before:fixed} → {after:fixed} a day"
DAILY = " {before:fixed} → {after:fixed} on a day"
PART = " {before:share} → {after:share}"
FROM_PLACE, FROM_BEYOND = " {before:fixed}", " beyond {limit:number}"
TO_PLACE, TO_BEYOND = " → {after:fixed}", " → beyond {limit:number}"

WORSE = ": worse than expected, {change:percent} (95 % sure: {low:percent} to {high:percent})"
BETTER = ": better than expected, {change:percent} (95 % sure: {low:percent} to {high:percent})"
NO_EFFECT = ": no effect seen, {change:percent} (95 % sure: {low:percent} to {high:percent})"
PAST = "; against your own past"
PEERS = "; against your own past and {peers:count other product|other products} of the category"
NIGHTS = ", {nights_before:count night|nights} before and {nights_after:number} after"
CENSORED = "; what was beyond the pages read counts as the first place beyond them"
OTHERS = "; possible other causes: {others:list}"
MORE = " (and {more:count other product|other products})"
YOU = "; you moved on the same days, too"
MARKET = "; the market moved on the same days, too"

FEW_BEFORE = ": too little to say, {nights_before:count night|nights} before it, of {least:number} needed"
FEW_AFTER = ": too little to say, {nights_after:count night|nights} since it began, of {least:number} needed"
WITHOUT_STOCK = " (when you were in stock)"
FEW_REVIEWS = ": too little to say, {count:count review|reviews} in the four weeks before, of {least:number} needed"
OTHER_REVIEWS = ": cannot be judged, bad reviews came to you at that time, or reviews were merged or removed"
BEYOND = ": too little to say, most nights beyond the pages read"


class Metric(StrEnum):
    BSR = "bsr"
    PLACE = "place"
    REVIEWS = "reviews"
    UNITS = "units"
    """These three come of the seller's own numbers."""
    SESSIONS = "sessions"
    CONVERSION = "conversion"


OF_PAGES = (Metric.BSR, Metric.PLACE, Metric.REVIEWS)
"""What the crawled pages show of any product."""
MORE_IS_BETTER = frozenset({Metric.REVIEWS, Metric.UNITS, Metric.SESSIONS, Metric.CONVERSION})


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    NO_EFFECT = "no effect seen"
    TOO_LITTLE = "too little to say"


@dataclass(frozen=True, slots=True)
class Effect:
    """What went otherwise with the own listing than its past and its category suggest, from a move's start to its end.

    An association in time: ``says`` names what else moved. Numbers are rounded to four digits.
    """

    move: str
    """Its id."""
    metric: Metric
    keyword: str | None
    before: float | None
    """BSR (geometric mean of the nights), organic place (so too), reviews a day; None when too little is known."""
    after: float | None
    effect: float | None
    """Factor against what was to be expected: above one the rank or place number rose, or more reviews came."""
    low: float | None
    high: float | None
    """Bounds of its interval; see MOVES.md for how sure."""
    nights_before: int
    nights_after: int
    verdict: Verdict
    says: tuple[str, ...]
    facts: Mapping[str, Fact]
    others: tuple[str, ...] = ()
    """Ids of other moves in which something was done on the days weighed."""

    @property
    def sentence(self) -> str:
        """In English."""
        return self.said("en")

    def said(self, language: str) -> str:
        return sentence(self.says, self.facts, language)
