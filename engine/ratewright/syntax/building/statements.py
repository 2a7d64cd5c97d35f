"""Reductions of the statements of blocks → their nodes."""

from __future__ import annotations

from typing import Any

from lark import Token
from msgspec import Struct
from msgspec.structs import replace

from ratewright.diagnostics import Span
from ratewright.syntax import nodes as n
from ratewright.syntax.building.places import Part
from ratewright.syntax.building.rows import Rows
from ratewright.syntax.building.sentences import read_sentence
from ratewright.values.exact import Exact
from ratewright.values.rounding import Way


class _Within(Struct, frozen=True):
    """`within 7 days of purchase`: all of it, and the length alone."""

    span: Span
    length: n.Length


class _Steps(Struct, frozen=True):
    """`to 0.01 USD or 0.05 CHF`: all of it, and the step of each currency."""

    span: Span
    steps: tuple[n.Quantity, ...]


class Statements(Rows):
    """Builds the statements of blocks."""

    def currency(self, parts: list[Part]) -> n.Currency:
        return n.Currency(self._span(parts), tuple(self._of(parts, n.Name)))

    def timezone(self, parts: list[Part]) -> n.Timezone:
        return n.Timezone(self._span(parts), self._string(parts[1]))

    def effective(self, parts: list[Part]) -> n.Effective:
        start = self.moment([parts[2]])
        until = self.moment([parts[4]]) if len(parts) > 4 else None
        return n.Effective(self._span(parts), start, until)

    def source(self, parts: list[Part]) -> n.SourceText:
        return n.SourceText(self._span(parts), self._string(parts[1]))

    def bytes(self, parts: list[Part]) -> n.Bytes:
        return n.Bytes(self._span(parts), self._value(parts[2]))

    def rounding_none(self, parts: list[Part]) -> n.Rounding:
        return n.Rounding(self._span(parts), None)

    def rounding_line(self, parts: list[Part]) -> n.Rounding:
        steps = self._of(parts, _Steps)
        written = steps[0].steps if steps else ()
        return n.Rounding(self._span(parts), Way(parts[1].text), written, self._after(parts, "per"))

    def steps(self, parts: list[Part]) -> _Steps:
        written = (self._quantity(parts[at], parts[at + 1]) for at in range(1, len(parts), 3))
        return _Steps(self._span(parts), tuple(written))

    def values(self, parts: list[Part]) -> n.Expression:
        """One value, or one for each currency."""
        values = self._of(parts, n.Node)
        return values[0] if len(values) == 1 else n.AnyOf(self._span(parts), tuple(values))

    def cite(self, parts: list[Part]) -> n.Cite:
        return n.Cite(self._span(parts), self._string(parts[1]))

    def cited(self, parts: list[Part]) -> n.Cite:
        """`{ cite "…" }` behind a declaration of one line. The node is the block: the declaration ends with it."""
        return n.Cite(self._span(parts), self._of(parts, n.Cite)[0].text)

    def unit_name(self, parts: list[Part]) -> n.UnitName:
        factors: list[tuple[str, Exact, n.Name]] = []
        sign: str = "*"
        number: Exact = 1
        for part in parts:
            if isinstance(part, n.Name):
                factors.append((sign, number, part))
            elif part.value in "*/":
                sign, number = part.value, 1
            else:
                number = self._value(part)
        return n.UnitName(self._span(parts), tuple(factors))

    def kind_text(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "text")

    def kind_number(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "number", below=self._below(parts))

    def kind_date(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "date")

    def kind_choice(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "choice", choices=tuple(self._of(parts, n.Name)))

    def kind_unit(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "unit", unit=parts[1], below=self._below(parts))

    def _below(self, parts: list[Part]) -> n.Number | None:
        """What stands behind `below`, where a figure may be below 0."""
        return self.number(parts[-1:]) if self._word(parts, "below") >= 0 else None

    def value(self, parts: list[Part]) -> n.Expression:
        """A value taken literally: a bare name is text."""
        first = parts[0]
        if isinstance(first, Token) and first.value == "-":
            made = self.value(parts[1:])
            assert isinstance(made, n.Number | n.Percent | n.Quantity)
            return replace(made, span=self._span(parts), value=-made.value)
        if isinstance(first, n.Name):
            return n.Text(first.span, first.text)
        if isinstance(first, n.Time):
            return first
        if first.type == "STRING":
            return self._string(first)
        if first.value in ("on", "off"):
            return self.flag(parts)
        if len(parts) == 1:
            return self.number(parts)
        return self.percent(parts) if isinstance(parts[1], Token) else self._quantity(first, parts[1])

    def quotient(self, parts: list[Part]) -> n.Name:
        """The unit behind a literal figure: `GB`, or `USD/GB` as one name."""
        return n.Name(self._span(parts), "/".join(p.text for p in parts if isinstance(p, n.Name)))

    def field(self, parts: list[Part]) -> n.Field:
        names = tuple(self._of(parts, n.Name))
        kind = self._of(parts, n.Kind)[0]
        default = parts[-1] if self._word(parts, "=") >= 0 else None
        return n.Field(self._span(parts), names, kind, default)

    def splits(self, parts: list[Part]) -> n.Splits:
        return n.Splits(self._span(parts))

    def reads(self, parts: list[Part]) -> n.Reads:
        return n.Reads(self._span(parts), parts[1])

    def by(self, parts: list[Part]) -> n.By:
        return n.By(self._span(parts), tuple(self._of(parts, n.Name)))

    def spread_evenly(self, parts: list[Part]) -> n.SpreadEvenly:
        return n.SpreadEvenly(self._span(parts))

    def where(self, parts: list[Part]) -> n.Where:
        return n.Where(self._span(parts), parts[1])

    def measure(self, parts: list[Part]) -> n.Measure:
        return n.Measure(self._span(parts), parts[1], parts[3])

    def corrections(self, parts: list[Part]) -> n.Corrections:
        bound = n.Number(self._span(parts[-1:]), self._value(parts[-1]))
        return n.Corrections(self._span(parts), bound, self._word(parts, "below") >= 0)

    def covers(self, parts: list[Part]) -> n.Covers:
        return n.Covers(self._span(parts), tuple(self._of(parts, n.Covered)))

    def covered(self, parts: list[Part]) -> n.Covered:
        return n.Covered(self._span(parts), parts[0], parts[1] if len(parts) > 1 else None)

    def issued(self, parts: list[Part]) -> n.Issued:
        return n.Issued(self._span(parts))

    def size_per_account(self, parts: list[Part]) -> n.Size:
        return n.Size(self._span(parts), None)

    def size_given(self, parts: list[Part]) -> n.Size:
        return n.Size(self._span(parts), parts[1])

    def size_row(self, parts: list[Part]) -> n.SizeRow:
        size = self._quantity(parts[0], parts[1])
        return n.SizeRow(self._span(parts), size, parts[2])

    def amounts(self, parts: list[Part]) -> n.Expression:
        """One amount, or one for each currency."""
        return parts[0] if len(parts) == 1 else self.any_of(parts)

    def size_range(self, parts: list[Part]) -> n.SizeRow:
        return n.SizeRow(self._span(parts), parts[0], None if isinstance(parts[1], n.Price) else parts[1])

    def sizes(self, parts: list[Part]) -> n.Sizes:
        return n.Sizes(self._span(parts), self._rows(parts, n.SizeRow))

    def sold(self, parts: list[Part]) -> n.Sold:
        return n.Sold(self._span(parts), self._after(parts, "from"), self._after(parts, "until"))

    def valid_for(self, parts: list[Part]) -> n.Valid:
        start = parts[4] if len(parts) > 4 else None
        return n.Valid(self._span(parts), self._length(parts[1], parts[2]), start)

    def valid_between(self, parts: list[Part]) -> n.Valid:
        return n.Valid(self._span(parts), None, parts[2], parts[4])

    def valid_until(self, parts: list[Part]) -> n.Valid:
        return n.Valid(self._span(parts), None, None, parts[2])

    def renews(self, parts: list[Part]) -> n.Renews:
        return n.Renews(self._span(parts), parts[2])

    def by_day(self, parts: list[Part]) -> n.ByDay:
        return n.ByDay(self._span(parts))

    def rolls(self, parts: list[Part]) -> n.Rolls:
        at, to = self._word(parts, "for"), self._word(parts, "to")
        length = self._length(parts[at + 1], parts[at + 2]) if at >= 0 else None
        most = self._quantity(parts[to + 1], parts[to + 2]) if to >= 0 else None
        return n.Rolls(self._span(parts), length, most, self._after(parts, "of"))

    def overdraws(self, parts: list[Part]) -> n.Overdraws:
        return n.Overdraws(self._span(parts), self._quantity(parts[3], parts[4]) if len(parts) > 1 else None)

    def scope(self, parts: list[Part]) -> n.ScopeOf:
        return n.ScopeOf(self._span(parts), tuple(self._of(parts, n.Name)))

    def draw_rule(self, parts: list[Part]) -> n.DrawRule:
        return n.DrawRule(self._span(parts), (parts[0].value, parts[1].value))

    def draws(self, parts: list[Part]) -> n.Draws:
        return n.Draws(self._span(parts), tuple(self._of(parts, n.DrawRule)))

    def refund_never(self, parts: list[Part]) -> n.Refund:
        return n.Refund(self._span(parts), "never")

    def refund_full(self, parts: list[Part]) -> n.Refund:
        within = self._of(parts, _Within)
        return n.Refund(self._span(parts), "full", None, within[0].length if within else None, self._after(parts, "if"))

    def refund_formula(self, parts: list[Part]) -> n.Refund:
        within = self._of(parts, _Within)
        return n.Refund(
            self._span(parts), "formula", parts[1], within[0].length if within else None, self._after(parts, "if")
        )

    def within(self, parts: list[Part]) -> _Within:
        return _Within(self._span(parts), self._length(parts[1], parts[2]))

    def pause(self, parts: list[Part]) -> n.Pause:
        return n.Pause(self._span(parts))

    def when(self, parts: list[Part]) -> n.When:
        return n.When(self._span(parts), parts[1])

    def on(self, parts: list[Part]) -> n.On:
        return n.On(self._span(parts), parts[1])

    def anchor(self, parts: list[Part]) -> tuple[Part, Part, bool, Part]:
        """Where a cadence is anchored: the day (a number or a name), the instant, or the first use, and the last part
        of it."""
        if parts[0].value == "from":
            first_use = isinstance(parts[1], Token)
            return None, None if first_use else parts[1], first_use, parts[-1]
        return (self._value(parts[2]) if isinstance(parts[2], Token) else parts[2]), None, False, parts[2]

    def cadence(self, parts: list[Part]) -> n.Cadence:
        counted = isinstance(parts[0], Token)
        count = self._value(parts[0]) if counted else 1
        unit = parts[1] if counted else parts[0]
        day, start, first_use, last = parts[-1] if isinstance(parts[-1], tuple) else (None, None, False, unit)
        return n.Cadence(self._span([parts[0], last]), count, unit, day, start, first_use)

    def included(self, parts: list[Part]) -> n.Included:
        return n.Included(self._span(parts))

    def spread_by(self, parts: list[Part]) -> n.SpreadBy:
        return n.SpreadBy(self._span(parts))

    def every(self, parts: list[Part]) -> n.Every:
        return n.Every(self._span(parts), parts[1])

    def once(self, parts: list[Part]) -> n.Once:
        return n.Once(self._span(parts), parts[2])

    def billed(self, parts: list[Part]) -> n.Billed:
        return n.Billed(self._span(parts), parts[2])

    def in_advance(self, parts: list[Part]) -> n.Billed:
        return n.Billed(self._span(parts), None)

    def rate(self, parts: list[Part]) -> n.Rate:
        return n.Rate(self._span(parts), parts[1])

    def tier_head(self, parts: list[Part]) -> tuple[tuple[n.Name, ...], n.UnitName | None]:
        units = self._of(parts, n.UnitName)
        return tuple(self._of(parts, n.Name)), units[0] if units else None

    def _tiers(self, kind: type, parts: list[Part]) -> Any:
        if not isinstance(parts[1], tuple):
            return kind(self._span(parts), (), table=parts[1])
        by, unit = parts[1]
        return kind(self._span([parts[0], parts[-1]]), self._rows(parts, n.Row), by, unit)

    def volume(self, parts: list[Part]) -> n.Volume:
        return self._tiers(n.Volume, parts)  # type: ignore[no-any-return]

    def volume_cheapest(self, parts: list[Part]) -> n.Volume:
        made: n.Volume = self._tiers(n.Volume, [parts[0], *parts[2:]])
        return replace(made, cheapest=True)

    def graduated(self, parts: list[Part]) -> n.Graduated:
        return self._tiers(n.Graduated, parts)  # type: ignore[no-any-return]

    def amount(self, parts: list[Part]) -> n.AmountForm:
        return n.AmountForm(self._span(parts), parts[1])

    def minimum(self, parts: list[Part]) -> n.Minimum:
        return n.Minimum(self._span(parts), parts[1], self._word(parts, "prorated") >= 0)

    def maximum(self, parts: list[Part]) -> n.Maximum:
        return n.Maximum(self._span(parts), parts[1])

    def maximum_block(self, parts: list[Part]) -> n.Maximum:
        return n.Maximum(self._span(parts), parts[1], n.EachOf(self._span(parts[3:]), self._value(parts[3]), parts[4]))

    def maximum_period(self, parts: list[Part]) -> n.Maximum:
        return n.Maximum(self._span(parts), parts[1], period=n.EachOf(parts[3].span, 1, parts[3]))

    def prorated(self, parts: list[Part]) -> n.Prorated:
        return n.Prorated(self._span(parts), parts[2])

    def reached(self, parts: list[Part]) -> n.Reached:
        return n.Reached(self._span(parts), parts[2])

    def zero_usage(self, parts: list[Part]) -> n.ZeroUsage:
        return n.ZeroUsage(self._span(parts))

    def invoiced(self, parts: list[Part]) -> n.Invoiced:
        first = self._value(parts[2])
        last = self._value(parts[4]) if parts[3].value == "to" else first
        return n.Invoiced(self._span(parts), first, last)

    def say(self, parts: list[Part]) -> n.Say:
        others = (n.SentenceIn(e.span, e.language, self._sentence(e.text.span)) for e in self._of(parts, n.Translation))
        return n.Say(self._span(parts), self._sentence(self._span(parts[1:2])), tuple(others))

    def _sentence(self, literal: Span) -> n.Sentence:
        sentence, problems = read_sentence(literal)
        self.problems += problems
        return sentence

    def limit_on(self, parts: list[Part]) -> n.LimitOn:
        return n.LimitOn(self._span(parts), parts[1])

    def default(self, parts: list[Part]) -> n.Default:
        return n.Default(self._span(parts), self._quantity(parts[1], parts[2]))

    def extend(self, parts: list[Part]) -> n.Extend:
        starts = range(4, len(parts), 5)
        prices = tuple(self._quantity(parts[at], parts[at + 1]) for at in starts)
        terms = [parts[at + 3] for at in starts]
        other = next((term for term in terms if term.text != terms[0].text), None)
        if other is not None:
            self._problem("R208", "an extension has one term", f"write `/{terms[0].text}` in each currency", [other])
        return n.Extend(self._span(parts), self._quantity(parts[1], parts[2]), prices, terms[0])

    def shared(self, parts: list[Part]) -> n.Shared:
        return n.Shared(self._span(parts))
