"""Two nights of the simulated marketplace, crawled for configured places: `python -m tests.tracker.visits FOLDER`.

The site takes every visitor for one from elsewhere who has not chosen a postal code. On the first night it takes every
code; on the second it does not in Germany, and robots.txt of Japan forbids all. The second is asked for in other money
in America, and in another language in Germany. Prints what the runs told, as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tracker import crawl
from tracker.config import Config, load
from tracker.demo.run import FIRST_DAY
from tracker.demo.site import Site, serve
from tracker.demo.world import World

CODES = {"com": "60601", "de": "20095", "co.jp": "390-0811"}
ABROAD = {"com": ("Netherlands", "EUR"), "de": ("Schweiz", "USD"), "co.jp": ("アメリカ合衆国", "USD")}
CHOSEN: list[dict[str, dict[str, str]]] = [{}, {"com": {"currency": "EUR"}, "de": {"language": "en-GB"}}]
"""By night, what is configured of a marketplace beside its postal code."""


def world() -> World:
    return World(seed=5, days=4, start=FIRST_DAY)


def configured(folder: Path, world: World, site: Site, night: int) -> Config:
    """One listing per marketplace, with a rival and a keyword."""
    text = ["[crawl]\npages = 1\ndelay = 0\nretries = 0\nblock_pause = 0\n"]
    for code, url in site.base_urls.items():
        chosen = {"base_url": url, "postal_code": CODES[code]} | CHOSEN[night].get(code, {})
        text.append(f'[marketplaces."{code}"]\n' + "".join(f'{key} = "{value}"\n' for key, value in chosen.items()))
        listing = next(each for each in world.listings if each.marketplace == code)
        text.append(
            f'[[listing]]\nname = "{code}"\nmarketplace = "{code}"\nasin = "{listing.asin}"\n'
            f'rivals = ["{listing.rivals[0]}"]\nkeywords = {json.dumps(listing.keywords[:1], ensure_ascii=False)}\n'
        )
    path = folder / "config.toml"
    path.write_text("\n".join(text), encoding="utf-8")
    return load(path)


async def nights(folder: Path) -> list[dict[str, Any]]:
    """Crawl both nights; what each run told."""
    told = []
    with serve(made := world()) as site:
        for code, place in ABROAD.items():
            site.set_origin(code, *place)
        for night in range(2):
            site.set_day(night)
            if night:
                site.set_faults("404", path="/portal-migration/hz/glow/address-change", marketplace="de")
                site.add_fault("robots", marketplace="co.jp")
            config = configured(folder, made, site, night)
            at = made.now(night)
            summary = await crawl.run(config, trigger="demo", clock=lambda at=at: at)  # type: ignore[misc]
            told.append({"elsewhere": summary.elsewhere, "planned": summary.planned, "complete": summary.complete})
    return told


if __name__ == "__main__":
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]  # as the command does, see tracker.__main__
    print(json.dumps(crawl.run_to_end(lambda: nights(Path(sys.argv[1])))))
