"""The commands in the order in which they are met, in panels: what `tracker --help` shows."""

from typing import Any

from typer.core import TyperGroup

PANELS = {
    "To begin": ("init", "demo", "check", "listing", "rivals", "keywords"),
    "Every night": ("crawl", "summary", "schedule", "status", "service", "job", "nightly", "notify"),
    "To read": ("checklist", "report", "review", "serve", "health", "flags", "reviews", "sales"),
    "Yours": ("log", "import"),
    "The data": ("sql", "export", "read", "pages", "reparse", "doctor", "backup", "restore"),
}


class Panels(TyperGroup):
    """The group of all commands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(self.commands)
        for panel, names in PANELS.items():
            for name in names:
                known[name].rich_help_panel = panel  # type: ignore[attr-defined]
        self.commands = {name: known[name] for names in PANELS.values() for name in names} | known

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)
