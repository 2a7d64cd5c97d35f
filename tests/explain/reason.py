"""What a bill says, and whether that is so."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """What a bill says, whether that is so (None where it cannot be asked again), and in which sentence."""

    kind: str
    asked: str
    holds: bool | None
    sentence: str
