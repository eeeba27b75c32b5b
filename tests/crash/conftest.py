"""A database to begin with: making one takes longer than most of what is tried on it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.store import Store


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Store]:
    """Makes the store at a path, with an empty database of the newest schema."""
    made = Store(tmp_path_factory.mktemp("fresh") / "t.duckdb")
    with made.writing():
        pass

    def at(path: Path) -> Store:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(made.path, path)
        return Store(path)

    return at
