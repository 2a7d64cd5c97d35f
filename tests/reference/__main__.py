"""`python -m tests.reference --seed N --cases M`: bills of random price lists, compared with a second evaluator.

On a difference the case is shrunk and printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.reference.check import checked, report


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reference", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first case")
    parser.add_argument("--cases", type=int, default=2000, help="how many cases")
    parser.add_argument("--every", type=int, default=1000, help="after how many cases the progress is told")
    parser.add_argument("--keep-going", action="store_true", help="tell every difference in one line, shrink none")
    options = parser.parse_args()
    counts = {"equal": 0, "refused by both": 0, "not covered": 0}
    different = 0
    began = time.monotonic()
    for number in range(options.cases):
        outcome = checked(options.seed + number)
        if outcome.difference is None:
            counts[outcome.kind] += 1
        elif options.keep_going:
            different += 1
            print(f"seed {options.seed + number}: {outcome.difference[:400]}", flush=True)
        else:
            print(report(outcome), flush=True)
            return 1
        if (number + 1) % options.every == 0:
            told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
            print(f"{number + 1} cases in {time.monotonic() - began:.0f} s: {told}", flush=True)
    if different:
        print(f"{different} cases differ; {counts}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
