"""What holds for a whole run, whichever command it is: colour, width, limits."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TextIO

from ratewright.limits import DEFAULT, Limits

PLAIN_WIDTH = 100
"""Columns of text that goes to a file or another program."""


@dataclass
class Settings:
    """Filled by the options, read by the commands."""

    color: str = "auto"
    debug: bool = False
    limits: Limits = DEFAULT

    def colors(self, stream: TextIO | None) -> bool:
        """Whether text for a stream is coloured; None is a file named with `-o`."""
        if self.color != "auto":
            return self.color == "always"
        return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and is_terminal(stream)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads the stream in a terminal."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def width_for(stream: TextIO | None) -> int:
    """How many columns text for a stream may take; None is a file."""
    return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns if is_terminal(stream) else PLAIN_WIDTH


def stdout() -> TextIO | None:
    """Standard output, or None if it was closed before the program began."""
    found: TextIO | None = sys.stdout
    return found
