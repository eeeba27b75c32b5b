"""The morning round as a list: what of each listing is in order, and what is to be looked at, with how it gets done.

A point is done when nothing of it is open: what was read is in order, or the user has seen to it (`tracker flags ack`,
`tracker reviews handle` …). What could not be read is not known, and no point is done for that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from shlex import quote
from zoneinfo import ZoneInfo

from reports.flags import Severity
from reports.health import Point, State, ill
from reports.period import ONE
from reports.report import Report
from reports.sections.journal import LABELS
from reports.sections.ledger import LOW
from reports.sections.lists import GAINS, NAMES
from reports.sections.proposals import ENOUGH
from reports.sentences import Fact, Said
from reports.stored import StoredMove
from reports.unread import defect, elsewhere, unread

LATE = timedelta(days=3)
"""Behind the newest night that own numbers may be: Seller Central has a day's sales two days later."""
FRESH = timedelta(days=1)
"""Since an action's nights were over: what came of it is told on the morning after, and once more where that one was
missed."""
SHORT = 21
"""Days of stock that are to be looked at: sending more in takes about three weeks (judgement)."""
LONGEST = 60
"""Characters of a customer's words that are told."""


class Mark(StrEnum):
    """How a point of the round stands."""

    LOOK = "look"
    UNKNOWN = "unknown"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at."""

    says: tuple[Said, ...]
    asin: str | None = None
    """Whose it is, where it is another product's."""
    command: str = ""
    """What settles it; empty where nothing but the eye does."""
    move: StoredMove | None = None
    """Of which the sentence is, where it has none of its own."""


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the round."""

    key: str
    """Also the anchor of its section in the listing's report."""
    name: Said
    mark: Mark
    says: tuple[Said, ...]
    """How it stands, in short."""
    looks: tuple[Look, ...] = ()


def checklist(report: Report) -> tuple[Check, ...]:
    """The round of one listing, in the order in which it is made."""
    return tuple(check for make in _ROUND for check in make(report))


def _read(report: Report) -> Iterator[Check]:
    comparison = report.comparison
    lost = [said for said in (unread(comparison), elsewhere(comparison), defect(comparison)) if said]
    facts = {"products": len(comparison.products), "keywords": len(comparison.keywords)}
    text = "{products:count product|products} and {keywords:count keyword|keywords} read"
    says = (Said(text, facts),) if not lost else ()
    looks = tuple(Look((said,)) for said in lost)
    yield Check("quality", Said("What was read"), Mark.LOOK if lost else Mark.DONE, says, looks)


def _health(report: Report) -> Iterator[Check]:
    wrong = ill(report.health)
    known = [point for point in report.health if point.state is not State.UNKNOWN]
    facts = {"well": len(known) - len(wrong), "of": len(known)}
    says = [Said("{well:number} of {of:count point|points} in order", facts) if known else Said("nothing is known")]
    if known and (dark := len(report.health) - len(known)):
        says.append(Said("{n:number} not known", {"n": dark}))
    read = report.comparison.own.daily.get(report.period.days.last) is not None
    mark = Mark.LOOK if wrong else Mark.DONE if known and read else Mark.UNKNOWN
    yield Check("health", Said("Health of your listing"), mark, tuple(says), tuple(map(_ill, wrong)))


def _ill(point: Point) -> Look:
    return Look((point.trouble, *point.says))


def _moves(report: Report) -> Iterator[Check]:
    """What is new of moves on the last day, as `tracker flags` has them: those that were acknowledged are not there."""
    last = report.period.days.last
    new = [m for m in report.moves if m.news == last and m.severity >= Severity.MEDIUM and not m.own]
    says = (
        (Said("{n:count move|moves} of last night", {"n": len(new)}),) if new else (Said("nothing new that matters"),)
    )
    order = sorted(new, key=lambda m: -m.severity)
    yield Check("moves", Said("Rivals’ moves"), Mark.LOOK if new else Mark.DONE, says, tuple(map(_move, order)))


def _move(move: StoredMove) -> Look:
    return Look((), move.asin, f"tracker flags ack {move.move_id}", move)


