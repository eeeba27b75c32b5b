"""What a person reads on the shared pages beyond ``expected.json``: our own hand-checked truth, by file and field.

``spiders/truth_products.json``, ``truth_search.json`` and ``truth_lists.json`` were written from the pages' text by
somebody who did not look at the parsers. They hold values only; a field that was in doubt is not in them.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from storage.records import ListPlace, RankedList

_FOLDER = Path(__file__).with_name("spiders")

Facts = Iterator[tuple[str, str, Any, Any]]
"""Where, field, value read, value told."""

_CHOICES = {
    'Amazon\'s Choice for "sweatshirt"': "sweatshirt",
    'Amazon\'s Choice for "Realme 6"': "Realme 6",
    'Amazon\'s Choice for "PlayStation 5"': "PlayStation 5",
    "Amazon おすすめ ポケモンカードゲーム BOX用": "ポケモンカードゲーム BOX",
    "Overall Pick": None,
}
"""The truth has the whole of an Amazon's Choice, the record what it is for."""
_DOUBTED = {("search-de-57f5.html.gz", 18): "new_release", ("search-in-bc2a.html.gz", 10): "deal"}
"""Badges the truth neither lists nor denies: "Top-Neuheiten", whose id is NEW_ARRIVAL_T3, and "Deal of the Day"."""
_MONEY = {
    "unit_price",
    "subscribe_price",
    "subscribe_percent",
    "used_price",
    "renewed_price",
    "prime_price",
    "offer_from",
}
_REVIEW = {
    "stars": "stars",
    "date": "reviewed_on",
    "country": "country",
    "verified": "verified",
    "title": "title",
    "body_start": "body",
    "variant": "variant",
}


def _told(kind: str) -> dict[str, dict[str, Any]]:
    truth: dict[str, dict[str, Any]] = json.loads((_FOLDER / f"truth_{kind}.json").read_text(encoding="utf-8"))
    return truth


PRODUCTS, SEARCH, LISTS = _told("products"), _told("search"), _told("lists")


def products(db: Any, name: str, code: str, asin: str) -> Facts:
    """A product page's stored row and reviews beside the truth."""
    row = _row(db.execute("FROM product_observation WHERE marketplace = ? AND asin = ?", [code, asin]))
    for field, told in PRODUCTS[name].items():
        if field in {"layout_note", "reviews", "departments", "related"}:
            continue
        if field in _MONEY:
            yield name, field, row.get(field), Decimal(told) if told is not None else None
        elif field == "first_available":
            yield name, field, row.get(field), date.fromisoformat(told) if told is not None else None
        elif field == "bullet_count":
            yield name, field, len(row.get("bullets") or ()) or None, told
        elif field == "first_bullet":
            yield name, field, (row.get("bullets") or [""])[0][:40] or None, told
        elif field == "badges":
            yield name, field, _sorted(row.get(field) or []), _sorted(told)
        else:
            yield name, field, row.get(field), told
    ranks = _rows(db.execute("FROM bsr_observation WHERE marketplace = ? AND asin = ? ORDER BY line", [code, asin]))
    yield name, "bsr departments", [rank["department"] for rank in ranks], PRODUCTS[name]["departments"]
    yield from _related(db, name, code, asin)
    reviews = _rows(db.execute("FROM review_seen WHERE marketplace = ? AND asin = ? ORDER BY place", [code, asin]))
    told_ids = [told["review_id"] for told in PRODUCTS[name]["reviews"]]
    yield name, "review ids", sorted(review["review_id"] for review in reviews), sorted(told_ids)
    by_id = {review["review_id"]: review for review in reviews}
    for told in PRODUCTS[name]["reviews"]:
        review = by_id.get(told["review_id"], {})
        for key, column in _REVIEW.items():
            where = f"{name} review {told['review_id']}"
            yield where, f"review {column}", *_review_value(column, review.get(column), told[key])


