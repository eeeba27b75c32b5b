"""Two nights of the soak; `python -m tests.faults` goes on."""

from pathlib import Path

from tests.crash.disk import Disk
from tests.faults.soak import soak

SEED = 36
"""Many faults, one crawl killed and one on a full disk."""


def test_nights_in_which_everything_goes_wrong_leave_no_wrong_value_and_no_gap_without_a_reason(tmp_path: Path) -> None:
    figures = soak(Disk(tmp_path, mounted=False), nights=2, seed=SEED)
    assert figures.sound, figures
    assert (figures.full_disks, figures.readers) == (1, 1)
    assert figures.faults.total() > 5
