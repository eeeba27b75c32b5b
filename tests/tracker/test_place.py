"""Two nights crawled for configured places (see :mod:`tests.tracker.visits`): what was asked for, and what came."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb
import pytest

from reports.compare import compare
from reports.flags import Kind, flags
from storage.store import Store
from tests.tracker.visits import CODES
from tracker.config import load

THERE = "delivery to 'Schweiz', not 20095"


class Nights(NamedTuple):
    told: list[dict[str, Any]]
    db: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("visits")
    command = [sys.executable, "-m", "tests.tracker.visits", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    with Store(load(folder / "config.toml").storage.database).reading() as db:
        yield Nights(json.loads(done.stdout), db)


def test_each_marketplace_is_asked_once_to_deliver_to_its_postal_code(nights: Nights) -> None:
    asked = nights.db.execute(
        "SELECT row_number() OVER (PARTITION BY task ORDER BY run_id), marketplace, outcome, detail, attempts "
        "FROM page_fetch WHERE kind = 'place' ORDER BY ALL"
    ).fetchall()
    assert asked == [
        (1, "co.jp", "ok", "asked for 390-0811", 3),
        (1, "com", "ok", "asked for 60601", 3),
        (1, "de", "ok", "asked for 20095", 3),
        (2, "co.jp", "robots", "390-0811 not set: forbidden by robots.txt", 0),
        (2, "com", "ok", "asked for 60601", 3),
        (2, "de", "refused", "20095 not set: HTTP 404", 3),
    ]
    # Which it does not belong to; the second night searches for the own titles, too.
    assert [told["planned"] for told in nights.told] == [9, 12]


def test_every_page_says_for_whom_it_was_made(nights: Nights) -> None:
    pages = nights.db.execute(
        "SELECT DISTINCT dense_rank() OVER (ORDER BY run_id), marketplace, wanted_postal_code, delivery_location, "
        "language, currency, elsewhere FROM page_fetch WHERE kind <> 'place' AND outcome = 'ok' ORDER BY ALL"
    ).fetchall()
    # Sessions on one host, told apart by nothing but their cookies.
    assert pages == [
        (1, "co.jp", "390-0811", "松本 390-0811", "ja-JP", "JPY", None),
        (1, "com", "60601", "Columbus 60601", "en-US", "USD", None),
        (1, "de", "20095", "Kassel 20095", "de-DE", "EUR", None),
        (2, "com", "60601", "Columbus 60601", "en-US", "EUR", None),
        (2, "de", "20095", "Schweiz", "en-GB", "EUR", THERE),
    ]
    assert {code for _, _, code, *_ in pages} == set(CODES.values())


def test_prices_of_the_other_place_are_kept_and_marked(nights: Nights) -> None:
    dearer = nights.db.execute(
        "SELECT bool_and(n.price > b.price), count(*) "
        "FROM product_observation b JOIN product_observation n USING (asin) "
        "WHERE b.marketplace = 'de' AND b.elsewhere IS NULL AND n.elsewhere = ?",
        [THERE],
    ).fetchone()
    assert dearer == (True, 2)
    cards = nights.db.execute("SELECT count(price) > 0 FROM search_placement WHERE elsewhere = ?", [THERE]).fetchone()
    assert cards == (True,)


def test_they_change_nothing(nights: Nights) -> None:
    money = "field IN ('price', 'list_price', 'coupon_amount', 'in_stock', 'seller', 'subscribe_price')"
    assert nights.db.execute(f"FROM changes WHERE {money}").fetchall() == []
    for name in ("de", "com"):
        compared = compare(nights.db, name)
        kinds = {flag.kind for flag in flags(compared)}
        assert not kinds & {
            Kind.PRICE_CUT,
            Kind.PRICE_RISE,
            Kind.OUT_OF_STOCK,
            Kind.BUY_BOX_CHANGED,
            Kind.TITLE_CHANGED,
        }
    assert {o.missing["price"] for p in compare(nights.db, "de").products for o in p.observations[-1:]} == {
        f"elsewhere: {THERE}"
    }
    assert compare(nights.db, "com").currency == "EUR"


def test_the_crawl_says_how_many(nights: Nights) -> None:
    first, second = nights.told
    assert (first["elsewhere"], first["complete"]) == ([], True)
    assert second["elsewhere"] == [
        "4 pages of de came for another place, and their offers are compared with no others: "
        f"{THERE} (20095 not set: HTTP 404)"
    ]
