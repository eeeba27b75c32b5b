"""The review of a period: what is won and lost is what was planted, and what is not known is not told as either."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reports.forms.reviewed import reviewed
from reports.page.review import render_review
from reports.period import Asked
from reports.report import Report, Reports
from reports.review import Review, Sense, review
from reports.wording import Wording
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, rank, tell

R = [f"B0RIVAL{n:03d}" for n in range(3)]
WORDS: dict[str, list[Any]] = {
    "crossed": [20] * 7 + [5] * 7,
    "crept": [5] * 7 + [6] * 7,
    "fell": [4] * 7 + [9] * 7,
    "hidden": [0] * 7 + [0] * 7,
    "lost": [30] * 7 + [0] * 7,
    "unread": [4] * 7 + [BLOCKED] * 7,
}
"""Own organic place by night; 16 results are a page, 0 is beyond the two pages read."""
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    made = Database(Path(tmp_path_factory.mktemp("review")) / "tracker.duckdb")
    made.listing("mug", "com", OWN, R, list(WORDS))
    tell(made, OWN, price=[30] * 7 + [20] * 7, review_count=[100 + n for n in range(14)])
    tell(made, R[0], price=[25] * 14, review_count=[500 + 3 * n for n in range(14)])
    tell(made, R[1], price=[22] * 14, review_count=[110] * 14)
    tell(made, R[2], price=[ABSENT] * 14, review_count=[50] * 14)
    for keyword, places in WORDS.items():
        rank(made, keyword, places, asin=OWN)
    found = Reports(made.con).of("mug", Asked(sort="week", last=(MONDAY + timedelta(days=8)).date()))
    made.con.close()
    return found


@pytest.fixture(scope="module")
def found(report: Report) -> Review:
    return review(report)


def said(report: Report, lines: object, language: str = "en") -> list[tuple[Sense, str]]:
    words = Wording(language, "USD", report.comparison.time_zone)
    return [(line.sense, words.said(line.says)) for line in lines]  # type: ignore[attr-defined]


def test_keywords_are_won_and_lost_as_planted_and_none_is_where_it_was_not_read(report: Report, found: Review) -> None:
    told = said(report, found.keywords)
    assert told == [
        (
            Sense.GOOD,
            "“crossed”: organic place 5, before 20; on page one in 7 of 7 readings; before in 0 of 7",
        ),
        (Sense.BAD, "“fell”: organic place 9, before 4; on page one in 7 of 7 readings; before in 7 of 7"),
        (
            Sense.BAD,
            "“lost”: organic place 33 at best: mostly beyond the pages read, before 30; on page one in 0 of 7 readings;"
            " before in 0 of 7",
        ),
        (Sense.FLAT, "2 keywords about as before: crept and hidden"),
        (Sense.UNKNOWN, "“unread”: not read, before 4"),
    ]


def test_the_price_stands_among_those_that_are_known(report: Report, found: Review) -> None:
    assert [text for _, text in said(report, found.price)] == [
        "You cost $20.00 (median to pay): place 1 of 3, the cheapest first; before $30.00: place 3 of 3",
        "The median rival costs $23.50, you are 14.9 % cheaper; before $23.50, you were 27.7 % dearer",
    ]


def test_the_review_gap_is_told_against_each_that_has_more(report: Report, found: Review) -> None:
    # The own count is 113 on the last night, one a day more; R1 has 539, three a day more; the others have fewer.
    assert said(report, found.reviews) == [
        (Sense.FLAT, "You have 113 reviews; 1.0 a day; before 1.0"),
        (Sense.FLAT, "1 rival has more"),
        (Sense.BAD, "R1: 426 more than you, the gap grows by 2.0 a day"),
    ]


def test_the_document_says_the_same_in_every_form_and_in_chinese(report: Report, found: Review) -> None:
    page, text = render_review([report], generated_at=NOW), reviewed([report], "en", NOW).decode()
    for lines, language, documents in (
        (found.keywords + found.price + found.reviews, "en", (page, text)),
        (found.keywords + found.reviews, "zh_CN", (render_review([report], language="zh_CN", generated_at=NOW),)),
    ):
        for _, line in said(report, lines, language):
            assert all(line in document.replace("\\", "") for document in documents)
    assert "The week: Mon 9 Mar – Sun 15 Mar" in text
    assert "周报：" in render_review([report], language="zh_CN", generated_at=NOW)


def test_of_a_period_without_an_own_price_or_count_nothing_is_guessed(tmp_path: Path) -> None:
    made = Database(tmp_path / "tracker.duckdb")
    made.listing("mug", "com", OWN, R[:1], [])
    tell(made, OWN, price=[ABSENT] * 14, review_count=[ABSENT] * 14)
    tell(made, R[0], price=[25] * 14, review_count=[500] * 14)
    seen = Reports(made.con).of("mug", Asked(sort="week", last=(MONDAY + timedelta(days=8)).date()))
    made.con.close()
    nothing = review(seen)
    assert [sense for sense, _ in said(seen, nothing.price + nothing.reviews)] == [Sense.UNKNOWN] * 2
    assert not nothing.keywords and not nothing.numbers and not nothing.actions
