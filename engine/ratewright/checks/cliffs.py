"""Bills that fall as usage grows: at the bounds of `volume` tiers the next tier may cost less in all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.tree import nodes as tree
from ratewright.values.exact import Exact, exact
from ratewright.values.money import amount_text
from ratewright.values.units import quantity_text


def falling_bills(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each bound behind which the bill is lower than before it."""
    for charge in tariff.charges.values():
        if isinstance(charge.form, tree.Volume):
            yield from _falls(charge, charge.form, tariff.currency)


def _falls(charge: tree.Charge, form: tree.Volume, currency: str) -> Iterator[Diagnostic]:
    for tier, above in zip(form.tiers, form.tiers[1:], strict=False):
        limit = tier.bound.limit
        if not isinstance(limit, tree.Constant) or not isinstance(limit.value, Exact):
            continue
        before, after = price_at(tier.price, limit.value), price_at(above.price, limit.value)
        if before is None or after is None or after >= before:
            continue
        bound = quantity_text(limit.value, tier.bound.unit)
        yield Diagnostic(
            "C101",
            f"the bill falls at {bound}: just below it {charge.title} comes close to {amount_text(before, currency)}, "
            f"and from there on to {amount_text(after, currency)}",
            tier.span,
            "if the price list means this, nothing is to be done; if each slice has its own price, write `graduated`",
            Severity.NOTE,
        )


def price_at(price: tree.Price, quantity: Exact) -> Exact | None:
    """What a price comes to for a quantity, if it is fixed."""
    total: Exact = 0
    for term in price.terms:
        expression = term.expression
        if not isinstance(expression, tree.Constant) or not isinstance(expression.value, Exact):
            return None
        if isinstance(term, tree.UnitPrice):
            total += expression.value * quantity
        elif isinstance(term, tree.BlockPrice):
            total += expression.value * int(-(-Fraction(quantity) // term.block))
        else:
            total += expression.value
    return exact(total) if price.terms else None
