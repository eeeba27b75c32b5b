"""A crawl from the command line: run, told of meanwhile, and summed up."""

from rich.markup import escape

from spiders.tasks import Job
from storage.store import Store
from tracker import crawl as crawling
from tracker.alarm import sentences
from tracker.config import Config
from tracker.crawl import Summary
from tracker.progress import Form, Manner, Watch, log, telling
from tracker.summary import of_run, record, show
from tracker.terminal import out


def crawl_told(
    config: Config,
    trigger: str,
    names: list[str],
    manner: Manner,
    jobs: tuple[Job, ...] = ("products", "keywords"),
) -> Summary:
    """Crawl, tell of it meanwhile, and sum up what came of it."""
    with telling(manner):
        with Watch(config, manner) as watch:
            summary: Summary = crawling.run_to_end(
                lambda: crawling.run(
                    config,
                    trigger=trigger,
                    jobs=jobs,
                    names=names,
                    on_plan=watch.planned,
                    on_result=watch.done,
                    on_wait=watch.waits,
                ),
                manner.others,
            )
        _sum_up(config, summary, manner)
    return summary


def _sum_up(config: Config, summary: Summary, manner: Manner) -> None:
    """What the run did, and what of its pages' layouts has changed."""
    if summary.waiting:
        counts = ", ".join(f"{number} {outcome}" for outcome, number in summary.outcomes.most_common())
        out.print(f"run {summary.run_id}: {summary.outcomes.total()} of {summary.planned} pages: {counts or 'nothing'}")
        log.warning(f"{summary.waiting}\nThe results are safe beside it; the next command merges them.")
        return
    found = of_run(Store(config.storage.database), summary.run_id)
    if found and manner.form is Form.JSON:
        log.info("done", extra={"summary": record(found)})
    elif found and (manner.loudness >= 0 or found.unread):
        show(found, out, summary.elsewhere)
    lost = sentences(config, summary.run_id)
    if lost and manner.form is Form.TEXT:
        out.print("[yellow]Our own defect, no move of a rival; the pages are archived and can be read again:[/yellow]")
    for sentence in lost:
        if manner.form is Form.JSON:
            log.warning(sentence)
        else:
            out.print(f"[yellow]  {escape(sentence)}[/yellow]", soft_wrap=True)
