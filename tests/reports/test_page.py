"""The pages in a real browser: what needs a look, tables that sort and filter, a bar that knows where one is, light and
dark, phone and paper; and nothing of it needs a script."""

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.reports.browsing import watched
from tests.reports.sample import OWN, TITLES


def texts(page: Page, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(selector).all_text_contents()]


def first_column(page: Page, table: str) -> list[str]:
    return texts(page, f"{table} tbody tr:not([hidden]) .asin")


def test_what_needs_a_look_comes_first_and_the_gravest_of_it(desk: Page) -> None:
    order = desk.locator("main > section").evaluate_all("all => all.map(s => s.id)")
    assert order[:3] == ["look", "health", "moves"] and order[-1] == "quality"
    severities = texts(desk, "#look .sev")
    assert severities == sorted(severities, key=["High", "Medium", "Low"].index) and severities[0] == "High"
    assert desk.locator("#look .flag").first.locator(".chip").text_content() == "You"


def test_the_own_listing_comes_first_everywhere(desk: Page) -> None:
    for table in ("#positions", "#matrix", "#quality .strips"):
        assert desk.locator(f"{table} tbody tr").first.locator(".chip").text_content() == "You"
    assert first_column(desk, "#positions")[0] == OWN


def test_evidence_opens(desk: Page) -> None:
    first = desk.locator(".flag").first
    assert not first.locator("pre").is_visible()
    first.get_by_text("Evidence").click()
    assert first.locator("pre").is_visible()
    assert "SELECT" in (first.locator("pre").text_content() or "")
    first.get_by_text("Evidence").click()
    assert not first.locator("pre").is_visible()


def test_a_table_sorts_by_value_with_what_is_missing_last_and_the_own_listing_on_top(desk: Page) -> None:
    written = first_column(desk, "#positions")
    head = desk.locator("#positions thead th").nth(1)
    prices = "all => all.map(td => td.dataset.value && Number(td.dataset.value))"

    def shown() -> tuple[list[float], list[str]]:
        values = desk.locator("#positions tbody td:nth-child(2)").evaluate_all(prices)
        assert first_column(desk, "#positions")[0] == OWN
        known = [value for value in values[1:] if value != ""]
        return known, values[1 + len(known) :]

    head.get_by_role("button").focus()
    desk.keyboard.press("Enter")
    known, missing = shown()
    assert head.get_attribute("aria-sort") == "ascending"
    assert known == sorted(known) and len(known) == 8 and missing == [""] * 4
    desk.keyboard.press("Space")
    known, missing = shown()
    assert head.get_attribute("aria-sort") == "descending"
    assert known == sorted(known, reverse=True) and missing == [""] * 4
    desk.locator("[data-for=positions] input[type=checkbox]").uncheck()
    assert first_column(desk, "#positions")[0] != OWN
    desk.get_by_role("button", name="Product").first.click()
    assert desk.locator("#positions [aria-sort]").count() == 1
    assert sorted(first_column(desk, "#positions")) == sorted(written)
    desk.locator("[data-for=positions] input[type=checkbox]").check()
    assert first_column(desk, "#positions")[0] == OWN
    desk.locator("#positions thead").get_by_role("button", name="Rating").click()
    assert desk.locator("#positions th[aria-sort]").get_attribute("aria-sort") == "descending", "the highest is best"


def test_a_table_shows_the_rows_that_have_a_text(desk: Page) -> None:
    find = desk.locator("[data-for=positions] input[type=search]")
    find.fill("b0mugriv04")
    assert first_column(desk, "#positions") == ["B0MUGRIV04"]
    find.fill("")
    assert len(first_column(desk, "#positions")) == len(TITLES)


def test_flags_are_filtered_by_severity_product_and_kind(desk: Page) -> None:
    flags, tools = desk.locator("#told .flag:visible"), desk.locator("[data-for=told]")
    tools.locator("[name=severity]").select_option("high")
    high = flags.count()
    assert high and set(texts(desk, "#told .flag:not([hidden]) .sev")) == {"High"}
    assert desk.locator("#told details.older").evaluate("d => d.open")
    assert texts(desk, "[data-for=told] output")[0].startswith(f"{high} of ")
    assert desk.locator("#told .day:visible").count() <= high
    tools.locator("[name=severity]").select_option("")
    tools.locator("[name=asin]").select_option("B0MUGRIV02")
    assert set(texts(desk, "#told .flag:not([hidden]) .chip")) == {"R2"}
    tools.locator("[name=kind]").select_option("review_burst")
    assert flags.count() == 1
    tools.locator("[name=asin]").select_option("")
    tools.locator("[name=kind]").select_option("")
    assert desk.locator("#told .flag[hidden]").count() == 0 and texts(desk, "[data-for=told] output") == [""]
    desk.locator("#told details.older").evaluate("d => { d.open = false; }")


