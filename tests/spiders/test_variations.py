"""The family of a product: the twister of every era, what is chosen of it, and what the page tells its scripts."""

import pytest

from spiders.pages.reading import Lack
from storage.records import Reason
from tests.spiders.markup import lack, product

SCRIPT = (
    '<script>P.register("twister-js-init-dpx-data", function() {var dataToReturn = {"currentAsin" : "B0ABCDEF12", '
    '"parentAsin" : "B0PARENT01", "dimensionToAsinMap" : {"0":"B0ABCDEF12"}, "num_total_variations" : 6};});</script>'
)
OLD_SCRIPT = (
    '<script>var data={"asin_variation_values":{"B0ABCDEF12":{"ASIN":"B0ABCDEF12"}},"num_total_variations":4,'
    '"parent_asin":"B0PARENT03"}</script>'
)


def row(name: str, label: str, value: str) -> str:
    return f'<div id="variation_{name}"><label class="a-form-label">{label}</label> <span class="selection">{value}</span></div>'


def dropdown(label: str, options: str) -> str:
    return (
        f'<div id="variation_size_name"><label class="a-form-label">{label}</label><select><option value="-1">Select'
        f"</option>{options}</select></div>"
    )


def inline(name: str, label: str, value: str) -> str:
    """2023 to now."""
    return (
        f'<div id="inline-twister-row-{name}"><div id="inline-twister-dim-title-{name}"><div class="dimension-text"><span '
        f'class="a-color-secondary">{label}</span> <span id="inline-twister-expanded-dimension-text-{name}" '
        f'class="inline-twister-dim-title-value">{value}</span></div></div></div>'
    )


def twister(rows: str, script: str = SCRIPT) -> str:
    return f'<div id="twister_feature_div"><form id="twister">{rows}</form>{script}</div>'


CHOSEN = '<option class="dropdownSelect" value="1,B0" selected>Large</option>'
FREE = '<option class="dropdownAvailable" value="1,B0">Large</option>'


@pytest.mark.parametrize(
    ("middle", "parent", "variation", "count"),
    [
        (twister(row("color_name", "Color:", "Black")), "B0PARENT01", {"Color": "Black"}, 6),
        (twister(row("color_name", "色:", "ブラック")), "B0PARENT01", {"色": "ブラック"}, 6),
        (twister(row("color_name", "Couleur&nbsp;: ", "Noir")), "B0PARENT01", {"Couleur": "Noir"}, 6),
        (twister(row("color_name", "Color:", "Black"), OLD_SCRIPT), "B0PARENT03", {"Color": "Black"}, 4),
        (twister(dropdown("Size:", CHOSEN)), "B0PARENT01", {"Size": "Large"}, 6),
        (
            twister(dropdown("Size:", FREE) + row("color_name", "Color:", "Black")),
            "B0PARENT01",
            {"Color": "Black"},
            6,
        ),
        (twister(dropdown("Size:", FREE)), "B0PARENT01", None, 6),
        (
            twister(inline("color_name", "Color:", "Black") + inline("size_name", "Size:", "16 oz")),
            "B0PARENT01",
            {"Color": "Black", "Size": "16 oz"},
            6,
        ),
        (
            twister(inline("color_name", "Color:", "Black") + inline("size_name", "Size:", "Select")),
            "B0PARENT01",
            {"Color": "Black"},
            6,
        ),
        (  # the page of the parent itself
            twister(row("color_name", "Color:", "Black"), SCRIPT.replace("B0PARENT01", "B0ABCDEF12")),
            "B0ABCDEF12",
            {"Color": "Black"},
            6,
        ),
        ("", None, None, None),
        ('<div id="twister_feature_div"></div>', None, None, None),
        (  # the formats of a book are products of their own
            '<div id="tmmSwatches"><ul><li class="swatchElement selected"><a>Paperback $12.99</a></li></ul></div>',
            None,
            None,
            None,
        ),
    ],
)
def test_families(middle: str, parent: str | None, variation: dict[str, str] | None, count: int | None) -> None:
    got = product(middle=middle)
    assert (got.parent_asin, got.variation, got.variation_count) == (parent, variation, count)


def test_why_there_is_no_family() -> None:
    assert lack(product(), "parent_asin") == Lack(Reason.NOT_APPLICABLE)
    assert lack(product(middle=twister(dropdown("Size:", FREE))), "variation") == Lack(Reason.ABSENT_ON_PAGE)
    unread = product(middle=twister(row("color_name", "Color:", "Black"), ""))
    assert lack(unread, "parent_asin") == Lack(Reason.LAYOUT_UNKNOWN)
