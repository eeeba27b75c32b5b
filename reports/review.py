"""The review of a week or a month: what was won and lost on keywords, where the price stands, how the review gap goes,
what the own numbers say, what own actions did, and what is wrong with the listing.

Every line sets the period against the one before, and says of which days and readings that is. A keyword counts as won
or lost when the own median organic place crosses the end of page one's results, or moves by two places and a quarter:
what is less happens by itself from week to week. What is not known in one of the two periods is told as such.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from reports.health import ill
from reports.period import Days, Period
from reports.report import Report
from reports.sections.against import Against, Compared, Summary, placed, reads_of
from reports.sections.own import Line as OwnLine
from reports.sections.values import Form, Number
from reports.sentences import Fact, Said
from reports.series import Comparison, KeywordRead, KeywordSeries, ProductSeries

LEAST, SHARE = Decimal(2), Decimal("0.25")
"""Places, and the part of the place before, that a keyword's place moves by to count as won or lost."""
EVEN = Decimal("0.005")
"""Prices that differ by no more are the same."""
NAMED = 3
"""Rivals that are named."""


class Sense(StrEnum):
    """What a line is to the own listing."""

    GOOD = "good"
    BAD = "bad"
    FLAT = "flat"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the period brought."""

    sense: Sense
    says: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What a period was for a listing, one thing after another."""

    keywords: tuple[Line, ...]
    """What was won first, then what was lost; at the end, in one line, how many stayed."""
    price: tuple[Line, ...]
    reviews: tuple[Line, ...]
    numbers: tuple[Line, ...]
    """The own ones, and what is estimated of all."""
    actions: tuple[Line, ...]
    """Own ones, and what came of them."""
    health: tuple[Line, ...]
    """What is wrong at the end of the period."""


def review(report: Report) -> Review:
    """What the period of a report was."""
    comparison, period, compared = report.comparison, report.period, report.against
    return Review(
        keywords=_keywords(comparison, period),
        price=tuple(_price(comparison, compared)),
        reviews=tuple(_reviews(comparison, period.days, compared)),
        numbers=(*map(_number, report.own.lines), *_sold(report)),
        actions=tuple(_actions(report)),
        health=tuple(Line(Sense.BAD, (point.trouble, *point.says)) for point in ill(report.health)),
    )


def _keywords(comparison: Comparison, period: Period) -> tuple[Line, ...]:
    found: dict[Sense, list[Line]] = {sense: [] for sense in Sense}
    for series in comparison.keywords:
        line = _keyword(comparison, series, period)
        found[line.sense].append(line)
    if len(still := found[Sense.FLAT]) > 1:
        names = [line.says[0].facts["keyword"] for line in still]
        text = "{n:count keyword|keywords} about as before: {names:list}"
        found[Sense.FLAT] = [Line(Sense.FLAT, (Said(text, {"n": len(still), "names": [str(n) for n in names]}),))]
    return tuple(line for sense in Sense for line in found[sense])


def _keyword(comparison: Comparison, series: KeywordSeries, period: Period) -> Line:
    own = comparison.own.asin
    reads = [reads_of([series], days) for days in (period.days, period.against)]
    now, before = (placed(own, each) for each in reads)
    facts: dict[str, Fact] = {"keyword": series.keyword, "now": _place(now), "before": _place(before)}
    if not now.of or not before.of:
        return Line(Sense.UNKNOWN, (Said("“{keyword}”: {now}, before {before}", facts),))
    says = (
        Said("“{keyword}”: organic place {now}, before {before}", facts),
        Said("on page one in {n:number} of {of:count reading|readings}", {"n": _on_first(own, reads[0]), "of": now.of}),
        Said("before in {n:number} of {of:number}", {"n": _on_first(own, reads[1]), "of": before.of}),
    )
    return Line(_sense(now, before, *(_mostly_first(own, each) for each in reads)), says)


def _sense(now: Summary, before: Summary, first: bool, was_first: bool) -> Sense:
    """What the change of a keyword's place is; on page one is who mostly stood there."""
    if first != was_first:
        return Sense.GOOD if first else Sense.BAD
    if now.value is None and before.value is None:
        return Sense.FLAT
    if now.value is None or before.value is None:  # one is beyond the pages read
        return Sense.BAD if now.value is None else Sense.GOOD
    moved = Decimal(before.value) - Decimal(now.value)
    if abs(moved) < max(LEAST, SHARE * Decimal(before.value)):
        return Sense.FLAT
    return Sense.GOOD if moved > 0 else Sense.BAD


