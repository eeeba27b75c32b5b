"""The ranked lists, as the record has them."""

from reports.forms.shape import ListPlace, NewOnList, OnList, RankedList, RankedLists
from reports.report import Report
from reports.sections.lists import Listed, Ranked
from reports.wording import Wording


def lists_of(report: Report, words: Wording) -> RankedLists:
    """Every list that was read, who came and went, and the newcomers."""
    return RankedLists(
        lists=[_listed(each, words) for each in report.lists.lists],
        unread={path: words.said(why) for path, why in report.lists.unread},
        newcomers=[
            NewOnList(
                asin=each.asin,
                title=each.title,
                places=[ListPlace(p.ranking, p.category, p.rank, p.first) for p in each.places],  # type: ignore[arg-type]
                keywords=list(each.keywords),
                reasons=[words.said(reason) for reason in each.says],
            )
            for each in report.lists.newcomers
        ],
    )


def _listed(each: Listed, words: Wording) -> RankedList:
    return RankedList(
        ranking=each.ranking,  # type: ignore[arg-type]
        category=each.category,
        category_id=each.category_id,
        path=each.path,
        day=each.day,
        reach=each.reach,
        ended=each.ended,
        before=each.before,
        week=each.week,
        standing={asin: at.rank for asin, at in each.standing.items()},
        came=None if each.entrants is None else [_ranked(found) for found in each.entrants],
        went=None if each.leavers is None else [_ranked(found) for found in each.leavers],
        climbed=[_ranked(found) for found in each.climbers],
        fell=[_ranked(found) for found in each.fallers],
        reason=words.said(each.unsure) or None,
    )


def _ranked(found: Ranked) -> OnList:
    return OnList(found.asin, found.own, found.watched, found.title, found.rank, found.before, found.last)
