"""Meters whose records may take usage back: what they may measure, and what may pay for and price it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ratewright.diagnostics import Span
from ratewright.meaning import nodes as n
from ratewright.meaning.walk import parts, said
from ratewright.resolve.blocks import Block
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.calendar import PeriodUnit

_MONTH_OR_SHORTER = (PeriodUnit.MINUTE, PeriodUnit.HOUR, PeriodUnit.DAY, PeriodUnit.WEEK)


def resolve_corrections(
    block: Block, each: n.Expression | None, steps: Sequence[n.Step], tags: Sequence[n.Tag]
) -> n.Corrections | None:
    """What a meter says of records below 0; None where it says nothing. `each` is what one record adds, None where
    that is not known; `steps` are the formulas that speak of a whole period, `tags` those that speak of a record."""
    statement = block.one(s.Corrections)
    if statement is None:
        return None
    if statement.bound.value != 0:
        what = "corrections below 0" if statement.below else "corrections down to 0"
        block.report.error("R219", "usage is taken back down to 0, or below 0", statement.bound.span, f"write `{what}`")
    corrected = (("the corrections", statement.span),)
    plain = each
    while isinstance(plain, n.Defined):
        plain = plain.expression
    if not (isinstance(plain, n.RecordFact) and plain.name == "quantity"):
        block.report.error(
            "R225",
            f"{block.name} does not add up quantities, and what a record below 0 takes back of it is not known",
            statement.span,
            "write `measure sum(quantity) in …`, or bring the results of periods as `measured`",
        )
    for step in steps[:1]:
        why = "speaks of all records of a period, and what a record below 0 takes back of it is not known"
        block.report.error("R225", f"`{step.name}` {why}", step.span, _BY_ANOTHER, corrected)
    for tag in tags:
        if any(isinstance(part, n.RecordPlace) for part in parts(tag.expression)):
            why = "asks for the place of a record, and one that takes usage back has none"
            block.report.error("R225", f"`{tag.name}` {why}", tag.span, _BY_ANOTHER, corrected)
    spread = block.one(s.SpreadEvenly)
    if spread is not None:
        why = "which part of it a record below 0 takes back is not known"
        help = "let another meter read the records and spread those that count: `where quantity >= 0 …`"
        block.report.error("R225", f"{block.name} spreads records over their time, and {why}", spread.span, help)
    return n.Corrections(statement.span, statement.below)


_BY_ANOTHER = "let another meter read the records, and say there which count: `where quantity >= 0 …`"


def check_corrected(
    meters: Mapping[str, n.Meter],
    pools: Mapping[str, n.Pool],
    charges: Mapping[str, n.Charge],
    deductions: Mapping[str, n.Deduction],
    limits: Mapping[str, n.Limit],
    report: Report,
) -> None:
    """Report lines, quotas and limits that cannot take usage back."""
    for meter in meters.values():
        if meter.corrections is None:
            continue
        lines = [charge for charge in charges.values() if meter.name in charge.meters]
        check = _Corrected(meter.name, meter.corrections, report)
        check.lines(lines, deductions)
        if meter.name in deductions:
            check.quotas(deductions[meter.name], pools, lines)
        for limit in limits.values():
            if limit.meter == meter.name:
                check.refuse(f"`{limit.name}` counts what runs at once", limit.span, "let tasks be another meter")


class _Corrected:
    """The checks of one meter."""

    def __init__(self, name: str, corrections: n.Corrections, report: Report) -> None:
        self._name = name
        self._corrections = corrections
        self._report = report

    def refuse(self, why: str, span: Span, help: str) -> None:
        """Report what cannot take back what a record below 0 does."""
        self._report.error(
            "R225",
            f"records of `{self._name}` may take usage back, and {why}",
            span,
            help,
            (("the corrections", self._corrections.span),),
        )

    def lines(self, lines: Sequence[n.Charge], deductions: Mapping[str, n.Deduction]) -> None:
        """What prices the meter: below 0 only what the list says, and paid by no quota of its own."""
        if self._corrections.below and not lines:
            self._report.error(
                "R225",
                f"nothing prices `{self._name}`: what is below 0 would give no credit",
                self._corrections.span,
                "write `corrections down to 0`",
            )
        for charge in lines:
            if charge.every.alone and not self._corrections.below:
                what = f"`{charge.name}` prices each {charge.every.unit.value} alone: one that takes back is below 0"
                self.refuse(what, charge.span, "write `corrections below 0`, or bill it every month")
            if charge.name in deductions:
                paid = f"a quota of money pays for `{charge.name}`, and would have to be given back to"
                self.refuse(paid, deductions[charge.name].span, "let the quota pay for `subtotal` or `total`")

    def quotas(self, order: n.Deduction, pools: Mapping[str, n.Pool], lines: Sequence[n.Charge]) -> None:
        """What pays for the meter before it is priced: quotas that are drawn at once, and may be given back to."""
        if order.order:
            self.refuse("which of it is served first is known later", order.span, "take `in order of` out")
        drawn = [pools[name] for rank in order.pools for name in rank]
        for pool in drawn:
            if pool.overdraws is not None:
                self.refuse(f"`{pool.name}` overdraws its next cycle", pool.span, "take `overdraws` out")
            if pool.filled_by:
                self.refuse(f"`{pool.name}` is filled until its cycle ends", pool.span, "give it a size that is known")
        for charge in lines if drawn else ():
            alike = (charge.every, said(charge.anchor)) == (lines[0].every, said(lines[0].anchor))
            if charge.every.alone:
                what = f"`{charge.name}` prices each {charge.every.unit.value} alone"
                self.refuse(f"{what}: which usage of the quota it takes back is not known", charge.span, _BY_PERIOD)
            elif not alike or not _within_a_month(charge):
                what = f"`{charge.name}` is billed {charge.every}" + ("" if alike else f", `{lines[0].name}` not")
                self.refuse(f"{what}: a quota is given back to in its own month", charge.span, _BY_PERIOD)


_BY_PERIOD = "bill all charges on the meter every month, or for one and the same shorter period"


def _within_a_month(charge: n.Charge) -> bool:
    return charge.every.unit in _MONTH_OR_SHORTER or (charge.every.unit is PeriodUnit.MONTH and charge.every.count == 1)
