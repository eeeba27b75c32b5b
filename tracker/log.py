"""`tracker log`: what you changed on your own listing, so that the report can say what came of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from typer.core import TyperGroup

from storage.model import Listing
from tracker.config import Config, load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, err, fail, out
from tracker.timetable import present

if TYPE_CHECKING:
    import duckdb

    from reports.actions import Action, What

NOON = time(12)
"""Of a day without a time: by then the pages of its night are read, and the change shows on those of the next."""
FIRST = datetime(1995, 7, 16, tzinfo=UTC)
"""Before it nothing can have been changed: on that day Amazon opened."""
LONGEST = 500
"""Characters of an entry, which stands on charts and in messages."""
ListingOption = Annotated[str | None, typer.Option("--listing", "-l", help="Of this listing.")]


class Journal(TyperGroup):
    """A text that is no command is something to note."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] == "--list":
            args = ["show", *args[1:]]
        elif args[0] not in {*self.commands, "--help"}:
            args = ["note", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=Journal)


@app.callback()
def journal() -> None:
    """Note what you changed: `tracker log "raised price to 24.99" --listing my-mug --at yesterday`.

    It is marked on the charts, and after its window (7 nights) the report says what moved and what did not. Options:
    `tracker log note --help`.
    """


@app.command()
def note(
    text: Annotated[str, typer.Argument(help='What you changed, in your words: "raised price to 24.99".')],
    *,
    listing: ListingOption = None,
    at: Annotated[
        str | None,
        typer.Option(
            help='When: "2026-11-20 14:00" on the listing\'s own clock, or with a zone (…T14:00+08:00); a day, '
            "today or yesterday; now when not given."
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", "-k", help="price, coupon, deal, title, bullets, images, a_plus, ads, stock or other."),
    ] = None,
    window: Annotated[int, typer.Option("--window", "-w", help="Nights to wait before it is judged, 3 to 28.")] = 7,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Note something that you changed; the word `note` may be left out."""
    from reports.actions import LEAST_NIGHTS, MOST_NIGHTS, What, actions, beside, guessed  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    of, text = _listing(config, listing), " ".join(text.split())
    if not text:
        fail('what did you change? Say it in a few words: tracker log "raised price to 24.99"', 2)
    if len(text) > LONGEST:
        fail(f"{len(text):,} characters are too many for an entry; {LONGEST} are the most", 2)
    if not LEAST_NIGHTS <= window <= MOST_NIGHTS:
        fail(f"--window {window}: {LEAST_NIGHTS} to {MOST_NIGHTS} nights; fewer tell nothing of any change", 2)
    if kind is not None and kind not in set(What):
        fail(f"--kind {kind!r}: no such kind; one of {', '.join(What)}", 2)
    what, when = What(kind) if kind else guessed(text), _instant(at, of.time_zone)
    store = Store(config.storage.database)
    with store.writing() as connection:
        number = keep(connection, of, when, what, text, nights=window, guessed=kind is None)
        known = actions(connection, of.name)
    made = next(each for each in known if each.entry == number)
    line = f"[bold]{number}[/bold]  {escape(_line(made, of.time_zone))}; `tracker log undo {number}` takes it back"
    out.print(line, soft_wrap=True)
    if kind is None:
        out.print(f"taken as: {what}; --kind says otherwise")
    for other in beside(made, known):
        err.print(f"[yellow]{escape(_beside(made, other))}[/yellow]", soft_wrap=True)


@app.command()
def show(
    *,
    listing: ListingOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """List what was noted, the newest first. What came of it stands in the report."""
    from reports.actions import actions, beside  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415
    from storage.values import ENCODER  # noqa: PLC0415

    config = load(config_path)
    zones = {each.name: each.time_zone for each in config.listings()}
    if listing is not None:
        _listing(config, listing)
    with Store(config.storage.database).reading() as connection:
        found = actions(connection, listing)[::-1]
    if as_json:
        typer.echo(
            ENCODER.encode([
                {
                    "entry": a.entry, "listing": a.listing, "asin": a.asin, "acted_at": a.at, "kind": a.what,
                    "what": a.text, "nights": a.nights, "beside": [other.entry for other in beside(a, found)],
                }
                for a in found
            ]).decode()
        )  # fmt: skip
        return
    for each in found:
        out.print(
            f"[bold]{each.entry:>3}[/bold]  {escape(_line(each, zones.get(each.listing, 'UTC')))}", soft_wrap=True
        )
        for other in beside(each, found)[:1]:
            out.print(f"[yellow]     {escape(_beside(each, other))}[/yellow]", soft_wrap=True)
    if not found:
        out.print('Nothing was noted. `tracker log "raised price to 24.99"` does it.')


@app.command()
def undo(
    entry: Annotated[int, typer.Argument(help="Number of an entry, as `tracker log show` has it.")],
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Take an entry back."""
    from reports.actions import actions  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    with Store(load(config_path).storage.database).writing() as connection:
        known = {each.entry: each for each in actions(connection)}
        if entry in known:
            connection.execute(
                "UPDATE stored.journal SET withdrawn_at = ? WHERE entry = ? AND withdrawn_at IS NULL",
                [present(), entry],
            )
    if entry not in known:
        fail(f"{entry}: no such entry; `tracker log show` lists them", 2)
    out.print(f"{entry} taken back: {escape(known[entry].text)}", soft_wrap=True)


def keep(
    connection: "duckdb.DuckDBPyConnection",
    listing: Listing,
    at: datetime,
    what: "What",
    text: str,
    *,
    nights: int,
    guessed: bool = False,
) -> int:
    """Keep an action that was done at ``at`` (UTC), and return its number."""
    (number,) = connection.execute("SELECT coalesce(max(entry), 0) + 1 FROM stored.journal").fetchone() or (1,)
    row = {
        "entry": number, "listing": listing.name, "marketplace": listing.marketplace, "asin": listing.asin,
        "time_zone": listing.time_zone, "acted_at": at, "kind": what, "guessed": guessed, "what": text,
        "nights": nights, "said_at": present(),
    }  # fmt: skip
    connection.execute(
        f"INSERT INTO stored.journal ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
        list(row.values()),
    )
    return int(number)


def _listing(config: Config, name: str | None) -> Listing:
    """The one that is meant; without a name the only one there is."""
    known = {each.name: each for each in config.listings()}
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name is None:
        fail(f"of which listing? Name it with --listing; there is {', '.join(known)}", 2)
    if name not in known:
        fail(f"--listing {name!r}: no such listing; there is {', '.join(known)}", 2)
    return known[name]


def _instant(text: str | None, time_zone: str) -> datetime:
    """What ``--at`` says (UTC). Ends the command when it is no time, or has not come yet."""
    now, zone = present(), ZoneInfo(time_zone)
    if text is None:
        return now
    today, (day, _, clock) = now.astimezone(zone).date(), text.strip().replace("T", " ").partition(" ")
    days = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        on = days.get(day) or date.fromisoformat(day)
        told = datetime.fromisoformat(f"{on} {clock.strip()}") if clock.strip() else datetime.combine(on, NOON)
        at = told if told.tzinfo else told.replace(tzinfo=zone)
    except ValueError:
        fail(f'--at {text!r}: no time; write "2026-11-20 14:00", 2026-11-20, today or yesterday', 2)
    if at < FIRST:
        fail(f"--at {text!r}: nothing was sold then; a day since {FIRST:%Y-%m-%d}", 2)
    if on == today and not clock.strip():
        at = min(at, now)
    if at > now:
        here = now.astimezone(zone)
        fail(f"--at {text!r}: has not come yet; it is {here:%Y-%m-%d %H:%M} in {time_zone}", 2)
    return at.astimezone(UTC)


def _line(action: "Action", time_zone: str) -> str:
    at = action.at.astimezone(ZoneInfo(time_zone))
    when = f"{at:%Y-%m-%d %H:%M} ({time_zone})"
    return f"{action.listing}, {when}, {action.what}: {action.text}; judged after {action.nights} nights"


def _beside(action: "Action", other: "Action") -> str:
    days, side = (action.at - other.at) / timedelta(days=1), "after" if other.at <= action.at else "before"
    apart = round(abs(days))
    span = f"{apart} day{'s' * (apart != 1)}" if apart else "hours"
    return f"{span} {side} entry {other.entry} ({other.text!r}): what each did will not be told apart"
