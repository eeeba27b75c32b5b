"""Who only reads: `python -m tests.crash.look HOW DATABASE`, a process that opens the file read-only, as anybody does.

once: reads every row of every table, and says how many there are in each.
hold: says what it sees, again at every line on stdin, always through the connection it opened first.
loop: opens, says what it sees, and closes, as fast as it can until stdin ends.
"""

import json
import select
import sys
from pathlib import Path

import duckdb

SEEN = """
SELECT (SELECT count(*) FROM page_fetch WHERE kind = 'product' AND outcome = 'ok'),
       (SELECT count(*) FROM product_observation),
       (SELECT count(*) FROM bsr_observation),
       (SELECT count(*) FROM page_fetch WHERE kind = 'search' AND outcome = 'ok'),
       (SELECT count(*) FROM search_page),
       (SELECT count(*) FROM search_placement)
"""
"""Counts that must agree with each other in every state that there ever was."""


def connected(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection."""
    return duckdb.connect(path, read_only=True)


def scan(path: Path) -> dict[str, int]:
    """The number of rows of every table, after reading all of them."""
    with connected(path) as db:
        names = db.execute(
            "SELECT schema_name || '.\"' || table_name || '\"' FROM duckdb_tables() WHERE NOT temporary"
        ).fetchall()
        found = {}
        for (name,) in names:
            rows, _ = db.execute(f"SELECT count(*), bit_xor(hash(t)) FROM {name} AS t").fetchone() or (0, 0)
            found[name] = rows
        return found


def seen(db: duckdb.DuckDBPyConnection) -> str:
    """The counts of :data:`SEEN`, as a JSON list."""
    return json.dumps(db.execute(SEEN).fetchone())


def main(how: str, path: Path) -> None:
    """See the module."""
    if how == "once":
        print(json.dumps(scan(path)))
    elif how == "hold":
        with connected(path) as db:
            print(seen(db), flush=True)
            for _ in sys.stdin:
                print(seen(db), flush=True)
    else:
        while not select.select([sys.stdin], [], [], 0)[0]:
            with connected(path) as db:
                print(seen(db), flush=True)


if __name__ == "__main__":
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]  # as the command does, see tracker.__main__
    main(sys.argv[1], Path(sys.argv[2]))
