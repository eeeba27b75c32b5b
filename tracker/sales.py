"""`tracker sales`: what listings and their rivals are estimated to sell, in the terminal."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from tracker.config import load
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, ListingsArgument, chosen_names, err, out

if TYPE_CHECKING:
    from reports.report import Report

app = typer.Typer()


@app.command()
def sales(
    *,
    listing: ListingsArgument = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show what you and your rivals sell, as intervals that hold four times in five, or why that is not known.

    Estimated from BSR, calibrated on "bought in past month" and on your own imported units: see reports/SALES.md.
    """
    from reports.period import Asked  # noqa: PLC0415
    from tracker.report import gathered  # noqa: PLC0415

    config = load(config_path)
    found, untold, _ = gathered(config, chosen_names(config, listing), Asked())
    if as_json:
        typer.echo(_json(found))
    else:
        for report in found:
            _show(report)
    for sentence in untold:
        err.print(f"[yellow]{escape(sentence)}[/yellow]", soft_wrap=True)


def _show(report: "Report") -> None:
    from reports.page.cells import Cells  # noqa: PLC0415
    from reports.page.sales import SalesView  # noqa: PLC0415
    from reports.page.told import Telling  # noqa: PLC0415
    from reports.wording import Wording  # noqa: PLC0415

    shown = report.comparison
    words = Wording("en", shown.currency, shown.time_zone)
    view = SalesView(report, Cells(words), Telling(shown, words))
    out.print(f"[bold]{escape(shown.listing)}[/bold]  up to {report.sales.last}")
    if view.rows:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for head in ("", "ASIN", *(head.text for head in view.heads)):
            table.add_column(escape(head))
        for label, cells in view.rows:
            texts = (f"{cell.text}  ({cell.note})" if cell.note else cell.text for cell in cells)
            table.add_row(escape(label.chip), label.asin, *map(escape, texts))
        out.print(table)
        for said in view.basis:
            out.print(f"  {escape(said)}", soft_wrap=True)
    for why, labels in view.without.items():
        who = ", ".join(f"{label.chip} {label.asin}" for label in labels)
        out.print(f"  no estimate, {escape(why)}: {escape(who)}", soft_wrap=True)
    out.print()


def _json(found: list["Report"]) -> str:
    import msgspec  # noqa: PLC0415

    from reports.forms.sold import sold_of  # noqa: PLC0415
    from reports.wording import Wording  # noqa: PLC0415

    told = []
    for report in found:
        shown = report.comparison
        products = sold_of(report.sales, Wording("en", shown.currency, shown.time_zone))
        told.append({"listing": shown.listing, "marketplace": shown.marketplace, "products": products})
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()
