"""The section on content changes, ready to print."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.page.cells import Cells
from reports.page.told import Label, Telling
from reports.report import Report
from reports.sections.contents import ContentChange
from reports.sections.rewritten import Line
from reports.sentences import Fact, Said

OPEN = 8
"""Changes shown at once; the others are folded."""

PARTS = {
    "title": "Title",
    "bullets": "Bullets",
    "main_image": "Main image",
    "image_count": "Number of images",
    "has_a_plus": "A+ content",
    "has_video": "Video",
    "variations": "Variations",
    "category": "Main category",
}
"""What the parts of a page are called."""


@dataclass(frozen=True, slots=True)
class ContentView:
    label: Label
    part: str
    when: str
    said: str
    """What changed, where it is no text."""
    lines: tuple[Line, ...]
    """Of a text, those that changed."""
    kept: int
    """Of bullets, those that did not."""
    before: str | None
    after: str | None
    """Hashes of the archived pages."""


class ContentsView:
    """The changes, the own product's first, then the newest."""

    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        self.words = cells.words
        hashes = report.contents.hashes
        found = [self._change(each, telling.labels[each.asin], hashes) for each in report.contents.changes]
        self.count, self.first, self.others = len(found), found[:OPEN], found[OPEN:]

    def _change(self, change: ContentChange, label: Label, hashes: Mapping[int, str]) -> ContentView:
        before, after = map(hashes.get, change.fetches)
        lines = tuple(line for line in change.lines if line.changed)
        said = () if lines else _said(change)
        return ContentView(
            label=label,
            part=self.words.say(PARTS[change.part]),
            when=self.words.said(_when(change)),
            said=self.words.said(said),
            lines=lines,
            kept=len(change.lines) - len(lines) if change.part == "bullets" else 0,
            before=before,
            after=after,
        )


def _when(change: ContentChange) -> Iterator[Said]:
    facts: dict[str, Fact] = {"last": change.last, "first": change.first, "nights": change.unread}
    if change.unread:
        yield Said("between {last:day} and {first:day}, {nights:count night|nights} not read", facts)
    else:
        yield Said("on {first:day}", facts)
    if change.times > 1:
        turns: dict[str, Fact] = {"times": change.times, "began": change.began}
        yield Said("both versions took turns: {times:count change|changes} since {began:day}", turns)


def _said(change: ContentChange) -> Iterator[Said]:
    """What changed, of what is no text."""
    before, after = change.before, change.after
    match change.part:
        case "has_a_plus" | "has_video":
            yield Said("added") if after else Said("gone")
        case "variations" if not after:
            yield Said("stands alone now")
        case "variations":
            yield from _family(before or (None, None), after)
        case "category":
            yield Said("{before} → {after}", {"before": before[1], "after": after[1]})
        case "bullets":
            yield Said("the same in another order")
        case "image_count":
            yield Said("{before:number} → {after:number}", {"before": before, "after": after})
        case _:
            yield Said("{before} → {after}", {"before": before, "after": after})


def _family(before: tuple[str | None, int | None], after: tuple[str | None, int | None]) -> Iterator[Said]:
    (was, few), (now, many) = before, after
    if now and was != now:
        yield (
            Said("parent {before} → {after}", {"before": was, "after": now})
            if was
            else Said("joined the family of {parent}", {"parent": now})
        )
    if many is not None and few != many:
        yield (
            Said("{before:number} → {after:number} variations", {"before": few, "after": many})
            if few
            else Said("{variations:count variation|variations}", {"variations": many})
        )
