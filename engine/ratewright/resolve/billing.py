"""How often a line is billed: its periods, and the parts of them."""

from __future__ import annotations

from ratewright.meaning import nodes as n
from ratewright.resolve.blocks import Block
from ratewright.resolve.cadences import resolve_cadence, resolve_once
from ratewright.resolve.line_checks import check_once
from ratewright.resolve.line_scope import Declared
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.calendar import MONTHLY, Cadence, PeriodUnit


def resolve_every(block: Block, expressions: Expressions, declared: Declared) -> tuple[Cadence, n.Anchor | None]:
    """How often the line is billed; a stand-in for a discount or a tax that follows the lines it is on."""
    every, once = block.one(s.Every), block.one(s.Once)
    if once is not None:
        check_once(block, once)
        return resolve_once(once, expressions, declared.settings)
    if every is not None:
        windows = block.declaration.word == "charge"
        return resolve_cadence(every.cadence, expressions, declared.settings, alone=True, windows=windows)
    if block.declaration.word == "charge":
        block.report.error(
            "R203",
            f"{block.name} has no `every`",
            block.declaration.name.span,
            "write `every month`, `every day`, …, or `once on activation`",
        )
    return MONTHLY, None


def resolve_billed(
    block: Block, every: Cadence, meters: tuple[str, ...], expressions: Expressions, declared: Declared
) -> Cadence | None:
    """How often what is owed so far is billed within a period; None where it is billed when the period ends."""
    statement = block.one(s.Billed)
    if statement is None or statement.cadence is None:
        return None
    before = len(block.report.diagnostics)
    cadence, anchor = resolve_cadence(statement.cadence, expressions)
    if len(block.report.diagnostics) > before:
        return None
    if cadence == every:
        block.report.error(
            "R219",
            f"the charge is {statement.span.text} without saying so",
            statement.span,
            "delete it, or bill shorter periods that fill the one of `every`",
        )
        return None
    if every.of_usage or anchor is not None or not _fills(cadence, every):
        block.report.error(
            "R219",
            f"what is billed {cadence} does not fill what is charged {every}",
            statement.span,
            "bill shorter periods that fill the one of `every`: days or hours of a month",
        )
        return None
    for name in meters:
        if declared.meters[name].each is None:
            block.report.error(
                "R222",
                f"`{name}` measures a whole period, and {block.name} is {statement.span.text} within it",
                statement.span,
                "bill it when its period ends: delete `billed`",
            )
            return None
    return cadence


def _fills(inner: Cadence, outer: Cadence) -> bool:
    """Whether each of the longer periods is made of whole shorter ones, from wherever the longer are counted.

    Months are counted from one year, and what is shorter than a day fills it.
    """
    short, long = inner.step, outer.step
    if short.months:
        return short.months < long.months and long.months % short.months == 0 and inner.day == outer.day
    if short.seconds and long.seconds:
        return short.seconds < long.seconds and long.seconds % short.seconds == 0
    return inner.unit is not PeriodUnit.WEEK and not long.seconds
