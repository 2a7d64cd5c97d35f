"""Accounts as customers have them: a year of a cloud, a month in samples, daily lines by country, a water meter.

Made by simple rules, so that a reader can say what each of them used; the lists are the bundled ones, but for two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from ratewright import usage
from ratewright.comparison.side import Side, side_of
from ratewright.diagnostics import Source
from ratewright.plan.plan import Plan, plan_of
from ratewright.rating.bill import Bill, Statement
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months
from ratewright.rating.walk import statement
from ratewright.usage.model import Usage
from ratewright.values.calendar import Period, calendar_of
from tests.explain.bills import INPUT, ROOT, read_tariff

Data = dict[str, Any]

DAYS = range(1, 32)
REGIONS = ("EU", "US", "APAC")
COUNTRIES = "china_mainland hongkong japan india united_states germany turkey egypt brazil".split()  # one of each area


def _month(number: int) -> str:
    return f"2026-{number:02}"


def _cloud() -> Iterator[Data]:
    """Calls, storage and traffic that grow a little each month; some calls failed, some storage was told late."""
    for number, (place, region) in product(range(1, 13), enumerate(REGIONS, start=1)):
        month, share = _month(number), 4 - place
        calls, gigabytes = 150_000 * share + 9_731 * number, 811 * share + 57 * number
        yield {"meter": "calls_made", "at": f"{month}-07T09:00:00", "quantity": calls, "region": region}
        yield {"meter": "calls_made", "at": f"{month}-08T09:00:00", "quantity": 13 * calls // 1_000, "region": region,
               "status": "failed"}  # fmt: skip
        yield {"meter": "traffic", "at": f"{month}-11T09:00:00", "quantity": f"{gigabytes} GB", "region": region}
    for number, (place, project) in product(range(1, 13), enumerate(("shop", "books", "backup", "films"))):
        quantity = f"{90 + 870 * place + 31 * number} GB"
        yield {"meter": "storage", "at": f"{_month(number)}-15T09:00:00", "quantity": quantity, "project": project}
    for day in (3, 19):
        yield {"meter": "calls_made", "at": f"2026-05-{day:02}T07:00:00", "quantity": 4_100, "region": "EU",
               "reported": f"2026-06-0{1 + day % 3}T12:00:00", "id": f"late-{day}"}  # fmt: skip


CLOUD_YEAR: Data = {
    "account": "nordwind",
    "activated": "2026-01-01",
    "timezone": "Europe/Berlin",
    "settings": {"team": {"2026-01-01": "7 seats", "2026-05-01": "9 seats", "2026-09-01": "20 seats"}},
    "purchases": [
        {"id": "pack1", "package": "traffic_pack", "size": "1,000 GB", "at": "2026-02-05T10:00:00",
         "with": {"region": "EU"}},
        {"id": "pack2", "package": "traffic_pack", "size": "5,000 GB", "count": 2, "at": "2026-04-01T10:00:00",
         "with": {"region": "US"}},
        {"id": "pack3", "package": "traffic_pack", "size": "1,000 GB", "at": "2026-07-01T10:00:00",
         "with": {"region": "APAC"}},
    ],
    "refunds": [{"purchase": "pack3", "at": "2026-07-04T10:00:00"}, {"purchase": "pack1", "at": "2026-02-25T10:00:00"}],
    "usage": list(_cloud()),
}  # fmt: skip

OBJECT_STORE: Data = {
    "account": "bilderhaus",
    "timezone": "Asia/Shanghai",
    "settings": {"activated_on": "2026-01-15"},
    "purchases": [
        {"id": "three", "package": "standard_pack", "size": "10 GB", "count": 3, "at": "2026-03-04T10:00:00"}
    ],
    "usage": [
        {"meter": "samples", "at": f"2026-03-{day:02}T{hour:02}:00:00", "quantity": 3_000 * place + 17 * day + hour,
         "class": kind, "size": f"{place} GB"}
        for day, hour, (place, kind) in product(
            DAYS, (0, 6, 12, 18), enumerate(("standard", "standard_ia", "archive"), start=1))
    ] + [
        {"meter": "calls", "in": f"2026-03-{day:02}", "quantity": 70_000 + 9_001 * day, "class": "standard"}
        for day in DAYS
    ],
}  # fmt: skip

FILE_STORE: Data = {
    "account": "filmwerk",
    "timezone": "Asia/Shanghai",
    "usage": [
        {"meter": "standard", "from": f"2026-03-{day:02}T{start}:00:00", "to": end.format(day, day + 1),
         "quantity": f"{1_100 + 7 * day + more} GB", "file_system": "films"}
        for day in range(1, 31)
        for start, end, more in (("00", "2026-03-{0:02}T12:00:00", 0), ("12", "2026-03-{1:02}T00:00:00", 3))
    ],
}  # fmt: skip

LIVE_STREAM: Data = {
    "account": "stadtfunk",
    "timezone": "Asia/Shanghai",
    "usage": [
        {"meter": "downstream", "in": f"2026-03-{day:02}", "quantity": f"{10_000 * place + 1_237 * day % 9_973} GB",
         "country": country}
        for day, (place, country) in product(DAYS, enumerate(COUNTRIES, start=1))
    ],
}  # fmt: skip

BANDWIDTH: Data = {
    "account": "stadtfunk",
    "timezone": "Asia/Shanghai",
    "settings": {"billing": "bandwidth_mode"},
    "usage": [
        {"meter": "downstream_peak", "at": f"2026-03-{day:02}T20:00:00", "quantity": "400 Mbps", "country": country}
        for day, country in product(DAYS, ("china_mainland", "germany"))
    ],
}  # fmt: skip

CALLS: Data = {
    "account": "rundruf",
    "activated": "2026-01-05",
    "timezone": "Asia/Shanghai",
    "subaccounts": ["rundruf-nord", "rundruf-sued"],
    "purchases": [{"id": "pack", "package": "general_pack", "size": "25000 minutes", "count": 2,
                   "at": "2026-01-20T10:00:00"}],
    "usage": [
        {"meter": "usage", "at": f"2026-{month:02}-{day:02}T{10 + place}:00:00",
         "quantity": f"{1_500 + 431 * place + 13 * day} minutes", "pictures": pictures, "width": width,
         "height": height,
         **({"subaccount": f"rundruf-{('nord', 'sued')[place % 2]}"} if place else {"service": "recording"})}
        for month, day, (place, (pictures, width, height)) in product(
            (1, 2, 3), range(6, 27), enumerate(((1, 1280, 720), (0, 0, 0), (4, 640, 360), (1, 1920, 1080))))
    ],
}  # fmt: skip

CALLS_OF_TWO_KINDS: Data = {
    "account": "rundruf",
    "activated": "2026-01-05",
    "timezone": "Asia/Shanghai",
    "purchases": [{"id": "pack", "package": "general_pack", "size": "25000 minutes", "at": "2026-01-20T10:00:00"}],
    "usage": [
        {"meter": "usage", "at": "2026-01-21T09:00:00", "quantity": "30 minutes", "service": "recording",
         "pictures": 1, "width": 1280, "height": 720},
        {"meter": "usage", "at": "2026-01-21T10:00:00", "quantity": "60000 minutes", "pictures": 4, "width": 1920,
         "height": 1080},
    ],
}  # fmt: skip

WATER: Data = {
    "account": "wohnung-9",
    "activated": "2026-01-01",
    "timezone": "Asia/Hong_Kong",
    "usage": [
        {"meter": meter, "in": _month(number), "quantity": f"{least + number * step % 13} m3"}
        for number, (meter, least, step) in product(range(1, 13), (("domestic", 8, 5), ("flushing", 7, 3)))
    ],
}  # fmt: skip

GREAT_AMOUNTS: Data = {
    "account": '=HYPERLINK("http://x","a")',
    "activated": "2026-01-25T10:00:00+08:00",
    "settings": {"postpaid": "on"},
    "purchases": [
        {"id": "great", "package": "resource_package", "size": "10,000,000", "count": 6,
         "at": "2026-03-30T09:30:00+08:00"},
        {"id": "small", "package": "resource_package", "size": "1,000", "at": "2026-03-30T09:30:00+08:00"},
    ],
    "refunds": [{"purchase": "great", "at": "2026-04-02T10:00:00+08:00"}],
    "usage": [{"meter": "image_style_transfer", "at": "2026-04-05T08:00:00+08:00", "quantity": 300}],
}  # fmt: skip

THIRDS: Data = {
    "account": "drittel",
    "usage": [{"meter": "calls_made", "in": _month(number), "quantity": number - 2} for number in (3, 4)],
}

_LISTS: dict[str, tuple[Path, Data, str, str]] = {
    "a year of a cloud": (INPUT / "cloud.tariff", CLOUD_YEAR, "2026-01", "2026-12"),
    "a month in samples": (ROOT / "rules/published/tencent-cos.tariff", OBJECT_STORE, "2026-03", "2026-04"),
    "states of half a day": (ROOT / "rules/published/tencent-cfs.tariff", FILE_STORE, "2026-03", "2026-03"),
    "nine countries a day": (ROOT / "rules/published/tencent-css-lvb-daily.tariff", LIVE_STREAM, "2026-03", "2026-03"),
    "peaks of a day": (ROOT / "rules/published/tencent-css-lvb-daily.tariff", BANDWIDTH, "2026-03", "2026-03"),
    "calls of three months": (ROOT / "rules/published/tencent-trtc.tariff", CALLS, "2026-01", "2026-03"),
    "calls of two kinds": (ROOT / "rules/published/tencent-trtc.tariff", CALLS_OF_TWO_KINDS, "2026-01", "2026-01"),
    "a year of water": (ROOT / "rules/published/hk-water.tariff", WATER, "2026-01", "2026-12"),
    "great amounts": (ROOT / "rules/tencent_hy_image.tariff", GREAT_AMOUNTS, "2026-03", "2026-04"),
    "thirds of a dollar": (INPUT / "thirds.tariff", THIRDS, "2026-03", "2026-04"),
}
NAMES = list(_LISTS)


@cache
def _read(name: str) -> tuple[Plan, Usage, tuple[Period, ...]]:
    path, data, first, last = _LISTS[name]
    tariff = read_tariff(path.read_text(encoding="utf-8"), path.name)
    read, problems = usage.read(Source("account.json", json.dumps(data)))
    assert read is not None, problems
    return plan_of(tariff), read, tuple(months(first, last, calendar_of(tariff.timezone)))


@cache
def account_bills(name: str) -> tuple[Bill, ...]:
    """The bills of one of the accounts."""
    plan, read, periods = _read(name)
    bills, problems = rate_account([plan], read, periods)
    assert not problems, problems
    return tuple(bills)


def account(name: str) -> Bill | Statement:
    """Its statement; the bill where there is one only."""
    bills = account_bills(name)
    return bills[0] if len(bills) == 1 else statement(bills)


def sides(name: str) -> list[Side]:
    """Its bills as sides of a comparison."""
    plan, read, periods = _read(name)
    return [side_of([plan], read, [period]) for period in periods]
