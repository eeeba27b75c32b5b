"""Tells the targets of ``[notify]`` what is new: each piece of news once to each of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb

from reports.crawled import lately
from reports.flags import Severity
from reports.forms import PrintError
from reports.headline import headline
from reports.health import Point, State, ill
from reports.news import Item, Letter, Part, crawl_failed, job_failed, misread_now, trial
from reports.page.sandbox import TemplatesError
from reports.page.told import WEIGHT, Telling
from reports.period import Asked
from reports.report import Report, Reports
from reports.sections.journal import Logged
from reports.sentences import sentence
from reports.silence import QuietHours
from reports.stored import StoredMove, news
from reports.unread import elsewhere, unread
from reports.wording import Wording
from storage.store import Store, StoreError
from tracker import alarm
from tracker.checklist import fell_short, words_of_all
from tracker.config import Config
from tracker.journal import Journal
from tracker.notify.deliver import send
from tracker.notify.targets import Deliveries, Memory, Target, targets
from tracker.report import write
from tracker.review import FORMS, review_parts, write_review
from tracker.timetable import REVIEWS, Job, Kind, present

DAYS = 2
"""Judged days of a listing whose news is offered: a target that does not take it has a day."""
SHOWN = 3
"""Days of which a report is made to say it."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Piece:
    """Something to tell once."""

    key: str
    listing: str | None = None
    """None: it is of no listing."""
    move: str | None = None
    """What of the listing; with neither this nor a point, the night."""
    point: tuple[str, str | None] | None = None
    """Key and keyword of what of its health is wrong."""
    text: str = ""
    """Of what is of no listing."""
    entry: int | None = None
    """Of the journal: an own action whose nights are over."""
    review: Job | None = None
    """The job that wrote a review, which is told of the listings on its clock."""


class Gathered:
    """What there is to tell at ``now`` (UTC), from the database and the journal, neither of which has to be there."""

    def __init__(self, config: Config, now: datetime) -> None:
        self.config, self.now = config, now
        self.held = held(config, now)
        """Until when (UTC) the listings are quiet that are; None stands for all."""
        self.pieces: list[Piece] = [*_failed(config, now), *_looked_back(config, now)]
        self._made: dict[str, Report] = {}
        self._written: dict[str, Path] = {}
        with suppress(StoreError), Store(config.storage.database).reading() as connection:
            self.pieces += _matters(config, connection, now)
            reports = Reports(connection)
            for name in (each.name for each in config.listing):
                with suppress(LookupError):  # it has not been crawled yet
                    self._made[name] = reports.of(name, Asked(count=SHOWN))
                    self.pieces += _unwell(self._made[name], Severity[config.notify.severity.upper()])
                    self.pieces += _weighed(self._made[name])
        if config.notify.when == "always":
            self.pieces += [
                Piece(f"night {name} {made.comparison.until.isoformat()}", name) for name, made in self._made.items()
            ]

    def due(self, told: Iterable[str]) -> list[Piece]:
        """What may be told now, without what was."""
        known = set(told)
        return [piece for piece in self.pieces if piece.key not in known and piece.listing not in self.held]

    def letter(self, pieces: Iterable[Piece]) -> Letter:
        """The message that tells these."""
        told: dict[str, list[Piece]] = {}
        troubles = []
        looked_back: list[Part] = []
        for piece in pieces:
            if piece.review:
                looked_back += review_parts(self.config, piece.review, self.config.notify.link)
            elif piece.listing is None:
                troubles.append(piece.text)
            elif piece.listing in self._made:
                told.setdefault(piece.listing, []).append(piece)
        made = [(self._part(name, self._made[name], each), each) for name, each in told.items()]
        # A move may have been muted meanwhile.
        parts = [part for part, each in made if part.items or not any(p.move or p.point or p.entry for p in each)]
        parts.sort(key=lambda part: (-max((item.severity for item in part.items), default=0), part.name))
        return Letter(words_of_all(self.config, self.config.report.language), [*parts, *looked_back], troubles)

    def _part(self, name: str, made: Report, pieces: Sequence[Piece]) -> Part:
        shown, ids, keys = made.comparison, {p.move for p in pieces}, {p.point for p in pieces}
        words = Wording(self.config.report.language, shown.currency, shown.time_zone)
        telling = Telling(shown, words)
        told = sorted((m for m in made.moves if m.move_id in ids), key=lambda m: (-m.severity, not m.own, m.move_id))
        lost = [said for said in (unread(shown), elsewhere(shown)) if said]
        acted = [each for each in made.journal.actions if each.action.entry in {p.entry for p in pieces}]
        return Part(
            name=name,
            headline=words.said(headline(shown, made.flags, health=made.health)),
            items=sorted(
                [
                    *(_wrong(p, telling) for p in ill(made.health) if (p.key, p.keyword) in keys),
                    *(_item(move, telling) for move in told),
                    *(_came_of(each, telling) for each in acted),
                ],
                key=lambda item: -item.severity,
            ),
            unread=[words.said(said) for said in lost],
            link=self.config.notify.link.format(listing=name) if self.config.notify.link else None,
        )

    def files(self, letter: Letter, due: Iterable[Piece], say: Say) -> list[Path]:
        """The reports and reviews to attach to it, written anew once; why one cannot be, is said."""
        names = [part.name for part in letter.parts if part.name in self._made]
        jobs = [str(piece.review) for piece in due if piece.review]
        missing = [name for name in names if name not in self._written]
        form = self.config.notify.attach
        try:
            if missing and form:
                written = write(self.config, missing, forms=(form,))
                self._written |= {told.report.comparison.listing: told.files[0] for told in written.listings}
            for job in (piece.review for piece in due if piece.review):
                if str(job) not in self._written and form and form in FORMS:
                    files, _ = write_review(self.config, [], Asked(sort=REVIEWS[job.kind]), (form,))
                    self._written[str(job)] = files[0]
        except (StoreError, PrintError, TemplatesError, OSError) as error:
            say(f"nothing is attached: {error}")
        return [self._written[name] for name in (*names, *jobs) if name in self._written]


