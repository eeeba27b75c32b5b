"""What the page shows: facts between two pages that both state them, without the tests that everybody sees."""

from pathlib import Path
from typing import Any

from reports.flags import Rules
from reports.flags.content import flags
from reports.series import Comparison, Observation, ProductSeries
from tests.reports.database import Database
from tests.reports.nights import (
    ABSENT,
    BLOCKED,
    MONDAY,
    OWN,
    RIVAL,
    Lacks,
    brief,
    each,
    judged,
    listing,
    night,
    tell,
    told,
)

ALONE = Lacks("not_applicable")
UNREAD = Lacks("layout_unknown")
STEEL, LID, BOX, CUP = "Steel", "With lid", "In a box", "Fits cups"

CASES: dict[str, tuple[dict[str, list[Any]], list[tuple[int, str]]]] = {
    "a bullet rewritten": ({"bullets": [[STEEL, LID], [STEEL, BOX]]}, [(1, "bullets_changed")]),
    "white space in a bullet": ({"bullets": [[STEEL, LID], [STEEL, "With  lid "]]}, []),
    "no bullet for one page": ({"bullets": [[STEEL], [], [STEEL]]}, []),
    "no bullet for two pages": ({"bullets": [[STEEL], [], BLOCKED, []]}, [(3, "bullets_changed")]),
    "bullets not understood": ({"bullets": [[STEEL], UNREAD, [STEEL]]}, []),
    "another image": ({"main_image": ["71a", "71a", "81b"]}, [(2, "image_changed")]),
    "a test of images": ({"main_image": ["71a", "81b", "71a", "81b", "71a"]}, [(1, "image_changed")]),
    "a variation more": ({"parent_asin": ["B0P"] * 3, "variation_count": [4, 4, 5]}, [(2, "variations_changed")]),
    "a count not read": ({"parent_asin": ["B0P"] * 3, "variation_count": [4, UNREAD, 4]}, []),
    "another family": (
        {"parent_asin": ["B0P", "B0Q"], "variation_count": [4, 4]}, [(1, "variations_changed")],
    ),
    "stands alone, on one page": (
        {"parent_asin": ["B0P", ALONE, "B0P"], "variation_count": [4, ALONE, 4]}, [],
    ),
    "stands alone, on two": (
        {"parent_asin": ["B0P", ALONE, ALONE], "variation_count": [4, ALONE, ALONE]}, [(2, "variations_changed")],
    ),
    "a family not understood is none left": (
        {"parent_asin": ["B0P", UNREAD, UNREAD], "variation_count": [4, UNREAD, UNREAD]}, [],
    ),
    "joins a family": (
        {"parent_asin": [ALONE, ALONE, "B0P"], "variation_count": [ALONE, ALONE, 3]}, [(2, "variations_changed")],
    ),
    "A+ content comes": ({"has_a_plus": [False, False, True]}, [(2, "a_plus_changed")]),
    "A+ content is missed once": ({"has_a_plus": [True, False, True, False, UNREAD, True]}, []),
    "A+ content goes": ({"has_a_plus": [True, True, False, False, False]}, [(3, "a_plus_changed")]),
    "a video comes, and goes a month later": (
        {"has_video": [False, False, *[True] * 30, False, False]}, [(2, "video_changed"), (33, "video_changed")],
    ),
    "another main category": (
        {"bsr": [5, 5, 90], "category": ["Mugs", "Mugs", "Kitchen"]}, [(2, "category_changed")],
    ),
    "no rank is no other category": ({"bsr": [5, ABSENT, 5], "category": ["Mugs", "Mugs", "Mugs"]}, []),
    "several on one page": (
        {"title": ["Mug", "Cup"], "main_image": ["71a", "81b"], "has_a_plus": [True, True]},
        [(1, "image_changed"), (1, "title_changed")],
    ),
}  # fmt: skip


def test_content(tmp_path: Path) -> None:
    found = each(tmp_path, {case: shown for case, (shown, _) in CASES.items()})
    for case, (_, expected) in CASES.items():
        flags = [flag for flag in found[case] if flag.kind in CONTENT]
        assert brief(flags) == [(night, kind, "low") for night, kind in expected], case
        assert not any("was it you" in flag.sentence for flag in flags)


CONTENT = [
    "title_changed", "bullets_changed", "image_changed", "variations_changed", "a_plus_changed", "video_changed",
    "category_changed",
]  # fmt: skip


def test_the_own_content_asks_whether_it_was_you(database: Database) -> None:
    listing(database)
    tell(database, OWN, has_a_plus=[True, True, False, False], title=["Mug", "Cup", "Cup", "Cup"])
    gone, title = judged(database)
    assert (gone.severity.word, title.severity.word) == ("high", "medium")
    assert gone.sentence == "A+ content gone on Thu 5 Mar; last seen on Tue 3 Mar; was it you?"
    assert (gone.before, gone.after, gone.since < gone.observed_at) == ("1", "0", True)
    assert title.sentence == "Title changed on Tue 3 Mar: “Mug” → “Cup”; was it you?"


SENTENCES = {
    "rewritten": ([STEEL, LID], [STEEL, BOX], "; 1 rewritten, the first: “With lid” → “In a box”"),
    "added": ([STEEL], [STEEL, LID, BOX], "; 2 added, the first: “With lid”"),
    "removed": ([STEEL, LID], [STEEL], "; 1 removed, the first: “With lid”"),
    "more than one thing": (
        [STEEL, LID], [BOX, CUP, LID],
        "; 1 rewritten, the first: “Steel” → “In a box”; 1 added, the first: “Fits cups”",
    ),
    "order": ([STEEL, LID], [LID, STEEL], "; they stand in another order"),
    "long": ([STEEL], ["b" * 200], f"; 1 rewritten, the first: “Steel” → “{'b' * 79}…”"),
}  # fmt: skip


def test_what_changed_in_the_bullets(tmp_path: Path) -> None:
    found = each(tmp_path, {case: {"bullets": [old, new]} for case, (old, new, _) in SENTENCES.items()})
    told = {case: [flag.sentence for flag in flags] for case, flags in found.items()}
    assert told == {case: [f"Bullets changed on Tue 3 Mar{says}"] for case, (_, _, says) in SENTENCES.items()}


def test_a_page_in_another_language_is_compared_with_the_last_in_its_own(database: Database) -> None:
    listing(database)
    spoken = [{"language": tag} for tag in ("en-us", "es-us", "en-us", "es-us")]
    tell(database, asked=spoken, title=["Mug", "Taza", "Cup", "Taza"], bullets=[[STEEL], ["Acero"], [STEEL], ["Acero"]])
    assert told(database) == [(2, "title_changed", "low")]


def test_a_category_is_known_by_its_id_where_both_pages_link_it() -> None:
    named = [(None, "Mugs"), ("1", "mugs"), ("1", "Mugs & Cups"), ("2", "Mugs & Cups")]
    seen = [
        Observation(night(n), night(n).date(), True, n, bsr=5, bsr_category_id=category_id, bsr_category=category)
        for n, (category_id, category) in enumerate(named)
    ]
    series = ProductSeries(RIVAL, False, MONDAY, tuple(seen), daily={o.day: o for o in seen})
    days = tuple(o.day for o in seen)
    comparison = Comparison("mug", "com", "www.amazon.com", "USD", "UTC", days, night(4), (series,), (), ())
    assert [flag.evidence.after_fetch for flag in flags(comparison, Rules())] == [3]
