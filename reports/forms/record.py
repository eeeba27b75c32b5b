"""The report as JSON for programs: one object, of the shape that :mod:`reports.forms.shape` describes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from reports.flags import Flag
from reports.forms.acted import done_of
from reports.forms.daily import COLUMNS, MONEY, Daily, daily
from reports.forms.opinions import reviews
from reports.forms.owned import numbers_of
from reports.forms.ranked import lists_of
from reports.forms.shape import (
    VERSION,
    Changed,
    Content,
    Day,
    Effect,
    Figure,
    Flagged,
    Head,
    Health,
    Holding,
    Keyword,
    Measured,
    Money,
    Move,
    Moved,
    Product,
    Promotion,
    Proposal,
    Ranked,
    Record,
    Summed,
    Versus,
)
from reports.forms.shape import Holder as HolderOf
from reports.forms.sold import sold_of
from reports.headline import headline
from reports.health import Point
from reports.page.told import Telling
from reports.report import Report
from reports.rivals.score import Scored
from reports.sections.against import Compared, Summary, measures
from reports.sections.contents import ContentChange
from reports.sections.matrix import Column, Place
from reports.sections.promotions import Promoted, Spell
from reports.sections.share import Held, Holder
from reports.sections.table import Row
from reports.sections.values import SPANS, Form, Measure, Number, Value, in_units
from reports.sentences import Said, sentence
from reports.stored import StoredMove
from reports.wording import Wording

_ENCODER = msgspec.json.Encoder()
_RISKY = re.compile("[<>&\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""What could leave a script element, end a line of JavaScript or turn text round where JSON is shown; all of it can
stand in strings only, and is escaped there, so that it is still the same text."""


def record(report: Report, language: str, generated_at: datetime) -> bytes:
    """The record of a report as JSON (UTF-8), its sentences in ``language``."""
    text = _ENCODER.encode(_Writer(report, language).record(generated_at)).decode()
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


