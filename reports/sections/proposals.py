"""Who to watch, and which words: what competes with the listing and is not watched, and which rivals are none any more.

Of the newest state only: of days long past it would propose what was done since.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from shlex import quote
from statistics import median

import duckdb

from reports.flags import Flag, Kind
from reports.keywords.ideas import Idea, ideas
from reports.keywords.seen import texts
from reports.rivals.evidence import Evidence, Subject, evidence
from reports.rivals.score import Scored, candidates, scored
from reports.rivals.weak import Weak, weak
from reports.sentences import Said
from reports.series import Comparison

MOST = 5
"""Of each, at most."""
ENOUGH = 10
"""Rivals; with fewer, whoever competes most is proposed."""
LEAST = 0.25
"""Score of words worth proposing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product to watch."""

    scored: Scored
    new: tuple[Said, ...]
    """How it came up; empty of one that was there before."""

    @property
    def says(self) -> tuple[Said, ...]:
        return (*self.new, *self.scored.reasons)


@dataclass(frozen=True, slots=True)
class Proposals:
    """What could be watched, and what no longer. Each goes with the command that does it."""

    listing: str = ""
    candidates: tuple[Candidate, ...] = ()
    """Newcomers first, then who competes at least as much as half of the rivals do; the best first."""
    replace: tuple[Weak, ...] = ()
    keywords: tuple[Idea, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.candidates or self.replace or self.keywords)

    def left(self, rivals: Collection[str], keywords: Iterable[str]) -> "Proposals":
        """What is still to be done where these are watched by now, and will be read in the next crawl."""
        words = {keyword.casefold() for keyword in keywords}
        poor = [each for each in self.replace if each.product.asin in rivals]
        return Proposals(
            self.listing,
            tuple(each for each in self.candidates if each.scored.product.asin not in rivals),
            tuple(replace(each, by=None) if each.by and each.by.product.asin in rivals else each for each in poor),
            tuple(each for each in self.keywords if each.keyword.casefold() not in words),
        )

    def add(self, found: Candidate) -> str:
        return f"tracker rivals add {quote(self.listing)} {found.scored.product.asin}"

    def exchange(self, found: Weak) -> str:
        """The command that replaces a rival, or drops one for whom there is nobody."""
        old = f"{quote(self.listing)} {found.product.asin}"
        return f"tracker rivals replace {old} {found.by.product.asin}" if found.by else f"tracker rivals drop {old}"

    def watch(self, found: Idea) -> str:
        return f"tracker keywords add {quote(self.listing)} {quote(found.keyword)}"


NO_PROPOSALS = Proposals()


def proposals(
    con: duckdb.DuckDBPyConnection, comparison: Comparison, marks: Iterable[Flag], newcomers: Iterable[str] = ()
) -> Proposals:
    """What the newest pages propose. ``marks``: flags, those of newcomers among them; ``newcomers``: ASINs that are new
    in the ranked lists."""
    night = comparison.night
    found = evidence(
        con,
        Subject(
            listing=comparison.listing,
            marketplace=comparison.marketplace,
            asin=comparison.own.asin,
            rivals=tuple(p.asin for p in comparison.rivals if p.watched_on(night)),
            keywords=tuple(k.keyword for k in comparison.keywords if k.watched_on(night)),
            currency=comparison.currency,
            time_zone=comparison.time_zone,
            until=comparison.until,
        ),
    )
    best = candidates(found)
    poor = weak(found, best)[:MOST]
    taken = {each.by.product.asin for each in poor if each.by}
    return Proposals(
        listing=comparison.listing,
        candidates=_candidates(found, [each for each in best if each.product.asin not in taken], marks, newcomers),
        replace=tuple(poor),
        keywords=tuple(idea for idea in ideas(texts(con, found)) if idea.score >= LEAST)[:MOST],
    )


def _candidates(
    found: Evidence, best: Sequence[Scored], marks: Iterable[Flag], newcomers: Iterable[str]
) -> tuple[Candidate, ...]:
    came: dict[str, tuple[Said, ...]] = {
        flag.asin: (Said("came up on page one on {day:day}", {"day": flag.facts["first"]}),)
        for flag in marks
        if flag.kind is Kind.NEWCOMER and flag.asin
    }
    came |= {asin: (*came.get(asin, ()), Said("new in the ranked lists", {})) for asin in newcomers}
    rivals = [each.score for each in (scored(found, asin) for asin in found.subject.rivals) if each.known]
    least = median(rivals) if len(rivals) >= ENOUGH else 0.0
    new = [Candidate(each, came[each.product.asin]) for each in best if each.product.asin in came]
    rest = [Candidate(each, ()) for each in best if each.product.asin not in came and each.score >= least]
    return tuple([*new[:MOST], *rest][:MOST])
