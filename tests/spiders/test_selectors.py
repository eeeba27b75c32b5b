"""Every selector of the page objects must be one that can be asked for: a broken one shows only on a page that has its id."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from spiders import pages
from spiders.pages.reading import Elements


def selectors(value: Any) -> Iterator[str]:
    if isinstance(value, str) and re.match(r"#[\w-]+", value):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from selectors(each)


def all_selectors() -> Iterator[tuple[str, str]]:
    for module in pkgutil.iter_modules(pages.__path__):
        for name, value in vars(importlib.import_module(f"{pages.__name__}.{module.name}")).items():
            if name.startswith("_") and not name.startswith("__"):
                for selector in selectors(value):
                    yield f"{module.name}.{name}", selector


@pytest.mark.parametrize(("where", "selector"), list(all_selectors()))
def test_a_selector_can_be_asked_for(where: str, selector: str) -> None:
    ids = dict.fromkeys(re.findall(r"#([\w-]+)", selector))
    tree = LexborHTMLParser("".join(f'<div id="{name}"><p>x</p></div>' for name in ids))
    tree.css(selector)
    if all(member.strip().startswith("#") for member in re.split(r",(?![^(]*\))", selector)):
        Elements(tree).all(selector)
