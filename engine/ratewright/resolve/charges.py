"""Charges: what they are on, how often, and their price."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from ratewright.meaning import nodes as n
from ratewright.meaning.types import PERIOD, PLAIN_NUMBER, Kind, figure
from ratewright.meaning.walk import expressions_in, given_in
from ratewright.resolve.billing import resolve_billed, resolve_every
from ratewright.resolve.blocks import Block
from ratewright.resolve.cadences import is_period
from ratewright.resolve.header import rounding_rule
from ratewright.resolve.included_taxes import included_form
from ratewright.resolve.line_checks import (
    NO_USAGE,
    billed_in_advance,
    check_bounds,
    check_cheapest,
    check_days,
    check_line,
    check_share,
    on_money,
    unmeasured,
)
from ratewright.resolve.line_keys import keys_of_line
from ratewright.resolve.line_scope import LATER, Declared, key_names, line_scope, record_names
from ratewright.resolve.maximums import resolve_maximum
from ratewright.resolve.mentions import names_in
from ratewright.resolve.scope import Scope, given
from ratewright.resolve.sentences import OfLine, resolve_sentence
from ratewright.resolve.tiers import resolve_price, resolve_tiers
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.calendar import PeriodUnit
from ratewright.values.units import PLAIN, Unit, currency_unit

_LONGEST_DAY = 31


def resolve_charge(declaration: s.Charge, expressions: Expressions, declared: Declared) -> n.Charge | None:
    """A line of the bill; None where it has no readable price (reported)."""
    block = Block(declaration, expressions.report)
    money = declared.money
    steps = {d.name.text: d for d in block.defines()}
    on = block.one(s.On)
    keys = _keys_of_on(on, declared, expressions, steps) if on else {}
    keys = keys | keys_of_line(block, declared.meters)
    quantity = _on(on, expressions, declared, keys, steps) if on else None
    if on and quantity and not on_money(block, on, quantity, money, expressions.written.phrase(quantity.type)):
        quantity = None
    unit = _unit_of(quantity, declared)
    cadence, anchor = resolve_every(block, expressions, declared)
    meters = tuple(g.name for g in given_in(quantity) if isinstance(g, n.MeterLeft)) if quantity else ()
    names = key_names(keys) | record_names(cadence, meters, declared)
    alone = cadence.unit is PeriodUnit.RECORD
    known = declared.in_when if alone else declared.in_line
    scope = line_scope(declaration, quantity, known, declared, names, steps)
    form = _form(block, expressions, scope, unit if quantity else None, declared.currency, tuple(keys))
    when = block.one(s.When)
    asked = line_scope(declaration, quantity, declared.in_when, declared, names, steps)
    condition = expressions.condition(when.condition, asked) if when else None
    minimum = block.one(s.Minimum)
    least = expressions.typed(minimum.expression, scope, money, "a minimum") if minimum else None
    maximums = resolve_maximum(block, expressions, scope, unit if quantity else None, money)
    check_bounds(block, least, maximums.of_line)
    by_day, ratio = _prorated(block, expressions, scope)
    reached = _reached(block, expressions, scope, quantity)
    rounding = block.one(s.Rounding)
    check_line(block, cadence.unit, quantity, money, form)
    form = included_form(block, form)
    if form is None:
        return None
    formulas = [*expressions_in((quantity, condition, least, maximums.limits, ratio, reached, form))]
    found = [g for e in formulas for g in given_in(e)]
    if cadence.once:
        unmeasured(block, found)
    in_advance = billed_in_advance(block, cadence, found)
    least_by_day = minimum is not None and minimum.by_day
    if not in_advance:
        check_days(block, condition, by_day, quantity)
    own = () if cadence.alone else meters
    about = OfLine(declaration.name.text, quantity, own, form, maximums.of_blocks is not None, tuple(found))
    says = block.one(s.Say)
    needs = tuple(dict.fromkeys(g.name for g in found if isinstance(g, n.LineAmount | n.LineLeft | n.SumOfLines)))
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
        maximums.whole,
        rounding_rule(rounding, declared.currency, declared.currencies, block.report) if rounding else None,
        _invoicing(block),
        block.one(s.ZeroUsage) is not None,
        needs,
        block.cite(),
        n.LineWord(declaration.word),
        tuple(keys),
        resolve_billed(block, cadence, meters, expressions, declared),
        anchor,
        ratio,
        by_day,
        reached,
        declaration.word != "charge" and block.one(s.Every) is None,
        in_advance,
        least_by_day,
        maximums.of_blocks,
        maximums.of_periods,
        block.one(s.SpreadBy) is not None,
        resolve_sentence(says, expressions, asked, about) if says else None,
    )


def _prorated(block: Block, expressions: Expressions, scope: Scope) -> tuple[bool, n.Expression | None]:
    statement = block.one(s.Prorated)
    if statement is None:
        return False, None
    ratio = statement.ratio
    if isinstance(ratio, s.Ref) and ratio.name.text == "day" and "day" not in scope.names:
        return True, None
    if isinstance(ratio, s.Ref) and is_period(ratio.name.text) and ratio.name.text not in scope.names:
        expressions.report.error(
            "R205",
            f"the share of a period is by the day, or a ratio, and not by `{ratio.name.text}`",
            ratio.span,
            "write `prorated by day`, or the ratio: `prorated by hours_used * 1 hour / length(period)`",
        )
        return False, None
    made = expressions.typed(ratio, scope, PLAIN_NUMBER, "a share of the period")
    check_share(made, expressions.report)
    return False, made


def _reached(
    block: Block, expressions: Expressions, scope: Scope, quantity: n.Expression | None
) -> n.Expression | None:
    statement = block.one(s.Reached)
    if statement is None or quantity is None:
        return None
    if not block.every(s.Volume):
        block.report.error(
            "R203",
            "`reached by` picks the row of a `volume`, and there is none",
            statement.span,
            "delete it, or write `volume { … }`",
        )
        return None
    return expressions.typed(statement.quantity, scope, quantity.type, "the quantity that picks the row")


def _keys_of_on(
    on: s.On, declared: Declared, expressions: Expressions, steps: Mapping[str, s.Define]
) -> dict[str, n.Tag]:
    """What the meters of `on` are kept apart by. They must agree."""
    named = dict.fromkeys(
        name for name in names_in(on.expression, steps, expressions.named.defines) if name in declared.meters
    )
    meters = [declared.meters[name] for name in named]
    if not meters:
        return {}
    first = meters[0]
    for other in meters[1:]:
        if set(other.by) != set(first.by):
            expressions.report.error(
                "R223",
                f"`{first.name}` is kept apart {_by(first)}, and `{other.name}` {_by(other)}: they do not meet",
                on.span,
                "keep both apart by the same names",
                ((f"`{first.name}`", first.span), (f"`{other.name}`", other.span)),
            )
    return {name: first.tag(name) for name in first.by}


def _by(meter: n.Meter) -> str:
    return f"by {', '.join(meter.by)}" if meter.by else "by nothing"


_ON = {
    "charge": "say what it is charged on: `on image_calls`",
    "discount": "say what it is taken off: `on charges`",
    "tax": "say what it is of: `on subtotal`",
}


def _on(
    statement: s.On,
    expressions: Expressions,
    declared: Declared,
    keys: Mapping[str, n.Tag],
    steps: Mapping[str, s.Define],
) -> n.Expression | None:
    names = ChainMap(key_names(keys), declared.in_on, {"period": given(n.PeriodFact, "period", PERIOD)})
    made = expressions.resolve(statement.expression, Scope("in `on`", names, hints=LATER, defines=steps))
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


def _form(
    block: Block, expressions: Expressions, scope: Scope, unit: Unit | None, currency: str, by: tuple[str, ...]
) -> n.PriceForm | None:
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
                NO_USAGE if block.every(s.Once) else _ON[block.declaration.word],
            )
        return None
    if isinstance(form, s.Rate):
        return n.Rate(form.span, resolve_price(form.price, expressions, scope, unit, currency))
    tiers, rows = resolve_tiers(form, expressions, scope, unit, currency, by)
    if isinstance(form, s.Graduated):
        return n.Graduated(form.span, tiers, rows)
    made = n.Volume(form.span, tiers, rows, form.cheapest)
    check_cheapest(made, block)
    return made


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
