"""What was judged, as rows: flags, moves and effects. They follow from the observations, so they are replaced as they
are told anew, and what the user says of them (mute, acknowledge) is kept apart from them."""

from collections.abc import Sequence
from datetime import date, datetime

import duckdb
import msgspec

from storage.rows import insert


class FlagRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``stored.flag``. ``facts`` is JSON."""

    listing: str
    marketplace: str
    asin: str | None
    own: bool
    day: date
    kind: str
    severity: str
    keyword: str | None
    before_at: datetime | None
    since: datetime
    observed_at: datetime
    before: str | None
    after: str | None
    magnitude: float | None
    chance: float | None
    sentence: str
    sentence_zh: str
    says: tuple[str, ...]
    facts: str
    before_fetch: int | None
    after_fetch: int | None
    sql: str
    move_id: str | None
    rules: str


class EventOfMove(msgspec.Struct, frozen=True, kw_only=True):
    news: str
    day: date
    observed_at: datetime


class MoveRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``stored.move``."""

    listing: str
    marketplace: str
    move_id: str
    theme: str
    asin: str | None
    own: bool
    severity: str
    started: date
    started_at: datetime
    state: str
    ended: date | None
    last_day: date
    flags: int
    events: tuple[EventOfMove, ...]
    sentence: str
    sentence_zh: str
    says: tuple[str, ...]
    facts: str
    rules: str


class EffectRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``stored.effect``."""

    listing: str
    marketplace: str
    move_id: str
    metric: str
    keyword: str | None
    before: float | None
    after: float | None
    effect: float | None
    low: float | None
    high: float | None
    nights_before: int
    nights_after: int
    verdict: str
    sentence: str
    sentence_zh: str
    says: tuple[str, ...]
    facts: str
    rules: str


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How far a listing has been judged: a row of ``stored.judged``."""

    listing: str
    last_day: date
    newest_fetch: int
    newest_read: datetime
    rules: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What is told anew of one listing."""

    reach: Reach
    since: date
    """Flags of this local day and later are replaced, and the moves that they can have changed."""
    flags: tuple[FlagRow, ...]
    moves: tuple[MoveRow, ...]
    effects: tuple[EffectRow, ...]
    weighed: tuple[str, ...]
    """Moves whose effects are replaced."""


def keep(connection: duckdb.DuckDBPyConnection, judgements: Sequence[Judgement]) -> None:
    """Put judgements in the place of what stood there, inside the caller's transaction."""
    for each in judgements:
        listing, told = each.reach.listing, {move.move_id for move in each.moves}
        connection.execute("DELETE FROM stored.flag WHERE listing = ? AND day >= ?", [listing, each.since])
        found = connection.execute(
            "SELECT move_id FROM stored.move WHERE listing = ? AND greatest(last_day, ended) >= ?",
            [listing, each.since],
        ).fetchall()
        before = {move_id for (move_id,) in found}
        kept = told - set(each.weighed) if each.since > date.min else set()
        for table, moves in ("move", before | told), ("effect", (before | told) - kept | set(each.weighed)):
            connection.execute(
                f"DELETE FROM stored.{table} WHERE listing = ? AND list_contains(?::VARCHAR[], move_id)",  # noqa: S608
                [listing, sorted(moves)],
            )
        connection.execute("DELETE FROM stored.judged WHERE listing = ?", [listing])
    insert(connection, "stored.flag", [row for each in judgements for row in each.flags])
    insert(connection, "stored.move", [row for each in judgements for row in each.moves])
    insert(connection, "stored.effect", [row for each in judgements for row in each.effects])
    insert(connection, "stored.judged", [each.reach for each in judgements])
