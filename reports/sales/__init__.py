"""Units sold, estimated from Best Sellers Ranks, as intervals. The method is told in ``reports/SALES.md``."""

from reports.sales.curve import Curve, fit
from reports.sales.estimate import Worlds
from reports.sales.evidence import Evidence, Sightings, evidence

__all__ = ["Curve", "Evidence", "Sightings", "Worlds", "evidence", "fit"]
