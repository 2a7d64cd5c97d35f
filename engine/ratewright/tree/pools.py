"""Grants and packages: sizes, validity, order of drawing, refunds."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.syntax import nodes as s
from ratewright.tree import nodes as n
from ratewright.tree.blocks import Block
from ratewright.tree.expressions import Expressions
from ratewright.tree.names import unknown
from ratewright.tree.scope import NOTHING, Scope, given
from ratewright.tree.types import FLAG, INSTANT, PLAIN_NUMBER, UNKNOWN, Kind, Type, figure
from ratewright.values.units import PLAIN, Unit, currency_unit


def resolve_pool(
    declaration: s.Pool,
    expressions: Expressions,
    meters: Mapping[str, n.Meter],
    settings: Mapping[str, n.Setting],
    currency: str,
) -> n.Pool:
    """A grant or a package."""
    block = Block(declaration, expressions.report)
    kind = n.PoolKind(declaration.word)
    covers, unit = _covers(block, meters)
    pause = block.one(s.Pause)
    when = block.one(s.When)
    condition = expressions.condition(when.condition, condition_scope(settings)) if when else None
    return n.Pool(
        declaration.span,
        declaration.name.text,
        block.title(),
        kind,
        covers,
        unit,
        _size(block, kind, expressions, unit),
        _sizes(block, kind, expressions, unit, currency),
        _validity(block, kind, expressions),
        _draws(block),
        _refunds(block, kind, expressions, unit, currency),
        pause.span if pause else None,
        condition,
        block.cite(),
    )


def condition_scope(settings: Mapping[str, n.Setting]) -> Scope:
    """The names in a condition that is asked at the instant of a record."""
    names = {name: given(n.SettingValue, name, setting.type) for name, setting in settings.items()}
    return Scope("in a condition", {**names, "at": given(n.RecordFact, "at", INSTANT)})


def _type_of(unit: Unit) -> Type:
    """The type of quantities in a pool's unit; unknown where its meter is, so that nothing is said twice."""
    return UNKNOWN if unit is PLAIN else figure(unit.dimension)


def _covers(block: Block, meters: Mapping[str, n.Meter]) -> tuple[tuple[str, ...], Unit]:
    statement = block.need(s.Covers, "write `covers` and the meter whose usage it pays for")
    if statement is None:
        return (), PLAIN
    found: dict[str, n.Meter] = {}
    for name in (covered.name for covered in statement.covered):
        meter = meters.get(name.text)
        if meter is None:
            unknown("meter", name, meters, block.report)
            continue
        if name.text in found:
            block.report.error("R204", f"`{name.text}` is covered twice", name.span, "keep one")
        found[name.text] = meter
    units = {meter.unit.dimension for meter in found.values()}
    if len(found) > 1:
        all_of_them = "both" if len(found) == 2 else "all"
        block.report.error(
            "R214",
            f"{block.name} covers {len(found)} meters and does not say how one lot pays for {all_of_them}",
            statement.span,
            "let it cover one meter; meters that share a quota can be one meter with a field"
            if len(units) < 2
            else "the meters have different units; let each have a pool of its own",
        )
    first = next(iter(found.values()), None)
    return tuple(found), first.unit if first else PLAIN


def _size(block: Block, kind: n.PoolKind, expressions: Expressions, unit: Unit) -> n.Expression | None:
    statement = block.one(s.Size)
    if kind is n.PoolKind.PACKAGE:
        if statement is not None:
            block.report.error(
                "R203",
                "a package has `sizes` with their prices",
                statement.span,
                "write `sizes { 1,000 pics  75 USD }`",
            )
        return None
    if statement is None:
        if block.every(s.Sizes):
            return None  # said there
        block.report.error(
            "R203",
            f"{block.name} has no `size`",
            block.declaration.name.span,
            f"write `size 100 {unit.plural or 'calls'}`, or `size per account` if each account's data bring it",
        )
        return None
    if statement.amount is None:
        return None
    made = expressions.typed(statement.amount, NOTHING, _type_of(unit), "the size")
    if isinstance(made, n.Constant) and made.type.kind is not Kind.UNKNOWN and made.value <= 0:  # type: ignore[operator]
        block.report.error(
            "R219", "a size is more than 0", statement.amount.span, "delete the grant, or give it a size"
        )
    return made


