"""Exports of Seller Central: recognised in both languages, in every form and encoding, whole or not at all, and once.

The headings are those of reports as people keep them (see storage/SELLER_CENTRAL.md); the figures are made up.
"""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from xlsxwriter import Workbook

from storage.delimited import TabularError
from storage.own import cells
from storage.own.headings import Kind
from storage.own.keep import Named, keep
from storage.own.read import Export, Given, export
from storage.rows import insert
from storage.store import Store

OWN = {"com": frozenset({"B0OWN00001"}), "de": frozenset({"B0OWN00002"})}
GIVEN = Given(own=OWN)
TODAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 8, tzinfo=UTC)
ENGLISH = (
    "(Parent) ASIN,(Child) ASIN,Title,SKU,Sessions - Total,Sessions - Total - B2B,Session Percentage - Total,"
    "Page Views - Total,Featured Offer (Buy Box) Percentage,Units Ordered,Units Ordered - B2B,"
    "Unit Session Percentage,Ordered Product Sales,Ordered Product Sales - B2B,Total Order Items\n"
    'B0PARENT01,B0OWN00001,"Mug, 12 oz",MUG-1,"12,131",261,12.02%,"17,004",99.80%,683,5,5.63%,"$12,905.25",$94.50,668\n'
)
CHINESE = (
    "（父）ASIN,（子）ASIN,标题,SKU,会话数 – 总计,会话数 – 总计 – B2B,会话百分比 – 总计,"
    "页面浏览量 – 总计,推荐报价（推荐报价展示位）百分比,已订购商品数量,已订购商品数量 – B2B,"
    "商品会话百分比,已订购商品销售额,已订购商品销售额 – B2B,订单商品总数\n"
    'B0PARENT01,B0OWN00001,"马克杯, 12 oz",MUG-1,"12,131",261,12.02%,"17,004",99.80%,683,5,5.63%,"US$12,905.25",'
    "US$94.50,668\n"
)
SAID = {
    "asin": "B0OWN00001",
    "parent_asin": "B0PARENT01",
    "sku": "MUG-1",
    "sessions": 12131,
    "sessions_b2b": 261,
    "page_views": 17004,
    "buy_box_percent": Decimal("99.80"),
    "units": 683,
    "units_b2b": 5,
    "orders": 668,
    "sales": Decimal("12905.25"),
    "sales_b2b": Decimal("94.5"),
    "marketplace": "com",
    "currency": "USD",
}
ADS = {
    "en": (
        *("Date", "Portfolio name", "Currency", "Campaign Name", "Ad Group Name", "Advertised SKU", "Advertised ASIN"),
        *("Impressions", "Clicks", "Click-Thru Rate (CTR)", "Cost Per Click (CPC)", "Spend", "7 Day Total Sales "),
        *("Total Advertising Cost of Sales (ACOS) ", "7 Day Total Orders (#)", "7 Day Total Units (#)"),
    ),
    "zh": (
        *("日期", "广告组合名称", "货币", "广告活动名称", "广告组名称", "广告SKU", "广告ASIN"),
        *("展示量", "点击量", "点击率 (CTR)", "单次点击成本 (CPC)", "花费", "7天总销售额"),
        *("广告投入产出比 (ACOS) 总计", "7天总订单数(#)", "7天总销售量(#)"),
    ),
}
AD: tuple[object, ...] = (
    *(date(2026, 3, 2), "", "USD", "SP Mug", "main", "MUG-1", "B0OWN00001"),
    *(9000, 30, 0.0033, 0.7033333333, 21.1, 84.40000000000001, 0.25, 4, 5),
)


def workbook(*rows: tuple[object, ...]) -> bytes:
    """As Campaign Manager makes them: real days and numbers, shares shown as percentages."""
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet()
        day, share = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.00%"})
        for n, row in enumerate(rows):
            for m, value in enumerate(row):
                sheet.write(n, m, value, day if isinstance(value, date) else share if m in {9, 13} and n else None)
    return file.getvalue()


def read(data: bytes | str, name: str = "report-2026-03-02.csv", given: Given = GIVEN) -> Export:
    found = export(data.encode() if isinstance(data, str) else data, name, given, TODAY)
    assert found is not None
    return found


