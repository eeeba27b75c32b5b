"""The report as one HTML file: no network, no cookie, nothing that runs but what is inlined here.

Every text from outside is escaped by Jinja or, in the charts' data, kept from ending its script element.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

from reports.crawled import Crawled
from reports.flags import Flag, Severity
from reports.headline import of_last_night
from reports.page.document import BIDI, Frame, asset, document
from reports.page.payload import payload
from reports.page.view import FlagView, View
from reports.series import Comparison
from reports.stored import StoredMove
from reports.wording import Wording, shifted, unread_for

TOP_FLAGS = 5
"""Flags of a listing that the overview names."""


@dataclass(frozen=True, slots=True)
class OverviewItem:
    """One listing on the overview page."""

    comparison: Comparison
    flags: Sequence[Flag]
    href: str
    """Where its report is, relative to the overview."""


def render(
    comparison: Comparison,
    flags: Sequence[Flag],
    *,
    moves: Sequence[StoredMove] = (),
    language: str = "en",
    generated_at: datetime | None = None,
    frame: Frame | None = None,
) -> str:
    """The comparison report of one listing as an HTML document.

    ``language`` (a locale Babel knows) sets how numbers, money and dates are written; ``generated_at``
    (UTC) defaults to now; ``frame`` stands above a page that is served. Raises babel.UnknownLocaleError for a
    language it does not know.
    """
    words = Wording(language, comparison.currency, comparison.time_zone)
    view = View(comparison, flags, words, generated_at or datetime.now(UTC), moves)
    text = BIDI.sub("", json.dumps(payload(view, flags), ensure_ascii=False, separators=(",", ":")))
    data = Markup(_inert(text))  # noqa: S704 - cannot leave its script element
    scripts = (asset("vendor/echarts.min.js"), asset("charts.js"))
    return document("listing.html", words, scripts=scripts, frame=frame, view=view, data=data)


def render_overview(
    items: Sequence[OverviewItem],
    *,
    language: str = "en",
    generated_at: datetime | None = None,
    crawls: Sequence[Crawled] = (),
    frame: Frame | None = None,
) -> str:
    """The index page: each listing's night in a sentence, its top flags, the link to its report; and what the
    last ``crawls`` read and what they did not."""
    moment = generated_at or datetime.now(UTC)
    cards: list[dict[str, Any]] = []
    for item in items:
        words = Wording(language, item.comparison.currency, item.comparison.time_zone)
        view = View(item.comparison, item.flags, words, moment)
        cards.append(
            {
                "view": view,
                "href": item.href,
                "flags": _top(view),
                "severe": sum(f.severity is Severity.HIGH for f in of_last_night(item.comparison, item.flags)),
            }
        )
    cards.sort(key=lambda card: -card["severe"])
    generated = f"{moment:%Y-%m-%d %H:%M} UTC"
    return document(
        "overview.html",
        Wording(language, "USD", "UTC"),
        frame=frame,
        cards=cards,
        generated_at=generated,
        crawls=[(crawl, timedelta(seconds=round(crawl.seconds))) for crawl in crawls],
        unread_for=unread_for,
        shifted=shifted,
    )


def _top(view: View) -> list[FlagView]:
    """The most severe flags of the newest day that has any, the own listing first."""
    newest = [flag for day in view.recent_flags[:1] for flag in day.flags]
    return sorted(newest, key=lambda f: (-f.flag.severity, not f.flag.own))[:TOP_FLAGS]


def _inert(text: str) -> str:
    """JSON that cannot end or open an element of the page it stands in."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
