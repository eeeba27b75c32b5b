"""What a listing is to be like, as its `[listing.expect]` says: the report tells where it is not."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from storage.model import VENDOR, Expected

PRICE = "an amount (24.99), or the lowest and the highest that are right ([23.99, 26.99])"


def _price(value: Any) -> Any:
    """The two ends of what is right. An amount of TOML comes as a Decimal of its very text, a whole one as a number."""
    ends = value if isinstance(value, list | tuple) else (value, value)
    if len(ends) != 2 or any(isinstance(end, bool) or not isinstance(end, int | Decimal) for end in ends):
        raise ValueError(PRICE)
    low, high = (Decimal(end) for end in ends)
    sound = low.is_finite() and high.is_finite() and 0 < low <= high < 10**9
    if not sound or {low, high} != {round(low, 2), round(high, 2)}:
        raise ValueError(f"{PRICE}, above 0 and with two decimals at most")
    return low, high


def _seller(value: str) -> str:
    if not re.fullmatch(rf"[A-Z0-9]{{8,24}}|{VENDOR}", value):
        raise ValueError(
            "a seller id is capital letters and digits, as the address of a shop has it (…seller=A2EXAMPLE0000); "
            f'"{VENDOR}" stands for who sells to Amazon itself'
        )
    return value


def _node(value: str) -> str:
    if not re.fullmatch(r"\d{3,20}", value):
        raise ValueError('the browse node of its last category, in quotes: "3117954011"')
    return value


SellerId = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_seller)]


class ExpectConfig(BaseModel):
    """What is right for one listing. What is not given here is to stay as it was, or is not judged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    price: Annotated[tuple[Decimal, Decimal] | None, BeforeValidator(_price)] = None
    """The lowest and the highest, in the currency that the marketplace is asked for."""
    images: int | None = Field(default=None, ge=1)
    """So many at least."""
    bullets: int | None = Field(default=None, ge=1)
    """So many at least."""
    a_plus: bool | None = None
    rating: Annotated[Decimal, Field(ge=1, le=5, max_digits=3, decimal_places=2)] | None = None
    """Not below."""
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = None
    """Word for word."""
    other_offers: int | None = Field(default=None, ge=0)
    """So many of others at most."""
    browse_node: Annotated[str, AfterValidator(_node)] | None = None
    """Of the last category above it."""

    def with_sellers(self, seller_ids: tuple[str, ...]) -> Expected | None:
        """The same as the lower floors know it; None where nothing is expected."""
        low, high = self.price or (None, None)
        expected = Expected(
            seller_ids=seller_ids,
            price_from=low,
            price_to=high,
            **self.model_dump(exclude={"price"}),
        )
        return None if expected == Expected() else expected
