"""Edits of config.toml by commands: what is not edited stays as it was, to the last comment.

The new text is checked by the loader of the configuration before it takes the place of the old one, in one step: the
file is what it was, or what it was to become. A file that somebody else changed meanwhile is left alone.
"""

import os
import re
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import TOMLKitError

from storage.marketplaces import MARKETPLACES, by_host
from tracker.config import Config, ConfigError, load, source
from tracker.sections import ListingConfig

WIDTH = 100
"""Columns that an array may take on one line."""
NOTED = 60
"""Characters of a title that stand beside its ASIN."""

Edit = Callable[[tomlkit.TOMLDocument], None]


def edited(path: Path, edit: Edit) -> Config:
    """Change the configuration at ``path``; returns it as it then is.

    Raises:
        ConfigError: it would not be in order, or cannot be written; then nothing has changed.
    """
    where = source(path, ("listing",))
    if where != str(path) or any(name.upper().startswith("TRACKER_LISTING__") for name in os.environ):
        variable = where if where != str(path) else "environment TRACKER_LISTING__…"
        raise ConfigError(f"{variable} says which listings there are, whatever stands in {path}; change it there")
    target = path.resolve()
    try:
        before = target.read_bytes()
        document = tomlkit.parse(before.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, TOMLKitError):
        load(path)  # it tells what is wrong with the file
        raise
    edit(document)
    text = tomlkit.dumps(document)
    if b"\r\n" in before:
        text = re.sub(r"(?<!\r)\n", "\r\n", text)
    return _replaced(path, target, before, text.encode("utf-8-sig" if before.startswith(BOM_UTF8) else "utf-8"))


def _replaced(path: Path, target: Path, before: bytes, after: bytes) -> Config:
    if not os.access(target, os.W_OK):
        raise ConfigError(f"{path}: may not be written; it is left as it is")
    try:
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise ConfigError(f"{target.parent}: cannot be written: {error.strerror}; {path} is left as it is") from None
    candidate = Path(name)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - of the file that is open already
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        candidate.chmod(target.stat().st_mode & 0o777)
        try:
            config = load(candidate, folder=target.parent)
        except ConfigError as error:
            raise ConfigError(f"{error}\nnothing was changed".replace(str(candidate), str(path))) from None
        if target.read_bytes() != before:
            raise ConfigError(f"{path}: somebody else changed it just now; nothing was changed, please try again")
        candidate.replace(target)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}; it is left as it is") from None
    finally:
        candidate.unlink(missing_ok=True)
    return config


def asin_of(value: str, marketplace: str) -> str:
    """The ASIN that an argument is, or that the address of a product page names.

    Raises:
        ConfigError: it is neither, or the address is of another marketplace.
    """
    if "/" not in value:
        asin = value.strip().upper()
    else:
        address = value if "//" in value else f"https://{value}"
        found = re.search(r"/(?:dp|gp/product|gp/aw/d|product)/([A-Za-z0-9]{10})(?=[/?#]|$)", urlsplit(address).path)
        asin = found[1].upper() if found else ""
        there = by_host(address)
        if there and there.code != marketplace:
            raise ConfigError(f"{value}: is on {there.code}, and the listing on {marketplace}")
    if not re.fullmatch(r"[A-Z0-9]{10}", asin):
        host = MARKETPLACES[marketplace].host
        raise ConfigError(
            f"{value}: neither an ASIN (B0CVCV33BG) nor a product's address (https://{host}/dp/B0CVCV33BG)"
        )
    return asin


def of_listing(name: str, key: str, *, add: Mapping[str, str] | Iterable[str] = (), drop: Iterable[str] = ()) -> Edit:
    """Takes values out of an array of a listing, and adds others; ``add`` may have a remark for each."""
    notes = add if isinstance(add, Mapping) else dict.fromkeys(add, "")

    def edit(document: tomlkit.TOMLDocument) -> None:
        table = next(each for each in _listings(document) if each.get("name") == name)
        if key not in table:
            table.append(key, tomlkit.array())
        array = table[key]
        gone = {value.casefold() for value in drop}
        for place in reversed([n for n, value in enumerate(array) if str(value).strip().casefold() in gone]):
            del array[place]
        added, several = dict(notes), "\n" in array.as_string()
        if not several and (any(notes.values()) or len(f"{key} = {[*array, *notes]}") > WIDTH):
            # A line for each, all of them new: a remark of tomlkit's in a line that goes on would take in its end.
            added, several = dict.fromkeys(map(str, array), "") | added, True
            table[key] = tomlkit.array()
            array = table[key]
        for value, note in added.items():
            if several:
                array.add_line(value, comment=_plain(note) or None)
            else:
                array.append(value)

    return edit


def new_listing(name: str, marketplace: str, asin: str, keywords: Iterable[str]) -> Edit:
    """Adds a listing; the one that the starter file has as an example makes room for it."""
    values: dict[str, Any] = {"name": name, "marketplace": marketplace, "asin": asin}

    def edit(document: tomlkit.TOMLDocument) -> None:
        tables = _listings(document)
        table = tables[0] if len(tables) == 1 and "EXAMPLE" in str(tables[0].get("asin")) else tomlkit.table()
        for key, value in values.items():
            table[key] = value
        for key, found in (("rivals", ()), ("keywords", keywords)):
            array = table.setdefault(key, tomlkit.array())
            while array:  # one by one, which leaves the comments between them
                del array[0]
            array.extend(found)
        if not tables:
            document.append("listing", tomlkit.aot())
        if table not in tables:
            table.add(tomlkit.nl())
            document["listing"].append(table)

    return edit


def _listings(document: tomlkit.TOMLDocument) -> list[Any]:
    return list(document.get("listing", ()))


def chosen(config: Config, name: str) -> ListingConfig:
    """The listing of this name. Raises ConfigError where there is none."""
    for listing in config.listing:
        if listing.name == name:
            return listing
    known = ", ".join(listing.name for listing in config.listing)
    raise ConfigError(f"{name}: no such listing; there is {known}")


def _plain(note: str) -> str:
    """A remark as it may stand in a comment: on one line, and not long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in note).split())
    return text if len(text) <= NOTED else f"{text[: NOTED - 1].rstrip()}…"
