"""What is on sale in the simulated world: its niches, and the products that fill them.

Every brand is invented. A niche is one own listing with its rivals and keywords, and the products
nobody watches that stand between them in the search results.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from random import Random

from tracker.demo.chance import generator

FILLERS = 31
"""Unwatched products of a niche."""

FEWEST_REVIEWS = 250
"""With fewer, a burst could not be told from the reviews of another listing."""

_ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Niche:
    """One corner of a marketplace. Prices are in the marketplace's currency, ``brands`` has the own one first."""

    name: str
    marketplace: str
    currency: str
    rivals: int
    keywords: tuple[str, ...]
    brands: tuple[str, ...]
    nouns: tuple[str, ...]
    features: tuple[str, ...]
    variants: tuple[str, ...]
    """Size and colour."""
    amounts: tuple[str, ...]
    """How many of ``unit`` each variant holds."""
    unit: str
    """What the price per unit is for."""
    joint: str
    """What stands between the parts of a title."""
    cheapest: int
    dearest: int
    category: str
    category_id: str
    category_path: str
    """The department, as addresses have it."""
    subcategory: str
    subcategory_id: str
    resellers: tuple[str, ...]
    hijacker: str
    """A seller nobody knows."""
    renewed: bool = False
    """Whether some of its products are sold renewed too."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A product as its maker sees it: what it is, and the level its numbers move around."""

    niche: Niche
    asin: str
    brand: str
    title: str
    other_title: str
    """What the title becomes when it is changed."""
    price: Decimal
    list_price: Decimal | None
    seller: str
    seller_id: str | None
    """None where the marketplace itself sells."""
    reseller: tuple[str, str]
    """Name and id of the seller who may win the Buy Box."""
    hijacker: tuple[str, str]
    """The same of one who may hang on to the listing."""
    sales: float
    """Units sold on a usual day."""
    reviews: int
    """On the first night."""
    review_pace: float
    """New reviews on a usual day."""
    rating: Decimal
    reprices: bool
    """Whether a repricer moves the price a little every few nights."""
    features: tuple[str, ...]
    variant: str
    amount: Decimal
    """How many of the niche's unit it holds."""
    leads: bool = False
    """Whether it is what sells best in its subcategory."""
    fresh: bool = False
    """Whether it came to the site a few weeks before the first night."""


