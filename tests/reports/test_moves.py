"""Moves: what belongs together, when it ends, what is news; and that nothing seen later changes where a flag went."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.flags import Flag, Kind, Severity
from reports.flags.kind import Kind as AnyKind
from reports.moves import Move, News, State, Theme, key, moves, tell
from reports.moves.themes import CAUSES, COUNTERPARTS, RESULTS
from reports.sentences import catalogue
from tests.reports.database import Database
from tests.reports.nights import ABSENT, OWN, RIVAL, judged, listing
from tests.reports.nights import tell as show
from tests.reports.told import ZONE, day, flag, flags, linked

DOCUMENT = (Path(__file__).parents[2] / "reports" / "MOVES.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\n((?:\w{3} \d.+\n)+)as known on (.+)\n```\n> (.+)\n>\n> (.+)", DOCUMENT)


@pytest.mark.parametrize(("lines", "today", "english", "chinese"), EXAMPLES)
def test_the_worked_examples_come_true(lines: str, today: str, english: str, chinese: str) -> None:
    (move,) = linked(lines, today)
    assert (move.said("en"), move.said("zh_CN")) == (english, chinese)


def test_the_document_has_its_examples() -> None:
    assert len(EXAMPLES) == 9


def test_every_kind_has_its_part_and_a_translation() -> None:
    coupons = set(tell.COUPONS)
    assert set(CAUSES) | set(RESULTS) == set(Kind) == set(tell.WORDS) | coupons
    assert not set(CAUSES) & set(RESULTS)
    told = [
        *tell.HEADS.values(),
        *tell.NO_CAUSE.values(),
        *tell.NUMBERS.values(),
        *tell.WORDS.values(),
        *tell.TOP.values(),
    ]
    told += [tell.COUPON, tell.AND, tell.WITH, tell.OVER, *tell.TAILS.values(), *tell.AFTER.values()]
    told += [tell.WAVE, tell.BURST, tell.SEE_SAW, *tell.IN_PART.values()]
    assert [text for text in told if text not in catalogue("zh_CN")] == []


def themes(found: list[Move]) -> list[tuple[Theme, int]]:
    return [(move.theme, len(move.keys)) for move in found]


CASES: dict[str, tuple[str, list[tuple[Theme, int]]]] = {
    "causes a week apart": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nMon 9 Mar: coupon_started – → 10 %",
        [(Theme.PUSH, 2)],
    ),
    "causes more than a week apart": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nTue 10 Mar: coupon_started – → 10 %",
        [(Theme.PUSH, 1), (Theme.PUSH, 1)],
    ),
    "a chain of causes is one move": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nMon 9 Mar: coupon_started – → 10 %\nMon 16 Mar: deal_started",
        [(Theme.PUSH, 3)],
    ),
    "other themes apart": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nTue 3 Mar: title_changed\nTue 3 Mar: low_star_wave",
        [(Theme.PUSH, 1), (Theme.REVIEWS, 1), (Theme.CONTENT, 1)],
    ),
    "a result within two weeks": (
        "Mon 2 Mar: coupon_started – → 10 %\nMon 16 Mar: keyword_gained “a”",
        [(Theme.PUSH, 2)],
    ),
    "a result after two weeks": (
        "Mon 2 Mar: coupon_started – → 10 %\nTue 17 Mar: keyword_gained “a”",
        [(Theme.PUSH, 1), (Theme.PUSH, 1)],
    ),
    "a result of the other way is not the push's": (
        "Mon 2 Mar: coupon_started – → 10 %\nWed 4 Mar: bsr_slump 800 → 2000",
        [(Theme.PUSH, 1), (Theme.RETREAT, 1)],
    ),
    "nor is it once that ended": (
        "Mon 2 Mar: coupon_started – → 10 %\nThu 5 Mar: coupon_ended 10 % → –\nSun 8 Mar: bsr_slump 800 → 2000\n"
        "Tue 10 Mar: keyword_lost “a”",
        [(Theme.PUSH, 2), (Theme.RETREAT, 2)],
    ),
    "what ground was lost without a cause is not what a push lost": (
        "Sun 1 Mar: bsr_slump 800 → 2000\nMon 2 Mar: price_cut 25.00 → 20.00\nWed 4 Mar: price_rise 20.00 → 25.00\n"
        "Fri 6 Mar: keyword_lost “a”",
        [(Theme.PUSH, 2), (Theme.RETREAT, 1), (Theme.RETREAT, 1)],
    ),
    "but what began in it ends in it": (
        "Mon 2 Mar: coupon_started – → 10 %\nWed 4 Mar: bsr_jump 800 → 200\nThu 5 Mar: coupon_ended 10 % → –\n"
        "Sun 8 Mar: bsr_slump 200 → 800",
        [(Theme.PUSH, 4)],
    ),
    "what the end of a rise won back": (
        "Mon 2 Mar: price_rise 20.00 → 25.00\nFri 6 Mar: price_cut 25.00 → 20.00\nSun 8 Mar: bsr_jump 900 → 300",
        [(Theme.RETREAT, 2), (Theme.PUSH, 1)],
    ),
    "a burst inside a wave of bad reviews": (
        "Mon 2 Mar: low_star_wave\nTue 3 Mar: coupon_started – → 10 %\nMon 9 Mar: review_burst 398 → 447",
        [(Theme.REVIEWS, 2), (Theme.PUSH, 1)],
    ),
    "a wave that was sure after its burst": (
        "Mon 2 Mar: review_burst 398 → 447\nFri 6 Mar: low_star_wave",
        [(Theme.REVIEWS, 2)],
    ),
    "a burst a week later": (
        "Mon 2 Mar: low_star_wave\nTue 10 Mar: review_burst 398 → 447",
        [(Theme.REVIEWS, 1), (Theme.REVIEWS, 1)],
    ),
    "what a page that came back brought within a week": (
        "Mon 2 Mar: listing_gone\nWed 4 Mar: keyword_lost “a”\nFri 6 Mar: listing_back\nMon 9 Mar: keyword_gained “a”\n"
        "Tue 10 Mar: review_burst 329 → 361\nFri 13 Mar: place_climbed “b”\nSat 14 Mar: place_climbed “c”",
        [(Theme.LIFECYCLE, 5), (Theme.REVIEWS, 2)],
    ),
    "steps to and fro": (
        "Mon 2 Mar: price_cut 29.94 → 25.99\nWed 4 Mar: price_rise 25.99 → 29.94\nFri 6 Mar: see_saw since Mon 2 Mar",
        [(Theme.PUSH, 3)],
    ),
    "the end of an old coupon": (
        "Mon 2 Mar: coupon_started – → 10 %\nSun 31 May: coupon_ended 10 % → –",
        [(Theme.PUSH, 2)],
    ),
    "an end without its beginning": (
        "Mon 2 Mar: coupon_ended 10 % → –\nTue 3 Mar: price_rise 20.00 → 25.00",
        [(Theme.RETREAT, 2)],
    ),
    "another keyword's end": (
        "Mon 2 Mar: sponsored_gained “a”\nWed 4 Mar: sponsored_lost “b”",
        [(Theme.PUSH, 1), (Theme.RETREAT, 1)],
    ),
    "a price back after four weeks is a rise": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nTue 31 Mar: price_rise 20.00 → 25.00",
        [(Theme.PUSH, 1), (Theme.RETREAT, 1)],
    ),
    "a cut back after a rise": (
        "Mon 2 Mar: price_rise 20.00 → 25.00\nTue 10 Mar: price_cut 25.00 → 20.00",
        [(Theme.RETREAT, 2)],
    ),
    "a cut far below the price before the rise": (
        "Mon 2 Mar: price_rise 20.00 → 25.00\nTue 10 Mar: price_cut 25.00 → 16.00",
        [(Theme.RETREAT, 1), (Theme.PUSH, 1)],
    ),
    "what follows an end is a new move": (
        "Mon 2 Mar: coupon_started – → 10 %\nTue 3 Mar: coupon_ended 10 % → –\nWed 4 Mar: deal_started",
        [(Theme.PUSH, 2), (Theme.PUSH, 1)],
    ),
    "what follows on the same day goes on": (
        "Mon 2 Mar: coupon_started – → 10 %\nTue 3 Mar: coupon_ended 10 % → –\nTue 3 Mar: deal_started",
        [(Theme.PUSH, 3)],
    ),
    "ads that were sure late take up what they had brought": (
        "Tue 3 Mar: bsr_jump 800 → 200\nWed 4 Mar: sponsored_gained “a” since Mon 2 Mar",
        [(Theme.PUSH, 2)],
    ),
    "a cause does not take up results from before it": (
        "Tue 3 Mar: bsr_jump 800 → 200\nWed 4 Mar: price_cut 25.00 → 20.00",
        [(Theme.PUSH, 1), (Theme.PUSH, 1)],
    ),
    "the cause of the same night was read after its result": (
        "Tue 3 Mar: place_fell “a” 3 → 9\nTue 3 Mar: out_of_stock high",
        [(Theme.SUPPLY, 2)],
    ),
    "sales come back with the stock": (
        "Mon 2 Mar: out_of_stock\nWed 4 Mar: bsr_slump 800 → 2000\nFri 6 Mar: back_in_stock\n"
        "Mon 9 Mar: bsr_jump 2000 → 700",
        [(Theme.SUPPLY, 4)],
    ),
    "the market's apart from a rival's": (
        "Mon 2 Mar: market_bsr\nMon 2 Mar: bsr_jump 800 → 200\nTue 3 Mar: market_price",
        [(Theme.MARKET, 2), (Theme.PUSH, 1)],
    ),
    "a product that is new explains nothing": (
        "Mon 2 Mar: newly_watched\nTue 3 Mar: keyword_gained “a”",
        [(Theme.LIFECYCLE, 1), (Theme.PUSH, 1)],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), CASES.values(), ids=CASES)
def test_what_belongs_together(lines: str, expected: list[tuple[Theme, int]]) -> None:
    assert sorted(themes(linked(lines, "Sun 31 May"))) == sorted(expected)


STATES: dict[str, tuple[str, str, State, str | None, int]] = {
    "open": ("Mon 2 Mar: coupon_started – → 10 %", "Mon 1 Jun", State.OPEN, None, 91),
    "ended": (
        "Mon 2 Mar: coupon_started – → 10 %\nFri 6 Mar: coupon_ended 10 % → –",
        "Mon 9 Mar", State.ENDED, "Fri 6 Mar", 4,
    ),
    "not before its last cause": (
        "Mon 2 Mar: coupon_started – → 10 %\nTue 3 Mar: price_cut 25.00 → 20.00\nFri 6 Mar: coupon_ended 10 % → –",
        "Mon 9 Mar", State.OPEN, None, 7,
    ),
    "half a way back": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nFri 6 Mar: price_rise 20.00 → 22.00",
        "Mon 9 Mar", State.OPEN, None, 7,
    ),
    "nearly half a way more": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nFri 6 Mar: price_rise 20.00 → 24.20",
        "Mon 9 Mar", State.OPEN, None, 7,
    ),
    "back but for what repricers are off": (
        "Mon 2 Mar: price_cut 34.40 → 25.99\nFri 6 Mar: price_rise 25.99 → 33.99",
        "Mon 9 Mar", State.ENDED, "Fri 6 Mar", 4,
    ),
    "beyond the way back": (
        "Mon 2 Mar: price_cut 25.00 → 20.00\nFri 6 Mar: price_rise 20.00 → 27.00",
        "Mon 9 Mar", State.ENDED, "Fri 6 Mar", 4,
    ),
    "back to before both cuts": (
        "Mon 2 Mar: price_cut 25.00 → 22.00\nTue 3 Mar: price_cut 22.00 → 20.00\nFri 6 Mar: price_rise 20.00 → 25.00",
        "Mon 9 Mar", State.ENDED, "Fri 6 Mar", 4,
    ),
    "back to before the second cut only": (
        "Mon 2 Mar: price_cut 25.00 → 22.00\nTue 3 Mar: price_cut 22.00 → 20.00\nFri 6 Mar: price_rise 20.00 → 22.00",
        "Mon 9 Mar", State.OPEN, None, 7,
    ),
    "results do not keep a push open": (
        "Mon 2 Mar: coupon_started – → 10 %\nTue 3 Mar: keyword_gained “a”\nFri 6 Mar: coupon_ended 10 % → –",
        "Mon 9 Mar", State.ENDED, "Fri 6 Mar", 4,
    ),
    "a low price is the usual after four weeks": (
        "Mon 2 Mar: price_cut 25.00 → 20.00", "Mon 30 Mar", State.QUIET, "Mon 30 Mar", 28,
    ),
    "a jump after two": ("Mon 2 Mar: bsr_jump 800 → 200", "Mon 16 Mar", State.QUIET, "Mon 16 Mar", 14),
    "a title after one": ("Mon 2 Mar: title_changed", "Mon 9 Mar", State.QUIET, "Mon 9 Mar", 7),
    "not before": ("Mon 2 Mar: title_changed", "Sun 8 Mar", State.OPEN, None, 6),
    "out of stock for as long as it lasts": ("Mon 2 Mar: out_of_stock", "Sun 31 May", State.OPEN, None, 90),
    "a see-saw goes on": (
        "Mon 2 Mar: price_cut 29.94 → 25.99\nWed 4 Mar: price_rise 25.99 → 29.94\nFri 6 Mar: see_saw since Mon 2 Mar",
        "Thu 2 Apr", State.OPEN, None, 31,
    ),
    "for four weeks": (
        "Mon 2 Mar: price_cut 29.94 → 25.99\nWed 4 Mar: price_rise 25.99 → 29.94\nFri 6 Mar: see_saw since Mon 2 Mar",
        "Sun 31 May", State.QUIET, "Fri 3 Apr", 32,
    ),
    "another has the Buy Box for three months": (
        "Mon 2 Mar: buy_box_lost Acme → Bargain own", "Sun 31 May", State.QUIET, "Sun 31 May", 90,
    ),
    "the Buy Box went to a third": (
        "Mon 2 Mar: buy_box_lost Acme → Bargain own\nTue 3 Mar: buy_box_changed Bargain → Third own",
        "Mon 9 Mar", State.OPEN, None, 7,
    ),
    "the Buy Box came back": (
        "Mon 2 Mar: buy_box_lost Acme → Bargain own\nTue 3 Mar: buy_box_changed Bargain → Acme own",
        "Mon 9 Mar", State.ENDED, "Tue 3 Mar", 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "today", "state", "ended", "days"), STATES.values(), ids=STATES)
def test_when_it_ends(lines: str, today: str, state: State, ended: str | None, days: int) -> None:
    (move,) = linked(lines, today)
    assert (move.state, move.ended, move.duration) == (state, day(ended) if ended else None, days)


def test_a_move_of_one_flag_says_what_the_flag_says() -> None:
    one = flag("Mon 2 Mar: price_cut 25.00 → 20.00")
    (move,) = moves([one], one.day, listing="mug", time_zone=ZONE, currency="USD")
    assert move.sentence == one.sentence == "price_cut on Mon 2 Mar"


def test_the_start_is_the_first_change_in_local_days() -> None:
    ads = flag("Thu 5 Mar: sponsored_gained “a” since Tue 3 Mar")
    late = replace(ads, since=ads.since.replace(hour=3))  # still Monday evening in California
    (move,) = moves([late], ads.day, listing="mug", time_zone=ZONE, currency="USD")
    assert (move.started, move.started_at) == (day("Mon 2 Mar"), late.since)


PUSH = """Mon 2 Mar: coupon_started – → 10 % low
Tue 3 Mar: price_cut 25.00 → 23.00 low
Thu 5 Mar: bsr_jump 800 → 200
Fri 6 Mar: place_climbed “a” 9 → 4 low
Mon 9 Mar: coupon_ended 10 % → – low
Tue 10 Mar: price_rise 23.00 → 25.00 low"""


def test_categories_and_badges_are_told_apart() -> None:
    """It left the top of one category, and is still in the other's."""
    into, other = (
        replace(flag("Mon 2 Mar: top_rank_entered 120 → 90", minutes=n), facts={"top": 100, "category": name})
        for n, name in enumerate(("Kitchen", "Mugs"))
    )
    left = replace(flag("Fri 6 Mar: top_rank_left 90 → 130"), facts=into.facts)
    (move,) = moves([into, other, left], day("Sat 7 Mar"), listing="mug", time_zone=ZONE, currency="USD")
    assert move.state is State.OPEN
    (move,) = moves([into, left], day("Sat 7 Mar"), listing="mug", time_zone=ZONE, currency="USD")
    assert move.state is State.ENDED
    assert "in the top 100 of Kitchen" in move.sentence


