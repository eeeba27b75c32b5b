"""The morning round of all listings, and what went wrong with the tracker itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from reports.checklist import Mark
from reports.crawled import Crawled
from reports.news import crawl_failed, job_failed
from reports.page.checklist import Round
from reports.report import Report
from reports.wording import Wording
from storage.marketplaces import MARKETPLACES
from tracker.config import Config
from tracker.journal import ENOUGH, Journal
from tracker.timetable import present

NAME = "checklist.html"
LATELY = timedelta(days=2)
"""What a job of the schedule failed at since then is told."""


def rounds(reports: Sequence[Report], language: str) -> list[Round]:
    """The round of each listing, with a link to its newest report."""
    return [Round(report, language, f"{report.comparison.listing}.html") for report in reports]


def troubles(config: Config, crawls: Sequence[Crawled], language: str) -> list[str]:
    """Crawls that read too little, and jobs of the schedule that did not go well lately, in words."""
    words, now = words_of_all(config, language), present()
    found = [words.said(crawl_failed(crawl)) for crawl in crawls if fell_short(config, crawl, now)]
    failed = Journal(config.storage.database).failed(now - LATELY)
    return found + [words.said(job_failed(str(job), str(work))) for job, work in failed]


def fell_short(config: Config, crawl: Crawled, now: datetime) -> bool:
    """Whether a crawl is over, by its end or by its time, and read too little."""
    over = crawl.state == "complete" or crawl.started_at + timedelta(hours=config.crawl.window) < now
    return over and crawl.coverage < ENOUGH


def words_of_all(config: Config, language: str) -> Wording:
    """The words for what is of no listing: on the first one's clock."""
    first = config.listings()[0]
    return Wording(language, MARKETPLACES[first.marketplace].currency, first.time_zone)


def lines(found: Sequence[Round], troubles: Sequence[str]) -> list[tuple[Mark | None, str]]:
    """The round as lines for a terminal, each with its mark; None is a heading."""
    told: list[tuple[Mark | None, str]] = [(Mark.LOOK, text) for text in troubles]
    for each in found:
        told.append((None, f"{each.listing}, {each.night}"))
        for view in each.checks:
            told.append((view.check.mark, f"{view.name}: {view.says}" if view.says else view.name))
            for look in view.looks:
                whose = f"{look.label.chip} {look.label.name or look.label.asin}: " if look.label else ""
                told.append((Mark.LOOK, f"    {whose}{look.text}{f'   {look.command}' if look.command else ''}"))
    return told
