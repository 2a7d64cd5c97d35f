"""Examples: the names they use, and what they expect of the bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ratewright.diagnostics import did_you_mean
from ratewright.syntax import nodes as s
from ratewright.tree import nodes as n
from ratewright.tree.expressions import Expressions
from ratewright.tree.names import unknown
from ratewright.tree.report import Report
from ratewright.tree.scope import Maker, Scope, given
from ratewright.tree.types import DURATION, PLAIN_NUMBER, Kind, figure
from ratewright.values.units import NUMBER, Unit, currency_unit


def outcome_scope(tariff: n.Tariff, labels: Mapping[str, str]) -> Scope:
    """The names in an expectation. `labels` are the purchases at hand and the package or limit of each."""
    money = figure(currency_unit(tariff.currency).dimension)
    lines = [*tariff.charges, *(p.name for p in tariff.pools.values() if p.sizes), *tariff.limits]
    names: dict[str, Maker] = {"total": given(n.Outcome, "total", money)}
    names |= {name: given(n.LineAmount, name, money) for name in lines}
    names |= {name: given(n.Measured, name, figure(m.unit.dimension)) for name, m in tariff.meters.items()}
    pools = {name: figure(pool.unit.dimension) for name, pool in tariff.pools.items()}
    lots = {label: pools[of] for label, of in labels.items() if of in pools} | pools
    bought = {label: money for label, of in labels.items() if of in pools}
    functions: dict[str, Mapping[str, Maker]] = {
        "drawn": {name: given(n.Outcome, f"drawn({name})", type_) for name, type_ in lots.items()},
        "left": {name: given(n.Outcome, f"left({name})", type_) for name, type_ in lots.items()},
        "refunded": {
            name: given(n.Outcome, f"refunded({name})", money)
            for name in (*bought, *(p.name for p in tariff.pools.values() if p.sizes))
        },
        "unserved": {
            name: given(n.Outcome, f"unserved({name})", figure(m.unit.dimension)) for name, m in tariff.meters.items()
        },
        "peak": {
            name: given(n.Outcome, f"peak({name})", figure(limit.unit.dimension))
            for name, limit in tariff.limits.items()
        },
        "waiting": {name: given(n.Outcome, f"waiting({name})", DURATION) for name in tariff.limits},
        "waited": {name: given(n.Outcome, f"waited({name})", PLAIN_NUMBER) for name in tariff.limits},
        "exact": {
            "total": given(n.Outcome, "exact(total)", money),
            **{name: given(n.LineExact, name, money) for name in lines},
        },
    }
    attributes: dict[str, Mapping[str, Maker]] = {}
    for name, charge in tariff.charges.items():
        dimension = charge.on.type.dimension if charge.on is not None else NUMBER
        attributes[name] = {"quantity": given(n.LineQuantity, name, figure(dimension))}
    return Scope("in an expectation", names, functions, attributes)


def resolve_example(node: s.Example, tariff: n.Tariff, expressions: Expressions) -> n.Example:
    """An example. Its inputs stay as written; the names in them must be declared."""
    labels = _labels(node, expressions)
    for statement in node.statements:
        _check_statement(statement, tariff, labels, expressions)
    scope = outcome_scope(tariff, labels)
    expectations: list[n.Expectation | n.Refusal] = []
    for statement in node.statements:
        if isinstance(statement, s.Expect):
            condition = expressions.condition(statement.condition, scope)
            printed = _printed(statement, condition, scope, expressions)
            expectations.append(n.Expectation(statement.span, condition, statement.at, printed))
        elif isinstance(statement, s.ExpectRefused):
            expectations.append(n.Refusal(statement.span, statement.reason.text))
    if not expectations:
        expressions.report.error(
            "R203",
            f"example `{node.name.text}` expects nothing",
            node.name.span,
            "write `expect total == 10 USD`",
        )
    inputs = tuple(x for x in node.statements if not isinstance(x, s.Expect | s.ExpectRefused | s.Cite))
    cite = " ".join(x.text.text for x in node.statements if isinstance(x, s.Cite))
    return n.Example(node.span, node.name.text, inputs, tuple(expectations), cite)


def _printed(
    statement: s.Expect, condition: n.Expression, scope: Scope, expressions: Expressions
) -> n.Expression | None:
    """What the source prints instead; of the kind of the figure that is compared."""
    if statement.printed is None:
        return None
    if not isinstance(condition, n.Comparison):
        return expressions.resolve(statement.printed, scope)
    return expressions.typed(statement.printed, scope, condition.left.type, "what is printed")


def purchase_labels(statements: Iterable[s.Statement]) -> dict[str, tuple[str, s.Statement]]:
    """The purchases of an example: its own label, or the position of the purchase (`purchase_1`)."""
    found: dict[str, tuple[str, s.Statement]] = {}
    purchases = [x for x in statements if isinstance(x, s.Buy | s.ExtendBy)]
    for number, statement in enumerate(purchases, start=1):
        label = statement.label.text if statement.label else f"purchase_{number}"
        target = statement.package if isinstance(statement, s.Buy) else statement.limit
        found.setdefault(label, (target.text, statement))
    return found


def _labels(node: s.Example, expressions: Expressions) -> dict[str, str]:
    found = purchase_labels(node.statements)
    for statement in node.statements:
        label = statement.label if isinstance(statement, s.Buy | s.ExtendBy) else None
        if label is not None and found[label.text][1] is not statement:
            expressions.report.error("R202", f"two purchases are called `{label.text}`", label.span, "rename one")
    return {label: target for label, (target, _) in found.items()}


def _check_statement(
    statement: s.Statement, tariff: n.Tariff, labels: Mapping[str, str], expressions: Expressions
) -> None:
    report = expressions.report
    match statement:
        case s.Set(setting=name, value=value):
            setting = tariff.settings.get(name.text)
            if setting is None and name.text != "activation":
                unknown("setting", name, tariff.settings, report)
            elif setting is not None and setting.type.kind is not Kind.UNKNOWN:
                expressions.literal(value, setting.type, setting.unit, f"setting `{name.text}`")
        case s.GivenLeft(pool=name, amount=amount) | s.GivenSize(pool=name, amount=amount):
            if name.text not in tariff.pools:
                unknown("grant or package", name, tariff.pools, report)
            else:
                _check_unit(amount, tariff.pools[name.text].unit, name, expressions)
        case s.Buy(package=name, size=size):
            packages = {p.name: p for p in tariff.pools.values() if p.kind is n.PoolKind.PACKAGE}
            if name.text not in packages:
                unknown("package", name, packages, report)
            else:
                _check_unit(size, packages[name.text].unit, name, expressions)
        case s.ExtendBy(limit=name, amount=amount):
            if name.text not in tariff.limits:
                unknown("limit", name, tariff.limits, report)
            else:
                _check_unit(amount, tariff.limits[name.text].unit, name, expressions)
        case s.Use():
            _check_use(statement, tariff, expressions)
        case s.RefundRequest(purchase=name) | s.PauseRequest(purchase=name):
            if name.text not in labels:
                help = did_you_mean(name.text, list(labels)) or "name it: `buy … as p1`"
                report.error("R201", f"nothing was bought as `{name.text}`", name.span, help)


def _check_use(use: s.Use, tariff: n.Tariff, expressions: Expressions) -> None:
    meter = tariff.meters.get(use.meter.text)
    if meter is None:
        unknown("meter", use.meter, tariff.meters, expressions.report)
        return
    _check_unit(use.quantity, meter.unit, use.meter, expressions)
    fields = {f.name: f for f in meter.fields}
    for field, value in use.attributes:
        known = fields.get(field.text)
        if known is not None and known.type.kind is not Kind.UNKNOWN:
            expressions.literal(value, known.type, known.unit, f"field `{field.text}`")
        elif known is None and field.text != "subaccount":
            _unknown_field(field, use.meter, fields, expressions.report)


def _unknown_field(field: s.Name, meter: s.Name, fields: Mapping[str, n.Field], report: Report) -> None:
    help = did_you_mean(field.text, list(fields)) or f"declare it in the meter: `field {field.text} text`"
    report.error("R201", f"meter `{meter.text}` has no field `{field.text}`", field.span, help)


def _check_unit(amount: s.Quantity, unit: Unit, of: s.Name, expressions: Expressions) -> None:
    """An amount of a meter, a pool or a limit is in a unit of its kind."""
    written = expressions.unit(amount.unit)
    if written is not None and written.dimension != unit.dimension:
        found = expressions.phrase(figure(written.dimension))
        expressions.report.error(
            "R205",
            f"`{of.text}` is in {unit.plural}, and `{amount.span.text}` is {found}",
            amount.span,
            f"write it in {unit.plural}",
        )
