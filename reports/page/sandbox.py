"""A user's own templates over those that are built in (see reports/TEMPLATES.md).

They run in Jinja's sandbox: they read what they are given, change nothing of it, and reach no file outside their folder
and no inner part of Python. What they print goes through the same escaping, and the page through :func:`guard`, so that
a folder from somebody else can make a report look different, and do nothing else but take its time.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import escape

BUILT_IN = "builtin"
"""``{% extends "builtin/listing.html" %}``: the template that one's own stands before."""
STYLE = "custom.css"
"""A style of the user's, beside their templates."""
TOP = (
    r'<!doctype html>\s*<html lang="[^"<>]*">\s*<head>\s*<meta charset="utf-8">\s*'
    '<meta http-equiv="Content-Security-Policy" content="{}">'
)
"""How every page begins, with its policy."""
DIRECTIVE = re.compile(r"<meta\b[^>]*http-equiv", re.IGNORECASE)
LINK = re.compile(r"<link\b", re.IGNORECASE)
"""A browser looks up the hosts that such links name, whatever the policy."""


class TemplatesError(Exception):
    """A user's template cannot be used; the message names the file, the line, and what would be right."""


class Unknown(StrictUndefined):
    """A name that a template does not have, with the one that was perhaps meant."""

    @property
    def _undefined_message(self) -> str:
        message = super()._undefined_message
        if self._undefined_hint or self._undefined_obj is missing or not isinstance(self._undefined_name, str):
            return message
        known = [name for name in dir(self._undefined_obj) if not name.startswith("_")]
        if isinstance(self._undefined_obj, Mapping):
            known += [str(name) for name in self._undefined_obj]
        return message + _meant(self._undefined_name, known)


class _Folder(FileSystemLoader):
    """Templates of one folder: what a link in it leads to elsewhere is none."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            source, path, fresh = super().get_source(environment, template)
        except UnicodeDecodeError:
            raise TemplatesError(f"{Path(self.searchpath[0], template)}: not UTF-8 text") from None
        if not Path(path).resolve().is_relative_to(Path(self.searchpath[0]).resolve()):
            raise TemplateNotFound(template)
        return source, path, fresh


def settings(finalize: Callable[[object], object]) -> dict[str, Any]:
    """How every template of a page is read: what it prints is escaped, and what it does not know is a mistake."""
    return {
        "autoescape": True,
        "finalize": finalize,
        "undefined": Unknown,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


@cache
def built_in() -> BaseLoader:
    """The templates that come with the tracker."""
    return PackageLoader("reports.page")


@cache
def sandbox(folder: Path, finalize: Callable[[object], object]) -> Environment:
    """Templates of a folder before those that are built in.

    Raises:
        TemplatesError: there is no such folder.
    """
    if not folder.is_dir():
        raise TemplatesError(f"report.templates: there is no folder {folder}")
    loader = ChoiceLoader([_Folder(folder), built_in(), PrefixLoader({BUILT_IN: built_in()})])
    return ImmutableSandboxedEnvironment(loader=loader, **settings(finalize))


def style(folder: Path) -> str:
    """The user's own style; empty when there is none.

    Raises:
        TemplatesError: it cannot be read, or would end the element it stands in.
    """
    path = folder / STYLE
    if not path.exists():
        return ""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplatesError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if "</" in line or "<!--" in line:
            raise TemplatesError(f"{path}, line {number}: holds the beginning of an HTML tag, which no style needs")
    return text


def made(folder: Path, template: str, context: dict[str, Any], finalize: Callable[[object], object]) -> str:
    """What the template makes of its context.

    Raises:
        TemplatesError: a template of the folder is at fault.
    """
    try:
        return sandbox(folder, finalize).get_template(template).render(context)
    except TemplatesError:
        raise
    except Exception as error:
        place = _place(folder, error)
        if place is None:
            raise
        raise TemplatesError(f"{place}: {_why(error, context)}") from error


def guard(folder: Path, text: str, policy: str) -> None:
    """Make sure that a page begins with its policy, and has no other directive to the browser.

    Raises:
        TemplatesError: it does not.
    """
    if not re.match(TOP.format(re.escape(str(escape(policy)))), text):
        raise TemplatesError(
            f"{folder}: a page must begin as builtin/page.html does, down to its policy, or a title could run as a "
            "script; override the blocks of page.html, and not its beginning"
        )
    if len(DIRECTIVE.findall(text)) > 1:
        raise TemplatesError(f'{folder}: a template writes <meta http-equiv="…">; only the page itself may have one')
    if LINK.search(text):
        raise TemplatesError(f"{folder}: a template writes <link …>, by which a page could tell others what is in it")


def _place(folder: Path, error: Exception) -> str | None:
    """The innermost line of the folder's templates in which it happened; None when it was in none."""
    if isinstance(error, TemplateSyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return f"{error.filename}, line {error.lineno}"
    lines = list(_lines(folder, error))
    return lines[-1] if lines else None


def _lines(folder: Path, error: Exception) -> Iterator[str]:
    for frame, line in walk_tb(error.__traceback__):
        if Path(frame.f_code.co_filename).is_relative_to(folder):
            yield f"{frame.f_code.co_filename}, line {line}"


def _why(error: Exception, context: Mapping[str, Any]) -> str:
    if isinstance(error, TemplateNotFound):
        known = sorted(
            path.name for path in files("reports.page").joinpath("templates").iterdir() if _is_page(path.name)
        )
        return f"there is no template {error.name!r}; built in are {', '.join(f'{BUILT_IN}/{name}' for name in known)}"
    if isinstance(error, UndefinedError):
        name = (re.match(r"'(\w+)' is undefined", str(error)) or [None, ""])[1]
        return f"{error}{_meant(name, context) if name else ''}; reports/TEMPLATES.md names what there is"
    if isinstance(error, SecurityError):
        return f"{str(error).rstrip('.')}: a template reads what it is given, and nothing else"
    if isinstance(error, KeyError):
        return f"{error} is named in a text, or asked for by its key, and is not given"
    return str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"


def _is_page(name: str) -> bool:
    return name.endswith(".html")


def _meant(name: str, known: Mapping[str, Any] | list[str]) -> str:
    near = get_close_matches(name, list(known), 1)
    return f"; {near[0]}?" if near else ""
