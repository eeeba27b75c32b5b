"""How a crawl under way is told of: a live board on a terminal, a line per page elsewhere, JSON for programs."""

import logging
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.console import Group
from rich.highlighter import NullHighlighter
from rich.live import Live
from rich.logging import RichHandler
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from spiders.tasks import of_key, plan
from storage.marketplaces import MARKETPLACES
from storage.model import Fetch, Listing, Outcome, Result
from tracker.check import duration
from tracker.config import Config
from tracker.known import Knowledge, known, titles, with_lists
from tracker.terminal import err

if TYPE_CHECKING:
    from tracker.crawl import Summary

log = logging.getLogger("tracker.crawl")

PAGE = 15
"""Level of a page that was read: told where nothing else shows that the crawl goes on, or when asked for."""
logging.addLevelName(PAGE, "PAGE")

_ROWS = 15
"""Listings on the board, at most."""

_TOLD = 5
"""Pages after which the time left is told by the pace so far, and not by the configured one."""


class Form(StrEnum):
    """Form of what is told while a crawl runs."""

    TEXT = "text"
    JSON = "json"


class Manner(NamedTuple):
    """In which form, and how much, is told: 0 as usual, 1 and 2 more, -1 only what is wrong."""

    form: Form = Form.TEXT
    loudness: int = 0

    @property
    def board(self) -> bool:
        """Whether a live board is shown."""
        return self.form is Form.TEXT and self.loudness >= 0 and err.is_terminal

    @property
    def level(self) -> int:
        """From which level on our own events are told."""
        if self.loudness < 0:
            return logging.WARNING
        return logging.INFO if self.board and not self.loudness else PAGE

    @property
    def others(self) -> int:
        """From which level on Scrapy and the other libraries are heard."""
        return {0: logging.ERROR, 1: logging.WARNING}.get(max(self.loudness, 0), logging.DEBUG)


FormOption = Annotated[
    Form, typer.Option("--log", help="What is told meanwhile, on standard error: text, or a JSON object per line.")
]
LoudOption = Annotated[
    int, typer.Option("--verbose", "-v", count=True, show_default=False, help="Tell more: of every page; -vv, of all.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Tell only what is wrong.")]


def manner(form: Form, verbose: int, *, quiet: bool) -> Manner:
    """What the options say."""
    return Manner(form, -1 if quiet else verbose)


class Watch:
    """Is told what happens in a crawl, and tells of it: on a board for as long as the block lasts, and to the log."""

    def __init__(self, config: Config, manner: Manner) -> None:
        self._board = Board(config)
        self._live = Live(self._board, console=err, transient=True, refresh_per_second=4) if manner.board else None

    def __enter__(self) -> "Watch":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def planned(self, summary: "Summary") -> None:
        """The crawl begins, or goes on."""
        begun = f"going on with run {summary.run_id}: {summary.planned} pages left"
        told = begun if summary.resumed else f"run {summary.run_id}: {summary.planned} pages"
        log.info(told, extra={"run": summary.run_id, "resumed": summary.resumed, "planned": summary.planned})
        if summary.browserless:
            log.warning(summary.browserless)
        self._board.begin(summary.tasks)

    def done(self, result: Result) -> None:
        """Something came of a page."""
        fetch = result.fetch
        self._board.note(fetch)
        detail = f" ({fetch.detail})" if fetch.detail else ""
        count = f"{self._board.done}/{self._board.planned}"
        log.log(
            PAGE if fetch.outcome is Outcome.OK else logging.INFO,
            f"{count} {fetch.marketplace} {subject(fetch)}: {fetch.outcome}{detail}",
            extra={
                "run": fetch.run_id,
                "task": fetch.task,
                "outcome": fetch.outcome.value,
                "detail": fetch.detail,
                "status": fetch.http_status,
                "attempts": fetch.attempts,
                "bytes": fetch.bytes,
                "elapsed_ms": fetch.elapsed_ms,
                "done": self._board.done,
                "planned": self._board.planned,
            },
        )

    def waits(self, host: str, seconds: float) -> None:
        """The next request to a host goes only after so many seconds."""
        self._board.wait(host, seconds)
        if seconds > self._board.usual_wait:
            told = f"{host} is left alone for {timedelta(seconds=round(seconds))}"
            log.info(told, extra={"host": host, "seconds": round(seconds, 1)})


@contextmanager
def telling(manner: Manner) -> Iterator[None]:
    """What is logged is told in this manner, for as long as the block lasts."""
    handler: logging.Handler
    if manner.form is Form.JSON:
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415

        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(
            JsonFormatter("{levelname}{name}{message}", style="{", timestamp=True, json_ensure_ascii=False)
        )
    elif err.is_terminal:
        handler = RichHandler(
            console=err, show_time=False, show_level=False, show_path=False, highlighter=NullHighlighter()
        )
    else:
        handler = logging.StreamHandler(sys.stderr)  # a line stays a line, however long
    root = logging.getLogger()
    root.addHandler(handler)
    log.setLevel(manner.level)
    try:
        yield
    finally:
        root.removeHandler(handler)


