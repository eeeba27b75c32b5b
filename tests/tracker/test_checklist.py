"""The morning round: what is planted is to be looked at, and the commands it names settle it."""

import json
import shlex
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.reports.database import Database
from tests.tracker.command import tracker
from tests.tracker.telling import RIVALS
from tracker.journal import Entry, Found, Journal

NIGHTS = 14
FIRST = datetime(2026, 2, 9, 10, tzinfo=UTC)
OWN, CUTTER = "B0OWN00001", RIVALS[0]
CONFIG = f"""
[[listing]]
name = "mug"
marketplace = "com"
asin = "{OWN}"
rivals = {json.dumps(RIVALS)}
time_zone = "America/Los_Angeles"
[listing.expect]
price = [30, 40]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In the last of two weeks of nights a rival cut its price deeply, the own price fell out of its range, and a bad
    review came; one rival could not be read."""
    made = tmp_path_factory.mktemp("round")
    (made / "data").mkdir()
    database = Database(made / "data" / "tracker.duckdb")
    database.listing("mug", "com", OWN, RIVALS, [], time_zone="America/Los_Angeles", valid_from=FIRST)
    database.expect("mug", "com", valid_from=FIRST, price_from=Decimal(30), price_to=Decimal(40))
    for day in range(NIGHTS):
        at, last = FIRST + timedelta(days=day), day == NIGHTS - 1
        for n, asin in enumerate([OWN, *RIVALS]):
            if last and asin == RIVALS[-1]:
                database.fetch(at, "product", "com", asin=asin, outcome="blocked")
                continue
            price = Decimal("19.99") if last and asin in {CUTTER, OWN} else Decimal("34.95") + n
            database.product(
                at + timedelta(seconds=9 * n), "com", asin, price=price, currency="USD", in_stock=True,
                title=f"Mug {n}", seller=f"Shop {n}", seller_id=f"A{n}",
                missing=dict.fromkeys(("coupon_percent", "coupon_amount", "prime_price"), "absent_on_page"),
            )  # fmt: skip
    database.review(
        0, FIRST + timedelta(days=NIGHTS - 1), OWN, "RBAD1", 1, reviewed_on=date(2026, 2, 20), title="It leaks"
    )
    database.publish()
    (made / "config.toml").write_text(CONFIG, encoding="utf-8")
    return made


def asked(folder: Path) -> tuple[int, dict[str, Any], list[str]]:
    """The exit code, the points by key, and the troubles."""
    done = tracker(folder, "checklist", "--json")
    assert done.returncode in {0, 1}, done.stderr
    found = json.loads(done.stdout)
    return done.returncode, {point["point"]: point for point in found["listings"]["mug"]}, found["troubles"]


def test_what_is_planted_is_to_be_looked_at_and_its_commands_settle_it(folder: Path) -> None:
    code, points, troubles = asked(folder)
    assert (code, troubles) == (1, [])
    assert {key for key, point in points.items() if point["mark"] == "look"} >= {
        "quality",
        "health",
        "moves",
        "reviews",
    }
    (lost,) = points["quality"]["looks"]
    assert "1 of 5 products" in lost["says"]
    assert any("19.99" in look["says"] for look in points["health"]["looks"])
    assert "not known" in points["health"]["says"], "whose the Buy Box is, without seller ids"
    (move,) = points["moves"]["looks"]
    assert move["asin"] == CUTTER and "34" not in move["command"] and "19.99" in move["says"]
    (bad,) = points["reviews"]["looks"]
    assert "It leaks" in bad["says"] and bad["command"] == "tracker reviews handle RBAD1"
    (change,) = points["journal"]["looks"]
    assert "Price changed on Sun 22 Feb" in change["says"]
    for command in (move["command"], bad["command"], change["command"]):
        assert tracker(folder, *shlex.split(command)[1:]).returncode == 0, command
    _, after, _ = asked(folder)
    assert after["moves"]["mark"] == after["reviews"]["mark"] == after["journal"]["mark"] == "done"
    assert after["health"] == points["health"], "what is as it was is still to be looked at"


def test_the_terminal_and_the_page_say_the_same_in_both_languages(folder: Path) -> None:
    shown = tracker(folder, "checklist", "--language", "zh-Hans")
    assert shown.returncode == 1 and "● " in shown.stdout
    assert tracker(folder, "report", "--language", "zh-Hans").returncode == 0
    page = (folder / "data" / "reports" / "checklist.html").read_text(encoding="utf-8")
    assert "晨检清单" in page and 'href="mug.html#health"' in page
    for line in shown.stdout.splitlines():
        text = line.strip("●✓? ").split("   ")[0].replace("：", ":").split(":")[0].removeprefix("mug, ")
        assert text in page
    assert 'href="checklist.html"' in (folder / "data" / "reports" / "index.html").read_text(encoding="utf-8")


def test_a_job_that_failed_is_told_first(folder: Path) -> None:
    job: Any = {"kinds": ("backup",), "zone": "America/Los_Angeles"}
    now = datetime.now(UTC)
    Journal(folder / "data" / "tracker.duckdb").note(
        Entry(event="began", at=now - timedelta(hours=2), **job),
        Entry(event="ended", at=now - timedelta(hours=1), code=1, found=Found(told="disk full"), **job),
    )
    code, _, (trouble,) = asked(folder)
    assert code == 1 and "backup" in trouble and "disk full" in trouble


def test_a_listing_that_there_is_not_is_told(folder: Path) -> None:
    done = tracker(folder, "checklist", "--listing", "cup")
    assert (done.returncode, "no such listing; there is mug" in done.stderr) == (2, True)
