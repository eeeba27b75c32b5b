"""What is said of a move: its parts from templates, what was done first, then what came of it.

A move of one flag says what the flag says. Facts are named after the kinds they come from.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from reports.flags.kind import Kind
from reports.moves.link import Linked, ends, subject
from reports.moves.move import State, Theme
from reports.moves.themes import COUNTERPARTS, RESULTS
from reports.sentences import Fact

HEADS: Mapping[Theme, str] = {
    Theme.PUSH: "Promotion push: ",
    Theme.RETREAT: "Promotion wound down: ",
    Theme.SUPPLY: "Supply: ",
    Theme.REVIEWS: "Reviews: ",
    Theme.CONTENT: "Product page reworked: ",
    Theme.BUY_BOX: "Buy Box: ",
    Theme.LIFECYCLE: "Listing: ",
    Theme.MARKET: "Market: ",
}
NO_CAUSE: Mapping[Theme, str] = {
    Theme.PUSH: "Gaining ground, no cause seen: ",
    Theme.RETREAT: "Losing ground, no cause seen: ",
    Theme.REVIEWS: "Reviews: ",
}
AFTER: Mapping[Theme, str] = {
    Theme.PUSH: "Ground won back after a promotion was wound down: ",
    Theme.RETREAT: "Ground lost after a promotion: ",
}

NUMBERS: Mapping[Kind, str] = {
    Kind.PRICE_CUT: "price cut {price_cut_before:amount} → {price_cut_after:amount}",
    Kind.PRICE_RISE: "price rise {price_rise_before:amount} → {price_rise_after:amount}",
    Kind.BSR_JUMP: "BSR {bsr_jump_before:number} → {bsr_jump_after:number}",
    Kind.BSR_SLUMP: "BSR {bsr_slump_before:number} → {bsr_slump_after:number}",
    Kind.REVIEW_BURST: "reviews {review_burst_before:number} → {review_burst_after:number}",
    Kind.REVIEWS_REMOVED: "reviews removed {reviews_removed_before:number} → {reviews_removed_after:number}",
    Kind.REVIEWS_MERGED: "reviews merged {reviews_merged_before:number} → {reviews_merged_after:number}",
    Kind.RATING_ROSE: "rating {rating_rose_before:fixed} → {rating_rose_after:fixed}",
    Kind.RATING_FELL: "rating {rating_fell_before:fixed} → {rating_fell_after:fixed}",
}
"""Where the values at both ends are numbers."""

WORDS: Mapping[Kind, str] = {
    Kind.PRICE_CUT: "price cut",
    Kind.PRICE_RISE: "price rise",
    Kind.UNDERCUT: "cheaper than you",
    Kind.LOWEST_IN_90_DAYS: "lowest price in 90 days",
    Kind.LOWEST_EVER: "lowest price ever",
    Kind.PRICE_WAR: "price war",
    Kind.SEE_SAW: "price to and fro",
    Kind.COUPON_ENDED: "coupon ended",
    Kind.DEAL_STARTED: "deal",
    Kind.DEAL_ENDED: "deal ended",
    Kind.PROMOTIONS_STACKED: "coupon on top of the deal",
    Kind.BSR_JUMP: "BSR better",
    Kind.BSR_SLUMP: "BSR worse",
    Kind.TOP_RANK_ENTERED: "among the top of its category",
    Kind.TOP_RANK_LEFT: "no longer among the top of its category",
    Kind.BADGE_GAINED: "badge gained",
    Kind.BADGE_LOST: "badge lost",
    Kind.REVIEW_BURST: "many new reviews",
    Kind.REVIEWS_REMOVED: "reviews removed",
    Kind.REVIEWS_MERGED: "reviews merged",
    Kind.RATING_ROSE: "rating better",
    Kind.RATING_FELL: "rating worse",
    Kind.LOW_STAR_WAVE: "a wave of bad reviews",
    Kind.OUT_OF_STOCK: "out of stock",
    Kind.BACK_IN_STOCK: "back in stock",
    Kind.RUNNING_LOW: "running low",
    Kind.BUY_BOX_CHANGED: "another seller in the Buy Box",
    Kind.BUY_BOX_LOST: "Buy Box lost",
    Kind.OFFERS_MULTIPLYING: "more and more offers",
    Kind.HIJACKER: "another seller on your listing",
    Kind.KEYWORD_GAINED: "page one for {keyword_gained_count:count keyword|keywords}",
    Kind.KEYWORD_LOST: "off page one for {keyword_lost_count:count keyword|keywords}",
    Kind.PLACE_CLIMBED: "further up for {place_climbed_count:count keyword|keywords}",
    Kind.PLACE_FELL: "further down for {place_fell_count:count keyword|keywords}",
    Kind.PASSED_OWN: "passed you for {passed_own_count:count keyword|keywords}",
    Kind.SPONSORED_GAINED: "ads on {sponsored_gained_count:count keyword|keywords}",
    Kind.SPONSORED_LOST: "ads stopped on {sponsored_lost_count:count keyword|keywords}",
    Kind.SHARE_GAINED: "more of the search results",
    Kind.SHARE_LOST: "less of the search results",
    Kind.TITLE_CHANGED: "title",
    Kind.BULLETS_CHANGED: "bullet points",
    Kind.IMAGE_CHANGED: "main image",
    Kind.VARIATIONS_CHANGED: "variations",
    Kind.A_PLUS_CHANGED: "A+ content",
    Kind.VIDEO_CHANGED: "video",
    Kind.CATEGORY_CHANGED: "category",
    Kind.LISTING_GONE: "page gone",
    Kind.LISTING_BACK: "page back",
    Kind.NEWCOMER: "rises in your keywords",
    Kind.NEWLY_WATCHED: "newly watched",
    Kind.MARKET_BSR: "ranks move together",
    Kind.MARKET_PRICE: "prices move together",
    Kind.MARKET_REVIEWS: "reviews move together",
}

TOP: Mapping[Kind, str] = {
    Kind.TOP_RANK_ENTERED: "in the top {top_rank_entered_top:number} of {top_rank_entered_category}",
    Kind.TOP_RANK_LEFT: "no longer in the top {top_rank_left_top:number} of {top_rank_left_category}",
}
"""Where it is of one category."""
WAVE = "a wave of bad reviews (at least {wave_bad:number} of {wave_new:number})"
BURST = "reviews {review_burst_before:number} → {review_burst_after:number}, many of them bad"
SEE_SAW = "price to and fro between {see_saw_low:amount} and {see_saw_high:amount}"
IN_PART = {
    Kind.PRICE_CUT: " (now {price_rise_after:amount})",
    Kind.PRICE_RISE: " (now {price_cut_after:amount})",
}
"""Half a way back."""
STEPS = {Theme.PUSH: Kind.PRICE_RISE, Theme.RETREAT: Kind.PRICE_CUT}
"""Steps back are none of the means."""
COUPON, COUPONS = "coupon of {coupon}", (Kind.COUPON_STARTED, Kind.COUPON_CHANGED)
AND, WITH, ONLY = " + ", ", ", ""
OVER = " (over)"
SINCE = " since {since:day}"
ENDED = " from {since:day}; ended after {long:days}"
QUIET = " from {since:day}; nothing new since {last:day}"
TAILS: Mapping[State, str] = {State.OPEN: SINCE, State.ENDED: ENDED, State.QUIET: QUIET}


def told(
    move: Linked, state: State, started: date, duration: int, currency: str
) -> tuple[tuple[str, ...], Mapping[str, Fact]]:
    """Templates and facts of a move's sentence. ``duration`` is in days; prices are in ``currency``."""
    if len(move.flags) == 1:
        return move.flags[0].says, move.flags[0].facts
    facts: dict[str, Fact] = {
        "currency": currency, "since": started, "last": move.flags[-1].day,
    }  # fmt: skip
    heads = HEADS if move.causes else AFTER if move.after else NO_CAUSE
    says = [heads[move.theme]]
    joint = ONLY
    for kind in sorted(_kinds(move), key=lambda kind: kind in RESULTS):
        says += [(WITH if kind in RESULTS else AND) if joint else ONLY, _part(move, kind, facts)]
        joint = AND
        if _over(move, kind):  # of an ended move it is said of what it brought only
            says += [OVER] if state is State.OPEN or kind in RESULTS else []
        elif kind in IN_PART:
            says += _in_part(move, kind, facts)
    says.append(TAILS[state])
    if state is not State.OPEN:  # how long an open one lasts is another thing every night, and is not said
        facts["long"] = max(1, duration)
    return tuple(text for text in says if text), facts


