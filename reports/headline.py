"""What happened in one sentence: the own listing first, then the rivals."""

from collections.abc import Iterable, Sequence

from reports.flags import Flag, Kind
from reports.flags.buybox import RETURNED, SHOWN
from reports.health import Point, ill
from reports.labels import field_label
from reports.period import Told
from reports.sentences import Fact, Said
from reports.series import CURRENT_WITHIN, Comparison
from reports.unread import open_defects

VERBS = {
    Kind.PRICE_CUT: ("cut its price", "cut their prices"),
    Kind.PRICE_RISE: ("raised its price", "raised their prices"),
    Kind.UNDERCUT: ("now costs less than yours", "now cost less than yours"),
    Kind.LOWEST_IN_90_DAYS: ("is at its lowest price in 90 days", "are at their lowest prices in 90 days"),
    Kind.LOWEST_EVER: ("is at its lowest price ever", "are at their lowest prices ever"),
    Kind.SEE_SAW: ("moves its price to and fro", "move their prices to and fro"),
    Kind.COUPON_STARTED: ("started a coupon", "started coupons"),
    Kind.COUPON_CHANGED: ("changed its coupon", "changed their coupons"),
    Kind.COUPON_ENDED: ("ended its coupon", "ended their coupons"),
    Kind.DEAL_STARTED: ("started a deal", "started deals"),
    Kind.DEAL_ENDED: ("ended its deal", "ended their deals"),
    Kind.PROMOTIONS_STACKED: ("takes off deal and coupon at once", "take off deal and coupon at once"),
    Kind.BSR_JUMP: ("jumped in BSR", "jumped in BSR"),
    Kind.BSR_SLUMP: ("slumped in BSR", "slumped in BSR"),
    Kind.TOP_RANK_ENTERED: ("entered the top ranks of a category", "entered the top ranks of a category"),
    Kind.TOP_RANK_LEFT: ("left the top ranks of a category", "left the top ranks of a category"),
    Kind.BADGE_GAINED: ("gained a badge", "gained badges"),
    Kind.BADGE_LOST: ("lost a badge", "lost badges"),
    Kind.REVIEW_BURST: ("had a review burst", "had review bursts"),
    Kind.REVIEWS_REMOVED: ("lost reviews", "lost reviews"),
    Kind.REVIEWS_MERGED: ("took over another listing’s reviews", "took over other listings’ reviews"),
    Kind.RATING_ROSE: ("rose in rating", "rose in rating"),
    Kind.RATING_FELL: ("fell in rating", "fell in rating"),
    Kind.LOW_STAR_WAVE: ("had a wave of bad reviews", "had waves of bad reviews"),
    Kind.OUT_OF_STOCK: ("ran out of stock", "ran out of stock"),
    Kind.BACK_IN_STOCK: ("is back in stock", "are back in stock"),
    Kind.RUNNING_LOW: ("is running low", "are running low"),
    Kind.BUY_BOX_CHANGED: ("has another Buy Box seller", "have another Buy Box seller"),
    Kind.BUY_BOX_LOST: ("lost the Buy Box", "lost the Buy Box"),
    Kind.OFFERS_MULTIPLYING: ("has more and more offers", "have more and more offers"),
    Kind.HIJACKER: ("has another seller on it", "have other sellers on them"),
    Kind.KEYWORD_GAINED: ("entered page one for {words}", "entered page one for {words}"),
    Kind.KEYWORD_LOST: ("left page one for {words}", "left page one for {words}"),
    Kind.PLACE_CLIMBED: ("climbed for {words}", "climbed for {words}"),
    Kind.PLACE_FELL: ("fell for {words}", "fell for {words}"),
    Kind.PASSED_OWN: ("passed you for {words}", "passed you for {words}"),
    Kind.SPONSORED_GAINED: ("began to advertise on {words}", "began to advertise on {words}"),
    Kind.SPONSORED_LOST: ("stopped advertising on {words}", "stopped advertising on {words}"),
    Kind.SHARE_GAINED: ("holds more of the first pages", "hold more of the first pages"),
    Kind.SHARE_LOST: ("holds less of the first pages", "hold less of the first pages"),
    Kind.TITLE_CHANGED: ("changed its title", "changed their titles"),
    Kind.BULLETS_CHANGED: ("changed its bullets", "changed their bullets"),
    Kind.IMAGE_CHANGED: ("changed its main image", "changed their main images"),
    Kind.VARIATIONS_CHANGED: ("changed its variations", "changed their variations"),
    Kind.A_PLUS_CHANGED: ("changed its A+ content", "changed their A+ content"),
    Kind.VIDEO_CHANGED: ("changed its video", "changed their videos"),
    Kind.CATEGORY_CHANGED: ("is in another category", "are in other categories"),
    Kind.LISTING_GONE: ("is gone", "are gone"),
    Kind.LISTING_BACK: ("is there again", "are there again"),
    Kind.NEWCOMER: ("came up in your keywords", "came up in your keywords"),
    Kind.NEWLY_WATCHED: ("is newly watched", "are newly watched"),
}
"""What one product did, and what several did, of a kind."""
MARKET = {
    Kind.PRICE_WAR: "rivals are in a price war",
    Kind.MARKET_BSR: "ranks moved all over the market",
    Kind.MARKET_PRICE: "prices moved all over the market",
    Kind.MARKET_REVIEWS: "reviews moved all over the market",
}
"""What is no single product's."""
QUIET = {
    "day": "A quiet night: no change that matters among the {read:count product|products} read.",
    "week": "A quiet week: no change that matters among the {read:count product|products} read.",
    "month": "A quiet month: no change that matters among the {read:count product|products} read.",
    "days": "Quiet days: no change that matters among the {read:count product|products} read.",
}
UNKNOWN = {
    "day": "Nothing is known of this night.",
    "week": "Nothing is known of this week.",
    "month": "Nothing is known of this month.",
    "days": "Nothing is known of these days.",
}
MOST = 4
"""Kinds of change on one side before the rest is only counted."""
NAMED = 3
"""Rivals, and points of health, that are named; more are counted."""


