"""Statement → its canonical words: the keyword it starts with, and what stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

from ratewright.printing.contract_statements import ContractStatement, contract_statement_text
from ratewright.printing.example_statements import ExampleStatement, example_statement_text
from ratewright.printing.expression_text import (
    Level,
    each_of_text,
    figure,
    names_text,
    quoted,
    time_text,
    unit_name_text,
)
from ratewright.printing.parts import (
    Written,
    amount_text,
    cadence_text,
    default_text,
    formula,
    kind_text,
    optional_text,
    price_text,
    rows_text,
)
from ratewright.syntax import nodes as n
from ratewright.values.exact import plain

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


def _quoted(text: n.Name | n.Text) -> str:
    return quoted(text.text)


def _name(name: n.Name) -> str:
    return name.text


def _formula(expression: n.Expression) -> str:
    return formula(expression, Level.CHOICE)


def _sentence(sentence: n.Sentence) -> str:
    return quoted("".join(_said(part) for part in sentence.parts))


def _said(part: n.Words | n.Ref) -> str:
    if isinstance(part, n.Ref):
        return f"{{{part.name.text}}}"
    return part.text.replace("{", "{{").replace("}", "}}")


def _by_formula(expression: n.Expression) -> str:
    return f"by {_formula(expression)}"


_OF_ONE_PART: Mapping[type, tuple[str, Callable[[Any], str]]] = {
    n.Currency: ("codes", names_text),
    n.Timezone: ("name", _quoted),
    n.SourceText: ("text", _quoted),
    n.Cite: ("text", _quoted),
    n.Drop: ("name", _name),
    n.Factors: ("way", _name),
    n.Reads: ("meter", _name),
    n.By: ("names", names_text),
    n.Where: ("condition", _formula),
    n.ScopeOf: ("names", names_text),
    n.When: ("condition", _formula),
    n.On: ("expression", _formula),
    n.Every: ("cadence", cadence_text),
    n.Rate: ("price", price_text),
    n.AmountForm: ("expression", _formula),
    n.Prorated: ("ratio", _by_formula),
    n.Reached: ("quantity", _by_formula),
    n.LimitOn: ("meter", _name),
    n.Default: ("amount", amount_text),
}
"""The statements that are a keyword with one part behind it: which, and how it is written."""


@singledispatch
def statement_text(node: n.Statement) -> Written:
    """The keyword and the rest of a statement of one line, or of the first line of one with rows.

    Raises ValueError for a figure or text that cannot be written.
    """
    if type(node) in _FIXED:
        return _FIXED[type(node)]
    part, text = _OF_ONE_PART[type(node)]
    return node.word, text(getattr(node, part))


@statement_text.register
def _(node: ContractStatement) -> Written:
    return contract_statement_text(node)


@statement_text.register
def _(
    node: ExampleStatement,
) -> Written:
    return example_statement_text(node)


# ---------------------------------------------------------------- of tariffs


@statement_text.register
def _(node: n.Effective) -> Written:
    return "effective", f"from {time_text(node.start)}{optional_text('until', node.until)}"


@statement_text.register
def _(node: n.Bytes) -> Written:
    return "bytes", f"by {plain(node.by)}"


@statement_text.register
def _(node: n.Rounding) -> Written:
    if node.way is None:
        return "rounding", "none"
    steps = f" to {' or '.join(map(amount_text, node.steps))}" if node.steps else ""
    return "rounding", f"{node.way.value}{steps}{optional_text('per', node.per)}"


# ---------------------------------------------------------------- of meters


@statement_text.register
def _(node: n.Field) -> Written:
    return "field", f"{names_text(node.names)} {kind_text(node.kind)}{default_text(node.kind, node.default)}"


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
def _(node: n.Draws) -> Written:
    return "draws", ", then ".join(" ".join(rule.words) for rule in node.rules)


@statement_text.register
def _(node: n.Refund) -> Written:
    within = f" within {amount_text(node.within)} of purchase" if node.within is not None else ""
    condition = f" if {formula(node.condition, Level.CHOICE)}" if node.condition is not None else ""
    if node.formula is not None:
        return "refund", f"{formula(node.formula, Level.SUM, 'never', 'in')}{within}{condition}"
    return "refund", "never" if node.form == "never" else f"in full{within}{condition}"


# ---------------------------------------------------------------- of charges, discounts, taxes


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
def _(node: n.Once) -> Written:
    return "once", f"on {formula(node.instant)}"


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
def _(node: n.Invoiced) -> Written:
    last = f" to {figure(node.last)}" if node.last != node.first else ""
    return "invoiced", f"day {figure(node.first)}{last} of next month"


@statement_text.register
def _(node: n.Say) -> Written:
    return "say", " ".join([_sentence(node.sentence), *(f"{e.language} {_sentence(e.sentence)}" for e in node.others)])


# ---------------------------------------------------------------- of limits


@statement_text.register
def _(node: n.Extend) -> Written:
    each = " or ".join(f"{amount_text(price)}/{node.term.text}" for price in node.prices)
    return "extend", f"{amount_text(node.amount)} for {each}"