def _kinds(move: Linked) -> list[Kind]:
    """The kinds to speak of, as they came: not those that only say that another ended."""
    over = {m.closer.kind for m in move.matters.values() if m.closer is not None}
    began = {m.kind for m in move.matters.values()}
    kinds = dict.fromkeys(f.kind for f in move.flags)
    apart: set[Kind | None] = {STEPS.get(move.theme)}
    if Kind.COUPON_STARTED in kinds:
        apart.add(Kind.COUPON_CHANGED)
    if Kind.SEE_SAW in kinds:
        apart |= {Kind.PRICE_CUT, Kind.PRICE_RISE}
    return [kind for kind in kinds if kind not in apart and (kind in began or kind not in over)]


def _in_part(move: Linked, kind: Kind, facts: dict[str, Fact]) -> list[str]:
    """Where the price is, if the last step was one back that did not arrive."""
    last = next(f for f in reversed(move.flags) if f.kind in IN_PART)
    after = ends(last)[1]
    if last.kind is kind or after is None:
        return []
    facts[f"{last.kind}_after"] = after
    return [IN_PART[kind]]


def _part(move: Linked, kind: Kind, facts: dict[str, Fact]) -> str:
    flags = [f for f in move.flags if f.kind is kind]
    if kind in COUPONS:
        facts["coupon"] = next(str(f.after) for f in reversed(move.flags) if f.kind in COUPONS)
        return COUPON
    told = flags[-1].facts
    if kind is Kind.LOW_STAR_WAVE and {"bad", "new"} <= told.keys():
        facts["wave_bad"], facts["wave_new"] = told["bad"], told["new"]
        return WAVE
    if kind is Kind.SEE_SAW and {"low", "high"} <= told.keys():
        facts["see_saw_low"], facts["see_saw_high"] = told["low"], told["high"]
        return SEE_SAW
    before, after = ends(flags[0])[0], ends(flags[-1])[1]
    if kind in NUMBERS and before is not None and after is not None:
        facts[f"{kind}_before"], facts[f"{kind}_after"] = before, after
        bad = kind is Kind.REVIEW_BURST and any(f.kind is Kind.LOW_STAR_WAVE for f in move.flags)
        return BURST if bad else NUMBERS[kind]
    if kind in TOP and len({subject(f) for f in flags}) == 1 and {"top", "category"} <= flags[0].facts.keys():
        facts[f"{kind}_top"], facts[f"{kind}_category"] = flags[0].facts["top"], flags[0].facts["category"]
        return TOP[kind]
    facts[f"{kind}_count"] = len({f.keyword for f in flags})
    return WORDS[kind]


def _over(move: Linked, kind: Kind) -> bool:
    """Whether every state that this kind began has met its counterpart, while the move goes on."""
    if kind not in COUNTERPARTS:
        return False
    of = defaultdict(list)
    for matter in move.matters.values():
        of[matter.kind].append(matter.closer is not None)
    return bool(of[kind]) and all(of[kind])
