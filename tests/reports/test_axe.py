"""What keeps people from using the pages, as axe-core finds it (its rules for WCAG 2.2 and good practice): nothing."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.reports.browsing import THIN, watched


def found(page: Page, *rules: str) -> list[tuple[str, str, list[Any]]]:
    """Rule, impact and places of each finding, by default of every rule."""
    page.evaluate(THIN)
    only = {"runOnly": rules} if rules else {}
    told = Axe().run(page, options={"resultTypes": ["violations"], **only}).response
    assert rules or {"color-contrast", "button-name"} <= {rule["id"] for rule in told["passes"]}
    return [(each["id"], each["impact"], [n["target"] for n in each["nodes"]][:3]) for each in told["violations"]]


def test_nothing_of_the_report_keeps_anybody_out(desk: Page, phone: Page) -> None:
    assert found(desk) == []
    assert found(phone) == []


def test_nothing_of_the_overview_does(overview: Page) -> None:
    assert found(overview) == []
    overview.set_viewport_size({"width": 390, "height": 900})
    overview.emulate_media(color_scheme="dark")
    overview.locator("#theme[aria-pressed=true]").wait_for()
    assert found(overview) == []


def test_nothing_of_the_check_list_and_the_review_does(chromium: Browser, files: tuple[Path, Path]) -> None:
    for name, scheme in (("checklist.html", "dark"), ("review.html", "light")):
        small = {"width": 390, "height": 900}
        with watched(chromium, files[0].with_name(name), viewport=small, color_scheme=scheme) as page:
            assert found(page) == []


def test_it_would_be_found(overview: Page) -> None:
    overview.evaluate("document.querySelector('#theme').removeAttribute('aria-label')")
    overview.evaluate("document.querySelector('#theme').removeAttribute('title')")
    overview.evaluate("document.querySelector('#theme').textContent = ''")
    overview.emulate_media(color_scheme="dark")
    overview.evaluate("document.querySelector('h1').style.color = '#333'")
    told = found(overview, "button-name", "color-contrast")
    assert sorted(rule for rule, *_ in told) == ["button-name", "color-contrast"]
