"""How large a report is, and how soon it is seen: `python -m tests.benchmarks.page`.

Makes a store of one listing with twenty rivals (see made_store.py), judges it, and renders its report of 90 days. Told
are the bytes of the file, how many of them are which part, and how long the page and its section of charts take to
make. Then headless Chromium opens the file several times on a large screen and on a phone: milliseconds until the first
contentful paint; until the first chart is drawn, scrolled to; until the others are, scrolled through one by one; the
layout shift score of all that; and how many points were drawn, against those of the report.
"""

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from reports.flags import Rules
from reports.judging import ALL, judge
from reports.page.chart import charts
from reports.page.render import render
from reports.period import Asked
from reports.report import Report, Reports
from spiders.browser import launch_options
from storage.judged import keep
from storage.store import Store
from tests.benchmarks.made_store import Size, build, last_night

LISTING = "listing-0"
SCREENS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shifts += e.value; }))
  .observe({ type: 'layout-shift', buffered: true });
"""
DRAWN = """async (all) => {
  const began = performance.now();
  const figures = Array.from(document.querySelectorAll('.plot')).filter((f) => f.offsetParent);
  for (const figure of all ? figures : figures.slice(0, 1)) {
    figure.scrollIntoView({ behavior: 'instant' });
    while (!figure.classList.contains('drawn')) await new Promise(requestAnimationFrame);
  }
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began; }"""
POINTS = """() => Array.from(document.querySelectorAll('.plot:not(.map).drawn .canvas')).map((canvas) => [
  canvas.closest('.plot').dataset.chart, echarts.getInstanceByDom(canvas).getOption().series
    .filter((s) => s.endLabel && s.endLabel.show).flatMap((s) => s.data).filter(Boolean).length])"""


def made(folder: Path, days: int) -> Report:
    """The report of a listing of a store made up."""
    store = Store(folder / "tracker.duckdb")
    size = Size(days=days + 30, asins=21, crawls=1, keywords=5, keyword_days=days + 30)
    for _ in build(store, size):
        pass
    last_night(store, size)
    store.merge()
    with store.writing() as con:
        keep(con, judge(con, Rules(), {LISTING: ALL}))
    with store.reading() as con:
        return Reports(con).of(LISTING, Asked(count=days))


def seen(browser: Browser, file: Path, screen: Any) -> tuple[dict[str, float], dict[str, int]]:
    """Milliseconds until things are seen, and the points drawn by chart."""
    page = browser.new_page(viewport=screen)
    page.add_init_script(SHIFTS)
    page.goto(file.as_uri())
    found = {
        "first contentful paint": page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    }
    found["first chart drawn, scrolled to"] = page.evaluate(DRAWN, False)
    found["the other charts drawn, scrolled through"] = page.evaluate(DRAWN, True)
    found["layout shift score"] = page.evaluate("window.shifts")
    points = dict(page.evaluate(POINTS))
    page.close()
    return found, points


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.page", description=__doc__)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="write the page there")
    told = parser.parse_args()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = made(Path(folder), told.days)
        took = [_timed(lambda: render(report)) for _ in range(told.times)]
        html = took[0][1]
        file = told.keep or Path(folder) / "report.html"
        file.write_text(html, encoding="utf-8")
        products, marks = len(report.comparison.products), len(report.marks)
        print(f"{products} products, {told.days} days, {len(report.comparison.keywords)} keywords, {marks} flags")
        for part, size in _parts(html).items():
            print(f"  {part:40}{size / 1e3:>10,.1f} kB")
        print(f"  {'rendered from the report, best':40}{min(seconds for seconds, _ in took) * 1e3:>10,.0f} ms")
        known = {c.key: sum(v is not None for line in c.lines for v in line) for c in charts(report)}
        browser = playwright.chromium.launch(**launch_options())
        for name, screen in SCREENS.items():
            runs = [seen(browser, file, screen) for _ in range(told.times)]
            print(f"{name} ({screen['width']} x {screen['height']}), best and median of {told.times}")
            for what in runs[0][0]:
                values = [run[what] for run, _ in runs]
                digits = 4 if "score" in what else 0
                print(f"  {what:40}{min(values):>10,.{digits}f}{median(values):>10,.{digits}f}")
            drawn = runs[0][1]
            wrong = {key: (count, known[key]) for key, count in drawn.items() if count != known[key]}
            verdict = f"WRONG: {wrong}" if wrong else "as many as are known"
            print(f"  {'points drawn':40}{sum(drawn.values()):>10,}, {verdict}")
        browser.close()
    sys.exit(bool(wrong))


def _timed(work: Callable[[], str]) -> tuple[float, str]:
    began, result = time.perf_counter(), work()
    return time.perf_counter() - began, result


def _parts(html: str) -> dict[str, int]:
    """Bytes of the page and of its parts."""
    pictures = re.findall(r'<svg class="static".*?</svg></svg>|<svg class="static".*?</text></svg>', html, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    data = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)
    parts = {"page": [html], "of it scripts": scripts, "of it data of the charts": data, "of it pictures": pictures}
    sizes = {name: sum(len(text.encode()) for text in texts) for name, texts in parts.items()}
    assert json.loads(data[0])
    return sizes | {"page, compressed by gzip": len(gzip.compress(html.encode(), 9))}


if __name__ == "__main__":
    main()
