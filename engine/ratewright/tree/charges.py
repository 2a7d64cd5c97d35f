"""Charges: what they are on, how often, and their price."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from ratewright.syntax import nodes as s
from ratewright.tree import nodes as n
from ratewright.tree.blocks import Block
from ratewright.tree.expressions import Expressions
from ratewright.tree.header import rounding_rule
from ratewright.tree.scope import Maker, Scope, given
from ratewright.tree.tiers import resolve_price, resolve_tiers
from ratewright.tree.types import INSTANT, PERIOD, Kind, figure
from ratewright.tree.walk import form_expressions, given_in
from ratewright.values.calendar import Cadence, PeriodUnit
from ratewright.values.units import PLAIN, Unit, currency_unit

_PERIODS = {
    **{unit.value: (unit, 1) for unit in PeriodUnit},
    **{f"{unit.value}s": (unit, 1) for unit in PeriodUnit},
    "quarter": (PeriodUnit.MONTH, 3),
    "quarters": (PeriodUnit.MONTH, 3),
}
_LONGEST_DAY = 31


class Declared:
    """What charges may refer to. The names are laid out once, for lists with thousands of charges."""

    def __init__(
        self,
        meters: Mapping[str, n.Meter],
        settings: Mapping[str, n.Setting],
        lines: tuple[str, ...],
        currency: str,
    ) -> None:
        self.meters = meters
        self.currency = currency
        self.money = figure(currency_unit(currency).dimension)
        known = {name: given(n.SettingValue, name, setting.type) for name, setting in settings.items()}
        types = {name: figure(meter.unit.dimension) for name, meter in meters.items()}
        self.in_on: dict[str, Maker] = known | {name: given(n.MeterLeft, name, t) for name, t in types.items()}
        self.in_line: dict[str, Maker] = (
            known
            | {name: given(n.Measured, name, t) for name, t in types.items()}
            | {name: given(n.LineAmount, name, self.money) for name in lines}
            | {"period": given(n.PeriodFact, "period", PERIOD), "at": given(n.RecordFact, "at", INSTANT)}
        )


def resolve_charge(declaration: s.Charge, expressions: Expressions, declared: Declared) -> n.Charge | None:
    """A charge; None where it has no readable price (reported)."""
    block = Block(declaration, expressions.report)
    money = declared.money
    on = block.one(s.On)
    quantity = _on(on, expressions, declared) if on else None
    unit = _unit_of(quantity, declared)
    scope = _line_scope(declaration.name.text, quantity, declared)
    form = _form(block, expressions, scope, unit if quantity else None, declared.currency)
    every = block.one(s.Every)
    cadence = _cadence(every, block) if every else Cadence(PeriodUnit.MONTH)
    if every is None:
        block.report.error(
            "R203",
            f"{block.name} has no `every`",
            declaration.name.span,
            "write `every month`, `every day`, …",
        )
    when = block.one(s.When)
    condition = expressions.condition(when.condition, scope) if when else None
    minimum, maximum = block.one(s.Minimum), block.one(s.Maximum)
    least = expressions.typed(minimum.expression, scope, money, "a minimum") if minimum else None
    most = expressions.typed(maximum.expression, scope, money, "a maximum") if maximum else None
    rounding = block.one(s.Rounding)
    if form is None:
        return None
    asked = [e for e in (quantity, condition, least, most) if e is not None] + [*form_expressions(form)]
    needs = tuple(dict.fromkeys(g.name for e in asked for g in given_in(e) if isinstance(g, n.LineAmount)))
    meters = tuple(g.name for g in given_in(quantity) if isinstance(g, n.MeterLeft)) if quantity else ()
    return n.Charge(
        declaration.span,
        declaration.name.text,
        block.title(),
        quantity,
        meters,
        unit,
        cadence,
        condition,
        form,
        least,
        most,
        rounding_rule(rounding, declared.currency, block.report) if rounding else None,
        _invoicing(block),
        block.one(s.ZeroUsage) is not None,
        needs,
        block.cite(),
    )


def _on(statement: s.On, expressions: Expressions, declared: Declared) -> n.Expression | None:
    made = expressions.resolve(statement.expression, Scope("in `on`", declared.in_on))
    if made.type.kind is Kind.UNKNOWN:
        return None
    if made.type.kind is not Kind.FIGURE:
        expressions.report.error(
            "R205",
            f"a charge is on a quantity, and `{made.span.text}` is {made.type}",
            made.span,
            "name a meter; a condition stands behind `when`",
        )
        return None
    return made


def _unit_of(quantity: n.Expression | None, declared: Declared) -> Unit:
    """The unit to show a charge's quantity in: that of the first meter of the same dimension."""
    if quantity is None:
        return PLAIN
    for fact in given_in(quantity):
        meter = declared.meters.get(fact.name) if isinstance(fact, n.MeterLeft) else None
        if meter is not None and meter.unit.dimension == quantity.type.dimension:
            return meter.unit
    text = str(quantity.type)
    return Unit(text, text, 1, quantity.type.dimension) if quantity.type.dimension else PLAIN


