"""`tracker review`: what a week or a month was for all listings, in one document to send to the team."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from reports.form import Form
from reports.forms.reviewed import SIGNS, reviewed
from reports.gather import many_objects
from reports.news import Part
from reports.page.review import Reviewed, render_review
from reports.period import Asked
from storage.store import StoreError
from tracker.config import Config
from tracker.report import gathered, own_or_built_in, printer_for, replace, suffix
from tracker.timetable import REVIEWS, Job, listings, present

FORMS = (Form.HTML, Form.PDF, Form.MD)
"""Those that a review comes in."""


def review_parts(config: Config, job: Job, link: str | None) -> list[Part]:
    """What a message says of the review that a job wrote: of the listings on its clock. None where nothing of theirs
    can be told."""
    names = [listing.name for listing in listings(config, job.zone)]
    try:
        reports, _, _ = gathered(config, names, Asked(sort=REVIEWS[job.kind]))
    except StoreError:
        return []
    parts = []
    for each in (Reviewed(report, config.report.language, present()) for report in reports):
        lines = [f"{SIGNS[line.sense]}{line.text}" for chapter in each.chapters for line in chapter.lines]
        name = each.report.comparison.listing
        parts.append(
            Part(
                name=f"{name}, {each.view.period}",
                headline=each.view.headline,
                lines=lines,
                link=link.format(listing=name) if link else None,
            )
        )
    return parts


@many_objects()
def write_review(
    config: Config,
    names: Iterable[str],
    asked: Asked,
    forms: Sequence[Form] = (Form.HTML,),
    language: str | None = None,
) -> tuple[list[Path], list[str]]:
    """Write the review of the named listings (all when none is named) over a week or a month, one file for each form,
    named by its days. Returns the files, and why some listing is not in it: one sentence each.

    Raises:
        StoreError: there is no data yet, or the database is in use.
        PrintError: there is no browser to print a PDF with; what is no PDF is written.
    """
    reports, untold, _ = gathered(config, tuple(names), asked)
    language, newest = language or config.report.language, max(reports, key=lambda each: each.period.days.last)
    name = f"review{suffix(asked, newest)}"
    make = partial(render_review, reports, language=language)
    files = [config.report.folder / f"{name}.{form}" for form in forms]
    with printer_for(config, forms) as printer:
        for form, path in sorted(zip(forms, files, strict=True), key=lambda each: each[0] is Form.PDF):
            if form is Form.MD:
                replace(path, reviewed(reports, language))
                continue
            page = own_or_built_in(make, config.report.templates, untold)
            replace(path, page.encode() if form is Form.HTML else printer.pdf(page, (name, ""), ""))
    return files, untold
