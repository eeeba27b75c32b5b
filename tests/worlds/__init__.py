"""Simulated worlds with planted moves, to judge the flags by (SIMULATED: no such listing exists).

A world is one listing with its rivals and keywords over 150 nights. What happens in it follows laws that differ from
world to world (``laws``), not only numbers drawn from one law; none was chosen with an eye on the thresholds of
``reports.flags``. What was planted, and what follows from it, is written down beside it (``labels``).
"""
