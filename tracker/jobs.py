"""What a scheduled job does: a process of its own, from which the journal learns what came of it."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta

from reports.period import Asked
from spiders.tasks import Job as Crawled
from tracker.config import Config
from tracker.crawl import Summary
from tracker.journal import INCOMPLETE, STOPPED, WORK, Found, Journal
from tracker.resume import UnderWayError
from tracker.timetable import CRAWLS, KINDS, REVIEWS, Kind, listings, present

BACKUPS = 8
"""So many backups a scheduled one leaves, itself included."""

Crawl = Callable[[tuple[Crawled, ...], list[str]], Summary]
"""Crawls what these jobs need for the listings of these names (all when none is named)."""


def do(config: Config, kinds: Iterable[Kind], zone: str, crawl: Crawl, say: Callable[[str], None]) -> int:
    """Do these jobs for the listings that go by the clock of ``zone``, what is to be crawled first and in one crawl.

    One process at a time does jobs on a database; another waits for it to end.

    Returns:
        The exit code: 0, or 3 when a crawl could not read every page.

    Raises:
        StoreError, OSError, asyncio.CancelledError: as for the work itself; noted all the same.
    """
    journal, wanted = Journal(config.storage.database), set(kinds)
    works: list[tuple[Kind, ...]] = [tuple(kind for kind in CRAWLS if kind in wanted)]
    works += [(kind,) for kind in KINDS if kind in wanted and kind not in CRAWLS]
    if journal.held(WORK):
        say("another job is at work on this database; this one waits for it")
    with journal.lock(WORK, wait=-1):
        return max(_noted(config, work, zone, crawl, say) for work in works if work)


def _noted(config: Config, kinds: tuple[Kind, ...], zone: str, crawl: Crawl, say: Callable[[str], None]) -> int:
    """Do one work; note that it begins, and what came of it, and tell who wants to know."""
    journal = Journal(config.storage.database)
    journal.begin(kinds, zone, timedelta(hours=config.crawl.window))
    code, found = 1, Found()
    try:
        code, found = _work(config, kinds, zone, crawl)
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = STOPPED
        raise
    except Exception as error:
        found = Found(told=str(error))
        raise
    finally:
        journal.end(kinds, zone, code, found)
        if code != STOPPED and config.notify.urls:
            from tracker.notify.tell import after  # noqa: PLC0415

            after(config, kinds, say)
    return code


def _work(config: Config, kinds: tuple[Kind, ...], zone: str, crawl: Crawl) -> tuple[int, Found]:
    if crawled := tuple(kind for kind in CRAWLS if kind in kinds):
        names = [each.name for each in listings(config, zone)]
        try:
            summary = crawl(crawled, [] if len(names) == len(config.listing) else names)
        except UnderWayError as error:  # somebody crawls the same by hand
            return 0, Found(told=str(error))
        found = Found(
            run_id=summary.run_id,
            planned=summary.planned,
            unread=summary.unread,
            outcomes={outcome.value: number for outcome, number in summary.outcomes.most_common()},
            told=summary.waiting,
        )
        return 0 if summary.complete else INCOMPLETE, found
    (kind,) = kinds
    return _without_crawl(config, kind)


def _without_crawl(config: Config, kind: Kind) -> tuple[int, Found]:
    if kind == "report":
        from tracker.report import write  # noqa: PLC0415

        # Of all listings, whatever their clocks: the overview compares them, and it is done in seconds.
        written = write(config, [])
        return 0, Found(flags=written.flags, told="; ".join(written.untold) or None)
    if kind in REVIEWS:
        from tracker.review import write_review  # noqa: PLC0415

        # Of all listings, as the report is: where the week ends later, its clock's job writes the file anew.
        files, untold = write_review(config, [], Asked(sort=REVIEWS[kind]))
        return 0, Found(told="; ".join([*map(str, files), *untold]))
    if kind == "notify":
        from tracker.notify.tell import tell  # noqa: PLC0415

        sentences: list[str] = []
        well = tell(config, sentences.append)
        return (0 if well else 1), Found(told="; ".join(sentences) or None)
    if kind == "backup":
        from tracker.upkeep import back_up_to  # noqa: PLC0415

        back_up_to(config, None, keep=BACKUPS)
        return 0, Found()
    from tracker.prune import as_configured  # noqa: PLC0415

    warnings: list[str] = []
    as_configured(config, present(), warnings.append)
    return (1 if warnings else 0), Found(told="; ".join(warnings) or None)


def stop_with_input() -> None:
    """Have this process stop, as at Ctrl+C, when its standard input ends: when the scheduler that holds the other end
    closes it, or is gone in whatever way."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        if os.name == "posix":
            os.kill(os.getpid(), signal.SIGINT)
        else:
            signal.raise_signal(signal.SIGINT)

    threading.Thread(target=watch, name="leash", daemon=True).start()
