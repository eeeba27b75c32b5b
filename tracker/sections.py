"""The sections of the configuration: their keys, what each may hold, and what is said of everything else."""

import re
from datetime import UTC, datetime
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from cronsim import CronSim, CronSimError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from reports.form import Form
from storage.marketplaces import MARKETPLACES, by_host
from tracker.expected import ExpectConfig, SellerId

DEFAULT_USER_AGENT = "Mozilla/5.0 (compatible; rival-tracker/0.1)"

NEVER = "never"
"""In place of a time: this job is not scheduled."""


def marketplace_code(value: str) -> str:
    """The code of a marketplace, or of its host, as it is to be. Raises ValueError for any other."""
    code = value.lower().removeprefix("https://").removeprefix("www.").removeprefix("amazon.").rstrip("/")
    if code not in MARKETPLACES:
        longer = [known for known in MARKETPLACES if known.startswith(f"{code}.")]
        hint = f' (in a heading with quotes: [marketplaces."{longer[0]}"])' if longer else ""
        raise ValueError(f"unknown marketplace; one of {', '.join(MARKETPLACES)}{hint}")
    return code


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("unknown time zone; an IANA name such as America/New_York or Asia/Shanghai") from None
    return value


def _path(value: Path) -> Path:
    try:
        path = value.expanduser()
    except RuntimeError:
        raise ValueError("there is no such user; write the path in full") from None
    if not path.name or "\0" in str(path):
        raise ValueError("not the path of a file or folder")
    return path


Asin = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    AfterValidator(lambda v: _matches(v, r"[A-Z0-9]{10}", "an ASIN is 10 capital letters and digits: B0CVCV33BG")),
]
MarketplaceCode = Annotated[str, AfterValidator(marketplace_code)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Location = Annotated[Path, AfterValidator(_path)]
Query = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _matches(value: str, pattern: str, hint: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError(hint)
    return value


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(value: str) -> bool:
    """Whether this is the scheme, host and perhaps port of an HTTP server."""
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a malformed host, or a port that is no number
        return False


def _when(value: str) -> str:
    """A time of a job as a cron expression, or "never"."""
    if value == NEVER:
        return value
    if found := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value):
        return f"{int(found[2])} {int(found[1])} * * *"
    try:
        if len(value.split()) != 5:  # CronSim takes six as well, with seconds
            raise CronSimError
        next(CronSim(value, datetime.now(UTC)))
    except (CronSimError, StopIteration):
        raise ValueError(
            'a time of day ("03:30"), a cron expression of minute, hour, day, month and weekday ("30 3 * * sun"), '
            f'or "{NEVER}"'
        ) from None
    return value


def _currency(value: str) -> str:
    if value.upper() not in list_currencies():
        raise ValueError("unknown currency; its code of three letters: USD, EUR, JPY")
    return value.upper()


def known_language(value: str) -> str:
    """A language that Babel knows, as it was written. Raises ValueError for any other."""
    try:
        Locale.parse(value, sep="-" if "-" in value else "_")
    except (UnknownLocaleError, ValueError):
        raise ValueError("unknown language; a code such as en, de, ja or zh-Hans") from None
    return value


Cron = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True), AfterValidator(_when)]
Currency = Annotated[str, AfterValidator(_currency)]
Page = Annotated[
    str,
    AfterValidator(
        lambda v: _matches(
            v,
            r"(https?://[^/\s]+)?/\S*(bestsellers|zgbs|new-releases|movers-and-shakers|most-wished-for|most-gifted)\S*",
            "the address of a list, as the browser shows it: https://www.amazon.com/gp/bestsellers/kitchen/3117954011",
        )
    ),
]


def path_of(address: str) -> str:
    """The part of an address after its host, without what only marks where a link stood ("/ref=zg_bs_…")."""
    return re.sub(r"/ref=[^/?]*|(?<=[?&])ref_?=[^&]*&?", "", re.sub(r"^https?://[^/]+", "", address)).rstrip("?&/")


