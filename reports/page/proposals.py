"""Who to watch and which words, ready to print: each with its reasons and the command that does it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.page.told import Label, Telling
from reports.report import Report
from reports.sections.proposals import Candidate
from reports.sentences import Said


@dataclass(frozen=True, slots=True)
class ProposalView:
    mark: str
    """What is to be done, or the score."""
    label: Label
    """Whom it is about; of a keyword its words."""
    says: str
    by: Label | None
    """Who would take the place."""
    command: str


class ProposalsView:
    """Rivals to replace, products to watch, and keywords."""

    def __init__(self, report: Report, telling: Telling) -> None:
        self.words, self.telling = telling.words, telling
        found, say = report.proposals, self.words.say
        self.replace = [
            ProposalView(
                mark=say("replace") if each.by else say("drop"),
                label=telling.whose(each.product.asin),
                says=self._joined(each.says),
                by=telling.stranger(each.by.product.asin, each.by.product.title) if each.by else None,
                command=found.exchange(each),
            )
            for each in found.replace
        ]
        self.candidates = [
            ProposalView(
                mark=self._score(each.scored.score),
                label=self._stranger(each),
                says=self._joined(each.says),
                by=None,
                command=found.add(each),
            )
            for each in found.candidates
        ]
        self.keywords = [
            ProposalView(
                mark=self._score(each.score),
                label=Label("", own=False, chip="", name=each.keyword, title="", url="", colour=0),
                says=self._joined(each.says),
                by=None,
                command=found.watch(each),
            )
            for each in found.keywords
        ]
        self.count = len(self.replace) + len(self.candidates) + len(self.keywords)

    def _stranger(self, found: Candidate) -> Label:
        """A product to watch; it is marked where it is new."""
        label = self.telling.stranger(found.scored.product.asin, found.scored.product.title)
        return label if found.new else replace(label, chip="")

    def _score(self, score: float) -> str:
        return self.words.fixed(score, 2)

    def _joined(self, says: Sequence[Said]) -> str:
        said = self.words.said(says)
        return said[:1].upper() + said[1:]
