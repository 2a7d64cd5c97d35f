"""`python -m benchmarks [NAME…] [--check]`: measure, print, and with `--check` fail where a target is missed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from benchmarks import (
    check_rules,
    cold_bill,
    every_record,
    growth,
    hot_bill,
    idle_bill,
    many_charges,
    many_purchases,
    million_records,
    percentile_month,
    year_of_events,
)
from benchmarks.result import Result

BENCHMARKS: dict[str, Callable[[], list[Result]]] = {
    "cold": cold_bill.measure,
    "hot": hot_bill.measure,
    "idle": idle_bill.measure,
    "check": check_rules.measure,
    "growth": growth.measure,
    "year": year_of_events.measure,
    "million": million_records.measure,
    "charges": many_charges.measure,
    "records": every_record.measure,
    "percentile": percentile_month.measure,
    "purchases": many_purchases.measure,
}


def main(arguments: list[str]) -> int:
    """Run the benchmarks named, or all. Returns the exit code."""
    names = [a for a in arguments if not a.startswith("-")] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    gc.set_threshold(2_000_000, 50, 100)  # as in the command: see `records` in README.md
    results = [result for name in names for result in BENCHMARKS[name]()]
    print(f"{'measured':56} {'value':>12} {'target':>12}")
    for result in results:
        print(f"{result.name:56} {result.value:>12} {result.target:>12}{'' if result.met else '   MISSED'}")
        print(f"    {result.against}")
    missed = any(not result.met for result in results)
    return 1 if missed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
