"""Charts in a real browser: every point that the database has and no other, gaps that are gaps, lines chosen, zoom
shared; and the pictures beneath, which are there before any script, on paper, and where there is none."""

import json
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from reports.page.plot import BETWEEN, apart
from reports.page.scale import linear, logarithmic, of_places
from tests.reports.browsing import watched
from tests.reports.sample import KEYWORDS, NIGHTS, TITLES

SHOWN = ("to_pay", "bsr", "new_reviews", "rating", "units", "share", "place_0", "map")
"""The chart of each topic that is seen first."""
OWN, OWN_DARK = "#0072b2", "#56b4e9"


def data(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.locator("#data").text_content() or "")
    return found


def seen(page: Page, key: str) -> None:
    """Scroll to a chart, which is drawn then."""
    figure = page.locator(f"[data-chart={key}]")
    figure.evaluate("f => f.scrollIntoView({ behavior: 'instant', block: 'center' })")
    page.locator(f"[data-chart={key}].drawn .canvas > div > svg").wait_for()


def drawn(page: Page, key: str) -> list[list[float | None]]:
    """The lines of a chart as ECharts holds them, by product and day."""
    seen(page, key)
    lines: list[list[float | None]] = page.evaluate(
        """key => echarts.getInstanceByDom(document.querySelector(`[data-chart=${key}] .canvas`)).getOption().series
            .filter(s => s.endLabel && s.endLabel.show).map(s => s.data.map(d => d === null ? null : d.value))""",
        key,
    )
    return lines


def own_lines(page: Page, key: str, colour: str = OWN) -> list[str]:
    """What the own line is drawn by."""
    paths = page.locator(f'[data-chart={key}] .canvas path[stroke="{colour}"][fill="none"][stroke-width="3.5"]')
    return [path.get_attribute("d") or "" for path in paths.all()]


def zoomed(page: Page, key: str) -> tuple[int, int]:
    """First and last day that a chart shows."""
    first, last = page.evaluate(
        """key => { const z = echarts.getInstanceByDom(document.querySelector(`[data-chart=${key}] .canvas`))
            .getOption().dataZoom[0]; return [z.startValue, z.endValue]; }""",
        key,
    )
    return int(first), int(last)


def runs(line: list[float | None]) -> list[int]:
    """Lengths of the runs of days that are known."""
    return [len([*group]) for known, group in groupby(line, lambda v: v is not None) if known]


SQL = """
SELECT asin, day, CASE WHEN currency = 'USD' THEN price END AS price, rank AS bsr, review_count, rating
FROM (
    SELECT *, timezone('America/Los_Angeles', observed_at)::DATE AS day FROM product_observation
    QUALIFY row_number() OVER (PARTITION BY asin, day ORDER BY observed_at DESC) = 1
) LEFT JOIN (SELECT fetch_id, rank FROM bsr_observation WHERE line = 1) USING (fetch_id)
"""


def test_nothing_moves_when_the_page_and_its_charts_come(desk: Page, phone: Page) -> None:
    """The first test of these pages: later ones draw more."""
    for page in (desk, phone):
        for key in SHOWN:
            seen(page, key)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("window.shifts") == 0
        assert page.locator(".plot.drawn").count() == len(SHOWN)


def test_points_are_those_of_the_database(desk: Page, spoken: Path) -> None:
    for key in ("price", "review_count"):
        desk.locator(f".turn select:has(option[value={key}])").select_option(key)
    with duckdb.connect(str(spoken / "sample.duckdb"), read_only=True) as con:
        rows = con.execute(SQL).fetchall()
    first = min(day for _, day, *_ in rows)
    order = desk.locator("#positions tbody .asin").all_text_contents()
    for column, key in enumerate(("price", "bsr", "review_count", "rating")):
        expected: list[list[float | None]] = [[None] * NIGHTS for _ in TITLES]
        for product, day, *values in rows:
            expected[order.index(product)][(day - first).days] = values[column] and float(values[column])
        assert drawn(desk, key) == expected, key
    for key in ("to_pay", "new_reviews"):
        desk.locator(f".turn select:has(option[value={key}])").select_option(key)


