"""What could not be read, and what our reading lost, in phrases."""

from zoneinfo import ZoneInfo

from reports.crawled import Gap, Shift
from reports.defect import Defect
from reports.labels import PAGES, REASONS, field_label
from reports.sections.reasons import because, differences
from reports.sentences import Fact, Said
from reports.series import CURRENT_WITHIN, Comparison
from storage.marketplaces import MARKETPLACES

MOST = 5
"""Things named before the rest is only counted."""


def unread(comparison: Comparison) -> Said | None:
    """What of this night could not be read, and whether it is not the last one of the days; None when all was read."""
    lost = [p for p in comparison.products if p.current(comparison.until) is None]
    causes = {f.outcome for p in lost if (f := p.failure_on(comparison.night))}
    keywords = [k for k in comparison.keywords if k.current(comparison.until) is None]
    parts = []
    if lost:
        facts: dict[str, Fact] = {"lost": len(lost), "of": len(comparison.products)}
        facts["why"] = [because(c) for c in sorted(causes)]
        why = "{lost:number} of {of:count product|products} ({why:list})"
        parts.append(Said(why if causes else "{lost:number} of {of:count product|products}", facts))
    if keywords:
        failed = (k.daily.get(comparison.night) for k in keywords)
        causes = {read.reason for read in failed if read and read.reason}
        facts = {"lost": len(keywords), "of": len(comparison.keywords), "why": [because(c) for c in sorted(causes)]}
        why = "{lost:number} of {of:count keyword|keywords} ({why:list})"
        parts.append(Said(why if causes else "{lost:number} of {of:count keyword|keywords}", facts))
    facts = {"parts": parts, "night": comparison.night}
    if comparison.night < comparison.days[-1]:
        if not parts:
            return Said("Nothing was crawled after {night:day}: what stands here is of that night.", facts)
        return Said("Nothing was crawled after {night:day}. Not read on that night: {parts:clauses}.", facts)
    return Said("Could not be read: {parts:clauses}.", facts) if parts else None


def elsewhere(comparison: Comparison) -> Said | None:
    """One sentence on the pages of this night that were for another place; None when none was."""
    now = [o for p in comparison.products if (o := p.current(comparison.until))]
    there = [o.elsewhere for o in now if o.elsewhere]
    how = [said for each in sorted(set(there))[:MOST] for said in differences(each)]
    facts: dict[str, Fact] = {"there": len(there), "of": len(now), "how": how}
    text = "Of another place, so not compared: offers of {there:number} of {of:count product|products} ({how:phrases})."
    return Said(text, facts) if there else None


def open_defects(comparison: Comparison) -> list[Defect]:
    """What our reading lost, as the newest crawl showed it; the most pages first."""
    newest = {
        (d.kind, d.field, d.since): d
        for d in comparison.defects
        if d.lasting and comparison.until - d.observed_at <= CURRENT_WITHIN
    }
    return sorted(newest.values(), key=lambda d: (-d.missing, d.field))


def defect(comparison: Comparison) -> Said | None:
    """One sentence on what a changed layout hides this night; None when nothing is."""
    lost, zone = open_defects(comparison), ZoneInfo(comparison.time_zone)
    if not lost:
        return None
    text = "{field:said} unread on {missing:number} of {of:number} {pages:said} since {since:day}"
    parts = [Said(text, _facts(d, zone)) for d in lost[:MOST]]
    if len(lost) > MOST:
        parts.append(Said("and {more:count more field|more fields}", {"more": len(lost) - MOST}))
    return Said("Our own defect, no move of a rival: {parts:clauses}.", {"parts": parts})


def misread(found: Defect, zone: ZoneInfo) -> Said:
    """The whole sentence on a defect: how many pages, since which local day, how it was before, and why."""
    usual: Said | str = ""
    if found.usual is not None:
        most = round(found.usual, 2) > 0
        usual = Said(", before that on {usual:share} of them" if most else ", before that on none", _facts(found, zone))
    layout: Said | str = ""
    if found.layout:
        new = "; layout “{layout}”, seen for the first time"
        layout = Said(new if found.new_layout else "; layout “{layout}”", {"layout": found.layout})
    more = {"before": usual, "why": [because(r) for r in found.reasons], "layout": layout}
    return Said(
        "{field:capital} unread on {missing:number} of {of:number} {pages:said} since {since:day}{before}"
        " ({why:list}{layout})",
        _facts(found, zone) | more,
    )


def _facts(found: Defect, zone: ZoneInfo) -> dict[str, Fact]:
    return {
        "field": field_label(found.field),
        "missing": found.missing,
        "of": found.of,
        "pages": PAGES[found.kind],
        "since": found.since.astimezone(zone).date().isoformat(),
        "usual": found.usual,
    }


def shifted(shift: Shift) -> Said:
    """A field that went missing between two crawls, or came back."""
    return Said(
        "{host}: {field:said} missing on {now:share} of the {pages:said}, before that on {before:share}",
        {
            "host": MARKETPLACES[shift.marketplace].host,
            "field": field_label(shift.field),
            "now": shift.now,
            "pages": PAGES[shift.kind],
            "before": shift.before,
        },
    )


def unread_for(gap: Gap) -> Said:
    """Why pages were not read."""
    detail = REASONS.get(gap.detail or "", (gap.detail or "").replace("_", " "))
    why = because(gap.outcome)
    if why.facts or detail in why.text:
        return why
    return Said("{why:said} ({detail:said})", {"why": why.text, "detail": detail})
