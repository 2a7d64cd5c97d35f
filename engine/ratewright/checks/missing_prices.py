"""Prices that a list in several currencies does not have in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import Owner, formulas_in
from ratewright.meaning.walk import children, parts

T = TypeVar("T")
_CERTAIN = tree.Constant | tree.Comparison | tree.AllOf | tree.AnyOf | tree.Negated | tree.Defined


def missing_prices(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A warning for each amount that an account in the list's currency may be asked, and that is not in it."""
    owners: tuple[Owner, ...] = (*tariff.meters.values(), *tariff.pools.values(), *tariff.charges.values())
    for owner in owners if len(tariff.currencies) > 1 else ():
        when = owner.when if isinstance(owner, tree.Pool | tree.Charge) else None
        if when is not None and _never_holds(when):
            continue
        for formula in formulas_in(owner):
            for missing in _asked(formula.expression):
                text = missing.span.text
                yield Diagnostic(
                    "C112",
                    f"`{owner.name}` has no price in {tariff.currency}: `{text}`",
                    missing.span,
                    f"write `{text} or … {missing.type}`, or `when currency == …` for a line in one currency",
                    Severity.WARNING,
                )


def _asked(node: tree.Expression) -> Iterator[tree.NoPrice]:
    """What has no price in a formula, but for what no account in the currency reaches."""
    match node:
        case tree.NoPrice():
            yield node
            return
        case tree.Choose(condition=condition, yes=yes, no=no) if _is_certain(condition):
            yield from _asked(yes if evaluate(condition, {}) else no)
            return
    for child in _cells(node) if isinstance(node, tree.Lookup | tree.RowsOf) else children(node):
        yield from _asked(child)


def _cells(node: tree.Lookup | tree.RowsOf) -> Iterator[tree.Expression]:
    """The keys of a lookup, and what stands in the cells that they may lead to, with the bounds of their rows."""
    yield from node.keys
    if isinstance(node, tree.Lookup):
        keys = node.keys[1 if node.table.ranged else 0 :]
        for row in node.table.rows:
            yield from _limit(row.bound)
            yield from (cell.value for cell in _led_to(keys, row.cells) if cell.value is not None)
        return
    for tiers in _led_to(node.keys, node.columns):
        for tier in tiers:
            yield from _limit(tier.bound)
            yield from (term.expression for term in tier.price.terms)


def _limit(bound: tree.Bound | None) -> Iterator[tree.Expression]:
    if bound is not None and bound.limit is not None:
        yield bound.limit


def _led_to(keys: tuple[tree.Expression, ...], cells: Mapping[tuple[tree.Value | tree.Rest, ...], T]) -> Iterator[T]:
    """The cells that a lookup may come to: those of the values that are certain, or of the rest that holds them."""
    certain: list[tree.Value | tree.Rest | None] = []
    for position, key in enumerate(keys):
        value = key.value if isinstance(key, tree.Constant) else None
        named = any(of[position] == value for of in cells)
        certain.append(value if value is None or named else tree.Rest.ELSE)
    for of, cell in cells.items():
        if all(asked is None or asked == key for asked, key in zip(certain, of, strict=True)):
            yield cell


def _never_holds(condition: tree.Expression) -> bool:
    """Whether a condition is off whatever an account brings: `currency == USD and …` in a list in EUR."""
    if isinstance(condition, tree.AllOf):
        return any(_never_holds(part) for part in condition.parts)
    return _is_certain(condition) and not evaluate(condition, {})


def _is_certain(condition: tree.Expression) -> bool:
    """Whether a condition compares what the list alone says, as `currency == USD` does."""
    return all(isinstance(part, _CERTAIN) for part in parts(condition))