def test_new_reviews_count_from_the_first_count_and_ranks_have_the_best_on_top(desk: Page) -> None:
    counts = data(desk)["charts"]["review_count"]["lines"]
    first = [next(v for v in line if v is not None) for line in counts]
    expected = [[None if v is None else v - n for v in line] for n, line in zip(first, counts, strict=True)]
    assert drawn(desk, "new_reviews") == expected
    seen(desk, "bsr")
    axes = desk.evaluate(
        """() => ['bsr', 'new_reviews'].map(key => echarts.getInstanceByDom(
            document.querySelector(`[data-chart=${key}] .canvas`)).getOption().yAxis[0])
            .map(axis => [axis.type, axis.inverse])"""
    )
    assert axes == [["log", True], ["value", False]]
    tops = desk.locator("[data-chart=bsr] .static .y").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect().top)"
    )
    assert tops == sorted(tops), "the first tick, that of the best rank, is the highest"


def test_a_gap_is_a_gap_in_the_picture_and_in_the_chart(desk: Page) -> None:
    lines = drawn(desk, "to_pay")
    assert runs(lines[0]) == [17, 17], "the night that was blocked"
    assert [d.count("M") for d in own_lines(desk, "to_pay")] == [2]
    for n, line in enumerate(lines):
        look = "own" if n == 0 else f"c{n % 5}.d{n // 5 % 4}"
        path = desk.locator(f"[data-chart=to_pay] .static .line.{look}").get_attribute("d") or ""
        assert path.count("M") == sum(length > 1 for length in runs(line)), n
    lonely = sum(runs(line).count(1) for line in lines)
    dots = desk.locator("[data-chart=to_pay] .static .dot").evaluate_all(
        "all => all.map(d => d.getAttribute('d')).join('')"
    )
    assert dots.count("M") == lonely


def test_flags_are_marked_where_they_happened(desk: Page) -> None:
    told = [f for f in data(desk)["flags"] if f["topic"] == "bsr" and f["product"] >= 0]
    grave = {(f["product"], f["day"]) for f in told if f["product"] == 0 or f["severity"] != "low"}
    assert grave and len(desk.locator('[data-chart=bsr] .static use[href="#mark"]').all()) == len(grave)
    seen(desk, "bsr")
    marks = desk.evaluate(
        """() => echarts.getInstanceByDom(document.querySelector('[data-chart=bsr] .canvas')).getOption().series
            .flatMap(s => s.markPoint ? s.markPoint.data.map(m => [s.name, m.coord[0]].join()) : [])"""
    )
    assert len(set(marks)) == len(grave)


def test_own_actions_are_upright_lines_with_their_numbers(desk: Page) -> None:
    entries = desk.locator("#journal .acted")
    assert [each.get_attribute("data-entry") for each in entries.all()] == ["3", "2", "1"]
    assert [(act["name"], act["day"]) for act in data(desk)["acts"]] == [("1", 20), ("2", 22), ("3", 33)]
    for key in ("to_pay", "place_0"):
        seen(desk, key)
        figure = desk.locator(f"[data-chart={key}]")
        assert figure.locator(".static use[href='#acts']").count() == 1, "the picture has them, too"
        across = figure.evaluate(
            """f => {
                const chart = echarts.getInstanceByDom(f.querySelector('.canvas'));
                const left = f.querySelector('.canvas').getBoundingClientRect().left;
                const where = n => left + chart.convertToPixel({ xAxisIndex: 0 }, n);
                const texts = Array.from(f.querySelectorAll('.canvas text'));
                return [20, 22, 33].map((n, m) => {
                    const box = texts.find(t => t.textContent === String(m + 1) && t.getAttribute('fill') === '#0072b2')
                        .getBoundingClientRect();
                    return Math.abs((box.left + box.right) / 2 - where(n));
                });
            }"""
        )
        assert max(across) < 2, "above the day that first shows each"
    assert desk.locator("#acts line").count() == 3


def test_places_beyond_the_pages_stand_in_a_lane_of_their_own(desk: Page) -> None:
    raw = data(desk)["charts"]["place_0"]["lines"]
    assert drawn(desk, "place_0") == [[None if v is None or v < 0 else v for v in line] for line in raw]
    assert all(line[17] is None for line in raw), "the night that was blocked"
    once_a_week = sum(
        v is not None and v < 0 and m % 7 == n % 7 for n, line in enumerate(raw) for m, v in enumerate(line)
    )
    assert once_a_week and desk.locator('[data-chart=place_0] .static use[href="#beyond"]').count() == once_a_week


