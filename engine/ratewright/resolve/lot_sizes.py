"""How much a lot holds: the size of a grant, the sizes of a package with their prices."""

from __future__ import annotations

from dataclasses import replace

from ratewright.diagnostics import Span
from ratewright.formula.interpreter import EvaluationError, evaluate
from ratewright.meaning import nodes as n
from ratewright.meaning.types import UNKNOWN, Kind, Type, figure
from ratewright.meaning.walk import given_in, places_of
from ratewright.resolve.blocks import Block
from ratewright.resolve.scope import NOTHING, Scope
from ratewright.resolve.tier_bounds import resolve_bounds
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.exact import Exact
from ratewright.values.units import PLAIN, Unit, currency_unit, times

_SOLD = replace(
    NOTHING,
    instead=f"{NOTHING.instead}; where the price goes by who buys, sell a package for each, with its own `when`; "
    "what an account paid instead stands with its purchase: `paid: 20 USD`",
)
"""Where sizes and their prices stand: the same for all accounts."""


def type_of(unit: Unit) -> Type:
    """The type of quantities in a pool's unit; unknown where its meter is, so that nothing is said twice."""
    return UNKNOWN if unit is PLAIN else figure(unit.dimension)


def resolve_size(
    block: Block, kind: n.PoolKind, expressions: Expressions, unit: Unit, scope: Scope
) -> n.Expression | None:
    """The size of a grant's lots; None where the account's data bring it."""
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
    made = expressions.typed(statement.amount, scope, type_of(unit), "the size")
    if isinstance(made, n.Constant) and made.type.kind is not Kind.UNKNOWN and made.value <= 0:  # type: ignore[operator]
        block.report.error(
            "R219", "a size is more than 0", statement.amount.span, "delete the grant, or give it a size"
        )
    return made


def resolve_sizes(
    block: Block, kind: n.PoolKind, expressions: Expressions, unit: Unit, currency: str
) -> tuple[tuple[n.SizeRow, ...], tuple[n.SizeRange, ...], tuple[Exact, ...]]:
    """The sizes on sale, the rows for any other size, and the sizes that are not sold in the currency."""
    statement = block.one(s.Sizes)
    if kind is n.PoolKind.GRANT:
        if statement is not None:
            block.report.error(
                "R203",
                "a grant is given, not sold: it has one `size`",
                statement.span,
                "write `package`, or `size`",
            )
        return (), (), ()
    if statement is None and block.every(s.Size):
        return (), (), ()  # said there
    if statement is None or not statement.rows:
        block.report.error(
            "R203",
            f"{block.name} has no `sizes`",
            block.declaration.name.span,
            "write `sizes { 1,000 pics  75 USD }`, one row a size",
        )
        return (), (), ()
    rows: dict[object, n.SizeRow] = {}
    unsold: list[Exact] = []
    for row in statement.rows:
        made = (
            _row(row, row.size, block, expressions, unit, currency, unsold=unsold)
            if isinstance(row.size, s.Quantity)
            else None
        )
        if made is None:
            continue
        if made.size in rows:
            block.report.error(
                "R202",
                f"the size {row.size.span.text} stands twice",
                row.span,
                "keep one",
                (("the first", rows[made.size].span),),
            )
        rows[made.size] = made
    ranges = _ranges(statement, block, expressions, unit, currency)
    if all(isinstance(row.size, s.Bound) and row.price is None for row in statement.rows):
        block.report.error("R203", f"{block.name} sells no size", statement.span, "give a row its price")
    return tuple(rows.values()), ranges, tuple(unsold)


def _row(
    row: s.SizeRow,
    written: s.Quantity,
    block: Block,
    expressions: Expressions,
    unit: Unit,
    currency: str,
    *,
    unsold: list[Exact],
) -> n.SizeRow | None:
    """A size on sale; one without a price in the currency is added to `unsold`."""
    assert row.price is not None
    held = expressions.typed(written, _SOLD, type_of(unit), "the size")
    if isinstance(held, n.NoPrice):
        return None  # money in another currency, which is sold to accounts in that
    money = figure(currency_unit(currency).dimension)
    asked = expressions.typed(row.price, _SOLD, money, "the price of a size")
    if isinstance(asked, n.NoPrice):
        block.report.missing_price(f"`{written.span.text}` of `{block.declaration.name.text}`", asked)
        unsold += [size for size in [_fixed(held, expressions)] if size is not None]
        return None
    size, price = _fixed(held, expressions), _fixed(asked, expressions)
    if size is None or price is None:
        return None
    if size <= 0 or price < 0:
        block.report.error(
            "R219", "a size is more than 0 and its price not below 0", row.span, "write `1,000 pics  75 USD`"
        )
    places = (asked.span, *places_of(asked))
    return n.SizeRow(row.span, size, expressions.units.get(written.unit.text, unit), price, places=places)


def _fixed(made: n.Expression, expressions: Expressions) -> Exact | None:
    """The value of an expression that reads nothing; None where it has none (reported)."""
    if made.type.kind is Kind.UNKNOWN or given_in(made):
        return None
    try:
        value: Exact = evaluate(made, {})
    except EvaluationError as error:
        expressions.report.diagnostics.append(error.diagnostic)
        return None
    return value


def _ranges(
    statement: s.Sizes, block: Block, expressions: Expressions, unit: Unit, currency: str
) -> tuple[n.SizeRange, ...]:
    """The rows for any size within a bound; a row begins where the one before it ends."""
    rows = [row for row in statement.rows if isinstance(row.size, s.Bound)]
    bounds = [row.size for row in rows if isinstance(row.size, s.Bound)]
    if not rows or unit is PLAIN:
        return ()
    made = resolve_bounds(bounds, figure(unit.dimension), unit, expressions, _SOLD)
    found = []
    for row, bound in zip(rows, made, strict=True):
        price = _range_price(row, block, expressions, unit, currency)
        if price is not None:
            found.append(n.SizeRange(row.span, bound, *price))
    return tuple(found)


def _range_price(
    row: s.SizeRow, block: Block, expressions: Expressions, unit: Unit, currency: str
) -> tuple[Exact | None, bool, tuple[Span, ...]] | None:
    """The price of a row for any size, whether it is one amount, and its places; None where it is none (reported)."""
    if row.price is None:
        return None, False, ()
    money = currency_unit(currency).dimension
    made = expressions.resolve(row.price, _SOLD)
    if made.type.kind is Kind.UNKNOWN:
        return None
    by_unit = times(money, unit.dimension, -1)
    if made.type.kind is not Kind.FIGURE or made.type.dimension not in (money, by_unit):
        block.report.error(
            "R205",
            f"a row for any size has a price by the {unit.singular}, and `{row.price.span.text}` is "
            f"{expressions.written.phrase(made.type)}",
            row.price.span,
            f"write `0.04 {currency}/{unit.singular}`, or one amount in {currency}",
        )
        return None
    if isinstance(made, n.NoPrice):
        block.report.missing_price(f"`{row.size.span.text}` of `{block.declaration.name.text}`", made)
        return None, False, ()
    price = _fixed(made, expressions)
    if price is not None and price < 0:
        block.report.error("R219", "a price is not below 0", row.price.span, f"write `0.04 {currency}/{unit.singular}`")
    return None if price is None else (price, made.type.dimension == money, (made.span, *places_of(made)))
