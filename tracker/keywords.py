"""`tracker keywords`: which words buyers may search a listing by, and which are watched."""

from typing import Annotated

import typer
from rich.markup import escape

from tracker.around import around
from tracker.config import load
from tracker.edit import chosen, edited, of_listing
from tracker.rivals import AddOption, CountOption, ListingArgument
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, fail, out

app = typer.Typer(no_args_is_help=True, help="Find keywords for a listing, and edit which are watched.")

KeywordsArgument = Annotated[
    list[str], typer.Argument(help="Keywords as buyers type them, each in quotes.", show_default=False)
]


@app.command()
def suggest(
    *,
    listing: ListingArgument,
    count: CountOption = 20,
    add_best: AddOption = 0,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Rank words that are not watched yet: from titles and bullets of rivals and of what ranks first, and from what the
    site itself offers beside the results."""
    from reports.keywords.ideas import ideas  # noqa: PLC0415  heavy
    from reports.keywords.seen import texts  # noqa: PLC0415
    from reports.sentences import ENGLISH  # noqa: PLC0415
    from storage.values import ENCODER  # noqa: PLC0415

    config = load(config_path)
    with around(config, chosen(config, listing)) as (connection, found):
        best = ideas(texts(connection, found))[:count]
    if as_json:
        told = [
            {"keyword": each.keyword, "score": round(each.score, 4), "lacking": each.lacking}
            | {"reasons": [ENGLISH.say(said) for said in each.says]}
            for each in best
        ]
        typer.echo(ENCODER.encode(told).decode())
    else:
        for n, each in enumerate(best, 1):
            out.print(f"{n:>3}  [bold]{each.score:.2f}  {escape(each.keyword)}[/bold]", soft_wrap=True)
            out.print(f"           {escape('; '.join(map(ENGLISH.say, each.says)))}", soft_wrap=True)
        if best:
            out.print(f'\nWatch some: [bold]tracker keywords add {listing} "{escape(best[0].keyword)}" …[/bold]')
        else:
            out.print("No words that several titles share, and that are not watched already.")
    if add_best and best:
        new = [each.keyword for each in best[:add_best]]
        edited(config_path, of_listing(listing, "keywords", add=new))
        out.print(f"{len(new)} keywords added; the next crawl reads their results")


@app.command()
def add(listing: ListingArgument, keywords: KeywordsArgument, config_path: ConfigOption = DEFAULT_CONFIG) -> None:
    """Watch further keywords."""
    new = list({" ".join(keyword.split()).casefold(): " ".join(keyword.split()) for keyword in keywords}.values())
    known = {keyword.casefold() for keyword in chosen(load(config_path), listing).keywords}
    if again := [keyword for keyword in new if keyword.casefold() in known]:
        fail(f"{', '.join(again)}: watched already for {listing}; nothing was changed", 2)
    edited(config_path, of_listing(listing, "keywords", add=new))
    out.print(f"{len(new)} added to the keywords of {escape(listing)}; the next crawl reads their results")


@app.command()
def drop(listing: ListingArgument, keywords: KeywordsArgument, config_path: ConfigOption = DEFAULT_CONFIG) -> None:
    """Watch keywords no longer. What is known of their results stays."""
    known = {keyword.casefold() for keyword in chosen(load(config_path), listing).keywords}
    if strange := [keyword for keyword in keywords if keyword.strip().casefold() not in known]:
        fail(f"{', '.join(strange)}: not among the keywords of {listing}; nothing was changed", 2)
    edited(config_path, of_listing(listing, "keywords", drop=[keyword.strip() for keyword in keywords]))
    out.print(f"{len(keywords)} taken out of the keywords of {escape(listing)}; what is known of them stays")
