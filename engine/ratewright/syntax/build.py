"""Reductions of the grammar → nodes of the syntax tree, made while the parser runs.

One method per rule of `grammar/ratewright.lark`, under the rule's name. Keywords arrive as tokens, parts
as nodes; a node spans from its first part to its last. What a number or date has wrong in itself is
noted in `problems`, and parsing goes on.
"""

from __future__ import annotations

from typing import Any

from lark import Token
from msgspec import Struct

from ratewright.diagnostics import Diagnostic, Source, Span
from ratewright.limits import Limits
from ratewright.syntax import nodes as n
from ratewright.values.exact import Exact, NumberError, parse_number
from ratewright.values.moments import MomentError, parse_moment
from ratewright.values.rounding import Way

Part = Any
_SIGNS = {"×": "*", "≤": "<=", "≥": ">="}


class _Within(Struct, frozen=True):
    """`within 7 days of purchase`: all of it, and the length alone."""

    span: Span
    length: n.Length


class Builder:
    """The nodes of one parse: of the part of `source` that begins at `offset`."""

    def __init__(self, source: Source, offset: int, limits: Limits) -> None:
        self._source = source
        self._offset = offset
        self._limits = limits
        self.problems: list[Diagnostic] = []

    # ------------------------------------------------------------ places and words

    def _start(self, part: Part) -> int:
        if isinstance(part, Token):
            return (part.start_pos or 0) + self._offset
        start: int = part.span.start
        return start

    def _end(self, part: Part) -> int:
        if isinstance(part, Token):
            return (part.end_pos or 0) + self._offset
        end: int = part.span.end
        return end

    def _span(self, parts: list[Part]) -> Span:
        return Span(self._source, self._start(parts[0]), self._end(parts[-1]))

    def _problem(self, code: str, message: str, help: str, parts: list[Part]) -> None:
        self.problems.append(Diagnostic(code, message, self._span(parts), help))

    def _value(self, token: Token) -> Exact:
        try:
            return parse_number(token.value)
        except NumberError as error:
            self._problem("R103", str(error), error.help, [token])
            return 1

    def _of(self, parts: list[Part], kind: type | tuple[type, ...]) -> list[Any]:
        return [p for p in parts if isinstance(p, kind) and not isinstance(p, Token)]

    def _word(self, parts: list[Part], word: str) -> int:
        """The position of a keyword among the parts, or -1."""
        for index, part in enumerate(parts):
            if isinstance(part, Token) and part.value == word:
                return index
        return -1

    def _after(self, parts: list[Part], word: str) -> Any:
        """The part behind a keyword, or None if the keyword is not there."""
        index = self._word(parts, word)
        return parts[index + 1] if index >= 0 else None

    def name(self, parts: list[Part]) -> n.Name:
        return n.Name(self._span(parts), parts[0].value)

    def moment(self, parts: list[Part]) -> n.Time:
        token = parts[0]
        try:
            moment, month = parse_moment(token.value, self._limits)
        except MomentError as error:
            self._problem("R104", str(error), error.help, [token])
            moment, month = parse_moment("2000-01-01", self._limits)
        return n.Time(self._span(parts), moment, month)

    def way(self, parts: list[Part]) -> n.Name:
        return n.Name(self._span(parts), " ".join(p.value for p in parts))

    def _string(self, token: Token) -> n.Text:
        inner = token.value[1:-1]
        if "\\" in inner:
            inner = inner.replace('\\"', '"').replace("\\\\", "\\")
        return n.Text(self._span([token]), inner)

    def _text(self, parts: list[Part]) -> n.Text | None:
        for part in parts:
            if isinstance(part, Token) and part.type == "STRING":
                return self._string(part)
        return None

    def _quantity(self, number: Token, unit: n.Name) -> n.Quantity:
        return n.Quantity(self._span([number, unit]), self._value(number), unit)

    def _length(self, number: Token, unit: n.Name) -> n.Length:
        return n.Length(self._span([number, unit]), self._value(number), unit)

    # ------------------------------------------------------------ expressions

    def number(self, parts: list[Part]) -> n.Number:
        return n.Number(self._span(parts), self._value(parts[0]))

    def quantity(self, parts: list[Part]) -> n.Quantity:
        return self._quantity(parts[0], parts[1])

    def percent(self, parts: list[Part]) -> n.Percent:
        return n.Percent(self._span(parts), self._value(parts[0]))

    def percent_of(self, parts: list[Part]) -> n.PercentOf:
        return n.PercentOf(self._span(parts), self.percent(parts[:2]), parts[3])

    def text(self, parts: list[Part]) -> n.Text:
        return self._string(parts[0])

    def flag(self, parts: list[Part]) -> n.Flag:
        return n.Flag(self._span(parts), parts[0].value == "on")

    def ref(self, parts: list[Part]) -> n.Ref:
        return n.Ref(self._span(parts), parts[0])

    def attribute(self, parts: list[Part]) -> n.Attribute:
        return n.Attribute(self._span(parts), parts[0], parts[2])

    def call(self, parts: list[Part]) -> n.Call:
        return n.Call(self._span(parts), parts[0], tuple(p for p in parts[1:] if not isinstance(p, Token)))

    def lookup(self, parts: list[Part]) -> n.Lookup:
        column = self._after(parts, ".")
        keys = tuple(p for p in parts[1:] if not isinstance(p, Token))
        return n.Lookup(self._span(parts), parts[0], keys[:-1] if column else keys, column)

    def each_of(self, parts: list[Part]) -> n.EachOf:
        count = self._value(parts[0]) if isinstance(parts[0], Token) else 1
        return n.EachOf(self._span(parts), count, parts[-1])

    def selection(self, parts: list[Part]) -> n.Selection:
        each = self._after(parts, "each")
        return n.Selection(self._span(parts), parts[0], each, self._after(parts, "where"), self._after(parts, "since"))

    def group(self, parts: list[Part]) -> n.Group:
        return n.Group(self._span(parts), parts[1])

    def minus(self, parts: list[Part]) -> n.Negative:
        return n.Negative(self._span(parts), parts[1])

    def _chain(self, parts: list[Part], first: str) -> tuple[tuple[str, Any], ...]:
        rest = ((_SIGNS.get(parts[i].value, parts[i].value), parts[i + 1]) for i in range(1, len(parts), 2))
        return ((first, parts[0]), *rest)

    def sum(self, parts: list[Part]) -> n.Sum:
        return n.Sum(self._span(parts), self._chain(parts, "+"))

    def product(self, parts: list[Part]) -> Any:
        if len(parts) == 1:
            return parts[0]
        return n.Product(self._span(parts), self._chain(parts, "*"))

    def comparison(self, parts: list[Part]) -> n.Comparison:
        operator = parts[1].value
        return n.Comparison(self._span(parts), _SIGNS.get(operator, operator), parts[0], parts[2])

    def all_of(self, parts: list[Part]) -> n.AllOf:
        return n.AllOf(self._span(parts), tuple(parts))

    def any_of(self, parts: list[Part]) -> n.AnyOf:
        return n.AnyOf(self._span(parts), tuple(parts))

    def negated(self, parts: list[Part]) -> n.Negated:
        return n.Negated(self._span(parts), parts[-1])

    def choose(self, parts: list[Part]) -> n.Choose:
        condition, yes, no = (p for p in parts if not isinstance(p, Token))
        return n.Choose(self._span(parts), condition, yes, no)

    def rounded(self, parts: list[Part]) -> n.Rounded:
        step: n.Expression | None = None
        at = self._word(parts, "to")
        if at >= 0:
            number = parts[at + 1]
            step = self._quantity(number, parts[at + 2]) if len(parts) > at + 2 else self.number([number])
        return n.Rounded(self._span(parts), Way(parts[1].text), parts[3], step)

    def edge(self, parts: list[Part]) -> n.Edge:
        return n.Edge(self._span(parts), parts[0].value == "end", parts[2])

    # ------------------------------------------------------------ prices and tiers

    def started(self, parts: list[Part]) -> n.Quantity:
        return self._quantity(parts[2], parts[3])

    def price_term(self, parts: list[Part]) -> n.PriceTerm:
        return n.PriceTerm(self._span(parts), parts[0], parts[1] if len(parts) > 1 else None)

    def not_sold(self, parts: list[Part]) -> n.Price:
        return n.Price(self._span(parts), ())

    def price(self, parts: list[Part]) -> n.Price:
        if isinstance(parts[0], n.Price):
            return parts[0]
        return n.Price(self._span(parts), tuple(self._of(parts, n.PriceTerm)))

    def bound(self, parts: list[Part]) -> n.Bound:
        at = 2 if parts[0].value == "up" else 1
        kind = "up to" if at == 2 else parts[0].value
        if len(parts) > at + 1:
            limit: n.Expression = self._quantity(parts[at], parts[at + 1])
        else:
            limit = self.number([parts[at]])
        return n.Bound(self._span(parts), kind, limit)

    def bound_formula(self, parts: list[Part]) -> n.Bound:
        kind = "up to" if parts[0].value == "up" else parts[0].value
        return n.Bound(self._span(parts), kind, parts[-2] if isinstance(parts[-1], Token) else parts[-1])

    def last_bound(self, parts: list[Part]) -> n.Bound:
        return n.Bound(self._span(parts), "beyond", None)

    def quoted(self, parts: list[Part]) -> n.Text:
        return self._string(parts[0])

    def keys(self, parts: list[Part]) -> n.Keys:
        return n.Keys(self._span(parts), tuple(parts))

    def cell(self, parts: list[Part]) -> n.Price:
        return self.price(parts)

    def row(self, parts: list[Part]) -> n.Row:
        if len(parts) > self._limits.terms:
            self._problem(
                "R105",
                f"{len(parts):,} terms in one row; the limit is {self._limits.terms:,}",
                "split the row",
                parts[:1],
            )
        return n.Row(self._span(parts), tuple(parts))

    def _rows(self, parts: list[Part], kind: type) -> tuple[Any, ...]:
        rows = self._of(parts, kind)
        if len(rows) > self._limits.tier_rows:
            self._problem(
                "R105",
                f"{len(rows):,} rows in one table; the limit is {self._limits.tier_rows:,}",
                "split the table",
                parts[:1],
            )
        return tuple(rows)

    # ------------------------------------------------------------ statements

    def currency(self, parts: list[Part]) -> n.Currency:
        return n.Currency(self._span(parts), parts[1])

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
        way, number, unit = parts[1], parts[3], parts[4]
        per = parts[6] if len(parts) > 6 else None
        return n.Rounding(self._span(parts), Way(way.text), self._quantity(number, unit), per)

    def cite(self, parts: list[Part]) -> n.Cite:
        return n.Cite(self._span(parts), self._string(parts[1]))

    def cited(self, parts: list[Part]) -> n.Cite:
        """`{ cite "…" }` behind a declaration of one line. The node is the block: the declaration ends with it."""
        return n.Cite(self._span(parts), self._of(parts, n.Cite)[0].text)

    def unit_name(self, parts: list[Part]) -> n.UnitName:
        return n.UnitName(self._span(parts), self._chain(parts, "*"))

    def kind_text(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "text")

    def kind_number(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "number")

    def kind_date(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "date")

    def kind_choice(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "choice", choices=tuple(self._of(parts, n.Name)))

    def kind_unit(self, parts: list[Part]) -> n.Kind:
        return n.Kind(self._span(parts), "unit", unit=parts[1])

    def value(self, parts: list[Part]) -> n.Expression:
        """A value taken literally: a bare name is text."""
        first = parts[0]
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

    def where(self, parts: list[Part]) -> n.Where:
        return n.Where(self._span(parts), parts[1])

    def measure(self, parts: list[Part]) -> n.Measure:
        return n.Measure(self._span(parts), parts[1], parts[3])

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

    def size_range(self, parts: list[Part]) -> n.SizeRow:
        return n.SizeRow(self._span(parts), parts[0], None if isinstance(parts[1], n.Price) else parts[1])

    def sizes(self, parts: list[Part]) -> n.Sizes:
        return n.Sizes(self._span(parts), self._rows(parts, n.SizeRow))

    def valid_for(self, parts: list[Part]) -> n.Valid:
        start = parts[4] if len(parts) > 4 else None
        return n.Valid(self._span(parts), self._length(parts[1], parts[2]), start)

    def valid_between(self, parts: list[Part]) -> n.Valid:
        return n.Valid(self._span(parts), None, parts[2], parts[4])

    def valid_until(self, parts: list[Part]) -> n.Valid:
        return n.Valid(self._span(parts), None, None, parts[2])

    def renews(self, parts: list[Part]) -> n.Renews:
        return n.Renews(self._span(parts), parts[2])

    def rolls(self, parts: list[Part]) -> n.Rolls:
        at, to = self._word(parts, "for"), self._word(parts, "to")
        length = self._length(parts[at + 1], parts[at + 2]) if at >= 0 else None
        return n.Rolls(self._span(parts), length, self._quantity(parts[to + 1], parts[to + 2]) if to >= 0 else None)

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

    def anchor(self, parts: list[Part]) -> tuple[Part, Part, Part]:
        """Where a cadence is anchored: the day (a number or a name), the instant, and the last part of it."""
        if parts[0].value == "from":
            return None, parts[1], parts[1]
        return (self._value(parts[2]) if isinstance(parts[2], Token) else parts[2]), None, parts[2]

    def cadence(self, parts: list[Part]) -> n.Cadence:
        counted = isinstance(parts[0], Token)
        count = self._value(parts[0]) if counted else 1
        unit = parts[1] if counted else parts[0]
        day, start, last = parts[-1] if isinstance(parts[-1], tuple) else (None, None, unit)
        return n.Cadence(self._span([parts[0], last]), count, unit, day, start)

    def every(self, parts: list[Part]) -> n.Every:
        return n.Every(self._span(parts), parts[1])

    def billed(self, parts: list[Part]) -> n.Billed:
        return n.Billed(self._span(parts), parts[2])

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

    def graduated(self, parts: list[Part]) -> n.Graduated:
        return self._tiers(n.Graduated, parts)  # type: ignore[no-any-return]

    def amount(self, parts: list[Part]) -> n.AmountForm:
        return n.AmountForm(self._span(parts), parts[1])

    def minimum(self, parts: list[Part]) -> n.Minimum:
        return n.Minimum(self._span(parts), parts[1])

    def maximum(self, parts: list[Part]) -> n.Maximum:
        return n.Maximum(self._span(parts), parts[1])

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

    def limit_on(self, parts: list[Part]) -> n.LimitOn:
        return n.LimitOn(self._span(parts), parts[1])

    def default(self, parts: list[Part]) -> n.Default:
        return n.Default(self._span(parts), self._quantity(parts[1], parts[2]))

    def extend(self, parts: list[Part]) -> n.Extend:
        return n.Extend(
            self._span(parts),
            self._quantity(parts[1], parts[2]),
            self._quantity(parts[4], parts[5]),
            parts[7],
        )

    def shared(self, parts: list[Part]) -> n.Shared:
        return n.Shared(self._span(parts))

    # ------------------------------------------------------------ statements of examples

    def set(self, parts: list[Part]) -> n.Set:
        return n.Set(self._span(parts), self.name(parts[1:2]), parts[2], self._after(parts[2:], "from"))

    def given_left(self, parts: list[Part]) -> n.GivenLeft:
        attributes = tuple(next((p for p in parts if isinstance(p, list)), []))
        until = self._after(parts, "until")
        names = [name for name, _ in attributes]
        last = until or (attributes[-1][1] if names else parts[5])
        return n.GivenLeft(
            self._span([parts[0], last]), self._quantity(parts[1], parts[2]), parts[5], until, attributes
        )

    def given_size(self, parts: list[Part]) -> n.GivenSize:
        return n.GivenSize(self._span(parts), self._quantity(parts[2], parts[3]), parts[5])

    def given_measured(self, parts: list[Part]) -> n.GivenMeasured:
        form, start, end, each = parts[-1]
        if each is not None:
            self._problem(
                "R101", "a measured value is of one period", "write `in 2026-03`, or one `given` each", [each]
            )
        attributes = next((p for p in parts if isinstance(p, list)), [])
        amount = self._quantity(parts[1], parts[2])
        return n.GivenMeasured(
            self._span([parts[0], end or start]), amount, parts[4], tuple(attributes), form, start, end
        )

    def buy(self, parts: list[Part]) -> n.Buy:
        attributes = next((p for p in parts if isinstance(p, list)), [])
        return n.Buy(
            self._span(parts),
            self._value(parts[1]),
            parts[3],
            self._quantity(parts[4], parts[5]),
            self._of(parts, n.Time)[0],
            self._after(parts, "as"),
            tuple(attributes),
        )

    def extend_by(self, parts: list[Part]) -> n.ExtendBy:
        return n.ExtendBy(
            self._span(parts),
            parts[1],
            self._quantity(parts[3], parts[4]),
            self._length(parts[6], parts[7]),
            parts[9],
            self._after(parts, "as"),
        )

    def lasting(self, parts: list[Part]) -> n.Length:
        return self._length(parts[1], parts[2])

    def with_(self, parts: list[Part]) -> list[tuple[n.Name, n.Expression]]:
        return [(self.name([name]), value) for name, value in zip(parts[1::3], parts[2::3], strict=True)]

    def use_time(self, parts: list[Part]) -> tuple[str, n.Time, n.Time | None, n.EachOf | None]:
        return (parts[0].value, parts[1], self._after(parts, "to"), None)

    def use_each(self, parts: list[Part]) -> tuple[str, n.Time, n.Time | None, n.EachOf | None]:
        counted = isinstance(parts[1], Token)
        each = self.each_of(parts[1 : 3 if counted else 2])
        return ("each", self._of(parts, n.Time)[0], self._after(parts, "to"), each)

    def use_table(self, parts: list[Part]) -> n.UseTable:
        form, start, end, each = next((p for p in parts if isinstance(p, tuple)), ("", None, None, None))
        if each is not None:
            self._problem("R101", "a table has one row a record", "give the rows their time: a column `at`", [each])
        span = self._span([parts[0], parts[-1]])
        return n.UseTable(span, parts[1], form, start, end, self._rows(parts, n.Row))

    def use(self, parts: list[Part]) -> n.Use:
        attributes = [p for p in parts if isinstance(p, list)]
        time = next(p for p in parts if isinstance(p, tuple))
        lengths = self._of(parts, n.Length)
        form, start, end, each = time
        last = lengths[0] if lengths else end or start
        return n.Use(
            self._span([parts[0], last]),
            self._quantity(parts[1], parts[2]),
            parts[4],
            tuple(attributes[0]) if attributes else (),
            form,
            start,
            end,
            each,
            lengths[0] if lengths else None,
        )

    def refund_request(self, parts: list[Part]) -> n.RefundRequest:
        return n.RefundRequest(self._span(parts), parts[1], parts[3])

    def pause_request(self, parts: list[Part]) -> n.PauseRequest:
        return n.PauseRequest(self._span(parts), parts[1], parts[3])

    def expect_time(self, parts: list[Part]) -> n.Time:
        return parts[1]  # type: ignore[no-any-return]

    def expect(self, parts: list[Part]) -> n.Expect:
        at = parts[1] if len(parts) > 2 else None
        return n.Expect(self._span(parts), parts[-1], at, None)

    def expect_printed(self, parts: list[Part]) -> n.Expect:
        comma = self._word(parts, "printed") - 1
        at = parts[1] if comma > 2 else None
        return n.Expect(self._span(parts), parts[comma - 1], at, parts[-1])

    def expect_refused(self, parts: list[Part]) -> n.ExpectRefused:
        return n.ExpectRefused(self._span(parts), self._string(parts[2]))

    # ------------------------------------------------------------ declarations

    def _block(self, kind: type, parts: list[Part]) -> Any:
        title = self._string(parts[2]) if isinstance(parts[2], Token) and parts[2].type == "STRING" else None
        statements = tuple(self._of(parts, (n.Statement, n.Define)))
        return kind(self._span(parts), parts[0].value, parts[1], title, statements)

    def tariff(self, parts: list[Part]) -> n.Tariff:
        return self._block(n.Tariff, parts)  # type: ignore[no-any-return]

    def table(self, parts: list[Part]) -> n.Table:
        """A row `cite "…"` is the sentence of the source, as in any block."""
        rows, cites = [], []
        for row in self._rows(parts, n.Row):
            cite = _cite_in(row)
            if cite is None:
                rows.append(row)
            else:
                cites.append(n.Cite(row.span, cite))
        units = self._of(parts, n.UnitName)
        by = tuple(self._of(parts, n.Name)[1:])
        unit = units[0] if units else None
        return n.Table(self._span(parts), "table", parts[1], self._text(parts), tuple(cites), by, unit, tuple(rows))

    def define(self, parts: list[Part]) -> n.Define:
        return n.Define(self._span(parts), "define", parts[1], None, (), parts[3])

    def meter(self, parts: list[Part]) -> n.Meter:
        return self._block(n.Meter, parts)  # type: ignore[no-any-return]

    def meter_short(self, parts: list[Part]) -> n.Meter:
        name, unit = parts[1], parts[-1]
        quantity = n.Ref(name.span, n.Name(name.span, "quantity"))
        total = n.Call(name.span, n.Name(name.span, "sum"), (quantity,))
        statements = (n.Measure(unit.span, total, unit),)
        return n.Meter(self._span(parts), "meter", name, self._text(parts), statements)

    def pool(self, parts: list[Part]) -> n.Pool:
        return self._block(n.Pool, parts)  # type: ignore[no-any-return]

    def charge(self, parts: list[Part]) -> n.Charge:
        return self._block(n.Charge, parts)  # type: ignore[no-any-return]

    def limit(self, parts: list[Part]) -> n.LimitDeclaration:
        return self._block(n.LimitDeclaration, parts)  # type: ignore[no-any-return]

    def example(self, parts: list[Part]) -> n.Example:
        title = self._string(parts[1])
        name = n.Name(title.span, title.text)
        return n.Example(self._span(parts), "example", name, title, tuple(self._of(parts, n.Statement)))

    def unit(self, parts: list[Part]) -> n.UnitDeclaration:
        names = self._of(parts, n.Name)
        plural = names[1] if len(names) > 1 else None
        cites = tuple(self._of(parts, n.Cite))
        return n.UnitDeclaration(self._span(parts), "unit", names[0], None, cites, plural)

    def unit_made(self, parts: list[Part]) -> n.UnitDeclaration:
        cites = tuple(self._of(parts, n.Cite))
        return n.UnitDeclaration(self._span(parts), "unit", parts[1], None, cites, None, parts[3])

    def setting(self, parts: list[Part]) -> n.Setting:
        kinds = self._of(parts, n.Kind)
        title = parts[2] if len(parts) > 2 and isinstance(parts[2], Token) and parts[2].type == "STRING" else None
        return n.Setting(
            self._span(parts),
            "setting",
            parts[1],
            self._string(title) if title is not None else None,
            tuple(self._of(parts, n.Cite)),
            kinds[0] if kinds else None,
            self._after(parts, "="),
        )

    def in_order(self, parts: list[Part]) -> list[n.Name]:
        return self._of(parts, n.Name)

    def deduct_source(self, parts: list[Part]) -> tuple[n.Name, ...]:
        return tuple(self._of(parts, n.Name))

    def deduct(self, parts: list[Part]) -> n.Deduct:
        ranks = tuple(p for p in parts if isinstance(p, tuple))
        end = [parts[-1]] if isinstance(parts[-1], n.Cite) else [ranks[-1][-1]]
        cites = tuple(self._of(parts, n.Cite))
        order = tuple(next((p for p in parts if isinstance(p, list)), []))
        return n.Deduct(self._span([parts[0], *end]), "deduct", parts[1], None, cites, ranks, order)

    def file(self, parts: list[Part]) -> n.File:
        return n.File(tuple(parts))


def _cite_in(row: n.Row) -> n.Text | None:
    """The sentence, if the row is `cite "…"`."""
    if len(row.items) != 2:
        return None
    word, sentence = (_only_term(item) for item in row.items)
    cites = isinstance(word, n.Ref) and word.name.text == "cite"
    return sentence if cites and isinstance(sentence, n.Text) else None


def _only_term(item: n.Node) -> n.Expression | None:
    one = isinstance(item, n.Price) and len(item.terms) == 1 and item.terms[0].block is None
    return item.terms[0].expression if one else None  # type: ignore[attr-defined]


setattr(Builder, "with", Builder.with_)  # the rule's name is a word of Python
