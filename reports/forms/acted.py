"""The journal of own actions as it stands in the record."""

from datetime import UTC

from reports.forms.shape import Action, Done, Unlogged, Weighed
from reports.page.told import Telling
from reports.sections.journal import Journal, Logged


def done_of(journal: Journal, telling: Telling) -> Done:
    """The sentences in the language of ``telling``."""
    unlogged = [
        Unlogged(kind=each.what.value, seen_at=each.at.astimezone(UTC), before=each.before, after=each.after)
        for each in journal.unlogged
    ]
    return Done(actions=[_action(each, telling) for each in journal.actions], unlogged=unlogged)


def _action(found: Logged, telling: Telling) -> Action:
    notes = found.notes(lambda asin: telling.whose(asin).chip)
    return Action(
        entry=found.action.entry,
        kind=found.action.what.value,
        text=found.action.text,
        acted_at=found.action.at.astimezone(UTC),
        day=found.day,
        first=found.window.first,
        last=found.window.last,
        nights=found.nights,
        verdict=found.verdict,
        sentence=telling.words.said(found.says),
        notes=[telling.words.said(note) for note in notes],
        effects=[
            Weighed(
                metric=each.metric.value,
                keyword=each.keyword,
                before=each.before,
                after=each.after,
                effect=each.effect,
                low=each.low,
                high=each.high,
                nights_before=each.nights_before,
                nights_after=each.nights_after,
                verdict=each.verdict.value,
                sentence=each.said(telling.language),
                says=list(each.says),
                facts=dict(each.facts),
            )
            for each in found.effects
        ],
    )
