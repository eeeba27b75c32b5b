"""Search pages as served against what a person reads on them (``truth_search.json``): what stands on the cards beside
title and price, how many results there are, and the blocks beside the grid."""

import gzip
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from w3lib.encoding import html_to_unicode

from spiders.pages import read
from storage.records import Badge, BadgeKind, SearchPage, WidgetPlacement

TRUTH: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("truth_search.json").read_text("utf-8"))
each_page = pytest.mark.parametrize("name", sorted(TRUTH))

KINDS = {kind.value: kind for kind in BadgeKind} | {"limited_time_deal": BadgeKind.DEAL}
SUBJECTS = {
    'Amazon\'s Choice for "sweatshirt"': "sweatshirt",
    'Amazon\'s Choice for "Realme 6"': "Realme 6",
    'Amazon\'s Choice for "PlayStation 5"': "PlayStation 5",
    "Amazon おすすめ ポケモンカードゲーム BOX用": "ポケモンカードゲーム BOX",
    "Overall Pick": None,
}
"""The truth has the whole of an Amazon's Choice, the record what it is for."""
DOUBTED = {("search-de-57f5.html.gz", 18): BadgeKind.NEW_RELEASE, ("search-in-bc2a.html.gz", 10): BadgeKind.DEAL}
"""Badges that the truth neither lists nor denies: "Top-Neuheiten", whose id is NEW_ARRIVAL_T3, and "Deal of the Day"."""


@cache
def page_of(shared_pages: Path, name: str) -> SearchPage:
    _, text = html_to_unicode(None, gzip.decompress((shared_pages / name).read_bytes()), default_encoding="utf-8")
    found = read(text).search
    assert found is not None
    return found


def told_badges(name: str, position: int) -> list[Badge]:
    """The badges of a card as the record words them: the truth repeats the name of a mark that is for nothing else."""
    badges = []
    for told in TRUTH[name]["badges"].get(str(position), []):
        kind, text = KINDS[told["kind"]], told["text"]
        if kind in {BadgeKind.CLIMATE_PLEDGE, BadgeKind.SMALL_BUSINESS}:
            text = None
        badges.append(Badge(kind=kind, text=SUBJECTS[text] if kind is BadgeKind.AMAZONS_CHOICE else text))
    return badges


@each_page
def test_how_many_results_there_are(shared_pages: Path, name: str) -> None:
    page, told = page_of(shared_pages, name), TRUTH[name]
    assert (page.results, page.results_text) == (told["results_total"], told["results_total_text"])
    assert (page.last_page, page.layout) == (told["last_page"], "2019")


@each_page
@pytest.mark.parametrize(("field", "told"), [("review_count", "review_counts"), ("list_price", "list_prices")])
def test_numbers_on_the_cards(shared_pages: Path, name: str, field: str, told: str) -> None:
    cards = {placement.position: placement for placement in page_of(shared_pages, name).placements}
    for position, value in TRUTH[name][told].items():
        expected = Decimal(value) if isinstance(value, str) else value
        assert getattr(cards[int(position)], field) == expected, position


@each_page
def test_every_coupon_and_no_other(shared_pages: Path, name: str) -> None:
    """What is taken off for subscribing (``coupons_subscribe_only``) is none."""
    found = {str(p.position): p.coupon for p in page_of(shared_pages, name).placements if p.coupon is not None}
    assert found == TRUTH[name]["coupons"]


@each_page
def test_badges(shared_pages: Path, name: str) -> None:
    """A feature of sustainability (``doubtful_climate_pledge``) is explained by a link to the Climate Pledge."""
    doubted = {int(position) for position in TRUTH[name].get("doubtful_climate_pledge", {})}
    for placement in page_of(shared_pages, name).placements:
        expected = told_badges(name, placement.position)
        if placement.position in doubted:
            expected.append(Badge(kind=BadgeKind.CLIMATE_PLEDGE))
        found = list(placement.badges)
        if (name, placement.position) in DOUBTED:
            found = [badge for badge in found if badge.kind is not DOUBTED[name, placement.position]]
        assert sorted(found, key=str) == sorted(expected, key=str), placement.position


@each_page
def test_blocks_beside_the_grid(shared_pages: Path, name: str) -> None:
    blocks: dict[int, list[WidgetPlacement]] = {}
    for placement in page_of(shared_pages, name).widgets:
        blocks.setdefault(placement.widget, []).append(placement)
    assert list(blocks) == list(range(1, len(TRUTH[name]["widgets"]) + 1))
    for block, told in zip(blocks.values(), TRUTH[name]["widgets"], strict=True):
        assert [placement.asin for placement in block] == told["asins"]
        assert [placement.place for placement in block] == list(range(1, len(block) + 1))
        for placement in block:
            found = (placement.kind.value, placement.heading, placement.sponsored, placement.after_position)
            assert found == (told["kind"], told["heading"], told["sponsored"], told["after_position"])
