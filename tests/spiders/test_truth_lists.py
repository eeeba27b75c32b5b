"""The ranked lists of real saved pages against what a person reads on them (``truth_lists.json``)."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from w3lib.encoding import html_to_unicode

from spiders.pages import read
from storage.records import ListPlace, PageKind, RankedList, Ranking, Reason

TRUTH: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("truth_lists.json").read_text("utf-8"))
PAGES = sorted(TRUTH)


def lists_of(shared_pages: Path, name: str) -> tuple[RankedList, ...]:
    _, text = html_to_unicode(None, gzip.decompress((shared_pages / name).read_bytes()), default_encoding="utf-8")
    page = read(text)
    assert page.kind is PageKind.BESTSELLERS
    return page.lists


def reason(place: ListPlace, field: str) -> Reason | None:
    return next((lack.reason for lack in place.missing if lack.field == field), None)


@pytest.mark.parametrize("name", PAGES)
def test_the_lists_of_a_page(shared_pages: Path, name: str) -> None:
    found = lists_of(shared_pages, name)
    told = TRUTH[name]["lists"]
    assert [(each.category, each.category_id) for each in found] == [(t["category"], t["category_id"]) for t in told]
    for each in found:
        assert (each.ranking, each.page, list(each.path)) == (Ranking.BEST_SELLERS, 1, TRUTH[name]["path"])


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("field", ["asin", "title", "rating", "review_count", "price", "currency"])
def test_every_entry_a_person_sees(shared_pages: Path, name: str, field: str) -> None:
    for each, told in zip(lists_of(shared_pages, name), TRUTH[name]["lists"], strict=True):
        shown = {place.rank: place for place in each.places}
        for entry in told["entries"]:
            assert read_as(shown[entry["rank"]], field) == as_told(entry, field), (told["category"], entry["rank"])


@pytest.mark.parametrize("name", PAGES)
def test_the_rest_is_known_by_rank_and_asin_alone(shared_pages: Path, name: str) -> None:
    for each, told in zip(lists_of(shared_pages, name), TRUTH[name]["lists"], strict=True):
        assert [place.rank for place in each.places] == list(range(1, len(each.places) + 1))
        seen = {entry["rank"] for entry in told["entries"]}
        for place in each.places:
            if place.rank not in seen:
                assert (place.title, reason(place, "title")) == (None, Reason.ABSENT_ON_PAGE)


def read_as(place: ListPlace, field: str) -> object:
    return place.title[:30] if field == "title" and place.title else getattr(place, field)


def as_told(entry: dict[str, Any], field: str) -> object:
    if field == "title":
        return entry["title_start"]
    if field in {"price", "currency"} and (entry.get("price") is None or "offers_from" in entry):
        return None  # "6 offers from $20.22" is no price of the product
    if field in {"price", "rating"}:
        return Decimal(entry[field]) if entry[field] is not None else None
    return entry[field]
