"""A product's page is gone, is there again, or is watched newly.

Model: facts. A page is gone when two crawls in a row were told that there is none (HTTP 404 or 410, or the site's own
page that says so); one may be a slip of the site. A page that was blocked, timed out or came broken says nothing: it
neither makes two in a row nor breaks them. It is there again with the first page that is read.

Newly watched is a product on the first day of its history: before there is a week of it, nothing statistical is said.
On a listing's first day that is said once for all of them.
"""

from collections.abc import Iterator
from datetime import timedelta

from reports.flags.flag import Flag, Verdict, page_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Failure, Observation, ProductSeries

NOT_FOUND = "not_found"
LEAST = 2
WEEK = timedelta(days=8)
"""From the first day to the first that has seven days behind it and can be judged."""

LAST_SEEN = "; last seen on {last:day}"


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        if product.observations:
            yield from _new(comparison, product, product.observations[0])
        if any(failure.outcome == NOT_FOUND for failure in product.failures):
            yield from _gone(comparison, product)


def _new(comparison: Comparison, product: ProductSeries, first: Observation) -> Iterator[Flag]:
    own = comparison.own
    if first.day < comparison.days[0] or (
        not product.own and own.observations and first.day <= own.observations[0].day
    ):
        return
    says = (
        "Seen for the first time on {day:day}: what is unusual for it can be told from {ready:day} on at the earliest"
    )
    facts: dict[str, Fact] = {"ready": first.day + WEEK}
    if product.own:
        says = (
            "Watched since {day:day}, with {count:count rival|rivals}: what is unusual can be told from {ready:day} on "
            "at the earliest"
        )
        facts["count"] = sum(rival.watched_on(first.day) for rival in comparison.rivals)
    verdict = Verdict(Kind.NEWLY_WATCHED, Severity.LOW, (None, first.title), says, facts)
    yield page_flag(comparison, product, (None, first), verdict)


def _gone(comparison: Comparison, product: ProductSeries) -> Iterator[Flag]:
    seen: Observation | None = None
    lost: list[Failure] = []
    crawled: list[Observation | Failure] = list(product.observations)
    crawled += [failure for failure in product.failures if failure.outcome == NOT_FOUND]
    for page in sorted(crawled, key=lambda page: page.observed_at):
        if isinstance(page, Failure):
            lost.append(page)
            if len(lost) == LEAST:
                yield _told_gone(comparison, product, seen, lost)
            continue
        if len(lost) >= LEAST:
            yield _told_back(comparison, product, seen, lost, page)
        seen, lost = page, []


def _told_gone(comparison: Comparison, product: ProductSeries, seen: Observation | None, lost: list[Failure]) -> Flag:
    facts: dict[str, Fact] = {"since": lost[0].day}
    says: tuple[str, ...]
    if seen is None:
        says = ("Page not found on {since:day}, nor on {day:day}, and never seen before: is the ASIN right?",)
    else:
        says = ("The listing is gone: page not found on {since:day}, nor on {day:day}", LAST_SEEN)
        facts["last"] = seen.day
    verdict = Verdict(
        Kind.LISTING_GONE,
        Severity.HIGH if product.own else Severity.MEDIUM,
        (seen.title if seen else None, lost[-1].outcome),
        says,
        facts,
        since=lost[0].observed_at,
    )
    return page_flag(comparison, product, (seen or lost[0], lost[-1]), verdict)


def _told_back(
    comparison: Comparison, product: ProductSeries, seen: Observation | None, lost: list[Failure], page: Observation
) -> Flag:
    away = (page.observed_at - lost[0].observed_at) / timedelta(days=1)
    facts: dict[str, Fact] = {"away": away}
    says: tuple[str, ...]
    if seen is None:
        says = ("There is a page for it on {day:day}; none had been found for at least {away:days}",)
    else:
        says = ("The listing is there again on {day:day}; its page had not been found for {away:days}", LAST_SEEN)
        facts["last"] = seen.day
    verdict = Verdict(
        Kind.LISTING_BACK,
        Severity.HIGH if product.own else Severity.MEDIUM,
        (lost[-1].outcome, page.title),
        says,
        facts,
    )
    return page_flag(comparison, product, (lost[-1], page), verdict)
