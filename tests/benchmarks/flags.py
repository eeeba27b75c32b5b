"""`python -m tests.benchmarks.flags`: how good the flags are, on simulated worlds whose moves are known.

Builds worlds by laws that differ from world to world (``tests.worlds``; half of them held out: by laws not used while
the flags were built), has each contender judge every night of them, and writes tests/FLAG_ACCURACY.md. It needs the
packages of the group "benchmark": `uv sync --group benchmark`.
"""

import argparse
import csv
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

from reports.flags.kind import Kind
from tests.worlds.labels import SCALES, SIZED, Size
from tests.worlds.laws import LAWS
from tests.worlds.truth import HISTORY, NIGHTS
from tests.worlds.world import build

try:
    from tests.benchmarks.flag_contenders import CONTENDERS, Contender
    from tests.benchmarks.flag_scores import Tally, Verdict, judge
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed here: uv sync --group benchmark")

REPORT = Path("tests/FLAG_ACCURACY.md")
SETS = {False: "development", True: "held-out"}


def judged(seed: int, held_out: bool, names: tuple[str, ...]) -> tuple[bool, dict[str, list[Verdict]]]:
    """One world, judged by the contenders named."""
    world = build(seed, held_out=held_out)
    return held_out, {c.name: judge(world, c.judge(world.comparison), c.tells) for c in CONTENDERS if c.name in names}


def main(arguments: list[str] | None = None) -> dict[tuple[bool, str], Tally]:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.flags", description=__doc__)
    parser.add_argument("--worlds", type=int, default=60, help="of each set")
    parser.add_argument("--seed", type=int, default=1, help="of the first world")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--set", choices=[*SETS.values(), "both"], default="both")
    parser.add_argument("--contenders", nargs="*", default=[c.name for c in CONTENDERS])
    parser.add_argument("--told", type=Path, help="write every label and false flag of these flags to a CSV")
    parser.add_argument("--write", type=Path, default=REPORT, help="where the table goes")
    options = parser.parse_args(arguments)

    sets = [held for held, name in SETS.items() if options.set in {name, "both"}]
    jobs = [(seed, held) for seed in range(options.seed, options.seed + options.worlds) for held in sets]
    tallies = {(held, name): Tally() for held in sets for name in options.contenders}
    start, rows = time.monotonic(), []
    with ProcessPoolExecutor(options.processes) as pool:
        work = pool.map(partial(judged, names=tuple(options.contenders)), *zip(*jobs, strict=True), chunksize=2)
        for done, (held, verdicts) in enumerate(work, start=1):
            for name, given in verdicts.items():
                tallies[held, name].take(given)
                rows += [(SETS[held], *v) for v in given] if name == CONTENDERS[0].name else []
            if done % 20 == 0 or done == len(jobs):
                print(f"{done} of {len(jobs)} worlds, {time.monotonic() - start:.0f} s", file=sys.stderr)
    if options.told:
        with options.told.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("set", *Verdict._fields), *rows])
    text = render(tallies, options.worlds, options.seed)
    print("\n".join(text.splitlines()[:40]))
    options.write.write_text(text, encoding="utf-8")
    return tallies


def render(tallies: dict[tuple[bool, str], Tally], worlds: int, seed: int) -> str:
    return (
        "\n".join(
            [*_introduction(worlds, seed), "", *_summary(tallies), "", *_table(tallies), "", *_scales(), "", *_laws()]
        )
        + "\n"
    )


def _introduction(worlds: int, seed: int) -> list[str]:
    return f"""# How good the flags are

Made by `python -m tests.benchmarks.flags --worlds {worlds} --seed {seed}` on SIMULATED worlds: in each, one
listing with 10 to 20 rivals and 3 to 7 keywords over {NIGHTS} nights, the first {HISTORY} of them history. Worlds
differ by laws (below), not only by numbers drawn. The held-out worlds obey at least three laws each that no
development world obeys.

- **Found**: of the moves planted, those of which a flag of the kind told within their time (5 nights for what is
  read from a page, 8 to 20 for what must be judged; nights not crawled do not count).
- **False**: a flag that no planted move and no consequence of one explains, or the same told again. Consequences
  (a stock-out ruins the rank) are neither found nor false, and so is what comes after its time.
- **F1** of a size joins its recall and the precision of its kind: a false flag has no size.
- **Delay**: nights from the move to the flag, median and 90 % quantile; nights not crawled count here.
- A cell is empty where a contender cannot tell the kind, and where nothing was planted.

Contenders: *these flags*; *fixed thresholds* as sellers set them in commercial tools, each reading against the one
before (`tests/benchmarks/flag_contenders.py` lists them); *change points*: PELT of the package `ruptures`, each night
on the last 60 nights of price, BSR, new reviews and place, its penalty chosen to suit the development worlds.
""".splitlines()


