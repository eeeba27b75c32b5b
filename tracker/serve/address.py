"""What the address of a report asks for, and the addresses of what lies beside it.

``/listing/mug?period=week&on=2026-03-04&against=2026-01-05..2026-01-11&lang=zh-Hans&format=xlsx``
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from urllib.parse import quote, urlencode

from babel import Locale, UnknownLocaleError

from reports.forms import Form
from reports.period import ONE, Asked, Days, Period, Sort
from reports.sentences import Said

LONGEST = 3660
"""Days of a report, at most."""

NO_DAY = "{name} = {value}: not a day; write it as 2026-03-31"
NO_NUMBER = "{name} = {value}: not a number of days from 2 to {most:number}"
NO_RANGE = "{name} = {value}: not two days; write them as 2026-03-01..2026-03-31"
NOT_ONE_OF = "{name} = {value}: unknown; one of {known:list}"
NOT_KNOWN = "{name}: unknown; an address of a report knows {known:list}"
NO_LANGUAGE = "{name} = {value}: not the code of a language, such as en, zh-Hans or de"
TOO_LONG = "A report has at most {most:number} days"
BACKWARDS = "The days end before they begin"
TOO_MUCH = "Either a day, a week or a month, or the days from one to another, not both"


class AddressError(Exception):
    """The address asks for something that there cannot be; ``said`` tells what would be right."""

    def __init__(self, text: str, **facts: Any) -> None:
        super().__init__(text)
        self.said = Said(text, facts)


@dataclass(frozen=True, slots=True)
class Address:
    """What is asked for: the report of a listing, or with None the overview of all."""

    listing: str | None
    asked: Asked = field(default_factory=Asked)
    language: str | None = None
    """A locale Babel knows, its parts joined by underscores; None as configured."""
    form: Form = Form.HTML
    counted: bool = False
    """Whether the number of days was asked for, and is not the one that is configured."""

    @property
    def path(self) -> str:
        """Where it stands on the server, without what comes after the question mark."""
        return "/overview" if self.listing is None else f"/listing/{quote(self.listing, safe='')}"

    @property
    def href(self) -> str:
        """The shortest address that asks for this."""
        asked = self.asked
        query: dict[str, str] = {}
        if asked.sort:
            query["period"] = asked.sort
            if asked.last:
                query["on"] = asked.last.isoformat()
        elif asked.first or asked.last:
            query |= {name: day.isoformat() for name, day in (("from", asked.first), ("to", asked.last)) if day}
        if self.counted and not asked.sort and not asked.first:
            query["days"] = str(asked.count)
        if asked.against:
            query["against"] = f"{asked.against.first}..{asked.against.last}"
        if self.language:
            query["lang"] = self.language.replace("_", "-")
        if self.form is not Form.HTML:
            query["format"] = self.form.value
        return self.path + ("?" + urlencode(query) if query else "")

    def over(self, asked: Asked, *, counted: bool = False) -> "Address":
        """The same over other days."""
        return replace(self, asked=asked, counted=counted)


def read(listing: str | None, query: Mapping[str, str], days: int) -> Address:
    """The address that this query makes; what a form left empty is not asked for. ``days``: so many by default.

    Raises:
        AddressError: it names a key, a day, a period, a form or a language that there is not.
    """
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    known = ("days", "period", "on", "from", "to", "against", "lang", "format")
    for name in given.keys() - set(known):
        raise AddressError(NOT_KNOWN, name=name, known=known)
    sort: Sort | None = _one_of(given, "period", get_args(Sort))
    on, first, last = (_day(given, name) for name in ("on", "from", "to"))
    if (sort or on) and (first or last):
        raise AddressError(TOO_MUCH)
    if first and last and last < first:
        raise AddressError(BACKWARDS)
    count = _count(given, days)
    if first and len(Days(first, last or max(first, datetime.now(UTC).date()))) > LONGEST:
        raise AddressError(TOO_LONG, most=LONGEST)
    asked = Asked(
        count=count,
        sort=sort or ("day" if on else None),
        first=first,
        last=on or last,
        against=_against(given),
    )
    form = Form(_one_of(given, "format", tuple(Form) if listing else (Form.HTML,)) or Form.HTML)
    return Address(listing, asked, _language(given), form, counted=count != days)


def beside(address: Address, period: Period, oldest: date, newest: date) -> tuple[Address | None, Address | None]:
    """The same report over the period before and over the one after; None where there is no data."""
    asked, days = address.asked, period.days
    plain = replace(asked, against=None)
    if period.sort:
        before = address.over(replace(plain, last=days.first - ONE))
        after = address.over(replace(plain, last=days.last + ONE))
    else:
        step = timedelta(days=len(days))
        before, after = (
            address.over(replace(plain, first=days.first + way * step, last=days.last + way * step)) for way in (-1, 1)
        )
    return (before if days.first > oldest else None), (after if days.last < newest else None)


def _day(given: Mapping[str, str], name: str) -> date | None:
    if name not in given:
        return None
    try:
        day = date.fromisoformat(given[name])
    except ValueError:
        day = None
    # Before and after them a calendar has no room for the days that a report compares with.
    if day is None or not 1990 <= day.year <= 2200:
        raise AddressError(NO_DAY, name=name, value=given[name])
    return day


def _against(given: Mapping[str, str]) -> Days | None:
    if "against" not in given:
        return None
    first, dots, last = given["against"].partition("..")
    if not dots:
        raise AddressError(NO_RANGE, name="against", value=given["against"])
    ends = {"first": first.strip(), "last": last.strip()}
    begin, end = (_day({"against": ends[name]}, "against") for name in ends)
    if begin is None or end is None or end < begin:
        raise AddressError(BACKWARDS)
    if len(Days(begin, end)) > LONGEST:
        raise AddressError(TOO_LONG, most=LONGEST)
    return Days(begin, end)


def _count(given: Mapping[str, str], days: int) -> int:
    if "days" not in given:
        return days
    value = given["days"]
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and 2 <= int(value) <= LONGEST):
        raise AddressError(NO_NUMBER, name="days", value=value, most=LONGEST)
    return int(value)


def _one_of(given: Mapping[str, str], name: str, known: tuple[Any, ...]) -> Any:
    if name not in given:
        return None
    if given[name] not in known:
        raise AddressError(NOT_ONE_OF, name=name, value=given[name], known=known)
    return given[name]


def _language(given: Mapping[str, str]) -> str | None:
    if "lang" not in given:
        return None
    try:
        return str(Locale.parse(given["lang"].replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        raise AddressError(NO_LANGUAGE, name="lang", value=given["lang"]) from None
