"""Figures, days and labels as the readers of a language write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports.labels import FIELDS, KINDS, PAGES, REASONS
from reports.sections.reasons import because
from reports.sentences import Said
from reports.wording import Wording, short
from storage.model import Outcome
from storage.records import Placement, Product, Reason, SearchPage

TITLE = "美濃焼マグカップ大きめ電子レンジ対応食洗機対応"


def test_every_code_has_words() -> None:
    assert {o.value for o in Outcome} - {"ok"} <= set(REASONS)
    assert {r.value for r in Reason} <= set(REASONS)
    assert None in FIELDS and len(set(KINDS.values())) == len(KINDS)
    unnamed = {"marketplace", "asin", "layout", "missing", "placements", "page"}
    assert {name for kind in (Product, Placement, SearchPage) for name in kind.__struct_fields__} - unnamed <= {*FIELDS}
    assert PAGES.keys() == {"product", "search", "bestsellers"}


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (
            "en",
            "$1,024.99 | ¥2,480 | −12.3 % | Tue 3 Nov | 3 Nov | Tuesday 3 November 2026 | 4 Nov 2026 05:00 | "
            "Tue 3 Nov – Tue 24 Nov | 3 Dec 2025\u2009–\u20093 Nov 2026 | Tue 3 Nov",
        ),
        (
            "zh_CN",
            "US$1,024.99 | JP¥2,480 | −12.3% | 11月3日周二 | 11月3日 | 2026年11月3日星期二 | 2026年11月4日 05:00 | "
            "11月3日至24日 | 2025年12月3日至2026年11月3日 | 11月3日周二",
        ),
    ],
)
def test_figures_and_days(language: str, written: str) -> None:
    words = Wording(language, "USD", "Asia/Tokyo")
    day, last = date(2026, 11, 3), date(2026, 11, 24)
    found = [
        words.money(Decimal("1024.99")), words.money(Decimal(2480), "JPY"), words.percent(Decimal("-12.34")),
        words.day(day), words.day_short(day), words.day_long(day),
        words.moment(datetime(2026, 11, 3, 20, tzinfo=UTC)),
        words.span(day, last), words.span(date(2025, 12, 3), day), words.span(day, day),
    ]  # fmt: skip
    assert " | ".join(found) == written


def test_phrases_follow_one_another_and_amounts_are_in_the_listings_currency() -> None:
    phrases = (because("blocked"), Said("shown as {amount:money}: not compared", {"amount": Decimal("24.90")}))
    assert Wording("en", "GBP", "UTC").said(phrases) == "blocked by a bot check; shown as £24.90: not compared"
    assert Wording("en", "GBP", "UTC").said(None) == Wording("en", "GBP", "UTC").said(()) == ""
    assert Wording("zh-Hans", "USD", "UTC").said(phrases[:1]) == "被反爬验证拦截"


def test_a_negative_number_has_a_true_minus() -> None:
    words = Wording("en", "USD", "UTC")
    assert (words.number(-1234), words.fixed(-0.84, 1), words.number(7)) == ("−1,234", "−0.8", "7")


def test_the_language_of_the_page_is_that_of_its_sentences() -> None:
    assert [Wording(tag, "USD", "UTC").lang for tag in ("en", "en-GB", "zh-CN", "de", "zh_TW")] == [
        "en", "en-GB", "zh-Hans-CN", "en", "en",
    ]  # fmt: skip


def test_a_title_is_cut_at_a_word_and_wide_letters_take_two_columns() -> None:
    assert short("A mug") == "A mug"
    assert short("Stoneware mugs, set of four, sand coloured") == "Stoneware mugs, set of four…"
    assert short(TITLE) == TITLE[:15] + "…"
