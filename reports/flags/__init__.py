"""Judged changes with their evidence: pure functions over the series of a comparison.

One module per family; each docstring states the model and its source. A flag always lies on a day of
the comparison's window; what came before the window serves as history only, so the same night is
judged alike whatever window it is shown in.
"""

from reports.flags.flag import Evidence, Flag
from reports.flags.judge import flags
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules, Sensitivity

__all__ = ["Evidence", "Flag", "Kind", "Rules", "Sensitivity", "Severity", "flags"]
