"""Sentences from templates, in the reader's language.

A template is English and names its facts with how each is written: ``Price cut {before:amount} → {after:amount}``. Its
translations stand in ``locale/LANGUAGE.po`` under the English text (GNU gettext's format, read as it is), so that
another language is another file; what a file lacks is said in English. A sentence is a sequence of templates, each
with the punctuation that joins it to those before it.

Facts come as values, or as JSON gave them back: an amount as text, a day in ISO form. A fact may be a phrase itself.
How the files are written is told in ``locale/README.md``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any, NamedTuple, Union

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision

Fact = Union[str, int, float, Decimal, date, "Said", Sequence["str | Said"], None]
Facts = Mapping[str, Fact]


class Said(NamedTuple):
    """A phrase: an English template and its facts, said in the reader's language."""

    text: str
    facts: Mapping[str, Fact] = {}


NEVER = "less than once in 100 years"
ONCE = "about once in {years:number} years"
OFTEN = "about {times:number} times a year"
DAYS = "{days:count day|days}"


def sentence(says: Sequence[str], facts: Facts, language: str = "en") -> str:
    """The sentence that these templates make of these facts. ``language`` is a locale that Babel knows."""
    speaker = voice(language.replace("-", "_"))
    return "".join(speaker.says(text, facts) for text in says)


@cache
def voice(language: str) -> "Voice":
    """Who writes figures in a language (a locale that Babel knows, its parts joined by underscores)."""
    return Voice(language)


