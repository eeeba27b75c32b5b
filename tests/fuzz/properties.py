"""What holds of every page, whatever happened to it on its way."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from storage.records import Page, PageKind, Product
from tests.fuzz.pages import ANOTHER

_SHOWS_NONE = {
    "badges", "bullets", "reviews", "related", "path", "places", "placements", "widgets", "related_searches", "offers",
    "missing",
}  # fmt: skip
"""Tuples that say "the page shows none" by being empty."""
_FOREIGN_AMOUNTS = {Decimal("777.77"), Decimal("7777.77"), Decimal("77777"), Decimal("777777")}


def check(page: Page) -> None:
    """A record only where a page of its kind is, and for each of its fields a value or one reason."""
    records = {PageKind.PRODUCT: page.product, PageKind.SEARCH: page.search, PageKind.OFFERS: page.offers}
    assert all(record is None or page.kind is kind for kind, record in records.items())
    assert not page.lists or page.kind is PageKind.BESTSELLERS
    for record in _records(page):
        told = [lack.field for lack in record.missing]
        empty = {name for name in record.__struct_fields__ if getattr(record, name) in (None, ())} - {"missing"}
        owed = {name for name in empty if getattr(record, name) is None or name not in _SHOWS_NONE}
        assert len(set(told)) == len(told), told
        assert owed <= set(told) <= empty, (owed ^ set(told), record)


def _records(value: Any) -> Iterator[Any]:
    """Every struct with reasons in a page, its parts included."""
    if isinstance(value, msgspec.Struct):
        if hasattr(value, "missing"):
            yield value
        for name in value.__struct_fields__:
            yield from _records(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _records(each)


def check_nothing_of_another(page: Page) -> None:
    """No price, stars, count, review, badge or ASIN of the carousel's product (:mod:`tests.fuzz.pages`)."""
    if page.product is not None:
        _check_product(page.product)
    for placement in page.search.placements if page.search is not None else ():
        assert placement.asin != ANOTHER
        assert placement.price not in _FOREIGN_AMOUNTS


def _check_product(got: Product) -> None:
    assert ANOTHER not in (got.asin, got.parent_asin)
    amounts = {getattr(got, name) for name in got.__struct_fields__ if isinstance(getattr(got, name), Decimal)}
    assert not amounts & {*_FOREIGN_AMOUNTS, Decimal("1.1"), Decimal(77)}, amounts
    assert got.review_count != 7777
    assert not any(badge.text == "Choice" for badge in got.badges or ())
    assert all(review.review_id != "R7777777777X" for review in got.reviews or ())


def check_cut(cut: Page, whole: Page) -> None:
    """A page that broke off: no record, or the values of the whole page, or none with a reason; never other values."""
    for mine, its in ((cut.product, whole.product), (cut.search, whole.search), (cut.offers, whole.offers)):
        if mine is None:
            continue
        assert its is not None
        told = {lack.field for lack in mine.missing}
        for name in mine.__struct_fields__:
            value = getattr(mine, name)
            without = name in told and value in (None, ())
            assert name == "missing" or without or value == getattr(its, name), (name, value, getattr(its, name))
    assert cut.lists in ((), whole.lists)
