"""A chart as a picture in the page, which needs no script: what is seen first, what prints, what a mail shows.

Colours, widths and dashes are those of the page's style, by class, so that they follow it into the dark and onto paper.
Whatever has a shape is placed by percent, and only the lines are stretched to the size of the picture: texts and
markers keep theirs on a phone and on a wall.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from markupsafe import Markup, escape

from reports.page.chart import Chart, Map
from reports.page.scale import Scale, linear, logarithmic, of_places
from reports.period import Days
from reports.sections.values import Form
from reports.sentences import Fact
from reports.wording import Wording

HEIGHT = 300
"""Units in which lines are drawn; the unit of the width is a day."""
COLOURS = 5
"""Of rivals; as many dashes are told apart by :data:`DASHES`, and markers go with the colours."""
DASHES = 4
BETWEEN = 4.4
"""Percent of the height that two labels keep between them."""
MARKERS = 4
"""About so many on a line."""
SIDE = 1000
"""Units of the width of the map."""
NONE: Mapping[int, Collection[date]] = {}
WEEK = 7
DATES = 5
"""About so many on the axis of days."""
ROOM = 12
"""Pixels of a bubble's radius that a name has room in."""
STARS = 5.0
LETTER = 11
"""Pixels of an em in pictures, on a page of usual size."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all pictures of a report have in common."""

    days: Days
    """Shown."""
    period: Days
    """Told of: what lies before it is history."""
    chips: tuple[str, ...]
    """What the products are called, the own listing first."""
    out: tuple[frozenset[date], ...]
    """Of each product, the days on which it was out of stock."""
    words: Wording
    acts: tuple[tuple[float, str], ...] = ()
    """Own actions: the part of the width at which each is marked, and its name there."""


FORMS = {Form.MONEY: "{v:money}", Form.NUMBER: "{v:number}", Form.FIXED: "{v:fixed}", Form.SHARE: "{v:share}"}
"""How a value of a chart is written."""


def look(n: int) -> str:
    """The classes of a product's line; a line's colour and dash together are those of one product."""
    return "own" if n == 0 else f"{_colour(n)} d{n // COLOURS % DASHES}"


def scale_of(chart: Chart) -> tuple[Scale, float | None]:
    """The axis of a chart, and where the lane of places beyond the pages lies."""
    values = [float(value) for line in chart.lines for value in line if value is not None]
    if chart.keyword is not None:
        return of_places(values, chart.first_page)
    if chart.log:
        return logarithmic(values, upside_down=chart.upside_down), None
    return linear(values, whole=chart.form is Form.NUMBER, upside_down=chart.upside_down), None


def plot(
    chart: Chart,
    setting: Setting,
    marks: Mapping[int, Collection[date]] = NONE,
    spells: Mapping[int, Collection[date]] = NONE,
) -> Markup:
    """The lines of a chart. By product, ``marks`` are the days of what is pointed out, ``spells`` those it lasted."""
    days, words = tuple(setting.days), setting.words
    scale, lane = scale_of(chart)
    lines = [[None if v is None else scale.down(float(v)) for v in line] for line in chart.lines]
    place = {day: n for n, day in enumerate(days)}
    last = max(1, len(days) - 1)
    inner = [f'<path class="grid" d="{"".join(_level(scale.down(tick), last) for tick in scale.ticks)}"/>']
    outer = [*_axes(scale, chart, days, words)]
    if before := place.get(setting.period.first, 0):
        inner.append(_band("before", 0, before))
    inner += [_band("out", max(0, n - 0.5), min(last, m + 0.5)) for n, m in _runs(setting.out[0], place)]
    if lane is not None:
        edges = {lane: words.say("not on the pages read")}
        edges |= {chart.first_page + 0.5: words.say("end of page one")} if chart.first_page else {}
        inner.append(f'<path class="border" d="{"".join(_level(scale.down(edge), last) for edge in edges)}"/>')
        outer += [_text("edge", 0, scale.down(edge), text) for edge, text in edges.items()]
    for n, those in spells.items():
        path, _ = _path([down if day in those else None for day, down in zip(days, lines[n], strict=True)])
        inner.append(f'<path class="move {_colour(n)}" d="{path}"/>' if path else "")
    for n in reversed(range(len(lines))):
        path, dots = _path(lines[n])
        inner.append(f'<path class="line {look(n)}" d="{path}"/>' if path else "")
        inner.append(f'<path class="dot {_colour(n)}" d="{dots}"/>' if dots else "")
        shapes = _markers(n, lines[n], last)
        if lane is not None:
            there = [m for m, pages in enumerate(chart.beyond[n]) if pages is not None]
            shapes += [_use("beyond", m / last, scale.down(lane)) for m in there if n == 0 or m % WEEK == n % WEEK]
        if chart.topic == "price" and n:
            shapes += [_use("gone", m / last, y) for m, y in _levels(lines[n], setting.out[n], place)]
        shapes += [_use("mark", m / last, y) for m, y in _levels(lines[n], marks.get(n, ()), place)]
        outer.append(f'<g class="{_colour(n)}">{"".join(shapes)}</g>' if shapes else "")
    outer += _ends(lines, setting.chips)
    outer.append('<use href="#acts"/>' if setting.acts else "")
    if lane is None and not any(down is not None for line in lines for down in line):
        outer.append(_text("none", 0.5, 0.5, words.say("no value in these days")))
    return _picture(_said(chart, setting), last, inner, outer)


