"""Whether the world itself is as a flag says, where nothing was planted that would be called so.

Some kinds follow from several planted changes together, or from what the world does by itself: a rival's cut makes it
cheaper than the own listing, three cuts in a week are a price war, a new release grows old and loses its badge. Such a
flag is no chance when the world's own values say the same of the two nights that the flag names: for prices, ranks,
badges, ratings and stock those that it puts on the pages; for places the usual ones, without the noise of a night, and
the ads that are always there. Of statistical kinds (a jump of the BSR, a burst of reviews, ads that begin) nothing
follows: what is neither planted nor in the wake of something is chance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from reports.flags import Flag, Kind
from storage.records import Product
from tracker.demo.corner import Corner
from tracker.demo.events import FEW
from tracker.demo.shelf import ORGANIC
from tracker.demo.world import World

_WEEK, _LATELY = 7, 10
_STEP = Decimal("0.05")
_WAR, _MARKET, _MOVES = 3, 5, 3
"""Rivals that cut, products that moved, moves of one price: so many are a war, the market, a see-saw."""


@dataclass(frozen=True, slots=True)
class Said:
    """A flag in the words of the world: of which product, and of which two nights."""

    corner: Corner
    asin: str
    """Where the flag names none, of one that its evidence shows."""
    keyword: str
    up: bool
    """Whether it says that something rose."""
    before: int
    now: int

    @property
    def pages(self) -> tuple[Product, Product]:
        return self.corner.page(self.asin, self.before), self.corner.page(self.asin, self.now)


def shown(world: World, flag: Flag) -> bool:
    """Whether the world's own values are as the flag says."""
    asin = flag.asin or next((a for w in world.listings for a in (w.asin, *w.rivals) if a in flag.evidence.sql), None)
    shows = _SHOWS.get(flag.kind)
    if shows is None or asin is None:
        return False
    before = (flag.before_at - world.now(0)) // timedelta(days=1) if flag.before_at else 0
    now = (flag.day - world.start).days
    up = (flag.magnitude or 0) > 0
    return shows(Said(world.corner(flag.marketplace, asin), asin, flag.keyword or "", up, max(0, before), now))


def _undercuts(said: Said) -> bool:
    was, now = map(_paid, said.pages)
    own = _paid(said.corner.page(said.corner.watched.asin, said.now))
    return was is not None and now is not None and own is not None and now < min(was, own)


def _lowest(said: Said) -> bool:
    paid = [_paid(said.corner.page(said.asin, night)) for night in range(said.now + 1)]
    return paid[-1] is not None and all(paid[-1] < earlier for earlier in paid[:-1] if earlier is not None)


def _dearer(said: Said) -> bool:
    was, now = map(_paid, said.pages)
    return was is not None and now is not None and was < now


def _cheaper(said: Said) -> bool:
    was, now = map(_paid, said.pages)
    return was is not None and now is not None and was > now


def _war(said: Said) -> bool:
    """Whether several rivals cost less than on any night a week before or longer."""

    def cut(asin: str) -> bool:
        now = _paid(said.corner.page(asin, said.now))
        past = [_paid(said.corner.page(asin, night)) for night in range(max(1, said.now - _WEEK + 1))]
        return now is not None and all(now <= was * (1 - _STEP) for was in past if was is not None)

    return sum(map(cut, said.corner.watched.rivals)) >= _WAR


def _market_price(said: Said) -> bool:
    """Whether many products are cheaper, or dearer, than some night of the last ones."""

    def moved(asin: str) -> bool:
        paid = [_paid(said.corner.page(asin, night)) for night in range(max(0, said.now - _LATELY), said.now + 1)]
        last = paid.pop()
        steps = [last / was - 1 for was in paid if was and last is not None]
        return any(step >= _STEP if said.up else step <= -_STEP for step in steps)

    return sum(map(moved, (said.corner.watched.asin, *said.corner.watched.rivals))) >= _MARKET


