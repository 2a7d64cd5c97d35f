"""How the work for a list grows: steps are counted, not seconds, so that a busy machine changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python the work takes, each turn of a loop included."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as many steps a list of twice the size takes: 2 where the work is linear, 4 where it is square."""
    work(size)  # what is made once is made by now
    return steps(lambda: work(2 * size)) / steps(lambda: work(size))
