"""One small worked world, whose answers are known by hand: March 2026 on amazon.com, a crawl each night at 11:30 UTC
(early morning in Los Angeles, where the listing's days are counted) but none on the 20th.

Own product: 24.99, never changes; misread as 42.99 in the last night, and read again. CLAY undercuts it on the 26th
(26.99 → 23.99), its price is not understood on the 27th, it rewrites title and bullets on the 28th, starts a coupon
of 10 % on the 29th and a deal on the 30th, sells twice as well from the 25th, passes the own product for "steel mug"
on the 30th, and its stars are not found on the 31st. NORD costs 22.50, is out of stock from the 10th to the 13th and
again since the 30th, was not read on the 22nd (a bot check), changes hands on the 27th and its main category on the
28th. NEW enters page one on the 29th, and the best sellers, which are read on the 28th and 29th and end with the third
place; OTHER leaves them, CLAY climbs. The own page shows CLAY and NEW as also viewed since the 28th, OTHER since the
30th, the page of CLAY compares with NEW on the 31st. After the last crawl, history was imported: CLAY cost 27.99 in
February.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from storage.estimated import EstimateRow, replace_estimates
from storage.judged import EffectRow, EventOfMove, FlagRow, Judgement, MoveRow, Reach, keep
from storage.model import Fetch, Keyword, Listing, Offset, Outcome, Result, Run
from storage.records import (
    Badge,
    BadgeKind,
    BsrLine,
    ListPlace,
    Missing,
    Placement,
    Product,
    RankedList,
    Ranking,
    Reason,
    RelatedKind,
    RelatedPlacement,
    Review,
    SearchPage,
    WidgetKind,
    WidgetPlacement,
)
from storage.spool import SpoolWriter, sealed
from storage.store import Store
from tests.storage import world_exports

OWN, CLAY, NORD, OTHER, NEW, AD = (f"B0{name:0>8}" for name in ("OWN", "CLAY", "NORD", "OTHER", "NEW", "AD"))
LISTING = Listing(
    name="mug",
    marketplace="com",
    asin=OWN,
    time_zone="America/Los_Angeles",
    rivals=(CLAY, NORD),
    keywords=(Keyword(keyword="steel mug", pages=2), Keyword(keyword="travel mug", pages=1)),
    lists=("/gp/bestsellers/kitchen/289",),
)
LAST = 31
NIGHTS = tuple(d for d in range(1, LAST + 1) if d != 20)


def at(day: int, hour: int = 11, minute: int = 30) -> datetime:
    """An instant of March 2026, UTC."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def fetched(task: str, day: int, outcome: Outcome = Outcome.OK, /, **changes: object) -> Fetch:
    """One page of the crawl of a night; a task reads product/com/ASIN or search/com/PAGE/KEYWORD."""
    kind, _, subject = task.split("/", 2)
    page, _, keyword = subject.partition("/")
    values: dict[str, object] = {
        "run_id": f"n{day:02}",
        "task": task,
        "asin": subject if kind == "product" else None,
        "keyword": keyword or None,
        "page": int(page) if kind == "search" else None,
        "observed_at": at(day),
        "detail": None,
        "page_hash": f"hash{day}" if outcome is Outcome.OK else None,
    }
    return Fetch(
        kind=kind,
        marketplace="com",
        url=f"https://www.amazon.com/{task}",
        outcome=outcome,
        http_status=200,
        attempts=1,
        bytes=1000,
        elapsed_ms=12,
        **(values | changes),  # type: ignore[arg-type]
    )


def own(day: int, price: str = "24.99") -> Product:
    return Product(
        marketplace="com",
        asin=OWN,
        title="Steel mug",
        price=Decimal(price),
        currency="USD",
        is_deal=False,
        in_stock=True,
        seller="Me",
        rating=Decimal("4.5"),
        review_count=500 + 2 * (day - 1),
        badges=(Badge(kind=BadgeKind.AMAZONS_CHOICE, text="steel mug"),),
        bullets=("Keeps warm",),
        bsr=(BsrLine(rank=1000, category="Kitchen", category_id="284507"),),
        reviews=(
            Review(review_id="R2", stars=Decimal(2 if day < 25 else 1), reviewed_on=date(2026, 3, 4), title="Dented"),
        )
        if day >= 5
        else (),
        related=_row(RelatedKind.ALSO_VIEWED, CLAY, NEW, *([OTHER] if day >= 30 else [])) if day >= 28 else (),
    )


