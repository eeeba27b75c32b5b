"""What a crawl just done shows of changed page layouts, in sentences."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING

from storage.marketplaces import MARKETPLACES
from storage.store import Store, StoreError
from tracker.config import Config

if TYPE_CHECKING:
    import duckdb


def sentences(config: Config, run_id: str) -> list[str]:
    """One for each defect that the run shows, with its first day on the marketplace's own clock.

    None when the database cannot be asked: an alarm must never be what stops a night.
    """
    try:
        with Store(config.storage.database).reading() as connection:
            return [text for _, text in shown(connection, run_id, "en")]
    except StoreError:
        return []


def shown(connection: "duckdb.DuckDBPyConnection", run_id: str, language: str) -> Iterator[tuple[str, str]]:
    """The defects that a run shows: what names each for as long as it lasts, and the sentence."""
    # DuckDB and Babel are heavy, other commands do not need them.
    from reports.compare import HISTORY, block  # noqa: PLC0415
    from reports.unread import misread  # noqa: PLC0415
    from reports.watch import defects  # noqa: PLC0415
    from reports.wording import Wording  # noqa: PLC0415

    for code, until in connection.execute(
        "SELECT marketplace, max(observed_at) FROM page_fetch WHERE run_id = ? GROUP BY ALL ORDER BY ALL", [run_id]
    ).fetchall():
        market = MARKETPLACES[code]
        words = Wording(language, market.currency, market.time_zone)
        # With the past that the flags of the day are judged with, so that both tell the same.
        since = datetime.combine(block(until.astimezone(words.zone).date()) - HISTORY, time.min, words.zone)
        for defect in defects(connection, code, since=since, until=until):
            if defect.run_id == run_id:
                name = f"{code} {defect.kind} {defect.field} {defect.since.isoformat()}"
                yield name, f"{market.host}: {words.said(misread(defect, words.zone))}"
