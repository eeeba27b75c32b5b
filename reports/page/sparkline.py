"""Inline SVG that needs no script: sparklines, and the day-by-day strip of stock and coverage."""

import math
from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, PAD = 96, 24, 2
CELL, STRIP = 10, 14


def sparkline(values: Sequence[float | None], *, label: str, inverted: bool = False, log: bool = False) -> Markup:
    """A line over the days with a dot at its end; a missing day leaves a hole in it.

    ``inverted`` draws small values high (ranks). ``label`` is what a screen reader says.
    """
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return Markup("")
    scaled = [None if v is None else math.log(v) if log and v > 0 else float(v) for v in values]
    seen = [v for v in scaled if v is not None]
    low, high = min(seen), max(seen)
    step = (WIDTH - 2 * PAD) / max(1, len(values) - 1)

    def place(n: int, value: float) -> tuple[float, float]:
        share = 0.5 if high == low else (value - low) / (high - low)
        y = share if inverted else 1 - share
        return PAD + n * step, PAD + y * (HEIGHT - 2 * PAD)

    path, previous = [], False
    last = (0.0, 0.0)
    for n, value in enumerate(scaled):
        if value is None:
            previous = False
            continue
        last = place(n, value)
        alone = not previous and (n + 1 == len(scaled) or scaled[n + 1] is None)
        path.append(f"{'L' if previous else 'M'}{last[0]:.1f} {last[1]:.1f}" + ("h.1" if alone else ""))
        previous = True
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{label}">'
        '<path d="{path}"/><circle cx="{x}" cy="{y}" r="2"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, label=label, path="".join(path), x=f"{last[0]:.1f}", y=f"{last[1]:.1f}")


def strip(states: Sequence[tuple[str, str]], *, label: str) -> Markup:
    """One cell per day; ``states`` are (class, words): in, out, unsaid, unread or unwatched."""
    width = CELL * len(states)
    cells = Markup("").join(
        Markup('<rect class="day-{}" x="{}" y="1" width="{}" height="{}"><title>{}</title></rect>').format(
            state, n * CELL + 0.5, CELL - 1, STRIP - 2, words
        )
        for n, (state, words) in enumerate(states)
    )
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(width, STRIP, label, cells)