def _row(kind: RelatedKind, *asins: str) -> tuple[RelatedPlacement, ...]:
    """A row of other products on a page."""
    return tuple(
        RelatedPlacement(
            row=1, kind=kind, heading="Others", sponsored=False, place=place, asin=asin, title=f"Row of {asin}"
        )
        for place, asin in enumerate(asins, 1)
    )


_CLAY_MISSING = {
    27: (
        Missing(field="price", reason=Reason.UNPARSEABLE, text="call us"),
        Missing(field="currency", reason=Reason.NOT_APPLICABLE),
    ),
    LAST: (Missing(field="rating", reason=Reason.LAYOUT_UNKNOWN),),
}


def clay(day: int) -> Product:
    rewritten = day >= 28
    return Product(
        marketplace="com",
        asin=CLAY,
        layout="2024",
        title="Clay mug 500 ml" if rewritten else "Clay mug",
        price=None if day == 27 else Decimal("26.99" if day < 26 else "23.99"),
        currency=None if day == 27 else "USD",
        coupon_percent=Decimal(10) if day >= 29 else None,
        deal="Limited time deal" if day >= 30 else None,
        is_deal=day >= 30,
        in_stock=True,
        seller="Clay",
        rating=None if day == LAST else Decimal("4.2"),
        review_count=200 + 5 * (day - 1),
        badges=(),
        bullets=("Holds 500 ml",) if rewritten else ("Holds coffee",),
        bsr=(BsrLine(rank=800 if day < 25 else 400, category="Kitchen", category_id="284507"),),
        reviews=(),
        related=_row(RelatedKind.COMPARED, NEW) if day == LAST else (),
        missing=_CLAY_MISSING.get(day, ()),
    )


def nord(day: int) -> Product:
    out = 10 <= day <= 13 or day >= 30
    seller = "Nord" if day < 27 else "BargainBin"
    good = Review(review_id="R5", stars=Decimal(5), reviewed_on=date(2026, 2, 1), title="Fine")
    bad = Review(
        review_id="R1", stars=Decimal(1), reviewed_on=date(2026, 3, 28), title="Leaks", body="All over.", variant="Blue"
    )
    return Product(
        marketplace="com",
        asin=NORD,
        title="Nord mug",
        price=None if out else Decimal("22.50"),
        currency=None if out else "USD",
        is_deal=False,
        in_stock=not out,
        seller=None if out else seller,
        rating=Decimal("4.0"),
        review_count=90,
        badges=(Badge(kind=BadgeKind.BEST_SELLER, text="Mugs"),),
        bullets=(),
        bsr=(
            BsrLine(rank=600, category="Kitchen", category_id="284507")
            if day < 28
            else BsrLine(rank=30, category="Mugs", category_id="289"),
        ),
        reviews=(good, bad) if day >= 30 else (good,),
        missing=tuple(
            Missing(field=field, reason=Reason.NOT_APPLICABLE if field == "currency" else Reason.ABSENT_ON_PAGE)
            for field in ("price", "currency", "seller")
            if out
        ),
    )


def steel_mug(day: int) -> tuple[SearchPage, SearchPage]:
    """Page one holds an ad and three organic places, page two one more; a carousel of ads since the 29th."""
    if day < 29:
        first, second = (OWN, CLAY, OTHER), NORD
    elif day == 29:
        first, second = (OWN, CLAY, NEW), OTHER
    else:
        first, second = (CLAY, OWN, NEW), OTHER
    ad = Placement(position=1, asin=AD, sponsored=True, sponsored_position=1)
    grid = (ad, *(_card(position, asin, position - 1) for position, asin in enumerate(first, 2)))
    carousel = WidgetPlacement(
        widget=1, kind=WidgetKind.CAROUSEL, heading="Sponsored", sponsored=True, after_position=4, place=1, asin=CLAY
    )
    offered = {30: ("steel mug with lid", "travel mug"), LAST: ("steel mug with lid", "cup")}.get(day, ())
    beside = (carousel,) if day >= 29 else ()
    return (
        SearchPage(marketplace="com", page=1, placements=grid, widgets=beside, layout="grid", related_searches=offered),
        SearchPage(marketplace="com", page=2, placements=(_card(1, second, 1),), layout="grid"),
    )


