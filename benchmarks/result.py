"""A figure that was measured, and what it was measured against."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """`value` and `target` as printed; `against` names the baseline and its own figure."""

    name: str
    value: str
    target: str
    met: bool
    against: str


def ratio(name: str, measured: float, baseline: float, most: float, against: str) -> Result:
    """A result that is a ratio of two times in seconds."""
    value = measured / baseline
    detail = f"{measured * 1000:.2f} ms against {baseline * 1000:.2f} ms: {against}"
    target = f"≤ {most} ×" if most != float("inf") else "reported"
    return Result(name, f"{value:.2f} ×", target, value <= most, detail)


def side_by_side(measured: Callable[[], object], baseline: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The median times of two calls in seconds, measured in turns so that both meet the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, taken in zip((measured, baseline), times, strict=True):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
    return median(times[0]), median(times[1])
