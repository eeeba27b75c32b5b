"""What the sellers of the simulated world download from Seller Central: what :mod:`tracker.demo.own` knows, as files.

The seller of the two American listings has English headings and a Business Report for every day, the one in Germany
Chinese ones, the one in Japan a report a week, which no day can be told from. Each file has the form and the encoding
that Seller Central gives it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook

from storage.marketplaces import MARKETPLACES
from storage.tabular import Mapping
from tracker.config import Config
from tracker.demo.corner import Watched
from tracker.demo.own import Ad, Numbers, numbers
from tracker.demo.world import World
from tracker.imports import take_in

WEEKLY = frozenset({"co.jp"})
"""Marketplaces whose sellers download a Business Report a week, and no ads: they have none."""
CHINESE = frozenset({"de"})
_SIGNS = {"USD": "${}", "EUR": "€{}", "JPY": "￥{}"}


def bring_in(world: World, config: Config, folder: Path) -> int:
    """Write the exports and import them as `tracker import` does; returns how many there are."""
    files = write(world, folder)
    return len(list(take_in(config, files, Mapping(), None, world.now(world.day_count))))


def write(world: World, folder: Path) -> list[Path]:
    """Write all that the sellers downloaded by the end of the world into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for marketplace in world.marketplaces:
        own = [(each, numbers(world, each)) for each in world.listings if each.marketplace == marketplace]
        files += _business(world, marketplace, own, folder)
        if marketplace not in WEEKLY:
            files += [_advertised(marketplace, own, folder), _search_terms(marketplace, own, folder)]
        files += _stock(world, marketplace, own, folder)
    return files


Own = Sequence[tuple[Watched, tuple[Numbers, ...]]]

_BUSINESS = {
    False: (
        *("(Parent) ASIN", "(Child) ASIN", "Title", "Sessions - Total", "Session Percentage - Total"),
        *("Page Views - Total", "Featured Offer (Buy Box) Percentage", "Units Ordered", "Unit Session Percentage"),
        *("Ordered Product Sales", "Total Order Items"),
    ),
    True: (
        *("（父）ASIN", "（子）ASIN", "标题", "会话数 – 总计", "会话百分比 – 总计"),
        *("页面浏览量 – 总计", "推荐报价（推荐报价展示位）百分比", "已订购商品数量", "商品会话百分比"),
        *("已订购商品销售额", "订单商品总数"),
    ),
}
_AD = {
    False: ("Date", "Portfolio name", "Currency", "Campaign Name", "Ad Group Name"),
    True: ("日期", "广告组合名称", "货币", "广告活动名称", "广告组名称"),
}
_AD_NUMBERS = {
    False: (
        *("Impressions", "Clicks", "Click-Thru Rate (CTR)", "Cost Per Click (CPC)", "Spend", "7 Day Total Sales "),
        *("Total Advertising Cost of Sales (ACOS) ", "7 Day Total Orders (#)", "7 Day Total Units (#)"),
    ),
    True: (
        *("展示量", "点击量", "点击率 (CTR)", "单次点击成本 (CPC)", "花费", "7天总销售额"),
        *("广告投入产出比 (ACOS) 总计", "7天总订单数(#)", "7天总销售量(#)"),
    ),
}
_ADVERTISED = {False: ("Advertised SKU", "Advertised ASIN"), True: ("广告SKU", "广告ASIN")}
_TERM = {False: ("Targeting", "Match Type", "Customer Search Term"), True: ("投放", "匹配类型", "客户搜索词")}


def _business(world: World, marketplace: str, own: Own, folder: Path) -> Iterator[Path]:
    """Business Reports by child ASIN: of each day, or of each whole week."""
    length, chinese = 7 if marketplace in WEEKLY else 1, marketplace in CHINESE
    for start in range(0, world.day_count - length + 1, length):
        rows = [_sold(world, watched, nights[start : start + length], marketplace) for watched, nights in own]
        first, last = own[0][1][start].day, own[0][1][start + length - 1].day
        days = f"{first}" if first == last else f"{first}_{last}"
        file = folder / f"business-{marketplace}-{days}.csv"
        file.write_bytes(_csv([_BUSINESS[chinese], *rows]).encode("gb18030" if chinese else "utf-8-sig"))
        yield file


