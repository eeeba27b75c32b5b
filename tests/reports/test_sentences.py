"""Sentences say their facts in the reader's language."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reports import sentences
from reports.sentences import Fact, Said, catalogue, sentence, voice
from reports.wording import Wording

POLISH = """
msgid "{n:count keyword|keywords}"
msgstr "{n:count fraza|frazy|fraz|frazy}"

msgid "Price {price:money}, {change:percent}"
msgstr "Cena {price:money}, {change:percent}"
"""
FACTS: dict[str, Any] = {
    "before": Decimal("24.99"), "after": Decimal("1019.50"), "currency": "USD", "change": -0.2,
    "day": date(2026, 11, 3), "stood": 3.2,
    "one": 1, "four": 4, "chance": 1e-9, "often": 0.05, "names": ("a", "b", "c"), "title": "{day:day} %",
    "label": "whole page",
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "english"),
    [
        ("{before:amount} → {after:amount} {currency}", "24.99 → 1,019.50 USD"),
        ("{change:percent}, {stood:fixed}, {four:number}", "−20.0 %, 3.2, 4"),
        ("{day:day}", "Tue 3 Nov"),
        ("{stood:days}, {one:days}", "3 days, 1 day"),
        ("{one:count keyword|keywords} {four:count keyword|keywords}", "1 keyword 4 keywords"),
        ("{chance:rarity}, {often:rarity}", "less than once in 100 years, about 18 times a year"),
        ("{names:list}", "a, b, and c"),
        ("{before:money}", "$24.99"),
        ("{label:capital}: {label:said}", "Whole page: whole page"),
        ("{title}", "{day:day} %"),
    ],
)
def test_facts_are_written_by_their_forms(template: str, english: str) -> None:
    assert sentence((template,), FACTS) == english
    stored: dict[str, Any] = msgspec.json.decode(msgspec.json.Encoder(decimal_format="string").encode(FACTS))
    assert sentence((template,), stored) == english, "facts read back say the same"


def test_a_fact_may_be_a_phrase_or_several() -> None:
    both = Said("{n:count keyword|keywords}", {"n": 2}), Said("not crawled")
    facts: dict[str, Fact] = {"who": both, "one": Said("{before:money}", {"before": Decimal(3)}), "currency": "GBP"}
    assert voice("en").says("{who:list}; {who:clauses}; {one}", facts) == (
        "2 keywords and not crawled; 2 keywords, not crawled; £3.00"
    )
    assert (
        voice("zh_CN").says("Could not be read: {parts:clauses}.", {"parts": both}) == "未能读取：2 keywords，未抓取。"
    )


@pytest.mark.parametrize("language", ["zh", "zh-CN", "zh_Hans", "zh-Hans-SG"])
def test_chinese_by_any_name_is_the_simplified_one(language: str) -> None:
    assert catalogue(language.replace("-", "_")) == catalogue("zh_CN") != {}


@pytest.mark.parametrize("language", ["zh-TW", "zh_Hant", "de", "en"])
def test_what_has_no_translation_is_said_in_english(language: str) -> None:
    assert catalogue(language.replace("-", "_")) == {}
    assert sentence(("{four:count keyword|keywords}",), FACTS, language) == "4 keywords"


def test_a_form_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no such form"):
        sentence(("{day:month}",), FACTS)


def test_a_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written as ``locale/README.md`` says, with plural forms that English does not have."""
    (tmp_path / "README.md").write_text("Not a language.")
    (tmp_path / "pl.po").write_text(POLISH, encoding="utf-8")
    monkeypatch.setattr(sentences, "LOCALES", tmp_path)
    catalogue.cache_clear()
    try:
        words = Wording("pl-PL", "EUR", "Europe/Warsaw")
        counts = [words.say("{n:count keyword|keywords}", n=n) for n in (1, 3, 5, 22)]
        assert counts == ["1 fraza", "3 frazy", "5 fraz", "22 frazy"]
        assert words.say("Price {price:money}, {change:percent}", price=Decimal("1024.5"), change=-0.2) == (
            "Cena 1\u00a0024,50\u00a0€, −20,0%"
        )
        assert (words.lang, words.say("Never heard of")) == ("pl-PL", "Never heard of")
        assert catalogue("zh_CN") == {}, "only what is in the folder"
    finally:
        catalogue.cache_clear()
