"""`tracker rivals`: who competes with a listing, and who is watched for it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from tracker.around import around
from tracker.config import Config, load
from tracker.edit import asin_of, chosen, edited, of_listing
from tracker.sections import ListingConfig
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, fail, out
from tracker.timetable import present

if TYPE_CHECKING:
    from reports.rivals.score import Scored
    from reports.rivals.weak import Weak

app = typer.Typer(no_args_is_help=True, help="Find rivals of a listing, and edit who is watched for it.")

ListingArgument = Annotated[str, typer.Argument(help="A listing, as config.toml names it.", show_default=False)]
AsinsArgument = Annotated[list[str], typer.Argument(help="ASINs, or the addresses of their pages.", show_default=False)]
CountOption = Annotated[int, typer.Option(min=1, max=200, help="How many at most.")]
AddOption = Annotated[
    int, typer.Option("--add", min=0, max=50, help="Watch the best so many from now on.", show_default=False)
]
DAYS = 90


@app.command()
def suggest(
    *,
    listing: ListingArgument,
    count: CountOption = 20,
    add_best: AddOption = 0,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Rank who competes with a listing, each with its score and the reasons (reports/RIVALS.md), and who of the rivals
    is worth watching no longer."""
    from reports.rivals.score import candidates  # noqa: PLC0415  heavy
    from reports.rivals.weak import weak  # noqa: PLC0415

    config = load(config_path)
    watched = chosen(config, listing)
    with around(config, watched) as (_, found):
        best = candidates(found)
        poor = weak(found, best)
    if as_json:
        _print_json(best[:count], poor)
    else:
        _print(watched, best[:count], poor)
    if add_best and best:
        notes = {each.product.asin: each.product.title or "" for each in best[:add_best]}
        edited(config_path, of_listing(listing, "rivals", add=notes))
        out.print(f"{len(notes)} rivals added; the next crawl reads their pages")


@app.command()
def add(listing: ListingArgument, asins: AsinsArgument, config_path: ConfigOption = DEFAULT_CONFIG) -> None:
    """Watch further rivals."""
    config = load(config_path)
    new = _asked(chosen(config, listing), asins, watched=False)
    edited(config_path, of_listing(listing, "rivals", add=_titles(config, listing, new)))
    out.print(f"{len(new)} added to the rivals of {escape(listing)}; the next crawl reads their pages")


@app.command()
def drop(listing: ListingArgument, asins: AsinsArgument, config_path: ConfigOption = DEFAULT_CONFIG) -> None:
    """Watch rivals no longer. What is known of them stays."""
    old = _asked(chosen(load(config_path), listing), asins, watched=True)
    edited(config_path, of_listing(listing, "rivals", drop=old))
    out.print(f"{len(old)} taken out of the rivals of {escape(listing)}; what is known of them stays")


