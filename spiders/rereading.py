"""Reads archived pages again, as today's page objects read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from w3lib.encoding import html_to_unicode

from spiders import pages
from spiders.outcome import judge
from spiders.place import again
from spiders.tasks import of_key
from storage.model import PARSER_VERSION, Fetch, Offset, Outcome, Result
from storage.records import Page


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """A page to be read again, and what is stored of it."""

    fetch: Fetch
    """As stored."""
    counted: Offset
    """Its placements as stored; all 0 where it has none."""
    body: bytes | None
    """The page; None when it cannot be had any more."""


def judged(fetch: Fetch, body: bytes) -> tuple[Page, Outcome, str | None]:
    """What the page of ``fetch`` says, read and judged as when it came (see :mod:`spiders.spider`).

    Two things that the crawl knew are not archived: the content-type header, so that the page itself must tell its
    encoding (else UTF-8), and the address that answered, so that the one asked for stands for it.
    """
    _, text = html_to_unicode(None, body, default_encoding="utf-8")
    page = pages.read(text, fetch.url, fetch.marketplace)
    if fetch.outcome is Outcome.REDIRECTED:  # it is another address's page, whatever it says
        return page, fetch.outcome, fetch.detail
    return page, *judge(of_key(fetch.task), page, fetch.http_status or 200)


def anew(group: Sequence[Again], read_at: datetime) -> list[Result | None]:
    """New results for the pages of one product or one keyword in one run, in the order of pages and instants; None
    for a page that cannot be had.

    Positions are counted over the pages of a keyword, so what is read on one moves the next ones. A page that cannot
    be read now counts as many placements as were stored of it.
    """
    read = [judged(each.fetch, each.body) if each.body is not None else None for each in group]
    outcomes = [found[1] if found else None for found in read]
    observed = set(_observed(group, outcomes))
    results: list[Result | None] = []
    before, on_page, number = Offset(), Offset(), None
    for at, (each, found) in enumerate(zip(group, read, strict=True)):
        if each.fetch.page != number:  # what was counted on the page before
            before, on_page, number = _sum(before, on_page), Offset(), each.fetch.page
        if found is None:
            on_page = _more(on_page, each.counted)
            results.append(None)
            continue
        page, outcome, detail = found
        ok = outcome is Outcome.OK
        if ok and page.search and at in observed:
            on_page = Offset().after(page.search.placements)
        elif each.fetch.outcome is Outcome.OK and not ok:
            on_page = _more(on_page, each.counted)
        results.append(
            Result(
                fetch=msgspec.structs.replace(
                    each.fetch,
                    outcome=outcome,
                    detail=detail,
                    parser_version=PARSER_VERSION,
                    read_at=_after(read_at, each.fetch.read_at),
                    **again(each.fetch, page.shown if ok else None),
                ),
                product=page.product if ok else None,
                search=page.search if ok else None,
                offset=before if page.search else Offset(),
                lists=page.lists if ok else (),
                offers=page.offers if ok else None,
            )
        )
    return results


def _observed(group: Sequence[Again], outcomes: Sequence[Outcome | None]) -> Iterable[int]:
    """Which of the pages the store takes its rows from: of each task the one it has, else the first that is ok."""
    had = {each.fetch.task: at for at, each in reversed(list(enumerate(group))) if each.fetch.outcome is Outcome.OK}
    taken = set()
    for at, (each, outcome) in enumerate(zip(group, outcomes, strict=True)):
        if outcome is Outcome.OK and each.fetch.task not in taken and had.get(each.fetch.task, at) == at:
            taken.add(each.fetch.task)
            yield at


def _sum(one: Offset, other: Offset) -> Offset:
    return Offset(
        overall=one.overall + other.overall,
        organic=one.organic + other.organic,
        sponsored=one.sponsored + other.sponsored,
    )


def _more(one: Offset, other: Offset) -> Offset:
    """The one that counts more: a page asked for twice has rows of one of its fetches only."""
    return other if other.overall > one.overall else one


def _after(read_at: datetime, before: datetime | None) -> datetime:
    """The store takes a later reading only; a clock that was set back must not keep it from that."""
    return max(read_at, before + timedelta(microseconds=1)) if before else read_at
