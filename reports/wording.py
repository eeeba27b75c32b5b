"""Texts and figures in one language: templates, numbers, money and dates by locale."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_interval

from reports.sentences import Fact, Said, catalogue, voice

NOTHING = "—"


class Wording:
    """Figures in one language. ``language`` is a locale Babel knows, such as ``en`` or ``zh_CN``."""

    def __init__(self, language: str, currency: str, time_zone: str) -> None:
        self.locale = Locale.parse(language.replace("-", "_"))
        self.voice = voice(str(self.locale))
        self.currency = currency
        self.zone = ZoneInfo(time_zone)

    @property
    def lang(self) -> str:
        """The language of the sentences (BCP 47): English where there is no file of the one asked for."""
        spoken = self.locale.language == "en" or catalogue(str(self.locale))
        return str(self.locale).replace("_", "-") if spoken else "en"

    def say(self, template: str, **facts: Fact) -> str:
        """An English template filled in and said in the language; see :class:`reports.sentences.Voice` for its facts.

        Amounts are in the currency of the listing unless a fact ``currency`` says otherwise.
        """
        return self.voice.says(template, {"currency": self.currency, **facts} if facts else {})

    def said(self, phrases: Said | Iterable[Said] | None) -> str:
        """A phrase, or several one after another; empty for none."""
        each = [phrases] if isinstance(phrases, Said) else phrases or ()
        return self.joined(self.voice.say(phrase, self.currency) for phrase in each)

    def joined(self, texts: Iterable[str]) -> str:
        """Texts one after another, those that are empty left out."""
        return self.say("; ").join(filter(None, texts))

    def money(self, value: Decimal, currency: str | None = None) -> str:
        return self.voice.money(value, currency or self.currency)

    def number(self, value: Decimal | int | float) -> str:
        return _minus(self.voice.number(value))

    def fixed(self, value: Decimal | float, digits: int) -> str:
        return _minus(self.voice.decimal(value, "#,##0." + "0" * digits))

    def signed(self, value: Decimal | int, text: str) -> str:
        """``text`` (of the absolute value) with its sign: a true minus, a plus, or ± for none."""
        return ("+" if value > 0 else "−" if value < 0 else "±") + text

    def percent(self, value: Decimal | float) -> str:
        """``−20.0 %`` of -20."""
        return self.voice.percent(float(value) / 100)

    def day(self, day: date) -> str:
        """``Tue 3 Nov``, in the order of the language."""
        return self.voice.day(day)

    def day_short(self, day: date) -> str:
        """``3 Nov``, in the order of the language."""
        return self.voice.date(day, "d MMM", "MMMd")

    def day_long(self, day: date) -> str:
        """``Tuesday 3 November 2026``, in the order of the language."""
        return self.voice.date(day, "EEEE d MMMM y", "full")

    def moment(self, at: datetime) -> str:
        """Local date and time of an instant."""
        local = at.astimezone(self.zone)
        return f"{self.voice.date(local.date(), 'd MMM y', 'yMMMd')} {local:%H:%M}"

    def span(self, first: date, last: date) -> str:
        """Days in a row: with their year where they have not the same."""
        if first == last:
            return self.day(first)
        if first.year != last.year:
            return format_interval(first, last, "yMMMd", locale=self._day_first)
        if self.locale.language == "en":
            return f"{self.day(first)} – {self.day(last)}"
        return format_interval(first, last, "MMMd", locale=self.locale)

    @property
    def _day_first(self) -> Locale:
        return Locale("en", "GB") if self.locale.language == "en" else self.locale


def short(title: str, width: int = 30) -> str:
    """The start of a title in at most ``width`` columns (wide characters take two), cut at a word."""
    used, end = 0, 0
    for end, char in enumerate(title):  # noqa: B007 - the place of the cut is wanted after the loop
        used += 2 if east_asian_width(char) in "WF" else 1
        if used > width:
            break
    else:
        return title
    cut = title[:end]
    space = cut.rfind(" ")
    return (cut[:space] if space > len(cut) // 2 else cut).rstrip(" ,;-–|(") + "…"


def _minus(number: str) -> str:
    """With a true minus, as changes have it."""
    return number.replace("-", "−")