def test_the_bar_stays_and_says_where_one_is(desk: Page) -> None:
    here = desk.locator("nav.bar [aria-current]")
    desk.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    here.wait_for(state="detached")
    for section in ("position", "quality", "moves"):
        desk.evaluate("id => document.getElementById(id).scrollIntoView({ behavior: 'instant' })", section)
        desk.locator(f"nav.bar a[aria-current][href='#{section}']").wait_for()
        assert here.count() == 1 and desk.locator("nav.bar").bounding_box()["y"] == 0  # type: ignore[index]
    hashes = desk.locator("nav.bar li a").evaluate_all("all => all.map(a => a.hash)")
    assert all(desk.locator(each).count() == 1 for each in hashes)


def test_the_button_changes_light_and_dark_until_the_system_does(overview: Page) -> None:
    button, ground = overview.locator("#theme"), "getComputedStyle(document.body).backgroundColor"
    light = overview.evaluate(ground)
    assert (light, button.get_attribute("aria-pressed")) == ("rgb(245, 246, 248)", "false")
    button.click()
    assert (overview.evaluate(ground), button.get_attribute("aria-pressed")) == ("rgb(16, 19, 23)", "true")
    assert overview.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    button.click()
    assert overview.evaluate(ground) == light
    overview.emulate_media(color_scheme="dark")
    overview.locator("#theme[aria-pressed=true]").wait_for()
    assert overview.evaluate(ground) == "rgb(16, 19, 23)"
    overview.emulate_media(color_scheme="light")
    overview.locator("#theme[aria-pressed=false]").wait_for()


def test_nothing_is_wider_than_the_screen(desk: Page, overview: Page) -> None:
    for page in (desk, overview):
        page.evaluate(
            """() => { window.folded = Array.from(document.querySelectorAll('details:not([open])'));
                window.folded.forEach((d) => { d.open = true; }); }"""
        )
        for width in (320, 390, 820, 3840, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            outside = page.evaluate(
                """() => [...document.querySelectorAll('h1, h2, .say, .tiles li, .flag, .card, figure, .strips')]
                    .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.className)"""
            )
            assert outside == [], width
        page.evaluate("window.folded.forEach((d) => { d.open = false; })")


def test_a_phone_shows_a_card_per_product_with_every_column_named_and_sorts_them(phone: Page) -> None:
    assert not phone.locator("#positions thead").is_visible()
    named = phone.locator("#positions tr.own td").evaluate_all(
        "all => all.map(c => getComputedStyle(c, '::before').content)"
    )
    assert len(named) == 12 and '"Price"' in named and all(len(name) > 2 for name in named)
    phone.locator("[data-for=positions] select").select_option(label="BSR")
    ranks = phone.locator("#positions tbody tr").evaluate_all("all => all.map(r => Number(r.cells[5].dataset.value))")
    assert ranks[1:-1] == sorted(ranks[1:-1]) and len(ranks) == len(TITLES)


def test_printing_unfolds_what_is_folded_and_fits_the_paper(desk: Page) -> None:
    pdf = desk.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") in range(5, 25)
    desk.emulate_media(media="print")
    desk.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert desk.locator("#told details.older").evaluate("d => d.open")
    assert not desk.locator("nav.bar").is_visible() and desk.locator(".tools:visible").count() == 0
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not desk.locator("#told details.older").evaluate("d => d.open")
    desk.emulate_media(media="screen")


def test_the_overview_leads_to_the_reports(overview: Page) -> None:
    assert overview.locator("#listings tbody tr").count() == overview.locator(".card").count() == 2
    links = overview.locator("#listings .name").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links == ["report.html", "report.html"]
    assert overview.locator(".card").first.locator(".flag.high").count() >= 3


def test_the_page_speaks_chinese(chromium: Browser, spoken: Path) -> None:
    for name in ("report.html", "index.html"):
        with watched(chromium, spoken / "zh_CN" / name) as page:
            assert page.locator("html").get_attribute("lang") in {"zh-CN", "zh-Hans-CN"}
            plain = texts(page, "h1, h2, thead th, .tiles .head, nav.bar li a, label, .sev, summary, .note")
            chinese = [text for text in plain if any("\u4e00" <= letter <= "\u9fff" for letter in text)]
            left = set(plain) - set(chinese)
            assert not {text for text in left if any(word in text.lower() for word in (" the ", "product", "price"))}
