"""The page archive in the hands of several real processes, one of them killed."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from storage.archive import Archive
from storage.inventory import leftovers, remove, scan, verify
from storage.retention import ORPHAN_STAYS, plan
from tests.storage.test_archive import SUBJECT, base, night, page

PUTTER = """
import sys
from pathlib import Path
from storage.archive import Archive
from tests.storage.test_archive import night, page

archive, first, last = Archive(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
for number in range(first, last):
    print(archive.put(night(number, page(number % 3)), f"product/com/{number % 3}"), flush=True)
"""


def putter(folder: Path, first: int, last: int) -> subprocess.Popen[str]:
    """A process that puts these nights of three products and prints their hashes."""
    command = [sys.executable, "-c", PUTTER, str(folder), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def test_a_killed_process_leaves_an_archive_that_verifies(tmp_path: Path) -> None:
    printed: list[str] = []
    for turn in range(4):
        with putter(tmp_path, 1_000_000 * turn, 1_000_000 * (turn + 1)) as process:
            assert process.stdout
            printed += [process.stdout.readline().strip() for _ in range(15 + turn)]
            process.kill()
            printed += [line.strip() for line in process.stdout if line.endswith("\n")]
    archive = Archive(tmp_path)
    pages = scan(tmp_path)
    assert verify(archive, pages) == {}
    assert set(printed) <= pages.keys()
    # And it goes on from there: the next page still finds its base.
    assert base(archive, archive.put(night(-1, page(0)), "product/com/0")) is not None


def test_what_a_killed_process_left_unfinished_is_found_once_it_is_old(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    page_hash = archive.put(page(), SUBJECT)
    part = archive.path(page_hash).with_suffix(".zst.0011.part")
    part.write_bytes(b"half")
    assert scan(tmp_path).keys() == {page_hash}
    now = datetime.now(UTC)
    assert leftovers(tmp_path, now - timedelta(hours=1)) == []
    assert leftovers(tmp_path, now + timedelta(hours=1)) == [part]


def test_processes_that_put_the_same_subjects_at_once_lose_nothing(tmp_path: Path) -> None:
    spans = [(0, 40), (20, 60), (0, 60)]  # the same pages at the same time, too
    running = [putter(tmp_path, *span) for span in spans]
    for process, (first, last) in zip(running, spans, strict=True):
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert len(out.split()) == last - first
    archive = Archive(tmp_path)
    pages = scan(tmp_path)
    assert len(pages) == 60
    assert verify(archive, pages) == {}
    assert {archive.get(page_hash) for page_hash in pages} == {night(n, page(n % 3)) for n in range(60)}
    assert sum(kept.base is not None for kept in pages.values()) >= 40


def test_removing_while_others_put_never_takes_a_base_away(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    stop, removed = Event(), 0

    def put() -> None:
        number = 0
        while not stop.is_set():
            Archive(tmp_path).put(night(number, page(number % 3)), f"product/com/{number % 3}")
            number += 1

    threads = [Thread(target=put) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(60):
            # To whom every page is an old orphan that nobody has touched since just before the look.
            later = datetime.now(UTC) + ORPHAN_STAYS - timedelta(seconds=0.05)
            pages = scan(tmp_path)
            time.sleep(0.02)  # what others do between the look and the deed
            gone = remove(archive, pages, plan(pages, {}, later))
            removed += len(gone)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    pages = scan(tmp_path)
    assert removed > 100
    assert verify(archive, pages) == {}


def test_a_page_put_again_or_used_as_a_base_after_the_look_stays(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    again, used, idle = (archive.put(page(seed), f"product/com/{seed}") for seed in (1, 2, 3))
    pages = scan(tmp_path)
    time.sleep(0.02)  # longer than a tick of the clock that files are dated by
    archive.put(page(1))
    rests = archive.put(night(1, page(2)), "product/com/2")
    assert base(archive, rests) == used
    later = datetime.now(UTC) + timedelta(days=30)
    doomed = plan(pages, {}, later)
    assert set(doomed) == {again, used, idle}
    assert remove(archive, pages, doomed) == [idle]
    assert archive.get(rests) == night(1, page(2))
