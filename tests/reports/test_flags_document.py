"""`reports/FLAGS.md` has a section for every kind of flag, and its worked examples come true."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.flags import Kind
from reports.wording import KINDS
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, RIVAL, Lacks, judged, listing, night, rank, tell

DOCUMENT = (Path(__file__).parents[2] / "reports" / "FLAGS.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^### (.+?) \(`(\w+)`\)\n(.*?)(?=^##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
EXAMPLES = {
    kind: example.groups()
    for _, kind, text in SECTIONS
    if (example := re.search(r"```\n(.+?)\n```\n> (.+)\n>\n> (.+)", text, re.DOTALL))
}


def test_every_kind_has_a_section_and_every_section_a_kind() -> None:
    assert sorted(kind for _, kind, _ in SECTIONS) == sorted(Kind)
    assert {Kind(kind): name for name, kind, _ in SECTIONS} == KINDS


def test_every_family_says_what_it_needs_and_never_does() -> None:
    for family in re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)[2:]:
        assert "**Needs**" in family and "**Never**" in family and "`flags/" in family


def value(text: str) -> Any:
    if text in {"x", "–", "?"}:
        return {"x": BLOCKED, "–": ABSENT, "?": Lacks("unparseable")}[text]
    if text in {"yes", "no"}:
        return text == "yes"
    number = text.removesuffix(" %")
    return Decimal(number) if re.fullmatch(r"[\d.]+", number) else text


def nights(text: str) -> list[Any]:
    found = []
    for part in text.split(", "):
        shown, _, count = part.partition(" × ")
        found += [value(shown)] * int(count or 1)
    return found


def columns(name: str, values: list[Any]) -> dict[str, list[Any]]:
    """The columns of ``product_observation`` that a line of an example gives."""
    if name == "coupon":
        return {"coupon_percent": values, "coupon_amount": [v if v is BLOCKED else ABSENT for v in values]}
    if name == "deal":
        return {"is_deal": values, "deal": ["Limited time deal" if v is True else ABSENT for v in values]}
    return {{"stock": "in_stock", "reviews": "review_count"}.get(name, name): values}


def show(database: Database, example: str) -> None:
    """Tell the database an example: a line for each column, of the rival or (``own price``) of the own listing."""
    shown: dict[str, dict[str, Any]] = {OWN: {}, RIVAL: {}}
    for line in example.splitlines():
        name, _, text = line.partition(": ")
        values, asin = nights(text), OWN if name.startswith("own ") else RIVAL
        match name.removeprefix("own "):
            case "place":
                rank(
                    database,
                    "tea mug",
                    [0 if v is ABSENT else v if v is BLOCKED else int(v) for v in values],
                    asin=asin,
                )
            case "ad":
                for n, seen in enumerate(values):
                    database.search(night(n), "com", "tea mug", [[(asin, True)] if seen else [], []])
            case column:
                shown[asin] |= columns(column, values)
    for asin, told in shown.items():
        if told:
            tell(database, asin, **told)


@pytest.mark.parametrize("kind", Kind)
def test_the_worked_example_comes_true(database: Database, kind: Kind) -> None:
    series, english, chinese = EXAMPLES[kind]
    listing(database, keywords=["tea mug"])
    show(database, series)
    told = [flag for flag in judged(database) if flag.kind is kind][:1]
    assert [(flag.said("en"), flag.said("zh_CN")) for flag in told] == [(english, chinese)]
