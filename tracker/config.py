"""The configuration: config.toml, overridden by the environment, checked to the last key.

Every problem is reported with the file, the key, the value and what would be right, all at once.
Secrets come from the environment or from a file named by ``TRACKER_SECRETS`` (lines of the form
``TRACKER_CRAWL__PROXY=…``, outside the repository); they are never written anywhere.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from storage.marketplaces import MARKETPLACES
from storage.model import Keyword, Listing
from tracker.expected import ExpectConfig
from tracker.sections import (
    CrawlConfig,
    FlagsConfig,
    ListingConfig,
    MarketplaceCode,
    MarketplaceConfig,
    NotifyConfig,
    ReportConfig,
    ScheduleConfig,
    ServeConfig,
    StorageConfig,
    path_of,
)


class ConfigError(Exception):
    """The configuration cannot be used; the message lists every problem, one per line."""


class Config(BaseSettings):
    """The whole configuration. ``listing`` is named as in the file: one entry per ``[[listing]]``."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="TRACKER_", env_nested_delimiter="__", env_ignore_empty=True
    )

    listing: tuple[ListingConfig, ...] = Field(min_length=1)
    marketplaces: dict[MarketplaceCode, MarketplaceConfig] = {}
    schedule: ScheduleConfig = ScheduleConfig()
    crawl: CrawlConfig = CrawlConfig()
    storage: StorageConfig = StorageConfig()
    report: ReportConfig = ReportConfig()
    flags: FlagsConfig = FlagsConfig()
    notify: NotifyConfig = NotifyConfig()
    serve: ServeConfig = ServeConfig()

    @model_validator(mode="after")
    def _distinct(self) -> "Config":
        # A report is a file named like its listing, and some disks do not tell A from a.
        names = [listing.name.casefold() for listing in self.listing]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"listing: the name {', '.join(twice)} is given more than once; names must differ")
        own = [(listing.marketplace, listing.asin) for listing in self.listing]
        for marketplace, asin in sorted({o for o in own if own.count(o) > 1}):
            raise ValueError(f"listing: {asin} on {marketplace} is listed more than once; keep one listing of it")
        return self

    def listings(self) -> tuple[Listing, ...]:
        """The listings as the lower floors know them, defaults filled in."""
        return tuple(
            Listing(
                name=each.name,
                marketplace=each.marketplace,
                asin=each.asin,
                time_zone=each.time_zone or MARKETPLACES[each.marketplace].time_zone,
                rivals=each.rivals,
                keywords=tuple(Keyword(keyword=k, pages=each.pages or self.crawl.pages) for k in each.keywords),
                lists=None if each.lists is None else tuple(path_of(address) for address in each.lists),
                expected=each.expect.with_sellers(self.marketplaces.get(each.marketplace, _USUAL).seller_ids),
            )
            for each in self.listing
        )

    def hints(self) -> Iterator[str]:
        """What is allowed but probably not meant."""
        for each in self.listing:
            if not each.rivals:
                command = f"tracker rivals suggest {each.name}"
                yield f"listing {each.name}: no rivals yet; once crawled, `{command}` finds some"
            elif not 10 <= len(each.rivals) <= 20:
                yield f"listing {each.name}: {len(each.rivals)} rivals; 10 to 20 make a comparison worth reading"
            if not each.keywords:
                yield f"listing {each.name}: no keywords, so its places in search results are not watched"
            if any("EXAMPLE" in asin for asin in (each.asin, *each.rivals)):
                yield f"listing {each.name}: B0EXAMPLE… ASINs of the starter file are still in it"
        if self.crawl.block_pause >= self.crawl.window * 3600:
            yield f"crawl.block_pause = {self.crawl.block_pause:g}: longer than crawl.window"
        for code, market in self.marketplaces.items():
            offered = MARKETPLACES[code].locales
            plain = re.split(r"[-_,;]", market.language or offered[0])[0].casefold()
            if plain not in {locale.partition("_")[0] for locale in offered}:
                shown = ", ".join(locale.replace("_", "-") for locale in offered)
                yield f"marketplaces.{code}.language = {market.language!r}: the site offers {shown}"
        if self.crawl.delay < 2:
            yield f"crawl.delay = {self.crawl.delay:g}: under 2 s a marketplace is likely to answer with bot checks"


_USUAL = MarketplaceConfig()
_SECTIONS: dict[str, type[BaseModel]] = {
    "listing": ListingConfig,
    "marketplaces": MarketplaceConfig,
    "schedule": ScheduleConfig,
    "crawl": CrawlConfig,
    "storage": StorageConfig,
    "report": ReportConfig,
    "flags": FlagsConfig,
    "notify": NotifyConfig,
    "serve": ServeConfig,
}