def said(row: dict[str, Any], names: Any) -> dict[str, Any]:
    return {name: row[name] for name in names}


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t"])
def test_a_business_report_in_any_encoding(text: str, encoding: str, sign: str) -> None:
    head, row = text.splitlines()
    if sign == "\t":
        head, row = head.replace(",", "\t"), "\t".join(next(csv.reader([row])))
    found = read(f"{head}\n{row}\n".encode(encoding))
    assert found.kind is Kind.SALES and found.unread == ()
    (only,) = found.rows
    assert said(only, SAID) == SAID
    assert (only["first_day"], only["last_day"]) == (date(2026, 3, 2), date(2026, 3, 2))
    assert "12.02%" in only["other"] and "12 oz" in only["other"], "columns without a place of their own are kept"


@pytest.mark.parametrize("language", ADS)
def test_an_advertised_product_report_as_a_workbook_and_as_text(language: str) -> None:
    text = "\n".join(",".join(str(cell) for cell in row) for row in (ADS[language], AD))
    for found in (read(workbook(ADS[language], AD), "report.xlsx"), read(text, "report.csv")):
        assert (found.kind, found.language, found.unread) == (Kind.ADS, language, ())
        (row,) = found.rows
        assert (row["first_day"], row["spend"], row["units"], row["attribution_days"]) == (
            date(2026, 3, 2), Decimal("21.1"), 5, 7,
        )  # fmt: skip
    assert read(workbook(ADS[language], AD), "r.xlsx").rows[0]["sales"] == Decimal("84.4"), "no floating point is left"


def test_reports_of_2026_say_a_range_of_days() -> None:
    found = read(
        "Budget currency,Date range,Campaign ID,Campaign name,Ad group name,Search term,Impressions,Clicks,CTR,"
        "Total cost,Purchases,Sales,Units sold\n"
        'USD,"Mar 02, 2026 - Mar 08, 2026","=""254927681919372""",Mug,main,steel mug,423,3,0.7%,1.33,1,"1,024.00",1\n',
        "r.csv",
    )
    (row,) = found.rows
    assert (found.kind, row["first_day"], row["last_day"]) == (Kind.SEARCH_TERM, date(2026, 3, 2), date(2026, 3, 8))
    assert (row["search_term"], row["spend"], row["sales"], row["orders"]) == (
        "steel mug", Decimal("1.33"), Decimal(1024), 1,
    )  # fmt: skip
    assert '"Campaign ID":"254927681919372"' in row["other"]


def test_chinese_search_terms_of_2026_say_their_day() -> None:
    head = "预算货币,广告活动名称,广告组名称,搜索词,日期,投放方案,展示量,点击量,总成本,购买量,销售额,已售商品数量\n"
    (row,) = read(head + "USD,Mug,main,steel mug,2026年3月2日,loose-match,423,3,4.11,0,0.00,0\n", "r.csv").rows
    assert (row["first_day"], row["targeting"], row["spend"]) == (date(2026, 3, 2), "loose-match", Decimal("4.11"))


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("sku\tfnsku\tasin\tproduct-name\tcondition\tafn-fulfillable-quantity\tafn-reserved-quantity",
         "MUG-1\tX1\tB0OWN00002\tTasse für Café\tNew\t12\t3"),
        ('"snapshot-date","sku","fnsku","asin","product-name","condition","available","Total Reserved Quantity",'
         '"marketplace","days-of-supply"',
         '"2026-03-02","MUG-1","X1","B0OWN00002","Tasse für Café","New","12","3","DE","31"'),
    ],
)  # fmt: skip
def test_stock_in_the_encoding_of_the_marketplace(head: str, row: str) -> None:
    found = read(f"{head}\n{row}\n".encode("cp1252"), "stock-2026-03-02.txt")
    (only,) = found.rows
    assert said(only, ("marketplace", "day", "sku", "fulfillable", "reserved")) == {
        "marketplace": "de", "day": date(2026, 3, 2), "sku": "MUG-1", "fulfillable": 12, "reserved": 3,
    }  # fmt: skip
    assert "Tasse für Café" in only["other"]


