"""Inline SVG that needs no script: sparklines, and the day-by-day strip of stock and coverage.

A page has hundreds of them, so they are short: a day is one unit wide, heights are whole numbers, and the style gives
them their size.
"""

import math
from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

HEIGHT = 20
BAR = Markup('<rect class="day-{}" x="{}" width="{}" height="1"><title>{}: {}</title></rect>')


def sparkline(values: Sequence[float | None], *, inverted: bool = False, log: bool = False) -> Markup:
    """A line over the days with a dot at its last value; a missing day leaves a hole in it.

    Nothing where fewer than two days are known. ``inverted`` draws small values high (ranks).

    It is hidden from screen readers: the figures beside it say what there is to say.
    """
    scaled = [None if v is None else math.log(v) if log and v > 0 else float(v) for v in values]
    seen = [v for v in scaled if v is not None]
    if len(seen) < 2:
        return Markup("")
    low, high = min(seen), max(seen)
    path, heights = [], [_height(v, low, high, inverted) for v in scaled]
    flat, before, last = 0, None, (0, 0)
    for n, height in enumerate([*heights, None]):
        if height is not None and height == before:
            flat, last = flat + 1, (n, height)
            continue
        if flat:
            path.append(f"h{flat}")
            flat = 0
        if height is not None:
            alone = before is None and (n + 1 == len(heights) or heights[n + 1] is None)
            path.append(f"M{n} {height}{'h0' if alone else ''}" if before is None else f"l1 {height - before}")
            last = (n, height)
        before = height
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true"><path d="{}"/>'
        '<path class="end" d="M{} {}h0"/></svg>'
    ).format(max(1, len(values) - 1), HEIGHT, "".join(path).replace(" -", "-"), *last)


def _height(value: float | None, low: float, high: float, inverted: bool) -> int | None:
    """How far down a value lies."""
    if value is None:
        return None
    share = 0.5 if high == low else (value - low) / (high - low)
    return round((share if inverted else 1 - share) * HEIGHT)


def strip(states: Sequence[tuple[str, str, str]], *, label: str) -> Markup:
    """Days in a row of one state as one bar. ``states``: class (in, out, unsaid, unread or unwatched), words, day."""
    bars, start = [], 0
    for (state, words), group in groupby(states, key=lambda each: each[:2]):
        days = [day for _, _, day in group]
        when = days[0] if len(days) == 1 else f"{days[0]} – {days[-1]}"
        bars.append(BAR.format(state, start, len(days), when, words))
        start += len(days)
    return Markup(
        '<svg class="strip" viewBox="0 0 {} 1" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(len(states), label, Markup("").join(bars))
