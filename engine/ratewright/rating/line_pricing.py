"""Lines of charges, discounts and taxes: each is one line word, one period, one key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from ratewright.account.setting_timeline import Settings
from ratewright.account.unchanging_settings import refuse_inner_change
from ratewright.derivation import trace
from ratewright.derivation.measure_traces import key_texts
from ratewright.diagnostics import Span
from ratewright.formula.aggregation import period_facts
from ratewright.formula.interpreter import CALENDAR, REACHED, evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import charge_expressions, given_in
from ratewright.plan.period_grid import Grid
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.discount_shares import Shares
from ratewright.rating.drawing import Fed, asked_by_record
from ratewright.rating.ledger import Asked, Entry, Ledger
from ratewright.rating.price_forms import apply_form
from ratewright.rating.proration import prorated
from ratewright.rating.rounding import rounded
from ratewright.refusal import stop
from ratewright.values.calendar import Cadence, Period
from ratewright.values.exact import Exact, exact

Key = tuple[tree.Value, ...]
Measured = Callable[[str, Period, Mapping[str, tree.Value]], Exact]
"""What a meter measured in a period, for those of its keys that are given."""

_KINDS = {
    tree.LineWord.CHARGE: LineKind.CHARGE,
    tree.LineWord.DISCOUNT: LineKind.DISCOUNT,
    tree.LineWord.TAX: LineKind.TAX,
}


class Pricing:
    """Prices the periods of lines. `ledger` holds what was priced and paid so far."""

    def __init__(
        self,
        tariff: tree.Tariff,
        grid: Grid,
        settings: Settings,
        measured: Measured,
        cadences: Mapping[str, Cadence],
        ledger: Ledger,
    ) -> None:
        self._tariff = tariff
        self._grid = grid
        self._calendar = grid.calendar
        self._settings = settings
        self._measured = measured
        self._cadences = cadences
        self._ledger = ledger
        self._shares = Shares(tariff, grid.calendar, ledger)
        self.reached: set[Span] = set()
        self.away: list[trace.AwayTrace] = []
        self.nothing: list[trace.NothingTrace] = []
        self._collected: dict[tuple[str, Period, Key], dict[str, Exact]] = defaultdict(lambda: defaultdict(int))
        self._billed: dict[tuple[str, Period, Key], tuple[Exact, Exact]] = defaultdict(lambda: (0, 0))
        self._told: dict[tuple[str, Period, Key], Exact] = defaultdict(int)
        self._asked = {charge.name: _asked(charge) for charge in tariff.charges.values()}

    def line(
        self, charge: tree.Charge, of: Fed, fed: Mapping[str, Exact], marks: Mapping[str, tree.Value]
    ) -> tuple[Line | None, trace.ConditionTrace | None]:
        """The line of a charge for one of its periods and keys, from what each meter fed it.

        `marks` are what the record is marked with, where each record is priced alone.

        None where there is nothing to bill; the condition is the one that kept it away, if one did.
        Raises RatingError.
        """
        _, part, key, number = of
        period, used, given = part, any(fed.values()), tuple(fed.items())
        if charge.billed is not None:
            period = self._grid.period_of(part.start, self._cadences[charge.name])
            collected = self._collected[charge.name, period, key]
            for meter, amount in fed.items():
                collected[meter] = exact(collected[meter] + amount)
            fed = collected
        keys = dict(zip(charge.by, key, strict=True))
        so_far = Period(period.start, part.end) if charge.billed is not None else period
        asked_of = Asked(so_far, keys, number)
        values = self._values(charge, period, asked_of)
        values |= {f"tag:{name}": value for name, value in marks.items()}
        condition = None
        if self._asked_first(charge, fed):
            condition = self._ask(charge.when, period, values)  # type: ignore[arg-type]
            if not condition.holds:
                return self._kept_away(charge, of, condition)
        quantity: Exact = 0
        on: trace.Arithmetic | None = None
        if charge.on is not None:
            values |= {f"left:{name}": fed.get(name, 0) for name in charge.meters}
            asked = {**values, **self._setting_values(charge.on, period)}
            quantity = evaluate(charge.on, asked)
            values["charge:quantity"] = quantity
            if not isinstance(charge.on, tree.MeterLeft):
                on = self._settings.reader.arithmetic(charge.on, asked)
        if charge.when is not None and _asks_quantity(charge.when):
            condition = self._ask(charge.when, period, values)
            if not condition.holds:
                return self._kept_away(charge, of, condition)
        made = self._priced(charge, quantity, period, values)
        amount = made.amount if made is not None else 0
        share = prorated(
            charge, amount, (period, self._uncut(charge, period)), values, self._settings, self._setting_values
        )
        if share is not None:
            amount = share.after
            if share.ratio == 0:
                return self._comes_to_nothing(charge, of, given, on, share)
        amount, bounds = self._bounded(charge, amount, values, period)
        before, exactly_before = self._billed[charge.name, period, key] if charge.billed is not None else (0, 0)
        if made is None and amount == 0 and before == 0:
            return self._comes_to_nothing(charge, of, given, on, share)
        rounding = rounded(amount, charge.rounding or self._tariff.rounding)
        owed = exact(rounding.after - before)
        if charge.billed is not None:
            self._billed[charge.name, period, key] = (rounding.after, amount)
            if owed == 0 and amount == exactly_before and not used:
                return None, None
        why = trace.ChargeTrace(
            charge,
            quantity,
            made or trace.UnusedTrace(charge.unit),
            bounds,
            rounding,
            condition,
            share,
            before if charge.billed is not None else None,
            period,
            on,
            self._shares.of(charge, owed, asked_of) if charge.word is tree.LineWord.DISCOUNT else (),
            self._used(charge, asked_of),
        )
        self._refuse_more_than_all(charge, owed, quantity)
        self._ledger.priced(charge.name, Entry(part, keys, owed, number))
        sign = -1 if charge.word is tree.LineWord.DISCOUNT else 1
        told = self._told[charge.name, period, key] if charge.billed is not None else 0
        if charge.billed is not None:
            self._told[charge.name, period, key] = quantity
        line = Line(
            _KINDS[charge.word],
            charge.name,
            charge.title,
            exact(quantity - told),
            charge.unit,
            exact(sign * (amount - exactly_before)),
            exact(sign * owed),
            None,
            part,
            charge.span,
            charge.cite,
            why,
            self._key_texts(charge, key),
            quantity if charge.billed is not None else None,
        )
        return line, None

    def _used(self, charge: tree.Charge, asked: Asked) -> Exact | None:
        """What was used before pools covered some of it, where the rows of a price go by what is left."""
        order = self._tariff.deductions.get(charge.meters[0]) if len(charge.meters) == 1 else None
        tiered = isinstance(charge.form, tree.Volume | tree.Graduated) and charge.reached is None
        if order is None or not order.pools or not tiered or self._cadences[charge.name].alone:
            return None
        return self._measured(order.meter, asked.period, asked.keys) if isinstance(charge.on, tree.MeterLeft) else None

    def _comes_to_nothing(
        self,
        charge: tree.Charge,
        of: Fed,
        given: tuple[tuple[str, Exact], ...],
        on: trace.Arithmetic | None,
        share: trace.ProrationTrace | None,
    ) -> tuple[None, None]:
        """No line; what was given for it is told."""
        if any(amount for _, amount in given):
            self.nothing.append(trace.NothingTrace(charge, of[1], self._key_texts(charge, of[2]), given, on, share))
        return None, None

    def _asked_first(self, charge: tree.Charge, fed: Mapping[str, Exact]) -> bool:
        """Whether the condition of a line is asked before its quantity is worked out: not where it was asked for
        each record already, nor for each day, nor where it asks for the quantity itself."""
        if charge.when is None or charge.by_day or _asks_quantity(charge.when):
            return False
        return not (charge.meters and asked_by_record(charge) and any(fed.values()))

    def _kept_away(
        self, charge: tree.Charge, of: Fed, condition: trace.ConditionTrace
    ) -> tuple[None, trace.ConditionTrace | None]:
        """No line, for its condition does not hold; what was asked for each record was told there."""
        if charge.meters and asked_by_record(charge):
            return None, None
        self.away.append(trace.AwayTrace(charge, of[1], self._key_texts(charge, of[2]), condition))
        return None, condition

    def _uncut(self, charge: tree.Charge, period: Period) -> Period:
        """The whole period, where a change of prices cuts it."""
        cadence = self._cadences[charge.name]
        return period if cadence.alone else self._calendar.period_of(period.start, cadence)

    def _refuse_more_than_all(self, charge: tree.Charge, amount: Exact, quantity: Exact) -> None:
        """A discount takes off no more than there is."""
        if charge.word is tree.LineWord.DISCOUNT and charge.on is not None and amount > quantity >= 0:
            raise stop(
                "A501",
                f"discount `{charge.name}` comes to {amount} and is on {quantity}: the bill would fall below 0",
                charge.span,
                f"say how much it may take off: `maximum {charge.on.span.text}`",
            )

    def _priced(
        self, charge: tree.Charge, quantity: Exact, period: Period, values: dict[str, object]
    ) -> trace.AppliedTrace | None:
        """The price form at work; None where nothing was used, for then nothing is looked up."""
        if quantity == 0 and charge.on is not None and not charge.flat_at_zero:
            return None
        for expression in self._asked[charge.name]:
            values |= self._setting_values(expression, period)
        return apply_form(charge.form, quantity, charge.unit, values, self._settings.reader, charge.reached)

    def _bounded(
        self, charge: tree.Charge, amount: Exact, values: dict[str, object], period: Period
    ) -> tuple[Exact, tuple[trace.BoundTrace, ...]]:
        bounds = []
        for expression, largest in ((charge.minimum, False), (charge.maximum, True)):
            if expression is None:
                continue
            asked = {**values, **self._setting_values(expression, period)}
            limit: Exact = evaluate(expression, asked)
            fixed = isinstance(expression, tree.Constant)
            how = None if fixed else self._settings.reader.arithmetic(expression, asked)
            before = amount
            amount = min(amount, limit) if largest else max(amount, limit)
            bounds.append(trace.BoundTrace(largest, limit, before, amount != before, expression.span, how))
        return amount, tuple(bounds)

    def _values(self, charge: tree.Charge, period: Period, asked: Asked) -> dict[str, object]:
        values: dict[str, object] = {
            **period_facts(period, self._calendar),
            **{f"key:{name}": value for name, value in asked.keys.items()},
            CALENDAR: self._calendar,
            REACHED: self.reached,
        }
        for node in self._named(charge):
            if isinstance(node, tree.Measured):
                values[node.key] = self._measured(node.name, asked.period, asked.keys)
            else:
                values[node.key] = self._ledger.value(node, charge, asked)
        return values

    def _named(self, charge: tree.Charge) -> tuple[tree.Given, ...]:
        """The meters, lines and sums that a line names."""
        kinds = (tree.Measured, tree.LineAmount, tree.LineLeft, tree.SumOfLines)
        found = {g.key: g for e in charge_expressions(charge) for g in given_in(e) if isinstance(g, kinds)}
        return tuple(found.values())

    def _setting_values(self, expression: tree.Expression, period: Period) -> dict[str, object]:
        """The settings an expression reads, which must not change inside the period."""
        refuse_inner_change(expression, period, self._settings)
        return self._settings.values_at(expression, period.start, expression.span)

    def _ask(self, condition: tree.Expression, period: Period, values: dict[str, object]) -> trace.ConditionTrace:
        self._setting_values(condition, period)
        return self._settings.ask(condition, period.start, values)

    def _key_texts(self, charge: tree.Charge, key: Key) -> tuple[tuple[str, str], ...]:
        if not key:
            return ()
        return key_texts(self._tariff.meters[charge.meters[0]], key, self._calendar)


def _asks_quantity(condition: tree.Expression) -> bool:
    return any(isinstance(given, tree.ChargeQuantity) for given in given_in(condition))


def _asked(charge: tree.Charge) -> tuple[tree.Expression, ...]:
    """What is asked when the price is worked out, where it reads anything."""
    expressions = charge_expressions(charge)
    aside = (charge.on, charge.when, charge.minimum, charge.maximum)
    return tuple(e for e in expressions if not any(e is other for other in aside) and given_in(e))
