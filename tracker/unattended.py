"""Running by itself: `tracker schedule`, `job`, `notify`, `status` and `service`."""

import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from spiders.tasks import Job
from tracker.config import load
from tracker.progress import Form, FormOption, LoudOption, QuietOption, manner
from tracker.service import Command, System
from tracker.terminal import DEFAULT_CONFIG, ConfigOption, err, fail, out
from tracker.timetable import CRAWLS, KINDS, present, zones

if TYPE_CHECKING:
    from tracker.crawl import Summary

app = typer.Typer()


@app.command("schedule")
def keep_schedule(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due, and what was missed since the last call; then end.")
    ] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Crawl, report, back up and clean up as `schedule` in config.toml says, until stopped.

    What was missed (the machine was off or asleep) is done once, as soon as it can be; what was cut off goes on. Runs
    in the foreground: `tracker service` prints what a system needs to run it as a service. A changed config.toml is
    taken up. The first SIGTERM or Ctrl+C stops the work at hand where it is, a second one ends it.
    """
    from tracker.schedule import ScheduleError, run  # noqa: PLC0415

    def say(sentence: str) -> None:
        clock = datetime.now()  # noqa: DTZ005  the user's own clock
        out.print(f"{clock:%Y-%m-%d %H:%M:%S} {escape(sentence)}", soft_wrap=True)

    try:
        code = run(config_path, say, once=once)
    except ScheduleError as error:
        fail(str(error), 1)
    sys.exit(code)


@app.command("job")
def do_job(
    kinds: Annotated[
        list[str], typer.Argument(help=f"What to do: {', '.join(KINDS)}.", metavar="JOB", show_default=False)
    ],
    *,
    zone: Annotated[
        str | None,
        typer.Option("--zone", help="For the listings that go by this clock; needed for crawls where they differ."),
    ] = None,
    in_force: Annotated[Path | None, typer.Option(hidden=True, help="From the scheduler.")] = None,
    config_path: ConfigOption = DEFAULT_CONFIG,
    form: FormOption = Form.TEXT,
    verbose: LoudOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Do jobs of the schedule now. `tracker schedule` starts them so; `tracker status` tells what came of them."""
    from tracker.jobs import do, stop_with_input  # noqa: PLC0415
    from tracker.told import crawl_told  # noqa: PLC0415

    for kind in set(kinds) - set(KINDS):
        fail(f"{kind!r}: no such job; there is {', '.join(KINDS)}", 2)
    if in_force:
        stop_with_input()
    config = load(in_force, folder=config_path.resolve().parent) if in_force else load(config_path)
    clocks = zones(config)
    if zone not in clocks and (zone or (len(clocks) > 1 and set(kinds) & {*CRAWLS})):
        fail(f"--zone {zone or 'is needed'}: the jobs of the listings go by the clocks of {', '.join(clocks)}", 2)

    def crawl(jobs: tuple[Job, ...], names: list[str]) -> "Summary":
        return crawl_told(config, "schedule", names, manner(form, verbose, quiet=quiet), jobs)

    def say(sentence: str) -> None:
        err.print(escape(sentence), soft_wrap=True)

    sys.exit(do(config, [kind for kind in KINDS if kind in kinds], zone or clocks[0], crawl, say))


@app.command("notify")
def notify_now(
    *,
    test_only: Annotated[
        bool, typer.Option("--test", help="Send a test message to every target, and say whether each took it.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent to whom; send nothing.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Tell everybody whom notify.urls names what is new: each piece of news once to each of them.

    The scheduled report does so by itself. Exit code 1 when a target did not take its message: it is offered again with
    the next jobs, for a day.
    """
    from storage.store import StoreError  # noqa: PLC0415
    from tracker.judging import renew  # noqa: PLC0415
    from tracker.notify import deliver, tell  # noqa: PLC0415

    config = load(config_path)
    if not config.notify.urls:
        fail(f"{config_path}: notify.urls: nobody is to be told; README.md, “Be told”, has the addresses", 2)
    deliver.check(config, config_path)

    def say(sentence: str) -> None:
        out.print(escape(sentence), soft_wrap=True)

    if test_only:
        sys.exit(0 if tell.test(config, say) else 1)
    with suppress(StoreError):  # what went wrong is told all the same
        renew(config)
    if dry_run:
        tell.show(config, say)
    elif not tell.tell(config, say):
        sys.exit(1)


@app.command("status")
def show_status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show when each job is next, what came of it last, and what is wrong. Exit code 1 when something is.

    Wrong is: the last work on a job failed (a crawl of which less than 80 % of the pages were read counts as failed),
    or one is overdue by more than an hour. Asks the schedule's journal, so that the database need not be free.
    """
    from tracker import status  # noqa: PLC0415

    found = status.status(load(config_path), present())
    if as_json:
        typer.echo(status.as_json(found))
    else:
        status.show(found, config_path, out)
    sys.exit(1 if found.wrong else 0)


@app.command("service")
def print_service(
    system: Annotated[System, typer.Argument(help="What is to run it.", show_default=False)],
    command: Annotated[Command, typer.Argument(help="What it is to run.")] = Command.SCHEDULE,
    config_path: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Print what a system needs to run `tracker schedule` (or `serve`) as a service; its first lines say where to put
    it."""
    from tracker.service.files import text  # noqa: PLC0415

    typer.echo(text(system, config_path, command), nl=False)
