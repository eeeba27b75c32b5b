"""What one item costs who clips the coupon and is a Prime member, and what moved that between two pages.

A change of the price to pay has one cause, and is told once, by it: where the price itself moved as much, that is a
price cut or rise; where only a coupon, a deal or the Prime price came or went, it is told with that promotion. So a
price raised and taken back by a new coupon in the same night is no price rise.

Where coupon or Prime price of either page were not read, what was to pay is not known, and is not guessed: then the
price before both is compared with the price before both, which was read at either end. A page of a product that cannot
be bought shows no coupon, so there is nothing to pay on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.flags.past import FOUR_WEEKS, back
from reports.series import Observation

STEP = Decimal("0.05")
"""The least change that is told, of a price: smaller ones are everyday repricing (judgement)."""
COLUMNS = "price, coupon_percent, coupon_amount, prime_price, currency, in_stock, deal"
"""What the SQL of a flag on the price to pay shows."""


def to_pay(seen: Observation) -> Decimal | None:
    """The price to pay; None where it is not known, or the product cannot be bought."""
    return None if seen.in_stock is False else seen.to_pay


def relative(before: Decimal | None, after: Decimal | None) -> Decimal:
    """Change as a share; zero where either is not known, or the first was free."""
    return after / before - 1 if before and after is not None else Decimal(0)


def coupon(seen: Observation) -> tuple[Decimal | None, Decimal | None]:
    """Percent and amount; a coupon of nothing is none."""
    return seen.coupon_percent or None, seen.coupon_amount or None


@dataclass(frozen=True, slots=True)
class Step:
    """From one page with a price to the next."""

    before: Observation
    after: Observation
    paid: tuple[Decimal, Decimal] | None
    """To pay before and after, where both are known."""

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The prices compared: to pay where it is known, else as shown."""
        return self.paid or (self.before.price or Decimal(0), self.after.price or Decimal(0))

    @property
    def change(self) -> Decimal:
        return relative(*self.ends)

    @property
    def shelf(self) -> Decimal:
        """Change of the price before coupon and Prime price."""
        return relative(self.before.price, self.after.price)

    @property
    def coupon_moved(self) -> bool:
        return self.paid is not None and coupon(self.before) != coupon(self.after)

    @property
    def deal_moved(self) -> bool:
        deals = self.before.is_deal, self.after.is_deal
        return self.paid is not None and None not in deals and deals[0] != deals[1]

    def told_as_price(self, least: Decimal = STEP) -> bool:
        """Whether the price itself is the cause, so that a price cut or rise tells it."""
        change, shelf = self.change, self.shelf
        if abs(change) < least:
            return False
        return (abs(shelf) >= least and shelf * change > 0) or not (self.coupon_moved or self.deal_moved)


def step(before: Observation, after: Observation) -> Step:
    paid = to_pay(before), to_pay(after)
    return Step(before, after, (paid[0], paid[1]) if paid[0] is not None and paid[1] is not None else None)


def step_to(seen: Sequence[Observation], n: int) -> Step | None:
    """The step from the last known price to the ``n``-th observation; None where there is none to judge.

    Where only the last page did not tell what was to pay, the one before it did, and no step of the price between was
    told without it, the step is from there: a Prime price that moved meanwhile must not go unseen.
    """
    after = seen[n]
    if after.price is None:
        return None
    last: Observation | None = None
    later = after
    for before in back(seen, n):
        if before.price is None:
            continue
        if last is None:
            last = before
            if _alike(last, after):
                return None
            if to_pay(after) is None:
                break
        elif abs(relative(before.price, later.price)) >= STEP or after.observed_at - before.observed_at > FOUR_WEEKS:
            break
        if to_pay(before) is not None:
            return step(before, after)
        later = before
    return step(last, after) if last else None


def _alike(a: Observation, b: Observation) -> bool:
    """Whether both pages say the same of the price: most do, and need no closer look."""
    return (a.price, a.prime_price, a.coupon_percent, a.coupon_amount, a.in_stock, a.missing) == (
        b.price, b.prime_price, b.coupon_percent, b.coupon_amount, b.in_stock, b.missing
    )  # fmt: skip
