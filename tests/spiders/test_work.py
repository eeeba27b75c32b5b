"""In which order one marketplace is asked, what comes again, and when it is left alone."""

from spiders.tasks import Task
from spiders.work import Work
from storage.model import Outcome


def task(name: str) -> Task:
    return Task(marketplace="com", asin=name)


def work(*names: str, block_limit: int = 3) -> Work:
    made = Work(block_limit)
    for name in names:
        made.add(task(name))
    return made


def taken(of: Work, at_once: int = 1) -> str | None:
    found = of.take(at_once)
    return found.asin if found else None


def test_no_more_are_under_way_than_may_be() -> None:
    some = work("a", "b", "c")
    assert [taken(some, 2) for _ in range(3)] == ["a", "b", None]
    assert some.done(task("a"), Outcome.OK)
    assert taken(some, 2) == "c"


def test_what_failed_comes_once_more_after_all_else() -> None:
    some = work("a", "b")
    assert taken(some) == "a"
    assert not some.done(task("a"), Outcome.TIMEOUT)
    assert some.asked_again(task("a"))
    assert taken(some) == "b"
    assert some.done(task("b"), Outcome.NOT_FOUND), "gone is gone"
    assert taken(some) == "a"
    assert some.done(task("a"), Outcome.TIMEOUT)
    assert taken(some) is None


def test_what_was_never_asked_for_does_not_come_again() -> None:
    for outcome in (Outcome.ROBOTS, Outcome.SKIPPED, Outcome.BUDGET, Outcome.WINDOW):
        some = work("a")
        taken(some)
        assert some.done(task("a"), outcome)
        assert taken(some) is None


def test_after_too_many_bot_checks_comes_a_pause_one_try_and_then_the_end() -> None:
    some = work("a", "b", "c", "d", "e", block_limit=2)
    assert not some.blocked()
    some.answered()
    assert not some.blocked(), "they count in a row only"
    assert some.blocked()
    assert [taken(some, 5), taken(some, 5)] == ["a", None], "one alone is tried"
    assert not some.blocked()
    assert some.over and some.over[0] is Outcome.SKIPPED
    some.done(task("a"), Outcome.BLOCKED)
    assert taken(some, 5) is None
    assert [(left.asin, before) for left, before in some.left()] == [
        ("b", False),
        ("c", False),
        ("d", False),
        ("e", False),
        ("a", True),
    ]


def test_a_try_that_finds_a_page_lets_all_go_on_until_as_many_bot_checks_follow() -> None:
    some = work("a", "b", "c", block_limit=2)
    some.blocked()
    assert some.blocked()
    taken(some)
    some.answered()
    some.done(task("a"), Outcome.OK)
    assert [taken(some, 5), taken(some, 5)] == ["b", "c"]
    assert not some.blocked()
    assert not some.over
    assert not some.blocked(), "no second pause"
    assert some.over


def test_what_was_under_way_before_the_pause_is_not_the_try_after_it() -> None:
    some = work("a", "b", "c", "d", block_limit=1)
    assert [taken(some, 3) for _ in range(3)] == ["a", "b", "c"]
    assert some.blocked()
    some.done(task("a"), Outcome.BLOCKED)
    for under_way in ("b", "c"):
        assert taken(some, 3) is None
        assert not some.blocked()
        some.done(task(under_way), Outcome.BLOCKED)
        assert not some.over, under_way
    assert taken(some, 3) == "d", "this one is"
    some.blocked()
    assert some.over
