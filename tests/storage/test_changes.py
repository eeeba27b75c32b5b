"""What changed, told from what pages said: each case worked out by hand, and any order of arrival giving the same."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import schema
from storage.model import Result
from storage.records import Badge, BadgeKind, BsrLine, Missing, Product, Reason
from storage.spool import SpoolWriter, sealed
from storage.store import Store, take_in
from tests.conftest import EXAMPLES, Fresh
from tests.storage.test_store import NIGHT, fetch, run, spooled

ASIN = "B0OWN00001"
UNREAD = "unread"


def page(
    night: int,
    asin: str = ASIN,
    /,
    *,
    reread: int | None = None,
    elsewhere: str | None = None,
    postal_code: str | None = None,
    **said: Any,
) -> Result:
    """What the product page said in a night. ``UNREAD``: stood there and was not understood; None: it shows none.
    ``reread``: the night in which it was read again. ``postal_code``: the one asked for."""
    unread = [name for name, value in said.items() if value == UNREAD]
    values: dict[str, Any] = {"title": "Mug", "price": Decimal(20), "currency": "USD", "is_deal": False}
    values |= {name: None if value == UNREAD else value for name, value in said.items()}
    missing = [
        Missing(field=name, reason=Reason.UNPARSEABLE if name in unread else Reason.ABSENT_ON_PAGE)
        for name in (*values, "coupon_percent", "seller")
        if values.get(name) is None
    ]
    read_at = None if reread is None else NIGHT + timedelta(days=reread)
    return Result(
        fetch=fetch(
            asin,
            f"r{night}",
            asin=asin,
            observed_at=NIGHT + timedelta(days=night),
            read_at=read_at,
            elsewhere=elsewhere,
            wanted_postal_code=postal_code,
        ),
        product=Product(marketplace="com", asin=asin, missing=tuple(missing), **values),
    )


def told(db: duckdb.DuckDBPyConnection, field: str, asin: str = ASIN) -> list[tuple[object, ...]]:
    """Changes of one field: night, before, after, nights the old value had stood."""
    return db.execute(
        "SELECT date_diff('day', $night, observed_at), before, after, date_diff('day', before_since, observed_at) "
        "FROM changes WHERE field = $field AND asin = $asin ORDER BY observed_at",
        {"night": NIGHT, "field": field, "asin": asin},
    ).fetchall()


@pytest.fixture
def store(tmp_path: Path, fresh: Fresh) -> Store:
    return fresh(tmp_path / "t.duckdb")


def merged(store: Store, *results: Result) -> None:
    spooled(store, *results, start=run())
    store.merge()


def prices(*values: object) -> list[Result]:
    return [page(night, price=value) for night, value in enumerate(values)]


PRICES: list[tuple[list[object], list[tuple[object, ...]]]] = [
    ([Decimal(20), Decimal(20)], []),
    ([Decimal(20), Decimal(18)], [(1, "20.00", "18.00", 1)]),
    ([Decimal(20), UNREAD, Decimal(20)], []),
    ([Decimal(20), UNREAD, Decimal(18)], [(2, "20.00", "18.00", 2)]),
    ([UNREAD, Decimal(20)], []),
    ([Decimal(20), None, None, Decimal(20)], [(1, "20.00", None, 1), (3, None, "20.00", 2)]),
    ([Decimal(20), Decimal(18), Decimal(18), Decimal(20)], [(1, "20.00", "18.00", 1), (3, "18.00", "20.00", 2)]),
]


def test_a_price_changes_when_both_ends_were_read(store: Store) -> None:
    products = [f"B0PRICES{number:02}" for number in range(len(PRICES))]
    merged(
        store,
        *(
            page(night, asin, price=value)
            for asin, (values, _) in zip(products, PRICES, strict=True)
            for night, value in enumerate(values)
        ),
    )
    with store.reading() as db:
        for asin, (values, expected) in zip(products, PRICES, strict=True):
            assert told(db, "price", asin) == expected, values


def test_percent_is_of_prices_in_one_currency(store: Store) -> None:
    merged(
        store,
        page(0, price=Decimal(20)),
        page(1, price=Decimal(18)),
        page(2, price=Decimal(126), currency="CNY"),
        page(3, price=None, currency=None),
        page(4, price=Decimal(63), currency="CNY"),
        page(5, price=Decimal("31.5"), currency="CNY"),
    )
    with store.reading() as db:
        assert db.execute("SELECT percent FROM changes WHERE field = 'price' ORDER BY observed_at").fetchall() == [
            (-10.0,),  # in another currency, no price before it stands: 126 is the first
            (None,),
            (None,),
            (-50.0,),
        ]
        assert told(db, "currency") == [(2, "USD", "CNY", 2)]  # no price, no currency: that is no change of it


def test_a_page_from_elsewhere_changes_no_price(store: Store) -> None:
    merged(
        store,
        page(0, price=Decimal(20), title="Mug"),
        page(1, price=Decimal(31), title="Cup", seller="Export", elsewhere="delivery to 'Netherlands', not 10001"),
        page(2, price=Decimal(20), title="Cup"),
        page(3, price=Decimal(3100), currency="JPY", elsewhere="currency JPY, not USD", title="Cup"),
        page(4, price=Decimal(18), title="Cup"),
    )
    with store.reading() as db:
        assert told(db, "price") == [(4, "20.00", "18.00", 4)]
        assert (told(db, "currency"), told(db, "seller")) == ([], [])
        assert told(db, "title") == [(1, "Mug", "Cup", 1)]  # which no place changes
        assert db.execute(
            "SELECT price, currency, elsewhere FROM product_observation WHERE elsewhere > ''"
        ).fetchall() == [
            (Decimal(31), "USD", "delivery to 'Netherlands', not 10001"),
            (Decimal(3100), "JPY", "currency JPY, not USD"),
        ]


def test_another_postal_code_begins_a_new_series(store: Store) -> None:
    merged(
        store,
        page(0, price=Decimal(19)),
        page(1, price=Decimal(20), postal_code="10001"),
        page(2, price=Decimal(22), postal_code="94103", is_deal=True),
        page(3, price=Decimal(21), postal_code="94103", is_deal=True),
        page(4, price=Decimal(25)),
    )
    with store.reading() as db:
        assert told(db, "price") == [(3, "22.00", "21.00", 1)]
        assert told(db, "is_deal") == []


def test_a_coupon_starts_and_ends(store: Store) -> None:
    merged(store, *(page(night, coupon_percent=value) for night, value in enumerate([None, Decimal(10), UNREAD, None])))
    with store.reading() as db:
        assert told(db, "coupon_percent") == [(1, None, "10.00", 1), (3, "10.00", None, 2)]


def test_content_versions_follow_each_other_without_a_gap(store: Store) -> None:
    titles = ["Mug", UNREAD, "Mug, blue", "Mug"]
    badge = (Badge(kind=BadgeKind.BEST_SELLER, text="Mugs"),)
    merged(store, *(page(n, title=title, badges=badge if n == 2 else ()) for n, title in enumerate(titles)))
    nights = [NIGHT + timedelta(days=n) for n in range(4)]
    with store.reading() as db:
        versions = "SELECT value, valid_from, valid_to FROM content_versions WHERE field = ? ORDER BY valid_from"
        assert db.execute(versions, ["title"]).fetchall() == [
            ("Mug", nights[0], nights[2]),
            ("Mug, blue", nights[2], nights[3]),
            ("Mug", nights[3], None),
        ]
        assert [row[0] for row in db.execute(versions, ["badges"]).fetchall()] == [
            "[]",
            '[{"kind":"best_seller","text":"Mugs"}]',
            "[]",
        ]


def test_older_observations_that_come_later_take_their_place(store: Store) -> None:
    values = prices(Decimal(20), Decimal(18), Decimal(18), Decimal(22))
    merged(store, values[0], values[3])
    with store.reading() as db:
        assert told(db, "price") == [(3, "20.00", "22.00", 3)]
    merged(store, values[2])
    merged(store, values[1])
    with store.reading() as db:
        assert told(db, "price") == [(1, "20.00", "18.00", 1), (3, "18.00", "22.00", 2)]


def test_a_better_reading_replaces_the_old_one_and_the_changes_are_told_anew(store: Store) -> None:
    merged(store, *prices(Decimal(20), Decimal(1), Decimal(20)))
    with store.reading() as db:
        assert told(db, "price") == [(1, "20.00", "1.00", 1), (2, "1.00", "20.00", 1)]
        (number,) = db.execute("SELECT fetch_id FROM product_observation WHERE price = 1").fetchall()[0]
    corrected_at = NIGHT + timedelta(days=9)
    merged(store, page(1, price=Decimal(20), reread=9))
    with store.reading() as db:
        assert told(db, "price") == []
        assert db.execute("SELECT price FROM product_observation WHERE fetch_id = ?", [number]).fetchall() == [(20,)]
        assert db.execute("SELECT fetch_id, price, superseded_at FROM superseded.product_observation").fetchall() == [
            (number, 1, corrected_at)
        ]
        assert db.execute("SELECT read_at FROM page_fetch WHERE fetch_id = ?", [number]).fetchall() == [(corrected_at,)]
    merged(store, page(1, price=Decimal(7), reread=8))  # an older reading comes late
    with store.reading() as db:
        assert told(db, "price") == []
        assert db.execute("SELECT count(*) FROM superseded.product_observation").fetchone() == (1,)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        schema.migrate(connection)
        yield connection


_STATES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "price": st.sampled_from([Decimal(20), Decimal(18), None, UNREAD]),
        "currency": st.sampled_from(["USD", "CNY"]),
        "elsewhere": st.sampled_from([None, None, "delivery to 'Netherlands', not 10001"]),
        "postal_code": st.sampled_from(["10001", None]),
        "title": st.sampled_from(["Mug", "Cup", UNREAD]),
        "coupon_percent": st.sampled_from([None, Decimal(10), UNREAD]),
        "bsr": st.sampled_from([(), (BsrLine(rank=1, category="Mugs"),), (BsrLine(rank=2, category="Cups"),)]),
    }
)


@settings(max_examples=max(2, EXAMPLES // 10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_any_split_tell_the_same_changes(
    data: st.DataObject, database: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    histories = data.draw(st.lists(st.lists(_STATES, min_size=1, max_size=7), min_size=4, max_size=8), "by product")
    said = [(product, night, s) for product, states in enumerate(histories) for night, s in enumerate(states)]
    arrived = data.draw(st.permutations(said), "order of arrival")
    cuts = data.draw(st.sets(st.integers(1, len(said)), max_size=3), "where a new segment begins")
    for table in ("page_fetch", "bsr_observation", "stored.product", "stored.change"):
        database.execute(f"DELETE FROM {table}")
    spool = tmp_path_factory.mktemp("spool")
    with SpoolWriter(spool, "a") as writer:
        for product, night, states in said:
            writer.add(page(night, f"B0INORDER{product}", **states))
    with SpoolWriter(spool, "b") as writer:
        for number, (product, night, states) in enumerate(arrived):
            if number in cuts:
                writer.seal()
            writer.add(page(night, f"B0SHUFFLE{product}", **states))
    for segment in sealed(spool):
        take_in(database, segment)
    taken_in = _changes(database)
    for product in range(len(histories)):
        assert taken_in[f"B0INORDER{product}"] == taken_in[f"B0SHUFFLE{product}"]
    schema.rebuild_changes(database)
    assert _changes(database) == taken_in


def _changes(database: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    rows: dict[str, list[tuple[object, ...]]] = {}
    for asin, *row in database.execute(
        "SELECT asin, field, c.observed_at, before, after, before_since, c.currency, f.observed_at "
        "FROM stored.change c JOIN page_fetch f USING (fetch_id, asin) ORDER BY ALL"
    ).fetchall():
        rows.setdefault(asin, []).append(tuple(row))
    return rows
