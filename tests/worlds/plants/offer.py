"""Prices, promotions, stock and sellers."""

from reports.flags.kind import Kind
from tests.worlds.labels import SCALES, Size
from tests.worlds.plants import ADS, FACT_WITHIN, PLACES, PRICES, RANKS, Plant
from tests.worlds.truth import NIGHTS, Product, Truth


def price(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A cut or a rise in one step or, if it is not small, in four; half of the time it is taken back."""
    if not (product.habit in {"calm", "cents"} or (size is Size.LARGE and product.habit != "followers")):
        return False
    share, chance = truth.drawn("price", size) / 100, truth.chance
    falls, creeping = chance.random() < 0.6, size is not Size.SMALL and chance.random() < 0.25
    factor = 1 - share if falls else 1 + share
    if falls and not product.own and chance.random() < 0.5:
        product.cents = round(truth.own.cents * (1 + share / 2))  # from above the own price to below it
    if creeping:
        for step in range(4):
            product.price[night + 3 * step :] *= factor**0.25
        truth.echo({Kind.PRICE_CUT, Kind.PRICE_RISE}, product.asin, night, 14)  # a step may be a move of its own
    else:
        product.price[night:] *= factor
    kind = Kind.PRICE_CUT if falls else Kind.PRICE_RISE
    truth.label(kind, product.asin, night, 9 + FACT_WITHIN if creeping else FACT_WITHIN, size)
    truth.echo({Kind.UNDERCUT, Kind.LOWEST_EVER, Kind.LOWEST_IN_90_DAYS} | RANKS, product.asin, night, 35)
    if not creeping and chance.random() < 0.5:
        back = night + int(chance.integers(12, 20))
        product.price[back:] /= factor
        truth.label(Kind.PRICE_RISE if falls else Kind.PRICE_CUT, product.asin, back, FACT_WITHIN, size)
        truth.echo({Kind.UNDERCUT} | RANKS, product.asin, back, 30)
    return True


def see_saw(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A repricer begins: down and up again between two levels."""
    if product.habit not in {"calm", "cents"}:
        return False
    depth, at, low = truth.drawn("see-saw", size) / 100, night, True
    while at < min(night + 30, NIGHTS):
        until = at + int(truth.chance.integers(1, 4))
        if low:
            product.price[at:until] *= 1 - depth
        at, low = until, not low
    truth.label(Kind.SEE_SAW, product.asin, night, 20, size)
    for kind in (Kind.PRICE_CUT, Kind.PRICE_RISE):
        truth.echo({kind}, product.asin, night, 40, times=3)
    truth.echo(PRICES - {Kind.PRICE_CUT, Kind.PRICE_RISE} | RANKS, product.asin, night, 60)
    return True


def coupon(truth: Truth, product: Product, night: int, size: Size) -> bool:
    percent = round(truth.drawn("coupon", size))
    end = night + int(truth.chance.integers(12, 19))
    product.coupon[night:end] = percent
    truth.label(Kind.COUPON_STARTED, product.asin, night, FACT_WITHIN, size, ends=end)
    if truth.chance.random() < 0.5:
        product.coupon[night + 6 : end] = percent + 5
        truth.label(Kind.COUPON_CHANGED, product.asin, night + 6, FACT_WITHIN, ends=end)
    truth.label(Kind.COUPON_ENDED, product.asin, end, FACT_WITHIN)
    truth.echo(PRICES | RANKS, product.asin, night, 50)
    return True


def deal(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """15 % to 30 % off with a deal badge, for four to seven nights."""
    if product.deal.any():
        return False
    end = night + int(truth.chance.integers(4, 8))
    product.deal[night:end] = True
    product.price[night:end] *= 1 - float(truth.chance.uniform(0.15, 0.3))
    truth.label(Kind.DEAL_STARTED, product.asin, night, FACT_WITHIN, ends=end)
    truth.label(Kind.DEAL_ENDED, product.asin, end, FACT_WITHIN)
    truth.echo(PRICES | RANKS, product.asin, night, 40)
    return True


def stacked(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """Own listing: a deal begins while a coupon runs."""
    if not product.own or product.deal.any() or not coupon(truth, product, night, Size.MEDIUM):
        return False
    product.deal[night + 3 : night + 9] = True
    truth.label(Kind.DEAL_STARTED, product.asin, night + 3, FACT_WITHIN, ends=night + 9)
    truth.label(Kind.DEAL_ENDED, product.asin, night + 9, FACT_WITHIN)
    truth.label(Kind.PROMOTIONS_STACKED, product.asin, night + 3, FACT_WITHIN, ends=night + 9)
    return True


def stock_out(truth: Truth, product: Product, night: int, size: Size) -> bool:
    end = night + round(truth.drawn("stock-out", size))
    product.out[night:end] = True
    if not truth.law("stock", "unwarned") and not product.left.any():
        warned = int(truth.chance.integers(2, 5))
        product.left[night - warned : night] = range(warned, 0, -1)
        truth.label(Kind.RUNNING_LOW, product.asin, night - warned, FACT_WITHIN, Size.LARGE, ends=night)
    product.demand[end : end + 10] *= 0.7  # it takes a while to come back
    truth.label(Kind.OUT_OF_STOCK, product.asin, night, FACT_WITHIN, size, ends=end)
    truth.label(Kind.BACK_IN_STOCK, product.asin, end, FACT_WITHIN, size)
    truth.echo(
        RANKS | PLACES | ADS | PRICES | {Kind.BUY_BOX_CHANGED, Kind.BUY_BOX_LOST, Kind.RUNNING_LOW},
        product.asin, night, 60,
    )  # fmt: skip
    return True


def running_low(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A low stock that is filled up in time."""
    if product.left.any():
        return False
    end = night + int(truth.chance.integers(4, 9))
    product.left[night:end] = round(truth.drawn("running low", size))
    truth.label(Kind.RUNNING_LOW, product.asin, night, FACT_WITHIN, size, ends=end)
    return True


def seller(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """A rival's Buy Box goes to another seller, for good or for a while."""
    if product.own or product.seller.any():
        return False
    end = NIGHTS if truth.chance.random() < 0.5 else night + int(truth.chance.integers(8, 15))
    product.seller[night:end] = 7
    truth.label(Kind.BUY_BOX_CHANGED, product.asin, night, FACT_WITHIN, ends=end)
    truth.echo({Kind.BUY_BOX_CHANGED}, product.asin, end, FACT_WITHIN, times=1)
    return True


def hijacker(truth: Truth, product: Product, night: int, size: Size) -> bool:
    """Another seller on the own listing, who takes the Buy Box never, by turns or for good."""
    if not product.own:
        return False
    product.offers[night:] += int(truth.chance.integers(1, 4))
    nights = truth.chance.random(NIGHTS - night) < truth.drawn("hijacker", size) / 10
    product.seller[night:][nights] = 9
    truth.label(Kind.HIJACKER, product.asin, night, FACT_WITHIN, size)
    if size is Size.LARGE:
        truth.label(Kind.BUY_BOX_LOST, product.asin, night, FACT_WITHIN, alike={Kind.BUY_BOX_CHANGED})
    truth.echo({Kind.BUY_BOX_LOST, Kind.BUY_BOX_CHANGED, Kind.OFFERS_MULTIPLYING}, product.asin, night, NIGHTS)
    truth.echo({Kind.HIJACKER}, product.asin, night, 20, times=1)  # the offer is one sign of it, the Buy Box another
    return True


def offers(truth: Truth, product: Product, night: int, size: Size) -> bool:
    if product.own:
        return False
    usual = float(product.offers[night - 20 : night].mean())
    more = max(usual * (truth.drawn("offers", size) - 1), SCALES["offers"].floor(size))
    product.offers[night:] += round(more)
    truth.label(Kind.OFFERS_MULTIPLYING, product.asin, night, 7, size)
    return True


PLANTS: dict[str, Plant] = {
    f.__name__: f for f in (price, see_saw, coupon, deal, stacked, stock_out, running_low, seller, hijacker, offers)
}
