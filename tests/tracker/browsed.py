"""`python -m tests.tracker.browsed FOLDER`: crawls with the browser, one after the other in one process, for the tests.

The site runs in a thread beside them. What they left is in FOLDER's database, what the site was asked in seen.json.
"""

import json
import sys
from pathlib import Path

from spiders import pages
from spiders.lacking import lacking
from tracker import crawl as crawling
from tracker.config import load
from tracker.demo import pages as demo_pages
from tracker.demo.faults import PRICE_PLACES
from tracker.demo.run import FIRST_DAY
from tracker.demo.site import Site, serve
from tracker.demo.world import World

WORLD = World(seed=3, days=2, start=FIRST_DAY)
LISTING = WORLD.listings[0]


def losing_their_price() -> list[str]:
    """Products of the listing whose page of the first night lacks its price when that has other names."""
    asked = [(asin, demo_pages.product(WORLD, LISTING.marketplace, asin, 0)) for asin in LISTING.rivals]
    return [
        asin
        for asin, page in asked
        if lacking(pages.read(PRICE_PLACES.sub(r"next_\1", page), marketplace=LISTING.marketplace)) == ("price",)
    ]


BY_SCRIPT, MOVED, PLAIN, *_ = losing_their_price()


def configuration(folder: Path, url: str, **crawl: object) -> Path:
    """config.toml for three products."""
    path = folder / "config.toml"
    keys = "".join(f"{key} = {json.dumps(value)}\n" for key, value in ({"delay": 0, "concurrency": 1} | crawl).items())
    path.write_text(
        f'[crawl]\n{keys}[marketplaces."{LISTING.marketplace}"]\nbase_url = "{url}"\n'
        f'[[listing]]\nname = "own"\nmarketplace = "{LISTING.marketplace}"\nasin = "{BY_SCRIPT}"\n'
        f"rivals = {json.dumps([MOVED, PLAIN])}\n",
        encoding="utf-8",
    )
    return path


async def _all(folder: Path, site: Site) -> dict[str, list[str]]:
    seen: dict[str, list[str]] = {}

    async def run(trigger: str, **crawl: object) -> None:
        before = len(site.seen)
        config = load(configuration(folder, site.base_urls[LISTING.marketplace], **crawl))
        await crawling.run(config, trigger=trigger)
        seen[trigger] = [each.path for each in site.seen[before:]]

    site.add_fault("price_by_script", path=f"/dp/{BY_SCRIPT}")
    site.add_fault("price_moved", path=f"/dp/{MOVED}")
    await run("never", browser="never")
    await run("fallback", browser="fallback")
    await run("no browser", browser="fallback", chromium=str(folder / "none"))
    site.set_faults("price_by_script", path=f"/dp/{BY_SCRIPT}")
    site.add_fault("truncated", path=f"/dp/{MOVED}")
    await run("always", browser="always", budget=len(site.seen) + 3, retries=0)
    site.set_faults("robots")
    await run("robots", browser="always")
    return seen


def main(folder: Path) -> None:
    """See the module."""
    with serve(WORLD) as site:
        seen = crawling.run_to_end(lambda: _all(folder, site))
    (folder / "seen.json").write_text(json.dumps(seen))


if __name__ == "__main__":
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]  # as the command does, see tracker.__main__
    main(Path(sys.argv[1]))
