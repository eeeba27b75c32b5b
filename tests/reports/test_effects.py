"""Effects: what is compared with what, what is honest about it, and that the intervals are what they say."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace as shown

from reports.compare import compare
from reports.effects import Effect, Metric, Verdict, due, effect, effects
from reports.effects.intervals import RHO, Step, steps, t_quantile
from reports.flags import Kind, Severity
from reports.moves import Move, moves
from reports.sentences import catalogue
from reports.series import Comparison, KeywordSeries, Observation, Place, ProductSeries
from tests.benchmarks import effects as benchmark
from tests.benchmarks.effects import LAWS, MONDAY, OWN, World, at, covered, reading, run
from tests.benchmarks.effects import told as share_told
from tests.reports.database import Database
from tests.reports.nights import listing
from tests.reports.test_flags_document import show
from tests.reports.told import day, flag, flags, instant

DOCUMENT = (Path(__file__).parents[2] / "reports" / "MOVES.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"```\n((?:own .+\n)+)((?:\w{3} \d.+\n)+)as known on (.+)\n```\n> (.+)\n>\n> (.+)", DOCUMENT
)  # fmt: skip


@pytest.mark.parametrize(("series", "lines", "today", "english", "chinese"), EXAMPLES)
def test_the_worked_examples_come_true(
    database: Database, series: str, lines: str, today: str, english: str, chinese: str
) -> None:
    listing(database, keywords=["tea mug"])
    show(database, series.strip())
    comparison = compare(database.con, "mug", until=instant(day(today)))
    told = moves(flags(lines), day(today), listing="mug", time_zone="UTC", currency="USD")
    metric = {"bsr": Metric.BSR, "place": Metric.PLACE, "reviews": Metric.REVIEWS}[re.split("[ :]", series)[1]]
    (found,) = [e for e in effects(comparison, told) if e.metric is metric]
    assert (found.said("en"), found.said("zh_CN")) == (english, chinese)


def test_the_document_has_its_examples() -> None:
    assert len(EXAMPLES) == 4


def test_every_template_has_a_translation() -> None:
    texts = [text for name, text in vars(effect).items() if name.isupper() and isinstance(text, str)]
    assert len(texts) > 20
    assert [text for text in texts if text not in catalogue("zh_CN")] == []


def ranked(asin: str, ranks: Sequence[float | None]) -> ProductSeries:
    """A product with one page a night; None is a night that was not read."""
    read = [
        Observation(
            at(MONDAY + timedelta(days=n)), MONDAY + timedelta(days=n), True, 0,
            bsr=round(rank), bsr_category="Kitchen", in_stock=True,
        )
        for n, rank in enumerate(ranks) if rank is not None
    ]  # fmt: skip
    return ProductSeries(asin, asin == OWN, at(MONDAY), tuple(read), daily={o.day: o for o in read})


def world(products: list[ProductSeries], keywords: tuple[KeywordSeries, ...] = (), nights: int = 42) -> Comparison:
    last = MONDAY + timedelta(days=nights - 1)
    return Comparison(
        listing="mug", marketplace="com", host="", currency="USD", time_zone="UTC", days=(last,), until=at(last),
        products=tuple(products), keywords=keywords, gaps=(),
    )  # fmt: skip


def pushed(lines: str = "Mon 30 Mar: coupon_started – → 20 %", today: str = "Sun 12 Apr") -> list[Move]:
    return moves(flags(lines), day(today), listing="mug", time_zone="UTC", currency="USD")


def of(found: list[Effect], metric: Metric) -> Effect:
    return next(e for e in found if e.metric is metric)


CALM = [800, 830, 790, 850, 810, 780, 820] * 4
SHIFTED = [*CALM, *[2 * rank for rank in CALM[:14]]]
RIVALS = [f"B0PEER{n:04d}" for n in range(5)]


def test_what_the_category_did_as_well_is_no_effect() -> None:
    peers = [ranked(asin, [rank * (n + 2) for rank in SHIFTED]) for n, asin in enumerate(RIVALS)]
    alone = of(effects(world([ranked(OWN, SHIFTED), *peers[:4]]), pushed()), Metric.BSR)
    assert alone.verdict is Verdict.WORSE and effect.PAST in alone.says
    assert alone.effect == pytest.approx(2, rel=0.05)
    along = of(effects(world([ranked(OWN, SHIFTED), *peers]), pushed()), Metric.BSR)
    assert along.verdict is Verdict.NO_EFFECT and effect.PEERS in along.says
    assert along.effect == pytest.approx(1, rel=0.01)


def test_the_product_that_moved_is_not_its_own_measure() -> None:
    """Five peers are there, but one of them is who moved."""
    peers = [ranked(asin, [rank * (n + 2) for rank in SHIFTED]) for n, asin in enumerate(RIVALS)]
    coupon = flag("Mon 30 Mar: coupon_started – → 20 %", asin=RIVALS[0])
    found = moves([coupon], day("Sun 12 Apr"), listing="mug", time_zone="UTC", currency="USD")
    assert effect.PAST in of(effects(world([ranked(OWN, SHIFTED), *peers]), found), Metric.BSR).says


def test_another_category_is_no_peer_and_no_past() -> None:
    peers = [ranked(asin, SHIFTED) for asin in RIVALS]
    daily = {d: shown(o, bsr_category="Garden") for d, o in peers[0].daily.items()}
    elsewhere = replace(peers[0], daily=daily)
    own = ranked(OWN, SHIFTED)
    assert effect.PAST in of(effects(world([own, elsewhere, *peers[1:]]), pushed()), Metric.BSR).says
    moved = {d: shown(o, bsr_category="Garden") if d >= day("Wed 1 Apr") else o for d, o in own.daily.items()}
    found = of(effects(world([replace(own, daily=moved)]), pushed()), Metric.BSR)
    assert (found.verdict, found.nights_before, found.before) == (Verdict.TOO_LITTLE, 0, None)


def test_a_weekend_is_compared_with_weekends() -> None:
    """The move lasts from Friday to Sunday, when the rank always is twice as high."""
    week = [800, 810, 790, 805, 1600, 1620, 1590]
    own = ranked(OWN, [*week * 4, *week])
    push = pushed("Fri 3 Apr: coupon_started – → 20 %\nSun 5 Apr: coupon_ended 20 % → –", "Sun 5 Apr")
    found = of(effects(world([own], nights=35), push), Metric.BSR)
    assert (found.verdict, found.nights_after) == (Verdict.NO_EFFECT, 3)
    assert found.effect == pytest.approx(1, rel=0.02)


def test_nights_out_of_stock_are_left_out() -> None:
    own = ranked(OWN, SHIFTED)
    daily = {d: shown(o, in_stock=d < day("Wed 1 Apr")) for d, o in own.daily.items()}
    found = of(effects(world([replace(own, daily=daily)]), pushed()), Metric.BSR)
    assert (found.nights_before, found.nights_after, found.verdict) == (28, 2, Verdict.TOO_LITTLE)
    assert (
        found.sentence == "Your BSR: too little to say, 2 nights since it began, of 3 needed (when you were in stock)"
    )


def test_what_is_weighed() -> None:
    comparison = world([ranked(OWN, SHIFTED)])
    young = "Tue 7 Apr: coupon_started – → 20 %"
    assert effects(comparison, pushed(young)) == []
    assert effects(comparison, pushed(f"{young}\nFri 10 Apr: coupon_ended 20 % → –")) != []
    for lines in ("market_bsr", "newly_watched", "bsr_jump 800 → 200 own"):
        assert effects(comparison, pushed(f"Mon 30 Mar: {lines}")) == []
    assert effects(comparison, pushed("Mon 30 Mar: price_cut 20.00 → 15.00 own")) != []
    assert effects(comparison, pushed("Mon 30 Mar: coupon_started – → 20 % low")) == []


def test_what_came_later_changes_nothing() -> None:
    """Neither nights after today, nor those between a week and two, nor those after two."""
    until = {n: effects(world([ranked(OWN, SHIFTED[:n])], nights=n), pushed(today="Fri 10 Apr")) for n in (37, 40, 42)}
    future = effects(world([ranked(OWN, SHIFTED)], nights=37), pushed(today="Fri 10 Apr"))
    assert future == until[37] == until[40] != until[42]
    later = ranked(OWN, [*SHIFTED, *[5000] * 10])
    assert of(effects(world([later], nights=52), pushed()), Metric.BSR) == of(until[42], Metric.BSR)


CASES = {
    "goes on": ("Mon 30 Mar: coupon_started – → 20 %", {7, 13}),
    "ended soon": ("Mon 30 Mar: coupon_started – → 20 %\nThu 2 Apr: coupon_ended 20 % → –", {3}),
    "ended late": ("Mon 30 Mar: coupon_started – → 20 %\nThu 9 Apr: coupon_ended 20 % → –", {7, 10}),
    "quiet": ("Mon 30 Mar: title_changed", {7}),
    "more came": ("Mon 30 Mar: coupon_started – → 20 %\nFri 10 Apr: keyword_gained “a” 20 → 4", {7, 11, 13}),
}


@pytest.mark.parametrize(("lines", "nights"), CASES.values(), ids=CASES)
def test_what_is_not_due_has_not_changed(lines: str, nights: set[int]) -> None:
    """Night after night, of the move as known then: told are the effects of the last day on which it was due."""
    changed: set[int] = set()
    told: list[tuple[float | None, int]] = []
    for n in range(20):
        today = day("Mon 30 Mar") + timedelta(days=n)
        comparison = world([ranked(OWN, [*SHIFTED, *[1700] * 10])], nights=29 + n)
        found = moves(flags(lines), today, listing="mug", time_zone="UTC", currency="USD")
        weighed = effects(comparison, found)
        if [(e.effect, e.nights_after) for e in weighed] != told:
            changed.add(n)
            assert due(found[0], today, today)
        told = [(e.effect, e.nights_after) for e in weighed]
    assert changed <= nights
    (move,) = moves(flags(lines), day("Sat 18 Apr"), listing="mug", time_zone="UTC", currency="USD")
    days = {n for n in range(1, 40) for d in [day("Mon 30 Mar") + timedelta(days=n)] if due(move, d, d)}
    assert days == nights
    assert not due(move, day("Sun 1 Mar"), day("Sun 29 Mar"))


def test_it_is_weighed_once_it_is_grave() -> None:
    lines = "Mon 30 Mar: coupon_started – → 20 % low\nSun 5 Apr: price_cut 25.00 → 20.00"
    comparison = world([ranked(OWN, SHIFTED)])
    low, grave = (moves(flags(lines), day(on), listing="mug", time_zone="UTC", currency="USD") for on in DAYS)
    assert [due(move, day("Sun 5 Apr"), day("Sun 5 Apr")) for move in (*low, *grave)] == [False, True]
    assert effects(comparison, low) == []
    assert effects(comparison, grave) != []
    much_later = lines.replace("Sun 5 Apr", "Tue 28 Apr").replace("price_cut 25.00 → 20.00", "coupon_ended 20 % → –")
    (push,) = pushed(much_later, "Wed 29 Apr")
    assert (push.severity, due(push, day("Tue 28 Apr"), day("Tue 28 Apr"))) == (Severity.MEDIUM, False)
    assert effects(comparison, [push]) == []


DAYS = ("Sat 4 Apr", "Tue 7 Apr")


OWN_FLAGS = {
    "its place": ("Fri 3 Apr: keyword_gained “a” 28 → 7 own", True),
    "its rank": ("Fri 3 Apr: bsr_slump 800 → 1600 own", True),
    "its reviews": ("Fri 3 Apr: review_burst 264 → 275 own", True),
    "before": ("Sun 29 Mar: bsr_slump 800 → 1600 own", False),
    "newly watched is nothing done": ("Fri 3 Apr: newly_watched own", False),
}


@pytest.mark.parametrize(("line", "named"), OWN_FLAGS.values(), ids=OWN_FLAGS)
def test_what_you_gained_or_lost_on_the_same_days_is_named(line: str, named: bool) -> None:
    push = pushed()
    others = pushed(line)
    found = of(effects(world([ranked(OWN, SHIFTED)]), push, [*push, *others]), Metric.BSR)
    assert (effect.YOU in found.says) is named


def test_bad_merged_or_removed_reviews_are_no_better_pace() -> None:
    more = counted(OWN, [500 + 3 * n + 9 * max(0, n - 28) for n in range(42)])
    push = pushed()
    for kind in ("low_star_wave", "rating_fell 4.6 → 4.2", "reviews_merged 500 → 800", "reviews_removed 800 → 500"):
        for on, verdict in (
            ("Fri 3 Apr", Verdict.TOO_LITTLE),
            ("Tue 24 Mar", Verdict.TOO_LITTLE),
            ("Sun 22 Mar", None),
        ):
            among = [*push, *pushed(f"{on}: {kind} own")]
            found = of(effects(world([more]), push, among), Metric.REVIEWS)
            assert found.verdict is (verdict or Verdict.BETTER)
            assert found.effect is None or verdict is None
    rival = [*push, *pushed("Fri 3 Apr: low_star_wave")]
    assert of(effects(world([more]), push, rival), Metric.REVIEWS).verdict is Verdict.BETTER


def test_other_causes_are_named() -> None:
    also = [
        *flags("Mon 30 Mar: coupon_started – → 20 %"), flag("Fri 3 Apr: price_cut 25.00 → 20.00", asin="B0OTHER001"),
        flag("Sat 4 Apr: title_changed own"), flag("Sun 5 Apr: market_bsr"),
        flag("Fri 20 Mar: title_changed", asin="B0BEFORE01"),
    ]  # fmt: skip
    found = moves(also, day("Sun 12 Apr"), listing="mug", time_zone="UTC", currency="USD")
    (push,) = [m for m in found if (Kind.COUPON_STARTED, None) in {(k, w) for k, _, w, _ in m.keys}]
    told = next(e for e in effects(world([ranked(OWN, SHIFTED)]), found) if e.move == push.id)
    assert told.sentence.endswith(
        "; possible other causes: B0OTHER001; you moved on the same days, too; the market moved on the same days, too"
    )
    assert len(told.others) == 3


def placed(
    places: Sequence[int | None], results: Sequence[int] | None = None, pages: Sequence[int] | None = None
) -> KeywordSeries:
    """One reading a night; None is beyond the pages read."""
    reads = {}
    for n, place in enumerate(places):
        on = MONDAY + timedelta(days=n)
        found = {OWN: Place(organic=place)} if place else {}
        shown, read = results[n] if results else 32, pages[n] if pages else 2
        reads[on] = reading(on, found, shown, read)
    return KeywordSeries("tea mug", 2, at(MONDAY), tuple(reads.values()), reads)


def test_beyond_the_pages_read_is_the_least_that_happened() -> None:
    keyword = placed([3, 4, 5, 4] * 7 + [None] * 14)
    found = of(effects(world([ranked(OWN, SHIFTED)], (keyword,)), pushed()), Metric.PLACE)
    assert (found.verdict, found.after) == (Verdict.WORSE, 33)
    assert "3.9 → beyond 32" in found.sentence and effect.CENSORED in found.says


def test_beyond_before_and_after_says_nothing() -> None:
    found = of(effects(world([ranked(OWN, SHIFTED)], (placed([None] * 42),)), pushed()), Metric.PLACE)
    assert (found.verdict, found.effect) == (Verdict.TOO_LITTLE, None)
    assert effect.BEYOND in found.says


def test_fewer_results_read_are_no_better_place() -> None:
    """Twenty results were read before, thirty-two later: beyond twenty is beyond twenty."""
    keyword = placed([None, 19] * 14 + [30, 19] * 7, [20] * 28 + [32] * 14)
    found = of(effects(world([ranked(OWN, SHIFTED)], (keyword,)), pushed()), Metric.PLACE)
    assert found.verdict is Verdict.NO_EFFECT
    assert found.effect == pytest.approx(1, abs=0.01)
    broken = placed([30] * 28 + [None] * 14, pages=[2] * 28 + [1] * 14)
    assert of(effects(world([ranked(OWN, SHIFTED)], (broken,)), pushed()), Metric.PLACE).nights_after == 0


def counted(asin: str, counts: list[int]) -> ProductSeries:
    made = ranked(asin, [800] * len(counts))
    daily = {o.day: shown(o, review_count=n) for o, n in zip(made.observations, counts, strict=True)}
    return replace(made, daily=daily)


def test_a_corrected_count_is_no_slower_pace() -> None:
    steady = [500 + 3 * n for n in range(42)]
    fell = [count - 30 if n in (30, 31) else count for n, count in enumerate(steady)]
    found = of(effects(world([counted(OWN, fell)]), pushed()), Metric.REVIEWS)
    assert found.verdict is Verdict.NO_EFFECT
    assert found.before == pytest.approx(3)
    assert found.after == pytest.approx(3)


def test_everybody_gets_more_reviews_on_prime_day() -> None:
    more = [500 + 3 * n + 9 * max(0, n - 28) for n in range(42)]
    alone = of(effects(world([counted(OWN, more)]), pushed()), Metric.REVIEWS)
    assert alone.verdict is Verdict.BETTER
    assert alone.effect == pytest.approx(4, rel=0.05)
    everybody = world([counted(asin, more) for asin in (OWN, *RIVALS)])
    assert of(effects(everybody, pushed()), Metric.REVIEWS).verdict is Verdict.NO_EFFECT


def test_an_effect_never_spans_nothing() -> None:
    for law, factor in (("ar 0.6", 1.0), ("sales 0.8", 1.4)):
        for metric, found in run(World(seed, LAWS[law], factor) for seed in range(6)).items():
            for _, e in found:
                assert e.low is not None and e.high is not None and e.effect is not None
                assert e.low <= e.effect <= e.high
                spans = e.low <= 1 <= e.high
                assert (e.verdict is Verdict.NO_EFFECT) == spans
                if not spans:
                    assert (e.verdict is Verdict.BETTER) == ((e.effect > 1) == (metric is Metric.REVIEWS))


def test_intervals_hold_what_they_promise() -> None:
    """A small run of ``python -m tests.benchmarks.effects``, whose full table stands in MOVES.md."""
    nothing = run(World(seed, LAWS["ar 0.6"]) for seed in range(40))
    assert {metric: covered(found) >= 0.87 for metric, found in nothing.items()} == dict.fromkeys(effect.OF_PAGES, True)
    much = run(World(seed, LAWS["ar 0.6"], 3.0) for seed in range(12))
    assert {metric: share_told(found) >= 0.6 for metric, found in much.items()} == dict.fromkeys(effect.OF_PAGES, True)


@pytest.mark.parametrize("weekdays", [False, True])
def test_the_regression_is_that_of_its_full_covariance(weekdays: bool) -> None:
    """The same, solved with the covariance of all nights written out."""
    chance = np.random.default_rng(5)
    days = [n for n in range(40 if weekdays else 20) if n not in (4, 9, 10, 17)]
    first = days[-6]
    values = chance.normal(size=len(days))
    case = Step(days, values.tolist(), first)
    assert case.weekdays is weekdays
    columns = np.column_stack([np.ones(len(days)), np.array(days) >= first])
    if weekdays:
        columns = np.column_stack([columns, *[np.array(days) % 7 == n for n in range(6)]])
    logs, means, widths = [], [], []
    free = len(days) - columns.shape[1]
    for rho in RHO:
        covariance = rho ** np.abs(np.subtract.outer(days, days))
        inverse = np.linalg.inv(covariance)
        known = columns.T @ inverse @ columns
        beta = np.linalg.solve(known, columns.T @ inverse @ values)
        left = (values - columns @ beta) @ inverse @ (values - columns @ beta)
        logs.append(-(np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(known)[1] + free * math.log(left)) / 2)
        means.append(beta[1])
        widths.append(left / free * np.linalg.inv(known)[1, 1])
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    mean = weights @ means
    half = t_quantile(0.05, free) * math.sqrt(weights @ (np.array(widths) + (np.array(means) - mean) ** 2))
    (found,) = steps([case], [0.05])
    assert [found.change, found.low, found.high] == pytest.approx([mean, mean - half, mean + half])


def test_quantiles_of_student() -> None:
    """Of the tables of Abramowitz & Stegun, 26.10."""
    table = {(0.05, 3): 3.182, (0.05, 10): 2.228, (0.01, 5): 4.032, (0.001, 30): 3.646}
    assert {case: t_quantile(*case) for case in table} == pytest.approx(table, rel=0.01)


def test_the_benchmark_tells_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main(["--seeds", "2", "--laws", "ar 0.6"])
    assert "ar 0.6" in capsys.readouterr().out


def test_only_who_was_watched_then_is_a_measure() -> None:
    """So that the night is told alike whoever joins later."""
    peers = [ranked(asin, [rank * (n + 2) for rank in SHIFTED]) for n, asin in enumerate(RIVALS)]
    joined = replace(peers[0], watched=((day("Tue 31 Mar"), None),))
    assert effect.PAST in of(effects(world([ranked(OWN, SHIFTED), joined, *peers[1:]]), pushed()), Metric.BSR).says
    there = replace(peers[0], watched=((day("Mon 30 Mar"), day("Tue 31 Mar")),))
    assert effect.PEERS in of(effects(world([ranked(OWN, SHIFTED), there, *peers[1:]]), pushed()), Metric.BSR).says


def test_several_keywords_make_each_less_sure() -> None:
    one, other = placed([3, 4, 5, 4] * 7 + [5, 6] * 7), replace(placed([3, 4] * 21), keyword="cup")
    later = replace(other, watched=((day("Tue 31 Mar"), None),))
    both, alone = (
        of(effects(world([ranked(OWN, SHIFTED)], keywords), pushed()), Metric.PLACE)
        for keywords in ((one, other), (one, later))
    )
    assert both.effect == alone.effect
    assert both.low is not None and alone.low is not None and both.low < alone.low
