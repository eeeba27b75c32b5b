"""Worlds of the demo of which less is watched: what a test asks of a crawl seldom takes all of their pages."""

from dataclasses import replace

from tracker.demo.corner import Watched
from tracker.demo.world import World

RIVALS, KEYWORDS = 4, 2


class Small(World):
    """A world with four rivals and two keywords of each listing watched; it sells and ranks all the others, too."""

    @property
    def listings(self) -> list[Watched]:
        return [replace(w, rivals=w.rivals[:RIVALS], keywords=w.keywords[:KEYWORDS]) for w in super().listings]
