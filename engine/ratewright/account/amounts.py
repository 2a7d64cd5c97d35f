"""Written amounts and values → figures in base units, by a tariff's units."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.advice.foreign_functions import UNITS
from ratewright.diagnostics import did_you_mean
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind, Type
from ratewright.usage.model import Amount, field_text
from ratewright.values.calendar import Calendar, CalendarError
from ratewright.values.exact import Exact, exact, ratio
from ratewright.values.moments import MomentError, parse_moment
from ratewright.values.units import Dimension, Unit, times


class Amounts:
    """Reads amounts by the units of one tariff."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units

    def unit(self, name: str) -> tuple[Dimension, Exact] | None:
        """Dimension and scale of a written unit, which may be a quotient such as `MJ/m3`."""
        unit = self._units.get(name)
        if unit is not None:
            return unit.dimension, unit.scale
        if "/" not in name:
            return None
        first, *rest = (part.strip() for part in name.split("/"))
        above = self._units.get(first)
        if above is None:
            return None
        dimension, scale = above.dimension, above.scale
        for part in rest:
            below = self._units.get(part)
            if below is None:
                return None
            dimension, scale = times(dimension, below.dimension, -1), ratio(scale, below.scale)
        return dimension, scale

    def figure(self, amount: Amount, wanted: Unit) -> tuple[Exact, str, str]:
        """The figure in base units, or the problem with it and its remedy."""
        number, name = amount
        if name is None:
            if wanted.counted or not wanted.singular:
                return exact(number * wanted.scale), "", ""
            return 0, f"has no unit: `{number}`", f"write `{number} {wanted.plural}`"
        found = self.unit(name)
        if found is None:
            help = UNITS.get(name.lower(), "{")
            if "{" in help:  # a currency, or nothing that is known
                help = did_you_mean(name, list(self._units)) or f"the meter is in {wanted.plural}"
            return 0, f"is in `{name}`, which is no unit of the price list", help
        dimension, scale = found
        if dimension != wanted.dimension:
            text = wanted.plural or "plain numbers"
            return (
                0,
                f"is in {name}, and it is counted in {text}",
                f"give it in {text}",
            )
        return exact(number * scale), "", ""

    def value(
        self, written: str | Amount, type_: Type, unit: Unit | None, calendar: Calendar, *, below: bool = False
    ) -> tuple[tree.Value | None, str, str]:
        """A setting's or field's value of a type, or the problem with it and its remedy. `below` says whether a figure
        may be below 0."""
        if type_.kind is Kind.FIGURE:
            found = self._figure_value(written, type_, unit)
            if below or not isinstance(written, Amount) or written.number >= 0 or found[1]:
                return found
            help = "if it may be, the list says `below 0` where it is declared"
            return None, f"is below 0: `{field_text(written)}`", help
        text = field_text(written)
        if type_.kind is Kind.FLAG:
            if text in ("on", "off"):
                return text == "on", "", ""
            return None, f"is on or off, not `{text}`", "write on or off"
        if type_.kind is Kind.INSTANT:
            try:
                return calendar.instant(parse_moment(text, DEFAULT)[0]), "", ""
            except (MomentError, CalendarError) as error:
                return None, f"is a date, not `{text}`", error.help
        if type_.choices and text not in type_.choices:
            help = did_you_mean(text, type_.choices) or f"write one of {', '.join(type_.choices)}"
            return None, f"is one of {', '.join(type_.choices)}, not `{text}`", help
        return text, "", ""

    def _figure_value(
        self, written: str | Amount, type_: Type, unit: Unit | None
    ) -> tuple[tree.Value | None, str, str]:
        wanted = unit or Unit("", "", 1, type_.dimension)
        if isinstance(written, str):
            return (
                None,
                f"is a figure, not `{written}`",
                f"write a number{' in ' + wanted.plural if wanted.plural else ''}",
            )
        figure, problem, help = self.figure(written, wanted)
        return (None, problem, help) if problem else (figure, "", "")
