"""`tracker export` and `tracker import`: data out to a file, and history in from one."""

from collections.abc import Sized
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from storage.answer import Form
from tracker.config import load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, err, fail, out, shown

if TYPE_CHECKING:
    from storage.history import History
    from storage.tabular import Mapping

app = typer.Typer()

MOST_SHOWN = 20
"""Unreadable rows that are told one by one."""


@app.command("export")
def export_file(
    what: Annotated[str, typer.Argument(help="A table or view of storage/SQL.md, or SQL in DuckDB's dialect.")],
    file: Annotated[Path, typer.Argument(help="Where to: .parquet, .csv, .xlsx or .json.")],
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    form: Annotated[Form | None, typer.Option("--format", "-f", help="Its form, where its name does not say.")] = None,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="CSV for programs: no guard against formulas, no byte order mark."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a table, a view or the answer to a question into a file. Reads the database and nothing else."""
    from storage.answer import ExportError  # noqa: PLC0415
    from storage.export import export  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    try:
        with Store(config.storage.database).reading() as connection:
            rows = export(connection, what, file, form or Form.of(file), raw=raw, force=force)
    except ExportError as error:
        fail(str(error), 1)
    out.print(f"{rows:,} rows   [bold]{shown(file)}[/bold]", soft_wrap=True)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV file, or what Keepa's product API answered: .json or .json.gz.")],
    *,
    config_path: ConfigOption = DEFAULT_CONFIG,
    mapping: Annotated[Path | None, typer.Option(help="TOML file that says how the CSV file is written.")] = None,
    maps: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=HEADING: which column holds what (may be repeated).")
    ] = None,
    marketplace: Annotated[str | None, typer.Option(help="Of every row, where no column has it: com, de …")] = None,
    asin: Annotated[str | None, typer.Option(help="Of every row, where no column has it.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217; by default the marketplace's.")] = None,
    locale: Annotated[
        str | None,
        typer.Option(help="Whose days and decimal commas: de, en_GB, zh_CN; by default the marketplace's."),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Of its days and times, an IANA name; by default the marketplace's.")
    ] = None,
    date_format: Annotated[str | None, typer.Option(help="Such as %d-%m-%Y, where the locale's does not fit.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of the CSV file, where it is not UTF-8 and not clear.")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import what is readable of a file with errors.")
    ] = False,
) -> None:
    """Take in history from a CSV file or from Keepa. All of a file or nothing; twice is the same as once."""
    from storage.intake import take  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    config = load(config_path)
    now = datetime.now(UTC)
    given = {
        "marketplace": marketplace,
        "asin": asin,
        "currency": currency,
        "locale": locale,
        "time_zone": time_zone,
        "date_format": date_format,
        "encoding": encoding,
    }
    history = _history(file, mapping, maps or [], {name: text for name, text in given.items() if text}, now)
    for note in history.notes:
        err.print(f"{file.name}: {note}", markup=False, soft_wrap=True)
    for each in history.unread[:MOST_SHOWN]:
        err.print(f"{file.name}: {each.where}: {each.why}", markup=False, soft_wrap=True)
    if len(history.unread) > MOST_SHOWN:
        err.print(f"… and {len(history.unread) - MOST_SHOWN:,} more")
    if history.unread and not skip_bad:
        fail(
            f"{_count(history.unread, history)} cannot be read, so nothing was imported; --skip-bad imports the rest", 1
        )
    taken = take(Store(config.storage.database), history, file.name, now)
    said = [f"{taken.added:,} rows imported"]
    said += [f"{taken.known:,} were there already"] if taken.known else []
    said += [f"{taken.crawled:,} left out, of days that were crawled"] if taken.crawled else []
    said += [f"{_count(history.unread, history)} could not be read"] if history.unread else []
    out.print("; ".join(said), soft_wrap=True)
    if taken.waiting:
        fail(f"{taken.waiting}\nThe rows are safe beside it; the next command merges them.", 3)


def _history(file: Path, mapping: Path | None, maps: list[str], given: dict[str, str], now: datetime) -> "History":
    """What ``file`` holds; ends the command with a sentence when it cannot be read at all."""
    from storage import keepa, tabular  # noqa: PLC0415
    from storage.delimited import TabularError  # noqa: PLC0415

    try:
        data = file.read_bytes()
        toml = mapping.read_text(encoding="utf-8") if mapping else ""
    except (OSError, UnicodeDecodeError) as error:
        place = error.filename if isinstance(error, OSError) else mapping
        fail(f"{place}: cannot be read: {getattr(error, 'strerror', None) or error}", 2)
    is_json = data.startswith(b"\x1f\x8b") or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
    try:
        if is_json:
            return keepa.parse(data.removeprefix(b"\xef\xbb\xbf"), now)
        return tabular.parse(data, _how(tabular.mapping(toml), maps, given), now)
    except (TabularError, keepa.KeepaError) as error:
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


def _count(unread: Sized, history: "History") -> str:
    return f"{len(unread):,} {'products' if history.source == 'keepa' else 'rows'}"
