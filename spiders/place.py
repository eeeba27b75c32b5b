"""The place that a marketplace is visited from: what its site is asked for, and whether a page was made for it.

Price, stock and offers depend on where things would be delivered to, and the currency on the visitor's choice; so both,
and the language, are asked for explicitly. What is known of how the site takes them, and from where:

* Seen on the real pages at hand (2019 to 2026, eleven marketplaces): the two lines ``#glow-ingress-line1`` and ``2``,
  which name the place by town and postal code, cut short to the outward part in Britain ("Fulham W12") and to the
  digits in the Netherlands ("Amstelveen 1187"); the dialogue behind them, whose address and anti-CSRF token stand in
  the ``data-a-modal`` of ``#nav-global-location-data-modal-action``; ``html[lang]``; ``#currencyOfPreference``.
* Told by public programs that do the same, and not to be verified from here: the cookies (``lc-main``, ``lc-acbde`` …
  for the language, ``i18n-prefs`` for the currency); that the dialogue holds a second token as ``CSRF_TOKEN``; the
  request that changes the address and the fields of its answer. They also tell that the answer may say yes where
  nothing changes: so a page is believed, never the answer (:func:`elsewhere`).

The language is asked for by cookie and not by a path (``/-/en/``): robots.txt forbids most of these paths.
"""

import json
import re
from typing import NamedTuple
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from storage.marketplaces import MARKETPLACES
from storage.model import Fetch
from storage.records import Shown

_MODAL = "#nav-global-location-data-modal-action[data-a-modal]"
_TOKEN_HEADER = "anti-csrftoken-a2z"  # noqa: S105  its name
_TOKEN = re.compile(r"""["']?CSRF_TOKEN["']?\s*:\s*["']([^"']+)["']""")
_CHANGE = "/portal-migration/hz/glow/address-change?actionSource=glow"
_INWARD = {"co.uk": 3, "ca": 3, "ie": 4, "nl": 2}
"""How many characters at the end of a whole postal code a page leaves out. Canada and Ireland by their codes' form."""
_ZIP_MORE = 4
"""Digits of a ZIP+4 that a page leaves out."""


class Place(NamedTuple):
    """What one marketplace is asked for."""

    marketplace: str
    locale: str
    """Of its language, as the site names it: "de_DE"."""
    currency: str
    """ISO 4217."""
    postal_code: str | None = None
    """None: wherever the site places the visitor, and that is no other place then."""
    accepts: str | None = None
    """A whole Accept-Language header instead of the one that follows from ``locale``."""


class Ask(NamedTuple):
    """A request on the way to another address."""

    method: str
    url: str
    headers: dict[str, str]
    body: str = ""


def place(
    marketplace: str, *, language: str | None = None, currency: str | None = None, postal_code: str | None = None
) -> Place:
    """The place of a marketplace, its own first language and its currency where none is named.

    Args:
        language: a language tag ("en", "en-GB"), or a whole Accept-Language header.
    """
    market = MARKETPLACES[marketplace]
    asked = re.split(r"[,;]", language or "")[0].strip().replace("-", "_")
    known = {locale.casefold(): locale for locale in reversed(market.locales)}
    known |= {locale.partition("_")[0].casefold(): locale for locale in reversed(market.locales)}
    return Place(
        marketplace=marketplace,
        locale=known.get(asked.casefold(), asked) if asked else market.locales[0],
        currency=currency or market.currency,
        postal_code=postal_code,
        accepts=language if language and set(language) & set(",;") else None,
    )


def headers(wanted: Place) -> dict[str, str]:
    """What every request to the marketplace says of the language."""
    tag = wanted.locale.replace("_", "-")
    plain = tag.partition("-")[0]
    return {"Accept-Language": wanted.accepts or (tag if tag == plain else f"{tag},{plain};q=0.9")}


def cookies(wanted: Place) -> dict[str, str]:
    """The choices that every request to the marketplace carries."""
    domain = wanted.marketplace.rpartition(".")[2]
    language = "lc-main" if domain == "com" else f"lc-acb{domain}"
    return {language: wanted.locale, "i18n-prefs": wanted.currency}