def test_news_is_the_beginning_what_is_graver_and_the_end() -> None:
    told: list[tuple[int, set[News]]] = []
    for n in range(20):
        night = day("Mon 2 Mar") + timedelta(days=n)
        found = moves(flags(PUSH), night, listing="mug", time_zone=ZONE, currency="USD")
        told += [(n, {e.news for e in move.events if e.day == night}) for move in found]
    told = [(n, news) for n, news in told if news]
    assert told == [(0, {News.BEGAN}), (3, {News.GRAVER}), (8, {News.ENDED})]


def test_two_means_and_a_gain_are_graver_than_their_flags() -> None:
    (move,) = linked(PUSH, "Thu 5 Mar")
    assert move.severity is Severity.HIGH
    (own,) = linked("\n".join(f"{line.removesuffix(' low')} own" for line in PUSH.splitlines()), "Thu 5 Mar")
    assert own.severity is Severity.MEDIUM


SAID: dict[str, tuple[str, str]] = {
    "a rise is none of the means of a push": (
        "Mon 2 Mar: price_cut 34.40 → 25.99\nTue 3 Mar: coupon_started – → 10 %\nFri 6 Mar: price_rise 25.99 → 30.00",
        "Promotion push: price cut 34.40 → 25.99 (now 30.00) + coupon of 10 % since Mon 2 Mar",
    ),
    "nor a cut of a retreat": (
        "Mon 2 Mar: price_rise 20.00 → 25.00\nFri 6 Mar: price_cut 25.00 → 23.00\nFri 6 Mar: sponsored_lost “a”",
        "Promotion wound down: price rise 20.00 → 25.00 (now 23.00) + ads stopped on 1 keyword since Mon 2 Mar",
    ),
    "what is lost after a push": (
        "Mon 2 Mar: coupon_started – → 10 %\nThu 5 Mar: coupon_ended 10 % → –\nSun 8 Mar: bsr_slump 800 → 2000\n"
        "Tue 10 Mar: keyword_lost “a”",
        "Ground lost after a promotion: BSR 800 → 2,000, off page one for 1 keyword since Sun 8 Mar",
    ),
    "what is over with a page that is back": (
        "Mon 2 Mar: listing_gone\nWed 4 Mar: keyword_lost “a”\nWed 4 Mar: share_lost\nFri 6 Mar: listing_back\n"
        "Mon 9 Mar: keyword_gained “a”",
        "Listing: page gone, off page one for 1 keyword (over), less of the search results from Mon 2 Mar; ended after "
        "4 days",
    ),
}


