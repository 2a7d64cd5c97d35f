"""`python -m tests.laws --law NAME --seed N --cases M`: a law, or all of them, asked of random cases.

A case that breaks a law is made smaller and printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.laws.every_law import LAWS
from tests.laws.law import holds_of


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.laws", description=__doc__)
    parser.add_argument("--law", choices=LAWS, help="one law; without it, all of them")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first case")
    parser.add_argument("--cases", type=int, default=1000, help="how many cases of each law")
    parser.add_argument("--every", type=int, default=1000, help="after how many cases the progress is told")
    options = parser.parse_args()
    for law in [LAWS[options.law]] if options.law else LAWS.values():
        began, asked = time.monotonic(), 0
        for number in range(1, options.cases + 1):
            seed = options.seed + number - 1
            holds = holds_of(law, seed)
            if holds is False:
                print(f"seed {seed}\n{law.report(seed)}", flush=True)
                return 1
            asked += holds is not None
            if number % options.every == 0 or number == options.cases:
                told = f"{law.name}: {number:,} cases, {asked:,} of them asked"
                print(f"{told}, in {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