def _to_and_fro(said: Said) -> bool:
    """Whether the price moved several times, and now to where it was before."""
    prices = [said.corner.page(said.asin, night).price for night in range(said.now + 1)]
    known = [price for price in prices if price]
    moves = sum(abs(now / was - 1) >= _STEP for was, now in pairwise(known))
    return moves >= _MOVES and any(abs(was / known[-1] - 1) <= _STEP / 2 for was in known[:-2])


def _ranks(better: bool) -> Callable[[Said], bool]:
    def moved(said: Said) -> bool:
        return any((now.rank < was.rank) is better for was, now in zip(*(p.bsr for p in said.pages), strict=True))

    return moved


def _badges(gained: bool) -> Callable[[Said], bool]:
    def changed(said: Said) -> bool:
        was, now = (set(page.badges or ()) for page in said.pages)
        return bool(now - was if gained else was - now)

    return changed


def _rating(rose: bool) -> Callable[[Said], bool]:
    def moved(said: Said) -> bool:
        was, now = (page.rating or 0 for page in said.pages)
        return was < now if rose else now < was

    return moved


def _few_left(said: Said) -> bool:
    return (said.pages[1].stock_left or FEW + 1) <= FEW


def _passed(said: Said) -> bool:
    was, now = (
        _place(said, said.corner.watched.asin, night) - _place(said, said.asin, night)
        for night in (said.before, said.now)
    )
    return was < 0 < now


def _displaced(up: bool) -> Callable[[Said], bool]:
    """Whether others made room for it since the week before, or took it."""

    def moved(said: Said) -> bool:
        past = [_place(said, said.asin, night) for night in range(max(0, said.before - _WEEK), said.before + 1)]
        now = _place(said, said.asin, said.now)
        return now < max(past) if up else now > min(past)

    return moved


def _place(said: Said, asin: str, night: int) -> int:
    """Where it usually stands, from 0; behind all others where it is gone."""
    order = said.corner.shelves[said.keyword].usual(night)
    return order.index(asin) if asin in order else len(order)


def _stacks(said: Said) -> bool:
    now = said.pages[1]
    return bool(now.is_deal and (now.coupon_percent or now.coupon_amount))


def _holds(more: bool) -> Callable[[Said], bool]:
    """Whether it holds more first pages by what was planted, or fewer."""

    def held(said: Said, night: int) -> int:
        shelves = said.corner.shelves.values()
        return sum((said.asin in s.usual(night)[:ORGANIC]) + s.advertises(said.asin, night) for s in shelves)

    def changed(said: Said) -> bool:
        was, now = held(said, said.before), held(said, said.now)
        return was < now if more else now < was

    return changed


def _paid(product: Product) -> Decimal | None:
    """What the product costs whoever clips its coupon, or has Prime."""
    if product.price is None:
        return None
    price = min(product.price, product.prime_price or product.price)
    return price * (100 - (product.coupon_percent or 0)) / 100 - (product.coupon_amount or 0)


_SHOWS: Mapping[Kind, Callable[[Said], bool]] = {
    Kind.PRICE_CUT: _cheaper,
    Kind.PRICE_RISE: _dearer,
    Kind.UNDERCUT: _undercuts,
    Kind.LOWEST_IN_90_DAYS: _lowest,
    Kind.LOWEST_EVER: _lowest,
    Kind.SEE_SAW: _to_and_fro,
    Kind.PRICE_WAR: _war,
    Kind.MARKET_PRICE: _market_price,
    Kind.TOP_RANK_ENTERED: _ranks(better=True),
    Kind.TOP_RANK_LEFT: _ranks(better=False),
    Kind.BADGE_GAINED: _badges(gained=True),
    Kind.BADGE_LOST: _badges(gained=False),
    Kind.RATING_ROSE: _rating(rose=True),
    Kind.RATING_FELL: _rating(rose=False),
    Kind.RUNNING_LOW: _few_left,
    Kind.KEYWORD_GAINED: _displaced(up=True),
    Kind.KEYWORD_LOST: _displaced(up=False),
    Kind.PASSED_OWN: _passed,
    Kind.PROMOTIONS_STACKED: _stacks,
    Kind.SHARE_GAINED: _holds(more=True),
    Kind.SHARE_LOST: _holds(more=False),
    Kind.NEWLY_WATCHED: lambda said: said.now == 0,
}
