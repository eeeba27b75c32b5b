"""What `tracker serve` shows: the index, the bar above each report, and what its links and forms lead to."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from reports.period import Asked, Days, Period
from storage.store import Store
from tests.reports.browsing import THIN
from tests.tracker.serving import LAST, LISTING, LOST, OTHER, Running, headline, judge, running, watched
from tracker.config import Config
from tracker.report import write
from tracker.serve.address import Address, AddressError, beside, read


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Two listings, judged."""
    config = watched(tmp_path_factory.mktemp("served"))
    judge(config)
    return config


@pytest.fixture(scope="module")
def server(config: Config) -> Iterator[Running]:
    with running(config) as server:
        yield server


def test_the_index_shows_every_listing_with_its_nights(server: Running, config: Config) -> None:
    _, text = server.ask("/")
    assert headline(text) == "2 listings"
    with Store(config.storage.database).reading() as db:
        high = dict(
            db.execute(
                "SELECT listing, count(*) FROM flags WHERE day = ? AND severity = 'high' GROUP BY ALL", [LAST]
            ).fetchall()
        )
    assert f"{high[LISTING]} serious" in text
    assert [text.count(f'href="/listing/{name}"') for name in (LISTING, OTHER)] == [1, 1]
    assert f'href="/listing/{LISTING}?period=day&amp;on={LAST}"' in text
    assert f"on={LOST}" not in server.ask(f"/listing/{LISTING}")[1], "a night on which nothing was read has no report"


def test_mistakes_are_explained_in_chinese_too(server: Running) -> None:
    assert re.search("[一-鿿]", headline(server.ask("/listing/nope?lang=zh-Hans")[1]))


def test_forms_lead_to_the_address_of_what_they_ask_for(server: Running) -> None:
    answer, _ = server.ask(
        f"/go?listing={LISTING}&from=2026-03-01&to=2026-03-10&against_from=2026-02-10&against_to=2026-02-19&lang=zh-Hans"
    )
    assert answer.status == 302
    assert answer.headers["Location"] == (
        f"/listing/{LISTING}?from=2026-03-01&to=2026-03-10&against=2026-02-10..2026-02-19&lang=zh-Hans"
    )
    assert server.ask("/go?listing=&from=&to=")[0].headers["Location"] == "/overview"
    assert server.ask("/go?listing=a&against_from=2026-02-10&against_to=")[0].status == 400


