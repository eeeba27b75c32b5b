"""`tracker flags`: the moves, and what the user says to them: seen, or not to be told."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from tracker.config import Config, load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, err, fail, out
from tracker.timetable import present

if TYPE_CHECKING:
    import duckdb

app = typer.Typer(invoke_without_command=True)

ListingOption = Annotated[str | None, typer.Option("--listing", "-l", help="Of this listing.")]
AsinOption = Annotated[str | None, typer.Option("--asin", "-a", help="Of this product.")]
KindOption = Annotated[str | None, typer.Option("--kind", "-k", help="Of this kind (reports/FLAGS.md has them all).")]

MOVES = """
SELECT listing, move_id, asin, own, theme, severity, started, state, ended, duration, last_day, says, facts, silent,
       events
FROM moves
WHERE ($listing IS NULL OR listing = $listing) AND ($asin IS NULL OR asin = $asin)
  AND ($kind IS NULL OR (listing, move_id) IN (SELECT (listing, move_id) FROM flags WHERE kind = $kind))
  AND ($everything OR NOT silent)
  AND list_max([e.day FOR e IN events]) > (SELECT max(last_day) FROM stored.judged) - $days::INTEGER
ORDER BY listing, list_max([e.day FOR e IN events]) DESC, own DESC, severity = 'high' DESC, severity = 'medium' DESC,
         move_id
"""
COLOURS = {"high": "red", "medium": "yellow", "low": "dim"}


@app.callback()
def show(
    context: typer.Context,
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    listing: ListingOption = None,
    asin: AsinOption = None,
    kind: KindOption = None,
    days: Annotated[int, typer.Option(min=1, help="What began, grew or ended within so many days.")] = 7,
    everything: Annotated[bool, typer.Option("--all", help="What is muted or acknowledged, too.")] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Only what was not told yet; nothing in the quiet hours of [flags].")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Judge all that was ever crawled anew. It tells the same.")
    ] = False,
) -> None:
    """Show what moved: coupons, cuts, stock-outs, rank jumps …, those that belong together as one."""
    if context.invoked_subcommand:
        return
    from storage.store import Store  # noqa: PLC0415
    from tracker.judging import renew  # noqa: PLC0415

    config = load(config_path)
    _checked(config, listing, kind)
    if renew(config, rebuild=rebuild):
        err.print("[yellow]Somebody else is writing to the database: shown is what was judged before.[/yellow]")
    store = Store(config.storage.database)
    about = {"listing": listing, "asin": asin, "kind": kind, "everything": everything, "days": days}
    with store.reading() as connection:
        found = _dicts(connection, MOVES, about)
        if new:
            found = _untold(connection, config, found)
    if as_json:
        from storage.values import ENCODER  # noqa: PLC0415

        typer.echo(ENCODER.encode([_plain(move, config.report.language) for move in found]).decode())
    else:
        _print(found, config.report.language, new=new)
    if new and found:
        with store.writing() as connection:
            rows = [(m["listing"], m["move_id"], e["news"], e["day"], present()) for m in found for e in m["events"]]
            connection.executemany("INSERT INTO stored.told VALUES (?, ?, ?, ?, ?)", rows)


@app.command()
def ack(
    moves: Annotated[list[str], typer.Argument(help="Ids of moves, as `tracker flags` shows them.")],
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Note that a move was seen: it is not told again, unless it becomes graver."""
    from storage.store import Store  # noqa: PLC0415

    store = Store(load(config_path).storage.database)
    with store.reading() as connection:
        known = dict(connection.execute("SELECT move_id, listing FROM moves").fetchall())
    for move in moves:
        if move not in known:
            fail(f"{move}: no such move; `tracker flags` shows their ids", 2)
    _say(store, [{"listing": known[move], "move_id": move} for move in moves])
    out.print(f"{len(moves)} acknowledged")


@app.command()
def mute(
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    listing: ListingOption = None,
    asin: AsinOption = None,
    kind: KindOption = None,
    days: Annotated[int | None, typer.Option(min=1, help="For so many days; for good when not given.")] = None,
) -> None:
    """Do not tell flags of a listing, a product or a kind, or of what these have in common."""
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    _checked(config, listing, kind)
    if not (listing or asin or kind):
        fail("what to mute? Name a --listing, an --asin or a --kind, or several of them", 2)
    until = present() + timedelta(days=days) if days else None
    (number,) = _say(Store(config.storage.database), [{"listing": listing, "asin": asin, "kind": kind, "until": until}])
    out.print(f"muted; `tracker flags unmute {number}` takes it back")


