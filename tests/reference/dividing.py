"""Records that are spread evenly over their time, in parts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from tests.reference.account import Told
from tests.reference.clock import Span, hours, seconds
from tests.reference.counted import Counted
from tests.reference.values import multiply, plain


def divided(one: Counted, cuts: set[datetime]) -> Iterator[Counted]:
    """A record in even parts, by elapsed time."""
    record = one.record
    if record.form == "event" or record.end is None:
        yield one
        return
    inside = {at for at in cuts if record.start < at < record.end}
    for start, end in itertools.pairwise(sorted({record.start, *inside, record.end})):
        share = Fraction(seconds(end - start), seconds(record.end - record.start))
        quantity = multiply(one.quantity, plain(share))
        yield replace(one, record=replace(record, start=start, end=end), quantity=quantity, times=one.times * share)


def by_the_hour(one: Counted, told: Told) -> Iterator[Counted]:
    """Parts so small that no formula differs in one: every time that a price list here names is a full hour."""
    record = one.record
    end = record.end or record.start
    yield from divided(one, {*told.changes_in(Span(record.start, end)), *hours(record.start, end)})
