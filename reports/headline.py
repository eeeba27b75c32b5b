"""What happened in the newest night in one sentence, and in another what could not be read."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from reports.defect import Defect
from reports.flags import Flag, Kind
from reports.sentences import ENGLISH
from reports.series import CURRENT_WITHIN, Comparison
from reports.wording import field_name, misread, reason

VERBS = {
    Kind.PRICE_CUT: ("cut its price", "cut their prices"),
    Kind.PRICE_RISE: ("raised its price", "raised their prices"),
    Kind.UNDERCUT: ("now costs less than yours", "now cost less than yours"),
    Kind.LOWEST_IN_90_DAYS: ("is at its lowest price in 90 days", "are at their lowest prices in 90 days"),
    Kind.LOWEST_EVER: ("is at its lowest price ever", "are at their lowest prices ever"),
    Kind.PRICE_WAR: ("is in a price war", "are in a price war"),
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
    Kind.KEYWORD_GAINED: ("entered page one for a keyword", "entered page one for a keyword"),
    Kind.KEYWORD_LOST: ("left page one for a keyword", "left page one for a keyword"),
    Kind.PLACE_CLIMBED: ("climbed for a keyword", "climbed for a keyword"),
    Kind.PLACE_FELL: ("fell for a keyword", "fell for a keyword"),
    Kind.PASSED_OWN: ("passed you for a keyword", "passed you for a keyword"),
    Kind.SPONSORED_GAINED: ("began to advertise on a keyword", "began to advertise on a keyword"),
    Kind.SPONSORED_LOST: ("stopped advertising on a keyword", "stopped advertising on a keyword"),
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
    Kind.NEWLY_WATCHED: ("is watched newly", "are watched newly"),
    Kind.MARKET_BSR: ("moved in rank with its category", "moved in rank with their category"),
    Kind.MARKET_PRICE: ("moved in price together", "moved in price together"),
    Kind.MARKET_REVIEWS: ("got more reviews together", "got more reviews together"),
}
MOST = 5
"""Clauses before the rest is only counted."""


def of_last_night(comparison: Comparison, flags: Sequence[Flag]) -> list[Flag]:
    """The flags whose change was seen by the newest crawl."""
    return [flag for flag in flags if comparison.until - flag.observed_at <= CURRENT_WITHIN]


def headline(comparison: Comparison, flags: Sequence[Flag]) -> str:
    """One sentence: the own listing first, then the rivals by severity."""
    night = sorted(of_last_night(comparison, flags), key=lambda f: -f.severity)
    groups = dict.fromkeys((f.own, f.kind) for f in sorted(night, key=lambda f: not f.own))
    clauses = [_clause([f for f in night if (f.own, f.kind) == group]) for group in groups]
    read = sum(p.current(comparison.until) is not None for p in comparison.products)
    if not clauses and not read:
        text = "Nothing is known of this night"
    elif not clauses and (lost := open_defects(comparison)):
        fields = ", ".join(dict.fromkeys(field_name(d.field) for d in lost))
        text = f"No change that matters in what could be read of {read} products; not read everywhere: {fields}"
    elif not clauses:
        text = f"A quiet night: no change that matters among the {read} products read"
    else:
        more = len(clauses) - MOST
        text = ", ".join(clauses[:MOST]) + (f", and {more} more kinds of change" if more > 0 else "")
        text = text[0].upper() + text[1:]
    return f"{text}."


def _clause(flags: list[Flag]) -> str:
    kind, count = flags[0].kind, len({f.asin for f in flags})
    who = "your listing" if flags[0].own else "one rival" if count == 1 else f"{count} rivals"
    text = f"{who} {VERBS[kind][count > 1]}"
    if kind in {Kind.PRICE_CUT, Kind.PRICE_RISE}:
        largest = max((f.magnitude or 0.0 for f in flags), key=abs)
        text += f" ({'' if len(flags) == 1 else 'up to '}{ENGLISH.percent(largest)})"
    if kind in {Kind.KEYWORD_GAINED, Kind.KEYWORD_LOST, Kind.SPONSORED_GAINED, Kind.SPONSORED_LOST}:
        words = sorted({f.keyword or "" for f in flags})
        text = text.replace("a keyword", f"“{words[0]}”" if len(words) == 1 else f"{len(words)} keywords")
    return text


def unread(comparison: Comparison) -> str:
    """One sentence on the pages of this night that could not be read; empty when all were."""
    unread = [p for p in comparison.products if p.current(comparison.until) is None]
    causes = {f.outcome for p in unread if (f := p.failure_on(comparison.days[-1]))}
    why = f" ({', '.join(reason(c) for c in sorted(causes))})" if causes else ""
    lost = sum(k.current(comparison.until) is None for k in comparison.keywords)
    parts = [f"{len(unread)} of {len(comparison.products)} products{why}"] if unread else []
    parts += [f"{lost} of {len(comparison.keywords)} keywords"] if lost else []
    return f"Could not be read: {', '.join(parts)}." if parts else ""


def elsewhere(comparison: Comparison) -> str:
    """One sentence on the pages of this night that were for another place; empty when none was."""
    now = [o for p in comparison.products if (o := p.current(comparison.until))]
    there = [o.elsewhere for o in now if o.elsewhere]
    how = "; ".join(sorted(set(there))[:MOST])
    return f"Of another place, so not compared: offers of {len(there)} of {len(now)} products ({how})." if there else ""


def open_defects(comparison: Comparison) -> list[Defect]:
    """What our reading lost, as the newest crawl showed it; the most pages first."""
    newest = {
        (d.kind, d.field, d.since): d
        for d in comparison.defects
        if d.lasting and comparison.until - d.observed_at <= CURRENT_WITHIN
    }
    return sorted(newest.values(), key=lambda d: (-d.missing, d.field))


def defect(comparison: Comparison) -> str:
    """One sentence on what a changed layout hides this night; empty when nothing is."""
    lost = open_defects(comparison)
    if not lost:
        return ""
    zone = ZoneInfo(comparison.time_zone)
    parts = [f"{misread(d)} since {ENGLISH.day(d.since.astimezone(zone).date())}" for d in lost[:MOST]]
    more = f", and {len(lost) - MOST} more fields" if len(lost) > MOST else ""
    return f"Our own defect, no move of a rival: {', '.join(parts)}{more}."
