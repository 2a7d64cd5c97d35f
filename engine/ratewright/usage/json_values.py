"""JSON values by the standard library's decoder, with every number as the text that was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ratewright.usage import codes
from ratewright.usage.problem import Problem


class NotFiniteError(ValueError):
    """Raised where `NaN` or its like stands; its text is that word."""


def not_finite(word: str) -> Problem:
    """The problem of `NaN` and its like, which some programs write into JSON."""
    return Problem(codes.NOT_FINITE, f"`{word}` is not a finite number", "write the figure, or leave the key out")


def _refuse_constant(word: str) -> Any:
    raise NotFiniteError(word)


# Objects as pairs, because a dict would have forgotten a key that was written twice.
DECODER = json.JSONDecoder(object_pairs_hook=tuple, parse_float=str, parse_int=str, parse_constant=_refuse_constant)

scan_value: Callable[[str, int], tuple[Any, int]] = DECODER.scan_once  # type: ignore[attr-defined]
"""(text, offset) → the value there and where it ends. Raises StopIteration or ValueError, or RecursionError."""
