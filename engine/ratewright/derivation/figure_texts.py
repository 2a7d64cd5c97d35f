"""Figures of any dimension as a reader of one price list sees them: in the units that the list speaks in.

A formula gives figures for which no unit was declared: a price for each GB, GB times hours. Their unit is
made of those that the meters, settings and pools of the list are in.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import kept
from ratewright.values.exact import Exact, ratio
from ratewright.values.money import minor_digits
from ratewright.values.readable import number_text
from ratewright.values.units import BYTE, MONTH, PLAIN, SECOND, Dimension, Unit, in_unit, times
from ratewright.values.writing import writing

_LENGTHS = ("day", "hour", "minute")
_BIT_RATE = times(BYTE, SECOND, -1)
_USUAL = {SECOND: "hour", BYTE: "GB"}
_OF_MANY_UNITS = (SECOND, MONTH, BYTE, _BIT_RATE)


class FigureTexts:
    """Writes figures in base units by their dimension."""

    def __init__(self, tariff: tree.Tariff) -> None:
        self.currency = tariff.currency
        self._decimals = minor_digits(tariff.currency) or 0
        self._money: Dimension = ((tariff.currency, 1),)
        self._units = tariff.units
        self._preferred: dict[Dimension, Unit] = {}
        for unit in _units_of(tariff):
            if unit.singular and len(unit.dimension) > 0:
                self._preferred.setdefault(unit.dimension, unit)
        self._made: dict[Dimension, Unit] = {}

    def text(self, value: Exact, dimension: Dimension, unit: Unit | None = None) -> str:
        """The figure: `10,000 users`, `0.0748 USD/GB`, `796.00 USD`, `30 days`; in `unit` if one is given."""
        if dimension == self._money:
            return writing().money(number_text(value, self._decimals), self.currency)
        shown_in = unit if unit is not None else self.unit(dimension, value)
        shown = in_unit(value, shown_in)
        if not shown_in.singular:
            return number_text(shown)
        return writing().quantity(number_text(shown), shown_in.singular if shown == 1 else shown_in.plural)

    def unit(self, dimension: Dimension, value: Exact = 0) -> Unit:
        """The unit for figures of a dimension; for times and bytes the largest one that suits the value."""
        if not dimension:
            return PLAIN
        known = self._preferred.get(dimension)
        if known is not None:
            return known
        if dimension == SECOND:
            return self._length(value)
        if dimension in (BYTE, _BIT_RATE):
            return self._largest(dimension, value)
        if dimension not in self._made:
            self._made[dimension] = self._product(dimension)
        return self._made[dimension]

    def _length(self, value: Exact) -> Unit:
        whole = (
            self._units[name] for name in _LENGTHS if value and ratio(value, self._units[name].scale).denominator == 1
        )
        return next(whole, self._units["second"])

    def _largest(self, dimension: Dimension, value: Exact) -> Unit:
        """The largest unit of which the value holds at least one. Counted by 1,000 or 1,024 as the list says."""
        named = [u for u in self._units.values() if u.dimension == dimension and not u.singular.endswith("iB")]
        least = min(named, key=_scale)
        return max((u for u in named if _scale(u) <= abs(Fraction(value))), key=_scale, default=least)

    def _product(self, dimension: Dimension) -> Unit:
        """A unit made of others: money for each of something, or a product of base units."""
        if dict(dimension).get(self.currency) == 1:
            per = self._preferred.get(times(self._money, dimension, -1))
            if per is not None:
                text = f"{self.currency}/{per.singular}"
                return Unit(text, text, ratio(1, per.scale), dimension)
        above = [(self._base(name), power) for name, power in dimension if power > 0]
        under = [(self._base(name), -power) for name, power in dimension if power < 0]
        scale: Exact = 1
        for unit, power in above:
            scale = scale * unit.scale**power
        for unit, power in under:
            scale = ratio(scale, unit.scale**power)
        tail = "".join(f"/{_power(unit.singular, power)}" for unit, power in under)
        one, many = (
            " × ".join(_power(getattr(unit, form), power) for unit, power in above) or "1"
            for form in ("singular", "plural")
        )
        return Unit(one + tail, many + tail, scale, dimension)

    def _base(self, name: str) -> Unit:
        dimension: Dimension = ((name, 1),)
        known = self._preferred.get(dimension)
        if known is not None:
            return known
        usual = self._units.get(_USUAL.get(dimension, ""))
        if usual is not None:
            return usual
        return next((u for u in self._units.values() if u.dimension == dimension and u.scale == 1), _bare(name))


def figure_texts(tariff: tree.Tariff) -> FigureTexts:
    """The texts of a price list's figures, made once and kept with the list."""
    return kept(tariff, "figure_texts", lambda: FigureTexts(tariff))


def _units_of(tariff: tree.Tariff) -> Iterator[Unit]:
    """The units that the list uses, those that matter most first."""
    yield from (meter.unit for meter in tariff.meters.values())
    yield from (meter.recorded for meter in tariff.meters.values() if meter.recorded is not None)
    yield from (pool.unit for pool in tariff.pools.values())
    yield from (setting.unit for setting in tariff.settings.values() if setting.unit is not None)
    yield from (unit for unit in tariff.units.values() if unit.dimension not in _OF_MANY_UNITS)


def _scale(unit: Unit) -> Fraction:
    return Fraction(unit.scale)


def _bare(name: str) -> Unit:
    return Unit(name, name, 1, ((name, 1),))


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"