def _on_first(asin: str, reads: Sequence[KeywordRead]) -> int:
    return sum(read.place(asin).organic_page == 1 for read in reads if read.known(asin))


def _mostly_first(asin: str, reads: Sequence[KeywordRead]) -> bool:
    return 2 * _on_first(asin, reads) > sum(read.known(asin) for read in reads)


def _place(found: Summary) -> Fact:
    if not found.of:
        return Said("not read")
    if found.value is None:
        return found.why[0]
    # The median of an even number of readings may lie between two places.
    whole = found.value == int(found.value)
    return Said("{place:number}" if whole else "{place:fixed}", {"place": found.value})


def _price(comparison: Comparison, compared: Sequence[Compared]) -> Iterator[Line]:
    own = compared[0].values["to_pay"]
    if own.now.value is None:
        yield Line(Sense.UNKNOWN, (Said("Your price to pay is not known"), *own.now.why))
        return
    now, before = (_standing(compared, side) for side in ("now", "before"))
    says = [_priced("You cost {price:money} (median to pay): place {place:number} of {of:number}, the cheapest first",
                    own.now.value, comparison, now)]  # fmt: skip
    if own.before.value is not None:
        was = "before {price:money}: place {place:number} of {of:number}"
        says.append(_priced(was, own.before.value, comparison, before))
    yield Line(Sense.FLAT, tuple(says))
    gaps = [
        _apart(texts, Decimal(value) / each.rivals - 1, each.rivals, comparison.currency)
        for texts, value, each in ((_APART, own.now.value, now), (_WERE_APART, own.before.value, before))
        if value is not None and each.rivals
    ]
    if now.rivals:
        yield Line(Sense.FLAT, tuple(gaps))


def _priced(text: str, price: Number, comparison: Comparison, standing: "_Standing") -> Said:
    facts = {"price": price, "currency": comparison.currency, "place": 1 + standing.cheaper, "of": standing.of}
    return Said(text, facts)


_APART = (
    Said("The median rival costs {median:money}, you are {gap:share} dearer"),
    Said("The median rival costs {median:money}, you are {gap:share} cheaper"),
    Said("The median rival costs {median:money}, as much as you"),
)
_WERE_APART = (
    Said("before {median:money}, you were {gap:share} dearer"),
    Said("before {median:money}, you were {gap:share} cheaper"),
    Said("before {median:money}, as much as you"),
)


def _apart(texts: Sequence[Said], gap: Decimal, rivals: Decimal, currency: str) -> Said:
    """How far the own price is from the rivals': dearer, cheaper, or the same."""
    said = texts[2 if abs(gap) <= EVEN else 0 if gap > 0 else 1]
    return Said(said.text, {"median": rivals, "currency": currency, "gap": abs(gap)})


@dataclass(frozen=True, slots=True)
class _Standing:
    """The own price among all that are known."""

    cheaper: int
    """How many cost less."""
    of: int
    rivals: Decimal | None
    """The median rival's."""


def _standing(compared: Sequence[Compared], side: str) -> _Standing:
    prices = [getattr(each.values["to_pay"], side).value for each in compared]
    rivals = [Decimal(price) for price in prices[1:] if price is not None]
    own = prices[0]
    cheaper = sum(price < Decimal(own) for price in rivals) if own is not None else 0
    return _Standing(cheaper, len(rivals) + (own is not None), median(rivals) if rivals else None)


def _reviews(comparison: Comparison, days: Days, compared: Sequence[Compared]) -> Iterator[Line]:
    counts = {product.asin: _count(product, days) for product in comparison.products}
    own = counts[comparison.own.asin]
    paces = {each.asin: each.values["reviews"] for each in compared}
    if own is None:
        yield Line(Sense.UNKNOWN, (Said("How many reviews you have is not known"),))
        return
    mine = paces[comparison.own.asin]
    yield Line(Sense.FLAT, tuple(_paced(Said("You have {n:count review|reviews}", {"n": own}), mine)))
    ahead = sorted(
        ((n, asin) for asin, n in counts.items() if n is not None and n > own), key=lambda each: (-each[0], each[1])
    )
    if not ahead:
        if any(n is not None for asin, n in counts.items() if asin != comparison.own.asin):
            yield Line(Sense.GOOD, (Said("No rival has more"),))
        return
    place: dict[str, Fact] = {"n": len(ahead)}
    yield Line(Sense.FLAT, (Said("{n:count rival has|rivals have} more", place),))
    for n, asin in ahead[:NAMED]:
        yield _gap(comparison, asin, n - own, mine.now, paces[asin].now)