def acts(setting: Setting) -> Markup:
    """The marks of own actions, drawn once and shown in every picture: upright lines with the entries' numbers."""
    lines = [
        f'<line class="act" x1="{_percent(x)}%" x2="{_percent(x)}%" y2="100%"/>{_text("act", x, 0, name)}'
        for x, name in setting.acts
    ]
    return Markup(f'<g id="acts">{"".join(lines)}</g>' if lines else "")  # noqa: S704 - as above


def axes(found: Map) -> tuple[Scale, Scale]:
    """Of price and of rating, with room for the bubbles at their ends."""
    prices, ratings = ([float(getattr(spot, name)) for spot in found.spots] for name in ("price", "rating"))
    return linear(_roomy(prices)), linear([min(rating, STARS) for rating in _roomy(ratings)])


def _roomy(values: Sequence[float]) -> list[float]:
    more = (max(values) - min(values)) / 12 if values else 0.0
    return [max(0.0, min(values) - more), max(values) + more] if values else []


def plot_map(found: Map, chips: Sequence[str], words: Wording) -> Markup:
    """Price against rating; the area of a bubble is the number of reviews."""
    across, up = axes(found)
    inner = [f'<path class="grid" d="{"".join(_level(up.down(tick), SIDE) for tick in up.ticks)}"/>']
    outer = [_text("y", 0, up.down(tick), words.number(tick)) for tick in up.ticks]
    outer += [_text("x", 1 - across.down(tick), 1, words.number(tick)) for tick in across.ticks]
    if found.spots:
        middle = round((1 - across.down(found.price)) * SIDE)
        inner.append(f'<path class="border" d="M{middle} 0v{HEIGHT}{_level(up.down(found.rating), SIDE)}"/>')
    most = max((spot.reviews or 0 for spot in found.spots), default=0) or 1
    for spot in sorted(found.spots, key=lambda s: (s.product == 0, -(s.reviews or 0))):
        n, radius = spot.product, round(4 + 16 * ((spot.reviews or 0) / most) ** 0.5)
        x, y = _percent(1 - across.down(float(spot.price))), _percent(up.down(float(spot.rating)))
        beside = f' dx="{(radius + 3) / LETTER:.1f}em"' if radius < ROOM else ' text-anchor="middle"'
        outer.append(f'<circle class="spot {_colour(n)}" cx="{x}%" cy="{y}%" r="{radius}"/>')
        name = "end" if radius < ROOM else "name"
        outer.append(f'<text class="{name} {_colour(n)}" x="{x}%" y="{y}%"{beside}>{escape(chips[n])}</text>')
    label = words.say("Map of {n:count product|products} by price to pay and rating", n=len(found.spots))
    return _picture(label, SIDE, inner, outer)


def _picture(label: str, wide: int, inner: Iterable[str], outer: Iterable[str]) -> Markup:
    return Markup(  # noqa: S704 - numbers and names of our own, but for texts, which are escaped
        f'<svg class="static" role="img" aria-label="{escape(label)}">'
        f'<svg viewBox="0 0 {wide} {HEIGHT}" width="100%" height="100%" preserveAspectRatio="none">'
        f"{''.join(inner)}</svg>{''.join(outer)}</svg>"
    )


def _said(chart: Chart, setting: Setting) -> str:
    """What a screen reader says of a picture: the newest of the own values, and of how many products it has lines."""
    days, words = tuple(setting.days), setting.words
    facts: dict[str, Fact] = {
        "chart": words.said((chart.title,)), "first": days[0], "last": days[-1],
        "n": sum(any(v is not None for v in line) for line in chart.lines),
    }  # fmt: skip
    own = next(((day, v) for day, v in reversed([*zip(days, chart.lines[0], strict=True)]) if v is not None), None)
    if own is None:
        return words.say("{chart}, {first:day} to {last:day}: {n:count product|products}, no value of yours", **facts)
    facts |= {"day": own[0], "own": words.say(FORMS[chart.form], v=own[1])}
    return words.say(
        "{chart}, {first:day} to {last:day}: {n:count product|products}; yours on {day:day}: {own}", **facts
    )


