"""Who sells, who ships and whether it is there: merchant lines, the tabular Buy Box, the offer-display rows."""

from collections.abc import Callable

import pytest

from spiders.pages.reading import Lack
from storage.records import Reason
from tests.spiders.markup import lack, product


def seller(name: str) -> str:
    return f'<a id="sellerProfileTriggerId" href="/gp/help/seller/at-a-glance.html?seller=A1&amp;isAmazonFulfilled=1">{name}</a>'


@pytest.mark.parametrize(
    ("code", "line", "sold_by", "ships_from"),
    [
        ("com", "Ships from and sold by Amazon.com.", "Amazon.com", "Amazon.com"),
        ("com", f"Ships from and sold by {seller('Mug Co')}.", "Mug Co", "Mug Co"),
        (
            "com",
            f"Sold by {seller('Mug Co')} and <a>Fulfilled by Amazon</a>. Gift-wrap available.",
            "Mug Co",
            "Amazon",
        ),
        ("co.uk", "Dispatched from and sold by Amazon.", "Amazon", "Amazon"),
        ("co.uk", f"Dispatched from and sold by {seller('Amazonia Mugs')}.", "Amazonia Mugs", "Amazonia Mugs"),
        ("de", "Verkauf und Versand durch Amazon. Geschenkverpackung verfügbar.", "Amazon", "Amazon"),
        ("de", f"Verkauf durch {seller('Becher GmbH')} und <a>Versand durch Amazon</a>.", "Becher GmbH", "Amazon"),
        ("de", f"Verkauf und Versand durch {seller('Becher GmbH')}.", "Becher GmbH", "Becher GmbH"),
        ("fr", "Expédié et vendu par Amazon.", "Amazon", "Amazon"),
        ("fr", f"Vendu par {seller('Tasse SA')} et <a>expédié par Amazon</a>.", "Tasse SA", "Amazon"),
        ("it", "Venduto e spedito da Amazon.", "Amazon", "Amazon"),
        ("es", "Vendido y enviado por Amazon.", "Amazon", "Amazon"),
        ("es", f"Vendido por {seller('Taza SL')} y <a>gestionado por Amazon</a>.", "Taza SL", "Amazon"),
        ("com.mx", "Vendido y enviado por Amazon México.", "Amazon México", "Amazon México"),
        ("com.br", "Vendido e entregue por Amazon.com.br", "Amazon.com.br", "Amazon.com.br"),
        ("nl", "Verkocht en verzonden door Amazon.", "Amazon", "Amazon"),
        ("se", "Säljs och skickas av Amazon.", "Amazon", "Amazon"),
        ("com.tr", "Amazon.com.tr tarafından satılır ve gönderilir.", "Amazon.com.tr", "Amazon.com.tr"),
        ("co.jp", "この商品は、Amazon.co.jp が販売および発送します。", "Amazon.co.jp", "Amazon.co.jp"),
        (
            "co.jp",
            f"この商品は、{seller('マグ店')}が販売し、<a>Amazon.co.jp が発送</a>します。",
            "マグ店",
            "Amazon.co.jp",
        ),
        ("com.au", "Ships from and sold by Amazon AU.", "Amazon AU", "Amazon AU"),
        # sellers without a link: Amazon is only the one that ships, or only part of a name
        ("com", "Sold by Mug Co and Fulfilled by Amazon.", None, None),
        ("de", "Verkauf durch Becher GmbH und Versand durch Amazon.", None, None),
        ("com", "Ships from and sold by Amazonia Mugs.", None, None),
    ],
)
def test_merchant_lines(code: str, line: str, sold_by: str | None, ships_from: str | None) -> None:
    got = product(code, right=f'<div id="merchant-info">{line}</div>')
    assert (got.seller, got.ships_from) == (sold_by, ships_from)


def tabular(*rows: tuple[str, str]) -> str:
    """2021 to 2023."""
    cells = (
        f'<div class="tabular-buybox-label"><div><span>{label}</span></div></div><div class="tabular-buybox-text"><div>'
        f'<span class="a-truncate-full">{value}</span><span class="a-truncate-cut"></span></div></div>'
        for label, value in rows
    )
    return f'<div id="tabular-buybox">{"".join(cells)}</div>'


