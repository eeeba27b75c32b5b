"""Ranked lists: who came, who went and who is new, and what is not known where a list was read less far."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.period import Asked, Days
from reports.report import Reports
from reports.sections.lists import Listed, Lists
from reports.sentences import Said
from reports.wording import Wording
from tests.reports.database import Database
from tests.reports.nights import OWN, RIVAL, listing, night, tell

BEST, NEW = "/gp/bestsellers/kitchen/289", "/gp/new-releases/kitchen/289"
MOVERS, CUT = "/gp/movers-and-shakers/kitchen", "/gp/bestsellers/x"
MUGS = ("best_sellers", "Mugs", "289")
NIGHTS = 12
WORDS = Wording("en", "USD", "UTC")


def asin(n: int) -> str:
    return f"B0LIST{n:04d}"


def page(*first: str, start: int = 1, size: int = 5) -> dict[int, str]:
    """A page of a list: these first, then others that are always there."""
    names = [*first, *(asin(start + n) for n in range(len(first), size))]
    return dict(enumerate(names, start))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    """Twelve nights. Best sellers: the rival climbs from the second page to place 2 in the last week; on the last night
    ``B0LIST0900`` comes, on place 1, and stands on a keyword; ``B0LIST0003`` goes. ``B0LIST0901`` came on night 3, too
    early to be new. New releases end on their first page, the own product among them. ``CUT`` loses its second page on
    the last night, and had lost it on night 9."""
    made = Database(Path(tmp_path_factory.mktemp("lists")) / "tracker.duckdb")
    listing(made, keywords=["mug"])
    tell(made, OWN, price=[20] * NIGHTS)
    tell(made, RIVAL, price=[18] * NIGHTS)
    for path in (BEST, NEW, MOVERS, CUT):
        made.insert("watched_list", listing="mug", marketplace="com", path=path, valid_from=night(0))
    made.insert("watched_list", listing="mug", marketplace="com", path="/gp/most-gifted/x", valid_from=night(0))
    for n in range(NIGHTS):
        last, early = n == NIGHTS - 1, n < 5
        first, second = page(asin(1), asin(2)), page(asin(6), start=6)
        if last:
            first = dict(enumerate([asin(900), RIVAL, asin(1), asin(2), asin(4)], 1))
        elif not early:
            first = dict(enumerate([asin(1), RIVAL, asin(2), asin(3), asin(4)], 1))
        if n >= 3:
            second[9] = asin(901)
        if early:
            second[8] = RIVAL
        made.ranked(night(n), "com", BEST, MUGS, [first, second])
        made.ranked(
            night(n), "com", NEW, ("new_releases", "Mugs", "289"), [page(OWN) if n % 2 else page(asin(9), OWN), None]
        )
        movers = [asin(900) if last else asin(1), asin(n % 3)]
        made.ranked(
            night(n), "com", MOVERS, ("movers_and_shakers", "Kitchen", None), [dict(enumerate(movers, 1)), None]
        )
        cut = "blocked" if last or n == 9 else page(start=6)
        made.ranked(night(n), "com", CUT, ("best_sellers", "Cups", "7"), [page(asin(500 + n)), cut])
        grid: list[tuple[str, bool | None]] = [
            (asin(900), True),
            (asin(901), False),
            (asin(900), False),
            (RIVAL, False),
        ]
        made.search(night(n), "com", "mug", [grid])
    yield Reports(made.con)
    made.con.close()


def lists(reports: Reports, day: int = NIGHTS - 1) -> Lists:
    last = night(day).date()
    return reports.of("mug", Asked(first=last, last=last, against=Days(last, last))).lists


def listed(found: Lists, path: str) -> Listed:
    return next(each for each in found.lists if each.path == path)


def said(phrases: tuple[Said, ...]) -> str:
    return WORDS.said(phrases)


def test_who_came_went_climbed_and_fell(reports: Reports) -> None:
    best = listed(lists(reports), BEST)
    assert (best.day, best.reach, best.readings, best.ended) == (night(11).date(), 10, 12, False)
    assert (best.before, best.week) == (night(10).date(), night(4).date())
    assert [(e.asin, e.rank, e.last, e.watched) for e in best.entrants or ()] == [(asin(900), 1, None, False)]
    assert [(e.asin, e.before, e.last) for e in best.leavers or ()] == [(asin(3), 4, night(10).date())]
    assert [(e.asin, e.before, e.rank, e.watched) for e in best.climbers] == [(RIVAL, 8, 2, True)]
    assert best.fallers == (), "a place or two are no fall"
    rival = best.standing[RIVAL]
    assert [(m.before, m.after) for m in rival.moved if m] == [(2, 2), (8, 2)]
    assert (best.standing[OWN].rank, best.standing[OWN].moved) == (None, (None, None))
    assert said(best.says) == "you are not among the first 10; 1 came; 1 went"


def test_a_list_that_ends_is_known_to_its_end(reports: Reports) -> None:
    new = listed(lists(reports), NEW)
    assert (new.ended, new.reach, new.standing[OWN].rank) == (True, 5, 1)
    assert [(e.asin, e.before) for e in new.leavers or ()] == [(asin(9), 1)]
    assert [(e.asin, e.last) for e in new.entrants or ()] == [(asin(2), night(9).date())]


def test_a_page_that_was_not_read_hides_who_left_and_who_is_new(reports: Reports) -> None:
    now = listed(lists(reports), CUT)
    assert now.leavers is None and len(now.entrants or ()) == 1
    assert "who left is not known" in said(now.unsure)
    after = listed(lists(reports, 10), CUT)
    assert after.entrants is None and [e.asin for e in after.leavers or ()] == [asin(509)]
    assert "to place 5: who is new is not known" in said(after.unsure)
    first = listed(lists(reports, 0), BEST)
    assert (first.entrants, first.leavers, first.before, first.climbers) == (None, None, None, ())
    assert said(first.unsure).startswith("Read for the first time")


def test_movers_are_of_their_day_only(reports: Reports) -> None:
    movers = listed(lists(reports), MOVERS)
    assert movers.leavers is None and movers.climbers == movers.fallers == () and movers.unsure == ()
    assert [e.asin for e in movers.entrants or ()] == [asin(900)], "who was there before is not new"
    assert movers.standing[RIVAL].moved == (None, None)


def test_newcomers_stand_on_a_keyword_and_came_to_a_list_known_for_a_while(reports: Reports) -> None:
    (new,) = lists(reports).newcomers
    assert (new.asin, new.keywords) == (asin(900), (("mug", 2, 1),))
    assert [(p.ranking, p.rank, p.first) for p in new.places] == [
        ("best_sellers", 1, night(11).date()), ("movers_and_shakers", 1, night(11).date()),
    ]  # fmt: skip
    assert said(new.says) == (
        "Best sellers “Mugs” since Fri 13 Mar, now at 1; Movers & shakers “Kitchen” since Fri 13 Mar, now at 1; "
        "“mug”: place 2, ad 1"
    )
    assert lists(reports, 3).newcomers == (), "three readings tell of nobody that he is new"


def test_a_list_that_was_not_read_is_named_with_the_reason(reports: Reports) -> None:
    ((path, why),) = lists(reports).unread
    assert (path, said(why)) == ("/gp/most-gifted/x", "not asked for in this period")


def test_the_view_says_the_same(reports: Reports) -> None:
    rows = reports.con.execute(
        "SELECT list, asin, rank, rank_before, event FROM list_changes WHERE observed_at > ? ORDER BY ALL", [night(11)]
    ).fetchall()
    found = lists(reports)
    for each in found.lists:
        of_list = [row for row in rows if row[0] == each.path]
        came = {row[1] for row in of_list if row[4] == "entered"}
        went = {row[1] for row in of_list if row[4] == "left"}
        gains = each.path == MOVERS
        assert gains or came == {e.asin for e in each.entrants or ()}
        assert gains or went == {e.asin for e in each.leavers or ()}
    assert (BEST, RIVAL, 2, 2, "same") in rows


def test_a_listing_without_lists_has_none(database: Database) -> None:
    listing(database)
    tell(database, OWN, price=[20, 20])
    assert Reports(database.con).of("mug").lists == Lists()
