"""What the product page shows changed: title, bullets, main image, variations, A+ content, video, main category.

Model: facts, compared between two pages that both state them, in one language. Amazon tests titles, images and layouts
on part of the visitors, so a page may flip from crawl to crawl: what already stood there within the last four weeks, or
came and went twice before that, is not announced again (judgement). That something is no longer there (no bullet, no A+
content, no video, no family of variations) may be a page that came without one of its parts, so it counts from the
second page in a row that says so. A page on which a value was not understood says nothing.

Titles and bullets are compared after collapsing white space, an image by its file, which is the same in every size, a
category by its id where both pages link it, else by name.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter, eq
from typing import Any

from reports.flags.flag import Flag, Value, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import NOT_THERE, Comparison, Observation, ProductSeries

MEMORY = timedelta(days=28)
TESTED = 2
"""Times that a version came and went, after which its coming is no news however long it was away."""
QUOTED = 80
"""Characters of a bullet that a sentence quotes."""

Ends = tuple[Observation, Observation]
Says = tuple[tuple[str, ...], dict[str, Fact]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a page: what it shows, and how a change of it is told."""

    kind: Kind
    columns: str
    shown: Callable[[Observation], Any]
    """None when the page does not say; something empty when it shows none."""
    says: Callable[[Any, Any, Ends], Says]
    stored: Callable[[Any], Value]
    same: Callable[[Any, Any], bool] = eq
    grave: Callable[[Any], bool] = lambda new: not new
    """Whether a change of the own listing to this asks for a look today: something is gone."""


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        seen = product.observations
        for n in range(bisect_left(seen, comparison.days[0], key=lambda o: o.day), len(seen)):
            now, last, before = (_all(seen[max(k, 0)]) for k in (n, n - 1, n - 2))
            if now != last or last != before:
                yield from (flag for part in PARTS if (flag := _change(comparison, product, part, n)))


_all = attrgetter(
    "title", "bullets", "main_image", "parent_asin", "variation_count", "has_a_plus", "has_video", "bsr_category_id",
    "bsr_category", "missing",
)  # fmt: skip


def _change(comparison: Comparison, product: ProductSeries, part: Part, n: int) -> Flag | None:
    """The flag of observation ``n``, if it shows something new for the first time, or the second where nothing is."""
    after = product.observations[n]
    new = part.shown(after)
    if new is None:
        return None
    since = after
    if not new:
        last = next(((o, v) for o in _back(product, n) if (v := part.shown(o)) is not None), None)
        if last is None or last[1]:
            return None
        since = last[0]
    before, old = None, None
    runs, running = 0, False
    for seen, shown in _counted(product, part, n):
        if seen.language and after.language and seen.language != after.language:
            continue
        same = part.same(shown, new)
        if same and (before is None or after.observed_at - seen.observed_at <= MEMORY):
            return None
        if before is None:
            before, old = seen, shown
        runs, running = runs + (same and not running), same
    if before is None or runs >= TESTED:
        return None
    says, facts = part.says(old, new, (before, after))
    severity = Severity.LOW
    if product.own:
        says += ("; was it you?",)
        severity = Severity.HIGH if part.grave(new) else Severity.MEDIUM
    verdict = Verdict(part.kind, severity, (part.stored(old), part.stored(new)), says, facts, since=since.observed_at)
    return product_flag(comparison, product, (before, after), verdict, columns=part.columns)


def _back(product: ProductSeries, n: int) -> Iterator[Observation]:
    return (product.observations[k] for k in range(n - 1, -1, -1))


def _counted(product: ProductSeries, part: Part, n: int) -> Iterator[tuple[Observation, Any]]:
    """What was shown before observation ``n``, newest first, without single pages that showed nothing."""
    held: tuple[Observation, Any] | None = None
    for seen in _back(product, n):
        shown = part.shown(seen)
        if shown is None:
            continue
        if held and not shown:
            yield held
        held = None
        if shown:
            yield seen, shown
        else:
            held = seen, shown


def _text(text: str) -> str:
    return " ".join(text.split())


def _title(seen: Observation) -> str | None:
    return _text(seen.title) if seen.title else None


def _title_says(old: str, new: str, ends: Ends) -> Says:
    return ("Title changed on {day:day}: “{old}” → “{new}”",), {"old": old, "new": new}


def _bullets(seen: Observation) -> tuple[str, ...] | None:
    return None if seen.bullets is None else tuple(map(_text, seen.bullets))


