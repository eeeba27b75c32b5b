"""The section on share of search, ready to print."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from reports.page.cells import Cell, Cells, Delta, Head
from reports.page.told import Telling
from reports.report import Report
from reports.sections.share import Held, Holder
from reports.sections.values import Form
from reports.wording import NOTHING

WIDTH, HEIGHT = 64, 6
"""Of a bar, pixels."""
CLEAR = Decimal("0.005")
"""Changes of less than half a percentage point are neither good nor bad: how many results a page has varies, too."""


class ShareView:
    """Who holds what of the first pages: those that are watched, then the biggest of the others."""

    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        found, self.words = report.share, cells.words
        self.cells = cells
        self.against = self.words.span(report.period.against.first, report.period.against.last)
        before, of = max((nights for _, nights in found.nights), default=0), len(report.period.against)
        text = "Of these {of:count day|days}, first pages were read on {before:number}."
        self.partly = self.words.say(text, of=of, before=before) if before < of else ""
        everyone = (*found.products, *found.strangers)
        self._most_results = max((h.organic.share or 0 for h in everyone), default=0)
        self._most_ads = max((h.sponsored.share or 0 for h in everyone), default=0)
        days = len(report.period.days)
        say = self.words.say
        self.heads = [
            Head(say("Share of the results"), numbers=True, falling=True),
            Head(say("Share of the ads"), numbers=True, falling=True),
            Head(say("On page one"), numbers=True, falling=True),
            *(
                Head(word, numbers=True, falling=True, why=self._read(nights, days))
                for word, (nights, _) in zip(found.keywords, found.nights, strict=True)
            ),
        ]
        there = [holder for holder in _ordered(found.products) if holder.own or _stands(holder)]
        self.rows = [(telling.labels[holder.asin], self._cells(holder)) for holder in there]
        self.absent = [telling.labels[h.asin] for h in found.products if h not in there]
        self.strangers = [
            (replace(telling.stranger(h.asin, h.title), chip=str(n)), self._cells(h))
            for n, h in enumerate(found.strangers, 1)
        ]
        held = [holder.organic.share for holder in found.products if holder.organic.share is not None]
        self.watched = self._share(sum(held, Decimal(0))) if held else ""

    def _cells(self, holder: Holder) -> tuple[Cell, ...]:
        say, on, of = self.words.say, holder.organic.on, holder.organic.of
        page_one = Cell(say("On page one"), NOTHING, "missing", note=say("no keyword read"))
        if of:
            text = say("{on:number} of {of:count keyword|keywords}", on=on, of=of)
            page_one = Cell(say("On page one"), text, "" if on else "beyond", order=str(on))
        return (
            self._over_all(say("Share of the results"), holder.organic, say("no keyword read"), self._most_results),
            self._over_all(say("Share of the ads"), holder.sponsored, say("no ads seen"), self._most_ads),
            page_one,
            *(self._of_keyword(head, *both) for head, both in zip(self.heads[3:], holder.keywords, strict=True)),
        )

    def _over_all(self, head: str, held: Held, nothing: str, most: Decimal | int) -> Cell:
        if held.share is None:
            return Cell(head, NOTHING, "missing", note=nothing)
        if not held.share:
            deltas = self._delta(held) if held.before else ()
            return Cell(head, self._share(held.share), "beyond", str(held.share), deltas=deltas)
        bar = _bar(held.share / most)
        return Cell(head, self._share(held.share), "", str(held.share), deltas=self._delta(held), spark=bar)

    def _of_keyword(self, head: Head, organic: Held, ads: Held) -> Cell:
        ad = self.words.say("Ads {share:share}", share=ads.share) if ads.share else ""
        if organic.share is None:
            why = "" if head.why else self.words.say("not known whether as an ad")
            return Cell(head.text, NOTHING, "missing", note=" · ".join(filter(None, (why, ad))))
        look = "" if organic.share else "beyond"
        deltas = self._delta(organic) if organic.share or organic.before else ()
        return Cell(head.text, self._share(organic.share), look, str(organic.share), note=ad, deltas=deltas)

    def _delta(self, held: Held) -> tuple[Delta, ...]:
        if held.change is None or held.before is None:
            return ()
        note = self.words.say("{share:share} in {days}", share=held.before, days=self.against)
        if round(held.change, 3) == 0:
            return (Delta("=", "flat", note),)
        by = self.words.signed(held.change, self.words.fixed(100 * abs(held.change), 1))
        sense = "flat" if abs(held.change) < CLEAR else "good" if held.change > 0 else "bad"
        return (Delta(self.words.say("{by} pp", by=by), sense, note),)

    def _share(self, share: Decimal) -> str:
        return self.cells.number(Form.SHARE, share)

    def _read(self, nights: int, days: int) -> str:
        """Why a keyword's shares rest on fewer days than the period has; empty where it was read on all."""
        if nights == days:
            return ""
        return self.words.say("read on {nights:number} of {days:count day|days}", nights=nights, days=days)


def _ordered(holders: Sequence[Holder]) -> list[Holder]:
    """The own product first, then who holds most."""
    return sorted(holders, key=lambda h: (not h.own, -(h.organic.share or 0), -(h.sponsored.share or 0)))


def _stands(holder: Holder) -> bool:
    """Whether it held anything in either period, or that is not known."""
    shares = (holder.organic.share, holder.organic.before, holder.sponsored.share, holder.sponsored.before)
    return holder.organic.share is None or any(shares)


def _bar(part: Decimal) -> Markup:
    """How much a share is of the biggest one."""
    return Markup(
        '<svg class="bar" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        '<rect width="{part}" height="{h}"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, part=f"{float(part) * WIDTH:.1f}")
