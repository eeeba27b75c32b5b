"""CSV files as sellers have them: languages, encodings, separators, days on which clocks move; and what is refused."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.delimited import TabularError
from storage.history import History
from storage.records import BsrLine
from storage.tabular import Mapping, mapping, parse
from storage.written import Hand, said

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GERMAN = Mapping(
    marketplace="de",
    columns={"date": "Datum", "price": "Preis", "review_count": "Bewertungen", "rating": "Sterne"},
)
NOTES = """Datum;ASIN;Preis;Bewertungen;Sterne;Notiz
03.11.2025;B0CVCV33BG;1.019,99 €;1.204;4,5;nach der Aktion
4.11.25 14:05;B0CVCV33BG;18,99;1.210;;
"""


def read(text: str, how: Mapping = GERMAN, encoding: str = "utf-8") -> History:
    return parse(text.encode(encoding), how, NOW)


def test_a_german_spreadsheet() -> None:
    history = read(NOTES)
    assert not history.unread
    assert history.notes == ("columns not taken: Notiz",)
    first, second = history.rows
    assert (first.observed_at, second.observed_at) == (
        datetime(2025, 11, 3, 11, tzinfo=UTC),
        datetime(2025, 11, 4, 13, 5, tzinfo=UTC),
    ), "noon of the day, or the time given, in Berlin"
    assert (first.product.price, first.product.currency) == (Decimal("1019.99"), "EUR")
    assert (first.product.review_count, first.product.rating) == (1204, Decimal("4.5"))
    assert second.product.rating is None
    assert {m.reason.value for m in second.product.missing} == {"not_in_source"}


CHINESE = '日期,价格,评论数,有货\n2025/11/3,19.99,"1,204",是\n2025年11月4日,18.99,1210,缺货\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_what_chinese_excel_writes(encoding: str) -> None:
    how = Mapping(
        marketplace="amazon.com",
        asin="B0CVCV33BG",
        columns={"date": "日期", "price": "价格", "review_count": "评论数", "in_stock": "有货"},
        time_zone="Asia/Shanghai",
    )
    history = read(CHINESE, how, encoding)
    assert not history.unread
    first, second = history.rows
    assert first.observed_at == datetime(2025, 11, 3, 4, tzinfo=UTC)
    assert (first.product.price, first.product.review_count, first.product.in_stock) == (Decimal("19.99"), 1204, True)
    assert second.product.in_stock is False
    assert history.notes == ({"gb18030": ("read as gb18030",), "utf-16": ("read as utf-16-le",)}.get(encoding, ()))


def test_an_encoding_that_is_not_clear_is_asked_for() -> None:
    how = Mapping(marketplace="de", asin="B0CVCV33BG")
    text = "date;price;seller\n03.11.2025;19,99;Müller für Köln\n"
    with pytest.raises(TabularError, match="--encoding"):
        read(text, how, "cp1252")
    (row,) = read(text, Mapping(marketplace="de", asin="B0CVCV33BG", encoding="windows-1252"), "cp1252").rows
    assert row.product.seller == "Müller für Köln"
    seen = Mapping(marketplace="de", asin="B0CVCV33BG", columns={"seller": "Verkäufer"})
    assert read(text.replace("seller", "Verkäufer"), seen, "cp1252").notes == ("read as cp1252",)
    for wrong in ("nonsense", "ascii"):
        with pytest.raises(TabularError, match=wrong):
            read(text, Mapping(marketplace="de", asin="B0CVCV33BG", encoding=wrong), "cp1252")


def test_our_own_headings_need_no_mapping_and_separators_are_found() -> None:
    for sign in ",;\t|":
        text = (
            "observed_at,marketplace,asin,price,bsr,bsr_category\n2025-11-03T11:00:00Z,com,B0CVCV33BG,19.99,#12,Mugs\n"
        )
        (row,) = read(text.replace(",", sign), Mapping()).rows
        assert row.observed_at == datetime(2025, 11, 3, 11, tzinfo=UTC)
        assert row.product.bsr == (BsrLine(rank=12, category="Mugs"),)
    (row,) = read("sep=|\ndate|marketplace|asin|price\n2025-11-03|com|B0CVCV33BG|19.99", Mapping()).rows
    assert row.product.price == Decimal("19.99")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("31.02.2025;B0CVCV33BG;1,00;1;4", "line 2: Datum = '31.02.2025': no day of the calendar"),
        ("2/3/2025;B0CVCV33BG;1,00;1;4", "no day as de_DE writes it"),
        (";B0CVCV33BG;1,00;1;4", "no date"),
        ("03.11.2025;;1,00;1;4", "no asin"),
        ("03.11.2025;b0;1,00;1;4", "an ASIN is 10 capital letters"),
        ("03.11.2027;B0CVCV33BG;1,00;1;4", "in the future"),
        ("03.11.1025;B0CVCV33BG;1,00;1;4", "the year 1025"),
        ("30.03.2025 02:30;B0CVCV33BG;1,00;1;4", "skips this time"),
        ("26.10.2025 02:30;B0CVCV33BG;1,00;1;4", "shows this time twice"),
        ("03.11.2025 25:00;B0CVCV33BG;1,00;1;4", "no time of day"),
        ("03.11.2025;B0CVCV33BG;1.99;1;4", "no number as de_DE writes it"),
        ("03.11.2025;B0CVCV33BG;1,999;1;4", "at most two decimals"),
        ("03.11.2025;B0CVCV33BG;-1;1;4", "not an amount"),
        ("03.11.2025;B0CVCV33BG;$1,99;1;4", "another currency than EUR"),
        ("03.11.2025;B0CVCV33BG;1,99 USD;1;4", "an amount of USD"),
        ("03.11.2025;B0CVCV33BG;1e5;1;4", "no number"),
        ("03.11.2025;B0CVCV33BG;1,99;1,5;4", "not a whole number"),
        ("03.11.2025;B0CVCV33BG;1,99;1;5,1", "a number from 1 to 5"),
        (
            "03.11.2025;B0CVCV33BG;x;y;z",
            "Preis = 'x': no number; Sterne = 'z': no number; Bewertungen = 'y': no number",
        ),
        ("03.11.2025;B0CVCV33BG;;;", "no value in it"),
        ("03.11.2025;B0CVCV33BG;1,99;1", "4 cells, and the heading has 5"),
    ],
)
def test_a_row_that_is_not_clear_is_told_with_its_line(line: str, why: str) -> None:
    history = read(f"Datum;ASIN;Preis;Bewertungen;Sterne\n{line}\n03.11.2025;B0CVCV33BH;1,00;1;4\n")
    assert len(history.rows) == 1
    (unread,) = history.unread
    assert why in f"{unread.where}: {unread.why}"


def test_lines_are_those_of_the_file_whatever_stands_in_cells() -> None:
    text = (
        'date,asin,marketplace,price,title\n2025-11-03,B0CVCV33BG,com,1,"two\nlines"\n\n2025-11-04,B0CVCV33BG,com,x,y\n'
    )
    history = read(text, Mapping())
    assert [row.product.title for row in history.rows] == ["two\nlines"]
    assert [unread.where for unread in history.unread] == ["line 5"]


def test_the_same_moment_twice() -> None:
    row = "03.11.2025;B0CVCV33BG;1,00;1;4\n"
    history = read(f"Datum;ASIN;Preis;Bewertungen;Sterne\n{row}{row}{row.replace('1,00', '2,00')}")
    assert len(history.rows) == 1
    assert [(unread.where, unread.why) for unread in history.unread] == [
        ("line 4", "another row says something else of the same moment")
    ]


def test_words_for_nothing_and_a_format_of_its_own() -> None:
    how = mapping(
        'marketplace = "de"\nasin = "B0CVCV33BG"\ndate_format = "%d-%m-%Y"\nempty = ["n/a", "-"]\ncurrency = "PLN"'
    )
    (row,) = read("date;price;rating\n03-11-2025;19,99 zł;n/a\n", how).rows
    assert row.observed_at == datetime(2025, 11, 3, 11, tzinfo=UTC)
    assert (row.product.price, row.product.currency, row.product.rating) == (Decimal("19.99"), "PLN", None)


@pytest.mark.parametrize(
    ("text", "how", "why"),
    [
        ("", Mapping(), "the file is empty"),
        ("a,b\n1,2\n", Mapping(), "which column is the date"),
        ("a,b\r1,2\r", Mapping(), "which column is the date"),
        ("date,price\n", Mapping(asin="B0CVCV33BG"), "which marketplace is this about"),
        ("date,price\n", Mapping(marketplace="de"), "which asin is this about"),
        ("date,x\n", Mapping(marketplace="de", asin="B0CVCV33BG"), "no column holds a value"),
        ("date,x\n", Mapping(columns={"price": "Preis"}), "no column Preis; there is date, x"),
        ("date,x,x\n", Mapping(columns={"price": "x"}), "more than one column is called x"),
        ("date,x\n", Mapping(columns={"cost": "x"}), "cost: no such field; there is date, time"),
        ("date,x\n", Mapping(marketplace="shop"), "'shop' is no marketplace"),
        ("date,x\n", Mapping(asin="shop"), "an ASIN is"),
        ("date,x\n", Mapping(locale="klingon"), "locale 'klingon'"),
        ("date,x\n", Mapping(time_zone="Mars/Base"), "time zone 'Mars/Base'"),
        ("date,x\n", Mapping(currency="euro"), "currency 'euro'"),
        ('date,x\n"open\n', Mapping(marketplace="de", asin="B0CVCV33BG", columns={"price": "x"}), "line 2"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, how: Mapping, why: str) -> None:
    with pytest.raises(TabularError, match=why):
        read(text, how)


@pytest.mark.parametrize("toml", ["x", "marketplace = 5", "cost = 'x'", "columns = 'x'"])
def test_a_mapping_that_is_none(toml: str) -> None:
    with pytest.raises(TabularError, match="not a mapping"):
        mapping(toml)


@given(
    st.decimals(0, 10**12, places=2),
    st.datetimes(datetime(1996, 1, 1), datetime(2026, 2, 1)),  # noqa: DTZ001  of no zone: it is written with its own
    st.sampled_from(["de", "com", "fr", "co.jp", "in", "pl", "com.br", "se"]),
)
def test_what_a_marketplaces_own_hand_writes_is_read_exactly(amount: Decimal, at: datetime, code: str) -> None:
    from babel.numbers import format_decimal  # noqa: PLC0415

    from storage.marketplaces import MARKETPLACES  # noqa: PLC0415

    market = MARKETPLACES[code]
    hand = Hand(market.locales[0], market.time_zone)
    written = format_decimal(amount, locale=market.locales[0], decimal_quantization=False)
    assert hand.amount(written, market.currency) == amount
    assert hand.instant(f"{at.isoformat()}Z") == at.replace(tzinfo=UTC)


def test_days_on_which_the_clock_moves_have_their_noon() -> None:
    berlin = Hand("de_DE", "Europe/Berlin")
    assert berlin.instant("30.03.2025") == datetime(2025, 3, 30, 10, tzinfo=UTC)
    assert berlin.instant("26.10.2025") == datetime(2025, 10, 26, 11, tzinfo=UTC)
    assert berlin.instant("26.10.2025 02:30+02:00") == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert berlin.instant("26.10.2025", "01:59") == datetime(2025, 10, 25, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "text", "hour"),
    [
        ("en_US", "11/3/2025 2:05 PM", 14),
        ("en_US", "11/3/25 12:05 am", 0),
        ("zh_CN", "2025/11/3 下午2:05", 14),
        ("en_GB", "03/11/2025 14:05:59", 14),
        ("ja_JP", "2025-11-3 14:05", 14),
        ("sv_SE", "2025-11-03T14:05", 14),
    ],
)
def test_hands_of_many_lands(locale: str, text: str, hour: int) -> None:
    at = Hand(locale, "UTC").instant(text)
    assert (at.day, at.month, at.hour, at.minute) == (3, 11, hour, 5)


def test_yes_and_no() -> None:
    assert [said(word) for word in ("True", " YES ", "是", "ja", "1")] == [True] * 5
    assert [said(word) for word in ("False", "无货", "Nein", "0")] == [False] * 4
    with pytest.raises(ValueError, match="neither"):
        said("maybe")
