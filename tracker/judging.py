"""Brings what is told of the listings up to date with what was crawled."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from reports.flags import Kind, Rules, Sensitivity
from reports.judging import ALL, judge
from storage.judged import Judgement, keep
from storage.schema import transaction
from storage.store import Store, StoreBusyError
from tracker.config import Config


def rules(config: Config) -> Rules:
    """The rules as configured."""
    said = config.flags
    return Rules(
        {Kind(kind): Sensitivity(word) for kind, word in said.sensitivity.items()},
        {Kind(kind): size for kind, size in said.threshold.items()},
    )


def renew(config: Config, *, rebuild: bool = False) -> dict[str, Judgement]:
    """Judge the days since the first page that was not looked at yet, or all, and store what is told.

    Returns:
        What could not be stored, as somebody else was writing all the time, by listing: it is judged again next time.

    Raises:
        StoreError: there is no database, or it cannot be read or written.
    """
    store = Store(config.storage.database)
    with store.reading() as connection:
        since: Mapping[str, date] | None = None
        if rebuild:
            since = {name: ALL for (name,) in connection.execute("SELECT DISTINCT listing FROM listing").fetchall()}
        judged = list(judge(connection, rules(config), since))
    if not judged:
        return {}
    with suppress(StoreBusyError), store.writing() as connection, transaction(connection):
        keep(connection, judged)
        return {}
    return {each.reach.listing: each for each in judged}
