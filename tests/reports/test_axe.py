"""What keeps people from using the pages, as axe-core finds it (its rules for WCAG 2.2 and good practice): nothing."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.reports.browsing import Open


def found(page: Page) -> list[tuple[str, str, list[Any]]]:
    """Rule, impact and places of each finding."""
    told = Axe().run(page, options={"resultTypes": ["violations"]}).response
    assert {"color-contrast", "button-name"} <= {rule["id"] for rule in told["passes"]}
    return [(each["id"], each["impact"], [n["target"] for n in each["nodes"]][:3]) for each in told["violations"]]


@pytest.mark.parametrize(
    ("overview", "width", "scheme"),
    [(False, 1440, "light"), (False, 390, "dark"), (True, 390, "light"), (True, 1440, "dark")],
)
def test_nothing_keeps_anybody_out(opened: Open, overview: bool, width: int, scheme: str) -> None:
    page = opened(width=width, scheme=scheme, overview=overview)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert found(page) == []


def test_it_would_be_found(opened: Open) -> None:
    page = opened(overview=True)
    page.evaluate("document.querySelector('#theme').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('#theme').removeAttribute('title')")
    page.evaluate("document.querySelector('#theme').textContent = ''")
    assert [rule for rule, *_ in found(page)] == ["button-name"]
