"""Whether the own page is there, shows what it is to show, stands where it stood, and is rated as it was."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from reports.actions import What
from reports.health.kept import Kept
from reports.health.point import Day, Rule, Verdict, ok, on_page, unknown, unsaid, wrong
from reports.sections.reasons import because
from reports.sentences import Fact, Said
from reports.series import Observation

FALLS = ((7, Decimal("0.1")), (30, Decimal("0.2")))
"""Days back, and by how many stars a rating may not be lower than then: its last digit flickers."""
QUOTED = 3
"""New bad reviews that are quoted."""


def live(day: Day) -> Verdict:
    """Only a page that is not found is gone: a blocked one is not known."""
    if day.seen is not None:
        return ok()
    if day.unread == "not_found":
        return wrong(Said("page not found"))
    return unknown(because(day.unread))


def title() -> Rule:
    def shown(_: Day, seen: Observation) -> tuple[object, Any] | Verdict:
        return (seen.language, " ".join(seen.title.split())) if seen.title else unsaid(seen, "title")

    kept = Kept(shown, lambda _, now: ok(), lambda was, now: (Said("changed"),), noted=What.TITLE)

    def rule(day: Day, seen: Observation) -> Verdict:
        right, verdict = day.expected.title, kept(day)
        if right is None or not seen.title:
            return verdict
        if " ".join(right.split()) == " ".join(seen.title.split()):
            return ok()
        return wrong(Said("not the one under [listing.expect]"), before=right, after=seen.title)

    return on_page(rule)


def bullets() -> Rule:
    def shown(_: Day, seen: Observation) -> tuple[object, Any] | Verdict:
        if seen.bullets is None:
            return unsaid(seen, "bullets")
        return seen.language, tuple(" ".join(text.split()) for text in seen.bullets)

    def changed(was: Any, now: Any) -> tuple[Said, ...]:
        facts: dict[str, Fact] = {"now": len(now), "was": len(was)}
        return (Said("{now:number} instead of {was:number}" if len(now) != len(was) else "changed", facts),)

    kept = Kept(shown, lambda _, now: ok(Said("{n:number}", {"n": len(now)})), changed, noted=What.BULLETS)

    def rule(day: Day, seen: Observation) -> Verdict:
        fewest, verdict = day.expected.bullets, kept(day)
        return verdict if seen.bullets is None else _few(fewest, len(seen.bullets)) or verdict

    return on_page(rule)


def images() -> Rule:
    def shown(_: Day, seen: Observation) -> tuple[object, Any] | Verdict:
        return (None, seen.image_count) if seen.image_count is not None else unsaid(seen, "image_count")

    kept = Kept(
        shown,
        lambda _, now: ok(Said("{n:number}", {"n": now})),
        lambda was, now: (Said("{now:number} instead of {was:number}", {"now": now, "was": was}),),
        better=lambda was, now: bool(now >= was),
        noted=What.IMAGES,
    )

    def rule(day: Day, seen: Observation) -> Verdict:
        verdict = kept(day)
        return verdict if seen.image_count is None else _few(day.expected.images, seen.image_count) or verdict

    return on_page(rule)


def _few(fewest: int | None, count: int) -> Verdict | None:
    if fewest is None or count >= fewest:
        return None
    text = "{now:number}; to be {fewest:number} at least"
    return wrong(Said(text, {"now": count, "fewest": fewest}), before=fewest, after=count)


def main_image() -> Rule:
    def shown(_: Day, seen: Observation) -> tuple[object, Any] | Verdict:
        return (None, seen.main_image) if seen.main_image else unsaid(seen, "main_image")

    return Kept(shown, lambda _, now: ok(), lambda was, now: (Said("another one"),), noted=What.IMAGES)


def a_plus() -> Rule:
    def shown(_: Day, seen: Observation) -> tuple[object, Any] | Verdict:
        return (None, seen.has_a_plus) if seen.has_a_plus is not None else unsaid(seen, "has_a_plus")

    def told(_: Day, now: bool) -> Verdict:
        return ok() if now else ok(Said("none"))

    changed = lambda was, now: (Said("there is some now") if now else Said("gone"),)  # noqa: E731
    kept = Kept(shown, told, changed, noted=What.A_PLUS)

    def rule(day: Day, seen: Observation) -> Verdict:
        right, verdict = day.expected.a_plus, kept(day)
        if right is None or seen.has_a_plus is None:
            return verdict
        if right is seen.has_a_plus:
            return told(day, seen.has_a_plus)
        return wrong(Said("none; it is to be there") if right else Said("there is some, and is to be none"))

    return on_page(rule)


def category() -> Rule:
    def shown(day: Day, _: Observation) -> tuple[object, Any] | Verdict:
        extra = day.extra
        if extra is None or not (extra.browse_node or extra.category_path):
            return unknown(Said("the page names no category, or it was not read yet"))
        # The path has its names in the language of the page: the node decides where there is one.
        return bool(extra.browse_node), Place(extra.browse_node or "", extra.category_path or "")

    kept = Kept(
        shown,
        lambda _, now: ok(Said("{path}", {"path": now.path})),
        lambda was, now: (Said("{now}, before {was}", {"now": now.path or now.node, "was": was.path or was.node}),),
    )

    def rule(day: Day, _: Observation) -> Verdict:
        right, verdict = day.expected.browse_node, kept(day)
        extra = day.extra
        if right is None or extra is None or extra.browse_node is None:
            return verdict
        facts: dict[str, Fact] = {"path": extra.category_path or extra.browse_node, "node": right}
        if extra.browse_node == right:
            return ok(Said("{path}", facts))
        return wrong(Said("{path}; to be in {node}", facts), before=right, after=extra.browse_node)

    return on_page(rule)


class Place:
    """A place among the categories: the same where the browse node is, or without one the path."""

    def __init__(self, node: str, path: str) -> None:
        self.node, self.path = node, path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and (self.node or self.path) == (other.node or other.path)

    def __hash__(self) -> int:
        return hash(self.node or self.path)

    def __str__(self) -> str:
        return f"{self.path} ({self.node})" if self.node else self.path


def rating() -> Rule:
    known: dict[Any, Decimal] = {}

    def rule(day: Day, seen: Observation) -> Verdict:
        if seen.rating is None:
            return unsaid(seen, "rating")
        known[day.day] = seen.rating
        floor = day.expected.rating
        facts: dict[str, Fact] = {"now": seen.rating, "floor": floor}
        if floor is not None:
            if seen.rating >= floor:
                return ok(Said("{now:fixed}", facts))
            return wrong(Said("{now:fixed}; to be {floor:fixed} at least", facts), before=floor, after=seen.rating)
        for span, fall in FALLS:
            then = day.day - timedelta(days=span)
            if then in known and known[then] - seen.rating >= fall:
                facts |= {"was": known[then], "then": then}
                text = "{now:fixed}; {was:fixed} on {then:day}"
                return wrong(Said(text, facts), before=known[then], after=seen.rating, last=then)
        return ok(Said("{now:fixed}", facts))

    return on_page(rule)


def _reviews(day: Day, _: Observation) -> Verdict:
    found = day.reviews
    if not found:
        return ok()
    quotes = [
        Said(
            "{stars:number}★ “{title}”" if each.title else "{stars:number}★", {"stars": each.stars, "title": each.title}
        )
        for each in found[:QUOTED]
    ]
    text = "{n:count new review|new reviews} of 1 to 3 stars: {quotes:phrases}"
    return wrong(Said(text, {"n": len(found), "quotes": quotes}), after=len(found))


reviews = on_page(_reviews)
