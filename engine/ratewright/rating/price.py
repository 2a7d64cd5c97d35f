"""Price forms at work: a quantity and a form give an amount and its derivation. Nothing is rounded here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from ratewright.rating.problems import stop
from ratewright.rating.trace import (
    AppliedTrace,
    FormulaTrace,
    GraduatedTrace,
    RateTrace,
    Reading,
    TermTrace,
    TierTrace,
    VolumeTrace,
)
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import evaluate
from ratewright.values.exact import Exact, exact
from ratewright.values.units import Unit, quantity_text

Readings = Callable[[tree.Expression, Mapping[str, object]], tuple[Reading, ...]]


def apply_form(
    form: tree.PriceForm,
    quantity: Exact,
    unit: Unit,
    values: Mapping[str, object],
    readings: Readings,
    reached: Exact | None = None,
) -> AppliedTrace:
    """The exact amount of a price form for a quantity in base units of `unit`.

    `values` are what its formulas read; `reached` is the quantity that picks the row, if it is another. Raises RatingError where the row reached is not sold.
    """
    match form:
        case tree.Rate(price=price):
            terms = _terms(price, quantity, values)
            _refuse_unsold(price, quantity, unit)
            return RateTrace(form, quantity, unit, terms, _total(terms))
        case tree.Volume():
            return _volume(form, quantity, unit, values, reached)
        case tree.Graduated():
            return _graduated(form, quantity, unit, values)
        case tree.Amount(expression=expression):
            amount = evaluate(expression, values)
            return FormulaTrace(form, expression.span.text, readings(expression, values), amount)


def _terms(price: tree.Price, quantity: Exact, values: Mapping[str, object]) -> tuple[TermTrace, ...]:
    return tuple(_term(term, quantity, values) for term in price.terms)


def _term(term: tree.PriceTerm, quantity: Exact, values: Mapping[str, object]) -> TermTrace:
    value: Exact = evaluate(term.expression, values)
    text = term.span.text
    if isinstance(term, tree.UnitPrice):
        return TermTrace(term, text, value, quantity, None, exact(value * quantity))
    if isinstance(term, tree.BlockPrice):
        blocks = -(-Fraction(quantity) // term.block)
        return TermTrace(term, text, value, quantity, int(blocks), exact(value * int(blocks)))
    return TermTrace(term, text, value, quantity, None, value)


def _total(terms: tuple[TermTrace, ...]) -> Exact:
    return exact(sum(term.amount for term in terms))


def _refuse_unsold(price: tree.Price, quantity: Exact, unit: Unit) -> None:
    if not price.terms:
        raise stop(
            "A401",
            f"{quantity_text(quantity, unit)} reach a row that is not sold",
            price.span,
            "the price list has no price for it: ask the vendor, or add one to the row",
        )


class _Bounds:
    """The lower and upper bound of each tier, as figures."""

    def __init__(self, tiers: tuple[tree.Tier, ...], values: Mapping[str, object]) -> None:
        self.rows: list[tuple[tree.Tier, Exact, bool, Exact | None, bool]] = []
        lower: Exact = 0
        lower_inside = False
        for tier in tiers:
            limit = evaluate(tier.bound.limit, values) if tier.bound.limit is not None else None
            upper_inside = tier.bound.kind is tree.BoundKind.UP_TO
            if limit is not None and limit < lower:
                limit, upper_inside = lower, not lower_inside  # a bound by formula may leave a row without room
            self.rows.append((tier, lower, lower_inside, limit, upper_inside))
            if limit is not None:
                lower, lower_inside = limit, not upper_inside


def _within(quantity: Exact, upper: Exact | None, inside: bool) -> bool:
    return upper is None or quantity < upper or (inside and quantity == upper)


def _rows(form: tree.Volume | tree.Graduated, values: Mapping[str, object]) -> tuple[tree.Tier, ...]:
    """The tiers that hold: fixed ones, or those that the form chooses."""
    if form.rows is None:
        return form.tiers
    chosen: tuple[tree.Tier, ...] = evaluate(form.rows, values)
    return chosen


def _volume(
    form: tree.Volume, quantity: Exact, unit: Unit, values: Mapping[str, object], by: Exact | None
) -> VolumeTrace:
    picks = quantity if by is None else by
    tiers: list[TierTrace] = []
    found = False
    amount: Exact = 0
    for tier, lower, lower_inside, upper, upper_inside in _Bounds(_rows(form, values), values).rows:
        reached = not found and _within(picks, upper, upper_inside)
        terms: tuple[TermTrace, ...] = ()
        short_by = amount_there = None
        if reached:
            _refuse_unsold(tier.price, quantity, unit)
            terms = _terms(tier.price, quantity, values)
            amount = _total(terms)
        elif found:
            short_by = exact(lower - picks)
            amount_there = _total(_terms(tier.price, lower, values)) if tier.price.terms and by is None else None
        found = found or reached
        tiers.append(
            TierTrace(
                tier,
                lower,
                lower_inside,
                upper,
                upper_inside,
                tier.price.span.text,
                reached,
                quantity if reached else 0,
                terms,
                _total(terms),
                short_by,
                amount_there,
            )
        )
    return VolumeTrace(form, quantity, unit, tuple(tiers), amount, by)


def _graduated(form: tree.Graduated, quantity: Exact, unit: Unit, values: Mapping[str, object]) -> GraduatedTrace:
    tiers: list[TierTrace] = []
    amount: Exact = 0
    for tier, lower, lower_inside, upper, upper_inside in _Bounds(_rows(form, values), values).rows:
        top = quantity if upper is None else min(quantity, upper)
        part = exact(top - lower) if top > lower else 0
        terms: tuple[TermTrace, ...] = ()
        reached = part > 0 or (quantity == 0 and not tiers)  # asked at 0 for a flat part that holds without usage
        if reached:
            _refuse_unsold(tier.price, quantity, unit)
            terms = _terms(tier.price, part, values)
            amount = exact(amount + _total(terms))
        tiers.append(
            TierTrace(
                tier,
                lower,
                lower_inside,
                upper,
                upper_inside,
                tier.price.span.text,
                reached,
                part,
                terms,
                _total(terms),
                exact(lower - quantity) if not reached and lower >= quantity else None,
                None,
            )
        )
    return GraduatedTrace(form, quantity, unit, tuple(tiers), amount)
