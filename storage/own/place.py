"""Which marketplace an export is of: what a cell says, or what its amounts and products leave."""

from collections.abc import Mapping, Sequence
from unicodedata import normalize

from babel import Locale

from storage.delimited import TabularError
from storage.marketplaces import MARKETPLACES, by_host
from storage.own import cells
from storage.own.cells import Cell
from storage.own.headings import COLUMNS, Layout
from storage.own.table import Line


def of_file(
    layout: Layout, lines: Sequence[Line], own: Mapping[str, frozenset[str]], currency: str | None
) -> str | None:
    """The marketplace of the whole file; None where each row says its own.

    Raises:
        TabularError: it could be of several, or of none.
    """
    places = layout.places
    if "marketplace" in places:
        return None
    codes = list(own)
    currencies = {currency or layout.currency} - {None}
    if "currency" in places:
        currencies = {cells.text(line[places["currency"]]) for _, line in lines if places["currency"] < len(line)}
    if currencies - {None}:
        codes = [code for code in codes if MARKETPLACES[code].currency in currencies]
    amounts = [places[name] for name, kind in COLUMNS[layout.kind].items() if kind == "amount" and name in places]
    shown = [
        line[place] for _, line in lines[:50] for place in amounts if place < len(line) and cells.text(line[place])
    ]
    fit = {code: sum(cells.fits(cell, MARKETPLACES[code].currency) for cell in shown) for code in codes}
    if not codes or (shown and not any(fit.values())):
        raise TabularError(
            "its amounts are in the currency of no marketplace of config.toml; say with --marketplace which it is of"
        )
    codes = [code for code in codes if fit[code] == max(fit.values())]
    if "asin" in places:
        asins = {cells.text(line[places["asin"]]) for _, line in lines if places["asin"] < len(line)}
        codes = [code for code in codes if asins & own[code]] or codes
    if len(codes) > 1:
        raise TabularError(f"of which marketplace is it, {' or '.join(codes)}? --marketplace {codes[0]} says it")
    return codes[0]


def marketplace(cell: Cell) -> str | None:
    """The code of a marketplace by its host, its country's name in any language of ours, or its country's code."""
    text = cells.text(cell)
    if text is None:
        return None
    if (market := by_host(text.casefold())) or (market := MARKETPLACES.get(text.casefold())):
        return market.code
    countries = {market.locales[0][-2:]: market.code for market in MARKETPLACES.values()}
    if (code := countries.get({"UK": "GB"}.get(text.upper(), text.upper()))) is not None:
        return code
    for locale in ("en", "zh", "de", "ja"):
        for country, code in countries.items():
            if normalize("NFKC", text).casefold() == Locale(locale).territories[country].casefold():
                return code
    raise ValueError(f"no marketplace; one of {', '.join(MARKETPLACES)}")
