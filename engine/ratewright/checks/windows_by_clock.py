"""Periods of the clock that look as if they were windows from a first use."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import PeriodUnit

_BY_CLOCK = {(PeriodUnit.MINUTE, 60): "begin with each hour of the clock", (PeriodUnit.HOUR, 24): "begin at midnight"}
"""Periods that have a word of their own, and are seldom written so by those who mean it."""


def windows_by_clock(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each charge on usage that is billed `every 60 minutes` or `every 24 hours`, by the clock."""
    for charge in tariff.charges.values():
        every = charge.every
        begins = _BY_CLOCK.get((every.unit, every.count))
        if begins is None or every.first_use or charge.anchor is not None or not charge.meters:
            continue
        yield Diagnostic(
            "C113",
            f"`{charge.name}` is billed {every}, and these {begins}, whatever is used",
            charge.span,
            f"if the price list means this, nothing is to be done; if they begin with the first use, write `{every} "
            "from first use`",
            Severity.NOTE,
        )