def test_japanese_stock_is_read_in_shift_jis() -> None:
    given = Given(own={"co.jp": frozenset({"B0OWN00003"})})
    head = "sku\tasin\tproduct-name\tafn-fulfillable-quantity\n"
    found = read(f"{head}A\tB0OWN00003\tステンレスボトル\t7\n".encode("cp932"), "stock-2026-03-02.txt", given)
    assert found.encoding == "cp932" and "ステンレスボトル" in found.rows[0]["other"]


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1,234", "USD", "1234"), ("US$1,234.56", "USD", "1234.56"), ("￥1,234", "JPY", "1234"),
        ("1.234,56 €", "EUR", "1234.56"), ("€5,255.61", "EUR", "5255.61"), ("1 234,5 €", "EUR", "1234.5"),
        ("1.234", "EUR", "1234"), ("₹1,23,456.70", "INR", "123456.7"), ("0.0123", "USD", "0.0123"), ("--", "USD", None),
    ],
)  # fmt: skip
def test_amounts_as_anybody_writes_them(text: str, currency: str, amount: str | None) -> None:
    assert cells.amount(text, currency) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("text", ["£5", "CA$5.00", "EUR 5", "1,234,5", "0,123", "-3.00", "five"])
def test_amounts_that_are_not_clear(text: str) -> None:
    with pytest.raises(ValueError):
        cells.amount(text, "USD")


def test_a_day_of_numbers_alone_is_not_guessed() -> None:
    assert cells.day("13/3/2026", None) == date(2026, 3, 13)
    assert cells.day("2.3.2026", None) == date(2026, 3, 2)
    assert cells.day("3/2/2026", "en_US") == date(2026, 3, 2) == cells.day("2/3/2026", "en_GB")
    with pytest.raises(ValueError, match="--locale"):
        cells.day("3/2/2026", None)


