"""How a value is written where there are no types: instants in ISO 8601, structures as JSON, a title as a query."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import msgspec

QUERY = 200
"""Characters of a query at most: as many as a title may have in most categories, so that hardly any is cut."""

ENCODER = msgspec.json.Encoder(decimal_format="number")
"""Keeps decimals as exact numbers."""


def plain(value: Any) -> Any:
    """Instants as ISO 8601 in UTC; everything else as it is."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def flat(value: Any) -> Any:
    """As :func:`plain`; lists and structures as JSON."""
    return ENCODER.encode(value).decode() if isinstance(value, list | tuple | dict) else plain(value)


def distinct(names: Sequence[str]) -> list[str]:
    """``names`` as keys of one record: a name that comes again is counted up, as DuckDB does (``a``, ``a_1``)."""
    keys: list[str] = []
    for name in names:
        again = (f"{name}_{number}" for number in count(1))
        keys.append(name if name not in keys else next(key for key in again if key not in keys and key not in names))
    return keys


def title_query(title: str) -> str:
    """A title as one would paste it into the search box: on one line, without control characters, white space single;
    beyond :data:`QUERY` characters cut, after a word where one ends in the second half."""
    line = " ".join("".join(" " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in title).split())
    if len(line) <= QUERY:
        return line
    cut = line[: QUERY + 1].rpartition(" ")[0]
    return cut if len(cut) > QUERY // 2 else line[:QUERY]