@pytest.mark.parametrize(("lines", "sentence"), SAID.values(), ids=SAID)
def test_what_is_said(lines: str, sentence: str) -> None:
    assert sentence in [move.sentence for move in linked(lines, "Tue 10 Mar")]


def test_waves_and_see_saws_are_told_by_their_numbers() -> None:
    wave = replace(flag("Mon 2 Mar: low_star_wave"), facts={"bad": 21, "new": 49})
    found = [wave, flag("Tue 3 Mar: review_burst 398 → 447")]
    (move,) = moves(found, day("Wed 4 Mar"), listing="mug", time_zone=ZONE, currency="USD")
    assert move.sentence == (
        "Reviews: a wave of bad reviews (at least 21 of 49), reviews 398 → 447, many of them bad since Mon 2 Mar"
    )
    swing = replace(flag("Fri 6 Mar: see_saw since Mon 2 Mar"), facts={"low": Decimal("25.99"), "high": "29.94"})
    found = [*flags("Mon 2 Mar: price_cut 29.94 → 25.99\nWed 4 Mar: price_rise 25.99 → 29.94"), swing]
    (move,) = moves(found, day("Sat 7 Mar"), listing="mug", time_zone=ZONE, currency="USD")
    assert move.sentence == "Promotion push: price to and fro between 25.99 and 29.94 since Mon 2 Mar"


