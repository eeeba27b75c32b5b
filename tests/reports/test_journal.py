"""The journal: when an action is weighed, against what, what pages show of it, and that what chance would
do is not called an effect of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reports.actions import Action, What, beside, guessed
from reports.effects import Metric, Verdict
from reports.page.journal import JournalView
from reports.page.render import render
from reports.page.told import Telling
from reports.period import Days
from reports.report import Report
from reports.sections.journal import Journal, Told, journal
from reports.series import Comparison
from reports.wording import Wording
from tests.benchmarks.actions import Case, called
from tests.benchmarks.effects import LAWS, MONDAY, NIGHTS, OWN, START, World
from tests.reports.database import Database
from tests.reports.nights import listing, night, rank, reported, tell

SHOWN = Days(MONDAY, MONDAY + timedelta(days=NIGHTS - 1))


def done(entry: int, at: datetime, text: str = "x", what: What = What.OTHER, nights: int = 7) -> Action:
    return Action(entry, "mug", OWN, at, what, text, nights)


def on(n: int, hour: int = 14) -> datetime:
    """That hour (UTC) of a day of the simulated world, whose pages are read at three."""
    day = MONDAY + timedelta(days=n)
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> Comparison:
    """In which rank and place doubled on the 45th night."""
    return World(1, LAWS["ar 0.0"], 2.5, missing=0.0).made()[0]


def told(comparison: Comparison, *actions: Action, night: int = NIGHTS - 1) -> Journal:
    last = MONDAY + timedelta(days=night)
    until = datetime(last.year, last.month, last.day, 3, tzinfo=UTC)
    return journal(replace(comparison, until=until, days=(last,)), Told(actions), (), SHOWN)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("raised price to 24.99", What.PRICE),
        ("ads at a lower price", What.ADS),
        ("added bullets", What.BULLETS),
        ("A+ content with new pictures", What.A_PLUS),
        ("10% coupon", What.COUPON),
        ("涨价到 24.99", What.PRICE),
        ("换主图", What.IMAGES),
        ("补货 500 件", What.STOCK),
        ("bad bread", What.OTHER),
    ],
)
def test_the_kind_of_an_action_is_guessed_from_its_words(text: str, what: What) -> None:
    assert guessed(text) is what


def test_nothing_is_said_before_its_nights_are_over(world: Comparison) -> None:
    act = done(3, on(START - 1))
    for n in range(START - 1, START + 6):
        (logged,) = told(world, act, night=n).actions
        assert (logged.verdict, logged.effects, logged.nights) == ("waiting", (), n - START + 1)
        assert logged.window.first == MONDAY + timedelta(days=START)
    (logged,) = told(world, act, night=START + 6).actions
    assert logged.verdict == "worse"
    assert [e.metric for e in logged.effects if e.verdict is Verdict.WORSE] == [
        Metric.BSR,
        Metric.PLACE,
        Metric.REVIEWS,
    ][: sum(e.verdict is Verdict.WORSE for e in logged.effects)]
    (later,) = told(world, act, night=NIGHTS - 1).actions
    assert later.effects == logged.effects, "what is known later changes nothing"


def test_the_first_night_is_the_first_whose_pages_were_read_after_it(world: Comparison) -> None:
    firsts = [told(world, done(1, on(START, hour))).actions[0].window.first for hour in (2, 14)]
    assert firsts == [MONDAY + timedelta(days=START), MONDAY + timedelta(days=START + 1)]


def test_what_came_before_is_what_was_since_the_action_before(world: Comparison) -> None:
    def before(*nights: int) -> list[int]:
        return [each.window.before for each in told(world, *(done(n, on(n)) for n in nights)).actions]

    assert before(START) == [28]
    assert before(START - 10, START) == [10, 28]
    assert before(START - 3, START) == [28, 28], "too few to compare with: pointed out instead"


def test_two_within_the_nights_of_the_first_are_pointed_out(world: Comparison) -> None:
    first, second, third = done(1, on(30), nights=5), done(2, on(33)), done(3, on(41))
    assert [each.entry for each in beside(second, [first, second, third])] == [1]
    assert beside(third, [first, second, third]) == []
    said = {each.action.entry: each.beside for each in told(world, first, second, third).actions}
    words = Wording("en", "USD", "UTC")
    assert [words.said(said[n]) for n in (1, 2, 3)] == [
        "cannot be told apart from 2 “x” (3 days after)",
        "cannot be told apart from 1 “x” (3 days before)",
        "",
    ]


SEEDS = range(40)


def test_an_action_that_did_nothing_is_seldom_said_to_have_done_something() -> None:
    """Of the measures of an action together at most one in twenty; what more seeds say stands in JOURNAL.md."""
    wrong = [s for s in SEEDS if called(Case(World(s, LAWS["ar 0.6"])).effects(), Verdict.BETTER, Verdict.WORSE)]
    assert len(wrong) <= len(SEEDS) / 10, wrong


def test_an_action_that_did_much_is_said_to_have_done_it_and_never_the_opposite() -> None:
    found = [Case(World(s, LAWS["ar 0.6"], 2.5), factor=2.5, own=s % 2 == 1).effects() for s in range(12)]
    assert sum(called(effects, Verdict.WORSE) for effects in found) >= 10
    assert not any(called(effects, Verdict.BETTER) for effects in found)
    metrics = [
        [e.metric for e in effects if e.metric not in (Metric.BSR, Metric.PLACE, Metric.REVIEWS)] for effects in found
    ]
    assert metrics == [[], [Metric.UNITS, Metric.SESSIONS, Metric.CONVERSION]] * 6
    assert not any(e.verdict is Verdict.WORSE for effects in found for e in effects if e.metric is Metric.CONVERSION)


DAYS = 22
PRICES = ["22.99"] * 12 + ["24.99"] * 6 + ["19.99"] * 4


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Own pages that show a price that rose on the 12th night and fell on the 18th, and a coupon that ended."""
    database = Database(tmp_path_factory.mktemp("journal") / "tracker.duckdb")
    listing(database, keywords=["mug"])
    coupons = ["5"] * 10 + [None] * 12
    for n in range(DAYS):
        coupon: dict[str, Any] = {"coupon_percent": coupons[n]} if coupons[n] else {}
        missing = {
            name: "absent_on_page" for name in ("coupon_percent", "coupon_amount", "prime_price") if name not in coupon
        }
        database.product(night(n), "com", OWN, price=PRICES[n], currency="USD", bsr=900 + n % 3, in_stock=True,
                         title="Mug" if n < 15 else "Mug <b>", missing=missing, **coupon)  # fmt: skip
    tell(database, bsr=[500] * DAYS, price=["20"] * 13 + ["12"] * 9)
    rank(database, "mug", [4] * DAYS, asin=OWN)
    for entry, n, what, text in (
        (1, 11, "price", "price <i>up</i>"), (2, 14, "bullets", "new bullets"), (3, 20, "other", "tidied"),
    ):  # fmt: skip
        database.insert(
            "stored.journal", entry=entry, listing="mug", marketplace="com", asin=OWN, time_zone="UTC",
            acted_at=night(n) + timedelta(hours=11), kind=what, guessed=False, what=text, nights=7, said_at=night(20),
            withdrawn_at=None,
        )  # fmt: skip
    database.insert(
        "stored.journal", entry=4, listing="mug", marketplace="com", asin=OWN, time_zone="UTC", acted_at=night(5),
        kind="price", guessed=False, what="a slip", nights=7, said_at=night(20), withdrawn_at=night(21),
    )  # fmt: skip
    made = reported(database, days=DAYS)
    database.con.close()
    return made


