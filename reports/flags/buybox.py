"""Who has the Buy Box, and who else sells the product.

Model: facts read from the page, a seller by id where both pages show one, else by name. All numbers are judgement.

- A rival's Buy Box that went to another seller is told. Sellers who share one take turns, which is no news: a seller
  seen in it within the last week is not told. Where it changed hands at least three times in 90 days, none seen in them
  is, and a new one when it had it on two nights running.
- Whose box the own listing's is, config.toml says with the own seller ids; without them it follows from the pages: the
  seller's who had it on more than half of the known nights of 90 days, and on three at least (a hijacker must hold it
  for weeks to be taken for the owner). It is lost on the
  first page that shows another, or that shows no Buy Box while it announces other offers; not told again before its
  seller had it on every page of a week. It is back on the second night running of that seller, which is told once
  after each loss of the 90 days before.
- Another seller on the own listing: one not seen in its Buy Box for 90 days; or more other offers than on any known
  night of four weeks, of which seven must be known, by one and by half of the usual number.
- A rival's offers multiply when there are at least twice the median and three more than on any known night of these
  weeks. Both are told when no page of the two weeks before was as unusual.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, takewhile
from statistics import median

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.past import FOUR_WEEKS, WEEK, back, news
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import NOT_THERE, Comparison, Observation, ProductSeries
from storage.model import VENDOR, Expected

TURNS = 3
FORTNIGHT, QUARTER = timedelta(days=14), timedelta(days=90)
LEAST_NIGHTS, LEAST_HELD = 7, 3
RUNNING = 2
TIMES = 2.0
MORE = Decimal(3)
COLUMNS = "seller, seller_id, offer_count, offer_from, price, currency, in_stock"

CHANGED = "Buy Box went from “{before}” to “{after}” on {since:day}"
RETURNED = "You have your Buy Box again since {since:day}: “{after}” took it back from “{before}”"
SHOWN = "You have your Buy Box again since {since:day}: “{after}”; it was not shown"
AWAY = ", after {away:days} without it"
LOST = "Your Buy Box went from “{before}” to “{after}” on {day:day}"
SUPPRESSED = "Your listing shows no Buy Box on {day:day}, though {offers:count other offer is|other offers are} there"
HELD = "; “{before}” had it on {held:number} of {known:number} nights read in the 90 days before"
STRANGER = (
    "Another seller has the Buy Box of your listing on {day:day}: “{after}”, seen on none of "
    "{known:count night|nights} read in the 90 days before"
)
AT = "; the price is {price:amount} {currency}"
OFFERED = (
    "{after:count other offer|other offers} on your listing on {day:day}; in the four weeks before never more than "
    "{most:number}"
)
MULTIPLIED = (
    "{after:count other offer|other offers} on {day:day}; in the four weeks before {usual:number} as a rule, "
    "never more than {most:number}"
)
CHEAPEST = "; the cheapest is {lowest:amount} {currency}"


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        for n in news(comparison, product):
            if product.own:
                yield from _lost(comparison, product, n)
                yield from _returned(comparison, product, n)
                strangers = list(_stranger(comparison, product, n))
                yield from strangers or _offered(comparison, product, n, rules.size(Kind.HIJACKER, Decimal(1)))
            else:
                yield from _changed(comparison, product, n)
                yield from _multiplied(comparison, product, n, rules.factor(Kind.OFFERS_MULTIPLYING, TIMES))


def _changed(comparison: Comparison, product: ProductSeries, n: int) -> Iterator[Flag]:
    after = product.observations[n]
    if not after.seller:
        return
    known = (o for o in back(product.observations, n, QUARTER) if o.seller)
    held = [after]
    for seen in known:
        if not _same(seen, after):
            past = [seen, *known]
            break
        held.append(seen)
        if len({o.day for o in held}) > 2:
            return
    else:
        return
    turns = sum(not _same(a, b) for a, b in pairwise(past)) >= TURNS
    nights = {o.day for o in held}
    if len(nights) != 1 + turns or len({o.day for o in held[1:]}) == len(nights):
        return
    memory = QUARTER if turns else WEEK
    if any(_same(o, after) for o in past if after.observed_at - o.observed_at <= memory):
        return
    facts: dict[str, Fact] = {"before": past[0].seller, "after": after.seller}
    verdict = Verdict(
        Kind.BUY_BOX_CHANGED,
        Severity.LOW,
        (past[0].seller, after.seller),
        CHANGED,
        {**facts, "since": held[-1].day},
        since=held[-1].observed_at,
    )
    yield product_flag(comparison, product, (past[0], after), verdict, columns=COLUMNS)


def _lost(comparison: Comparison, product: ProductSeries, n: int) -> Iterator[Flag]:
    after, (usual, held, known) = product.observations[n], _loss(comparison, product, n)
    if usual is None:
        return
    says = [LOST if after.seller else SUPPRESSED, HELD]
    facts: dict[str, Fact] = {"before": usual.seller, "held": held, "known": known}
    facts |= {"after": after.seller} if after.seller else {"offers": after.offer_count}
    if after.seller and after.price is not None:
        says, facts = [*says, AT], {**facts, "price": after.price}
    verdict = Verdict(Kind.BUY_BOX_LOST, Severity.HIGH, (usual.seller, after.seller), tuple(says), facts)
    yield product_flag(comparison, product, (usual, after), verdict, columns=COLUMNS)


def _loss(comparison: Comparison, product: ProductSeries, n: int) -> tuple[Observation | None, int, int]:
    """Whose Buy Box is lost with the ``n``-th page, as :func:`_usual` has it; None where none is, or it is no news."""
    after, nobody = product.observations[n], (None, 0, 0)
    if not after.seller and not suppressed(after):
        return nobody
    expected = comparison.expected_on(after.day)
    usual, held, known = _usual(product, n, expected)
    if usual is None or not _other(after, usual, expected):
        return nobody
    if not expected.seller_ids and (held < LEAST_HELD or held * 2 <= known):
        return nobody
    lost = any(_other(o, usual, expected) for o in back(product.observations, n, WEEK))
    return nobody if lost else (usual, held, known)


def _returned(comparison: Comparison, product: ProductSeries, n: int) -> Iterator[Flag]:
    """The seller whose loss was told has it on two nights running again, for the first time since."""
    seen, after = product.observations, product.observations[n]
    expected = comparison.expected_on(after.day)
    if not after.seller or mine(expected, after) is False:
        return
    pages = [m for m in range(n - 1, -1, -1) if after.observed_at - seen[m].observed_at <= QUARTER]
    known = [m for m in pages if seen[m].seller or suppressed(seen[m])]
    run = [n, *takewhile(lambda m: not _other(seen[m], after, expected), known)]
    if len({seen[m].day for m in run}) != RUNNING or len({seen[m].day for m in run[1:]}) == RUNNING:
        return
    if _loss(comparison, product, run[-1])[0] is not None:  # of another, who has had it so long that he is the owner
        return
    nights: set[date] = set()
    for m in known[len(run) - 1 :]:
        nights = nights | {seen[m].day} if not _other(seen[m], after, expected) else set()
        if len(nights) == RUNNING:
            return
        usual = _loss(comparison, product, m)[0]
        if usual is not None and (_same(usual, after) or mine(expected, after)):
            break
    else:
        return
    since, other = seen[run[-1]], seen[known[len(run) - 1]]
    facts: dict[str, Fact] = {"after": usual.seller, "away": max(1, (since.day - seen[m].day).days)}
    facts |= {"before": other.seller} if other.seller else {}
    verdict = Verdict(
        Kind.BUY_BOX_CHANGED,
        Severity.LOW,
        (other.seller, usual.seller),
        (RETURNED if other.seller else SHOWN, AWAY),
        {**facts, "since": since.day},
        since=since.observed_at,
    )
    yield product_flag(comparison, product, (other, after), verdict, columns=COLUMNS, history=seen[m])


def _other(seen: Observation, owner: Observation, expected: Expected) -> bool:
    """Whether the page shows that ``owner`` does not have the Buy Box, nor another of one's own."""
    if not seen.seller:
        return suppressed(seen)
    owned = mine(expected, seen)
    return not _same(seen, owner) if owned is None else not owned


