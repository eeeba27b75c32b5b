"""`tracker check`: what a crawl with this configuration would do."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from babel import Locale
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from spiders.tasks import Job, Task, plan
from storage.model import Listing
from tracker.config import Config
from tracker.known import Knowledge, Known, known, titles, with_lists
from tracker.sections import NEVER
from tracker.timetable import following, present, timetable

_PAGE_SECONDS = 2.0
"""Assumed time to download one page of 1 to 2 MB; the delay between requests comes on top only
where it is longer, since Scrapy counts it from request to request."""


def duration(requests: int, config: Config) -> timedelta:
    """Expected time for this many requests to one marketplace at the configured pace."""
    crawl = config.crawl
    seconds = max(crawl.delay, _PAGE_SECONDS / crawl.concurrency)
    return timedelta(seconds=math.ceil(requests * seconds))


def show(config: Config, path: Path, out: Console) -> None:
    """Print listings, pages, requests and duration, and whatever looks unintended."""
    table = Table("listing", "marketplace", "ASIN", "rivals", "keywords", "lists", header_style="bold")
    knowledge = known(config.storage.database)
    for listing in config.listings():
        table.add_row(
            listing.name,
            listing.marketplace,
            listing.asin,
            str(len(listing.rivals)),
            ", ".join(f"{escape(k.keyword)} ({k.pages} p.)" for k in listing.keywords) or "none",
            escape(_lists(listing, knowledge)),
        )
    out.print(f"{escape(str(path))}: valid")
    out.print(table)
    jobs = [job for job in get_args(Job) if job != "lists" or config.schedule.lists != NEVER]
    tasks = plan([with_lists(each, knowledge) for each in config.listings()], jobs, titles(knowledge))
    pages = Counter(task.marketplace for task in tasks)
    robots = len(pages) if config.crawl.robots else 0
    longest = max((duration(n + bool(robots), config) for n in pages.values()), default=timedelta())
    out.print(f"pages      {len(tasks)}: {_kinds(tasks, len(plan(config.listings())))}")
    out.print(f"requests   {len(tasks) + robots}" + (f", {robots} of them for robots.txt" if robots else ""))
    out.print(
        f"duration   about {longest} at {config.crawl.delay:g} s between requests"
        + (", marketplaces side by side" if len(pages) > 1 else "")
    )
    now = present()
    schedule = Table("job", "cron", "next, when `tracker schedule` runs", header_style="bold")
    for job, when in timetable(config).items():
        at = following(when, job.zone, now).astimezone(ZoneInfo(job.zone))
        schedule.add_row(job.kind, when, f"{at:%Y-%m-%d %H:%M %Z}")
    out.print(schedule)
    out.print(f"database   {escape(str(config.storage.database))}", soft_wrap=True)
    out.print(f"proxy      {'set' if config.crawl.proxy else 'none'}")
    for hint in (
        *config.hints(),
        *_unlisted(config, knowledge),
        *_too_much(config, pages, longest),
        *untranslated(config.report.language),
    ):
        out.print(f"[yellow]note[/yellow]       {escape(hint)}", soft_wrap=True)


def _kinds(tasks: Collection[Task], watched: int) -> str:
    """How many pages of each kind; ``watched``: those of products and keywords."""
    kinds = Counter(task.kind for task in tasks)
    own = len(tasks) - watched - kinds["bestsellers"]
    titles = f" ({own} for own titles)" if own else ""
    lists = f", {kinds['bestsellers']} pages of ranked lists" if kinds["bestsellers"] else ""
    return f"{kinds['product']} product pages, {kinds['search']} results pages{titles}{lists}"


def _lists(listing: Listing, knowledge: Knowledge) -> str:
    """The ranked lists of a listing, in a few words."""
    if listing.lists is not None:
        return str(len(listing.lists)) if listing.lists else "none"
    found = knowledge.get((listing.marketplace, listing.asin), Known())
    return f"of {found.category} and {found.department}" if found.lists else "of its own categories, not known yet"


def _unlisted(config: Config, knowledge: Knowledge) -> Iterator[str]:
    """Which listings are to have the ranked lists of their own categories and cannot, and why."""
    for each in config.listings():
        found = knowledge.get((each.marketplace, each.asin), Known())
        if each.lists is None and not found.lists:
            why = "no page of it read so far ranks it in a category with a browse node; `lists` takes addresses"
            if found.title is None:
                why = "no page of it has been read; the first crawl finds out, the second reads them"
            yield f"listing {each.name}: the ranked lists of its own categories are not known: {why}"


def untranslated(language: str) -> Iterator[str]:
    """What is to be said of a language that reports have no texts in."""
    from reports.sentences import catalogue  # noqa: PLC0415  it takes a third of a second

    locale = Locale.parse(language.replace("-", "_"))
    if locale.language != "en" and not catalogue(str(locale)):
        yield f"{language}: reports have no texts in it, and stay English, with figures and days as they are there"


def _too_much(config: Config, pages: Mapping[str, int], longest: timedelta) -> Iterator[str]:
    """What of the pages, by marketplace, a crawl cannot get to."""
    budget = config.crawl.budget
    for code, number in pages.items():
        if (requests := number + config.crawl.robots) > budget:
            yield f"crawl.budget = {budget}: a crawl of {code} takes {requests} requests; some pages stay out"
    if longest > timedelta(hours=config.crawl.window):
        yield f"crawl.window = {config.crawl.window:g}: a crawl takes about {longest}; some pages stay out"
