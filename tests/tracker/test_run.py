"""A crawl run around the spider: what is merged when, and what a resumed run does. No server is asked here."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console

import spiders.engine
from spiders.tasks import Job, Task
from storage.model import Offset, Outcome, Result
from storage.records import BsrLine, Product
from storage.store import Store
from tests.storage.test_store import fetch
from tracker import crawl
from tracker.check import show
from tracker.config import load
from tracker.known import Known, with_lists
from tracker.resume import UnderWayError, remaining

CONFIG = """
[[listing]]
name = "mug"
marketplace = "com"
asin = "B0OWN00001"
rivals = ["B0RIVAL001"]
"""


def result(task: Task, run_id: str) -> Result:
    answer = fetch(f"{run_id}/{task.key}", run_id, Outcome.NOT_FOUND, task=task.key, asin=task.asin, page_hash=None)
    return Result(fetch=answer)


def shown(task: Task, run_id: str, title: str) -> Result:
    """A product page with this title, that names its category."""
    answer = fetch(f"{run_id}/{task.key}", run_id, task=task.key, asin=task.asin, observed_at=datetime.now(UTC))
    ranks = (
        BsrLine(rank=900, category="Kitchen", department="kitchen"),
        BsrLine(rank=7, category="Mugs", category_id="289", department="kitchen"),
    )
    return Result(fetch=answer, product=Product(marketplace="com", asin=task.asin or "", title=title, bsr=ranks))


def crawled(
    folder: Path,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    stop_after: int | None = None,
    *,
    stopped: bool = True,
    title: str | None = None,
    jobs: tuple[Job, ...] = ("products", "keywords"),
) -> crawl.Summary:
    """A crawl that finds no page there, or product pages with this title; stopped after so many of them, or of itself
    at an end where it should not."""

    async def answers(_: dict[str, Any], *, tasks: list[Task], run_id: str, sink: Any, **__: Any) -> None:
        for task in tasks[:stop_after]:
            sink(shown(task, run_id, title) if title and task.asin else result(task, run_id))
        if stop_after is not None and stopped:
            raise asyncio.CancelledError

    (folder / "config.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(spiders.engine, "crawl", answers)
    with ThreadPoolExecutor(1) as thread:  # in this one the browser of other tests may have its loop
        return thread.submit(asyncio.run, crawl.run(load(folder / "config.toml"), trigger="manual", jobs=jobs)).result()


def test_a_crawl_never_waits_for_the_database_while_pages_are_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    merge = Store.merge

    def noted(self: Store) -> int:
        waits.append(self._wait)
        return merge(self)

    monkeypatch.setattr(Store, "merge", noted)
    monkeypatch.setattr(crawl, "MERGE_EVERY", -1.0)
    monkeypatch.setattr(crawl, "MERGE_SHARE", 0)
    crawled(tmp_path, CONFIG, monkeypatch)
    assert waits == [30.0, 0, 0, 30.0]


def test_a_resumed_run_keeps_to_its_plan_and_notes_what_the_configuration_has_become(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(asyncio.CancelledError):
        crawled(tmp_path, CONFIG, monkeypatch, stop_after=1)
    between = datetime.now(UTC)
    summary = crawled(tmp_path, CONFIG.replace("B0RIVAL001", 'B0RIVAL002", "B0RIVAL003'), monkeypatch)
    assert summary.resumed
    with Store(tmp_path / "data" / "tracker.duckdb").reading() as db:
        assert db.execute(
            "SELECT asin, valid_from > $1, valid_to > $1 FROM rival ORDER BY asin", [between]
        ).fetchall() == [("B0RIVAL001", False, True), ("B0RIVAL002", True, None), ("B0RIVAL003", True, None)]
        assert db.execute("SELECT started_at < $1, state, planned FROM crawl_run", [between]).fetchall() == [
            (True, "complete", 2)
        ]
        assert db.execute("SELECT count(*) FROM listing").fetchone() == (1,)


LISTS = ("/gp/bestsellers/kitchen/289", "/gp/movers-and-shakers/kitchen", "/gp/new-releases/kitchen/289")


def test_titles_and_categories_are_known_from_the_crawl_before_and_a_run_keeps_to_those_it_began_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(title: str, text: str = CONFIG, **options: Any) -> tuple[bool, list[str]]:
        summary = crawled(tmp_path, text, monkeypatch, title=title, jobs=get_args(Job), **options)
        return summary.resumed, [task for task in summary.tasks if not task.startswith("product/com/B0OWN")]

    def checked() -> str:
        out = io.StringIO()
        show(load(tmp_path / "config.toml"), tmp_path / "config.toml", Console(file=out, width=200))
        return out.getvalue()

    def asked(title: str) -> list[str]:
        pages = [f"bestsellers/com/{page}{path}" for path in sorted(LISTS, key=LISTS.index) for page in (1, 2)]
        return ["product/com/B0RIVAL001", f"search/com/1/{title}", *sorted(pages)]

    assert run("A mug / old") == (False, ["product/com/B0RIVAL001"]), "nothing is known before the first crawl"
    told = checked()
    assert "9: 2 product pages, 1 results pages (1 for own titles), 6 pages of ranked lists" in told
    assert "of Mugs and kitchen" in told and "are not known" not in told
    with pytest.raises(asyncio.CancelledError):
        run("A mug, new", stop_after=1)
    resumed, tasks = run("A mug, new")
    assert (resumed, [*tasks[:2], *sorted(tasks[2:])]) == (True, asked("A mug / old"))
    resumed, tasks = run("A mug, new", CONFIG + "lists = []\n")
    assert (resumed, tasks) == (False, asked("A mug, new")[:2])
    with Store(tmp_path / "data" / "tracker.duckdb").reading() as db:
        searched = db.execute("SELECT keyword, page, outcome FROM crawl_item WHERE kind = 'search' ORDER BY ALL")
        assert searched.fetchall() == [("A mug / old", 1, "not_found"), ("A mug, new", 1, "not_found")]
        assert db.execute("SELECT count(*) FROM keyword").fetchone() == (0,), "a title is no watched keyword"
        lists = db.execute("SELECT path, valid_to IS NULL FROM watched_list ORDER BY path").fetchall()
        assert lists == [(path, False) for path in LISTS]
    assert "ranked lists" not in checked()


def test_lists_are_those_of_the_configuration_where_it_names_any(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG + 'lists = ["https://www.amazon.com/gp/bestsellers/kitchen/31/ref=zg_bs_1"]\n')
    (given,) = load(path).listings()
    path.write_text(CONFIG)
    (automatic,) = load(path).listings()
    knowledge = {("com", "B0OWN00001"): Known("A mug", "kitchen", "289", "Mugs")}
    assert with_lists(given, knowledge).lists == ("/gp/bestsellers/kitchen/31",)
    assert sorted(with_lists(automatic, knowledge).lists or ()) == sorted(LISTS)
    assert with_lists(automatic, {("com", "B0OWN00001"): Known("A mug", "kitchen")}).lists is None
    out = io.StringIO()
    show(load(path), path, Console(file=out, width=200))
    assert "no page of it has been read; the first crawl finds out" in out.getvalue()


def test_what_is_being_crawled_is_crawled_by_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again: list[UnderWayError] = []

    async def meanwhile(*_: Any, **__: Any) -> None:  # nothing of this run is in the database yet
        with pytest.raises(UnderWayError, match=r"the same \(keywords, products\) is under way") as refused:
            await crawl.run(load(tmp_path / "config.toml"), trigger="manual")
        again.append(refused.value)

    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setattr(spiders.engine, "crawl", meanwhile)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, crawl.run(load(tmp_path / "config.toml"), trigger="manual")).result()
    assert again


def test_a_crawl_that_left_pages_without_an_answer_is_not_complete_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = crawled(tmp_path, CONFIG, monkeypatch, stop_after=1, stopped=False)
    assert (summary.planned, summary.pending, summary.unread, summary.complete) == (2, 1, 2, False)
    summary = crawled(tmp_path, CONFIG, monkeypatch)
    assert (summary.resumed, summary.planned, summary.pending) == (True, 1, 0)


def test_a_run_is_complete_when_every_page_there_is_was_read() -> None:
    end = fetch("f2", outcome=Outcome.NOT_FOUND, attempts=0, detail="results end on page 1")
    summary = crawl.Summary(run_id="r1", resumed=False, tasks=())
    summary.last = {each.task: each for each in (fetch("f1"), end)}
    assert summary.complete
    summary.waiting = "in use"
    assert not summary.complete
    summary.waiting = None
    summary.last["gone"] = fetch("f3", outcome=Outcome.NOT_FOUND, attempts=1)
    assert not summary.complete
    assert summary.outcomes == {Outcome.OK: 1, Outcome.NOT_FOUND: 2}


def test_a_segment_that_cannot_be_taken_in_keeps_no_crawl_from_running_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "data" / "tracker.duckdb.spool"
    spool.mkdir(parents=True)
    (spool / "r0.000001.jsonl").write_text('{"fetched":{"attempts":"many"}}\n')
    summary = crawled(tmp_path, CONFIG, monkeypatch)
    assert summary.waiting and "r0.000001.jsonl" in summary.waiting
    with Store(tmp_path / "data" / "tracker.duckdb").reading() as db:
        assert db.execute("SELECT count(*) FROM page_fetch").fetchone() == (2,)


OK, GONE, SKIPPED, LATE = Outcome.OK, Outcome.NOT_FOUND, Outcome.SKIPPED, Outcome.TIMEOUT


@pytest.mark.parametrize(
    ("done", "left"),
    [
        ({}, [1, 2, 3]),
        ({1: OK}, [2, 3]),
        ({1: OK, 2: OK, 3: OK}, []),
        ({1: OK, 2: GONE, 3: GONE}, []),  # the results end on page 1
        ({1: GONE, 2: SKIPPED, 3: SKIPPED}, [1, 2, 3]),  # without the first, nobody knows where the second begins
        ({1: OK, 2: GONE, 3: SKIPPED}, [2, 3]),
        ({1: OK, 2: LATE, 3: SKIPPED}, [2, 3]),
        ({1: GONE}, [1, 2, 3]),
    ],
)
def test_a_keyword_goes_on_where_its_positions_are_known(done: dict[int, Outcome], left: list[int]) -> None:
    keyword = [Task(marketplace="com", keyword="mug", page=page, last_page=3) for page in (1, 2, 3)]
    product = Task(marketplace="com", asin="B0OWN00001")
    outcomes = {keyword[page - 1].key: outcome for page, outcome in done.items()}
    read = [page for page, outcome in done.items() if outcome is OK]
    offsets = {("com", "mug", page): Offset(overall=20 * page) for page in read}
    found = remaining([product, *keyword], outcomes | {product.key: GONE}, offsets)
    assert [task.page for task in found] == left
    assert [task.offset.overall for task in found[:1]] == [20 * (left[0] - 1) if left else 0][: len(left)]
