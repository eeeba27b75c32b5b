"""Sentences say their facts in the reader's language, and no template lacks its translation."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import pytest

from reports.sentences import catalogue, sentence

REPORTS = Path(__file__).parents[2] / "reports"
FACTS: dict[str, Any] = {
    "before": Decimal("24.99"), "after": Decimal("1019.50"), "currency": "USD", "change": -0.2,
    "day": date(2026, 11, 3), "stood": 3.2,
    "one": 1, "four": 4, "chance": 1e-9, "often": 0.05, "names": ("a", "b", "c"), "title": "{day:day} %",
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
        ("{title}", "{day:day} %"),
    ],
)
def test_facts_are_written_by_their_forms(template: str, english: str) -> None:
    assert sentence((template,), FACTS) == english
    stored: dict[str, Any] = msgspec.json.decode(msgspec.json.Encoder(decimal_format="string").encode(FACTS))
    assert sentence((template,), stored) == english, "facts read back say the same"


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


def templates() -> set[str]:
    """The templates of flags, moves and effects: every string in their sources that names a fact."""
    found = set()
    for folder in ("flags", "moves", "effects"):
        for path in (REPORTS / folder).glob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            made = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
            said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            found |= {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
                and id(node) not in made | said and re.search(r"\{[a-z_]+(:[a-z][^}]*)?\}", node.value)
            }  # fmt: skip
    return found


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_template_has_its_translation() -> None:
    known = catalogue("zh_CN")
    assert len(templates()) > 100
    assert sorted(text for text in templates() if text not in known) == []


def test_a_translation_names_no_fact_that_its_template_does_not_know() -> None:
    common = {"day", "currency", "keyword"}
    wrong = {text: zh for text, zh in catalogue("zh_CN").items() if not fields(zh) <= fields(text) | common}
    assert wrong == {}


def test_no_translation_is_left_of_a_template_that_is_gone() -> None:
    constants = {
        node.value
        for path in REPORTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(catalogue("zh_CN")) - constants) == []