def _line_scope(own: str, quantity: n.Expression | None, declared: Declared) -> Scope:
    hints: dict[str, str] = {}
    if quantity is None:
        hints["quantity"] = "the charge has no `on`, so it has no quantity"
        return Scope("in a charge", declared.in_line, hints=hints, hidden=own)
    own_names = {"quantity": given(n.ChargeQuantity, "quantity", quantity.type)}
    return Scope("in a charge", ChainMap(own_names, declared.in_line), hints=hints, hidden=own)


def _form(block: Block, expressions: Expressions, scope: Scope, unit: Unit | None, currency: str) -> n.PriceForm | None:
    forms = [x for x in block.declaration.statements if isinstance(x, s.Rate | s.Volume | s.Graduated | s.AmountForm)]
    if len(forms) != 1:
        what = "no price" if not forms else "two prices"
        span = forms[1].span if forms else block.declaration.name.span
        block.report.error(
            "R203", f"{block.name} has {what}", span, "write one of `rate`, `volume`, `graduated`, `amount`"
        )
        if not forms:
            return None
    form = forms[0]
    if isinstance(form, s.AmountForm):
        money = figure(currency_unit(currency).dimension)
        return n.Amount(form.span, expressions.typed(form.expression, scope, money, "an amount"))
    if unit is None:
        if block.one(s.On) is None:
            block.report.error(
                "R203",
                f"{block.name} has a `{form.word}` and no `on`",
                form.span,
                "say what it is charged on: `on image_calls`",
            )
        return None
    if isinstance(form, s.Rate):
        return n.Rate(form.span, resolve_price(form.price, expressions, scope, unit, currency))
    tiers = resolve_tiers(form.rows, form.span, expressions, scope, unit, currency)
    return n.Volume(form.span, tiers) if isinstance(form, s.Volume) else n.Graduated(form.span, tiers)


def _cadence(statement: s.Every, block: Block) -> Cadence:
    known = _PERIODS.get(statement.unit.text)
    if known is None:
        block.report.error(
            "R219",
            f"`{statement.unit.text}` is no period",
            statement.unit.span,
            "write hour, day, week, month, quarter or year",
        )
        return Cadence(PeriodUnit.MONTH)
    unit, months = known
    count = statement.count * months
    if not isinstance(count, int) or count < 1:
        block.report.error(
            "R219",
            "a period is a whole number of hours, days, weeks, months or years",
            statement.span,
            f"write `every {unit.value}`",
        )
        return Cadence(unit)
    if count > 1 and unit in (PeriodUnit.HOUR, PeriodUnit.DAY, PeriodUnit.WEEK):
        block.report.error(
            "R219",
            f"`{statement.span.text}` does not say from when it is counted",
            statement.span,
            f"write `every {unit.value}`, or a number of months or years",
        )
        return Cadence(unit)
    day = statement.day
    if day is None:
        return Cadence(unit, count)
    if unit not in (PeriodUnit.MONTH, PeriodUnit.YEAR) or not isinstance(day, int) or not 1 <= day <= _LONGEST_DAY:
        block.report.error(
            "R219",
            "`on day` names a day of the month, 1 to 31, for months or years",
            statement.span,
            "write `every month on day 15`",
        )
        return Cadence(unit, count)
    return Cadence(unit, count, day)


def _invoicing(block: Block) -> n.Invoicing | None:
    statement = block.one(s.Invoiced)
    if statement is None:
        return None
    first, last = statement.first, statement.last
    if not (isinstance(first, int) and isinstance(last, int) and 1 <= first <= last <= _LONGEST_DAY):
        block.report.error(
            "R219",
            "the days of an invoice run from 1 to 31, the first not after the last",
            statement.span,
            "write `invoiced day 1 to 3 of next month`",
        )
        return None
    return n.Invoicing(statement.span, first, last)
