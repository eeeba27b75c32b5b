"""The section on bad reviews, ready to print."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.page.told import Label, Telling
from reports.report import Report
from reports.sections.ledger import OTHER, Came, Opinion, TopicCount
from reports.sentences import Said
from reports.topics import TOPICS
from reports.wording import Wording, short

OPEN = 8
"""Reviews shown at once; the others are folded."""
WIDTH = 280
"""Columns of a review's text that are shown at once; the whole of a longer one is folded."""
FOUND = 6
"""Words that a topic was found by, named in the table."""
SOMETHING_ELSE = "Something else"


@dataclass(frozen=True, slots=True)
class OpinionView:
    opinion: Opinion
    label: Label
    stars: str
    when: str
    about: str
    """Country, whether the purchase is verified, variation."""
    title: str
    text: str
    """What fits of it."""
    whole: str
    """All of it, where that is more."""
    topics: tuple[tuple[str, str], ...]
    """Each with the words that it was found by."""
    note: str
    """That topics are not known, or what the user noted."""
    also: tuple[Label, ...]
    """Other products of the report on whose pages it stands."""


@dataclass(frozen=True, slots=True)
class TopicView:
    name: str
    own: str
    rivals: str
    order: tuple[int, int]
    where: tuple[tuple[Label, int], ...]
    """Rivals with any, and how many."""
    words: str


class LedgerView:
    """The reviews, the own product's first, then the newest; and what they complain about."""

    def __init__(self, report: Report, words: Wording, telling: Telling) -> None:
        self.words, self._labels, self._ledger = words, telling.labels, report.ledger
        found = [self._opinion(each) for each in report.ledger.opinions]
        self.count, self.first, self.others = len(found), found[:OPEN], found[OPEN:]
        self.says = words.said(report.ledger.says)
        self.shown = bool(found or report.ledger.open)
        self.topics = [self._topic(each) for each in report.ledger.topics]
        self.unlisted = report.ledger.unlisted

    def _opinion(self, opinion: Opinion) -> OpinionView:
        kept, say = opinion.kept, self.words.say
        also = (asin for asin in kept.asins if asin != opinion.asin)
        body = " ".join((kept.body or "").split())
        text = short(body, WIDTH)
        about = [kept.country or "", say("verified purchase") if kept.verified else "", kept.variant or ""]
        return OpinionView(
            opinion=opinion,
            label=self._labels[opinion.asin],
            stars=self.words.said(_stars(opinion)),
            when=self.words.said(self._when(opinion)),
            about=" · ".join(filter(None, about)),
            title=kept.title or "",
            text=text,
            whole=kept.body or "" if text != body else "",
            topics=tuple((say(TOPICS[each.key]), ", ".join(each.words)) for each in opinion.topics or ()),
            note=self.words.said(_notes(opinion)),
            also=tuple(self._labels[asin] for asin in also if asin in self._labels),
        )

    def _when(self, opinion: Opinion) -> Iterator[Said]:
        written = opinion.kept.reviewed_on
        on = self.words.voice.date(written, "d MMM y", "yMMMd") if written else ""
        match opinion.came:
            case Came.CHANGED:
                yield Said("stars changed, seen {day:day}", {"day": opinion.day})
            case Came.SURFACED:
                yield Said("on the page since {day:day}, not before", {"day": opinion.day})
            case Came.NEW if opinion.kept.there_before:
                yield Said("there on the first page that was read")
            case Came.NEW:
                yield Said("first seen {day:day}", {"day": opinion.day})
        if on:
            yield Said("written on {on}", {"on": on})

    def _topic(self, count: TopicCount) -> TopicView:
        ledger, by = self._ledger, count.products
        where = ((label, by[asin]) for asin, label in self._labels.items() if asin in by and not label.own)
        return TopicView(
            name=self.words.say(TOPICS[count.topic] if count.topic != OTHER else SOMETHING_ELSE),
            own=self._part(count.own, ledger.own),
            rivals=self._part(count.rivals, ledger.rivals),
            order=(count.own, count.rivals),
            where=tuple(where),
            words=", ".join(count.words[:FOUND]),
        )

    def _part(self, count: int, of: int) -> str:
        if not count:
            return self.words.number(0) if of else ""
        return self.words.say("{n:number} of {of:number} ({share:share})", n=count, of=of, share=count / of)


def _stars(opinion: Opinion) -> Said:
    stars, before = opinion.kept.stars, opinion.before
    if opinion.came is Came.CHANGED and before is not None:
        return Said("{before:number} → {stars:number} ★", {"before": before, "stars": stars})
    return Said("{stars:number} ★", {"stars": stars})


def _notes(opinion: Opinion) -> Iterator[Said]:
    if opinion.topics is None:
        yield Said("topics not known: there is no word list for its language")
    if opinion.own and opinion.kept.state == "handled":
        yield Said("handled: {note}", {"note": opinion.kept.note}) if opinion.kept.note else Said("handled")
