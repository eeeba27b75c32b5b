"""What a listing shows of its product: bullets, images, A+ content, video, badges; and where the page delivers to."""

import json
import re
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from spiders.pages import phrases, place
from spiders.pages.reading import ABSENT, UNKNOWN, Elements, Lack, attribute, is_hidden, text_of
from storage.records import Badge, BadgeKind

_BULLETS = (
    "#feature-bullets li:not(.aok-hidden):not(#replacementPartsFitmentBullet), "
    "#featurebullets_feature_div li:not(.aok-hidden)",
    "#productFactsDesktopExpander li, #productFactsDesktop_feature_div ul li",
    "#fbExpandableSectionContent li, #feature-bullets-btf li",
)
_BULLET_PLACES = "#feature-bullets, #featurebullets_feature_div, #productFactsDesktop_feature_div, #centerCol, #ppd"
_SCRIPTS = (
    "#imageBlock_feature_div script, #booksImageBlock_feature_div script, #ebooksImageBlock_feature_div script, "
    "#imageBlockVariations_feature_div script, #mediaBlockVariations_feature_div script"
)
_GALLERY = re.compile(r"'colorImages'\s*:\s*\{\s*'initial'\s*:\s*|'imageGalleryData'\s*:\s*")  # books: to 2020
_LARGEST_GALLERY = 300_000  # characters
_MAIN_IMAGE = "#landingImage, #imgBlkFront, #ebooksImgBlkFront, #main-image, #original-main-image, #prodImage"
_THUMBNAILS = (
    "#altImages li.imageThumbnail:not(.aok-hidden), #imageBlockThumbs .imageThumb, "
    "#altImages li.a-spacing-small.item:not(.videoThumbnail):not(.videoBlockIngress):not(.aok-hidden)"
)
_IMAGE_ID = re.compile(r"/images/(?:I|P)/([^/.]+)\.")
_A_PLUS = (
    "#aplus .aplus-module, #aplus_feature_div .aplus-module, #aplusBrandStory_feature_div .aplus-module, "
    "#aplus3p_feature_div .aplus-module, #aplusProductDescription, #aplus .aplus-v2"
)
_PAGE = "#dp, #dp-container, #ppd, #centerCol, #handleBuy"
_VIDEO = (
    "#altImages :is(.videoThumbnail, .videoBlockIngress), #imageBlock :is(.videoThumbnail, .videoBlockIngress), "
    "#vse-cards-vw-dp [data-video-url], #videoBlock_feature_div [data-video-url], #video-block [data-video-url]"
)
_VIDEO_DATA = re.compile(r'"videos"\s*:\s*\[\s*\{')
_BEST_SELLER = "#zeitgeistBadge_feature_div, #zgBadge_feature_div, #zeitgeist_feature_div"
_CHOICE = "#acBadge_feature_div .ac-badge-wrapper, #acBadge_feature_div .mvt-ac-badge-wrapper"
_CHOICE_FOR = (
    ".ac-keyword-link, .ac-for-text, .mvt-ac-for-text, .ac-badge-text-tertiary, [class*=ac-keyword], [class*=ac-for]"
)
_CLIMATE = "#climatePledgeFriendlyATF_feature_div, #climatePledgeFriendlyBadge, #climatePledgeFriendly"
_SMALL_BUSINESS = ("provenance-certification-sbe_badge", "sbBadge", "smallBusinessBadge")
_BADGE_PLACES = "#acBadge_feature_div, #zeitgeistBadge_feature_div, #centerCol, #ppd, #title_feature_div"
_QUOTED = re.compile(r"""["“”„«»「『](.+?)["“”«»」』]""")
_NEW_RELEASE_LINK = "/new-releases"
_BEST_SELLER_LINK = re.compile(r"/(?:bestsellers|zgbs|best-sellers)")


