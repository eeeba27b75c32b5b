"""Who fills a disk: `python -m tests.crash.fill HOW DATABASE`, and says what came of it.

spool: spools pages until there is no room; says how many were acknowledged, then why no more.
merge: merges what waits; says how many segments, or why not.
"""

import sys
from pathlib import Path
from random import Random

from storage.spool import SpoolWriter
from storage.store import Store, StoreError
from tests.crash.work import results


def main(how: str, database: Path) -> None:
    """See the module."""
    store = Store(database, wait=5)
    if how == "merge":
        try:
            print(store.merge())
        except StoreError as error:
            print(error)
        return
    acknowledged, pages = 0, results("f1", Random(1))
    with SpoolWriter(store.spool, "f1") as writer:
        try:
            while True:
                writer.add(next(pages))
                acknowledged += 1
        except OSError as error:
            print(acknowledged)
            print(error)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
