"""The words of ``signs.toml``: by what a page tells its reader that it is an ad, empty, or an error."""

import tomllib
from importlib.resources import files

_WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(files(__package__).joinpath("signs.toml").read_text("utf-8"))


def _of(section: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain(word) for words in _WORDS[section].values() for word in words))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


_SPONSORED = _of("sponsored")
_NO_RESULTS = _of("no_results")
_NOT_FOUND = _of("not_found")
_SERVER_ERROR = _of("server_error")


def says_sponsored(label: str) -> bool:
    """Whether a short label on a card means "sponsored"."""
    return _plain(label).lstrip("[( ").startswith(_SPONSORED)


def says_no_results(text: str) -> bool:
    """Whether a message says that a search found nothing."""
    return any(word in _plain(text) for word in _NO_RESULTS)


def says_not_found(text: str) -> bool:
    """Whether the words of a page say that there is no such page."""
    return any(word in _plain(text) for word in _NOT_FOUND)


def says_server_error(text: str) -> bool:
    """Whether the words of a page say that the server failed."""
    return any(word in _plain(text) for word in _SERVER_ERROR)
