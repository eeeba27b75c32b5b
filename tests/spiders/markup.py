"""Small product pages in the markup of each era, for the tests of their parts."""

from spiders.pages import read
from storage.records import Product, Reason

CAROUSEL = (
    '<div id="sims-consolidated-1_feature_div"><div class="a-carousel-container"><div class="a-carousel-row-inner">'
    '<ol class="a-carousel"><li class="a-carousel-card"><a href="/dp/B0OTHER001"><span>Other</span></a>'
    '<span class="a-price"><span class="a-offscreen">$777.77</span></span><i class="a-icon-star"><span class="a-icon-alt">'
    "1.1 out of 5 stars</span></i><span>7,777</span></li></ol></div></div></div>"
)


def a_price(text: str, *, classes: str = "", strike: bool = False) -> str:
    struck = ' data-a-strike="true"' if strike else ""
    return (
        f'<span class="a-price {classes}"{struck}><span class="a-offscreen">{text}</span>'
        f'<span aria-hidden="true">{text}</span></span>'
    )


def in_parts(symbol: str, whole: str, point: str, fraction: str, classes: str = "priceToPay") -> str:
    """A price as of 2024: nothing for screen readers, each part an element."""
    return (
        f'<span class="a-price {classes}"><span class="a-offscreen"> </span><span aria-hidden="true">'
        f'<span class="a-price-symbol">{symbol}</span><span class="a-price-whole">{whole}'
        f'<span class="a-price-decimal">{point}</span></span><span class="a-price-fraction">{fraction}</span></span></span>'
    )


def center(*inside: str) -> str:
    return f'<div id="apex_desktop"><div id="corePriceDisplay_desktop_feature_div">{"".join(inside)}</div></div>'


def page(*, middle: str = "", right: str = "", below: str = "", title: str = "Blue mug", code: str = "com") -> str:
    return (
        f'<!doctype html><html><head><link rel="canonical" href="https://www.amazon.{code}/Mug/dp/B0ABCDEF12"></head><body>'
        f'<div id="dp"><div id="ppd">{CAROUSEL}<div id="centerCol"><span id="productTitle"> {title} </span>{middle}</div>'
        f'<div id="rightCol"><div id="desktop_buybox">{right}<input type="hidden" id="ASIN" value="B0ABCDEF12"></div>'
        f'</div></div>{CAROUSEL}{below}</div><div id="navFooter"></div></body></html>'
    )


def product(code: str = "com", **parts: str) -> Product:
    got = read(page(code=code, **parts))
    assert got.product is not None, got
    return got.product


def lack(record: Product, field: str) -> tuple[Reason, str | None]:
    (entry,) = [m for m in record.missing if m.field == field]
    return entry.reason, entry.text


def accordion(*rows: tuple[str, str]) -> dict[str, str]:
    """Offers as rows: the prices in the middle and in the Buy Box, each in a row of its own."""
    middle = "".join(
        f'<div id="apex_desktop_{row}"><div id="corePriceDisplay_desktop_feature_div">'
        f"{a_price(price, classes='priceToPay')}</div></div>"
        for row, price in rows
    )
    right = "".join(
        f'<div id="{row}"><div id="corePrice_feature_div">{a_price(price)}</div>'
        f'<div id="availability">{row} in stock</div><input id="merchantID" value="ID-{row}"></div>'
        for row, price in rows
    )
    return {
        "middle": f'<div id="apex_desktop">{middle}</div>',
        "right": f'<div id="buyBoxAccordion">{right}</div>',
    }
