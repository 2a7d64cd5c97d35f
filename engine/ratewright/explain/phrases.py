"""Figures, times and names as the reader of one bill sees them; what the words templates call `say`."""

from __future__ import annotations

from whenever import Date, Instant

from ratewright.diagnostics import Span
from ratewright.explain.environment import clean
from ratewright.rating.bill import Bill
from ratewright.rating.trace import GraduatedTrace, LotTrace, TermTrace, TierTrace, VolumeTrace
from ratewright.tree import nodes as tree
from ratewright.values.calendar import Cadence, Calendar, Period, period_text
from ratewright.values.exact import Exact, decimals_of, exact, grouped, ratio
from ratewright.values.money import minor_digits
from ratewright.values.units import PLAIN, Unit, in_unit

_MOST_DECIMALS = 12
_DIGITS_KEPT = 6
_MONTHS = "January February March April May June July August September October November December".split()


def number_text(value: Exact, least_decimals: int = 0) -> str:
    """The number for readers: exact, or cut and ended with `…` where its decimals are endless or many."""
    if value.__class__ is int:
        return f"{value:,}.{'0' * least_decimals}" if least_decimals else f"{value:,}"
    needed = decimals_of(value)
    if needed is not None and needed <= _MOST_DECIMALS:
        return grouped(value, least_decimals)
    leading_zeros = max(0, len(str(value.denominator)) - len(str(abs(value.numerator))))
    decimals = _DIGITS_KEPT + leading_zeros
    scaled = abs(value.numerator) * 10**decimals // value.denominator
    whole, rest = divmod(scaled, 10**decimals)
    return f"{'-' if value < 0 else ''}{whole:,}.{rest:0{decimals}d}…"


def date_words(date: Date) -> str:
    """`3 April 2026`."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def dates_words(first: Date, last: Date) -> str:
    """`1 to 3 April 2026`, with as much of the first date as it needs."""
    if first == last:
        return date_words(first)
    if first.year != last.year:
        return f"{date_words(first)} to {date_words(last)}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} to {date_words(last)}"
    return f"{first.day} to {date_words(last)}"


def title_of(node: object) -> str:
    """A declaration's title, or its name as plain words."""
    title: str = getattr(node, "title", "")
    name: str = getattr(node, "name", "")
    return clean(title or name.replace("_", " "))