def _gap(comparison: Comparison, asin: str, gap: int, mine: Summary, theirs: Summary) -> Line:
    chip = Said("R{n}", {"n": next(n for n, p in enumerate(comparison.products) if p.asin == asin)})
    facts: dict[str, Fact] = {"who": chip, "gap": gap}
    if mine.value is None or theirs.value is None:
        return Line(Sense.UNKNOWN, (Said("{who}: {gap:number} more than you", facts),))
    faster = Decimal(theirs.value) - Decimal(mine.value)
    facts["pace"] = abs(faster)
    if not round(faster, 1):
        return Line(Sense.FLAT, (Said("{who}: {gap:number} more than you, the gap stays", facts),))
    if faster > 0:
        return Line(Sense.BAD, (Said("{who}: {gap:number} more than you, the gap grows by {pace:fixed} a day", facts),))
    return Line(Sense.GOOD, (Said("{who}: {gap:number} more than you, the gap shrinks by {pace:fixed} a day", facts),))


def _paced(head: Said, pace: Against) -> Iterator[Said]:
    yield head
    if pace.now.value is None:
        yield from pace.now.why
        return
    yield Said("{pace:fixed} a day", {"pace": pace.now.value})
    if pace.before.value is not None:
        yield Said("before {pace:fixed}", {"pace": pace.before.value})


def _count(product: ProductSeries, days: Days) -> int | None:
    """The newest count of the period."""
    counts = [seen.review_count for day in days if (seen := product.daily.get(day))]
    return next((count for count in reversed(counts) if count is not None), None)


_NUMBERS = {
    Form.MONEY: "{what:said}: {now:money}",
    Form.NUMBER: "{what:said}: {now:number}",
    Form.SHARE: "{what:said}: {now:share}",
}


def _number(line: OwnLine) -> Line:
    """One of the own numbers. Totals are compared by what came on a day."""
    measure, now, before = line.measure, line.now, line.before
    facts: dict[str, Fact] = {"what": measure.head}
    if now.value is None:
        return Line(Sense.UNKNOWN, (Said("{what:said}: not known", facts), *now.why))
    says = [
        Said(_NUMBERS[measure.form], facts | {"now": now.value}),
        Said("of {days:count day|days}", {"days": now.of}),
    ]
    if line.change is None:
        return Line(Sense.FLAT, tuple(says))
    if line.ratio:
        says.append(Said("before {before:share}", {"before": before.value}))
    else:
        says.append(Said("{change:percent} a day against the period before", {"change": line.change}))
    gain = line.change * measure.better
    return Line(Sense.GOOD if gain > 0 else Sense.BAD if gain < 0 else Sense.FLAT, tuple(says))


def _sold(report: Report) -> Iterator[Line]:
    """What the own product is estimated to have sold, and its share; nothing where nothing is estimated."""
    own = report.sales.products[0] if report.sales.products else None
    if own is None or own.month is None:
        return
    month: dict[str, Fact] = {"low": own.month.low, "high": own.month.high, "day": report.sales.last}
    says = [Said("An estimated {low:number} to {high:number} units in the 30 days up to {day:day}", month)]
    if own.share is not None:
        share: dict[str, Fact] = {"low": own.share.low, "high": own.share.high, "n": report.sales.shared}
        says.append(Said("{low:share} to {high:share} of what {n:count product|products} sold", share))
    yield Line(Sense.FLAT, tuple(says))


_VERDICTS = {"better": Sense.GOOD, "worse": Sense.BAD, "too little to say": Sense.UNKNOWN}


def _actions(report: Report) -> Iterator[Line]:
    """Actions of the period, and those whose nights ended in it."""
    for action in report.journal.actions:
        if action.day in report.period.days or action.window.last in report.period.days:
            told = Said("{day:day}: {text}", {"day": action.day, "text": action.action.text})
            yield Line(_VERDICTS.get(action.verdict, Sense.FLAT), (told, *action.says))
