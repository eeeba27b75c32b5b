"""Files with which a system runs a command as a service, with the paths of this installation filled in."""

from enum import StrEnum


class System(StrEnum):
    """What can run a service."""

    SYSTEMD = "systemd"
    LAUNCHD = "launchd"
    WINDOWS = "windows"
    DOCKER = "docker"
    COMPOSE = "compose"


class Command(StrEnum):
    """What runs until it is stopped."""

    SCHEDULE = "schedule"
    SERVE = "serve"

    @property
    def what(self) -> str:
        """What it is for, after a colon."""
        return "the reports in a browser" if self is Command.SERVE else "crawls, reports and backups when they are due"
