"""Why a value is not there, as phrases."""

import re

from reports.labels import REASONS
from reports.sentences import Said
from reports.series import Observation

PARTS = {
    "to_pay": ("price", "coupon_percent", "coupon_amount", "prime_price"),
    "discount": ("price", "list_price"),
}
"""The fields that a value is made of."""
NAMES = {
    "coupon_percent": "coupon",
    "coupon_amount": "coupon",
    "prime_price": "Prime price",
    "list_price": "list price",
    "is_deal": "deal",
}
"""A part of a value, where its reason has to say which."""


PLACES = {
    "currency (.+), not (.+)": "currency {shown}, not {wanted}",
    "delivery to '(.+)', not (.+)": "delivery to “{shown}”, not {wanted}",
    "no place of delivery named, not()(.+)": "no place of delivery named, not {wanted}",
}
"""How a page is for another place: as it is stored (see :func:`spiders.place.elsewhere`), and as it is said."""


def because(code: str) -> Said:
    """A reason; one that has something to add names it after a colon."""
    head, colon, more = code.partition(": ")
    text = REASONS.get(head, head.replace("_", " "))
    if head == "elsewhere" and colon:
        return Said("{why:said}: {how:phrases}", {"why": text, "how": differences(more)})
    return Said("{why:said}: {more}", {"why": text, "more": more}) if colon else Said(text)


def differences(elsewhere: str) -> list[Said]:
    """How a page is for another place than the one asked for."""
    return [_difference(text) for text in elsewhere.split("; ")]


def _difference(text: str) -> Said:
    for stored, said in PLACES.items():
        if found := re.fullmatch(stored, text):
            return Said(said, {"shown": found[1], "wanted": found[2].strip()})
    return Said("{text}", {"text": text})


def lacking(now: Observation, name: str) -> str:
    """The field for want of which there is no such value: of its parts, the first one not read, else not there."""
    absent = [field for field in PARTS.get(name, (name,)) if getattr(now, field) is None]
    return next(filter(now.unread, absent), absent[0] if absent else name)


def why(now: Observation, name: str) -> tuple[Said, ...]:
    """Why a page that was read gave no value of this name."""
    field = lacking(now, name)
    if field == "price" and now.foreign_price is not None:
        amount, currency = now.foreign_price
        if currency:
            return (Said("shown as {amount:money}: not compared", {"amount": amount, "currency": currency}),)
        return (Said("shown as {amount:number}: not compared", {"amount": amount}),)
    if now.in_stock is False and field in {"price", "seller"}:
        return (Said("out of stock"),)
    return (of_part(now, field) if field in NAMES else because(now.missing.get(field, "no_reason_recorded")),)


def of_part(now: Observation, field: str) -> Said:
    """Why a part is not known, with its name."""
    reason = because(now.missing.get(field, "no_reason_recorded"))
    return reason if reason.facts else Said("{field:said}: {why:said}", {"field": NAMES[field], "why": reason.text})
