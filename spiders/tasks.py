"""What a crawl asks for: one task per page, and where that page lives."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

import msgspec

from storage.marketplaces import MARKETPLACES
from storage.model import Fetch, Listing, Offset, Outcome
from storage.values import title_query

Job = Literal["products", "keywords", "lists"]
"""A part of what there is to crawl, that may be crawled by itself."""

LIST_PAGES = 2
"""A ranked list has a hundred entries, on two pages."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One page to ask for: a product page (``asin``), a results page (``keyword`` and ``page``) or a page of a ranked
    list (``path`` and ``page``)."""

    marketplace: str
    asin: str | None = None
    keyword: str | None = None
    path: str | None = None
    page: int | None = None
    last_page: int | None = None
    """How many pages of the keyword's results, or of the list, are read."""
    offset: Offset = Offset()
    """Placements on the results pages before this one."""

    @property
    def kind(self) -> str:
        """The kind of page that is to come: a value of :class:`~storage.records.PageKind`."""
        return "product" if self.asin else "search" if self.keyword else "bestsellers"

    @property
    def key(self) -> str:
        """Names the task within a run, the same in every run, and all that it asks for."""
        if self.asin:
            return f"product/{self.marketplace}/{self.asin}"
        return f"{self.kind}/{self.marketplace}/{self.page}/{self.keyword or (self.path or '').lstrip('/')}"

    def url(self, base_url: str | None = None) -> str:
        """The page's address, at ``base_url`` (scheme and host) instead of Amazon's when given."""
        base = base_url or f"https://{MARKETPLACES[self.marketplace].host}"
        if self.asin:
            return f"{base}/dp/{self.asin}"
        if self.path:
            following = f"{'&' if '?' in self.path else '?'}pg={self.page}" if self.page != 1 else ""
            return f"{base}{self.path}{following}"
        query = {"k": self.keyword} if self.page == 1 else {"k": self.keyword, "page": self.page}
        return f"{base}/s?{urlencode(query)}"

    @property
    def pages(self) -> tuple[str, str | None, str | None]:
        """What this page is one of: the same for every page of one keyword's results, or of one list."""
        return self.marketplace, self.keyword, self.path

    def next_page(self, offset: Offset) -> "Task | None":
        """The page after this one, or None after the last that is wanted."""
        if not self.page or not self.last_page or self.page >= self.last_page:
            return None
        return msgspec.structs.replace(self, page=self.page + 1, offset=offset)


def of_keys(keys: Collection[str]) -> list[Task]:
    """The tasks of these keys, in their order. Of a keyword, or a list, the last page among them is the last that is
    read."""
    tasks = [of_key(key) for key in keys]
    last: dict[tuple[str, str | None, str | None], int] = {}
    for task in tasks:
        last[task.pages] = max(last.get(task.pages, 0), task.page or 0)
    return [msgspec.structs.replace(task, last_page=last[task.pages] or None) for task in tasks]


def of_key(key: str) -> Task:
    """The task of this key, which tells all of it but how many results pages of its keyword are read."""
    kind, marketplace, rest = key.split("/", 2)
    if kind == "product":
        return Task(marketplace=marketplace, asin=rest)
    page, _, asked = rest.partition("/")
    if kind == "search":
        return Task(marketplace=marketplace, keyword=asked, page=int(page))
    return Task(marketplace=marketplace, path=f"/{asked}", page=int(page))


def plan(
    listings: Iterable[Listing],
    jobs: Collection[Job] = ("products", "keywords"),
    titles: Mapping[tuple[str, str], str] = {},
) -> list[Task]:
    """Every page that these jobs need for the listings, each once: products first, then results pages keyword by
    keyword, then ranked lists.

    A keyword that several listings watch is read to the deepest page any of them wants. ``titles``: what products are
    called, by marketplace and ASIN; each own one's title is searched for as well, to its first page.
    """
    products: dict[tuple[str, str], None] = {}
    keywords: dict[tuple[str, str], int] = {}
    lists: dict[tuple[str, str], None] = {}
    for listing in listings:
        products |= dict.fromkeys((listing.marketplace, asin) for asin in (listing.asin, *listing.rivals))
        for keyword in listing.keywords:
            key = (listing.marketplace, keyword.keyword)
            keywords[key] = max(keywords.get(key, 0), keyword.pages)
        if query := title_query(titles.get((listing.marketplace, listing.asin), "")):
            keywords.setdefault((listing.marketplace, query), 1)
        lists |= dict.fromkeys((listing.marketplace, path) for path in listing.lists or ())
    tasks: list[Task] = []
    if "products" in jobs:
        tasks += [Task(marketplace=marketplace, asin=asin) for marketplace, asin in products]
    if "keywords" in jobs:
        tasks += [
            Task(marketplace=marketplace, keyword=keyword, page=page, last_page=pages)
            for (marketplace, keyword), pages in keywords.items()
            for page in range(1, pages + 1)
        ]
    if "lists" in jobs:
        tasks += [
            Task(marketplace=marketplace, path=path, page=page, last_page=LIST_PAGES)
            for marketplace, path in lists
            for page in range(1, LIST_PAGES + 1)
        ]
    return tasks


def unasked(
    run_id: str, task: Task, outcome: Outcome, detail: str | None, at: datetime, *, base_url: str | None = None
) -> Fetch:
    """The fetch of a task for which no request was made, and why."""
    return Fetch(
        run_id=run_id,
        task=task.key,
        kind=task.kind,
        marketplace=task.marketplace,
        asin=task.asin,
        keyword=task.keyword,
        page=task.page,
        url=task.url(base_url),
        observed_at=at,
        outcome=outcome,
        detail=detail,
        http_status=None,
        attempts=0,
        bytes=None,
        elapsed_ms=None,
        page_hash=None,
    )


def first_of_each(tasks: Iterable[Task]) -> Iterator[Task]:
    """``tasks`` without the pages that follow from the one before: positions are counted across results pages, and
    how many pages a list has is told by its first."""
    asked: set[tuple[str, str | None, str | None]] = set()
    for task in tasks:
        if task.asin or task.pages not in asked:
            asked.add(task.pages)
            yield task
