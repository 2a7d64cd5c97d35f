"""The statements of examples → their canonical words."""

from __future__ import annotations

from functools import singledispatch

from ratewright.printing.expression_text import Level, each_of_text, figure, quoted, time_text, value_text
from ratewright.printing.parts import Written, amount_text, attributes_text, formula, optional_text, period_text
from ratewright.syntax import nodes as n

ExampleStatement = (
    n.Set
    | n.GivenLeft
    | n.GivenSize
    | n.GivenMeasured
    | n.Buy
    | n.ExtendBy
    | n.Use
    | n.UseTable
    | n.RefundRequest
    | n.PauseRequest
    | n.Withdraw
    | n.Expect
    | n.ExpectRefused
)


@singledispatch
def example_statement_text(node: n.Statement) -> Written:
    """The keyword and the rest of a statement of an example, or of the first line of one with rows."""
    raise AssertionError(f"{type(node).__name__} is no statement of an example")


@example_statement_text.register
def _(node: n.Set) -> Written:
    return "set", f"{node.setting.text} {value_text(node.value)}{optional_text('from', node.start)}"


@example_statement_text.register
def _(node: n.GivenLeft) -> Written:
    sign = "-" if node.below else ""
    what = f"{sign}{amount_text(node.amount)} left of {node.pool.text}{attributes_text(node.attributes)}"
    return "given", what + optional_text("until", node.until)


@example_statement_text.register
def _(node: n.GivenSize) -> Written:
    return "given", f"size {amount_text(node.amount)} of {node.pool.text}"


@example_statement_text.register
def _(node: n.GivenMeasured) -> Written:
    what = f"{amount_text(node.amount)} of {node.meter.text}{attributes_text(node.attributes)}"
    return "given", what + period_text(node.form, node.start, node.end)


@example_statement_text.register
def _(node: n.Buy) -> Written:
    what = f"{figure(node.count)} of {node.package.text} {amount_text(node.size)}{attributes_text(node.attributes)}"
    return "buy", f"{what} on {time_text(node.at)}{optional_text('as', node.label)}"


@example_statement_text.register
def _(node: n.ExtendBy) -> Written:
    what = f"{node.limit.text} by {amount_text(node.amount)} for {amount_text(node.length)}"
    return "extend", f"{what} from {time_text(node.start)}{optional_text('as', node.label)}"


@example_statement_text.register
def _(node: n.Use) -> Written:
    sign = "-" if node.below else ""
    what = f"{sign}{amount_text(node.quantity)} of {node.meter.text}{attributes_text(node.attributes)}"
    each = f" each {each_of_text(node.each)}" if node.each is not None else ""
    return "use", f"{what}{each}{period_text(node.form, node.start, node.end)}{optional_text('lasting', node.lasting)}"


@example_statement_text.register
def _(node: n.UseTable) -> Written:
    """The head; the rows come below it."""
    time = period_text(node.form, node.start, node.end) if node.start is not None else ""
    return f"use {node.meter.text}{time}", ""


@example_statement_text.register
def _(node: n.RefundRequest) -> Written:
    return "refund", f"{node.purchase.text} on {time_text(node.at)}"


@example_statement_text.register
def _(node: n.PauseRequest) -> Written:
    return "pause", f"{node.purchase.text} on {time_text(node.at)}"


@example_statement_text.register
def _(node: n.Withdraw) -> Written:
    what = f"{amount_text(node.amount)} of {node.source.text}{attributes_text(node.attributes)}"
    reason = f", {quoted(node.reason.text)}" if node.reason is not None else ""
    return "withdraw", f"{what} on {time_text(node.at)}{reason}"


@example_statement_text.register
def _(node: n.Expect) -> Written:
    at = f"{'in' if node.at.month else 'on'} {time_text(node.at)} " if node.at is not None else ""
    taken = () if node.at is not None else ("in", "refused")
    printed = f", printed {formula(node.printed)}" if node.printed is not None else ""
    return "expect", f"{at}{formula(node.condition, Level.CHOICE, *taken)}{printed}"


@example_statement_text.register
def _(node: n.ExpectRefused) -> Written:
    return "expect", f"refused {quoted(node.reason.text)}"
