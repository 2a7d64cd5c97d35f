"""What a line bills on both sides of a bound, where its price list alone decides it."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from ratewright.formula.interpreter import evaluate
from ratewright.formula.least_usage import Least, least_usage
from ratewright.formula.price_terms import term_of
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in, is_priced
from ratewright.pricing.bounds import Range, ranges
from ratewright.pricing.breaks import Curve, just_above, just_below
from ratewright.pricing.forms import Volume
from ratewright.pricing.settling import Rounding, settle
from ratewright.pricing.terms import Price
from ratewright.refusal import RatingError
from ratewright.values.exact import Exact
from ratewright.values.units import Unit

_PLAIN = tree.MeterLeft | tree.LineLeft | tree.LineAmount | tree.SumOfLines


class Sides(Struct, frozen=True):
    """What is billed before a bound and behind it, and from which usage on, `at`.

    `last` is the usage that `before` is billed for and `first` that of `after`; None where it is only the limit, just
    below or just above `at`. `grows` says that `after` is such a limit from above.
    """

    before: Exact
    after: Exact
    at: Exact
    last: Exact | None
    first: Exact | None
    grows: bool = False


class FixedLine(Struct, frozen=True):
    """A line with a `volume` price of figures.

    `usage` names what its quantity is or, where `formula` is on, is worked out from; `unit` is that of the usage.
    """

    charge: tree.Charge
    rows: tuple[Range, ...]
    curve: Curve
    rounding: Rounding
    minimum: Exact | None
    maximum: Exact | None
    usage: str
    key: str
    unit: Unit
    formula: bool

    @classmethod
    def of(cls, charge: tree.Charge, tiers: tuple[tree.Tier, ...], tariff: tree.Tariff) -> FixedLine | None:
        """The line with some of its tiers; None where more than the price list decides what it bills."""
        usage = _usage_of(charge)
        asks_quantity = charge.when is not None and any(
            isinstance(given, tree.ChargeQuantity) for given in given_in(charge.when)
        )
        limits = [tier.bound.limit for tier in tiers]
        around = [e for e in (*limits, charge.minimum, charge.maximum) if e is not None]
        shared = charge.prorated is not None or charge.of_blocks is not None or charge.of_periods is not None
        if usage is None or asks_quantity or shared or not all(map(_is_fixed, around)):
            return None
        try:
            rows = ranges((_figure(limit), tier.bound.inside) for tier, limit in zip(tiers, limits, strict=True))
            curve = Curve(Volume(rows, tuple(_price(tier.price) for tier in tiers)))
            least, most = _figure(charge.minimum), _figure(charge.maximum)
        except RatingError:
            return None
        rule = charge.rounding or tariff.rounding
        rounding = Rounding(None if rule.per_bill else rule.way, rule.step)
        formula = not isinstance(charge.on, tree.Given)
        named = tariff.meters.get(usage.name)
        unit = named.unit if named is not None and formula else charge.unit
        return cls(charge, rows, curve, rounding, least, most, usage.name, usage.key, unit, formula)

    def unit_of(self, tier: tree.Tier) -> Unit:
        """The unit to write the usage in: that of the bound, where the usage is the quantity itself."""
        return self.unit if self.formula else tier.bound.unit

    def beside(self, row: int) -> Sides | None:
        """What is billed on both sides of the end of a row; None where one side has no price, or is not decided."""
        end = self.rows[row].upper
        if end is None or self.charge.on is None:
            return None
        target = Least(end, not self.rows[row].upper_inside)
        least = least_usage(self.charge.on, self.key, target, lambda part: evaluate(part, {}))
        if least is None or least.at < 0:
            return None
        if self.unit.counted:
            first = least.whole()
            return _sides(self.bill(first - 1), self.bill(first), first, first - 1, first) if first > 0 else None
        at = least.at
        if least.inside:
            below = just_below(at, self.bill) if at > 0 else None
            return _sides(below, self.bill(at), at, None, at)
        above, exactly = just_above(at, self.bill), just_above(at, self._unrounded)
        if above is None or exactly is None:
            return None
        return _sides(self.bill(at), above[0], at, at, None, exactly[1])

    def bill(self, usage: Exact) -> Exact | None:
        """The amount of the line for a usage; None where it is not sold."""
        price = self._price_for(usage)
        if price is None:
            return None
        return settle(price, self.rounding, minimum=self.minimum, maximum=self.maximum).rounded

    def _unrounded(self, usage: Exact) -> Exact | None:
        price = self._price_for(usage)
        if price is None:
            return None
        return settle(price, self.rounding, minimum=self.minimum, maximum=self.maximum).lowered

    def _price_for(self, usage: Exact) -> Exact | None:
        assert self.charge.on is not None
        quantity: Exact = evaluate(self.charge.on, {self.key: usage})
        if quantity == 0 and not self.charge.flat_at_zero:
            return 0  # nothing used is not priced
        return self.curve.amount(quantity)


def _usage_of(charge: tree.Charge) -> tree.Given | None:
    """The one meter or line that the quantity of a line is worked out from."""
    given = given_in(charge.on) if charge.on is not None and is_priced(charge.on) else ()
    return given[0] if len(given) == 1 and isinstance(given[0], _PLAIN) else None


def _sides(
    before: Exact | None, after: Exact | None, at: Exact, last: Exact | None, first: Exact | None, grows: bool = False
) -> Sides | None:
    if before is None or after is None:
        return None
    return Sides(before, after, at, last, first, grows)


def _is_fixed(expression: tree.Expression) -> bool:
    return not given_in(expression) and is_priced(expression)


def _figure(expression: tree.Expression | None) -> Exact | None:
    value = evaluate(expression, {}) if expression is not None else None
    assert value is None or isinstance(value, int | Fraction)
    return value


def _price(price: tree.Price) -> Price | None:
    """A price of figures as numbers; None where it is not sold, or is worked out."""
    if not price.terms or not all(_is_fixed(term.expression) for term in price.terms):
        return None
    return tuple(term_of(term, evaluate(term.expression, {})) for term in price.terms)
