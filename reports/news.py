"""The message about a night: what matters of each listing, as plain text and as HTML. Values in, text out.

Nothing in it is for a machine to act on: what came from a page (titles, sellers, keywords) mentions nobody, is no
markup of any chat, and hides nothing in control characters.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from reports.crawled import Crawled
from reports.flags import Severity
from reports.sentences import Said
from reports.unread import unread_for
from reports.wording import Wording

MOST = (6, 3, 1, 0)
"""News of a listing that is told before the rest is counted: less where a service takes only short messages."""
LISTINGS = 12
"""Listings before the rest is only named."""

WHY = 3
"""Reasons named of pages that were not read."""

LABELS = {Severity.HIGH: "High", Severity.MEDIUM: "Medium", Severity.LOW: "Low"}

_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_LOOKALIKES = str.maketrans({"@": "＠", "<": "‹", ">": "›", "`": "ʼ"})


class Display(StrEnum):
    """What a service shows."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    """Made from the HTML by who sends it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news."""

    severity: Severity
    who: str
    """The product, as the report calls it; empty: the market."""
    text: str
    effects: Sequence[str] = ()
    """What it did to the own listing."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is told of one listing."""

    name: str
    headline: str
    items: Sequence[Item] = ()
    """The gravest first."""
    unread: Sequence[str] = ()
    """What could not be read."""
    link: str | None = None
    lines: Sequence[str] = ()
    """What a week or a month brought, of its review; told whole."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message: of the listings that matter, and of what went wrong."""

    words: Wording
    parts: Sequence[Part]
    troubles: Sequence[str] = ()
    subject: Said | None = None
    """Its title; by default made from what it tells."""

    @property
    def title(self) -> str:
        """In one line, with the number of listings."""
        say = self.words.say
        if self.subject:
            return say(self.subject.text, **self.subject.facts)
        if not self.parts:
            return say("Rival tracker: something went wrong")
        if all(part.lines for part in self.parts) and not self.troubles:
            return say("Rival tracker: review of {n:count listing|listings}", n=len(self.parts))
        if not any(part.items for part in self.parts):
            return say("Rival tracker: a quiet night, {n:count listing|listings}", n=len(self.parts))
        return say("Rival tracker: news of {n:count listing|listings}", n=sum(bool(p.items) for p in self.parts))

    def within(self, form: Display, room: int, *, in_bytes: bool = False) -> tuple[str, str]:
        """Title and body that together take no more than ``room`` characters, or bytes in UTF-8: with as much news as
        fits, and plain text cut off as a last resort. HTML that is still too long is for the sender to cut."""

        def size(text: str) -> int:
            return len(text.encode()) if in_bytes else len(text)

        make: Callable[[int], str] = self.plain if form is Display.TEXT else self.html
        left = room - size(self.title) - 2
        body = ""
        for most in MOST:
            body = make(most)
            if size(body) <= left:
                return self.title, body
        if form is Display.TEXT:
            short = body.encode()[: max(left - 3, 0)].decode(errors="ignore") if in_bytes else body[: max(left - 1, 0)]
            body = f"{short}…"
        return self.title, body

    def plain(self, most: int = MOST[0]) -> str:
        """The body as text."""
        blocks = ["\n".join(self._lines(part, most)) for part in self.parts[:LISTINGS]]
        return "\n\n".join([*blocks, *self._rest(), *map(harmless, self.troubles)])

    def _lines(self, part: Part, most: int) -> list[str]:
        lines = [f"【{harmless(part.name)}】", harmless(part.headline)]
        for item in part.items[:most]:
            lines.append(f"• {harmless(self._told(item))}")
            lines += [f"  → {harmless(effect)}" for effect in item.effects]
        lines += [f"• {harmless(text)}" for text in part.lines]
        lines += [*self._more(part, most), *map(harmless, part.unread)]
        return [*lines, *([part.link] if part.link else [])]

    def html(self, most: int = MOST[0]) -> str:
        """The body as HTML that mail and chats show: no styles, no pictures, nothing that is fetched."""
        blocks = [self._section(part, most) for part in self.parts[:LISTINGS]]
        rest = [Markup("<p>{}</p>").format(harmless(text)) for text in (*self._rest(), *self.troubles)]
        return "\n".join([*blocks, *rest])

    def _section(self, part: Part, most: int) -> Markup:
        name = Markup("<b>{}</b>").format(harmless(part.name))
        blocks = [Markup("<p>{}<br>{}</p>").format(name, harmless(part.headline))]
        if shown := part.items[:most]:
            items = []
            for item in shown:
                effects = Markup("").join(Markup("<br>→ {}").format(harmless(effect)) for effect in item.effects)
                items.append(Markup("<li>{}{}</li>").format(harmless(self._told(item)), effects))
            blocks.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
        if part.lines:
            lines = [Markup("<li>{}</li>").format(harmless(text)) for text in part.lines]
            blocks.append(Markup("<ul>{}</ul>").format(Markup("").join(lines)))
        blocks += [Markup("<p>{}</p>").format(harmless(text)) for text in (*self._more(part, most), *part.unread)]
        if part.link:
            open_it = self.words.say("Open the report")
            blocks.append(Markup('<p><a href="{}">{}</a></p>').format(part.link, open_it))
        return Markup("\n").join(blocks)

    def _told(self, item: Item) -> str:
        facts = {"severity": LABELS[item.severity], "who": item.who, "what": item.text}
        if item.who:
            return self.words.say("[{severity:said}] {who}: {what}", **facts)
        return self.words.say("[{severity:said}] {what}", **facts)

    def _more(self, part: Part, most: int) -> list[str]:
        left = len(part.items) - most
        if left <= 0:
            return []
        return [self.words.say("and {n:number} more" if most else "{n:count piece of news|pieces of news}", n=left)]

    def _rest(self) -> list[str]:
        left = [part.name for part in self.parts[LISTINGS:]]
        more = "and {n:count more listing|more listings}: {names:list}"
        return [self.words.say(more, n=len(left), names=left)] if left else []


def crawl_failed(crawl: Crawled) -> Said:
    """Of a crawl that left much unread: how much, and for which reasons most."""
    why = [Said("{n:number} {why}", {"n": gap.pages, "why": unread_for(gap)}) for gap in crawl.gaps[:WHY]]
    text = "Of a crawl only {read:number} of {planned:count page|pages} could be read: {why:list}."
    return Said(text, {"read": crawl.planned - crawl.unread, "planned": crawl.planned, "why": why})


def job_failed(job: str, what: str) -> Said:
    """Of a job of the schedule, with the journal's sentence of it."""
    return Said("The job {job} did not go well: {what}.", {"job": job, "what": what})


def misread_now(what: str) -> Said:
    """Of a changed layout, with its sentence."""
    return Said("Our own defect, no move of a rival: {what}.", {"what": what})


def trial(words: Wording) -> Letter:
    """A message that only tests whether it comes."""
    text = words.say("This is a test: what matters on your listings will come here.")
    return Letter(words, [], [text], Said("Rival tracker: test message"))


def harmless(text: str) -> str:
    """In one line, with look-alikes for the characters by which chats are told to do something: mention everybody, show
    a link under another name, fetch a picture."""
    return _HIDDEN.sub(" ", text).translate(_LOOKALIKES).replace("](", "] (").strip()
