"""A page as one document: templates, style and scripts put together, and a policy that lets nothing else run.

Every text from outside is escaped by Jinja; a Content-Security-Policy allows the inlined scripts and styles by their
hashes and nothing else.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache
from markupsafe import Markup, escape

from reports.page.sandbox import built_in, guard, made, settings, style
from reports.wording import Wording

BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls of the direction of text: in a title they could turn round what stands beside it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands above a page that is served, and is not in the file: controls, with a style of their own."""

    bar: Markup
    style: Markup


def document(
    template: str,
    words: Wording,
    *,
    scripts: Sequence[Markup] = (),
    library: Markup | None = None,
    look: Markup | None = None,
    frame: Frame | None = None,
    templates: Path | None = None,
    **context: Any,
) -> str:
    """The HTML document that a template makes of its context. ``scripts`` run at its end, in this order; ``library`` is
    a script that lies there packed, for those to unpack when they need it. ``look`` is a style for this page alone.

    The template has ``_`` to say its texts: ``_("{n:count flag|flags} in {of:days}", n=3, of=30)``. ``templates`` is a
    folder of the user's own, which stand before those that are built in.

    Raises:
        TemplatesError: a template of that folder cannot be used.
    """
    styles = [
        asset("report.css") + asset("charts.css") + asset("rivals.css"),
        *([look] if look else []),
        *([frame.style] if frame else []),
    ]
    if templates and (own := style(templates)):
        styles.append(Markup(own))  # noqa: S704 - it cannot end its element
    may_run = [*scripts, *([library] if library else [])]
    asks = "'self'" if frame else "'none'"
    policy = (
        f"default-src 'none'; script-src {_hashes(may_run)}; style-src {_hashes(styles)}; img-src data:; "
        f"base-uri 'none'; form-action {asks}"
    )
    context |= {"styles": styles, "scripts": scripts, "policy": policy, "bar": frame.bar if frame else ""}
    context["library"] = _packed(library) if library else ""
    context |= {"language": words.lang, "_": _spoken(words)}
    if templates is None:
        return _environment().get_template(template).render(context)
    text = made(templates, template, context, _plain)
    guard(templates, text, policy)
    return text


def fragment(template: str, words: Wording, **context: Any) -> Markup:
    """What a template that is a part of a page makes of its context. It has ``_`` as those of documents have."""
    text = _environment().get_template(template).render(context | {"language": words.lang, "_": _spoken(words)})
    return Markup(text)  # noqa: S704 - escaped by Jinja


def _spoken(words: Wording) -> Callable[..., str]:
    """Says a template in the language of the page. Facts that are markup stay so, in a text that is escaped."""

    def say(template: str, **facts: Any) -> str:
        marks = {name: chr(0xE000 + n) for n, name in enumerate(facts) if isinstance(facts[name], Markup)}
        said = words.say(template, **(facts | marks))
        if not marks:
            return said
        text = escape(_plain(said))
        for name, mark in marks.items():
            text = text.replace(mark, facts[name])
        return text

    return say


@cache
def _packed(script: Markup) -> str:
    return base64.b64encode(gzip.compress(script.encode(), 6, mtime=0)).decode()


@cache
def asset(name: str) -> Markup:
    """A file of our own beside the templates, inlined as it is."""
    return Markup(files("reports.page").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704


@cache
def _environment() -> Environment:
    try:  # Compiling the templates takes as long as making a page of them; with their text they are compiled anew.
        compiled = FileSystemBytecodeCache()
    except (OSError, RuntimeError):  # no folder for temporary files, or one that others may write to
        compiled = None
    return Environment(loader=built_in(), bytecode_cache=compiled, **settings(_plain))  # noqa: S701 - they say so


def _hashes(texts: Sequence[str]) -> str:
    """The source expressions a Content-Security-Policy knows inline scripts or styles by."""
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"


def _plain(value: object) -> object:
    """What a template prints, without controls of the direction of text (the letters keep their own)."""
    if not isinstance(value, str) or not BIDI.search(value):
        return value
    text = BIDI.sub("", value)
    return Markup(text) if isinstance(value, Markup) else text  # noqa: S704 - as safe as it was
