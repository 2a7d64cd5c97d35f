"""Lines: what a charge's period, a purchase, a refund or an extension puts on the bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from ratewright.rating import trace
from ratewright.rating.bill import Line, LineKind
from ratewright.rating.bind_purchases import BoundExtension, BoundPurchase
from ratewright.rating.draw import asked_by_record
from ratewright.rating.price import apply_form
from ratewright.rating.problems import RatingError, stop
from ratewright.rating.rounding import rounded
from ratewright.rating.timeline import Settings
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import EvaluationError, evaluate
from ratewright.tree.walk import given_in, reading_expressions
from ratewright.values.calendar import Calendar, Period, moment_text, seconds_between
from ratewright.values.exact import Exact, exact
from ratewright.values.units import Unit

Unserved = dict[str, tuple[Exact, trace.ConditionTrace]]


class Pricing:
    """Prices the periods of charges. `measured` tells what a meter measured in a period."""

    def __init__(
        self,
        tariff: tree.Tariff,
        calendar: Calendar,
        settings: Settings,
        measured: Callable[[str, Period], Exact],
    ) -> None:
        self._tariff = tariff
        self._calendar = calendar
        self._settings = settings
        self._measured = measured
        self._amounts: dict[str, list[tuple[Period, Exact]]] = defaultdict(list)

    def line(
        self, charge: tree.Charge, period: Period, fed: dict[str, Exact]
    ) -> tuple[Line | None, trace.ConditionTrace | None]:
        """The line of a charge for one of its periods, from what each meter fed it.

        None where there is nothing to bill; the condition is the one that kept it away, if one did.
        Raises RatingError.
        """
        try:
            return self._line(charge, period, fed)
        except EvaluationError as error:
            raise RatingError([error.diagnostic]) from error

    def _line(
        self, charge: tree.Charge, period: Period, fed: dict[str, Exact]
    ) -> tuple[Line | None, trace.ConditionTrace | None]:
        values = self._values(charge, period)
        quantity: Exact = 0
        if charge.on is not None:
            values |= {f"left:{name}": fed.get(name, 0) for name in charge.meters}
            quantity = evaluate(charge.on, {**values, **self._setting_values(charge.on, period)})
            values["charge:quantity"] = quantity
        condition = None
        if charge.when is not None and not asked_by_record(charge):
            condition = self._ask(charge.when, period, values)
            if not condition.holds:
                return None, condition
        elif (charge.when is not None and charge.on is None) or (charge.when is not None and quantity == 0):
            condition = self._ask(charge.when, period, values)
            if not condition.holds:
                return None, None
        made = self._priced(charge, quantity, period, values)
        amount, bounds = self._bounded(charge, made.amount if made is not None else 0, values, period)
        if made is None and amount == 0:
            return None, None
        rounding = rounded(amount, charge.rounding or self._tariff.rounding)
        self._amounts[charge.name].append((period, rounding.after))
        why = trace.ChargeTrace(charge, quantity, made or trace.UnusedTrace(charge.unit), bounds, rounding, condition)
        line = Line(
            LineKind.CHARGE,
            charge.name,
            charge.title,
            quantity,
            charge.unit,
            amount,
            rounding.after,
            None,
            period,
            charge.span,
            charge.cite,
            why,
        )
        return line, None

    def _priced(
        self, charge: tree.Charge, quantity: Exact, period: Period, values: dict[str, object]
    ) -> trace.AppliedTrace | None:
        """The price form at work; None where nothing was used, for then nothing is looked up."""
        if quantity == 0 and charge.on is not None and not charge.flat_at_zero:
            return None
        for expression in reading_expressions(charge.form):
            values |= self._setting_values(expression, period)
        return apply_form(charge.form, quantity, charge.unit, values, self._settings.readings)

    def _bounded(
        self, charge: tree.Charge, amount: Exact, values: dict[str, object], period: Period
    ) -> tuple[Exact, tuple[trace.BoundTrace, ...]]:
        bounds = []
        for expression, largest in ((charge.minimum, False), (charge.maximum, True)):
            if expression is None:
                continue
            limit: Exact = evaluate(expression, {**values, **self._setting_values(expression, period)})
            before = amount
            amount = min(amount, limit) if largest else max(amount, limit)
            bounds.append(trace.BoundTrace(largest, limit, before, amount != before, expression.span))
        return amount, tuple(bounds)

    def _values(self, charge: tree.Charge, period: Period) -> dict[str, object]:
        values: dict[str, object] = {
            "period:days": self._calendar.days_in(period),
            "period:length": seconds_between(period.start, period.end),
            "period:start": period.start,
            "period:end": period.end,
        }
        for need in charge.needs:
            values[f"line:{need}"] = exact(
                sum(a for p, a in self._amounts[need] if period.start <= p.start and p.end <= period.end)
            )
        for expression in (*reading_expressions(charge.form), charge.when, charge.minimum, charge.maximum):
            if expression is None:
                continue
            for node in given_in(expression):
                if isinstance(node, tree.Measured):
                    values[node.key] = self._measured(node.name, period)
        return values

    def _setting_values(self, expression: tree.Expression, period: Period) -> dict[str, object]:
        """The settings an expression reads, which must not change inside the period."""
        change = self._settings.first_change(expression, period.start, period.end)
        if change is not None:
            setting, at = change
            raise stop(
                "A305",
                f"{setting.title} changes on {moment_text(at, self._calendar)}, inside a period for which "
                f"`{expression.span.text}` is asked once",
                expression.span,
                "let the setting change where a period ends, or ask it for each record in `when`",
                ("the setting", setting.span),
            )
        return self._settings.values_at(expression, period.start, expression.span)

    def _ask(self, condition: tree.Expression, period: Period, values: dict[str, object]) -> trace.ConditionTrace:
        self._setting_values(condition, period)
        return self._settings.ask(condition, period.start, values)


def purchase_line(bound: BoundPurchase, tariff: tree.Tariff) -> Line:
    """The line of a package bought."""
    pool, row, count = bound.pool, bound.row, bound.purchase.count
    cost = exact(row.price * count)
    first = bound.lots[0]
    amount = rounded(cost, tariff.rounding).after
    why = trace.PurchaseTrace(
        pool, row, bound.purchase.id, count, bound.at, first.starts or bound.at, first.expires, amount
    )
    return Line(
        LineKind.PURCHASE,
        pool.name,
        pool.title,
        exact(row.size * count),
        row.unit,
        cost,
        amount,
        bound.at,
        None,
        row.span,
        pool.cite,
        why,
    )


def extension_line(bound: BoundExtension, tariff: tree.Tariff) -> Line:
    """The line of a limit's extension."""
    limit, offer = bound.limit, bound.offer
    amount = rounded(bound.cost, tariff.rounding).after
    why = trace.ExtensionTrace(
        limit,
        offer,
        bound.extension.id,
        bound.amount,
        bound.extension.terms,
        bound.start,
        bound.end,
        amount,
    )
    return Line(
        LineKind.EXTENSION,
        limit.name,
        limit.title,
        bound.amount,
        limit.unit,
        bound.cost,
        amount,
        bound.start,
        None,
        offer.span,
        limit.cite,
        why,
    )


def refund_line(decided: trace.RefundTrace) -> Line:
    """The line of money given back: a negative amount."""
    pool = decided.pool
    rule = decided.tried[-1].rule.span
    before = decided.rounding.before if decided.rounding is not None else decided.amount
    unit: Unit = pool.unit
    return Line(
        LineKind.REFUND,
        pool.name,
        pool.title,
        decided.size,
        unit,
        exact(-before),
        exact(-decided.amount),
        decided.request,
        None,
        rule,
        pool.cite,
        decided,
    )
