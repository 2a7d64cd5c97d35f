"""The price of a line whose maximum is for each block of its quantity: each block is priced alone, and told."""

from __future__ import annotations

from ratewright.derivation import trace
from ratewright.meaning import nodes as tree
from ratewright.pricing.blocks import Blocks, cut
from ratewright.rating.lines.line_formulas import Asked, LineFormulas
from ratewright.rating.lines.price_forms import Applied, apply_form, how_of
from ratewright.values.exact import Exact, exact, summed


def apply_price(charge: tree.Charge, quantity: Exact, formulas: LineFormulas) -> Applied:
    """What the price of a line comes to for a quantity, before its share, its bounds and its rounding.

    Raises RatingError where a row that is reached is not sold.
    """
    most = charge.of_blocks
    if most is None:
        return apply_form(charge.form, quantity, charge.unit, formulas, charge.reached)
    limit = formulas.ask(most.limit)
    made = tuple(_block(charge, most, of, limit, formulas) for of in cut(quantity, most.size))
    amount = summed(block.amount for block in made)
    return Applied(amount, trace.BlocksTrace(most, quantity, charge.unit, made, amount))


def _block(
    charge: tree.Charge, most: tree.BlockMaximum, of: Blocks, limit: Asked, formulas: LineFormulas
) -> trace.BlockTrace:
    knowing = formulas.knowing({"charge:quantity": of.quantity})
    applied = apply_form(charge.form, of.quantity, charge.unit, knowing, charge.reached)
    assert not isinstance(applied.why, trace.BlocksTrace)
    costs = min(applied.amount, limit.value)
    bound = trace.BoundTrace(
        True, limit.value, applied.amount, costs != applied.amount, most.span, how_of(most.limit, limit)
    )
    return trace.BlockTrace(of.count, of.quantity, applied.why, bound, costs, exact(of.count * costs))