def _reviews(report: Report) -> Iterator[Check]:
    ledger = report.ledger
    waiting = [each for each in ledger.opinions if each.open]
    looks = []
    for each in waiting:
        body = each.kept.title or each.kept.body or ""
        facts: dict[str, Fact] = {"stars": each.kept.stars or LOW, "day": each.day, "text": body[:LONGEST]}
        said = Said("{stars:count star|stars}, {day:day}: {text}", facts)
        looks.append(Look((said,), command=f"tracker reviews handle {each.kept.review_id}"))
    if older := ledger.open - len(waiting):
        looks.append(Look((Said("{n:count older one|older ones} nobody has seen to", {"n": older}),),
                          command=f"tracker reviews --listing {quote(report.comparison.listing)} --new"))  # fmt: skip
    own = report.comparison.own.asin
    if own in ledger.unknown and not looks:
        yield Check("reviews", Said("Bad reviews"), Mark.UNKNOWN, (Said("your page did not show any reviews"),))
        return
    says = Said("{n:count bad review|bad reviews} nobody has seen to", {"n": ledger.open})
    none = Said("no bad review is open")
    yield Check(
        "reviews", Said("Bad reviews"), Mark.LOOK if looks else Mark.DONE,
        (says if looks else none,), tuple(looks),
    )  # fmt: skip


def _rivals(report: Report) -> Iterator[Check]:
    found, watched = report.proposals, len(report.comparison.rivals)
    looks = [Look(each.says, each.product.asin, found.exchange(each)) for each in found.replace]
    fresh = [each for each in found.candidates if each.new or watched < ENOUGH]
    looks += [Look(each.says, each.scored.product.asin, found.add(each)) for each in fresh]
    says = Said("{n:count rival|rivals} watched", {"n": watched})
    mark = Mark.LOOK if looks else Mark.DONE
    yield Check("proposals", Said("Rivals to add or replace"), mark, (says,), tuple(looks))


def _journal(report: Report) -> Iterator[Check]:
    journal, last = report.journal, report.period.days.last
    over = [a for a in journal.actions if last - FRESH <= a.window.last <= last]
    waiting = [a for a in journal.actions if not a.over]
    looks = [Look((Said("{text}", {"text": a.action.text}), *a.says)) for a in over if a.over]
    zone = ZoneInfo(report.comparison.time_zone)
    for each in journal.unlogged:
        facts: dict[str, Fact] = {"what": LABELS[each.what], "day": each.at.astimezone(zone).date()}
        said = Said("{what:capital} changed on {day:day}, and not in the journal", facts)
        looks.append(Look((said,), command=each.command(report.comparison.listing, zone)))
    says = [Said("{n:count action|actions} still watched", {"n": len(waiting)})] if waiting else []
    says += [a.says[0] for a in waiting[:1]]
    says = says or [Said("nothing of yours is being watched")]
    yield Check("journal", Said("Your own changes"), Mark.LOOK if looks else Mark.DONE, tuple(says), tuple(looks))


def _lists(report: Report) -> Iterator[Check]:
    """Newcomers on the lists are proposed as rivals, and told there."""
    found = report.lists
    if not found.lists and not found.unread:
        return
    looks = [Look(why) for _, why in found.unread]
    says = tuple(Said("{list:said}: {says:phrases}", {"list": NAMES[each.ranking], "says": each.says})
                 for each in found.lists if each.ranking != GAINS)  # fmt: skip
    yield Check("lists", Said("Ranked lists"), Mark.LOOK if looks else Mark.DONE, says, tuple(looks))


def _numbers(report: Report) -> Iterator[Check]:
    """Whether the own numbers are of the last days, or of a week or month up to them, and how long the stock lasts."""
    own, last, name = report.own, report.period.days.last, Said("Your own numbers")
    load = "tracker import FILE"
    if not own.imported:
        yield Check("own", name, Mark.UNKNOWN, (Said("no export was imported yet"),), (Look((), command=load),))
        return
    days = [day.day for day in own.days if day.units is not None]
    newest = max([*days, *(each.days.last for each in own.longer if each.units is not None)], default=None)
    late = LATE if newest in days else max((len(each.days) * ONE for each in own.longer), default=LATE) + LATE
    looks = []
    if newest is None or last - newest > late:
        facts = {"day": newest or last}
        text = "the newest day with units is {day:day}" if newest else "no export tells of these days"
        looks.append(Look((Said(text, facts),), command=load))
    if own.cover.days is not None and own.cover.days < SHORT:
        looks.append(Look((Said("the stock lasts {days:number} days", {"days": round(own.cover.days)}),)))
    says = own.says or ((Said("numbers up to {day:day}", {"day": newest}),) if newest else ())
    yield Check("own", name, Mark.LOOK if looks else Mark.DONE, says, tuple(looks))


_ROUND: Sequence[Callable[[Report], Iterator[Check]]] = (
    _read, _health, _moves, _reviews, _journal, _numbers, _lists, _rivals,
)  # fmt: skip