def test_a_report_comes_as_a_file_of_any_form(server: Running) -> None:
    answer, text = server.ask(f"/listing/{OTHER}?period=day&format=json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{OTHER}-{LAST}.json"
    assert json.loads(text)["listing"] == OTHER
    assert server.ask(f"/listing/{OTHER}?format=docx")[0].status == 400
    assert server.ask("/overview?format=pdf")[0].status == 400
    assert f'href="/listing/{OTHER}?period=day&amp;format=pdf"' in server.ask(f"/listing/{OTHER}?period=day")[1]


def test_a_mistake_in_a_template_is_shown_until_it_is_mended_and_costs_no_report(
    config: Config, tmp_path: Path
) -> None:
    own = config.model_copy(
        update={"report": config.report.model_copy(update={"templates": tmp_path, "folder": tmp_path / "reports"})}
    )
    template = tmp_path / "listing.html"
    template.write_text('{% extends "builtin/listing.html" %}{% block look %}{{ nothing }}{% endblock %}')
    with running(own) as server:
        answer, text = server.ask(f"/listing/{OTHER}?period=day")
        assert (answer.status, headline(text)[: len(str(template)) + 8]) == (500, f"{template}, line 1")
        written = write(own, [OTHER])
        assert [path.name for told in written.listings for path in told.files] == [f"{OTHER}.html"]
        assert [sentence.startswith(f"{template}, line 1: 'nothing' is undefined") for sentence in written.untold] == [
            True
        ]
        template.write_text(template.read_text().replace("nothing", "view.headline"))
        assert server.ask(f"/listing/{OTHER}?period=day")[0].status == 200


def test_a_user_picks_a_listing_a_period_and_a_language(server: Running, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda asked: troubles.append(asked.url) if f":{server.port}/" not in asked.url else None)
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.get_by_role("link", name=LISTING, exact=True).click()
    assert page.url.endswith(f"/listing/{LISTING}")
    page.get_by_label("Listing", exact=True).select_option(OTHER)
    page.get_by_role("button", name="Open").click()
    assert page.url.endswith(f"/listing/{OTHER}")
    page.get_by_role("link", name="One day", exact=True).click()
    page.get_by_role("link", name="Earlier").click()
    assert page.url.endswith("?period=day&on=2026-03-16")
    page.get_by_text("Other days").click()
    days = page.get_by_role("group", name="Days", exact=True)
    days.get_by_label("from").fill("2026-03-02")
    days.get_by_label("to").fill("2026-03-08")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("?from=2026-03-02&to=2026-03-08")
    page.get_by_role("link", name="简体中文").click()
    assert page.url.endswith("?from=2026-03-02&to=2026-03-08&lang=zh-Hans")
    assert page.locator("html").get_attribute("lang") in {"zh-Hans", "zh-Hans-CN", "zh-CN"}
    assert re.search("[一-鿿]", page.locator(".served").inner_text().replace("简体中文", ""))
    page.locator(".served-calendar summary").click()
    page.locator(f'.night[href*="on={LAST}"]').click()
    assert page.url.endswith(f"?period=day&on={LAST}&lang=zh-Hans")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
    assert not troubles


def test_what_stands_around_a_report_is_for_everybody(server: Running, chromium: Browser) -> None:
    """No serious finding of axe-core on the bar with all its parts open, the index, and a page that says sorry."""
    page = chromium.new_page()
    for path, part in ((f"/listing/{LISTING}?period=day", ".served"), ("/", None), ("/nowhere", None)):
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        page.evaluate(THIN)
        page.evaluate("for (const each of document.querySelectorAll('main > section')) each.remove()")
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light")
            rules = {"runOnly": ["color-contrast"]} if dark else {}
            told = Axe().run(page, context=part, options={"resultTypes": ["violations"], **rules}).response
            assert "color-contrast" in {rule["id"] for rule in told["passes"]}
            grave = [each for each in told["violations"] if each["impact"] in ("serious", "critical")]
            assert [(each["id"], node["html"]) for each in grave for node in each["nodes"]] == []
    page.close()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"days": "90"},
        {"period": "week"},
        {"period": "day", "on": "2026-03-14"},
        {"from": "2026-03-01", "to": "2026-03-10", "against": "2026-02-10..2026-02-19", "lang": "zh-Hans"},
        {"to": "2026-03-10", "days": "7"},
        {"from": "2026-03-01"},
    ],
)
def test_an_address_leads_to_itself(query: dict[str, str]) -> None:
    address = read("a b/ü", query, 30)
    assert address.href.startswith("/listing/a%20b%2F%C3%BC")
    asked = dict(part.split("=") for part in address.href.partition("?")[2].split("&") if part)
    assert read("a b/ü", asked, 30) == address
    assert asked == query


def test_beside_a_period_lie_the_ones_before_and_after() -> None:
    oldest, newest = date(2026, 1, 5), date(2026, 3, 15)
    week = Period(Days(date(2026, 3, 2), date(2026, 3, 8)), Days(date(2026, 2, 23), date(2026, 3, 1)), "week")
    address = Address("mug", Asked(sort="week", last=date(2026, 3, 4)))
    before, after = beside(address, week, oldest, newest)
    assert before and before.asked == Asked(sort="week", last=date(2026, 3, 1))
    assert after and after.asked == Asked(sort="week", last=date(2026, 3, 9))
    ten = Period(Days(date(2026, 3, 6), newest), Days(date(2026, 2, 24), date(2026, 3, 5)))
    before, after = beside(Address("mug", Asked(10)), ten, oldest, newest)
    assert before and before.href == "/listing/mug?from=2026-02-24&to=2026-03-05"
    assert after is None
    first = Period(Days(oldest, date(2026, 1, 6)), Days(date(2026, 1, 3), date(2026, 1, 4)))
    assert beside(Address("mug"), first, oldest, newest)[0] is None


@pytest.mark.parametrize("query", [{"on": "20260314x"}, {"against": "a..b"}, {"against": "2026-03-02..2026-03-01"}])
def test_no_day_is_no_address(query: dict[str, str]) -> None:
    with pytest.raises(AddressError):
        read("mug", query, 30)