def subject(fetch: Fetch) -> str:
    """What was asked for, in a word or two."""
    if fetch.asin:
        return fetch.asin
    if fetch.keyword:
        return f"{fetch.keyword!r} page {fetch.page}"
    return f"{of_key(fetch.task).path} page {fetch.page}"


class Board:
    """The live view: how far the crawl is, each listing's products and keywords, and when it will be done."""

    def __init__(self, config: Config) -> None:
        self._config = config
        knowledge = known(config.storage.database)
        self._listings = [(each.name, _keys(with_lists(each, knowledge), knowledge)) for each in config.listings()]
        self._left: dict[str, str] = {}
        self._unread: set[str] = set()
        self._asked: set[str] = set()
        self._began = monotonic()
        self._counts: Counter[str] = Counter()
        self._last = ""
        self._waits: dict[str, float] = {}
        self.planned = 0
        self.usual_wait = 2 * config.crawl.delay + 1

    @property
    def done(self) -> int:
        """Pages of which something came."""
        return self.planned - len(self._left)

    def begin(self, tasks: Iterable[str]) -> None:
        """The keys of all pages that are to be read now."""
        self._left = {task: of_key(task).marketplace for task in tasks}
        self._asked = set(self._left)
        self.planned = len(self._left)
        self._began = monotonic()

    def note(self, fetch: Fetch) -> None:
        """Something came of a page."""
        self._left.pop(fetch.task, None)
        (self._unread.discard if fetch.outcome is Outcome.OK else self._unread.add)(fetch.task)
        self._counts[fetch.marketplace] += fetch.attempts
        self._last = f"{MARKETPLACES[fetch.marketplace].host}: {subject(fetch)}"

    def wait(self, host: str, seconds: float) -> None:
        """The next request to a host goes after so many seconds."""
        self._waits[host] = monotonic() + seconds

    def remaining(self) -> timedelta:
        """How long it will take: at the configured pace, or at that so far where it is slower. Marketplaces are
        crawled side by side."""
        spent = monotonic() - self._began
        longest = timedelta()
        for marketplace, pages in Counter(self._left.values()).items():
            expected = duration(pages, self._config)
            if (asked := self._counts[marketplace]) >= _TOLD:
                expected = max(expected, timedelta(seconds=pages * spent / asked))
            longest = max(longest, expected)
        return timedelta(seconds=round(longest.total_seconds()))

    def __rich__(self) -> Group:
        head = Table.grid(padding=(0, 2))
        spent = timedelta(seconds=round(monotonic() - self._began))
        left = f"about {self.remaining()} left" if self._left else ""
        bar = ProgressBar(total=max(self.planned, 1), completed=self.done, width=32)
        head.add_row("crawling" if self.planned else "planning", bar, f"{self.done}/{self.planned}", f"{spent}", left)
        body = Table.grid(padding=(0, 2))
        shown = [(name, keys) for name, keys in self._listings if self._asked & keys.keys()]
        for name, keys in shown[:_ROWS]:
            body.add_row(*self._row(name, keys))
        if len(shown) > _ROWS:
            body.add_row(Text(f"and {len(shown) - _ROWS} more", style="dim"))
        return Group(head, body, Text(self._foot(), style="dim"))

    def _row(self, name: str, keys: Mapping[str, str]) -> list[Text]:
        kinds: dict[str, list[int]] = {}
        unread = 0
        for key, kind in keys.items():
            if key in self._asked:
                counts = kinds.setdefault(kind, [0, 0])
                counts[0] += key not in self._left
                counts[1] += 1
                unread += key in self._unread
        cells = [Text(f"{done}/{of} {kind}", style="green" if done == of else "") for kind, (done, of) in kinds.items()]
        lost = [Text(f"{unread} not read", style="yellow")] if unread else []
        return [Text(name, style="bold"), *cells, *lost]

    def _foot(self) -> str:
        now = monotonic()
        waits = [
            f"{host} is asked again in {timedelta(seconds=round(at - now))}"
            for host, at in self._waits.items()
            if at - now >= 1
        ]
        return "   ".join(filter(None, [self._last, *waits]))


def _keys(listing: Listing, knowledge: Knowledge) -> dict[str, str]:
    """The pages that a listing needs, each with the kind of page it is on the board."""
    named = {"product": "products", "search": "results pages", "bestsellers": "list pages"}
    tasks = plan([listing], ("products", "keywords", "lists"), titles(knowledge))
    return {task.key: named[task.kind] for task in tasks}
