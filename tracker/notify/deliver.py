"""Offers a message to a target through Apprise, and tells what became of it.

Nothing that Apprise says is handed on but numbers: it names keys and addresses freely.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reports.news import Display, Letter
from tracker.config import Config, ConfigError, source
from tracker.notify.targets import Target, targets

if TYPE_CHECKING:
    from apprise import NotifyBase

TRIES = 3
"""So often a message is offered at a time."""
WAIT = 2.0
"""Seconds between these."""
LIMIT = 60.0
"""Seconds that one message may take, all tries together."""
LARGEST = 8_000_000
"""Bytes of attachments, together: many a mail server takes 10 MB, and encoding adds a third."""

NATIVE = {
    "oapi.dingtalk.com": "dingtalk://ACCESS_TOKEN",
    "open.feishu.cn": "feishu://TOKEN",
    "open.larksuite.com": "lark://TOKEN",
    "api.telegram.org": "tgram://BOT_TOKEN/CHAT_ID",
}
"""How an address is written that people have at hand, and Apprise does not take as it is."""
HINT = "a service that Apprise knows, as its documentation writes it: mailto://…, tgram://…, wecombot://…, json://…"


def check(config: Config, path: Path) -> None:
    """See whether Apprise understands every address.

    Raises:
        ConfigError: it does not; the message tells where each one stands, and what would be right.
    """
    where = source(path, ("notify", "urls"))
    if wrong := [f"{where}: {sentence}" for sentence in _misunderstood(config)]:
        raise ConfigError("\n".join(wrong))


def _misunderstood(config: Config) -> Iterator[str]:
    for target in targets(config):
        if _service(target) is None:
            right = NATIVE.get(urlsplit(target.url.get_secret_value()).netloc.lower(), HINT)
            yield f"notify.urls.{target.position} ({target.service}://…): Apprise does not understand it; {right}"


def send(target: Target, letter: Letter, attached: Callable[[], Iterable[Path]] = list) -> str | None:
    """Offer a message to a target, with these files if it takes files. Returns why it was not taken, or None when it
    was.

    Of an address with several recipients those who have taken it are not asked again by further tries of this call.
    """
    service = _service(target)
    if service is None:
        return "Apprise does not understand the address"
    from apprise import Apprise, AppriseAttachment, OverflowMode  # noqa: PLC0415
    from apprise.attachment.file import AttachFile  # noqa: PLC0415

    room, in_bytes = _room(service)
    form = Display(service.resolve_format(None).value)
    title, body = letter.within(form, room, in_bytes=in_bytes)
    light = _light(attached()) if service.attachment_support else ()
    files = AppriseAttachment([AttachFile(str(path)) for path in light])
    sender = Apprise(service)
    if service.overflow_mode is OverflowMode.UPSTREAM and len(files) <= 1:  # else it would drop all but one
        service.overflow_mode = OverflowMode.TRUNCATE
    with _quiet():
        result = sender.notify(
            body=body,
            title=title,
            body_format="text" if form is Display.TEXT else "html",
            attach=files or None,
            log_level=logging.DEBUG,
        )
        if result:
            return None
        logs = [entry.message for entry in result.logs() if entry.level != "DEBUG" or "Exception" in entry.message[:20]]
        return _why("\n".join(logs), timed_out=result.timeout_count > 0)


def _service(target: Target) -> "NotifyBase | None":
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415  heavy: some 150 services

    asset = AppriseAsset(
        app_id="rival-tracker",
        app_desc="rival-tracker",
        image_url_mask="",  # no pictures from elsewhere
        image_url_logo="",
        http_redirects=False,  # or a message would end as a GET request, and count as taken
        default_service_retry=TRIES - 1,
        default_service_wait=WAIT,
        service_timeout=LIMIT,
        allow_templates=False,
    )
    with _quiet():
        _robots()
        return Apprise.instantiate(target.url.get_secret_value(), asset=asset)


@cache
def _robots() -> None:
    """Have Apprise know ours instead of its own."""
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415

    from tracker.notify.robots import DingTalkRobot, WeComRobot  # noqa: PLC0415

    for robot in (WeComRobot, DingTalkRobot):
        NotificationManager().add(robot, force=True)


def _room(service: "NotifyBase") -> tuple[int, bool]:
    """How long a message may be with its title, and whether that is counted in bytes."""
    if most := getattr(service, "most_bytes", None):
        return most, True
    return service.body_maxlen, False


def _light(files: Iterable[Path]) -> Iterator[Path]:
    """Those that fit into one message."""
    left = LARGEST
    for path in files:
        if path.is_file() and path.stat().st_size <= left:
            left -= path.stat().st_size
            yield path


def _why(said: str, *, timed_out: bool) -> str:
    if found := re.findall(r"errcode=(-?\d+)|\bcode[= ](\d{3,})", said):
        return f"not accepted, code {next(filter(None, found[-1]))}"
    if found := re.findall(r"error=([3-9]\d\d)\b", said):
        return f"HTTP status {found[-1]}"
    if found := re.findall(r"Exception: \{?.*?\((\d{3}), b", said):
        return f"SMTP status {found[-1]}"
    if timed_out or "timed out" in said:
        return "no answer in time"
    return "no connection" if "onnection" in said else "not accepted"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Apprise and its connections log, with keys and addresses in it, from every handler of this process."""
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests_oauthlib", "oauthlib")]
    before = [(logger, logger.propagate, logger.level, logger.handlers[:]) for logger in loggers]
    try:
        for logger in loggers:
            logger.propagate, logger.handlers = False, [logging.NullHandler()]
        loggers[0].setLevel(logging.DEBUG)
        yield
    finally:
        for logger, propagate, level, handlers in before:
            logger.propagate, logger.handlers = propagate, handlers
            logger.setLevel(level)
