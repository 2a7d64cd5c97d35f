"""The steps of a formula: what was read for what it read."""

from __future__ import annotations

from ratewright.derivation.trace import Reading


def worked_out(readings: tuple[Reading, ...]) -> list[Reading]:
    """What was read, each behind what was read for it, and each once."""
    found: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        inside = reading.how.readings if reading.how is not None else ()
        for one in (*worked_out(inside), reading):
            found.setdefault((one.name, one.text), one)
    return list(found.values())
