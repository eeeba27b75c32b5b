"""The review of a week or a month in Markdown, for a chat or an issue. Texts of others are escaped."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from reports.forms.digest import escaped
from reports.page.review import Reviewed, title
from reports.page.told import WEIGHT
from reports.report import Report
from reports.review import Sense
from reports.wording import Wording

SIGNS = {Sense.GOOD: "▲ ", Sense.BAD: "▼ ", Sense.FLAT: "", Sense.UNKNOWN: "? "}
"""What stands before a line, by what it is to the own listing."""


def reviewed(reports: Sequence[Report], language: str, generated_at: datetime | None = None) -> bytes:
    """The review of these listings (UTF-8)."""
    parts = [Reviewed(report, language, generated_at or datetime.now(UTC)) for report in reports]
    head = title(parts, Wording(language, "USD", "UTC"))
    lines = [f"# {escaped(head)}", *(line for part in parts for line in _listing(part))]
    return ("\n".join(lines) + "\n").encode()


def _listing(part: Reviewed) -> Iterator[str]:
    yield from ("", f"## {escaped(part.view.comparison.listing)}", "", f"**{escaped(part.view.headline)}**")
    for chapter in part.chapters:
        yield from ("", f"### {chapter.head}", "")
        yield from (f"- {SIGNS[line.sense]}{escaped(line.text)}" for line in chapter.lines)
    if part.moves:
        yield from ("", f"### {part.words.say('What they are up to')}", "")
    for move in part.moves:
        yield f"- **{escaped(move.label.chip)}** {escaped(move.sentence)}"
        yield from (f"  - {escaped(text)}" for verdict, text in move.effects if verdict in WEIGHT)
    if part.more > 0:
        yield f"- {part.words.say('and {more:number} more', more=part.more)}"
