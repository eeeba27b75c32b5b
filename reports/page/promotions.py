"""The section on promotions, ready to print."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from reports.page.cells import Cell, Cells
from reports.page.told import Label, Telling
from reports.period import ONE, Days
from reports.report import Report
from reports.sections.promotions import PROMOTIONS, Promoted, Sort, Spell
from reports.sentences import Fact, Said
from reports.series import ProductSeries
from reports.wording import NOTHING

DAY, LANE = 8, 6
"""Of the strip, pixels: a day's width, a promotion's height."""
NAMED = 4
"""Spells of a product that are named at once; older ones are folded."""


@dataclass(frozen=True, slots=True)
class PromotedView:
    label: Label
    nights: Cell
    lowest: Cell
    strip: Markup
    spells: tuple[str, ...]
    """The newest first."""
    struck: str
    """What there was of struck-through prices."""

    @property
    def first(self) -> tuple[str, ...]:
        return self.spells[:NAMED]

    @property
    def others(self) -> tuple[str, ...]:
        return self.spells[NAMED:]


class PromotionsView:
    """What each product did; those that did nothing are only named."""

    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        self.words, self.days = cells.words, report.period.days
        products = {product.asin: product for product in report.comparison.products}
        found = [(telling.labels[each.asin], each) for each in report.promotions]
        active = [(label, each) for label, each in found if each.own or _promoted(each)]
        self.rows = [self._row(label, each, products[each.asin]) for label, each in active]
        self.quiet = [label for label, each in found if not each.own and not _promoted(each) and each.known]
        self.unknown = [label for label, each in found if not each.own and not _promoted(each) and not each.known]

    def _row(self, label: Label, found: Promoted, product: ProductSeries) -> PromotedView:
        say = self.words.say
        head, lowest_head = say("On promotion"), say("Lowest to pay")
        nights = Cell(head, NOTHING, "missing", note=say("not known on any day"))
        if found.known:
            text = say("{on:number} of {days:count day|days}", on=found.nights, days=found.known)
            unknown = found.days - found.known
            note = say("{days:count day|days} not known", days=unknown) if unknown > 0 else ""
            nights = Cell(head, text, order=str(found.nights), note=note)
        lowest = Cell(lowest_head, NOTHING, "missing", note=say("not known on any day"))
        if found.lowest:
            price, day = found.lowest
            note = say("on {day:day}", day=day)
            lowest = Cell(lowest_head, self.words.money(price), order=str(price), note=note)
        spells = tuple(self.words.said(self._spell(spell)) for spell in found.spells if spell.sort in PROMOTIONS)
        strip = self._strip(label, found, product)
        return PromotedView(label, nights, lowest, strip, spells, self.words.said(_struck(found)))

    def _spell(self, spell: Spell) -> Iterator[Said]:
        """What it took off, from when to when, and what is not known of it."""
        yield _what(spell)
        if spell.depth and spell.percent is None:
            yield Said("up to {depth:share} off", {"depth": spell.depth})
        yield from _when(spell, self.days.last)
        if spell.unknown:
            yield Said("{nights:count night|nights} of it not known", {"nights": spell.unknown})

    def _strip(self, label: Label, found: Promoted, product: ProductSeries) -> Markup:
        """A lane for each sort of promotion, from its first day to its last; a day that was not read is grey."""
        width, height = DAY * len(self.days), LANE * len(PROMOTIONS)
        unread = [day for day in self.days if day not in product.daily]
        blocks = [_block("day-unread", self.days, day, day, 0, height, self.words.day(day)) for day in unread]
        for spell in found.spells:
            if spell.sort in PROMOTIONS:
                lane = LANE * PROMOTIONS.index(spell.sort)
                said = self.words.said(self._spell(spell))
                blocks.append(_block(f"on-{spell.sort}", self.days, spell.first, spell.last, lane, LANE - 1, said))
        name = self.words.say("{product}: promotions day by day", product=label.chip)
        return Markup(
            '<svg class="lanes" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
        ).format(width, height, name, Markup("").join(blocks))


def _promoted(found: Promoted) -> bool:
    return any(spell.sort in PROMOTIONS for spell in found.spells)


def _block(look: str, days: Days, first: date, last: date, top: int, height: int, said: str) -> Markup:  # noqa: PLR0917
    """Days in a row, as far as the period shows them."""
    start = (max(first, days.first) - days.first) // ONE
    width = DAY * ((last - max(first, days.first)) // ONE + 1)
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>').format(
        look, DAY * start, top, width - 1, height, said
    )


def _struck(found: Promoted) -> Iterator[Said]:
    spells = [spell for spell in found.spells if spell.sort is Sort.STRUCK]
    if spells:
        facts: dict[str, Fact] = {"nights": sum(s.nights for s in spells), "depth": max(s.depth or 0 for s in spells)}
        yield Said("Struck-through price on {nights:count day|days}, up to {depth:share} off", facts)


def _what(spell: Spell) -> Said:
    match spell.sort:
        case Sort.COUPON if spell.percent is not None:
            return Said("Coupon of {percent:number} %", {"percent": spell.percent})
        case Sort.COUPON:
            return Said("Coupon of {amount:money}", {"amount": spell.amount})
        case Sort.DEAL:
            return Said("Deal “{badge}”", {"badge": spell.badge}) if spell.badge else Said("Deal")
    return Said("Prime price")


def _when(spell: Spell, until: date) -> Iterator[Said]:
    """When it began and ended, as far as that is known. ``until``: the last day of the period."""
    facts = {"first": spell.first, "last": spell.last, "after": spell.after, "before": spell.before}
    ended = spell.before is not None and spell.before - spell.last == ONE
    if spell.begun and ended:
        yield Said("on {first:day}" if spell.first == spell.last else "{first:day} to {last:day}", facts)
        return
    if spell.begun:
        yield Said("since {first:day}", facts)
    elif spell.after:
        yield Said("seen since {first:day}, not yet on {after:day}", facts)
    else:
        yield Said("since {first:day} at least", facts)
    if ended:
        yield Said("until {last:day}", facts)
    elif spell.before:
        yield Said("last seen on {last:day}, gone by {before:day}", facts)
    elif spell.last < until:
        yield Said("last seen on {last:day}", facts)