def of_last_night(comparison: Comparison, flags: Sequence[Flag]) -> list[Flag]:
    """The flags whose change was seen by the newest crawl."""
    return [flag for flag in flags if comparison.until - flag.observed_at <= CURRENT_WITHIN]


def headline(comparison: Comparison, flags: Sequence[Flag], told: Told = "day", health: Sequence[Point] = ()) -> Said:
    """What happened, and whether it concerns the reader: in the newest night, or on all days of the report; and what of
    the own listing is not in order at its end.

    ``flags`` and ``health`` are those of the whole report.
    """
    happened = _happened(comparison, flags, told)
    wrong = ill(health)
    if not wrong:
        return happened
    facts: dict[str, Fact] = {
        "happened": happened, "wrong": [point.trouble for point in wrong[:NAMED]], "more": len(wrong) - NAMED,
    }  # fmt: skip
    more = "{happened} Not in order on your listing: {wrong:clauses}, and {more:count more point|more points}."
    return Said(more if len(wrong) > NAMED else "{happened} Not in order on your listing: {wrong:clauses}.", facts)


def _happened(comparison: Comparison, flags: Sequence[Flag], told: Told) -> Said:
    night = told == "day"
    found = sorted(of_last_night(comparison, flags) if night else flags, key=lambda f: -f.severity)
    read = [
        p.own for p in comparison.products
        if (p.current(comparison.until) if night else any(day in p.daily for day in comparison.days))
    ]  # fmt: skip
    now = comparison.own.current(comparison.until)
    out = now is not None and now.in_stock is False
    if not found and not out:
        return _quiet(comparison, len(read), told)
    facts: dict[str, Fact] = {"own": _own([f for f in found if f.own], read=True in read, out=out)}
    groups = _by_kind(f for f in found if not f.own)
    if groups:
        facts["rivals"] = _clauses(comparison, groups[:MOST])
        facts["more"] = len(groups) - MOST
        more = "{own}; {rivals:clauses}, and {more:count more kind of change|more kinds of change}."
        return Said(more if len(groups) > MOST else "{own}; {rivals:clauses}.", facts)
    if not comparison.rivals:
        return Said("{own}.", facts)
    facts["read"] = read.count(False)
    return Said("{own}; no change that matters among the {read:count rival|rivals} read.", facts)


