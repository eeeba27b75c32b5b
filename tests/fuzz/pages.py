"""Small whole pages to be wounded, one of each kind and layout, in markup written here; each with a trap.

The trap is a carousel of another product, whose every value is made of sevens (its stars are 1.1, its ASIN is
:data:`ANOTHER`), so that a record that took anything from it shows it.
"""

from tests.spiders import test_lists, test_offers, test_search
from tests.spiders.markup import a_price, accordion, center, page

ANOTHER = "B0OTHER001"
CAROUSEL = (
    '<div id="sims-fbt_feature_div"><div class="a-carousel-container"><ol class="a-carousel"><li class="a-carousel-card">'
    f'<form><input name="ASIN" value="{ANOTHER}"><a href="/dp/{ANOTHER}" title="1.1 out of 5 stars">Another</a></form>'
    '<span class="a-price priceToPay"><span class="a-offscreen">$777.77</span></span>'
    '<span class="a-price a-text-price" data-a-strike="true"><span class="a-offscreen">$7,777.77</span></span>'
    '<i class="a-icon-star"><span class="a-icon-alt">1.1 out of 5 stars</span></i><span>7,777</span>'
    '<div class="ac-badge-wrapper"><span class="ac-badge-text-primary">Choice</span></div>'
    '<div id="sbBadge-7">Small business</div><span>Apply 77% coupon</span>'
    '<div id="customer_review-R7777777777X" data-hook="review"><i data-hook="review-star-rating">1.1 out of 5 stars</i>'
    '<a data-hook="review-title"><span>Another review</span></a></div></li></ol></div></div>'
)
STARS = (
    '<div id="averageCustomerReviews"><span id="acrPopover" title="4.5 out of 5 stars"><i class="a-icon-star">'
    '<span class="a-icon-alt">4.5 out of 5 stars</span></i></span><span id="acrCustomerReviewText">1,234 ratings</span></div>'
)
RANKS = (
    '<table id="productDetails_detailBullets_sections1"><tr><th>Best Sellers Rank</th><td><span>#1,234 in Kitchen '
    '(<a href="/gp/bestsellers/kitchen">See Top 100 in Kitchen</a>)</span><br><span>#5 in '
    '<a href="/gp/bestsellers/kitchen/12345">Mugs</a></span></td></tr><tr><th>Date First Available</th>'
    "<td>January 2, 2020</td></tr></table>"
)
TWISTER = (
    '<div id="twister_feature_div"><div id="inline-twister-row-color_name"><span class="a-color-secondary">Color:</span>'
    '<span id="inline-twister-expanded-dimension-text-color_name">Blue</span></div><script>var data = {"parentAsin" : '
    '"B0PARENT01", "num_total_variations" : 4, "dimensionToAsinMap" : {"0": "B0ABCDEF12", "1": "B0ABCDEF13"}};'
    "</script></div>"
)
GALLERY = (
    "<div id=\"imageBlock_feature_div\"><script>var data = {'colorImages': { 'initial': [{\"hiRes\":"
    '"https://m.example/images/I/61mug.jpg","large":null},{"hiRes":"https://m.example/images/I/62mug.jpg"}]},'
    ' \'end\': "</body></html>"};</script><div id="altImages"><ul><li class="imageThumbnail"></li></ul></div></div>'
)
REVIEWS = (
    '<div id="reviewsMedley"><table id="histogramTable">'
    + "".join(f"<tr><td>{5 - stars} star</td><td>{share}%</td></tr>" for stars, share in enumerate((60, 20, 10, 6, 4)))
    + '</table><div id="customer_review-RABCDEFGHIJ1" data-hook="review"><a data-hook="review-title"><span>Good</span></a>'
    '<i data-hook="review-star-rating">5.0 out of 5 stars</i><span data-hook="review-date">Reviewed in the United States '
    'on March 4, 2024</span><span data-hook="avp-badge">Verified Purchase</span><span data-hook="review-body">A mug.'
    "</span></div></div>"
)
ASIDE = (
    '<div id="availability"><span>Only 3 left in stock - order soon.</span><script>f(1)</script></div>'
    '<div id="merchant-info">Sold by <a id="sellerProfileTriggerId" href="/sp?seller=A1SELLER">Mug Shop</a> and Fulfilled '
    'by Amazon.</div><input id="add-to-cart-button" type="submit">'
)
MIDDLE = (
    '<a id="bylineInfo" href="/stores/x">Visit the Mug Store</a><div id="feature-bullets"><ul><li>Blue</li><li>Round</li>'
    '</ul></div><div id="acBadge_feature_div"><div class="ac-badge-wrapper"><span class="ac-keyword-link">in Mugs</span>'
    "</div></div>"
)
_LIST_PRICE = f'<span class="basisPrice">List: {a_price("$25.00", strike=True)}</span>'
_OFFERS = accordion(("usedAccordionRow", "$9.99"), ("newAccordionRow_0", "$19.99"), ("snsAccordionRow", "$17.99"))
_CARDS = [
    test_search.card(
        "B000000001", test_search.price("$19.99"), test_search.stars("4.5 out of 5 stars", "1,234 ratings")
    ),
    test_search.card("B000000002", test_search.label("Sponsored"), test_search.price("$9.99"), ad=True),
    f'<div class="s-widget"><h2>More results</h2>{CAROUSEL}</div>',
    test_search.card("B000000003", test_search.price("$29.99"), test_search.price("$39.99", strike=True)),
]
_STRIP = (
    '<div class="s-pagination-strip"><span class="s-pagination-item s-pagination-selected">1</span>'
    '<a class="s-pagination-item">2</a><a class="s-pagination-item s-pagination-next">Next</a></div>'
)

PAGES = {
    "apex": page(
        middle=MIDDLE + STARS + center(a_price("$19.99", classes="priceToPay"), _LIST_PRICE) + CAROUSEL + TWISTER,
        right=ASIDE,
        below=GALLERY + CAROUSEL + RANKS + REVIEWS,
    ),
    "accordion": page(
        middle=STARS + _OFFERS["middle"] + CAROUSEL, right=_OFFERS["right"] + ASIDE, below=RANKS + CAROUSEL + REVIEWS
    ),
    "priceblock": page(
        middle=f'{STARS}<div id="price"><span class="priceBlockStrikePriceString">$25.00</span>'
        f'<span id="priceblock_ourprice">$19.99</span></div>{GALLERY}',
        right=ASIDE,
        below=CAROUSEL + RANKS,
    ),
    "unavailable": page(right='<div id="outOfStock">Currently unavailable.</div>', below=CAROUSEL),
    "search": test_search.page(*_CARDS, strip=_STRIP),
    "list": f"<html><body>{test_lists.grid(''.join(map(test_lists.cell, range(1, 5))), [(9, test_lists.asin(9))])}"
    '<div id="navFooter"></div></body></html>',
    "offers": test_offers.panel(
        test_offers.offer(box="aod-pinned-offer"), test_offers.offer("Used - Good", test_offers.price("$9.99"))
    ),
}
