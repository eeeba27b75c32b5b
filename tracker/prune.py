"""Taking out of the page archive what is not to be kept: what nobody names, and what is beyond the retention."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import inventory
from storage.archive import Archive
from storage.retention import orphans, plan
from storage.store import Store, StoreError
from tracker.config import Config

_LEFTOVER = timedelta(days=1)
"""Age from which a file that was never finished cannot be one that is being written."""


class PruneError(Exception):
    """Nothing was removed; the message says why."""


@dataclass(frozen=True)
class Pruned:
    """What was removed, or would be."""

    pages: int
    size: int
    """Bytes of their files."""
    leftovers: int
    """Files that were never finished."""
    kept: int
    """Pages that stay."""


def named(config: Config) -> dict[str, datetime]:
    """Every page a fetch names, with when the newest of these was made.

    Raises:
        StoreError: the database cannot be asked.
    """
    with Store(config.storage.database).reading() as connection:
        rows = connection.execute(
            "SELECT page_hash, max(observed_at) FROM page_fetch WHERE page_hash IS NOT NULL GROUP BY page_hash"
        ).fetchall()
    return dict(rows)


def prune(config: Config, now: datetime, *, dry_run: bool = False, unnamed: bool = False) -> Pruned:
    """Remove orphans, leftovers, and what the configured retention does not keep.

    Args:
        unnamed: do so even when most pages are orphans.

    Raises:
        PruneError: most pages are orphans, which is what a wrong or new database looks like.
        StoreError: the database cannot be used; without it every page would be an orphan.
    """
    archive = Archive(config.storage.pages)
    pages = inventory.scan(archive.root)  # before the database is asked: what is put later is not looked at
    store = Store(config.storage.database)
    store.merge()
    fetched = named(config)
    alone = len(orphans(pages, fetched, now))
    if alone * 2 > len(pages) and not unnamed:
        raise PruneError(
            f"{alone} of the {len(pages)} pages in {archive.root} are named by no fetch in {store.path}; "
            "is this their database? Nothing was removed; `tracker pages prune --unnamed` removes them all the same"
        )
    doomed = plan(
        pages,
        fetched,
        now,
        keep_days=config.storage.keep_days,
        keep_bytes=None if config.storage.keep_gb is None else config.storage.keep_gb * 1e9,
    )
    unfinished = inventory.leftovers(archive.root, now - _LEFTOVER)
    if not dry_run:
        doomed = inventory.remove(archive, pages, doomed)
        for path in unfinished:
            path.unlink(missing_ok=True)
    return Pruned(
        pages=len(doomed),
        size=sum(pages[page_hash].size for page_hash in doomed),
        leftovers=len(unfinished),
        kept=len(pages) - len(doomed),
    )


def as_configured(config: Config, now: datetime, warn: Callable[[str], None]) -> None:
    """Prune where the configuration limits what is kept. Whatever is in the way is said, and left to the next night."""
    if config.storage.keep_days is None and config.storage.keep_gb is None:
        return
    try:
        prune(config, now)
    except (StoreError, PruneError) as error:
        warn(f"The page archive was not pruned: {error}")
