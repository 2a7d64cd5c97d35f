"""Examples: the names they use, and what they expect of the bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from whenever import Date, Instant

from ratewright.advice.words import listed
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as n
from ratewright.meaning.types import Kind
from ratewright.resolve.example_records import (
    Attributes,
    check_attributes,
    check_measured,
    check_table,
    check_unit,
    check_use,
)
from ratewright.resolve.expected_figures import outcome_scope, resolve_expectation
from ratewright.resolve.findings import Report
from ratewright.resolve.name_space import unknown
from ratewright.resolve.scope import Scope
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.calendar import CalendarError


def resolve_example(node: s.Example, tariff: n.Tariff, expressions: Expressions) -> n.Example:
    """An example. Its inputs stay as written; the names in them must be declared."""
    report = expressions.report
    labels = _labels(node, tariff, expressions)
    complete = not any(
        isinstance(x, s.ExpectRefused) for x in node.statements
    )  # else what is left out may be the point
    for statement in node.statements:
        for time in _times(statement):
            _check_time(time, expressions)
        _check_statement(statement, tariff, labels, expressions, complete)
    _check_activation(node, expressions)
    scope = outcome_scope(tariff, labels)
    expectations = [e for x in node.statements if (e := _expectation(x, scope, expressions)) is not None]
    refused = [e for e in expectations if isinstance(e, n.Refusal)]
    if not expectations:
        report.error(
            "R203",
            f"example `{node.name.text}` expects nothing",
            node.name.span,
            "write `expect total == 10 USD`",
        )
    elif refused and len(refused) < len(expectations):
        figure = next(e for e in expectations if isinstance(e, n.Expectation))
        report.error(
            "R203",
            "an example that is refused has no bill, and so no figures",
            figure.span,
            "make two examples of it",
            (("the refusal", refused[0].span),),
        )
    inputs = tuple(x for x in node.statements if not isinstance(x, s.Expect | s.ExpectRefused | s.Cite))
    cite = " ".join(x.text.text for x in node.statements if isinstance(x, s.Cite))
    return n.Example(node.span, node.name.text, inputs, tuple(expectations), cite)


def currency_of(node: s.Example, tariff: n.Tariff, report: Report) -> str | None:
    """The currency of the account that an example speaks of; None where that is wrong (reported)."""
    said = [x for x in node.statements if isinstance(x, s.Set) and x.setting.text == "currency"]
    known = tariff.currencies
    if not said and len(known) == 1:
        return known[0]
    help = f"write `set currency {known[-1]}`"
    if not said:
        message = f"the list has prices in {listed(list(known), 'and')}, and the example does not say which it is in"
        report.error("R203", message, node.name.span, help)
        return None
    first, *again = said
    if again:
        place = (("the first", first.span),)
        report.error("R204", "the currency is set twice", again[0].span, "keep one: an account has one", place)
        return None
    if first.start is not None:
        report.error("R203", "an account has one currency from the beginning", first.start.span, help)
        return None
    if not isinstance(first.value, s.Text) or first.value.text not in known:
        message = f"the list has no prices in `{first.value.span.text}`"
        report.error("R205", message, first.value.span, f"it has prices in {listed(list(known), 'and')}")
        return None
    return first.value.text


# ---------------------------------------------------------------- what is expected


def _expectation(statement: s.Statement, scope: Scope, expressions: Expressions) -> n.Expectation | n.Refusal | None:
    if isinstance(statement, s.ExpectRefused):
        return n.Refusal(statement.span, statement.reason.text)
    if not isinstance(statement, s.Expect):
        return None
    if statement.at is not None:
        _check_hour(statement.at, expressions)
    condition = resolve_expectation(statement.condition, scope, expressions)
    printed = _printed(statement, condition, scope, expressions)
    return n.Expectation(statement.span, condition, statement.at, printed)


def _check_hour(at: s.Time, expressions: Expressions) -> None:
    """A bill is asked for by its month, its day, or the hour that starts at an instant."""
    moment = at.moment
    if isinstance(moment, Instant):
        moment = expressions.written.calendar.local(moment).to_plain()
    if not isinstance(moment, Date) and (moment.minute, moment.second, moment.nanosecond) != (0, 0, 0):
        expressions.report.error(
            "R219",
            f"no hour starts at {at.span.text}",
            at.span,
            f"write the hour, `{moment.date()} {moment.hour:02d}:00`, or the day, `{moment.date()}`",
        )


def _printed(
    statement: s.Expect, condition: n.Expression, scope: Scope, expressions: Expressions
) -> n.Expression | None:
    """What the source prints instead; of the kind of the figure that is compared."""
    if statement.printed is None:
        return None
    if not isinstance(condition, n.Comparison):
        return expressions.resolve(statement.printed, scope)
    printed = expressions.typed(statement.printed, scope, condition.left.type, "what is printed")
    known = (printed, condition.right)
    if condition.operator == "==" and all(isinstance(e, n.Constant) and e.type.kind is Kind.FIGURE for e in known):
        first, second = (e.value for e in known if isinstance(e, n.Constant))
        if first == second:
            expressions.report.error(
                "R219",
                "what is printed is what is expected, and nothing is disputed",
                statement.printed.span,
                "delete `, printed …`",
            )
    return printed


# ---------------------------------------------------------------- what is given


def purchase_labels(statements: Iterable[s.Statement]) -> dict[str, tuple[str, s.Statement]]:
    """The purchases of an example: its own label, or the position of the purchase (`purchase_1`)."""
    found: dict[str, tuple[str, s.Statement]] = {}
    purchases = [x for x in statements if isinstance(x, s.Buy | s.ExtendBy)]
    for number, statement in enumerate(purchases, start=1):
        label = statement.label.text if statement.label else f"purchase_{number}"
        target = statement.package if isinstance(statement, s.Buy) else statement.limit
        found.setdefault(label, (target.text, statement))
    return found


def _labels(node: s.Example, tariff: n.Tariff, expressions: Expressions) -> dict[str, str]:
    found = purchase_labels(node.statements)
    for statement in node.statements:
        label = statement.label if isinstance(statement, s.Buy | s.ExtendBy) else None
        if label is None:
            continue
        if found[label.text][1] is not statement:
            expressions.report.error("R202", f"two purchases are called `{label.text}`", label.span, "rename one")
        elif label.text in tariff.pools:
            what = tariff.pools[label.text].kind.value
            message = f"`{label.text}` is a {what}, and so no name for one purchase"
            expressions.report.error("R202", message, label.span, "choose another name: `as p1`")
    return {label: target for label, (target, _) in found.items()}


def _times(statement: s.Statement) -> Iterator[s.Time]:
    """The times that a statement names itself; those in formulas are resolved with them."""
    parts = [getattr(statement, name) for name in statement.__struct_fields__]
    yield from (part for part in parts if isinstance(part, s.Time))
    for row in statement.rows if isinstance(statement, s.UseTable) else ():
        cells = [term.expression for item in row.items if isinstance(item, s.Price) for term in item.terms]
        yield from (cell for cell in cells if isinstance(cell, s.Time))


def _check_time(time: s.Time, expressions: Expressions) -> None:
    try:
        expressions.written.calendar.instant(time.moment)
    except CalendarError as error:
        expressions.report.error("R104", str(error), time.span, error.help)


def _check_activation(node: s.Example, expressions: Expressions) -> None:
    """The account begins once, at a time."""
    found = [x for x in node.statements if isinstance(x, s.Set) and x.setting.text == "activation"]
    for statement in found:
        value = statement.value
        if not isinstance(value, s.Time) or value.month:
            message = f"activation is a day or an instant, and not `{value.span.text}`"
            expressions.report.error("R205", message, value.span, "write `set activation 2026-01-05`")
        elif statement.start is not None:
            help = f"write `set activation {value.span.text}`"
            expressions.report.error("R203", "activation holds from itself on", statement.start.span, help)
    for again in found[1:]:
        first = (("the first", found[0].span),)
        expressions.report.error("R204", "activation is set twice", again.span, "keep one", first)


def _check_statement(
    statement: s.Statement, tariff: n.Tariff, labels: Mapping[str, str], expressions: Expressions, complete: bool
) -> None:
    report = expressions.report
    match statement:
        case s.Set(setting=name, value=value):
            setting = tariff.settings.get(name.text)
            if setting is None and name.text not in ("activation", "currency"):
                unknown("setting", name, tariff.settings, report)
            elif setting is not None and setting.type.kind is not Kind.UNKNOWN:
                expressions.literal(value, setting.type, setting.unit, f"setting `{name.text}`")
        case s.GivenLeft() | s.GivenSize():
            _check_given(statement, tariff, expressions)
        case s.GivenMeasured():
            check_measured(statement, tariff, expressions, complete=complete)
        case s.Buy():
            _check_purchase(statement, tariff, expressions)
        case s.ExtendBy(limit=name, amount=amount, length=length):
            if name.text not in tariff.limits:
                unknown("limit", name, tariff.limits, report)
            else:
                check_unit(amount, tariff.limits[name.text].unit, name, expressions)
            if not isinstance(length.value, int) or length.value < 1:
                report.error("R219", "extensions run for whole terms", length.span, "write a whole number, from 1 on")
        case s.Use():
            check_use(statement, tariff, expressions, complete=complete)
        case s.UseTable():
            check_table(statement, tariff, expressions, complete=complete)
        case s.Withdraw():
            _check_withdrawal(statement, tariff, labels, expressions)
        case s.RefundRequest(purchase=name) | s.PauseRequest(purchase=name):
            if name.text not in labels:
                help = did_you_mean(name.text, list(labels)) or "name it: `buy … as p1`"
                report.error("R201", f"nothing was bought as `{name.text}`", name.span, help)


def _check_given(given: s.GivenLeft | s.GivenSize, tariff: n.Tariff, expressions: Expressions) -> None:
    pool = tariff.pools.get(given.pool.text)
    if pool is None:
        unknown("grant or package", given.pool, tariff.pools, expressions.report)
        return
    check_unit(given.amount, pool.unit, given.pool, expressions)
    if isinstance(given, s.GivenLeft):
        _check_scope(given.attributes, pool, expressions)


def _check_withdrawal(
    withdrawal: s.Withdraw, tariff: n.Tariff, labels: Mapping[str, str], expressions: Expressions
) -> None:
    """It names a grant, a package or a purchase."""
    name = withdrawal.source
    pool = tariff.pools.get(labels.get(name.text, name.text))
    if pool is None:
        help = did_you_mean(name.text, [*tariff.pools, *labels]) or "name a grant, a package, or a purchase: `as p1`"
        expressions.report.error("R201", f"nothing can be withdrawn from `{name.text}`", name.span, help)
        return
    check_unit(withdrawal.amount, pool.unit, name, expressions)
    _check_scope(withdrawal.attributes, pool, expressions)


def _check_purchase(buy: s.Buy, tariff: n.Tariff, expressions: Expressions) -> None:
    packages = {p.name: p for p in tariff.pools.values() if p.kind is n.PoolKind.PACKAGE}
    pool = packages.get(buy.package.text)
    if pool is None:
        unknown("package", buy.package, packages, expressions.report)
        return
    check_unit(buy.size, pool.unit, buy.package, expressions)
    _check_scope(buy.attributes, pool, expressions)
    if not isinstance(buy.count, int) or buy.count < 1:
        expressions.report.error("R219", "packages are bought whole", buy.span, "write a whole number, from 1 on")


def _check_scope(attributes: Attributes, pool: n.Pool, expressions: Expressions) -> None:
    """What a lot is for is something that its pool is scoped by."""
    kind = pool.kind.value
    scope = {name.name: (name.type, name.unit) for name in pool.scope}
    what, remedy = f"{kind} `{pool.name}` is not scoped by", f"write `scope {{}}` in the {kind}"
    check_attributes(attributes, scope, what, remedy, "scope", expressions)