def test_the_map_has_who_has_both_values_and_names_the_others(desk: Page) -> None:
    seen(desk, "map")
    spots = data(desk)["map"]["spots"]
    assert desk.locator(".map .static circle.spot").count() == len(spots) > 5
    absent = desk.locator(".unmapped li b").all_text_contents()
    assert len(spots) + len(absent) == len(TITLES)
    assert desk.locator(".unmapped li", has_text="R3").locator(".why").text_content() == "out of stock"


def test_lines_are_chosen_with_a_list_or_one_by_one(desk: Page) -> None:
    seen(desk, "to_pay")
    lines = """() => Array.from(document.querySelectorAll('[data-chart=to_pay] .canvas path[fill=none]'))
        .filter(p => ['1.4', '3.5'].includes(p.getAttribute('stroke-width'))).length"""
    every = desk.evaluate(lines)
    assert every == len(TITLES)
    desk.locator("#against").select_option("own")
    pressed = desk.locator("#products button[aria-pressed=true]")
    assert pressed.count() == 1 and desk.evaluate(lines) == 1
    desk.locator("#against").select_option("4")
    assert pressed.all_text_contents()[1].startswith("R4")
    desk.locator("#products button").nth(2).focus()
    desk.keyboard.press("Space")
    assert pressed.count() == 3 and desk.locator("#against").input_value() == "some"
    desk.locator("#against").select_option("all")
    assert pressed.count() == len(TITLES) and desk.evaluate(lines) == every
    desk.locator("#products button").nth(2).blur()


def test_zoom_is_shared_and_works_by_keyboard(desk: Page) -> None:
    seen(desk, "to_pay")
    seen(desk, "bsr")
    last = NIGHTS - 1
    desk.get_by_role("button", name="7 d", exact=True).click()
    assert zoomed(desk, "to_pay") == zoomed(desk, "bsr") == (last - 6, last)
    seen(desk, "rating")
    assert zoomed(desk, "rating") == (last - 6, last), "one that is drawn later, too"
    desk.locator("#first").focus()
    desk.keyboard.press("ArrowLeft")
    desk.locator("#last").focus()
    desk.keyboard.press("PageDown")
    first, end = zoomed(desk, "bsr")
    assert first == last - 7 and end < last and zoomed(desk, "to_pay") == (first, end)
    assert desk.locator("#last").get_attribute("aria-valuetext") == data(desk)["days"][end]
    assert desk.locator("#periods [aria-pressed=true]").count() == 0
    desk.locator(f"#periods [data-span='{NIGHTS}']").click()


def test_pointing_brings_a_line_out_and_tells_the_day(desk: Page) -> None:
    seen(desk, "to_pay")
    box = desk.locator("[data-chart=to_pay] .canvas").bounding_box()
    ends = own_lines(desk, "to_pay")[0].replace("M", " ").replace("L", " ").split()
    assert box
    for step in (0, 1):
        desk.mouse.move(box["x"] + float(ends[-2]) - step, box["y"] + float(ends[-1]))
    tip = desk.locator("[data-chart=to_pay] .tip")
    tip.wait_for()
    rows = tip.locator(".row").all_text_contents()
    assert "near" in (tip.locator(".row").first.get_attribute("class") or "")
    assert rows[0].startswith("You Hearth") and rows[0].endswith("$34.95")
    assert tip.locator("script, img").count() == 0
    faint = desk.locator('[data-chart=to_pay] .canvas path[fill="none"][stroke-opacity="0.12"]')
    assert faint.count() > len(TITLES) / 2
    desk.locator("#products button").first.hover()
    tip.wait_for(state="hidden")
    desk.mouse.move(0, 0)


def read_aloud(page: Page, *keys: str) -> str:
    """What is said when these keys are pressed on the first chart."""
    seen(page, "to_pay")
    page.locator("[data-chart=to_pay] .canvas").focus()
    for key in keys:
        page.keyboard.press(key)
    page.locator("[data-chart=to_pay] .tip").wait_for()
    return page.locator("#said").text_content() or ""


