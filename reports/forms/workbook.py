"""The report as an Excel workbook: where each product stands, what changed, what was told, and every day as a row."""

from datetime import UTC, datetime

from reports.forms.happened import Happened
from reports.forms.numbers import Numbers
from reports.forms.opinions import Opinions
from reports.forms.reading import Reading
from reports.forms.sheet import Book, Head
from reports.forms.sold import Selling
from reports.forms.standing import Standing
from reports.forms.tended import Tended
from reports.headline import headline
from reports.report import Report
from reports.wording import Wording


def workbook(report: Report, language: str, generated_at: datetime) -> bytes:
    """The workbook of a report (XLSX), its words and figures in ``language``. The same data make the same file."""
    comparison, days = report.comparison, report.period.days
    words = Wording(language, comparison.currency, comparison.time_zone)
    night = words.said(headline(comparison, report.flags, report.period.told, report.health))
    title = f"{comparison.listing} – {words.span(days.first, days.last)}"
    about = {"title": title, "comments": night, "created": generated_at.astimezone(UTC).replace(tzinfo=None)}
    book = Book(words, about, title, words.say("Data up to {moment}.", moment=words.moment(comparison.until)))
    standing, happened, reading = Standing(report, words), Happened(report, words), Reading(report, words)
    tended = Tended(report, words)
    say = words.say
    book.sheet(say("Position"), standing.position_heads(), standing.position(), unprinted=1)
    book.sheet(say("Health"), tended.health_heads(), tended.health(), unprinted=2)
    book.sheet(say("Changes"), standing.change_heads(), standing.changes())
    book.sheet(say("Two periods"), standing.period_heads(), standing.periods())
    if report.keywords:
        book.sheet(say("Keywords"), standing.keyword_heads(), standing.keywords())
        book.sheet(say("Share of search"), standing.share_heads(), standing.shares())
    if report.lists.lists:
        book.sheet(say("Ranked lists"), tended.list_heads(), tended.lists())
    if report.sales.estimated:
        selling = Selling(report, words)
        book.sheet(say("Sales estimates"), selling.sales_heads(), selling.sales(), unprinted=1)
    if report.own.days:
        numbers = Numbers(report, words)
        book.sheet(say("Own numbers"), numbers.day_heads(), numbers.days())
        book.sheet(say("Search terms"), numbers.term_heads(), numbers.terms())
    book.sheet(say("Flags"), happened.flag_heads(), happened.flags(), unprinted=4)
    book.sheet(say("Moves"), happened.move_heads(), happened.moves())
    if report.journal.actions:
        book.sheet(say("Journal"), tended.action_heads(), tended.actions())
    book.sheet(say("Promotions"), happened.promotion_heads(), happened.promotions())
    book.sheet(say("Product pages"), happened.content_heads(), happened.contents(), unprinted=2)
    if report.ledger.opinions:
        opinions = Opinions(report, words)
        book.sheet(say("Reviews"), opinions.review_heads(), opinions.reviews(), unprinted=1)
    book.sheet(say("Daily"), happened.daily_heads(), happened.daily())
    book.sheet(say("Data quality"), reading.quality_heads(), reading.quality())
    book.sheet(say("Not read"), reading.gap_heads(), reading.gaps())
    book.sheet(say("About"), [*reading.heads("About"), Head("", prose=True)], reading.about(title, night))
    return book.close()
