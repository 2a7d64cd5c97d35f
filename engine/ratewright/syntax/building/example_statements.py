"""Reductions of the statements of examples → their nodes."""

from __future__ import annotations

from lark import Token

from ratewright.syntax import nodes as n
from ratewright.syntax.building.places import Part
from ratewright.syntax.building.statements import Statements


class ExampleStatements(Statements):
    """Builds the statements of examples."""

    def set(self, parts: list[Part]) -> n.Set:
        return n.Set(self._span(parts), self.name(parts[1:2]), parts[2], self._after(parts[2:], "from"))

    def given_left(self, parts: list[Part]) -> n.GivenLeft:
        attributes = tuple(next((p for p in parts if isinstance(p, list)), []))
        until = self._after(parts, "until")
        names = [name for name, _ in attributes]
        below = parts[1].value == "-"
        number, unit, _, _, pool = parts[1 + below : 6 + below]
        last = until or (attributes[-1][1] if names else pool)
        return n.GivenLeft(self._span([parts[0], last]), self._quantity(number, unit), pool, until, attributes, below)

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

    def use_in_year(self, parts: list[Part]) -> tuple[str, n.Time, None, None]:
        token, written = parts[1], parts[1].value
        if len(written) != len("2026") or not written.isdigit():
            self._problem("R104", f"`{written}` is no year", "a year has four digits: 2026", [token])
            written = "2000"
        first = self.moment([token.update(value=f"{written}-01-01")])
        return ("in", n.Time(self._span([token]), first.moment, year=True), None, None)

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
        below = parts[1].value == "-"
        number, unit, _, meter = parts[1 + below : 5 + below]
        return n.Use(
            self._span([parts[0], last]),
            self._quantity(number, unit),
            meter,
            tuple(attributes[0]) if attributes else (),
            form,
            start,
            end,
            each,
            lengths[0] if lengths else None,
            below,
        )

    def refund_request(self, parts: list[Part]) -> n.RefundRequest:
        return n.RefundRequest(self._span(parts), parts[1], parts[3])

    def pause_request(self, parts: list[Part]) -> n.PauseRequest:
        return n.PauseRequest(self._span(parts), parts[1], parts[3])

    def withdraw(self, parts: list[Part]) -> n.Withdraw:
        attributes = next((tuple(p) for p in parts if isinstance(p, list)), ())
        at = self._after(parts, "on")
        assert at is not None
        source, reason = parts[4], self._text(parts)
        return n.Withdraw(self._span(parts), self._quantity(parts[1], parts[2]), source, attributes, at, reason)

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