def _sizes(
    block: Block, kind: n.PoolKind, expressions: Expressions, unit: Unit, currency: str
) -> tuple[n.SizeRow, ...]:
    statement = block.one(s.Sizes)
    if kind is n.PoolKind.GRANT:
        if statement is not None:
            block.report.error(
                "R203",
                "a grant is given, not sold: it has one `size`",
                statement.span,
                "write `package`, or `size`",
            )
        return ()
    if statement is None and block.every(s.Size):
        return ()  # said there
    if statement is None or not statement.rows:
        block.report.error(
            "R203",
            f"{block.name} has no `sizes`",
            block.declaration.name.span,
            "write `sizes { 1,000 pics  75 USD }`, one row a size",
        )
        return ()
    rows: dict[object, n.SizeRow] = {}
    money = figure(currency_unit(currency).dimension)
    for row in statement.rows:
        if not isinstance(row.size, s.Quantity):
            continue
        size = expressions.typed(row.size, NOTHING, _type_of(unit), "the size")
        price = expressions.typed(row.price, NOTHING, money, "the price of a size")
        written = expressions.units.get(row.size.unit.text, unit)
        if not isinstance(size, n.Constant) or not isinstance(price, n.Constant):
            continue
        if Kind.UNKNOWN in (size.type.kind, price.type.kind):
            continue
        made = n.SizeRow(row.span, size.value, written, price.value)  # type: ignore[arg-type]
        if made.size in rows:
            block.report.error(
                "R202",
                f"the size {row.size.span.text} stands twice",
                row.span,
                "keep one",
                (("the first", rows[made.size].span),),
            )
        if made.size <= 0 or made.price < 0:
            block.report.error(
                "R219", "a size is more than 0 and its price not below 0", row.span, "write `1,000 pics  75 USD`"
            )
        rows[made.size] = made
    return tuple(rows.values())


def _validity(block: Block, kind: n.PoolKind, expressions: Expressions) -> n.Validity:
    origin = "purchase" if kind is n.PoolKind.PACKAGE else "activation"
    scope = Scope("where a validity starts or ends", {origin: given(n.LotFact, origin, INSTANT)})
    statement = block.one(s.Valid)
    if statement is None:
        return n.Validity(block.declaration.span, None, None, None)
    start = until = None
    if statement.start is not None:
        start = expressions.typed(statement.start, scope, INSTANT, "the start of the validity")
    if statement.until is not None:
        until = expressions.typed(statement.until, scope, INSTANT, "the end of the validity")
    length = expressions.duration(statement.length) if statement.length else None
    return n.Validity(statement.span, start, length, until)


def _draws(block: Block) -> tuple[n.DrawRule, ...]:
    statement = block.one(s.Draws)
    if statement is None:
        return (n.DrawRule.SOONEST_EXPIRY, n.DrawRule.OLDEST_PURCHASE)
    rules = tuple(n.DrawRule(" ".join(rule.words)) for rule in statement.rules)
    subjects = [rule.words[1] for rule in statement.rules]
    for rule, subject, index in zip(statement.rules, subjects, range(len(subjects)), strict=True):
        if subject in subjects[:index]:
            block.report.error("R204", f"`draws` orders by {subject} twice", rule.span, "keep one")
    return rules


REFUND_FACTS = (
    "paid",
    "purchase",
    "request",
    "expiry",
    "size",
    "drawn",
    "unused",
    "list_price",
    "refunds_before",
)
"""What is known of a lot when its money is asked back."""


def refund_scope(unit: Unit, currency: str) -> Scope:
    """The names in a refund rule."""
    money, quantity = figure(currency_unit(currency).dimension), _type_of(unit)
    types = {
        "paid": money,
        "list_price": money,
        "purchase": INSTANT,
        "request": INSTANT,
        "expiry": INSTANT,
        "size": quantity,
        "drawn": quantity,
        "unused": FLAG,
        "refunds_before": PLAIN_NUMBER,
    }
    return Scope("in a refund rule", {name: given(n.LotFact, name, types[name]) for name in REFUND_FACTS})


def _refunds(
    block: Block, kind: n.PoolKind, expressions: Expressions, unit: Unit, currency: str
) -> tuple[n.RefundRule, ...]:
    statements = block.every(s.Refund)
    if kind is n.PoolKind.GRANT and statements:
        block.report.error(
            "R203", "a grant cost nothing, so nothing can be given back", statements[0].span, "delete it"
        )
        return ()
    scope = refund_scope(unit, currency)
    money = figure(currency_unit(currency).dimension)
    rules = []
    for statement in statements:
        formula = condition = None
        if statement.formula is not None:
            formula = expressions.typed(statement.formula, scope, money, "a refund")
        if statement.condition is not None:
            condition = expressions.condition(statement.condition, scope)
        within = expressions.duration(statement.within) if statement.within else None
        rules.append(n.RefundRule(statement.span, n.RefundForm(statement.form), formula, within, condition))
    return tuple(rules)
