"""The report in its other forms: texts of others stay harmless in each, and figures are those of the database."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from reports.forms import Form, Printer, PrintError, made
from reports.forms.digest import LONGEST, escaped
from reports.forms.shape import SCHEMA, schema
from reports.forms.sheet import Book, Cell, Head, Line
from reports.forms.visible import line, visible
from reports.health import State
from reports.report import Report
from reports.wording import Wording, short
from spiders.browser import launch_options
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, RIVAL, Lacks, listing, night, rank, reported, tell

AT = datetime(2026, 3, 9, 12, tzinfo=UTC)
NIGHTS = 9
HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "element": '"><img src=x onerror=alert(1)> &lt;b&gt; &amp;',
    "rich": "<r><t>1</t></r>",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1:A9)",
    "tab": "\t=1+1",
    "wide": "＝1+1",
    "excel": "_x0041_ _x000D_",
    "markdown": "**b** _i_ `c` [l](javascript:alert(1)) ![i](x.png) ~~s~~ | a | b |",
    "link": "https://evil.example www.evil.example <https://evil.example>",
    "mention": "@everyone #1 <@U1> <!channel>",
    "heading": "# head",
    "item": "1. item",
    "rule": "--- a",
    "template": "{{ 7*7 }}{% raw %} {own} %s",
    "direction": "\u202egnp.exe\u2066 \u200fturned",
    "control": "nul\x00 bell\x07 escape\x1b[31m c1\x9b31m\r\nnext",
    "separator": "a\u2028b\u2029c",
    "emoji": "👩‍👩‍👧‍👦 🇨🇳 \U0010fffd",
    "quotes": 'a "b", c; d',
    "long": "word " * 600,
}
ASINS = {f"B0HOSTIL{n:02d}": name for n, name in enumerate(HOSTILE)}
RISKY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line feed, and controls of the direction of text."""


FEW = {asin: sort for asin, sort in ASINS.items() if sort in {"script", "element", "template", "direction"}}
"""Enough where every product takes a second: on paper, and by the schema."""


def of_hostile(folder: Path, asins: dict[str, str]) -> Report:
    """A report in which every text of others is hostile, and some of them changed last night."""
    database = Database(folder / "tracker.duckdb")
    name = "=1+1 | <b>\u202e"
    database.listing(name, "com", OWN, list(asins), [HOSTILE["markdown"]])
    tell(database, OWN, price=[20] * 3, title=["Mug"] * 3)
    for asin, sort in asins.items():
        text = HOSTILE[sort]
        tell(
            database, asin, price=[20] * 3, title=["Mug", "Mug", text], seller=[text] * 3,
            brand=[text] * 3, is_deal=[False, False, True], deal=[ABSENT, ABSENT, text], bsr=[5] * 3,
            category=[text] * 3, in_stock=[True, True, False], availability=["Yes", "Yes", text],
        )  # fmt: skip
    rank(database, HOSTILE["markdown"], [3, 3, 0])
    found = reported(database, name, days=3)
    database.con.close()
    return found


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return of_hostile(tmp_path_factory.mktemp("hostile"), ASINS)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return of_hostile(tmp_path_factory.mktemp("few"), FEW)


@pytest.fixture(scope="module")
def files(hostile: Report) -> dict[Form, bytes]:
    return {form: made(hostile, form, generated_at=AT) for form in Form if form not in {Form.HTML, Form.PDF}}


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with Printer(**launch_options()) as started:
        yield started


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made_here = Database(tmp_path_factory.mktemp("mug") / "tracker.duckdb")
    yield made_here
    made_here.con.close()


@pytest.fixture(scope="module")
def mug(database: Database) -> Report:
    """Nine nights of two products, of which one is lost; the rival's price moves."""
    listing(database, keywords=["tea mug"])
    for n, asin in enumerate((OWN, RIVAL)):
        tell(
            database, asin,
            price=[{3: BLOCKED, 5: ABSENT}.get(k, Decimal(2000 - 37 * k * n) / 100) for k in range(NIGHTS)],
            bsr=[12345 - 678 * k * n for k in range(NIGHTS)],
            rating=[Decimal("4.3")] * (NIGHTS - 1) + [Lacks("unparseable")],
            review_count=[1000 + 13 * k for k in range(NIGHTS)], title=["Mug"] * NIGHTS,
        )  # fmt: skip
    rank(database, "tea mug", [9, 8, BLOCKED, 0, 17, 20, 5, 6, 3])
    return reported(database, days=NIGHTS)


