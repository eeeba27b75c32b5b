"""The pages of the simulated site: what the world says, marked up as the real site marks it up.

Three layouts of the product page take turns, chosen by product and night: 2025 (the price spoken from
a label of its own), 2023, and 2020 (``#priceblock_ourprice``). All have what misleads a careless reader:
prices and ratings of other products before and after the product's own, a list price, a used offer.
"""

import json
from decimal import Decimal
from functools import lru_cache
from zlib import crc32

from babel.numbers import format_decimal, get_currency_symbol, get_decimal_symbol
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from storage.marketplaces import MARKETPLACES
from storage.records import Product, Ranking
from tracker.demo.catalogue import NICHES
from tracker.demo.layouts import layout
from tracker.demo.rankings import PAGE
from tracker.demo.visitors import Visitor, usual
from tracker.demo.words import WORDS
from tracker.demo.world import World

_ENVIRONMENT = Environment(
    loader=PackageLoader("tracker.demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
)
_PRODUCT, _PRODUCT_2020, _SEARCH, _LIST, _CHECK, _ERROR, _FRONT, _DIALOGUE = (
    _ENVIRONMENT.get_template(f"{name}.html")
    for name in ("product", "product_2020", "search", "ranked_list", "check", "error", "front", "dialogue")
)
DIALOGUE = "/portal-migration/hz/glow/get-rendered-address-selections"
CHANGE = "/portal-migration/hz/glow/address-change"
"""Where the dialogue for addresses is, and where it sends what was chosen."""
RANKED_LISTS = {
    "bestsellers": (Ranking.BEST_SELLERS, "Best Sellers", "zg_bs"),
    "new-releases": (Ranking.NEW_RELEASES, "New Releases", "zg_bsnr"),
    "movers-and-shakers": (Ranking.MOVERS_AND_SHAKERS, "Movers & Shakers", "zg_bsms"),
}
"""By the name in the address: which, its heading, and the tag of its links."""
SHOWN = 30
"""Entries of a list's page that it shows; the others stand in its data only, until one scrolls."""
_CATEGORY_PATHS = {niche.category: niche.category_path for niche in NICHES}
_SIZES = {"hiRes": "_AC_SL1500_", "thumb": "_AC_US40_", "large": "_AC_"}


def product(
    world: World, marketplace: str, asin: str, day: int, shown: str | None = None, *, visitor: Visitor | None = None
) -> str:
    """A product page, in the layout of its night or in ``shown``. Raises KeyError when there is none on that night."""
    if world.gone(marketplace, asin, day):
        raise KeyError(asin)
    told = world.product(marketplace, asin, day)
    shown, visitor = shown or layout(asin, day), visitor or usual(marketplace)
    coupon = None
    if told.coupon_percent:
        coupon = visitor.words.percent(told.coupon_percent)
    elif told.coupon_amount:
        coupon = visitor.money(told.coupon_amount)
    template = _PRODUCT_2020 if shown == "2020" else _PRODUCT
    return template.render(
        _common(marketplace, visitor),
        p=told,
        path=_CATEGORY_PATHS[told.bsr[0].category],
        others=world.beside(marketplace, asin, day, 4),
        aisle=world.rows(marketplace, asin, day),
        coupon=coupon,
        badges={badge.kind.value: badge.text or True for badge in told.badges or ()},
        gallery=_gallery(told),
        family=_family(told),
        blank=shown == "2025",
        year=shown,
        tables=crc32(asin.encode()) % 5 < 2,
    )


def search(world: World, marketplace: str, keyword: str, page: int, day: int, *, visitor: Visitor | None = None) -> str:
    """A results page; one that says so when nothing is found."""
    cards = world.search(marketplace, keyword, page, day)
    return _SEARCH.render(
        _common(marketplace, visitor),
        query=keyword,
        page=page,
        last_page=world.last_page(marketplace, keyword),
        total=world.results(marketplace, keyword, day),
        cards=cards,
        blocks=world.widgets(marketplace, keyword, page, day),
        related=world.related_searches(marketplace, keyword) if cards else (),
    )


def ranked_list(
    world: World, marketplace: str, path: str, page: int, day: int, *, visitor: Visitor | None = None
) -> str:
    """A page of a ranked list, by its path. Raises KeyError when there is no such list."""
    _, _, name, department, *node = path.split("/")
    ranking, heading, tag = RANKED_LISTS[name]
    niche, entries = world.ranked(marketplace, ranking, department, node[0] if node else None, day)
    shown = entries[(page - 1) * PAGE : page * PAGE]
    return _LIST.render(
        _common(marketplace, visitor),
        heading=heading,
        tag=tag,
        name=name,
        category=niche.subcategory if node else niche.category,
        above=niche.category if node else None,
        department=department,
        address=path,
        page=page,
        pages=range(1, len(range(0, len(entries), PAGE)) + 1),
        entries=shown[:SHOWN],
        recs=json.dumps([{"id": p.asin, "metadataMap": {"render.zg.rank": str(rank)}} for rank, p in shown]),
    )


def front(marketplace: str, visitor: Visitor, token: str) -> str:
    """The page at the root, with the way to the dialogue in which an address is chosen."""
    modal = {"url": DIALOGUE, "name": "glow-modal", "ajaxHeaders": {"anti-csrftoken-a2z": token}}
    return _FRONT.render(_common(marketplace, visitor), modal=json.dumps(modal))


def dialogue(token: str) -> str:
    """That dialogue; what is chosen in it is to be sent with ``token``."""
    return _DIALOGUE.render(token=token)


def bot_check(marketplace: str, path: str, *, button: bool) -> str:
    """A bot check: a picture to type off, or a button to press. ``path`` is what was asked for."""
    return _CHECK.render(_common(marketplace), path=path, button=button)


def server_error(marketplace: str) -> str:
    """The page with the dogs that comes with status 503."""
    return _ERROR.render(_common(marketplace), missing=False)


def not_found(marketplace: str) -> str:
    """The page with the dogs that comes with status 404."""
    return _ERROR.render(_common(marketplace), missing=True)


def _common(marketplace: str, visitor: Visitor | None = None) -> dict[str, object]:
    visitor = visitor or usual(marketplace)
    return {
        "w": visitor.words,
        "own": WORDS[marketplace],
        "language": visitor.language,
        "deliver_to": visitor.deliver_to,
        "marketplace": marketplace,
        "host": MARKETPLACES[marketplace].host,
        "query": "",
        "money": visitor.money,
        "split": lambda amount: _split(visitor.price(amount), visitor.currency, visitor.words.locale),
    }


@lru_cache(maxsize=20_000)  # a product's price stands on many pages of a night
def _split(amount: Decimal, currency: str, locale: str) -> Markup:
    """An amount in the parts the site shows: symbol, units, point and cents, in the language's order."""
    symbol = Markup('<span class="a-price-symbol">{}</span>').format(get_currency_symbol(currency, locale))
    units, cents = str(format_decimal(int(amount), locale=locale)), f"{amount:.2f}"[-2:]
    if currency == "JPY":
        return symbol + Markup('<span class="a-price-whole">{}</span>').format(units)
    point = get_decimal_symbol(locale)
    number = Markup(
        '<span class="a-price-whole">{}<span class="a-price-decimal">{}</span></span>'
        '<span class="a-price-fraction">{}</span>'
    ).format(units, point, cents)
    return number + symbol if locale == "de_DE" else symbol + number


def _gallery(told: Product) -> list[dict[str, str]]:
    """The images of a product as the page tells its own scripts: the main one, and others numbered after it."""
    names = [
        told.main_image,
        *(f"{str(told.main_image)[:-2]}{number}L" for number in range(2, 1 + (told.image_count or 1))),
    ]
    return [
        {size: f"https://m.media-amazon.com/images/I/{name}.{form}.jpg" for size, form in _SIZES.items()}
        for name in names
    ]


def _family(told: Product) -> dict[str, str] | None:
    """The children of the product's family as the page tells its own scripts; it stands first among them."""
    if told.parent_asin is None:
        return None
    children = [told.asin, *(f"{told.parent_asin[:8]}{number:02d}" for number in range(1, told.variation_count or 1))]
    return {f"{n // 6}_{n % 6}": asin for n, asin in enumerate(children)}
