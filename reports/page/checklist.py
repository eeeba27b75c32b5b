"""The check-list of the morning as one page: listing by listing what is done, and what to look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from reports.checklist import Check, Look, Mark, checklist
from reports.page.document import asset, document
from reports.page.told import Label, Telling
from reports.report import Report
from reports.wording import Wording


@dataclass(frozen=True, slots=True)
class LookView:
    """One thing to look at, in words."""

    text: str
    label: Label | None
    command: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """One point of the round, in words."""

    check: Check
    name: str
    says: str
    looks: tuple[LookView, ...]


class Round:
    """The round of one listing, in words."""

    def __init__(self, report: Report, language: str, href: str = "") -> None:
        """``href``: where the listing's report is."""
        comparison = report.comparison
        self.words = Wording(language, comparison.currency, comparison.time_zone)
        self.telling = Telling(comparison, self.words)
        self.listing, self.href = comparison.listing, href
        self.own = self.telling.labels[comparison.own.asin]
        self.night = self.words.day_long(report.period.days.last)
        self.checks = [self._check(each) for each in checklist(report)]
        self.open = [each for each in self.checks if each.check.mark is Mark.LOOK]

    def _check(self, check: Check) -> CheckView:
        return CheckView(check, self.words.said(check.name), self.words.said(check.says), tuple(self._looks(check)))

    def _looks(self, check: Check) -> Iterator[LookView]:
        for look in check.looks:
            yield LookView(self._text(look), self.telling.whose(look.asin) if look.asin else None, look.command)

    def _text(self, look: Look) -> str:
        return look.move.said(self.telling.language) if look.move else self.words.said(look.says)


def record(rounds: Sequence[Round], troubles: Sequence[str]) -> bytes:
    """The round for programs: JSON (UTF-8)."""
    listings = {
        each.listing: [
            {
                "point": view.check.key, "name": view.name, "mark": view.check.mark, "says": view.says,
                "looks": [
                    {"asin": look.asin, "says": shown.text, "command": shown.command or None}
                    for look, shown in zip(view.check.looks, view.looks, strict=True)
                ],
            }
            for view in each.checks
        ]
        for each in rounds
    }  # fmt: skip
    return msgspec.json.encode({"troubles": list(troubles), "listings": listings})


def render_checklist(
    rounds: Sequence[Round],
    troubles: Sequence[str] = (),
    *,
    language: str = "en",
    generated_at: datetime | None = None,
    templates: Path | None = None,
) -> str:
    """The page of all listings, those with the most to look at first. ``troubles``: what went wrong with the tracker
    itself, in words.

    Raises:
        babel.UnknownLocaleError: there is no such language.
        TemplatesError: a template of that folder cannot be used.
    """
    moment = generated_at or datetime.now(UTC)
    return document(
        "checklist.html",
        Wording(language, "USD", "UTC"),
        scripts=(asset("page.js"),),
        look=asset("checklist.css"),
        templates=templates,
        rounds=sorted(rounds, key=lambda each: -len(each.open)),
        troubles=troubles,
        open=sum(len(each.open) for each in rounds) + len(troubles),
        points=sum(len(each.checks) for each in rounds) + len(troubles),
        generated_at=f"{moment:%Y-%m-%d %H:%M} UTC",
    )
