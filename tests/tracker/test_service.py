"""The service files are such that their systems take them, whatever the paths."""

import plistlib
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tracker.service import Command, System
from tracker.service.files import text

CONFIG = Path("/srv/50% & <more> $x/config.toml")


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "rival-tracker.service"
    unit.write_text(text(System.SYSTEMD, CONFIG))
    assert 'schedule --config "/srv/50%% & <more> $$x/config.toml"' in unit.read_text()
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd here")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_launchd_and_windows_take_theirs() -> None:
    plist = plistlib.loads(text(System.LAUNCHD, CONFIG).encode())
    assert plist["ProgramArguments"] == [sys.executable, "-m", "tracker", "schedule", "--config", str(CONFIG)]
    assert plist["WorkingDirectory"] == str(CONFIG.parent)
    task = ElementTree.fromstring(text(System.WINDOWS, CONFIG))
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.findtext(".//t:Command", namespaces=space) == sys.executable
    assert task.findtext(".//t:Arguments", namespaces=space) == f'-m tracker schedule --config "{CONFIG}"'


def test_the_reports_are_served_by_a_service_of_their_own() -> None:
    assert "\nExecStart=" in (unit := text(System.SYSTEMD, CONFIG, Command.SERVE))
    assert " -m tracker serve --config " in unit and "enable --now rival-tracker-serve\n" in unit
    plist = plistlib.loads(text(System.LAUNCHD, CONFIG, Command.SERVE).encode())
    assert (plist["Label"], plist["ProgramArguments"][3]) == ("rival-tracker-serve", "serve")
    ElementTree.fromstring(text(System.WINDOWS, CONFIG, Command.SERVE))
    compose = text(System.COMPOSE, CONFIG, Command.SERVE)
    assert 'command: ["serve", "--host", "0.0.0.0"]' in compose and "${TRACKER_SERVE__PASSWORD:?" in compose
    assert "reports:" not in text(System.COMPOSE, CONFIG)


def test_docker_keeps_the_folder_of_the_configuration() -> None:
    assert r'- "/srv/50% \u0026 \u003cmore\u003e $x:/srv/tracker"' in text(System.COMPOSE, CONFIG)
    copied = [line.split()[1] for line in text(System.DOCKER, CONFIG).splitlines() if line.startswith("COPY ")]
    root = Path(__file__).parents[2]
    assert all((root / name).exists() for name in copied)
    assert {path.name for path in root.iterdir() if (path / "__init__.py").exists()} - {"tests"} <= set(copied)