@pytest.mark.parametrize(
    ("text", "name", "given", "why"),
    [
        (ENGLISH, "BusinessReport-2026-03-02.csv", GIVEN, "which days does it cover"),
        (ENGLISH, "BusinessReport-3-2-26.csv", GIVEN, "--from"),
        (ENGLISH.replace("B0OWN00001", "B0ELSE0001"), "r-2026-03-02.csv", Given(own={**OWN, "ca": frozenset()}),
         "com or ca"),
        (ENGLISH, "r-2026-03-02.csv", Given(own=OWN, marketplace="shop"), "--marketplace shop: no marketplace"),
        (ENGLISH.replace("$", "£"), "r-2026-03-02.csv", GIVEN, "no marketplace of config.toml"),
        (ENGLISH, "r-2026-03-02.csv", Given(own=OWN, columns={"spend": "Title"}), "spend: no such column"),
        (ENGLISH, "r-2026-03-02.csv", Given(own=OWN, columns={"units": "Pieces"}), "no column Pieces"),
        (ENGLISH.splitlines()[0], "r-2026-03-02.csv", GIVEN, "has no rows"),
        (ENGLISH.splitlines()[0] + ",Units Ordered\n", "r-2026-03-02.csv", GIVEN, "more than one column is"),
        ("\n".join(",".join(map(str, row)) for row in (ADS["en"], AD)), "r.csv", Given(own=OWN, days=(TODAY, TODAY)),
         "leave --day"),
        ("date,asin,price\n", "r.csv", Given(own=OWN, days=(TODAY, TODAY)), "none of the reports"),
        ("sku,asin,available\nA,B0OWN00001,2\n", "stock.csv", GIVEN, "of which day is this stock"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_say_enough(text: str, name: str, given: Given, why: str) -> None:
    with pytest.raises(TabularError, match=why):
        read(text, name, given)


def test_what_is_no_report_is_left_to_others() -> None:
    assert export(b"date,asin,price\n2026-03-02,B0OWN00001,5\n", "r.csv", GIVEN, TODAY) is None


def test_a_heading_nobody_knows_is_named_by_the_user() -> None:
    text = ENGLISH.replace("(Child) ASIN", "Kind").replace("Units Ordered,", "Pieces,")
    found = read(text, given=Given(own=OWN, columns={"asin": "Kind", "units": "Pieces"}))
    assert (found.rows[0]["asin"], found.rows[0]["units"]) == ("B0OWN00001", 683)


def test_rows_that_are_not_clear_are_told_and_not_taken() -> None:
    first = ENGLISH.splitlines()[1]
    rows = [
        first,
        first.replace("683", "many"),
        first.replace("B0OWN00001", "").replace("$12,905.25", "£12,905.25"),
        first,
        first.replace("B0OWN00001", "B0ELSE0001") + ",more",
    ]
    found = read(ENGLISH.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    assert len(found.rows) == 1
    assert [(each.where, each.why) for each in found.unread] == [
        ("line 3", "Units Ordered = 'many': no whole number"),
        ("line 4", "Ordered Product Sales = '£12,905.25': an amount of another currency than USD"),
        ("line 5", "line 2 is about the same"),
        ("line 6", "16 cells, and the heading has 15"),
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("own") / "t.duckdb")


def business(day: str, units: int, asin: str = "B0OWN00001", last: str = "") -> Named:
    text = f"(Child) ASIN,Sessions - Total,Units Ordered,Ordered Product Sales\n{asin},100,{units},${units * 20}.00\n"
    return Named(read(text, f"b-{day}{f'_{last}' if last else ''}.csv"), f"b-{day}.csv", "")


def asked(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as con:
        return con.execute(sql).fetchall()


def test_twice_is_once_and_the_newest_import_wins(store: Store) -> None:
    march = [business("2026-03-01", 5), business("2026-03-02", 6), business("2026-03-01", 99, last="2026-03-31")]
    ads = Named(read(workbook(ADS["en"], AD, (*AD[:3], "Other", *AD[4:])), "ads.xlsx"), "ads.xlsx", "")
    first = keep(store, [*march, ads], NOW)
    assert [(each.added, each.known) for each in first] == [(1, 0), (1, 0), (1, 0), (2, 0)]
    again = keep(store, [*march, ads], NOW)
    assert [(each.added, each.known) for each in again] == [(0, 1), (0, 1), (0, 1), (0, 2)]
    assert asked(store, "SELECT count(*) FROM own_file") == [(4,)], "what says nothing new is no import"
    later = (*AD[:11], 25.0, 120.0, 0.2, 6, 7)
    newer = Named(read(workbook(ADS["en"], later), "ads.xlsx"), "ads.xlsx", "")
    assert keep(store, [business("2026-03-02", 8), newer, business("2026-03-02", 9)], NOW)[1].added == 1
    assert asked(store, "SELECT day, units, sales, ad_spend, ad_sales, acos, tacos FROM own_daily ORDER BY day") == [
        (date(2026, 3, 1), 5, Decimal(100), None, None, None, None),
        (date(2026, 3, 2), 9, Decimal(180), Decimal("46.1"), Decimal("204.4"), Decimal("22.55"), Decimal("25.61")),
    ], "days only; of two imports of a day the newest; another campaign stays; a month is no day"
    assert asked(store, "SELECT units, days FROM own_sales WHERE days > 1") == [(99, 31)]
    assert asked(store, "SELECT units FROM stored.own_sales WHERE first_day = '2026-03-02' ORDER BY import_id") == [
        (6,), (8,), (9,),
    ], "what was superseded is kept"  # fmt: skip


def test_nothing_is_half_imported(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.path.read_bytes()
    done = iter([True, False])

    def killed(*arguments: Any) -> None:
        if not next(done):
            raise KeyboardInterrupt
        insert(*arguments)

    monkeypatch.setattr("storage.own.keep.insert", killed)
    stock = read("sku\tasin\tafn-fulfillable-quantity\nMUG-1\tB0OWN00001\t12\n", "stock-2026-03-02.txt")
    with pytest.raises(KeyboardInterrupt):
        keep(store, [business("2026-03-05", 5), Named(stock, "stock.txt", "")], NOW)
    assert store.path.read_bytes() == before
