"""How a value of the database is written where there are no types: instants in ISO 8601, structures as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import msgspec

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