def mine(expected: Expected, seen: Observation) -> bool | None:
    """Whether the Buy Box is one's own; None where that cannot be told."""
    if not expected.seller_ids or not seen.seller:
        return None
    if seen.seller_id:
        return seen.seller_id in expected.seller_ids
    if seen.seller.casefold().startswith(VENDOR):  # Amazon's own offers link no seller
        return VENDOR in expected.seller_ids
    return None


def _usual(product: ProductSeries, n: int, expected: Expected) -> tuple[Observation | None, int, int]:
    """The last page of the owner, on how many nights of 90 days he had the Buy Box, and of how many: of oneself, or of
    the seller who had it on most of them where one's own ids are not known."""
    nights: dict[date, Observation] = {}
    for seen in back(product.observations, n, QUARTER):
        if seen.seller:
            nights.setdefault(seen.day, seen)
    if expected.seller_ids:
        own = [seen for seen in nights.values() if mine(expected, seen)]
        return (own[0] if own else None), len(own), len(nights)
    sellers: list[list[Observation]] = []
    for seen in nights.values():
        group = next((group for group in sellers if _same(group[0], seen)), None)
        if group is None:
            sellers.append([seen])
        else:
            group.append(seen)
    most = max(sellers, key=len, default=[])
    return (most[0] if most else None), len(most), len(nights)


