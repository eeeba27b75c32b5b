"""One fault after the other, over HTTP: what is stored of it, that nothing wrong is, and that all else is unharmed."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import duckdb
import msgspec
import pytest

from storage.store import Store
from tests.crash.checks import ROOT
from tests.faults.crawls import Told
from tests.faults.nights import address, address_of
from tests.faults.scenarios import COM, DE, EACH, SCENARIOS, SEARCHES, WORLD, YEN, Scenario, products
from tests.faults.truth import lacking, wrong_values
from tracker.demo.faults import ELSEWHERE


class Crawled(msgspec.Struct):
    """What the scenarios left."""

    told: dict[str, Told]
    db: duckdb.DuckDBPyConnection

    def items(self, name: str) -> dict[str, tuple[str, str | None, int]]:
        """Outcome, detail and attempts of every planned page of a scenario, by ASIN or by keyword and page."""
        found = self.db.execute(
            "SELECT coalesce(asin, keyword || ' ' || page), outcome, detail, attempts FROM crawl_item"
            " WHERE run_id = ? AND kind <> 'place'",
            [self.told[name].run_id],
        ).fetchall()
        return {key: tuple(rest) for key, *rest in found}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("faults")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.crawls", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = msgspec.json.decode((folder / "told.json").read_bytes(), type=dict[str, Told])
    with Store(folder / "data" / "tracker.duckdb").reading() as db:
        yield Crawled(told, db)


BROKEN = "what came compressed is broken"
TOO_LATE = "no answer in time"
UNREAD = "robots.txt could not be read"
CUT = "the connection closed before the page was whole"

EXPECTED: dict[str, tuple[str, str | None, int]] = {
    "captcha": ("blocked", "bot_check", 2),
    "interstitial": ("blocked", "continue_shopping", 2),
    "404": ("not_found", "not_found", 1),
    "503": ("error_page", "server_error", 2),
    "429": ("http_error", "HTTP 429", 2),
    "stall": ("timeout", TOO_LATE, 2),
    "stall_middle": ("timeout", TOO_LATE, 2),
    "drip": ("timeout", TOO_LATE, 2),
    "reset": ("network", "the connection broke", 2),
    "reset_middle": ("incomplete", CUT, 2),
    "cut": ("incomplete", CUT, 2),
    "truncated": ("incomplete", "truncated", 2),
    "empty": ("incomplete", "empty", 2),
    "gzip_twice": ("incomplete", "not_text", 2),
    "gzip_cut": ("incomplete", BROKEN, 2),
    "gzip_broken": ("incomplete", BROKEN, 2),
    "gzip_wrong": ("incomplete", BROKEN, 2),
    "gzip_none": ("incomplete", BROKEN, 2),
    "redirect_loop": ("redirected", "max redirections reached", 2),
    "redirect_host": ("redirected", None, 2),
    "redirect_page": ("wrong_product", None, 1),
    "wrong_asin": ("wrong_product", None, 1),
    "layout": ("ok", None, 1),
    "price_moved": ("ok", None, 1),
    "other_place": ("ok", None, 1),
    "other_currency": ("ok", None, 1),
    "other_language": ("ok", None, 1),
}
"""Outcome, detail (None: whatever it is) and attempts: what failed is asked for once more."""


@pytest.mark.parametrize("kind", EACH)
def test_a_page_with_a_fault_has_its_outcome_and_yields_nothing_else(crawled: Crawled, kind: str) -> None:
    marketplace, asin = products()[EACH.index(kind)]
    outcome, detail, attempts = crawled.items("each")[asin]
    assert (outcome, detail if EXPECTED[kind][1] else None, attempts) == EXPECTED[kind]
    assert detail or outcome == "ok"
    run_id = crawled.told["each"].run_id
    observed = crawled.db.execute(
        "SELECT count(*) FROM product_observation WHERE (run_id, marketplace, asin) = (?, ?, ?)",
        [run_id, marketplace, asin],
    ).fetchone()
    assert observed == (int(outcome == "ok"),)
    asked = [
        seen for seen in crawled.told["each"].seen if (seen.marketplace, seen.path) == (marketplace, f"/dp/{asin}")
    ]
    # Twisted itself asks once more when a connection that had served before is lost without an answer.
    assert {seen.fault for seen in asked} == {kind}
    assert len(asked) == attempts if kind != "reset" else attempts <= len(asked) <= 2 * attempts


def test_results_pages_with_a_fault_end_their_keyword_with_the_reason(crawled: Crawled) -> None:
    items = crawled.items("each")
    first, second, third, fourth, fifth, sixth = SEARCHES
    assert [items[f"{keyword} 1"][0] for keyword in SEARCHES] == [
        *("incomplete", "ok", "network", "ok", "redirected", "redirected"),
    ]
    assert items[f"{first} 2"] == ("skipped", "page 1: incomplete", 0)
    assert items[f"{second} 2"] == ("incomplete", "truncated", 2)
    assert items[f"{third} 2"] == ("skipped", "page 1: network", 0)
    assert items[f"{fourth} 2"] == ("not_found", "not_found", 1)
    assert items[f"{fifth} 2"] == items[f"{sixth} 2"] == ("skipped", "page 1: redirected", 0)


def test_all_other_pages_are_unharmed(crawled: Crawled) -> None:
    hit = {asin for _, asin in products()[: len(EACH)]} | {
        f"{keyword} {page}" for keyword in SEARCHES for page in (1, 2)
    }
    others = {key: item for key, item in crawled.items("each").items() if key not in hit}
    assert len(others) > 15
    assert set(others.values()) == {("ok", None, 1)}


def test_no_wrong_value_is_stored_and_every_gap_has_a_reason(crawled: Crawled) -> None:
    nights = {told.run_id: told.night for told in crawled.told.values()}
    assert wrong_values(crawled.db, WORLD, nights) == []
    assert lacking(crawled.db, WORLD, nights) == []
    observed = crawled.db.execute("SELECT count(*) FROM product_observation").fetchone()
    assert observed and observed[0] > 50
    _, moved = products()[EACH.index("price_moved")]
    assert crawled.db.execute(
        "SELECT price FROM product_observation WHERE (run_id, asin) = (?, ?)", [crawled.told["each"].run_id, moved]
    ).fetchall() == [(None,)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
def test_every_planned_page_has_an_outcome_and_what_was_read_is_not_asked_for_again(
    crawled: Crawled, scenario: Scenario
) -> None:
    told, items = crawled.told[scenario.name], crawled.items(scenario.name)
    assert len(items) == told.planned
    assert {item for item in items.values() if item[0] == "pending" or (item[0] != "ok" and not item[1])} == set()
    assert crawled.db.execute("SELECT state FROM crawl_run WHERE run_id = ?", [told.run_id]).fetchall() == [
        ("complete",)
    ]
    well = Counter((seen.marketplace, address(seen.path)) for seen in told.seen if seen.fault is None)
    keys = crawled.db.execute(
        "SELECT marketplace, task FROM crawl_item WHERE run_id = ? AND kind <> 'place'", [told.run_id]
    ).fetchall()
    assert {well[marketplace, address_of(task)] for marketplace, task in keys} <= {0, 1}


def test_a_page_from_elsewhere_or_in_another_currency_is_marked_and_keeps_what_it_says(crawled: Crawled) -> None:
    found = []
    for kind in ("other_place", "other_currency", "other_language"):
        marketplace, asin = products()[EACH.index(kind)]
        row = crawled.db.execute(
            "SELECT p.elsewhere, p.price, p.currency, f.language FROM product_observation p"
            " JOIN page_fetch f USING (fetch_id) WHERE p.run_id = ? AND p.asin = ?",
            [crawled.told["each"].run_id, asin],
        ).fetchone()
        assert row
        found.append((*row, WORLD.product(marketplace, asin, 0).price))
    (place, dearer, _, _, price), (currency, changed, euros, _, dollars), (none, same, _, language, usual) = found
    assert place == f"delivery to '{ELSEWHERE}', not 43004" and dearer > price
    assert (currency, euros) == ("currency EUR, not USD", "EUR") and changed < dollars
    assert (none, same, language) == (None, usual, "en-GB")


def test_layouts_may_switch_within_a_run(crawled: Crawled) -> None:
    items = crawled.items("now and then")
    assert {items[asin] for asin in (DE.asin, *DE.rivals[:7])} == {("ok", None, 1)}
    assert crawled.db.execute(
        "SELECT count(DISTINCT layout), count(*) FROM product_observation WHERE run_id = ? AND marketplace = 'de'",
        [crawled.told["now and then"].run_id],
    ).fetchone() == (2, 8)


def test_bot_checks_now_and_then_cost_only_what_meets_two(crawled: Crawled) -> None:
    checks = Counter(seen.path for seen in crawled.told["now and then"].seen if seen.fault == "captcha")
    items = crawled.items("now and then")
    assert sum(checks.values()) >= 3
    for asin in (COM.asin, *COM.rivals):
        met = checks[f"/dp/{asin}"]
        assert items[asin] == (("blocked", "bot_check", 2) if met == 2 else ("ok", None, 1 + met))


def test_a_page_that_came_broken_is_retried_at_once(crawled: Crawled) -> None:
    items = crawled.items("now and then")
    pages = [YEN.asin, *YEN.rivals[:3], *(f"{YEN.keywords[0]} {number}" for number in (1, 2))]
    assert [items[key] for key in pages] == [("ok", None, 2)] * 5 + [("ok", None, 1)]


def test_a_marketplace_that_only_checks_is_left_alone_while_the_others_go_on(crawled: Crawled) -> None:
    items = crawled.items("left alone")
    pages = [COM.asin, *COM.rivals, *(f"{COM.keywords[0]} {number}" for number in (1, 2))]
    checked = Counter(items[key][:2] for key in pages)
    assert checked == {
        ("blocked", "continue_shopping"): 4,
        ("skipped", "bot checks, 3 in a row and again later"): len(pages) - 4,
    }
    brand = WORLD.product(COM.marketplace, COM.asin, 0).brand or ""
    title = next(key for key in items if key.startswith(brand))  # known from the crawl before, and searched for
    assert items.pop(title)[0] == "skipped"
    assert {items[key][0] for key in items.keys() - {*pages}} == {"ok"}


def test_a_server_that_names_a_time_is_left_alone_until_then(crawled: Crawled) -> None:
    seen = [each for each in crawled.told["left alone"].seen if each.marketplace == "de"]
    refused = [(each.fault, then.at - each.at) for each, then in pairwise(seen) if each.fault]
    assert [fault for fault, _ in refused] == ["503_wait", "429_wait"]
    assert all(seconds >= 1 for _, seconds in refused)
    assert [crawled.items("left alone")[asin][0] for asin in (DE.asin, DE.rivals[0])] == ["ok", "ok"]


def test_a_clock_that_jumps_changes_nothing_but_the_instants(crawled: Crawled) -> None:
    items, run_id = crawled.items("left alone"), crawled.told["left alone"].run_id
    assert {items[asin] for asin in (YEN.asin, *YEN.rivals[:3])} == {("ok", None, 1)}
    spread = "SELECT max(observed_at) - min(observed_at) > INTERVAL 90 MINUTE FROM page_fetch WHERE run_id = ?"
    assert crawled.db.execute(spread, [run_id]).fetchone() == (True,)


def test_a_server_that_only_refuses_is_asked_less_and_less(crawled: Crawled) -> None:
    seen = [each for each in crawled.told["refused"].seen if each.marketplace == "com" and each.fault]
    pages = [each.at for each in seen if each.path.startswith("/dp/")]
    pauses = [after - before for before, after in pairwise(pages)]
    assert len(pauses) == 3
    assert all(pause >= 0.05 * 2**number for number, pause in enumerate(pauses, 1))
    items = crawled.items("refused")
    assert [items[asin] for asin in (COM.asin, COM.rivals[0])] == [("error_page", "server_error", 2)] * 2


def test_a_server_that_was_down_is_asked_again(crawled: Crawled) -> None:
    items = crawled.items("refused")
    assert {items[key][0] for key in (DE.asin, DE.rivals[0], *(f"{DE.keywords[0]} {n}" for n in (1, 2)))} == {"ok"}
    failed = crawled.db.execute(
        "SELECT DISTINCT outcome, detail FROM page_fetch WHERE run_id = ? AND marketplace = 'de' AND outcome <> 'ok'",
        [crawled.told["refused"].run_id],
    ).fetchall()
    assert failed == [("network", "connection refused")]


def test_a_host_without_address_and_one_without_server_have_their_reasons(crawled: Crawled) -> None:
    items = crawled.items("nobody")
    assert items[COM.asin] == ("network", f"{UNREAD}: host name not found", 0)
    assert items[DE.asin] == ("network", f"{UNREAD}: connection refused", 0)


def test_nothing_is_asked_for_before_robots_txt_was_read_and_that_is_tried_again(crawled: Crawled) -> None:
    items = crawled.items("nobody")
    assert {items[key] for key in (YEN.asin, YEN.rivals[0], f"{YEN.keywords[0]} 2")} == {("ok", None, 1)}
    asked = [seen.path for seen in crawled.told["nobody"].seen]
    assert asked[:2] == ["/robots.txt"] * 2
    assert "/robots.txt" not in asked[2:]
    failed = crawled.db.execute(
        "SELECT detail, attempts FROM page_fetch WHERE run_id = ? AND outcome = 'http_error'",
        [crawled.told["nobody"].run_id],
    ).fetchall()
    assert failed == [(f"{UNREAD}: HTTP 503", 0)]


def test_a_page_of_any_size_takes_little_memory(crawled: Crawled) -> None:
    items = crawled.items("large")
    for asin in (COM.rivals[0], DE.rivals[0]):
        assert items.pop(asin) == ("network", "the page is larger than allowed", 2)
    assert set(items.values()) == {("ok", None, 1)}
    memory = crawled.told["large"].memory
    if memory is None:
        pytest.skip("the system does not tell a process's most memory")
    assert memory < 400e6
