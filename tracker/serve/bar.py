"""The controls above a page that is served: which listing, which days, which language, which form. Links and plain
forms, so that they work without JavaScript."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from babel import Locale
from babel.dates import format_skeleton, get_day_names

from reports import sentences
from reports.forms import Form
from reports.nights import Night
from reports.period import ONE, Asked, Days, Period, Sort
from reports.sentences import Said
from reports.wording import Wording
from tracker.serve.address import Address, beside

SPANS = (7, 30, 90)
"""Numbers of newest days to choose from."""
MONTHS = 24
"""Months of the calendar, at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to the same page with one thing changed."""

    name: str
    href: str
    now: bool = False
    """Whether that is how the page is."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar: weeks of seven days, each None outside of it, or with what the night brought."""

    name: str
    weeks: Sequence[Sequence[tuple[date, Night | None, str] | None]]


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar offers; on a page that is no report, only the way home and the languages."""

    languages: Sequence[Choice]
    address: Address | None = None
    names: Sequence[str] = ()
    """Every listing with data."""
    period: Period | None = None
    sorts: Sequence[Choice] = ()
    """Day, week and month."""
    spans: Sequence[tuple[int, Choice]] = ()
    """So many newest days."""
    before: str | None = None
    """Address of the same report over the period before."""
    after: str | None = None
    forms: Sequence[Choice] = ()
    weekdays: Sequence[str] = ()
    months: Sequence[Month] = ()
    warning: Said | None = None


def bar(
    address: Address,
    words: Wording,
    names: Sequence[str],
    *,
    known: Sequence[Night] = (),
    period: Period | None = None,
    warning: Said | None = None,
) -> Bar:
    """The bar of a report, or of the overview. ``known``: the nights of the listing, the oldest first."""
    before, after = beside(address, period, known[0].day, known[-1].day) if period and known else (None, None)
    return Bar(
        languages(words, lambda tag: replace(address, language=tag).href),
        address,
        names,
        period,
        sorts=[_over(address, sort, period) for sort in ("day", "week", "month")],
        spans=[(n, Choice("", address.over(Asked(n), counted=True).href, _is_span(address, n))) for n in SPANS],
        before=before.href if before else None,
        after=after.href if after else None,
        forms=[
            Choice(form, replace(address, form=form).href) for form in Form if address.listing and form != Form.HTML
        ],
        weekdays=[get_day_names("short", "stand-alone", words.locale)[n] for n in _weekdays(words.locale)],
        months=list(_calendar(address, words.locale, known)),
        warning=warning,
    )


def languages(words: Wording, href: Callable[[str], str]) -> list[Choice]:
    """Every language there is, each by its own name. ``href`` gives the address of the page in one of them."""
    found = []
    for tag in ("en", *sentences.languages()):
        locale = Locale.parse(tag)
        plain = f"{locale.language}_{locale.script}" if locale.script else locale.language
        same = (locale.language, locale.script) == (words.locale.language, words.locale.script)
        found.append(Choice(locale.languages.get(plain) or locale.get_display_name() or tag, href(plain), now=same))
    return found


def _over(address: Address, sort: Sort, period: Period | None) -> Choice:
    """The day, week or month that the page ends with: of the newest days, the newest that is over."""
    asked = address.asked
    last = period.days.last if period and (asked.sort or asked.last) else None
    return Choice(sort, address.over(Asked(sort=sort, last=last)).href, now=asked.sort == sort)


def _is_span(address: Address, span: int) -> bool:
    asked = address.asked
    return asked.count == span and not (asked.sort or asked.first or asked.last)


def _calendar(address: Address, locale: Locale, known: Sequence[Night]) -> Iterator[Month]:
    """The months with data, the newest first."""
    by_day = {night.day: night for night in known}
    order = _weekdays(locale)
    months = [list(group) for _, group in groupby(by_day, key=lambda day: (day.year, day.month))]
    for days in months[: -MONTHS - 1 : -1]:
        first = days[0].replace(day=1)
        last = (first.replace(day=28) + 4 * ONE).replace(day=1) - ONE
        cells: list[tuple[date, Night | None, str] | None] = [None] * order.index(first.weekday())
        cells += [(day, by_day.get(day), address.over(Asked(sort="day", last=day)).href) for day in Days(first, last)]
        cells += [None] * (-len(cells) % 7)
        weeks = [cells[n : n + 7] for n in range(0, len(cells), 7)]
        yield Month(format_skeleton("yMMMM", first, locale=locale), weeks)


def _weekdays(locale: Locale) -> list[int]:
    """Days of the week, Monday 0, in the order in which the language's calendars have them."""
    return [(locale.first_week_day + n) % 7 for n in range(7)]
