"""Brings what is told of the listings up to date with what was crawled."""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from reports.flags import Kind, Rules, Sensitivity
from reports.judging import ALL, judge, stale
from reports.sales.rows import estimates
from reports.watched import WatchLists
from storage.estimated import replace_estimates
from storage.judged import Judgement, keep
from storage.schema import transaction
from storage.store import Store, StoreBusyError
from tracker.config import Config

MANY = 12
"""Listings from which a second process is worth its start."""


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
    store, settings = Store(config.storage.database), rules(config)
    with store.reading() as connection:
        lists = WatchLists(connection)
        since = dict.fromkeys(lists.names, ALL) if rebuild else stale(connection, settings, lists)
    judged = judged_of(store.path, settings, since)
    if not judged:
        return {}
    with store.reading() as connection:
        sold = list(estimates(connection))
    with suppress(StoreBusyError), store.writing() as connection, transaction(connection):
        keep(connection, judged)
        replace_estimates(connection, sold)
        return {}
    return {each.reach.listing: each for each in judged}


def judged_of(database: Path, settings: Rules, since: Mapping[str, date]) -> list[Judgement]:
    """What is to be told of these listings from these days on. Of many, a second process judges two in five: it takes
    a second to start."""
    if len(since) < MANY or (os.cpu_count() or 1) < 2:
        return _judged(database, settings, since)
    others = {name: since[name] for n, name in enumerate(sorted(since)) if n % 5 in (1, 3)}
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        there = pool.submit(_judged, database, settings, others)
        here = _judged(database, settings, {name: day for name, day in since.items() if name not in others})
        return here + there.result()


def _judged(database: Path, settings: Rules, since: Mapping[str, date]) -> list[Judgement]:
    if not since:
        return []
    with Store(database).reading() as connection:
        return judge(connection, settings, since)
