"""Edits of config.toml: nothing else of it changes, and nothing at all where something is wrong."""

import re
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracker.command import tracker
from tracker import edit
from tracker.cli import starter
from tracker.config import ConfigError, load

ASINS = st.lists(st.from_regex(r"B0[A-Z0-9]{8}", fullmatch=True), unique=True, max_size=6)
SPACE = st.sampled_from(["", " ", "   "])
REMARK = st.sampled_from(["", "  # [[listing]]", "# näher", ' # "B0" = [x]', "\t# 评论"])
CONFIG = """# top
[[listing]]
name = "my-mug"   # mine
marketplace = "com"
asin = "B0OWNOWN00"
rivals = [        # ten
    "B0RIVAL001", # the first
    # not "B0OLDOLD01"

    "B0RIVAL002"  # no comma
]  # end
keywords = ["mug", "cup"]

[crawl]
delay = 8.0       # slow
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@st.composite
def arrays(draw: st.DrawFn, values: list[str]) -> str:
    """An array as anybody may write it: on one line or many, with remarks, with or without the last comma."""
    if draw(st.booleans()):
        joint = "," + draw(SPACE)
        return f"[{draw(SPACE)}{joint.join(map(repr, values)).replace(chr(39), chr(34))}{draw(SPACE)}]"
    lines = [f"[{draw(REMARK)}"]
    for n, value in enumerate(values, 1):
        last = n == len(values) and draw(st.booleans())
        lines += [draw(SPACE) + "# alone"] if draw(st.booleans()) else []
        lines.append(f'{draw(SPACE)}"{value}"{draw(SPACE)}{"" if last else ","}{draw(REMARK)}')
    return "\n".join([*lines, f"{draw(SPACE)}]"])


@settings(max_examples=25, deadline=None)
@given(data=st.data(), watched=ASINS, new=ASINS)
def test_all_but_the_array_stays_byte_for_byte(data: st.DataObject, watched: list[str], new: list[str]) -> None:
    array, end = data.draw(arrays(watched)), data.draw(REMARK)
    head = f'# one{data.draw(REMARK)}\n[[listing]]\nname="a"\n\nasin = "OWNOWNOWN0" {end}\nrivals = '
    tail = f'{end}\n# two\nkeywords = [\n"x", ]\n\n[crawl]{end}\n\n\ndelay=3 \n# the end'
    document = tomlkit.parse(head + array + tail)
    gone = data.draw(st.sets(st.sampled_from(watched))) if watched else set[str]()
    notes = st.sampled_from(["", "Title # with «marks»", "two\nlines"])
    come = {asin: data.draw(notes) for asin in new if asin not in watched}
    edit.of_listing("a", "rivals", add=come, drop=gone)(document)
    after = tomlkit.dumps(document)
    assert after.startswith(head)
    assert after.endswith(tail)
    (listing,) = tomllib.loads(after)["listing"]
    assert listing["rivals"] == [asin for asin in watched if asin not in gone] + list(come)
    assert after.count("# alone") == array.count("# alone")


def test_lines_end_as_they_did(config: Path) -> None:
    config.write_bytes(CONFIG.replace("\n", "\r\n").encode("utf-8-sig"))
    edit.edited(config, edit.of_listing("my-mug", "rivals", add={"B0RIVAL003": "Their mug"}))
    after = config.read_bytes().decode()
    assert after.startswith("\ufeff# top"), "as Windows wrote it"
    assert after.count("\n") == after.count("\r\n") == CONFIG.count("\n") + 1


def test_arrays_keep_their_manner(config: Path) -> None:
    folder = config.parent
    done = tracker(folder, "rivals", "add", "my-mug", "https://www.amazon.com/Mug-Steel/dp/B0RIVAL003/ref=sr_1_1?x=y")
    assert "1 added" in done.stdout
    assert tracker(folder, "rivals", "drop", "my-mug", "b0rival001").returncode == 0
    assert tracker(folder, "rivals", "replace", "my-mug", "B0RIVAL002", "B0RIVAL004").returncode == 0
    assert tracker(folder, "keywords", "add", "my-mug", "steel  mug").returncode == 0
    assert tracker(folder, "keywords", "drop", "my-mug", "CUP").returncode == 0
    expected = CONFIG.replace('    "B0RIVAL001", # the first\n', "").replace('    "B0RIVAL002"  # no comma\n', "")
    expected = expected.replace("\n]  # end", '\n    "B0RIVAL003",\n    "B0RIVAL004",\n]  # end')
    expected = expected.replace('["mug", "cup"]', '["mug", "steel mug"]')
    assert config.read_text(encoding="utf-8").replace("\n\n", "\n") == expected.replace("\n\n", "\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rivals", "add", "my-cup", "B0RIVAL003"), "my-cup: no such listing; there is my-mug"),
        (("rivals", "add", "my-mug", "B0RIVAL001"), "B0RIVAL001: watched already for my-mug"),
        (("rivals", "add", "my-mug", "B0OWNOWN00"), "rivals holds B0OWNOWN00, which is the listing's own asin"),
        (("rivals", "add", "my-mug", "cup"), "cup: neither an ASIN"),
        (("rivals", "add", "my-mug", "https://www.amazon.de/dp/B0RIVAL003"), "is on de, and the listing on com"),
        (("rivals", "drop", "my-mug", "B0RIVAL003"), "B0RIVAL003: not among the rivals of my-mug"),
        (("keywords", "add", "my-mug", "Mug"), "Mug: watched already for my-mug"),
        (("keywords", "drop", "my-mug", "pot"), "pot: not among the keywords of my-mug"),
        (("rivals", "suggest", "my-mug"), "no database here yet; `tracker crawl` makes one"),
        (("listing", "add", "my-mug", "com", "B0OWNOWN01"), "the name my-mug is given more than once"),
        (("listing", "add", "cup", "mars", "B0OWNOWN01"), "mars: unknown marketplace"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(config: Path, arguments: tuple[str, ...], said: str) -> None:
    done = tracker(config.parent, *arguments)
    assert done.returncode != 0
    assert said in done.stderr.replace("\n", " ")
    assert config.read_text(encoding="utf-8") == CONFIG
    assert [path.name for path in config.parent.iterdir() if path.name != "data"] == ["config.toml"]


def test_what_the_environment_says_or_somebody_else_writes_is_left_alone(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(document: object) -> None:
        config.write_text(CONFIG + "# mine", encoding="utf-8")

    with pytest.raises(ConfigError, match="somebody else changed it"):
        edit.edited(config, meanwhile)
    assert config.read_text(encoding="utf-8") == CONFIG + "# mine"
    broken = CONFIG + "[crawl"
    config.write_text(broken, encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid TOML"):
        edit.edited(config, edit.of_listing("my-mug", "rivals", add=["B0RIVAL003"]))
    assert config.read_text(encoding="utf-8") == broken
    config.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("TRACKER_LISTING", '[{"name": "a", "marketplace": "com", "asin": "B0OWNOWN00"}]')
    with pytest.raises(ConfigError, match="environment TRACKER_LISTING says which listings there are"):
        edit.edited(config, edit.of_listing("my-mug", "rivals", add=["B0RIVAL003"]))
    monkeypatch.delenv("TRACKER_LISTING")
    monkeypatch.setattr("tracker.edit.os.access", lambda *_: False)
    with pytest.raises(ConfigError, match="may not be written"):
        edit.edited(config, edit.of_listing("my-mug", "rivals", add=["B0RIVAL003"]))


def test_the_first_listing_takes_the_place_of_the_example(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(starter().read_text(encoding="utf-8"), encoding="utf-8")
    comments = re.findall("#.*", path.read_text(encoding="utf-8"))
    done = tracker(tmp_path, "listing", "add", "steel", "amazon.com", "B0OWNOWN00", "-k", "travel mug")
    assert "tracker crawl --listing steel" in done.stdout
    (listing,) = load(path).listing
    assert (listing.name, listing.asin, listing.rivals, listing.keywords) == (
        "steel",
        "B0OWNOWN00",
        (),
        ("travel mug",),
    )
    assert re.findall("#.*", path.read_text(encoding="utf-8")) == comments
    tracker(tmp_path, "listing", "add", "becher", "de", "https://www.amazon.de/dp/B0OWNOWN00")
    assert [each.name for each in load(path).listing] == ["steel", "becher"]
    path.write_text("[crawl]\ndelay = 9\n", encoding="utf-8")
    tracker(tmp_path, "listing", "add", "becher", "de", "B0OWNOWN00")
    assert load(path).crawl.delay == 9