def _summary(tallies: dict[tuple[bool, str], Tally]) -> list[str]:
    """All kinds a contender tells, together."""
    lines = [
        "## All kinds together",
        "",
        "Goals: no large move missed, F1 of 0.95 on large and 0.85 on medium moves, under one false flag per listing",
        "and week. Each contender is judged on the kinds it tells.",
        "",
        "| worlds | contender | large | missed | F1 large | medium | small | facts | false a week |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (held, name), tally in tallies.items():
        tells = _contender(name).tells
        large = [(kind, Size.LARGE) for kind in tells]
        planted = sum(tally.planted[cell] for cell in large)
        missed = planted - sum(len(tally.found[cell]) for cell in large)
        scores = [_figure(tally.f1(tells, size)) for size in (Size.LARGE, Size.MEDIUM, Size.SMALL, Size.FACT)]
        cells = [SETS[held], name, str(planted), str(missed), *scores, _figure(tally.false_a_week(tells))]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _table(tallies: dict[tuple[bool, str], Tally]) -> list[str]:
    heads = [f"{name}, {SETS[held]}" for held, name in tallies]
    lines = [
        "## Kind by kind",
        "",
        'A row "all" gives **precision · false per listing and week**, a row of a size **found/planted · F1 · delay**.',
        "",
        f"| kind | size | {' | '.join(heads)} |",
        f"| --- | --- |{' --- |' * len(heads)}",
    ]
    for kind in Kind:
        if not any(tally.planted[kind, size] or tally.false[kind] for tally in tallies.values() for size in Size):
            continue
        lines.append(f"| {kind} | all | {' | '.join(_all(t, kind, _contender(n)) for (_, n), t in tallies.items())} |")
        for size in Size:
            if any(tally.planted[kind, size] for tally in tallies.values()):
                cells = " | ".join(_cell(t, kind, size, _contender(n)) for (_, n), t in tallies.items())
                lines.append(f"| | {size} | {cells} |")
    return lines


def _all(tally: Tally, kind: Kind, contender: Contender) -> str:
    if kind not in contender.tells:
        return ""
    return f"{_figure(tally.precision([kind]))} · {tally.false_a_week([kind]):.3f}"


def _cell(tally: Tally, kind: Kind, size: Size, contender: Contender) -> str:
    planted, delays = tally.planted[kind, size], sorted(tally.found[kind, size])
    if kind not in contender.tells or not planted:
        return ""
    told = f"{len(delays)}/{planted} · {_figure(tally.f1([kind], size))}"
    return f"{told} · {median(delays):.0f}, {delays[int(0.9 * (len(delays) - 1))]}" if delays else told


def _scales() -> Iterator[str]:
    yield from ("## What small, medium and large mean", "", "| plant | in | small | medium | large | at least |")
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, scale in SCALES.items():
        ranges = [f"{low:g} to {high:g}" if low != high else f"{low:g}" for low, high in map(scale.range, SIZED)]
        least = f"{', '.join(map(str, scale.least))} {scale.of}" if any(scale.least) else ""
        yield f"| {name} | {scale.unit} | {' | '.join(ranges)} | {least} |"


def _laws() -> Iterator[str]:
    yield from ("## The laws", "", "| of | law | held out | what it says |", "| --- | --- | --- | --- |")
    for group, laws in LAWS.items():
        for law in laws:
            yield f"| {group} | {law.name} | {'yes' if law.kept_apart else ''} | {law.says} |"


def _contender(name: str) -> Contender:
    return next(c for c in CONTENDERS if c.name == name)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
