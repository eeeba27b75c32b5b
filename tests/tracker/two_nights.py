"""`python -m tests.tracker.two_nights FOLDER`: crawl one listing of a simulated marketplace on two nights."""

import sys
from pathlib import Path

from tests.small import Small
from tracker import crawl
from tracker.config import load
from tracker.demo.run import FIRST_DAY, configuration
from tracker.demo.site import serve

ROOT = Path(__file__).parents[2]
WORLD = Small(seed=3, days=14, start=FIRST_DAY)
LISTING = WORLD.listings[0]
DAYS = (4, 5)


def main(folder: Path) -> None:
    """Write the configuration, and crawl."""
    with serve(WORLD) as site:
        (folder / "config.toml").write_text(configuration(WORLD, site.base_urls), encoding="utf-8")
        config = load(folder / "config.toml")

        async def nights() -> None:
            for day in DAYS:
                site.set_day(day)
                assert (await crawl.run(config, trigger="manual", names=[LISTING.name])).complete

        crawl.run_to_end(nights)


if __name__ == "__main__":
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]  # as the command does, see tracker.__main__
    main(Path(sys.argv[1]))
