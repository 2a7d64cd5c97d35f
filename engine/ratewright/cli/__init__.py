"""The command line: one command a file, each importing only what it needs.

In: the words that a user typed. Out: text on standard output or in a file, diagnostics on standard error,
and an exit code (`endings`). `root` finds the commands; `settings` and `options` hold what they share.
"""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        from ratewright.cli.root import root
    except KeyboardInterrupt:  # before anything is there that could say so
        sys.exit(130)
    root.main()
