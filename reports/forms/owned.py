"""The own numbers as they stand in the record."""

from decimal import Decimal
from typing import Literal

from reports.exported import Day
from reports.forms.shape import Figure, Money, OwnDay, OwnMeasure, OwnNumbers, OwnSpan, OwnStock, OwnTerm
from reports.sections.own import Line, Own
from reports.sections.values import Form, Number, in_units
from reports.wording import Wording


def numbers_of(own: Own, words: Wording) -> OwnNumbers:
    """With the sentences in the language of ``words``, and its currency."""

    def money(value: Number | None) -> Money | None:
        currency = words.currency
        return None if value is None else Money(amount=f"{in_units(value, currency):f}", currency=currency)

    def figure(form: Form, value: Number | None) -> Figure:
        return money(value) if form is Form.MONEY else _short(value)

    def measure(line: Line) -> OwnMeasure:
        form = line.measure.form
        unit: Literal["money", "number", "share"] = (
            "money" if form is Form.MONEY else "share" if form is Form.SHARE else "number"
        )
        return OwnMeasure(
            key=line.measure.key,
            label=words.say(line.measure.head),
            unit=unit,
            value=figure(form, line.now.value),
            of=line.now.of,
            reason=words.said(line.now.why) or None,
            before=figure(form, line.before.value),
            before_of=line.before.of,
            change=_short(line.change),
        )

    def day(found: Day) -> OwnDay:
        return OwnDay(
            day=found.day,
            sessions=found.sessions,
            page_views=found.page_views,
            units=found.units,
            orders=found.orders,
            sales=money(found.sales),
            buy_box_percent=_short(found.buy_box_percent),
            ad_clicks=found.ad_clicks,
            ad_spend=money(found.ad_spend),
            ad_sales=money(found.ad_sales),
            ad_orders=found.ad_orders,
            fulfillable=found.fulfillable,
            inbound=found.inbound,
        )

    cover = own.cover
    return OwnNumbers(
        imported=own.imported,
        sentence=words.said(own.says) or None,
        measures=[measure(line) for line in own.lines],
        stock=OwnStock(
            days=_short(cover.days),
            reason=words.said(cover.why) or None,
            counted=cover.counted,
            fulfillable=cover.fulfillable,
            inbound=cover.inbound,
            pace=_short(cover.pace),
            of=cover.of,
        ),
        days=[day(found) for found in own.days],
        terms=[
            OwnTerm(
                term=each.searched.term,
                clicks=each.searched.clicks,
                spend=money(each.searched.spend),
                sales=money(each.searched.sales),
                orders=each.searched.orders,
                acos=_short(each.acos),
                watched=each.place is not None,
                organic=each.place.organic if each.place else None,
            )
            for each in own.terms
        ],
        terms_of=own.terms_of,
        longer=[
            OwnSpan(
                first=each.days.first,
                last=each.days.last,
                units=each.units,
                sessions=each.sessions,
                sales=money(each.sales),
                ad_spend=money(each.ad_spend),
            )
            for each in own.longer
        ],
    )


def _short(value: Number | None) -> float | int | None:
    return round(float(value), 4) if isinstance(value, Decimal) else value
