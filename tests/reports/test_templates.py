"""A user's own templates change what they are meant to, and nothing else; a mistake in one is told with its line."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from reports.page.render import OverviewItem, render, render_overview
from reports.page.sandbox import TemplatesError
from reports.report import Report
from tests.reports.database import Database
from tests.reports.nights import ABSENT, OWN, RIVAL, listing, rank, reported, tell

REPORTS = Path(__file__).parents[2] / "reports"
TEMPLATES = REPORTS / "page" / "templates"
TITLE = "<script>alert(1)</script> mug"
Rendered = Callable[..., str]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of a listing with a rival of a hostile title, which cut its price."""
    database = Database(tmp_path_factory.mktemp("own") / "tracker.duckdb")
    listing(database, keywords=["mug"])
    tell(database, OWN, title=["Mine"] * 8, price=["20"] * 8, bsr=[900] * 8)
    tell(database, RIVAL, title=[TITLE] * 8, price=["20"] * 7 + ["12"], bsr=[500] * 7 + [ABSENT])
    rank(database, "mug", [3] * 8)
    made = reported(database, days=8)
    database.con.close()
    return made


@pytest.fixture
def rendered(report: Report, tmp_path: Path) -> Rendered:
    """Renders the report with these templates, by name without their suffix."""

    def make(**templates: str) -> str:
        for name, text in templates.items():
            (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        return render(report, templates=tmp_path)

    return make


def block(name: str, text: str, template: str = "listing") -> str:
    return f'{{% extends "builtin/{template}.html" %}}\n{{% block {name} %}}\n{text}\n{{% endblock %}}\n'


def test_without_a_template_nothing_changes(report: Report, rendered: Rendered) -> None:
    def plain(text: str) -> str:
        return re.sub(r"written [^<]+", "", text)

    assert plain(rendered()) == plain(render(report))


def test_one_block_is_overridden_and_all_others_stay(rendered: Rendered) -> None:
    text = rendered(listing=block("look", "<p>mine: {{ view.headline }}, {{ view.rows[1].label.title }}</p>"))
    assert "<p>mine: " in text and 'id="look"' not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; mug</p>" in text, "escaped without asking"
    assert 'id="position"' in text and 'id="charts"' in text


def test_a_block_can_keep_what_was_there_and_use_the_macros_of_others(rendered: Rendered) -> None:
    own = '{% from "parts.html" import chip with context %}{{ super() }}<p class="mine">{{ chip(view.own) }}</p>'
    text = rendered(listing=block("headline", own))
    assert "<h1>" in text and re.search(r'<p class="mine"><span class="chip own"[^>]*>You</span></p>', text)


def test_a_part_is_replaced_whole(rendered: Rendered) -> None:
    text = rendered(position="{{ view.rows | length }} products")
    assert "2 products" in text and 'id="position"' not in text


def test_texts_of_ones_own_are_said_in_the_language_of_the_page(report: Report, rendered: Rendered) -> None:
    text = rendered(listing=block("footer", '{{ _("{n:count flag|flags}", n=3) }} {{ language }}'))
    assert "3 flags en" in text


def test_the_overview_has_blocks_too(report: Report, tmp_path: Path) -> None:
    (tmp_path / "overview.html").write_text(block("headline", "<h1>{{ cards | length }} of mine</h1>", "overview"))
    text = render_overview([OverviewItem(report, "a.html"), OverviewItem(report, "b.html")], templates=tmp_path)
    assert "<h1>2 of mine</h1>" in text and 'href="b.html"' in text


def test_a_style_of_ones_own_joins_the_policy(rendered: Rendered, report: Report, tmp_path: Path) -> None:
    before = render(report).count("sha256-")
    (tmp_path / "custom.css").write_text("h1 { color: teal; }\n")
    text = rendered()
    assert "<style>h1 { color: teal; }\n</style>" in text and text.count("sha256-") == before + 1
    (tmp_path / "custom.css").write_text("h1 {}\n</style><script>alert(1)</script>")
    with pytest.raises(TemplatesError, match=r"custom\.css, line 2: holds the beginning of an HTML tag"):
        rendered()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ ''.__class__.__mro__ }}", "'__class__' of 'str' object is unsafe: a template reads what it is given"),
        ("{{ cycler.__init__.__globals__ }}", "'__init__' of 'type' object is unsafe"),
        ("{{ _.__globals__ }}", "'__globals__' of 'function' object is unsafe"),
        ("{{ view.words.say.__func__ }}", "'__func__' of 'method' object is unsafe"),
        ("{{ '{0.__class__}'.format(view) }}", "'__class__' of 'View' object is unsafe"),
        ("{{ ('{0.__class__}' | e).format(view) }}", "'__class__' of 'View' object is unsafe"),
        ("{{ view | attr('__dict__') }}", "'__dict__' of 'View' object is unsafe"),
        ("{{ view.look.append(1) }}", "'append' of 'list' object is unsafe"),
        ("{{ view.look.clear() }}", "'clear' of 'list' object is unsafe"),
        ("{% for n in range(10**9) %}{% endfor %}", "OverflowError: Range too big"),
        ("{% include '/etc/passwd' %}", "there is no template '/etc/passwd'; built in are builtin/"),
        ("{% include '../secret.html' %}", "there is no template '../secret.html'"),
        ("{% include 'link.html' %}", "there is no template 'link.html'"),
        ("{% import 'os' as os %}", "there is no template 'os'"),
    ],
)
def test_nothing_gets_out_of_the_sandbox(rendered: Rendered, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path.parent / "secret.html").write_text("secret")
    (tmp_path / "link.html").unlink(missing_ok=True)
    (tmp_path / "link.html").symlink_to(tmp_path.parent / "secret.html")
    with pytest.raises(TemplatesError) as error:
        rendered(listing=block("look", text))
    assert str(error.value).startswith(f"{tmp_path}/listing.html, line 3: ")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page", "<!doctype html><html><head></head><body>{% block body %}{% endblock %}</body></html>"),
        ("page", "<script>alert(1)</script>{% include 'builtin/page.html' %}"),
        ("listing", block("body", "<META\nHTTP-EQUIV=refresh content='0; url=https://example.com'>")),
        ("listing", "{% block look %}nothing above it{% endblock %}"),
        ("listing", block("look", '<LINK rel="dns-prefetch" href="//{{ view.headline }}.example.com">')),
    ],
)
def test_a_page_keeps_its_policy(rendered: Rendered, name: str, text: str) -> None:
    with pytest.raises(TemplatesError, match=r"must begin as builtin/page\.html does|writes <(meta http-equiv|link)"):
        rendered(**{name: text})


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            block("look", "{{ veiw.headline }}"),
            3,
            "'veiw' is undefined; view?; reports/TEMPLATES.md names what there is",
        ),
        (block("look", "{{ view.headlin }}"), 3, "has no attribute 'headlin'; headline?"),
        (block("look", "{{ view.rows[0].label.titel }}"), 3, "has no attribute 'titel'; title?"),
        (block("look", "\n{{ view.rows[77].label }}"), 4, "list object has no element 77"),
        (block("look", "{% if view.look %}"), 4, "Encountered unknown tag 'endblock'"),
        (block("look", "{{ view.headline | shout }}"), 3, "No filter named 'shout'"),
        (block("look", "{{ _('{a} {b}', a=1) }}"), 3, "'b' is named in a text"),
        (block("look", "{{ 1 / 0 }}"), 3, "ZeroDivisionError"),
        ('{% extends "bultin/listing.html" %}', 1, "there is no template 'bultin/listing.html'; built in are"),
    ],
)
def test_a_mistake_is_told_with_its_line(rendered: Rendered, tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(TemplatesError) as error:
        rendered(listing=text)
    assert str(error.value).startswith(f"{tmp_path}/listing.html, line {line}: ")
    assert said in str(error.value)


def test_what_is_no_text_and_a_folder_that_is_not_there_are_told(report: Report, tmp_path: Path) -> None:
    with pytest.raises(TemplatesError, match=r"report\.templates: there is no folder .*nowhere"):
        render(report, templates=tmp_path / "nowhere")
    (tmp_path / "listing.html").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplatesError, match=r"listing\.html: not UTF-8 text"):
        render(report, templates=tmp_path)


