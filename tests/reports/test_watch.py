"""The drift alarm on a real database: what it reads there, what the report says, and what no flag makes of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from reports.compare import compare
from reports.defect import ADS, PLACEMENTS, WHOLE_PAGE, Defect
from reports.flags import Kind
from reports.page.render import OverviewItem, render, render_overview
from reports.watch import defects
from tests.reports.database import Database
from tests.reports.nights import OWN, judged, listing, night, reported, told
from tests.reports.test_render import WRITTEN, Page

RIVALS = [f"B0RIVAL{n:03d}" for n in range(1, 13)]
SHOWN: dict[str, Any] = {
    "title": "Mug", "brand": "Acme", "price": Decimal("24.99"), "currency": "USD", "coupon_percent": Decimal(10),
    "is_deal": True, "deal": "Limited time deal", "availability": "In Stock", "in_stock": True, "seller": "Acme",
    "rating": Decimal("4.5"), "review_count": 500, "bsr": 1000,
}  # fmt: skip


def tonight(database: Database, n: int, *, lost: int = 0, layout: str | None = "apex", **lacks: str) -> None:
    """One night of all products, the first ``lost`` rivals of which lack some fields (field=reason) in a new layout."""
    for k, asin in enumerate([*RIVALS, OWN]):
        missing = {"coupon_amount": "not_applicable"} | (lacks if k < lost else {})
        shown = {name: value for name, value in SHOWN.items() if name not in missing}
        if "is_deal" in missing:
            shown["is_deal"] = False  # no badge is found where there was one
        database.product(
            night(n) + timedelta(seconds=k),
            "com",
            asin,
            missing=missing,
            layout=layout if k >= lost else "next",
            **shown,
        )


def found(database: Database, nights: int) -> list[Defect]:
    """Every defect, its SQL checked to show all of its pages."""
    told = defects(database.con, "com", since=night(0), until=night(nights) - timedelta(hours=1))
    for defect in told:
        result = database.con.execute(defect.sql)
        column = [name for name, *_ in result.description].index("fetch_id")
        assert {fetch for fetch, _ in defect.pages} <= {row[column] for row in result.fetchall()}, defect.sql
        for fetch, archived in defect.pages:
            assert database.con.execute("SELECT page_hash FROM page_fetch WHERE fetch_id = ?", [fetch]).fetchone() == (
                archived,
            )
    return told


OFFER = dict.fromkeys(
    ("price", "coupon_percent", "coupon_amount", "deal", "is_deal", "availability", "in_stock", "seller"),
    "absent_on_page",
)


def test_a_lost_price_is_told_as_our_defect_and_nobody_has_moved(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(6):
        tonight(database, n)
    for n in (6, 7):
        tonight(database, n, lost=7, **OFFER)
    tonight(database, 8)
    shown = {(d.field, d.missing, d.of, d.layout, d.new_layout, d.lasting) for d in found(database, 7)}
    assert shown == {(name, 7, 13, "next", True, True) for name in ("price", "availability", "in_stock", "seller")}
    assert {d.since for d in found(database, 8)} == {night(6)}
    assert not any(d.lasting for d in found(database, 9))
    assert told(database) == []


@pytest.mark.parametrize("lost", ["price", "seller", "availability"])
def test_one_lost_field_of_the_offer_makes_no_coupon_or_deal_end(database: Database, lost: str) -> None:
    listing(database, rivals=RIVALS)
    for n in range(5):
        tonight(database, n)
    gone = dict.fromkeys((lost, "coupon_percent", "coupon_amount", "deal", "is_deal"), "absent_on_page")
    tonight(database, 5, lost=8, **gone)
    assert {(d.field, d.missing) for d in found(database, 6)} == {(lost, 8)}
    assert judged(database) == []


def test_a_coupon_that_ends_on_pages_that_are_read_is_still_told(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(5):
        tonight(database, n)
    tonight(database, 5, lost=8, coupon_percent="absent_on_page", coupon_amount="absent_on_page")
    assert found(database, 6) == []
    assert [flag.kind for flag in judged(database)] == [Kind.COUPON_ENDED] * 8


def test_a_lost_rating_leaves_the_offer_as_it_was_read(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(5):
        tonight(database, n)
    gone = dict.fromkeys(("rating", "coupon_percent", "coupon_amount"), "absent_on_page")
    tonight(database, 5, lost=8, **gone)
    assert {d.field for d in found(database, 6)} == {"rating"}
    assert {flag.kind for flag in judged(database)} == {Kind.COUPON_ENDED}


@pytest.mark.parametrize("layout", [None, "apex"])
def test_rows_of_before_layouts_had_names_are_compared_with_named_ones(database: Database, layout: str | None) -> None:
    listing(database, rivals=RIVALS)
    for n in range(5):
        tonight(database, n, layout=layout)
    tonight(database, 5, layout="priceblock")
    assert found(database, 6) == []


def test_pages_without_main_part_are_a_defect_of_their_own(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(5):
        tonight(database, n)
    for k, asin in enumerate(RIVALS):
        outcome, detail = ("incomplete", "main_part_missing") if k % 2 else ("wrong_page", "unknown")
        database.fetch(night(5), "product", "com", asin=asin, outcome=outcome, detail=detail)
    database.product(night(5), "com", OWN, **SHOWN)
    (defect,) = found(database, 6)
    assert (defect.field, defect.missing, defect.of) == (WHOLE_PAGE, 12, 13)
    assert set(defect.reasons) == {"main_part_missing", "unknown"}


def test_bot_checks_and_broken_downloads_are_no_layout(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(5):
        tonight(database, n)
    for k, asin in enumerate([*RIVALS, OWN]):
        outcome, detail = ("incomplete", "truncated") if k % 2 else ("blocked", "bot_check")
        database.fetch(night(5), "product", "com", asin=asin, outcome=outcome, detail=detail)
    assert found(database, 6) == []


KEYWORDS = ["tea mug", "big mug", "blue mug", "old mug"]
GRID: list[tuple[str, bool | None]] = [
    ("B0ADS00001", True),
    (RIVALS[0], False),
    (OWN, False),
    *((f"B0OTHER{k:03d}", False) for k in range(15)),
]


def results(database: Database, n: int, grid: list[tuple[str, bool | None]]) -> None:
    for k, keyword in enumerate(KEYWORDS):
        database.search(night(n) + timedelta(minutes=k), "com", keyword, [grid])


@pytest.mark.parametrize(
    ("grid", "field"),
    [
        ([], PLACEMENTS),
        ([(asin, False) for asin, _ in GRID], ADS),
        ([(f"B0OTHER{k:03d}", False) for k in range(9)], ADS),
    ],
)
def test_cards_or_ads_that_are_no_longer_found_move_nobody(
    database: Database, grid: list[tuple[str, bool | None]], field: str
) -> None:
    listing(database, rivals=RIVALS, keywords=KEYWORDS)
    for n in range(8):
        results(database, n, GRID)
    for n in range(8, 12):
        results(database, n, grid)
    assert {(d.field, d.missing, d.of, d.since) for d in found(database, 12)} == {
        (field, 4, 4, night(8) + timedelta(seconds=1))
    }
    assert judged(database) == []
    unread = {gap.reason for gap in compare(database.con, "mug", days=3).gaps if gap.keyword}
    assert unread == {"layout_changed"}


@pytest.mark.parametrize(
    ("field", "reasons", "is_told"),
    [
        ("price", {"absent_on_page": 9}, True),
        ("price", {"absent_on_page": 8}, False),
        ("price", {"absent_on_page": 4, "unparseable": 5, "not_applicable": 9}, True),
        ("price", {"not_applicable": 18}, False),
        ("coupon", {"absent_on_page": 18}, False),
        ("coupon", {"absent_on_page": 5, "unparseable": 6}, True),
        ("coupon", {"absent_on_page": 6, "unparseable": 5}, False),
    ],
)
def test_a_page_of_results_lacks_what_half_of_its_cards_lack(
    database: Database, field: str, reasons: dict[str, int], is_told: bool
) -> None:
    for n in range(7):
        results(database, n, GRID)
    of_cards = [reason for reason, times in reasons.items() for _ in range(times)]
    for number, reason in enumerate(reasons, start=1):
        lacks = [{"field": field, "reason": reason, "text": None}]
        database.insert("stored.lack", lack_id=number, lack_key=reason, lacks=lacks, unknown=[])
    for position, reason in enumerate(of_cards, start=1):
        database.con.execute(
            "UPDATE stored.placement SET lack_id = (SELECT lack_id FROM stored.lack WHERE lack_key = ?) "
            "WHERE position = ? AND observed_at > ?",
            [reason, position, night(6)],
        )
    assert {(d.field, d.missing, d.of) for d in found(database, 7)} == ({(field, 4, 4)} if is_told else set())


def test_a_page_asked_for_twice_counts_once(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(5):
        tonight(database, n)
    tonight(database, 5, lost=7, price="absent_on_page")
    for k, asin in enumerate(RIVALS):
        at = night(5) + timedelta(minutes=1 + k)
        database.fetch(at, "product", "com", asin=asin, outcome="wrong_page", detail="unknown")
    assert {(d.field, d.missing, d.of) for d in found(database, 6)} == {("price", 7, 13)}
    tonight(database, 5)
    assert found(database, 6) == []


def test_the_report_says_it_is_our_defect(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(6):
        tonight(database, n)
    tonight(database, 6, lost=7, **OFFER)
    made = reported(database, days=5)
    html = render(made, generated_at=WRITTEN)
    page = Page(html)
    assert "Our own defect, no move of a rival: stock unread on 7 of 13 product pages since Sun 8 Mar" not in page.text
    assert (
        "Our own defect, no move of a rival: availability unread on 7 of 13 product pages since Sun 8 Mar" in page.text
    )
    assert "A quiet night" not in page.text
    assert "No change that matters in what could be read of 13 products; not read everywhere: availability" in page.text
    assert (
        "Price unread on 7 of 13 product pages since Sun 8 Mar, before that on none "
        "(not shown on the page; layout “next”, seen for the first time)"
    ) in page.text
    assert {a["data-defect"] for _, a in page.elements if "data-defect" in a} == {
        "price", "availability", "in_stock", "seller",
    }  # fmt: skip
    overview = Page(render_overview([OverviewItem(made, "mug.html")], generated_at=WRITTEN))
    assert "Our own defect, no move of a rival" in overview.text


def test_a_defect_that_ended_stays_on_record_but_out_of_the_headline(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(6):
        tonight(database, n)
    tonight(database, 6, lost=7, price="unparseable")
    tonight(database, 7)
    page = Page(render(reported(database, days=5), generated_at=WRITTEN))
    assert "A quiet night" in page.text
    assert "Our own defect, no move" not in page.text
    assert "Last seen Sun 8 Mar" in page.text


def test_what_an_unread_page_shows_of_a_defect_is_escaped(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for n in range(6):
        tonight(database, n, layout="<b>")
    tonight(database, 6, lost=7, price="unparseable")
    database.con.execute(
        "UPDATE stored.lack SET lacks = [struct_update(l, text := '<script>alert(1)</script>') FOR l IN lacks]"
    )
    made = reported(database, days=5)
    html = render(made, generated_at=WRITTEN)
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