class Phrases:
    """The way one bill's figures are written: in its currency, its units and its timezone."""

    __slots__ = ("_decimals", "_named", "calendar", "currency", "period", "tariff")

    def __init__(self, tariff: tree.Tariff, calendar: Calendar, period: Period) -> None:
        self.tariff = tariff
        self.calendar = calendar
        self.period = period
        self.currency = tariff.currency
        self._decimals = minor_digits(tariff.currency) or 0

    # figures

    def money(self, amount: Exact) -> str:
        """`1,650.00 USD`."""
        return f"{number_text(amount, self._decimals)} {self.currency}"

    def quantity(self, value: Exact, unit: Unit) -> str:
        """A figure in base units with its unit: `9,950 pics`; as an amount where the unit is the currency."""
        if unit.singular == self.currency:
            return self.money(value)
        shown = in_unit(value, unit)
        if not unit.singular:
            return number_text(shown)
        return f"{number_text(shown)} {unit.singular if shown == 1 else unit.plural}"

    def number(self, value: Exact, unit: Unit) -> str:
        """A figure in base units; of things that are counted only how many."""
        return number_text(value) if unit.counted and unit.scale == 1 else self.quantity(value, unit)

    def count(self, value: int, singular: str, plural: str = "") -> str:
        """`1 lot`, `12 lots`."""
        return f"{value:,} {singular if value == 1 else plural or singular + 's'}"

    def plain(self, value: Exact) -> str:
        """A number without a unit."""
        return number_text(value)

    def inexact(self, value: Exact, unit: Unit) -> bool:
        """Whether `quantity` cuts the figure's decimals."""
        needed = decimals_of(in_unit(value, unit))
        return needed is None or needed > _MOST_DECIMALS

    def ratio(self, value: Exact, unit: Unit) -> str:
        """The figure without any decimals cut, as a ratio where they do not end."""
        return f"{grouped(in_unit(value, unit))} {unit.plural}".rstrip()

    def cut(self, amount: Exact) -> bool:
        """Whether `money` cuts the amount's decimals."""
        return self.inexact(amount, PLAIN)

    def fraction(self, number: Exact) -> str:
        """The number without any decimals cut, as a ratio where they do not end."""
        return grouped(number)

    def multiple(self, value: Exact, of: Exact) -> str:
        """How many times `of` the value is."""
        return number_text(ratio(value, of))

    # prices

    def per_unit(self, term: TermTrace) -> bool:
        """Whether the term is a price for each unit of the quantity."""
        return isinstance(term.term, tree.UnitPrice)

    def literal(self, term: TermTrace) -> bool:
        """Whether the rule file writes the price as a figure rather than as a formula."""
        return isinstance(term.term.expression, tree.Constant)

    def price(self, term: TermTrace, unit: Unit) -> str:
        """The price as written, or its value where a formula is written: `0.08 USD/pic`."""
        if self.literal(term):
            return self.joined(term.text)
        rule = term.term
        if isinstance(rule, tree.UnitPrice):
            if unit.singular == self.currency:
                return f"{number_text(term.price * 100)}%"
            return f"{self._per(term.price * unit.scale)}/{unit.singular}"
        if isinstance(rule, tree.BlockPrice):
            return f"{self._per(term.price)} per started {self.quantity(rule.block, rule.unit)}"
        return self.money(term.price)

    def _per(self, price: Exact) -> str:
        return f"{number_text(exact(price))} {self.currency}"

    def range(self, tiers: tuple[TierTrace, ...], tier: TierTrace, unit: Unit) -> str:
        """A tier's two ends as a price page prints them: `10,000 ≤ usage < 100,000`."""
        above = "≤" if tier.lower_inside or (tier.reached and tier.slice == 0) else "<"
        position = next(n for n, t in enumerate(tiers) if t is tier)
        lower = self._end(tier.lower, tiers[position - 1].tier.bound.unit if position else tier.tier.bound.unit, unit)
        if tier.upper is None:
            return f"usage {'≥' if tier.lower_inside else '>'} {lower}"
        below = "≤" if tier.upper_inside else "<"
        return f"{lower} {above} usage {below} {self._end(tier.upper, tier.tier.bound.unit, unit)}"

    def _end(self, value: Exact, written: Unit, unit: Unit) -> str:
        return self.number(value, written if written.dimension == unit.dimension else unit) if value else "0"

    def counted_otherwise(self, charge: tree.Charge) -> bool:
        """Whether the charge is on something else than just what is left of one meter."""
        return charge.on is not None and not isinstance(charge.on, tree.MeterLeft)

    def tiered(self, price: object) -> bool:
        """Whether the price depends on the quantity that picks its tier."""
        return isinstance(price, VolumeTrace | GraduatedTrace)

    # times

    def moment(self, instant: Instant) -> str:
        """`2026-03-02 10:00`, in the tariff's timezone; the time is always there, for ends are exclusive."""
        local = self.calendar.local(instant)
        text = f"{local.year:04d}-{local.month:02d}-{local.day:02d} {local.hour:02d}:{local.minute:02d}"
        return f"{text}:{local.second:02d}" if local.second or local.nanosecond else text

    def day(self, instant: Instant) -> str:
        """`2026-03-02`."""
        return self.calendar.date_of(instant).format_iso()

    def stretch(self, start: Instant, end: Instant) -> str:
        """The time from `start` to `end` as a reader names it: `March 2026`, `2026-03-02`, or both ends."""
        return period_text(Period(start, end), self.calendar)

    def dates(self, first: Date, last: Date) -> str:
        """`1 to 3 April 2026`."""
        return dates_words(first, last)

    def periods(self, bills: tuple[Bill, ...]) -> str:
        """The periods of consecutive bills: `January 2026 to March 2026`."""
        first, last = bills[0].period, bills[-1].period
        words = [self.stretch(period.start, period.end) for period in (first, last)]
        return " to ".join(dict.fromkeys(words))

    def duration(self, seconds: Exact) -> str:
        """`1 hour 5 minutes`; exact to the second and below."""
        parts: list[str] = []
        rest = seconds
        for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
            count = int(rest // size)
            rest -= count * size
            if count:
                parts.append(self.count(count, name))
        if rest or not parts:
            parts.append(f"{number_text(rest)} second{'' if rest == 1 else 's'}")
        return " ".join(parts)

    # names and places

    def title(self, node: object) -> str:
        """A declaration's title, or its name as plain words."""
        return title_of(node)

    def named(self, name: str) -> str:
        """The title of whatever the rule file calls `name`, or the name as plain words."""
        tariff = self.tariff
        for declared in (tariff.settings, tariff.meters, tariff.pools, tariff.charges, tariff.limits):
            if name in declared:
                return title_of(declared[name])
        return clean(name.replace("_", " "))

    def drawn(self, lots: tuple[LotTrace, ...]) -> str:
        """How many of the lots paid for something."""
        return number_text(sum(1 for lot in lots if lot.drawn))

    def draws(self, pool: tree.Pool) -> str:
        """Which lot comes first: `soonest expiry, then oldest purchase`."""
        return ", then ".join(rule.value for rule in pool.draws)

    def order(self, deduction: tree.Deduction) -> str:
        """The sources of a meter in the order in which they pay."""
        ranks = [" and ".join(self.named(name) for name in rank) for rank in deduction.pools]
        return ", then ".join([*ranks, *(self.named(name) for name in deduction.charges)])

    def cadence(self, cadence: Cadence) -> str:
        """`every month`."""
        return str(cadence)

    def joined(self, text: str) -> str:
        """The text on one line."""
        return " ".join(text.split())

    def place(self, span: Span) -> str:
        """`rules/price_list.tariff:45`."""
        return span.place

    def written(self, span: Span) -> str:
        """The rule as the file has it, on one line."""
        return self.joined(span.text)
