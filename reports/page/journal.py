"""The journal of a report, ready to print: what was done, what came of it, and what nobody noted."""

from dataclasses import dataclass

from reports.page.told import WEIGHT, Telling
from reports.report import Report
from reports.sections.journal import LABELS, Logged
from reports.sections.own_page import PageChange
from reports.wording import Wording


@dataclass(frozen=True, slots=True)
class LoggedView:
    entry: int
    day: str
    what: str
    text: str
    """In the words of who did it."""
    verdict: str
    said: str
    """What came of it, in short."""
    moved: tuple[tuple[str, str], ...]
    """Verdict and sentence of each measure that moved."""
    still: tuple[str, ...]
    """Sentences of the others."""
    notes: tuple[str, ...]
    """What the page shows of it, what cannot be told apart, and what else may have been the cause."""


@dataclass(frozen=True, slots=True)
class UnloggedView:
    day: str
    what: str
    change: str
    command: str


class JournalView:
    """What was done to the own listing, the newest first."""

    def __init__(self, report: Report, telling: Telling) -> None:
        self._words: Wording = telling.words
        self._telling = telling
        self._listing = report.comparison.listing
        self.actions = [self._logged(each) for each in report.journal.actions]
        self.unlogged = [self._unlogged(each) for each in report.journal.unlogged]

    def _logged(self, found: Logged) -> LoggedView:
        language = self._telling.language
        told = [(effect.verdict.value, effect.said(language)) for effect in found.effects]
        causes = found.causes(lambda asin: self._telling.whose(asin).chip) if found.over else ()
        return LoggedView(
            entry=found.action.entry,
            day=self._words.day(found.day),
            what=self._words.say(LABELS[found.action.what]),
            text=found.action.text,
            verdict=found.verdict,
            said=self._words.said(found.says),
            moved=tuple((verdict, text) for verdict, text in told if verdict in WEIGHT),
            still=tuple(text for verdict, text in told if verdict not in WEIGHT),
            notes=tuple(self._words.said(each) for each in (*found.page, *found.beside, *causes)),
        )

    def _unlogged(self, found: PageChange) -> UnloggedView:
        return UnloggedView(
            day=self._words.day(found.at.astimezone(self._words.zone).date()),
            what=self._words.say(LABELS[found.what]),
            change=f"{found.before} → {found.after}" if found.amounts and found.before and found.after else "",
            command=found.command(self._listing, self._words.zone),
        )