def load(path: Path, folder: Path | None = None) -> Config:
    """Read and check the configuration at ``path``; its relative paths are taken from ``folder``, by default its own.

    Raises:
        ConfigError: the file is missing, is not TOML, or has wrong keys or values.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `tracker init` writes one to start from") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    _refuse_secrets(path, raw)
    _refuse_stray_variables()

    secrets = os.environ.get("TRACKER_SECRETS")
    if secrets and not Path(secrets).is_file():
        raise ConfigError(f"TRACKER_SECRETS = {secrets!r}: no such file")

    class FileConfig(Config):
        model_config = SettingsConfigDict(env_file=secrets)

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return env_settings, dotenv_settings, InitSettingsSource(settings_cls, raw)

    try:
        config = FileConfig()
    except ValidationError as error:
        problems = [e for e in error.errors() if e["type"] != "too_short" or not e["input"]]
        raise ConfigError("\n".join(_problem(path, secrets, e) for e in problems)) from None
    except SettingsError as error:
        raise ConfigError(
            f"environment: {error}; it takes JSON, or one variable per key: TRACKER_CRAWL__DELAY"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"TRACKER_SECRETS = {secrets!r}: cannot be read as lines of UTF-8 text") from None
    return _absolute(config, folder or path.resolve().parent)


def _absolute(config: Config, folder: Path) -> Config:
    storage, report = config.storage, config.report
    return config.model_copy(
        update={
            "storage": storage.model_copy(
                update={
                    "database": folder / storage.database,
                    "pages": folder / storage.pages,
                    "backups": folder / (storage.backups or storage.database.parent / "backups"),
                }
            ),
            "report": report.model_copy(
                update={
                    "folder": folder / report.folder,
                    "templates": report.templates and folder / report.templates,
                }
            ),
        }
    )


def _refuse_secrets(path: Path, raw: dict[str, Any]) -> None:
    crawl = raw.get("crawl")
    proxy = crawl.get("proxy") if isinstance(crawl, dict) else None
    if isinstance(proxy, str) and "@" in proxy:
        raise ConfigError(
            f"{path}: crawl.proxy: holds credentials, and this file is no place for secrets; "
            "set the environment variable TRACKER_CRAWL__PROXY instead, or name a file of such lines in TRACKER_SECRETS"
        )
    serve = raw.get("serve")
    if isinstance(serve, dict) and "password" in serve:
        raise ConfigError(
            f"{path}: serve.password: this file is no place for secrets; set the environment variable "
            "TRACKER_SERVE__PASSWORD instead, or name a file of such lines in TRACKER_SECRETS"
        )


def _refuse_stray_variables() -> None:
    """Refuse a variable that is nearly one of ours: ignored, a proxy would be left out without a word.

    Other programs have variables beginning with ``TRACKER_`` too; what resembles no key of ours is left alone.
    """
    keys = [(section, key) for section, model in _SECTIONS.items() for key in model.model_fields]
    meant = {f"{section}_{key}": _variable((section, key)) for section, key in keys}
    meant |= {key: _variable((section, key)) for section, key in keys if section == "crawl" and key != "chromium"}
    for variable in os.environ:
        before, _, name = variable.lower().partition("tracker_")
        section, nested, _ = name.partition("__")
        if before:
            continue
        if name in meant:
            raise ConfigError(f"environment {variable}: unknown; did you mean {meant[name]}?")
        if nested and section not in _SECTIONS:
            raise ConfigError(f"environment {variable}: unknown; after TRACKER_ comes one of {', '.join(_SECTIONS)}")


def _variable(location: Iterable[Any]) -> str:
    return "TRACKER_" + "__".join(str(part).upper() for part in location)


def source(path: Path, location: Iterable[Any]) -> str:
    """Where the value of a key comes from: ``path``, the environment or the file of secrets."""
    variable, key = _variable(location), ".".join(map(str, location)).upper()
    secrets = os.environ.get("TRACKER_SECRETS")
    text = Path(secrets).read_text(encoding="utf-8") if secrets else ""
    lines = {name.upper() for name in re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", text, re.MULTILINE)}
    if variable in os.environ:
        return f"environment {variable}"
    return str(secrets) if lines & {variable, key} else str(path)


def _problem(path: Path, secrets: str | None, error: Any) -> str:
    """One line: where, which key, what stands there, what would be right. Of the file of secrets no value is shown."""
    location = [part for part in error["loc"] if part != "[key]"]
    key = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in location)
    where = source(path, location)
    value = error["input"]
    # What holds an "@" or is meant for a proxy may be a password with its address; who knows the ping can send it, and
    # who knows the address of a service can write there.
    hidden = (
        where == secrets
        or isinstance(value, dict | BaseModel | tuple)
        or {"proxy", "ping", "password", "urls"} & set(location)
        or "@" in str(value)
    )
    shown = "" if hidden else f" = {_literal(value)}"
    if error["type"] == "extra_forbidden":
        return f"{where}: {key}{shown}: unknown key; here stand {', '.join(_siblings(location))}"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return f"{where}: {key}: missing; it is required"
    return f"{where}: {key or 'the file'}{shown}: {message}"


def _literal(value: object) -> str:
    """A value as the file has it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(float(value) if isinstance(value, Decimal) else value)


def _siblings(location: list[Any]) -> list[str]:
    """The keys that would be right beside the wrong one at ``location``."""
    model: Any = Config
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        model = ExpectConfig if part == "expect" else _SECTIONS.get(str(part), model)
    return list(model.model_fields)
