"""Chance that comes out the same for the same seed: in every process, and in whatever order it is asked for."""

import math
from random import Random


def generator(*name: object) -> Random:
    """The generator of this name, seed first. Text is hashed by ``random`` itself, the same way everywhere."""
    return Random("/".join(str(part) for part in name))  # noqa: S311  a simulation, no secret


def poisson(mean: float, rng: Random) -> int:
    """A Poisson number (Knuth's way, good for the small means of a night)."""
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number