LOCALES: Traversable = files("reports").joinpath("locale")
"""Where the files of the languages are."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """English text -> its translation; empty for English, and for a language that has no file in its script."""
    wanted = Locale.parse(language)
    for tag in languages():
        offered = Locale.parse(tag)
        if wanted.language == offered.language and wanted.script in (None, offered.script):
            with LOCALES.joinpath(f"{tag}.po").open("rb") as file:
                return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string and not m.fuzzy}
    return {}


def languages() -> list[str]:
    """The locales that have a file, English not among them: its texts are in the sources."""
    return sorted(path.name.removesuffix(".po") for path in LOCALES.iterdir() if path.name.endswith(".po"))


# Babel and the standard library's formatter are slow, and the same numbers, days and templates come often.


@cache
def _pieces(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """A template as literals, each with the name and the form of the fact that follows it, if any does."""
    return tuple((literal, name, spec or "") for literal, name, spec, _ in Formatter().parse(text))


@cache
def _worded(text: str) -> bool:
    """Whether there is anything to translate in a template: one of figures and signs needs no file."""
    return any(any(map(str.isalpha, literal)) or spec.startswith("count") for literal, _, spec in _pieces(text))


@lru_cache(maxsize=1 << 16)
def _decimal(value: Decimal | float, pattern: str | None, locale: Locale) -> str:
    return str(format_decimal(value, format=pattern, locale=locale))


@lru_cache(maxsize=1 << 16)
def _money(value: Decimal | int, currency: str, locale: Locale) -> str:
    return str(format_currency(value, currency, locale=locale))


@lru_cache(maxsize=1 << 12)
def _date(day: date, pattern: str, skeleton: str, locale: Locale) -> str:
    if pattern or skeleton == "full":
        return format_date(day, pattern or skeleton, locale=locale)
    return format_skeleton(skeleton, datetime(day.year, day.month, day.day, tzinfo=UTC), locale=locale)


def _number(fact: Any) -> Decimal | int:
    """A fact as an exact number; JSON gives amounts back as text."""
    return fact if isinstance(fact, (Decimal, int)) else Decimal(str(fact))


class Voice:
    """Writes facts in one language. What stands after the colon of a field:

    ``money`` in the fact ``currency``, and with its sign; ``amount`` the same without naming it; ``number``; ``fixed``
    one decimal; ``percent`` signed, of a share; ``share`` unsigned; ``day``; ``days`` how long, in whole days, of a
    number of days; ``list``; ``clauses`` and ``phrases`` one after another; ``rarity`` how often chance would bring
    it, of a probability a night; ``said`` a label or a reason, which is English and in the catalogue; ``capital`` the
    same at the beginning of a sentence; ``count WORD|WORDS`` a number with the form of the word that goes with it.
    Without one, text as it is.
    """

    def __init__(self, language: str) -> None:
        self.locale = Locale.parse(language)
        self.language = language
        tenths = "#,##0 %" if self.locale.language == "en" else self.locale.percent_formats[None].pattern
        self._share = tenths.replace("##0", "##0.0")

    def says(self, text: str, facts: Facts) -> str:
        """The template filled in; one without a translation in English, the forms of its words included.

        Without facts it has none to fill in, and stays as it is.
        """
        translated = catalogue(self.language).get(text)
        if not facts:
            return translated or text
        speaker = self if translated or self.locale.language == "en" or not _worded(text) else ENGLISH
        return speaker.filled(translated or text, facts)

    def say(self, phrase: Said, currency: Fact = None) -> str:
        """``currency`` is that of its amounts where it names none itself."""
        return self.says(phrase.text, {"currency": currency, **phrase.facts} if phrase.facts else {})

    def filled(self, text: str, facts: Facts) -> str:
        """A template of this language, filled in. Raises KeyError when a fact that it names is not given."""
        currency = facts.get("currency")
        return "".join(
            literal if name is None else literal + self.written(facts[name], form, currency)
            for literal, name, form in _pieces(text)
        )

    def written(self, fact: Any, spec: str, currency: Fact = None) -> str:  # noqa: PLR0911, PLR0912 - one line a form
        """A fact in one of the forms; ``currency`` is that of an amount. Raises ValueError for no such form."""
        form, _, words = spec.partition(" ")
        match form:
            case "money":
                return self.money(_number(fact), str(currency))
            case "amount":
                return self.amount(_number(fact), str(currency))
            case "number":
                return self.number(_number(fact))
            case "fixed":
                return self.decimal(_number(fact), "#,##0.0")
            case "percent":
                return self.percent(float(fact))
            case "share":
                return self.share(float(fact))
            case "day":
                return self.day(fact if isinstance(fact, date) else date.fromisoformat(fact))
            case "days":
                return self.says(DAYS, {"days": max(1, round(float(fact)))})
            case "list":
                return format_list([self._text(each, currency) for each in fact], locale=self.locale)
            case "clauses" | "phrases":
                joint = self.says(", " if form == "clauses" else "; ", {})
                return joint.join(self._text(each, currency) for each in fact)
            case "said":
                return self.says(str(fact), {})
            case "capital":
                said = self.says(str(fact), {})
                return said[:1].upper() + said[1:]
            case "rarity":
                return self.rarity(float(fact))
            case "count":
                return f"{self.number(fact)} {self._form(words, int(fact))}"
            case "":
                return self._text(fact, currency)
        raise ValueError(f"no such form of a fact: {spec!r}")

    def money(self, value: Decimal | int, currency: str) -> str:
        """``$24.99`` or ``US$24.99``, as its readers write it."""
        return _money(value, currency, self.locale)

    def amount(self, value: Decimal | int, currency: str) -> str:
        """``24.99`` or ``2,480``: with the digits its currency has."""
        digits = get_currency_precision(currency)
        return self.decimal(value, "#,##0" + ("." + "0" * digits if digits else ""))

    def decimal(self, value: Decimal | float, pattern: str | None = None) -> str:
        """``pattern``: as CLDR writes it; None for the language's own."""
        return _decimal(value, pattern, self.locale)

    def number(self, value: Decimal | float) -> str:
        return self.decimal(value)

    def percent(self, change: float) -> str:
        """``−20.0 %`` of -0.2, with a true minus sign."""
        return ("+" if change > 0 else "−" if change < 0 else "±") + self.share(abs(change))

    def share(self, value: float) -> str:
        """``20.0 %`` of 0.2, or ``20.0%`` where the language writes it so."""
        return self.decimal(round(value, 11), self._share)

    def day(self, day: date) -> str:
        """``Tue 3 Nov``, in the order of the language."""
        return self.date(day, "EEE d MMM", "MMMEd")

    def date(self, day: date, english: str, skeleton: str) -> str:
        """A day by CLDR's skeleton of what to show, or ``full``; in English, whose CLDR is American, by our pattern."""
        return _date(day, english if self.locale.language == "en" else "", skeleton, self.locale)

    def rarity(self, chance: float) -> str:
        """In how many years it would happen once by chance, were there one such test a night."""
        years = 1 / (max(chance, 1e-12) * 365)
        if years > 100:
            return self.says(NEVER, {})
        if years >= 1.5:
            return self.says(ONCE, {"years": round(years)})
        return self.says(OFTEN, {"times": max(1, round(1 / years))})

    def _text(self, fact: Fact, currency: Fact) -> str:
        return self.say(fact, currency) if isinstance(fact, Said) else str(fact)

    def _form(self, words: str, count: int) -> str:
        """The form of a word that goes with a number: forms stand in the order of CLDR's categories."""
        forms = words.split("|")
        used = {*self.locale.plural_form.tags, "other"}
        order: list[str] = [tag for tag in ("zero", "one", "two", "few", "many", "other") if tag in used]
        return forms[min(order.index(str(self.locale.plural_form(count))), len(forms) - 1)]


ENGLISH = voice("en")
