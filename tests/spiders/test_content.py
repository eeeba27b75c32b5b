"""Bullets, images, A+ content, videos and badges of a listing, in the markup of each era."""

import pytest

from storage.records import Badge, BadgeKind
from tests.spiders.markup import product


def ranked(href: str, category: str) -> str:
    return (
        f'<div id="zeitgeistBadge_feature_div"><a class="badge-link" href="{href}"><i><span>#1</span></i>'
        f'<span class="cat-name"><span class="cat-link">{category}</span></span></a></div>'
    )


def choice(inside: str, classes: str = "") -> str:
    return f'<div id="acBadge_feature_div"><div class="ac-badge-wrapper {classes}"><span>Amazon\'s Choice</span>{inside}</div></div>'


BEST = "/gp/bestsellers/kitchen/123/ref=zg_b_bs_123_1"


@pytest.mark.parametrize(
    ("middle", "kind", "text"),
    [
        (ranked(BEST, "in Mugs"), BadgeKind.BEST_SELLER, "Mugs"),
        (ranked("/gp/new-releases/kitchen/123", "in Mugs"), BadgeKind.NEW_RELEASE, "Mugs"),
        (ranked("/gp/movers-and-shakers/kitchen", "in Mugs"), None, None),
        (ranked(BEST, "in Becher"), BadgeKind.BEST_SELLER, "Becher"),
        (ranked(BEST, "dans la catégorie Tasses"), BadgeKind.BEST_SELLER, "Tasses"),
        (ranked(BEST, "en Tazas"), BadgeKind.BEST_SELLER, "Tazas"),
        (ranked(BEST, "w kategorii Kubki"), BadgeKind.BEST_SELLER, "Kubki"),
        (ranked(BEST, "i Muggar"), BadgeKind.BEST_SELLER, "Muggar"),
        (ranked(BEST, "Kupalar kategorisinde"), BadgeKind.BEST_SELLER, "Kupalar"),
        (ranked(BEST, "- カテゴリ マグカップ"), BadgeKind.BEST_SELLER, "マグカップ"),
        (
            choice('<span class="ac-for-text">for <span class="ac-keyword-link"><a>"steel mug"</a></span></span>'),
            BadgeKind.AMAZONS_CHOICE,
            "steel mug",
        ),
        (
            choice('<span class="ac-for-text">in <span class="ac-keyword-link">Mugs by Acme</span></span>'),
            BadgeKind.AMAZONS_CHOICE,
            "Mugs by Acme",
        ),
        (
            choice('<span class="ac-for-text">für „<span class="ac-keyword-link">becher</span>“</span>'),
            BadgeKind.AMAZONS_CHOICE,
            "becher",
        ),
        (choice(""), BadgeKind.AMAZONS_CHOICE, None),
        (choice("", "aok-hidden"), None, None),
        ('<div id="climatePledgeFriendly">Climate Pledge Friendly</div>', BadgeKind.CLIMATE_PLEDGE, None),
        ('<div id="climatePledgeFriendly"></div>', None, None),
    ],
)
def test_badges(middle: str, kind: BadgeKind | None, text: str | None) -> None:
    assert product(middle=middle).badges == ((Badge(kind=kind, text=text),) if kind else ())


@pytest.mark.parametrize(
    ("middle", "bullets"),
    [
        (
            '<div id="feature-bullets"><ul><li class="aok-hidden">hidden</li><li id="replacementPartsFitmentBullet">Make sure '
            "this fits</li><li><span> One </span></li><li>Two</li></ul></div>",
            ("One", "Two"),
        ),
        ('<div id="productFactsDesktopExpander"><ul><li>One</li></ul><ul><li>Two</li></ul></div>', ("One", "Two")),
        ('<div id="feature-bullets-btf"><ul><li>One</li></ul></div>', ("One",)),
        ('<div id="technicalSpecifications_feature_div"><ul><li>Weight: 1 kg</li></ul></div>', ()),
        ('<div id="sims-x"><div id="feature-bullets"><ul><li>Of another</li></ul></div></div>', ()),
    ],
)
def test_bullets(middle: str, bullets: tuple[str, ...]) -> None:
    assert product(middle=middle).bullets == bullets


def gallery(*ids: str, more: str = "") -> str:
    images = ",".join(f'{{"hiRes":null,"large":"https://m.x/images/I/{name}._AC_.jpg"}}' for name in ids)
    return (
        '<div id="imageBlock_feature_div"><div id="imageBlock"><img id="landingImage" src="https://m.x/images/I/71FIRSTAAAL._S_.jpg">'
        f"</div><script>var data = {{'colorImages': {{ 'initial': [{images}]}}, {more} 'colorToAsin': {{}}}};</script></div>"
    )


def thumbnails(*classes: str) -> str:
    items = "".join(f'<li class="a-spacing-small item {name}"><img></li>' for name in classes)
    return f'<div id="imageBlock"><img id="landingImage" src="https://m.x/images/I/71FIRSTAAAL._S_.jpg"></div><div id="altImages"><ul>{items}</ul></div>'


BOOK = (
    '<div id="booksImageBlock_feature_div"><img id="imgBlkFront" src="data:image/jpg;base64,xx" data-a-dynamic-image='
    '"{&quot;https://x/images/I/51BOOKAAAAL._SX258_.jpg&quot;:[260,1]}">'
)
BOOK_DATA = "<script>var x={'imageGalleryData' : [{\"mainUrl\":\"https://x/images/I/51BOOKAAAAL.jpg\"}],'y':1}</script>"


@pytest.mark.parametrize(
    ("middle", "count", "main"),
    [
        (gallery("71FIRSTAAAL", "71SECONDAAL"), 2, "71FIRSTAAAL"),
        (f"{BOOK}{BOOK_DATA}</div>", 1, "51BOOKAAAAL"),
        (f"{BOOK}</div>", 1, "51BOOKAAAAL"),
        (thumbnails("imageThumbnail", "imageThumbnail", "videoThumbnail videoBlockIngress"), 2, "71FIRSTAAAL"),
        (thumbnails("", "videoThumbnail", "aok-hidden template"), 1, "71FIRSTAAAL"),
        ('<img id="prodImage" src="http://x/images/I/41%2BOLDAAAL._SL500_.jpg">', 1, "41+OLDAAAL"),
        ('<div id="imageBlock"><img id="landingImage" src="https://m.x/images/G/01/icons/no-img.gif"></div>', None, None),
        ('<div id="imageBlock"></div>', None, None),
    ],
)  # fmt: skip
def test_images(middle: str, count: int | None, main: str | None) -> None:
    got = product(middle=middle)
    assert (got.image_count, got.main_image) == (count, main)


@pytest.mark.parametrize(
    ("middle", "a_plus", "video"),
    [
        ('<div id="aplus"><div class="aplus-v2"><div class="aplus-module">x</div></div></div>', True, False),
        ('<div id="aplus_feature_div"></div><div id="productDescription">x</div>', False, False),
        ('<div id="altImages"><li class="videoThumbnail"></li></div>', False, True),
        ('<div id="altImages"><li class="videoBlockIngress aok-hidden"></li></div>', False, False),
        (gallery("71FIRSTAAAL", more='"videos":[{"url":"x"}],'), False, True),
        (gallery("71FIRSTAAAL", more='"videos":[],'), False, False),
    ],
)
def test_a_plus_and_videos(middle: str, a_plus: bool, video: bool) -> None:
    got = product(middle=middle)
    assert (got.has_a_plus, got.has_video) == (a_plus, video)
