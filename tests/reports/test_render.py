"""The page as a file: hostile texts stay text, figures are those of the database, nothing comes from elsewhere."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reports.flags import Kind
from reports.page.render import OverviewItem, render, render_overview
from reports.period import Asked
from reports.report import Report, Reports
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, RIVAL, listing, night, rank, reported, tell

WRITTEN = datetime(2026, 3, 9, 12, tzinfo=UTC)


class Page(HTMLParser):
    """The elements of a page, with their attributes and the text within."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._open = [t for t in self._open if t != tag] if tag in self.inline else self._open

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in self.inline:
            self.inline[self._open[-1]].append(data)
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def attributes(self, name: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(name)) is not None]


def report(database: Database, **options: Any) -> tuple[Report, str]:
    made = reported(database, days=options.pop("days", 8))
    return made, render(made, generated_at=WRITTEN, **options)


def data_of(html: str) -> dict[str, Any]:
    (raw,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    parsed: dict[str, Any] = json.loads(raw)
    return parsed


BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ view.comparison }}{% raw %}",
    "<!--<script>",
    "&lt;b&gt; &amp; ]]>",
    "]}\u2028\u2029alert(1)",
    "\u202egnp.exe\u2066 \u200fturned",
    "javascript:alert(1)",
    '=HYPERLINK("https://x.example","y")',
)


def everywhere(folder: Path, text: str) -> tuple[Page, Page]:
    """Report and overview of a database that has ``text`` wherever a text of others may stand."""
    database = Database(folder)
    database.listing(text, "com", OWN, [RIVAL], [text])
    for asin in (OWN, RIVAL):
        tell(
            database, asin, price=[20, 15], title=["Mug", text], seller=["A", text], is_deal=[False, True],
            deal=[ABSENT, text], in_stock=[True, False], availability=["In stock", text], bsr=[5, 6],
            category=["Kitchen", text],
        )  # fmt: skip
    rank(database, text, [3, 3, 3, 3, 3, 0])
    made = reported(database, text)
    overview = render_overview([OverviewItem(made, "mug.html")], generated_at=WRITTEN)
    return Page(render(made, generated_at=WRITTEN)), Page(overview)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, Page]:
    """The pages of a database whose texts mean no harm."""
    return everywhere(tmp_path_factory.mktemp("harmless") / "harmless.duckdb", "plain")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_text(tmp_path: Path, harmless: tuple[Page, Page], text: str) -> None:
    hostile = everywhere(tmp_path / "hostile.duckdb", text)
    for page, plain in zip(hostile, harmless, strict=True):
        assert [(tag, set(attributes)) for tag, attributes in page.elements] == [
            (tag, set(attributes)) for tag, attributes in plain.elements
        ]
        assert len(page.inline["script"]) == len(plain.inline["script"])
        visible = BIDI.sub("", text)
        assert " ".join(visible.split()) in page.text
        assert not BIDI.search(page.text) and not any(BIDI.search(data) for data in page.inline["script"][:1])


def test_the_data_of_the_charts_cannot_end_its_element_and_reads_back(database: Database) -> None:
    listing(database, keywords=["</script> & <b>"])
    tell(database, title=["</script><script>alert(1)//"], price=[20])
    rank(database, "</script> & <b>", [3])
    _, html = report(database)
    data = data_of(html)
    assert data["charts"]["place_0"]["keyword"] == "</script> & <b>"
    assert data["products"][1]["name"].startswith("</script><script>")