def _sold(world: World, watched: Watched, nights: Sequence[Numbers], marketplace: str) -> list[str]:
    sessions, units = sum(n.sessions for n in nights), sum(n.units for n in nights)
    box = sum(n.buy_box for n in nights) / len(nights)
    return [
        watched.asin,
        watched.asin,
        world.product(marketplace, watched.asin, 0).title or "",
        f"{sessions:,}",
        "100.00%",
        f"{sum(n.page_views for n in nights):,}",
        f"{box:.2f}%",
        f"{units:,}",
        f"{100 * units / sessions:.2f}%" if sessions else "0.00%",
        _SIGNS[MARKETPLACES[marketplace].currency].format(f"{sum((n.sales for n in nights), Decimal(0)):,}"),
        f"{sum(n.orders for n in nights):,}",
    ]


def _advertised(marketplace: str, own: Own, folder: Path) -> Path:
    chinese, rows = marketplace in CHINESE, []
    for watched, nights in own:
        for night in nights:
            for campaign in dict.fromkeys(ad.campaign for ad in night.ads):
                of = [ad for ad in night.ads if ad.campaign == campaign]
                about = [night.day, "", MARKETPLACES[marketplace].currency, campaign, "main", _sku(watched)]
                rows.append([*about, watched.asin, *_figures(of)])
    head = (*_AD[chinese], *_ADVERTISED[chinese], *_AD_NUMBERS[chinese])
    return _workbook(folder / f"advertised-{marketplace}.xlsx", [head, *rows])


def _search_terms(marketplace: str, own: Own, folder: Path) -> Path:
    chinese, rows = marketplace in CHINESE, []
    for _, nights in own:
        for night in nights:
            for ad in night.ads:
                about = [night.day, "", MARKETPLACES[marketplace].currency, ad.campaign, "main"]
                target = ["*", "-"] if ad.campaign.endswith("auto") else [ad.term, "EXACT"]
                rows.append([*about, *target, ad.term, *_figures([ad])])
    head = (*_AD[chinese], *_TERM[chinese], *_AD_NUMBERS[chinese])
    return _workbook(folder / f"search-terms-{marketplace}.xlsx", [head, *rows])


def _figures(ads: Sequence[Ad]) -> list[object]:
    impressions, clicks, orders = (sum(getattr(ad, of) for ad in ads) for of in ("impressions", "clicks", "orders"))
    spend, sales = (sum((getattr(ad, of) for ad in ads), Decimal(0)) for of in ("spend", "sales"))
    acos = spend / sales if sales else None
    return [impressions, clicks, clicks / impressions, spend / clicks, spend, sales, acos, orders, orders]


def _stock(world: World, marketplace: str, own: Own, folder: Path) -> Iterator[Path]:
    """Manage FBA Inventory, once a week and on the last night, in the encoding that it comes in."""
    head = (
        *("sku", "fnsku", "asin", "product-name", "condition", "your-price", "afn-listing-exists"),
        *("afn-warehouse-quantity", "afn-fulfillable-quantity", "afn-unsellable-quantity", "afn-reserved-quantity"),
        *("afn-total-quantity", "afn-inbound-working-quantity", "afn-inbound-shipped-quantity"),
        "afn-inbound-receiving-quantity",
    )
    for night in sorted({*range(0, world.day_count, 7), world.day_count - 1}):
        rows: list[Sequence[object]] = [head]
        for watched, nights in own:
            now = nights[night]
            page = world.product(marketplace, watched.asin, night)
            about = [_sku(watched), f"X{watched.asin[1:]}", watched.asin, page.title, "New", page.price or "", "Yes"]
            rows.append(
                [*about, now.fulfillable, now.fulfillable, 0, 0, now.fulfillable + now.inbound, 0, now.inbound, 0]
            )
        file = folder / f"stock-{marketplace}-{own[0][1][night].day}.txt"
        text = _csv(rows, delimiter="\t")
        file.write_bytes(text.encode("cp932" if marketplace == "co.jp" else "cp1252", errors="replace"))
        yield file


def _sku(watched: Watched) -> str:
    return f"{watched.name.upper()}-1"


def _csv(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def _workbook(file: Path, rows: Sequence[Sequence[object]]) -> Path:
    """The last columns are figures; the rates among them are shown as percentages."""
    with Workbook(file, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        day, share = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.00%"})
        rates = [place for place, heading in enumerate(rows[0]) if any(of in str(heading) for of in ("CTR", "ACOS"))]
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(number, place, value, day if isinstance(value, date) else share if place in rates else None)
    return file