def display(*rows: tuple[str, str]) -> str:
    """2023 to now: known by their ids, whatever the words."""
    names = ("merchantInfoFeature",) if len(rows) == 1 else ("fulfillerInfoFeature", "merchantInfoFeature")
    cells = (
        f'<div id="{name}_feature_div"><div class="offer-display-feature-label"><span>{label}</span></div>'
        f'<div class="offer-display-feature-text"><span class="offer-display-feature-text-message">{value}</span></div></div>'
        for name, (label, value) in zip(names, rows, strict=True)
    )
    return f'<div id="offer-display-features">{"".join(cells)}</div>'


@pytest.mark.parametrize("markup", [tabular, display])
@pytest.mark.parametrize(
    ("ships", "sells"),
    [
        ("Ships from", "Sold by"),
        ("Dispatches from", "Sold by"),
        ("Versand", "Verkäufer"),
        ("Versand durch", "Verkauf durch"),
        ("Expédié par", "Vendu par"),
        ("Spedizione", "Venduto da"),
        ("Enviado desde", "Vendido por"),
        ("Enviado de", "Vendido por"),
        ("Verzending vanaf", "Verkocht door"),
        ("Skickas från", "Säljs av"),
        ("Wysyłka z", "Sprzedawane przez"),
        ("Gönderen:", "Satan:"),
        ("出荷元", "販売元"),
        ("تشحن من", "تباع من"),
    ],
)
def test_rows_of_the_buy_box(markup: Callable[..., str], ships: str, sells: str) -> None:
    got = product(right=markup((ships, "Amazon"), (sells, "Mug Co")))
    assert (got.seller, got.ships_from) == ("Mug Co", "Amazon")


@pytest.mark.parametrize("markup", [tabular, display])
@pytest.mark.parametrize("label", ["Shipper / Seller", "Ships from / sold by", "Verzender / Verkoper"])
def test_one_row_for_both(markup: Callable[..., str], label: str) -> None:
    got = product(right=markup((label, "Mug Co")))
    assert (got.seller, got.ships_from) == ("Mug Co", "Mug Co")


@pytest.mark.parametrize(
    ("text", "in_stock", "left"),
    [
        ("Only 3 left in stock - order soon (more on the way).", True, 3),
        ("Usually ships within 2 to 3 weeks.", True, None),
        ("Available from these sellers.", True, None),
        ("Temporarily out of stock. Order now and we'll deliver when available.", False, None),
        ("In stock on December 12, 2023.", None, None),
        ("In stock soon.", None, None),
        ("This item will be released on May 5, 2020. Pre-order now.", None, None),
        ("Auf Lager ab dem 12. Dezember 2022.", None, None),
        ("Vorbestellen", None, None),
        ("Nicht auf Lager. Wieder auf Lager am 3. Mai.", False, None),
        ("En stock le 12 décembre 2022.", None, None),
        ("Disponible el 12 de diciembre", None, None),
        ("Disponibile dal 12 dicembre 2022.", None, None),
        ("Non disponibile. Non sappiamo se sarà di nuovo disponibile.", False, None),
        ("Op voorraad op 12 december", None, None),
        ("I lager den 12 december", None, None),
        ("Na stanie", True, None),
        ("Dostępny od 12 grudnia", None, None),
        ("Pozostało tylko 3 szt. na stanie.", True, 3),
        ("Só restam 3 em estoque", True, 3),
        ("この商品の発売予定日は2024年5月3日です。", None, None),
        ("残り3点（入荷予定あり）", True, 3),
        ("متبقي 3 فقط - اطلبه الآن", True, 3),
    ],
)
def test_stock(text: str, in_stock: bool | None, left: int | None) -> None:
    got = product(right=f'<div id="availability">{text}</div><input id="add-to-cart-button" type="submit">')
    assert (got.in_stock, got.stock_left) == (in_stock, left)
    if in_stock is None:
        assert lack(got, "in_stock") == Lack(Reason.AMBIGUOUS, text)


def test_what_is_said_of_a_used_offer_is_not_said_of_the_new_one() -> None:
    used = (
        '<div id="usedOnlyBuybox"><span id="usedPrice">$5.00</span><div id="availability">In Stock</div>'
        f'<div id="merchant-info">Sold by {seller("X")}</div></div>'
    )
    got = product(right=used)
    assert (got.seller, got.availability, got.in_stock, got.price) == (None, None, None, None)