@app.command()
def unmute(
    number: Annotated[str | None, typer.Argument(help="Which; all are listed when not given.")] = None,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Take a mute back, or list those in force."""
    from storage.store import Store  # noqa: PLC0415

    store = Store(load(config_path).storage.database)
    with store.reading() as connection:
        found = connection.execute(
            "SELECT silence_id, concat_ws(', ', listing, asin, kind), until FROM stored.silence "
            "WHERE move_id IS NULL AND withdrawn_at IS NULL AND (until IS NULL OR until > now()) ORDER BY said_at"
        ).fetchall()
    if number is None:
        for each, what, until in found:
            out.print(f"[bold]{each}[/bold]  {escape(what)}{f', until {until:%Y-%m-%d %H:%M} UTC' if until else ''}")
        if not found:
            out.print("nothing is muted")
    elif number not in {each for each, *_ in found}:
        fail(f"{number}: no such mute; `tracker flags unmute` lists them", 2)
    else:
        with store.writing() as connection:
            connection.execute("UPDATE stored.silence SET withdrawn_at = now() WHERE silence_id = ?", [number])
        out.print("told again")


def _checked(config: Config, listing: str | None, kind: str | None) -> None:
    """End the command where it names what there is not."""
    from reports.flags import Kind  # noqa: PLC0415

    names = [each.name for each in config.listing]
    if listing is not None and listing not in names:
        fail(f"--listing {listing!r}: no such listing; there is {', '.join(names)}", 2)
    if kind is not None and kind not in set(Kind):
        fail(f"--kind {kind!r}: no such kind of flag; there is {', '.join(Kind)}", 2)


def _say(store: Any, said: list[dict[str, Any]]) -> list[str]:
    """Keep what the user said; returns the number of each."""
    with store.writing() as connection:
        (count,) = connection.execute("SELECT count(*) FROM stored.silence").fetchone()
        numbers = [str(count + n) for n in range(1, len(said) + 1)]
        for number, what in zip(numbers, said, strict=True):
            row = {"silence_id": number, "said_at": present()} | what
            connection.execute(
                f"INSERT INTO stored.silence ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
                list(row.values()),
            )
    return numbers


def _untold(
    connection: "duckdb.DuckDBPyConnection", config: Config, moves: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The moves with news that was not told, and that may be told now; with that news alone."""
    from reports.silence import QuietHours  # noqa: PLC0415

    told = set(connection.execute("SELECT listing, move_id, news, day FROM stored.told").fetchall())
    zones = {listing.name: listing.time_zone for listing in config.listings()}
    now, found = present(), []
    for move in moves:
        quiet, zone = config.flags.quiet, zones.get(move["listing"])
        if quiet and zone and QuietHours.parse(quiet, zone).quiet(now):
            continue
        events = [e for e in move["events"] if (move["listing"], move["move_id"], e["news"], e["day"]) not in told]
        if events:
            found.append(move | {"events": events})
    return found


def _dicts(connection: "duckdb.DuckDBPyConnection", sql: str, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = connection.execute(sql, dict(about))
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _said(move: Mapping[str, Any], language: str) -> str:
    from reports.sentences import sentence  # noqa: PLC0415

    return sentence(move["says"], json.loads(move["facts"]), language)


def _plain(move: dict[str, Any], language: str) -> dict[str, Any]:
    hidden = {"says", "facts"}
    return {name: value for name, value in move.items() if name not in hidden} | {"sentence": _said(move, language)}


def _print(moves: list[dict[str, Any]], language: str, *, new: bool) -> None:
    by_listing: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for move in moves:
        by_listing[move["listing"]].append(move)
    for listing, found in by_listing.items():
        out.print(f"[bold]{escape(listing)}[/bold]")
        for move in found:
            who = "own listing" if move["own"] else move["asin"] or "market"
            line = Text(f"  {move['severity']:<7}", style=COLOURS[move["severity"]])
            line.append(f"{who}  ", style="bold").append(_said(move, language))
            line.append(f"  {move['move_id']}{'  (silent)' if move['silent'] else ''}", style="dim")
            out.print(line, soft_wrap=True)
    if not moves:
        out.print("Nothing new." if new else "Nothing that matters in these days.")