def test_the_page_confirms_what_was_noted_and_asks_after_what_was_not(report: Report) -> None:
    view = JournalView(report, Telling(report.comparison, Wording("en", "USD", "UTC")))
    assert [each.entry for each in view.actions] == [3, 2, 1], "the newest first; what was taken back is not there"
    waiting, bullets, price = view.actions
    assert (waiting.verdict, waiting.said, waiting.notes) == (
        "waiting",
        "wait until Sun 29 Mar (1 of 7 nights)",
        ("cannot be told apart from 2 “new bullets” (6 days before)",),
    )
    assert bullets.notes[0] == "not seen on the page within two days"
    assert ": R1, " in bullets.notes[-1], "it had cut its price two days before the first night"
    assert price.notes[0] == "the page shows it: 22.99 → 24.99, since Sat 14 Mar"
    assert (
        price.verdict == "no effect seen"
        and price.notes[-1] == "also in these nights, or shortly before: R1, Price cut, and Title changed"
    )
    assert price.still[0].startswith("Your BSR 901 → 901: no effect seen, ")
    assert [(each.day, each.what, each.change, each.command) for each in view.unlogged] == [
        (
            "Fri 20 Mar",
            "price",
            "24.99 → 19.99",
            'tracker log "price 24.99 → 19.99" --listing mug --kind price --at "2026-03-20 03:00"',
        ),
        ("Tue 17 Mar", "title", "", 'tracker log "title changed" --listing mug --kind title --at "2026-03-17 03:00"'),
        (
            "Thu 12 Mar",
            "coupon",
            "",
            'tracker log "coupon removed" --listing mug --kind coupon --at "2026-03-12 03:00"',
        ),
    ]


def test_words_of_the_seller_are_text_on_the_page(report: Report) -> None:
    text = render(report)
    assert "price <i>up</i>" not in text and "price &lt;i&gt;up&lt;/i&gt;" in text
    assert text.count('<line class="act"') == 3
