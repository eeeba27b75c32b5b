"""What is stored, held against what the world says."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import duckdb

from tracker.demo.world import World

_KEPT_OTHERWISE = {"bsr", "reviews", "related", "missing", "badges", "categories", "variation", "layout"}
"""Fields that have tables of their own, or are kept in another form; ``layout`` is what it was read in."""

_TOLD_IN_WORDS = {"availability", "deal", "deal_ends", "unit", "bought_past_month"}
"""Fields that are in the page's language."""

_OF_A_PLACE = {"currency", "delivery_location"}


def wrong_values(db: duckdb.DuckDBPyConnection, world: World, nights: Mapping[str, int]) -> list[str]:
    """Every stored value that is not the world's, a sentence each. A gap is no wrong value.

    Args:
        nights: which night of the world the pages of each run are of.
    """
    return [*_products(db, world, nights), *_ranks(db, world, nights), *_placements(db, world, nights)]


def lacking(db: duckdb.DuckDBPyConnection, world: World, nights: Mapping[str, int]) -> list[str]:
    """Every value of an observed product that the world shows, but is not stored, and that no reason stands for."""
    found = []
    reasons = set(db.execute("SELECT run_id, marketplace, asin, field FROM missing_value").fetchall())
    for run_id, marketplace, asin, row in _observed(db, nights):
        truth = world.product(marketplace, asin, nights[run_id])
        for field in truth.__struct_fields__:
            there = field not in _KEPT_OTHERWISE and getattr(truth, field) not in {None, ()}
            if there and row[field] is None and (run_id, marketplace, asin, field) not in reasons:
                found.append(f"{run_id} {asin}: no {field}")
    return found


def _observed(
    db: duckdb.DuckDBPyConnection, nights: Mapping[str, int]
) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    cursor = db.execute(
        "SELECT p.*, split_part(f.language, '-', 1) = split_part(f.wanted_language, '-', 1) AS usual"
        " FROM product_observation p JOIN page_fetch f USING (fetch_id) WHERE list_contains(?, p.run_id)",
        [list(nights)],
    )
    names = [name for name, *_ in cursor.description or ()]
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        yield str(row["run_id"]), str(row["marketplace"]), str(row["asin"]), row


def _products(db: duckdb.DuckDBPyConnection, world: World, nights: Mapping[str, int]) -> Iterator[str]:
    for run_id, marketplace, asin, row in _observed(db, nights):
        truth = world.product(marketplace, asin, nights[run_id])
        for field in truth.__struct_fields__:
            if field in _KEPT_OTHERWISE or row[field] is None or (field in _TOLD_IN_WORDS and not row["usual"]):
                continue
            if row["elsewhere"] and (field in _OF_A_PLACE or isinstance(getattr(truth, field), Decimal)):
                continue  # the page is marked as another place's, so its amounts are compared with nothing
            stored = tuple(value) if isinstance(value := row[field], list) else value
            if stored != getattr(truth, field):
                yield f"{run_id} {asin}: {field} is {stored!r} instead of {getattr(truth, field)!r}"


def _ranks(db: duckdb.DuckDBPyConnection, world: World, nights: Mapping[str, int]) -> Iterator[str]:
    ranks = "SELECT run_id, marketplace, asin, category, rank FROM bsr_observation WHERE list_contains(?, run_id)"
    for run_id, marketplace, asin, category, rank in db.execute(ranks, [list(nights)]).fetchall():
        truth = {line.category: line.rank for line in world.product(marketplace, asin, nights[run_id]).bsr}
        if truth.get(category) != rank:
            yield f"{run_id} {asin}: {rank} in {category} instead of {truth}"


def _placements(db: duckdb.DuckDBPyConnection, world: World, nights: Mapping[str, int]) -> Iterator[str]:
    """Every results page as a whole: what stands where, and the places counted over the pages before it."""
    pages = db.execute(
        "SELECT run_id, marketplace, keyword, page, results, last_page,"
        " (SELECT list((p.position, p.overall_position, p.organic_position, p.asin, p.sponsored, p.price,"
        "   p.rating, p.review_count) ORDER BY p.position) FROM search_placement p WHERE p.fetch_id = s.fetch_id)"
        " FROM search_page s WHERE list_contains(?, run_id)",
        [list(nights)],
    ).fetchall()
    for run_id, marketplace, keyword, page, results, last_page, stored in pages:
        day, overall, organic, wanted = nights[run_id], 0, 0, []
        for number in range(1, page + 1):
            for card in world.search(marketplace, keyword, number, day):
                overall += 1
                organic += not card.sponsored
                if number == page:
                    place = (card.position, overall, None if card.sponsored else organic)
                    wanted.append((*place, card.asin, card.sponsored, card.price, card.rating, card.review_count))
        if stored != wanted:
            yield f"{run_id} {keyword!r} page {page}: {stored} instead of {wanted}"
        if (results, last_page) != (world.results(marketplace, keyword, day), world.last_page(marketplace, keyword)):
            yield f"{run_id} {keyword!r} page {page}: {results} results on {last_page} pages"
