"""The data of the charts that a script draws: what ``templates/drawing.js`` reads from the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import get_currency_precision

from reports.flags import Flag
from reports.page.chart import Chart, Map, topic
from reports.page.plot import COLOURS, DASHES, ROOM, Setting, axes
from reports.sections.values import Form, Number
from reports.stored import StoredMove

THEMES = {"reviews": "reviews", "content": "bsr"}
"""The topic of the charts on which a move is marked; that of any other is the price."""
SCALES = {Form.FIXED: 10, Form.SHARE: 1000, Form.NUMBER: 1}
"""A value of a form is told as so many times itself, a whole number."""


@dataclass(frozen=True, slots=True)
class Named:
    """A product, as the charts call it."""

    asin: str
    chip: str
    name: str


def about(move: StoredMove) -> str:
    """The topic of the charts on which a move is marked."""
    return THEMES.get(move.theme, "price")


def payload(
    charts: Sequence[Chart],
    found: Map,
    setting: Setting,
    products: Sequence[Named],
    *,
    flags: Sequence[Flag],
    moves: Sequence[StoredMove],
    acts: Sequence[tuple[int, str, str]] = (),
) -> dict[str, Any]:
    """Series are [product][day] in whole numbers, ``scale`` times the value; null where nothing is known. A place below
    zero is none: so many pages were read, and the product was not on them."""
    words, days = setting.words, tuple(setting.days)
    money = 10 ** get_currency_precision(words.currency)
    order = {product.asin: n for n, product in enumerate(products)}
    day_of = {day: n for n, day in enumerate(days)}
    pages = sorted({pages for chart in charts for line in chart.beyond for pages in line if pages is not None})
    language = str(words.locale)
    return {
        "locale": language.replace("_", "-"),
        "currency": words.currency,
        "days": [words.day(day) for day in days],
        "short": [words.day_short(day) for day in days],
        "before": day_of.get(setting.period.first, 0),
        "products": [
            {"chip": p.chip, "name": p.name, "colour": n % COLOURS, "dash": n // COLOURS % DASHES}
            for n, p in enumerate(products)
        ],
        "out": [sorted(day_of[day] for day in out if day in day_of) for out in setting.out],
        "charts": {chart.key: _chart(chart, money) for chart in charts},
        "map": {
            "spots": [[s.product, _whole(s.price, money), _whole(s.rating, 10), s.reviews] for s in found.spots],
            "room": ROOM,
            "middle": [found.price, found.rating] if found.spots else None,
            "scales": [money, 10],
            "axes": [[axis.low, axis.high] for axis in axes(found)],
        },
        "flags": [
            {
                "topic": topic(f.kind), "keyword": f.keyword, "product": order.get(f.asin or "", -1),
                "day": day_of[f.day], "severity": f.severity.word, "text": f.said(language),
            }
            for f in flags if f.day in day_of
        ],
        "moves": [
            {
                "topic": about(m), "product": order[m.asin or ""], "severity": m.severity.word,
                "from": max(0, (m.started - days[0]).days),
                "to": min(len(days) - 1, ((m.ended or days[-1]) - days[0]).days), "text": m.said(language),
            }
            for m in moves if m.asin in order and (m.ended or days[-1]) >= days[0]
        ],
        "acts": [{"day": day, "name": name, "text": text} for day, name, text in acts],
        "words": _words(setting) | {"beyond": {n: words.say("> page {pages:number}", pages=n) for n in pages}},
    }  # fmt: skip


def _chart(chart: Chart, money: int) -> Mapping[str, Any]:
    scale = money if chart.form is Form.MONEY else SCALES[chart.form]
    lines = [[None if v is None else _whole(v, scale) for v in line] for line in chart.lines]
    for line, beyond in zip(lines, chart.beyond, strict=False):
        for n, pages in enumerate(beyond):
            if pages is not None:
                line[n] = -int(pages)
    return {
        "topic": chart.topic, "form": chart.form, "scale": scale, "log": chart.log, "down": chart.upside_down,
        "keyword": chart.keyword, "first": chart.first_page, "lines": lines,
    }  # fmt: skip


def _whole(value: Number | float, scale: int) -> int:
    return round(value * scale)


def _words(setting: Setting) -> dict[str, str]:
    say = setting.words.say
    return {
        "unknown": say("not known"),
        "out": say("out of stock"),
        "join": say("; "),
        "lane": say("not on the pages read"),
        "page": say("end of page one"),
        "reviews": say("reviews"),
        "rating": say("rating"),
        "price": say("to pay"),
    }
