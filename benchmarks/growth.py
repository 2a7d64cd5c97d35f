"""How `check` grows: each kind of list at a length, and at twice that length."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.result import Result, ratio, side_by_side
from ratewright.checks.run import check
from ratewright.diagnostics import Source

HEADER = 'tariff big "Big list" { currency USD;  timezone "UTC" }\nunit call, calls\nmeter m in calls\n'
FEE = "charge fee { on m;  every month;  rate 1 USD/call }\n"
METER = "meter m{n} in calls\n"
LINE = METER + "charge c{n} {{ on m{n};  every month;  rate 1 USD/call }}\n"
QUOTA = (
    "setting s{n} = off\n"
    + LINE
    + "grant g{n} {{ covers m{n};  when s{n};  size 1 call;  issued once on activation }}\n"
    + "deduct m{n} from g{n} > c{n}\n"
)
LISTS: dict[str, tuple[str, str, str, int]] = {
    "meters": (FEE, METER, "", 10_000),
    "lines": (FEE, LINE, "", 4_000),
    "quotas with a setting each": (FEE, QUOTA, "", 1_500),
    "lines on all charges": (FEE, "charge c{n} {{ every month;  amount 1% of charges }}\n", "", 4_000),
    "examples": (FEE, 'example "{n}" {{ use 1 call of m in 2026-01;  expect fee == 1 USD }}\n', "", 2_000),
    "terms of a sum, up to the limit": (FEE, " + {n} USD", " }\n", 4_999),
    "terms of a sum, beyond it": (FEE, " + {n} USD", " }\n", 30_000),
    "blank lines": (FEE, "\n", "", 400_000),
}
_BEFORE = {" + {n} USD": "charge sum { every month;  amount 1 USD"}


def measure() -> list[Result]:
    """At most 2.5 times for twice as much."""
    return [
        ratio(f"`check`: {name}, {2 * size:,} to {size:,}", *_doubled(lead, item, end, size), 2.5, "half as many")
        for name, (lead, item, end, size) in LISTS.items()
    ]


def _doubled(lead: str, item: str, end: str, size: int) -> tuple[float, float]:
    return side_by_side(_checked(lead, item, end, 2 * size), _checked(lead, item, end, size), 3)


def _checked(lead: str, item: str, end: str, count: int) -> Callable[[], object]:
    text = HEADER + lead + _BEFORE.get(item, "") + "".join(item.format(n=n) for n in range(count)) + end
    return lambda: check(Source("big.tariff", text))
