"""The family a product belongs to: its parent, how many children there are, and which of them the page shows.

Shown to the reader by the "twister": in rows ``#inline-twister-row-…`` (2023 to now), in ``#variation_…`` before. How
large the family is and who its parent is, the page tells only its own scripts; so these two are read from the source.
"""

import re
from functools import cached_property

from selectolax.lexbor import LexborNode

from spiders.pages import signs
from spiders.pages.reading import ABSENT, NOT_APPLICABLE, UNKNOWN, Elements, Lack, text_of

_TWISTER = (
    "#twister_feature_div, #twister, #twisterContainer, #inline-twister, #inline-twister-expander-content-container"
)
_SHOWN = "inline-twister-expanded-dimension-text-"
_LABEL = ".inline-twister-dim-title, .a-color-secondary, .a-form-label"
_SCRIPTS = (
    "#twister_feature_div script, #softlinesTwister_feature_div script, #twisterJsInitializer_feature_div script, "
    "#twisterContainer script, #twister script"
)
_FAMILY = ('"dimensionToAsinMap"', '"asin_variation_values"')  # 2015 to now, before
_TOTAL = re.compile(r'"num_total_variations"\s*:\s*([1-9]\d{0,4})\b')
_PARENT = re.compile(r'"parent_?[aA]sin"\s*:\s*"([A-Z0-9]{10})"')
_BEFORE, _AFTER = 3_000, 300_000
"""Characters around the map of the family, which can be long, that belong to its script."""


class Variations:
    """The variations of a product page; ``html`` is its source, ``elements`` are those of its tree."""

    def __init__(self, elements: Elements, html: str) -> None:
        self._elements = elements
        self._html = html

    @cached_property
    def _family(self) -> tuple[str, int] | None:
        """Parent and number of children, as the script of the twister states them; an empty twister has neither."""
        source = (self._elements.source(_SCRIPTS) or self._html) if self._is_offered else ""
        for name in _FAMILY:
            at = source.find(name)
            while at >= 0:
                total = _TOTAL.search(source, max(at - _BEFORE, 0), at + _AFTER)
                parents = _PARENT.findall(source, max(at - _BEFORE, 0), at + _BEFORE)
                if total and parents:
                    return parents[0], int(total[1])
                at = source.find(name, at + 1)
        return None

    @cached_property
    def _nothing(self) -> Lack:
        """A product without variations has an empty twister or none; a full one we cannot read is our defect."""
        return UNKNOWN if self._is_offered else NOT_APPLICABLE

    @cached_property
    def _is_offered(self) -> bool:
        """Whether the reader is shown anything to choose from."""
        return bool(self._dimensions) or any(text_of(node) for node in self._elements.all(_TWISTER))

    def parent_asin(self) -> str | Lack:
        return self._family[0] if self._family else self._nothing

    def variation_count(self) -> int | Lack:
        return self._family[1] if self._family else self._nothing

    def variation(self) -> dict[str, str] | Lack:
        """Selected value by dimension; a dimension of which nothing is selected yet is left out."""
        if not self._dimensions and self._elements_to_choose:
            return ABSENT
        return self._dimensions or self._nothing

    @property
    def _elements_to_choose(self) -> bool:
        """Whether there are dimensions, whatever is selected of them."""
        return any(True for _ in self._elements.starting("variation_", _SHOWN))

    @cached_property
    def _dimensions(self) -> dict[str, str]:
        shown: dict[str, str] = {}
        for node in self._elements.starting(_SHOWN):
            label, value = _label_before(node), text_of(node)
            if label and value and not signs.says_choose(value):
                shown.setdefault(label, value)
        if shown:
            return shown
        for node in self._elements.starting("variation_"):
            label = text_of(node.css_first(".a-form-label"))
            value = text_of(node.css_first(".selection")) or text_of(node.css_first("option.dropdownSelect[selected]"))
            if label and value and not signs.says_choose(value):
                shown.setdefault(label.rstrip(" :："), value)
        return shown


def _label_before(value: LexborNode) -> str | None:
    """The name of a dimension: what stands before its value in the row's title."""
    title = value.parent
    for _ in range(3):
        label = title.css_first(_LABEL) if title is not None else None
        if label is not None and label.mem_id != value.mem_id and (text := text_of(label)):
            return text.rstrip(" :：")
        title = title.parent if title is not None else None
    return None
