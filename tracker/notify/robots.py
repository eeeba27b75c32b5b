"""The group robots of WeCom and DingTalk, as Apprise knows them, but with their answer read.

Both answer what they do not take (a wrong key, a text too long, a missing keyword) with HTTP status 200 and say so in
the answer, of which Apprise 2.3 reads the status only: what nobody ever saw would count as delivered. It also encodes
DingTalk's signature twice, which DingTalk then does not know ("sign not match"), and counts characters where both
count bytes, of which a Chinese character takes three.
"""

import hmac
import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, ClassVar

import requests
from apprise import NotifyFormat
from apprise.plugins import NotifyBase
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot


class Robot(NotifyBase):
    """What both have in common."""

    most_bytes: ClassVar[int]
    """Length of a message, with its title, in UTF-8."""

    def post(self, url: str, said: Mapping[str, Any], signed: Mapping[str, str] | None = None) -> bool:
        """Whether the robot took it. What it answered is logged by number: its words may hold the key."""
        self.throttle()  # type: ignore[no-untyped-call]
        try:
            answer = requests.post(
                url,
                json=said,
                params=signed,
                headers={"User-Agent": self.app_id},
                verify=self.verify_certificate,
                timeout=self.request_timeout,
                allow_redirects=self.redirects,
            )
            code = answer.json().get("errcode") if answer.ok else None
        except requests.Timeout:
            self.logger.warning("%s: timed out", self.service_name)
        except (requests.RequestException, AttributeError):  # no connection, or an answer that is no JSON object
            self.logger.warning("%s: no answer that could be read", self.service_name)
        else:
            if code == 0:
                return True
            number = f"error={answer.status_code}" if code is None else f"errcode={code}"
            self.logger.warning("%s: %s", self.service_name, number)
        return False


class WeComRobot(Robot, NotifyWeComBot):
    """``wecombot://KEY``, or the address that WeCom shows."""

    most_bytes = 2048

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        """One message; the title stands in the body."""
        return self.post(self.api_url, {"msgtype": "text", "text": {"content": body}})


class DingTalkRobot(Robot, NotifyDingTalk):
    """``dingtalk://TOKEN``, or ``dingtalk://SECRET@TOKEN`` where the robot wants signatures."""

    most_bytes = 20_000

    def send(self, body: str, title: str = "", *_: Any, body_format: NotifyFormat | None = None, **__: Any) -> bool:
        """One message, for the telephone numbers of the URL if it has any."""
        if body_format == NotifyFormat.MARKDOWN:
            said: dict[str, Any] = {"markdown": {"title": title or self.app_desc, "text": f"### {title}\n\n{body}"}}
        else:
            said = {"text": {"content": f"{title}\n{body}" if title else body}}
        said |= {"msgtype": next(iter(said)), "at": {"atMobiles": self.targets, "isAtAll": False}}
        return self.post(self.notify_url.format(token=self.token), said, self._signed())

    def _signed(self) -> dict[str, str]:
        if not self.secret:
            return {}
        now = str(round(time.time() * 1000))
        signature = hmac.digest(self.secret.encode(), f"{now}\n{self.secret}".encode(), "sha256")
        return {"timestamp": now, "sign": b64encode(signature).decode()}
