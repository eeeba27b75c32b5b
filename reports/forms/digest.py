"""The report as a digest in Markdown, for a chat or an issue: the headline, where each stands, what happened.

Texts of others are escaped, so that nothing in them becomes markup, a link, a mention or a cell of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from reports.flags import Severity
from reports.forms.visible import line
from reports.headline import headline, of_last_night
from reports.health import Point, ill
from reports.page.cells import Cells
from reports.page.told import Telling
from reports.report import Report
from reports.sections.table import BSR, PAGE_ONE, PER_DAY, PRICE, RATING, REVIEWS, STOCK, TO_PAY, Row
from reports.sections.values import SPANS, Form, Measure, Value
from reports.sentences import Fact
from reports.unread import defect, elsewhere, unread
from reports.wording import NOTHING, Wording, short

COLUMNS = (PRICE, TO_PAY, BSR, RATING, REVIEWS, PER_DAY, PAGE_ONE, STOCK)
"""What a chat has room for."""
MOST = 20
"""Flags and moves told before the rest is only counted."""
LONGEST = 600
"""Columns of a text before it is cut: a title that changed may be of any length."""
SEVERITIES = {"high": "High", "medium": "Medium", "low": "Low"}

_MARKS = re.compile(r"[\\`*_\[\]|~!]|(?<=www)\.|:(?=//)|^[-+=#>](?=\s|[-=#]|$)|(?<=^\d)[.)](?=\s)|(?<=^\d\d)[.)](?=\s)")
_NAMES = re.compile(r"[@#](?=\w)")


def digest(report: Report, language: str) -> bytes:
    """The digest of a report (UTF-8)."""
    return ("\n".join(_Digest(report, language).lines()) + "\n").encode()


def escaped(text: str) -> str:
    """``text`` in one line of Markdown, in which nothing is markup; also not where a chat reads ``<@name>``."""
    plain = _MARKS.sub(lambda found: "\\" + found[0], short(line(text), LONGEST))
    # Between the sign and the name nothing that is seen: no escape keeps GitHub from a mention.
    plain = _NAMES.sub("\\g<0>\N{WORD JOINER}", plain)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Digest:
    def __init__(self, report: Report, language: str) -> None:
        comparison = report.comparison
        self.report = report
        self.words = Wording(language, comparison.currency, comparison.time_zone)
        self.cells = Cells(self.words)
        self.telling = Telling(comparison, self.words)

    def lines(self) -> Iterator[str]:
        report, comparison, say = self.report, self.report.comparison, self.words.say
        days = report.period.days
        yield f"# {escaped(comparison.listing)} – {self.words.span(days.first, days.last)}"
        yield ""
        yield f"**{escaped(self.words.said(headline(comparison, report.flags, report.period.told, report.health)))}**"
        for warning in (unread(comparison), elsewhere(comparison), defect(comparison)):
            if warning:
                yield from ("", f"> {escaped(self.words.said(warning))}")
        wrong = [self._severity(p.severity) + escaped(self._point(p)) for p in ill(report.health)]
        yield from self._list(say("Not in order on your listing"), wrong)
        yield ""
        yield from self._table()
        night = report.period.told == "day"
        flags = of_last_night(comparison, report.flags) if night else list(report.flags)
        told = [
            self._severity(f.severity) + f"{self._whose(f.asin)}{escaped(f.said(str(self.words.locale)))}"
            for f in sorted(flags, key=lambda f: (not f.own, -f.severity))
        ]
        yield from self._list(say("Flags of the last night") if night else say("Flags"), told)
        moves = [
            f"{self._whose(view.move.asin)}{escaped(view.sentence)}"
            + "".join(f"\n  - {escaped(text)}" for verdict, text in view.effects if verdict in {"better", "worse"})
            for view in self.telling.moves(report.moves)
        ]
        yield from self._list(say("Moves"), moves)
        yield ""
        yield say("Data up to {moment}.", moment=self.words.moment(comparison.until))

    def _severity(self, severity: Severity) -> str:
        return self.words.say("{severity:said}: ", severity=SEVERITIES[severity.word])

    def _point(self, point: Point) -> str:
        facts: dict[str, Fact] = {"trouble": point.trouble, "says": point.says, "since": point.since}
        text = "{trouble} ({says:phrases}), since {since:day}" if point.since else "{trouble} ({says:phrases})"
        return self.words.say(text, **facts)

    def _table(self) -> Iterator[str]:
        columns = [column for column in COLUMNS if column in self.report.columns]
        heads = [self.words.say(column.head) for column in columns]
        yield _row(["", self.words.say("Product"), *heads])
        yield _row([":--", ":--", *(":--" if column.form is Form.TEXT else "--:" for column in columns)])
        for row in self.report.rows:
            yield _row([*self._name(row), *(self._cell(column, row.values[column.key]) for column in columns)])
        yield ""
        yield self.words.say("In brackets: the change over {span:days}.", span=SPANS[1])

    def _name(self, row: Row) -> tuple[str, str]:
        label = self.telling.labels[row.product.asin]
        chip = f"**{label.chip}**" if label.own else label.chip
        return chip, f"{escaped(short(line(label.title)))} ({label.asin})"

    def _cell(self, column: Measure, value: Value) -> str:
        if value.missing:
            return NOTHING
        if value.value is None:
            return escaped(self.words.said(value.said))
        text = self.cells.number(column.form, value.value)
        change = next((change for change in value.changes[1:2] if change and change.difference), None)
        return escaped(f"{text} ({self.cells.change(column, change)})" if change else text)

    def _whose(self, asin: str | None) -> str:
        return f"**{escaped(self.telling.whose(asin).chip)}** "

    def _list(self, head: str, items: Sequence[str]) -> Iterable[str]:
        if not items:
            return
        yield from ("", f"## {head}", "")
        yield from (f"- {item}" for item in items[:MOST])
        if len(items) > MOST:
            yield f"- {self.words.say('and {more:number} more', more=len(items) - MOST)}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
