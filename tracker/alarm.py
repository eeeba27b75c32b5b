"""What a crawl just done shows of changed page layouts, in sentences for the terminal."""

from storage.marketplaces import MARKETPLACES
from storage.store import Store, StoreError
from tracker.config import Config


def sentences(config: Config, run_id: str) -> list[str]:
    """One for each defect that the run shows, with its first day on the marketplace's own clock.

    None when the database cannot be asked: an alarm must never be what stops a night.
    """
    from reports.watch import defects  # noqa: PLC0415  DuckDB and Babel are heavy, other commands do not need them
    from reports.wording import Wording, misread_long  # noqa: PLC0415

    try:
        with Store(config.storage.database).reading() as connection:
            rows = connection.execute(
                "SELECT marketplace, max(observed_at) FROM page_fetch WHERE run_id = ? GROUP BY marketplace", [run_id]
            ).fetchall()
            if not rows:
                return []
            found = defects(connection, [code for code, _ in rows], until=max(at for _, at in rows))
    except StoreError:
        return []
    told = []
    for defect in found:
        if defect.run_id == run_id:
            market = MARKETPLACES[defect.marketplace]
            words = Wording("en", market.currency, market.time_zone)
            day = words.day(defect.since.astimezone(words.zone).date())
            told.append(f"{market.host}: {misread_long(defect, day)}")
    return told
