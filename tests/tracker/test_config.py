"""The configuration: what it accepts, and what it says of everything else."""

from decimal import Decimal
from pathlib import Path

import pytest

from storage.model import Expected, Keyword
from tracker.cli import starter
from tracker.config import ConfigError, load

GOOD = """
[[listing]]
name = "mug"
marketplace = "amazon.co.uk"
asin = "B0OWN00001"
rivals = ["B0RIVAL001", "B0RIVAL002"]
keywords = ["steel mug"]
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        load(write(tmp_path, text))
    return str(error.value)


def test_the_starter_file_is_valid_and_says_what_to_replace() -> None:
    config = load(starter())
    assert [listing.name for listing in config.listing] == ["my-mug"]
    assert any("starter file" in hint for hint in config.hints())


@pytest.mark.parametrize(("language", "hinted"), [("ru", True), ("en", False), ("de-DE", False), ("de;q=1,en", False)])
def test_a_language_that_the_site_does_not_offer_is_hinted_at(tmp_path: Path, language: str, hinted: bool) -> None:
    config = load(write(tmp_path, GOOD + f'[marketplaces.de]\nlanguage = "{language}"\n'))
    said = "marketplaces.de.language = 'ru': the site offers de-DE, en-GB"
    assert any(hint.startswith(said) for hint in config.hints()) is hinted


def test_defaults_are_filled_in(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD + 'pages = 4\n[storage]\ndatabase = "x.duckdb"\n'))
    (listing,) = config.listings()
    assert (listing.marketplace, listing.time_zone) == ("co.uk", "Europe/London")
    assert listing.keywords == (Keyword(keyword="steel mug", pages=4),)
    assert config.storage.database == tmp_path / "x.duckdb"
    assert config.crawl.delay == 8.0
    assert config.crawl.robots


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("asin = ", "asinn = "), ["listing.1.asinn = 'B0OWN00001'", "unknown key", "asin"]),
        (("B0OWN00001", "b0own"), ["listing.1.asin = 'b0own'", "10 capital letters and digits"]),
        (("amazon.co.uk", "amazon.xx"), ["listing.1.marketplace = 'amazon.xx'", "co.uk"]),
        (("B0RIVAL002", "B0OWN00001"), ["listing.1", "rivals holds B0OWN00001", "own asin"]),
        (("B0RIVAL002", "B0RIVAL001"), ["listing.1", "rivals holds B0RIVAL001 more than once"]),
        (('["steel mug"]', '["steel mug", "Steel Mug"]'), ["keywords holds steel mug more than once"]),
        (('name = "mug"', 'name = "a/b"'), ["listing.1.name = 'a/b'"]),
        (('name = "mug"', 'name = ".."'), ["listing.1.name = '..'", "first a letter or digit"]),
        (('name = "mug"', 'name = "Index"'), ["listing.1.name = 'Index'", "not index"]),
        (('marketplace = "amazon.co.uk"\n', ""), ["listing.1.marketplace: missing"]),
        (("[[listing]]", "[crawl]\ndelay = -1\n[[listing]]"), ["crawl.delay = -1", "greater than or equal to 0"]),
        (("[[listing]]", "[crawl]\nbrowser = 'maybe'\n[[listing]]"), ["crawl.browser = 'maybe'", "fallback"]),
        (("[[listing]]", "[schedule]\nreport = '25:00'\n[[listing]]"), ["schedule.report = '25:00'", '"03:30"']),
        (("[[listing]]", "[schedule]\nlists = '0 3 * * * *'\n[[listing]]"), ["schedule.lists", "weekday"]),
        (("[[listing]]", "[schedule]\nlists = '0 3 30 2 *'\n[[listing]]"), ["schedule.lists", "weekday"]),
        (("[[listing]]", "[schedule]\ntime = '03:30'\n[[listing]]"), ["schedule.time", "unknown key", "products"]),
        (("[[listing]]", "[schedule]\nping = 'hc'\n[[listing]]"), ["schedule.ping: ", "https://"]),
        (("[[listing]]", "[marketplaces.de]\ncurrency = 'Euro'\n[[listing]]"), ["marketplaces.de.currency", "EUR"]),
        (("keywords", "lists = ['kitchen']\nkeywords"), ["listing.1.lists.1 = 'kitchen'", "/gp/bestsellers/"]),
        (
            ("keywords", "lists = ['https://www.amazon.de/gp/bestsellers/x']\nkeywords"),
            ["https://www.amazon.de/gp/bestsellers/x, which is not on co.uk"],
        ),
        (("[[listing]]", "[schedule]\ntime_zone = 'Mars'\n[[listing]]"), ["schedule.time_zone = 'Mars'", "IANA"]),
        (("[[listing]]", "[marketplaces.zz]\n[[listing]]"), ["marketplaces.zz", "unknown marketplace"]),
        (("[[listing]]", "[report]\nlanguage = 'xx-yy'\n[[listing]]"), ["report.language = 'xx-yy'"]),
        (("[[listing]]", "[crawls]\n[[listing]]"), ["crawls", "unknown key", "crawl"]),
        (("[[listing]]", "x = [\n[[listing]]"), ["not valid TOML", "line"]),
        (("[[listing]]", "[marketplaces.co.uk]\n[[listing]]"), ["marketplaces.co", '[marketplaces."co.uk"]']),
        (("[[listing]]", "[crawl]\ndelay = inf\n[[listing]]"), ["crawl.delay = inf", "less than"]),
        (("[[listing]]", "[crawl]\ntimeout = 1e30\n[[listing]]"), ["crawl.timeout = 1e+30", "less than"]),
        (("[[listing]]", "[crawl]\nproxy = 'http://[::1'\n[[listing]]"), ["crawl.proxy", "http://host:3128"]),
        (("[[listing]]", "[crawl]\nproxy = 'host:3128'\n[[listing]]"), ["crawl.proxy", "http://host:3128"]),
        (("[[listing]]", "[storage]\ndatabase = '~nobody-here/x'\n[[listing]]"), ["storage.database", "no such user"]),
        (("[[listing]]", "[storage]\ndatabase = ''\n[[listing]]"), ["storage.database = ''", "not the path"]),
    ],
)
def test_a_wrong_file_is_told_by_file_key_value_and_what_would_be_right(
    tmp_path: Path, change: tuple[str, str], said: list[str]
) -> None:
    text = problems(tmp_path, GOOD.replace(*change))
    assert str(tmp_path / "config.toml") in text
    for part in said:
        assert part in text


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("price = '24.99'", "price = '24.99': an amount (24.99), or the lowest and the highest"),
        ("price = [26.99, 23]", "price = [26.99, 23]: an amount (24.99)"),
        ("price = 24.999", "price = 24.999: an amount (24.99), or the lowest and the highest that are right"),
        ("price = nan", "above 0 and with two decimals at most"),
        ("rating = 5.5", "rating = 5.5: Input should be less than or equal to 5"),
        ("browse_node = 'cups'", "browse_node = 'cups': the browse node of its last category, in quotes"),
        ("prise = 3", "prise = 3: unknown key; here stand price, images, bullets, a_plus"),
    ],
)
def test_what_a_listing_cannot_be_expected_to_be_is_told(tmp_path: Path, key: str, said: str) -> None:
    told = problems(tmp_path, f"{GOOD}[listing.expect]\n{key}\n")
    assert told.startswith(f"{tmp_path / 'config.toml'}: listing.1.expect.") and said in told


def test_what_is_expected_is_exact(tmp_path: Path) -> None:
    ids = '[marketplaces."co.uk"]\nseller_ids = ["A2EXAMPLE0000", "amazon"]\n'
    (listing,) = load(write(tmp_path, f"{GOOD}[listing.expect]\nprice = 24.90\nbullets = 5\n{ids}")).listings()
    assert listing.expected == Expected(
        seller_ids=("A2EXAMPLE0000", "amazon"), price_from=Decimal("24.90"), price_to=Decimal("24.90"), bullets=5
    )
    assert str(listing.expected and listing.expected.price_from) == "24.90", "of its very text"
    assert load(write(tmp_path, GOOD)).listings()[0].expected is None
    assert "marketplaces.co.uk.seller_ids.1 = 'me': a seller id is" in problems(
        tmp_path, f'{GOOD}[marketplaces."co.uk"]\nseller_ids = ["me"]\n'
    )


def test_a_time_of_day_is_a_cron_expression_and_a_list_is_its_path(tmp_path: Path) -> None:
    lists = (
        'lists = ["https://www.amazon.co.uk/gp/bestsellers/kitchen/11/ref=zg_bs?ref_=x&pg=2", "/gp/new-releases/toys/"]'
    )
    config = load(write(tmp_path, GOOD + lists + '\n[schedule]\nproducts = "03:05"\nbackup = "Never"\n'))
    assert (config.schedule.products, config.schedule.backup) == ("5 3 * * *", "never")
    (listing,) = config.listings()
    assert listing.lists == ("/gp/bestsellers/kitchen/11?pg=2", "/gp/new-releases/toys")


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = problems(tmp_path, GOOD.replace("B0OWN00001", "x").replace("B0RIVAL001", "y") + "[crawl]\npages = 0\n")
    assert len(text.splitlines()) == 3


def test_the_same_listing_twice_is_refused(tmp_path: Path) -> None:
    assert "mug is given more than once" in problems(tmp_path, GOOD + GOOD)
    assert "B0OWN00001 on co.uk" in problems(tmp_path, GOOD + GOOD.replace('"mug"', '"mug2"'))


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_CRAWL__DELAY", "1.5")
    assert load(write(tmp_path, GOOD + "[crawl]\ndelay = 9\npages = 3\n")).crawl.delay == 1.5
    monkeypatch.setenv("TRACKER_CRAWL__DELAY", "soon")
    assert "environment TRACKER_CRAWL__DELAY: crawl.delay = 'soon'" in problems(tmp_path, GOOD)


def test_secrets_come_from_the_environment_or_a_file_and_are_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = problems(tmp_path, GOOD + '[crawl]\nproxy = "http://me:hunter2@proxy:3128"\n')
    assert "TRACKER_CRAWL__PROXY" in text
    assert "hunter2" not in text
    for unseen in (
        '[crawl]\nproxy = "me:hunter2@proxy:3128"\n',
        '[crawl]\nproxyy = "http://me:hunter2@proxy:3128"\n',
        '[marketplaces.de]\nbase_url = "http://me:hunter2@host"\n',
    ):
        assert "hunter2" not in problems(tmp_path, GOOD + unseen)
    secrets = tmp_path / "secrets.env"
    secrets.write_text("TRACKER_CRAWL__PROXY=http://me:hunter2@proxy:3128\n")
    monkeypatch.setenv("TRACKER_SECRETS", str(secrets))
    config = load(write(tmp_path, GOOD))
    assert config.crawl.proxy
    assert config.crawl.proxy.get_secret_value() == "http://me:hunter2@proxy:3128"
    assert "hunter2" not in repr(config)
    monkeypatch.setenv("TRACKER_SECRETS", str(tmp_path / "none"))
    assert "no such file" in problems(tmp_path, GOOD)
    monkeypatch.setenv("TRACKER_SECRETS", str(secrets))
    for line, key in (("SMTP_PASSWORD=hunter2", "smtp_password: unknown"), ("TRACKER_CRAWL__PAGES=hunter2", "pages: ")):
        secrets.write_text(line)
        text = problems(tmp_path, GOOD)
        assert str(secrets) in text
        assert key in text
        assert "hunter2" not in text
    secrets.write_bytes(b"\xff\xfe")
    assert "cannot be read" in problems(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TRACKER_PROXY", "http://me:hunter2@proxy:3128", "did you mean TRACKER_CRAWL__PROXY?"),
        ("TRACKER_CRAWL_DELAY", "12", "did you mean TRACKER_CRAWL__DELAY?"),
        ("TRACKER_CRAWLS__DELAY", "12", "one of listing, marketplaces"),
        ("TRACKER_CRAWL", "hunter2", "one variable per key"),
        ("TRACKER_LISTING", "hunter2", "one variable per key"),
    ],
)
def test_a_variable_that_is_nearly_one_is_not_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv("TRACKER_VERBOSITY", "3")  # another program's
    monkeypatch.setenv("TRACKER_CHROMIUM", "/usr/bin/chromium")
    load(write(tmp_path, GOOD))
    monkeypatch.setenv(variable, value)
    text = problems(tmp_path, GOOD)
    assert said in text
    assert "hunter2" not in text
