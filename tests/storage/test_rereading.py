"""A page read again in the midst of what is stored."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from storage.model import Result
from storage.records import Review
from storage.store import Store
from tests.conftest import Fresh
from tests.storage.test_store import NIGHT, product_result, run, spooled

DAY = timedelta(days=1)


def seen(night: int, body: str, *, price: str = "19.99", read_again: bool = False) -> Result:
    result = product_result(run_id="r1", price=Decimal(price))
    assert result.product
    at = NIGHT + night * DAY
    return replace(
        result,
        fetch=replace(result.fetch, task=f"night {night}", observed_at=at, read_at=at + DAY if read_again else None),
        product=replace(
            result.product, reviews=(Review(review_id="R1", stars=Decimal(5), verified=True, title="ok", body=body),)
        ),
    )


def reviews(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as db:
        return db.execute("SELECT observed_at, body FROM review_seen ORDER BY ALL").fetchall()


def test_a_review_is_compared_with_what_it_said_before_not_with_what_it_said_last(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, seen(1, "good"), seen(2, "better"), seen(3, "better"), seen(4, "good"), start=run())
    store.merge()
    told = [(NIGHT + DAY, "good"), (NIGHT + 2 * DAY, "better"), (NIGHT + 4 * DAY, "good")]
    assert reviews(store) == told
    spooled(store, seen(3, "better", price="18.99", read_again=True))
    store.merge()
    assert reviews(store) == told
    spooled(store, seen(2, "good", read_again=True), seen(3, "good", read_again=True))
    store.merge()
    assert reviews(store)[0] == told[0]
    with store.reading() as db:
        assert db.execute("SELECT body FROM superseded.review_seen").fetchall() == [("better",)]
