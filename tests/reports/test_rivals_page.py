"""What the page says of shares, promotions, contents and two periods is what SQL finds, and text stays text."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from reports.page.document import BIDI
from reports.page.render import render
from reports.period import Asked
from reports.report import report
from tests.reports.database import Database
from tests.reports.nights import OWN, listing, tell
from tests.reports.sample import FIRST, HOSTILE, LISTING, NIGHTS, WRITTEN, asin

DAYS = 14
LAST = (FIRST + timedelta(days=NIGHTS - 1)).date()
REWRITTEN = HOSTILE.replace("img", "b") + " {{ view.own }} <ins>2</ins>"
NOW = (LAST - timedelta(days=DAYS - 1), LAST)


@pytest.fixture(scope="module")
def con(files: tuple[Path, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's database."""
    path = next(p for folder in files[0].parents if (p := folder / "sample.duckdb").exists())
    with duckdb.connect(str(path), read_only=True) as made:
        yield made


@pytest.fixture(scope="module")
def page(con: duckdb.DuckDBPyConnection) -> LexborHTMLParser:
    made = report(con, LISTING, Asked(count=DAYS))
    assert (made.period.days.first, made.period.days.last) == NOW
    return LexborHTMLParser(render(made, generated_at=WRITTEN))


def table(page: LexborHTMLParser, name: str) -> dict[str, list[LexborNode]]:
    """The cells of each product, by ASIN."""
    rows = page.css(f"#{name} tbody tr")
    assert rows
    return {one(row, ".asin").text(): row.css("td") for row in rows}


def one(node: LexborNode | LexborHTMLParser, selector: str) -> LexborNode:
    (found,) = node.css(selector)
    return found


def numbers(cells: list[LexborNode]) -> list[Decimal | None]:
    """What the cells sort by: their values to the last digit."""
    shown = [cell.attributes.get("data-value") for cell in cells]
    return [Decimal(value) if value else None for value in shown]


def test_shares_are_the_means_of_the_view(con: duckdb.DuckDBPyConnection, page: LexborHTMLParser) -> None:
    """Of each keyword over the nights on which its first page was read; then of the keywords."""
    rows = con.execute(
        """
        WITH night AS (SELECT DISTINCT keyword, day FROM search_page WHERE page = 1 AND day BETWEEN $first AND $last),
        of_keyword AS (
            SELECT w.asin, n.keyword, avg(coalesce(s.organic_share, 0)) AS organic,
                   avg(coalesce(s.sponsored_share, 0)) AS ads
            FROM night n CROSS JOIN (SELECT DISTINCT asin FROM share_of_search) w
            LEFT JOIN share_of_search s ON s.keyword = n.keyword AND s.day = n.day AND s.asin = w.asin
            GROUP BY ALL
        )
        SELECT asin, avg(organic), avg(ads), list(organic ORDER BY keyword) FROM of_keyword GROUP BY asin
        """,
        {"first": NOW[0], "last": NOW[1]},
    ).fetchall()
    expected = {product: (organic, ads, *by_keyword) for product, organic, ads, by_keyword in rows}
    shown = table(page, "shares") | table(page, "strangers")
    assert len(shown) > 15
    for product, cells in shown.items():
        results, ads, _, *by_keyword = numbers(cells)
        found = [float(value) for value in (results, ads, *by_keyword) if value is not None]
        assert found == pytest.approx(list(expected[product])), product
    held = {product for product, (organic, ads, *_) in expected.items() if organic or ads}
    biggest = sorted(held - {asin(n) for n in range(13)}, key=lambda p: -expected[p][0])
    assert {product for product in shown if product.startswith("B0MUG")} >= {p for p in held if p.startswith("B0MUG")}
    assert expected[biggest[0]][0] == pytest.approx(max(expected[p][0] for p in table(page, "strangers")))


def test_how_much_of_the_earlier_period_was_read_is_told(
    con: duckdb.DuckDBPyConnection, page: LexborHTMLParser
) -> None:
    length = (NOW[1] - NOW[0]).days + 1
    before = (NOW[0] - timedelta(days=length), NOW[0] - timedelta(days=1))
    (pages,) = con.execute("SELECT count(DISTINCT day) FROM search_page WHERE day BETWEEN ? AND ?", before).fetchall()
    (own,) = con.execute(
        "SELECT count(*) FILTER (day >= $now), count(*) FILTER (day < $now) FROM daily"
        " WHERE asin = $asin AND day >= $then",
        {"now": NOW[0], "then": before[0], "asin": asin(0)},
    ).fetchall()
    assert pages[0] < length and own[1] < length
    assert f"Of these {length} days, first pages were read on {pages[0]}." in one(page, "#share .note strong").text()
    told = f"Your page was read on {own[0]} of {length} days, before on {own[1]} of {length}."
    assert told in one(page, "#before .note strong").text()