def _bullets_says(old: Sequence[str], new: Sequence[str], ends: Ends) -> Says:
    gone, come = [b for b in old if b not in new], [b for b in new if b not in old]
    rewritten = min(len(gone), len(come))
    says: list[str] = ["Bullets changed on {day:day}"]
    facts: dict[str, Fact] = {"was": len(old), "now": len(new)}
    if rewritten:
        says.append("; {rewritten:number} rewritten, the first: “{old}” → “{new}”")
        facts |= {"rewritten": rewritten, "old": _quote(gone[0]), "new": _quote(come[0])}
    if more := come[rewritten:]:
        says.append("; {more:number} added, the first: “{added}”")
        facts |= {"more": len(more), "added": _quote(more[0])}
    if fewer := gone[rewritten:]:
        says.append("; {fewer:number} removed, the first: “{removed}”")
        facts |= {"fewer": len(fewer), "removed": _quote(fewer[0])}
    if not gone and not come:
        says.append("; they stand in another order")
    return tuple(says), facts


def _quote(bullet: str) -> str:
    return bullet if len(bullet) <= QUOTED else bullet[: QUOTED - 1].rstrip() + "…"


def _image_says(old: str, new: str, ends: Ends) -> Says:
    facts: dict[str, Fact] = {"old": old, "new": new}
    count, now = (end.image_count for end in ends)
    if count is None or now is None or count == now:
        return ("Main image changed on {day:day}: {old} → {new}",), facts
    says = ("Main image changed on {day:day}: {old} → {new}", "; {now:number} images instead of {was:number}")
    return says, facts | {"was": count, "now": now}


def variations(seen: Observation) -> tuple[str | None, int | None] | tuple[()] | None:
    """Parent and number of a product's variations: empty where it stands alone, None where the page does not say."""
    if seen.parent_asin is not None or seen.variation_count is not None:
        return seen.parent_asin, seen.variation_count
    return () if seen.missing.get("parent_asin") in NOT_THERE else None


def same_variations(old: Sequence[Any], new: Sequence[Any]) -> bool:
    """As far as both say."""
    if not old or not new:
        return not old and not new
    return all(a is None or b is None or a == b for a, b in zip(old, new, strict=True))


def _variations_says(old: Sequence[Any], new: Sequence[Any], ends: Ends) -> Says:
    if not new:
        return ("Left its family of variations on {day:day}; it stands alone now",), {"was": old[1]}
    if not old:
        return ("Joined a family of variations on {day:day} (parent {parent})",), {"parent": new[0] or "?"}
    facts: dict[str, Fact] = {"old": old[0], "new": new[0], "was": old[1], "now": new[1]}
    says: list[str] = []
    if old[0] and new[0] and old[0] != new[0]:
        says.append("Moved to another family of variations on {day:day}: parent {old} → {new}")
        if old[1] and new[1]:
            says.append("; {was:number} → {now:number} variations")
    else:
        says.append("Variations changed on {day:day}: {was:number} → {now:number}")
    return tuple(says), facts


def _variations_stored(family: Sequence[Any]) -> Value:
    return 0 if not family else " × ".join(str(value) for value in family if value is not None)


def _a_plus_says(old: bool, new: bool, ends: Ends) -> Says:
    if new:
        return ("A+ content added on {day:day}",), {"now": new}
    return ("A+ content gone on {day:day}; last seen on {last:day}",), {"last": ends[0].day}


def _video_says(old: bool, new: bool, ends: Ends) -> Says:
    if new:
        return ("Video added on {day:day}",), {"now": new}
    return ("Video gone on {day:day}; last seen on {last:day}",), {"last": ends[0].day}


def _category(seen: Observation) -> tuple[str | None, str] | None:
    return (seen.bsr_category_id, seen.bsr_category) if seen.bsr_category else None


def _same_category(old: tuple[str | None, str], new: tuple[str | None, str]) -> bool:
    return old[0] == new[0] if old[0] and new[0] else old[1].casefold() == new[1].casefold()


def _category_says(old: tuple[str | None, str], new: tuple[str | None, str], ends: Ends) -> Says:
    facts: dict[str, Fact] = {"old": old[1], "new": new[1]}
    return ("Main category changed on {day:day}: {old} → {new}; its ranks cannot be compared across that",), facts


PARTS = (
    Part(Kind.TITLE_CHANGED, "title", _title, _title_says, str),
    Part(Kind.BULLETS_CHANGED, "bullets", _bullets, _bullets_says, "\n".join),
    Part(Kind.IMAGE_CHANGED, "main_image, image_count", attrgetter("main_image"), _image_says, str),
    Part(
        Kind.VARIATIONS_CHANGED, "parent_asin, variation_count", variations, _variations_says, _variations_stored,
        same_variations,
    ),
    Part(Kind.A_PLUS_CHANGED, "has_a_plus", attrgetter("has_a_plus"), _a_plus_says, int),
    Part(Kind.VIDEO_CHANGED, "has_video", attrgetter("has_video"), _video_says, int),
    Part(
        Kind.CATEGORY_CHANGED, "rank, category, category_id", _category, _category_says, lambda shown: shown[1],
        _same_category, lambda new: True,
    ),
)  # fmt: skip
