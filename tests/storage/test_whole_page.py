"""Everything a page object reads reaches its table unchanged: no field of a record is lost between spool and SQL."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from storage.model import Offset, Result
from storage.records import (
    Badge,
    BadgeKind,
    BsrLine,
    Category,
    Missing,
    Placement,
    Product,
    Reason,
    RelatedKind,
    RelatedPlacement,
    Review,
    SearchPage,
    WidgetKind,
    WidgetPlacement,
)
from tests.conftest import Fresh
from tests.storage.test_store import NIGHT, fetch, run, spooled

_PRODUCT = Product(
    marketplace="com",
    asin="B0OWN00001",
    layout="2021",
    title="Mug",
    brand="Clay & Co",
    parent_asin="B0PARENT01",
    variation={"Color": "Blue", "Größe": "0,5 l"},
    variation_count=4,
    price=Decimal("19.99"),
    list_price=Decimal("24.99"),
    currency="USD",
    unit_price=Decimal("0.40"),
    unit="fl oz",
    subscribe_price=Decimal("18.99"),
    subscribe_percent=Decimal(5),
    used_price=Decimal("12.50"),
    renewed_price=Decimal("15.00"),
    prime_price=Decimal("17.99"),
    coupon_percent=Decimal(10),
    coupon_amount=Decimal("2.00"),
    deal="Limited time deal",
    is_deal=True,
    deal_ends="Ends in 5h 12m",
    availability="Only 3 left",
    in_stock=True,
    stock_left=3,
    seller="Clay",
    seller_id="A1B2C3",
    ships_from="Amazon",
    offer_count=5,
    offer_from=Decimal("11.99"),
    rating=Decimal("4.6"),
    review_count=1234,
    rating_percents=(70, 20, 5, 3, 2),
    bought_past_month="2K+ bought in past month",
    bought_past_month_min=2000,
    badges=(Badge(kind=BadgeKind.AMAZONS_CHOICE, text="steel mug"), Badge(kind=BadgeKind.CLIMATE_PLEDGE)),
    bullets=("Holds coffee", "And tea"),
    image_count=7,
    main_image="71abc",
    has_a_plus=True,
    has_video=False,
    first_available=date(2024, 2, 29),
    delivery_location="New York 10001",
    categories=(Category(name="Kitchen", node="284507"), Category(name="Travel Mugs")),
    browse_node="9302388011",
    bsr=(BsrLine(rank=7, category="Travel Mugs", category_id="9302388011", department="kitchen"),),
    related=(
        RelatedPlacement(
            row=2,
            kind=RelatedKind.ALSO_VIEWED,
            heading="Customers also viewed",
            sponsored=False,
            place=1,
            asin="B0RIVAL001",
            title="Jug",
            currency="USD",
            rating=Decimal("4.1"),
            review_count=3,
            missing=(Missing(field="price", reason=Reason.ABSENT_ON_PAGE),),
        ),
    ),
)
_REVIEW = Review(
    review_id="R1",
    stars=Decimal(5),
    reviewed_on=date(2026, 1, 2),
    country="Japan",
    verified=True,
    title="Fine",
    body="Really.",
    variant="Color: Blue",
)


def _product(fetch_id: str, run_id: str = "r1", *reviews: Review, days: int = 0) -> Result:
    return Result(
        fetch=fetch(fetch_id, run_id, task="product/com/B0OWN00001", observed_at=NIGHT + timedelta(days=days)),
        product=msgspec.structs.replace(_PRODUCT, reviews=reviews),
    )


def test_every_field_of_a_product_has_a_column_that_keeps_it(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, _product("f1", "r1", _REVIEW), start=run())
    store.merge()
    with store.reading() as db:
        result = db.execute("FROM product_observation")
        stored = dict(zip([c[0] for c in result.description], result.fetchone() or (), strict=True))
        review = db.execute(
            "SELECT * EXCLUDE (run_id, fetch_id, marketplace, asin, observed_at, place) FROM review_seen"
        )
        assert review.fetchall() == [tuple(msgspec.structs.asdict(_REVIEW)[c[0]] for c in review.description)]
        for table, records in (("bsr_observation", _PRODUCT.bsr), ("related_placement", _PRODUCT.related or ())):
            result = db.execute(f"FROM {table}")
            row = dict(zip([c[0] for c in result.description], result.fetchone() or (), strict=True))
            row |= {"asin": row.get("related_asin")}
            told = {name: value for name, value in msgspec.structs.asdict(records[0]).items() if name != "missing"}
            assert {name: row[name] for name in told} == told, table
        assert stored["category_path"] == "Kitchen › Travel Mugs"
        assert db.execute("SELECT asin, field, reason, position FROM missing_value").fetchall() == [
            ("B0RIVAL001", "related.price", "absent_on_page", 1)
        ]
    for field, value in msgspec.structs.asdict(_PRODUCT).items():
        if field in {"bsr", "related", "reviews", "missing"}:
            continue
        wanted = msgspec.to_builtins(value, builtin_types=(Decimal, date))
        found = stored[field]
        assert (list(found) if isinstance(found, tuple) else found) == (
            list(wanted) if isinstance(wanted, tuple) else wanted
        ), field


def test_every_field_of_a_results_page_is_kept(tmp_path: Path, fresh: Fresh) -> None:
    placement = Placement(
        position=1,
        asin="B0P0000001",
        sponsored=False,
        organic_position=1,
        title="Mug",
        price=Decimal("9.99"),
        list_price=Decimal("12.99"),
        currency="USD",
        price_text="$9.99",
        coupon="Save 5% with coupon",
        rating=Decimal("4.5"),
        rating_text="4.5 out of 5 stars",
        review_count=10,
        bought_past_month_min=300,
        badges=(Badge(kind=BadgeKind.BEST_SELLER, text="Mugs"),),
    )
    widget = WidgetPlacement(
        widget=2,
        kind=WidgetKind.VIDEO,
        heading="See it pour",
        sponsored=True,
        after_position=1,
        place=1,
        asin="B0W0000001",
        title="Jug",
        currency="USD",
        rating=Decimal("4.1"),
        review_count=3,
        missing=(Missing(field="price", reason=Reason.ABSENT_ON_PAGE),),
    )
    page = SearchPage(
        marketplace="com",
        query="steel mug",
        page=1,
        last_page=7,
        layout="2019",
        results=10_000,
        results_text="1-48 of over 10,000 results",
        placements=(placement,),
        widgets=(widget,),
        related_searches=("mug with lid", "cup"),
    )
    store = fresh(tmp_path / "t.duckdb")
    asked = fetch("s1", kind="search", asin=None, keyword="steel mug", page=1, task="search/com/1/steel mug")
    spooled(store, Result(fetch=asked, search=page, offset=Offset()), start=run())
    store.merge()
    with store.reading() as db:
        for table, record in (("search_placement", placement), ("search_widget", widget), ("search_page", page)):
            result = db.execute(f"FROM {table}")
            stored = dict(zip([c[0] for c in result.description], result.fetchone() or (), strict=True))
            for field, value in msgspec.to_builtins(record, builtin_types=(Decimal, date)).items():
                if field in {"missing", "placements", "widgets", "query"}:
                    continue
                assert stored[field] == (list(value) if isinstance(value, tuple) else value), (table, field)
        assert db.execute("SELECT asin, field, reason, position FROM missing_value").fetchall() == [
            ("B0W0000001", "widget.price", "absent_on_page", 2)
        ]
        assert db.execute("SELECT place, query FROM related_search").fetchall() == [(1, "mug with lid"), (2, "cup")]


def test_a_review_is_kept_once_and_again_when_it_changes(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    unread = Review(review_id="R2", title="?", missing=(Missing(field="stars", reason=Reason.UNPARSEABLE, text="x"),))
    spooled(store, _product("f1", "r1", _REVIEW, unread), start=run())
    spooled(store, _product("f2", "r2", _REVIEW, days=1), start=run("r2"))
    store.merge()
    changed = msgspec.structs.replace(_REVIEW, stars=Decimal(1), body="Broke.")
    spooled(store, _product("f3", "r3", changed, days=2), start=run("r3"))
    store.merge()
    with store.reading() as db:
        assert db.execute("SELECT fetch_id, review_id, stars FROM review_seen ORDER BY ALL").fetchall() == [
            (1, "R1", Decimal(5)),
            (1, "R2", None),
            (3, "R1", Decimal(1)),
        ]
        assert db.execute(
            "SELECT field, text, position FROM missing_value WHERE field NOT LIKE 'related.%'"
        ).fetchall() == [("review.stars", "x", 2)]