def test_promotions_are_the_days_that_sql_counts(con: duckdb.DuckDBPyConnection, page: LexborHTMLParser) -> None:
    rows = con.execute(
        """
        SELECT asin, count(*) FILTER (coupon_percent > 0 OR coupon_amount > 0 OR is_deal) AS nights,
               min(price * (1 - coalesce(coupon_percent, 0) / 100) - coalesce(coupon_amount, 0))
        FROM daily WHERE day BETWEEN ? AND ? GROUP BY asin HAVING nights > 0
        """,
        NOW,
    ).fetchall()
    expected = {product: (nights, Decimal(price)) for product, nights, price in rows}
    shown = {product: numbers(cells)[:2] for product, cells in table(page, "promoted").items()}
    assert set(shown) == set(expected)
    for product, (nights, price) in expected.items():
        assert shown[product][0] == nights and shown[product][1] == pytest.approx(price, abs=Decimal("0.0051"))
    said = one(page, "#promotions").text(separator=" ")
    assert "Coupon of 10 %; Sun 1 Mar to Sat 7 Mar" in said
    assert "Deal “Limited time deal”; up to 20.5 % off; since Sun 15 Mar" in said


def test_two_periods_are_summed_up_as_sql_does(con: duckdb.DuckDBPyConnection, page: LexborHTMLParser) -> None:
    heads = [head.text() for head in page.css("#periods thead th")][1:]
    shown = {
        product: dict(zip(heads, numbers(cells), strict=True)) for product, cells in table(page, "periods").items()
    }
    rows = con.execute(
        """
        SELECT asin, median(bsr), count(*),
               (arg_max(daily.review_count, day) - max(was.review_count)) / (max(day) - $night),
               count(*) FILTER (in_stock) / count(in_stock), arg_max(rating, day)
        FROM daily LEFT JOIN (SELECT asin, review_count FROM daily WHERE day = $night) was USING (asin)
        WHERE day BETWEEN $first AND $last GROUP BY asin
        """,
        {"first": NOW[0], "last": NOW[1], "night": NOW[0] - timedelta(days=1)},
    ).fetchall()
    assert len(rows) == len(shown) == 13
    for product, bsr, nights, gained, stocked, rating in rows:
        told = shown[product]
        assert told["BSR, median"] == round(bsr) and told["Nights read"] == nights
        assert told["Days in stock"] == pytest.approx(Decimal(stocked)) and told["Rating at the end"] == rating
        if gained is not None:
            assert told["Reviews per day"] == pytest.approx(Decimal(gained), abs=Decimal("0.0501"))


def test_a_change_is_told_by_what_was_kept_removed_and_added(database: Database) -> None:
    """Its words, put together again, are the titles in the database, be they ever so hostile."""
    listing(database)
    tell(database, OWN, title=[HOSTILE] * 2 + [REWRITTEN], price=[10] * 3)
    con = database.con
    ((before, after),) = con.execute(
        "SELECT lag(title) OVER (ORDER BY observed_at) AS was, title FROM product_observation QUALIFY title <> was"
    ).fetchall()
    html = LexborHTMLParser(render(report(con, "mug", Asked(count=3)), generated_at=WRITTEN))
    (change,) = html.css("#contents .contents > li")
    text = one(change, ".diff bdi")
    assert change.attributes["data-asin"] == OWN and text.css("ins") and text.css("del")
    assert {node.tag for node in text.traverse()} == {"bdi", "ins", "del"}, "no element of a title's own"
    for gone, title in (("ins", before), ("del", after)):
        whole = "".join(node.text() for node in text.iter(include_text=True) if node.tag != gone)
        assert whole.split() == BIDI.sub("", title).split()


def test_the_sums_of_what_was_read_are_those_of_the_pages(
    con: duckdb.DuckDBPyConnection, page: LexborHTMLParser
) -> None:
    (found,) = con.execute(
        "SELECT count(*) FILTER (ok), count(*) FROM ("
        " SELECT asin, timezone('America/Los_Angeles', observed_at)::DATE AS day, bool_or(outcome = 'ok') AS ok"
        " FROM page_fetch WHERE kind = 'product' GROUP BY ALL"
        ") WHERE day BETWEEN ? AND ?",
        NOW,
    ).fetchall()
    rows = page.css("#by-subject tbody tr")
    shown = [row.css("td")[1].text() for row in rows if row.css_first(".chip")]
    pairs = [tuple(map(int, text.split(" of "))) for text in shown]
    assert tuple(map(sum, zip(*pairs, strict=True))) == found
    fields = {one(row, "th").text(): row.css("td")[1].text() for row in page.css("#by-field tbody tr")}
    ((priced,),) = con.execute(
        "SELECT count(*) FROM daily LEFT JOIN missing_value m ON m.fetch_id = daily.fetch_id AND field = 'price'"
        " WHERE day BETWEEN ? AND ? AND (price IS NOT NULL AND currency = 'USD' OR reason = 'absent_on_page')",
        NOW,
    ).fetchall()
    assert fields["price"] == f"{priced} of {found[1]}"
