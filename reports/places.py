"""Where each product stands among search results: the keyword matrix, and how often it is on page one."""

from datetime import timedelta

from reports.page.cells import SPANS, Cell, Delta
from reports.page.sparkline import sparkline
from reports.series import Comparison, KeywordRead, KeywordSeries, ProductSeries
from reports.wording import NOTHING, Wording, reason


class Places:
    """Cells of one comparison."""

    def __init__(self, comparison: Comparison, words: Wording) -> None:
        self.comparison = comparison
        self.words = words
        self.until = comparison.until

    def known(self, asin: str) -> list[KeywordRead]:
        """The newest readings that say where the product stands, or that it is beyond their pages."""
        return [r for k in self.comparison.keywords if (r := k.current(self.until)) and r.known(asin)]

    def page_one(self, product: ProductSeries) -> Cell:
        """On how many of the keywords known now the product is on page one, with its best organic place."""
        reads = self.known(product.asin)
        if not reads:
            return Cell("Page one", NOTHING, missing=True, note="no keyword read")
        places = [r.place(product.asin) for r in reads]
        best = min((p.organic for p in places if p.organic), default=None)
        note = f"best: {best}" if best else f"> page {min(r.pages_read for r in reads)}"
        return Cell("Page one", f"{sum(p.organic_page == 1 for p in places)} of {len(reads)}", note=note)

    def place(self, series: KeywordSeries, asin: str) -> Cell:
        """Organic place with its change, and the ad's place, in the newest reading."""
        values = [
            r.place(asin).organic if (r := series.daily.get(day)) and r.known(asin) else None
            for day in self.comparison.days
        ]
        spark = sparkline(values, label=f"organic place for {series.keyword}", inverted=True)
        now = series.current(self.until)
        if now is None:
            return Cell(series.keyword, NOTHING, missing=True, note=self.unread(series), spark=spark)
        place = now.place(asin)
        ad = f"Ad {place.sponsored}" if place.sponsored else ""
        if not now.known(asin):
            note = f"{reason('ambiguous')} {ad}".strip()
            return Cell(series.keyword, NOTHING, missing=True, note=note, spark=spark)
        deltas = [d for days in SPANS if (d := self._moved(series, asin, days))]
        text = str(place.organic) if place.organic else f"> page {now.pages_read}"
        return Cell(series.keyword, text, note=ad, deltas=tuple(deltas), spark=spark)

    def unread(self, series: KeywordSeries) -> str:
        """Why the last crawl did not read the keyword; empty when it did."""
        if series.current(self.until) is not None:
            return ""
        last = series.daily.get(self.comparison.days[-1])
        return reason((last and last.reason) or "not_crawled")

    def _moved(self, series: KeywordSeries, asin: str, days: int) -> Delta | None:
        """The organic place against the reading ``days`` days before; None when they cannot be compared.

        They cannot when one of the two is beyond pages that do not reach as far as the other.
        """
        now = series.current(self.until)
        earlier = [
            read
            for back in range(days, days + days // 7 + 1)
            if now and (read := series.daily.get(now.day - timedelta(days=back))) and read.known(asin)
        ]
        if now is None or not earlier:
            return None
        then = earlier[0]
        before, after = then.place(asin).organic, now.place(asin).organic
        day = self.words.day(then.day)
        if before is None:
            # Found beyond the pages read then, it may have stood there all the time.
            certain = after is not None and after <= then.organic_results
            return Delta(f"{days} d new", "good", f"was beyond page {then.pages_read} on {day}") if certain else None
        if after is None:
            if before > now.organic_results:
                return None
            return Delta(f"{days} d from {before}", "bad", f"was at {before} on {day}")
        moved = "=" if before == after else f"{'▲' if after < before else '▼'} {abs(before - after)}"
        sense = "flat" if before == after else "good" if after < before else "bad"
        return Delta(f"{days} d {moved}", sense, f"was at {before} on {day}")
