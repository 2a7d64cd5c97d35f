"""Price forms at work: a quantity and a form give an amount and its derivation. Nothing is rounded here."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from ratewright.derivation.formula_reader import Reader
from ratewright.derivation.trace import (
    AppliedTrace,
    Arithmetic,
    FormulaTrace,
    GraduatedTrace,
    RateTrace,
    TermTrace,
    TierTrace,
    VolumeTrace,
)
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.refusal import stop
from ratewright.values.exact import Exact, exact
from ratewright.values.units import Unit, quantity_text

Values = Mapping[str, object]


def apply_form(
    form: tree.PriceForm,
    quantity: Exact,
    unit: Unit,
    values: Values,
    reader: Reader,
    reached: tree.Expression | None = None,
) -> AppliedTrace:
    """The exact amount of a price form for a quantity in base units of `unit`.

    `values` are what its formulas read; `reached` is the quantity that picks the row, if it is another.
    Raises RatingError where the row reached is not sold.
    """
    asked = _Asked(values, reader)
    match form:
        case tree.Rate(price=price):
            terms = asked.terms(price, quantity)
            _refuse_unsold(price, quantity, unit)
            return RateTrace(form, quantity, unit, terms, _total(terms))
        case tree.Volume():
            return _volume(form, quantity, unit, asked, reached)
        case tree.Graduated():
            return _graduated(form, quantity, unit, asked)
        case tree.Amount(expression=expression):
            amount = evaluate(expression, values)
            return FormulaTrace(form, reader.arithmetic(expression, values), amount)


class _Asked(Struct, frozen=True):
    """What formulas of a form are asked with, and who tells what they read."""

    values: Values
    reader: Reader

    def how(self, expression: tree.Expression | None) -> Arithmetic | None:
        """The arithmetic of a formula; None for a figure as it is written, and for rows with a header."""
        if expression is None or isinstance(expression, tree.Constant):
            return None
        if isinstance(expression, tree.RowsOf) and not expression.name:
            return None
        return self.reader.arithmetic(expression, self.values)

    def terms(self, price: tree.Price, quantity: Exact) -> tuple[TermTrace, ...]:
        """The terms of a price at work on a quantity."""
        return tuple(self._term(term, quantity) for term in price.terms)

    def _term(self, term: tree.PriceTerm, quantity: Exact) -> TermTrace:
        made, how = _term(term, quantity, self.values), self.how(term.expression)
        if how is None:
            return made
        return replace(made, how=how, shown=self.reader.price(term.expression, made.price, self.values))

    def rows(self, form: tree.Volume | tree.Graduated) -> tuple[tree.Tier, ...]:
        """The tiers that hold: fixed ones, or those that the form chooses."""
        if form.rows is None:
            return form.tiers
        chosen: tuple[tree.Tier, ...] = evaluate(form.rows, self.values)
        return chosen


def _term(term: tree.PriceTerm, quantity: Exact, values: Values) -> TermTrace:
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

    def __init__(self, tiers: tuple[tree.Tier, ...], values: Values) -> None:
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


def _volume(form: tree.Volume, quantity: Exact, unit: Unit, asked: _Asked, by: tree.Expression | None) -> VolumeTrace:
    picks: Exact = quantity if by is None else evaluate(by, asked.values)
    tiers: list[TierTrace] = []
    found = False
    amount: Exact = 0
    for tier, lower, lower_inside, upper, upper_inside in _Bounds(asked.rows(form), asked.values).rows:
        reached = not found and _within(picks, upper, upper_inside)
        terms: tuple[TermTrace, ...] = ()
        short_by = amount_there = None
        if reached:
            _refuse_unsold(tier.price, quantity, unit)
            terms = asked.terms(tier.price, quantity)
            amount = _total(terms)
        elif found:
            short_by = exact(lower - picks)
            if tier.price.terms and by is None:
                amount_there = _total(tuple(_term(term, lower, asked.values) for term in tier.price.terms))
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
                asked.how(tier.bound.limit),
            )
        )
    picked = None if by is None else picks
    return VolumeTrace(form, quantity, unit, tuple(tiers), amount, picked, asked.how(by), asked.how(form.rows))


def _graduated(form: tree.Graduated, quantity: Exact, unit: Unit, asked: _Asked) -> GraduatedTrace:
    tiers: list[TierTrace] = []
    amount: Exact = 0
    for tier, lower, lower_inside, upper, upper_inside in _Bounds(asked.rows(form), asked.values).rows:
        top = quantity if upper is None else min(quantity, upper)
        part = exact(top - lower) if top > lower else 0
        terms: tuple[TermTrace, ...] = ()
        reached = part > 0 or (quantity == 0 and not tiers)  # asked at 0 for a flat part that holds without usage
        if reached:
            _refuse_unsold(tier.price, quantity, unit)
            terms = asked.terms(tier.price, part)
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
                asked.how(tier.bound.limit),
            )
        )
    return GraduatedTrace(form, quantity, unit, tuple(tiers), amount, asked.how(form.rows))
