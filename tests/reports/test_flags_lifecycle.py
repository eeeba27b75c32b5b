"""Pages that are gone, there again, or new: only what the site itself says of them counts."""

from pathlib import Path
from typing import Any

from reports.flags import Kind
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, OWN, RIVAL, Lost, brief, each, judged, listing, tell

GONE, BACK = "listing_gone", "listing_back"
LOST = Lost("not_found")
KINDS = [Kind.LISTING_GONE, Kind.LISTING_BACK]

CASES: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "twice not found": (["Mug", LOST, LOST], [(2, GONE, "medium")]),
    "once": (["Mug", LOST, "Mug", LOST, "Mug"], []),
    "told once, and back": (["Mug", *[LOST] * 6, "Mug"], [(2, GONE, "medium"), (7, BACK, "medium")]),
    "what could not be read says nothing": (["Mug", *[BLOCKED, Lost("timeout"), Lost("redirected")] * 2], []),
    "nor does it break two in a row": (["Mug", LOST, BLOCKED, None, LOST], [(4, GONE, "medium")]),
    "never there": ([LOST, LOST, LOST], [(1, GONE, "medium")]),
    "there at last": ([LOST, LOST, LOST, "Mug"], [(1, GONE, "medium"), (3, BACK, "medium")]),
}  # fmt: skip


def test_pages_that_are_gone(tmp_path: Path) -> None:
    found = each(tmp_path, {case: {"title": titles} for case, (titles, _) in CASES.items()})
    assert {case: brief(flags) for case, flags in found.items()} == {case: told for case, (_, told) in CASES.items()}


def test_the_own_listing_asks_for_a_look_today(database: Database) -> None:
    listing(database)
    tell(database, OWN, title=["Mug", "Mug", LOST, BLOCKED, LOST, LOST, "Mug"])
    back, gone = judged(database, kinds=KINDS)
    assert (gone.severity.word, back.severity.word) == ("high", "high")
    assert gone.sentence == (
        "The listing is gone: page not found on Wed 4 Mar, nor on Fri 6 Mar; last seen on Tue 3 Mar"
    )
    assert back.sentence == (
        "The listing is there again on Sun 8 Mar; its page had not been found for 4 days; last seen on Tue 3 Mar"
    )
    assert gone.since < gone.observed_at


def test_a_product_is_newly_watched_once(database: Database) -> None:
    listing(database, rivals=[RIVAL, "B0RIVAL002"])
    tell(database, OWN, first=0, title=["Mug"] * 10)
    tell(database, "B0RIVAL002", first=0, title=["Pot"] * 10)  # told of with the own listing, which began that day
    tell(database, RIVAL, first=6, title=["Cup", BLOCKED, "Cup", "Cup"])
    rival, own = judged(database, kinds=[Kind.NEWLY_WATCHED])
    assert (own.own, own.severity.word) == (True, "low")
    assert own.sentence == (
        "Watched since Mon 2 Mar, with 2 rivals: what is unusual can be told from Tue 10 Mar on at the earliest"
    )
    assert rival.sentence == (
        "Seen for the first time on Sun 8 Mar: what is unusual for it can be told from Mon 16 Mar on at the earliest"
    )
    assert (rival.before_at, rival.evidence.before_fetch) == (None, None)


def test_what_has_been_watched_for_long_is_not_new(database: Database) -> None:
    listing(database)
    tell(database, title=["Mug", *[None] * 60, "Mug"])
    assert judged(database, kinds=[Kind.NEWLY_WATCHED], days=20) == []
