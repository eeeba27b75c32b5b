"""What a report's tables are made of: values with what is known about them, in no language yet.

Every form of the report is made of these: the page writes them out, a workbook keeps them as numbers.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from babel.numbers import get_currency_precision

from reports.sentences import Said
from reports.series import Change

SPANS = (1, 7, 30)
"""Days that the tables look back."""

Number = Decimal | int


def in_units(amount: Number, currency: str) -> Decimal:
    """An amount with the digits that its currency has: what is counted of yen has no hundredths."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-get_currency_precision(currency)))


class Form(StrEnum):
    """How a number is written."""

    MONEY = "money"
    NUMBER = "number"
    FIXED = "fixed"
    """With one decimal."""
    SHARE = "share"
    """A part of 1, as percent."""
    TEXT = "text"
    """No number: phrases."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A column: what stands in it, and which way is better."""

    key: str
    head: str
    """English; in the catalogue."""
    form: Form
    better: int = 0
    """1: more is better, -1: less is, 0: neither."""
    first: int = 0
    """Which end of the order has place 1 (1: the highest, -1: the lowest); 0: it has no order."""
    rank: bool = False
    """Whether it is a place in an order, so that a change is so many places up or down."""


@dataclass(frozen=True, slots=True)
class Value:
    """One measure of one product at the end of the period."""

    value: Number | None
    said: tuple[Said, ...] = ()
    """Of a text, its phrases."""
    why: tuple[Said, ...] = ()
    """Why there is no value."""
    note: tuple[Said, ...] = ()
    """What belongs beside it."""
    changes: tuple[Change | None, ...] = ()
    """Against 1, 7 and 30 days before (see SPANS); None where one of the two is not known."""
    place: int | None = None
    """Its rank among the products of the report, 1 the best; None where they cannot be compared."""
    of: int = 0
    """So many products have a value to compare."""
    days: tuple[Number | None, ...] = field(default=(), repr=False)
    """By day of the charts, None where nothing is known."""

    def placed(self, place: int, of: int) -> "Value":
        return replace(self, place=place, of=of)

    @property
    def missing(self) -> bool:
        return self.value is None and not self.said