NICHES = (
    Niche(
        name="steel-mug",
        marketplace="com",
        currency="USD",
        rivals=12,
        keywords=("travel mug", "insulated coffee mug", "spill proof coffee cup", "steel mug with lid"),
        brands=(
            "Brewmoor", "Oakspire", "Tidewell", "Vessano", "Peakfell", "Cafferra", "Lumtrek", "Duramere", "Hearthlin",
            "Rovanta", "Quillstone", "Norfjell", "Kestrel & Tin", "Sipwright", "Amberlode", "Copperline Goods",
        ),
        nouns=("Insulated Travel Mug", "Stainless Steel Coffee Mug", "Vacuum Coffee Tumbler", "Leakproof Coffee Cup"),
        features=(
            "with Flip Lid", "with Handle and Lid", "Keeps Hot 8 Hours", "Fits Car Cup Holder", "Dishwasher Safe",
            "Double Wall", "with Ceramic Coating",
        ),
        variants=("12 oz, Black", "16 oz, Navy", "20 oz, Sage", "14 oz, White", "16 oz, Brushed Steel", "12 oz, Rose"),
        amounts=("12", "16", "20", "14", "16", "12"),
        unit="Fl Oz",
        joint=", ",
        cheapest=17,
        dearest=39,
        category="Kitchen & Dining",
        category_id="284507",
        category_path="kitchen",
        subcategory="Coffee Travel Mugs",
        subcategory_id="9302388011",
        resellers=("Harborline Outlet", "BlueCrate Deals", "Prairie Trade Co."),
        hijacker="Fastgate Bargains 77",
    ),
    Niche(
        name="yoga-mat",
        marketplace="com",
        currency="USD",
        rivals=11,
        keywords=("yoga mat", "thick exercise mat", "non slip yoga mat"),
        brands=(
            "Asanova", "Stillpine", "Flexhaven", "Lotera", "Groundling", "Balancio", "Moorflow", "Terrafit", "Zenalt",
            "Palmrise", "Corewell", "Verdemat", "Softstrand", "Union & Calm", "Bendigo Fit",
        ),
        nouns=("Yoga Mat", "Exercise Mat", "Non Slip Yoga Mat", "TPE Yoga Mat"),
        features=(
            "with Carrying Strap", "Extra Thick", "with Alignment Lines", "for Home Workout", "Eco Friendly",
            "for Pilates and Stretching",
        ),
        variants=('1/4", Teal', '1/3", Charcoal', '1/2", Plum', '1/4", Sand', '1/3", Ocean'),
        amounts=("12", "12", "12", "12", "12"),
        unit="Sq Ft",
        joint=" - ",
        cheapest=19,
        dearest=48,
        category="Sports & Outdoors",
        category_id="3375251",
        category_path="sporting-goods",
        subcategory="Yoga Mats",
        subcategory_id="3422301",
        resellers=("FitBarn Direct", "Lakeside Sports", "Number Nine Goods"),
        hijacker="Crate-to-Door LLC",
    ),
    Niche(
        name="wasserkocher",
        marketplace="de",
        currency="EUR",
        rivals=11,
        keywords=("wasserkocher edelstahl", "wasserkocher mit temperatureinstellung", "kleiner wasserkocher"),
        brands=(
            "Siedewerk", "Hausmeer", "Nordquell", "Teekrug", "Kannfels", "Brauhold", "Wassertal", "Dampfbach",
            "Küchenlob", "Emsland & Söhne", "Morgenruf", "Heißhub", "Talblick", "Quellmann", "Stövchen Otto",
        ),
        nouns=("Wasserkocher Edelstahl", "Elektrischer Wasserkocher", "Glas-Wasserkocher", "Wasserkocher kabellos"),
        features=(
            "mit Temperatureinstellung", "BPA-frei", "mit LED-Beleuchtung", "doppelwandig", "mit Warmhaltefunktion",
            "2200 W", "mit Kalkfilter",
        ),
        variants=("1,7 L, Schwarz", "1,5 L, Weiß", "1,0 L, Edelstahl", "1,7 L, Grün", "0,8 L, Creme"),
        amounts=("1.7", "1.5", "1.0", "1.7", "0.8"),
        unit="l",
        joint=", ",
        cheapest=24,
        dearest=69,
        category="Küche, Haushalt & Wohnen",
        category_id="3167641",
        category_path="kitchen",
        subcategory="Wasserkocher",
        subcategory_id="3310821",
        resellers=("Elbhandel GmbH", "Technikkontor Süd", "Möwe Versand"),
        hijacker="Blitzposten 24",
        renewed=True,
    ),
    Niche(
        name="suito",
        marketplace="co.jp",
        currency="JPY",
        rivals=10,
        keywords=("水筒 500ml", "ステンレスボトル", "水筒 ワンタッチ"),
        brands=(
            "アオミネ", "ユキグニ堂", "ソラノエ", "カゼハヤ", "ミナヅキ工房", "ホシクサ", "トキワヤ", "ナギサウェア",
            "コモレビ", "ツキハナ", "オトナシ", "ハルカゼ", "シロツメ", "ワカタケ",
        ),
        nouns=("水筒 ステンレスボトル", "真空断熱ボトル", "マグボトル", "ワンタッチ水筒"),
        features=("保温保冷", "直飲み", "食洗機対応", "軽量", "パッキン一体型", "スポーツドリンク対応"),
        variants=("500ml ブラック", "480ml ホワイト", "600ml ネイビー", "500ml ピンク", "350ml グレー"),
        amounts=("5", "4.8", "6", "5", "3.5"),
        unit="100 ml",
        joint=" ",
        cheapest=1680,
        dearest=4480,
        category="ホーム＆キッチン",
        category_id="3828871",
        category_path="kitchen",
        subcategory="水筒・マグボトル",
        subcategory_id="2431956051",
        resellers=("みなと商店", "カドヤ通販", "Nishi Select"),
        hijacker="すぐとどく堂",
    ),
)  # fmt: skip