def _axes(scale: Scale, chart: Chart, days: Sequence[date], words: Wording) -> Iterator[str]:
    for tick in scale.ticks:
        text = words.say("{v:share}", v=tick) if chart.form is Form.SHARE else words.number(tick)
        yield _text("y", 0, scale.down(tick), text)
    last = len(days) - 1
    step = -(-len(days) // (DATES * WEEK)) * WEEK
    for n in range(last, -1, -step):
        yield _text("x" if n < last else "x last", n / max(1, last), 1, words.day_short(days[n]))


def _level(down: float, wide: int) -> str:
    return f"M0 {round(down * HEIGHT)}h{wide}"


def _band(name: str, start: float, end: float) -> str:
    return f'<rect class="{name}" x="{start:g}" width="{end - start:g}" height="{HEIGHT}"/>'


def _path(line: Sequence[float | None]) -> tuple[str, str]:
    """A line through the days in a row that are known, and dots for single ones: nothing is drawn through a gap."""
    path, dots = [], []
    flat, y0 = 0, 0
    for n, down in enumerate([*line, None]):
        y = y0 if down is None else round(down * HEIGHT)
        joined = n > 0 and down is not None and line[n - 1] is not None
        if joined and y == y0:
            flat += 1
            continue
        if flat:
            path.append(f"h{flat}")
            flat = 0
        if joined:
            path.append(f"l1 {y - y0}")
        elif down is not None and n < len(line) - 1 and line[n + 1] is not None:
            path.append(f"M{n} {y}")
        elif down is not None:
            dots.append(f"M{n} {y}h0")
        y0 = y
    return "".join(path).replace(" -", "-"), "".join(dots)


def _markers(n: int, line: Sequence[float | None], last: int) -> list[str]:
    """The shape that goes with a colour, here and there on the line; on the own one, at its end."""
    there = [m for m, down in enumerate(line) if down is not None]
    step = max(1, len(line) // MARKERS)
    shown = [m for m in there if n and m % step == n % step] + there[-1:]
    return [_use(f"m{n % COLOURS}" if n else "mine", m / last, line[m] or 0.0) for m in dict.fromkeys(shown)]


def _levels(line: Sequence[float | None], on: Iterable[date], place: Mapping[date, int]) -> Iterator[tuple[int, float]]:
    """Where to hang a mark: at the day's own value, else at the height of the last one before it."""
    for n in sorted(place[day] for day in on if day in place):
        known = next((down for down in reversed(line[: n + 1]) if down is not None), None)
        if known is not None:
            yield n, known


def _ends(lines: Sequence[Sequence[float | None]], chips: Sequence[str]) -> Iterator[str]:
    """Names beside the ends of the lines, moved apart."""
    ends = {n: next((d for d in reversed(line) if d is not None), None) for n, line in enumerate(lines)}
    order = sorted((100 * down, n) for n, down in ends.items() if down is not None)
    for y, (_, n) in zip(apart([down for down, _ in order]), order, strict=True):
        yield f'<text class="end {_colour(n)}" x="100%" y="{y:.1f}%" dx=".7em">{escape(chips[n])}</text>'


def apart(places: Sequence[float]) -> list[float]:
    """Places in percent, in order, moved so far apart that names can be read, and all of them as little as can be.

    That is isotonic regression of what is left of each place without its share of the distances, by pooling adjacent
    violators (Ayer et al. 1955).
    """
    between = min(BETWEEN, 100 / max(1, len(places) - 1))
    pools: list[tuple[float, int]] = []
    for n, place in enumerate(places):
        mean, count = place - n * between, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    highest = 100 - (len(places) - 1) * between
    free = [min(max(mean, 0.0), highest) for mean, count in pools for _ in range(count)]
    return [place + n * between for n, place in enumerate(free)]


def _runs(on: Iterable[date], place: Mapping[date, int]) -> list[tuple[int, int]]:
    """First and last of days in a row."""
    days = sorted(place[day] for day in on if day in place)
    starts = [days[0], *(after for before, after in pairwise(days) if after - before > 1)] if days else []
    ends = [*(before for before, after in pairwise(days) if after - before > 1), days[-1]] if days else []
    return [*zip(starts, ends, strict=True)]


def _colour(n: int) -> str:
    return "own" if n == 0 else f"c{n % COLOURS}"


def _use(name: str, x: float, y: float) -> str:
    return f'<use href="#{name}" x="{_percent(x)}%" y="{_percent(y)}%"/>'


def _text(name: str, x: float, y: float, text: str) -> str:
    return f'<text class="{name}" x="{_percent(x)}%" y="{_percent(y)}%">{escape(text)}</text>'


def _percent(part: float) -> str:
    return f"{100 * part:.1f}".removesuffix(".0")
