"""Flags, moves and effects of all listings, from what is stored to what is to be stored.

What is told of a day follows from the observations up to that day, the watch lists of the time, and the rules. So only
the days since the first page that has not been looked at are judged again, and the rows are the same as if all days
were: `tracker flags --rebuild` does that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb
import msgspec

from reports import compare, queries
from reports.effects import Effect, due, effects
from reports.flags import Flag, Rules, flags
from reports.gather import Span, gather, instant, many_objects, rows
from reports.moves import Move, key, moves
from reports.sentences import Facts
from reports.series import Comparison
from reports.stored import stored_flags
from reports.watched import WatchLists
from storage.judged import EffectRow, EventOfMove, FlagRow, Judgement, MoveRow, Reach

ALL = date.min
"""In place of a day: everything is to be told anew."""

CHINESE = "zh_CN"
COMPARED = timedelta(days=63)
"""How long before a block what was watched can still be compared with: an effect looks back four weeks."""


@dataclass(slots=True)
class Case:
    """What is being told of one listing."""

    listing: str
    since: date
    parts: list[compare.Part]
    flags: list[Flag]
    """Those told before, as far as moves that may change have them; then the new ones, too."""
    moves: list[Move] = field(default_factory=list)
    effects: dict[str, list[Effect]] = field(default_factory=dict)
    """By move."""


def stale(con: duckdb.DuckDBPyConnection, rules: Rules, lists: WatchLists) -> dict[str, date]:
    """Listing -> first local day that is to be judged, of those for which there is something to judge.

    Pages that came since, or were read again, name the day; where other rules were in force, or none, all are.
    """
    found: dict[str, date] = {}
    for listing, oldest in rows(con, queries.UNJUDGED, {"rules": rules.name}):
        era = None if oldest is None else lists.at(listing, instant(oldest))
        # One day more: the pages of one reading of a keyword may lie on both sides of midnight.
        found[listing] = era.last - timedelta(days=1) if era else ALL
    return found


def judge(con: duckdb.DuckDBPyConnection, rules: Rules, since: Mapping[str, date] | None = None) -> list[Judgement]:
    """What is to be stored of these listings from these days on; by default of what is stale."""
    with many_objects():
        lists = WatchLists(con)
        cases = list(_cases(con, lists, stale(con, rules, lists) if since is None else since))
        newest_fetch, newest_read = rows(con, queries.REACH, {})[0]
        for span, together in _by_span(cases):
            watched = [
                compare.members(lists, part, part.span.since + compare.HISTORY - COMPARED) for _, part in together
            ]
            gathered = gather(
                con,
                span,
                {product.name for products, _ in watched for product in products},
                {keyword.name for _, keywords in watched for keyword in keywords},
            )
            for (case, part), (products, keywords) in zip(together, watched, strict=True):
                _judge(case, part, compare.comparison(gathered, lists, part, products, keywords), rules)
        reach = {"newest_fetch": newest_fetch, "newest_read": instant(newest_read), "rules": rules.name}
        return [
            _judgement(case, Reach(listing=case.listing, last_day=case.parts[-1].days[-1], **reach)) for case in cases
        ]


def _cases(con: duckdb.DuckDBPyConnection, lists: WatchLists, since: Mapping[str, date]) -> Iterator[Case]:
    newest = compare.newest(con)
    earlier = stored_flags(con, {listing: first for listing, first in since.items() if first > ALL})
    for listing, first in sorted(since.items()):
        parts = list(compare.parts(lists, listing, first, newest[listing])) if listing in newest else []
        if parts:
            yield Case(listing, first, parts, earlier.get(listing, []))


def _by_span(cases: Iterable[Case]) -> list[tuple[Span, list[tuple[Case, compare.Part]]]]:
    """The parts of all listings that rest on the same pages, in order of time."""
    together: dict[Span, list[tuple[Case, compare.Part]]] = defaultdict(list)
    for case in cases:
        for part in case.parts:
            together[part.span].append((case, part))
    return sorted(together.items(), key=lambda item: item[0].until)


def _judge(case: Case, part: compare.Part, comparison: Comparison, rules: Rules) -> None:
    case.flags += flags(comparison, rules)
    case.moves = moves(
        case.flags, part.days[-1], listing=case.listing, time_zone=comparison.time_zone, currency=comparison.currency
    )
    weighed = [move for move in case.moves if due(move, part.days[0], part.days[-1])]
    case.effects |= {move.id: [] for move in weighed}
    for effect in effects(comparison, weighed, case.moves):
        case.effects[effect.move].append(effect)


def _judgement(case: Case, reach: Reach) -> Judgement:
    era = case.parts[-1].era
    of = {key: move.id for move in case.moves for key in move.keys}
    changed = [move for move in case.moves if max(move.last_day, move.ended or move.last_day) >= case.since]
    return Judgement(
        reach=reach,
        since=case.since,
        flags=tuple(
            _flag(flag, case.listing, of.get(key(flag)), reach.rules) for flag in case.flags if flag.day >= case.since
        ),
        moves=tuple(_move(move, era.marketplace, reach.rules) for move in changed),
        effects=tuple(
            _effect(effect, case.listing, era.marketplace, reach.rules)
            for found in case.effects.values()
            for effect in found
        ),
        weighed=tuple(case.effects),
    )


def _flag(flag: Flag, listing: str, move: str | None, rules: str) -> FlagRow:
    return FlagRow(
        listing=listing,
        marketplace=flag.marketplace,
        asin=flag.asin,
        own=flag.own,
        day=flag.day,
        kind=flag.kind.value,
        severity=flag.severity.word,
        keyword=flag.keyword,
        before_at=flag.before_at,
        since=flag.since,
        observed_at=flag.observed_at,
        before=None if flag.before is None else str(flag.before),
        after=None if flag.after is None else str(flag.after),
        magnitude=flag.magnitude,
        chance=flag.chance,
        sentence=flag.sentence,
        sentence_zh=flag.said(CHINESE),
        says=flag.says,
        facts=_json(flag.facts),
        before_fetch=flag.evidence.before_fetch,
        after_fetch=flag.evidence.after_fetch,
        sql=flag.evidence.sql,
        move_id=move,
        rules=rules,
    )


def _move(move: Move, marketplace: str, rules: str) -> MoveRow:
    return MoveRow(
        listing=move.listing,
        marketplace=marketplace,
        move_id=move.id,
        theme=move.theme.value,
        asin=move.asin,
        own=move.own,
        severity=move.severity.word,
        started=move.started,
        started_at=move.started_at,
        state=move.state.value,
        ended=move.ended,
        last_day=move.last_day,
        flags=len(move.keys),
        events=tuple(EventOfMove(news=e.news.value, day=e.day, observed_at=e.observed_at) for e in move.events),
        sentence=move.sentence,
        sentence_zh=move.said(CHINESE),
        says=move.says,
        facts=_json(move.facts),
        rules=rules,
    )


def _effect(effect: Effect, listing: str, marketplace: str, rules: str) -> EffectRow:
    return EffectRow(
        listing=listing,
        marketplace=marketplace,
        move_id=effect.move,
        metric=effect.metric,
        keyword=effect.keyword,
        before=effect.before,
        after=effect.after,
        effect=effect.effect,
        low=effect.low,
        high=effect.high,
        nights_before=effect.nights_before,
        nights_after=effect.nights_after,
        verdict=effect.verdict,
        sentence=effect.sentence,
        sentence_zh=effect.said(CHINESE),
        says=effect.says,
        facts=_json(effect.facts),
        rules=rules,
    )


def _json(facts: Facts) -> str:
    return msgspec.json.Encoder(decimal_format="string", order="deterministic").encode(dict(facts)).decode()
