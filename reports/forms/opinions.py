"""Bad reviews in the record and in the workbook."""

from collections.abc import Iterator
from datetime import UTC

from reports.forms.shape import Reviews, ReviewSeen, ReviewTopic, TopicCounted
from reports.forms.sheet import Cell, Head, Line
from reports.forms.sheets import Sheets
from reports.page.ledger import SOMETHING_ELSE
from reports.report import Report
from reports.sections.ledger import Came, Opinion
from reports.topics import TOPICS
from reports.wording import Wording

CAME = {Came.NEW: "new", Came.CHANGED: "stars changed", Came.SURFACED: "old, came to the front"}
STATES = {"new": "not handled", "handled": "handled"}


def reviews(report: Report, words: Wording) -> Reviews:
    """The record of a report's reviews."""
    found = report.ledger
    return Reviews(
        seen=[_seen(each) for each in found.opinions],
        topics=[
            TopicCounted(
                topic=each.topic,
                label=words.say(TOPICS.get(each.topic, SOMETHING_ELSE)),
                own=each.own,
                own_share=round(each.own / found.own, 4) if found.own else None,
                rivals=each.rivals,
                rivals_share=round(each.rivals / found.rivals, 4) if found.rivals else None,
                products=dict(each.products),
                words=list(each.words),
            )
            for each in found.topics
        ],
        unlisted=found.unlisted,
        open=found.open,
        unknown=list(found.unknown),
        summary=words.said(found.says) or None,
    )


def _seen(opinion: Opinion) -> ReviewSeen:
    kept, told = opinion.kept, opinion.topics
    return ReviewSeen(
        review_id=kept.review_id,
        asin=opinion.asin,
        own=opinion.own,
        asins=list(kept.asins),
        came=opinion.came.value,
        day=opinion.day,
        stars=kept.stars,
        stars_before=kept.stars_before,
        reviewed_on=kept.reviewed_on,
        first_seen=kept.first_seen_at.astimezone(UTC),
        country=kept.country,
        verified=kept.verified,
        variant=kept.variant,
        title=kept.title,
        body=kept.body,
        language=opinion.language,
        topics=None if told is None else [ReviewTopic(topic=each.key, words=list(each.words)) for each in told],
        state=kept.state if opinion.own else None,  # type: ignore[arg-type]
        note=kept.note,
        said_at=kept.said_at.astimezone(UTC) if kept.said_at else None,
    )


class Opinions(Sheets):
    """Bad reviews, one a row."""

    def review_heads(self) -> list[Head]:
        heads = self.heads("Day", "Product", "ASIN", "What happened", "Stars", "Stars before", "Topics", "Found by")
        ends = self.heads("Written", "Country", "Verified purchase", "Variation", "State", "Note", "Review")
        return [*heads, self.prose("Headline"), self.prose("Text"), *ends]

    def reviews(self) -> Iterator[Line]:
        for opinion in self.report.ledger.opinions:
            kept = opinion.kept
            cells = [
                Cell(opinion.day, "day"),
                *self.named(opinion.asin),
                Cell(self.say(CAME[opinion.came])),
                Cell(kept.stars, "number"),
                Cell(kept.stars_before, "number"),
                Cell(self._topics(opinion)),
                Cell(", ".join(word for each in opinion.topics or () for word in each.words) or None),
                Cell(kept.reviewed_on, "day"),
                Cell(kept.country),
                Cell(kept.verified),
                Cell(kept.variant),
                Cell(self.say(STATES[kept.state]) if opinion.own and kept.state else None),
                Cell(kept.note),
                Cell(kept.review_id),
            ]
            cells[8:8] = [Cell(kept.title, "prose"), Cell(kept.body, "prose")]
            yield Line(cells, opinion.own)

    def _topics(self, opinion: Opinion) -> str | None:
        if opinion.topics is None:
            return None
        return ", ".join(self.say(TOPICS[each.key]) for each in opinion.topics) or self.say(SOMETHING_ELSE)
