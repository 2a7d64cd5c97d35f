"""Units and lengths of time as rule files write them, and figures in the words of a message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ratewright.advice.foreign_functions import UNITS
from ratewright.advice.words import listed
from ratewright.diagnostics import Span
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n
from ratewright.meaning.types import UNKNOWN, Kind, Type, figure
from ratewright.resolve.findings import Report
from ratewright.syntax import nodes as s
from ratewright.values.calendar import Calendar, Duration
from ratewright.values.durations import DAY_SECONDS
from ratewright.values.exact import Exact, exact, grouped, ratio
from ratewright.values.money import minor_digits
from ratewright.values.units import BYTES_BY_NAMES, MONTH, SECOND, Dimension, Unit

EXPONENT = re.compile(r"([0-9]+)[eE]([0-9]*)", re.ASCII)
"""A number with an exponent, which a rule file reads as a name."""


_CURRENCY = re.compile(r"\bcurrency\b")


class WrittenUnits:
    """Reads the units of one rule file."""

    def __init__(
        self, report: Report, units: Mapping[str, Unit], calendar: Calendar, currencies: tuple[str, ...] = ()
    ) -> None:
        """`currencies` are those of the list, the account's first; none where an amount in another has no meaning."""
        self.report = report
        self.units = units
        self.calendar = calendar
        self.currencies = currencies
        self.declared: dict[str, Unit] = {}  # of the fields and settings read so far, by their names

    def amount(
        self, span: Span, number: Exact, unit: Unit, written: str = "", as_figure: n.Figure | None = None
    ) -> n.Expression:
        """The figure of a number with its unit; no price where that is in a currency that is not the account's."""
        dimension, (own, *others) = unit.dimension, self.currencies or ("",)
        if any(base in others for base, _ in dimension):
            in_own = [(False, ((own if base in others else base, power),)) for base, power in dimension]
            return n.NoPrice(span, figure(joined_dimension(in_own)), own)
        return n.Constant(span, figure(dimension), exact(number * unit.scale), written, as_figure)

    def for_all_accounts(self, made: n.Expression) -> n.Expression:
        """A figure that is the same for accounts in any currency; one that is in another currency is reported."""
        if not isinstance(made, n.NoPrice):
            return made
        text = made.span.text
        self.report.error(
            "R205",
            f"`{text}` stands for all accounts, and those in {made.currency} have no such amount",
            made.span,
            f"write `{text.split()[0]} currency` for the same number in each, or a line for each currency",
        )
        return n.Constant(made.span, UNKNOWN, 0)

    def unit_of_data(self, node: s.UnitName) -> Unit | None:
        """The unit of what an account's data bring: an amount in it is in the account's currency, whatever that is."""
        codes = [name for *_, name in node.factors if name.text in self.currencies]
        if codes and len(self.currencies) > 1:
            known = listed(sorted(self.currencies), "or")
            self.report.error(
                "R205",
                f"what accounts bring is in their currency, {known}, and not always in {codes[0].text}",
                node.span,
                f"write `in {node.span.text.replace(codes[0].text, 'currency')}`: in that of each account",
            )
            return None
        return self.unit_product(node)

    @property
    def currency(self) -> str:
        """The code of the currency that the list is in."""
        return next(u.singular for u in self.units.values() if minor_digits(u.singular) is not None)

    def phrase(self, type_: Type) -> str:
        """What stands behind `is` in a message: `in pics`, `a plain number`, `a text`."""
        if type_.kind is not Kind.FIGURE or not type_.dimension or type_.many:
            return str(type_)
        return f"in {self.unit_text(type_)}"

    def unit_text(self, type_: Type) -> str:
        """The unit of a figure as the list writes it: `pics`, `USD/pic`, `seconds`."""
        counted = self.units.get(str(type_))
        return counted.plural if counted is not None and counted.counted else str(type_)

    def with_unit(self, number: str, wanted: Type, declared: Unit | None = None) -> str:
        """The remedy for a number without its unit; `declared` is that of a field or a setting it stands beside."""
        if wanted.dimension == SECOND:
            return f"give the number its unit, as in `{number} {declared.plural if declared else 'days'}`"
        unit = self.unit_text(wanted)
        certain = unit != str(wanted) or minor_digits(unit) is not None
        return f"write `{number} {unit}`" if certain else f"give the number its unit, one of {unit}"

    def unit(self, name: s.Name) -> Unit | None:
        """The unit of a name; reports an unknown one."""
        unit = self.units.get(name.text)
        if unit is None and "/" in name.text:
            return self._quotient(name)
        if unit is None and name.text not in self.report.lost:
            self.unknown_unit(name.text, name.span)
        return unit

    def _quotient(self, name: s.Name) -> Unit | None:
        """The unit of a literal figure such as `39 MJ/m3`."""
        above, *below = (s.Name(name.span, part) for part in name.text.split("/"))
        factors = (("*", 1, above), *(("/", 1, part) for part in below))
        return self.unit_product(s.UnitName(name.span, factors))

    def unit_product(self, node: s.UnitName, *, of_prices: bool = False) -> Unit | None:
        """The unit of a written product such as `MJ / m3`; `of_prices` it may be for a number of things."""
        if len(node.factors) == 1:
            return self.unit(node.factors[0][2])
        scale: Exact = 1
        dimensions = []
        for operator, number, name in node.factors:
            unit = self.unit(name)
            if unit is None or not self._is_sound(number, node, of_prices):
                return None
            divides = operator == "/"
            scale = ratio(scale, unit.scale * number) if divides else exact(scale * unit.scale)
            if max(scale.numerator.bit_length(), scale.denominator.bit_length()) > DEFAULT.ratio_bits:
                self.report.error(
                    "R105",
                    f"a unit that holds more than {DEFAULT.ratio_bits:,} bits of the units it is made of",
                    node.span,
                    "make it of smaller units",
                )
                return None
            dimensions.append((divides, unit.dimension))
        dimension = joined_dimension(dimensions)
        text = "".join(
            f" * {name.text}" if operator == "*" else f"/{_many(number)}{name.text}"
            for operator, number, name in node.factors
        )
        return self.named_as(text.removeprefix(" * "), Unit("", "", scale, dimension))

    def named_as(self, text: str, unit: Unit) -> Unit:
        """A unit under the name that an author gave it, as `USD / pic`; `currency` is shown as the account's."""
        name = " ".join(text.split())
        if len(self.currencies) > 1:
            name = _CURRENCY.sub(self.currencies[0], name)
        return Unit(name, name, unit.scale, unit.dimension)

    def _is_sound(self, number: Exact, node: s.UnitName, of_prices: bool) -> bool:
        """Whether a number in a unit may stand there; reported where it may not."""
        if number == 1 or (of_prices and number > 0):
            return True
        if of_prices:
            self.report.error("R219", "a price is for more than 0", node.span, "write `USD/1,000 events`")
            return False
        alone = "".join(f"{sign if place else ''}{name.text}" for place, (sign, _, name) in enumerate(node.factors))
        self.report.error(
            "R206",
            f"`{node.span.text}` is the unit of prices: of a table, or of tiers",
            node.span,
            f"write `in {alone}`, and figures for one",
        )
        return False

    def duration(self, length: s.Length) -> Duration:
        """A written length as calendar time."""
        return self.length_of(length.value, length.unit, length.span)

    def length_of(self, value: Exact, unit_name: s.Name, span: Span) -> Duration:
        """So many of a unit as calendar time; `span` is where it stands."""
        unit = self.unit(unit_name)
        if unit is None:
            return Duration(days=1)
        if value <= 0:
            self.report.error("R219", f"`{span.text}` is no time at all", span, "write a length of time above 0")
            return Duration(days=1)
        written = _length(value, unit, span.text)
        if written is None:
            self.report.error(
                "R219",
                f"`{span.text}` is no length of time that a calendar has",
                span,
                "write `7 days`, `1 year`, `36 hours`",
            )
            return Duration(days=1)
        return Duration(days=1) if is_too_long(written, span, self.report) else written

    def unknown_unit(self, text: str, span: Span) -> None:
        """Report a name that is no unit."""
        if text in BYTES_BY_NAMES:
            self.report.error(
                "R206",
                f"how many bytes `{text}` has is not said",
                span,
                "write `bytes by 1000` or `bytes by 1024` in the tariff block",
            )
            self.report.lost.add(text)  # said once
            return
        if minor_digits(text) is not None:
            known = self.currencies or tuple(c for c in self.units if minor_digits(c) is not None)
            self.report.error(
                "R205",
                f"the list is in {listed(list(known), 'and')}, and `{text}` is another currency",
                span,
                f"write the amount in {listed(list(known), 'or')}, or name `{text}` in the tariff block too: "
                f"`currency {', '.join((*known, text))}`",
            )
            return
        if EXPONENT.fullmatch(text):
            help = "a number has no exponent: write it out"
        else:
            code = next((u.singular for u in self.units.values() if minor_digits(u.singular) is not None), "USD")
            elsewhere = UNITS.get(text.lower(), "").format(currency=code)
            help = elsewhere or self.report.close(text, [*self.units, *BYTES_BY_NAMES]) or f"declare it: `unit {text}`"
        self.report.error("R206", f"there is no unit `{text}`", span, help)


