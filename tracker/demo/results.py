"""What a results page of the simulated site says of a product: on a card of the grid, and in the blocks beside it."""

from collections.abc import Iterable, Iterator, Sequence

from storage.records import Badge, BadgeKind, Placement, Product, WidgetKind, WidgetPlacement
from tracker.demo.words import WORDS


def placements(cards: Iterable[tuple[Product, bool, tuple[Badge, ...]]]) -> tuple[Placement, ...]:
    """The cards of one page: each product with whether it is an ad, and with its badges."""
    found, counts = [], {True: 0, False: 0}
    for position, (product, sponsored, badges) in enumerate(cards, 1):
        counts[sponsored] += 1
        words = WORDS[product.marketplace]
        found.append(
            Placement(
                position=position,
                asin=product.asin,
                sponsored=sponsored,
                organic_position=None if sponsored else counts[False],
                sponsored_position=counts[True] if sponsored else None,
                title=product.title,
                price=product.price,
                list_price=product.list_price,
                currency=product.currency,
                price_text=_line(words.money(product.price, product.currency or "")) if product.price else None,
                coupon=_coupon(product),
                rating=product.rating,
                rating_text=_line(words.stars.format(words.number(product.rating))) if product.rating else None,
                review_count=product.review_count,
                bought_past_month_min=product.bought_past_month_min,
                badges=_deal(product) + badges,
            )
        )
    return tuple(found)


def widgets(
    marketplace: str, cards: Sequence[Placement], brand: Sequence[Product], rated: Sequence[Product]
) -> tuple[WidgetPlacement, ...]:
    """The blocks of a page with products: a brand's ad above the cards, and one of highly rated products among them."""
    if not cards:
        return ()
    words = WORDS[marketplace]
    headline = words.brand_headline.format(brand[0].brand)
    return (
        *_block(1, WidgetKind.SPONSORED_BRAND, headline, 0, brand),
        *_block(2, WidgetKind.HIGHLY_RATED, words.highly_rated, 6, rated),
    )


def _block(
    widget: int, kind: WidgetKind, heading: str, after_position: int, products: Sequence[Product]
) -> Iterator[WidgetPlacement]:
    for place, product in enumerate(products, 1):
        yield WidgetPlacement(
            widget=widget,
            kind=kind,
            heading=heading,
            sponsored=True,
            after_position=after_position,
            place=place,
            asin=product.asin,
            title=product.title,
            price=product.price,
            currency=product.currency,
            rating=product.rating,
            review_count=product.review_count,
        )


def _coupon(product: Product) -> str | None:
    words = WORDS[product.marketplace]
    if product.coupon_percent:
        return _line(words.coupon_card.format(words.percent(product.coupon_percent)))
    if product.coupon_amount and product.currency:
        return _line(words.coupon_card.format(words.money(product.coupon_amount, product.currency)))
    return None


def _deal(product: Product) -> tuple[Badge, ...]:
    return (Badge(kind=BadgeKind.DEAL, text=product.deal),) if product.deal else ()


def _line(text: str) -> str:
    """``text`` as a reader takes it: on one line, with plain spaces."""
    return " ".join(text.split())
