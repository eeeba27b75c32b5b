"""`tracker reviews`: bad reviews on own pages and those of rivals, and what the user says of the own ones."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.text import Text

from tracker.config import Config, load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, ListingsOption, chosen_names, fail, out
from tracker.timetable import present

if TYPE_CHECKING:
    import duckdb

    from reports.sections.ledger import Kept
    from reports.topics import Topic

app = typer.Typer(invoke_without_command=True)
IdsArgument = Annotated[list[str], typer.Argument(metavar="ID…", help="Ids, as `tracker reviews` shows them.")]
USUAL_DAYS = 30
THERE_BEFORE = "there_before"
"""On the first page that was read, which does not say when it was written."""
WIDTH = 300
"""Columns of a review's text that are printed."""


class Listed(NamedTuple):
    """A review of a listing."""

    listing: str
    asin: str
    own: bool
    came: str
    """As in reports.sections.ledger, or THERE_BEFORE."""
    day: date
    kept: "Kept"
    language: str | None
    topics: "tuple[Topic, ...] | None"


@app.callback()
def show(
    context: typer.Context,
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    listing: ListingsOption = None,
    asin: Annotated[str | None, typer.Option("--asin", "-a", help="On the page of this product.")] = None,
    stars: Annotated[str, typer.Option(help="So many: 1, or 1-3.")] = "1-3",
    new: Annotated[bool, typer.Option("--new", help="Only your own that are not handled, whenever they came.")] = False,
    days: Annotated[
        int | None, typer.Option(min=1, help=f"Of the newest so many days, {USUAL_DAYS} when not given.")
    ] = None,
    topic: Annotated[
        str | None, typer.Option("--topic", "-t", help="About this: leaks, size, … or other, for none of them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show bad reviews that came up on your product pages and those of rivals, with what they complain about."""
    if context.invoked_subcommand:
        return
    from reports.sections.ledger import OTHER  # noqa: PLC0415
    from reports.topics import TOPICS  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    names = chosen_names(config, listing)
    least, most = _stars(stars)
    if topic is not None and topic not in {*TOPICS, OTHER}:
        fail(f"--topic {topic!r}: no such topic; there is {', '.join((*TOPICS, OTHER))}", 2)
    if asin is not None and asin not in {a for each in config.listing for a in (each.asin, *each.rivals)}:
        fail(f"--asin {asin!r}: no listing watches it", 2)
    with Store(config.storage.database).reading() as connection:
        found = [
            each
            for each in _listed(connection, config, names, days or (None if new else USUAL_DAYS), most)
            if (asin is None or asin in each.kept.asins)
            and each.kept.stars is not None and least <= each.kept.stars <= most
            and (not new or (each.own and each.kept.state == "new"))
            and (topic is None or topic in _topics(each))
        ]  # fmt: skip
    if as_json:
        from storage.values import ENCODER  # noqa: PLC0415

        typer.echo(ENCODER.encode([_plain(each) for each in found]).decode())
    else:
        _print(found)


@app.command()
def handle(
    reviews: IdsArgument,
    *,
    note: Annotated[str | None, typer.Option("--note", "-n", help="What was done about it.")] = None,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Note that reviews on your own pages were seen to."""
    _say(load(config_path), reviews, "handled", note)
    out.print(f"{len(set(reviews))} handled; `tracker reviews reopen` takes it back")


@app.command()
def reopen(reviews: IdsArgument, config_path: ConfigOption = DEFAULT_CONFIG) -> None:
    """Take it back that reviews were seen to."""
    _say(load(config_path), reviews, "new", None)
    out.print(f"{len(set(reviews))} open again")


def _stars(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    ends = (first, last or first)
    if not all(end in {"1", "2", "3", "4", "5"} for end in ends) or ends[0] > ends[1]:
        fail(f"--stars {text!r}: not a number of stars; write 1, or 1-3", 2)
    return int(ends[0]), int(ends[1])


def _listed(
    connection: "duckdb.DuckDBPyConnection", config: Config, names: list[str], days: int | None, most: int
) -> Iterator[Listed]:
    """The reviews of the listings, of ``most`` stars at most now or before; of the newest ``days`` up to the last page
    read for each, or all of them."""
    from reports.compare import newest  # noqa: PLC0415
    from reports.period import ONE, Days  # noqa: PLC0415
    from reports.sections.ledger import came, kept  # noqa: PLC0415

    last_pages = newest(connection)
    for each in config.listings():
        if (names and each.name not in names) or each.name not in last_pages:
            continue
        zone, order = ZoneInfo(each.time_zone), (each.asin, *each.rivals)
        last = last_pages[each.name].astimezone(zone).date()
        wanted, found = Days(last - timedelta(days=days) + ONE if days else date.min, last), []
        for review in kept(connection, each.marketplace, order, most=most):
            how = came(review, wanted, zone)
            if how is not None or days is None:
                what, day = how or (THERE_BEFORE, review.first_seen_at.astimezone(zone).date())
                asin = next(one for one in order if one in review.asins)
                about = review.about(each.marketplace)
                found.append(Listed(each.name, asin, asin == each.asin, str(what), day, review, *about))
        yield from sorted(found, key=lambda listed: (listed.day, listed.own), reverse=True)


def _topics(each: Listed) -> Mapping[str, tuple[str, ...]]:
    """Each topic with the words that say so; ``other`` where the lists find none."""
    return dict(each.topics or ()) or ({} if each.topics is None else {"other": ()})


def _say(config: Config, reviews: list[str], state: str, note: str | None) -> None:
    """Keep what the user says; nothing of it where a review is not one of the own."""
    from storage.store import Store  # noqa: PLC0415

    store = Store(config.storage.database)
    wanted = list(dict.fromkeys(reviews))
    with store.reading() as connection:
        known = connection.execute(
            "SELECT review_id, marketplace, own FROM reviews WHERE list_contains(?, review_id)", [wanted]
        ).fetchall()
    own = {(review, marketplace) for review, marketplace, is_own in known if is_own}
    for review in wanted:
        if review not in {found for found, *_ in known}:
            fail(f"{review}: no such review; `tracker reviews` shows their ids", 2)
        if review not in {found for found, _ in own}:
            fail(f"{review}: stands on the page of a rival; only those on your own pages can be handled", 2)
    with store.writing() as connection:
        connection.executemany(
            "INSERT INTO stored.review_word (marketplace, review_id, state, note, said_at) VALUES (?, ?, ?, ?, ?)",
            [(marketplace, review, state, note, present()) for review, marketplace in sorted(own)],
        )


def _plain(each: Listed) -> dict[str, Any]:
    kept = each.kept
    return {
        "listing": each.listing,
        "review_id": kept.review_id,
        "asin": each.asin,
        "own": each.own,
        "asins": list(kept.asins),
        "came": each.came,
        "day": each.day,
        "stars": kept.stars,
        "stars_before": kept.stars_before,
        "reviewed_on": kept.reviewed_on,
        "country": kept.country,
        "verified": kept.verified,
        "variant": kept.variant,
        "title": kept.title,
        "body": kept.body,
        "language": each.language,
        "topics": None if each.topics is None else _topics(each),
        "state": kept.state if each.own else None,
        "note": kept.note,
        "said_at": kept.said_at,
    }


def _print(found: list[Listed]) -> None:
    from reports.forms.visible import line  # noqa: PLC0415
    from reports.wording import short  # noqa: PLC0415

    listing = None
    for each in found:
        if each.listing != listing:
            listing = each.listing
            out.print(f"[bold]{escape(listing)}[/bold]")
        kept = each.kept
        stars = f"{kept.stars_before} → {kept.stars}" if each.came == "changed" else str(kept.stars)
        state = f"  {kept.state}{f': {line(kept.note)}' if kept.note else ''}" if each.own else ""
        told = Text(f"  {stars:>5} ★  ", style="red" if each.own and kept.state == "new" else "")
        told.append("own listing" if each.own else each.asin, style="bold")
        told.append(f"  {line(kept.title or '')}", style="bold")
        told.append(f"  {each.came} {each.day}  {kept.review_id}{state}", style="dim")
        out.print(told, soft_wrap=True)
        if kept.body:
            out.print(Text(f"           {short(line(kept.body), WIDTH)}"), soft_wrap=True)
        about = "; ".join(f"{key}: {', '.join(words)}" if words else key for key, words in _topics(each).items())
        out.print(Text(f"           {about or 'topics not known: no word list for its language'}", style="dim"))
    if not found:
        out.print("No such review.")
