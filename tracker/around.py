"""What the database knows around a configured listing, for the commands that find rivals and keywords."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.marketplaces import MARKETPLACES
from tracker.config import Config
from tracker.sections import ListingConfig
from tracker.terminal import fail

if TYPE_CHECKING:
    import duckdb

    from reports.rivals.evidence import Evidence


@contextmanager
def around(config: Config, listing: ListingConfig) -> Iterator[tuple["duckdb.DuckDBPyConnection", "Evidence"]]:
    """The database, and what it knows of the four weeks up to the newest page of the listing. Where that is nothing,
    the command ends with what to do first."""
    from reports.compare import newest  # noqa: PLC0415  heavy
    from reports.rivals.evidence import Subject, evidence  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    name, market = listing.name, config.marketplaces.get(listing.marketplace)
    with Store(config.storage.database).reading() as connection:
        until = newest(connection).get(name)
        if until is None:
            fail(f"nothing has been crawled for {name} yet: first `tracker crawl --listing {name}`, then ask again", 1)
        subject = Subject(
            listing=name,
            marketplace=listing.marketplace,
            asin=listing.asin,
            rivals=listing.rivals,
            keywords=listing.keywords,
            currency=(market and market.currency) or MARKETPLACES[listing.marketplace].currency,
            time_zone=listing.time_zone or MARKETPLACES[listing.marketplace].time_zone,
            until=until,
        )
        found = evidence(connection, subject)
        if not found.read and not listing.keywords:
            fail(
                f'{name} has no keywords to find anybody by: first `tracker keywords add {name} "what buyers type"`', 1
            )
        if not found.read:
            fail(f"no results of the keywords of {name} were read: first `tracker crawl --listing {name}`", 1)
        yield connection, found
