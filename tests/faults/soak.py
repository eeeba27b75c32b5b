"""Nights in which everything goes wrong at random, and what came of them."""

import re
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic

from spiders.tasks import plan
from storage.store import Store
from tests.crash import checks, moments
from tests.crash.disk import Disk
from tests.faults.nights import GOOD, Night, address, address_of, configuration, prepared
from tests.faults.truth import lacking, wrong_values
from tracker.config import load
from tracker.demo.run import FIRST_DAY
from tracker.demo.site import PAGES, Site, serve
from tracker.demo.world import World

HANGS = 120.0
"""Seconds after which a crawl is given up."""


@dataclass
class Figures:
    """What came of all nights."""

    nights: int = 0
    planned: int = 0
    read: int = 0
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    """Requests by what was done to them, what is harmless left out."""
    outcomes: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    full_disks: int = 0
    readers: int = 0
    expected: float = 0.0
    """Pages to be read at least, by chance: the mean of that, …"""
    variance: float = 0.0
    """… and its variance."""
    wrong: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Pages that the site gave as they should be, and that were not stored."""
    again: list[str] = field(default_factory=list)
    """Pages that were asked for again although they were stored."""
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)

    @property
    def coverage(self) -> float:
        """Share of the planned pages that were read."""
        return self.read / self.planned if self.planned else 0.0

    @property
    def least(self) -> float:
        """The coverage that the rate of faults allows: the mean, less three standard deviations."""
        return (self.expected - 3 * self.variance**0.5) / self.planned if self.planned else 0.0

    @property
    def sound(self) -> bool:
        """Whether nothing happened that must not."""
        bad = (self.wrong, self.gaps, self.lost, self.again, self.crashes, self.hangs)
        return not any(bad) and self.coverage >= self.least


@dataclass
class Soak:
    """A world, its site, and a database in which its nights gather."""

    disk: Disk
    world: World
    site: Site
    rng: Random
    figures: Figures = field(default_factory=Figures)

    @property
    def store(self) -> Store:
        """Where they gather."""
        return Store(self.disk.folder / "data" / "tracker.duckdb")

    def crawl(self, night: Night) -> None:
        """Crawl a night until it is through, whatever happens."""
        began, kills = monotonic(), self.rng.choice((0, 0, 1, 1, 2, 3))
        for number in range(20):
            at = self.world.now(night.day) + timedelta(seconds=monotonic() - began)
            arguments = (
                "tests.faults.night",
                self.disk.folder,
                at.isoformat(),
                f"{self.world.seed} {night.day} {number}",
            )
            if night.kind == "full" and number == 0:
                self._without_room(arguments)
                continue
            if not self._killed(arguments, kills):
                return
            kills -= 1
            self._noted(night)
            if self._is_through(night):
                return
        self.figures.hangs.append(f"night {night.day} is never through")

    def _without_room(self, arguments: tuple[object, ...]) -> None:
        done = self.disk.run(*arguments, room=200_000 if self.disk.mounted else 12_000)
        self.figures.full_disks += done.returncode == 1
        if done.returncode not in {0, 1} or "Traceback" in done.stderr:
            self.figures.crashes.append(f"on a full disk: {done.returncode}: {done.stderr[-500:]}")

    def _killed(self, arguments: tuple[object, ...], kills: int) -> bool:
        """Run a crawl; whether it was killed on the way."""
        said = self.disk.folder / "said"
        with said.open("ab") as out, checks.started(*arguments, stdout=out.fileno(), stderr=out.fileno()) as process:
            if kills > 0:
                moments.wait(process, self.store.path, self.rng, longest=4)
                if moments.kill(process):
                    self.figures.kills += 1
                    return True
            try:
                code = process.wait(HANGS)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                self.figures.hangs.append(" ".join(map(str, arguments)))
                return False
        if code or b"Traceback" in said.read_bytes():
            self.figures.crashes.append(f"{code}: {said.read_text(encoding='utf-8')[-500:]}")
            said.unlink()
        return False

    def _noted(self, night: Night) -> None:
        """After a kill: all is readable, and what is stored by now need not be asked for again."""
        night.kills.append(monotonic())
        tally = checks.Tally("night")
        checks.opened_afresh(self.store.path, tally)
        self.figures.crashes += tally.defects
        self.store.merge()
        night.stored.append({task for task, outcome, _ in self._items(night) if outcome == "ok"})

    def _is_through(self, night: Night) -> bool:
        """Whether the night's crawl was killed when nothing was left to do."""
        return set(self._runs(night).values()) == {"complete"}

    def _runs(self, night: Night) -> dict[str, str]:
        """State of each run of the night; there should be one."""
        if not self.store.path.exists():
            return {}
        since, until = (self.world.now(night.day + more) - timedelta(hours=12) for more in (0, 1))
        with self.store.reading() as db:
            found = "SELECT run_id, state FROM crawl_run WHERE started_at BETWEEN ? AND ?"
            return dict(db.execute(found, [since, until]).fetchall())

    def _items(self, night: Night) -> list[tuple[str, str, str | None]]:
        """Key, outcome and detail of every page of the night's runs."""
        if not (runs := self._runs(night)):
            return []
        with self.store.reading() as db:
            items = "SELECT task, outcome, detail FROM crawl_item WHERE list_contains(?, run_id) AND kind <> 'place'"
            return db.execute(items, [[*runs]]).fetchall()

    def check(self, night: Night) -> None:
        """Hold a night that is over against what the world says and the site has seen."""
        figures, items = self.figures, self._items(night)
        watched = [task.key for task in plan(load(self.disk.folder / "config.toml").listings())]
        tasks = list(dict.fromkeys([*watched, *(task for task, *_ in items)]))  # and own titles, once they are known
        figures.nights += 1
        figures.planned += len(tasks)
        figures.read += sum(outcome == "ok" for _, outcome, _ in items)
        figures.outcomes.update(outcome for _, outcome, _ in items)
        mean, variance = night.allowed(tasks)
        figures.expected += mean
        figures.variance += variance
        unsaid = [task for task, outcome, detail in items if outcome == "pending" or (outcome != "ok" and not detail)]
        unsaid += {*tasks} - {task for task, *_ in items}
        figures.gaps += [f"night {night.day}: {task}" for task in unsaid]
        seen = [each for each in self.site.seen[night.first :] if re.match(PAGES, each.path)]
        figures.requests += len(seen)
        figures.faults.update(each.fault for each in seen if each.fault and each.fault not in GOOD)
        since = night.kills[-1] if night.kills else 0.0
        given = {(each.marketplace, address(each.path)) for each in seen if each.at > since and each.fault in GOOD}
        unread = [task for task, outcome, _ in items if outcome != "ok"]
        lost = [task for task in unread if (task.split("/")[1], address_of(task)) in given]
        figures.lost += [f"night {night.day}: {task}" for task in lost]
        for at, stored in zip(night.kills, night.stored, strict=True):
            asked = {(each.marketplace, address(each.path)) for each in seen if each.at > at}
            twice = [task for task in stored if (task.split("/")[1], address_of(task)) in asked]
            figures.again += [f"night {night.day}: {task}" for task in twice]
        days = dict.fromkeys(self._runs(night), night.day)
        if len(days) != 1:
            figures.again.append(f"night {night.day} has {len(days)} runs")
        with self.store.reading() as db:
            figures.wrong += wrong_values(db, self.world, days)
            figures.gaps += lacking(db, self.world, days)


