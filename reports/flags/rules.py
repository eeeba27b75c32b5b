"""How readily each kind of change is told: one knob a kind in plain words, and the expert's own threshold.

False flags are controlled over all rivals and kinds together, as the expected number of flags that chance alone raises
(the per-family error rate; Hochberg & Tamhane, "Multiple Comparison Procedures", 1987, ch. 1). Each statistical test
of a night gets an equal part of :data:`FALSE_A_WEEK`, so that the sum of all parts bounds that number whatever the
tests have to do with each other (the union bound).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from reports.flags.kind import Kind

VERSION = "2"
"""Of the rules in this package: raised whenever a family judges otherwise than before."""

FALSE_A_WEEK = 0.25
"""Flags that chance may raise per listing and week, all statistical kinds together (judgement)."""


class Sensitivity(StrEnum):
    """How much is told of a kind."""

    OFF = "off"
    LOW = "low"
    """Only what is twice as large, and ten times as rare, as normally."""
    NORMAL = "normal"
    HIGH = "high"
    """Half as large, and ten times as common."""


SIZES = {Sensitivity.LOW: Decimal(2), Sensitivity.HIGH: Decimal("0.5")}
SHARES = {Sensitivity.LOW: 0.1, Sensitivity.HIGH: 10.0}


@dataclass(frozen=True, slots=True)
class Rules:
    """What is in force. ``thresholds`` are the expert's, in the unit of each kind (see FLAGS.md)."""

    sensitivity: Mapping[Kind, Sensitivity] = field(default_factory=dict)
    thresholds: Mapping[Kind, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Names these rules and settings: flags of one name were judged alike."""
        settings = {
            "sensitivity": {k: v for k, v in sorted(self.sensitivity.items()) if v is not Sensitivity.NORMAL},
            "thresholds": dict(sorted(self.thresholds.items())),
        }
        if not any(settings.values()):
            return VERSION
        return f"{VERSION}-{hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:8]}"

    def tells(self, kind: Kind) -> bool:
        return self.sensitivity.get(kind) is not Sensitivity.OFF

    def size(self, kind: Kind, default: Decimal) -> Decimal:
        """The size from which a change is told: ``default``, unless set otherwise."""
        if kind in self.thresholds:
            return Decimal(str(self.thresholds[kind]))
        return default * SIZES.get(self._sensitivity(kind), Decimal(1))

    def most(self, kind: Kind, default: Decimal) -> Decimal:
        """The same of what is told when it is as small as that."""
        if kind in self.thresholds:
            return Decimal(str(self.thresholds[kind]))
        return default / SIZES.get(self._sensitivity(kind), Decimal(1))

    def factor(self, kind: Kind, default: float) -> float:
        """The same of a factor, which is one where nothing changes."""
        if kind in self.thresholds:
            return self.thresholds[kind]
        return 1 + (default - 1) * float(SIZES.get(self._sensitivity(kind), Decimal(1)))

    def limit(self, kind: Kind, tests: int) -> float:
        """The largest probability of arising by chance at which a change is told, on a night of so many tests."""
        return FALSE_A_WEEK / 7 / max(1, tests) * SHARES.get(self._sensitivity(kind), 1.0)

    def _sensitivity(self, kind: Kind) -> Sensitivity:
        return self.sensitivity.get(kind, Sensitivity.NORMAL)
