"""The report in a real browser, as a file: it draws what the data say, asks the network for nothing, fits a phone."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.reports.sample import KEYWORDS, NIGHTS, OWN, TITLES, write

PLOTS = 4 + len(KEYWORDS)
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Report and overview of the sample listing."""
    return write(tmp_path_factory.mktemp("sample"))


@contextmanager
def watched(browser: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """A page that shows ``file``, and complains of any error, message or request when it is closed."""
    troubles: list[str] = []
    context = browser.new_context(**options)
    page = context.new_page()
    page.on("console", lambda message: troubles.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("request", lambda asked: troubles.append(asked.url) if asked.url != file.as_uri() else None)
    page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert not troubles


@pytest.fixture
def opened(chromium: Browser, files: tuple[Path, Path]) -> Iterator[Open]:
    """Opens the report (or the overview) for one test."""
    with ExitStack() as stack:

        def open_page(
            *, width: int = 1440, scheme: str = "light", overview: bool = False, scripts: bool = True
        ) -> Page:
            screen = {"width": width, "height": 900}
            page = watched(chromium, files[overview], viewport=screen, color_scheme=scheme, java_script_enabled=scripts)
            return stack.enter_context(page)

        yield open_page


@pytest.fixture(scope="module")
def desk(chromium: Browser, files: tuple[Path, Path]) -> Iterator[Page]:
    """The report on a large screen, for tests that only look."""
    with watched(chromium, files[0], viewport={"width": 1440, "height": 900}, color_scheme="light") as page:
        yield page


def data(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.locator("#data").text_content() or "")
    return found


def drawn(page: Page, plot: int) -> list[dict[str, Any]]:
    """The lines of a chart as ECharts holds them: name, data, marks."""
    lines: list[dict[str, Any]] = page.evaluate(
        """n => echarts.getInstanceByDom(document.querySelectorAll('.plot .canvas')[n]).getOption().series.map(s => ({
            name: s.name, data: s.data, connect: s.connectNulls, marks: s.markPoint ? s.markPoint.data.length : 0}))""",
        plot,
    )
    return lines


def circles(page: Page, plot: int, colour: str) -> int:
    """Points of one colour really in the picture."""
    count: int = page.locator(".plot .canvas").nth(plot).locator(f'svg path[fill="{colour}"]').count()
    return count


def test_charts_draw_every_point_and_leave_holes_where_days_are_missing(desk: Page) -> None:
    assert desk.locator(".plot .canvas svg").count() == PLOTS
    metrics = data(desk)["metrics"]
    for plot, name in enumerate(("price", "bsr", "rating")):
        lines = drawn(desk, {"price": 0, "bsr": 1, "rating": 3}[name])
        assert [line["data"] for line in lines] == metrics[name], plot
        assert not any(line["connect"] for line in lines)
    own = metrics["price"][0]
    assert len(own) == NIGHTS and own.count(None) == 1, "the night that was blocked"
    assert circles(desk, 0, "#0072b2") == NIGHTS - 1


def test_a_line_is_broken_at_a_missing_day(desk: Page) -> None:
    strokes = desk.locator(".plot .canvas").nth(0).locator('svg path[stroke="#0072b2"][fill="none"]')
    assert [
        (d.get_attribute("d") or "").count("M") for d in strokes.all() if d.get_attribute("stroke-width") == "3.5"
    ] == [2]


def test_new_reviews_count_from_the_first_day_seen(desk: Page) -> None:
    counts = data(desk)["metrics"]["review_count"]
    for line, stored in zip(drawn(desk, 2), counts, strict=True):
        first = next(v for v in stored if v is not None)
        assert line["data"] == [None if v is None else v - first for v in stored]


def test_ranks_are_drawn_best_on_top(desk: Page) -> None:
    axes = desk.evaluate(
        """() => Array.from(document.querySelectorAll('.plot .canvas')).map(c => {
            const axis = echarts.getInstanceByDom(c).getOption().yAxis[0];
            return [axis.type, Boolean(axis.inverse)]; })"""
    )
    assert axes == [["value", False], ["log", True], ["value", False], ["value", False]] + [["value", True]] * len(
        KEYWORDS
    )


def test_places_beyond_the_pages_have_their_own_lane_and_unread_nights_none(desk: Page) -> None:
    keywords = data(desk)["keywords"]
    for n, keyword in enumerate(keywords):
        lines = drawn(desk, 4 + n)
        places = [line["data"] for line in lines if line["data"] in keyword["organic"]]
        assert [p for p in places if any(p)] == [p for p in keyword["organic"] if any(p)]
        unread = [day for day in range(NIGHTS) if all(p[day] is None for p in keyword["organic"])]
        assert 17 in unread
        assert all(line["data"][day] is None for line in lines for day in unread)


def test_flags_are_marked_on_their_charts(desk: Page) -> None:
    flags = data(desk)["flags"]
    marks = sum(line["marks"] for line in drawn(desk, 1))
    assert marks == sum(f["chart"] == "bsr" for f in flags) > 0


def test_products_and_periods_can_be_chosen(opened: Open) -> None:
    page = opened()
    buttons = page.locator("#products button[aria-pressed]")
    assert buttons.count() == len(TITLES)
    assert buttons.evaluate_all("all => all.every(b => b.getAttribute('aria-pressed') === 'true')")
    before = circles(page, 0, "#009e73")
    page.get_by_role("button", name="R1 AmberPeak").click()
    assert page.get_by_role("button", name="R1 AmberPeak").get_attribute("aria-pressed") == "false"
    assert circles(page, 0, "#009e73") < before
    page.get_by_role("button", name="Only mine").click()
    assert circles(page, 0, "#009e73") == 0 and circles(page, 0, "#0072b2") > 0
    page.get_by_role("button", name="All", exact=True).click()
    assert circles(page, 0, "#009e73") == before
    page.get_by_role("button", name="Last 7 days").click()
    assert circles(page, 0, "#0072b2") == 7


def test_the_keyboard_reaches_the_buttons_and_keeps_its_place(opened: Open) -> None:
    page = opened()
    own = page.locator("#products button[aria-pressed]").first
    own.focus()
    page.keyboard.press("Enter")
    assert own.get_attribute("aria-pressed") == "false"
    assert page.evaluate("document.activeElement.textContent").startswith("You ")


def test_the_tooltip_shows_the_day_with_the_own_listing_first(opened: Open) -> None:
    page = opened()
    plot = page.locator(".plot .canvas").nth(0)
    plot.scroll_into_view_if_needed()
    plot.hover(position={"x": 300, "y": 150})
    tip = page.locator(".tip").first
    tip.wait_for()
    rows = tip.locator(".row").all_text_contents()
    assert rows[0].startswith("You Hearth") and "$34.95" in rows[0]
    assert tip.locator("script, img").count() == 0


def test_evidence_opens(opened: Open) -> None:
    page = opened()
    first = page.locator(".flag").first
    assert not first.locator("pre").is_visible()
    first.get_by_text("Evidence").click()
    assert first.locator("pre").is_visible()
    assert "SELECT" in (first.locator("pre").text_content() or "")


def test_older_flags_and_gaps_unfold(opened: Open) -> None:
    page = opened()
    for name in ("details.older", "details.gaps"):
        details = page.locator(name)
        details.locator("> summary").click()
        assert details.evaluate("d => d.open")
        assert details.bounding_box()


@pytest.mark.parametrize("overview", [False, True], ids=["report", "overview"])
@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_nothing_is_wider_than_the_screen(opened: Open, width: int, overview: bool) -> None:
    page = opened(width=width, overview=overview)
    for details in page.locator("details").all():
        details.evaluate("d => { d.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    outside = page.evaluate(
        """() => Array.from(document.querySelectorAll('h1, h2, .say, .tiles li, .flag, .card, figure, .strips'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.className || e.tagName)"""
    )
    assert outside == []


def test_a_phone_shows_a_card_per_product_with_every_column_named(opened: Open) -> None:
    page = opened(width=390)
    assert not page.locator(".position thead").is_visible()
    cells = page.locator(".position tr.own td")
    assert cells.count() == 9
    named = cells.evaluate_all("all => all.map(c => getComputedStyle(c, '::before').content)")
    assert "Price" in named[0]


def test_the_dark_scheme_is_dark_and_its_charts_too(desk: Page, opened: Open) -> None:
    dark = opened(scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert (desk.evaluate(ground), dark.evaluate(ground)) == ("rgb(245, 246, 248)", "rgb(16, 19, 23)")
    assert circles(dark, 0, "#56b4e9") == circles(desk, 0, "#0072b2") == NIGHTS - 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_are_readable(opened: Open, scheme: str) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.2, AA) between every text and what lies behind it."""
    page = opened(scheme=scheme)
    poor = page.evaluate(
        """() => {
            const parts = (c) => c.match(/[\\d.]+/g).map(Number);
            const light = (c) => { const [r, g, b] = parts(c).slice(0, 3).map((v) => {
                const s = v / 255; return s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4); });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const behind = (e) => { for (; e; e = e.parentElement) {
                const c = getComputedStyle(e).backgroundColor; const p = parts(c);
                if (p.length < 4 || p[3] > 0) return c; } return 'rgb(255, 255, 255)'; };
            return Array.from(document.querySelectorAll('body *')).filter((e) => !e.closest('svg, script, .canvas')
                && Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim())
                && e.getClientRects().length).map((e) => {
                const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
                return [(a + 0.05) / (b + 0.05), e.className || e.tagName, e.textContent.trim().slice(0, 30)];
            }).filter(([ratio]) => ratio < 4.5);
        }"""
    )
    assert poor == []


def test_printing_unfolds_everything_and_fits_the_paper(opened: Open) -> None:
    page = opened()
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") in range(5, 15)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.older").evaluate("d => d.open")
    assert not page.locator("nav").is_visible() and not page.locator("#periods").is_visible()
    assert page.locator(".plot .canvas svg").count() == PLOTS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.locator("details.older").evaluate("d => d.open")


def test_without_scripts_the_tables_tell_the_story(opened: Open) -> None:
    page = opened(scripts=False)
    assert page.get_by_text("The charts need JavaScript").is_visible()
    assert page.locator(".position tbody tr").count() == len(TITLES)
    assert not page.locator(".plot").first.is_visible()
    assert page.locator(".strip rect").count() == NIGHTS * len(TITLES)


def test_the_overview_leads_to_the_report(opened: Open) -> None:
    page = opened(overview=True)
    assert page.locator(".card").count() == 2
    links = page.locator(".card h2 a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links == ["report.html", "report.html"]
    assert page.locator(".card").first.locator(".flag.high").count() >= 3


def test_the_own_listing_comes_first_everywhere(desk: Page) -> None:
    for table in (".position", ".matrix", ".strips"):
        assert desk.locator(f"{table} tbody tr").first.locator(".chip").text_content() == "You"
    assert desk.locator(".position tbody tr").first.locator(".asin").text_content() == OWN