def suppressed(seen: Observation) -> bool:
    """Whether the page was understood, shows nobody to buy from at once, and announces other offers."""
    return (
        seen.in_stock is not False
        and seen.elsewhere is None
        and seen.missing.get("seller") in NOT_THERE
        and seen.missing.get("price") in NOT_THERE
        and bool(seen.offer_count)
    )


def _stranger(comparison: Comparison, product: ProductSeries, n: int) -> Iterator[Flag]:
    after, before = product.observations[n], _last_seller(product, n)
    if before is None or _same(before, after) or mine(comparison.expected_on(after.day), after):
        return
    past = [o for o in back(product.observations, n, QUARTER) if o.seller]
    if any(_same(o, after) for o in past):
        return
    known = len({o.day for o in past} - {after.day})
    if not known:
        return
    facts: dict[str, Fact] = {"before": before.seller, "after": after.seller, "known": known}
    says = [STRANGER]
    if after.price is not None:
        says, facts = [*says, AT], {**facts, "price": after.price}
    verdict = Verdict(Kind.HIJACKER, Severity.HIGH, (before.seller, after.seller), tuple(says), facts)
    yield product_flag(comparison, product, (before, after), verdict, columns=COLUMNS)


def _offered(comparison: Comparison, product: ProductSeries, n: int, more: Decimal) -> Iterator[Flag]:
    if _begins(product, n, lambda usual: max(more, usual / 2), Decimal(0)):
        yield _more_offers(comparison, product, n, Kind.HIJACKER, [OFFERED])


def _multiplied(comparison: Comparison, product: ProductSeries, n: int, times: float) -> Iterator[Flag]:
    if _begins(product, n, lambda _: MORE, Decimal(times)):
        yield _more_offers(comparison, product, n, Kind.OFFERS_MULTIPLYING, [MULTIPLIED])


def _begins(product: ProductSeries, n: int, more: Callable[[Decimal], Decimal], times: Decimal) -> bool:
    """Whether there are so many more offers than ever in four weeks, and so many times the usual, as on no page of the
    two weeks before."""

    def unusual(place: int) -> bool:
        now, past = _offers(product.observations[place]), _offers_before(product, place)
        if now is None or len(past) < LEAST_NIGHTS:
            return False
        usual = Decimal(median(past.values()))
        return now >= max(past.values()) + more(usual) and now >= times * usual

    if not _offers(product.observations[n]) or not unusual(n):
        return False
    lately = sum(1 for _ in back(product.observations, n, FORTNIGHT))
    return not any(map(unusual, range(n - lately, n)))


def _more_offers(comparison: Comparison, product: ProductSeries, n: int, kind: Kind, says: list[str]) -> Flag:
    after, past = product.observations[n], _offers_before(product, n)
    before = next(o for o in back(product.observations, n) if _offers(o) is not None)
    count, usual = _offers(after) or 0, median(past.values())
    facts: dict[str, Fact] = {"after": count, "usual": usual, "most": max(past.values())}
    if after.offer_from is not None:
        says, facts = [*says, CHEAPEST], {**facts, "lowest": after.offer_from}
    verdict = Verdict(
        kind,
        Severity.MEDIUM,
        (_offers(before), count),
        tuple(says),
        facts,
        magnitude=count / usual if usual else None,
    )
    return product_flag(comparison, product, (before, after), verdict, columns=COLUMNS)


def _offers(seen: Observation) -> int | None:
    """Other offers that the page announces, which are none where it announces none; None where that is not known."""
    if seen.elsewhere is not None:
        return None
    return 0 if seen.offer_count is None and not seen.unread("offer_count") else seen.offer_count


def _offers_before(product: ProductSeries, n: int) -> dict[date, int]:
    """The last number of other offers of each known day of the four weeks before."""
    known: dict[date, int] = {}
    for seen in back(product.observations, n, FOUR_WEEKS):
        if seen.day not in known and (count := _offers(seen)) is not None:
            known[seen.day] = count
    return known


def _last_seller(product: ProductSeries, n: int) -> Observation | None:
    """The last page before that names a seller; None where the ``n``-th names none."""
    seen = product.observations
    return next((o for o in back(seen, n) if o.seller), None) if seen[n].seller else None


def _same(a: Observation, b: Observation) -> bool:
    if a.seller_id and b.seller_id:
        return a.seller_id == b.seller_id
    return (a.seller or "").casefold().strip() == (b.seller or "").casefold().strip()