def dialogue(html: str, url: str) -> Ask | None:
    """The request for the dialogue in which an address is chosen, as the page at ``url`` makes it; None on a page
    without one."""
    node = LexborHTMLParser(html).css_first(_MODAL)
    try:
        told = json.loads((node.attrs.get("data-a-modal") if node else None) or "{}")
        address, token = told["url"], told["ajaxHeaders"][_TOKEN_HEADER]
    except (ValueError, LookupError, TypeError):
        return None
    if not isinstance(address, str) or not isinstance(token, str) or not address.startswith("/"):
        return None
    return Ask("GET", urljoin(url, address), _ajax(url, token))


def change(wanted: Place, dialogue_html: str, asked: Ask) -> Ask:
    """The request that has the site deliver to the postal code.

    Args:
        asked: the request that the dialogue answered; its token stands in where the dialogue has none of its own.
    """
    found = _TOKEN.search(dialogue_html)
    token = found[1] if found else asked.headers[_TOKEN_HEADER]
    body = {
        "locationType": "LOCATION_INPUT",
        "zipCode": wanted.postal_code,
        "storeContext": "generic",
        "deviceType": "web",
        "pageType": "Gateway",
        "actionSource": "glow",
    }
    sent = _ajax(asked.headers["Referer"], token) | {"Content-Type": "application/json"}
    return Ask("POST", urljoin(asked.url, _CHANGE), sent, json.dumps(body))


def refusal(status: int, text: str) -> str | None:
    """Why the site did not take the postal code, by its answer; None when it says that it did."""
    if status >= 400:
        return f"HTTP {status}"
    try:
        told = json.loads(text)
    except ValueError:
        return "the answer is not the one known"
    if not isinstance(told, dict) or "isAddressUpdated" not in told:
        return "the answer is not the one known"
    return None if told["isAddressUpdated"] else "the site does not know this postal code"


def elsewhere(wanted: Place, shown: Shown) -> str | None:
    """What shows that a page was made for another place than ``wanted``, in words; None when nothing does.

    The language is none of a place's matters: amounts do not depend on it.
    """
    differences = []
    if shown.currency and shown.currency != wanted.currency:
        differences.append(f"currency {shown.currency}, not {wanted.currency}")
    if wanted.postal_code and shown.delivery_location is not None:
        if not _is_at(shown.delivery_location, wanted.postal_code, wanted.marketplace):
            differences.append(f"delivery to '{shown.delivery_location}', not {wanted.postal_code}")
    elif wanted.postal_code and shown.has_head:
        differences.append(f"no place of delivery named, not {wanted.postal_code}")
    return "; ".join(differences) or None


def columns(wanted: Place, shown: Shown | None) -> dict[str, str | None]:
    """What is stored with a fetch: the place asked for, and (with a page that was read) the place shown."""
    return {
        "wanted_postal_code": wanted.postal_code,
        "wanted_language": wanted.locale.replace("_", "-"),
        "wanted_currency": wanted.currency,
    } | read_back(wanted, shown)


def read_back(wanted: Place, shown: Shown | None) -> dict[str, str | None]:
    """Those of :func:`columns` that a page says."""
    told = shown or Shown()
    return {
        "delivery_location": told.delivery_location,
        "language": told.language,
        "currency": told.currency,
        "elsewhere": elsewhere(wanted, shown) if shown else None,
    }


def again(fetch: Fetch, shown: Shown | None) -> dict[str, str | None]:
    """As :func:`read_back` for a page that is read once more: judged by what was asked for when it came. Where that is
    not known, all stays as it is."""
    if fetch.wanted_currency is None:
        return {}
    locale = (fetch.wanted_language or "").replace("-", "_")
    return read_back(Place(fetch.marketplace, locale, fetch.wanted_currency, fetch.wanted_postal_code), shown)


def _ajax(referer: str, token: str) -> dict[str, str]:
    return {_TOKEN_HEADER: token, "X-Requested-With": "XMLHttpRequest", "Referer": referer}


def _is_at(location: str, postal_code: str, marketplace: str) -> bool:
    """Whether a page that names ``location`` delivers to the postal code, of which it may leave out the end."""
    if not any(map(str.isdecimal, postal_code)):  # a town, where there are no codes
        return postal_code.casefold() in location.casefold()
    whole = _plain(postal_code)
    codes = {whole}
    if cut := _INWARD.get(marketplace, _ZIP_MORE if marketplace == "com" and len(whole) == 5 + _ZIP_MORE else 0):
        codes.add(whole[:-cut])
    words = location.split()
    # A code may be written in several words: every end of the line is tried.
    return any(_plain("".join(words[start:])) in codes for start in range(len(words)))


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code)).upper()
