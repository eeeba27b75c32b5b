"""Content changes: what changed from which day to which, what is no change, and diffs that can be read."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from reports.compare import compare
from reports.period import Days
from reports.sections.contents import ContentChange, Contents, contents
from reports.sections.rewritten import Piece, rewritten, words
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, MONDAY, OWN, Lacks, tell

NIGHTS = 12
KEPT, REMOVED, ADDED = Piece
R = [f"B0RIVAL{n:03d}" for n in range(6)]
UNREAD, NONE = Lacks("unparseable"), Lacks("absent_on_page")
OLD, NEW = "Stoneware Mug, Set of 4, Sand", "Stoneware Mug, Set of 6, Sand"


def day(n: int) -> date:
    return (MONDAY + timedelta(days=n)).date()


DAYS = Days(day(4), day(NIGHTS - 1))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A title rewritten over a lost night; bullets; tests of images; a page in another language; what came before."""
    made = Database(Path(tmp_path_factory.mktemp("contents")) / "tracker.duckdb")
    made.listing("mug", "com", OWN, R, [])
    tell(made, OWN, title=[OLD] * 6 + [BLOCKED, UNREAD] + [NEW] * 4)
    had, has = ["Strong", "Holds 14 oz", "Blue"], ["Strong", "Holds 16 oz", "A gift box"]
    tell(made, R[0], bullets=[had] * 5 + [[]] + [had] * 2 + [has] * 4, image_count=[6] * 9 + [7] * 3)
    tell(made, R[1], main_image=["a", "b"] * 6, has_a_plus=[True] * 11 + [False])
    for n in range(NIGHTS):
        spoken, title = ("de_DE", "Teekanne") if n % 2 else ("en_US", "Teapot" if n < 8 else "Tea Pot")
        made.product(MONDAY + timedelta(days=n), "com", R[2], title=title, asked={"language": spoken})
    tell(made, R[3], title=["Before"] * 2 + ["After"] * 10, bsr=[1] * 12)
    tell(made, R[4], parent_asin=["P1"] * 12, variation_count=[3] * 6 + [5] * 6, has_video=[False] * 6 + [True] * 6)
    for n in range(NIGHTS):
        about: dict[str, Any] = {"title": "A mug", "bsr": 5, "category": "Kitchen" if n < 10 else "Mugs"}
        made.product(MONDAY + timedelta(days=n), "com", R[5], **about)
    yield made
    made.con.close()


@pytest.fixture(scope="module")
def found(database: Database) -> Contents:
    return contents(database.con, compare(database.con, "mug", days=len(DAYS)), DAYS)


def of(found: Contents, asin: str) -> list[ContentChange]:
    return [change for change in found.changes if change.asin == asin]


def test_a_title_names_both_days_and_what_was_not_read_between(database: Database, found: Contents) -> None:
    (change,) = of(found, OWN)
    assert (change.part, change.before, change.after) == ("title", OLD, NEW)
    assert (change.last, change.first, change.unread, change.times) == (day(5), day(8), 2, 1)
    (line,) = change.lines
    assert line.pieces == ((KEPT, "Stoneware Mug, Set of "), (REMOVED, "4"), (ADDED, "6"), (KEPT, ", Sand"))
    rows = database.con.execute(
        "SELECT before, after, c.fetch_id, page_hash FROM page_fetch f JOIN"
        " (SELECT *, lag(title) OVER (ORDER BY observed_at) AS before, title AS after FROM product_observation"
        "  WHERE asin = ? AND title IS NOT NULL QUALIFY title <> before) c USING (fetch_id)",
        [OWN],
    ).fetchall()
    assert rows == [(OLD, NEW, change.fetches[1], found.hashes[change.fetches[1]])]


def test_bullets_are_told_line_by_line_and_a_page_without_them_is_none(found: Contents) -> None:
    """One page that came without bullets is a page that lost a part."""
    images, bullets = of(found, R[0])
    assert (images.part, images.before, images.after, images.first) == ("image_count", 6, 7, day(9))
    assert (bullets.part, bullets.last, bullets.first) == ("bullets", day(7), day(8))
    kept, holds, blue, gift = bullets.lines
    assert (kept.was, kept.now, kept.changed) == (1, 1, False)
    assert (holds.was, holds.now) == (2, 2)
    assert holds.pieces == ((KEPT, "Holds "), (REMOVED, "14 "), (ADDED, "16 "), (KEPT, "oz"))
    assert (gift.was, gift.now, blue.was, blue.now) == (None, 3, 3, None)


def test_versions_that_take_turns_are_told_once_and_the_last_page_alone_ends_nothing(found: Contents) -> None:
    (change,) = of(found, R[1])
    assert (change.part, change.times, change.began, change.first) == ("main_image", 8, day(4), day(11))
    assert change.lines == ()


def test_another_language_is_no_change(found: Contents) -> None:
    (change,) = of(found, R[2])
    assert (change.before, change.after, change.last, change.first) == ("Teapot", "Tea Pot", day(6), day(8))


def test_a_change_before_the_period_is_none_of_it(found: Contents) -> None:
    assert of(found, R[3]) == []


def test_variations_video_and_category(found: Contents) -> None:
    family, video = sorted(of(found, R[4]), key=lambda c: c.part, reverse=True)
    assert (family.part, family.before, family.after) == ("variations", ("P1", 3), ("P1", 5))
    assert (video.part, video.before, video.after, video.first) == ("has_video", False, True, day(6))
    (category,) = of(found, R[5])
    assert (category.part, category.before[1], category.after[1]) == ("category", "Kitchen", "Mugs")


def test_the_own_product_stands_first_then_the_newest(found: Contents) -> None:
    assert found.changes[0].own
    days = [change.first for change in found.changes[1:]]
    assert days == sorted(days, reverse=True)
    assert {fetch for change in found.changes for fetch in change.fetches} == set(found.hashes)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a big mug", "a big mug", "a big mug"),
        ("red mug", "red mug, large", "red mug+, large+"),
        ("Holds 1,500 ml", "Holds 1,750 ml", "Holds -1,500 -+1,750 +ml"),
        ("陶瓷马克杯 400毫升 办公室", "陶瓷马克杯 500毫升 办公室", "陶瓷马克杯 -400-+500+毫升 办公室"),
        ("हिन्दी कप बड़ा", "हिन्दी कप छोटा", "हिन्दी कप -बड़ा-+छोटा+"),
        ("blue, 4 of this mug", "grey, 6 of this mug", "-blue, 4 -+grey, 6 +of this mug"),
        ("Nothing alike", "Ganz anders", "-Nothing alike-+Ganz anders+"),
        ("", "new", "+new+"),
    ],
)
def test_texts_are_compared_by_words(before: str, after: str, told: str) -> None:
    signs = {KEPT: "", REMOVED: "-", ADDED: "+"}
    pieces = words(before, after)
    assert "".join(signs[piece] + text + signs[piece] for piece, text in pieces) == told
    assert "".join(text for piece, text in pieces if piece is not ADDED) in {before, before.rstrip()}
    assert "".join(text for piece, text in pieces if piece is not REMOVED) == after


def test_lines_that_only_changed_their_order_are_kept() -> None:
    first, second = rewritten(("One", "Two"), ("Two", "One"))
    assert (first.was, first.now, second.was, second.now) == (2, 1, 1, 2)
    assert not first.changed and not second.changed