ANY = list(AnyKind)


@st.composite
def many(draw: st.DrawFn) -> list[Flag]:
    """Flags of two products and the market in any order of kinds, several a night."""
    made = {}
    for n in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(ANY))
        on = day("Mon 2 Mar") + timedelta(days=draw(st.integers(0, 40)))
        values = draw(st.sampled_from(["", " 25.00 → 20.00", " 20.00 → 25.00", " – → 10 %", " 18.00 → 21.00"]))
        keyword = draw(st.sampled_from(["", " “a”"]))
        one = flag(f"{on:%a} {on.day} {on:%b}: {kind}{keyword}{values}", asin=draw(st.sampled_from([RIVAL, OWN])))
        one = replace(one, since=one.since - timedelta(days=draw(st.integers(0, 3))))
        made[key(one)] = replace(one, observed_at=one.observed_at + timedelta(minutes=n % 3))
    return list(made.values())


@settings(max_examples=40, deadline=None)
@given(many(), st.randoms(use_true_random=False))
def test_nothing_seen_later_changes_where_a_flag_went(found: list[Flag], chance: Random) -> None:
    last = max(f.day for f in found)
    whole = moves(found, last, listing="mug", time_zone=ZONE, currency="USD")
    assert sorted(map(str, (k for m in whole for k in m.keys))) == sorted(str(key(f)) for f in found)
    shuffled = sorted(found, key=lambda _: chance.random())
    assert moves(shuffled, last, listing="mug", time_zone=ZONE, currency="USD") == whole
    assert all(move.said("en") and move.said("zh_CN") for move in whole)
    home = {k: m.id for m in whole for k in m.keys}
    for night in sorted({f.day for f in found}):
        seen = [f for f in found if f.day <= night]
        then = moves(seen, night, listing="mug", time_zone=ZONE, currency="USD")
        assert then == moves(found, night, listing="mug", time_zone=ZONE, currency="USD")
        assert all(home[k] == m.id for m in then for k in m.keys)
        for move in then:
            assert move.started <= move.last_day and (move.ended is None or move.started <= move.ended <= night)


