"""Stars, how they are spread, and the reviews of a product page, in every shape they have had."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from spiders.pages.reading import Lack
from storage.records import Reason, Review
from tests.spiders.markup import lack, product

ID = "R1ABCDEFGHIJK"


def review(
    *,
    stars: str = "4.0 out of 5 stars",
    title: str = "<span>Nice</span>",
    line: str = "Reviewed in the United States on March 22, 2026",
    body: str = "Great.",
    more: str = "",
    ids: tuple[str, str] = (ID, f"customer_review-{ID}"),
) -> str:
    return (
        f'<div id="{ids[0]}" data-hook="review"><div id="{ids[1]}"><i data-hook="review-star-rating"><span class="a-icon-alt">'
        f'{stars}</span></i><a data-hook="review-title"><i class="a-icon"><span class="a-icon-alt">{stars}</span></i>'
        f'{title}</a><span data-hook="review-date">{line}</span>{more}<div data-hook="review-collapsed">{body}</div></div></div>'
    )


def read(*reviews: str) -> tuple[Review, ...]:
    got = product(below=f'<div id="reviewsMedley">{"".join(reviews)}</div>').reviews
    assert got is not None
    return got


def test_a_review() -> None:
    strip = '<a data-hook="format-strip">Color: Black<i class="a-icon-text-separator"></i>Size: L</a>'
    (got,) = read(review(more=f'{strip}<span data-hook="avp-badge">Verified Purchase</span>'))
    assert got == Review(
        review_id=ID,
        stars=Decimal("4.0"),
        reviewed_on=date(2026, 3, 22),
        country="United States",
        verified=True,
        title="Nice",
        body="Great.",
        variant="Color: Black | Size: L",
    )


@pytest.mark.parametrize(
    ("stars", "value"),
    [
        ("5つ星のうち4.0", "4.0"),
        ("4,0 von 5 Sternen", "4.0"),
        ("5 yıldız üzerinden 4,0", "4.0"),
        ("5 yıldız üzerinden 5,0", "5.0"),
        ("4,0 av 5 stjärnor", "4.0"),
        ("4.0 من 5 نجوم", "4.0"),
    ],
)
def test_stars_of_a_review(stars: str, value: str) -> None:
    assert read(review(stars=stars))[0].stars == Decimal(value)


def test_one_with_pictures_holds_a_second_copy_of_itself() -> None:
    copy = review(title="<span>Copy</span>", body="Copy", ids=("popover", "popover-inside"))
    (got,) = read(review(more=copy.replace('data-hook="review"', "")))
    assert (got.title, got.reviewed_on) == ("Nice", date(2026, 3, 22))


def test_a_translated_one_is_in_its_own_words() -> None:
    both = '<span class="cr-original-review-content">{}</span><span class="cr-translated-review-content aok-hidden">{}</span>'
    foreign = review(
        title=both.format("Schön", ""),
        body=both.format("Gut.", "Good."),
        line="Rezension aus Deutschland vom 3. Mai 2022",
        ids=("x", f"customer_review_foreign-{ID}"),
    )
    (got,) = read(foreign)
    assert (got.title, got.body, got.country) == ("Schön", "Gut.", "Deutschland")


def test_before_2019_the_line_is_the_bare_date() -> None:
    (got,) = read(review(line="on March 3, 2016"))
    assert (got.reviewed_on, got.country) == (date(2016, 3, 3), None)
    assert [m.field for m in got.missing] == ["country", "variant"]


def test_other_elements_with_such_an_id_are_no_reviews() -> None:
    assert read('<div id="RESULTSXYZ12">x</div>', '<div id="REVIEWSFOOTER">x</div>') == ()


def test_reviews_of_a_shape_that_is_not_read_are_not_none() -> None:
    old = '<div id="revMHRL"><div id="rev-dpReviewsMostHelpful-R1ABCDEFGHIJK"><b>Nice</b> By Joe on May 1, 2014</div></div>'
    assert lack(product(below=old), "reviews") == Lack(Reason.LAYOUT_UNKNOWN)


def table(percents: list[str]) -> str:
    rows = "".join(
        f'<tr class="a-histogram-row"><td>{5 - at} star</td><td><div class="a-meter"></div></td><td>{percent}</td></tr>'
        for at, percent in enumerate(percents)
    )
    return f'<table id="histogramTable">{rows}</table>'


def listed(percents: list[str]) -> str:
    """2023 to now: every row holds the labels of all, hidden, for their width."""
    rows = "".join(
        f"<li><a><div><span>5 star</span><span>4 star</span><span>{5 - at} star</span></div><div>{percent}</div></a></li>"
        for at, percent in enumerate(percents)
    )
    return f'<ul id="histogramTable">{rows}</ul>'


@pytest.mark.parametrize("markup", [table, listed])
@pytest.mark.parametrize("write", ["{}%", "{} %", "%{}", "%\u00a0{}"])
def test_how_stars_are_spread(write: str, markup: Callable[[list[str]], str]) -> None:
    percents = [write.format(value) for value in (84, 10, 2, 1, 3)]
    assert product(below=markup(percents)).rating_percents == (84, 10, 2, 1, 3)
    missing = product(below=markup(percents[:4]))
    assert (missing.rating_percents, lack(missing, "rating_percents")[0]) == (None, Reason.UNPARSEABLE)
    assert product(below=markup(percents) * 2).rating_percents == (84, 10, 2, 1, 3)


def test_arabic_figures_and_rows_of_nothing() -> None:
    assert product(below=table(["٨٤٪", "١٠٪", "٢٪", "١٪", "٣٪"])).rating_percents == (84, 10, 2, 1, 3)
    assert product(below=table(["100%", "0%", "0%", "0%", "0%"])).rating_percents == (100, 0, 0, 0, 0)
    assert product(below=table(["84", "10", "2", "1", "3"])).rating_percents is None
