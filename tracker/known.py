"""What earlier crawls know of the own products, that the next one builds on: their titles, and their categories."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from storage.model import Listing

# The title as its newest page had one; of the newest page that ranks the product in a browse node, the line that the
# site puts last: its narrowest category.
_KNOWN = """
WITH own AS (SELECT DISTINCT marketplace, asin FROM listing),
named AS (
    SELECT marketplace, asin, arg_max(c.title, p.observed_at) AS title
    FROM stored.product p SEMI JOIN own USING (marketplace, asin) JOIN stored.content c USING (content_id)
    WHERE c.title IS NOT NULL GROUP BY ALL
),
ranked AS (
    SELECT marketplace, asin,
           arg_max({'department': department, 'node': category_id, 'category': category}, (observed_at, line)) AS found
    FROM bsr_observation SEMI JOIN own USING (marketplace, asin)
    WHERE department IS NOT NULL AND category_id IS NOT NULL GROUP BY ALL
)
SELECT marketplace, asin, title, found.department, found.node, found.category
FROM own LEFT JOIN named USING (marketplace, asin) LEFT JOIN ranked USING (marketplace, asin)
"""


class Known(NamedTuple):
    """What the pages of a product said of it, the newest first; None where none has yet."""

    title: str | None = None
    department: str | None = None
    """As addresses write it: ``kitchen``."""
    node: str | None = None
    """Browse node of its narrowest category."""
    category: str | None = None

    @property
    def lists(self) -> tuple[str, ...] | None:
        """The ranked lists of its own categories; None where those are not known. Movers and shakers are listed by
        department only."""
        if self.department is None or self.node is None:
            return None
        return (
            f"/gp/bestsellers/{self.department}/{self.node}",
            f"/gp/new-releases/{self.department}/{self.node}",
            f"/gp/movers-and-shakers/{self.department}",
        )


Knowledge = Mapping[tuple[str, str], Known]
"""By marketplace and ASIN."""


def known(database: Path) -> Knowledge:
    """What the database knows of the products that were ever own ones; nothing before it is there, or while somebody
    keeps it: a crawl does without."""
    from storage.store import Store, StoreError  # noqa: PLC0415  with it comes DuckDB, which most commands do not need

    try:
        with Store(database, wait=0).reading() as con:
            rows = con.execute(_KNOWN).fetchall()
    except StoreError:
        return {}
    return {(marketplace, asin): Known(*rest) for marketplace, asin, *rest in rows}


def with_lists(listing: Listing, knowledge: Knowledge) -> Listing:
    """The listing with the lists of its own categories, where it is to have those."""
    if listing.lists is not None:
        return listing
    return replace(listing, lists=knowledge.get((listing.marketplace, listing.asin), Known()).lists)


def titles(knowledge: Knowledge) -> dict[tuple[str, str], str]:
    """What each product is called, as far as that is known."""
    return {product: found.title for product, found in knowledge.items() if found.title}