def _many(number: Exact) -> str:
    return "" if number == 1 else f"{grouped(number)} "


def is_too_long(length: Duration, span: Span, report: Report) -> bool:
    """Whether a length is over the limit, which is reported. Times reach from `first_year` to `last_year`, so that
    no single length of a list leads out of the calendar."""
    most = DEFAULT.duration_years
    if length.least_years <= most:
        return False
    report.error("R105", f"`{span.text}` is longer than {most:,} years, the limit", span, "write a shorter time")
    return True


def _length(value: Exact, unit: Unit, text: str) -> Duration | None:
    """A figure above 0 as calendar time; None where the calendar has no such length."""
    if unit.dimension == MONTH and isinstance(value, int):
        return Duration(months=value * int(unit.scale), text=text)
    if unit.dimension != SECOND:
        return None
    days = exact(value * ratio(unit.scale, DAY_SECONDS))
    if unit.scale >= DAY_SECONDS:
        return Duration(days=days, text=text) if isinstance(days, int) else None
    return Duration(seconds=exact(value * unit.scale), text=text)


def joined_dimension(factors: Sequence[tuple[bool, Dimension]]) -> Dimension:
    """The dimension of a product whose factors multiply or divide; in one walk, for there may be thousands."""
    exponents: dict[str, int] = {}
    for divides, dimension in factors:
        for base, exponent in dimension:
            exponents[base] = exponents.get(base, 0) + (-exponent if divides else exponent)
    return tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))
