"""Whether a share of missing values is more than chance makes of the usual one: small samples, uneven nights.

Model: the number of pages that lack a field in one run is beta-binomial (Skellam 1948). Its mean is the pooled share
of the earlier runs under a weak prior, Beta(0.5, 9.5): what ten pages with half a gap would teach. Its spread has two
parts: how little the history knows of the share, and how much more the runs differ among each other than a binomial
would let them, by Pearson's estimate of the extra variation (Williams, "Extra-binomial variation in logistic linear
models", Applied Statistics 1982). A field that comes and goes in waves thus needs a higher wave to stand out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

PRIOR_MISSING, PRIOR_READ = 0.5, 9.5
EVEN_RUNS = 10
"""Runs without extra variation that its estimate is drawn towards: two gaps in one night would claim too much."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What earlier runs let expect of the share of pages that lack a field."""

    share: float
    """As counted, 0 to 1; 0 where nothing was counted."""
    mean: float
    """As expected of a page, the prior included; never 0 or 1."""
    weight: float
    """How many pages' worth of certainty there is: the two parameters of the beta distribution together."""

    def chance(self, missing: int, pages: int) -> float:
        """Probability that at least ``missing`` of ``pages`` lack the field."""
        a, b = self.mean * self.weight, (1 - self.mean) * self.weight
        log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
        terms = (
            math.comb(pages, k)
            * math.exp(math.lgamma(k + a) + math.lgamma(pages - k + b) - math.lgamma(pages + a + b) - log_beta)
            for k in range(missing, pages + 1)
        )
        return min(1.0, math.fsum(terms))


def usual(runs: Sequence[tuple[int, int]]) -> Usual:
    """What these runs let expect, each as (pages that lack the field, pages)."""
    counted, pages = sum(k for k, _ in runs), sum(n for _, n in runs)
    mean = (counted + PRIOR_MISSING) / (pages + PRIOR_MISSING + PRIOR_READ)
    pearson = sum((k - n * mean) ** 2 / (n * mean * (1 - mean)) for k, n in runs if n)
    extra = max(1.0, (pearson + EVEN_RUNS) / (len(runs) - 1 + EVEN_RUNS)) if runs else 1.0
    per_run = sum(n * n for _, n in runs) / pages if pages else 0.0
    between = min(0.9, (extra - 1) / (per_run - 1)) if per_run > 1 else 0.0
    unknown = 1 / (PRIOR_MISSING + PRIOR_READ + pages / extra + 1)
    correlation = min(0.95, between + unknown)
    return Usual(counted / pages if pages else 0.0, mean, 1 / correlation - 1)
