"""The morning round of all listings, and what went wrong with the tracker itself."""

from collections.abc import Sequence
from datetime import timedelta

from reports.checklist import Mark
from reports.crawled import Crawled
from reports.news import crawl_failed, job_failed
from reports.page.checklist import Round
from reports.report import Report
from reports.wording import Wording
from storage.marketplaces import MARKETPLACES
from tracker.config import Config
from tracker.journal import ENOUGH, INCOMPLETE, Journal
from tracker.timetable import CRAWLS, present

NAME = "checklist.html"
LATELY = timedelta(days=2)
"""What a job of the schedule failed at since then is told."""


def rounds(reports: Sequence[Report], language: str) -> list[Round]:
    """The round of each listing, with a link to its newest report."""
    return [Round(report, language, f"{report.comparison.listing}.html") for report in reports]


def troubles(config: Config, crawls: Sequence[Crawled], language: str) -> list[str]:
    """Crawls that read too little, and jobs of the schedule that did not go well lately, in words."""
    first = config.listings()[0]
    words = Wording(language, MARKETPLACES[first.marketplace].currency, first.time_zone)
    found = [words.said(crawl_failed(crawl)) for crawl in crawls if crawl.coverage < ENOUGH]
    for job, standing in Journal(config.storage.database).standings().items():
        work = standing.work
        if not work or not work.ended or work.well or work.cut_off or work.ended < present() - LATELY:
            continue
        if not (job.kind in CRAWLS and work.code == INCOMPLETE):  # its crawl is told
            found.append(words.said(job_failed(str(job), str(work))))
    return found


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
