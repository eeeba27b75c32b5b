"""Words worth watching: how titles are cut in any language, and what is proposed for what reason."""

from dataclasses import replace

import pytest

from reports.keywords.ideas import Idea, Texts, ideas
from reports.keywords.tokens import phrases, stop_words, within
from reports.sentences import ENGLISH
from storage.marketplaces import MARKETPLACES

RIVALS = (
    "Brewmoor Insulated Travel Mug with Flip Lid, 16 oz, Navy",
    "Oakspire Travel Mug with Flip Lid, Leakproof, 12 oz",
    "Tidewell Steel Tumbler with Straw, Leakproof",
)
TEXTS = Texts(
    language="en",
    own_title="Mine Travel Mug, 12 oz",
    rivals=RIVALS,
    bullets=("FLIP LID: opens with a thumb",),
    top=(*RIVALS[:2], "Vessano Steel Tumbler with Straw and Handle"),
    offered={"mug for car": frozenset({"travel mug"}), "oakspire mug": frozenset({"travel mug"})},
    watched=("travel mug",),
    brands=("Mine", "Oakspire"),
)


def proposed(texts: Texts) -> dict[str, Idea]:
    return {idea.keyword: idea for idea in ideas(texts)}


def test_what_rivals_and_first_results_share_is_proposed_with_its_reasons() -> None:
    found = proposed(TEXTS)
    assert found.keys() == {"travel mug with flip lid", "steel tumbler with straw", "mug for car"}
    lid = found["travel mug with flip lid"]
    assert [ENGLISH.say(said) for said in lid.says] == [
        "in the titles of 2 of 3 rivals",
        "in 2 of the 3 titles that rank first on your keywords",
        "your title lacks “flip” and “lid”",
    ]
    assert lid.lacking == ("flip", "lid")
    assert lid.score == pytest.approx(0.35 * 2 / 3 + 0.2 * 2 / 3)
    assert ENGLISH.say(found["mug for car"].says[0]) == "the site offers it to who searches “travel mug”"


def test_brands_what_is_watched_and_parts_of_longer_phrases_are_not_proposed() -> None:
    found = proposed(TEXTS)
    assert not [keyword for keyword in found if {"oakspire", "mine", "tidewell", "brewmoor"} & set(keyword.split())]
    assert "travel mug" not in found
    assert "steel tumbler" not in found
    again = replace(TEXTS, watched=("travel mug", "car for mug"))
    assert "mug for car" not in proposed(again)


def test_what_is_not_known_is_left_out_of_the_score() -> None:
    found = proposed(replace(TEXTS, offered=None, bullets=()))
    assert found["travel mug with flip lid"].score == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("text", "language", "expected", "missing"),
    [
        ("Travel Mug with Lid - for Car, 16 oz", "en", ("travel mug", "mug with lid"), ("with lid", "16 oz")),
        ("真空断熱ボトルケース 保冷 500ml", "ja", ("真空断熱", "保冷 500ml"), ("500ml",)),
        ("大容量不锈钢保温杯户外运动水壶", "zh", ("保温杯", "水壶", "不锈钢"), ("大容量不锈钢保温杯户外运动水壶",)),
        ("Wasserkocher mit Temperatureinstellung", "de", ("temperatureinstellung", "wasserkocher"), ("mit",)),
        ("ＢＯＴＴＬＥ Ｈｏｌｄｅｒ", "en", ("bottle holder",), ()),
    ],
)  # fmt: skip
def test_titles_are_cut_into_what_could_be_searched_for(
    text: str, language: str, expected: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    found = {" ".join(phrase) for phrase in phrases(text, language)}
    assert set(expected) <= found
    assert not set(missing) & found


def test_words_are_found_in_any_order_and_without_spaces() -> None:
    assert within(("lid", "mug"), "Mug with Lid")
    assert not within(("li",), "Mug with Lid")
    assert within(("保温杯",), "大容量保温杯户外")


def test_every_marketplace_but_the_arabic_ones_has_stop_words() -> None:
    spoken = {market.locales[0].partition("_")[0] for market in MARKETPLACES.values()}
    assert {language for language in spoken if not stop_words(language)} <= {"ar"}