@pytest.fixture(scope="module")
def own(mug: Report) -> dict[Form, bytes]:
    """The files of that report."""
    return {form: made(mug, form, generated_at=AT) for form in Form if form is not Form.PDF}


def book(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def cells(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by its headings."""
    heads, *lines = sheet.iter_rows()
    return [dict(zip((cell.value for cell in heads), each, strict=True)) for each in lines]


def text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_a_workbook_holds_no_formula_and_no_link(hostile: Report, files: dict[Form, bytes]) -> None:
    workbook = book(files[Form.XLSX])
    assert len(workbook.sheetnames) == 14
    for sheet in workbook:
        heads = [cell.value for cell in sheet[1]]
        assert len(set(heads)) == len(heads)
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None, (sheet.title, cell.coordinate)
                assert not RISKY.search(str(cell.value))
    shown = {row["ASIN"].value: row["Title"].value for row in cells(workbook["Position"])}
    for asin, sort in ASINS.items():
        assert shown[asin].rstrip() == visible(HOSTILE[sort]).rstrip(), sort


def test_a_cell_is_cut_where_it_would_not_fit() -> None:
    made_of = Book(Wording("en", "USD", "UTC"), {}, "=1", "&P")
    made_of.sheet("a/b:c", [Head("long")], [Line([Cell("\U0001f600" * 40_000)])])
    (sheet,) = book(made_of.close())
    assert sheet["A2"].value == "\U0001f600" * 16_383 + "…" and sheet.title == "a b c"


def test_no_cell_of_a_csv_file_runs(files: dict[Form, bytes]) -> None:
    data = files[Form.CSV].decode("utf-8-sig")
    assert not RISKY.search(data.replace("\r\n", ""))
    for row in csv.reader(io.StringIO(data, newline="")):
        for cell in row:
            number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
            assert number or not re.match(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]", cell), cell
            assert "\n" not in cell
    titles = {row["asin"]: row["title"] for row in rows(files[Form.CSV])}
    assert titles["B0HOSTIL03"] == "'=cmd|' /C calc'!A0"
    assert titles[next(a for a, s in ASINS.items() if s == "quotes")] == HOSTILE["quotes"]


def test_a_record_keeps_texts_as_they_are_and_can_stand_in_a_page(files: dict[Form, bytes]) -> None:
    data = files[Form.JSON].decode()
    assert not RISKY.search(data) and not re.search("[<>&\u2028\u2029]", data)
    titles = {product["asin"]: product["title"] for product in json.loads(data)["products"]}
    assert {asin: titles[asin] for asin in ASINS} == {asin: HOSTILE[sort] for asin, sort in ASINS.items()}


def test_a_digest_has_no_markup_but_its_own(hostile: Report, files: dict[Form, bytes]) -> None:
    """Read as GitHub does, HTML included: only headings, tables, lists and stresses of the digest itself."""
    source = files[Form.MD].decode()
    assert not RISKY.search(source)
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(source)
    inner = [child for token in tokens for child in token.children or ()]
    assert {t.type for t in inner} <= {"text", "strong_open", "strong_close", "text_special"}
    assert {t.type for t in tokens if t.nesting >= 0} <= {
        "heading_open", "paragraph_open", "inline", "blockquote_open", "bullet_list_open", "list_item_open",
        "table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open",
    }  # fmt: skip
    assert sum(t.type == "tr_open" for t in tokens) == 1 + 1 + len(ASINS)
    assert len({t.level for t in tokens if t.type == "bullet_list_open"}) <= 2, "no list within a list of a title"
    assert not re.search(r"(?<!\\)://|www\.|@\w|#\w|<", source)


@pytest.mark.parametrize("sort", HOSTILE)
def test_an_escaped_text_says_what_it_said(sort: str) -> None:
    (token,) = (t for t in MarkdownIt("commonmark", {"html": True}).parse(escaped(HOSTILE[sort])) if t.type == "inline")
    assert token.children is not None and {t.type for t in token.children} <= {"text", "text_special"}
    said = "".join(t.content for t in token.children).replace("\N{WORD JOINER}", "")
    assert said == short(line(HOSTILE[sort]), LONGEST)


def test_a_print_shows_hostile_texts_as_text(few: Report, printer: Printer) -> None:
    reader: Any = PdfReader(io.BytesIO(made(few, Form.PDF, generated_at=AT, printer=printer)))
    shown = "".join(page.extract_text() for page in reader.pages)
    assert "alert(1)" in shown and "onerror" in shown and "{{ 7*7 }}" in shown and "Data up to" in shown
    links = [a.get_object() for page in reader.pages for a in page.annotations or ()]
    targets = {str(link["/A"]["/URI"]) for link in links if "/A" in link and "/URI" in link["/A"]}
    assert targets and all(target.startswith("https://www.amazon.com/dp/B0") for target in targets)
    assert "/JavaScript" not in str(reader.trailer["/Root"].get("/Names", "")) and not reader.attachments


def test_a_print_can_be_searched_in_chinese_too(mug: Report, printer: Printer) -> None:
    shown = text(made(mug, Form.PDF, "zh_CN", generated_at=AT, printer=printer))
    assert "US$17.04" in shown and "数据" in shown and "Data up to" not in shown and re.search(r"1 / \d", shown)


def test_a_page_that_is_printed_reaches_nothing_even_after_a_crash(printer: Printer) -> None:
    printer._thread.submit(lambda: printer._started().close()).result()
    html = (
        "<title>x</title><img src='http://127.0.0.1:9/x.png'><link rel=stylesheet href='file:///etc/hosts'>"
        "<p id=p>still</p><script>document.getElementById('p').textContent = 'ran'</script>"
        "<details>unfolded<p>within</p></details>"
    )
    shown = text(printer.pdf(html, ("<b>left</b>", "right"), "foot & more"))
    assert "still" in shown and "ran" not in shown and "within" in shown
    assert "<b>left</b>" in shown and "foot & more" in shown and "1 / 1" in shown


def test_without_chromium_a_sentence_says_what_to_do_each_time(tmp_path: Path) -> None:
    with Printer(executable_path=str(tmp_path / "none")) as none:
        for _ in range(2):
            with pytest.raises(PrintError) as caught:
                none.pdf("<p>", ("", ""), "")
            told = str(caught.value)
            assert str(tmp_path / "none") in told and "crawl.chromium" in told and "\n" not in told


def test_the_schema_in_the_repository_is_that_of_the_code() -> None:
    assert SCHEMA.read_bytes() == schema(), "renew it: python -m reports.forms.shape"
    jsonschema.Draft202012Validator.check_schema(json.loads(schema()))


def test_a_record_keeps_to_its_schema(mug: Report, few: Report) -> None:
    rules = jsonschema.Draft202012Validator(json.loads(schema()))
    for data in (made(mug, Form.JSON, "zh_CN", generated_at=AT), made(few, Form.JSON, generated_at=AT)):
        assert [error.message for error in rules.iter_errors(json.loads(data))] == []


def test_a_record_has_the_figures_of_the_database_and_a_reason_for_each_that_is_missing(
    own: dict[Form, bytes], database: Database
) -> None:
    found = json.loads(own[Form.JSON])
    assert (found["schema"], found["generated_at"], found["until"][-1]) == (1, "2026-03-09T12:00:00Z", "Z")
    stored = {
        (asin, str(day)): (price, rating, reviews, rank)
        for asin, day, price, rating, reviews, rank in database.con.execute(
            """SELECT asin, o.observed_at::DATE, price, rating, review_count, rank FROM product_observation o
               LEFT JOIN bsr_observation b USING (fetch_id, asin) WHERE line = 1 OR line IS NULL"""
        ).fetchall()
    }
    told = 0
    for product in found["products"]:
        for day in product["days"]:
            price, rating, reviews, place = stored.get((product["asin"], day["day"]), (None,) * 4)
            assert day["price"] == (None if price is None else {"amount": f"{price:f}", "currency": "USD"})
            assert day["rating"] == (None if rating is None else float(rating))
            assert (day["review_count"], day["bsr"]) == (reviews, place)
            empty = {name for name, value in day.items() if value is None} - {"reason", "observed_at"}
            assert day["reason"] or empty <= set(day["missing"])
            told += price is not None
    assert told == 2 * (NIGHTS - 2)
    ours = found["products"][0]
    lost = {day["day"]: day["reason"] for day in ours["days"] if day["reason"]}
    assert lost.pop("2026-03-05") == "blocked" and set(lost.values()) == {"not_crawled"}
    assert ours["measures"]["rating"] == {
        "value": None, "text": None, "reason": "shown, but not readable", "note": None, "changes": [],
        "place": None, "of": 0,
    }  # fmt: skip
    rival = found["products"][1]
    assert rival["measures"]["price"]["changes"][0]["difference"] == {"amount": "-0.37", "currency": "USD"}
    (keyword,) = found["keywords"]
    assert keyword["places"][RIVAL]["organic"] == 3 and keyword["places"][OWN]["beyond"] == 2
    assert all(flag["sentence"] and flag["says"] and flag["evidence"]["sql"] for flag in found["flags"])


def test_a_workbook_has_real_types_and_a_reason_for_every_empty_cell(mug: Report, own: dict[Form, bytes]) -> None:
    workbook = book(own[Form.XLSX])
    ours, rival = cells(workbook["Position"])
    assert (ours["ASIN"].value, rival["ASIN"].value) == (OWN, RIVAL)
    price = rival["Price"]
    assert (price.value, price.data_type, price.number_format) == (17.04, "n", '"$"#,##0.00')
    change = rival["BSR: change over 7 days"]
    assert change.value == -678 * 7 and change.number_format.startswith('"▼ "+#,##0;"▲ "-')
    assert ours["Rating"].value is None and "not readable" in ours["Rating"].comment.text
    assert ours["Price"].fill.fgColor.rgb == "FFFFF6DB" != rival["Price"].fill.fgColor.rgb
    for sheet in workbook:
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref.startswith("A1:")
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        fit = sheet.sheet_properties.pageSetUpPr
        assert fit is not None and fit.fitToPage
        assert all(cell.value is None or cell.font.b for cell in sheet[1])
    rules = [rule for found in workbook["Position"].conditional_formatting for rule in found.rules]
    assert len(rules) == 2 * sum(column.better != 0 for column in mug.columns)
    daily = cells(workbook["Daily"])
    assert len(daily) == 2 * len(mug.shown)
    assert daily[-1]["Day"].value.date() == date(2026, 3, 10) and daily[-1]["Day"].is_date
    assert daily[-1]["In stock"].value is None and daily[-1]["Reviews"].value == 1000 + 13 * 8
    lost = next(row for row in daily if row["Day"].value.date() == date(2026, 3, 5))
    assert (lost["Price"].value, lost["Not read"].value) == (None, "blocked by a bot check")
    health = cells(workbook["Health"])
    assert [row["State"].value == "wrong" for row in health] == [p.state is State.WRONG for p in mug.health]
    flags = cells(workbook["Flags"])
    assert len(flags) == len(mug.flags) > 0
    assert workbook.properties.title == "mug – Mon 2 Mar – Tue 10 Mar"


def test_the_same_data_make_the_same_file(mug: Report, own: dict[Form, bytes]) -> None:
    assert own.keys() == {Form.XLSX, Form.JSON, Form.MD, Form.CSV, Form.HTML}
    for form, data in own.items():
        assert made(mug, form, generated_at=AT) == data, form


def test_a_workbook_and_a_digest_speak_the_language(mug: Report) -> None:
    workbook = book(made(mug, Form.XLSX, "zh_CN", generated_at=AT))
    assert not {"Position", "Flags", "Moves", "Daily"} & set(workbook.sheetnames)
    assert workbook.worksheets[0]["C2"].number_format == '"US$"#,##0.00'
    digest = made(mug, Form.MD, "zh_CN", generated_at=AT).decode()
    assert "US$17.04" in digest and "Data up to" not in digest and "Price" not in digest


def test_a_csv_file_has_a_row_a_product_and_day(mug: Report, own: dict[Form, bytes]) -> None:
    data = own[Form.CSV]
    assert data.startswith(b"\xef\xbb\xbflisting,marketplace,day,asin,own,title,currency,price,")
    found = rows(data)
    assert [row["day"] for row in found] == [str(day) for day in mug.shown] * 2
    last = found[-1]
    assert (last["price"], last["bsr"], last["own"], last["page_one"]) == ("17.04", "6921", "false", "1")
    assert last["observed_at"] == f"{night(8):%Y-%m-%dT%H:%M:%SZ}" and "rating=unparseable" in last["missing"].split()
    lost = next(row for row in found if row["day"] == str(date(2026, 3, 5)))
    assert (lost["price"], lost["reason"]) == ("", "blocked")


def test_a_digest_tells_the_night(own: dict[Form, bytes]) -> None:
    digest = own[Form.MD].decode()
    assert digest.startswith("# mug – Mon 2 Mar – Tue 10 Mar\n\n**")
    assert "| R1 | Mug (B0RIVAL001) | $17.04 (−13.2 %) |" in digest
    assert digest.rstrip().splitlines()[-1].startswith("Data up to")
