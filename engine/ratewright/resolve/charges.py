"""Charges: what they are on, how often, and their price."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping

from ratewright.meaning import nodes as n
from ratewright.meaning.sums import SUMS
from ratewright.meaning.types import INSTANT, PERIOD, PLAIN_NUMBER, Kind, figure
from ratewright.meaning.walk import expressions_in, given_in
from ratewright.resolve.blocks import Block
from ratewright.resolve.cadences import is_period, resolve_cadence, resolve_once
from ratewright.resolve.header import rounding_rule
from ratewright.resolve.included_taxes import included_form
from ratewright.resolve.line_checks import (
    NO_USAGE,
    billed_in_advance,
    check_bounds,
    check_cheapest,
    check_days,
    check_line,
    check_once,
    check_share,
    on_money,
    unmeasured,
)
from ratewright.resolve.line_keys import keys_of_line
from ratewright.resolve.maximums import resolve_maximum
from ratewright.resolve.mentions import names_in
from ratewright.resolve.scope import Maker, Scope, given
from ratewright.resolve.tiers import resolve_price, resolve_tiers
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.calendar import MONTHLY, Cadence, PeriodUnit
from ratewright.values.units import PLAIN, Unit, currency_unit

_LONGEST_DAY = 31


class Declared:
    """What lines may refer to. The names are laid out once, for lists with thousands of charges."""

    def __init__(
        self,
        meters: Mapping[str, n.Meter],
        settings: Mapping[str, Maker],
        lines: tuple[str, ...],
        currency: str,
        currencies: tuple[str, ...],
    ) -> None:
        """`currencies` are all that the list has, and `currency` is that in which it is resolved."""
        self.meters = meters
        self.currency = currency
        self.currencies = currencies
        self.money = figure(currency_unit(currency).dimension)
        self.settings = settings
        types = {name: figure(meter.unit.dimension) for name, meter in meters.items()}
        self.in_on: dict[str, Maker] = (
            {name: given(n.LineLeft, name, self.money) for name in (*lines, *SUMS)}
            | dict(settings)
            | {name: given(n.MeterLeft, name, t) for name, t in types.items()}
        )
        self.in_line: dict[str, Maker] = (
            {name: given(n.LineAmount, name, self.money) for name in lines}
            | {name: given(n.SumOfLines, name, self.money) for name in SUMS}
            | dict(settings)
            | {name: given(n.Measured, name, t) for name, t in types.items()}
            | {"period": given(n.PeriodFact, "period", PERIOD)}
        )
        self.hints = {word: _marks(meters, word) for word in ("charge", "discount", "tax")}
        self.in_when = ChainMap({"at": given(n.RecordFact, "at", INSTANT)}, self.in_line)


def _marks(meters: Mapping[str, n.Meter], word: str) -> dict[str, str]:
    """What to write in a line for what records of meters are marked with, where the line is not on that meter."""
    seen = "the line is not on that meter, and sees what it measured"
    help = "ask for it in a line that is"
    if word != "charge":
        seen = f"a {word} sees the sums of its lines, settings and `period`"
        help = "let the line itself have the price of each"
    return {
        tag.name: f"records of `{meter.name}` are marked with it; {seen}: {help}"
        for meter in meters.values()
        for tag in meter.tags
    }


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
    cadence, anchor = _every(block, expressions, declared)
    meters = tuple(g.name for g in given_in(quantity) if isinstance(g, n.MeterLeft)) if quantity else ()
    names = _key_names(keys) | _record_names(cadence, meters, declared)
    alone = cadence.unit is PeriodUnit.RECORD
    known = declared.in_when if alone else declared.in_line
    scope = _line_scope(declaration, quantity, known, declared, names, steps)
    form = _form(block, expressions, scope, unit if quantity else None, declared.currency, tuple(keys))
    when = block.one(s.When)
    asked = _line_scope(declaration, quantity, declared.in_when, declared, names, steps)
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
        _billed(block, cadence, meters, expressions, declared),
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
    )


def _every(block: Block, expressions: Expressions, declared: Declared) -> tuple[Cadence, n.Anchor | None]:
    """How often the line is billed; a stand-in for a discount or a tax that follows the lines it is on."""
    every, once = block.one(s.Every), block.one(s.Once)
    if once is not None:
        check_once(block, once)
        return resolve_once(once, expressions, declared.settings)
    if every is not None:
        windows = block.declaration.word == "charge"
        return resolve_cadence(every.cadence, expressions, declared.settings, alone=True, windows=windows)
    if block.declaration.word == "charge":
        block.report.error(
            "R203",
            f"{block.name} has no `every`",
            block.declaration.name.span,
            "write `every month`, `every day`, …, or `once on activation`",
        )
    return MONTHLY, None


def _billed(
    block: Block, every: Cadence, meters: tuple[str, ...], expressions: Expressions, declared: Declared
) -> Cadence | None:
    statement = block.one(s.Billed)
    if statement is None or statement.cadence is None:
        return None
    before = len(block.report.diagnostics)
    cadence, anchor = resolve_cadence(statement.cadence, expressions)
    if len(block.report.diagnostics) > before:
        return None
    if cadence == every:
        block.report.error(
            "R219",
            f"the charge is {statement.span.text} without saying so",
            statement.span,
            "delete it, or bill shorter periods that fill the one of `every`",
        )
        return None
    if every.of_usage or anchor is not None or not _fills(cadence, every):
        block.report.error(
            "R219",
            f"what is billed {cadence} does not fill what is charged {every}",
            statement.span,
            "bill shorter periods that fill the one of `every`: days or hours of a month",
        )
        return None
    for name in meters:
        if declared.meters[name].each is None:
            block.report.error(
                "R222",
                f"`{name}` measures a whole period, and {block.name} is {statement.span.text} within it",
                statement.span,
                "bill it when its period ends: delete `billed`",
            )
            return None
    return cadence


def _fills(inner: Cadence, outer: Cadence) -> bool:
    """Whether each of the longer periods is made of whole shorter ones, from wherever the longer are counted.

    Months are counted from one year, and what is shorter than a day fills it.
    """
    short, long = inner.step, outer.step
    if short.months:
        return short.months < long.months and long.months % short.months == 0 and inner.day == outer.day
    if short.seconds and long.seconds:
        return short.seconds < long.seconds and long.seconds % short.seconds == 0
    return inner.unit is not PeriodUnit.WEEK and not long.seconds


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


_OF_A_RECORD = {
    "at": "a line is for a period, so write `start of period`; to price each record by its time, write `every record`",
    "lasted": "a line `every record` asks a step of its meter: `define taken = lasted`",
}
_ON = {
    "charge": "say what it is charged on: `on image_calls`",
    "discount": "say what it is taken off: `on charges`",
    "tax": "say what it is of: `on subtotal`",
}
_LATER = {"due": "what is due is known behind all lines: name `subtotal` or `total`"}


def _on(
    statement: s.On,
    expressions: Expressions,
    declared: Declared,
    keys: Mapping[str, n.Tag],
    steps: Mapping[str, s.Define],
) -> n.Expression | None:
    names = ChainMap(_key_names(keys), declared.in_on, {"period": given(n.PeriodFact, "period", PERIOD)})
    made = expressions.resolve(statement.expression, Scope("in `on`", names, hints=_LATER, defines=steps))
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


def _record_names(cadence: Cadence, meters: tuple[str, ...], declared: Declared) -> dict[str, Maker]:
    """What the record is marked with, in a line that prices each record alone."""
    if cadence.unit is not PeriodUnit.RECORD or len(meters) != 1:
        return {}
    meter = declared.meters[meters[0]]
    known = meter.tags if meter.each is not None else ()
    return {tag.name: given(n.TagValue, tag.name, tag.type) for tag in known if tag.name not in meter.by}


def _key_names(keys: Mapping[str, n.Tag]) -> dict[str, Maker]:
    return {name: given(n.KeyValue, name, tag.type) for name, tag in keys.items()}


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


def _line_scope(
    line: s.Charge,
    quantity: n.Expression | None,
    known: MutableMapping[str, Maker],
    declared: Declared,
    names: Mapping[str, Maker],
    steps: Mapping[str, s.Define],
) -> Scope:
    hints = ChainMap(_fields_of(quantity, declared) | _LATER | _OF_A_RECORD, declared.hints[line.word])
    own_names = dict(names)
    if quantity is None:
        hints["quantity"] = "the charge has no `on`, so it has no quantity"
    else:
        own_names["quantity"] = given(n.ChargeQuantity, "quantity", quantity.type)
    place = f"in a {line.word}"
    return Scope(place, ChainMap(own_names, known), hints=hints, hidden=line.name.text, defines=steps)


def _fields_of(quantity: n.Expression | None, declared: Declared) -> dict[str, str]:
    """What to write for the fields of the meters that a line is on, where it is not kept apart by them."""
    meters = [declared.meters[g.name] for g in given_in(quantity) if isinstance(g, n.MeterLeft)] if quantity else []
    return {
        tag.name: f"it is a field of records: write `by {tag.name}` in meter `{meter.name}` to keep lines apart by it, "
        "ask for it in `where`, or price each record alone by `every record`, where fields may be asked"
        for meter in meters
        for tag in meter.tags
    }


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
