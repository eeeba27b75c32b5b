"""Who competes with a listing: the score by hand, what is left out, whom to replace, and the evidence of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reports.keywords.ideas import Idea
from reports.rivals.evidence import Beside, Evidence, Known, Spot, State, Subject, evidence
from reports.rivals.score import WEIGHTS, Scored, candidates, scored
from reports.rivals.weak import Weak, Why, weak
from reports.sections.proposals import Candidate, Proposals
from reports.sentences import ENGLISH
from reports.series import RankLine
from tests.reports.database import Database

UNTIL = datetime(2026, 3, 20, 12, tzinfo=UTC)
OWN, RIVAL, OTHER = "B0OWN00000", "B0RIVAL001", "B0OTHER001"
DAYS = [date(2026, 3, 20) - timedelta(days=n) for n in range(9, -1, -1)]


def rank(place: int, node: str = "77") -> dict[str, RankLine]:
    return {node: RankLine(place, "Travel Mugs", node)}


def known(asin: str, price: str = "25.00", reviews: int = 400, place: int = 80, **more: object) -> Known:
    return replace(Known(asin, f"Brand{asin[-1]} Mug", "Brand", None, Decimal(price), reviews, rank(place)), **more)  # type: ignore[arg-type]


def world(**more: object) -> Evidence:
    """The example of reports/RIVALS.md."""
    mug = {day: {OWN: Spot(9, None, True), OTHER: Spot(17, None, False), RIVAL: Spot(10, None, True)} for day in DAYS}
    cup = {day: {OTHER: Spot(None, 1, False)} for day in DAYS}
    found = Evidence(
        subject=Subject("my-mug", "com", OWN, (RIVAL,), ("mug", "cup"), "USD", "UTC", UNTIL),
        products={
            OWN: known(OWN, brand="Mine"),
            RIVAL: known(RIVAL, "24.00"),
            OTHER: known(OTHER, "20.00", 40, brand=None, ranks={}),
        },
        readings={"mug": mug, "cup": cup},
        beside={OTHER: Beside(own=0.5), RIVAL: Beside(own=1.0)},
        states={RIVAL: State(0, None)},
    )
    return replace(found, **more)  # type: ignore[arg-type]


def example(found: Scored) -> list[str]:
    """The parts of a score as a table of Markdown."""
    rows = [
        f"| {part.key} | {part.weight:.2f} | {'not known' if part.value is None else f'{part.value:.3f}'} | "
        f"{'; '.join(map(ENGLISH.say, part.says)) or '–'} |"
        for part in found.parts
    ]
    return [*rows, f"| **score** | {found.known:.2f} | **{found.score:.3f}** | |"]


def test_the_example_of_the_document_is_what_the_score_says() -> None:
    found = scored(world(), OTHER)
    document = Path("reports/RIVALS.md").read_text(encoding="utf-8")
    assert "\n".join(example(found)) in document
    values = {part.key: part.value for part in found.parts}
    assert values["keywords"] == pytest.approx((2 * 1 + 1 * 0.5) / 3)  # "mug" counts twice: the own one is on page one
    assert values["nearness"] == pytest.approx(
        (2 * 0.5 + 1 * 0.5) / 3
    )  # eight places away; an ad at the top counts half
    assert values["beside"] == 0.5
    assert values["rank"] is None
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_what_is_not_known_is_left_out_and_never_counts_as_nothing() -> None:
    whole, other = world(), world().products[OTHER]
    without = world(products=dict(whole.products) | {OTHER: replace(other, price=None, reviews=None)})
    assert scored(without, OTHER).known == pytest.approx(0.65)
    assert scored(without, OTHER).score == pytest.approx((0.25 * 5 / 6 + 0.2 * 0.5 + 0.2 * 0.5) / 0.65)
    assert candidates(without)
    assert not candidates(replace(without, readings={}, beside=None))  # nothing to rank anybody by
    unread = replace(whole, readings={}, products={OWN: whole.own, OTHER: replace(other, reviews=None)})
    assert scored(unread, OTHER).known < 0.5
    assert candidates(unread) == []


def test_own_products_variations_and_what_was_declined_are_no_candidates() -> None:
    found = world()

    def ranked(**more: object) -> list[str]:
        products = dict(found.products) | {OTHER: replace(found.products[OTHER], **more)}  # type: ignore[arg-type]
        return [each.product.asin for each in candidates(replace(found, products=products))]

    assert ranked() == [OTHER]
    assert ranked(brand="MINE") == ranked(title="Mine Mug, Blue") == []
    assert ranked(title="Minestrone Pot") == [OTHER]
    family = dict(found.products) | {RIVAL: replace(found.products[RIVAL], parent="B0PARENT01")}
    found = replace(found, products=family)
    assert ranked(parent="B0PARENT01") == []
    assert ranked(parent="B0PARENT02") == [OTHER]
    assert candidates(replace(found, declined=frozenset({OTHER}))) == []


def test_a_rival_is_weak_for_the_plainest_reason_and_the_best_takes_its_place() -> None:
    found = world()
    best = candidates(found)

    def why(**more: object) -> list[tuple[Why, str | None]]:
        judged = weak(replace(found, **more), best)  # type: ignore[arg-type]
        return [(each.why, each.by.product.asin if each.by else None) for each in judged]

    assert why() == []
    assert why(states={RIVAL: State(2, None)}) == []
    assert why(states={RIVAL: State(3, None)}) == [(Why.GONE, OTHER)]
    assert why(states={RIVAL: State(0, date(2026, 3, 8))}) == []
    assert why(states={RIVAL: State(0, date(2026, 3, 7))}) == [(Why.STOCK, OTHER)]
    elsewhere = dict(found.products) | {RIVAL: known(RIVAL, ranks=rank(5, "88"))}
    assert why(products=elsewhere) == [(Why.CATEGORY, OTHER)]
    nowhere = {
        k: {d: {a: s for a, s in r.items() if a != RIVAL} for d, r in v.items()} for k, v in found.readings.items()
    }
    assert why(readings=nowhere)[0][0] is Why.KEYWORDS
    assert why(readings={k: dict(list(v.items())[-6:]) for k, v in nowhere.items()}) != [(Why.KEYWORDS, OTHER)]
    far = dict(found.products) | {RIVAL: known(RIVAL, "90.00", 9, 4000)}
    assert why(products=far, readings=nowhere | {"mug": found.readings["mug"]}) == []
    lone = {day: {OWN: Spot(9, None, True), OTHER: Spot(9, None, True), RIVAL: Spot(None, 40, False)} for day in DAYS}
    judged = weak(replace(found, products=far, readings={"mug": lone}, beside={OTHER: Beside(own=1.0)}), best)
    assert [each.why for each in judged] == [Why.SCORE]


def test_what_was_done_since_is_proposed_no_longer() -> None:
    found = world()
    rival, other = scored(found, RIVAL), scored(found, OTHER)
    made = Proposals(
        "my-mug", (Candidate(other, ()),), (Weak(rival, Why.STOCK, (), other),), (Idea("Lid", 0.5, (), ()),)
    )
    assert made.left((RIVAL,), ("mug",)) == made
    assert made.left((RIVAL, OTHER), ("lid",)) == Proposals("my-mug", (), (Weak(rival, Why.STOCK, (), None),), ())
    assert made.left((OTHER,), ()).replace == ()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """Ten nights in a real database: the own product, a rival that goes, and a stranger."""
    database = Database(tmp_path_factory.mktemp("rivals") / "rivals.duckdb")
    database.listing("my-mug", "com", OWN, [RIVAL], ["mug"])
    for night, day in enumerate(DAYS):
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        database.product(
            at, "com", OWN, bsr=80, title="Mine Mug", brand="Mine", price=Decimal("25.00"), currency="USD",
            coupon_percent=Decimal(20), review_count=400, in_stock=True,
        )  # fmt: skip
        if night < 7:
            database.product(
                at, "com", RIVAL, title="Their Mug", price=Decimal("24.00"), currency="USD", in_stock=False
            )
        else:
            database.fetch(at, "product", "com", asin=RIVAL, outcome="not_found")
        database.search(at, "com", "mug", [[(OTHER, True), (OWN, False), (OTHER, False)], [(RIVAL, False)]])
        about = {
            "run_id": "r",
            "fetch_id": 0,
            "marketplace": "com",
            "observed_at": at,
            "day": day,
            "row": 1,
            "place": 1,
        }
        shown = [(OWN, OTHER, "also_viewed")] * (night % 2) + [(OWN, "B0ADDED001", "bought_together")]
        for page, product, kind in (*shown, (RIVAL, OTHER, "compared"), (OWN, RIVAL, "similar")):
            database.insert("stored.related", **about, asin=page, related_asin=product, kind=kind)
    database.insert(
        "stored.list_place", run_id="r", fetch_id=0, marketplace="com", observed_at=UNTIL, ranking="best_sellers",
        category_id="77", rank=12, asin=OTHER, price=Decimal("19.50"), currency="USD", review_count=44,
    )  # fmt: skip
    for until, said in ((UNTIL + timedelta(days=9), "B0DECLINED"), (UNTIL - timedelta(days=1), "B0LAPSED00")):
        database.insert(
            "stored.declined", listing="my-mug", marketplace="com", asin=said, said_at=UNTIL, until=until
        )  # fmt: skip
    yield evidence(database.con, Subject("my-mug", "com", OWN, (RIVAL,), ("mug",), "USD", "UTC", UNTIL))
    database.publish()


def test_the_evidence_is_what_pages_said(stored: Evidence) -> None:
    assert stored.own.price == Decimal("20.00")
    assert stored.products[OTHER].price == Decimal("19.50")
    assert stored.products[OTHER].reviews == 44
    assert {line.rank for line in stored.products[OTHER].ranks.values()} == {12}
    (readings,) = stored.readings.values()
    assert list(readings) == DAYS
    assert readings[DAYS[0]] == {
        OWN: Spot(1, None, True),
        OTHER: Spot(2, 1, True),
        RIVAL: Spot(3, None, False),
    }
    assert stored.beside is not None
    assert stored.beside[OTHER] == Beside(own=0.5, rivals=1, of=1)
    assert "B0ADDED001" not in stored.beside
    assert stored.states == {RIVAL: State(3, DAYS[0])}
    assert stored.declined == {"B0DECLINED"}


def test_what_is_stored_finds_the_stranger_and_misses_the_rival(stored: Evidence) -> None:
    best = candidates(stored)
    assert [each.product.asin for each in best] == [OTHER]
    (gone,) = weak(stored, best)
    assert (gone.why, gone.by) == (Why.GONE, best[0])
    assert ENGLISH.say(gone.says[0]) == "its page was not found on the last 3 days it was asked for"


def test_nothing_read_is_nothing_found(tmp_path: Path) -> None:
    database = Database(tmp_path / "empty.duckdb")
    found = evidence(database.con, Subject("my-mug", "com", OWN, (), ("mug",), "USD", "UTC", UNTIL))
    assert not found.read
    assert candidates(found) == []
    assert weak(found, []) == []
