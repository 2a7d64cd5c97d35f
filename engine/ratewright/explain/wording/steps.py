"""The steps of a formula: what was read for what it read."""

from __future__ import annotations

from ratewright.derivation.trace import Reading


def steps(readings: tuple[Reading, ...], *, inside_first: bool) -> list[Reading]:
    """What was read, with what was read for it before or behind it, and each once."""
    found: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        inside = steps(reading.how.readings, inside_first=inside_first) if reading.how is not None else []
        for one in (*inside, reading) if inside_first else (reading, *inside):
            found.setdefault((one.name, one.text), one)
    return list(found.values())
