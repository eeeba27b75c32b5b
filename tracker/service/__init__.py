"""Files with which a system runs `tracker schedule` as a service, with the paths of this installation filled in."""

from enum import StrEnum


class System(StrEnum):
    """What can run a service."""

    SYSTEMD = "systemd"
    LAUNCHD = "launchd"
    WINDOWS = "windows"
    DOCKER = "docker"
    COMPOSE = "compose"