def _related(db: Any, name: str, code: str, asin: str) -> Facts:
    """The rows of other products; the truth has some of the products that stand in each."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in _rows(
        db.execute("FROM related_placement WHERE marketplace = ? AND asin = ? ORDER BY ALL", [code, asin])
    ):
        rows.setdefault(row["row"], []).append(row)
    told = PRODUCTS[name]["related"]
    yield name, "related rows", list(rows), list(range(1, len(told) + 1))
    for number, row in enumerate(told, 1):
        found, where = rows.get(number, []), f"{name} related row {number}"
        for field in ("kind", "heading", "sponsored"):
            yield where, f"related {field}", found[0][field] if found else None, row[field]
        # What a script shows later is known by its ASIN alone.
        shown = {each["place"]: each for each in found if each["title"] is not None}
        yield where, "related products", len(shown), row["shown"]
        for place, product in row["products"].items():
            read = shown.get(int(place), {})
            for field, value in product.items():
                there = read.get(field)
                if field == "title":
                    there = there[: len(value)] if there else there
                wanted = Decimal(value) if field in {"price", "rating"} and value is not None else value
                yield f"{where} place {place}", f"related {field}", there, wanted


def _review_value(column: str, found: Any, told: Any) -> tuple[Any, Any]:
    if column == "stars":
        return found, Decimal(told)
    if column == "reviewed_on":
        return found, date.fromisoformat(told)
    if column == "body":  # the truth has its first letters
        start = " ".join(told.split())
        return (found or "")[: len(start)], start
    return found, told


def search(db: Any, name: str, code: str, query: str, page: int) -> Facts:
    """A results page's stored rows beside the truth."""
    told = SEARCH[name]
    asked = [code, query, page]
    where = "WHERE marketplace = ? AND keyword = ? AND page = ?"
    about = _row(db.execute(f"FROM search_page {where}", asked))
    for field, key in (
        ("results", "results_total"),
        ("results_text", "results_total_text"),
        ("last_page", "last_page"),
    ):
        yield name, f"search {field}", about.get(field), told[key]
    offered = _rows(db.execute(f"FROM related_search {where} ORDER BY place", asked))
    yield name, "search related_searches", [row["query"] for row in offered], told["related_searches"]
    cards = {
        row["position"]: row for row in _rows(db.execute(f"FROM search_placement {where} ORDER BY position", asked))
    }
    for field, key in (("review_count", "review_counts"), ("list_price", "list_prices")):
        for position, value in told[key].items():
            wanted = Decimal(value) if field == "list_price" else value
            yield f"{name} position {position}", f"search {field}", cards.get(int(position), {}).get(field), wanted
    judged = {int(position) for position in (*told["badges"], *told.get("doubtful_climate_pledge", {}))}
    for position, card in cards.items():
        at = f"{name} position {position}"
        yield at, "search coupon", card["coupon"], told["coupons"].get(str(position))
        if position in judged or position in told["no_badges"]:
            doubted = _DOUBTED.get((name, position))
            found = [badge for badge in card["badges"] if badge["kind"] != doubted]
            yield at, "search badges", _sorted(found), _sorted(_badges(told, position))
    blocks: dict[int, list[dict[str, Any]]] = {}
    for row in _rows(db.execute(f"FROM search_widget {where} ORDER BY widget, place", asked)):
        blocks.setdefault(row["widget"], []).append(row)
    yield name, "search widgets", list(blocks), list(range(1, len(told["widgets"]) + 1))
    for number, widget in enumerate(told["widgets"], 1):
        rows = blocks.get(number, [])
        for field in ("kind", "heading", "sponsored", "after_position"):
            first = rows[0][field] if rows else None
            yield f"{name} widget {number}", f"widget {field}", first, widget[field]
        yield f"{name} widget {number}", "widget asins", [row["asin"] for row in rows], widget["asins"]


def _badges(told: dict[str, Any], position: int) -> list[dict[str, Any]]:
    """The badges of a card as the record words them: the name of a mark that is for nothing else is no text."""
    badges = []
    for badge in told["badges"].get(str(position), []):
        kind, text = badge["kind"].replace("limited_time_deal", "deal"), badge["text"]
        if kind in {"climate_pledge", "small_business"}:
            text = None
        badges.append({"kind": kind, "text": _CHOICES[text] if kind == "amazons_choice" else text})
    # "1 sustainability feature" is explained by a link to the Climate Pledge.
    if str(position) in told.get("doubtful_climate_pledge", {}):
        badges.append({"kind": "climate_pledge", "text": None})
    return badges


def lists(name: str, found: tuple[RankedList, ...]) -> Facts:
    """A page of ranked lists beside the truth."""
    told = LISTS[name]
    yield name, "list count", len(found), len(told["lists"])
    for one, wanted in zip(found, told["lists"], strict=False):
        where = f"{name} {wanted['category']}"
        yield where, "list category", (one.category, one.category_id), (wanted["category"], wanted["category_id"])
        yield where, "list path, page", (list(one.path), one.page), (told["path"], told["page"])
        shown = {place.rank: place for place in one.places}
        for entry in wanted["entries"]:
            at, place = f"{where} rank {entry['rank']}", shown.get(entry["rank"])
            for field in ("asin", "title", "rating", "review_count", "price", "currency"):
                yield at, f"list {field}", _listed(place, field), _as_told(entry, field)


def _listed(place: ListPlace | None, field: str) -> Any:
    value = getattr(place, field, None)
    return value[:30] if field == "title" and value else value


def _as_told(entry: dict[str, Any], field: str) -> Any:
    if field == "title":
        return entry["title_start"]
    if field in {"price", "currency"} and (entry.get("price") is None or "offers_from" in entry):
        return None  # "6 offers from $20.22" is no price of the product
    if field in {"price", "rating"}:
        return Decimal(entry[field]) if entry[field] is not None else None
    return entry[field]


def _sorted(badges: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return sorted(((badge["kind"], badge["text"]) for badge in badges), key=str)


def _rows(result: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _row(result: Any) -> dict[str, Any]:
    return next(iter(_rows(result)), {})
