"""In which layout the simulated site shows a product's page on a night."""

from zlib import crc32

LAYOUTS = ("2025", "2023", "2025", "2020")
"""In the order in which the nights show them."""

READ_AS = {"2025": "apex", "2023": "apex", "2020": "priceblock"}
"""What the parser calls each of them, by the places of the price."""


def layout(asin: str, day: int) -> str:
    """The layout in which the product's page is shown that night."""
    return LAYOUTS[(crc32(asin.encode()) + day) % len(LAYOUTS)]
