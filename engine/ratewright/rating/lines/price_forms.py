"""Price forms at work: their formulas are asked, `pricing` computes, and what it computed is told.

Nothing is computed here, and nothing rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ratewright.derivation.trace import (
    AppliedTrace,
    Arithmetic,
    FormulaTrace,
    GraduatedTrace,
    IncludedTrace,
    OfferTrace,
    RateTrace,
    TermTrace,
    TierTrace,
    VolumeTrace,
)
from ratewright.formula.price_terms import term_of
from ratewright.meaning import nodes as tree
from ratewright.pricing import forms, terms
from ratewright.pricing.bounds import Range, ranges
from ratewright.pricing.included import included
from ratewright.rating.lines.line_formulas import Asked, LineFormulas
from ratewright.refusal import RatingError, stop
from ratewright.values.exact import Exact, exact, plain, summed
from ratewright.values.units import Unit, quantity_text


class Applied(Struct, frozen=True, gc=False):
    """What a price form comes to, and how. Of a volume price `row` is the place of the row that is reached, and
    `rows` are all of them."""

    amount: Exact
    why: AppliedTrace
    row: int = 0
    rows: tuple[Range, ...] = ()


def apply_form(
    form: tree.PriceForm,
    quantity: Exact,
    unit: Unit,
    formulas: LineFormulas,
    reached: tree.Expression | None = None,
) -> Applied:
    """The exact amount of a price form for a quantity in base units of `unit`.

    `reached` is the quantity that picks the row, if it is another. Only what the quantity comes to is asked for its
    price. Raises RatingError where the row reached is not sold.
    """
    match form:
        case tree.Rate(price=price):
            asked = _price(price, formulas)
            made = _parts(forms.Rate(asked.numbers), (price,), quantity, None, unit)
            amount = summed(part.amount for part in made)
            return Applied(amount, RateTrace(form, quantity, unit, asked.told(made[0]), amount))
        case tree.Volume():
            return _volume(form, quantity, unit, formulas, reached)
        case tree.Graduated():
            return _graduated(form, quantity, unit, formulas)
        case tree.Amount(expression=expression):
            worked = formulas.ask(expression)
            how = worked.how or Arithmetic(expression.span.text, "", (), expression.span)
            return Applied(worked.value, FormulaTrace(form, how, worked.value))
        case tree.IncludedRate(expression=expression):
            return _included(form, expression, quantity, unit, formulas)


def _included(
    form: tree.IncludedRate, expression: tree.Expression, quantity: Exact, unit: Unit, formulas: LineFormulas
) -> Applied:
    worked = formulas.ask(expression)
    if worked.value < 0:
        raise stop(
            "A501",
            f"a rate of a tax that is inside the price comes out below 0: {plain(worked.value)}",
            expression.span,
            "say what holds then: `max(…, 0%)`",
        )
    gross, amount = included(quantity, worked.value)
    how = how_of(expression, worked)
    return Applied(amount, IncludedTrace(form, quantity, unit, worked.value, gross, amount, how))


# ---------------------------------------------------------------- prices


class _AskedPrice(Struct, frozen=True, gc=False):
    """A price with what its formulas came to; `numbers` is None where the row is not sold."""

    price: tree.Price
    worked: tuple[Asked, ...]
    formulas: LineFormulas
    numbers: terms.Price | None

    def told(self, part: forms.Part) -> tuple[TermTrace, ...]:
        """The terms at work on a part of the quantity."""
        return tuple(
            self._term(term, worked, made, part.quantity)
            for term, worked, made in zip(self.price.terms, self.worked, part.terms, strict=True)
        )

    def _term(self, term: tree.PriceTerm, worked: Asked, made: terms.TermAmount, quantity: Exact) -> TermTrace:
        how = how_of(term.expression, worked)
        return TermTrace(term, term.span.text, worked.value, quantity, made.blocks, made.amount, how)


def _price(price: tree.Price, formulas: LineFormulas) -> _AskedPrice:
    worked = tuple(formulas.ask(term.expression) for term in price.terms)
    numbers = tuple(term_of(term, of.value) for term, of in zip(price.terms, worked, strict=True))
    return _AskedPrice(price, worked, formulas, numbers or None)


def how_of(expression: tree.Expression | None, worked: Asked | None) -> Arithmetic | None:
    """The arithmetic of a formula; None for a figure as it is written, and for rows with a header."""
    if expression is None or worked is None or isinstance(expression, tree.Constant):
        return None
    if isinstance(expression, tree.RowsOf) and not expression.name:
        return None
    return worked.how


def _parts(
    form: forms.Form, prices: Sequence[tree.Price], quantity: Exact, picks: Exact | None, unit: Unit
) -> tuple[forms.Part, ...]:
    try:
        return forms.parts(form, quantity, picks)
    except forms.NotSoldError as error:
        raise _unsold(prices[error.row], quantity, unit) from error


def _unsold(price: tree.Price, quantity: Exact, unit: Unit) -> RatingError:
    return stop(
        "A401",
        f"{quantity_text(quantity, unit)} reach a row that is not sold",
        price.span,
        "the price list has no price for it: ask the vendor, or add one to the row",
    )


# ---------------------------------------------------------------- tiers


class _Tiers(Struct, frozen=True, gc=False):
    """The tiers that hold, as rows of numbers, with what their bounds and their choice came to."""

    tiers: tuple[tree.Tier, ...]
    rows: tuple[Range, ...]
    limits: tuple[Asked | None, ...]
    chosen: Arithmetic | None
    formulas: LineFormulas

    def prices(self, slices: Sequence[forms.Slice]) -> dict[int, _AskedPrice]:
        """The prices of the tiers that a quantity came to, by place: no other is asked."""
        return {of.row: _price(self.tiers[of.row].price, self.formulas) for of in slices}

    def numbers(self, asked: dict[int, _AskedPrice]) -> tuple[terms.Price | None, ...]:
        """The price of each row; None where it is not sold, or was not asked."""
        return tuple(asked[place].numbers if place in asked else None for place in range(len(self.rows)))

    def told(self, place: int, part: forms.Part | None, price: _AskedPrice | None, short_by: Exact | None) -> TierTrace:
        """A tier and how the quantity compares with it; `part` is what of the quantity came to it."""
        tier, row = self.tiers[place], self.rows[place]
        return TierTrace(
            tier,
            row.lower,
            row.lower_inside and row.lower != 0,  # nothing used is not usage, and no tier's
            row.upper,
            row.upper_inside,
            tier.price.span.text,
            part is not None,
            part.quantity if part is not None else 0,
            price.told(part) if part is not None and price is not None else (),
            part.amount if part is not None else 0,
            short_by,
            how_of(tier.bound.limit, self.limits[place]),
        )


def _tiers(form: tree.Volume | tree.Graduated, formulas: LineFormulas) -> _Tiers:
    chosen = formulas.ask(form.rows) if form.rows is not None else None
    tiers: tuple[tree.Tier, ...] = form.tiers if chosen is None else chosen.value
    limits = tuple(formulas.ask(t.bound.limit) if t.bound.limit is not None else None for t in tiers)
    uppers = (
        (limit.value if limit is not None else None, tier.bound.inside)
        for tier, limit in zip(tiers, limits, strict=True)
    )
    return _Tiers(tiers, ranges(uppers), limits, how_of(form.rows, chosen), formulas)


def _volume(
    form: tree.Volume, quantity: Exact, unit: Unit, formulas: LineFormulas, by: tree.Expression | None
) -> Applied:
    tiers = _tiers(form, formulas)
    if form.cheapest:
        return _cheapest(form, quantity, unit, tiers)
    picked = formulas.ask(by) if by is not None else None
    picks: Exact = quantity if picked is None else picked.value
    of = forms.volume_slice(tiers.rows, quantity, picks)
    asked = tiers.prices((of,))
    numbers = forms.Volume(tiers.rows, tiers.numbers(asked))
    (part,) = _parts(numbers, [tier.price for tier in tiers.tiers], quantity, picks, unit)
    told = tuple(
        tiers.told(
            place,
            part if place == part.row else None,
            asked.get(place),
            exact(row.lower - picks) if place > part.row else None,
        )
        for place, row in enumerate(tiers.rows)
    )
    picked_by = None if picked is None else picks
    why = VolumeTrace(form, quantity, unit, told, part.amount, picked_by, how_of(by, picked), tiers.chosen)
    return Applied(part.amount, why, part.row, tiers.rows)


def _cheapest(form: tree.Volume, quantity: Exact, unit: Unit, tiers: _Tiers) -> Applied:
    """The quantity at its own row, or as the least quantity of a later one; the others are told with what they cost."""
    own = forms.volume_slice(tiers.rows, quantity).row
    asked = tiers.prices([forms.Slice(row, 0) for row in range(own, len(tiers.rows))])
    numbers = forms.Volume(tiers.rows, tiers.numbers(asked), cheapest=True)
    try:
        offered = {part.row: part for part in forms.offers(numbers, quantity)}
    except forms.NotSoldError as error:
        raise _unsold(tiers.tiers[error.row].price, quantity, unit) from error
    taken = forms.cheapest(tuple(offered.values()))
    told = tuple(
        tiers.told(
            place,
            taken if place == taken.row else None,
            asked.get(place),
            exact(row.lower - quantity) if place > own and place != taken.row else None,
        )
        for place, row in enumerate(tiers.rows)
    )
    others = tuple(
        OfferTrace(tiers.told(part.row, part, asked[part.row], None), part.quantity, part.amount)
        for part in offered.values()
        if part is not taken
    )
    why = VolumeTrace(form, quantity, unit, told, taken.amount, None, None, tiers.chosen, taken.quantity, others)
    return Applied(taken.amount, why, taken.row, tiers.rows)


def _graduated(form: tree.Graduated, quantity: Exact, unit: Unit, formulas: LineFormulas) -> Applied:
    tiers = _tiers(form, formulas)
    asked = tiers.prices(forms.graduated_slices(tiers.rows, quantity))
    numbers = forms.Graduated(tiers.rows, tiers.numbers(asked))
    made = _parts(numbers, [tier.price for tier in tiers.tiers], quantity, None, unit)
    amount = summed(part.amount for part in made)
    entered = {part.row: part for part in made}
    told = tuple(
        tiers.told(
            place,
            entered.get(place),
            asked.get(place),
            exact(row.lower - quantity) if place not in entered and row.lower >= quantity else None,
        )
        for place, row in enumerate(tiers.rows)
    )
    return Applied(amount, GraduatedTrace(form, quantity, unit, told, amount, tiers.chosen))