def tell(config: Config, say: Say, now: datetime | None = None) -> bool:
    """Offer every target what it has not been told. Returns whether all took it that were offered something.

    Raises:
        OSError: what was told cannot be noted.
    """
    now, memory = now or present(), Memory(config.storage.database)
    with memory.turn():
        gathered, known = Gathered(config, now), memory.read()
        for name, until in gathered.held.items():
            if any(piece.listing == name for piece in gathered.pieces):
                say(f"{name or 'what went wrong'}: quiet hours; told after {until:%Y-%m-%d %H:%M} UTC")
        well = True
        for target in targets(config):
            deliveries = known.setdefault(target.id, Deliveries(service=target.service))
            deliveries.forget({piece.key for piece in gathered.pieces}, now)
            if due := gathered.due(deliveries.told):
                well &= _offer(target, gathered, due, deliveries, say)
                memory.write(known, now)
            else:
                say(f"{target}: nothing new")
        return well


def _offer(target: Target, gathered: Gathered, due: list[Piece], deliveries: Deliveries, say: Say) -> bool:
    letter, keys = gathered.letter(due), [piece.key for piece in due]
    if not letter.parts and not letter.troubles:
        return True
    if reason := _sent(target, letter, partial(gathered.files, letter, due, say)):
        deliveries.note_failed(keys, gathered.now, reason)
        say(f"{target}: not taken: {reason}")
        return False
    deliveries.note_taken(keys, gathered.now)
    say(f"{target}: taken, {len(keys)} pieces of news")
    return True


def _sent(target: Target, letter: Letter, files: Callable[[], list[Path]] = list) -> str | None:
    try:
        return send(target, letter, files)
    except Exception as error:  # of whatever service; its words may hold what is secret
        return f"failed with {type(error).__name__}"


def show(config: Config, say: Say) -> None:
    """Say what :func:`tell` would offer to whom, as text."""
    known, gathered = Memory(config.storage.database).read(), Gathered(config, present())
    letters: dict[str, list[str]] = {}
    for target in targets(config):
        due = gathered.due(known[target.id].told if target.id in known else ())
        letter = gathered.letter(due)
        text = f"{letter.title}\n\n{letter.plain()}\n" if due else "nothing new"
        letters.setdefault(text, []).append(str(target))
    for text, names in letters.items():
        say(f"{', '.join(names)}: {text}")


def test(config: Config, say: Say) -> bool:
    """Send every target a test message, and say of each whether it was taken. Returns whether all were."""
    memory, well = Memory(config.storage.database), True
    letter = trial(words_of_all(config, config.report.language))
    with memory.turn():
        known = memory.read()
        for target in targets(config):
            reason = _sent(target, letter)
            say(f"{target}: not taken: {reason}" if reason else f"{target}: taken")
            deliveries = known.setdefault(target.id, Deliveries(service=target.service))
            if reason:
                well = False
            else:
                deliveries.note_taken((), present())
        memory.write(known, present())
    return well


