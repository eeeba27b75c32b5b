"""Whatever a reader sees is a template, and each has its Chinese: found in the sources, not by hand."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from jinja2 import Environment, nodes

from reports import labels, sentences
from reports.form import Form
from reports.forms import made
from reports.health import point
from reports.page.contents import PARTS
from reports.page.render import OverviewItem, render_overview
from reports.sections import reasons
from reports.sentences import catalogue
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, RIVAL, listing, rank, reported, tell

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "reports" / "page" / "templates").glob("*.html"))
JINJA = Environment(autoescape=True)
COMMON = {"day", "currency", "keyword"}
"""Facts that every flag has, whatever its template names."""
NAMES_A_FACT = re.compile(r"\{[a-z_]+(:[a-z][^}]*)?\}")
FACT = re.compile("{[a-z_]+(:[a-z]+)?}")
LETTER, LETTERS = re.compile("[A-Za-z]"), re.compile("[A-Za-z]{2}")
SAYS = {"Said": slice(1), "say": slice(1), "Measure": slice(1, 2), "heads": slice(None), "prose": slice(None)}
"""Who is given templates, and as which arguments."""
LABELS = (labels.KINDS, labels.REASONS, labels.FIELDS, labels.PAGES, reasons.NAMES, PARTS, point.NAMES)
"""What is said as a fact of another template."""
NO_TEMPLATES = {"{cell}*$E2", "/listing/{name}"}
"""A rule of a sheet, and an address."""
CODE = {"style", "script", "code", "pre"}
READ = {"aria-label", "title", "alt", "placeholder", "data-head", "label"}


@cache
def sources(*packages: str) -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for p in packages for path in (ROOT / p).rglob("*.py")]


def constants(tree: ast.AST) -> set[str]:
    """The strings of a piece of source that are neither comments nor parts of other strings."""
    made = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    made |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in made
    }


class Names:
    """The texts that names of a source stand for."""

    def __init__(self, tree: ast.AST, imported: dict[str, set[str]]) -> None:
        self.known: dict[str, set[str]] = defaultdict(set, imported)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        self.known[target.id] |= self.texts(node.value)

    def texts(self, given: ast.AST) -> set[str]:
        """Of an expression: of a condition both, of a table all."""
        match given:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=one, orelse=other):
                return self.texts(one) | self.texts(other)
            case ast.Dict(values=several) | ast.Tuple(elts=several):
                return set[str]().union(*map(self.texts, several))
            case ast.Starred(value=one) | ast.GeneratorExp(elt=one) | ast.ListComp(elt=one):
                return self.texts(one)
            case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table, attr="get")):
                return self.texts(table)
            case ast.Name(id=name):
                return self.known[name]
        return set()


def said(tree: ast.Module, tables: dict[str, set[str]]) -> set[str]:
    """What stands where a template is given, by itself or by a name."""
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    names, found = Names(tree, {name: tables[name] for name in imported & tables.keys()}), set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SAYS:
                found |= set[str]().union(*map(names.texts, node.args[SAYS[name]]))
    return found


@cache
def of_sources() -> set[str]:
    """What the sources say, and every string that names a fact."""
    trees = sources("reports", "tracker/serve")
    told = {text for tree in trees for text in constants(tree)}
    tables: dict[str, set[str]] = {}
    for tree in trees:
        top = ast.Module([node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)], [])
        tables |= {name: texts for name, texts in Names(top, {}).known.items() if name.isupper()}
    found = {text for text in told if NAMES_A_FACT.search(text) and text[0] != "<"}
    found |= set[str]().union(*(said(tree, tables) for tree in trees))
    return {text for text in found - NO_TEMPLATES if not re.fullmatch("[a-z]+_[a-z_]+", text)}


@cache
def of_pages() -> set[str]:
    """The templates that the HTML templates say."""
    found: set[str] = set()
    for path in PAGES:
        for call in JINJA.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                given = (call.args[0], *call.args[0].find_all(nodes.Const))
                found |= {text.value for text in given if isinstance(text, nodes.Const) and isinstance(text.value, str)}
    return found


def of_refusals() -> set[str]:
    """What a served page says instead of a report."""
    modules = [import_module(f"tracker.serve.{name}") for name in ("address", "found", "pages", "server")]
    named = [value for module in modules for name, value in vars(module).items() if name.isupper()]
    return {text for text in named if isinstance(text, str) and " " in text}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_template_has_its_translation() -> None:
    known = catalogue("zh_CN")
    assert len(of_sources()) > 600 and len(of_pages()) > 100
    found = of_sources() | of_pages() | of_refusals() | {text for table in LABELS for text in table.values()}
    assert sorted(text for text in found - known.keys() if LETTER.search(FACT.sub("", text))) == []


def test_nothing_is_translated_twice() -> None:
    text = (ROOT / "reports" / "locale" / "zh_CN.po").read_text(encoding="utf-8")
    once = re.findall('^msgid "(.*)"$', text, re.MULTILINE)
    assert [text for text, times in Counter(once).items() if times > 1] == []


def test_a_translation_names_the_facts_of_its_template() -> None:
    wrong = {text: zh for text, zh in catalogue("zh_CN").items() if fields(zh) - COMMON != fields(text) - COMMON}
    assert wrong == {}


def test_no_translation_is_left_of_a_template_that_is_gone() -> None:
    used = (of_pages() | of_sources()).union(*map(constants, sources("reports", "tracker/serve")))
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


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_has_no_words_beside_its_templates(path: Path) -> None:
    page = Shown()
    page.feed("".join(n.data for n in JINJA.parse(path.read_text(encoding="utf-8")).find_all(nodes.TemplateData)))
    assert set(page.words) <= {"SQL", "UTC"}


class Heard(dict[str, str]):
    """A catalogue that notes what it was asked for and does not have."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self.missing: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.missing |= {key} - self.keys()
        return super().get(key, default)


def test_nothing_is_said_in_english_on_a_chinese_page_or_in_another_form(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing(database, rivals=[RIVAL, "B0RIVAL002"], keywords=["tea mug", "tea cup"])
    tell(database, OWN, price=[20] * 9, rating=[4.4] * 9, review_count=list(range(100, 109)), in_stock=[True] * 9)
    tell(database, price=[20] * 7 + [15, 15], coupon_percent=[None] * 7 + [10, 10], in_stock=[True] * 8 + [False])
    tell(database, "B0RIVAL002", price=[30, BLOCKED, ABSENT, 30, 30, 30, 30, 30, BLOCKED])
    rank(database, "tea mug", [3] * 6 + [30] * 3, asin=OWN)
    rank(database, "tea cup", [4, 3, BLOCKED, 4, 5, 6, 7, 8, BLOCKED])
    report = reported(database, days=7)
    heard = Heard(catalogue("zh_CN"))
    monkeypatch.setattr(sentences, "catalogue", lambda language: heard)
    render_overview([OverviewItem(report, "mug.html")], language="zh_CN")
    for form in (Form.HTML, Form.MD, Form.XLSX):
        assert made(report, form, language="zh_CN")
    assert sorted(text for text in heard.missing if LETTER.search(FACT.sub("", text))) == []
