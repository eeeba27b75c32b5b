"""Page one of the organic results entered or left; ads of a product that begin or stop.

Model: a place among search results is censored beyond the last page read, so a product not found is
"off page one", while a keyword that was not read that day is missing. Places near the page's end
jitter, so a crossing counts when three readings in a row show it, or at once when the move spans at
least a third of the page (five to ten places; a product not found counts as just behind the last
result read). A product that stood on the new side twice in the week before is hovering and is not
flagged. Only a wide move of the own listing is severe. Four readings are needed before anything is
said. Ads rotate with every request: they are told when three readings in a row show them after five
that did not, or the other way round; a reading that broke off before its last page cannot say that there
is no ad, and counts only where it shows one. The thresholds are judgement; censoring after Tobin 1958.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile
from statistics import median

from reports.flags.flag import Flag, Verdict, day_name, keyword_flag
from reports.flags.kind import Kind, Severity
from reports.flags.rules import Rules
from reports.series import Comparison, KeywordRead, KeywordSeries, ProductSeries

COLD = 4
CONFIRMED = 3
HOVER = timedelta(days=7)
ADS_BEFORE, ADS_AFTER = 5, 3


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for series in comparison.keywords:
        reads = [series.daily[day] for day in sorted(series.daily)]
        for product in comparison.products:
            yield from _organic(comparison, series, product, [r for r in reads if r.known(product.asin)])
            yield from _sponsored(comparison, series, product, [r for r in reads if r.ads_known(product.asin)])


def _organic(
    comparison: Comparison, series: KeywordSeries, product: ProductSeries, reads: list[KeywordRead]
) -> Iterator[Flag]:
    if len(reads) <= COLD:
        return
    asin = product.asin
    state = sum(_on(r, asin) for r in reads[:COLD]) * 2 > COLD
    calm = next(r for r in reversed(reads[:COLD]) if _on(r, asin) == state)
    for n in range(COLD, len(reads)):
        now = reads[n]
        on = _on(now, asin)
        if on == state:
            calm = now
            continue
        usual = median(_position(r, asin) for r in reads[max(0, n - 5) : n])
        clear = abs(usual - _position(now, asin)) >= max(5, min(10, now.first_page_results // 3))
        run = list(takewhile(lambda r: _on(r, asin) == on, reversed(reads[: n + 1])))  # noqa: B023 - used at once
        if not clear and len(run) < CONFIRMED:
            continue
        since = run[-1]
        earlier = [r for r in reads[:n] if r.observed_at < since.observed_at <= r.observed_at + HOVER]
        state = on
        if sum(_on(r, asin) == on for r in earlier) >= 2:
            continue
        yield _crossing(comparison, series, product, (calm, now), clear)


def _crossing(
    comparison: Comparison,
    series: KeywordSeries,
    product: ProductSeries,
    ends: tuple[KeywordRead, KeywordRead],
    clear: bool,
) -> Flag:
    before, after = ends
    asin, gained = product.asin, _on(after, product.asin)
    old, new = before.place(asin).organic, after.place(asin).organic
    verb = "Entered" if gained else "Left"
    text = (
        f"{verb} page one for “{series.keyword}” on {day_name(after.day)}: "
        f"organic place {_words(before, asin)} → {_words(after, asin)}"
    )
    severity = Severity.MEDIUM if gained or product.own else Severity.LOW
    if clear and product.own and not gained:
        severity = Severity.HIGH
    elif not clear and not product.own:
        severity = Severity.LOW
    return keyword_flag(
        comparison,
        product,
        series.keyword,
        (before, after),
        Verdict(
            Kind.KEYWORD_GAINED if gained else Kind.KEYWORD_LOST,
            severity,
            (old, new),
            text,
            magnitude=float(abs(_position(before, asin) - _position(after, asin))),
        ),
    )


def _sponsored(
    comparison: Comparison, series: KeywordSeries, product: ProductSeries, reads: list[KeywordRead]
) -> Iterator[Flag]:
    asin = product.asin
    shown = [r.place(asin).sponsored is not None for r in reads]
    for n in range(ADS_BEFORE + ADS_AFTER - 1, len(reads)):
        start = n - ADS_AFTER + 1
        after, before = set(shown[start : n + 1]), set(shown[start - ADS_BEFORE : start])
        if len(after) != 1 or len(before) != 1 or after == before:
            continue
        began = shown[n]
        place = reads[n if began else start - 1].place(asin).sponsored
        text = (
            f"{'Ads began' if began else 'Ads stopped'} for “{series.keyword}” on {day_name(reads[start].day)}: "
            f"{'now' if began else 'last'} at sponsored place {place}, "
            f"{'seen' if began else 'not seen'} {ADS_AFTER} crawled days in a row"
        )
        yield keyword_flag(
            comparison,
            product,
            series.keyword,
            (reads[start - 1], reads[n]),
            Verdict(
                Kind.SPONSORED_GAINED if began else Kind.SPONSORED_LOST,
                Severity.LOW,
                (reads[start - 1].place(asin).sponsored, reads[n].place(asin).sponsored),
                text,
            ),
        )


def _on(read: KeywordRead, asin: str) -> bool:
    return read.place(asin).organic_page == 1


def _position(read: KeywordRead, asin: str) -> int:
    place = read.place(asin).organic
    return place if place is not None else read.organic_results + 1


def _words(read: KeywordRead, asin: str) -> str:
    place = read.place(asin)
    if place.organic is None:
        return f"beyond page {read.pages_read}"
    return str(place.organic) if place.organic_page == 1 else f"{place.organic} (page {place.organic_page})"
