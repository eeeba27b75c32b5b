"""What the own page showed otherwise than before: how an action shows, and what the journal asks after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from shlex import quote
from typing import Any
from zoneinfo import ZoneInfo

from reports.actions import What
from reports.series import Observation

STEP = Decimal("0.05")
"""By so much a price must move for the journal to ask after it: less may be a repricer's (as in reports.flags.paid)."""
SHOWN: Mapping[What, tuple[str, ...]] = {
    What.PRICE: ("price",),
    What.COUPON: ("coupon_percent", "coupon_amount"),
    What.DEAL: ("is_deal",),
    What.TITLE: ("title",),
    What.BULLETS: ("bullets",),
    What.IMAGES: ("main_image", "image_count", "has_video"),
    What.A_PLUS: ("has_a_plus",),
}
"""By which columns the own page shows what was done; of anything else it shows nothing."""
OFFER = frozenset({"price", "coupon_percent", "coupon_amount", "is_deal"})
"""What is the Buy Box seller's."""
AMOUNTS = frozenset({"price", "coupon_amount"})
"""In the listing's currency."""


@dataclass(frozen=True, slots=True)
class PageChange:
    """What the own page showed otherwise than before."""

    what: What
    at: datetime
    """The first page that shows it (UTC)."""
    before: str | None
    """As text; None where there was none."""
    after: str | None
    amounts: bool = False
    """Whether both are amounts in the listing's currency."""

    def command(self, listing: str, zone: ZoneInfo) -> str:
        """What notes it in the journal; what others wrote is no part of that."""
        amounts = f"{self.before} → {self.after}" if self.amounts and self.before and self.after else ""
        gone, came = self.after is None, self.before is None
        text = f"{self.what.replace('_', ' ')} {amounts or ('removed' if gone else 'added' if came else 'changed')}"
        at = self.at.astimezone(zone)
        return f'tracker log "{text}" --listing {quote(listing)} --kind {self.what} --at "{at:%Y-%m-%d %H:%M}"'


def page_changes(observations: Sequence[Observation]) -> list[PageChange]:
    """What the own page showed otherwise than before, the oldest first. A page that could not be read, or is in another
    language, tells no change; a price that came with another seller is not the own one's."""
    found: dict[tuple[What, datetime], PageChange] = {}
    known: dict[tuple[str, str | None], Any] = {}
    seller: str | None = None
    for seen in observations:
        if seen.seller_id and seen.seller_id != seller:
            known = {key: value for key, value in known.items() if key[0] not in OFFER}
            seller = seen.seller_id
        for what, fields in SHOWN.items():
            for field in fields:
                value, key = getattr(seen, field), (field, None if field in OFFER else seen.language)
                if seen.unread(field) or (field == "price" and value is None):
                    continue
                if key in known and _moved(field, known[key], value):
                    made = PageChange(what, seen.observed_at, _text(known[key]), _text(value), field in AMOUNTS)
                    found.setdefault((what, seen.observed_at), made)
                known[key] = value
    return [*found.values()]


def _moved(field: str, before: Any, after: Any) -> bool:
    if field == "price":
        return bool(before) and abs(after / before - 1) >= STEP
    return bool(before != after)


def _text(value: Any) -> str | None:
    return None if value is None or value is False else " / ".join(value) if isinstance(value, tuple) else str(value)