def test_real_flags_of_a_database_make_a_push(database: Database) -> None:
    listing(database)
    show(
        database,
        in_stock=[True] * 12,
        price=[25] * 6 + [20] * 6,
        coupon_percent=[ABSENT] * 5 + [20] * 5 + [ABSENT] * 2,
        coupon_amount=[ABSENT] * 12,
    )
    found = [f for f in judged(database) if f.kind in (Kind.PRICE_CUT, Kind.COUPON_STARTED, Kind.COUPON_ENDED)]
    (move,) = moves(found, max(f.day for f in found), listing="mug", time_zone="UTC", currency="USD")
    assert move.sentence == "Promotion push: coupon of 20 % (over) + price cut 25.00 → 20.00 since Sat 7 Mar"


def test_counterparts_end_what_they_are_the_counterpart_of() -> None:
    pairs = {kind: c.kind for kind, c in COUNTERPARTS.items() if c.kind is not None}
    assert all(kind in CAUSES or kind in RESULTS for kind in pairs.values())
    assert all((kind in CAUSES) == (other in CAUSES) for kind, other in pairs.items())
    assert {kind for kind in COUNTERPARTS if kind not in pairs} == {Kind.SEE_SAW}


@pytest.mark.parametrize(("lines", "today", "english", "chinese"), EXAMPLES)
def test_flags_read_back_from_the_database_make_the_same_moves(
    lines: str, today: str, english: str, chinese: str
) -> None:
    """Where values are text and facts are what JSON gives back."""
    back = [
        replace(
            f,
            before=f.before and str(f.before),
            after=f.after and str(f.after),
            facts=json.loads(json.dumps(f.facts, default=str)),
        )
        for f in flags(lines)
    ]
    (move,) = moves(back, day(today), listing="mug", time_zone=ZONE, currency="USD")
    assert (move.said("en"), move.said("zh_CN")) == (english, chinese)
    assert move.id == linked(lines, today)[0].id