def test_nothing_comes_from_elsewhere(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    tell(database, price=[20, 15])
    made, html = report(database)
    overview = render_overview([OverviewItem(made, "mug.html")], generated_at=WRITTEN)
    for text in (html, overview):
        page = Page(text)
        assert not page.attributes("src") and not page.attributes("srcset")
        links = {value for tag, attributes in page.elements if tag == "a" and (value := attributes.get("href"))}
        product = "https://www.amazon.com/dp/"
        assert all(link.startswith((product, "#")) or link == "mug.html" for link in links)
        (style,) = page.inline["style"]
        assert "url(" not in style and "@import" not in style


def test_the_policy_allows_what_is_inlined_and_nothing_else(database: Database) -> None:
    listing(database)
    tell(database, price=[20, 15])
    _, html = report(database)
    page = Page(html)
    (policy,) = [a["content"] for t, a in page.elements if t == "meta" and a.get("http-equiv")]
    assert policy is not None and policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    for inlined in (*scripts, *page.inline["style"]):
        digest = base64.b64encode(hashlib.sha256(inlined.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert len(scripts) == 3
    (packed,) = re.findall(r'<script type="text/plain" id="library">(.*?)</script>', html)
    unpacked = hashlib.sha256(gzip.decompress(base64.b64decode(packed))).digest()
    assert f"'sha256-{base64.b64encode(unpacked).decode()}'" in policy


def test_figures_on_the_page_are_those_of_the_database(database: Database) -> None:
    """Every value of the last night, and every point of the charts, against plain SQL."""
    listing(database, keywords=["tea mug"])
    nights = 8
    for n, asin in enumerate((OWN, RIVAL)):
        tell(
            database, asin,
            price=[{3: BLOCKED, 5: ABSENT}.get(k, Decimal(2000 + 37 * k + n) / 100) for k in range(nights)],
            bsr=[12345 + 678 * k * (n + 1) for k in range(nights)],
            rating=[Decimal("4.1") + k % 3 * Decimal("0.1") for k in range(nights)],
            review_count=[1000 + 13 * k * (n + 1) for k in range(nights)],
        )  # fmt: skip
    rank(database, "tea mug", [3, 4, BLOCKED, 0, 17, 20, 5, 6])
    made, html = report(database)
    page, data = Page(html), data_of(html)
    order = [p.asin for p in made.comparison.products]
    points = 0
    for metric, table in (
        ("price", "product_observation"), ("rating", "product_observation"),
        ("review_count", "product_observation"), ("rank", "bsr_observation"),
    ):  # fmt: skip
        rows = database.con.execute(
            f"SELECT asin, date_diff('day', DATE '2026-03-02', observed_at::DATE), {metric} FROM {table}"
            + (" WHERE line = 1" if metric == "rank" else "")
        ).fetchall()
        chart = data["charts"]["bsr" if metric == "rank" else metric]
        stored = {(asin, day): value for asin, day, value in rows}
        for asin in order:
            for day in range(nights):
                value = stored.get((asin, day))
                drawn = chart["lines"][order.index(asin)][-nights:][day]
                assert drawn == (None if value is None else value * chart["scale"])
                points += value is not None
    assert points == 2 * (6 + 7 + 7 + 7)
    for asin, price, rating, reviews, bsr in database.con.execute(
        """SELECT asin, price, rating, review_count, rank FROM product_observation o
           JOIN bsr_observation b USING (fetch_id, asin) WHERE line = 1 AND o.observed_at = ?""",
        [night(nights - 1)],
    ).fetchall():
        assert all(text in page.text for text in (f"${price}", f"{rating:.1f}", f"{reviews:,}", f"{bsr:,}")), asin
    places = database.con.execute(
        "SELECT organic_position FROM search_placement WHERE asin = ? ORDER BY observed_at", [RIVAL]
    ).fetchall()
    drawn = data["charts"]["place_0"]["lines"][1][-nights:]
    assert drawn == [3, 4, None, -2, 17, 20, 5, 6], "not read is not beyond the two pages"
    assert [place for place in drawn if place and place > 0] == [place for (place,) in places]


def test_a_card_whose_signs_disagree_is_not_drawn_as_beyond_the_pages(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    database.search(night(0), "com", "tea mug", [[("B0OTHER001", False), (RIVAL, None)], []])
    _, html = report(database, days=1)
    own, rival = (line[-1] for line in data_of(html)["charts"]["place_0"]["lines"])
    assert (own, rival) == (-2, None)


def test_every_flag_is_on_the_page_with_its_evidence(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    tell(database, price=[20, 15, 15], in_stock=[True, True, False])
    made, html = report(database)
    page = Page(html)
    assert {Kind.PRICE_CUT, Kind.OUT_OF_STOCK} <= {flag.kind for flag in made.flags}
    for flag in made.flags:
        assert flag.sentence in page.text
        assert " ".join(flag.evidence.sql.split()) in page.text
        for page_hash in (flag.evidence.before_hash, flag.evidence.after_hash):
            assert (page_hash or "page not archived") in page.text
    shown = [a["data-kind"] for t, a in page.elements if t == "li" and a.get("data-kind")]
    assert shown == [flag.kind.value for flag in made.flags]


def test_an_empty_history_makes_a_page(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    database.fetch(night(0), "product", "com", asin=OWN, outcome="blocked")
    made, html = report(database, days=1)
    page = Page(html)
    assert not made.flags and "Nothing is known of this night." in page.text
    assert "Could not be read: 2 of 2 products (blocked by a bot check), 1 of 1 keyword." in page.text
    assert "$" not in page.text.replace("$0", ""), "no price is made up"


def test_the_same_data_make_the_same_page(database: Database) -> None:
    listing(database)
    tell(database, price=[20, 15])
    assert report(database)[1] == report(database)[1]


@pytest.mark.parametrize(
    ("language", "price"), [("en", "$1,234.50"), ("de", "1.234,50\xa0$"), ("zh_CN", "US$1,234.50"), ("ja", "$1,234.50")]
)
def test_figures_follow_the_language(database: Database, language: str, price: str) -> None:
    listing(database)
    tell(database, price=[Decimal("1234.50")])
    _, html = report(database, days=1, language=language)
    cells = [" ".join(text.split()) for text in Page(html).texts]
    assert " ".join(price.split()) in cells


def test_the_overview_puts_the_most_severe_night_first(database: Database) -> None:
    listing(database)
    tell(database, price=[20, 12])
    made, _ = report(database)
    items = [OverviewItem(replace(made, flags=[]), "calm.html"), OverviewItem(made, "severe.html")]
    page = Page(render_overview(items, generated_at=WRITTEN))
    links = [a["href"] for t, a in page.elements if t == "a" and a.get("href", "").endswith(".html")]  # type: ignore[union-attr]
    assert links[0] == "severe.html"
    assert "Price cut 20.00 → 12.00 USD" in page.text and "A quiet night" in page.text


def test_the_overview_of_a_period_says_which(database: Database) -> None:
    listing(database)
    tell(database, OWN, price=[20] * 9)
    tell(database, price=[20] * 9)

    def heading(asked: Asked) -> str:
        html = render_overview([OverviewItem(Reports(database.con).of("mug", asked), "mug.html")])
        (found,) = re.findall("<h1>(.*?)</h1>", html)
        return str(found)

    assert heading(Asked()) == "Last night, 1 listing"
    assert heading(Asked(sort="week")) == "Mon 2 Mar – Sun 8 Mar, 1 listing"