class _Writer:
    def __init__(self, report: Report, language: str) -> None:
        comparison = report.comparison
        self.report = report
        self.words = Wording(language, comparison.currency, comparison.time_zone)
        self.telling = Telling(comparison, self.words)
        self.labels = self.telling.labels

    def record(self, generated_at: datetime) -> Record:
        report, comparison = self.report, self.report.comparison
        days: dict[str, list[Day]] = {}
        for each in daily(report):
            days.setdefault(each.product.asin, []).append(self._day(each))
        return Record(
            schema=VERSION,
            generated_at=_utc(generated_at),
            language=self.words.lang,
            listing=comparison.listing,
            marketplace=comparison.marketplace,
            currency=comparison.currency,
            time_zone=comparison.time_zone,
            until=_utc(comparison.until),
            period=report.period.days,
            sort=report.period.sort,
            against=report.period.against,
            headline=self.words.said(headline(comparison, report.flags, report.period.told, report.health)),
            columns=[self._head(column) for column in report.columns],
            days=list(report.shown),
            products=[self._product(row, days[row.product.asin]) for row in report.rows],
            keywords=[self._keyword(column) for column in report.keywords],
            flags=[self._flag(flag) for flag in report.flags],
            moves=[self._move(move) for move in report.moves],
            period_columns=[self._head(column) for column in measures(comparison)],
            periods={product.asin: self._versus(product) for product in report.against},
            share=[self._holder(holder) for holder in (*report.share.products, *report.share.strangers)],
            ranked_lists=lists_of(report, self.words),
            promotions=[self._promotion(product, spell) for product in report.promotions for spell in product.spells],
            contents=[self._content(change) for change in report.contents.changes],
            reviews=reviews(report, self.words),
            sales=sold_of(report.sales, self.words),
            gaps=list(comparison.gaps),
            quality=report.quality,
            proposals=list(self._proposals()),
            health=[health_of(point, self.words) for point in report.health],
            journal=done_of(report.journal, self.telling),
            own=numbers_of(report.own, self.words),
        )

    def _said(self, phrases: Sequence[Said]) -> str | None:
        return self.words.said(phrases) or None

    def _money(self, value: Number | None) -> Money | None:
        currency = self.words.currency
        return None if value is None else Money(amount=f"{in_units(value, currency):f}", currency=currency)

    def _figure(self, form: Form, value: Number | None) -> Figure:
        return self._money(value) if form is Form.MONEY else _bare(value)

    def _head(self, column: Measure) -> Head:
        unit: Literal["money", "number", "share", "text"] = (
            "number" if column.form in {Form.NUMBER, Form.FIXED} else column.form.value  # type: ignore[assignment]
        )
        return Head(key=column.key, label=self.words.say(column.head), unit=unit, better=column.better)  # type: ignore[arg-type]

    def _product(self, row: Row, days: list[Day]) -> Product:
        label = self.labels[row.product.asin]
        return Product(
            asin=label.asin,
            own=label.own,
            name=label.chip,
            title=row.product.title,
            brand=row.product.brand,
            url=label.url,
            unread=self._said(row.unread),
            measures={column.key: self._measured(column, row.values[column.key]) for column in self.report.columns},
            days=days,
        )

    def _measured(self, column: Measure, value: Value) -> Measured:
        changes = [
            Changed(
                span=span,
                since=change.before_day,
                before=self._figure(column.form, change.before),
                difference=self._figure(column.form, change.difference),
                percent=_bare(change.percent),
            )
            for span, change in zip(SPANS, value.changes, strict=False)
            if change
        ]
        return Measured(
            value=self._figure(column.form, value.value),
            text=self._said(value.said),
            reason=self._said(value.why),
            note=self._said(value.note),
            changes=changes,
            place=value.place,
            of=value.of,
        )

    def _day(self, day: Daily) -> Day:
        values: dict[str, Any] = {
            name: self._money(day.values[name]) if name in MONEY else _bare(day.values[name]) for name in COLUMNS
        }
        at = _utc(day.seen.observed_at) if day.seen else None
        return Day(day=day.day, observed_at=at, reason=day.reason, missing=dict(day.missing), **values)

    def _keyword(self, column: Column) -> Keyword:
        places = {asin: self._ranked(place) for asin, place in column.places.items()}
        return Keyword(keyword=column.series.keyword, reason=self._said(column.why), places=places)

    def _ranked(self, place: Place) -> Ranked:
        moved = [
            Moved(span=span, since=each.day, before=each.before, after=each.after)
            for span, each in zip(SPANS, place.moved, strict=True)
            if each
        ]
        return Ranked(
            organic=place.organic,
            beyond=place.beyond,
            sponsored=place.sponsored,
            reason=self._said(place.why),
            moved=moved,
            days=list(place.days),
        )

    def _told(self, says: Sequence[str], facts: Mapping[str, Any]) -> dict[str, Any]:
        said = sentence(says, facts, str(self.words.locale))
        return {"sentence": said, "says": list(says), "facts": dict(facts)}

    def _flag(self, flag: Flag) -> Flagged:
        return Flagged(
            **self._told(flag.says, flag.facts),
            day=flag.day,
            kind=flag.kind.value,
            severity=flag.severity.word,  # type: ignore[arg-type]
            asin=flag.asin,
            own=flag.own,
            keyword=flag.keyword,
            before_at=_utc(flag.before_at) if flag.before_at else None,
            since=_utc(flag.since),
            observed_at=_utc(flag.observed_at),
            before=None if flag.before is None else str(flag.before),
            after=None if flag.after is None else str(flag.after),
            magnitude=flag.magnitude,
            chance=flag.chance,
            evidence=flag.evidence,
        )

    def _move(self, move: StoredMove) -> Move:
        return Move(
            **self._told(move.says, move.facts),
            id=move.move_id,
            theme=move.theme,
            asin=move.asin,
            own=move.own,
            severity=move.severity.word,  # type: ignore[arg-type]
            started=move.started,
            state=move.state,
            ended=move.ended,
            days=move.duration,
            flags=move.flags,
            news=move.news,
            effects=[Effect(verdict=verdict, **self._told(says, facts)) for verdict, says, facts in move.effects],
        )

    def _versus(self, product: Compared) -> dict[str, Versus]:
        def summed(column: Measure, found: Summary) -> Summed:
            return Summed(value=self._figure(column.form, found.value), of=found.of, reason=self._said(found.why))

        both = ((column, product.values[column.key]) for column in measures(self.report.comparison))
        return {
            column.key: Versus(
                now=summed(column, value.now),
                before=summed(column, value.before),
                difference=self._figure(column.form, value.difference),
            )
            for column, value in both
        }

    def _holder(self, holder: Holder) -> HolderOf:
        return HolderOf(
            asin=holder.asin,
            own=holder.own,
            watched=holder.asin in self.labels,
            title=holder.title,
            results=_holding(holder.organic),
            ads=_holding(holder.sponsored),
            keywords=[(_holding(organic), _holding(ads)) for organic, ads in holder.keywords],
        )

    def _promotion(self, product: Promoted, spell: Spell) -> Promotion:
        return Promotion(
            asin=product.asin,
            own=product.own,
            sort=spell.sort.value,
            percent=_bare(spell.percent),
            amount=self._money(spell.amount),
            badge=spell.badge,
            first=spell.first,
            last=spell.last,
            after=spell.after,
            before=spell.before,
            nights=spell.nights,
            unknown=spell.unknown,
            depth=_bare(spell.depth),
        )

    def _proposals(self) -> Iterator[Proposal]:
        found = self.report.proposals
        for weak in found.replace:
            by = weak.by.product.asin if weak.by else None
            sort: Literal["replace", "drop"] = "replace" if by else "drop"
            yield self._rival(sort, weak.rival, weak.says, found.exchange(weak), why=weak.why.value, by=by)
        for each in found.candidates:
            yield self._rival("add", each.scored, each.says, found.add(each))
        for idea in found.keywords:
            yield Proposal(
                sort="keyword",
                asin=None,
                name=idea.keyword,
                why=None,
                by=None,
                score=round(idea.score, 4),
                parts={},
                reasons=[self.words.said(said) for said in idea.says],
                command=found.watch(idea),
            )

    def _rival(
        self,
        sort: Literal["add", "replace", "drop"],
        scored: Scored,
        says: Sequence[Said],
        command: str,
        *,
        why: str | None = None,
        by: str | None = None,
    ) -> Proposal:
        return Proposal(
            sort=sort,
            asin=scored.product.asin,
            name=scored.product.title,
            why=why,
            by=by,
            score=round(scored.score, 4),
            parts={part.key: part.value if part.value is None else round(part.value, 4) for part in scored.parts},
            reasons=[self.words.said(said) for said in says],
            command=command,
        )

    def _content(self, change: ContentChange) -> Content:
        before, after = map(self.report.contents.hashes.get, change.fetches)
        return Content(
            asin=change.asin,
            own=change.own,
            part=change.part,
            before=change.before,
            after=change.after,
            last=change.last,
            first=change.first,
            times=change.times,
            before_page=before,
            after_page=after,
        )


def _holding(held: Held) -> Holding:
    shares = [_bare(value) for value in (held.share, held.before, held.change)]
    return Holding(share=shares[0], before=shares[1], change=shares[2], days=[_bare(day) for day in held.days])


def _bare(value: Any) -> Any:
    """A figure that is no money: whole numbers whole, others with the digits that mean anything."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == int(value) else round(float(value), 4)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def health_of(point: Point, words: Wording) -> Health:
    """One point of health as it stands in the record."""
    return Health(
        key=point.key,
        keyword=point.keyword,
        name=words.said(point.name),
        state=point.state.value,
        severity=point.severity.word,  # type: ignore[arg-type]
        sentence=words.said(point.says) or None,
        since=point.since,
        new=point.new,
        before=point.before,
        after=point.after,
        last=point.last,
        days=[None if state is None else state.value for state in point.days],
        sql=point.sql,
    )