def test_the_keyboard_reads_a_chart_day_by_day(desk: Page, chromium: Browser, spoken: Path) -> None:
    said = read_aloud(desk, "End", "ArrowLeft")
    assert all(text in said for text in ("Sat 14 Mar", "You ", "$34.95")), said
    assert desk.locator("[data-chart=to_pay] figcaption bdi").text_content() == "Price to pay"
    desk.keyboard.press("Escape")
    with watched(chromium, spoken / "zh_CN" / "report.html", viewport={"width": 1440, "height": 900}) as page:
        said = read_aloud(page, "ArrowLeft")
        assert all(text in said for text in ("3月14日", "US$34.95")), said
        assert page.locator("[data-chart=to_pay] figcaption bdi").text_content() == "到手价"


def test_charts_and_pictures_follow_the_colours(desk: Page, phone: Page) -> None:
    for page, own, other in ((desk, OWN, OWN_DARK), (phone, OWN_DARK, OWN)):
        seen(page, "to_pay")
        stroke = "e => getComputedStyle(e).stroke"
        pictured = page.locator("[data-chart=to_pay] .static .line.own").evaluate(stroke)
        assert own_lines(page, "to_pay", own) and not own_lines(page, "to_pay", other)
        page.locator("#theme").click()
        assert own_lines(page, "to_pay", other) and not own_lines(page, "to_pay", own)
        assert page.locator("[data-chart=to_pay] .static .line.own").evaluate(stroke) != pictured
        page.locator("#theme").click()


def test_paper_has_the_pictures(desk: Page) -> None:
    seen(desk, "to_pay")
    desk.emulate_media(media="print")
    picture = desk.locator("[data-chart=to_pay] .static")
    assert picture.evaluate("e => getComputedStyle(e).visibility") == "visible"
    assert not desk.locator("[data-chart=to_pay] .canvas").is_visible()
    assert [desk.locator(f"[data-chart=place_{n}]").is_visible() for n in range(len(KEYWORDS))] == [True] * len(
        KEYWORDS
    )
    assert not desk.locator("#controls").is_visible() and not desk.locator("[data-chart=price]").is_visible()
    desk.emulate_media(media="screen")


def test_without_scripts_there_is_a_picture_of_every_chart_and_tables_are_plain(
    chromium: Browser, files: tuple[Path, Path]
) -> None:
    with watched(chromium, files[0], java_script_enabled=False) as page:
        pictures = page.locator(".plot .static")
        assert pictures.count() == len(SHOWN) + 3 + len(KEYWORDS) - 1
        assert all(picture.is_visible() for picture in pictures.all())
        assert not page.locator("#controls").is_visible()
        assert all(
            "Price" in (p.get_attribute("aria-label") or "")
            for p in page.locator("[data-topic=price] .static").all()[:1]
        )
        assert page.locator("#positions tbody tr").count() == len(TITLES)
        assert page.locator("#positions thead button").count() == 0
        assert page.locator(".tools:visible, #theme:visible").count() == 0


def test_axes_have_round_ticks_around_the_values() -> None:
    assert linear([12.3, 87.1]).ticks == (0, 20, 40, 60, 80, 100)
    assert linear([4.1, 4.4]).ticks == (4.1, 4.2, 4.3, 4.4)
    assert linear([3, 3], whole=True).ticks == (2, 3, 4)
    assert linear([0.0, 0.0]).low == 0
    ranks = logarithmic([7, 31000], upside_down=True)
    assert (ranks.low, ranks.high) == (5, 50000) and ranks.ticks == (10, 100, 1000, 10000)
    assert logarithmic([1]).low == 1
    assert ranks.down(5) == 0 and ranks.down(50000) == 1 and 0 < ranks.down(7) < ranks.down(31000) < 1
    scale, lane = of_places([3, 40], 48)
    assert scale.low == 1 and max(scale.ticks) <= 48 < lane < scale.high


def test_names_are_moved_apart_and_not_farther_than_needed() -> None:
    assert apart([10, 50, 90]) == [10, 50, 90]
    assert apart([50, 50]) == pytest.approx([50 - BETWEEN / 2, 50 + BETWEEN / 2])
    crowd = apart([100] * 21)
    assert crowd[-1] == 100 and min(b - a for a, b in pairwise(crowd)) == pytest.approx(BETWEEN)
    assert apart([]) == []