class Content:
    """The content of a listing; ``html`` is the page's source, ``elements`` are those of its tree."""

    def __init__(self, elements: Elements, html: str) -> None:
        self._elements = elements
        self._html = html

    def bullets(self) -> tuple[str, ...] | Lack:
        """The points about the item, in order; empty when the page shows none."""
        for selector in _BULLETS:
            found = [text for node in self._elements.own(selector) if (text := text_of(node))]
            if found:
                return tuple(dict.fromkeys(found))
        return () if _BULLET_PLACES in self._elements else UNKNOWN

    @cached_property
    def _script(self) -> str:
        """The scripts of the gallery, which know its images and videos."""
        return self._elements.source(_SCRIPTS) or self._html

    @cached_property
    def _gallery(self) -> list[dict[str, Any]]:
        """The images of the gallery, without videos."""
        start = _GALLERY.search(self._script)
        try:
            images, _ = json.JSONDecoder().raw_decode(self._script[start.end() :][:_LARGEST_GALLERY] if start else "")
        except (ValueError, RecursionError):  # cut off, nested without end, or not the JSON it looks like
            return []
        return [image for image in images if isinstance(image, dict)] if isinstance(images, list) else []

    def image_count(self) -> int | Lack:
        """By the gallery's data; where there are none, by its thumbnails."""
        thumbnails = self._elements.all(_THUMBNAILS)
        # A main image that is none of the product's stands for "no image".
        count = len(self._gallery) or len(thumbnails) or (1 if isinstance(self.main_image(), str) else 0)
        return count or self._no_image

    def main_image(self) -> str | Lack:
        """Of the largest file, which is the same however the page is laid out."""
        if self._gallery:
            first = self._gallery[0]
            urls = [first.get(size) for size in ("hiRes", "large", "mainUrl", "thumb")]
        else:
            node = next(iter(self._elements.all(_MAIN_IMAGE)), None)
            urls = [attribute(node, name) for name in ("data-old-hires", "src", "data-a-dynamic-image")]
        found = next((match for url in urls if isinstance(url, str) and (match := _IMAGE_ID.search(url))), None)
        return unquote(found[1]) if found else self._no_image

    @property
    def _no_image(self) -> Lack:
        return (
            ABSENT
            if "#imageBlock, #imageBlock_feature_div, #booksImageBlock_feature_div" in self._elements
            else UNKNOWN
        )

    def has_a_plus(self) -> bool | Lack:
        shown = bool(self._elements.own(_A_PLUS))
        return shown or (False if _PAGE in self._elements else UNKNOWN)

    def has_video(self) -> bool | Lack:
        """Whether the gallery or the block of videos has one; videos inside reviews are none of the listing's."""
        shown = not all(map(is_hidden, self._elements.all(_VIDEO))) or _VIDEO_DATA.search(self._script) is not None
        return shown or (False if _PAGE in self._elements else UNKNOWN)

    def badges(self) -> tuple[Badge, ...] | Lack:
        """The badges in the title block, and those for sustainability and small sellers."""
        badges = [badge for node in self._elements.all(_BEST_SELLER) if (badge := _ranked(node)) is not None]
        choice = next((node for node in self._elements.all(_CHOICE) if not is_hidden(node)), None)
        if choice is not None:
            named = next(filter(None, map(text_of, choice.css(_CHOICE_FOR))), None)
            badges.append(Badge(kind=BadgeKind.AMAZONS_CHOICE, text=_subject(named) if named else None))
        if any(map(text_of, self._elements.own(_CLIMATE))):
            badges.append(Badge(kind=BadgeKind.CLIMATE_PLEDGE))
        if any(not self._elements.is_of_another(node) for node in self._elements.starting(*_SMALL_BUSINESS)):
            badges.append(Badge(kind=BadgeKind.SMALL_BUSINESS))
        if badges:
            return tuple(badges)
        return () if _BADGE_PLACES in self._elements else UNKNOWN

    def delivery_location(self) -> str | Lack:
        """The place that the page's prices hold for."""
        first, second = (text_of(self._elements.first(f"#glow-ingress-line{n}")) for n in (1, 2))
        return place.delivery_location(first, second, head="#nav-belt, #navbar, #nav-main" in self._elements)


def _ranked(node: LexborNode) -> Badge | None:
    """The badge of a first place in best sellers or new releases, with its category."""
    link = node.css_first("a[href]")
    text = text_of(node)
    if link is None or text is None:
        return None
    href, told = attribute(link, "href"), text_of(node.css_first(".cat-link, .cat-name")) or attribute(link, "title")
    kind = BadgeKind.NEW_RELEASE if _NEW_RELEASE_LINK in href else BadgeKind.BEST_SELLER
    if kind is BadgeKind.BEST_SELLER and _BEST_SELLER_LINK.search(href) is None:
        return None
    return Badge(kind=kind, text=_subject(told) if told else None)


def _subject(text: str) -> str | None:
    """The keyword in 'for "steel mug"', or the category in "in Mugs"."""
    quoted = _QUOTED.search(text)
    return (quoted[1].strip() if quoted else phrases.subject_of_badge(text)) or None
