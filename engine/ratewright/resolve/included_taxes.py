"""Taxes that are inside the price: what they may say, and that no amount holds two of them."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.meaning import nodes as n
from ratewright.meaning.dependencies import charges_on
from ratewright.resolve.blocks import Block
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s

_NOTHING_BESIDE = (s.Minimum, s.Maximum, s.Prorated, s.ZeroUsage)


def included_form(block: Block, form: n.PriceForm | None) -> n.PriceForm | None:
    """The form of a line: for a tax that is `included`, of its rate; what cannot be inside a price is reported."""
    statement = block.one(s.Included)
    if statement is None:
        return form
    why, help = "", "write `rate 19%` alone"
    word = block.declaration.word
    beside = next((x for kind in _NOTHING_BESIDE for x in block.every(kind)), None)
    if word != "tax":
        why, help = f"and {block.name} is a {word}", "delete it; a tax may have it"
    elif not isinstance(form, n.Rate) or len(form.price.terms) != 1 or not isinstance(form.price.terms[0], n.UnitPrice):
        why = "by one rate"
    elif beside is not None:
        why, help = f"and `{beside.word}` would change what is there", f"delete `{beside.word}`"
    if not why and isinstance(form, n.Rate):
        return n.IncludedRate(form.span, form.price.terms[0].expression)
    block.report.error("R203", f"`included` says that a tax is inside the price, {why}", statement.span, help)
    return form


def check_included(charges: Mapping[str, n.Charge], report: Report) -> None:
    """Report two taxes that would be inside one and the same price."""
    inside = [charge for charge in charges.values() if charge.included]
    for number, tax in enumerate(inside):
        for other in inside[:number]:
            shared = {*charges_on(tax, charges)} & {*charges_on(other, charges)}
            if shared and (tax.when is None or other.when is None):
                report.error(
                    "R203",
                    f"`{other.name}` and `{tax.name}` are both inside the price of `{min(shared)}`",
                    tax.span,
                    "say one rate, or when each of them holds: `when`",
                    (("the other", other.span),),
                )
                return