def _card(position: int, asin: str, organic: int) -> Placement:
    return Placement(
        position=position,
        asin=asin,
        sponsored=False,
        organic_position=organic,
        title=f"Card of {asin}",
        price=Decimal("20.00"),
        currency="USD",
        price_text="$20.00",
    )


def best_sellers(day: int) -> list[Result]:
    """The list of the 28th or the 29th, and the page that it does not have."""
    asins = (NORD, OTHER, CLAY) if day == 28 else (NORD, CLAY, NEW)
    places = tuple(ListPlace(rank=rank, asin=asin, title=f"Entry of {asin}") for rank, asin in enumerate(asins, 1))
    found = RankedList(
        ranking=Ranking.BEST_SELLERS, category="Mugs", category_id="289", page=1, last_page=1, places=places
    )
    first, second = (f"bestsellers/com/{page}/gp/bestsellers/kitchen/289" for page in (1, 2))
    end = {"detail": "the list ends on page 1", "page_hash": None, "keyword": None, "page": 2}
    return [
        Result(fetch=fetched(first, day, keyword=None, page=1), lists=(found,)),
        Result(fetch=replace(fetched(second, day, Outcome.NOT_FOUND, **end), attempts=0, http_status=None)),
    ]


def night(day: int) -> list[Result]:
    """What the crawl of a night brought."""
    results = [Result(fetch=fetched(f"product/com/{p.asin}", day), product=p) for p in (own(day), clay(day))]
    nord_task = f"product/com/{NORD}"
    if day == 22:
        results.append(Result(fetch=fetched(nord_task, day, Outcome.BLOCKED, detail="captcha")))
    else:
        results.append(Result(fetch=fetched(nord_task, day), product=nord(day)))
    first, second = steel_mug(day)
    results.append(Result(fetch=fetched("search/com/1/steel mug", day), search=first))
    results.append(
        Result(fetch=fetched("search/com/2/steel mug", day), search=second, offset=Offset().after(first.placements))
    )
    if day in {28, 29}:
        results += best_sellers(day)
    travel = SearchPage(marketplace="com", page=1, placements=(_card(1, OTHER, 1), _card(2, CLAY, 2)), layout="grid")
    if day < LAST:
        there = "delivery to 'Canada', not 10001" if day == LAST - 1 else None
        results.append(Result(fetch=fetched("search/com/1/travel mug", day, elsewhere=there), search=travel))
    else:
        results.append(Result(fetch=fetched("search/com/1/travel mug", day, Outcome.TIMEOUT, detail="60 s")))
    return results


