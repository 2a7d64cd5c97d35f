"""Figures that are legal and read otherwise than they were probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Severity, Span
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import formulas_of
from ratewright.meaning.walk import nodes_in, parts

_THOUSANDS_OF_PERCENT = re.compile(r"([0-9]{1,3}),([0-9]{3})\s*%", re.ASCII)
_THOUSANDS = re.compile(r"(?<![\w.,])([0-9]{1,3})\.(000)(?![\w.,])", re.ASCII)


def points_for_commas(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each bound or size such as `10.000` of things that are counted: that is 10, and not 10,000."""
    if not _THOUSANDS.search(tariff.span.source.text):
        return  # no figure of the file looks so, and a long list has many bounds
    for bound in _bounds(tariff):
        found = _THOUSANDS.search(bound.span.text)
        if found and bound.unit.counted:
            yield Diagnostic(
                "C108",
                f"`{found.group()}` is {found.group(1)}: a point begins the decimals",
                bound.span,
                f"write `{found.group(1)},{found.group(2)}` for thousands, or `{found.group(1)}`",
                Severity.WARNING,
            )


def _bounds(tariff: tree.Tariff) -> Iterator[tree.Bound]:
    """Every bound of a row, once: those of prices and sizes, and those of tables, which formulas ask."""
    found: dict[Span, tree.Bound] = {}
    for formula in formulas_of(tariff):
        for part in parts(formula.expression):
            found |= {bound.span: bound for bound in nodes_in(part, tree.Bound)}
    for declared in (*tariff.charges.values(), *tariff.pools.values()):
        found |= {bound.span: bound for bound in nodes_in(declared, tree.Bound)}
    yield from found.values()


def commas_for_points(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each tax such as `8,875%`, of more than there is: a comma groups thousands."""
    for tax in tariff.charges.values():
        for term in nodes_in(tax.form, tree.UnitPrice) if tax.word is tree.LineWord.TAX else ():
            found = _THOUSANDS_OF_PERCENT.fullmatch(term.span.text)
            if found:
                yield Diagnostic(
                    "C108",
                    f"`{found.group()}` is above 100%: commas group three digits",
                    term.span,
                    f"write `{found.group(1)}.{found.group(2)}%` for a share",
                    Severity.WARNING,
                )


def flat_rates(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each `rate` that is one amount, whatever the quantity: as it is written, or out of a table."""
    for charge in tariff.charges.values():
        form = charge.form
        if not isinstance(form, tree.Rate) or not form.price.terms or not charge.unit.singular or charge.flat_at_zero:
            continue
        terms, text = form.price.terms, form.price.span.text
        if len(terms) == 1 and isinstance(terms[0], tree.FlatAmount) and isinstance(terms[0].expression, tree.Lookup):
            yield Diagnostic(
                "C109",
                f"the rate of `{charge.name}` is one amount, whatever the quantity",
                form.price.span,
                f"if each {charge.unit.singular} costs that, give the cells of `{terms[0].expression.table.name}` "
                f"their unit, as in `0.01 {tariff.currency}/{charge.unit.singular}`; if not, `amount {text}` says so",
                Severity.NOTE,
            )
        elif all(isinstance(t, tree.FlatAmount) and isinstance(t.expression, tree.Constant) for t in terms):
            yield Diagnostic(
                "C109",
                f"the rate of `{charge.name}` is one amount, whatever the quantity",
                form.price.span,
                f"if each {charge.unit.singular} costs that, write `{text}/{charge.unit.singular}`; `flat at "
                "zero usage` charges it without usage too",
                Severity.NOTE,
            )
