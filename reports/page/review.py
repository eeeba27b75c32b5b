"""The review of a week or a month, all listings in one document, to read on Monday and to send to the team."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reports.page.document import asset, document
from reports.page.told import MoveView
from reports.page.view import View
from reports.report import Report
from reports.review import Line, Sense, review
from reports.wording import Wording

MOVES = 6
"""Moves of a listing that are told."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words."""

    sense: Sense
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the period brought in one respect."""

    key: str
    head: str
    lines: Sequence[Told]


class Reviewed:
    """One listing's part of the review, in words."""

    def __init__(self, report: Report, language: str, generated_at: datetime) -> None:
        comparison = report.comparison
        self.words = words = Wording(language, comparison.currency, comparison.time_zone)
        self.view = View(report, words, generated_at)
        self.report = report
        found = review(report)
        chapters = [
            self._chapter("keywords", words.say("Keywords"), found.keywords),
            self._chapter("price", words.say("Price"), found.price),
            self._chapter("reviews", words.say("Reviews"), found.reviews),
            self._chapter("numbers", words.say("Numbers"), found.numbers),
            self._chapter("actions", words.say("Your own changes"), found.actions),
            self._chapter("health", words.say("Health of your listing"), found.health),
        ]
        self.chapters = [chapter for chapter in chapters if chapter.lines]
        self.moves: list[MoveView] = self.view.moves[:MOVES]
        self.more = len(self.view.moves) - len(self.moves)

    def _chapter(self, key: str, head: str, lines: Iterable[Line]) -> Chapter:
        return Chapter(key, head, [Told(line.sense, self.words.said(line.says)) for line in lines])


def title(parts: Sequence[Reviewed], words: Wording) -> str:
    """The first line of the review."""
    period = max((part.report.period for part in parts), key=lambda each: each.days.last)
    days = words.span(period.days.first, period.days.last)
    if period.sort == "month":
        return words.say("The month: {days}", days=days)
    return words.say("The week: {days}", days=days) if period.sort == "week" else words.say("Review: {days}", days=days)


def render_review(
    reports: Sequence[Report],
    *,
    language: str = "en",
    generated_at: datetime | None = None,
    templates: Path | None = None,
) -> str:
    """The review of these listings as one HTML document; see :func:`reports.page.render.render` for the arguments.

    Raises:
        babel.UnknownLocaleError: there is no such language.
        TemplatesError: a template of that folder cannot be used.
    """
    at = generated_at or datetime.now(UTC)
    parts = [Reviewed(report, language, at) for report in reports]
    words = Wording(language, "USD", "UTC")
    return document(
        "review.html",
        words,
        scripts=(asset("page.js"),),
        look=asset("review.css"),
        templates=templates,
        parts=parts,
        title=title(parts, words),
        generated_at=f"{at:%Y-%m-%d %H:%M} UTC",
    )