def _quiet(comparison: Comparison, read: int, told: Told) -> Said:
    if not read:
        return Said(UNKNOWN[told])
    if lost := open_defects(comparison):
        fields = [Said(label) for label in dict.fromkeys(field_label(d.field) for d in lost)]
        text = (
            "No change that matters in what could be read of {read:count product|products};"
            " not read everywhere: {fields:list}."
        )
        return Said(text, {"read": read, "fields": fields})
    return Said(QUIET[told], {"read": read})


def _own(flags: Sequence[Flag], *, read: bool, out: bool) -> Said:
    if not flags and out:  # no news, and yet what concerns the reader most
        return Said("Your listing is still out of stock")
    if not flags:
        return Said("No change that matters on your listing" if read else "Your listing could not be read")
    groups = _by_kind(flags)
    facts: dict[str, Fact] = {"did": [_did(group) for group in groups[:MOST]], "more": len(groups) - MOST}
    more = "Your listing {did:list}, with {more:count more kind of change|more kinds of change}"
    return Said(more if len(groups) > MOST else "Your listing {did:list}", facts)


def _by_kind(flags: Iterable[Flag]) -> list[list[Flag]]:
    """Those of one kind together, in the order of the first of each."""
    groups: dict[Kind, list[Flag]] = {}
    for flag in flags:
        groups.setdefault(flag.kind, []).append(flag)
    return list(groups.values())


def _clauses(comparison: Comparison, groups: Sequence[Sequence[Flag]]) -> list[Said]:
    """Who did what, of flags that are not the own listing's: what the same products did stands together."""
    market = [Said(MARKET[group[0].kind]) for group in groups if group[0].asin is None]
    doers: dict[frozenset[str | None], list[Said]] = {}
    for group in groups:
        if group[0].asin is not None:
            doers.setdefault(frozenset(flag.asin for flag in group), []).append(_did(group))
    return [_clause(comparison, who, did) for who, did in doers.items()] + market


def _clause(comparison: Comparison, who: frozenset[str | None], did: Sequence[Said]) -> Said:
    chips = [Said("R{n}", {"n": n}) for n, p in enumerate(comparison.products) if p.asin in who]
    facts: dict[str, Fact] = {"n": len(who), "who": chips, "did": did}
    if len(chips) < len(who):
        return Said("a newcomer {did:list}" if len(who) == 1 else "{n:number} newcomers {did:list}", facts)
    if len(who) == 1:
        return Said("rival {who:list} {did:list}", facts)
    return Said("rivals {who:list} {did:list}" if len(who) <= NAMED else "{n:number} rivals {did:list}", facts)


def _did(flags: Sequence[Flag]) -> Said:
    kind = flags[0].kind
    if all(flag.says[0] in {RETURNED, SHOWN} for flag in flags):
        return Said("has its Buy Box again")
    words = sorted({flag.keyword or "" for flag in flags})
    about = (
        Said("“{keyword}”", {"keyword": words[0]})
        if len(words) == 1
        else Said("{n:number} keywords", {"n": len(words)})
    )
    did = Said(VERBS[kind][len({flag.asin for flag in flags}) > 1], {"words": about})
    if kind not in {Kind.PRICE_CUT, Kind.PRICE_RISE}:
        return did
    largest = max((flag.magnitude or 0.0 for flag in flags), key=abs)
    return Said(
        "{did} ({change:percent})" if len(flags) == 1 else "{did} (up to {change:percent})",
        {"did": did, "change": largest},
    )