@app.command()
def replace(
    listing: ListingArgument,
    old: Annotated[str, typer.Argument(help="The rival to watch no longer.", show_default=False)],
    new: Annotated[str, typer.Argument(help="Who takes its place.", show_default=False)],
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Watch another rival instead of one."""
    config = load(config_path)
    watched = chosen(config, listing)
    gone, come = _asked(watched, [old], watched=True), _asked(watched, [new], watched=False)
    edited(config_path, of_listing(listing, "rivals", add=_titles(config, listing, come), drop=gone))
    out.print(f"{come[0]} takes the place of {gone[0]}; the next crawl reads its page")


@app.command()
def decline(
    *,
    listing: ListingArgument,
    asins: AsinsArgument,
    days: Annotated[int, typer.Option(min=1, max=3660, help="For so many days.")] = DAYS,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Have products not proposed as rivals for a while."""
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    market = chosen(config, listing).marketplace
    now, declined = present(), [asin_of(each, market) for each in asins]
    with Store(config.storage.database).writing() as connection:
        connection.execute(
            "UPDATE stored.declined SET withdrawn_at = ? WHERE listing = ? AND marketplace = ? "
            "AND list_contains(?, asin) AND withdrawn_at IS NULL",
            [now, listing, market, declined],
        )
        if not undo:
            rows = [(listing, market, asin, now, now + timedelta(days=days)) for asin in declined]
            connection.executemany("INSERT INTO stored.declined VALUES (?, ?, ?, ?, ?, NULL)", rows)
    out.print("may be proposed again" if undo else f"not proposed again for {days} days; `--undo` takes it back")


def _asked(listing: ListingConfig, values: Sequence[str], *, watched: bool) -> list[str]:
    """The ASINs that arguments name, each once. The command ends where one is not among the rivals, or is already."""
    asins = list(dict.fromkeys(asin_of(value, listing.marketplace) for value in values))
    wrong = [asin for asin in asins if (asin in listing.rivals) is not watched]
    if wrong:
        state = "not among the rivals of" if watched else "watched already for"
        fail(f"{', '.join(wrong)}: {state} {listing.name}; nothing was changed", 2)
    return asins


def _titles(config: Config, listing: str, asins: Sequence[str]) -> dict[str, str]:
    """What is known of their titles, for a remark beside each."""
    from reports.rivals.evidence import titles  # noqa: PLC0415  heavy
    from storage.store import Store, StoreError  # noqa: PLC0415

    known: dict[str, str] = {}
    try:
        with Store(config.storage.database).reading() as connection:
            known = titles(connection, chosen(config, listing).marketplace, asins)
    except StoreError:  # nothing was crawled yet
        pass
    return {asin: known.get(asin, "") for asin in asins}


def _print(listing: ListingConfig, best: Sequence["Scored"], poor: Sequence["Weak"]) -> None:
    from reports.sentences import ENGLISH  # noqa: PLC0415  heavy

    for n, each in enumerate(best, 1):
        title = escape(each.product.title or "title not known")
        out.print(f"{n:>3}  [bold]{each.score:.2f}  {each.product.asin}[/bold]  {title}", soft_wrap=True)
        known = "" if each.known > 0.999 else f" [dim]({each.known:.0%} of the score known)[/dim]"
        out.print(f"           {escape('; '.join(map(ENGLISH.say, each.reasons)))}{known}", soft_wrap=True)
    if best:
        names = " ".join(each.product.asin for each in best[:3])
        out.print(f"\nWatch some:          [bold]tracker rivals add {listing.name} {names} …[/bold]", soft_wrap=True)
        out.print(f"Or the best twelve:  [bold]tracker rivals suggest {listing.name} --add 12[/bold]", soft_wrap=True)
    else:
        out.print("Nobody who is not watched already was seen often enough to be ranked.")
    for one in poor:
        name = escape(one.product.title or one.product.asin)
        out.print(f"\n[yellow]{one.product.asin}[/yellow]  {name}", soft_wrap=True)
        out.print(f"           {escape('; '.join(map(ENGLISH.say, one.says)))}", soft_wrap=True)
        if one.by:
            command = f"tracker rivals replace {listing.name} {one.product.asin} {one.by.product.asin}"
        else:
            command = f"tracker rivals drop {listing.name} {one.product.asin}"
        out.print(f"           [bold]{command}[/bold]", soft_wrap=True)


def _print_json(best: Sequence["Scored"], poor: Sequence["Weak"]) -> None:
    from reports.sentences import ENGLISH  # noqa: PLC0415  heavy
    from storage.values import ENCODER  # noqa: PLC0415

    def plain(each: "Scored") -> dict[str, Any]:
        return {
            "asin": each.product.asin,
            "title": each.product.title,
            "score": round(each.score, 4),
            "known": round(each.known, 4),
            "parts": {part.key: {"weight": part.weight, "value": part.value} for part in each.parts},
            "reasons": [ENGLISH.say(said) for said in each.reasons],
        }

    proposed = [
        plain(one.rival) | {"why": one.why.value, "says": [ENGLISH.say(s) for s in one.says]}
        | {"by": one.by.product.asin if one.by else None}
        for one in poor
    ]  # fmt: skip
    typer.echo(ENCODER.encode({"candidates": [plain(each) for each in best], "replace": proposed}).decode())
