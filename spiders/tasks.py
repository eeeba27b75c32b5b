"""What a crawl asks for: one task per page, and where that page lives."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import msgspec

from storage.marketplaces import MARKETPLACES
from storage.model import Listing, Offset


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One page to ask for: a product page (``asin``) or a results page (``keyword`` and ``page``)."""

    marketplace: str
    asin: str | None = None
    keyword: str | None = None
    page: int | None = None
    last_page: int | None = None
    """How many results pages of the keyword are read."""
    offset: Offset = Offset()
    """Placements on the results pages before this one."""

    @property
    def kind(self) -> str:
        return "product" if self.asin else "search"

    @property
    def key(self) -> str:
        """Names the task within a run, the same in every run."""
        if self.asin:
            return f"product/{self.marketplace}/{self.asin}"
        return f"search/{self.marketplace}/{self.page}/{self.keyword}"

    def url(self, base_url: str | None = None) -> str:
        """The page's address, at ``base_url`` (scheme and host) instead of Amazon's when given."""
        base = base_url or f"https://{MARKETPLACES[self.marketplace].host}"
        if self.asin:
            return f"{base}/dp/{self.asin}"
        query = {"k": self.keyword} if self.page == 1 else {"k": self.keyword, "page": self.page}
        return f"{base}/s?{urlencode(query)}"

    def next_page(self, offset: Offset) -> "Task | None":
        """The results page after this one, or None after the last that is wanted."""
        if not self.page or not self.last_page or self.page >= self.last_page:
            return None
        return msgspec.structs.replace(self, page=self.page + 1, offset=offset)


def plan(listings: Iterable[Listing]) -> list[Task]:
    """Every page the listings need, each once: products first, then results pages keyword by keyword.

    A keyword that several listings watch is read to the deepest page any of them wants.
    """
    products: dict[tuple[str, str], None] = {}
    keywords: dict[tuple[str, str], int] = {}
    for listing in listings:
        products |= dict.fromkeys((listing.marketplace, asin) for asin in (listing.asin, *listing.rivals))
        for keyword in listing.keywords:
            key = (listing.marketplace, keyword.keyword)
            keywords[key] = max(keywords.get(key, 0), keyword.pages)
    return [Task(marketplace=marketplace, asin=asin) for marketplace, asin in products] + [
        Task(marketplace=marketplace, keyword=keyword, page=page, last_page=pages)
        for (marketplace, keyword), pages in keywords.items()
        for page in range(1, pages + 1)
    ]


def first_of_each_keyword(tasks: Iterable[Task]) -> Iterator[Task]:
    """``tasks`` without the results pages that follow from the one before: positions are counted across them."""
    asked: set[tuple[str, str]] = set()
    for task in tasks:
        key = (task.marketplace, task.keyword or "")
        if task.keyword and key in asked:
            continue
        asked.add(key)
        yield task
