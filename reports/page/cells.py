"""What a table of the report is made of: cells, their changes, and the tiles of the own listing."""

from dataclasses import dataclass

from markupsafe import Markup

SPANS = (1, 7)
"""Days the tables look back."""


@dataclass(frozen=True, slots=True)
class Delta:
    text: str
    sense: str
    """good, bad or flat: whether it is better for the product it stands beside."""
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    head: str
    text: str
    missing: bool = False
    note: str = ""
    deltas: tuple[Delta, ...] = ()
    spark: Markup | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """Where the own listing stands in one measure."""

    name: str
    text: str
    place: str
    deltas: tuple[Delta, ...]
