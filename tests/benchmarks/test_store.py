"""The contenders of `python -m tests.benchmarks.store` answer alike (times are no matter of tests)."""

import pytest

from tests.benchmarks import store
from tests.benchmarks.questions import QUESTIONS, REPORT

pytest.importorskip("pyarrow")


def test_contenders_answer_alike(capsys: pytest.CaptureFixture[str]) -> None:
    store.main(
        ["--days", "40", "--asins", "5", "--crawls", "2", "--keywords", "2", "--keyword-days", "10", "--times", "1"]
    )
    told = capsys.readouterr().out
    assert "The last night, 7 pages through the spool" in told
    assert all(question in told for question in (*QUESTIONS, *REPORT))
