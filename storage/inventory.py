"""What is in the archive, whether it is sound, and taking pages out of it."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from storage import frames
from storage.archive import Archive
from storage.aside import PART
from storage.retention import Kept


def scan(root: Path) -> dict[str, Kept]:
    """Every page of the archive by its hash, from the names and the first bytes of its files."""
    found = {}
    for path in _files(root, ".zst"):
        try:
            status = path.stat()
            with path.open("rb") as file:
                base = frames.base_of(file.read(frames.LINK_SIZE))
        except FileNotFoundError:  # removed meanwhile
            continue
        found[path.stem] = Kept(size=status.st_size, base=base, touched_ns=status.st_mtime_ns)
    return found


def leftovers(root: Path, before: datetime) -> list[Path]:
    """Files that were never finished and were begun ``before``: their process is gone."""
    return [path for path in _files(root, PART) if path.stat().st_mtime < before.timestamp()]


def verify(archive: Archive, pages: Mapping[str, Kept], on_page: Callable[[], None] = lambda: None) -> dict[str, str]:
    """Restore every page, on all cores, and say what is wrong with which, by hash. ``on_page`` is called for each.

    Every page is restored once, and no more than a chain of them is in memory per core.
    """
    resting = defaultdict(list)
    for page_hash, kept in pages.items():
        resting[kept.base if kept.base in pages else None].append(page_hash)
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # zstd and SHA-256 let other threads run
        found = threads.map(lambda root: list(_wrong(archive, pages, resting, root, on_page)), resting[None])
        wrong = dict(each for tree in found for each in tree)
    reached = set(_reached(resting))
    return wrong | dict.fromkeys(sorted(pages.keys() - reached), "it rests on itself")


def remove(archive: Archive, pages: Mapping[str, Kept], doomed: Iterable[str]) -> list[str]:
    """Remove pages as they were when scanned, in this order, and return those removed.

    A page that was put again since, or serves as a base by now, stays, and so does all that it rests on. What was put
    while the scan went on is not in it: so only pages may be doomed that nobody touched for longer than that, and the
    plan of :mod:`storage.retention` dooms none touched within a day.
    """
    removed, needed = [], set()
    for page_hash in doomed:
        kept = pages[page_hash]
        path = archive.path(page_hash)
        with archive.settled():
            try:
                if page_hash not in needed and path.stat().st_mtime_ns == kept.touched_ns:
                    path.unlink()
                    removed.append(page_hash)
                    continue
            except FileNotFoundError:
                continue
        if kept.base:
            needed.add(kept.base)
    return removed


def _files(root: Path, suffix: str) -> Iterator[Path]:
    yield from (path for path in root.glob(f"*/*{suffix}") if suffix == PART or len(path.stem) == 64)


def _wrong(
    archive: Archive,
    pages: Mapping[str, Kept],
    resting: Mapping[str | None, list[str]],
    root: str,
    on_page: Callable[[], None],
) -> Iterator[tuple[str, str]]:
    """What is wrong with ``root`` and the pages that rest on it."""
    open_: list[tuple[str, bytes | None]] = [(root, None)]
    while open_:
        page_hash, below = open_.pop()
        body, why = None, None
        base = pages[page_hash].base
        if base and base not in pages:
            why = f"page {base}, which it rests on, is gone"
        elif base and below is None:
            why = f"page {base}, which it rests on, is damaged"
        else:
            try:
                body = frames.restore(archive.path(page_hash).read_bytes(), below)
                why = None if sha256(body).hexdigest() == page_hash else "its hash differs"
            except FileNotFoundError:
                why = None  # removed meanwhile
            except (ValueError, OSError) as error:
                why = str(error)
        on_page()
        if why:
            yield page_hash, why
        open_ += [(other, None if why else body) for other in resting.get(page_hash, ())]


def _reached(resting: Mapping[str | None, list[str]]) -> Iterator[str]:
    open_ = list(resting.get(None, ()))
    while open_:
        page_hash = open_.pop()
        yield page_hash
        open_ += resting.get(page_hash, ())