FLAG = FlagRow(
    listing="mug",
    marketplace="com",
    asin=CLAY,
    own=False,
    day=date(2026, 3, 26),
    kind="price_cut",
    severity="medium",
    keyword=None,
    before_at=at(25),
    since=at(26),
    observed_at=at(26),
    before="26.99",
    after="23.99",
    magnitude=-0.111,
    chance=None,
    sentence="Price cut 26.99 → 23.99 USD (−11.1 %) on Thu 26 Mar",
    sentence_zh="3月26日周四降价 26.99 → 23.99 USD（−11.1 %）",
    says=("Price cut {before:amount} → {after:amount} {currency} ({change:percent}) on {day:day}",),
    facts='{"after":"23.99","before":"26.99","change":-0.111,"currency":"USD","day":"2026-03-26"}',
    before_fetch=None,
    after_fetch=None,
    sql="FROM product_observation",
    move_id="f00d00000001",
    rules="2",
)
MOVE = MoveRow(
    listing="mug",
    marketplace="com",
    move_id="f00d00000001",
    theme="push",
    asin=CLAY,
    own=False,
    severity="medium",
    started=date(2026, 3, 26),
    started_at=at(26),
    state="open",
    ended=None,
    last_day=date(2026, 3, 26),
    flags=1,
    events=(EventOfMove(news="began", day=date(2026, 3, 26), observed_at=at(26)),),
    sentence=FLAG.sentence,
    sentence_zh=FLAG.sentence_zh,
    says=FLAG.says,
    facts=FLAG.facts,
    rules="2",
)
EFFECT = EffectRow(
    listing="mug",
    marketplace="com",
    move_id="f00d00000001",
    metric="bsr",
    keyword=None,
    before=1200.0,
    after=1500.0,
    effect=1.25,
    low=1.05,
    high=1.49,
    nights_before=24,
    nights_after=4,
    verdict="worse",
    sentence="Your BSR was 1.2 times worse than expected",
    sentence_zh="你的 BSR 比预期差 1.2 倍",
    says=("Your BSR was 1.2 times worse than expected",),
    facts="{}",
    rules="2",
)
JUDGED = Judgement(
    reach=Reach(listing="mug", last_day=date(2026, 3, 30), newest_fetch=10**6, newest_read=at(30), rules="2"),
    since=date(2026, 3, 1),
    flags=(FLAG,),
    moves=(MOVE,),
    effects=(EFFECT,),
    weighed=(MOVE.move_id,),
)
_SOLD = EstimateRow(
    marketplace="com",
    asin=CLAY,
    category="Home & Kitchen",
    day=date(2026, 3, 31),
    low=12,
    mid=20,
    high=31,
    month_low=420,
    month_mid=610,
    month_high=890,
    reason=None,
    basis="7 brackets of 6 products",
    method="bsr-curve/1",
)
_NONE = dict.fromkeys(("low", "mid", "high", "month_low", "month_mid", "month_high", "basis"))
ESTIMATES = (
    replace(_SOLD, day=date(2026, 3, 30), low=8, month_high=700),
    _SOLD,
    replace(_SOLD, asin=NORD, reason="too few brackets in Home & Kitchen: of 1 of at least 5 products", **_NONE),
)


def build(store: Store) -> None:
    """Fill an empty store with all of it: the crawls, a better reading, an import, and a flag."""
    _spool(store, NIGHTS[0])  # taken in alone, so that everything is watched since then
    store.merge()
    for day in NIGHTS[1:]:
        _spool(store, day)
    first, *others = sealed(store.spool)  # in one segment, which is quicker to merge
    first.write_bytes(b"".join(segment.read_bytes() for segment in (first, *others)))
    for segment in others:
        segment.unlink()
    store.merge()
    with SpoolWriter(store.spool, "reread") as writer:
        again = fetched(f"product/com/{OWN}", LAST, parser_version=4, read_at=at(LAST, 20, 0))
        writer.add(Result(fetch=again, product=own(LAST)))
    _import(store)
    store.merge()
    with store.writing() as connection:
        keep(connection, [JUDGED])
        replace_estimates(connection, ESTIMATES)
    world_exports.fill(store, OWN)


def _spool(store: Store, day: int) -> None:
    run_id = f"n{day:02}"
    results = night(day)
    if day == LAST:
        results[0] = Result(fetch=results[0].fetch, product=own(LAST, price="42.99"))
    with SpoolWriter(store.spool, run_id) as writer:
        writer.start(Run(run_id=run_id, started_at=at(day, 11, 0), trigger="schedule", planned=6, listings=(LISTING,)))
        for result in results:
            writer.add(result)
        writer.finish(at(day, 11, 45))


def _import(store: Store) -> None:
    """A price of February from elsewhere, taken in after the last crawl. Its run sorts last."""
    with SpoolWriter(store.spool, "zz-import") as writer:
        writer.start(Run(run_id="zz-import", started_at=at(LAST, 21, 0), trigger="import", planned=1, listings=()))
        writer.add(
            Result(
                fetch=fetched(
                    f"product/com/{CLAY}",
                    1,
                    run_id="zz-import",
                    task="import/csv/1",
                    observed_at=datetime(2026, 2, 10, 12, tzinfo=UTC),
                    page_hash=None,
                    parser_version=0,
                ),
                product=Product(
                    marketplace="com",
                    asin=CLAY,
                    price=Decimal("27.99"),
                    currency="USD",
                    missing=tuple(
                        Missing(field=field, reason=Reason.NOT_IN_SOURCE)
                        for field in Product.__struct_fields__
                        if field not in {"marketplace", "asin", "price", "currency", "bsr", "missing"}
                    ),
                ),
            )
        )
        writer.finish(at(LAST, 21, 0) + timedelta(seconds=1))