def sheets(niche: Niche, seed: int) -> list[Sheet]:
    """The niche's products: the own one, its rivals, then the fillers."""
    rng = generator(seed, niche.marketplace, niche.name, "catalogue")
    asins: dict[str, None] = {}
    while len(asins) < 1 + niche.rivals + FILLERS:
        asins["B0" + "".join(rng.choices(_ALPHABET, k=8))] = None
    found = [_sheet(niche, number, asin, rng) for number, asin in enumerate(asins)]
    watched = found[: 1 + niche.rivals]
    leader = max(watched, key=lambda sheet: sheet.sales)
    newest = min((sheet for sheet in watched if sheet is not leader), key=lambda sheet: sheet.reviews)
    return [replace(sheet, leads=sheet is leader, fresh=sheet is newest) for sheet in found]


def natural(amount: float | Decimal, currency: str, *, up: bool = False) -> Decimal:
    """The nearest price a shop would ask at or below ``amount`` (at or above, when ``up``): 24.99, or 2,480 yen."""
    step, short = (Decimal(100), Decimal(20)) if currency == "JPY" else (Decimal(1), Decimal("0.01"))
    whole = ((Decimal(str(amount)) + short) / step).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return whole * step - short


def cents(amount: Decimal, currency: str) -> Decimal:
    """``amount`` rounded to what the currency counts."""
    return amount.quantize(Decimal(1) if currency == "JPY" else Decimal("0.01"), ROUND_HALF_UP)


def _sheet(niche: Niche, number: int, asin: str, rng: Random) -> Sheet:
    watched = number <= niche.rivals
    brand = niche.brands[number] if number < len(niche.brands) else rng.choice(niche.brands[1:])
    noun, variant = rng.choice(niche.nouns), rng.choice(niche.variants)
    features = rng.sample(niche.features, 3)
    price = natural(rng.uniform(niche.cheapest, niche.dearest), niche.currency)
    listed = natural(float(price) * rng.uniform(1.15, 1.4), niche.currency, up=True)
    by_marketplace = watched and number and rng.random() < 0.15
    return Sheet(
        niche=niche,
        asin=asin,
        brand=brand,
        title=f"{brand} " + niche.joint.join((noun, features[0], features[1], variant)),
        other_title=f"{brand} " + niche.joint.join((noun, variant, features[2], features[0])),
        price=price,
        list_price=listed if rng.random() < 0.5 else None,
        seller=f"Amazon.{niche.marketplace}" if by_marketplace else f"{brand} Store",
        seller_id=None if by_marketplace else _seller_id(rng),
        reseller=(rng.choice(niche.resellers), _seller_id(rng)),
        hijacker=(niche.hijacker, _seller_id(generator(asin, "hijacker"))),
        sales=rng.lognormvariate(3.6, 0.7),
        reviews=max(FEWEST_REVIEWS, round(rng.lognormvariate(6.5, 1.0))),
        review_pace=rng.uniform(0.6, 2.8),
        rating=Decimal(rng.randint(38, 48)) / 10,
        reprices=rng.random() < 0.4,
        features=tuple(features),
        variant=variant,
        amount=Decimal(niche.amounts[niche.variants.index(variant)]),
    )


def _seller_id(rng: Random) -> str:
    return "A" + "".join(rng.choices(_ALPHABET, k=13))