class Section(BaseModel):
    """A table of the file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListingConfig(Section):
    """One own product and what is watched for it."""

    name: Annotated[
        str,
        # A report is a file and an address named like its listing; these are the names of what is of all of them.
        AfterValidator(
            lambda v: _matches(
                v,
                r"(?!(?i:index|review|checklist)$)\w[\w.-]*",
                "a name is letters, digits, '-', '_' and '.', first a letter or digit, and not index, "
                "review or checklist: steel-mug",
            )
        ),
    ]
    marketplace: MarketplaceCode
    asin: Asin
    rivals: tuple[Asin, ...] = ()
    keywords: tuple[Query, ...] = ()
    lists: tuple[Page, ...] | None = None
    """Best sellers, new releases …: addresses, or their paths on the marketplace; none where it is empty. None: those
    of the product's own categories."""
    time_zone: TimeZone | None = None
    pages: int | None = Field(default=None, ge=1, le=20)
    expect: ExpectConfig = ExpectConfig()

    @model_validator(mode="after")
    def _distinct(self) -> "ListingConfig":
        if self.asin in self.rivals:
            raise ValueError(f"rivals holds {self.asin}, which is the listing's own asin; take it out")
        for key, values in (("rivals", self.rivals), ("keywords", tuple(k.casefold() for k in self.keywords))):
            twice = sorted({v for v in values if values.count(v) > 1})
            if twice:
                raise ValueError(f"{key} holds {', '.join(twice)} more than once; keep one of each")
        for address in self.lists or ():
            if (market := by_host(address)) and market.code != self.marketplace:
                raise ValueError(f"lists holds {address}, which is not on {self.marketplace}; take it out")
        return self


class MarketplaceConfig(Section):
    """What is special about one marketplace."""

    base_url: (
        Annotated[
            str,
            AfterValidator(
                lambda v: _matches(v, r"https?://[^/\s@?#]+", "scheme and host only: http://127.0.0.1:8000")
            ),
        ]
        | None
    ) = None
    """Scheme and host to crawl instead of Amazon's own (the demo marketplace, a test server)."""
    language: str | None = None
    """The language its pages are asked for in; the marketplace's default language when not given."""
    currency: Currency | None = None
    """The currency its prices are asked for in; the marketplace's own when not given."""
    postal_code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=16)] | None = None
    """Where things would be delivered to: prices and stock depend on it."""
    seller_ids: tuple[SellerId, ...] = ()
    """Your own there: whose the Buy Box of your listings may be."""


class ScheduleConfig(Section):
    """When each job is due: cron expressions, each on the clock of the listing it is for."""

    products: Cron = "30 3 * * *"
    keywords: Cron = "30 3,15 * * *"
    lists: Cron = "30 3 * * *"
    report: Cron = "0 7 * * *"
    weekly: Cron = "15 7 * * mon"
    """The review of the week; after the report, so that there is news of Sunday."""
    monthly: Cron = "15 7 1 * *"
    backup: Cron = "30 7 * * sun"
    cleanup: Cron = "0 8 * * *"
    time_zone: TimeZone | None = None
    """One clock for all listings; None is each listing's own."""
    jitter: float = Field(default=300, ge=0, le=3600)
    """Seconds by which a job starts later than it is due, at random, at most."""
    ping: SecretStr | None = None
    """Address that is told of every night: a dead man's switch."""

    @field_validator("ping")
    @classmethod
    def _web_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_address(value.get_secret_value()):
            raise ValueError("the address to call after every night: https://…")
        return value


class CrawlConfig(Section):
    """Crawl manners."""

    pages: int = Field(default=2, ge=1, le=20)
    delay: float = Field(default=8.0, ge=0, le=3600)
    concurrency: int = Field(default=1, ge=1, le=16)
    timeout: float = Field(default=60, gt=0, le=3600)
    retries: int = Field(default=2, ge=0, le=10)
    block_limit: int = Field(default=3, ge=1)
    block_pause: float = Field(default=1800, ge=0, le=86400)
    """Seconds until a marketplace is tried once more after too many bot checks in a row."""
    budget: int = Field(default=2000, ge=1)
    """Requests a day to one marketplace at most, those for robots.txt and all further tries included."""
    window: float = Field(default=8, gt=0, le=24)
    """Hours from its start in which a crawl may ask for pages, also when it was interrupted and goes on."""
    robots: bool = True
    browser: Literal["never", "fallback", "always"] = "never"
    chromium: Path | None = None
    user_agent: str = DEFAULT_USER_AGENT
    proxy: SecretStr | None = None

    @field_validator("proxy")
    @classmethod
    def _address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_address(value.get_secret_value()):
            raise ValueError("the address of an HTTP proxy: http://host:3128 or http://user:password@host:3128")
        return value


