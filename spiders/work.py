"""What is left to ask one marketplace for, in which order, and whether to go on at all."""

from collections import deque
from collections.abc import Iterator

from spiders.tasks import Task
from storage.model import Outcome


class Work:
    """The work on one marketplace.

    What is given out and not done is under way. What failed is asked for once more when all else has been asked for,
    as far as that may help. After ``block_limit`` bot checks in a row comes a pause and one try; when that meets a bot
    check, too, or as many follow later, the work is over.
    """

    def __init__(self, block_limit: int) -> None:
        self._tasks: deque[Task] = deque()
        self._later: deque[Task] = deque()
        self._failed_once: set[str] = set()
        self._under_way = 0
        self._blocks = 0
        self._block_limit = block_limit
        self._paused = False
        self._trying = False
        self._before_pause = 0
        """Requests under way that were made before the pause: what comes of them is not the try after it."""
        self.over: tuple[Outcome, str] | None = None
        """Why nothing more is asked for: outcome and detail of what is left."""

    def add(self, task: Task) -> None:
        """One more task, at the end."""
        self._tasks.append(task)

    def add_next(self, task: Task) -> None:
        """One more task, to be asked for before all others."""
        self._tasks.appendleft(task)

    def take(self, at_once: int) -> Task | None:
        """The next task, unless ``at_once`` are under way or none is left."""
        if self.over or self._under_way >= (1 if self._trying else at_once):
            return None
        tasks = self._tasks or self._later
        if not tasks:
            return None
        self._under_way += 1
        return tasks.popleft()

    def done(self, task: Task, outcome: Outcome) -> bool:
        """Note what came of a task under way; returns whether that is its last word.

        A task that failed comes again, at the end; but only once.
        """
        self._under_way -= 1
        self._before_pause = max(0, self._before_pause - 1)
        if outcome.final or outcome.unasked or task.key in self._failed_once:
            return True
        self._failed_once.add(task.key)
        self._later.append(task)
        return False

    def asked_again(self, task: Task) -> bool:
        """Whether the task failed before, and has an outcome from then."""
        return task.key in self._failed_once

    def blocked(self) -> bool:
        """Note a bot check; returns whether the marketplace is to be left alone for a while now."""
        self._blocks += 1
        if self._before_pause or (self._blocks < self._block_limit and not self._trying):
            return False
        if self._paused:
            self.over = self.over or (Outcome.SKIPPED, f"bot checks, {self._block_limit} in a row and again later")
            return False
        self._paused = self._trying = True
        self._before_pause = self._under_way
        return True

    def answered(self) -> None:
        """Note a page without a bot check."""
        self._blocks = self._before_pause = 0
        self._trying = False

    def left(self) -> Iterator[tuple[Task, bool]]:
        """Empty the work: what is left of it, and whether it has been asked for before."""
        while self._tasks:
            yield self._tasks.popleft(), False
        while self._later:
            yield self._later.popleft(), True
