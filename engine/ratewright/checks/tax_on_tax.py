"""Taxes that are added on prices with another tax inside."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.meaning.dependencies import charges_on
from ratewright.meaning.walk import given_in


def tax_on_tax(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each added tax on a price that another one is inside of, and that does not take it off; none where
    each says by `when` when it holds."""
    taxes = [charge for charge in tariff.charges.values() if charge.word is tree.LineWord.TAX]
    inside = {tax.name: frozenset(charges_on(tax, tariff.charges)) for tax in taxes if tax.included}
    for tax in taxes if inside else ():
        if tax.included or tax.on is None:
            continue
        named = {given.name for given in given_in(tax.on)}
        on = charges_on(tax, tariff.charges)
        for name, priced in inside.items():
            shared = next((charge for charge in on if charge in priced), None)
            apart = tax.when is not None and tariff.charges[name].when is not None
            if shared is not None and name not in named and not apart:
                yield Diagnostic(
                    "C114",
                    f"`{tax.name}` taxes `{name}` too, which is inside the price of `{shared}`",
                    tax.on.span,
                    "if the price list means this, nothing is to be done; else take it off: "
                    f"`on {tax.on.span.text} - {name}`",
                    Severity.NOTE,
                )
