"""Numbers as the marketplaces write them, and the doubt in which no number is given."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.pages import numbers
from storage.marketplaces import MARKETPLACES
from storage.records import Money


@pytest.mark.parametrize(
    ("code", "text", "amount", "currency"),
    [
        ("com", "$1,234.56", "1234.56", "USD"),
        ("com", "US$128.00", "128.00", "USD"),
        ("com", "US$ 12.50", "12.50", "USD"),
        ("com", "USD 12.50", "12.50", "USD"),
        ("com", "BDT 1,234.00", "1234.00", "BDT"),
        ("com", "€429,00", "429.00", "EUR"),
        ("com", "$1,299", "1299.00", "USD"),
        ("com", "$1.299", "1299.00", "USD"),
        ("com", "$12.345", "12345.00", "USD"),
        ("com.mx", "$2,281.82", "2281.82", "MXN"),
        ("ca", "$19.99", "19.99", "CAD"),
        ("ca", "19,99 $", "19.99", "CAD"),
        ("com.au", "$19.99", "19.99", "AUD"),
        ("sg", "S$19.99", "19.99", "SGD"),
        ("com.br", "R$ 1.234,56", "1234.56", "BRL"),
        ("com.br", "R$\u00a03.982,89", "3982.89", "BRL"),
        ("co.uk", "£11.00", "11.00", "GBP"),
        ("de", "1.234,56 €", "1234.56", "EUR"),
        ("de", "8,00€", "8.00", "EUR"),
        ("de", "€1,234.56", "1234.56", "EUR"),
        ("fr", "1\u202f299,00\u00a0€", "1299.00", "EUR"),
        ("fr", "33,69€", "33.69", "EUR"),
        ("nl", "€429.00", "429.00", "EUR"),
        ("nl", "€ 1.429,00", "1429.00", "EUR"),
        ("se", "1\u00a0299,00 kr", "1299.00", "SEK"),
        ("pl", "129,99 zł", "129.99", "PLN"),
        ("pl", "1 129,99zł", "1129.99", "PLN"),
        ("com.tr", "1.234,56 TL", "1234.56", "TRY"),
        ("com.tr", "₺1.234,56", "1234.56", "TRY"),
        ("in", "₹1,23,456.00", "123456.00", "INR"),
        ("in", "₹1,239", "1239.00", "INR"),
        ("co.jp", "￥1,234", "1234", "JPY"),
        ("co.jp", "¥24,800", "24800", "JPY"),
        ("co.jp", "1,234円", "1234", "JPY"),
        ("ae", "AED 99.00", "99.00", "AED"),
        ("ae", "AED99.00", "99.00", "AED"),
        ("sa", "SAR 1,099.00", "1099.00", "SAR"),
        ("eg", "EGP 1,099.00", "1099.00", "EGP"),
        ("eg", "١٬٠٩٩٫٥٠ ج.م.", "1099.50", "EGP"),
        ("co.za", "R1,299.00", "1299.00", "ZAR"),
        ("ie", "€12.99", "12.99", "EUR"),
    ],
)
def test_money_of_every_marketplace(code: str, text: str, amount: str, currency: str) -> None:
    got = numbers.money(text, MARKETPLACES[code])
    assert got == Money(Decimal(amount), currency)
    assert str(got.amount) == amount


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("com", "12.99"),  # no currency
        ("com", "$10.99 - $15.99"),
        ("de", "$19.99"),  # whose dollar?
        ("com", "$"),
        ("com", "4.5 $ of 5"),
        ("co.jp", "￥12.34"),
        ("com", ""),
        ("com", "$1,2,3"),
        ("com", "$" + "9" * 400),
    ],
)
def test_no_money_in_doubt(code: str, text: str) -> None:
    assert numbers.money(text, MARKETPLACES[code]) is None


def test_what_no_column_can_hold_is_not_read() -> None:
    com = MARKETPLACES["com"]
    assert numbers.money("KWD 12.340", com) == Money(Decimal("12.340"), "KWD")
    assert numbers.money("KWD 12.345", com) is None
    assert numbers.money_of("12.345", "KWD") is None
    assert numbers.money("$123,456,789,012,345,678.00", com) is None
    assert numbers.count("2,147,483,647", com) == 2**31 - 1
    assert numbers.count("2,147,483,648", com) is None
    assert numbers.whole("99,999,999,999", com) is None
    assert numbers.at_least("99,999,999K+ bought", com) is None


@pytest.mark.parametrize(
    ("code", "text", "amount"),
    [
        ("com", "Save an extra $5.00 when you apply this coupon. Terms", "5.00"),
        ("de", "Spare 5,00 € mit Rabattgutschein", "5.00"),
        ("co.jp", "クーポン: ￥300 OFF", "300"),
        ("com", "Apply $10 coupon", "10.00"),
        ("de", "4,00 €-Coupon anwenden", "4.00"),
        ("co.jp", "300円OFFクーポン", "300"),
        ("com.br", "Aplicar cupom de R$ 10,00.", "10.00"),
        ("ae", "Save AED10.00 with coupon", "10.00"),
    ],
)
def test_money_in_running_text(code: str, text: str, amount: str) -> None:
    assert [m.amount for m in numbers.moneys(text, MARKETPLACES[code])] == [Decimal(amount)]
    assert list(numbers.moneys("20 % Rabatt for 3 of you, KR5", MARKETPLACES[code])) == []


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("com", "(106,192)", 106192),
        ("com", "690 ratings", 690),
        ("de", "117,767", 117767),
        ("de", "430 Sternebewertungen", 430),
        ("de", "1.234 Sternebewertungen", 1234),
        ("fr", "1 234 évaluations", 1234),
        ("com.br", "79.937 avaliações de clientes", 79937),
        ("in", "1,23,456 ratings", 123456),
        ("co.jp", "1,234個の評価", 1234),
        ("sa", "١٬٢٣٤ تقييم", 1234),
        ("com", "1.5K", None),
        ("com", "(2K)", None),
        ("es", "8,9 mil", None),
        ("es", "8 mil", None),
        ("co.jp", "1.2万", None),
        ("com", "4.7 out of 5 stars, 12 ratings", None),
        ("com", "4.7", None),
        ("com", "no ratings", None),
    ],
)
def test_counts(code: str, text: str, value: int | None) -> None:
    assert numbers.count(text, MARKETPLACES[code]) == value


@pytest.mark.parametrize(
    ("code", "text", "bound"),
    [
        ("com", "6K+ bought in past month", 6000),
        ("com", "200+ bought in past month", 200),
        ("com", "1.5K+ bought in past month", 1500),
        ("com.br", "Mais de 5 mil compras no mês passado", 5000),
        ("de", "Mehr als 500 Mal im letzten Monat gekauft", 500),
        ("de", "Mehr als 2 Tsd. Mal im letzten Monat gekauft", 2000),
        ("co.jp", "過去1か月で100点以上購入されました", 100),
        ("co.jp", "過去1か月で1万点以上購入されました", 10000),
        ("com", "過去一個月有3000個以上顧客購買", 3000),
        ("com", "上个月已购 1000+", 1000),
        ("in", "1 lakh+ bought in past month", 100000),
        ("com", "bought in past month", None),
        ("com", "3 bought in 2 months", None),
    ],
)
def test_lower_bounds(code: str, text: str, bound: int | None) -> None:
    assert numbers.at_least(text, MARKETPLACES[code]) == bound


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("4.7 out of 5 stars", "4.7"),
        ("4,3 von 5 Sternen", "4.3"),
        ("4,8 sur 5\u00a0étoiles", "4.8"),
        ("5つ星のうち4.3", "4.3"),
        ("5つ星のうち5.0", "5.0"),
        ("4.3 顆星，最高 5 顆星", "4.3"),
        ("5 yıldız üzerinden 4,3", "4.3"),
        ("٤٫٣ من ٥ نجوم", "4.3"),
        ("5 out of 5 stars", "5"),
        ("4 out of 5", "4"),
        ("4.6", "4.6"),
        ("4.3 of 10", None),
        ("0 out of 5 stars", None),
        ("7.2 out of 5 stars", None),
        ("1 2 3", None),
        ("", None),
    ],
)
def test_ratings(text: str, stars: str | None) -> None:
    got = numbers.rating(text)
    assert (str(got) if got is not None else None) == stars


@given(
    st.sampled_from(sorted(MARKETPLACES)),
    st.integers(min_value=1, max_value=99_999_999),
)
def test_what_a_marketplace_writes_is_read_back(code: str, minor: int) -> None:
    from babel.numbers import format_currency, get_currency_precision  # noqa: PLC0415

    market = MARKETPLACES[code]
    amount = Decimal(minor).scaleb(-get_currency_precision(market.currency))
    for locale in market.locales:
        text = format_currency(amount, market.currency, locale=locale)
        assert numbers.money(text, market) == Money(amount, market.currency), (locale, text)


@given(st.text(), st.sampled_from(sorted(MARKETPLACES)))
def test_no_text_raises(text: str, code: str) -> None:
    market = MARKETPLACES[code]
    numbers.money(text, market)
    list(numbers.moneys(text, market))
    numbers.count(text, market)
    numbers.at_least(text, market)
    numbers.rating(text)
