"""What is lost in the search results while the page is gone, or out of stock, says so and is of low severity."""

from typing import Any

import pytest

from reports.flags import Kind
from tests.reports.database import Database
from tests.reports.nights import OWN, Lost, judged, listing, rank, tell

WORDS = ["tea mug", "cup", "bowl"]
KINDS = [Kind.KEYWORD_LOST, Kind.KEYWORD_GAINED, Kind.SHARE_LOST, Kind.SHARE_GAINED]
GONE = [True] * 28 + [Lost("not_found")] * 5 + [True] * 2
OUT = [True] * 26 + [False] * 7 + [True] * 2
SLIP = [True] * 26 + [False, False] + [True] * 7


@pytest.mark.parametrize(
    ("stock", "severity", "says"),
    [(GONE, {"low"}, "; its page was gone"), (OUT, {"low"}, "; it was out of stock"), (SLIP, {"high"}, "")],
)
def test_what_follows_from_being_away(database: Database, stock: list[Any], severity: set[str], says: str) -> None:
    listing(database, keywords=WORDS)
    tell(database, OWN, in_stock=stock)
    for word in WORDS:
        rank(database, word, [*[4, 3] * 14, *[0] * 5, 4, 3], asin=OWN)
    found = judged(database, kinds=KINDS)
    assert sorted(flag.kind for flag in found) == sorted([*KINDS[:2] * 3, *KINDS[2:]])
    lost = [flag for flag in found if flag.kind in {Kind.KEYWORD_LOST, Kind.SHARE_LOST}]
    assert {flag.severity.word for flag in lost} == severity
    assert all(flag.sentence.endswith(says) for flag in lost)
    assert all(says in flag.sentence for flag in found)
    back = next(flag.sentence for flag in found if flag.kind is Kind.SHARE_GAINED)
    assert back.startswith("On page one for 3 of 3 keywords since Sat 4 Apr, for 3 until Mon 30 Mar; gained: ")