def soak(disk: Disk, nights: int, seed: int, tell: Callable[[Figures], None] = lambda _: None) -> Figures:
    """Crawl so many nights on ``disk``, and check everything after each.

    Args:
        tell: is told of every night that is over.
    """
    world = World(seed=seed, days=max(2, nights), start=FIRST_DAY)
    with serve(world) as site:
        all_of_it = Soak(disk, world, site, Random(seed))
        for day in range(nights):
            night = prepared(site, day, all_of_it.rng)
            text = configuration(world, site.base_urls, night)
            (disk.folder / "config.toml").write_text(text, encoding="utf-8")
            with reader(all_of_it.store.path, all_of_it.figures):
                all_of_it.crawl(night)
            all_of_it.check(night)
            tell(all_of_it.figures)
    return all_of_it.figures


@contextmanager
def reader(database: Path, figures: Figures) -> Iterator[None]:
    """Somebody who has the database open all the while, once there is one, and sees the same at its end."""
    if not database.exists():
        yield
        return
    looking = checks.started("tests.crash.look", "hold", database, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with looking as process:
        assert process.stdin and process.stdout
        before = process.stdout.readline()
        yield
        process.stdin.write(b"\n")
        process.stdin.close()
        figures.readers += 1
        if not before or process.stdout.readline() != before:
            figures.crashes.append("a reader does not see what it saw before")