def test_a_template_that_was_mended_is_read_again(rendered: Rendered) -> None:
    with pytest.raises(TemplatesError):
        rendered(listing=block("look", "{{ nothing }}"))
    assert "<p>mended</p>" in rendered(listing=block("look", "<p>mended</p> now"))


DOCUMENT = (REPORTS / "TEMPLATES.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """What stands under a heading of the document."""
    _, found, rest = DOCUMENT.partition(f"\n### `{name}`\n")
    assert found, f"reports/TEMPLATES.md does not tell of {name}"
    return re.split(r"\n##+ ", rest)[0]


def named(name: str) -> set[str]:
    """The names in the first column of the table there."""
    rows = re.findall(r"^\| (`[^|]*`) \|", section(name), re.MULTILINE)
    return {each for row in rows for each in re.findall(r"`(\w+)", row)}


def views() -> dict[str, set[str]]:
    """Public names of every class that a template meets: fields, properties, and what ``__init__`` sets."""
    found: dict[str, set[str]] = {}
    for path in (REPORTS / "page").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                fields = {
                    each.target.id
                    for each in node.body
                    if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
                }
                properties = {
                    each.name for each in node.body if isinstance(each, ast.FunctionDef) and each.decorator_list
                }
                targets = [
                    t for each in ast.walk(node) if isinstance(each, ast.Assign | ast.AnnAssign) for t in _targets(each)
                ]
                set_there = {t.attr for t in targets if isinstance(t.value, ast.Name) and t.value.id == "self"}
                found[node.name] = {each for each in fields | properties | set_there if not each.startswith("_")}
    return found


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.Attribute]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    flat = [each for t in targets for each in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return [each for each in flat if isinstance(each, ast.Attribute)]


VIEWS = re.findall(r"^### `([A-Z]\w+)`$", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("name", VIEWS)
def test_the_document_names_all_that_a_view_has(name: str) -> None:
    assert named(name) == views()[name]


def test_the_document_tells_of_every_view() -> None:
    assert {name for name in views() if name.endswith(("View", "Card", "Label", "Cell", "Figures"))} <= set(VIEWS)
    meant = set(re.findall(r"`([A-Z][A-Za-z]+)`s?\b", DOCUMENT)) - {
        "Voice",
        "Crawled",
        "Report",
        "Comparison",
        "You",
        "Market",
        "New",
    }
    assert meant <= set(VIEWS), "what is said to be one is told of"


@pytest.mark.parametrize("name", ["listing.html", "overview.html", "review.html", "checklist.html", "page.html"])
def test_the_document_names_every_block(name: str) -> None:
    tree = Environment().parse((TEMPLATES / name).read_text(encoding="utf-8"))
    assert named(name) == {block.name for block in tree.find_all(nodes.Block)}
    included = {
        include.template.value for include in tree.find_all(nodes.Include) if isinstance(include.template, nodes.Const)
    }
    assert included <= set(re.findall(r"`(\w+\.html)`", section(name)))


def test_the_document_names_every_macro() -> None:
    for name in ("parts.html", "told.html", "rows.html"):
        tree = Environment().parse((TEMPLATES / name).read_text(encoding="utf-8"))
        macros = {f"{macro.name}({', '.join(a.name for a in macro.args)})" for macro in tree.find_all(nodes.Macro)}
        (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", DOCUMENT, re.MULTILINE)
        assert set(re.findall(r"`(\w+\([^`]*\))`", row)) == macros


@pytest.mark.parametrize("example", re.findall(r"```jinja\n(.*?)```", DOCUMENT, re.DOTALL))
def test_the_examples_of_the_document_work(rendered: Rendered, example: str) -> None:
    (name,) = re.findall(r"^\{# my-templates/(\w+)\.html #\}", example)
    assert rendered(**{name: example}) != rendered(**{name: f'{{% include "builtin/{name}.html" %}}'})
