"""The configuration in force while the scheduler runs: config.toml as it last was in order.

The scheduler holds on to a copy of it, and the work it starts is given that copy: a mistake in an edit never costs a
night.
"""

import shutil
from pathlib import Path

from tracker.config import Config, ConfigError, load
from tracker.journal import Journal


class InForce:
    """The configuration at ``path``, as it last was in order.

    Raises:
        ConfigError: it is not in order now.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.config = load(path)
        self.journal = Journal(self.config.storage.database)
        self.copy = self.journal.folder / "config.toml"
        self._taken = self._stamp()
        self._looked = self._taken

    def take(self) -> Config:
        """Take up what the file says now.

        Raises:
            ConfigError: it is not in order, or cannot be taken up; what was in force stays so.
        """
        candidate = self.copy.with_suffix(".new")
        try:
            candidate.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.path, candidate)  # with its mode: there may be secrets in it
        except OSError as error:
            raise ConfigError(f"{error.filename or self.path}: {error.strerror}") from None
        try:
            config = load(candidate, folder=self.path.resolve().parent)
        except ConfigError as error:
            raise ConfigError(str(error).replace(str(candidate), str(self.path))) from None
        if config.storage.database != self.config.storage.database:
            raise ConfigError(f"{self.path}: storage.database is another one now, which takes a restart")
        candidate.replace(self.copy)
        self.config = config
        return config

    def renew(self) -> bool:
        """Take up a change of the file once it has come to rest, and tell whether there was one.

        Raises:
            ConfigError: as for :meth:`take`; once for each change.
        """
        stamp, before = self._stamp(), self._looked
        self._looked = stamp
        if stamp == self._taken or stamp != before:
            return False
        self._taken = stamp
        self.take()
        return True

    def _stamp(self) -> tuple[int, int] | None:
        """What changes when the file does; None when it is gone."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
