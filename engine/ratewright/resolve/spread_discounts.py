"""Discounts that are spread: over lines they must be, and taxes on these lines must be able to see the shares."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.meaning import nodes as n
from ratewright.meaning.dependencies import charges_on, lines_on
from ratewright.meaning.walk import said
from ratewright.resolve.findings import Report

_WORD = "`spread by amount`"


def check_spread(charges: Mapping[str, n.Charge], report: Report) -> None:
    """Report what cannot be spread, and taxes that would see a share too late, or twice."""
    for charge in charges.values():
        if charge.spreads and _is_spread(charge, report):
            for tax in charges.values():
                if tax.word is n.LineWord.TAX:
                    _check_tax(charge, tax, charges, report)


def _is_spread(charge: n.Charge, report: Report) -> bool:
    why, help = "", ""
    if charge.word is not n.LineWord.DISCOUNT:
        why, help = f"a {charge.word.value} is not taken off other lines", "delete it; a discount may have it"
    elif not lines_on(charge):
        why, help = f"`{charge.name}` is on no line", "say over which: `on` and their names"
    elif charge.every.alone:
        why, help = f"`{charge.name}` is for each {charge.every.unit.value} alone", "bill it `every month`"
    if why:
        report.error("R203", f"{_WORD} spreads a discount over the lines it is on, and {why}", charge.span, help)
    return not why


def _check_tax(discount: n.Charge, tax: n.Charge, charges: Mapping[str, n.Charge], report: Report) -> None:
    named = lines_on(tax)
    lines = [name for name in named if name in charges_on(discount, charges)]
    if not lines or tax.on is None:
        return
    place, related = tax.on.span, (("the discount", discount.span),)
    if discount.name in named:
        message = f"`{discount.name}` is spread over `{lines[0]}`, which is less that share here already"
        report.error("R203", message, place, f"name `{lines[0]}` alone", related)
    elif _periods(tax) != _periods(discount):
        report.error(
            "R220",
            f"`{tax.name}` is billed {tax.every} and is on `{lines[0]}`, over which `{discount.name}` is spread "
            f"{discount.every}",
            place,
            "give both the same `every`",
            related,
        )


def _periods(charge: n.Charge) -> tuple[object, ...]:
    return charge.every, said(charge.anchor), charge.in_advance
