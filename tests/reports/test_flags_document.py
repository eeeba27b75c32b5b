"""`reports/FLAGS.md` has a section for every kind of flag, and its worked examples come true."""

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.flags import Kind
from reports.labels import KINDS
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, PAGE, RIVAL, Lacks, Lost, judged, listing, night, tell

DOCUMENT = (Path(__file__).parents[2] / "reports" / "FLAGS.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^### (.+?) \(`(\w+)`\)\n(.*?)(?=^##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
EXAMPLES = {
    kind: example.groups()
    for _, kind, text in SECTIONS
    if (example := re.search(r"```\n(.+?)\n```\n> ([^\n]+)\n>\n> ([^\n]+)", text, re.DOTALL))
}


FIVE = [f"B0RIVAL{n:03d}" for n in range(1, 6)]
WHOSE = {"own ": [OWN], "second ": FIVE[1:2], "third ": FIVE[2:3], "five rivals’ ": FIVE, "": [RIVAL]}
"""First words of a line: whose page it tells of."""
COLUMNS = {"stock": "in_stock", "reviews": "review_count", "left": "stock_left", "offers": "offer_count"}
COLUMNS |= {"prime": "prime_price"}


def test_every_kind_has_a_section_and_every_section_a_kind() -> None:
    assert sorted(kind for _, kind, _ in SECTIONS) == sorted(Kind)
    assert {Kind(kind): name for name, kind, _ in SECTIONS} == KINDS


def test_every_family_says_what_it_needs_and_never_does() -> None:
    for family in re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)[2:]:
        assert "**Needs**" in family and "**Never**" in family and "`flags/" in family


def value(text: str) -> Any:
    if text in {"x", "–", "?", "gone"}:
        return {"x": BLOCKED, "–": ABSENT, "?": Lacks("unparseable"), "gone": Lost("not_found")}[text]
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
    if name == "bullets":
        return {name: [v.split(" + ") if isinstance(v, str) else v for v in values]}
    if name == "stars":
        return {"rating_percents": [[int(share) for share in v.split("/")] for v in values]}
    if name == "badge":
        return {"badges": [v if v is BLOCKED else [] if v is ABSENT else [badge(v)] for v in values]}
    return {COLUMNS.get(name, name): values}


def words(example: str) -> list[str]:
    """The keywords of an example: "tea mug", where it names no other."""
    return ["tea mug", *dict.fromkeys(re.findall(r" for (\w+):", example))]


def search(database: Database, example: str, keyword: str) -> None:
    """Tell the database the results of a keyword: ``place``, ``own place``, ``stranger place`` and ``ad`` lines, of
    "tea mug" or (``place for cup``) of another."""
    placed: dict[int, dict[tuple[str, str], Any]] = defaultdict(dict)
    for line in example.splitlines():
        name, _, text = line.partition(": ")
        name, _, word = name.partition(" for ")
        if name.endswith(("place", "ad")) and (word or "tea mug") == keyword:
            asin = OWN if name.startswith("own ") else "B0STRANGE1" if name.startswith("stranger ") else RIVAL
            for n, seen in enumerate(nights(text)):
                placed[n][asin, name.rpartition(" ")[2]] = seen
    for n, shown in placed.items():
        if BLOCKED in shown.values():
            database.search(night(n), "com", keyword, ["blocked", "blocked"])
            continue
        ads = [(asin, True) for (asin, sort), seen in shown.items() if sort == "ad" and seen]
        grid: list[tuple[str, bool | None]] = [(f"B0OTHER{k:03d}", False) for k in range(2 * PAGE)]
        for (asin, sort), seen in shown.items():
            if sort == "place" and seen is not ABSENT:
                grid[int(seen) - 1] = (asin, False)
        database.search(night(n), "com", keyword, [[*ads, *grid[:PAGE]], grid[PAGE:]])


def badge(text: str) -> dict[str, str]:
    """Of ``best_seller Mugs``."""
    kind, _, subject = text.partition(" ")
    return {"kind": kind, "text": subject}


def show(database: Database, example: str) -> None:
    """Tell the database an example: a line for each column, of the rival, of the own listing (``own price``), of
    another rival (``second price``), or of five at once."""
    shown: dict[str, dict[str, Any]] = {asin: {} for asin in [OWN, *FIVE]}
    for keyword in words(example):
        search(database, example, keyword)
    for line in example.splitlines():
        name, _, text = line.partition(": ")
        if not name.partition(" for ")[0].endswith(("place", "ad")):
            whose = next(first for first in WHOSE if name.startswith(first))
            for asin in WHOSE[whose]:
                shown[asin] |= columns(name.removeprefix(whose), nights(text))
    for asin, told in shown.items():
        if told:
            tell(database, asin, **told)


@pytest.mark.parametrize("kind", Kind)
def test_the_worked_example_comes_true(database: Database, kind: Kind) -> None:
    series, english, chinese = EXAMPLES[kind]
    listing(database, rivals=FIVE if "five rivals" in series else FIVE[:3], keywords=words(series))
    show(database, series)
    told = judged(database, kinds=[kind])[:1]
    assert [(flag.said("en"), flag.said("zh_CN")) for flag in told] == [(english, chinese)]
