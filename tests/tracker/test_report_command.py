"""`tracker report`: which days, which forms, which language, and what is said of a mistake."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.database import Database
from tests.reports.nights import OWN, RIVAL, night, tell
from tests.tracker.command import tracker

CONFIG = f"""
[[listing]]
name = "mug"
marketplace = "com"
asin = "{OWN}"
rivals = ["{RIVAL}"]

[storage]
database = "tracker.duckdb"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of a listing read on the 14 nights from Monday, 2 March 2026 on."""
    made = tmp_path_factory.mktemp("report")
    database = Database(made / "tracker.duckdb")
    # Watched since its first night: of a listing watched for years before it, each year is judged.
    database.listing("mug", "com", OWN, [RIVAL], [], valid_from=night(0))
    tell(database, OWN, price=[20] * 14)
    tell(database, price=[18] * 8 + [12] * 6)
    database.publish()
    (made / "config.toml").write_text(CONFIG, encoding="utf-8")
    yield made


PERIODS = {
    "newest": ((), "mug.html", "mug"),
    "count": (("--days", "3"), "mug.html", "mug"),
    "day": (("--period", "day"), "mug-2026-03-15.html", "2026-03-15"),
    "week": (("--period", "week"), "mug-2026-W11.html", "2026-W11"),
    "week of a day": (("--period", "week", "--to", "2026-03-04"), "mug-2026-W10.html", "2026-W10"),
    "month": (("--period", "month", "--to", "2026-03-04"), "mug-2026-03.html", "2026-03"),
    "range": (("--from", "2026-03-03", "--to", "2026-03-05"), "mug-2026-03-03_2026-03-05.html", "2026-03-03"),
}


@pytest.mark.parametrize(("options", "name", "overview"), PERIODS.values(), ids=PERIODS)
def test_days_asked_for_stand_in_the_name_of_the_file(
    folder: Path, options: tuple[str, ...], name: str, overview: str
) -> None:
    done = tracker(folder, "report", *options)
    assert done.returncode == 0, done.stderr
    assert (folder / "data" / "reports" / name).exists()
    assert overview in done.stdout
    assert "index" in done.stdout


FORMS = ("-f", "md", "-f", "csv", "-f", "json", "-f", "xlsx")


def test_every_form_that_is_asked_for_is_written(folder: Path) -> None:
    done = tracker(folder, "report", "-l", "mug", *FORMS, "--language", "zh-Hans")
    assert done.returncode == 0, done.stderr
    told = {path.suffix: path for path in (folder / "data" / "reports").glob("mug.*")}
    assert told.keys() >= {".md", ".csv", ".json", ".xlsx"}
    assert "到手价" in told[".md"].read_text(encoding="utf-8")
    assert "overview" not in done.stdout, "it keeps showing all listings, as a page"


@pytest.mark.parametrize(("language", "said"), [("de", True), ("zh-Hant", True), ("zh-CN", False), ("en-GB", False)])
def test_a_language_without_texts_is_told(folder: Path, language: str, said: bool) -> None:
    for command in ("report -f md --period day", "check"):
        done = tracker(folder, *command.split(), TRACKER_REPORT__LANGUAGE=language)
        assert done.returncode == 0
        assert (f"{language}: reports have no texts in it, and stay English" in done.stdout + done.stderr) is said


MISTAKES = {
    "backwards": ("--from 2026-03-05 --to 2026-03-01", 2, "the days end (2026-03-01) before they begin (2026-03-05)"),
    "both": ("--period week --from 2026-03-01", 2, "not both"),
    "no two days": ("--against yesterday", 2, "--against 'yesterday': not two days; write them as"),
    "language": ("--language klingon", 2, "--language 'klingon': unknown language"),
    "no such day": ("--from 2026-02-31", 2, "2026-02-31"),
    "before all": ("--to 2020-01-01", 1, "nothing has been crawled for listing 'mug' before 2020-01-02"),
    "after all": ("--from 2027-01-01", 1, "nothing has been crawled for listing 'mug' since 2026-03-15"),
    "listing": ("-l jug", 2, "--listing 'jug': no such listing; there is mug"),
}


@pytest.mark.parametrize(("options", "code", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_a_sentence(folder: Path, options: str, code: int, said: str) -> None:
    done = tracker(folder, "report", *options.split())
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_browser_everything_but_the_pdf_is_written(folder: Path) -> None:
    done = tracker(folder, "report", "-f", "pdf", "-f", "md", "--period", "day", TRACKER_CRAWL__CHROMIUM="/no/chromium")
    assert done.returncode == 1
    assert "crawl.chromium" in done.stderr and "Traceback" not in done.stderr
    assert {path.suffix for path in (folder / "data" / "reports").glob("mug-2026-03-15.*")} >= {".md"}
    assert not (folder / "data" / "reports" / "mug-2026-03-15.pdf").exists()
