"""Sentences say their facts in the reader's language, and no template lacks its translation."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import pytest
from jinja2 import Environment, nodes

from reports import sentences
from reports.sentences import Fact, Said, catalogue, sentence, voice
from reports.wording import Wording

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports"
PAGES = Environment(autoescape=True)
COMMON = {"day", "currency", "keyword"}
"""Facts that every flag has, whatever its template names."""
CODE = {"style", "script", "code", "pre"}
READ = {"aria-label", "title", "alt", "placeholder", "data-head", "label"}
LETTER, LETTERS = re.compile("[A-Za-z]"), re.compile("[A-Za-z]{2}")
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


NAMES_A_FACT = re.compile(r"\{[a-z_]+(:[a-z][^}]*)?\}")
SAYS = {"Said": slice(1), "say": slice(1), "Measure": slice(1, 2), "_heads": slice(None)}
"""Who is given templates, and as which arguments."""
TABLES = """
    labels.KINDS labels.REASONS labels.FIELDS labels.PAGES
    headline.VERBS headline.MARKET headline.QUIET headline.UNKNOWN
    offered.BADGES reasons.NAMES page.cells.PLACED news.LABELS forms.digest.SEVERITIES forms.workbook.STATES
"""
"""Labels that are looked up."""


def constants(tree: ast.AST) -> set[str]:
    """The strings of a piece of source that are neither comments nor parts of other strings."""
    made = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    made |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in made
    }


def said(tree: ast.AST) -> set[str]:
    """What stands where a template is given, by itself or by a name; of a condition, both."""
    named: dict[str, set[str]] = defaultdict(set)

    def texts(given: ast.AST) -> set[str]:
        match given:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp():
                return texts(given.body) | texts(given.orelse)
            case ast.Name():
                return named[given.id]
        return set()

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    named[target.id] |= texts(node.value)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    given = [call.args[SAYS[name]] for call in calls if (name := _called(call)) in SAYS]
    return set[str]().union(*(texts(argument) for arguments in given for argument in arguments))


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def sources(*packages: str) -> Iterator[ast.AST]:
    for package in packages:
        for path in (ROOT / package).rglob("*.py"):
            yield ast.parse(path.read_text(encoding="utf-8"))


@cache
def of_sources() -> set[str]:
    """What the sources say, and every string that names a fact where all of these are templates."""
    told = {text for tree in sources("reports", "tracker/serve") for text in constants(tree)}
    found = {text for text in told if NAMES_A_FACT.search(text) and text[0] != "<"}
    return found.union(*map(said, sources("reports", "tracker/serve")))


@cache
def of_pages() -> set[str]:
    """The templates that the HTML templates say."""
    found: set[str] = set()
    for path in (REPORTS / "page" / "templates").glob("*.html"):
        for call in PAGES.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                given = (call.args[0], *call.args[0].find_all(nodes.Const))
                found |= {text.value for text in given if isinstance(text, nodes.Const) and isinstance(text.value, str)}
    return found


def of_refusals() -> set[str]:
    """What a served page says instead of a report."""
    modules = [import_module(f"tracker.serve.{name}") for name in ("address", "pages", "server")]
    named = [value for module in modules for name, value in vars(module).items() if name.isupper()]
    return {text for text in named if isinstance(text, str) and " " in text}


def of_tables() -> set[str]:
    paths = (path.rpartition(".") for path in TABLES.split())
    tables = [getattr(import_module(f"reports.{module}"), name) for module, _, name in paths]
    values = [value for table in tables for value in table.values()]
    return {text for value in values for text in ((value,) if isinstance(value, str) else value)}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_template_has_its_translation() -> None:
    known = catalogue("zh_CN")
    found = of_sources() | of_pages() | of_tables() | of_refusals()
    assert len(of_sources()) > 300 and len(of_pages()) > 50
    rest = found - known.keys() - {"{cell}*$E2", "/listing/{name}"}  # a rule of a sheet, and an address
    assert sorted(text for text in rest if LETTER.search(re.sub("{.*?}", "", text))) == []


def test_nothing_is_translated_twice() -> None:
    once = re.findall('^msgid "(.*)"$', (REPORTS / "locale" / "zh_CN.po").read_text(encoding="utf-8"), re.MULTILINE)
    assert [text for text, times in Counter(once).items() if times > 1] == []


def test_a_translation_names_the_facts_of_its_template() -> None:
    wrong = {text: zh for text, zh in catalogue("zh_CN").items() if fields(zh) - COMMON != fields(text) - COMMON}
    assert wrong == {}


def test_no_translation_is_left_of_a_template_that_is_gone() -> None:
    used = of_pages().union(*map(constants, sources("reports", "tracker")))
    assert sorted(catalogue("zh_CN").keys() - used) == []


class Shown(HTMLParser):
    """The words of a page that a reader sees, other than code."""

    def __init__(self) -> None:
        super().__init__()
        self.code = 0
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in CODE
        self.words += [value for name, value in attrs if value and name in READ and LETTERS.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in CODE

    def handle_data(self, data: str) -> None:
        if not self.code and LETTERS.search(data):
            self.words.append(data.strip())


@pytest.mark.parametrize("path", sorted((REPORTS / "page" / "templates").glob("*.html")), ids=lambda path: path.name)
def test_a_page_has_no_words_beside_its_templates(path: Path) -> None:
    page = Shown()
    page.feed("".join(n.data for n in PAGES.parse(path.read_text(encoding="utf-8")).find_all(nodes.TemplateData)))
    assert set(page.words) <= {"SQL", "UTC"}


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