class StorageConfig(Section):
    """Where the data lives."""

    database: Location = Path("data/tracker.duckdb")
    pages: Location = Path("data/pages")
    backups: Location | None = None
    """Where `tracker backup` puts them; None is a folder of this name beside the database."""
    keep_days: int | None = Field(default=None, ge=1)
    """Pages of older fetches are removed at the end of a night; None keeps them all."""
    keep_gb: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """Beyond so many gigabytes (10⁹ bytes) of pages, the oldest are removed; None sets no limit."""


class ReportConfig(Section):
    """How reports are made."""

    folder: Location = Path("data/reports")
    days: int = Field(default=30, ge=2, le=3660)
    language: Annotated[str, AfterValidator(known_language)] = "en"
    templates: Location | None = None
    """A folder of own templates; see reports/TEMPLATES.md."""


class NotifyConfig(Section):
    """Who is told of a night, and of what."""

    urls: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Addresses of services, in Apprise's form; the environment has them with white space between."""
    when: Literal["matters", "always", "never"] = "matters"
    """"matters": only when something does; "always": after every night; "never": only when asked to."""
    severity: Literal["low", "medium", "high"] = "high"
    """From which on a move or a flag matters."""
    attach: Form | None = None
    """Form of the reports that go with the message, where a service takes files; None attaches none."""
    link: str | None = None
    """Address of a listing's report, with ``{listing}`` in it."""

    @field_validator("urls", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value

    @field_validator("urls")
    @classmethod
    def _services(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        # Whether Apprise knows them, `tracker check` and `tracker notify` tell: it is too heavy to be asked here.
        for n, url in enumerate(value, 1):
            if not re.match(r"[A-Za-z][\w+.-]*://\S", url.get_secret_value()):
                raise ValueError(f"the {n}. is no address of a service, such as mailto://…, tgram://… or wecombot://…")
        return value

    @field_validator("link")
    @classmethod
    def _of_a_listing(cls, value: str | None) -> str | None:
        if value is not None and (
            not is_address(value) or value.replace("{listing}", "").count("{") or "{listing}" not in value
        ):
            raise ValueError("the address of a report: https://host/listing/{listing} of `tracker serve`, for example")
        return value


class FlagsConfig(Section):
    """How readily each kind of change is told, and when nothing is."""

    quiet: (
        Annotated[
            str,
            AfterValidator(
                lambda v: _matches(
                    v, r"([01]\d|2[0-3]):[0-5]\d ?[-–] ?([01]\d|2[0-3]):[0-5]\d", "from when to when: 22:00-07:00"
                )
            ),
        ]
        | None
    ) = None
    """Hours, by each listing's own clock, in which `tracker flags --new` tells nothing."""
    sensitivity: dict[str, Literal["off", "low", "normal", "high"]] = {}
    """By kind of flag."""
    threshold: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    """By kind of flag, in the unit of the kind: see reports/FLAGS.md."""

    @field_validator("sensitivity", "threshold")
    @classmethod
    def _kinds(cls, value: dict[str, object]) -> dict[str, object]:
        if value:
            from reports.flags.kind import Kind  # noqa: PLC0415  the flags are heavy, and few configure them

            for name in value.keys() - set(Kind):
                near = get_close_matches(name, list(Kind), 1)
                raise ValueError(f"{name}: no such kind of flag{f'; {near[0]}?' if near else ''} See reports/FLAGS.md")
        return value


class ServeConfig(Section):
    """Where `tracker serve` is to be reached."""

    host: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = "127.0.0.1"
    port: int = Field(default=8321, ge=0, le=65535)
    """0 takes a free one."""
    password: SecretStr | None = None
    """Asked for where it is set; needed where others can reach the host. From the environment only."""

    @field_validator("password")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value) < 8:
            raise ValueError("shorter than 8 characters, which others could guess")
        return value
