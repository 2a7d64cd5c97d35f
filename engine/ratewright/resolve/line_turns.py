"""Which lines may name which: taxes are worked out behind all charges and discounts, and what is on a sum behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from ratewright.meaning import nodes as n
from ratewright.meaning.formulas import charge_expressions
from ratewright.meaning.sums import SUMS, is_in
from ratewright.meaning.walk import given_in
from ratewright.resolve.findings import Report

_SUMS = frozenset(SUMS)
_Named = n.LineAmount | n.LineLeft | n.SumOfLines


def check_turns(charges: Mapping[str, n.Charge], report: Report) -> None:
    """Report charges and discounts that name a tax, or a sum without what is in it and comes behind them."""
    taxes = [charge for charge in charges.values() if charge.word is n.LineWord.TAX and not charge.included]
    on_sums = [c for c in charges.values() if c.word is n.LineWord.DISCOUNT and not _SUMS.isdisjoint(c.needs)]
    for charge in charges.values():
        if charge.word is n.LineWord.TAX:
            continue
        for node in _named(charge):
            if node.name in charges:
                if charges[node.name].word is n.LineWord.TAX:
                    _refuse(charge, node, charges[node.name], report)
            elif is_in(charge, node.name):
                behind = on_sums if charge.word is n.LineWord.CHARGE and node.name != "charges" else []
                late = next((other for other in chain(behind, taxes) if is_in(other, node.name)), None)
                if late is not None:
                    _refuse(charge, node, late, report)


def _named(charge: n.Charge) -> Iterator[_Named]:
    """The first place of each line and sum that the formulas of a line name."""
    found: dict[str, _Named] = {}
    for expression in charge_expressions(charge):
        for node in given_in(expression):
            if isinstance(node, _Named):
                found.setdefault(node.name, node)
    yield from found.values()


def _refuse(charge: n.Charge, named: _Named, late: n.Charge, report: Report) -> None:
    """Report a name that has no amount yet when the line is worked out."""
    if late.word is n.LineWord.TAX:
        why, help = "taxes are worked out behind all charges and discounts", "name what the tax is on, and its rate"
        if named.name in _SUMS:
            help = "name `subtotal`, which is without taxes, and say the rest by the rate of the tax"
    else:
        why = f"it is on `{next(need for need in late.needs if need in _SUMS)}`, and so on `{charge.name}`"
        help = "name `charges`, which is before discounts, or let the discount name the lines that it is on"
    what = f"`{named.name}` of `{charge.name}`" if named.name in _SUMS else f"`{charge.name}`"
    report.error("R228", f"{what} comes before `{late.name}`: {why}", named.span, help, (("it", late.span),))
