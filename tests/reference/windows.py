"""Windows from a first use: each begins with the first record of a meter, and of what it is kept apart by, that none
holds."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from tests.reference.clock import LAST, Span
from tests.reference.counted import Key
from tests.reference.lines import LineRules
from tests.reference.measures import Measuring
from tests.reference.problems import NotCovered, Refused


def windows_of(line: LineRules, measuring: dict[str, Measuring]) -> list[tuple[Span, Key]]:
    """The windows of a line, each with its key."""
    if len(line.meters) != 1 or line.kind != "charge":
        raise Refused("windows of no meter, or of several")
    assert line.cadence is not None
    clock = line.rules.clock
    ends = [*line.rules.changes, line.rules.last.effective()[1] or LAST]
    used: dict[Key, list[datetime]] = defaultdict(list)
    for one in measuring[line.meters[0]].records:
        if one.record.form != "event" or one.record.end is not None:
            raise NotCovered("windows of what lasts")
        used[one.key].append(one.record.start)
    found: list[tuple[Span, Key]] = []
    for key, times in used.items():
        last = None
        for at in sorted(times):
            if last is None or at >= last.end:
                until = next((end for end in ends if end > at), LAST)
                last = Span(at, min(clock.add(at, line.cadence.length), until))
                found.append((last, key))
    return found
