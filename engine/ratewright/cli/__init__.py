"""The command line: one command a file, each importing only what it needs.

In: the words that a user typed. Out: text on standard output or in a file, diagnostics on standard error,
and an exit code (`endings`). `root` finds the commands; `settings` and `options` hold what they share.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    # A start makes much and frees nothing, and a bill leaves thirty objects in circles: looking for them costs a tenth.
    gc.set_threshold(2_000_000, 50, 100)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # and no package searched for plugins
    try:
        from ratewright.cli.root import root
    except KeyboardInterrupt:  # before anything is there that could say so
        sys.exit(130)
    try:
        root.main()
    finally:
        gc.freeze()  # nor is anything looked for at the end, where the program's own end frees it all