def after(config: Config, kinds: Sequence[Kind], say: Say) -> None:
    """What follows a job of the schedule: tell after reports and reviews, offer again what was not taken. It stops
    nothing."""
    if config.notify.when == "never" or "notify" in kinds:
        return
    try:
        known = Memory(config.storage.database).read()
        if {"report", *REVIEWS} & set(kinds) or any(t.id in known and known[t.id].waiting for t in targets(config)):
            tell(config, say)
    except Exception as error:  # a report that was written is written
        say(f"the notification failed with {type(error).__name__}")


def held(config: Config, now: datetime) -> dict[str | None, datetime]:
    """Until when (UTC) nothing is told of listings whose quiet hours it is; None is for what is of no listing, which
    waits when all of them are quiet."""
    quiet = config.flags.quiet
    if not quiet:
        return {}
    ends = {each.name: QuietHours.parse(quiet, each.time_zone).may_tell(now) for each in config.listings()}
    found: dict[str | None, datetime] = {name: end for name, end in ends.items() if end > now}
    if len(found) == len(ends):
        found[None] = min(found.values())
    return found


def _matters(config: Config, connection: duckdb.DuckDBPyConnection, now: datetime) -> Iterator[Piece]:
    names = {each.name for each in config.listing}
    for fresh in news(connection, Severity[config.notify.severity.upper()], DAYS):
        if fresh.listing in names:
            key = f"{fresh.listing} {fresh.move_id} {fresh.what} {fresh.day}"
            yield Piece(key, fresh.listing, fresh.move_id)
    words = words_of_all(config, config.report.language)
    for crawl in lately(connection):
        if fell_short(config, crawl, now):
            yield Piece(f"crawl {crawl.run_id}", text=words.said(crawl_failed(crawl)))
        for key, text in alarm.shown(connection, crawl.run_id, config.report.language):
            yield Piece(f"defect {key}", text=words.said(misread_now(text)))


def _weighed(made: Report) -> Iterator[Piece]:
    """Own actions whose nights have come to an end: who noted them waits for that, however much came of them."""
    name, recent = made.comparison.listing, made.comparison.night - timedelta(days=DAYS - 1)
    for logged in made.journal.actions:
        if logged.over and logged.window.last >= recent:
            yield Piece(f"{name} journal {logged.action.entry}", name, entry=logged.action.entry)


def _unwell(made: Report, severity: Severity) -> Iterator[Piece]:
    """What of the health of a listing is newly wrong. Days on which it is not known do not make it new again."""
    recent = made.comparison.night - timedelta(days=DAYS - 1)
    for point in made.health:
        if point.state is State.WRONG and point.severity >= severity and point.since and point.since >= recent:
            name = made.comparison.listing
            key = f"{name} health {point.key} {point.keyword or ''} {point.since}"
            yield Piece(key, name, point=(point.key, point.keyword))


def _failed(config: Config, now: datetime) -> Iterator[Piece]:
    """Jobs that did not go well within the days whose news is offered. What a crawl left unread, its run tells."""
    for job, work in Journal(config.storage.database).failed(now - timedelta(days=DAYS)):
        if job.kind != "notify":
            text = words_of_all(config, config.report.language).said(job_failed(str(job), str(work)))
            yield Piece(f"job {job} {work.began.isoformat()}", text=text)


def _looked_back(config: Config, now: datetime) -> Iterator[Piece]:
    """Reviews of a week or a month that were written within the days whose news is offered."""
    for job, standing in Journal(config.storage.database).standings().items():
        work = standing.work
        if job.kind in REVIEWS and work and work.ended and work.well and work.ended >= now - timedelta(days=DAYS):
            yield Piece(f"review {job} {work.due:%Y-%m-%d}", review=job)


def _item(move: StoredMove, telling: Telling) -> Item:
    label = telling.whose(move.asin)
    who = " ".join(part for part in (label.chip, label.name) if part) if move.asin else ""
    effects = [sentence(says, facts, telling.language) for verdict, says, facts in move.effects if verdict in WEIGHT]
    return Item(move.severity, who, move.said(telling.language), effects)


def _wrong(point: Point, telling: Telling) -> Item:
    """What of the own listing is not in order."""
    words = telling.words
    label = next(label for label in telling.labels.values() if label.own)
    text = words.said([point.trouble, *point.says])
    return Item(point.severity, f"{label.chip} {label.name}", text)


def _came_of(found: Logged, telling: Telling) -> Item:
    moved = [effect.said(telling.language) for effect in found.effects if effect.verdict in WEIGHT]
    severity = Severity.MEDIUM if moved else Severity.LOW
    return Item(severity, telling.words.say("You"), telling.words.said(found.told), moved)
