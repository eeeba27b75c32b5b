"""The pages of the simulated site: what the world says, marked up as the real site marks it up.

Three layouts of the product page take turns, chosen by product and night: 2025 (the price spoken from
a label of its own), 2023, and 2020 (``#priceblock_ourprice``). All have what misleads a careless reader:
prices and ratings of other products before and after the product's own, a list price, a used offer.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from zlib import crc32

from babel.numbers import get_currency_symbol, get_decimal_symbol
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from storage.marketplaces import MARKETPLACES
from tracker.demo.catalogue import NICHES
from tracker.demo.words import WORDS
from tracker.demo.world import World

LAYOUTS = ("2025", "2023", "2025", "2020")
"""In the order in which the nights show them."""

_ENVIRONMENT = Environment(
    loader=PackageLoader("tracker.demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
)
_PRODUCT, _PRODUCT_2020, _SEARCH, _CHECK, _ERROR = (
    _ENVIRONMENT.get_template(f"{name}.html") for name in ("product", "product_2020", "search", "check", "error")
)
_CATEGORY_PATHS = {niche.category: niche.category_path for niche in NICHES}
_CURRENCIES = {niche.marketplace: niche.currency for niche in NICHES}


def layout(asin: str, day: int) -> str:
    """The layout in which the product's page is shown that night."""
    return LAYOUTS[(crc32(asin.encode()) + day) % len(LAYOUTS)]


def product(world: World, marketplace: str, asin: str, day: int) -> str:
    """A product page. Raises KeyError when nobody sells it there."""
    told = world.product(marketplace, asin, day)
    number = crc32(asin.encode())
    shown, words = layout(asin, day), WORDS[marketplace]
    money = partial(words.money, currency=_CURRENCIES[marketplace])
    coupon = None
    if told.coupon_percent:
        coupon = f"{told.coupon_percent}%"
    elif told.coupon_amount:
        coupon = money(told.coupon_amount)
    template = _PRODUCT_2020 if shown == "2020" else _PRODUCT
    return template.render(
        _common(marketplace),
        p=told,
        path=_CATEGORY_PATHS[told.bsr[0].category],
        others=world.beside(marketplace, asin, day, 9),
        coupon=coupon,
        used=_cents(told.price * Decimal("0.8"), marketplace) if told.price and number % 3 else None,
        unit=_cents(told.price / 12, marketplace) if told.price and number % 2 else None,
        blank=shown == "2025",
        tables=number % 5 < 2,
        launched=world.start - timedelta(days=number % 1500 + 100),
        dates=[world.start + timedelta(days=day - 3 * n - number % 20) for n in range(1, 4)],
    )


def search(world: World, marketplace: str, keyword: str, page: int, day: int) -> str:
    """A results page; one that says so when nothing is found."""
    cards = world.search(marketplace, keyword, page, day)
    return _SEARCH.render(
        _common(marketplace),
        query=keyword,
        page=page,
        last_page=world.last_page(marketplace, keyword),
        total=len(cards) * 41,
        cards=cards,
        highlights=world.beside(marketplace, cards[-1].asin, day, 4) if cards else (),
    )


def bot_check(marketplace: str, path: str, *, button: bool) -> str:
    """A bot check: a picture to type off, or a button to press. ``path`` is what was asked for."""
    return _CHECK.render(_common(marketplace), path=path, button=button)


def server_error(marketplace: str) -> str:
    """The page with the dogs that comes with status 503."""
    return _ERROR.render(_common(marketplace), missing=False)


def not_found(marketplace: str) -> str:
    """The page with the dogs that comes with status 404."""
    return _ERROR.render(_common(marketplace), missing=True)


def _common(marketplace: str) -> dict[str, object]:
    words, currency = WORDS[marketplace], _CURRENCIES[marketplace]
    return {
        "w": words,
        "marketplace": marketplace,
        "host": MARKETPLACES[marketplace].host,
        "query": "",
        "money": partial(words.money, currency=currency),
        "split": partial(_split, marketplace=marketplace),
    }


def _split(amount: Decimal, marketplace: str) -> Markup:
    """An amount in the parts the site shows: symbol, units, point and cents, in the language's order."""
    words, currency = WORDS[marketplace], _CURRENCIES[marketplace]
    symbol = Markup('<span class="a-price-symbol">{}</span>').format(get_currency_symbol(currency, words.locale))
    units, cents = words.number(int(amount)), f"{amount:.2f}"[-2:]
    if currency == "JPY":
        return symbol + Markup('<span class="a-price-whole">{}</span>').format(units)
    point = get_decimal_symbol(words.locale)
    number = Markup(
        '<span class="a-price-whole">{}<span class="a-price-decimal">{}</span></span>'
        '<span class="a-price-fraction">{}</span>'
    ).format(units, point, cents)
    return number + symbol if words.locale == "de_DE" else symbol + number


def _cents(amount: Decimal, marketplace: str) -> Decimal:
    return amount.quantize(Decimal(1) if _CURRENCIES[marketplace] == "JPY" else Decimal("0.01"), ROUND_HALF_UP)
