"""Statement → its canonical words: the keyword it starts with, and what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import singledispatch

from ratewright.printing.expression_text import (
    Level,
    each_of_text,
    expression_text,
    figure,
    lookup_text,
    names_text,
    quoted,
    time_text,
    unit_name_text,
    value_text,
)
from ratewright.printing.parts import (
    amount_text,
    attributes_text,
    cadence_text,
    default_text,
    formula,
    kind_text,
    optional_text,
    period_text,
    price_text,
    rows_text,
)
from ratewright.printing.rows import bound_text
from ratewright.syntax import nodes as n
from ratewright.values.exact import plain

_WORD = re.compile(r"[0-9]*[A-Za-z_][0-9A-Za-z_]*", re.ASCII)

Written = tuple[str, str]
"""A keyword, and the rest of its line. Where the rest is empty, nothing is aligned."""


_FIXED: Mapping[type, Written] = {
    n.Splits: ("changes split the period", ""),
    n.Issued: ("issued", "once on activation"),
    n.Pause: ("pause", "never"),
    n.ZeroUsage: ("flat at zero usage", ""),
    n.SpreadBy: ("spread by amount", ""),
    n.Included: ("included", ""),
    n.SpreadEvenly: ("spread", "evenly"),
    n.Shared: ("shared", "by account and subaccounts"),
}
"""The statements that are always the same words."""


@singledispatch
def statement_text(node: object) -> Written:
    """The keyword and the rest of a statement of one line, or of the first line of one with rows.

    Raises ValueError for a figure or text that cannot be written.
    """
    return _FIXED[type(node)]


# ---------------------------------------------------------------- of tariffs


@statement_text.register
def _(node: n.Currency) -> Written:
    return "currency", names_text(node.codes)


@statement_text.register
def _(node: n.Timezone) -> Written:
    return "timezone", quoted(node.name.text)


@statement_text.register
def _(node: n.Effective) -> Written:
    return "effective", f"from {time_text(node.start)}{optional_text('until', node.until)}"


@statement_text.register
def _(node: n.SourceText) -> Written:
    return "source", quoted(node.text.text)


@statement_text.register
def _(node: n.Bytes) -> Written:
    return "bytes", f"by {plain(node.by)}"


@statement_text.register
def _(node: n.Rounding) -> Written:
    if node.way is None:
        return "rounding", "none"
    steps = f" to {' or '.join(map(amount_text, node.steps))}" if node.steps else ""
    return "rounding", f"{node.way.value}{steps}{optional_text('per', node.per)}"


@statement_text.register
def _(node: n.Cite) -> Written:
    return "cite", quoted(node.text.text)


# ---------------------------------------------------------------- of contracts


@statement_text.register
def _(node: n.Base) -> Written:
    return "list", f"{node.name.text}{optional_text('as of', node.day)}"


@statement_text.register
def _(node: n.Holders) -> Written:
    return "for", ", ".join(name.text if _WORD.fullmatch(name.text) else quoted(name.text) for name in node.accounts)


@statement_text.register
def _(node: n.Replace) -> Written:
    part = bound_text(node.part) if isinstance(node.part, n.Bound) else price_text(node.part)
    return "replace", f"{_target_text(node.target)} with {part}"


@statement_text.register
def _(node: n.Scale) -> Written:
    return "scale", f"{_target_text(node.target)} by {expression_text(node.factor)}"


@statement_text.register
def _(node: n.Drop) -> Written:
    return "drop", node.name.text


@statement_text.register
def _(node: n.Factors) -> Written:
    return "factors", node.way.text


def _target_text(node: n.Target) -> str:
    match node.part:
        case None:
            return node.name.text
        case n.Lookup():
            return lookup_text(node.part)
        case n.Bound():
            part = bound_text(node.part)
        case n.Quantity():
            part = amount_text(node.part)
        case n.Rest():
            part = "else"
        case n.Name():
            part = node.part.text
    return f"{part} of {node.name.text}"


# ---------------------------------------------------------------- of meters


@statement_text.register
def _(node: n.Field) -> Written:
    return "field", f"{names_text(node.names)} {kind_text(node.kind)}{default_text(node.kind, node.default)}"


@statement_text.register
def _(node: n.Reads) -> Written:
    return "reads", node.meter.text


@statement_text.register
def _(node: n.By) -> Written:
    return "by", names_text(node.names)


@statement_text.register
def _(node: n.Measure) -> Written:
    return "measure", f"{formula(node.expression, Level.CHOICE)} in {unit_name_text(node.unit)}"


@statement_text.register
def _(node: n.Corrections) -> Written:
    return "corrections", f"{'below' if node.below else 'down to'} {figure(node.bound.value)}"


# ---------------------------------------------------------------- of pools


@statement_text.register
def _(node: n.Covers) -> Written:
    return "covers", ", ".join(_covered(part) for part in node.covered)


def _covered(node: n.Covered) -> str:
    return node.name.text + (f" at {formula(node.ratio)}" if node.ratio is not None else "")


@statement_text.register
def _(node: n.Size) -> Written:
    return "size", "per account" if node.amount is None else formula(node.amount, Level.CHOICE, "per")


@statement_text.register
def _(node: n.Valid) -> Written:
    start = f" from {formula(node.start)}" if node.start is not None else ""
    if node.length is not None:
        return "valid", f"{amount_text(node.length)}{start}"
    until = f" until {formula(node.until)}" if node.until is not None else ""
    return "valid", f"{start}{until}".strip()


@statement_text.register
def _(node: n.Renews | n.Billed) -> Written:
    return node.word, "in advance" if node.cadence is None else f"every {cadence_text(node.cadence)}"


@statement_text.register
def _(node: n.Sold) -> Written:
    start = f"from {formula(node.start)} " if node.start is not None else ""
    until = f"until {formula(node.until)}" if node.until is not None else ""
    return "sold", f"{start}{until}".strip()


@statement_text.register
def _(node: n.ByDay) -> Written:
    return "prorated", "by day"


@statement_text.register
def _(node: n.Overdraws) -> Written:
    return "overdraws", optional_text("up to", node.most).strip()


@statement_text.register
def _(node: n.Rolls) -> Written:
    until = optional_text("until end of", node.until)
    return "rolls", f"over{optional_text('for', node.length)}{until}{optional_text('up to', node.most)}"


@statement_text.register
def _(node: n.ScopeOf) -> Written:
    return "scope", names_text(node.names)


@statement_text.register
def _(node: n.Draws) -> Written:
    return "draws", ", then ".join(" ".join(rule.words) for rule in node.rules)


@statement_text.register
def _(node: n.Refund) -> Written:
    within = f" within {amount_text(node.within)} of purchase" if node.within is not None else ""
    condition = f" if {formula(node.condition, Level.CHOICE)}" if node.condition is not None else ""
    if node.formula is not None:
        return "refund", f"{formula(node.formula, Level.SUM, 'never', 'in')}{within}{condition}"
    return "refund", "never" if node.form == "never" else f"in full{within}{condition}"


@statement_text.register
def _(node: n.When | n.Where) -> Written:
    return node.word, formula(node.condition, Level.CHOICE)


# ---------------------------------------------------------------- of charges, discounts, taxes


@statement_text.register
def _(node: n.On) -> Written:
    return node.word, formula(node.expression, Level.CHOICE)


@statement_text.register
def _(node: n.Minimum) -> Written:
    return "minimum", formula(node.expression, Level.CHOICE) + (" prorated by day" if node.by_day else "")


@statement_text.register
def _(node: n.Maximum) -> Written:
    most = formula(node.expression, Level.CHOICE)
    if node.block is not None:
        return "maximum", f"{most} each {figure(node.block.count)} {node.block.unit.text}"
    return "maximum", most + (f" each {each_of_text(node.period)}" if node.period is not None else "")


@statement_text.register
def _(node: n.Every) -> Written:
    return "every", cadence_text(node.cadence)


@statement_text.register
def _(node: n.Once) -> Written:
    return "once", f"on {formula(node.instant)}"


@statement_text.register
def _(node: n.Rate) -> Written:
    return "rate", price_text(node.price)


@statement_text.register
def _(node: n.Tiers) -> Written:
    """The head of rows that stand here, or the table that has them."""
    word = f"{node.word} cheapest" if isinstance(node, n.Volume) and node.cheapest else node.word
    if node.table is not None:
        return word, rows_text(node.table)
    by = f"by {names_text(node.by)}" if node.by else ""
    unit = f"in {unit_name_text(node.unit)}" if node.unit is not None else ""
    return " ".join(part for part in (word, by, unit) if part), ""


@statement_text.register
def _(node: n.AmountForm) -> Written:
    return "amount", formula(node.expression, Level.CHOICE)


@statement_text.register
def _(node: n.Prorated) -> Written:
    return "prorated", f"by {formula(node.ratio, Level.CHOICE)}"


@statement_text.register
def _(node: n.Reached) -> Written:
    return "reached", f"by {formula(node.quantity, Level.CHOICE)}"


@statement_text.register
def _(node: n.Invoiced) -> Written:
    last = f" to {figure(node.last)}" if node.last != node.first else ""
    return "invoiced", f"day {figure(node.first)}{last} of next month"


# ---------------------------------------------------------------- of limits


@statement_text.register
def _(node: n.LimitOn) -> Written:
    return "on", node.meter.text


@statement_text.register
def _(node: n.Default) -> Written:
    return "default", amount_text(node.amount)


@statement_text.register
def _(node: n.Extend) -> Written:
    each = " or ".join(f"{amount_text(price)}/{node.term.text}" for price in node.prices)
    return "extend", f"{amount_text(node.amount)} for {each}"


# ---------------------------------------------------------------- of examples


@statement_text.register
def _(node: n.Set) -> Written:
    return "set", f"{node.setting.text} {value_text(node.value)}{optional_text('from', node.start)}"


@statement_text.register
def _(node: n.GivenLeft) -> Written:
    sign = "-" if node.below else ""
    what = f"{sign}{amount_text(node.amount)} left of {node.pool.text}{attributes_text(node.attributes)}"
    return "given", what + optional_text("until", node.until)


@statement_text.register
def _(node: n.GivenSize) -> Written:
    return "given", f"size {amount_text(node.amount)} of {node.pool.text}"


@statement_text.register
def _(node: n.GivenMeasured) -> Written:
    what = f"{amount_text(node.amount)} of {node.meter.text}{attributes_text(node.attributes)}"
    return "given", what + period_text(node.form, node.start, node.end)


@statement_text.register
def _(node: n.Buy) -> Written:
    what = f"{figure(node.count)} of {node.package.text} {amount_text(node.size)}{attributes_text(node.attributes)}"
    return "buy", f"{what} on {time_text(node.at)}{optional_text('as', node.label)}"


@statement_text.register
def _(node: n.ExtendBy) -> Written:
    what = f"{node.limit.text} by {amount_text(node.amount)} for {amount_text(node.length)}"
    return "extend", f"{what} from {time_text(node.start)}{optional_text('as', node.label)}"


@statement_text.register
def _(node: n.Use) -> Written:
    sign = "-" if node.below else ""
    what = f"{sign}{amount_text(node.quantity)} of {node.meter.text}{attributes_text(node.attributes)}"
    each = f" each {each_of_text(node.each)}" if node.each is not None else ""
    return "use", f"{what}{each}{period_text(node.form, node.start, node.end)}{optional_text('lasting', node.lasting)}"


@statement_text.register
def _(node: n.UseTable) -> Written:
    """The head; the rows come below it."""
    time = period_text(node.form, node.start, node.end) if node.start is not None else ""
    return f"use {node.meter.text}{time}", ""


@statement_text.register
def _(node: n.RefundRequest) -> Written:
    return "refund", f"{node.purchase.text} on {time_text(node.at)}"


@statement_text.register
def _(node: n.PauseRequest) -> Written:
    return "pause", f"{node.purchase.text} on {time_text(node.at)}"


@statement_text.register
def _(node: n.Withdraw) -> Written:
    what = f"{amount_text(node.amount)} of {node.source.text}{attributes_text(node.attributes)}"
    reason = f", {quoted(node.reason.text)}" if node.reason is not None else ""
    return "withdraw", f"{what} on {time_text(node.at)}{reason}"


@statement_text.register
def _(node: n.Expect) -> Written:
    at = f"{'in' if node.at.month else 'on'} {time_text(node.at)} " if node.at is not None else ""
    taken = () if node.at is not None else ("in", "refused")
    printed = f", printed {formula(node.printed)}" if node.printed is not None else ""
    return "expect", f"{at}{formula(node.condition, Level.CHOICE, *taken)}{printed}"


@statement_text.register
def _(node: n.ExpectRefused) -> Written:
    return "expect", f"refused {quoted(node.reason.text)}"
