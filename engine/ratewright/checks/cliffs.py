"""Bills that fall as usage grows: at the bounds of `volume` tiers the next tier may cost less in all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from ratewright.diagnostics import Diagnostic, Severity, Span
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.values.exact import Exact, exact
from ratewright.values.money import amount_text
from ratewright.values.units import quantity_text


def falling_bills(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each bound behind which the bill is lower than before it.

    Where a row has columns, the first in which it falls is told, and how many others there are.
    """
    for charge in tariff.charges.values():
        if isinstance(charge.form, tree.Volume) and charge.reached is None:
            found: dict[Span, list[tuple[str, str]]] = {}
            for key, tiers in _tiers(charge.form):
                for span, message in _falls(charge, tiers, tariff.currency):
                    found.setdefault(span, []).append((key, message))
            for span, falls in found.items():
                yield _note(span, falls)


def _note(span: Span, falls: list[tuple[str, str]]) -> Diagnostic:
    (key, message), others = falls[0], len(falls) - 1
    column = f", for {key}" if key else ""
    if others:
        column += f" and {others} other column{'s' if others > 1 else ''}"
    return Diagnostic(
        "C101",
        f"the bill falls {message.format(column=column)}",
        span,
        "if the price list means this, nothing is to be done; if each slice has its own price, write `graduated`",
        Severity.NOTE,
    )


def _tiers(form: tree.Volume) -> Iterator[tuple[str, tuple[tree.Tier, ...]]]:
    """The rows of a form: those that stand in it, and those of each column of its tables, with the column's keys."""
    yield "", form.tiers
    for part in parts(form.rows) if form.rows is not None else ():
        if isinstance(part, tree.RowsOf):
            for key, tiers in part.columns.items():
                yield ", ".join(f"`{value}`" for value in key), tiers


def _falls(charge: tree.Charge, tiers: tuple[tree.Tier, ...], currency: str) -> Iterator[tuple[Span, str]]:
    """The rows at whose end the bill falls, and how far; `{column}` stands for the column."""
    for tier, above in pairwise(tiers):
        limit = tier.bound.limit
        if not isinstance(limit, tree.Constant) or not isinstance(limit.value, Exact):
            continue
        before, after = price_at(tier.price, limit.value), price_at(above.price, limit.value)
        if before is None or after is None or after >= before:
            continue
        bound = quantity_text(limit.value, tier.bound.unit)
        title = charge.title.replace("{", "{{").replace("}", "}}")
        yield (
            tier.span,
            f"at {bound}{{column}}: just below it {title} comes close to {amount_text(before, currency)}, "
            f"and from there on to {amount_text(after, currency)}",
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
