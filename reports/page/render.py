"""The report as one HTML file: no network, no cookie, nothing that runs but what is inlined here.

Every text from outside is escaped by Jinja or, in the charts' data, kept from ending its script element.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reports.crawled import Crawled
from reports.flags import Severity
from reports.page.cells import Cells
from reports.page.document import BIDI, Frame, asset, document
from reports.page.figures import Figures
from reports.page.told import FlagView
from reports.page.view import TILES, View
from reports.report import Report
from reports.unread import shifted, unread_for
from reports.wording import Wording

TOP_FLAGS = 3
"""Flags of a listing that the overview names."""


@dataclass(frozen=True, slots=True)
class OverviewItem:
    """One listing on the overview page."""

    report: Report
    href: str
    """Where its report is, relative to the overview."""


@dataclass(frozen=True, slots=True)
class Card:
    """One listing on the overview page, ready to print."""

    view: View
    href: str

    @property
    def flags(self) -> list[FlagView]:
        """The gravest of those that need a look."""
        return self.view.look[:TOP_FLAGS]

    @property
    def gravity(self) -> tuple[int, ...]:
        """How many of each severity need a look: grave ones of the own listing count before all others."""
        flags = [each.flag for each in self.view.look]
        own = sum(flag.own and flag.severity is Severity.HIGH for flag in flags)
        return own, *(sum(flag.severity is severity for flag in flags) for severity in sorted(Severity, reverse=True))


def render(
    report: Report,
    *,
    language: str = "en",
    generated_at: datetime | None = None,
    frame: Frame | None = None,
    templates: Path | None = None,
) -> str:
    """The comparison report of one listing as an HTML document.

    ``language`` (a locale Babel knows) sets how numbers, money and dates are written; ``generated_at`` (UTC) defaults
    to now; ``frame`` stands above a page that is served; ``templates`` is a folder of the user's own.

    Raises:
        babel.UnknownLocaleError: there is no such language.
        TemplatesError: a template of that folder cannot be used.
    """
    comparison = report.comparison
    words = Wording(language, comparison.currency, comparison.time_zone)
    view = View(report, words, generated_at or datetime.now(UTC))
    names = [(label.chip, label.name, label.title) for label in view.telling.labels.values()]
    figures = Figures(report, names, words)
    text = BIDI.sub("", json.dumps(figures.data, ensure_ascii=False, separators=(",", ":")))
    data = Markup(_inert(text))  # noqa: S704 - cannot leave its script element
    scripts = (asset("page.js"), asset("tables.js"), asset("drawing.js") + asset("charts.js"))
    asked: dict[str, Any] = {"scripts": scripts, "library": asset("vendor/echarts.min.js")}
    asked |= {"view": view, "figures": figures, "data": data}
    return document("listing.html", words, frame=frame, templates=templates, **asked)


def render_overview(
    items: Sequence[OverviewItem],
    *,
    language: str = "en",
    generated_at: datetime | None = None,
    crawls: Sequence[Crawled] = (),
    round_href: str = "",
    frame: Frame | None = None,
    templates: Path | None = None,
) -> str:
    """The index page: each listing's night in a sentence, its top flags, the link to its report, those that need a look
    most first; what the last ``crawls`` read and what they did not; and a link to the morning round (``round_href``).
    As :func:`render`."""
    moment = generated_at or datetime.now(UTC)
    cards = []
    for item in items:
        comparison = item.report.comparison
        words = Wording(language, comparison.currency, comparison.time_zone)
        cards.append(Card(View(item.report, words, moment), item.href))
    cards.sort(key=lambda card: card.gravity, reverse=True)
    words = Wording(language, "USD", "UTC")
    newest = max((item.report.period for item in items), key=lambda period: period.days.last, default=None)
    asked = newest is not None and (newest.sort or newest.chosen)
    return document(
        "overview.html",
        words,
        scripts=(asset("page.js"), asset("tables.js")),
        frame=frame,
        templates=templates,
        cards=cards,
        period=words.span(newest.days.first, newest.days.last) if newest and asked else "",
        heads=[Cells(words).head(measure) for measure in TILES],
        generated_at=f"{moment:%Y-%m-%d %H:%M} UTC",
        round_href=round_href,
        crawls=[(crawl, timedelta(seconds=round(crawl.seconds))) for crawl in crawls],
        unread_for=lambda gap: words.said(unread_for(gap)),
        shifted=lambda shift: words.said(shifted(shift)),
    )


def _inert(text: str) -> str:
    """JSON that cannot end or open an element of the page it stands in."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
