"""Visitors of the simulated site: where each would have things delivered to, in which language and currency it looks.

As on the real site, a session remembers the postal code chosen in its dialogue, and cookies tell language and currency.
Who has not chosen is placed by the site: usually where the marketplace's own people live, else where the site was told
that its visitors come from. There, everything costs more, in the money of that country unless a currency was chosen.
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from storage.marketplaces import MARKETPLACES
from tracker.demo.catalogue import NICHES, cents
from tracker.demo.words import WORDS, Words

SESSION = "session-id"
"""The cookie that names a session."""

_CURRENCIES = {niche.marketplace: niche.currency for niche in NICHES}
WORTH = {"USD": Decimal(1), "EUR": Decimal("0.9"), "JPY": Decimal(150)}
"""Of one dollar."""
_ABROAD = Decimal("1.12")
"""What things cost for those who live elsewhere, of the usual price."""
_CODES = {"com": r"\d{5}", "de": r"\d{5}", "co.jp": r"\d{3}-?\d{4}"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """For whom a page is made."""

    words: Words
    language: str
    """Of the page, as its tag says it."""
    deliver_to: tuple[str, str]
    """The two lines in the head of a page."""
    currency: str
    rate: Decimal = Decimal(1)
    """Prices are the usual ones times this."""

    def price(self, amount: Decimal) -> Decimal:
        """What costs ``amount`` in the marketplace's own money, for this visitor."""
        return amount if self.rate == 1 else cents(amount * self.rate, self.currency)

    def money(self, amount: Decimal) -> str:
        """The same, as the page writes it."""
        return self.words.money(self.price(amount), self.currency)


def usual(marketplace: str) -> Visitor:
    """Who lives where the marketplace's people live, and has chosen nothing."""
    words = WORDS[marketplace]
    return Visitor(words, words.language, words.deliver_to, _CURRENCIES[marketplace])


class Visitors:
    """What the site of one marketplace knows of its visitors."""

    def __init__(self, marketplace: str) -> None:
        self._marketplace = marketplace
        self._numbers = itertools.count(1)
        self._codes: dict[str, str] = {}
        self.origin: tuple[str, str] | None = None
        """Country (as the page writes it) and currency of those who chose no postal code; None: its own people."""

    def session(self, cookies: Mapping[str, str]) -> str:
        """The session that these cookies name, or a new one."""
        return cookies.get(SESSION) or f"{self._marketplace}-{next(self._numbers)}"

    def token(self, session: str, purpose: str) -> str:
        """What a request of this session must send along."""
        return f"{purpose}/{session}"

    def move(self, session: str, postal_code: str) -> bool:
        """Deliver to this postal code from now on; False when there is no such code here."""
        known = re.fullmatch(_CODES[self._marketplace], postal_code) is not None
        if known:
            self._codes[session] = postal_code
        return known

    def visitor(self, cookies: Mapping[str, str]) -> Visitor:
        """For whom a page is made that is asked for with these cookies."""
        own = usual(self._marketplace)
        words, language = _language(self._marketplace, cookies) or (own.words, own.language)
        code = self._codes.get(cookies.get(SESSION, ""))
        first, place = words.deliver_to[0], own.deliver_to[1]
        currency, rate = own.currency, Decimal(1)
        if code:
            place = f"{place.rpartition(' ')[0]} {code}"
        elif self.origin:
            place, currency = self.origin
            rate = _ABROAD
        currency = cookies.get("i18n-prefs", currency)
        rate *= WORTH[currency] / WORTH[own.currency]
        return Visitor(words, language, (first, place), currency, rate)


def _language(marketplace: str, cookies: Mapping[str, str]) -> tuple[Words, str] | None:
    """The language chosen, where the marketplace has it and this site speaks it."""
    chosen = next((value for name, value in cookies.items() if name.startswith("lc-")), "")
    spoken = next((words for words in WORDS.values() if words.locale[:2] == chosen[:2]), None)
    if spoken is None or chosen not in MARKETPLACES[marketplace].locales:
        return None
    return spoken, chosen.lower().replace("_", "-")
