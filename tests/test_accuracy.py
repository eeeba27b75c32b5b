"""Every real product and search page, over HTTP, through the real spiders, into DuckDB."""

from pathlib import Path

from tests import accuracy


def test_the_figures_in_the_repository_are_those_of_today(shared_pages: Path, tmp_path: Path) -> None:
    tally = accuracy.measure(shared_pages, accuracy.crawl(shared_pages, tmp_path))
    text = accuracy.render(tally)
    print(text)
    committed = accuracy.REPORT.read_text(encoding="utf-8")
    assert text == committed, (
        "the figures have changed: run `uv run python -m tests.accuracy` and look at the difference"
    )
