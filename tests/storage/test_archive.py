"""The page archive on a real folder: what is put comes back, whatever happens to files, memory and processes."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from storage import frames
from storage.archive import MAX_DEPTH, Archive, ArchiveError, PageGoneError
from storage.bases import INTERVAL, Bases
from storage.inventory import scan, verify

SUBJECT = "product/com/B000000001"


def page(seed: int = 0, size: int = 40_000) -> bytes:
    """Text that has little to win from compressing it alone."""
    return random.Random(seed).randbytes(size // 2).hex().encode()


def night(number: int, body: bytes = page()) -> bytes:
    """``body`` with something new in its middle."""
    middle = len(body) // 2
    return body[:middle] + f"<b>night {number}: {random.Random(number).random()}</b>".encode() + body[middle:]


def stored(archive: Archive, page_hash: str) -> int:
    return archive.path(page_hash).stat().st_size


def base(archive: Archive, page_hash: str) -> str | None:
    return frames.base_of(archive.path(page_hash).read_bytes())


def depth(archive: Archive, page_hash: str) -> int:
    below = base(archive, page_hash)
    return 0 if below is None else 1 + depth(archive, below)


def test_a_page_comes_back_byte_for_byte_and_is_kept_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "pages")
    body = "<html>杯 €</html>".encode() * 500
    page_hash = archive.put(body)
    assert archive.put(body) == archive.put(body, SUBJECT) == page_hash
    assert archive.get(page_hash) == body
    files = [p for p in (tmp_path / "pages").rglob("*") if p.is_file() and p.name != ".lock"]
    assert files == [archive.path(page_hash)]
    assert files[0].stat().st_size < len(body) / 10


def test_a_missing_or_damaged_page_is_an_error_not_a_page(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with pytest.raises(PageGoneError, match="no page"):
        archive.get("00" * 32)
    one, two = archive.put(b"one" * 50), archive.put(b"two" * 50)
    archive.path(one).write_bytes(archive.path(two).read_bytes())
    with pytest.raises(ArchiveError, match="hash differs"):
        archive.get(one)
    for damaged in (b"\x28\xb5\x2f\xfd broken", b"", b"text", b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 12):
        archive.path(two).write_bytes(damaged)
        with pytest.raises(ArchiveError, match="damaged"):
            archive.get(two)


bodies = st.binary(max_size=300) | st.integers(0, 3).map(lambda seed: page(seed, 3_000))
changes = st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=40)), max_size=4)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), bodies, changes), max_size=25))
def test_whatever_is_put_comes_back(puts: list[tuple[str | None, bytes, list[tuple[int, bytes]]]]) -> None:
    with TemporaryDirectory() as folder:
        kept = {}
        for subject, original, changed in puts:
            body = original
            for place, text in changed:
                body = body[:place] + text + body[place + len(text) :]
            kept[Archive(Path(folder)).put(body, subject)] = body
        archive = Archive(Path(folder))
        for page_hash, body in kept.items():
            assert hashlib.sha256(body).hexdigest() == page_hash
            assert archive.get(page_hash) == body
        pages = scan(archive.root)
        assert pages.keys() == kept.keys()
        assert verify(archive, pages) == {}


def test_pages_of_one_subject_take_little_and_chains_stay_short(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    hashes = [archive.put(night(number), SUBJECT) for number in range(2 * INTERVAL + 10)]
    alone = [number for number, page_hash in enumerate(hashes) if base(archive, page_hash) is None]
    assert alone == [0, INTERVAL + 1, 2 * (INTERVAL + 1)]
    depths = {depth(archive, page_hash) for page_hash in hashes}
    assert depths == set(range(MAX_DEPTH + 1))
    keyframes = stored(archive, hashes[0]) * len(alone)
    assert sum(stored(archive, page_hash) for page_hash in hashes) - keyframes < 0.01 * len(hashes) * len(page())
    # What hangs together does not reach beyond the next keyframe.
    for page_hash in hashes[INTERVAL + 1 :]:
        assert base(archive, page_hash) not in hashes[: INTERVAL + 1]


def test_layouts_that_take_turns_find_their_own_kind(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    old, new = page(1), page(2)
    hashes = [archive.put(night(number, old if number % 2 else new), SUBJECT) for number in range(2 * MAX_DEPTH)]
    assert [base(archive, page_hash) is None for page_hash in hashes] == [True] * 2 + [False] * (2 * MAX_DEPTH - 2)
    assert max(stored(archive, page_hash) for page_hash in hashes[2:]) < len(old) / 50


def test_a_bot_check_does_not_become_the_measure_of_its_subject(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    keyframe = archive.put(page(), SUBJECT)
    for number in range(4):
        check = archive.put(page(90 + number, 2_000), SUBJECT)
        assert base(archive, check) is None
    assert base(archive, archive.put(night(1), SUBJECT)) == keyframe
    # But what comes first may be one, and then it is not the measure of the page after it.
    first = archive.put(page(80, 2_000), "search/com/1/mug")
    whole = archive.put(page(81), "search/com/1/mug")
    assert (base(archive, first), base(archive, whole)) == (None, None)
    assert base(archive, archive.put(night(1, page(81)), "search/com/1/mug")) == whole


def test_a_delta_is_a_valid_zstd_stream_and_says_its_base(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first, second = (archive.put(night(number), SUBJECT) for number in (1, 2))
    raw = archive.path(second).read_bytes()
    assert raw[8:40].hex() == first
    # A decoder that knows nothing of us skips the first frame by itself; it only needs the prefix.
    prefix = zstandard.ZstdCompressionDict(archive.get(first), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    reader = zstandard.ZstdDecompressor(dict_data=prefix).stream_reader(raw, read_across_frames=True)
    assert reader.read() == night(2)


def test_pages_of_earlier_versions_are_read_and_serve_as_bases(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    body = page()
    page_hash = hashlib.sha256(body).hexdigest()
    archive.path(page_hash).parent.mkdir(parents=True)
    archive.path(page_hash).write_bytes(zstandard.ZstdCompressor(level=9).compress(body))
    assert archive.get(page_hash) == body
    assert archive.put(body, SUBJECT) == page_hash
    assert verify(archive, scan(tmp_path)) == {}


def test_pages_that_rest_on_a_lost_or_damaged_one_say_so_and_the_next_rests_on_nothing_bad(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    hashes = [archive.put(night(number), SUBJECT) for number in range(4)]
    keyframe = archive.path(hashes[0]).read_bytes()
    archive.path(hashes[0]).write_bytes(zstandard.ZstdCompressor().compress(night(99)))
    with pytest.raises(ArchiveError, match=rf"page {hashes[0]} .* is damaged \(page {hashes[3]} rests on it\)"):
        archive.get(hashes[3])
    assert verify(archive, scan(tmp_path)).keys() == set(hashes)
    archive.path(hashes[0]).unlink()
    with pytest.raises(ArchiveError, match=f"page {hashes[0]}, which it rests on, is gone") as caught:
        archive.get(hashes[3])
    assert not isinstance(caught.value, PageGoneError)
    wrong = verify(archive, scan(tmp_path))
    assert wrong.keys() == set(hashes[1:])
    assert "gone" in wrong[hashes[1]]
    after = archive.put(night(5), SUBJECT)
    assert base(archive, after) is None
    assert archive.get(after) == night(5)
    # The lost page turned up again: all is well.
    archive.path(hashes[0]).write_bytes(keyframe)
    assert [archive.get(page_hash) for page_hash in hashes] == [night(number) for number in range(4)]


def test_a_file_emptied_by_a_power_cut_is_written_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    page_hash = archive.put(page(), SUBJECT)
    archive.path(page_hash).write_bytes(b"")
    assert archive.put(page(), SUBJECT) == page_hash
    assert archive.get(page_hash) == page()


@pytest.mark.parametrize(
    "harm", [Path.unlink, lambda file: file.write_text("{"), lambda file: file.write_text('{"keyframe": 5}')]
)
def test_a_lost_or_damaged_memory_of_a_subject_costs_a_keyframe(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    archive = Archive(tmp_path)
    archive.put(night(1), SUBJECT)
    (memory,) = (tmp_path / "bases").iterdir()
    harm(memory)
    second = archive.put(night(2), SUBJECT)
    assert base(archive, second) is None
    assert base(archive, archive.put(night(3), SUBJECT)) == second


def test_pages_that_rest_on_themselves_are_damaged(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    one, two = archive.put(night(1), SUBJECT), archive.put(night(2), SUBJECT)
    link = archive.path(two).read_bytes()[: frames.LINK_SIZE].replace(bytes.fromhex(one), bytes.fromhex(two))
    archive.path(one).write_bytes(link + archive.path(one).read_bytes())
    with pytest.raises(ArchiveError, match="rests on itself"):
        archive.get(two)
    assert set(verify(archive, scan(tmp_path))) == {one, two}


def test_a_page_too_large_to_be_a_base_is_kept_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    huge = b"<p>" * (6 * 1024 * 1024)
    for body in (huge, huge + b"1", page()):
        page_hash = archive.put(body, SUBJECT)
        assert base(archive, page_hash) is None
        assert archive.get(page_hash) == body


def test_a_page_that_another_process_put_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    """Ours would rest on what rests on theirs, or on itself, and both would be lost."""
    ours, theirs = Archive(tmp_path), Archive(tmp_path)
    theirs.put(night(0), SUBJECT)
    recall = ours.memory.recall

    def recall_late(subject: str) -> Bases | None:
        ours.memory.recall = recall  # type: ignore[method-assign]
        for number in (1, 2):
            theirs.put(night(number), SUBJECT)
        return recall(subject)

    ours.memory.recall = recall_late  # type: ignore[method-assign]
    page_hash = ours.put(night(1), SUBJECT)
    assert ours.get(page_hash) == night(1)
    assert verify(ours, scan(tmp_path)) == {}
