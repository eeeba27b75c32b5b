"""`tracker service`: fills in the templates beside this module."""

import getpass
import os
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.service import Command, System

_TEMPLATES = {
    System.SYSTEMD: "rival-tracker.service",
    System.LAUNCHD: "rival-tracker.plist",
    System.WINDOWS: "task.xml",
    System.DOCKER: "Dockerfile",
    System.COMPOSE: "compose.yaml",
}


def text(system: System, config: Path, command: Command = Command.SCHEDULE) -> str:
    """The file for ``system`` that runs ``command`` of this installation with the configuration at ``config``."""
    name = _TEMPLATES[system]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=name.endswith((".plist", ".xml")),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"unit": _in_unit, "path": lambda path: path.replace("%", "%%")}
    config = config.resolve()
    return environment.get_template(name).render(
        service="rival-tracker" if command is Command.SCHEDULE else "rival-tracker-serve",
        command=command.value,
        what=command.what,
        python=sys.executable,
        config=str(config),
        folder=str(config.parent),
        user=getpass.getuser(),
        account="\\".join(part for part in (os.environ.get("USERDOMAIN"), getpass.getuser()) if part),
    )


def _in_unit(word: str) -> str:
    """One word as a systemd unit has it: specifiers and variables escaped, in quotes (systemd.service(5))."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
