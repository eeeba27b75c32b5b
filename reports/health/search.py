"""Whether the own listing is found: by its own title, and organically for each watched keyword."""

from datetime import date

from reports.health.point import Day, Rule, Verdict, ok, unknown, wrong
from reports.sections.reasons import because
from reports.sentences import Fact, Said
from reports.series import KeywordRead, KeywordSeries

NIGHTS = 2
"""Lost is a keyword after so many without the listing: a single one, at the end of the pages read, proves nothing."""


def own_title(day: Day) -> Verdict:
    """On page one of the search for its title, be it as an ad."""
    found = day.search
    if found is None:
        return unknown(Said("its title was not searched for"))
    if found.outcome != "ok":
        return unknown(because(found.outcome))
    if found.organic is not None:
        return ok(Said("place {place:number}", {"place": found.organic}))
    if found.sponsored:
        return ok(Said("as an ad only"))
    text = "not among the {n:count organic result|organic results} on page one of the search for its title"
    return wrong(Said(text, {"n": found.results}))


def keyword(series: KeywordSeries, asin: str) -> Rule:
    """Among the organic results of the pages read."""
    last: tuple[date, int] | None = None
    lost: list[date] = []

    def rule(day: Day) -> Verdict:
        nonlocal last
        read = series.daily.get(day.day)
        if read is None or not read.known(asin):
            return unknown(because(_unread(read)))
        place = read.place(asin).organic
        if place is not None:
            last = (day.day, place)
            lost.clear()
            return ok(Said("place {place:number}", {"place": place}))
        lost.append(day.day)
        facts: dict[str, Fact] = {"n": read.organic_results, "since": lost[0]}
        if last and len(lost) < NIGHTS:
            text = "not among the first {n:number} results, on one night only so far"
            return unknown(Said(text, facts))
        beyond = Said("not among the first {n:number} results since {since:day}", facts)
        if last is None:
            return wrong(beyond, Said("never seen among them"))
        seen = Said("last seen on {last:day} at place {place:number}", {"last": last[0], "place": last[1]})
        return wrong(beyond, seen, before=last[1], last=last[0])

    return rule


def _unread(read: KeywordRead | None) -> str:
    """Why the place is not known."""
    if read is None:
        return "not_crawled"
    return "ambiguous" if read.pages_read else read.reason or "not_crawled"
