"""`tracker import`: the own numbers, from exports of Seller Central, and history, from a CSV file or from Keepa."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
import typer

from tracker.config import Config, load
from tracker.terminal import DAY, DEFAULT_CONFIG, ConfigOption, err, fail, out

if TYPE_CHECKING:
    from storage.history import History
    from storage.own.read import Export
    from storage.store import Store
    from storage.tabular import Mapping

app = typer.Typer()

MOST_SHOWN = 20
"""Unreadable rows of a file that are told one by one."""


class _File(NamedTuple):
    """A file with what it holds."""

    path: Path
    sha256: str
    found: "Export | History"

    @property
    def unread(self) -> str:
        """How many of its parts could not be read, in words; empty: all were."""
        number = len(self.found.unread)
        products = getattr(self.found, "source", None) == "keepa"
        return f"{number:,} {'products' if products else 'rows'}" if number else ""


@app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Exports of Seller Central (.csv, .txt, .xlsx), history in CSV, or what Keepa's product API answered "
            "(.json or .json.gz).",
        ),
    ],
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    day: Annotated[
        datetime | None, typer.Option(formats=[DAY], help="That an export covers, where it does not say: 2026-03-01.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=[DAY], help="The first day that an export covers.")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=[DAY], help="The last one.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="TOML file that says how the file is written.")] = None,
    maps: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=HEADING: which column holds what (may be repeated).")
    ] = None,
    marketplace: Annotated[str | None, typer.Option(help="Of every row, where no column has it: com, de …")] = None,
    asin: Annotated[str | None, typer.Option(help="Of every row of a history, where no column has it.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217; by default the marketplace's.")] = None,
    locale: Annotated[
        str | None,
        typer.Option(help="Whose days and decimal commas: de, en_GB, zh_CN; by default the marketplace's."),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Of its days and times, an IANA name; by default the marketplace's.")
    ] = None,
    date_format: Annotated[str | None, typer.Option(help="Such as %d-%m-%Y, where the locale's does not fit.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of the file, where it is not UTF-8 and not clear.")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import what is readable of a file with errors.")
    ] = False,
) -> None:
    """Take in own numbers (exports of Seller Central, recognised by their headings) or history (CSV, Keepa).

    All of the files or nothing; twice is the same as once.
    """
    given = {
        "marketplace": marketplace,
        "asin": asin,
        "currency": currency,
        "locale": locale,
        "time_zone": time_zone,
        "date_format": date_format,
        "encoding": encoding,
    }
    config, days = load(config_path), _days(day, first, last)
    how = _how(_mapping(mapping), maps or [], {name: text for name, text in given.items() if text})
    for said in take_in(config, files, how, days, datetime.now(UTC), skip_bad=skip_bad):
        out.print(said, markup=False, soft_wrap=True)


def take_in(
    config: Config,
    files: Sequence[Path],
    how: "Mapping",
    days: tuple[date, date] | None,
    now: datetime,
    *,
    skip_bad: bool = False,
) -> Iterator[str]:
    """Import all of the files, or end the command with nothing imported; says of each what became of its rows."""
    from storage.own.read import Export  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    read = [_read(file, how, days, own_asins(config), now) for file in files]
    for file in read:
        _tell(file)
    if days:
        _each_once(read, days[0])
    unread = [file.unread for file in read if file.unread]
    if unread and not skip_bad:
        fail(f"{', '.join(unread)} cannot be read, so nothing was imported; --skip-bad imports the rest", 1)
    store = Store(config.storage.database)
    yield from _keep(store, [(file, file.found) for file in read if isinstance(file.found, Export)], now)
    for file in read:
        if not isinstance(file.found, Export):
            yield from _take(store, file, file.found, now, alone=len(files) == 1)


def own_asins(config: Config) -> dict[str, frozenset[str]]:
    """The own ASINs by marketplace, by which an export is told to be of one."""
    own: dict[str, frozenset[str]] = {}
    for listing in config.listings():
        own[listing.marketplace] = own.get(listing.marketplace, frozenset()) | {listing.asin}
    return own


def _read(
    file: Path, how: "Mapping", days: tuple[date, date] | None, own: dict[str, frozenset[str]], now: datetime
) -> _File:
    """What ``file`` holds; ends the command with a sentence when it cannot be read at all."""
    from storage import keepa, tabular  # noqa: PLC0415
    from storage.delimited import TabularError  # noqa: PLC0415
    from storage.own import read  # noqa: PLC0415

    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{error.filename}: cannot be read: {error.strerror}", 2)
    found: Export | History | None
    try:
        if data.startswith(b"\x1f\x8b") or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
            found = keepa.parse(data.removeprefix(b"\xef\xbb\xbf"), now)
        else:
            given = read.Given(
                marketplace=how.marketplace,
                currency=how.currency,
                locale=how.locale,
                encoding=how.encoding,
                columns=how.columns,
                days=days,
                own=own,
            )
            found = read.export(data, file.name, given, now.date()) or tabular.parse(data, how, now)
    except (TabularError, keepa.KeepaError) as error:
        fail(f"{file}: {error}", 2)
    return _File(file, sha256(data).hexdigest(), found)


def _each_once(files: Sequence[_File], day: date) -> None:
    """Ends the command where two reports of a kind would be of the same days, because the command line says so."""
    from storage.own.read import Export  # noqa: PLC0415

    known: dict[tuple[object, ...], _File] = {}
    for file in files:
        if isinstance(file.found, Export) and file.found.rows:
            other = known.setdefault((file.found.kind, tuple(file.found.marketplaces)), file)
            if other.sha256 != file.sha256:
                one, two = other.path.name, file.path.name
                fail(f"{one} and {two} are the same report, and cannot both be of {day}; import them one by one", 2)


def _tell(file: _File) -> None:
    """What its reader notes, and the first of what could not be read."""
    for note in getattr(file.found, "notes", ()):
        err.print(f"{file.path.name}: {note}", markup=False, soft_wrap=True)
    for each in file.found.unread[:MOST_SHOWN]:
        err.print(f"{file.path.name}: {each.where}: {each.why}", markup=False, soft_wrap=True)
    if len(file.found.unread) > MOST_SHOWN:
        err.print(f"… and {len(file.found.unread) - MOST_SHOWN:,} more")


def _keep(store: "Store", files: list[tuple[_File, "Export"]], now: datetime) -> Iterator[str]:
    """Import the exports, all of them or nothing."""
    from storage.own.headings import TITLES  # noqa: PLC0415
    from storage.own.keep import Named, keep  # noqa: PLC0415

    some = [(file, export) for file, export in files if export.rows]
    kept = keep(store, [Named(export, file.path.name, file.sha256) for file, export in some], now) if some else []
    for (file, export), what in zip(some, kept, strict=True):
        first, last = export.days
        said = [f"{what.added:,} rows imported"]
        said += [f"{what.known:,} were there already"] if what.known else []
        said += [f"{file.unread} could not be read"] if file.unread else []
        days = f"{first}" if first == last else f"{first} to {last}"
        about = f"{TITLES[export.kind]} of {', '.join(export.marketplaces)}, {days}"
        about += f", read as {export.encoding}" if export.encoding not in {None, "utf-8"} else ""
        yield f"{file.path.name}: {about}: {'; '.join(said)}"
    yield from (
        f"{f.path.name}: nothing imported; {f.unread} could not be read" for f, export in files if not export.rows
    )


def _take(store: "Store", file: _File, history: "History", now: datetime, *, alone: bool) -> Iterator[str]:
    """Import a history."""
    from storage.intake import take  # noqa: PLC0415

    taken = take(store, history, file.path.name, now)
    said = [f"{taken.added:,} rows imported"]
    said += [f"{taken.known:,} were there already"] if taken.known else []
    said += [f"{taken.crawled:,} left out, of days that were crawled"] if taken.crawled else []
    said += [f"{file.unread} could not be read"] if file.unread else []
    yield f"{'' if alone else f'{file.path.name}: '}{'; '.join(said)}"
    if taken.waiting:
        fail(f"{taken.waiting}\nThe rows are safe beside it; the next command merges them.", 3)


def _days(day: datetime | None, first: datetime | None, last: datetime | None) -> tuple[date, date] | None:
    """The days that the command line says; ends the command when they are none."""
    if day and (first or last):
        fail("--day is one day, --from and --to are a period; give one of the two", 2)
    first, last = first or day, last or day
    if (first is None) != (last is None):
        fail("--from and --to go together", 2)
    if first is None or last is None:
        return None
    if first > last:
        fail(f"--to {last:%Y-%m-%d} lies before --from {first:%Y-%m-%d}", 2)
    return first.date(), last.date()


def _mapping(file: Path | None) -> "Mapping":
    """The mapping in ``file``; ends the command when it cannot be read."""
    from storage import tabular  # noqa: PLC0415
    from storage.delimited import TabularError  # noqa: PLC0415

    try:
        return tabular.mapping(file.read_text(encoding="utf-8") if file else "")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}", 2)
    except TabularError as error:
        fail(f"{file}: {error}", 2)


def _how(mapping: "Mapping", maps: list[str], given: dict[str, str]) -> "Mapping":
    """The mapping of a file, with what the command line says instead."""
    columns = dict(mapping.columns)
    for each in maps:
        name, sign, heading = each.partition("=")
        if not sign or not heading:
            fail(f"--map {each}: write FIELD=HEADING, such as price=Preis", 2)
        columns[name.strip()] = heading
    return msgspec.structs.replace(mapping, columns=columns, **given)
