"""The ledger of reviews: what is new, changed, old or unknown, and what bad reviews complain about."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports import sentences
from reports.compare import compare
from reports.form import Form
from reports.forms import made
from reports.period import Asked, Days
from reports.report import report
from reports.sections.ledger import OTHER, Came, Ledger, Opinion, counted, reviews_of
from reports.sentences import catalogue
from reports.topics import TOPICS, language_of, languages, topics
from tests.reports import labelled
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, MONDAY, OWN, tell
from tests.reports.test_translations import FACT, LETTER, Heard

NIGHTS = 12
R = [f"B0RIVAL{n:03d}" for n in range(4)]


def night(n: int) -> datetime:
    return MONDAY + timedelta(days=n)


def day(n: int) -> date:
    return night(n).date()


DAYS = Days(day(4), day(NIGHTS - 1))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(Path(tmp_path_factory.mktemp("ledger")) / "tracker.duckdb")
    made.listing("mug", "com", OWN, R, [])
    for asin in (OWN, *R[:2]):
        tell(made, asin, title=["Mug"] * NIGHTS)
    tell(made, R[2], title=[None] * 6 + ["Fresh mug"] * 6)
    tell(made, R[3], title=["Mug"] * 4 + [BLOCKED] * 8)
    long_ago = date(2025, 6, 1)
    for asin, n, name, stars, written, title, body in (
        (OWN, 0, "THERE", 1, long_ago, "Broke", "The handle broke off."),
        (OWN, 0, "FIVE", 5, long_ago, "Good", "I like it."),
        (OWN, 8, "FIVE", 1, long_ago, "It leaks now", "After a year it is leaking."),
        (OWN, 6, "NEW", 2, day(5), "Smells", "Smells of plastic. No leaks, though."),
        (OWN, 7, "KIND", 5, day(6), "Leaks? Never", "Best mug."),
        (R[0], 7, "FAMILY", 1, day(6), "Too small", "Way too small, and it leaked."),
        (R[1], 8, "FAMILY", 1, day(6), "Too small", "Way too small, and it leaked."),
        (R[0], 9, "FRONT", 1, long_ago, "Leaks", "Leaks everywhere."),
        (R[0], 0, "BETTER", 1, long_ago, "Dented", "Arrived with a dent."),
        (R[0], 10, "BETTER", 4, long_ago, "Replaced", "They sent me another one."),
        (R[0], 10, "HINDI", 1, day(9), "खराब", "बहुत खराब गुणवत्ता है"),
        (R[1], 5, "DULL", 3, None, "So so \u202e", "=1+1<script>"),
        (R[2], 6, "RECENT", 1, day(5), "Loud", "So loud!"),
        (R[2], 6, "PAST", 1, day(1), "Loud", "So loud!"),
    ):
        made.review(0, night(n), asin, name, stars, reviewed_on=written, title=title, body=body)
    said_at = night(NIGHTS)
    made.insert("stored.review_word", marketplace="com", review_id="NEW", state="handled", note="sent", said_at=said_at)
    yield made
    made.con.close()


@pytest.fixture(scope="module")
def found(database: Database) -> Ledger:
    comparison = compare(database.con, "mug", days=len(DAYS))
    return counted(reviews_of(database.con, comparison), comparison, DAYS)


def of(found: Ledger, name: str) -> Opinion:
    (opinion,) = (o for o in found.opinions if o.kept.review_id == name)
    return opinion


def test_what_was_there_when_watching_began_is_new_only_when_it_was_written_in_the_period(found: Ledger) -> None:
    names = [o.kept.review_id for o in found.opinions]
    assert "THERE" not in names and "PAST" not in names and "KIND" not in names
    assert (of(found, "RECENT").came, of(found, "RECENT").day) == (Came.NEW, day(5))
    assert (of(found, "NEW").came, of(found, "NEW").day) == (Came.NEW, day(6))
    assert names[:2] == ["FIVE", "NEW"], "the own ones first, then the newest"


def test_a_change_of_stars_is_told_with_those_of_before(found: Ledger) -> None:
    worse, better = of(found, "FIVE"), of(found, "BETTER")
    assert (worse.came, worse.before, worse.kept.stars, worse.day) == (Came.CHANGED, 5, 1, day(8))
    assert (better.came, better.before, better.kept.stars) == (Came.CHANGED, 1, 4)
    assert worse.complains and not better.complains


def test_a_review_of_a_family_is_one(found: Ledger) -> None:
    family = of(found, "FAMILY")
    assert (family.asin, list(family.kept.asins)) == (R[0], R[:2])
    (small,) = (t for t in found.topics if t.topic == "size")
    assert (small.own, small.rivals, small.products, small.words) == (0, 1, {R[0]: 1}, ("too small",))


def test_an_old_one_that_comes_to_the_front_is_no_new_complaint(found: Ledger) -> None:
    assert of(found, "FRONT").came is Came.SURFACED
    counts = {t.topic: (t.own, t.rivals) for t in found.topics}
    assert counts == {"leaks": (1, 1), "size": (0, 1), "smell": (1, 0), "noise": (0, 1), OTHER: (0, 1)}
    assert (found.own, found.rivals) == (2, 3)
    assert found.topics[0].words == ("leaks", "leaking", "leaked") and found.topics[-1].topic == OTHER


def test_a_language_without_a_list_has_no_topics_and_is_not_guessed(found: Ledger) -> None:
    assert of(found, "HINDI").topics is None and of(found, "HINDI").language is None
    assert found.unlisted == 1
    assert of(found, "DULL").topics == ()


def test_own_ones_have_a_state_and_a_page_that_was_not_read_is_unknown(found: Ledger) -> None:
    assert [(o.kept.review_id, o.kept.state, o.kept.note, o.open) for o in found.opinions if o.own] == [
        ("FIVE", "new", None, True),
        ("NEW", "handled", "sent", False),
    ]
    assert of(found, "FAMILY").kept.state is None
    assert found.open == 2, "with the one that was there before"
    assert found.unknown == (R[3],)


def test_an_earlier_report_does_not_know_what_came_later(database: Database) -> None:
    comparison = compare(database.con, "mug", days=4, until=night(7) + timedelta(hours=1))
    earlier = counted(reviews_of(database.con, comparison), comparison, Days(day(4), day(7)))
    assert [o.kept.review_id for o in earlier.opinions] == ["NEW", "FAMILY", "RECENT", "DULL"]


def test_texts_of_strangers_are_harmless_and_nothing_is_said_in_english_on_a_chinese_page(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_of = report(database.con, "mug", Asked(count=len(DAYS)))
    heard = Heard(catalogue("zh_CN"))
    monkeypatch.setattr(sentences, "catalogue", lambda language: heard)
    page = made(made_of, Form.HTML, "zh_CN").decode()
    section = page.partition('<section id="reviews">')[2].partition("</section>")[0]
    assert "&lt;script&gt;" in section and "<script" not in section and "\u202e" not in section
    assert "tracker reviews handle FIVE" in section and "tracker reviews handle NEW" not in section
    assert "已处理：sent" in section
    sheet = load_workbook(BytesIO(made(made_of, Form.XLSX, "zh_CN")))["评论数"]
    texts = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [(cell.value, cell.data_type) for cell in texts] == [("=1+1<script>", "s")]
    record = json.loads(made(made_of, Form.JSON, "zh_CN"))["reviews"]
    assert (len(record["seen"]), record["open"], record["unknown"]) == (len(made_of.ledger.opinions), 2, [R[3]])
    assert {each["topic"]: each["own_share"] for each in record["topics"]}["leaks"] == 0.5
    mine = ("review", "Review", "written", "star", "Topic", "topic")
    unsaid = [text for text in heard.missing if LETTER.search(FACT.sub("", text))]
    assert [text for text in unsaid if any(word in text for word in mine)] == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It leaks.", "en", {"leaks": ("leaks",)}),
        ("No leaks. Does not smell, never leaked", "en", {}),
        ("Not big. It leaks", "en", {"leaks": ("leaks",)}),
        ("It doesn’t fit", "en", {"size": ("doesn’t fit",)}),
        ("LEAKED!! and leaked", "en", {"leaks": ("LEAKED",)}),
        ("a bleak outlook, sleeking", "en", {}),
        ("Riecht nicht", "de", {}),
        ("GRÖSSE: zu groß", "de", {"size": ("zu groß",)}),
        ("Très abimé, abîmée", "fr", {"damaged": ("abimé", "abîmée")}),
        ("L’odeur est forte", "fr", {"smell": ("odeur",)}),
        ("漏れません", "ja", {}),
        ("水が漏れました", "ja", {"leaks": ("漏れ",)}),
        ("不漏水，有异味", "zh", {"smell": ("异味",)}),
    ],
)
def test_topics_are_found_where_they_are_said(text: str, language: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert dict(topics(text, language)) == expected


@pytest.mark.parametrize(
    ("text", "country", "marketplace", "language"),
    [
        ("Produit endommagé", "France", "fr", "fr"),
        ("I do not like it", "Emiratos Árabes Unidos", "com.mx", "en"),
        ("No me gusta, llegó roto y sin la tapa", "United States", "com", "es"),
        ("Der Deckel ist leider kaputt", "Österreich", "de", "de"),
        ("The lid is broken, not happy", "Germany", "de", "en"),
        ("壊れました", "日本", "co.jp", "ja"),
        ("质量差", None, "com", "zh"),
        ("最悪", "日本", "co.jp", "ja"),
        ("बहुत खराब", "India", "in", None),
        ("👎", None, "de", "de"),
    ],
)
def test_the_language_is_that_of_the_country_or_of_the_words(
    text: str, country: str | None, marketplace: str, language: str | None
) -> None:
    assert language_of(text, country, marketplace) == language


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_list_has_every_topic_and_finds_most_of_what_a_reader_finds(language: str) -> None:
    scored = labelled.score(language)
    assert scored.precision >= 0.85 and scored.recall >= 0.8, labelled.misread(language)
    assert {key for key in TOPICS if topics_named(language, key)} == set(TOPICS)


def topics_named(language: str, key: str) -> bool:
    return any(key in named for named in labelled.SENTENCES[language].values())
